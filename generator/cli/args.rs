//! The arguments, as clap reads them.

use std::path::PathBuf;

use clap::{Args, Parser, Subcommand, ValueEnum};

use crate::build::OUT;
use crate::wheel;

/// Describe a NumPy kernel in TOML, get a Python module written in Rust.
#[derive(Debug, Parser)]
#[command(version, about, after_help = AFTER)]
pub(super) struct Cli {
    #[command(subcommand)]
    pub(super) verb: Verb,
    /// Say nothing but results and errors
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub(super) quiet: bool,
    /// Show what cargo and maturin say
    #[arg(short, long, global = true)]
    pub(super) verbose: bool,
    /// How results and errors are printed
    #[arg(long, global = true, value_enum, default_value_t, value_name = "FORMAT")]
    pub(super) message_format: MessageFormat,
}

const AFTER: &str = "\
Exit code 0: done; 1: the specs are wrong, or generated files are stale; 2: it could not run.

With --message-format json each line on stdout is one object, by its `kind`:
  {\"kind\":\"mistake\",\"code\",\"message\",\"path\",\"start\":{\"line\",\"column\"},\"end\",\"label\",\"help\":[]}
  {\"kind\":\"error\",\"message\",\"help\"}
  {\"kind\":\"finding\",\"name\",\"state\",\"text\",\"help\"}  ok or problem: doctor
  {\"kind\":\"kernel\",\"name\",\"text\"}            explain
  {\"kind\":\"package\",\"name\",\"path\",\"changed\"}   written; `changed` counts files
  {\"kind\":\"file\",\"path\",\"change\"}              create, update or remove: --dry-run, --check
  {\"kind\":\"workflow\",\"path\",\"text\"}        one of the two: ci
  {\"kind\":\"wheel\",\"name\",\"path\",\"kept\"}        `kept` where nothing had changed
Lines and columns count from 1.";

#[derive(Debug, Subcommand)]
pub(super) enum Verb {
    /// Build a wheel for each package of the specs
    Build(Build),
    /// Report every mistake that needs no compiler
    Check(Check),
    /// Write what a service for continuous integration needs to build the wheels
    #[command(subcommand)]
    Ci(Ci),
    /// Look at all that a build needs: cargo, rustc, linker, Python, NumPy, maturin, cache, crates
    Doctor(Doctor),
    /// Show the call of a kernel, and the head of its function in a body file
    Explain(Explain),
    /// Write the sources of each package
    Generate(Generate),
    /// Start a project: a folder with a spec, a test and a README
    New(New),
    /// Print the JSON Schema of the spec language, for editors
    Schema,
    /// Build again whenever a spec or a body changes, until Ctrl-C
    Watch(Build),
}

#[derive(Debug, Args)]
pub(super) struct Build {
    /// A folder of specs, or one spec file
    #[arg(default_value = "specs")]
    pub(super) path: PathBuf,
    /// Where the sources go, in a folder for each package
    #[arg(long, default_value = OUT, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Where the wheels go
    #[arg(long, default_value = "dist", value_name = "DIR")]
    pub(super) dist: PathBuf,
    /// The Python to build with [default: the first on PATH from 3.11 on]
    #[arg(long, value_name = "EXECUTABLE")]
    pub(super) python: Option<PathBuf>,
    /// For which interpreters [default: the Python to build with, and all later ones if it has a GIL]
    #[arg(long, value_enum, value_delimiter = ',', value_name = "KINDS")]
    pub(super) wheels: Vec<Wheels>,
    /// Keep cargo and pip from the network
    #[arg(long)]
    pub(super) offline: bool,
    /// How much rustc optimizes
    #[arg(long, value_enum, default_value_t)]
    pub(super) profile: Profile,
    /// For the Python package: one package with its project, no advice
    #[arg(long, hide = true)]
    pub(super) backend: bool,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// A folder of specs, or one spec file
    #[arg(default_value = "specs")]
    pub(super) path: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum Ci {
    /// A workflow of GitHub Actions that runs cibuildwheel
    Github(Github),
}

#[derive(Debug, Args)]
pub(super) struct Github {
    /// A folder of specs, or one spec file
    #[arg(default_value = "specs")]
    pub(super) path: PathBuf,
    /// Write it to .github/workflows/wheels.yml instead of printing it
    #[arg(long)]
    pub(super) write: bool,
}

#[derive(Debug, Args)]
pub(super) struct Doctor {
    /// The Python to look at [default: the first on PATH from 3.11 on]
    #[arg(long, value_name = "EXECUTABLE")]
    pub(super) python: Option<PathBuf>,
    /// Say whether a build without a network can work
    #[arg(long)]
    pub(super) offline: bool,
}

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The name of a kernel
    pub(super) name: String,
    /// A folder of specs, or one spec file
    #[arg(default_value = "specs")]
    pub(super) path: PathBuf,
}

#[derive(Debug, Args)]
pub(super) struct Generate {
    /// A folder of specs, or one spec file
    #[arg(default_value = "specs")]
    pub(super) path: PathBuf,
    /// Where the sources go, in a folder for each package
    #[arg(long, default_value = OUT, value_name = "DIR")]
    pub(super) out: PathBuf,
    /// Write nothing; fail with a diff if the sources are not what the specs give
    #[arg(long, conflicts_with = "dry_run")]
    pub(super) check: bool,
    /// Write nothing; list what would be written or removed
    #[arg(long)]
    pub(super) dry_run: bool,
    /// For the Python package: one package with its project, no advice
    #[arg(long, hide = true)]
    pub(super) backend: bool,
}

#[derive(Debug, Args)]
pub(super) struct New {
    /// The folder to make, and the import name of its package
    pub(super) name: String,
    /// What it starts with
    #[arg(long, value_enum, default_value_t)]
    pub(super) template: Template,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Template {
    /// A fold of all elements
    #[default]
    Reduce,
    /// A ufunc, element by element
    Map,
    /// A loop of its own, in a Rust file beside the spec
    Body,
    /// A kernel of each form
    Mixed,
    /// Kernels inside a PyO3 crate
    BuildRs,
}

/// How results and errors are printed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, ValueEnum)]
pub(super) enum MessageFormat {
    /// For people: file, line, caret and help
    #[default]
    Human,
    /// One line each
    Short,
    /// One JSON object a line, on stdout
    Json,
}

#[derive(Debug, Clone, Copy, Default, ValueEnum)]
pub(super) enum Profile {
    /// As fast as rustc can make it
    #[default]
    Release,
    /// Compiled quickly, slow to run
    Dev,
}

/// For which interpreters wheels are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Wheels {
    /// CPython with a GIL, from 3.11 on: cp311-abi3
    Abi3,
    /// Free-threaded CPython 3.14: cp314-cp314t
    FreeThreaded,
    /// CPython from 3.15 on, free-threaded or not: cp315-abi3.abi3t
    Abi3t,
    /// A wheel of each kind
    All,
}

impl Wheels {
    /// The kinds that it stands for.
    pub(super) fn kinds(self) -> &'static [wheel::Kind] {
        match self {
            Wheels::Abi3 => &[wheel::Kind::Abi3],
            Wheels::FreeThreaded => &[wheel::Kind::FreeThreaded],
            Wheels::Abi3t => &[wheel::Kind::Abi3t],
            Wheels::All => &wheel::Kind::ALL,
        }
    }
}

impl From<Profile> for wheel::Profile {
    fn from(profile: Profile) -> wheel::Profile {
        match profile {
            Profile::Release => wheel::Profile::Release,
            Profile::Dev => wheel::Profile::Dev,
        }
    }
}
