//! What the documents say: their specs are checked, their links lead somewhere, their lists are whole.
//!
//! A block marked `toml` is a spec that must be right; a word after it, `toml not-yet`, is the code of
//! the one kind of mistake that it must show. A block without `[package]` gets a file beside it that
//! has one. A block without tables stands inside a kernel; what it leaves out of `inputs`, `outputs`
//! and the form is completed. A block marked `rust` whose first line is `// bodies/NAME.rs` is that
//! file, for all specs of its document.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use kernelgen::diag::Error;
use kernelgen::{check, spec};

const PACKAGE: &str = "[package]\nname = \"documented\"\nversion = \"1.0\"\n";
/// Keys that a block inside a kernel may leave out, and what stands for them.
const KERNEL: [(&[&str], &str); 3] = [
    (&["inputs"], "inputs = [\"x: f64\"]\n"),
    (&["outputs", "inouts"], "outputs = [\"out: f64\"]\n"),
    (&["map", "reduce", "body"], "reduce = { identity = 0, map = \"f64(x)\", combine = \"a + b\" }\n"),
];

/// A fenced block of a document.
struct Block {
    line: usize,
    info: String,
    text: String,
}

/// The documents: at the root, and in `docs/`.
fn documents() -> Vec<PathBuf> {
    let folders = [".", "docs"].map(|folder| fs::read_dir(folder).expect("a folder"));
    let paths = folders.into_iter().flatten().map(|entry| entry.expect("readable").path());
    let mut paths: Vec<_> = paths.filter(|path| path.extension().is_some_and(|extension| extension == "md")).collect();
    paths.sort();
    paths
}

fn read(path: impl AsRef<Path>) -> String {
    let path = path.as_ref();
    fs::read_to_string(path).unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// The fenced blocks of a document, and its lines outside of them.
fn parts(document: &str) -> (Vec<Block>, Vec<&str>) {
    let (mut blocks, mut prose) = (Vec::new(), Vec::new());
    let mut open: Option<Block> = None;
    for (number, line) in document.lines().enumerate() {
        match (line.trim_start().strip_prefix("```"), &mut open) {
            (Some(_), Some(_)) => blocks.extend(open.take()),
            (Some(info), None) => open = Some(Block { line: number + 1, info: info.to_owned(), text: String::new() }),
            (None, Some(block)) => block.text.extend([line, "\n"]),
            (None, None) => prose.push(line),
        }
    }
    assert!(open.is_none(), "a block is not closed");
    (blocks, prose)
}

/// Whether a block is a spec; the walks through a crate show its manifests, too.
fn is_spec(block: &Block) -> bool {
    let manifest = ["# Cargo.toml\n", "# pyproject.toml\n"].iter().any(|first| block.text.starts_with(first));
    block.info.starts_with("toml") && !manifest
}

/// A spec file around a block, and whether it says which package it is of.
fn completed(text: &str) -> (String, bool) {
    let Ok(table) = text.parse::<toml::Table>() else { return (text.to_owned(), true) };
    let packaged = table.contains_key("package");
    if packaged && !table.contains_key("kernel") {
        let kernel: String = KERNEL.iter().map(|(_, default)| *default).collect();
        return (format!("{text}\n[kernel.example]\n{kernel}"), true);
    }
    if packaged || table.contains_key("kernel") {
        return (text.to_owned(), packaged);
    }
    let missing = KERNEL.iter().filter(|(keys, _)| !keys.iter().any(|key| table.contains_key(*key)));
    let missing: String = missing.map(|(_, default)| *default).collect();
    (format!("[kernel.example]\n{missing}{text}"), packaged)
}

/// What is wrong with a block, by code and as drawn.
fn mistakes(block: &Block, bodies: &[Block], folder: &Path) -> (BTreeSet<&'static str>, String) {
    let (text, packaged) = completed(&block.text);
    fs::create_dir_all(folder.join("bodies")).expect("a folder");
    fs::write(folder.join("spec.toml"), text).expect("written");
    if !packaged {
        fs::write(folder.join("package.toml"), PACKAGE).expect("written");
    }
    for body in bodies {
        let name = body.text.lines().next().and_then(|line| line.strip_prefix("// ")).expect("a path");
        fs::write(folder.join(name), &body.text).expect("written");
    }
    match spec::load(folder).and_then(|loaded| check::check(&loaded)) {
        Ok(_) => (BTreeSet::new(), String::new()),
        Err(Error::Specs(report)) => (report.plain().iter().map(|mistake| mistake.code).collect(), report.short()),
        Err(error) => panic!("{error}"),
    }
}

#[test]
fn each_spec_is_what_its_document_says() {
    let root = Path::new(env!("CARGO_TARGET_TMPDIR")).join("docs");
    let _ = fs::remove_dir_all(&root);
    let mut seen = 0;
    for path in documents() {
        let (blocks, _) = parts(&read(&path));
        let (specs, others): (Vec<_>, Vec<_>) = blocks.into_iter().partition(is_spec);
        let bodies: Vec<_> = others.into_iter().filter(|block| block.text.starts_with("// bodies/")).collect();
        for block in specs {
            let wanted: BTreeSet<_> = block.info.split_whitespace().skip(1).collect();
            let (found, drawn) = mistakes(&block, &bodies, &root.join(seen.to_string()));
            assert_eq!(found, wanted, "{}:{}\n{drawn}", path.display(), block.line);
            seen += 1;
        }
    }
    assert!(seen > 20, "only {seen} specs were found");
}

/// The target of each link in a line, `[text](target)`.
fn links(line: &str) -> impl Iterator<Item = &str> {
    line.split("](").skip(1).filter_map(|rest| rest.split(')').next())
}

/// A heading as the fragment of a link: lower case, blanks as `-`, no punctuation.
fn anchor(heading: &str) -> String {
    let kept = heading.trim_start_matches('#').trim().to_lowercase();
    let kept = kept.chars().filter(|c| c.is_alphanumeric() || matches!(c, ' ' | '-' | '_'));
    kept.map(|c| if c == ' ' { '-' } else { c }).collect()
}

#[test]
fn each_link_leads_somewhere() {
    for path in documents() {
        let text = read(&path);
        for link in parts(&text).1.into_iter().flat_map(links).filter(|link| !link.contains("://")) {
            let (file, fragment) = link.split_once('#').unwrap_or((link, ""));
            let target = if file.is_empty() { path.clone() } else { path.with_file_name(file) };
            assert!(target.exists(), "{}: there is no {link}", path.display());
            let headed = || read(&target).lines().any(|line| line.starts_with('#') && anchor(line) == fragment);
            assert!(fragment.is_empty() || headed(), "{}: {link} has no such heading", path.display());
        }
    }
}

/// The strings of a list in a source file, `const NAME: ... = [...]`.
fn listed(file: &str, name: &str) -> Vec<String> {
    let text = read(file);
    let start = format!("const {name}: ");
    let lists = text.split(&start).skip(1).filter_map(|rest| rest.split("];").next()?.split_once('='));
    let strings = lists.flat_map(|(_, list)| list.split('"').skip(1).step_by(2).map(str::to_owned).collect::<Vec<_>>());
    strings.collect()
}

#[test]
fn the_reference_is_whole() {
    let reference = read("docs/spec.md");
    let functions = listed("generator/check/prelude.rs", "FUNCTIONS");
    let keys = ["generator/spec/package.rs", "generator/spec/kernel.rs"].map(|file| listed(file, "KEYS"));
    assert!(functions.len() > 40 && keys.iter().all(|keys| keys.len() > 9), "the lists were not found");
    for word in keys.iter().flatten().chain(&functions) {
        let said = reference.contains(&format!("`{word}`"));
        assert!(said, "docs/spec.md does not have `{word}`");
    }
}

#[test]
fn each_test_that_is_named_as_proof_is_there() {
    let mut seen = 0;
    for path in documents() {
        for word in read(&path).split('`').skip(1).step_by(2) {
            let Some((file, test)) = word.split_once("::") else { continue };
            let (place, declared) = match file.rsplit('.').next() {
                Some("py") => (Path::new("tests/python").join(file), format!("def {test}(")),
                Some("rs") => (PathBuf::from(file), format!("fn {test}(")),
                _ => continue,
            };
            assert!(read(&place).contains(&declared), "{}: there is no {word}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 10, "no proofs were found");
}
