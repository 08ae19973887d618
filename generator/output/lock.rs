//! One writer at a time: a lock on an output folder.

use std::fs::{File, TryLockError};
use std::path::{Path, PathBuf};

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
    /// Locks `dir`, which is made if need be; fails at once while another process holds it.
    pub(super) fn take(dir: &Path) -> Result<Lock> {
        create_folder(dir)?;
        let path = dir.join(LOCK);
        loop {
            let file = File::create(&path).map_err(failed(Action::Create, &path))?;
            match file.try_lock() {
                // The former holder may have removed the file between these two steps.
                Ok(()) if path.exists() => return Ok(Lock { path, _file: file }),
                Ok(()) => {}
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

fn busy(dir: &Path) -> Error {
    Error::Setup {
        message: format!("another kernelgen is writing to `{}`", dir.display()),
        help: "wait for it to end, or choose another output folder with `--out`".to_owned(),
    }
}
