//! "did you mean": the nearest of the names that would have been right.

/// The candidate that is nearest to `name`, if one is near enough to be a slip of the finger.
pub fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    let limit = (name.chars().count() / 3).clamp(1, 3);
    candidates
        .into_iter()
        .map(|candidate| (distance(&name.to_lowercase(), &candidate.to_lowercase()), candidate))
        .filter(|&(distance, candidate)| distance <= limit && distance < candidate.chars().count())
        .min_by_key(|&(distance, _)| distance)
        .map(|(_, candidate)| candidate)
}

/// The help for a name that is none of the candidates: the nearest one if any, and the whole list.
pub fn did_you_mean(name: &str, what: &str, candidates: &[&str]) -> String {
    let list = candidates.join(", ");
    match closest(name, candidates.iter().copied()) {
        Some(near) => format!("did you mean `{near}`? The {what} are: {list}"),
        None => format!("the {what} are: {list}"),
    }
}

/// Edit distance in which a swap of neighbours counts once. Long names are never near.
fn distance(left: &str, right: &str) -> usize {
    let (left, right): (Vec<char>, Vec<char>) = (left.chars().collect(), right.chars().collect());
    if left.len() > 64 || right.len() > 64 {
        return usize::MAX;
    }
    let mut rows = vec![(0..=right.len()).collect::<Vec<_>>()];
    for i in 1..=left.len() {
        let mut row = vec![i];
        for j in 1..=right.len() {
            let change = rows[i - 1][j - 1] + usize::from(left[i - 1] != right[j - 1]);
            let mut best = change.min(rows[i - 1][j] + 1).min(row[j - 1] + 1);
            if i > 1 && j > 1 && left[i - 1] == right[j - 2] && left[i - 2] == right[j - 1] {
                best = best.min(rows[i - 2][j - 2] + 1);
            }
            row.push(best);
        }
        rows.push(row);
    }
    rows[left.len()][right.len()]
}

#[cfg(test)]
mod tests {
    use super::closest;

    #[test]
    fn a_slip_is_mended_and_another_word_is_not() {
        assert_eq!(closest("f65", ["f32", "f64"]), Some("f64"));
        assert_eq!(closest("inptus", ["inputs", "outputs"]), Some("inputs"));
        assert_eq!(closest("banana", ["inputs", "outputs"]), None);
        assert_eq!(closest("", ["inputs"]), None);
    }
}
