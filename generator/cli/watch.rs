//! `kernelgen watch`: `build`, and again whenever a spec or a body changes.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use crate::diag::{Action, Result};
use crate::output::disk::failed;

use super::terminal::Terminal;
use super::{args, build};

/// How long a change may go unnoticed.
const PAUSE: Duration = Duration::from_millis(200);

/// The files that matter, with the times of their last change and their lengths.
type Files = BTreeMap<PathBuf, (Option<SystemTime>, u64)>;

/// Never ends by itself: a mistake is reported, and mended later.
pub(super) fn run(arguments: &args::Build, terminal: &Terminal) -> Result<()> {
    loop {
        let built = files(&arguments.path)?;
        if let Err(error) = build::wheels(arguments, terminal) {
            terminal.error(&error);
        }
        terminal.talk(&format!("watching `{}`: Ctrl-C ends it", arguments.path.display()));
        wait(&arguments.path, &built)?;
    }
}

/// Waits until files are other than `built`, and remain so: what is half written is not yet a text to build.
fn wait(path: &Path, built: &Files) -> Result<()> {
    let mut before = files(path)?;
    loop {
        sleep(PAUSE);
        let found = files(path)?;
        if found == before && found != *built {
            return Ok(());
        }
        before = found;
    }
}

/// The files below `path`, and a `pyproject.toml` beside it. Asked for by time rather than told of by the system: there
/// are few, and this way works on every disk.
fn files(path: &Path) -> Result<Files> {
    let mut found = Files::new();
    add(path, &mut found)?;
    let project = path.parent().unwrap_or(Path::new("")).join("pyproject.toml");
    if project.is_file() {
        add(&project, &mut found)?;
    }
    Ok(found)
}

fn add(path: &Path, found: &mut Files) -> Result<()> {
    let data = match fs::metadata(path) {
        // Editors remove a file and write it anew: what is gone between two looks is no failure.
        Err(_) if !found.is_empty() => return Ok(()),
        data => data.map_err(failed(Action::Read, path))?,
    };
    found.insert(path.to_path_buf(), (data.modified().ok(), data.len()));
    if data.is_dir() {
        for entry in fs::read_dir(path).map_err(failed(Action::Read, path))? {
            let entry = entry.map_err(failed(Action::Read, path))?;
            // A link to a folder could lead round in circles; specs behind one are not read either.
            let link = entry.path().is_symlink() && entry.path().is_dir();
            if !link && !entry.file_name().to_string_lossy().starts_with('.') {
                add(&entry.path(), found)?;
            }
        }
    }
    Ok(())
}
