//! What would change on disk.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use crate::MARKER;
use crate::diag::{Error, Result, StaleFile};
use crate::render::Files;

use super::disk::{read, read_bytes};
use super::marker;

/// Written here, completed there: cargo may add to it.
const CARGO_LOCK: &str = "Cargo.lock";

/// What has to be done for a folder to hold exactly these files of ours, marker included.
#[derive(Debug)]
pub(super) struct Plan {
    /// Files to write or to remove, by path within the folder.
    pub(super) changes: Vec<StaleFile>,
    /// The files that are ours now.
    pub(super) listed: BTreeSet<PathBuf>,
}

impl Plan {
    /// Compares `files` with what is in `dir`.
    pub(super) fn new(files: &Files, dir: &Path) -> Result<Plan> {
        let listed = marker::listed(dir)?;
        let marker = marker::text(files.paths());
        let texts = files.iter().map(|(path, file)| (path, file.text.as_str()));
        let mut changes = Vec::new();
        for (path, wanted) in texts.chain([(Path::new(MARKER), marker.as_str())]) {
            let found = read(&safe(dir, path)?)?;
            if found.as_deref() != Some(wanted) {
                changes.push(StaleFile { path: path.to_path_buf(), found, wanted: Some(wanted.to_owned()) });
            }
        }
        for (path, from) in files.copies() {
            let (found, wanted) = (read_bytes(&safe(dir, path)?)?, read_bytes(from)?);
            if found.is_none() || found != wanted {
                let text = |bytes: &Vec<u8>| String::from_utf8_lossy(bytes).into_owned();
                let wanted = Some(wanted.as_ref().map(text).unwrap_or_default());
                changes.push(StaleFile { path: path.to_path_buf(), found: found.as_ref().map(text), wanted });
            }
        }
        for change in &changes {
            refuse_foreign(dir, change, &listed)?;
        }
        for path in listed.iter().filter(|path| !files.contains(path)) {
            let found = read(&safe(dir, path)?)?;
            changes.extend(found.map(|found| StaleFile { path: path.clone(), found: Some(found), wanted: None }));
        }
        Ok(Plan { changes, listed })
    }
}

/// Fails where a file would be overwritten that the marker does not list.
fn refuse_foreign(dir: &Path, change: &StaleFile, listed: &BTreeSet<PathBuf>) -> Result<()> {
    let ours = listed.contains(&change.path) || [MARKER, CARGO_LOCK].iter().any(|name| change.path == Path::new(name));
    if ours || change.found.is_none() {
        return Ok(());
    }
    Err(Error::Setup {
        message: format!("`{}` was not written by kernelgen and is in the way", dir.join(&change.path).display()),
        help: "move it, or choose another output folder with `--out`".to_owned(),
    })
}

/// The place of `path` in `dir`, unless a link within `dir` leads elsewhere.
fn safe(dir: &Path, path: &Path) -> Result<PathBuf> {
    let mut place = dir.to_path_buf();
    for part in path.components() {
        place.push(part);
        if place.is_symlink() {
            return Err(Error::Setup {
                message: format!("`{}` is a link, and kernelgen writes only inside its output folder", place.display()),
                help: "remove the link".to_owned(),
            });
        }
    }
    Ok(place)
}
