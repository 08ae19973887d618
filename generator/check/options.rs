//! Keys that take one of a few words, or a number: `cast`, `copy`, `layout`, `align`, `gil`, `parallel`, `cost`.

use super::operands::Operand;
use crate::diag::{Diagnostic, did_you_mean, mistakes};
use crate::model::{Cast, Copying, Gil, Parallel};
use crate::spec::{self, Options, Scalar, Text};

/// The value of a word, or the words that there are.
fn word<T: Copy>(text: Option<&Text>, key: &str, words: &[(&str, T)], log: &mut Vec<Diagnostic>) -> Option<T> {
    let text = text?;
    let found = words.iter().find(|(word, _)| *word == text.value).map(|(_, value)| *value);
    if found.is_none() {
        let known: Vec<_> = words.iter().map(|(word, _)| *word).collect();
        let help = did_you_mean(&text.value, "values", &known);
        log.push(mistakes::UNKNOWN_VALUE.at(&text.span, &[&text.value.escape_debug(), &key]).help(help));
    }
    found
}

/// `cast`, or what holds where nothing is said.
pub fn cast(text: Option<&Text>, default: Cast, log: &mut Vec<Diagnostic>) -> Cast {
    let words = [
        ("no", Cast::No),
        ("equiv", Cast::Equiv),
        ("safe", Cast::Safe),
        ("same_kind", Cast::SameKind),
        ("unsafe", Cast::Unsafe),
    ];
    word(text, "cast", &words, log).unwrap_or(default)
}

/// `copy`.
pub fn copying(text: Option<&Text>, log: &mut Vec<Diagnostic>) -> Copying {
    let words = [("tile", Copying::Tile), ("never", Copying::Never), ("array", Copying::Array)];
    word(text, "copy", &words, log).unwrap_or(Copying::Tile)
}

/// `layout`: whether bodies find items in C order. The blocks of a fold lie side by side whatever it says.
pub fn layout(text: Option<&Text>, log: &mut Vec<Diagnostic>) -> bool {
    word(text, "layout", &[("any", false), ("C", true)], log).unwrap_or(false)
}

/// `align`: a power of two.
pub fn align(scalar: Option<&Scalar>, log: &mut Vec<Diagnostic>) -> usize {
    let Some(scalar) = scalar else { return 1 };
    match scalar {
        Scalar::Int(bytes) if (1..=4096).contains(&bytes.value) && bytes.value.count_ones() == 1 => {
            bytes.value as usize
        }
        _ => {
            log.push(mistakes::ALIGN.at(scalar.span(), &[]));
            1
        }
    }
}

/// `gil`.
pub fn gil(options: &Options, log: &mut Vec<Diagnostic>) -> Gil {
    let words = [("auto", Gil::Auto), ("release", Gil::Release), ("hold", Gil::Hold)];
    word(options.gil.as_ref(), "gil", &words, log).unwrap_or(Gil::Auto)
}

/// `parallel`. What `over` says of dims is checked with those.
pub fn parallel(options: &Options, body: bool, log: &mut Vec<Diagnostic>) -> Parallel {
    const HELP: &str = "write \"auto\", false, or { over = \"m\" } with a dim of the body";
    let scalar = match &options.parallel {
        None => return Parallel::Auto,
        Some(spec::Parallel::Over(dim)) => {
            if !body {
                log.push(mistakes::WRONG_FORM.at(&dim.span, &[&"parallel.over", &"body"]));
            }
            return Parallel::Auto;
        }
        Some(spec::Parallel::Plain(scalar)) => scalar,
    };
    match scalar {
        Scalar::Bool(flag) if !flag.value => return Parallel::Never,
        Scalar::Text(text) if text.value == "auto" => {}
        other => log.push(mistakes::UNKNOWN_VALUE.at(other.span(), &[&written(other), &"parallel"]).help(HELP)),
    }
    Parallel::Auto
}

/// `cost`: nanoseconds an element, if it is said.
pub fn cost(options: &Options, log: &mut Vec<Diagnostic>) -> Option<f32> {
    const HELP: &str = "write \"light\", \"heavy\", or nanoseconds an element: a number above 0";
    let scalar = options.cost.as_ref()?;
    let nanoseconds = match scalar {
        Scalar::Text(text) if text.value == "light" => 0.5,
        Scalar::Text(text) if text.value == "heavy" => 50.0,
        Scalar::Int(number) => number.value as f32,
        Scalar::Float(number) => number.value as f32,
        Scalar::Text(_) | Scalar::Bool(_) => 0.0,
    };
    if nanoseconds > 0.0 && nanoseconds.is_finite() {
        return Some(nanoseconds);
    }
    log.push(mistakes::UNKNOWN_VALUE.at(scalar.span(), &[&written(scalar), &"cost"]).help(HELP));
    None
}

/// A value as a spec has it.
fn written(scalar: &Scalar) -> String {
    match scalar {
        Scalar::Bool(flag) => flag.value.to_string(),
        Scalar::Int(number) => number.value.to_string(),
        Scalar::Float(number) => format!("{:?}", number.value).to_lowercase(),
        Scalar::Text(text) => text.value.escape_debug().to_string(),
    }
}

/// Checks `cfunc`, and refuses it as not yet possible.
pub fn cfunc(options: &Options, body: bool, log: &mut Vec<Diagnostic>) {
    match &options.cfunc {
        Some(cfunc) if !body => log.push(mistakes::WRONG_FORM.at(&cfunc.span, &[&"cfunc", &"body"])),
        Some(cfunc) if cfunc.value => log.push(mistakes::NOT_YET.at(&cfunc.span, &[&"C symbols"])),
        _ => {}
    }
}

/// Refuses the keys of arrays, dims and `?` on an operand that is a scalar or a result.
pub fn no_array_keys(operand: &Operand<'_>, what: &str, log: &mut Vec<Diagnostic>) {
    let mut refuse = |span: &crate::diag::Span, key: &str| log.push(mistakes::NOT_AN_ARRAY.at(span, &[&key, &what]));
    if let Some(optional) = &operand.optional {
        refuse(optional, "?");
    }
    if let (Some(dims), "a param" | "a field of a state") = (&operand.dims, what) {
        match dims.first() {
            Some(dim) => refuse(&dim.span(), "dims"),
            None => refuse(&operand.span, "dims"),
        }
    }
    let Some(long) = operand.long else { return };
    let texts = [("cast", &long.cast), ("copy", &long.copy), ("layout", &long.layout)];
    for (key, text) in texts {
        // The layout of an output is a body's business.
        if let (Some(text), false) = (text, key == "layout" && what == "an output") {
            refuse(&text.span, key);
        }
    }
    if let Some(align) = &long.align {
        refuse(align.span(), "align");
    }
}
