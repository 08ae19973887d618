//! What a generated module knows of a kernel: a table of data beside the code of its loops.

use crate::block::Loop;
use crate::cut::Means;
use crate::dims::Core;
pub use crate::dtype::Cast;
pub use crate::formula::{Formula, Op};
pub use crate::scalar::{Param, Value};
use crate::threads;

/// A kernel with loops of the kind `L`, as its module declares it.
pub struct Kernel<L: Loop> {
    /// The name in Python.
    pub name: &'static str,
    /// The signature as `inspect` shows it, `(x, /, *, ddof=0.0)`.
    pub signature: &'static str,
    /// The docstring.
    pub doc: &'static str,
    /// The loops, in the order in which a call tries them.
    pub loops: &'static [&'static L],
    /// The inputs, in call order.
    pub inputs: &'static [Input],
    /// The keyword-only scalars.
    pub params: &'static [Param],
    /// What the results are called.
    pub outputs: Outputs,
    /// What params must satisfy.
    pub require: &'static [Formula],
    /// When the GIL is released.
    pub gil: Gil,
    /// How many threads may compute a call.
    pub parallel: Parallel,
    /// What an element costs on one thread, in nanoseconds: a call that takes long is divided.
    pub cost: f32,
    /// What the methods of a ufunc start from.
    pub identity: Identity,
    /// What one item of a body's operands looks like.
    pub core: Core,
}

impl<L: Loop> Kernel<L> {
    /// A table to complete: no loops, no inputs, everything else as where a spec says nothing.
    pub const DEFAULT: Kernel<L> = Kernel {
        name: "",
        signature: "()",
        doc: "",
        loops: &[],
        inputs: &[],
        params: &[],
        outputs: Outputs::one(&["out"]),
        require: &[],
        gil: Gil::Auto,
        parallel: Parallel::Auto,
        cost: 1.0,
        identity: Identity::None,
        core: Core::NONE,
    };

    /// What a call may spend.
    pub fn means(&self) -> Means {
        // Whoever holds the GIL wants no other thread to run.
        let alone = self.parallel == Parallel::Never || self.gil == Gil::Hold;
        Means { threads: if alone { 1 } else { threads::count() }, cost: self.cost.into() }
    }

    /// Whether `n` elements take so long that they may be divided.
    #[inline(always)]
    pub fn is_long(&self, n: usize) -> bool {
        Means { threads: 1, cost: self.cost.into() }.is_long(n)
    }

    /// Whether a ufunc of NumPy's can say what this kernel accepts: no params, no defaults, inputs as NumPy takes them.
    pub const fn is_ufunc(&self) -> bool {
        let mut plain = self.params.is_empty() && !self.inputs.is_empty();
        let mut k = 0;
        while k < self.inputs.len() {
            plain = plain && self.inputs[k].is_plain();
            k += 1;
        }
        plain
    }
}

/// What the methods of a ufunc (`reduce`, `accumulate`, ...) start from.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Identity {
    /// From the first element, one axis at a time.
    None,
    /// From the first element, over several axes in any order.
    Reorderable,
    /// From this number, over several axes in any order.
    Value(Value),
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
    /// How a body takes it.
    pub role: Role,
    /// Whether a body sees its items in C order, side by side.
    pub in_order: bool,
}

/// How a body takes an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// To read it.
    Read,
    /// To read it, if a call gives it.
    Optional,
    /// To change it in place.
    Change,
}

impl Input {
    /// An input that accepts what NumPy's functions accept.
    pub const fn new(name: &'static str) -> Input {
        Input {
            name,
            default: None,
            cast: Cast::Safe,
            copying: Copying::Tile,
            align: 1,
            role: Role::Read,
            in_order: false,
        }
    }

    /// Whether every call gives it.
    pub fn is_required(&self) -> bool {
        self.default.is_none() && self.role != Role::Optional
    }

    /// Whether it refuses what NumPy's ufuncs accept.
    pub fn has_rules(&self) -> bool {
        self.align != 1 || self.cast < Cast::Safe || self.copying != Copying::Tile
    }

    /// Whether it accepts no more and no less than an input of NumPy's ufuncs.
    pub const fn is_plain(&self) -> bool {
        self.default.is_none()
            && matches!(self.role, Role::Read)
            && self.align == 1
            && matches!(self.cast, Cast::Safe)
            && matches!(self.copying, Copying::Tile)
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

/// How many threads may compute a call.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Parallel {
    /// As many as there are, where the work is worth it.
    Auto,
    /// One.
    Never,
}

/// What a call gives back.
#[derive(Debug, Clone, Copy)]
pub struct Outputs {
    /// The class of the named tuple; empty for a single result and for a plain tuple.
    pub class: &'static str,
    /// What the results are called.
    pub names: &'static [&'static str],
}

impl Outputs {
    /// One result.
    pub const fn one(name: &'static [&'static str; 1]) -> Outputs {
        Outputs { class: "", names: name }
    }

    /// A plain tuple of several, as NumPy's ufuncs give it.
    pub const fn plain(names: &'static [&'static str]) -> Outputs {
        Outputs { class: "", names }
    }

    /// A named tuple of several.
    pub const fn named(class: &'static str, names: &'static [&'static str]) -> Outputs {
        Outputs { class, names }
    }
}
