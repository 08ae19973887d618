//! The tools that a build needs, and one sentence for each that is missing or too old.

use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use crate::diag::{Error, Result};

/// The oldest Rust that compiles generated crates.
const RUST: (u32, u32) = (1, 88);
/// The oldest Python that imports the wheels, and that kernelgen works with.
const PYTHON: (u32, u32) = (3, 11);

/// The Rust toolchain in use.
#[derive(Debug, Clone)]
pub(super) struct Rust {
    /// `1.95.0`.
    pub(super) version: String,
    /// All that `rustc -vV` says.
    pub(super) verbose: String,
}

/// Looks for cargo and a rustc that is new enough.
pub(super) fn rust() -> Result<Rust> {
    cargo()?;
    rustc()
}

const INSTALL: &str = "install Rust as https://rustup.rs says, then run this again";

/// The version of cargo.
pub(super) fn cargo() -> Result<String> {
    let said = ask("cargo", &["--version"]).ok_or_else(|| missing("cargo was not found", INSTALL))?;
    Ok(said.split_whitespace().nth(1).unwrap_or_default().to_owned())
}

/// A rustc that is new enough.
pub(super) fn rustc() -> Result<Rust> {
    let verbose = ask("rustc", &["-vV"]).ok_or_else(|| missing("rustc was not found", INSTALL))?;
    let version = verbose.split_whitespace().nth(1).unwrap_or_default().to_owned();
    if two_numbers(&version).is_none_or(|found| found < RUST) {
        let (major, minor) = RUST;
        let message = format!("rustc {version} is too old: generated code needs {major}.{minor} or newer");
        return Err(missing(&message, "run `rustup update`, or install a newer Rust"));
    }
    Ok(Rust { version, verbose })
}

/// The Python in use.
#[derive(Debug, Clone)]
pub(super) struct Python {
    /// Its executable.
    pub(super) path: PathBuf,
    /// The one that it is a virtual environment of, or the same. pyo3 is compiled anew for each
    /// interpreter it sees, and one for all environments will do.
    pub(super) base: PathBuf,
    /// What maturin tells pyo3's build script of it: `cpython-3.11-64bit`.
    pub(super) signature: String,
    pub(super) version: (u32, u32),
    /// Whether it has no GIL.
    pub(super) free_threaded: bool,
}

/// The Python to build with: the one asked for, else the first on PATH that is new enough.
pub(super) fn python(asked: Option<&Path>) -> Result<Python> {
    let (major, minor) = PYTHON;
    let Some(asked) = asked else {
        let mut found = ["python3", "python"].into_iter().filter_map(|name| inspect(OsStr::new(name)));
        let message = format!("no Python {major}.{minor} or newer was found");
        return found
            .find(|python| python.version >= PYTHON)
            .ok_or_else(|| missing(&message, "install one, or name it with `--python`"));
    };
    let python = inspect(asked.as_os_str()).ok_or_else(|| {
        let message = format!("`{}` is not a Python that runs", asked.display());
        missing(&message, "name the executable of a Python with `--python`")
    })?;
    let (old, older) = python.version;
    if python.version < PYTHON {
        let message =
            format!("`{}` is Python {old}.{older}: kernelgen needs {major}.{minor} or newer", asked.display());
        return Err(missing(&message, "name a newer one with `--python`"));
    }
    Ok(python)
}

fn inspect(python: &OsStr) -> Option<Python> {
    const ASK: &str = "import os, sys, sysconfig; v = sys.version_info; print(sys.executable, \
        os.path.realpath(getattr(sys, '_base_executable', None) or sys.executable), \
        '%s-%d.%d-%dbit' % (sys.implementation.name, v[0], v[1], 64 if sys.maxsize > 2**32 else 32), \
        '%d.%d' % v[:2], sysconfig.get_config_var('Py_GIL_DISABLED') or 0, sep='\\n')";
    let said = ask(python, &["-c", ASK])?;
    let lines: Vec<_> = said.lines().map(str::trim).collect();
    let [path, base, signature, version, free_threaded] = lines[..] else { return None };
    let version = two_numbers(version)?;
    let free_threaded = free_threaded == "1";
    Some(Python { path: path.into(), base: base.into(), signature: signature.to_owned(), version, free_threaded })
}

/// What a tool prints on stdout; `None` where it is missing or fails.
pub(super) fn ask(tool: impl AsRef<OsStr>, arguments: &[&str]) -> Option<String> {
    let output = Command::new(tool).args(arguments).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).into_owned())
}

/// The first two numbers of a version.
pub(super) fn two_numbers(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.split(['.', '-', ' ']).map(str::parse);
    Some((numbers.next()?.ok()?, numbers.next()?.ok()?))
}

/// Runs a command to its end; what it complained of, in one line, if it failed.
pub(super) fn run(command: &mut Command) -> std::result::Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    // cargo begins with its error, pip ends with it.
    let first = said.iter().flat_map(|text| text.lines()).find(|line| line.starts_with("error"));
    let last = || said.iter().flat_map(|text| text.lines().rev()).find(|line| !line.trim().is_empty());
    let line = first.or_else(last);
    Err(line.map_or_else(|| output.status.to_string(), |line| line.trim().to_owned()))
}

pub(super) fn missing(message: &str, help: &str) -> Error {
    Error::Setup { message: message.to_owned(), help: help.to_owned() }
}
