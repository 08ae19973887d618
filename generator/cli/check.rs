//! `kernelgen check`: every mistake that needs no compiler.

use crate::build::Build;
use crate::diag::Result;

use super::args;
use super::terminal::Terminal;

pub(super) fn run(arguments: &args::Check, terminal: &Terminal) -> Result<()> {
    let rendered = Build::new().specs(&arguments.path).out_dir(std::env::temp_dir()).render()?;
    for each in rendered.packages {
        let kernels: Vec<&str> = each.package.kernels.iter().map(|kernel| kernel.name.as_str()).collect();
        terminal.talk(&format!("{}: {} is right", each.package.name, kernels.join(", ")));
    }
    Ok(())
}
