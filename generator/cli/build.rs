//! `kernelgen build`: a wheel for each package.

use std::time::Instant;

use serde_json::json;

use crate::build::{Build, RenderedPackage};
use crate::diag::Result;
use crate::wheel::{self, Crate, Options, Wheel};
use crate::{model, output};

use super::args;
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::Build, terminal: &Terminal) -> Result<()> {
    let advice = wheels(arguments, terminal)?;
    if !arguments.backend {
        terminal.talk(&advice);
    }
    Ok(())
}

/// Builds the wheels; gives the advice on what to do with them.
pub(super) fn wheels(arguments: &args::Build, terminal: &Terminal) -> Result<String> {
    let rendered = Build::new().specs(&arguments.path).out_dir(&arguments.out).backend(arguments.backend).render()?;
    let options = Options {
        dist: arguments.dist.clone(),
        python: arguments.python.clone(),
        offline: arguments.offline,
        profile: arguments.profile.into(),
    };
    let mut wheels = Vec::new();
    for RenderedPackage { package, files, dir } in &rendered.packages {
        let begun = Instant::now();
        // Held until the wheel is there, so that nobody changes what is being compiled.
        let _written = output::write(files, dir)?;
        let crate_ = Crate { dir, files, sources: &rendered.sources };
        let wheel = wheel::build(crate_, &options, &mut |step| terminal.progress(&package.name, begun, step))?;
        let path = wheel.path.display().to_string();
        terminal.result(&path, &json!({ "kind": "wheel", "name": package.name, "path": path, "kept": wheel.kept }));
        terminal.talk(&match wheel.kept {
            true => format!("{}: nothing has changed", package.name),
            false => format!("{}: built in {:.1} s", package.name, begun.elapsed().as_secs_f64()),
        });
        wheels.push((package, wheel));
    }
    Ok(next(&wheels))
}

/// The two commands that come next: install the wheels, try the first kernel.
fn next(wheels: &[(&model::Package, Wheel)]) -> String {
    let paths: Vec<String> = wheels.iter().map(|(_, wheel)| wheel.path.display().to_string()).collect();
    let install = format!("\nnext:\n    pip install {}", paths.join(" "));
    match wheels.first().and_then(|(package, _)| try_out(package)) {
        Some(line) => format!("{install}\n    python -c '{line}'"),
        None => install,
    }
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
