//! A kernel and its parts: loops, and the fragments of Rust that compute it.

use super::{DType, Dim, Input, Length, Literal, Output, Param, Scratch, Type};
use crate::diag::SourceId;

/// A checked kernel.
#[derive(Debug, Clone)]
pub struct Kernel {
    /// The name in Python, a Rust and Python identifier.
    pub name: String,
    /// The spec's file name within the package's folder, `sum.toml`.
    pub file: String,
    /// First line of the docstring.
    pub summary: String,
    /// The rest of the docstring; may be empty.
    pub doc: String,
    /// Names of the type variables, in the order of the spec.
    pub variables: Vec<String>,
    /// The loops in the order in which a call tries them.
    pub loops: Vec<Loop>,
    /// Array inputs, in call order; those that are changed in place come last.
    pub inputs: Vec<Input>,
    /// Room for a body to work in, one for each worker.
    pub scratch: Vec<Scratch>,
    /// Results, in the order in which they are returned.
    pub outputs: Vec<Output>,
    /// The core dimensions that inputs decide about; empty unless the form is a body.
    pub dims: Vec<String>,
    /// The place in `dims` of the one along which a call may be cut into pieces.
    pub over: Option<usize>,
    /// Keyword-only scalars.
    pub params: Vec<Param>,
    /// Conditions over params, checked before a call.
    pub require: Vec<Formula>,
    /// When the GIL is released.
    pub gil: Gil,
    /// How many threads may compute a call.
    pub parallel: Parallel,
    /// What an element costs on one thread, in nanoseconds: positive and finite.
    pub cost: f32,
    /// What the methods of a ufunc start from.
    pub identity: Identity,
    /// What is computed, for every loop that has no form of its own.
    pub form: Form,
    /// The same in NumPy, for tests.
    pub reference: Option<String>,
    /// Lines of Python that must hold.
    pub examples: Vec<String>,
}

impl Kernel {
    /// The folds of a reduction: the common one, and those of single loops.
    pub fn folds(&self) -> impl Iterator<Item = &Reduce> {
        let forms = std::iter::once(&self.form).chain(self.loops.iter().filter_map(|each| each.form.as_ref()));
        forms.filter_map(|form| match form {
            Form::Reduce(reduce) => Some(&**reduce),
            Form::Map(_) | Form::Body(_) => None,
        })
    }

    /// Whether it is a scan: a result for each element.
    pub fn is_scan(&self) -> bool {
        self.folds().any(|reduce| reduce.cumulative)
    }

    /// Whether calls may say what a reduction begins with.
    pub fn takes_initial(&self) -> bool {
        matches!(self.form, Form::Reduce(_)) && self.folds().all(Reduce::takes_initial)
    }

    /// The keywords of a body that say where items lie, `axes`, `axis` and `keepdims`: those that can mean something.
    pub fn item_keywords(&self) -> Vec<&'static str> {
        let inputs = || self.inputs.iter().map(|input| &input.dims);
        let outputs = || self.outputs.iter().map(|output| &output.dims);
        let own = |dim: &&Dim| matches!(dim.length, Length::Named(_) | Length::Fixed(_));
        let mut shared: Vec<_> = inputs().flatten().filter(own).map(|dim| &dim.text).collect();
        shared.sort();
        shared.dedup();
        let single = inputs().chain(outputs()).all(|dims| dims.len() <= 1);
        let count = self.inputs.first().map_or(0, |input| input.dims.len());
        let alike = count > 0 && inputs().all(|dims| dims.len() == count) && outputs().all(Vec::is_empty);
        let keywords = [
            ("axes", inputs().chain(outputs()).any(|dims| !dims.is_empty())),
            ("axis", single && shared.len() == 1),
            ("keepdims", alike && !self.outputs.is_empty()),
        ];
        keywords.into_iter().filter(|(_, means)| *means).map(|(keyword, _)| keyword).collect()
    }

    /// Whether it is a ufunc of NumPy's, and not a function: one that says no more of its arguments than those can.
    pub fn is_ufunc(&self) -> bool {
        let fold = matches!(self.form, Form::Reduce(_));
        !fold && self.params.is_empty() && !self.inputs.is_empty() && self.inputs.iter().all(Input::is_plain)
    }
}

/// One combination of dtypes for which a kernel is compiled.
#[derive(Debug, Clone)]
pub struct Loop {
    /// A Rust identifier: the dtypes of the variables joined by `_`, or the first input's dtype.
    pub name: String,
    /// A dtype for each type variable, parallel to [`Kernel::variables`].
    pub types: Vec<DType>,
    /// The text for this loop alone, from `loops.DTYPE`.
    pub form: Option<Form>,
}

/// A condition, a length or a default in kernelgen's own arithmetic.
#[derive(Debug, Clone)]
pub struct Formula {
    /// As written, for the error.
    pub text: String,
    /// In postfix order, for the runtime.
    pub program: Vec<Op>,
}

/// A step of a [`Formula`]: values are pushed, operators pop their operands and push a result.
#[derive(Debug, Clone, PartialEq)]
pub enum Op {
    /// Push the param at this place.
    Param(usize),
    /// Push the length of the dimension at this place.
    Dim(usize),
    /// Push a whole number.
    Int(i64),
    /// Push a float.
    Float(f64),
    /// Push the index of a choice's value, or of `true` (1) and `false` (0).
    Choice(usize),
    /// An operator by the name that the runtime gives it: `Add Sub Mul Div Rem Min Max CeilDiv Neg
    /// Eq Ne Lt Le Gt Ge And Or Not Select`.
    Apply(&'static str),
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

/// What the methods of a ufunc (`reduce`, `accumulate`, ...) start from.
#[derive(Debug, Clone, PartialEq)]
pub enum Identity {
    /// From the first element, one axis at a time.
    None,
    /// From the first element, over several axes in any order.
    Reorderable,
    /// From this number or bool, over several axes in any order.
    Value(Literal),
}

/// What a kernel computes.
#[derive(Debug, Clone)]
pub enum Form {
    /// Element by element.
    Map(Map),
    /// A fold along axes.
    Reduce(Box<Reduce>),
    /// A function of whole items.
    Body(Box<Body>),
}

impl Form {
    /// The key in specs, and the runtime's macro and module of that name.
    pub const fn name(&self) -> &'static str {
        match self {
            Form::Map(_) => "map",
            Form::Reduce(_) => "reduce",
            Form::Body(_) => "body",
        }
    }
}

/// Statements over one item of each operand.
#[derive(Debug, Clone)]
pub struct Body {
    /// The statements.
    pub text: Fragment,
    /// What a body file has around its function.
    pub items: Vec<Fragment>,
    /// The arguments as a body file's function has them: `mut y: ArrayViewMut1<f64>`.
    pub arguments: Vec<Fragment>,
}

/// What is done with the elements that broadcasting puts together.
#[derive(Debug, Clone)]
pub struct Map {
    /// From an element of each input (and params) to the outputs: a value, or a tuple of several.
    pub map: Fragment,
}

/// A fold: elements are lifted to states, states combined, the last one finished.
#[derive(Debug, Clone)]
pub struct Reduce {
    /// What is carried along.
    pub state: State,
    /// The state of no elements; without it an empty fold is a ValueError.
    pub identity: Option<Fragment>,
    /// From an element (inputs, params, `i`) to a state.
    pub map: Fragment,
    /// From two states `a`, `b` (and params) to one.
    pub combine: Fragment,
    /// From the state `s`, the count `n` and params to the outputs; without it the state is the output.
    pub finish: Option<Fragment>,
    /// Whether pieces are combined left to right.
    pub ordered: bool,
    /// Whether elements with a NaN are left out.
    pub skip: bool,
    /// Whether it is a scan: a result for each element, of all elements up to it.
    pub cumulative: bool,
}

impl Reduce {
    /// Whether a state is a value of the only output, to which nothing is done at the end: a call may say what to begin with.
    pub fn takes_initial(&self) -> bool {
        matches!(self.state, State::Value(_)) && self.finish.is_none() && !self.cumulative
    }
}

/// The state of a fold.
#[derive(Debug, Clone)]
pub enum State {
    /// One bare value.
    Value(Type),
    /// Named fields.
    Fields(Vec<(String, Type)>),
}

/// A piece of Rust from a spec: one expression or block, parsed, with the way back to its file.
#[derive(Debug, Clone)]
pub struct Fragment {
    /// The decoded text, trimmed; `{ ... }` of a block included.
    pub text: String,
    /// Whether the whole text is one block in braces.
    pub block: bool,
    /// The file that holds it; `None` for text that kernelgen wrote itself (an implicit `map`).
    pub source: Option<SourceId>,
    /// For each byte of `text` and for its end, the byte in the file: `text.len() + 1` places.
    pub offsets: Vec<usize>,
    /// Integer division in `text`: `/` and `%` (and `/=`, `%=`), outermost first, each to be printed as a call
    /// of the runtime that never panics. Empty where no integer can occur.
    pub divisions: Vec<Division>,
    /// The end of each `return` in `text` that gives nothing: a body's gives `Ok(())`.
    pub returns: Vec<usize>,
}

/// A division or remainder within a [`Fragment`], byte ranges into its text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Division {
    /// Left operand.
    pub left: std::ops::Range<usize>,
    /// Right operand.
    pub right: std::ops::Range<usize>,
    /// `%` rather than `/`.
    pub remainder: bool,
    /// `/=` or `%=`: the left operand is assigned to.
    pub assign: bool,
    /// Something in reach is called `quotient` or `modulo`, as the functions are that stand for both.
    pub hidden: bool,
}
