//! `kernelgen new`: a folder to start from.

use std::path::Path;

use crate::build::Build;
use crate::diag::{Error, Result};
use crate::render::{Crates, Start, Starter, starter};
use crate::{output, spec};

use super::args::{self, Template};
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::New, terminal: &Terminal) -> Result<()> {
    let name = arguments.name.as_str();
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic());
    if !plain || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(bad_name(name, "use letters, digits and `_`, and a letter first"));
    }
    let dir = Path::new(name);
    let Starter { files, commands } = project(arguments.template, name)?;
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
    let changed = files.iter().count();
    terminal.result(name, &serde_json::json!({ "kind": "package", "name": name, "path": name, "changed": changed }));
    terminal.talk(&format!("\nnext:\n    cd {name}\n    {}", commands.join("\n    ")));
    Ok(())
}

/// The files of a new project, and what to do with them.
pub(super) fn project(template: Template, name: &str) -> Result<Starter> {
    let start = match template {
        Template::Reduce => Start::Reduce,
        Template::Map => Start::Map,
        Template::Body => Start::Body,
        Template::Mixed => Start::Mixed,
        Template::BuildRs => Start::BuildRs,
    };
    starter(start, name, &format!("{:#}\n", spec::schema()), &crates())
}

/// The crates of the clone that this command was built from, else those of this version.
fn crates() -> Crates {
    let clone = Path::new(env!("CARGO_MANIFEST_DIR"));
    let there = clone.join("templates/runtime/Cargo.toml").is_file();
    let at = |path: &Path| match there {
        true => format!("path = {}", toml::Value::from(path.to_string_lossy().replace('\\', "/"))),
        false => format!("version = \"{}\"", env!("CARGO_PKG_VERSION")),
    };
    Crates {
        kernelgen: format!("{{ {}, default-features = false }}", at(clone)),
        runtime: format!("{{ {} }}", at(&clone.join("templates/runtime"))),
    }
}

fn bad_name(name: &str, help: &str) -> Error {
    Error::Setup { message: format!("`{}` is no name for a package", name.escape_debug()), help: help.to_owned() }
}
