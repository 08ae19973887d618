//! `kernelgen build`: a wheel for each package, or one of each kind.

use std::time::Instant;

use serde_json::json;

use crate::build::{Build, RenderedPackage};
use crate::diag::Result;
use crate::wheel::{self, Crate, Kind, Options, Wheel};
use crate::{model, output};

use super::args;
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::Build, terminal: &Terminal) -> Result<()> {
    let advice = wheels(arguments, terminal)?;
    if !arguments.backend {
        advice.iter().for_each(|advice| terminal.talk(advice));
    }
    Ok(())
}

/// Builds the wheels; gives the advice on what to do with them.
pub(super) fn wheels(arguments: &args::Build, terminal: &Terminal) -> Result<Option<String>> {
    let rendered = Build::new().specs(&arguments.path).out_dir(&arguments.out).backend(arguments.backend).render()?;
    let kinds = kinds(&arguments.wheels);
    let mut wheels = Vec::new();
    for RenderedPackage { package, files, dir } in &rendered.packages {
        // Held until the wheels are there, so that nobody changes what is being compiled.
        let _written = output::write(files, dir)?;
        let crate_ = Crate { dir, files, sources: &rendered.sources };
        for &kind in &kinds {
            let wheel = build(&package.name, crate_, kind, arguments, terminal)?;
            if kind.is_none_or(|kind| kind == Kind::Abi3) {
                wheels.push((package, wheel));
            }
        }
    }
    Ok(next(&wheels))
}

/// What was asked for, each kind once; without a word, the one kind that the Python in use imports.
fn kinds(asked: &[args::Wheels]) -> Vec<Option<Kind>> {
    let named = |kind: &Kind| asked.iter().any(|word| word.kinds().contains(kind));
    let kinds: Vec<_> = Kind::ALL.into_iter().filter(named).map(Some).collect();
    if kinds.is_empty() { vec![None] } else { kinds }
}

/// Builds one wheel, and says so.
fn build(
    name: &str,
    crate_: Crate<'_>,
    kind: Option<Kind>,
    arguments: &args::Build,
    terminal: &Terminal,
) -> Result<Wheel> {
    let options = Options {
        dist: arguments.dist.clone(),
        python: arguments.python.clone(),
        kind,
        offline: arguments.offline,
        profile: arguments.profile.into(),
    };
    let title = kind.map_or(name.to_owned(), |kind| format!("{name}, {}", kind.name()));
    let begun = Instant::now();
    let wheel = wheel::build(crate_, &options, &mut |step| terminal.progress(&title, begun, step))?;
    let path = wheel.path.display().to_string();
    terminal.result(&path, &json!({ "kind": "wheel", "name": name, "path": path, "kept": wheel.kept }));
    terminal.talk(&match wheel.kept {
        true => format!("{title}: nothing has changed"),
        false => format!("{title}: built in {:.1} s", begun.elapsed().as_secs_f64()),
    });
    Ok(wheel)
}

/// The two commands that come next: install the wheels, try the first kernel.
fn next(wheels: &[(&model::Package, Wheel)]) -> Option<String> {
    let (package, _) = wheels.first()?;
    let paths: Vec<String> = wheels.iter().map(|(_, wheel)| wheel.path.display().to_string()).collect();
    let install = format!("\nnext:\n    pip install {}", paths.join(" "));
    Some(match try_out(package) {
        Some(line) => format!("{install}\n    python -c '{line}'"),
        None => install,
    })
}

/// A line of Python that calls the first kernel: its first example where that can be quoted.
fn try_out(package: &model::Package) -> Option<String> {
    let kernel = package.kernels.first()?;
    let calls = kernel.examples.iter().filter_map(|text| text.split(" == ").next());
    let call = format!("{}(", kernel.name);
    let plain = |text: &&str| text.starts_with(&call) && !text.contains(['\'', '"', '\n']) && !text.contains("np.");
    let (name, kernel) = (&package.name, &kernel.name);
    Some(match calls.into_iter().find(plain) {
        Some(example) => format!("import {name}; print({name}.{example})"),
        None => format!("import {name}; help({name}.{kernel})"),
    })
}
