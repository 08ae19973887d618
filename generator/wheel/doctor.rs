//! Looks at all that a build needs, and goes on after what is missing.

use std::path::{Path, PathBuf};
use std::process::Command;

use crate::diag::{Error, Result};
use crate::output::disk::{create_folder, remove_folder, replace};

use super::tools::{Python, ask, cargo, missing, python, run, rustc, two_numbers};
use super::{cache, maturin};

/// What was found of one thing that a build needs.
#[derive(Debug)]
pub struct Finding {
    /// What was looked at.
    pub name: &'static str,
    /// What is there, or the error that a build would end with.
    pub found: Result<String>,
    /// Whether a build can do without it.
    pub dispensable: bool,
}

/// The oldest NumPy that the wheels import.
const NUMPY: (u32, u32) = (2, 1);

/// Looks at everything; what needs a thing that is not there is left out. `package` is a generated crate to look at the crates
/// with, `room` a folder to try things in.
pub fn examine(package: &Path, room: &Path, asked: Option<&Path>, offline: bool) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut find = |name, found: Result<String>| {
        let there = found.is_ok();
        findings.push(Finding { name, found, dispensable: name == "NumPy" });
        there
    };
    let cargo = find("cargo", cargo());
    if find("rustc", rustc().map(|rust| rust.version)) && cargo {
        find("linker", links(room));
    }
    if cargo {
        find("crates", crates(package, offline));
    }
    let version = |python: &Python| format!("{}.{}, {}", python.version.0, python.version.1, python.path.display());
    let (python, cache) = match python(asked) {
        Ok(python) => {
            find("Python", Ok(version(&python)));
            find("NumPy", numpy(&python));
            (Some(python), cache())
        }
        Err(error) => {
            find("Python", Err(error));
            (None, cache())
        }
    };
    match (python, cache) {
        (Some(python), Ok(cache)) => {
            find("cache", Ok(cache.display().to_string()));
            find("maturin", builder(&python, &cache, offline));
        }
        (_, cache) => {
            find("cache", cache.map(|cache| cache.display().to_string()));
        }
    }
    findings
}

/// Compiles an empty library the way a package is compiled: with cargo, and what its settings say of the linker.
fn links(room: &Path) -> Result<String> {
    const MANIFEST: &str = "[package]\nname = \"empty\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n[lib]\npath = \"lib.rs\"\n\
                            crate-type = [\"cdylib\"]\n\n[workspace]\n";
    const HELP: &str = match std::env::consts::OS.as_bytes() {
        b"windows" => "install the Build Tools of Visual Studio with C++, as https://rustup.rs says",
        b"macos" => "run `xcode-select --install`",
        _ => "install a C compiler, of which the linker is part: `apt install gcc`, `dnf install gcc`",
    };
    create_folder(room)?;
    replace(&room.join("Cargo.toml"), MANIFEST)?;
    replace(&room.join("lib.rs"), "")?;
    let mut command = Command::new("cargo");
    command.args(["build", "--offline", "--manifest-path"]).arg(room.join("Cargo.toml"));
    let linked = run(command.env("CARGO_TARGET_DIR", room.join("target")).env_remove("CARGO_BUILD_TARGET"));
    linked.map_err(|said| missing(&format!("an empty library does not link ({said})"), HELP))?;
    Ok("an empty library compiles and links".to_owned())
}

/// The crates of a generated package: in cargo's cache, or to be had.
fn crates(package: &Path, offline: bool) -> Result<String> {
    let fetch = |more: &[&str]| {
        let mut command = Command::new("cargo");
        command.args(["fetch", "--locked", "--manifest-path"]).arg(package.join("Cargo.toml"));
        run(command.args(more))
    };
    match fetch(&["--offline"]) {
        Ok(()) => return Ok("in cargo's cache: a build needs no network for them".to_owned()),
        Err(_) if offline => {
            let message = "the crates that generated packages stand on are not in cargo's cache";
            return Err(missing(message, "run this once where there is a network and without `--offline`"));
        }
        Err(_) => {}
    }
    const HELP: &str = "see that cargo reaches its registry: a proxy is set in the `[http]` of cargo's config";
    fetch(&[]).map_err(|said| missing(&format!("the crates could not be fetched ({said})"), HELP))?;
    Ok("fetched into cargo's cache: a build needs no network for them any more".to_owned())
}

/// NumPy is asked for by the wheels, not by a build.
fn numpy(python: &Python) -> Result<String> {
    let ((major, minor), program) = (NUMPY, python.path.display());
    let said = ask(&python.path, &["-c", "import numpy; print(numpy.__version__)"]);
    let Some(version) = said.as_deref().map(str::trim) else {
        return Ok("not there: pip installs it with a wheel".to_owned());
    };
    if two_numbers(version).is_none_or(|found| found < NUMPY) {
        let help = format!("run `{program} -m pip install \"numpy>={major}.{minor}\"`");
        return Err(missing(&format!("NumPy {version} is too old to import the wheels"), &help));
    }
    Ok(version.to_owned())
}

/// maturin, or whether a build could fetch it.
fn builder(python: &Python, cache: &Path, offline: bool) -> Result<String> {
    if let Some(maturin) = maturin::present(&python.path, cache) {
        return Ok(format!("{}, `{}`", maturin.version().unwrap_or_default(), maturin.typed()));
    }
    if offline {
        return Err(maturin::missing("maturin was not found, and `--offline` forbids fetching it"));
    }
    if let Err(said) = run(Command::new(&python.path).args(["-c", "import venv, ensurepip"])) {
        let help = format!("run `pip install \"{}\"`, or `apt install python3-venv`", maturin::REQUIREMENT);
        return Err(missing(&format!("maturin was not found, and this Python makes no environments ({said})"), &help));
    }
    let reached = run(Command::new(&python.path).args(["-m", "pip", "index", "versions", "maturin"]));
    reached.map_err(|said| maturin::missing(&format!("maturin was not found and could not be fetched ({said})")))?;
    Ok("not there: the first build fetches it".to_owned())
}

/// The cache folder, once a file could be written to it.
fn cache() -> Result<PathBuf> {
    let folder = cache::folder()?;
    let probe = folder.join(format!(".doctor-{}", std::process::id()));
    let written = create_folder(&probe).and_then(|()| remove_folder(&probe));
    written.map(|()| folder).map_err(|error| Error::Setup {
        message: format!("the cache cannot be written to ({error})"),
        help: "set KERNELGEN_CACHE_DIR to a folder that kernelgen may write to".to_owned(),
    })
}
