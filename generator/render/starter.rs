//! What `kernelgen new` starts with: a spec, a test of it, and how to run both.

use serde::Serialize;

use crate::diag::Result;

use super::files::{File, Files};
use super::templates::{NEW_README, NEW_SPEC, NEW_TEST};

#[derive(Serialize)]
struct View<'a> {
    name: &'a str,
    file: &'a str,
}

/// The files of a new project around a package of this name. The spec's first line leads editors to `schema`, which lies
/// beside it, so that they need no network.
pub fn starter(name: &str, schema: &str) -> Result<Files> {
    let file = name.replace('.', "_");
    let view = View { name, file: &file };
    let files = [
        (format!("specs/{file}.toml"), NEW_SPEC.render(&view)?),
        (format!("tests/test_{file}.py"), NEW_TEST.render(&view)?),
        ("specs/kernelgen.schema.json".to_owned(), schema.to_owned()),
        ("README.md".to_owned(), NEW_README.render(&view)?),
    ];
    Ok(files.into_iter().map(|(path, text)| (path.into(), File::plain(text))).collect())
}
