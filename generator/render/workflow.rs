//! The workflow of `kernelgen ci github`: cibuildwheel on the sources of each package.

use serde::Serialize;

use crate::diag::Result;
use crate::model::Package;

use super::{python, templates};

#[derive(Serialize)]
struct View<'a> {
    specs: String,
    version: &'static str,
    packages: Vec<&'a str>,
    /// Expressions of GitHub's, which look like those of a template.
    os: &'static str,
    package: &'static str,
}

/// The text of the workflow for the packages of a folder of specs.
pub fn workflow<'a>(specs: &str, packages: impl IntoIterator<Item = &'a Package>) -> Result<String> {
    let view = View {
        // Python and YAML write strings in double quotes alike.
        specs: python::string(specs),
        version: env!("CARGO_PKG_VERSION"),
        packages: packages.into_iter().map(|package| package.name.as_str()).collect(),
        os: "${{ matrix.os }}",
        package: "${{ matrix.package }}",
    };
    templates::CI_GITHUB.render(&view)
}
