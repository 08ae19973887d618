//! The library's front: from specs to generated code, for a `build.rs` and for the command line.

mod script;

use std::path::{Path, PathBuf};

use crate::diag::{Result, Sources};
use crate::model::Package;
use crate::render::Files;
use crate::{check, output, render, spec};

pub use script::generate;

/// Where packages go if nobody says otherwise.
pub const OUT: &str = "build/kernelgen";

/// What to generate, and where.
///
/// In a build script, [`Build::generate`] writes modules to include; everywhere, [`Build::packages`] writes crates that
/// stand alone, as the command does.
///
/// ```no_run
/// kernelgen::Build::new().specs("specs").package("gilexample").generate()?;
/// # Ok::<(), kernelgen::Error>(())
/// ```
#[derive(Debug, Clone)]
pub struct Build {
    specs: PathBuf,
    package: Option<String>,
    out: Option<PathBuf>,
    stubs: Option<PathBuf>,
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
        Build { specs: "specs".into(), package: None, out: None, stubs: None }
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

    /// The folder to write to: by default `$OUT_DIR/kernelgen` for [`Build::generate`], `build/kernelgen` for
    /// [`Build::packages`].
    pub fn out_dir(mut self, dir: impl AsRef<Path>) -> Build {
        self.out = Some(dir.as_ref().to_path_buf());
        self
    }

    /// Also writes the type stubs of the kernels to this file, for [`Build::generate`].
    pub fn stubs(mut self, path: impl AsRef<Path>) -> Build {
        self.stubs = Some(path.as_ref().to_path_buf());
        self
    }

    /// Reads, checks and renders the specs as packages that stand alone; writes nothing.
    pub fn render(&self) -> Result<Rendered> {
        let loaded = spec::load(&self.specs)?;
        let mut rendered = Vec::new();
        for package in self.wanted(check::check(&loaded)?) {
            let dir = self.out.as_deref().unwrap_or(Path::new(OUT)).join(&package.name);
            let below = loaded.folders.iter().map(|folder| &folder.path).filter(|path| path.starts_with(&self.specs));
            output::refuse_inside(&dir, below)?;
            rendered.push(RenderedPackage { files: render::render(&package)?, package, dir });
        }
        Ok(Rendered { sources: loaded.sources, packages: rendered })
    }

    /// The whole way: specs are loaded, checked, rendered, and what changed is written.
    pub fn packages(&self) -> Result<Vec<Generated>> {
        let mut generated = Vec::new();
        for RenderedPackage { package, files, dir } in self.render()?.packages {
            let written = output::write(&files, &dir)?;
            generated.push(Generated { name: package.name, dir, changed: written.changed });
        }
        Ok(generated)
    }

    /// The packages that were asked for.
    fn wanted(&self, packages: Vec<Package>) -> Vec<Package> {
        let wanted = |package: &Package| self.package.as_ref().is_none_or(|name| *name == package.name);
        packages.into_iter().filter(wanted).collect()
    }
}
