//! `kernelgen explain NAME`: the call of a kernel, and the head of its function in a body file.

use serde_json::json;

use crate::build::Build;
use crate::diag::{Error, Result};

use super::args;
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::Explain, terminal: &Terminal) -> Result<()> {
    let name = &arguments.name;
    let found = Build::new().specs(&arguments.path).explain(name)?;
    if found.is_empty() {
        return Err(Error::Setup {
            message: format!("there is no kernel `{name}` in `{}`", arguments.path.display()),
            help:
                "`kernelgen check` lists the kernels; a folder of specs comes second: `kernelgen explain NAME specs/`"
                    .to_owned(),
        });
    }
    for text in found {
        terminal.result(&text, &json!({ "kind": "kernel", "name": name, "text": text }));
    }
    Ok(())
}
