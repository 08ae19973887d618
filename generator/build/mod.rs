//! The library's front: from specs to generated packages, for a `build.rs` and for the command line.

use std::path::{Path, PathBuf};

use crate::diag::{Error, Result, Sources};
use crate::model::Package;
use crate::render::Files;
use crate::{check, output, render, spec};

/// Where packages go if nobody says otherwise.
pub const OUT: &str = "build/kernelgen";

/// Generates all packages of `specs` into the default folder: `$OUT_DIR/kernelgen` in a build
/// script, `build/kernelgen` elsewhere.
///
/// ```no_run
/// kernelgen::generate("specs")?;
/// # Ok::<(), kernelgen::Error>(())
/// ```
pub fn generate(specs: impl AsRef<Path>) -> Result<Vec<Generated>> {
    Build::new().specs(specs).generate()
}

/// What to generate, and where.
///
/// ```no_run
/// kernelgen::Build::new().specs("specs").package("gilexample").out_dir("generated").generate()?;
/// # Ok::<(), kernelgen::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Build {
    specs: PathBuf,
    package: Option<String>,
    out: PathBuf,
}

/// All packages of a run, in memory.
#[derive(Debug)]
pub struct Rendered {
    /// The specs that were read.
    pub sources: Sources,
    /// The packages, in the order of their folders.
    pub packages: Vec<RenderedPackage>,
}

/// A package in memory.
#[derive(Debug)]
pub struct RenderedPackage {
    /// What its specs mean.
    pub package: Package,
    /// What is to be written.
    pub files: Files,
    /// Where: a folder of the package's name.
    pub dir: PathBuf,
}

/// A package on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Generated {
    /// The import name.
    pub name: String,
    /// The crate's folder.
    pub dir: PathBuf,
    /// How many files were written or removed; 0 where nothing had changed.
    pub changed: usize,
}

impl Default for Build {
    fn default() -> Build {
        let out = std::env::var_os("OUT_DIR").map(|dir| Path::new(&dir).join("kernelgen"));
        Build { specs: "specs".into(), package: None, out: out.unwrap_or_else(|| OUT.into()) }
    }
}

impl Build {
    /// The packages of `specs/`, written to the default folder.
    pub fn new() -> Build {
        Build::default()
    }

    /// A folder of specs, or one spec file.
    pub fn specs(mut self, path: impl AsRef<Path>) -> Build {
        self.specs = path.as_ref().to_path_buf();
        self
    }

    /// Only the package of this name.
    pub fn package(mut self, name: impl Into<String>) -> Build {
        self.package = Some(name.into());
        self
    }

    /// The folder that gets a folder for each package.
    pub fn out_dir(mut self, dir: impl AsRef<Path>) -> Build {
        self.out = dir.as_ref().to_path_buf();
        self
    }

    /// Reads, checks and renders the specs; writes nothing.
    pub fn render(&self) -> Result<Rendered> {
        let loaded = spec::load(&self.specs)?;
        let packages = check::check(&loaded)?;
        let wanted = |package: &Package| self.package.as_ref().is_none_or(|name| *name == package.name);
        let mut rendered: Vec<RenderedPackage> = Vec::new();
        for package in packages.into_iter().filter(wanted) {
            let dir = self.out.join(&package.name);
            if rendered.iter().any(|other| other.dir == dir) {
                return Err(two_of(&package.name));
            }
            let below = loaded.folders.iter().map(|folder| &folder.path).filter(|path| path.starts_with(&self.specs));
            output::refuse_inside(&dir, below)?;
            rendered.push(RenderedPackage { files: render::render(&package)?, package, dir });
        }
        Ok(Rendered { sources: loaded.sources, packages: rendered })
    }

    /// The whole way: specs are loaded, checked, rendered, and what changed is written.
    pub fn generate(&self) -> Result<Vec<Generated>> {
        let mut generated = Vec::new();
        for RenderedPackage { package, files, dir } in self.render()?.packages {
            let written = output::write(&files, &dir)?;
            generated.push(Generated { name: package.name, dir, changed: written.changed });
        }
        Ok(generated)
    }
}

fn two_of(name: &str) -> Error {
    Error::Setup {
        message: format!("two folders of specs are packages called `{name}`"),
        help: "give one of them another `name`, or build them one at a time".to_owned(),
    }
}
