//! model -> files: every text of a generated package, decided and printed in memory.
//!
//! A view holds each decision (names, types, literals, docs), a template prints it. Nothing here
//! reads or writes a disk.

mod body;
mod docs;
mod dtypes;
mod embed;
mod explain;
mod files;
mod fragment;
mod kernel;
mod lock;
mod manifest;
mod notes;
mod order;
mod package;
mod package_tests;
mod pieces;
mod python;
mod rust;
mod rustdoc;
mod starter;
mod stub;
mod templates;
#[cfg(test)]
mod tests;
mod text;
mod threads;
mod workflow;

use std::path::Path;
use std::slice;

pub use embed::{embed, embedded_stub, module_name};
pub use explain::explain;
pub use files::{File, Files, Piece};
pub use starter::{Checkout, Crates, Start, Starter, starter};
pub use workflow::workflow;

use crate::diag::{Error, Result};
use crate::model::Package;

/// The folder with the specs in a package that has a project around it.
pub const SPECS: &str = "specs";
/// The folder with tests of a project's own, beside its specs and in the package.
pub const TESTS: &str = "tests";

/// Renders all files of a package, by path within its folder. `runtime` are the files of the runtime's crate, by path
/// within that one.
pub fn render(package: &Package, runtime: &[(&str, &str)]) -> Result<Files> {
    let mut files = Files::default();
    let python = Path::new("python").join(package.name.replace('.', "/"));
    files.insert("Cargo.toml", manifest::cargo(package).map_err(manifest_error)?);
    files.insert("pyproject.toml", manifest::pyproject(package).map_err(manifest_error)?);
    files.insert("README.md", package::readme(package)?);
    files.insert("src/lib.rs", package::root(package)?);
    files.insert(python.join("__init__.py"), package::init(package)?);
    files.insert(python.join("_threadpool.py"), package::threadpool(package)?);
    files.insert(python.join("__init__.pyi"), stub::render(slice::from_ref(package), stub::Of::Package)?);
    files.insert(python.join("py.typed"), File::plain(""));
    package_tests::insert(package, &python, &mut files)?;
    for kernel in &package.kernels {
        files.insert(format!("src/{}.rs", kernel.name), kernel::render(kernel, package)?);
    }
    if let Some(lock) = lock::render(package) {
        files.insert("Cargo.lock", lock);
    }
    for (path, text) in runtime {
        files.insert(Path::new("runtime").join(path), File::plain(*text));
    }
    Ok(files)
}

fn manifest_error(source: toml::ser::Error) -> Error {
    let source = minijinja::Error::new(minijinja::ErrorKind::BadSerialization, source.to_string());
    Error::Template { name: "a manifest", source }
}
