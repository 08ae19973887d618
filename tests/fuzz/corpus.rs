//! Specs to start from: those of this repository, the blocks of its reference, and cases that failed once.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use super::answer::{Folder, answer};

const PACKAGE: &str = "[package]\nname = \"fuzz\"\nversion = \"1.0\"\n";

/// The texts of all files below a folder that have this ending.
fn texts(folder: &Path, extension: &str, found: &mut Vec<(String, String)>) {
    let mut paths: Vec<_> =
        fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("readable").path()).collect();
    paths.sort();
    for path in paths {
        if path.is_dir() {
            texts(&path, extension, found);
        } else if path.extension().is_some_and(|found| found == extension) {
            // The corpus has files that are no text.
            let name = path.file_name().expect("a name").to_string_lossy().into_owned();
            found.extend(fs::read_to_string(&path).ok().map(|text| (name, text)));
        }
    }
}

fn below(folders: &[&str], extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    folders.iter().for_each(|folder| texts(Path::new(folder), extension, &mut found));
    found
}

/// Whole specs, each with a `[package]`.
pub static SPECS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let files = below(&["specs", "tests/diagnostics", "tests/python/specs", "tests/fuzz/corpus"], "toml");
    let reference = fs::read_to_string("docs/spec.md").expect("the reference");
    let blocks = reference.split("\n```toml").skip(1).filter_map(|rest| rest.split("\n```").next()?.split_once('\n'));
    let blocks = blocks.map(|(_, block)| match block.contains("[kernel.") || block.contains("[package]") {
        true => block.to_owned(),
        false => format!("[kernel.example]\n{block}"),
    });
    let all = files.into_iter().map(|(_, text)| text).chain(blocks);
    let all = all.map(|text| if text.contains("[package]") { text } else { format!("{PACKAGE}{text}") });
    let all: Vec<_> = all.collect();
    assert!(all.len() > 150, "only {} specs were found", all.len());
    all
});

/// Body files, by name.
pub static BODIES: LazyLock<Vec<(String, String)>> = LazyLock::new(|| below(&["specs", "tests/diagnostics"], "rs"));

/// A folder that has all body files.
pub fn folder() -> Folder {
    let folder = Folder::new();
    for (name, text) in BODIES.iter() {
        folder.write(&format!("bodies/{name}"), text);
    }
    folder
}

#[test]
fn what_failed_once_is_answered() {
    let mut seen = 0;
    for entry in fs::read_dir("tests/fuzz/corpus").expect("the corpus") {
        let path = entry.expect("readable").path();
        let case = Folder::new();
        let _ = answer(&case.write("case.toml", fs::read(&path).expect("readable")));
        seen += 1;
    }
    assert!(seen > 0, "the corpus was not found");
}
