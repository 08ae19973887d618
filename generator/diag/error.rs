//! Everything that can go wrong, by who can fix it.

use std::fmt::{self, Debug, Display, Formatter};
use std::path::PathBuf;

use super::Report;

/// The result of a stage that can fail as a whole.
pub type Result<T> = std::result::Result<T, Error>;

/// Everything that can go wrong, by who can fix it.
#[non_exhaustive]
pub enum Error {
    /// The spec's author: places and help.
    Specs(Report),
    /// The committer: generated files that no longer fit their specs.
    Stale(Vec<StaleFile>),
    /// The machine: a file system that said no, always with its path.
    Io {
        /// What was tried.
        action: Action,
        /// On what.
        path: PathBuf,
        /// What the system said.
        source: std::io::Error,
    },
    /// The surroundings: one sentence that says what is missing or in the way, and one that mends it.
    Setup {
        /// What is wrong.
        message: String,
        /// What to do.
        help: String,
    },
    /// A tool that failed after its own output was shown.
    Tool {
        /// The command line.
        command: String,
        /// Its exit status in words.
        status: String,
    },
    /// A template that failed: a bug in kernelgen.
    Template {
        /// The template's name.
        name: &'static str,
        /// What minijinja said.
        source: minijinja::Error,
    },
}

/// What was tried on a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Action {
    Read,
    Write,
    Create,
    Remove,
    Rename,
    Lock,
}

/// A generated file that differs from what its spec gives today.
#[derive(Debug, Clone)]
pub struct StaleFile {
    /// Where it is.
    pub path: PathBuf,
    /// What stands there, if anything.
    pub found: Option<String>,
    /// What should stand there; `None` for a file that should be gone.
    pub wanted: Option<String>,
}

impl Display for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        match self {
            Error::Specs(report) => f.write_str(report.human(false).trim_end()),
            Error::Stale(files) => {
                write!(f, "generated files no longer fit their specs:")?;
                for file in files {
                    write!(f, "\n  {}", file.path.display())?;
                }
                write!(f, "\nrun `kernelgen generate` to write them anew")
            }
            Error::Io { action, path, source } => {
                write!(f, "could not {} `{}`: {source}", action.verb(), path.display())
            }
            Error::Setup { message, help } => write!(f, "{message}\n{help}"),
            Error::Tool { command, status } => write!(f, "`{command}` failed: {status}"),
            Error::Template { name, source } => {
                write!(f, "template `{name}` failed, which is a bug in kernelgen: {source:#}")
            }
        }
    }
}

/// The same text as `Display`, so that `fn main() -> Result<(), Error>` of a build.rs shows it.
impl Debug for Error {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        write!(f, "\n{self}")
    }
}

impl std::error::Error for Error {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Error::Io { source, .. } => Some(source),
            Error::Template { source, .. } => Some(source),
            _ => None,
        }
    }
}

impl From<Report> for Error {
    fn from(report: Report) -> Self {
        Error::Specs(report)
    }
}

impl Action {
    /// The verb of "could not VERB `path`".
    fn verb(self) -> &'static str {
        match self {
            Action::Read => "read",
            Action::Write => "write",
            Action::Create => "create",
            Action::Remove => "remove",
            Action::Rename => "rename",
            Action::Lock => "lock",
        }
    }
}
