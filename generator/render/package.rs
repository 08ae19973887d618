//! The views of a package's own files: the crate's root, the Python package, the README.

use serde::Serialize;

use crate::diag::Result;
use crate::model::{Kernel, Package};

use super::files::File;
use super::order::version_sort;
use super::text::one_line;
use super::{docs, python, rust, templates, threads};

#[derive(Serialize)]
struct Root<'a> {
    title: String,
    name: &'a str,
    modules: Vec<&'a str>,
    summary: Vec<String>,
    name_literal: String,
    numpy_literal: String,
    kernels: Vec<Entry>,
}

/// A kernel in the list of a module's.
#[derive(Serialize)]
pub(super) struct Entry {
    form: &'static str,
    name: String,
}

/// `src/lib.rs`.
pub(super) fn root(package: &Package) -> Result<File> {
    let mut modules: Vec<_> = package.kernels.iter().map(|kernel| kernel.name.as_str()).collect();
    modules.sort_by(|a, b| version_sort(a, b));
    let view = Root {
        title: summary(package),
        name: &package.name,
        modules,
        summary: vec![summary(package)],
        name_literal: rust::string(&package.name),
        numpy_literal: rust::string(&package.numpy),
        kernels: entries(package),
    };
    Ok(File::plain(templates::LIB.render(&view)?))
}

/// The kernels in the order of the docs.
pub(super) fn entries(package: &Package) -> Vec<Entry> {
    let entry = |kernel: &Kernel| Entry { form: kernel.form.name(), name: kernel.name.clone() };
    package.kernels.iter().map(entry).collect()
}

/// One line on the package.
pub(super) fn summary(package: &Package) -> String {
    let summary = one_line(&package.summary);
    if summary.is_empty() { format!("The kernels of `{}`.", package.name) } else { summary }
}

/// What the module of every package has beside its kernels.
const OWN: [&str; 4] = ["show_config", "get_num_threads", "set_num_threads", "num_threads"];

#[derive(Serialize)]
struct Init<'a> {
    docstring: String,
    name: &'a str,
    names: Vec<String>,
    version: String,
}

/// The public names of a package, `__all__`.
pub(super) fn names(package: &Package) -> Vec<String> {
    let kernels = package.kernels.iter().map(|kernel| kernel.name.clone());
    let classes = package.kernels.iter().filter_map(python::result_class);
    let mut names: Vec<String> = kernels.chain(classes).chain(OWN.map(str::to_owned)).collect();
    names.sort();
    names
}

/// `__init__.py`.
pub(super) fn init(package: &Package) -> Result<File> {
    let view = Init {
        docstring: python::docstring(&format!("{}\n\n{}", summary(package), threads::notes(package))),
        name: &package.name,
        names: names(package),
        version: python::string(&package.version),
    };
    Ok(File::plain(templates::INIT.render(&view)?))
}

#[derive(Serialize)]
struct Threadpool<'a> {
    name: &'a str,
}

/// `_threadpool.py`.
pub(super) fn threadpool(package: &Package) -> Result<File> {
    Ok(File::plain(templates::THREADPOOL.render(&Threadpool { name: &package.name })?))
}

#[derive(Serialize)]
struct Readme<'a> {
    name: &'a str,
    title: String,
    kernels: Vec<Line>,
}

#[derive(Serialize)]
struct Line {
    call: String,
    summary: String,
}

/// `README.md`.
pub(super) fn readme(package: &Package) -> Result<File> {
    let kernels = package.kernels.iter().map(|kernel| Line {
        call: format!("{}{}", kernel.name, python::call(kernel)),
        summary: format!(": {}", docs::summary(kernel)),
    });
    let view = Readme { name: &package.name, title: summary(package), kernels: kernels.collect() };
    Ok(File::plain(templates::README.render(&view)?))
}
