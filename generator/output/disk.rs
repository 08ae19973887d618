//! The file system, with the path in every error.

use std::io::{self, ErrorKind};
use std::path::Path;
use std::{fs, process};

use crate::diag::{Action, Error, Result};

/// What turns an [`io::Error`] into ours: `fs::read(path).map_err(failed(Action::Read, path))`.
pub(crate) fn failed(action: Action, path: &Path) -> impl FnOnce(io::Error) -> Error {
    let path = path.to_path_buf();
    move |source| Error::Io { action, path, source }
}

/// A file's text; `None` where there is none. Bytes that are no UTF-8 come as replacement characters.
pub(crate) fn read(path: &Path) -> Result<Option<String>> {
    Ok(read_bytes(path)?.map(|bytes| String::from_utf8_lossy(&bytes).into_owned()))
}

/// A file's bytes; `None` where there is none.
pub(crate) fn read_bytes(path: &Path) -> Result<Option<Vec<u8>>> {
    match fs::read(path) {
        Ok(bytes) => Ok(Some(bytes)),
        Err(source) if source.kind() == ErrorKind::NotFound => Ok(None),
        Err(source) => Err(failed(Action::Read, path)(source)),
    }
}

/// Makes a folder and those above it.
pub(crate) fn create_folder(path: &Path) -> Result<()> {
    fs::create_dir_all(path).map_err(failed(Action::Create, path))
}

/// Puts `text` at `path` whole: it is written beside it, then renamed.
pub(crate) fn replace(path: &Path, text: &str) -> Result<()> {
    let beside = path.with_extension(format!("{}.new", process::id()));
    let written = fs::write(&beside, text).map_err(failed(Action::Write, path));
    let renamed = written.and_then(|()| rename(&beside, path));
    if renamed.is_err() {
        // What failed is said; that this cannot be removed either adds nothing.
        let _ = fs::remove_file(&beside);
    }
    renamed
}

/// Copies a file and its permissions, over what is there.
pub(crate) fn copy(from: &Path, to: &Path) -> Result<()> {
    // Not `fs::copy`, whose error does not say of which of the two it is.
    let bytes = fs::read(from).map_err(failed(Action::Read, from))?;
    let permissions = fs::metadata(from).map_err(failed(Action::Read, from))?.permissions();
    fs::write(to, bytes).and_then(|()| fs::set_permissions(to, permissions)).map_err(failed(Action::Write, to))
}

/// Moves a file within a file system, over what is there.
pub(crate) fn rename(from: &Path, to: &Path) -> Result<()> {
    fs::rename(from, to).map_err(failed(Action::Rename, to))
}

/// Removes a file that may be gone already.
pub(crate) fn remove(path: &Path) -> Result<()> {
    match fs::remove_file(path) {
        Err(source) if source.kind() != ErrorKind::NotFound => Err(failed(Action::Remove, path)(source)),
        _ => Ok(()),
    }
}

/// Removes a folder and all in it; it may be gone already. A run that was killed may have left a tool at work, which puts a file there
/// meanwhile: then it is tried again.
pub(crate) fn remove_folder(path: &Path) -> Result<()> {
    let mut again = 3;
    loop {
        match fs::remove_dir_all(path) {
            Err(source) if source.kind() == ErrorKind::DirectoryNotEmpty && again > 0 => again -= 1,
            Err(source) if source.kind() != ErrorKind::NotFound => return Err(failed(Action::Remove, path)(source)),
            _ => return Ok(()),
        }
    }
}
