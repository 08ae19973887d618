//! Versions as pip reads them: the oldest that will do.

/// The versions that a package asks for, or where they begin before `oldest`, from that on.
pub fn needed(versions: &str, oldest: &str) -> String {
    if lowest(versions) < numbers(oldest) { format!(">={oldest}") } else { versions.to_owned() }
}

/// Whether `version` is new enough for `versions`. Whether it is too new is for pip to say.
pub fn is_met(versions: &str, version: &str) -> bool {
    numbers(version) >= lowest(versions)
}

/// The lowest version that all of `versions` allow.
fn lowest(versions: &str) -> Vec<u32> {
    let bounds = versions.split(',').map(str::trim).filter(|bound| !bound.starts_with(['<', '!']));
    bounds.map(|bound| numbers(bound.trim_start_matches(['>', '=', '~', ' ']))).max().unwrap_or_default()
}

/// The numbers at the beginning of a version, without zeros at their end: 2 and 1 of `2.1.0rc1`.
fn numbers(version: &str) -> Vec<u32> {
    let digits = |part: &str| part.chars().take_while(char::is_ascii_digit).collect::<String>().parse().ok();
    let mut numbers: Vec<u32> = version.split('.').map_while(digits).collect();
    while numbers.last() == Some(&0) {
        numbers.pop();
    }
    numbers
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_are_compared_by_their_numbers() {
        for (versions, met, not) in [
            (">=2.1", ["2.1.0", "2.10.0", "2.2.0.dev0+git1"], ["2.0.2", "1.26.4", "2.0.9"]),
            (">=2.1, <3", ["2.1", "2.1.0rc1", "3.0"], ["2.0", "1.99", "0"]),
            ("<3,>=2.1.3", ["2.1.3", "2.1.10", "2.2"], ["2.1.2", "2.1", "2.0.9"]),
            ("~= 2.4", ["2.4.0", "2.5", "2.4.6"], ["2.3.9", "2.0", "1.30"]),
            ("==2.4.*", ["2.4.0", "2.4.1", "2.4"], ["2.3.5", "2", "1.4"]),
        ] {
            assert!(met.iter().all(|version| is_met(versions, version)), "{versions}");
            assert!(!not.iter().any(|version| is_met(versions, version)), "{versions}");
        }
        assert!(is_met("!=2.3.0", "2.3.0"), "pip's concern");
    }

    #[test]
    fn what_the_build_needs_comes_before_what_the_package_asks_for() {
        assert_eq!(needed(">=1.20,<3", "2.5"), ">=2.5");
        assert_eq!(needed("<3", "2.5"), ">=2.5");
        assert_eq!(needed(">=2.50,<3", "2.5"), ">=2.50,<3");
        assert_eq!(needed(">=2.5", "2.5"), ">=2.5");
    }
}
