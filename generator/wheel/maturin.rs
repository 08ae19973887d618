//! Finds maturin: on PATH, as a module of the Python in use, else fetched once into the cache.

use std::ffi::OsString;
use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::diag::{Action, Error, Result};
use crate::output::disk::failed;

use super::Progress;
use super::tools::{ask, run, two_numbers};

/// The oldest maturin that builds what kernelgen writes.
const OLDEST: (u32, u32) = (1, 9);
/// The same for pip.
pub(super) const REQUIREMENT: &str = "maturin>=1.9,<2";

/// How maturin is called: a program and its first arguments.
#[derive(Debug, Clone)]
pub(super) struct Maturin {
    words: Vec<OsString>,
}

impl Maturin {
    /// A command that runs it.
    pub(super) fn command(&self) -> Command {
        let mut words = self.words.iter();
        let mut command = Command::new(words.next().cloned().unwrap_or_default());
        command.args(words);
        command
    }

    /// Its version, if it runs and is one that will do.
    pub(super) fn version(&self) -> Option<String> {
        let (program, arguments) = self.words.split_first()?;
        let mut arguments: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
        arguments.push("--version");
        let said = ask(program, &arguments)?;
        let version = said.strip_prefix("maturin ")?.trim();
        let fits = two_numbers(version).is_some_and(|found| found >= OLDEST && found.0 < 2);
        fits.then(|| version.to_owned())
    }

    fn works(&self) -> bool {
        self.version().is_some()
    }

    /// The words of the command, as they would be typed.
    pub(super) fn typed(&self) -> String {
        self.words.iter().map(|word| word.to_string_lossy()).collect::<Vec<_>>().join(" ")
    }

    fn module_of(python: &Path) -> Maturin {
        Maturin { words: vec![python.into(), "-m".into(), "maturin".into()] }
    }
}

/// Where a fetched maturin is.
fn venv(cache: &Path) -> PathBuf {
    cache.join("maturin")
}

/// The Python of that place.
fn fetched_by(cache: &Path) -> PathBuf {
    venv(cache).join(if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" })
}

/// A maturin that is there and new enough.
pub(super) fn present(python: &Path, cache: &Path) -> Option<Maturin> {
    let on_path = Maturin { words: vec!["maturin".into()] };
    [on_path, Maturin::module_of(python), Maturin::module_of(&fetched_by(cache))].into_iter().find(Maturin::works)
}

/// A maturin that is new enough.
pub(super) fn find(
    python: &Path,
    cache: &Path,
    offline: bool,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Maturin> {
    if let Some(found) = present(python, cache) {
        return Ok(found);
    }
    if offline {
        return Err(missing("maturin was not found, and `--offline` forbids fetching it"));
    }
    let (venv, fetched) = (venv(cache), Maturin::module_of(&fetched_by(cache)));
    // Two builds at once fetch it once: the second waits for the first, and finds it.
    let _lock = waiting_lock(&cache.join("maturin.lock"))?;
    if fetched.works() {
        return Ok(fetched);
    }
    progress(Progress::Note(&format!("fetching maturin into {} (once)", venv.display())));
    let in_venv = run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&venv));
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT];
    let done = in_venv.and_then(|()| run(Command::new(fetched_by(cache)).args(install)));
    match done {
        Ok(()) if fetched.works() => Ok(fetched),
        Ok(()) => Err(missing("maturin was fetched but does not run")),
        Err(said) => Err(missing(&format!("maturin was not found and could not be fetched ({said})"))),
    }
}

/// A lock on a file of the cache, once nobody else holds it. It is given back when the file is closed.
fn waiting_lock(path: &Path) -> Result<File> {
    let file = File::create(path).map_err(failed(Action::Create, path))?;
    file.lock().map_err(failed(Action::Lock, path))?;
    Ok(file)
}

pub(super) fn missing(message: &str) -> Error {
    Error::Setup {
        message: message.to_owned(),
        help: format!("run `pip install \"{REQUIREMENT}\"` where there is a network, then run this again"),
    }
}
