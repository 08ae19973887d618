//! `kernelgen doctor` on machines that lack something: nothing is on PATH but scripts of this file.
#![cfg(unix)]

use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;
use std::process::Command;

const CARGO: (&str, &str) = ("cargo", "echo cargo 1.95.0");
const RUSTC: (&str, &str) = ("rustc", "echo rustc 1.95.0");
/// A Python without NumPy, whose pip reaches no network.
const PYTHON: (&str, &str) = (
    "python3",
    "case $2 in *version_info*) printf '%s\\n' $0 $0 cpython-3.11-64bit 3.11 0;; *venv*) ;; *) echo no network >&2; exit 1;; esac",
);
const MATURIN: (&str, &str) = ("maturin", "echo maturin 1.9.4");

/// Runs the doctor with these tools: its exit code, its lines, and what it said beside them.
fn doctor(name: &str, tools: &[(&str, &str)], arguments: &[&str]) -> (i32, String, String) {
    let folder = std::env::temp_dir().join(format!("kernelgen-doctor-test-{name}-{}", std::process::id()));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(folder.join("tmp")).unwrap();
    for (tool, script) in tools {
        let path = folder.join(tool);
        fs::write(&path, format!("#!/bin/sh\n{script}\n")).unwrap();
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let mut command = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
    command.arg("doctor").args(arguments).env("PATH", &folder).env("TMPDIR", folder.join("tmp"));
    let cache: PathBuf = if name == "cache" { folder.join("maturin/cache") } else { folder.join("cache") };
    let output = command.env("KERNELGEN_CACHE_DIR", cache).output().unwrap();
    assert_eq!(fs::read_dir(folder.join("tmp")).unwrap().count(), 0, "it leaves nothing behind");
    fs::remove_dir_all(&folder).unwrap();
    let [out, err] = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap());
    (output.status.code().unwrap(), out, err)
}

/// The state of each thing that was looked at.
fn states(out: &str) -> Vec<(String, String)> {
    let words = out.lines().filter(|line| !line.starts_with(' ')).map(|line| line.split_whitespace());
    words.map(|mut words| (words.next().unwrap().to_owned(), words.next().unwrap().to_owned())).collect()
}

#[test]
fn a_machine_that_has_all_can_build() {
    let (code, out, err) = doctor("all", &[CARGO, RUSTC, PYTHON, MATURIN], &[]);
    assert_eq!((code, err.as_str()), (0, "a build can work\n"), "{out}");
    let names = ["cargo", "rustc", "linker", "crates", "Python", "NumPy", "cache", "maturin"];
    assert_eq!(states(&out), names.map(|name| (name.to_owned(), "ok".to_owned())), "{out}");
    assert!(out.contains("NumPy     ok      not there: pip installs it with a wheel"), "{out}");
    assert!(out.contains("maturin   ok      1.9.4, `maturin`"), "{out}");
}

#[test]
fn what_is_missing_is_a_problem_with_its_fix() {
    let no_linker = (
        "cargo",
        "[ $1 != build ] || { echo 'error: linker `cc` not found' >&2; echo 'error: could not compile' >&2; exit 101; }; echo cargo 1.95.0",
    );
    let no_crates = ("cargo", "[ $1 != fetch ] || { echo 'error: no such host' >&2; exit 101; }; echo cargo 1.95.0");
    let old_python = ("python3", "printf '%s\\n' $0 $0 cpython-3.9-64bit 3.9 0");
    for (case, tools, name, words, fix) in [
        ("cargo", &[RUSTC, PYTHON, MATURIN][..], "cargo", "cargo was not found", "rustup.rs"),
        ("rustc", &[CARGO, PYTHON, MATURIN], "rustc", "rustc was not found", "rustup.rs"),
        (
            "old",
            &[CARGO, ("rustc", "echo rustc 1.80.1"), PYTHON, MATURIN],
            "rustc",
            "1.80.1 is too old",
            "rustup update",
        ),
        ("linker", &[no_linker, RUSTC, PYTHON, MATURIN], "linker", "linker `cc` not found", "install"),
        ("crates", &[no_crates, RUSTC, PYTHON, MATURIN], "crates", "no such host", "proxy"),
        ("python", &[CARGO, RUSTC, MATURIN], "Python", "no Python 3.11", "--python"),
        ("python39", &[CARGO, RUSTC, old_python, MATURIN], "Python", "no Python 3.11", "--python"),
        ("maturin", &[CARGO, RUSTC, PYTHON], "maturin", "could not be fetched (no network)", "pip install"),
        ("cache", &[CARGO, RUSTC, PYTHON, MATURIN], "cache", "cannot be written to", "KERNELGEN_CACHE_DIR"),
    ] {
        let (code, out, err) = doctor(case, tools, &[]);
        let problems: Vec<_> = states(&out).into_iter().filter(|(_, state)| state == "problem").collect();
        assert_eq!(problems, [(name.to_owned(), "problem".to_owned())], "{case}: {out}");
        let line = out.lines().position(|line| line.starts_with(name)).unwrap();
        let lines: Vec<_> = out.lines().skip(line).take(2).collect();
        assert!(lines[0].contains(words) && lines[1].contains("fix: ") && lines[1].contains(fix), "{out}");
        assert_eq!(code, 2, "{out}");
        assert!(err.contains("a build cannot work here"), "{err}");
    }
}

#[test]
fn a_numpy_that_is_too_old_hinders_no_build() {
    let old = PYTHON.1.replace("*venv*)", "*numpy*) echo 1.26.4;; *venv*)");
    let (code, out, _) = doctor("numpy", &[CARGO, RUSTC, ("python3", &old), MATURIN], &[]);
    assert_eq!(code, 0, "{out}");
    assert!(
        out.contains("NumPy     problem NumPy 1.26.4 is too old") && out.contains("-m pip install \"numpy>=2.1\""),
        "{out}"
    );
}

#[test]
fn without_a_network_everything_must_be_there() {
    let no_crates = ("cargo", "[ $1 != fetch ] || exit 101; echo cargo 1.95.0");
    let (code, out, _) = doctor("offline", &[no_crates, RUSTC, PYTHON], &["--offline"]);
    assert_eq!(code, 2);
    assert!(out.contains("crates    problem") && out.contains("`--offline` forbids fetching it"), "{out}");
    let (code, out, _) = doctor("offline-ok", &[CARGO, RUSTC, PYTHON, MATURIN], &["--offline"]);
    assert_eq!(code, 0, "{out}");
}

#[test]
fn findings_as_json() {
    let (code, out, _) = doctor("json", &[CARGO, RUSTC, PYTHON], &["--message-format", "json"]);
    assert_eq!(code, 2);
    let objects: Vec<serde_json::Value> = out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let kinds: Vec<_> = objects.iter().map(|object| object["kind"].as_str().unwrap()).collect();
    assert_eq!(kinds, [["finding"; 8].as_slice(), &["error"]].concat());
    assert_eq!(objects[7]["state"], "problem");
    assert!(objects[7]["help"].as_str().unwrap().contains("pip install"), "{out}");
}
