//! The form `map`: checked, and not generated yet.

use super::fragment;
use super::parts::Parts;
use super::reduce::{by_output, param_bindings};
use super::scope::{Binding, Context};
use crate::diag::{Diagnostic, mistakes};
use crate::spec::{self, Expression};

/// Checks a `map`.
pub fn check(given: &Expression, kernel: &spec::Kernel, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) {
    let inputs = parts.inputs.iter().map(|input| (input.name.clone(), Binding::Value(input.ty.clone())));
    let context = Context {
        types: parts.types,
        bindings: inputs.chain(param_bindings(parts)).collect(),
        results: parts.outputs.iter().map(|output| output.ty.clone()).collect(),
        integers: parts.integers,
    };
    let span = match given {
        Expression::One(text) => {
            fragment::check(text, &context, log);
            text.span.clone()
        }
        Expression::ByOutput(span, texts) => {
            by_output(span, texts, parts, &context, log);
            span.clone()
        }
    };
    log.push(mistakes::NOT_YET.at(&span, &[&format!("`map` kernels such as `{}`", kernel.name.value)]));
}
