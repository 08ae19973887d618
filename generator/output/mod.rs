//! Files <-> disk: write what changed, list it, or complain that it is stale.
//!
//! A folder with our marker is ours as far as the marker lists files; nothing else is ever
//! overwritten or removed.

pub(crate) mod disk;
mod lock;
mod marker;
mod plan;
#[cfg(test)]
mod tests;
mod write;

use std::path::{Path, PathBuf, absolute};

pub use lock::Lock;
pub use write::{Written, write};

use crate::diag::{Error, Result, StaleFile};
use crate::render::Files;

/// What each generated text says near its head.
const HEADER: &str = "Written by kernelgen";

/// Fails with [`Error::Stale`] unless `dir` holds `files` and nothing else of ours.
pub fn check(files: &Files, dir: &Path) -> Result<()> {
    let stale = dry_run(files, dir)?;
    if stale.is_empty() { Ok(()) } else { Err(Error::Stale(stale)) }
}

/// What [`write`] would change, with whole paths.
pub fn dry_run(files: &Files, dir: &Path) -> Result<Vec<StaleFile>> {
    let changes = plan::Plan::new(files, dir)?.changes;
    Ok(changes.into_iter().map(|change| StaleFile { path: dir.join(&change.path), ..change }).collect())
}

/// Fails where `dir` lies in one of these folders of specs, which people read and edit.
pub fn refuse_inside<'a>(dir: &Path, specs: impl IntoIterator<Item = &'a PathBuf>) -> Result<()> {
    let whole = |path: &Path| absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let around = specs.into_iter().find(|folder| whole(dir).starts_with(whole(folder)));
    around.map_or(Ok(()), |folder| {
        Err(Error::Setup {
            message: format!("the output folder `{}` lies among the specs of `{}`", dir.display(), folder.display()),
            help: "choose another output folder with `--out`".to_owned(),
        })
    })
}

/// Makes a new folder of files that belong to their reader from then on; never into an old one.
pub fn create(files: &Files, dir: &Path) -> Result<()> {
    if dir.exists() {
        return Err(Error::Setup {
            message: format!("`{}` exists already", dir.display()),
            help: "choose another name, or remove it".to_owned(),
        });
    }
    for (path, file) in files.iter() {
        let path = dir.join(path);
        disk::create_folder(path.parent().unwrap_or(dir))?;
        disk::replace(&path, &file.text)?;
    }
    Ok(())
}

/// Writes one file into somebody else's folder: a new one, or over one that kernelgen wrote.
pub fn write_one(path: &Path, text: &str) -> Result<()> {
    let found = disk::read(path)?;
    if found.as_deref() == Some(text) {
        return Ok(());
    }
    if found.is_some_and(|found| !found.contains(HEADER)) {
        return Err(Error::Setup {
            message: format!("`{}` was not written by kernelgen and is in the way", path.display()),
            help: "move it, or ask for another path".to_owned(),
        });
    }
    disk::create_folder(path.parent().unwrap_or(Path::new("")))?;
    disk::replace(path, text)
}
