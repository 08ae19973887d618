//! Builds with scripts in the place of cargo, rustc, Python and maturin.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use crate::folder::{Ran, Temp};

const CARGO: (&str, &str) = ("cargo", "echo cargo 1.95.0");
const RUSTC: (&str, &str) = ("rustc", "echo rustc 1.95.0");
const PYTHON: (&str, &str) = (
    "python3",
    "case $1 in -c) printf '%s\\n' $0 $0 cpython-3.11-64bit 3.11 0;; *) echo no network >&2; exit 1;; esac",
);
/// Leaves a wheel where it is told to, and a line for each run.
const MATURIN: (&str, &str) = (
    "maturin",
    "if [ $1 = --version ]; then echo maturin 1.9.0; exit; fi
     echo run >> runs
     while [ $# -gt 1 ]; do [ $1 = --out ] && out=$2; shift; done
     echo wheel > $out/gilexample-0.1.0-cp311-abi3-any.whl",
);

impl Temp {
    /// Runs with nothing on PATH but these scripts.
    fn run_with(&self, tools: &[(&str, &str)], arguments: &str) -> Ran {
        let bin = self.0.join("bin");
        let _ = fs::remove_dir_all(&bin);
        fs::create_dir_all(&bin).unwrap();
        for (name, script) in tools {
            let path = self.write(&format!("bin/{name}"), &format!("#!/bin/sh\n{script}\n"));
            fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
        }
        self.command(arguments).env("PATH", bin).output().unwrap().into()
    }
}

#[test]
fn what_is_missing_is_said_in_a_sentence() {
    let temp = Temp::with_specs("missing");
    let old_rustc = ("rustc", "echo rustc 1.80.1");
    let old_python = ("python3", "printf '%s\\n' $0 $0 cpython-3.9-64bit 3.9 0");
    let old_maturin = ("maturin", "echo maturin 1.4.0");
    for (tools, words) in [
        (&[][..], "cargo was not found"),
        (&[CARGO], "rustc was not found"),
        (&[CARGO, old_rustc], "rustc 1.80.1 is too old"),
        (&[CARGO, RUSTC], "no Python 3.11 or newer was found"),
        (&[CARGO, RUSTC, old_python], "no Python 3.11 or newer was found"),
        (&[CARGO, RUSTC, PYTHON], "could not be fetched (no network)"),
        (&[CARGO, RUSTC, PYTHON, old_maturin], "could not be fetched (no network)"),
    ] {
        let ran = temp.run_with(tools, "build");
        ran.says(2, words);
        assert!(ran.err.contains("  help: "), "{ran:#?}");
    }
    temp.run_with(&[CARGO, RUSTC, PYTHON], "build --offline").says(2, "`--offline` forbids");
    temp.run_with(&[CARGO, RUSTC, PYTHON], "build --python nosuch").says(2, "`nosuch` is not a Python");
    assert!(fs::read_dir(temp.0.join("dist")).map_or(0, Iterator::count) == 0);
}

#[test]
fn a_wheel_is_built_once() {
    let temp = Temp::with_specs("once");
    let tools = [CARGO, RUSTC, PYTHON, MATURIN];
    let first = temp.run_with(&tools, "build");
    first.says(0, "pip install dist/gilexample-0.1.0-cp311-abi3-any.whl");
    first.says(0, "python -c 'import gilexample; print(gilexample.sum([1, 2, 3]))'");
    assert_eq!(first.out, "dist/gilexample-0.1.0-cp311-abi3-any.whl\n");
    temp.run_with(&tools, "build").says(0, "nothing has changed");
    assert_eq!(temp.read("runs"), "run\n");

    temp.write("specs/sum.toml", &temp.read("specs/sum.toml").replace("a + b", "b + a"));
    temp.run_with(&tools, "build").says(0, "built in");
    fs::remove_file(temp.0.join("dist/gilexample-0.1.0-cp311-abi3-any.whl")).unwrap();
    temp.run_with(&tools, "build").says(0, "built in");
    assert_eq!(temp.read("runs"), "run\nrun\nrun\n");
}

#[test]
fn a_failed_build_leaves_the_former_wheel() {
    let temp = Temp::with_specs("failed");
    temp.write("dist/gilexample-0.1.0-cp311-abi3-any.whl", "former");
    let unreachable =
        ("maturin", "[ $1 = --version ] && echo maturin 1.9.0 || { echo error: failed to download >&2; exit 1; }");
    temp.run_with(&[CARGO, RUSTC, PYTHON, unreachable], "build").says(2, "could not be fetched");
    let full = ("maturin", "[ $1 = --version ] && echo maturin 1.9.0 || { echo disk is full >&2; exit 1; }");
    temp.run_with(&[CARGO, RUSTC, PYTHON, full], "build").says(2, "disk is full");
    let left: Vec<_> = fs::read_dir(temp.0.join("dist")).unwrap().map(|entry| entry.unwrap().file_name()).collect();
    assert_eq!(left, ["gilexample-0.1.0-cp311-abi3-any.whl"]);
    assert_eq!(temp.read("dist/gilexample-0.1.0-cp311-abi3-any.whl"), "former");
}

#[test]
fn a_folder_that_cannot_be_written_is_named() {
    let temp = Temp::with_specs("readonly");
    let folder = temp.0.join("made");
    fs::create_dir_all(&folder).unwrap();
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o555)).unwrap();
    // Root may write anywhere.
    if fs::write(folder.join("probe"), "").is_err() {
        temp.run("generate --out made").says(2, "made");
    }
    fs::set_permissions(&folder, fs::Permissions::from_mode(0o755)).unwrap();
    temp.write("file", "");
    temp.run("generate --out file/deep").says(2, "file");
}

#[test]
fn a_hostile_rustc_message_is_shown_where_the_text_is() {
    let temp = Temp::with_specs("rustc");
    temp.run("generate --out build/kernelgen").says(0, "");
    let rust = temp.read("build/kernelgen/gilexample/src/sum.rs");
    let start = rust.find("a + b").unwrap();
    let message = format!(
        r#"{{"message":{{"message":"cannot add","level":"error","spans":[{{"file_name":"src/sum.rs","byte_start":{},"byte_end":{},"is_primary":true,"label":"no such sum","expansion":null}}],"children":[],"rendered":""}}}}"#,
        start + 2,
        start + 3
    );
    let cargo = format!("[ $1 = --version ] && echo cargo 1.95.0 || {{ echo '{message}'; exit 1; }}");
    let maturin = ("maturin", "[ $1 = --version ] && echo maturin 1.9.0 || exit 1");
    let ran = temp.run_with(&[("cargo", &cargo), RUSTC, PYTHON, maturin], "build");
    ran.says(1, "cannot add");
    let spec = temp.read("specs/sum.toml");
    let line = 1 + spec.lines().position(|line| line.contains("a + b\"")).unwrap();
    assert!(ran.err.contains(&format!("specs/sum.toml:{line}:")), "{ran:#?}");
}
