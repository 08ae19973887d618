//! Every mistake that a spec can hold: code, message, the words beside the caret, help. To be proof-read
//! from top to bottom.
//!
//! `{0}`, `{1}` ... stand for what the place of the mistake knows: a name, the wanted kind. Each code has
//! a spec that makes it in `tests/diagnostics`, and a line in `docs/errors.md`.

use std::fmt::Display;

use super::{Diagnostic, SourceId, Span};

/// A kind of mistake.
#[derive(Debug, Clone, Copy)]
pub struct Mistake {
    /// Its stable name.
    pub code: &'static str,
    /// What it is, for `docs/errors.md`.
    pub meaning: &'static str,
    /// One sentence without a period.
    message: &'static str,
    /// The words beside the caret.
    label: &'static str,
    /// What to do about it.
    help: &'static str,
}

impl Mistake {
    /// The mistake at a place, in words filled with `parts`.
    pub fn at(self, span: &Span, parts: &[&dyn Display]) -> Diagnostic {
        self.nowhere(parts).label(span, fill(self.label, parts))
    }

    /// The mistake of a whole file.
    pub fn file(self, source: SourceId, parts: &[&dyn Display]) -> Diagnostic {
        self.at(&Span::new(source, 0..0), parts)
    }

    /// The mistake without a place in a file.
    pub fn nowhere(self, parts: &[&dyn Display]) -> Diagnostic {
        let diagnostic =
            Diagnostic { code: self.code, message: fill(self.message, parts), labels: Vec::new(), help: Vec::new() };
        diagnostic.help(fill(self.help, parts))
    }
}

/// Puts each part at its `{N}`. One pass: a part may hold braces itself.
fn fill(template: &str, parts: &[&dyn Display]) -> String {
    let mut filled = String::new();
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        let part =
            rest[open + 1..].split_once('}').and_then(|(digit, after)| Some((digit.parse::<usize>().ok()?, after)));
        let (before, from) = rest.split_at(open);
        filled.push_str(before);
        match part.and_then(|(place, after)| Some((parts.get(place)?, after))) {
            Some((part, after)) => {
                filled.push_str(&part.to_string());
                rest = after;
            }
            None => {
                filled.push('{');
                rest = &from[1..];
            }
        }
    }
    filled + rest
}

macro_rules! mistakes {
    ($(#[doc = $meaning:literal] $name:ident $code:literal $message:literal, $label:literal, $help:literal;)*) => {
        $(
            #[doc = $meaning]
            pub const $name: Mistake =
                Mistake { code: $code, meaning: $meaning, message: $message, label: $label, help: $help };
        )*
        /// Every mistake.
        pub const ALL: &[Mistake] = &[$($name),*];
    };
}

mistakes! {
    // Files and packages.
    /// No spec file was found.
    NO_SPECS "no-specs" "no spec files in `{0}`", "", "run `kernelgen new NAME` to start a package";
    /// A folder has spec files and no `[package]`.
    MISSING_PACKAGE "missing-package" "no file of this folder has a `[package]` table", "", "add `[package]` with `name` and `version` to one file of the folder";
    /// Two files of a folder have a `[package]`.
    TWO_PACKAGES "two-packages" "a second `[package]` in one folder", "the folder has one already", "a folder is one package: move the kernels of the other one to a subfolder";
    /// Two packages of a run have one name.
    SAME_PACKAGE "same-package" "another package is called `{0}` too", "the same name", "each package is written to a folder of its name: rename one of them";
    /// A package without kernels.
    NO_KERNELS "no-kernels" "this package has no kernels", "", "add a `[kernel.NAME]` table to a file of its folder";
    /// A file is not UTF-8 text.
    NOT_UTF8 "not-utf8" "this file is not UTF-8", "{0}", "save it as UTF-8";
    /// A file holds a NUL.
    NUL_BYTE "nul-byte" "a NUL byte in a text file", "here", "save the file as plain UTF-8 text";
    /// The file is not TOML.
    TOML_SYNTAX "toml-syntax" "{0}", "", "";
    /// Syntax that TOML 1.0 has not.
    TOML_VERSION "toml-version" "{0}, which only TOML 1.1 allows", "", "{1}";
    /// A folder that `[tool.kernelgen]` names and that is not there.
    PYTHON_SOURCE "python-source" "there is no folder `{0}` beside pyproject.toml", "no such folder", "give the folder that your Python packages are in, or leave `python-source` out for `src`";
    /// Kernels called like Python code that is there.
    NAME_OF_CODE "name-of-code" "`{0}` is a Python module of the project's own", "kernels need a name within it", "leave `name` out for `{0}._kernels`, or choose another within `{0}`, which has to be a folder with an `__init__.py`";
    /// What `pyproject.toml` calls dynamic, and specs cannot say.
    DYNAMIC "dynamic" "`{0}` is dynamic, and specs do not say it", "not known to `[package]`", "give it in `[project]`; dynamic may be: version, description, readme, requires-python, license, authors, dependencies";
    /// `[package]` and `pyproject.toml` disagree.
    PYPROJECT_CONFLICT "pyproject-conflict" "`{0}` is said twice, with different values", "here it is `{1}`", "leave it out here: what `[package]` does not say is taken from pyproject.toml";

    // Keys and values.
    /// A key that does not exist there.
    UNKNOWN_KEY "unknown-key" "unknown key `{0}` in {1}", "no such key", "";
    /// A key that must be there is not.
    MISSING_KEY "missing-key" "`{0}` is missing", "", "for example: `{1}`";
    /// A value of another kind than the key takes.
    WRONG_TYPE "wrong-type" "{0} is wanted here, not {1}", "this is {1}", "for example: `{2}`";
    /// A word that the key does not know.
    UNKNOWN_VALUE "unknown-value" "`{0}` is no value of `{1}`", "", "";
    /// A list that must not be empty.
    EMPTY_LIST "empty-list" "`{0}` is empty", "", "for example: `{1}`";
    /// An alignment that is no power of two.
    ALIGN "align" "`align` is a number of bytes: a power of two up to 4096", "", "for AVX-512 loads write 64; without `align` any address will do";
    /// A key that belongs to another form of kernel.
    WRONG_FORM "wrong-form" "`{0}` does not belong here", "only for `{1}`", "";
    /// A key of arrays on something that is none.
    NOT_AN_ARRAY "not-an-array" "`{0}` can't be said of {1}", "", "it is about arrays that are passed in";

    // Metadata.
    /// A version that PEP 440 does not allow.
    PACKAGE_VERSION "package-version" "`{0}` is not a version", "not by PEP 440", "for example: `1.2.0`, `1.2.0rc1`, `1.2.0.post1`";
    /// A licence that is no SPDX expression.
    LICENSE "license" "`{0}` is not an SPDX expression", "", "for example: `MIT`, `BSD-3-Clause`, `MIT OR Apache-2.0`";
    /// A range of versions that PEP 440 does not allow.
    SPECIFIER "specifier" "`{0}` is not a range of versions", "", "for example: `>=3.11`, `>=2.1,<3`";
    /// A requirement that PEP 508 does not allow.
    REQUIREMENT "requirement" "`{0}` is not a requirement", "", "for example: `pandas`, `dask[array] >=2024.1`";
    /// A crate name that cargo does not allow.
    CRATE_NAME "crate-name" "`{0}` can't be the name of a crate", "", "for example: `crates = { statrs = \"0.18\" }`";
    /// A version that cargo does not understand.
    CRATE_VERSION "crate-version" "`{0}` is not a version requirement of cargo's", "", "for example: `1.2`, `>=1.2, <1.5`";

    // Names.
    /// A name that is no identifier of Rust and Python.
    INVALID_NAME "invalid-name" "`{0}` can't be a name: {1}", "", "names are identifiers of Rust and of Python, in ASCII";
    /// A name that means something else already.
    RESERVED_NAME "reserved-name" "`{0}` is taken: {1}", "choose another name", "";
    /// One name for two things.
    DUPLICATE_NAME "duplicate-name" "the name `{0}` is used twice", "used again here", "";
    /// Two kernels whose names differ only by case.
    SIMILAR_NAMES "similar-names" "`{0}` and `{1}` differ only by case", "", "kernels are files, and some file systems do not tell these apart: rename one";

    // Types.
    /// A dtype that does not exist.
    UNKNOWN_DTYPE "unknown-dtype" "unknown dtype `{0}`", "not a dtype that kernelgen knows", "";
    /// A dtype of NumPy's that kernels can't compute with.
    UNSUPPORTED_DTYPE "unsupported-dtype" "kernels do not take {1} (`{0}`)", "not supported", "";
    /// A type of params on an array.
    PARAM_TYPE "param-type" "`{0}` is a type of params, not of arrays", "", "write a dtype, for example `i64`, or make it one of `params`";
    /// `dtypes` without a dtype.
    EMPTY_DTYPES "empty-dtypes" "no dtypes here", "", "for example: `dtypes = { T = [\"f32\", \"f64\"] }`";
    /// A dtype or combination that stands twice.
    DUPLICATE_DTYPE "duplicate-dtype" "{0} stands twice in `dtypes`", "again here", "leave one out; the order makes no difference";
    /// Combinations with different variables.
    UNEVEN_DTYPES "uneven-dtypes" "every combination of `dtypes` must have the same variables", "the first one has {0}", "";
    /// More combinations than make sense.
    TOO_MANY_LOOPS "too-many-loops" "these dtypes make more than {0} combinations", "", "list the combinations that you need: `dtypes = [{ T = \"c64\", R = \"f32\" }, ...]`";
    /// More inputs than a kernel may have.
    TOO_MANY_INPUTS "too-many-inputs" "a kernel has at most {0} inputs", "this is one too many", "pass numbers as params, or arrays of one shape stacked along an axis";
    /// More operands than a ufunc may have.
    TOO_MANY_OPERANDS "too-many-operands" "an elementwise kernel has at most {0} inputs, params and outputs together", "this is one too many", "make two kernels of it: NumPy's ufuncs take no more";
    /// A type variable that no input has.
    UNBOUND_VARIABLE "unbound-variable" "no input has the type `{0}`", "never known in a call", "a loop is chosen by the inputs: give one of them this type, or write a dtype instead; that of an output may follow from a list of combinations";
    /// A loop that the kernel does not have.
    UNKNOWN_LOOP "unknown-loop" "this kernel has no loop `{0}`", "not among `dtypes`", "";

    // Operands and params.
    /// An operand that does not read `name: dtype`.
    OPERAND_SYNTAX "operand-syntax" "this is not an operand: {0}", "", "for example: `\"{1}\"`";
    /// A choice of an enum param that can't be one.
    CHOICE "choice" "a choice is letters, digits, `-` and `_` in quotes", "", "for example: `'mode: \"valid\" | \"same\" = \"valid\"'`";
    /// Two choices with one name in Rust.
    DUPLICATE_CHOICE "duplicate-choice" "two choices are named alike", "`{0}` would be `{1}` in Rust, as one before", "";
    /// A default that the param does not accept.
    DEFAULT_VALUE "default-value" "this default does not fit", "not {0}", "";
    /// An input with a default stands before one without.
    DEFAULT_ORDER "default-order" "the input `{0}` has a default, and one without follows or there is no other", "calls give inputs by position", "put inputs with a default last, after at least one without";
    /// An input that is optional and has a default.
    OPTIONAL_DEFAULT "optional-default" "an input with a default is never missing", "`?` and a default", "leave one of the two out";
    /// An inout that a call could leave out.
    INOUT_DEFAULT "inout-default" "what is changed in place is always given", "an inout", "make it an output with a value to begin with: `h: i64[bins] = 0`";
    /// A default on a field of a state.
    FIELD_DEFAULT "field-default" "a field of a state has no default", "", "say with which values a fold starts in `identity`: `identity = \"(0.0, 0)\"`";
    /// Dims on a kernel that goes element by element.
    DIMS_OUTSIDE_BODY "dims-outside-body" "`{0}` kernels have no dims", "arrays of any shape are taken", "leave the brackets out, or write a `body`";
    /// A dim that nothing determines.
    UNBOUND_DIM "unbound-dim" "nothing says how large `{0}` is", "neither a dim of an input nor a param", "use a dim of an input, or add a param: `params = [\"{0}: usize\"]`; where the data decide, the param says how much room there is, and an output `count: i64` how much of it is used";
    /// An axis of an input that is no linear function of the dimension that it is to tell.
    NOT_LINEAR "not-linear" "the length of this axis does not tell `{0}`", "not linear in `{0}`", "`{0}` may be multiplied by numbers and added to: `2*{0} - 1`; or let another input have an axis of length `{0}`";
    /// More axes than bodies have views of.
    TOO_MANY_DIMS "too-many-dims" "an item has at most {0} dims", "this is one too many", "leading dimensions are looped over: they need not be written";
    /// A dim that is no whole number.
    NOT_A_SIZE "not-a-size" "a dim is a whole number", "this is none", "";

    // Arithmetic.
    /// A condition or dim that kernelgen's arithmetic can't read.
    ARITHMETIC "arithmetic" "{0}", "", "conditions and dims know numbers, dims, params, `+ - * / %`, comparisons, `&& || !`, `min`, `max`, `ceil_div`, `if`";
    /// A `require` that is neither true nor false.
    NOT_A_CONDITION "not-a-condition" "a condition is wanted", "this is not true or false", "compare it with something: `k > 0`";

    // Forms.
    /// Not exactly one of `map`, `reduce`, `body`.
    ONE_FORM "one-form" "kernel `{0}` has {1} of `map`, `reduce` and `body`", "", "each kernel has exactly one of them";
    /// A loop whose form is not its kernel's.
    LOOP_FORM "loop-form" "loop `{0}` has `{1}`, and its kernel `{2}`", "another form", "a kernel has one form in all loops: write two kernels";
    /// Several outputs and no `state`.
    MISSING_STATE "missing-state" "with {0} outputs a fold needs a `state`", "", "for example: `state = [\"n: f64\", \"total: f64\"]`";
    /// No `map` where none can be implied.
    MISSING_MAP "missing-map" "`map` is missing: {0}", "how does an element become a state?", "say it: `map = \"{1}\"`";
    /// No `finish` where none can be implied.
    MISSING_FINISH "missing-finish" "`finish` is missing: the state is not the outputs", "how does the state become the outputs?", "say it with `s` for the state and `n` for the number of elements: `finish = \"s.total / s.n\"`";
    /// A number as identity of a state with fields.
    IDENTITY_FIELDS "identity-fields" "a number can't be the identity of a state with fields", "", "write a tuple in Rust: `identity = \"(0.0, 0)\"`";
    /// An identity that the state's dtype can't hold.
    IDENTITY_TYPE "identity-type" "this is no value of the state's type", "not `{0}` in every loop", "write it in Rust: `identity = \"{0}::LOWEST\"`";
    /// A key of methods that the kernel does not have.
    NO_METHODS "no-methods" "`{0}` is about methods that this kernel does not have", "{1}", "`reduce`, `accumulate`, `outer` and the like come with a ufunc of two inputs and one output";
    /// A ufunc's identity that its output can't hold.
    IDENTITY_VALUE "identity-value" "this is no value that the methods can start from", "not `{0}` in every loop", "write a number, `true`, `false`, `inf` or `-inf`";
    /// An identity where the order is to be kept.
    IDENTITY_ORDER "identity-order" "`identity` and `reorderable = false` exclude each other", "an order to be kept", "from an identity NumPy goes over axes in any order: leave one of the two out";
    /// An expression for an output that does not exist.
    UNKNOWN_OUTPUT "unknown-output" "there is no output `{0}`", "", "";
    /// An output without its expression.
    MISSING_OUTPUT "missing-output" "output `{0}` has no expression", "", "a table has one for each output";
    /// Not exactly one of `rust` and `file`.
    BODY_ONE "body-one" "a body is either `rust` or `file`", "", "for example: `body = { file = \"bodies/name.rs\" }`";
    /// A body file outside of the package's folder.
    BODY_OUTSIDE "body-outside" "`{0}` leads out of the package's folder", "", "body files lie in the package's folder: a path without `..`, with `/`, and no link to elsewhere";
    /// A body file that is not there.
    BODY_MISSING "body-missing" "there is no file `{0}`", "", "the path is relative to the package's folder";
    /// A body that is no Rust.
    BODY_SYNTAX "body-syntax" "{0}", "while reading this as statements of Rust", "";
    /// A body without a statement.
    BODY_EMPTY "body-empty" "a body has statements", "this is empty", "for example: `body.rust = '''y.assign(&x);'''`";
    /// An attribute in a body that may not be there.
    BODY_ATTRIBUTE "body-attribute" "this attribute is not allowed in bodies", "", "the attributes {0} are";
    /// A body's function that is not plain.
    BODY_HEAD "body-head" "`{0}` must be a plain function", "neither generic nor const, async, unsafe or extern", "type variables are types in the file: write `T`";
    /// A body's function with more or fewer arguments than the spec has operands and params.
    BODY_ARGUMENTS "body-arguments" "`{0}` should take {2} arguments, and takes {1}", "", "inputs, inouts, scratch, outputs, params, in this order: `kernelgen explain {0}` prints the head";
    /// An output or array that cannot be cut along the dimension that a call is cut along.
    PARALLEL_OVER "parallel-over" "`{0}` can't be cut along `{1}`", "it does not have one axis of this length", "an output or inout must have the dim that a call is cut along in one axis, an input in one or none";
    /// A body file without the kernel's function.
    BODY_FUNCTION "body-function" "the file has no function `{0}`", "", "add `fn {0}(...)` to it";

    // Fragments of Rust.
    /// A fragment that is no Rust expression.
    FRAGMENT_SYNTAX "fragment-syntax" "{0}", "while reading this as one expression of Rust", "";
    /// A fragment without text.
    FRAGMENT_EMPTY "fragment-empty" "an expression is wanted here", "this is empty", "";
    /// A fragment that nests too deeply.
    FRAGMENT_TOO_DEEP "fragment-too-deep" "this expression is too long or too deeply nested", "", "share work with `let` in a block: `{ let d = ...; d * d }`";
    /// `unsafe` in a fragment.
    FRAGMENT_UNSAFE "fragment-unsafe" "`unsafe` is not allowed in specs", "", "bounds checks go away with slices of one length and an `assert!` first";
    /// A macro that fragments may not call.
    FRAGMENT_MACRO "fragment-macro" "macro `{0}!` is not allowed in specs", "", "the macros of a spec are {1}!";
    /// An attribute or doc comment in a fragment.
    FRAGMENT_ATTRIBUTE "fragment-attribute" "attributes and doc comments are not allowed in specs", "", "an ordinary comment `//` may stand in a block";
    /// An item in a fragment.
    FRAGMENT_ITEM "fragment-item" "only expressions and `let` are allowed in specs", "this is an item", "functions, constants and types belong in the file of a body";
    /// A fragment that leaves the loop around it.
    FRAGMENT_LEAVES "fragment-leaves" "`{0}` would leave the loop that kernelgen writes around this", "", "make the value with `if ... { ... } else { ... }`";
    /// A fragment that gives more or fewer values than are wanted.
    RESULT_COUNT "result-count" "{0} wanted here", "the number of values is {1}", "write a tuple with one value for each field of the state, or for each output";
    /// A bare float where the type is none.
    FLOAT_LITERAL "float-literal" "`{0}` is a float, and `{2}` can be `{1}`", "not a value of every loop's type", "convert it: `{2}({0})`";
    /// An input that hides a function that is called.
    SHADOWED_FUNCTION "shadowed-function" "`{0}` is an input or param here, and hides the function", "called here", "rename the input or param";
    /// A function that is nearly one of the prelude.
    UNKNOWN_FUNCTION "unknown-function" "there is no function `{0}`", "", "did you mean `{1}`?";

    // Prose.
    /// A line about an argument that does not exist.
    UNKNOWN_ARGUMENT "unknown-argument" "`docs` has a line for `{0}`, which is no argument", "", "";
    /// An invisible character that can mislead readers.
    TEXT_CONTROL "text-control" "the invisible character {0} is not allowed here", "", "delete it, or write its name";
    /// A line break where one line is wanted.
    ONE_LINE "one-line" "`{0}` must be one line", "the line ends here", "put the rest in `doc`";
    /// Python that is empty.
    EMPTY_TEXT "empty-text" "{0} is wanted here", "this is empty", "leave the key out";

    /// Right, and not generated by this version.
    NOT_YET "not-yet" "not generated yet: {0}", "", "the spec is right so far; leave it out for now";
}
