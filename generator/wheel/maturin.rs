//! Finds maturin: on PATH, as a module of the Python in use, else fetched once into the cache.

use std::ffi::OsString;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};

use crate::diag::{Action, Error, Result};
use crate::output::disk::failed;

use super::Progress;
use super::tools::{ask, two_numbers};

/// The oldest maturin that builds what kernelgen writes.
const OLDEST: (u32, u32) = (1, 9);
/// The same for pip.
const REQUIREMENT: &str = "maturin>=1.9,<2";

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

    fn works(&self) -> bool {
        let Some((program, arguments)) = self.words.split_first() else { return false };
        let mut arguments: Vec<&str> = arguments.iter().filter_map(|word| word.to_str()).collect();
        arguments.push("--version");
        let version = ask(program, &arguments).unwrap_or_default();
        version.strip_prefix("maturin ").and_then(two_numbers).is_some_and(|found| found >= OLDEST && found.0 < 2)
    }

    fn module_of(python: &Path) -> Maturin {
        Maturin { words: vec![python.into(), "-m".into(), "maturin".into()] }
    }
}

/// A maturin that is new enough.
pub(super) fn find(
    python: &Path,
    cache: &Path,
    offline: bool,
    progress: &mut dyn FnMut(Progress<'_>),
) -> Result<Maturin> {
    let on_path = Maturin { words: vec!["maturin".into()] };
    let venv = cache.join("maturin");
    let scripts = if cfg!(windows) { "Scripts/python.exe" } else { "bin/python" };
    let fetched = Maturin::module_of(&venv.join(scripts));
    let found = [on_path, Maturin::module_of(python), fetched.clone()].into_iter().find(Maturin::works);
    if let Some(found) = found {
        return Ok(found);
    }
    if offline {
        return Err(missing("maturin was not found, and `--offline` forbids fetching it"));
    }
    // Two builds at once fetch it once: the second waits for the first, and finds it.
    let _lock = waiting_lock(&cache.join("maturin.lock"))?;
    if fetched.works() {
        return Ok(fetched);
    }
    progress(Progress::Note(&format!("fetching maturin into {} (once)", venv.display())));
    let in_venv = run(Command::new(python).args(["-m", "venv", "--clear"]).arg(&venv));
    let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", REQUIREMENT];
    let done = in_venv.and_then(|()| run(Command::new(venv.join(scripts)).args(install)));
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

/// Runs a command to its end; what it complained of, in one line, if it failed.
fn run(command: &mut Command) -> std::result::Result<(), String> {
    let output = command.stdin(Stdio::null()).output().map_err(|error| error.to_string())?;
    if output.status.success() {
        return Ok(());
    }
    let said = [output.stderr, output.stdout].map(|bytes| String::from_utf8_lossy(&bytes).into_owned());
    let line = said.iter().flat_map(|text| text.lines().rev()).find(|line| !line.trim().is_empty());
    Err(line.map_or_else(|| output.status.to_string(), |line| line.trim().to_owned()))
}

fn missing(message: &str) -> Error {
    Error::Setup {
        message: message.to_owned(),
        help: format!("run `pip install \"{REQUIREMENT}\"` where there is a network, then run this again"),
    }
}
