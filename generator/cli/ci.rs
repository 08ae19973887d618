//! `kernelgen ci github`: a workflow that builds the wheels for all platforms.

use std::path::Path;

use serde_json::json;

use crate::build::Build;
use crate::diag::{Error, Result};
use crate::{output, render};

use super::args;
use super::terminal::Terminal;

/// Where GitHub looks for it.
const PLACE: &str = ".github/workflows/wheels.yml";

pub(super) fn run(arguments: &args::Ci, terminal: &Terminal) -> Result<()> {
    let args::Ci::Github(arguments) = arguments;
    let specs = arguments.path.to_string_lossy().replace('\\', "/");
    if arguments.path.is_absolute() {
        return Err(Error::Setup {
            message: format!("`{specs}` is a path of this machine"),
            help: "run this at the root of the repository, with the path from there".to_owned(),
        });
    }
    let rendered = Build::new().specs(&arguments.path).out_dir(std::env::temp_dir()).render()?;
    let text = render::workflow(&specs, rendered.packages.iter().map(|each| &each.package))?;
    if !arguments.write {
        terminal.result(text.trim_end(), &json!({ "kind": "workflow", "text": text }));
        return Ok(());
    }
    output::write_one(Path::new(PLACE), &text)?;
    terminal.result(PLACE, &json!({ "kind": "workflow", "path": PLACE }));
    terminal.talk("\nnext:\n    commit it, and push: the wheels are artifacts of its runs");
    Ok(())
}
