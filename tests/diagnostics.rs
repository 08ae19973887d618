//! Each mistake that a spec can hold, as its author sees it: `tests/diagnostics/CODE.toml` beside `CODE.stderr`.
//!
//! A further spec for a code is named `CODE--VARIANT.toml`; a folder stands for several files. After a
//! change of wording: `KERNELGEN_BLESS=1 cargo test --test diagnostics`, then read the difference.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use kernelgen::diag::mistakes;
use kernelgen::{check, spec};

/// What a spec's author is shown.
fn drawn(spec: &Path) -> String {
    match spec::load(spec).and_then(|loaded| check::check(&loaded)) {
        Ok(_) => "no mistakes\n".to_owned(),
        Err(error) => format!("{error}\n"),
    }
}

/// The specs: files and folders, without the drawings.
fn specs() -> Vec<PathBuf> {
    let entries = std::fs::read_dir("tests/diagnostics").expect("the folder is there");
    let mut specs: Vec<_> = entries.map(|entry| entry.expect("readable").path()).collect();
    specs.retain(|path| path.is_dir() || path.extension().is_some_and(|extension| extension == "toml"));
    specs.sort();
    specs
}

#[test]
fn each_spec_is_refused_in_these_words() {
    let bless = std::env::var_os("KERNELGEN_BLESS").is_some();
    for spec in specs() {
        let (found, wanted) = (drawn(&spec), spec.with_extension("stderr"));
        if bless {
            std::fs::write(&wanted, &found).expect("writable");
        }
        let expected = std::fs::read_to_string(&wanted).unwrap_or_default();
        assert_eq!(found, expected, "{} (see the head of this test)", spec.display());
    }
}

#[test]
fn each_code_has_a_spec_that_makes_it() {
    let code = |spec: &PathBuf| {
        spec.file_stem().map(|stem| stem.to_string_lossy().split("--").next().unwrap_or("").to_owned())
    };
    let shown: BTreeSet<_> = specs()
        .iter()
        .filter(|spec| {
            let code = code(spec).unwrap_or_default();
            drawn(spec).contains(&format!("error[{code}]"))
        })
        .filter_map(code)
        .collect();
    let codes: BTreeSet<_> = mistakes::ALL.iter().map(|mistake| mistake.code.to_owned()).collect();
    let missing: Vec<_> = codes.difference(&shown).collect();
    assert!(missing.is_empty(), "no spec in tests/diagnostics for {missing:?}");
    assert_eq!(codes.len(), mistakes::ALL.len(), "a code is used twice");
}

#[test]
fn the_list_of_codes_is_whole() {
    let listed = std::fs::read_to_string("docs/errors.md").expect("docs/errors.md");
    let rows: Vec<_> = listed.lines().filter(|line| line.starts_with("| `")).collect();
    let row = |mistake: &mistakes::Mistake| format!("| `{}` | {} |", mistake.code, mistake.meaning.trim());
    let wanted: Vec<_> = mistakes::ALL.iter().map(row).collect();
    assert_eq!(rows, wanted, "docs/errors.md");
}

#[test]
fn a_report_has_a_line_for_each_mistake() {
    let loaded = spec::load(Path::new("tests/diagnostics/unknown-dtype.toml")).expect("readable");
    let Err(kernelgen::diag::Error::Specs(report)) = check::check(&loaded) else { panic!("a mistake") };
    let short = report.short();
    assert!(short.starts_with("tests/diagnostics/unknown-dtype.toml:6:"), "{short}");
    assert!(short.contains(": error[unknown-dtype]: unknown dtype `f65`"), "{short}");
    assert_eq!(report.plain()[0].code, "unknown-dtype");
}
