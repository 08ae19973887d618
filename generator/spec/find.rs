//! Finds packages: folders that hold spec files.

use std::path::{Path, PathBuf};

use crate::MARKER;
use crate::diag::{Action, Error, Result};

/// TOML files that belong to other tools.
const OTHERS: [&str; 6] =
    ["Cargo.toml", "pyproject.toml", "rustfmt.toml", "clippy.toml", "Rustfmt.toml", "Clippy.toml"];
/// Folders of other tools.
const SKIPPED: [&str; 4] = ["target", "dist", "node_modules", "__pycache__"];

/// A folder with spec files, sorted by name.
pub struct Found {
    /// The folder.
    pub path: PathBuf,
    /// Its spec files.
    pub files: Vec<PathBuf>,
}

/// The packages at a path: one file, or a folder and all below it.
pub fn packages(path: &Path) -> Result<Vec<Found>> {
    let failed = |source| Error::Io { action: Action::Read, path: path.to_path_buf(), source };
    if std::fs::metadata(path).map_err(failed)?.is_file() {
        let folder = path.parent().unwrap_or(Path::new("")).to_path_buf();
        return Ok(vec![Found { path: folder, files: vec![path.to_path_buf()] }]);
    }
    let mut found = Vec::new();
    let mut waiting = vec![path.to_path_buf()];
    while let Some(folder) = waiting.pop() {
        let (files, folders) = entries(&folder)?;
        if !files.is_empty() {
            found.push(Found { path: folder, files });
        }
        waiting.extend(folders);
    }
    found.sort_by(|left, right| left.path.cmp(&right.path));
    Ok(found)
}

/// The spec files of a folder, sorted, and the folders to enter. Links to folders are not followed:
/// they could lead round in circles.
fn entries(folder: &Path) -> Result<(Vec<PathBuf>, Vec<PathBuf>)> {
    let failed = |source| Error::Io { action: Action::Read, path: folder.to_path_buf(), source };
    let (mut files, mut folders) = (Vec::new(), Vec::new());
    for entry in std::fs::read_dir(folder).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        if name.starts_with('.') {
            continue;
        }
        let path = entry.path();
        if entry.file_type().map_err(failed)?.is_dir() {
            if !SKIPPED.contains(&&*name) && !path.join(MARKER).exists() {
                folders.push(path);
            }
        } else if name.ends_with(".toml") && !OTHERS.contains(&&*name) && path.is_file() {
            files.push(path);
        }
    }
    files.sort();
    Ok((files, folders))
}
