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

#[test]
fn every_function_is_in_the_table() {
    for (file, text) in sources() {
        for rest in text.split("pub fn ").skip(1) {
            let Some((name, _)) = rest.split_once("_f64<const FUSED: bool") else { continue };
            // The name of another function lies between.
            if name.contains('(') {
                continue;
            }
            let known = |function: &&str| *function == name || function.starts_with(&format!("{name}_"));
            assert!(FUNCTIONS.iter().map(|function| function.name).any(|each| known(&each)), "{file}: {name}");
        }
    }
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
            assert!(line.ends_with(';') || lines[k - 1] == "#[inline(always)]", "{file}: {line}");
        }
    }
}
