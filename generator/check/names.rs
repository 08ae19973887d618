//! Names: what is an identifier in both languages, and what is taken.

use std::collections::BTreeMap;

use super::prelude;
use crate::diag::{Diagnostic, Span, mistakes};
use crate::model::DType;
use crate::spec::Name;

const RUST: &[&str] = &[
    "abstract", "as", "async", "await", "become", "box", "break", "const", "continue", "crate", "do", "dyn", "else",
    "enum", "extern", "false", "final", "fn", "for", "gen", "if", "impl", "in", "let", "loop", "macro", "match", "mod",
    "move", "mut", "override", "priv", "pub", "ref", "return", "self", "Self", "static", "struct", "super", "trait",
    "true", "try", "type", "typeof", "union", "unsafe", "unsized", "use", "virtual", "where", "while", "yield",
];
const PYTHON: &[&str] = &[
    "False", "None", "True", "and", "as", "assert", "async", "await", "break", "class", "continue", "def", "del",
    "elif", "else", "except", "finally", "for", "from", "global", "if", "import", "in", "is", "lambda", "nonlocal",
    "not", "or", "pass", "raise", "return", "try", "while", "with", "yield",
];
/// Functions, classes and submodules of every generated module, and names that its files and crates have.
const MODULE: &[&str] = &[
    "set_num_threads",
    "get_num_threads",
    "num_threads",
    "show_config",
    "bench",
    "tests",
    "lib",
    "main",
    "std",
    "core",
    "alloc",
    "kernelgen_runtime",
    "con",
    "nul",
    "aux",
    "prn",
];
/// Keyword arguments that every kernel has.
const KEYWORDS: &[&str] =
    &["out", "axis", "axes", "keepdims", "where", "initial", "dtype", "casting", "order", "subok", "signature"];
/// Names that the text of a kernel may not take over.
const TYPES: &[&str] = &[
    "usize", "isize", "i128", "u128", "str", "char", "String", "Vec", "Box", "Some", "None", "Ok", "Err", "Option",
    "Result",
];
/// Names that generated files and bodies have of their own.
const OURS: &[&str] =
    &["Failure", "Slot", "Axis", "Slice", "LOOP", "FUNCTIONS", "Outputs", "ndarray", "stored", "v2", "v3", "v4"];
/// Constants beside the text of a kernel: to Rust, an operand of such a name would be a pattern.
const CONSTANTS: &[&str] = &["KERNEL", "LANES", "FIELDS", "IDENTITY", "IN_ORDER", "SCAN"];
/// Types, traits, crates and functions beside the text of a kernel, which a type variable or the enum of a param would hide.
const BESIDE: &[&str] = &[
    "Analytic",
    "Bounds",
    "Columns",
    "Counted",
    "Directed",
    "Divide",
    "Every",
    "Extremes",
    "FloatConstants",
    "FloorDivide",
    "Index",
    "Into",
    "Kept",
    "Lanes",
    "MaybeUninit",
    "Modulo",
    "Number",
    "Partial",
    "Parts",
    "Plane",
    "Power",
    "Real",
    "Round",
    "Row",
    "Shift",
    "State",
    "Steps",
    "Stored",
    "Tally",
    "block",
    "call",
    "combine",
    "core",
    "ends",
    "finish",
    "identity",
    "join",
    "joined",
    "joins",
    "kernelgen_runtime",
    "lift",
    "partial",
    "rows",
    "scan",
    "scans",
    "slice",
    "slice_mut",
    "std",
    "steps",
];
/// Types that a kernel's table is made of, beside which the enums of its params stand.
const TABLE: &[&str] = &[
    "Cast", "Copying", "Core", "Dim", "Formula", "Gil", "Identity", "Input", "Kernel", "Op", "Output", "Parallel",
    "Param", "Role", "Value",
];

/// Whether a name is an identifier of Rust and of Python, and no keyword of either; says why not.
pub fn identifier(name: &str, span: &Span, log: &mut Vec<Diagnostic>) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || c == '_';
    let why = if name.is_empty() {
        "it is empty"
    } else if !name.is_ascii() {
        "it has characters other than ASCII letters, digits and `_`"
    } else if name.starts_with(|c: char| c.is_ascii_digit()) {
        "it starts with a digit"
    } else if !name.chars().all(plain) {
        "it has characters other than letters, digits and `_`"
    } else if name.len() > 100 {
        "it is longer than 100 characters"
    } else if RUST.contains(&name) {
        "it is a keyword of Rust"
    } else if PYTHON.contains(&name) {
        "it is a keyword of Python"
    } else {
        return true;
    };
    log.push(mistakes::INVALID_NAME.at(span, &[&name.escape_debug(), &why]));
    false
}

/// Checks a kernel's name.
pub fn kernel(name: &Name, log: &mut Vec<Diagnostic>) -> bool {
    if !identifier(&name.value, &name.span, log) {
        return false;
    }
    let free = !MODULE.contains(&&*name.value) && !name.value.starts_with('_');
    if !free {
        let why = "every module that kernelgen writes has a name of its own like it";
        log.push(mistakes::RESERVED_NAME.at(&name.span, &[&name.value, &why]));
    }
    free
}

/// What a name within a kernel stands for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// An input, inout or scratch array.
    Array,
    /// A result.
    Output,
    /// A keyword-only scalar.
    Param,
    /// A type variable.
    Variable,
    /// A field of a state.
    Field,
    /// A core dimension.
    Dim,
}

/// The names of one kernel, each once.
#[derive(Debug, Default)]
pub struct Names {
    taken: BTreeMap<String, Span>,
}

impl Names {
    /// Takes a name, or says why it can't be had.
    pub fn take(&mut self, name: &str, span: &Span, role: Role, log: &mut Vec<Diagnostic>) -> bool {
        if !identifier(name, span, log) {
            return false;
        }
        if let Some(why) = reserved(name, role) {
            log.push(mistakes::RESERVED_NAME.at(span, &[&name, &why]));
            return false;
        }
        match self.taken.get(name) {
            Some(first) => {
                log.push(mistakes::DUPLICATE_NAME.at(span, &[&name]).label(first, "first used here"));
                false
            }
            None => self.taken.insert(name.to_owned(), span.clone()).is_none(),
        }
    }
}

/// Whether a name is one of Rust's own, or one that generated code has where the enums of params are.
pub fn is_type(name: &str) -> bool {
    [TYPES, OURS, BESIDE, TABLE].iter().any(|names| names.contains(&name)) || name.starts_with("ArrayView")
}

/// Why a name is not free for its role.
fn reserved(name: &str, role: Role) -> Option<&'static str> {
    if DType::from_name(name).is_some() {
        Some("it is a dtype, and its conversion function")
    } else if TYPES.contains(&name) {
        Some("it is a name of Rust's own")
    } else if role == Role::Variable && prelude::FUNCTIONS.contains(&name) {
        Some("it is a function of the prelude, and would be a conversion function, too")
    } else if OURS.contains(&name)
        || CONSTANTS.contains(&name)
        || role == Role::Variable && BESIDE.contains(&name)
        || name.starts_with("ArrayView")
    {
        Some("it is a name that generated code has")
    } else if matches!(role, Role::Array | Role::Param) && KEYWORDS.contains(&name) {
        Some("it is a keyword argument that kernels have already")
    } else if name.starts_with('_') {
        Some("names with `_` in front are kernelgen's")
    } else {
        None
    }
}
