//! The templates, by name, and the engine that fills them.
//!
//! A template decides nothing and looks like what it prints. Statements are lines that start with
//! `//%` in Rust, `#%` in Python; `{{ name }}` prints a value.

use minijinja::syntax::SyntaxConfig;
use minijinja::value::Serde;
use minijinja::{Environment, UndefinedBehavior};
use serde::Serialize;

use crate::diag::{Error, Result};

/// A template: its name, its text, and what starts a statement in it.
pub(super) struct Template {
    name: &'static str,
    text: &'static str,
    statement: &'static str,
}

macro_rules! templates {
    ($($id:ident = $path:literal, $statement:literal;)*) => {
        $(pub(super) const $id: Template = Template {
            name: $path,
            text: include_str!(concat!("../../templates/", $path)),
            statement: $statement,
        };)*

        #[cfg(test)]
        const ALL: &[Template] = &[$($id),*];
    };
}

templates! {
    KERNEL = "kernel/kernel.rs.j2", "//%";
    LIB = "package/lib.rs.j2", "//%";
    MODULE = "package/module.rs.j2", "//%";
    README = "package/README.md.j2", "%%";
    INIT = "python/__init__.py.j2", "#%";
    THREADPOOL = "python/_threadpool.py.j2", "#%";
    BENCH = "python/bench.py.j2", "#%";
    TESTS = "python/tests/__init__.py.j2", "#%";
    TESTS_CALLS = "python/tests/calls.py.j2", "#%";
    TESTS_KERNELS = "python/tests/kernels.py.j2", "#%";
    TESTS_LAYOUTS = "python/tests/layouts.py.j2", "#%";
    TESTS_OF_KERNELS = "python/tests/test_kernels.py.j2", "#%";
    STUB = "python/__init__.pyi.j2", "#%";
    STUB_FUNCTIONS = "python/functions.pyi.j2", "#%";
    STUB_KEYWORDS = "python/keywords.pyi.j2", "#%";
    STUB_JUST = "python/just.pyi.j2", "#%";
    STUB_CALLS = "python/calls.pyi.j2", "#%";
    STUB_UFUNC = "python/ufunc.pyi.j2", "#%";
    STUB_METHODS = "python/methods.pyi.j2", "#%";
    STUB_AT = "python/at.pyi.j2", "#%";
    CI_GITHUB = "ci/github.yml.j2", "#%";
    NEW_README = "new/README.md.j2", "%%";
    NEW_PYPROJECT = "new/pyproject.toml.j2", "#%";
    NEW_GITIGNORE = "new/gitignore.j2", "#%";
    NEW_REDUCE = "new/reduce/spec.toml.j2", "#%";
    NEW_REDUCE_TEST = "new/reduce/test.py.j2", "#%";
    NEW_MAP = "new/map/spec.toml.j2", "#%";
    NEW_MAP_TEST = "new/map/test.py.j2", "#%";
    NEW_BODY = "new/body/spec.toml.j2", "#%";
    NEW_BODY_RUST = "new/body/smooth.rs.j2", "//%";
    NEW_BODY_TEST = "new/body/test.py.j2", "#%";
    NEW_MIXED = "new/mixed/spec.toml.j2", "#%";
    NEW_MIXED_TEST = "new/mixed/test.py.j2", "#%";
    NEW_BUILD_RS = "new/build-rs/spec.toml.j2", "#%";
    NEW_BUILD_RS_TEST = "new/build-rs/test.py.j2", "#%";
    NEW_CARGO = "new/build-rs/Cargo.toml.j2", "#%";
    NEW_SCRIPT = "new/build-rs/build.rs.j2", "//%";
    NEW_LIB = "new/build-rs/lib.rs.j2", "//%";
    NEW_CRATE_PYPROJECT = "new/build-rs/pyproject.toml.j2", "#%";
    NEW_CONFIG = "new/build-rs/config.toml.j2", "#%";
}

impl Template {
    /// Fills the template; a failure is a bug of kernelgen's.
    pub(super) fn render(&self, view: &impl Serialize) -> Result<String> {
        self.try_render(view).map_err(|source| Error::Template { name: self.name, source })
    }

    fn try_render(&self, view: &impl Serialize) -> std::result::Result<String, minijinja::Error> {
        self.environment()?.get_template(self.name)?.render(Serde(view))
    }

    fn environment(&self) -> std::result::Result<Environment<'static>, minijinja::Error> {
        let mut environment = Environment::empty();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_debug(true);
        environment.set_syntax(
            SyntaxConfig::builder().line_statement_prefix(self.statement).keep_trailing_newline(true).build()?,
        );
        environment.add_template(self.name, self.text)?;
        Ok(environment)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_template_loads() {
        for template in ALL {
            assert!(template.environment().is_ok(), "{}", template.name);
        }
    }
}
