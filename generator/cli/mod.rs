//! The command line: one file a verb; the only place that prints.
//!
//! Results go to stdout, talk to stderr. Exit code 0: done; 1: the specs are wrong, or generated
//! files are stale; 2: it could not run.

mod args;
mod build;
mod check;
mod ci;
mod doctor;
mod explain;
mod generate;
mod new;
mod schema;
mod terminal;
mod watch;

use std::process::ExitCode;

use clap::Parser;

use crate::diag::Error;

use args::{Cli, Verb};
use terminal::Terminal;

/// Runs the command with this process's arguments.
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    let terminal = Terminal::new(cli.message_format, cli.quiet, cli.verbose);
    let done = match &cli.verb {
        Verb::Build(arguments) => build::run(arguments, &terminal),
        Verb::Check(arguments) => check::run(arguments, &terminal),
        Verb::Ci(arguments) => ci::run(arguments, &terminal),
        Verb::Doctor(arguments) => doctor::run(arguments, &terminal),
        Verb::Explain(arguments) => explain::run(arguments, &terminal),
        Verb::Generate(arguments) => generate::run(arguments, &terminal),
        Verb::New(arguments) => new::run(arguments, &terminal),
        Verb::Schema => schema::run(&terminal),
        Verb::Watch(arguments) => watch::run(arguments, &terminal),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            terminal.error(&error);
            ExitCode::from(if matches!(error, Error::Specs(_) | Error::Stale(_)) { 1 } else { 2 })
        }
    }
}
