//! The generator's layers: a module imports only from modules to its left, and none is unsafe.

use std::path::{Path, PathBuf};

const LAYERS: [&str; 9] = ["diag", "spec", "model", "check", "render", "output", "wheel", "build", "cli"];
/// Pairs that the order alone would allow: the first never sees the second.
const APART: [(&str, &str); 4] = [("model", "spec"), ("render", "spec"), ("output", "model"), ("output", "spec")];

/// The Rust files below a folder, with their text.
fn files(folder: &Path) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).expect("readable") {
        let path = entry.expect("readable").path();
        if path.is_dir() {
            found.extend(files(&path));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            let text = std::fs::read_to_string(&path).expect("text");
            found.push((path, text));
        }
    }
    found
}

/// The layer that a file of the generator belongs to.
fn layer(path: &Path) -> Option<usize> {
    let first = path.strip_prefix("generator").ok()?.iter().next()?.to_str()?;
    LAYERS.iter().position(|layer| *layer == first.trim_end_matches(".rs"))
}

/// The layers that a text names, as `crate::NAME` or in `crate::{NAME, ...}`.
fn imports(text: &str) -> Vec<&'static str> {
    let code = text.lines().filter(|line| !line.trim_start().starts_with("//")).collect::<Vec<_>>().join("\n");
    let mut found = Vec::new();
    for after in code.split("crate::").skip(1) {
        let names = match after.strip_prefix('{') {
            Some(list) => list.split('}').next().unwrap_or(""),
            None => after.split(|c: char| !c.is_alphanumeric() && c != '_').next().unwrap_or(""),
        };
        found.extend(
            LAYERS.into_iter().filter(|layer| names.split(|c: char| !c.is_alphanumeric()).any(|name| name == *layer)),
        );
    }
    found
}

#[test]
fn a_module_imports_only_from_its_left() {
    let mut seen = 0;
    for (path, text) in files(Path::new("generator")) {
        let Some(place) = layer(&path) else { continue };
        seen += 1;
        for import in imports(&text) {
            let other = LAYERS.iter().position(|layer| *layer == import).expect("a layer");
            let apart = APART.contains(&(LAYERS[place], import));
            assert!(other <= place && !apart, "{} of `{}` imports `{import}`", path.display(), LAYERS[place]);
        }
    }
    assert!(seen > 20, "the generator was not found");
}

#[test]
fn only_these_layers_touch_files_and_the_terminal() {
    for (path, text) in files(Path::new("generator")) {
        let Some(place) = layer(&path) else { continue };
        let name = LAYERS[place];
        let files = text.contains("std::fs") || text.contains(" fs::");
        assert!(
            !files || ["spec", "output", "wheel", "build", "cli"].contains(&name),
            "{} touches files",
            path.display()
        );
        let prints = ["println!", "eprintln!", "print!", "eprint!"].iter().any(|print| text.contains(print));
        assert!(!prints || ["build", "cli"].contains(&name), "{} prints", path.display());
    }
}

#[test]
fn the_generator_has_no_unsafe_code() {
    for (path, text) in files(Path::new("generator")) {
        for word in ["unsafe {", "unsafe fn", "unsafe impl", "allow(unsafe_code)"] {
            assert!(!text.contains(word), "{}: {word}", path.display());
        }
    }
}
