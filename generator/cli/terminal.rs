//! What is printed, where and how: for people or programs, on a terminal or into a file.

use std::cell::Cell;
use std::env;
use std::io::{IsTerminal, Write, stderr, stdout};
use std::time::Instant;

use serde_json::{Value, json};

use crate::diag::{Error, Plain, Report};
use crate::wheel::Progress;

use super::args::MessageFormat;

/// Where results, talk, progress and errors go.
#[derive(Debug)]
pub(super) struct Terminal {
    format: MessageFormat,
    quiet: bool,
    verbose: bool,
    /// Whether stderr is a terminal, where a line of progress can be written over.
    live: bool,
    colour: bool,
    /// Whether such a line stands there now.
    progress: Cell<bool>,
}

impl Terminal {
    pub(super) fn new(format: MessageFormat, quiet: bool, verbose: bool) -> Terminal {
        let live = stderr().is_terminal();
        let no_color = env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|value| value == "dumb");
        Terminal { format, quiet, verbose, live, colour: live && !no_color && !dumb, progress: Cell::new(false) }
    }

    /// A result: a line on stdout, or an object where JSON is asked for.
    pub(super) fn result(&self, line: &str, object: &Value) {
        self.clear();
        // A reader that has gone away is no failure of ours.
        let _ = match self.format {
            MessageFormat::Json => writeln!(stdout(), "{object}"),
            _ => writeln!(stdout(), "{line}"),
        };
    }

    /// A line for whoever watches.
    pub(super) fn talk(&self, line: &str) {
        if !self.quiet {
            self.say(line);
        }
    }

    /// What a build is doing.
    pub(super) fn progress(&self, package: &str, begun: Instant, step: Progress<'_>) {
        let seconds = begun.elapsed().as_secs();
        match step {
            Progress::Failed(text) => self.say(text.trim_end()),
            _ if self.quiet => {}
            Progress::Note(text) => self.say(text),
            Progress::Line(line) if self.verbose => self.say(line),
            Progress::Compiling(name, begun, all) if !self.verbose => {
                let line = format!("{package}: compiling {name} ({begun} of at most {all}, {seconds} s)");
                if self.live {
                    self.clear();
                    let _ = write!(stderr(), "{line}");
                    let _ = stderr().flush();
                    self.progress.set(true);
                } else {
                    self.say(&line);
                }
            }
            Progress::Line(_) | Progress::Compiling(..) => {}
        }
    }

    /// What went wrong.
    pub(super) fn error(&self, error: &Error) {
        match (error, self.format) {
            (Error::Specs(report), MessageFormat::Json) => report.plain().iter().for_each(|plain| self.mistake(plain)),
            (Error::Specs(report), MessageFormat::Short) => self.say(report.short().trim_end()),
            (Error::Specs(report), MessageFormat::Human) => self.say(&self.drawn(report)),
            (_, MessageFormat::Json) => {
                let (message, help) = sentences(error);
                self.result("", &json!({ "kind": "error", "message": message, "help": help }));
            }
            (_, MessageFormat::Short | MessageFormat::Human) => {
                let (message, help) = sentences(error);
                self.say(&format!("{}: {message}", self.red("error")));
                if let Some(help) = help {
                    self.say(&format!("  help: {help}"));
                }
            }
        }
    }

    fn drawn(&self, report: &Report) -> String {
        let count = report.diagnostics.len();
        let mistakes = if count == 1 { "mistake" } else { "mistakes" };
        format!("{}{}: {count} {mistakes} in the specs", report.human(self.colour), self.red("error"))
    }

    fn mistake(&self, plain: &Plain) {
        let place = |place: Option<crate::diag::Place>| place.map(|at| json!({ "line": at.line, "column": at.column }));
        let object = json!({
            "kind": "mistake",
            "code": plain.code,
            "message": plain.message,
            "path": plain.path.as_ref().map(|path| path.display().to_string()),
            "start": place(plain.start),
            "end": place(plain.end),
            "label": plain.label,
            "help": plain.help,
        });
        self.result("", &object);
    }

    fn red(&self, word: &str) -> String {
        if self.colour { format!("\u{1b}[1;31m{word}\u{1b}[0m") } else { word.to_owned() }
    }

    fn say(&self, text: &str) {
        self.clear();
        let _ = writeln!(stderr(), "{text}");
    }

    /// Takes the line of progress away.
    fn clear(&self) {
        if self.progress.replace(false) {
            let _ = write!(stderr(), "\r\u{1b}[K");
        }
    }
}

/// An error in one sentence, and what to do about it.
pub(super) fn sentences(error: &Error) -> (String, Option<String>) {
    match error {
        Error::Setup { message, help } => (message.clone(), Some(help.clone())),
        Error::Stale(files) => match files.len() {
            1 => ("1 generated file no longer fits its spec".to_owned(), None),
            n => (format!("{n} generated files no longer fit their specs"), None),
        },
        other => (other.to_string(), None),
    }
}
