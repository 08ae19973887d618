//! The special values of C99, Annex F.9, and what else a function must have exactly, with their flags.

use accuracy::float::Float;
use accuracy::function::{Function, levels};
use accuracy::functions::FUNCTIONS;
use kernelgen_runtime::flags::Flags;

/// `name: arguments = value flag`, several apart by semicolons. `+-` stands for two of them, one with either sign.
const VALUES: &str = "
acos: 1 = 0; 0 = pi/2; -1 = pi; 2 = nan invalid; -2 = nan invalid; inf = nan invalid; -inf = nan invalid
asin: +-0 = +-0; +-1 = +-pi/2; +-2 = nan invalid; +-inf = nan invalid
atan: +-0 = +-0; +-1 = +-pi/4; +-inf = +-pi/2
atan2: +-0 -0 = +-pi; +-0 0 = +-0; +-0 -1 = +-pi; +-0 1 = +-0; +-0 -inf = +-pi; +-0 inf = +-0
atan2: -1 +-0 = -pi/2; 1 +-0 = pi/2; +-1 -inf = +-pi; +-1 inf = +-0; +-inf 1 = +-pi/2; +-inf -1 = +-pi/2; +-inf +0 = +-pi/2
atan2: +-inf -inf = +-3pi/4; +-inf inf = +-pi/4; +-1 1 = +-pi/4; +-1 -1 = +-3pi/4
atan2: nan 0 = nan; 0 nan = nan; nan inf = nan; inf nan = nan; nan nan = nan
cos: +-0 = 1; +-inf = nan invalid
sin: +-0 = +-0; +-inf = nan invalid
tan: +-0 = +-0; +-inf = nan invalid
cosh: +-0 = 1; +-inf = inf; +-1e4 = inf overflow
sinh: +-0 = +-0; +-inf = +-inf; +-1e4 = +-inf overflow
tanh: +-0 = +-0; +-inf = +-1; +-1e4 = +-1
exp: +-0 = 1; -inf = 0; inf = inf; 1e4 = inf overflow; -1e4 = 0
exp2: +-0 = 1; -inf = 0; inf = inf; 1e4 = inf overflow; -1e4 = 0; 1 = 2; -1 = 0.5; 127 = 1.7014118346046923e38; -126 = 1.1754943508222875e-38
expm1: +-0 = +-0; -inf = -1; inf = inf; 1e4 = inf overflow; -1e4 = -1
log: +-0 = -inf divide; 1 = 0; -1 = nan invalid; -inf = nan invalid; inf = inf
log2: +-0 = -inf divide; 1 = 0; -1 = nan invalid; -inf = nan invalid; inf = inf; 2 = 1; 0.5 = -1; 1024 = 10
log10: +-0 = -inf divide; 1 = 0; -1 = nan invalid; -inf = nan invalid; inf = inf; 10 = 1; 1000 = 3; 1e10 = 10
log1p: +-0 = +-0; -1 = -inf divide; -2 = nan invalid; -inf = nan invalid; inf = inf
cbrt: +-0 = +-0; +-inf = +-inf; +-1 = +-1; +-8 = +-2; +-27 = +-3; +-1000 = +-10
erf: +-0 = +-0; +-inf = +-1; +-1e4 = +-1
erfc: +-0 = 1; -inf = 2; inf = 0; 1e4 = 0; -1e4 = 2
hypot: inf nan = inf; -inf nan = inf; nan inf = inf; nan -inf = inf; +-0 +0 = 0; +-0 -0 = 0; +-3 4 = 5; +-3 0 = 3; +-3 -0 = 3; 0 -3 = 3
hypot: +-inf 1 = inf; 1 -inf = inf; +-inf -inf = inf; nan 0 = nan; 0 nan = nan; nan nan = nan
pow: +-0 -3 = +-inf divide; +-0 -2 = inf divide; +-0 -0.5 = inf divide; +-0 -inf = inf maybe; +-0 3 = +-0; +-0 2 = 0; +-0 0.5 = 0; +-0 inf = 0
pow: -1 +-inf = 1; 1 nan = 1; 1 +-inf = 1; 1 5 = 1; nan +-0 = 1; inf +-0 = 1; -inf +-0 = 1; 0 +-0 = 1; -0 +-0 = 1; 5 +-0 = 1; -5 +-0 = 1
pow: -2 0.5 = nan invalid; -0.5 -1.5 = nan invalid; -1 0.5 = nan invalid
pow: +-0.5 -inf = inf; +-2 -inf = 0; +-0.5 inf = 0; +-2 inf = inf
pow: -inf -3 = -0; -inf -2 = 0; -inf -0.5 = 0; -inf 3 = -inf; -inf 2 = inf; -inf 0.5 = inf; inf -1 = 0; inf 1 = inf
pow: +-inf inf = inf; +-inf -inf = 0; nan 1 = nan; 2 nan = nan; 0 nan = nan; -1 nan = nan; nan nan = nan; inf nan = nan; nan inf = nan
pow: +-3 3 = +-27; +-3 4 = 81; 4 0.5 = 2; 2 -3 = 0.125; +-10 5 = +-100000; 10 1000 = inf overflow; -10 1001 = -inf overflow; 10 -1001 = 0; -10 -1001 = -0
";

/// One value that a function must have.
struct Value {
    arguments: Vec<f64>,
    result: f64,
    /// Whether the result is a float, and not the nearest one to what is none.
    exact: bool,
    flags: Flags,
    /// Whether a flag is left open.
    open: bool,
}

fn number(word: &str) -> f64 {
    use std::f64::consts::PI;
    let (sign, size) = match word.strip_prefix('-') {
        Some(size) => (-1.0, size),
        None => (1.0, word),
    };
    sign * match size {
        "pi" => PI,
        "pi/2" => PI / 2.0,
        "pi/4" => PI / 4.0,
        "3pi/4" => 3.0 * PI / 4.0,
        number => number.parse().unwrap_or_else(|_| panic!("{word}")),
    }
}

fn value(text: &str) -> Value {
    let (arguments, result) = text.split_once('=').expect("a value");
    let mut result = result.split_whitespace();
    let word = result.next().expect("a result");
    let flag = result.next();
    Value {
        arguments: arguments.split_whitespace().map(number).collect(),
        result: number(word),
        exact: !word.contains("pi"),
        flags: match flag {
            Some("invalid") => Flags::INVALID,
            Some("divide") => Flags::DIVIDE,
            Some("overflow") => Flags::OVERFLOW,
            None | Some("maybe") => Flags::NONE,
            Some(other) => panic!("{other}"),
        },
        open: flag == Some("maybe"),
    }
}

/// The values of a function. A part of one has those of the whole: `sin_near`, of `sin`.
fn values(function: &Function) -> Vec<Value> {
    let whole = function.name.split('_').next().expect("a name");
    let lines = VALUES.lines().filter_map(|line| line.split_once(": ")).filter(|(name, _)| *name == whole);
    let texts = lines.flat_map(|(_, values)| values.split(';'));
    let signs = |text: &str| {
        if text.contains("+-") { vec![text.replace("+-", ""), text.replace("+-", "-")] } else { vec![text.to_owned()] }
    };
    let mut found: Vec<_> = texts.flat_map(signs).map(|text| value(&text)).collect();
    assert!(!found.is_empty(), "{} has no special values", function.name);
    if function.arity == 1 {
        found.push(value("nan = nan"));
    }
    found
        .retain(|value| value.arguments[1..].is_empty() == (function.arity == 1) && function.takes(value.arguments[0]));
    found
}

fn hold<F: Float>(function: &Function) {
    let of = F::of(function);
    for value in values(function) {
        let [x, y] = [0, function.arity - 1].map(|k| F::narrow(value.arguments[k]));
        let wanted = F::narrow(value.result);
        for level in levels() {
            // Alone, and in every lane.
            for n in [1, 2, 16, 37] {
                let (x, y) = (vec![x; n], vec![y; n]);
                let mut out = vec![F::of_bits(0); n];
                let raised = of.flagged(level, &x, &y, &mut out);
                let at = format!("{} {} {}: {:?}, of {n}", function.name, F::NAME, level.name(), value.arguments);
                for &found in &out {
                    let near = !value.exact && (found.place() - wanted.place()).abs() <= 1;
                    assert!(found.same(wanted) || near, "{at} is {found:?}, not {wanted:?}");
                }
                let finite = value.arguments.iter().all(|x| x.is_finite());
                let right = if finite { raised == value.flags } else { raised.0 & value.flags.0 == value.flags.0 };
                assert!(right || value.open, "{at} raises {raised:?}, not {:?}", value.flags);
            }
        }
    }
}

#[test]
fn special_values_are_those_of_c99() {
    for function in FUNCTIONS {
        hold::<f32>(function);
        hold::<f64>(function);
    }
}
