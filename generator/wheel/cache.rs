//! kernelgen's own cache: compiled dependencies, a fetched maturin, stamps of finished wheels.

use std::env;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};

use crate::diag::{Error, Result};
use crate::output::disk::{create_folder, read, read_bytes, replace};
use crate::render::Files;

use super::tools::Rust;
use super::{Options, Profile};

/// The cache folder: `KERNELGEN_CACHE_DIR`, else the platform's place for such things.
pub(super) fn folder() -> Result<PathBuf> {
    let set = |name: &str| env::var_os(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    let home = || set("HOME");
    let platform = match env::consts::OS {
        "windows" => set("LOCALAPPDATA"),
        "macos" => home().map(|home| home.join("Library/Caches")),
        _ => set("XDG_CACHE_HOME").or_else(|| home().map(|home| home.join(".cache"))),
    };
    let folder = set("KERNELGEN_CACHE_DIR").or_else(|| platform.map(|platform| platform.join("kernelgen")));
    let folder = folder.ok_or_else(|| Error::Setup {
        message: "there is no cache folder: neither HOME nor KERNELGEN_CACHE_DIR is set".to_owned(),
        help: "set KERNELGEN_CACHE_DIR to a folder that kernelgen may write to".to_owned(),
    })?;
    // Tools run in other folders than this process.
    Ok(std::path::absolute(&folder).unwrap_or(folder))
}

/// The target folder that all packages share whose dependencies compile to the same.
pub(super) fn target(cache: &Path, files: &Files, rust: &Rust, profile: Profile) -> PathBuf {
    let mut hash = DefaultHasher::new();
    rust.verbose.hash(&mut hash);
    for (path, file) in files.iter().filter(|(path, _)| path.starts_with("runtime")) {
        (path, &file.text).hash(&mut hash);
    }
    cache.join("target").join(format!("{}-{}-{:016x}", rust.version, profile.name(), hash.finish()))
}

/// The runtime of these files, once for all packages that share a target folder: cargo tells crates apart by
/// their place, and would compile each package's own copy anew.
pub(super) fn runtime(target: &Path, files: &Files) -> Result<PathBuf> {
    let runtime = target.join("runtime");
    for (path, file) in files.iter() {
        let Ok(inside) = path.strip_prefix("runtime") else { continue };
        let path = runtime.join(inside);
        if read(&path)?.as_deref() != Some(&*file.text) {
            create_folder(path.parent().unwrap_or(&runtime))?;
            replace(&path, &file.text)?;
        }
    }
    Ok(runtime)
}

/// A number that changes with anything that the wheel is made of.
pub(super) fn stamp(files: &Files, rust: &Rust, options: &Options) -> Result<String> {
    let mut hash = DefaultHasher::new();
    (env!("CARGO_PKG_VERSION"), &rust.verbose, options.profile.name(), &options.python).hash(&mut hash);
    for (path, file) in files.iter() {
        (path, &file.text).hash(&mut hash);
    }
    for (path, from) in files.copies() {
        (path, read_bytes(from)?).hash(&mut hash);
    }
    Ok(format!("{:016x}", hash.finish()))
}

/// Where the stamp of the wheel of `dir` is kept: each kind and place of a wheel has its own.
pub(super) fn stamp_path(cache: &Path, dir: &Path, options: &Options) -> PathBuf {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut hash = DefaultHasher::new();
    (absolute(dir), absolute(&options.dist), options.kind).hash(&mut hash);
    cache.join("wheels").join(format!("{:016x}", hash.finish()))
}
