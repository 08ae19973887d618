//! The workflow that `kernelgen ci github` prints, as far as it can be held to anything without GitHub: a schema, and what
//! cibuildwheel makes of its settings.
//!
//! The virtual environment is that of tests/wheels.rs.

mod environment;

use std::path::{Path, PathBuf};
use std::process::Command;
use std::sync::LazyLock;
use std::{env, fs};

use environment::{BIN, environment, succeed};

fn tmp() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR"))
}

static BINARIES: LazyLock<PathBuf> =
    LazyLock::new(|| environment(&tmp().join("wheels"), Path::new("tests/python/requirements.txt")).join(BIN));

/// A folder with the workflow for `specs/`, and a command of Python's in it.
fn python(folder: &str) -> Command {
    let folder = tmp().join("workflow").join(folder);
    fs::create_dir_all(&folder).expect("a folder");
    let mut ci = Command::new(env!("CARGO_BIN_EXE_kernelgen"));
    let ci = ci.args(["ci", "github", "specs"]).current_dir(env!("CARGO_MANIFEST_DIR")).output().expect("runs");
    assert!(ci.status.success(), "{ci:?}");
    fs::write(folder.join("wheels.yml"), ci.stdout).expect("written");
    let mut command = Command::new(BINARIES.join("python"));
    command.current_dir(folder);
    command
}

/// By the schema that GitHub's workflows have in the catalogue of schemas, which the checker brings.
#[test]
fn it_is_one_of_githubs() {
    let check = ["-m", "check_jsonschema", "--builtin-schema", "vendor.github-workflows", "wheels.yml"];
    succeed(python("schema").args(check));
}

/// For each machine of the matrix, the wheels that cibuildwheel says it would build there.
#[test]
fn it_builds_the_wheels_that_the_documents_name() {
    let script = r#"
import os, subprocess, sys, yaml

with open("wheels.yml", encoding="utf-8") as file:
    jobs = yaml.safe_load(file)["jobs"]
job = jobs["wheels"]
assert job["needs"] == "sources" and job["strategy"]["matrix"]["package"] == ["cookbook", "gilexample"], job
(step,) = (step for step in job["steps"] if "cibuildwheel" in step.get("uses", ""))
settings = {**os.environ, **step["env"]}
machines = {
    "ubuntu-latest": ("linux", "x86_64"), "ubuntu-24.04-arm": ("linux", "aarch64"),
    "macos-latest": ("macos", "arm64"), "macos-15-intel": ("macos", "x86_64"), "windows-latest": ("windows", "AMD64"),
}
assert list(machines) == job["strategy"]["matrix"]["os"], job
systems = {"linux": ["manylinux", "musllinux"], "macos": ["macosx"], "windows": ["win"]}
for system, cpu in machines.values():
    line = [sys.executable, "-m", "cibuildwheel", "--print-build-identifiers", "--platform", system, "--archs", cpu, "."]
    found = set(subprocess.run(line, env=settings, check=True, capture_output=True, text=True).stdout.split())
    names = [f"{name}_{cpu.lower()}" for name in systems[system]]
    wanted = {f"{python}-{name}" for python in ("cp311", "cp314t") for name in names}
    assert found == wanted, (system, cpu, found)
"#;
    let mut command = python("wheels");
    fs::write(tmp().join("workflow/wheels/pyproject.toml"), "[project]\nname = \"stats\"\nversion = \"1\"\n")
        .expect("written");
    succeed(command.args(["-c", script]));
}
