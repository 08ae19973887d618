//! The runtime's own tests. Plain `cargo test` runs those of the root package alone, and the runtime's Python part needs a
//! Python to link against: so they run here, without it. Those of its files that have a model checker's atomics. And its elementary
//! functions beside correctly rounded ones.

use std::path::Path;
use std::process::Command;

#[test]
fn the_tests_of_the_runtime_pass_without_python() {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join("runtime");
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--package", "kernelgen-runtime", "--no-default-features", "--features", "source"]);
    let status = cargo.env("CARGO_TARGET_DIR", target).status().expect("cargo starts");
    assert!(status.success(), "{cargo:?}: {status}");
}

/// The tests of a package beside these.
#[track_caller]
fn package(name: &str) {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    let mut cargo = Command::new(env!("CARGO"));
    cargo.args(["test", "--locked", "--release", "--manifest-path", &format!("tests/{name}/Cargo.toml")]);
    let status = cargo.env("CARGO_TARGET_DIR", target).status().expect("cargo starts");
    assert!(status.success(), "{cargo:?}: {status}");
}

#[test]
fn protocols_between_threads_hold_in_every_order() {
    package("model");
}

#[test]
fn elementary_functions_are_as_exact_as_they_should() {
    package("math");
}
