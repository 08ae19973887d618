//! The marker of an output folder, `.kernelgen`: which files in it are ours to rewrite or remove.

use std::collections::BTreeSet;
use std::fs;
use std::io::ErrorKind;
use std::path::{Component, Path, PathBuf};

use crate::MARKER;
use crate::diag::{Action, Error, Result};

use super::disk::{failed, read};

const HEADER: &str = "# Written by kernelgen: the files here that it may rewrite or remove.\n";

/// The marker's text for these files.
pub(super) fn text<'a>(files: impl Iterator<Item = &'a Path>) -> String {
    let lines: BTreeSet<String> = files.map(|path| format!("{}\n", slashes(path))).collect();
    HEADER.chars().chain(lines.iter().flat_map(|line| line.chars())).collect()
}

fn slashes(path: &Path) -> String {
    path.to_string_lossy().replace('\\', "/")
}

/// The files that the marker of `dir` lists; none for a folder that is empty or missing.
///
/// A folder with other content and no marker is somebody else's: an error.
pub(super) fn listed(dir: &Path) -> Result<BTreeSet<PathBuf>> {
    match read(&dir.join(MARKER)) {
        Ok(Some(text)) => Ok(paths(&text)),
        Ok(None) => foreign(dir).map(|()| BTreeSet::new()),
        Err(_) if dir.is_file() => Err(is_a_file(dir)),
        Err(error) => Err(error),
    }
}

fn paths(text: &str) -> BTreeSet<PathBuf> {
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines.map(PathBuf::from).filter(|path| is_inside(path)).collect()
}

/// Fails where `dir` has content that is not ours to mix with.
fn foreign(dir: &Path) -> Result<()> {
    let mut entries = match fs::read_dir(dir) {
        Ok(entries) => entries,
        Err(source) if source.kind() == ErrorKind::NotFound => return Ok(()),
        Err(source) if source.kind() == ErrorKind::NotADirectory => return Err(is_a_file(dir)),
        Err(source) => return Err(failed(Action::Read, dir)(source)),
    };
    // These alone are what a killed run leaves before its first file.
    let left = [super::lock::LOCK, super::write::STAGE];
    let other = entries.any(|entry| entry.is_ok_and(|entry| !left.iter().any(|name| entry.file_name() == *name)));
    if !other {
        return Ok(());
    }
    Err(Error::Setup {
        message: format!("`{}` is not empty and was not written by kernelgen", dir.display()),
        help: "choose another output folder with `--out`, or remove that one".to_owned(),
    })
}

fn is_a_file(path: &Path) -> Error {
    Error::Setup {
        message: format!("`{}` is a file, where a folder is to be written", path.display()),
        help: "choose another output folder with `--out`, or remove that file".to_owned(),
    }
}

/// Whether a listed path stays inside its folder, whoever wrote the list.
fn is_inside(path: &Path) -> bool {
    path.components().next().is_some() && path.components().all(|part| matches!(part, Component::Normal(_)))
}
