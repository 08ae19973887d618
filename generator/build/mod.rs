//! The library's front: from specs to generated code, for a `build.rs` and for the command line.

#[cfg(feature = "cli")]
mod packages;
#[cfg(feature = "cli")]
mod project;
mod script;

use std::path::{Path, PathBuf};

use crate::model::Package;

#[cfg(feature = "cli")]
pub use packages::{Generated, OUT, Rendered, RenderedPackage};
pub use script::generate;

/// What to generate, and where.
///
/// In a build script, [`Build::generate`] writes modules to include; with the feature `cli`, `Build::packages` writes
/// crates that stand alone, as the command does.
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
    #[cfg(feature = "cli")]
    backend: bool,
}

impl Default for Build {
    fn default() -> Build {
        Build {
            specs: "specs".into(),
            package: None,
            out: None,
            stubs: None,
            #[cfg(feature = "cli")]
            backend: false,
        }
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
    /// `Build::packages`.
    pub fn out_dir(mut self, dir: impl AsRef<Path>) -> Build {
        self.out = Some(dir.as_ref().to_path_buf());
        self
    }

    /// Fails, if `yes`, unless the specs are the one package of a project whose build backend is kernelgen.
    #[cfg(feature = "cli")]
    pub fn backend(mut self, yes: bool) -> Build {
        self.backend = yes;
        self
    }

    /// Also writes the type stubs of the kernels to this file, for [`Build::generate`].
    pub fn stubs(mut self, path: impl AsRef<Path>) -> Build {
        self.stubs = Some(path.as_ref().to_path_buf());
        self
    }

    /// The packages that were asked for.
    fn wanted(&self, packages: Vec<Package>) -> Vec<Package> {
        let wanted = |package: &Package| self.package.as_ref().is_none_or(|name| *name == package.name);
        packages.into_iter().filter(wanted).collect()
    }
}
