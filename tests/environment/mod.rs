//! Virtual environments for the tests that run Python, made once and kept below the target folder.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of a virtual environment's executables.
pub const BIN: &str = if cfg!(windows) { "Scripts" } else { "bin" };

/// A virtual environment in `folder` with what `requirements` lists, one for each state of that file.
pub fn environment(folder: &Path, requirements: &Path) -> PathBuf {
    let mut hash = DefaultHasher::new();
    fs::read(requirements).expect("the list of requirements").hash(&mut hash);
    let venv = folder.join(format!("venv-{:016x}", hash.finish()));
    let complete = venv.join("complete");
    if !complete.exists() {
        let system = if cfg!(windows) { "python" } else { "python3" };
        succeed(Command::new(system).args(["-m", "venv", "--clear"]).arg(&venv));
        let install = ["-m", "pip", "install", "--quiet", "--disable-pip-version-check", "-r"];
        succeed(Command::new(venv.join(BIN).join("python")).args(install).arg(requirements));
        fs::write(complete, "").expect("written");
    }
    venv
}

/// Runs a command that must end well.
#[track_caller]
pub fn succeed(command: &mut Command) {
    let status = command.status().unwrap_or_else(|error| panic!("{command:?}: {error}"));
    assert!(status.success(), "{command:?}: {status}");
}

/// Whether a tool warns of anything but the network, which cargo tries again.
#[allow(dead_code)]
pub fn warns(said: &str) -> bool {
    said.lines().any(|line| line.contains("warning") && !line.contains("spurious network error"))
}
