//! Core dimensions of bodies: which arrays tell how long they are, and which follow from others.

use super::arithmetic::{self, Expr, Kind, Node, Scope};
use super::dtypes::Types;
use super::names::{Names, Role};
use super::operands::{Operand, Piece};
use super::require;
use crate::diag::{Diagnostic, Span, mistakes};
use crate::model::{DType, Dim, Length, Param};

/// As many axes as `ndarray` has views of.
const MOST: usize = 6;

/// The dimensions that inputs decide about.
#[derive(Debug, Default)]
pub struct Known {
    /// Their names: those that an axis of an array is named after, then those that follow from the length of an array.
    pub names: Vec<String>,
    /// For each that follows, as `r` does from `indptr: i64[r + 1]`, where in the spec the axis is that tells it.
    told: Vec<(Span, String)>,
}

/// Finds the dimensions that inputs decide about. An input that a call may leave out decides about nothing.
pub fn known(arrays: &[&[Operand<'_>]; 2], params: &[String], names: &mut Names, log: &mut Vec<Diagnostic>) -> Known {
    let [inputs, inouts] = arrays;
    let always = inputs.iter().filter(|operand| operand.optional.is_none() && operand.default.is_none());
    let always = always.chain(inouts.iter());
    let dims = || always.clone().filter_map(|operand| operand.dims.as_ref()).flatten();
    let mut known = Known::default();
    for dim in dims().filter(|dim| is_name(dim.text())) {
        let taken = params.iter().chain(&known.names).any(|other| other == dim.text());
        if !taken && names.take(dim.text(), &dim.span(), Role::Dim, log) {
            known.names.push(dim.text().to_owned());
        }
    }
    for dim in dims().filter(|dim| !is_name(dim.text())) {
        let Some(name) = told(dim, &known.names, params) else { continue };
        if degree_of(dim, &name) != Some(1) {
            log.push(mistakes::NOT_LINEAR.at(&dim.span(), &[&name]));
        }
        if names.take(&name, &dim.span(), Role::Dim, log) {
            known.names.push(name.clone());
            known.told.push((dim.span(), name));
        }
    }
    known
}

/// The axes of each operand: of inputs, inouts, scratch and outputs.
pub fn check(
    operands: [&[Operand<'_>]; 4],
    known: &Known,
    params: &[Param],
    types: &Types,
    log: &mut Vec<Diagnostic>,
) -> [Vec<Vec<Dim>>; 4] {
    let scope = require::scope(params, &known.names, types);
    operands.map(|list| {
        let mut axes = |operand: &Operand<'_>| {
            let dims = operand.dims.iter().flatten();
            if let Some(dim) = dims.clone().nth(MOST) {
                log.push(mistakes::TOO_MANY_DIMS.at(&dim.span(), &[&MOST]));
            }
            dims.filter_map(|dim| axis(dim, known, &scope, log)).collect()
        };
        list.iter().map(&mut axes).collect()
    })
}

/// One axis of an operand.
fn axis(dim: &Piece<'_>, known: &Known, scope: &Scope, log: &mut Vec<Diagnostic>) -> Option<Dim> {
    let text = dim.text();
    let place = |name: &str| known.names.iter().position(|other| other == name);
    let tells = known.told.iter().find(|(span, _)| *span == dim.span()).and_then(|(_, name)| place(name));
    let compiled = arithmetic::parse(text).and_then(|expr| Ok((arithmetic::compile(&expr, scope)?, expr)));
    let length = match compiled {
        Ok(((Kind::Int, _), Expr { node: Node::Int(length), .. })) if length >= 0 => Length::Fixed(length as usize),
        Ok(((Kind::Int, program), _)) => match (place(text), tells) {
            (Some(place), _) => Length::Named(place),
            (None, Some(place)) => Length::Solved(place, program),
            (None, None) => Length::Computed(program),
        },
        Ok(_) => {
            log.push(mistakes::NOT_A_SIZE.at(&dim.span(), &[]));
            return None;
        }
        // Said already: a dim can't be called so.
        Err(_) if DType::from_name(text).is_some() => return None,
        Err(_) if is_name(text) => {
            log.push(mistakes::UNBOUND_DIM.at(&dim.span(), &[&text]));
            return None;
        }
        Err(wrong) => {
            log.push(require::arithmetic(dim, wrong));
            return None;
        }
    };
    Some(Dim { text: text.to_owned(), length })
}

/// How often a name is multiplied by itself in the expression of an axis.
fn degree_of(dim: &Piece<'_>, name: &str) -> Option<u32> {
    degree(&arithmetic::parse(dim.text()).ok()?, name)
}

/// How often a name is multiplied by itself in a polynomial; `None` for what is none.
fn degree(expr: &Expr, name: &str) -> Option<u32> {
    let mut names = Vec::new();
    expr.names(&mut names);
    if !names.iter().any(|other| other == name) {
        return Some(0);
    }
    match &expr.node {
        Node::Name(_) => Some(1),
        Node::Unary("Neg", operand) => degree(operand, name),
        Node::Binary("Add" | "Sub", left, right) => Some(degree(left, name)?.max(degree(right, name)?)),
        Node::Binary("Mul", left, right) => Some(degree(left, name)? + degree(right, name)?),
        _ => None,
    }
}

/// The one name of an axis' expression that nothing else tells.
fn told(dim: &Piece<'_>, known: &[String], params: &[String]) -> Option<String> {
    let mut free = Vec::new();
    arithmetic::parse(dim.text()).ok()?.names(&mut free);
    free.retain(|name| !known.contains(name) && !params.contains(name));
    match free.as_slice() {
        [name] => Some(name.clone()),
        _ => None,
    }
}

/// Whether a text is one name, not a number or an expression.
fn is_name(text: &str) -> bool {
    text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !text.starts_with(|c: char| c.is_ascii_digit())
}
