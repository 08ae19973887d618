//! What a generated module knows of a reduction: a table of data beside the code of its loops.

use crate::block::Fold;

pub use crate::condition::{Condition, Op};
pub use crate::dtype::Cast;
pub use crate::scalar::{Param, Value};

/// A reduction as its module declares it.
pub struct Kernel {
    /// The name in Python.
    pub name: &'static str,
    /// The signature as `inspect` shows it, `(x, /, *, ddof=0.0)`.
    pub signature: &'static str,
    /// The docstring.
    pub doc: &'static str,
    /// The loops, in the order in which a call tries them.
    pub loops: &'static [&'static Fold],
    /// The inputs, in call order.
    pub inputs: &'static [Input],
    /// The keyword-only scalars.
    pub params: &'static [Param],
    /// What the results are called.
    pub outputs: Outputs,
    /// What params must satisfy.
    pub require: &'static [Condition],
    /// When the GIL is released.
    pub gil: Gil,
}

impl Kernel {
    /// A table to complete: no loops, no inputs, everything else as where a spec says nothing.
    pub const DEFAULT: Kernel = Kernel {
        name: "",
        signature: "()",
        doc: "",
        loops: &[],
        inputs: &[],
        params: &[],
        outputs: Outputs::one("out"),
        require: &[],
        gil: Gil::Auto,
    };
}

/// What an input accepts.
#[derive(Debug, Clone, Copy)]
pub struct Input {
    /// Its name in errors.
    pub name: &'static str,
    /// The number where a call gives none.
    pub default: Option<Value>,
    /// Which dtypes may be converted.
    pub cast: Cast,
    /// What is done to an array that a loop cannot read as it is.
    pub copying: Copying,
    /// Bytes that the address of the data must be a multiple of.
    pub align: usize,
}

impl Input {
    /// An input that accepts what NumPy's functions accept.
    pub const fn new(name: &'static str) -> Input {
        Input { name, default: None, cast: Cast::Safe, copying: Copying::Tile, align: 1 }
    }
}

/// What is done to an array whose dtype, byte order, alignment or strides do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copying {
    /// It is mended tile by tile.
    Tile,
    /// It is refused.
    Never,
    /// It is copied whole.
    Array,
}

/// When the GIL is released.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Gil {
    /// When the work is worth it.
    Auto,
    /// Always.
    Release,
    /// Never.
    Hold,
}

/// What a call gives back.
#[derive(Debug, Clone, Copy)]
pub struct Outputs {
    /// The class of the named tuple; empty for a single result.
    pub class: &'static str,
    /// The names of the results.
    pub names: &'static [&'static str],
}

impl Outputs {
    /// One result.
    pub const fn one(_name: &'static str) -> Outputs {
        Outputs { class: "", names: &[] }
    }

    /// A named tuple of several.
    pub const fn named(class: &'static str, names: &'static [&'static str]) -> Outputs {
        Outputs { class, names }
    }
}
