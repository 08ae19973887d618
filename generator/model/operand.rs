//! Operands of a kernel: arrays that go in and out, room to work in, params.

use super::{DType, Formula, Op};

/// The type of an operand: a fixed dtype or a type variable.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Type {
    /// The same in every loop.
    Fixed(DType),
    /// The variable at this place of [`Kernel::variables`](super::Kernel::variables).
    Variable(usize),
}

impl Type {
    /// The dtype in a loop whose variables have `types`.
    pub fn in_loop(&self, types: &[DType]) -> DType {
        match self {
            Type::Fixed(dtype) => *dtype,
            Type::Variable(place) => types[*place],
        }
    }
}

/// An array that a kernel reads.
#[derive(Debug, Clone)]
pub struct Input {
    /// Name in fragments, docs and errors.
    pub name: String,
    /// Type of its elements.
    pub ty: Type,
    /// The number where a call gives none.
    pub default: Option<Literal>,
    /// Which dtypes of an argument may be converted.
    pub cast: Cast,
    /// Whether conversion by tiles is allowed.
    pub copying: Copying,
    /// Bytes to which the argument's data must be aligned; 1 if any address will do.
    pub align: usize,
    /// How it is taken.
    pub role: Role,
    /// The axes of one item; none for elements.
    pub dims: Vec<Dim>,
    /// Whether a body finds items in C order, side by side.
    pub in_order: bool,
    /// A line for the docstring; may be empty.
    pub doc: String,
}

/// How a kernel takes an input.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// To read it.
    Read,
    /// To read it, if a call gives it.
    Optional,
    /// To change it in place.
    Change,
}

/// How long an axis of an item is.
#[derive(Debug, Clone, PartialEq)]
pub struct Dim {
    /// As written.
    pub text: String,
    /// What that means.
    pub length: Length,
}

/// What the length of an axis is made of.
#[derive(Debug, Clone, PartialEq)]
pub enum Length {
    /// That of the dimension at this place of [`Kernel::dims`](super::Kernel::dims).
    Named(usize),
    /// A number.
    Fixed(usize),
    /// A formula over dimensions and params.
    Computed(Vec<Op>),
    /// A formula that tells the length of the dimension at this place, which no axis is named after.
    Solved(usize, Vec<Op>),
}

/// An array that a body works in.
#[derive(Debug, Clone)]
pub struct Scratch {
    /// Name in the body.
    pub name: String,
    /// Type of its elements.
    pub ty: Type,
    /// Its axes.
    pub dims: Vec<Dim>,
}

impl Input {
    /// Whether it accepts no more and no less than an input of NumPy's ufuncs.
    pub fn is_plain(&self) -> bool {
        self.role == Role::Read
            && self.default.is_none()
            && self.cast == Cast::Safe
            && self.copying == Copying::Tile
            && self.align == 1
    }
}

/// A result.
#[derive(Debug, Clone)]
pub struct Output {
    /// Name in docs and in the named tuple of several outputs.
    pub name: String,
    /// Type of its elements.
    pub ty: Type,
    /// The axes of one item; none for elements.
    pub dims: Vec<Dim>,
    /// What it holds before a body sees it.
    pub fill: Option<Literal>,
    /// Whether a body finds items in C order, side by side.
    pub in_order: bool,
    /// A line for the docstring; may be empty.
    pub doc: String,
}

/// A keyword-only scalar.
#[derive(Debug, Clone)]
pub struct Param {
    /// Name in fragments, docs and calls.
    pub name: String,
    /// What it accepts.
    pub ty: ParamType,
    /// The value where a call gives none.
    pub default: Option<Literal>,
    /// The same where it is made of dimensions and of the params before.
    pub computed: Option<Formula>,
    /// A line for the docstring; may be empty.
    pub doc: String,
}

/// What a param accepts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ParamType {
    /// A scalar of this dtype.
    Scalar(Type),
    /// A size: `__index__`, not negative.
    Usize,
    /// One of several strings; in Rust the enum `type_name`.
    Choice {
        /// The enum in Rust: the param's name in CamelCase.
        type_name: String,
        /// The strings, in the order of the spec.
        values: Vec<String>,
    },
}

/// A value of TOML: the default of a param, the identity of a ufunc.
#[derive(Debug, Clone, PartialEq)]
pub enum Literal {
    /// `true`, `false`.
    Bool(bool),
    /// A whole number.
    Int(i128),
    /// A float; may be NaN or infinite.
    Float(f64),
    /// A choice.
    Text(String),
}

/// Which conversions of dtype an input allows, as NumPy names them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Cast {
    No,
    Equiv,
    Safe,
    SameKind,
    Unsafe,
}

/// What happens to an argument whose dtype, byte order, alignment or strides do not fit.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Copying {
    /// It is mended tile by tile.
    Tile,
    /// It is refused.
    Never,
    /// It is copied whole.
    Array,
}
