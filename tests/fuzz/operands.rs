//! Random operands of a kernel: names, types, inputs and params, as a spec has them and as fragments see them.

use kernelgen::model::camel_case;

use super::dice::Dice;
use super::expression::{Class, Scope, Type};

/// Names that generated code, its macros, Rust or Python might have a use of their own for.
const NAMES: &[&str] = &[
    "x",
    "y",
    "z",
    "w",
    "k",
    "m",
    "n",
    "a",
    "b",
    "s",
    "i",
    "c",
    "t",
    "f",
    "p",
    "q",
    "acc",
    "at",
    "exp",
    "abs",
    "select",
    "minimum",
    "sum",
    "np",
    "py",
    "numpy",
    "name",
    "doc",
    "Kernel",
    "Input",
    "Value",
    "map",
    "combine",
    "identity",
    "finish",
    "skip",
    "cumulative",
    "ordered",
    "kernel",
    "level",
    "lanes",
    "Lanes",
    "block",
    "Block",
    "value",
    "output",
    "inputs",
    "params",
    "count",
    "index",
    "mode",
    "tuple",
    "len",
    "data",
    "ptr",
    "args",
    "kwargs",
    "ufunc",
    "run",
    "lane",
    "rest",
    "item",
    "items",
    "start",
    "end",
    "it",
    "kind",
    "PI",
    "print",
    "list",
    "int",
    "float",
    "object",
    "state",
    "State",
    "Params",
    "Param",
    "Element",
    "element",
    "slice",
    "fma",
    "remainder",
    "quotient",
    "modulo",
    "vec",
    "assert_eq",
    "ptrs",
    "strides",
    "body",
    "dims",
    "kernelgen_runtime",
    "core",
    "std",
];

/// Names that no type variable may have, which is a function and a type of its loop.
const HIDDEN: &[&str] = &[
    "kernelgen_runtime",
    "core",
    "std",
    "exp",
    "abs",
    "select",
    "minimum",
    "fma",
    "remainder",
    "quotient",
    "modulo",
    "Lanes",
    "State",
    "Row",
    "Index",
    "slice",
    "combine",
    "finish",
    "identity",
    "steps",
    "joined",
    "block",
    "a",
    "b",
    "s",
    "n",
    "i",
];

/// Enums that generated code has no place for: they are refused.
const TAKEN: &[&str] = &[
    "Vec", "Slice", "T", "R", "Kernel", "Input", "Value", "Param", "Output", "Identity", "Lanes", "State", "Index",
    "Row", "Steps", "Columns", "Modulo", "Round", "Kept", "Partial", "Index", "Real", "Outputs", "Cast", "Core",
    "Element_",
];

/// The names of a kernel, no two of which are alike.
#[derive(Default)]
pub struct Names(Vec<String>);

impl Names {
    pub fn fresh(&mut self, dice: &mut Dice<'_>, not: &[&str]) -> String {
        let first = dice.below(NAMES.len());
        let all = NAMES.iter().cycle().skip(first).take(NAMES.len());
        let free = |name: &&&str| !not.contains(*name) && !self.0.iter().any(|other| other.eq_ignore_ascii_case(name));
        let name = all.clone().find(free).expect("more names than operands").to_string();
        self.0.push(name.clone());
        name
    }

    pub fn all(&self) -> &[String] {
        &self.0
    }
}

const INTS: [&str; 8] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32", "u64"];
const FLOATS: [&str; 3] = ["f64", "f32", "f16"];
const FIXED: [(&str, Class); 10] = [
    ("f64", Class::Float),
    ("i64", Class::Int),
    ("bool", Class::Bool),
    ("f32", Class::Float),
    ("c128", Class::Complex),
    ("u8", Class::Int),
    ("i32", Class::Int),
    ("u64", Class::Int),
    ("c64", Class::Complex),
    ("f16", Class::Float),
];

fn is_bare(dtype: &str) -> bool {
    matches!(dtype, "f32" | "f64")
}

/// The types that the operands of a kernel may have.
pub struct Types {
    /// The key `dtypes`, or nothing.
    pub line: String,
    pub variables: Vec<Type>,
    /// The name of a loop.
    pub loop_name: Option<String>,
    halves: bool,
}

impl Types {
    /// Up to two variables; no `f16` where `halves` are not wanted.
    pub fn new(dice: &mut Dice<'_>, names: &mut Names, halves: bool) -> Types {
        let plain = |line: String, variables, loop_name| Types { line, variables, loop_name, halves };
        match dice.below(4) {
            0 => plain(String::new(), Vec::new(), None),
            1 | 2 => {
                let name = if dice.once_in(3) { names.fresh(dice, HIDDEN) } else { "T".to_owned() };
                let (class, dtypes) = variable(dice, halves);
                let quoted: Vec<_> = dtypes.iter().map(|dtype| format!("{dtype:?}")).collect();
                let bare = dtypes.iter().all(|dtype| is_bare(dtype));
                let line = format!("dtypes = {{ {name} = [{}] }}\n", quoted.join(", "));
                plain(line, vec![Type::new(&name, class, bare)], Some((*dice.of(&dtypes)).to_owned()))
            }
            _ => {
                let line = "dtypes = [{ T = \"c64\", R = \"f32\" }, { T = \"c128\", R = \"f64\" }]\n".to_owned();
                let variables = vec![Type::new("T", Class::Complex, false), Type::new("R", Class::Float, true)];
                plain(line, variables, Some("c64_f32".to_owned()))
            }
        }
    }

    /// A variable, or a dtype.
    pub fn any(&self, dice: &mut Dice<'_>) -> Type {
        if !self.variables.is_empty() && !dice.once_in(3) {
            return dice.of(&self.variables).clone();
        }
        let (name, class) = *dice.of(&FIXED[..FIXED.len() - usize::from(!self.halves)]);
        Type::new(name, class, is_bare(name))
    }
}

/// What a type variable stands for.
fn variable(dice: &mut Dice<'_>, halves: bool) -> (Class, Vec<&'static str>) {
    match dice.below(5) {
        0 => (Class::Float, dice.some(&FLOATS[..if halves { 3 } else { 2 }])),
        1 => (Class::Int, dice.some(&INTS)),
        2 => (Class::Complex, dice.some(&["c64", "c128"])),
        3 => (Class::Bool, vec!["bool"]),
        _ => (Class::Real, [dice.some(&INTS[..4]), dice.some(&FLOATS[..2])].concat()),
    }
}

/// A string of TOML.
pub fn quoted(text: &str) -> String {
    toml::Value::from(text).to_string()
}

/// A value that every dtype of a type holds.
pub fn literal(dice: &mut Dice<'_>, ty: &Type) -> String {
    let words: &[&str] = match ty.class {
        Class::Bool => &["true", "false"],
        Class::Int | Class::Real | Class::Count => &["0", "1", "100"],
        Class::Float => &["0.5", "1", "nan", "inf", "-inf", "1e-3"],
        Class::Complex => &["1.5", "0", "nan"],
    };
    (*dice.of(words)).to_owned()
}

/// An array that is passed in: in the short form, or with options of its own.
pub fn input(dice: &mut Dice<'_>, name: &str, ty: &Type, dims: &str, default: Option<&str>) -> String {
    if !dice.once_in(4) {
        let default = default.map(|value| format!(" = {value}")).unwrap_or_default();
        return quoted(&format!("{name}: {}{dims}{default}", ty.name));
    }
    let mut keys = vec![format!("name = {}", quoted(name)), format!("dtype = {}", quoted(&ty.name))];
    if !dims.is_empty() {
        let dims: Vec<_> = dims.trim_matches(['[', ']']).split(", ").map(quoted).collect();
        keys.push(format!("dims = [{}]", dims.join(", ")));
    }
    keys.extend(default.map(|value| format!("default = {value}")));
    for (key, values) in [
        ("cast", &["\"no\"", "\"equiv\"", "\"safe\"", "\"same_kind\"", "\"unsafe\""][..]),
        ("copy", &["\"tile\"", "\"never\""]),
        ("align", &["1", "64"]),
        ("layout", &["\"any\"", "\"C\""]),
        ("doc", &["\"Said { of } it.\""]),
    ] {
        if dice.once_in(3) {
            keys.push(format!("{key} = {}", dice.of(values)));
        }
    }
    format!("{{ {} }}", keys.join(", "))
}

/// Params, and what fragments see of them.
pub fn params(dice: &mut Dice<'_>, types: &Types, names: &mut Names, not: &[&str], scope: &mut Scope) -> Vec<String> {
    let mut lines = Vec::new();
    let mut count: Option<String> = None;
    for _ in 0..[0, 0, 1, 2, 3][dice.below(5)] {
        let name = names.fresh(dice, not);
        let defaulted = dice.once_in(2);
        let with = |text: String, value: String| if defaulted { format!("{text} = {value}") } else { text };
        match dice.below(4) {
            0 => {
                let ty = types.any(dice);
                lines.push(with(format!("{name}: {}", ty.name), literal(dice, &ty)));
                scope.values.push((name, ty));
            }
            1 => {
                let value = count.as_ref().map_or("3".to_owned(), |count| format!("{count} + 1"));
                lines.push(with(format!("{name}: usize"), value));
                scope.values.push((name.clone(), Type::new("usize", Class::Count, false)));
                count = Some(name);
            }
            2 => {
                lines.push(with(format!("{name}: bool"), "true".to_owned()));
                scope.conditions.push(name);
            }
            _ => {
                let class = camel_case(&name);
                // A choice becomes an enum, whose name has to be free.
                if TAKEN.contains(&&*class) || types.variables.iter().any(|ty| ty.name == class) {
                    continue;
                }
                lines.push(with(format!("{name}: \"one\" | \"two-b\" | \"None\""), "\"two-b\"".to_owned()));
                scope.conditions.push(format!("({name} == {class}::{})", dice.of(&["One", "TwoB", "None"])));
            }
        }
    }
    lines
}
