//! `kernelgen new`: a folder to start from.

use std::path::Path;

use crate::build::Build;
use crate::diag::{Error, Result};
use crate::{output, render, spec};

use super::args;
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::New, terminal: &Terminal) -> Result<()> {
    let name = arguments.name.as_str();
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !plain || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(bad_name(name, "use letters, digits and `_`, and a letter first"));
    }
    let dir = Path::new(name);
    let files = render::starter(name, &format!("{:#}\n", spec::schema()))?;
    output::create(&files, dir)?;
    // The rules for names are those of the specs.
    if let Err(error) = Build::new().specs(dir.join("specs")).out_dir(dir.join("build")).render() {
        output::disk::remove_folder(dir)?;
        return Err(match error {
            Error::Specs(report) => {
                let said = report.diagnostics.first().map(|mistake| mistake.message.clone());
                bad_name(name, &said.unwrap_or_default())
            }
            other => other,
        });
    }
    terminal.result(
        name,
        &serde_json::json!({ "kind": "package", "name": name, "path": name, "changed": files.iter().count() }),
    );
    terminal.talk(&format!("next: cd {name} && kernelgen build"));
    Ok(())
}

fn bad_name(name: &str, help: &str) -> Error {
    Error::Setup { message: format!("`{}` is no name for a package", name.escape_debug()), help: help.to_owned() }
}
