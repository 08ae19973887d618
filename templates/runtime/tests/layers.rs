//! A module of the runtime uses only modules that stand above it in `lib.rs`.

use std::fs;
use std::path::{Path, PathBuf};

/// The files of a module: its own and those of its folders.
fn files(module: &str) -> Vec<PathBuf> {
    let source = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut found = vec![source.join(format!("{module}.rs"))];
    let mut folders = vec![source.join(module)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.expect("readable").path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

#[test]
fn modules_use_what_stands_above_them() {
    let root = include_str!("../src/lib.rs");
    let name = |line: &str| {
        let name = line.strip_prefix("pub mod ").or_else(|| line.strip_prefix("mod "))?;
        name.strip_suffix(';').map(str::to_owned)
    };
    let modules: Vec<String> = root.lines().filter_map(name).collect();
    assert!(modules.len() > 15, "{modules:?}");
    for (place, module) in modules.iter().enumerate() {
        for file in files(module) {
            let text = fs::read_to_string(&file).expect("readable");
            for line in text.lines().map(str::trim).filter(|line| !line.starts_with("//")) {
                let used = line.split("crate::").skip(1).map(|rest| rest.split([':', ';', '{', ' ', ',']).next());
                for used in used.flatten() {
                    let above = modules.iter().position(|other| other == used).is_none_or(|other| other <= place);
                    assert!(above, "{}: `{module}` stands above `{used}`: {line}", file.display());
                }
            }
        }
    }
}
