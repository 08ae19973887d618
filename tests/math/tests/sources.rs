//! What the text of the functions says: none is left out of the table, and none costs anything where it is not used.

use std::fs;
use std::path::Path;

use accuracy::functions::FUNCTIONS;

/// The files of real functions, by name.
fn sources() -> Vec<(String, String)> {
    let folder = Path::new("../../templates/runtime/src/math");
    let entries = fs::read_dir(folder).expect("the folder").map(|entry| entry.expect("readable").path());
    let files = entries.filter(|path| path.extension().is_some_and(|extension| extension == "rs"));
    let named = files.map(|path| (path.display().to_string(), fs::read_to_string(&path).expect("text")));
    let found: Vec<_> = named.filter(|(name, _)| !name.ends_with("complex.rs")).collect();
    assert!(found.len() > 4);
    found
}

/// The words of a text's code that end so.
fn words<'a>(text: &'a str, end: &'a str) -> impl Iterator<Item = &'a str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//"));
    let words = code.flat_map(|line| line.split(|c: char| !c.is_alphanumeric() && c != '_'));
    words.filter_map(move |word| word.strip_suffix(end)).filter(|word| !word.is_empty())
}

/// Public functions, by their own declaration or by that of a macro which is given their names.
#[test]
fn every_function_is_in_the_table() {
    // Exact, and tried for every fraction elsewhere; and a part of those of angles.
    const OTHERS: [&str; 5] = ["floor", "ceil", "trunc", "round", "angle"];
    let mut seen = 0;
    for (file, text) in sources() {
        for name in words(&text, "_f64") {
            let public =
                [format!("pub fn {name}_f64<"), format!("pub fn ${name}<")].iter().any(|head| text.contains(head));
            let is = |function: &str| function == name || function.starts_with(&format!("{name}_"));
            let known = FUNCTIONS.iter().any(|function| is(function.name));
            assert!(!public || known || OTHERS.contains(&name), "{file}: {name}");
            seen += usize::from(public);
        }
    }
    assert!(seen >= FUNCTIONS.len());
}

/// A function that is inlined wherever it is called is compiled nowhere else, and tables that nothing names are not linked.
#[test]
fn functions_cost_nothing_where_they_are_not_used() {
    for (file, text) in sources() {
        let lines: Vec<_> = text.lines().map(str::trim_start).take_while(|line| *line != "#[cfg(test)]").collect();
        for (k, line) in
            lines.iter().enumerate().filter(|(_, line)| line.starts_with("pub fn ") || line.starts_with("fn "))
        {
            // What a trait asks for has no text.
            assert!(line.ends_with(';') || k > 0 && lines[k - 1] == "#[inline(always)]", "{file}: {line}");
        }
    }
}
