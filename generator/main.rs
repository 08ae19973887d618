//! The command `kernelgen`.

use std::process::ExitCode;

fn main() -> ExitCode {
    kernelgen::cli::main()
}
