//! What kernels without a body can have no use for, and how many operands they may have.

use super::operands::Operand;
use crate::diag::{Diagnostic, mistakes};
use crate::spec;

/// As many as the runtime walks.
const MOST_INPUTS: usize = 32;

/// As many as NumPy's ufuncs take in all; params are operands of the one below a function.
const MOST_OPERANDS: usize = 64;

/// Refuses what only a body can have.
pub fn check(given: &spec::Kernel, inputs: &[Operand<'_>], outputs: &[Operand<'_>], log: &mut Vec<Diagnostic>) {
    let form = if given.forms.reduce.is_some() { "reduce" } else { "map" };
    for (key, operands) in [("inouts", &given.inouts), ("scratch", &given.scratch)] {
        if let Some(first) = operands.first() {
            let span = match first {
                spec::Operand::Short(text) => &text.span,
                spec::Operand::Long(long) => &long.span,
            };
            log.push(mistakes::WRONG_FORM.at(span, &[&key, &"body"]));
        }
    }
    for operand in inputs.iter().chain(outputs) {
        if let Some(dims) = &operand.dims {
            let span = dims.first().map_or(operand.span.clone(), |dim| dim.span());
            log.push(mistakes::DIMS_OUTSIDE_BODY.at(&span, &[&form]));
        }
    }
    for operand in inputs {
        if let Some(optional) = &operand.optional {
            log.push(mistakes::WRONG_FORM.at(optional, &[&"?", &"body"]));
        }
    }
    if let Some(operand) = inputs.get(MOST_INPUTS) {
        log.push(mistakes::TOO_MANY_INPUTS.at(&operand.span, &[&MOST_INPUTS]));
    }
    if let (Some(last), "map") = (outputs.last(), form)
        && inputs.len() + given.params.len() + outputs.len() > MOST_OPERANDS
    {
        log.push(mistakes::TOO_MANY_OPERANDS.at(&last.span, &[&MOST_OPERANDS]));
    }
    let mut given_before = inputs.iter().map(|operand| operand.default.is_some()).enumerate();
    let defaults_last = given_before.clone().skip_while(|(_, default)| !default).all(|(_, default)| default);
    if let Some((place, _)) = given_before.find(|(place, default)| *default && (*place == 0 || !defaults_last)) {
        log.push(mistakes::DEFAULT_ORDER.at(&inputs[place].span, &[&inputs[place].name]));
    }
    for operand in outputs.iter().filter(|operand| operand.default.is_some()) {
        log.push(mistakes::WRONG_FORM.at(&operand.span, &[&"a prefilled output", &"body"]));
    }
    let only_map = [
        ("identity", given.identity.as_ref().map(|value| value.span())),
        ("reorderable", given.reorderable.as_ref().map(|value| &value.span)),
    ];
    for (key, span) in only_map {
        if let (Some(span), true) = (span, form == "reduce") {
            let place =
                if key == "identity" { "map` (a fold has its own, `reduce.identity`), not `reduce" } else { "map" };
            log.push(mistakes::WRONG_FORM.at(span, &[&key, &place]));
        }
    }
}
