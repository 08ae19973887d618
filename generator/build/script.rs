//! Kernels inside somebody's own crate: what a build script calls.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf, absolute};

use super::Build;
use crate::diag::{Action, Error, Result};
use crate::model::Package;
use crate::{check, output, render, spec};

/// Generates the kernels of `specs` for the crate whose build script calls it.
///
/// Each package is a file of `$OUT_DIR/kernelgen` with a module in it:
/// `include!(concat!(env!("OUT_DIR"), "/kernelgen/gilexample.rs"));`. Cargo is told to run the build script
/// again when a spec changes.
///
/// ```no_run
/// fn main() -> Result<(), kernelgen::Error> {
///     kernelgen::generate("specs")
/// }
/// ```
///
/// # Errors
/// Everything that is wrong with the specs, at once; its `Debug` is the report to read.
pub fn generate(specs: impl AsRef<Path>) -> Result<()> {
    Build::new().specs(specs).generate()
}

impl Build {
    /// Writes the packages as modules to include, with all that [`generate`] does.
    pub fn generate(&self) -> Result<()> {
        tell_cargo(&self.specs);
        let dir = self.script_dir()?;
        let loaded = spec::load(&self.specs)?;
        loaded.sources.paths().for_each(tell_cargo);
        let packages = self.wanted(check::check(&loaded)?);
        let named = self.package.as_ref().filter(|_| packages.is_empty());
        if let Some(name) = named {
            return Err(Error::Setup {
                message: format!("no package of `{}` is called `{name}`", self.specs.display()),
                help: "give `package` the name of one, or leave it out for all of them".to_owned(),
            });
        }
        refuse_one_module(&packages)?;
        output::write(&render::embed(&packages, &dir)?, &dir)?;
        match &self.stubs {
            Some(path) => output::write_one(path, &render::embedded_stub(&packages)?),
            None => Ok(()),
        }
    }

    /// The folder of the generated modules.
    fn script_dir(&self) -> Result<PathBuf> {
        let own = std::env::var_os("OUT_DIR").map(|dir| Path::new(&dir).join("kernelgen"));
        let dir = self.out.clone().or(own).ok_or_else(|| Error::Setup {
            message: "`OUT_DIR` is not set: this is not a build script".to_owned(),
            help: "call it in build.rs, or say where the modules go with `out_dir`".to_owned(),
        })?;
        absolute(&dir).map_err(|source| Error::Io { action: Action::Read, path: dir, source })
    }
}

/// Fails where two packages would be the same Rust module: `a.b` and `a_b`.
fn refuse_one_module(packages: &[Package]) -> Result<()> {
    let mut modules = BTreeMap::new();
    for package in packages {
        if let Some(other) = modules.insert(render::module_name(package), &package.name) {
            return Err(Error::Setup {
                message: format!("the packages `{other}` and `{}` would be the same Rust module", package.name),
                help: "rename one of them, or generate each by a `Build` of its own with `package` and `out_dir`"
                    .to_owned(),
            });
        }
    }
    Ok(())
}

/// Asks cargo to run the build script again when a file, or anything in a folder, changes.
fn tell_cargo(path: &Path) {
    println!("cargo::rerun-if-changed={}", path.display());
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    /// A folder of its own for a test, removed at the end.
    struct Temp(PathBuf);

    impl Temp {
        fn new(name: &str) -> Temp {
            let path = std::env::temp_dir().join(format!("kernelgen script {name} {}", std::process::id()));
            let _ = fs::remove_dir_all(&path);
            Temp(path)
        }

        fn build(&self) -> Build {
            Build::new().specs("specs/gilexample").out_dir(&self.0)
        }
    }

    impl Drop for Temp {
        fn drop(&mut self) {
            let _ = fs::remove_dir_all(&self.0);
        }
    }

    #[track_caller]
    fn refused(build: &Build, words: &str) {
        let error = build.generate().expect_err("refused").to_string();
        assert!(error.contains(words), "{error}");
    }

    #[test]
    fn an_unchanged_spec_rewrites_no_file() {
        let temp = Temp::new("unchanged");
        let stub = temp.0.with_extension("pyi");
        let times = || {
            [temp.0.join("gilexample.rs"), temp.0.join("gilexample/sum.rs"), stub.clone()].map(|path| {
                fs::metadata(&path)
                    .and_then(|data| data.modified())
                    .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
            })
        };
        temp.build().stubs(&stub).generate().unwrap();
        let before = times();
        temp.build().stubs(&stub).generate().unwrap();
        assert_eq!(times(), before);
        fs::remove_file(stub).unwrap();
    }

    #[test]
    fn what_cannot_be_done_is_said_and_nothing_is_written() {
        let temp = Temp::new("refused");
        refused(&temp.build().package("gilexampel"), "no package of `specs/gilexample` is called `gilexampel`");
        refused(&temp.build().specs("nowhere"), "nowhere");
        assert!(!temp.0.exists());
        refused(&Build::new().specs("specs/gilexample"), "`OUT_DIR` is not set");
    }

    #[test]
    fn two_packages_are_not_one_module() {
        let temp = Temp::new("modules");
        for name in ["a.b", "a_b"] {
            let spec = include_str!("../../specs/gilexample/sum.toml").replace("\"gilexample\"", &format!("{name:?}"));
            let folder = temp.0.join("specs").join(name);
            fs::create_dir_all(&folder).unwrap();
            fs::write(folder.join("sum.toml"), spec).unwrap();
        }
        let build = temp.build().specs(temp.0.join("specs")).out_dir(temp.0.join("out"));
        refused(&build, "the packages `a.b` and `a_b` would be the same Rust module");
        build.package("a_b").generate().unwrap();
    }

    #[test]
    fn a_stub_is_not_written_over_what_is_not_ours() {
        let temp = Temp::new("stub");
        fs::create_dir_all(&temp.0).unwrap();
        let stub = temp.0.join("host.pyi");
        fs::write(&stub, "def own() -> int: ...\n").unwrap();
        refused(&temp.build().out_dir(temp.0.join("out")).stubs(&stub), "was not written by kernelgen");
        assert_eq!(fs::read_to_string(&stub).unwrap(), "def own() -> int: ...\n");
    }
}
