//! Random expressions of a type, in the terms of docs/spec.md.

use super::dice::Dice;

/// What the dtypes of a type have in common.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    Bool,
    Int,
    Float,
    Complex,
    /// Integers and floats.
    Real,
    /// A `usize`: no dtype, but it converts to each.
    Count,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Type {
    /// As it stands in fragments.
    pub name: String,
    pub class: Class,
    /// Whether a bare `2.5` is one in every loop.
    pub bare: bool,
}

impl Type {
    pub fn new(name: &str, class: Class, bare: bool) -> Type {
        Type { name: name.to_owned(), class, bare }
    }
}

/// What a fragment sees.
#[derive(Debug, Clone, Default)]
pub struct Scope {
    /// Expressions that stand for a value, and their types.
    pub values: Vec<(String, Type)>,
    /// Further conditions.
    pub conditions: Vec<String>,
    /// Names that hide a function of the prelude.
    pub taken: Vec<String>,
}

impl Scope {
    pub fn with(&self, values: impl IntoIterator<Item = (String, Type)>) -> Scope {
        let mut scope = self.clone();
        scope.values.extend(values);
        scope
    }
}

const ANALYTIC: [&str; 17] = [
    "exp", "exp2", "expm1", "log", "log2", "log10", "log1p", "sqrt", "sin", "cos", "tan", "asin", "acos", "atan",
    "sinh", "cosh", "tanh",
];
const REAL: [&str; 5] = ["abs", "floor", "ceil", "trunc", "sign"];
const FLOAT: [&str; 3] = ["cbrt", "erf", "erfc"];
const ANY: [&str; 2] = ["conj", "round"];
const EXTREMES: [&str; 4] = ["minimum", "maximum", "fmin", "fmax"];

/// An expression of this type.
pub fn value(dice: &mut Dice<'_>, ty: &Type, scope: &Scope, depth: usize) -> String {
    if depth == 0 || dice.once_in(4) {
        return leaf(dice, ty, scope);
    }
    let next = |dice: &mut Dice<'_>| value(dice, ty, scope, depth - 1);
    match dice.below(10) {
        9 if ty.class == Class::Bool => condition(dice, scope, depth),
        1 | 9 => binary(dice, ty, scope, depth),
        2 => {
            let (a, b) = (next(dice), next(dice));
            let c = condition(dice, scope, depth - 1);
            if dice.once_in(2) {
                format!("(if {c} {{ {a} }} else {{ {b} }})")
            } else {
                call("select", &[c, a, b], scope)
            }
        }
        3 => {
            let name = *dice.of(&EXTREMES);
            let (a, b) = (next(dice), next(dice));
            call(name, &[a, b], scope)
        }
        4 => unary(dice, ty, scope, depth),
        5 => two(dice, ty, scope, depth),
        6 if matches!(ty.class, Class::Int | Class::Float | Class::Real) => {
            let (a, b, c) = (next(dice), next(dice), next(dice));
            let name = if ty.bare && dice.once_in(3) { "fma" } else { "clamp" };
            call(name, &[a, b, c], scope)
        }
        7 if matches!(ty.class, Class::Float | Class::Complex) => format!("(-{})", next(dice)),
        7 if ty.class == Class::Bool => format!("(!{})", next(dice)),
        8 => {
            let a = next(dice);
            let b = value(dice, ty, &scope.with([("t0".to_owned(), ty.clone())]), depth - 1);
            format!("{{ let t0 = {a}; {b} }}")
        }
        _ => leaf(dice, ty, scope),
    }
}

/// A call, or where a name of the scope hides the function its last argument.
fn call(function: &str, arguments: &[String], scope: &Scope) -> String {
    if scope.taken.iter().any(|name| name == function) {
        return arguments.last().cloned().unwrap_or_default();
    }
    format!("{function}({})", arguments.join(", "))
}

fn leaf(dice: &mut Dice<'_>, ty: &Type, scope: &Scope) -> String {
    let same: Vec<_> = scope.values.iter().filter(|(_, other)| other == ty).collect();
    if !same.is_empty() && !dice.once_in(3) {
        return dice.of(&same).0.clone();
    }
    let converts = |other: &Type| other.class != Class::Complex || ty.class == Class::Complex;
    let others: Vec<_> = scope.values.iter().filter(|(_, other)| converts(other)).collect();
    if !others.is_empty() && dice.once_in(2) {
        return format!("{}({})", ty.name, dice.of(&others).0);
    }
    let constants: &[&str] = match ty.class {
        Class::Float => &["PI", "TAU", "E", "INF", "NAN", "EPS", "LOWEST", "HIGHEST"],
        Class::Int | Class::Real => &["LOWEST", "HIGHEST"],
        Class::Bool | Class::Complex | Class::Count => &[],
    };
    if !constants.is_empty() && dice.once_in(4) {
        return format!("{}::{}", ty.name, dice.of(constants));
    }
    match ty.class {
        Class::Bool => (*dice.of(&["true", "false"])).to_owned(),
        Class::Float | Class::Complex if dice.once_in(2) => {
            format!("{}({})", ty.name, dice.of(&["2.5", "0.0", "1e-3"]))
        }
        _ => format!("{}({})", ty.name, dice.below(100)),
    }
}

/// A Rust `bool`.
pub fn condition(dice: &mut Dice<'_>, scope: &Scope, depth: usize) -> String {
    if !scope.conditions.is_empty() && dice.once_in(3) {
        return dice.of(&scope.conditions).clone();
    }
    let comparable: Vec<_> = scope
        .values
        .iter()
        .filter(|(_, ty)| !matches!(ty.class, Class::Complex | Class::Bool | Class::Count))
        .collect();
    if comparable.is_empty() {
        return (*dice.of(&["true", "false"])).to_owned();
    }
    let ty = dice.of(&comparable).1.clone();
    let a = value(dice, &ty, scope, depth.saturating_sub(1));
    let test = *dice.of(&["isnan", "isinf", "isfinite"]);
    if dice.once_in(4) && !scope.taken.iter().any(|name| name == test) {
        return format!("{test}({a})");
    }
    let b = value(dice, &ty, scope, depth.saturating_sub(1));
    format!("({a} {} {b})", dice.of(&["<", "<=", ">", ">=", "==", "!="]))
}

fn binary(dice: &mut Dice<'_>, ty: &Type, scope: &Scope, depth: usize) -> String {
    let operators: &[&str] = match ty.class {
        Class::Bool => &["&", "|", "^"],
        Class::Int => &["+", "-", "*", "/", "%", "&", "|", "^", "<<", ">>"],
        Class::Float | Class::Real => &["+", "-", "*", "/", "%"],
        Class::Complex => &["+", "-", "*", "/"],
        Class::Count => return leaf(dice, ty, scope),
    };
    let operator = *dice.of(operators);
    let a = value(dice, ty, scope, depth - 1);
    let bare = ty.bare && matches!(operator, "+" | "-" | "*" | "/") && dice.once_in(4);
    let b = if bare { "2.5".to_owned() } else { value(dice, ty, scope, depth - 1) };
    format!("({a} {operator} {b})")
}

fn unary(dice: &mut Dice<'_>, ty: &Type, scope: &Scope, depth: usize) -> String {
    let functions: Vec<&str> = match ty.class {
        Class::Bool | Class::Count => return leaf(dice, ty, scope),
        Class::Int | Class::Real => REAL.iter().chain(&ANY).copied().collect(),
        Class::Float => REAL.iter().chain(&ANY).chain(&ANALYTIC).chain(&FLOAT).copied().collect(),
        Class::Complex => ANALYTIC.iter().chain(&ANY).chain(&["sign"]).copied().collect(),
    };
    let name = *dice.of(&functions);
    call(name, &[value(dice, ty, scope, depth - 1)], scope)
}

fn two(dice: &mut Dice<'_>, ty: &Type, scope: &Scope, depth: usize) -> String {
    let functions: &[&str] = match ty.class {
        Class::Bool | Class::Count => return leaf(dice, ty, scope),
        Class::Int => &["floor_divide", "remainder", "fmod", "pow", "left_shift", "right_shift", "quotient", "modulo"],
        Class::Float => {
            &["floor_divide", "remainder", "fmod", "pow", "hypot", "atan2", "copysign", "quotient", "modulo"]
        }
        Class::Real => &["floor_divide", "remainder", "fmod", "pow", "quotient", "modulo"],
        Class::Complex => &["pow", "quotient"],
    };
    let name = *dice.of(functions);
    let (a, b) = (value(dice, ty, scope, depth - 1), value(dice, ty, scope, depth - 1));
    call(name, &[a, b], scope)
}
