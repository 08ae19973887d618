//! A package: one folder of specs, one crate, one extension module, one wheel.

use std::collections::BTreeMap;
use std::path::PathBuf;

use super::Kernel;

/// A checked package, ready to be rendered.
#[derive(Debug, Clone)]
pub struct Package {
    /// The import name, `gilexample` or `mypkg._kernels`.
    pub name: String,
    /// The PEP 440 version of the wheel.
    pub version: String,
    /// One line for the module's docstring and the wheel's metadata.
    pub summary: String,
    /// An SPDX expression.
    pub license: Option<String>,
    /// Who wrote it, for the wheel's metadata.
    pub authors: Vec<Author>,
    /// The Python versions that the wheel accepts, `>=3.11`.
    pub requires_python: String,
    /// The NumPy versions that the wheel accepts, `>=2.1`.
    pub numpy: String,
    /// Other Python packages that the wheel needs.
    pub requires: Vec<String>,
    /// Rust crates that bodies use, by name.
    pub crates: BTreeMap<String, Crate>,
    /// The project around the specs, where its wheel is this package.
    pub project: Option<Project>,
    /// The kernels, in the order of the docs: by file name, then by place.
    pub kernels: Vec<Kernel>,
}

/// A person or group of `[package] authors`.
#[derive(Debug, Clone)]
pub struct Author {
    /// The name as written.
    pub name: Option<String>,
    /// The address, if one was given.
    pub email: Option<String>,
}

/// A Rust crate that bodies use.
#[derive(Debug, Clone)]
pub struct Crate {
    /// A version requirement of cargo's, `1.2`.
    pub version: String,
    /// The features to enable.
    pub features: Vec<String>,
    /// Whether the crate's default features are on.
    pub default_features: bool,
}

/// A project that kernelgen is the build backend of.
#[derive(Debug, Clone)]
pub struct Project {
    /// Its folder.
    pub root: PathBuf,
    /// The metadata that it gives itself, for the wheel: `[project]` of its `pyproject.toml`.
    pub metadata: toml::Table,
    /// What it says to tools of others, for the source distribution.
    pub tools: toml::Table,
    /// The folder with Python packages of its own, within the root.
    pub python: Option<PathBuf>,
    /// The folder of the specs.
    pub specs: PathBuf,
}
