//! Keys that take one of a few words: `cast`, `copy`, `layout`, `align`, `gil`, `parallel`, `cost`.

use super::operands::Operand;
use crate::diag::{Diagnostic, did_you_mean, mistakes};
use crate::model::{Cast, Copying, Gil};
use crate::spec::{Options, Parallel, Scalar, Text};

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
pub fn gil(options: &Options, defaults: &Options, log: &mut Vec<Diagnostic>) -> Gil {
    let text = options.gil.as_ref().or(defaults.gil.as_ref());
    let words = [("auto", Gil::Auto), ("release", Gil::Release), ("hold", Gil::Hold)];
    word(text, "gil", &words, log).unwrap_or(Gil::Auto)
}

/// Checks `parallel`, `cost` and `cfunc`, and refuses them as not yet possible.
pub fn threads(options: &Options, body: bool, log: &mut Vec<Diagnostic>) {
    match &options.parallel {
        None => {}
        Some(Parallel::Over(dim)) if !body => {
            log.push(mistakes::WRONG_FORM.at(&dim.span, &[&"parallel.over", &"body"]))
        }
        Some(Parallel::Plain(Scalar::Bool(flag))) if flag.value => {
            log.push(mistakes::UNKNOWN_VALUE.at(&flag.span, &[&"true", &"parallel"]).help(PARALLEL));
        }
        // What it says of dims is checked with those.
        Some(Parallel::Over(_)) => {}
        Some(Parallel::Plain(Scalar::Text(text))) if text.value != "auto" => {
            log.push(mistakes::UNKNOWN_VALUE.at(&text.span, &[&text.value.escape_debug(), &"parallel"]).help(PARALLEL));
        }
        Some(Parallel::Plain(scalar @ (Scalar::Int(_) | Scalar::Float(_)))) => {
            log.push(mistakes::UNKNOWN_VALUE.at(scalar.span(), &[&"a number", &"parallel"]).help(PARALLEL));
        }
        Some(Parallel::Plain(scalar)) => log.push(mistakes::NOT_YET.at(scalar.span(), &[&"threads"])),
    }
    match &options.cost {
        None => {}
        Some(Scalar::Text(text)) if text.value != "light" && text.value != "heavy" => {
            let help = did_you_mean(&text.value, "values", &["light", "heavy"]);
            log.push(mistakes::UNKNOWN_VALUE.at(&text.span, &[&text.value.escape_debug(), &"cost"]).help(help));
        }
        Some(Scalar::Bool(flag)) => {
            log.push(mistakes::UNKNOWN_VALUE.at(&flag.span, &[&flag.value, &"cost"]).help(COST))
        }
        Some(cost) => log.push(mistakes::NOT_YET.at(cost.span(), &[&"costs"])),
    }
    match &options.cfunc {
        Some(cfunc) if !body => log.push(mistakes::WRONG_FORM.at(&cfunc.span, &[&"cfunc", &"body"])),
        Some(cfunc) if cfunc.value => log.push(mistakes::NOT_YET.at(&cfunc.span, &[&"C symbols"])),
        _ => {}
    }
}

const PARALLEL: &str = "write \"auto\", false, or { over = \"m\" } with a dim of the body";
const COST: &str = "write \"light\", \"heavy\", or nanoseconds an element";

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
