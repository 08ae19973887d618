//! Names of Rust items made of names in specs.

/// `mean_var` and `zero-pad` in CamelCase; starts with a letter.
pub fn camel_case(name: &str) -> String {
    let words = name.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    let camel: String = words
        .flat_map(|word| {
            let mut chars = word.chars();
            chars.next().into_iter().flat_map(char::to_uppercase).chain(chars)
        })
        .collect();
    if camel.starts_with(|c: char| c.is_alphabetic()) { camel } else { format!("V{camel}") }
}
