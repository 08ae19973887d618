//! For which interpreters a wheel is, and what that takes.

use std::ffi::OsString;

use super::tools::Python;

/// For which interpreters a wheel is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// CPython with a GIL, from 3.11 on: `cp311-abi3`.
    Abi3,
    /// Free-threaded CPython 3.14, for which there is no stable ABI: `cp314-cp314t`.
    FreeThreaded,
    /// CPython from 3.15 on, free-threaded or not: `cp315-abi3.abi3t`.
    Abi3t,
}

impl Kind {
    /// All of them, from the oldest interpreter on.
    pub const ALL: [Kind; 3] = [Kind::Abi3, Kind::FreeThreaded, Kind::Abi3t];

    /// What it is called.
    pub const fn name(self) -> &'static str {
        match self {
            Kind::Abi3 => "abi3",
            Kind::FreeThreaded => "free-threaded",
            Kind::Abi3t => "abi3t",
        }
    }

    /// The one that a Python imports.
    pub(super) const fn of(python: &Python) -> Kind {
        if python.free_threaded { Kind::FreeThreaded } else { Kind::Abi3 }
    }

    /// The features of a generated crate that make it. Each kind has other features of pyo3's, too, and so does not undo what was
    /// compiled for others in the same target folder.
    pub(super) const fn features(self) -> &'static [&'static str] {
        match self {
            Kind::Abi3 => &[],
            Kind::FreeThreaded => &["--no-default-features"],
            Kind::Abi3t => &["--no-default-features", "--features", "abi3t"],
        }
    }

    /// What maturin is told to build for: the Python in use where that will do, else a version, whose settings maturin knows by heart.
    pub(super) fn interpreter(self, python: &Python) -> OsString {
        match self {
            _ if self.is_of(python) => python.base.clone().into(),
            Kind::Abi3 => "3.11".into(),
            Kind::FreeThreaded => "3.14t".into(),
            Kind::Abi3t => "3.15".into(),
        }
    }

    /// Whether it is built for the Python in use.
    pub(super) fn is_of(self, python: &Python) -> bool {
        self == Kind::of(python)
    }

    /// How the names of the files end in which maturin describes such interpreters.
    pub(super) const fn config_file(self) -> &'static str {
        match self {
            Kind::Abi3 => "-abi3.txt",
            Kind::FreeThreaded => "-3.14.txt",
            Kind::Abi3t => "-abi3t.txt",
        }
    }
}
