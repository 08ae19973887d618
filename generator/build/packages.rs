//! Packages that stand alone: crates with the runtime in them, as the command writes them.

use std::path::{Path, PathBuf};

use super::{Build, project};
use crate::diag::{Result, Sources};
use crate::model::Package;
use crate::render::Files;
use crate::{check, output, render, spec};

/// Where packages go if nobody says otherwise.
pub const OUT: &str = "build/kernelgen";

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

impl Build {
    /// Reads, checks and renders the specs as packages that stand alone; writes nothing.
    pub fn render(&self) -> Result<Rendered> {
        let loaded = spec::load(&self.specs)?;
        let mut rendered = Vec::new();
        for package in self.wanted(check::check(&loaded)?) {
            let dir = self.out.as_deref().unwrap_or(Path::new(OUT)).join(&package.name);
            let below = loaded.folders.iter().map(|folder| &folder.path).filter(|path| path.starts_with(&self.specs));
            output::refuse_inside(&dir, below)?;
            let mut files = render::render(&package, kernelgen_runtime::source::FILES)?;
            project::add(&package, &loaded.sources, &mut files)?;
            rendered.push(RenderedPackage { files, package, dir });
        }
        if self.backend {
            project::one(rendered.iter().map(|each| &each.package), &self.specs)?;
        }
        Ok(Rendered { sources: loaded.sources, packages: rendered })
    }

    /// What kernels called `name` are, in a few lines each; a body's file need not be there yet.
    pub fn explain(&self, name: &str) -> Result<Vec<String>> {
        let mut loaded = spec::load(&self.specs)?;
        loaded.forget_body(name);
        let packages = self.wanted(check::check(&loaded)?);
        let kernels = packages.iter().flat_map(|package| package.kernels.iter().map(move |kernel| (kernel, package)));
        let named = kernels.filter(|(kernel, _)| kernel.name == name);
        Ok(named.map(|(kernel, package)| render::explain(kernel, package)).collect())
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
}
