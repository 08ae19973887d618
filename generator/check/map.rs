//! The form `map`: one fragment, and what the methods of the ufunc start from.

use super::dtypes::Types;
use super::expression;
use super::params;
use super::parts::Parts;
use super::scope::Context;
use crate::diag::{Diagnostic, mistakes};
use crate::model::{Identity, Input, Literal, Map, Type};
use crate::spec::{self, Expression};

/// Checks a `map`.
pub fn check(given: &Expression, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Option<Map> {
    let context = Context {
        types: parts.types,
        bindings: parts.input_bindings().into_iter().chain(parts.param_bindings()).collect(),
        results: parts.outputs.iter().map(|output| output.ty.clone()).collect(),
        own_division: parts.own_division(),
    };
    expression::check(given, parts, &context, log).map(|map| Map { map })
}

/// Checks `identity` and `reorderable`, which only the methods of ufuncs ask for.
pub fn identity(given: &spec::Kernel, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Identity {
    let reorderable = given.reorderable.as_ref();
    let keys = [
        ("identity", given.identity.as_ref().map(|value| value.span())),
        ("reorderable", reorderable.map(|reorderable| &reorderable.span)),
    ];
    if let Some(why) = no_methods(parts) {
        for (key, span) in keys {
            log.extend(span.map(|span| mistakes::NO_METHODS.at(span, &[&key, &why])));
        }
        return Identity::None;
    }
    let Some(value) = &given.identity else {
        let any_order = reorderable.is_some_and(|reorderable| reorderable.value);
        return if any_order { Identity::Reorderable } else { Identity::None };
    };
    if let Some(reorderable) = reorderable.filter(|reorderable| !reorderable.value) {
        log.push(mistakes::IDENTITY_ORDER.at(&reorderable.span, &[]).label(value.span(), "an identity"));
    }
    let [output] = parts.outputs else { return Identity::None };
    let ty = &output.ty;
    match params::value(value).filter(|literal| starts(literal, ty, parts.types)) {
        Some(literal) => Identity::Value(literal),
        None => {
            log.push(mistakes::IDENTITY_VALUE.at(value.span(), &[&parts.types.name(ty)]));
            Identity::None
        }
    }
}

/// Why a kernel has no methods, if it has none.
fn no_methods(parts: &Parts<'_>) -> Option<&'static str> {
    if !parts.params.is_empty() {
        Some("with params it is a function")
    } else if !parts.inputs.iter().all(Input::is_plain) {
        Some("with defaults or rules of its own for inputs it is a function")
    } else if parts.inputs.len() != 2 {
        Some("it has not two inputs")
    } else if parts.outputs.len() != 1 {
        Some("it has several outputs")
    } else {
        None
    }
}

/// Whether a fold of every loop can start from a value. As in NumPy, 0 and 1 do for `bool`, and -1 is every bit of an
/// unsigned integer and `true`.
fn starts(literal: &Literal, ty: &Type, types: &Types) -> bool {
    types.dtypes(ty).all(|dtype| match literal {
        Literal::Int(-1..=1) => true,
        literal => params::fit(literal.clone(), &Type::Fixed(dtype), types).is_some(),
    })
}
