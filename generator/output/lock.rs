//! One writer at a time: a lock on an output folder.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, Instant};

use crate::diag::{Action, Error, Result};

use super::disk::{create_folder, failed};

/// The lock's file name; it is gone when nobody writes.
pub(super) const LOCK: &str = ".kernelgen.lock";

/// The right to write into a folder, until it is dropped or the process ends.
#[derive(Debug)]
pub struct Lock {
    path: PathBuf,
    _file: File,
}

impl Lock {
    /// Locks `dir`, which is made if need be; fails while another process holds it.
    pub(super) fn take(dir: &Path) -> Result<Lock> {
        /// A process that was killed while it started a tool holds its locks until that has begun.
        const PATIENCE: Duration = Duration::from_millis(300);
        create_folder(dir)?;
        let path = dir.join(LOCK);
        let begun = Instant::now();
        loop {
            let file = File::create(&path).map_err(failed(Action::Create, &path))?;
            match file.try_lock() {
                // The former holder may have removed the file between these two steps, and another have made a new one.
                Ok(()) if is_at(&file, &path) => return Ok(Lock { path, _file: file }),
                Ok(()) => {}
                Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => sleep(PATIENCE / 30),
                Err(TryLockError::WouldBlock) => return Err(busy(dir)),
                Err(TryLockError::Error(source)) => return Err(failed(Action::Lock, &path)(source)),
            }
        }
    }
}

impl Drop for Lock {
    fn drop(&mut self) {
        // A lock file that stays is in nobody's way.
        let _ = std::fs::remove_file(&self.path);
    }
}

/// Whether a file is the one at `path`, not one that was there before.
fn is_at(file: &File, path: &Path) -> bool {
    #[cfg(unix)]
    {
        use std::os::unix::fs::MetadataExt;
        let of = |data: std::fs::Metadata| (data.dev(), data.ino());
        let [held, found] = [file.metadata(), path.metadata()].map(|data| data.ok().map(of));
        held.is_some() && held == found
    }
    #[cfg(not(unix))]
    {
        let _ = file;
        path.exists()
    }
}

fn busy(dir: &Path) -> Error {
    Error::Setup {
        message: format!("another kernelgen is writing to `{}`", dir.display()),
        help: "wait for it to end, or choose another output folder with `--out`".to_owned(),
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_lock_on_a_file_that_was_replaced_is_none() {
        let path = std::env::temp_dir().join(format!("kernelgen-lock-{}", std::process::id()));
        let former = File::create(&path).unwrap();
        assert!(is_at(&former, &path));
        // Two are at work between the steps of a third.
        std::fs::rename(&path, path.with_extension("former")).unwrap();
        assert!(!is_at(&former, &path));
        let next = File::create(&path).unwrap();
        assert!(!is_at(&former, &path) && is_at(&next, &path));
        for path in [path.with_extension("former"), path] {
            std::fs::remove_file(path).unwrap();
        }
    }
}
