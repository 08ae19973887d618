//! What `kernelgen new` starts with: a spec, a test of it, and how to run both.

use serde::Serialize;

use crate::diag::Result;

use super::files::{File, Files};
use super::templates::*;

/// What a new project is to show.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Start {
    /// A fold.
    Reduce,
    /// A ufunc.
    Map,
    /// A loop of its own, in a file beside the spec.
    Body,
    /// A kernel of each form.
    Mixed,
    /// Kernels inside a PyO3 crate.
    BuildRs,
}

/// Which kernelgen a new project stands on.
#[derive(Debug, Serialize)]
pub struct Crates {
    /// The version of its crates.
    pub version: &'static str,
    /// Where they are, if not on crates.io.
    #[serde(skip)]
    pub checkout: Option<Checkout>,
}

/// The paths of a clone's crates, as TOML writes strings.
#[derive(Debug, Serialize)]
pub struct Checkout {
    /// `kernelgen`.
    pub kernelgen: String,
    /// `kernelgen-runtime`.
    pub runtime: String,
}

/// What installs a project that kernelgen is the backend of.
const INSTALL: &str = "pip install -e \".[test]\"";

/// A new project.
#[derive(Debug)]
pub struct Starter {
    /// Its files.
    pub files: Files,
    /// The commands that build it, install it and test it, in its folder.
    pub commands: &'static [&'static str],
}

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    commands: &'a [&'a str],
    again: &'a str,
    #[serde(flatten)]
    crates: &'a Crates,
}

/// A new project around a package of this name. The spec's first line leads editors to `schema`, which lies beside it, so
/// that they need no network.
pub fn starter(start: Start, name: &str, schema: &str, crates: &Crates) -> Result<Starter> {
    let (spec, test, further): (_, _, &[(&str, Template)]) = match start {
        Start::Reduce => (NEW_REDUCE, NEW_REDUCE_TEST, &[]),
        Start::Map => (NEW_MAP, NEW_MAP_TEST, &[]),
        Start::Body => (NEW_BODY, NEW_BODY_TEST, &[("specs/bodies/smooth.rs", NEW_BODY_RUST)]),
        Start::Mixed => (NEW_MIXED, NEW_MIXED_TEST, &[]),
        Start::BuildRs => (
            NEW_BUILD_RS,
            NEW_BUILD_RS_TEST,
            &[
                ("Cargo.toml", NEW_CARGO),
                ("build.rs", NEW_SCRIPT),
                ("pyproject.toml", NEW_CRATE_PYPROJECT),
                ("src/lib.rs", NEW_LIB),
            ],
        ),
    };
    let (commands, again): (&[&str], _) = match start {
        Start::BuildRs => (&["pip install . pytest", "pytest"], "After a change: `pip install .`"),
        _ => (
            &[INSTALL, "pytest"],
            "After a change, import the package again: it is built anew. `kernelgen build` makes a wheel, in `dist/`.",
        ),
    };
    let view = View { name, commands, again, crates };
    let mut files = Files::default();
    files.insert(format!("specs/{name}.toml"), File::plain(spec.render(&view)?));
    files.insert("specs/kernelgen.schema.json", File::plain(schema));
    files.insert(format!("tests/test_{name}.py"), File::plain(test.render(&view)?));
    files.insert("README.md", File::plain(NEW_README.render(&view)?));
    files.insert(".gitignore", File::plain(NEW_GITIGNORE.render(&view)?));
    match (start, &crates.checkout) {
        (Start::BuildRs, Some(checkout)) => {
            files.insert(".cargo/config.toml", File::plain(NEW_CONFIG.render(checkout)?));
        }
        (Start::BuildRs, None) => {}
        _ => files.insert("pyproject.toml", File::plain(NEW_PYPROJECT.render(&view)?)),
    }
    for (path, template) in further {
        files.insert(path, File::plain(template.render(&view)?));
    }
    Ok(Starter { files, commands })
}
