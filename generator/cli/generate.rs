//! `kernelgen generate`: the sources, written, compared or listed.

use serde_json::json;
use similar::TextDiff;

use crate::build::{Build, Rendered};
use crate::diag::{Error, Result, StaleFile};
use crate::output;

use super::args;
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::Generate, terminal: &Terminal) -> Result<()> {
    let build = Build::new().specs(&arguments.path).out_dir(&arguments.out).backend(arguments.backend);
    if arguments.check {
        return check(&build.render()?, arguments, terminal);
    }
    if arguments.dry_run {
        return dry_run(&build.render()?, terminal);
    }
    for package in build.packages()? {
        let path = package.dir.display().to_string();
        terminal.result(
            &path,
            &json!({ "kind": "package", "name": package.name, "path": path, "changed": package.changed }),
        );
        terminal.talk(&match package.changed {
            0 => format!("{}: nothing has changed", package.name),
            changed => format!("{}: {changed} files written or removed", package.name),
        });
    }
    Ok(())
}

fn check(rendered: &Rendered, arguments: &args::Generate, terminal: &Terminal) -> Result<()> {
    let mut stale = Vec::new();
    for each in &rendered.packages {
        match output::check(&each.files, &each.dir) {
            Err(Error::Stale(files)) => stale.extend(files),
            done => done?,
        }
    }
    if stale.is_empty() {
        terminal.talk("the sources are what the specs give");
        return Ok(());
    }
    for file in &stale {
        terminal.result(diff(file).trim_end(), &change(file));
    }
    let mend = format!("kernelgen generate {} --out {}", arguments.path.display(), arguments.out.display());
    terminal.talk(&format!("to mend this, run `{mend}`"));
    Err(Error::Stale(stale))
}

fn dry_run(rendered: &Rendered, terminal: &Terminal) -> Result<()> {
    for each in &rendered.packages {
        for file in output::dry_run(&each.files, &each.dir)? {
            terminal.result(&format!("{} {}", verb(&file), file.path.display()), &change(&file));
        }
    }
    Ok(())
}

fn change(file: &StaleFile) -> serde_json::Value {
    json!({ "kind": "file", "path": file.path.display().to_string(), "change": verb(file) })
}

const fn verb(file: &StaleFile) -> &'static str {
    match (&file.found, &file.wanted) {
        (_, None) => "remove",
        (None, _) => "create",
        _ => "update",
    }
}

/// A unified diff from what stands there to what should.
fn diff(file: &StaleFile) -> String {
    let [found, wanted] = [&file.found, &file.wanted].map(|text| text.as_deref().unwrap_or_default());
    let path = file.path.display().to_string();
    let name =
        |text: &Option<String>, side: &str| text.as_ref().map_or("/dev/null".to_owned(), |_| format!("{side}/{path}"));
    let diff = TextDiff::from_lines(found, wanted);
    diff.unified_diff().header(&name(&file.found, "a"), &name(&file.wanted, "b")).to_string()
}
