//! Puts the files on disk: only what changed, beside first, then renamed.

use std::fs;
use std::path::{Path, PathBuf};

use crate::MARKER;
use crate::diag::{Result, StaleFile};
use crate::render::Files;

use super::disk::{copy, create_folder, remove, remove_folder, rename, replace};
use super::lock::Lock;
use super::marker;
use super::plan::Plan;

/// Where new texts wait until all of them are written.
pub(super) const STAGE: &str = ".kernelgen.new";

/// A folder that holds the files, locked until this is dropped.
#[derive(Debug)]
pub struct Written {
    /// How many files were written or removed.
    pub changed: usize,
    /// Keeps others from writing while the folder is built.
    pub lock: Lock,
}

/// Makes `dir` hold `files` and nothing else of ours.
///
/// Killed at any moment it leaves whole files, and a marker that lists them.
pub fn write(files: &Files, dir: &Path) -> Result<Written> {
    // Refused before anything is made.
    Plan::new(files, dir)?;
    let lock = Lock::take(dir)?;
    let plan = Plan::new(files, dir)?;
    let stage = dir.join(STAGE);
    // What a killed run left goes even if there is nothing to write.
    remove_folder(&stage)?;
    if !plan.changes.is_empty() {
        let done = apply(&plan, files, dir, &stage);
        remove_folder(&stage)?;
        done?;
    }
    Ok(Written { changed: plan.changes.len(), lock })
}

fn apply(plan: &Plan, files: &Files, dir: &Path, stage: &Path) -> Result<()> {
    create_folder(stage)?;
    // The marker has to list a file for as long as it is there: it is written before all others, and after.
    let changes = plan.changes.iter().filter(|change| change.path != Path::new(MARKER)).enumerate();
    let staged: Vec<(PathBuf, &StaleFile)> =
        changes.map(|(place, change)| (stage.join(place.to_string()), change)).collect();
    for (beside, change) in &staged {
        if let Some(from) = files.source(&change.path) {
            copy(from, beside)?;
        } else if let Some(text) = &change.wanted {
            replace(beside, text)?;
        }
    }
    // Texts take room on the disk: the markers, too, are written before anything changes.
    let both = files.paths().chain(plan.listed.iter().map(PathBuf::as_path));
    let [before, after] = ["before", "after"].map(|name| stage.join(name));
    replace(&before, &marker::text(both))?;
    replace(&after, &marker::text(files.paths()))?;
    rename(&before, &dir.join(MARKER))?;
    for (beside, change) in &staged {
        let path = dir.join(&change.path);
        if change.wanted.is_some() {
            create_folder(path.parent().unwrap_or(dir))?;
            rename(beside, &path)?;
        } else {
            remove(&path)?;
            remove_empty_parents(&path, dir);
        }
    }
    rename(&after, &dir.join(MARKER))
}

/// Removes the folders between a removed file and `dir` that nothing is left in.
fn remove_empty_parents(path: &Path, dir: &Path) {
    let above = path.ancestors().skip(1).take_while(|above| *above != dir);
    // The first that is not empty ends it.
    for folder in above {
        if fs::remove_dir(folder).is_err() {
            break;
        }
    }
}
