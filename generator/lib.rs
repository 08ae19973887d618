//! kernelgen: describe a NumPy kernel in TOML, get a Python module written in Rust.

pub mod build;
pub mod check;
#[cfg(feature = "cli")]
pub mod cli;
pub mod diag;
pub mod model;
pub mod output;
pub mod render;
pub mod spec;
#[cfg(feature = "cli")]
pub mod wheel;

/// The file that marks a folder as written by kernelgen.
pub const MARKER: &str = ".kernelgen";

pub use build::{Build, generate};
pub use diag::Error;
