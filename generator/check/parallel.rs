//! `parallel = { over = "m" }`: along which dimension a call may be cut into pieces.

use super::names::{Names, Role};
use super::parts::Parts;
use crate::diag::{Diagnostic, mistakes};
use crate::model::{self, Dim, Length};
use crate::spec::{Options, Parallel};

/// The place of the dimension among `dims`; refused unless everything that is written can be cut along it.
pub fn over(
    options: &Options,
    dims: &[String],
    parts: &Parts<'_>,
    names: &mut Names,
    log: &mut Vec<Diagnostic>,
) -> Option<usize> {
    let Some(Parallel::Over(dim)) = &options.parallel else { return None };
    // Of other forms it is said elsewhere that they can't be cut.
    if !parts.body {
        return None;
    }
    let Some(place) = dims.iter().position(|name| *name == dim.value) else {
        log.push(mistakes::UNBOUND_DIM.at(&dim.span, &[&dim.value]));
        return None;
    };
    // Where a piece starts has a name in the body, too.
    names.take(&format!("{}0", dim.value), &dim.span, Role::Dim, log);
    let axes = |dims: &[Dim]| dims.iter().filter(|axis| axis.length == Length::Named(place)).count();
    let outputs = parts.outputs.iter().map(|output| (&output.name, axes(&output.dims) == 1));
    // What is only read may be read whole; but a body could not tell a piece of two axes from all of it.
    let inputs = parts.inputs.iter().map(|input| match (input.role, axes(&input.dims)) {
        (model::Role::Change, axes) => (&input.name, axes == 1),
        (_, axes) => (&input.name, axes <= 1),
    });
    for (name, _) in outputs.chain(inputs).filter(|(_, is_cut)| !is_cut) {
        log.push(
            mistakes::PARALLEL_OVER.at(&parts.span_of(name), &[name, &dim.value]).label(&dim.span, "cut along this"),
        );
    }
    Some(place)
}
