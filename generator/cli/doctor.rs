//! `kernelgen doctor`: a line for each thing that a build needs, with its fix where it is not as it should be.

use std::path::Path;

use serde_json::json;

use crate::build::Build;
use crate::diag::{Error, Result};
use crate::output;
use crate::wheel::{self, Finding};

use super::terminal::{Terminal, sentences};
use super::{args, new};

pub(super) fn run(arguments: &args::Doctor, terminal: &Terminal) -> Result<()> {
    let room = std::env::temp_dir().join(format!("kernelgen-doctor-{}", std::process::id()));
    let findings = examine(arguments, &room);
    output::disk::remove_folder(&room)?;
    let findings = findings?;
    for finding in &findings {
        tell(finding, terminal);
    }
    if findings.iter().any(|each| each.found.is_err() && !each.dispensable) {
        return Err(Error::Setup {
            message: "a build cannot work here".to_owned(),
            help: "mend what is a problem above, then run `kernelgen doctor` again".to_owned(),
        });
    }
    terminal.talk("a build can work");
    Ok(())
}

/// Writes a small package, for its crates to be looked for, and looks at everything.
fn examine(arguments: &args::Doctor, room: &Path) -> Result<Vec<Finding>> {
    let project = room.join("project");
    output::create(&new::project(args::Template::Reduce, "patient")?.files, &project)?;
    let packages = Build::new().specs(project.join("specs")).out_dir(room.join("out")).packages()?;
    let package = packages.first().map(|package| package.dir.clone()).unwrap_or_default();
    Ok(wheel::examine(&package, &room.join("empty"), arguments.python.as_deref(), arguments.offline))
}

fn tell(finding: &Finding, terminal: &Terminal) {
    let name = finding.name;
    let (state, text, help) = match &finding.found {
        Ok(text) => ("ok", text.clone(), None),
        Err(error) => {
            let (message, help) = sentences(error);
            ("problem", message, help)
        }
    };
    let fix = help.as_ref().map(|help| format!("\n{:18}fix: {help}", "")).unwrap_or_default();
    let object = json!({ "kind": "finding", "name": name, "state": state, "text": text, "help": help });
    terminal.result(&format!("{name:8}  {state:7} {text}{fix}"), &object);
}
