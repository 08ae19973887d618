//! The view of a package inside somebody's own crate: one module to include, and a file for each kernel.

use std::path::Path;

use serde::Serialize;

use crate::diag::Result;
use crate::model::Package;

use super::files::{File, Files};
use super::order::version_sort;
use super::package::{Entry, entries, summary};
use super::{kernel, rust, stub, templates};

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    title: String,
    module: String,
    version_literal: String,
    numpy_literal: String,
    modules: Vec<Module<'a>>,
    kernels: Vec<Entry>,
}

#[derive(Serialize)]
struct Module<'a> {
    name: &'a str,
    path_literal: String,
}

/// The Rust name of a package's module: `mypkg._kernels` is `mypkg__kernels`.
pub fn module_name(package: &Package) -> String {
    package.name.replace('.', "_")
}

/// `NAME.rs`, for `include!`, and `NAME/KERNEL.rs` beside it, for packages that go into the folder `dir`.
///
/// The included text names the kernels' files by whole paths: where a relative one would lead depends on
/// the file that includes it.
pub fn embed<'a>(packages: impl IntoIterator<Item = &'a Package>, dir: &Path) -> Result<Files> {
    let mut files = Files::default();
    for package in packages {
        let module = module_name(package);
        let folder = Path::new(&module);
        let mut modules = Vec::new();
        for kernel in &package.kernels {
            let path = folder.join(format!("{}.rs", kernel.name));
            let path_literal = rust::string(&dir.join(&path).to_string_lossy());
            modules.push(Module { name: &kernel.name, path_literal });
            files.insert(path, kernel::render(kernel, package)?);
        }
        modules.sort_by(|a, b| version_sort(a.name, b.name));
        let view = View {
            name: &package.name,
            title: summary(package),
            version_literal: rust::string(env!("CARGO_PKG_VERSION")),
            numpy_literal: rust::string(&package.numpy),
            modules,
            kernels: entries(package),
            module: module.clone(),
        };
        files.insert(format!("{module}.rs"), File::plain(templates::MODULE.render(&view)?));
    }
    Ok(files)
}

/// The stub of packages whose kernels are functions of somebody else's module.
pub fn embedded_stub(packages: &[Package]) -> Result<String> {
    Ok(stub::render(packages, stub::Of::Host)?.text)
}
