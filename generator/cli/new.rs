//! `kernelgen new`: a folder to start from.

use std::iter;
use std::path::{Path, PathBuf};

use crate::build::Build;
use crate::diag::{Error, Result};
use crate::render::{Checkout, Crates, Start, Starter, starter};
use crate::{output, spec};

use super::args::{self, Template};
use super::terminal::Terminal;

/// The runtime's crate in a clone.
const RUNTIME: &str = "templates/runtime";

pub(super) fn run(arguments: &args::New, terminal: &Terminal) -> Result<()> {
    let name = arguments.name.as_str();
    // A distribution's name ends as it begins.
    let plain = name.starts_with(|c: char| c.is_ascii_alphabetic()) && !name.ends_with('_');
    if !plain || !name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') {
        return Err(bad_name(name, "use letters, digits and `_`, a letter first, and no `_` at the end"));
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
    let steps = steps(arguments.template, commands).join("\n    ");
    terminal.talk(&format!("\nnext:\n    cd {name}\n    {steps}"));
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

/// The clone that this command was built from, if it is still there.
fn clone() -> Option<&'static Path> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    root.join(RUNTIME).join("Cargo.toml").is_file().then_some(root)
}

fn crates() -> Crates {
    let text = |path: PathBuf| toml::Value::from(path.to_string_lossy().replace('\\', "/")).to_string();
    let checkout =
        clone().map(|root| Checkout { kernelgen: text(root.to_path_buf()), runtime: text(root.join(RUNTIME)) });
    Crates { version: env!("CARGO_PKG_VERSION"), checkout }
}

/// What is printed: pip does not find the kernelgen of a clone, which is therefore installed first, and used as installed.
fn steps(template: Template, commands: &[&str]) -> Vec<String> {
    let commands = commands.iter().map(|&command| command.to_owned());
    match (template, clone()) {
        (Template::BuildRs, _) | (_, None) => commands.collect(),
        (_, Some(root)) => {
            let first = format!("pip install \"{}\"", root.display());
            let installed = |command: String| command.replace("pip install", "pip install --no-build-isolation");
            iter::once(first).chain(commands.map(installed)).collect()
        }
    }
}

fn bad_name(name: &str, help: &str) -> Error {
    Error::Setup { message: format!("`{}` is no name for a package", name.escape_debug()), help: help.to_owned() }
}
