//! Core dimensions of bodies: which arrays tell how long they are, and which follow from others.

use super::arithmetic::{self, Expr, Kind, Node, Scope};
use super::dtypes::Types;
use super::names::{Names, Role};
use super::operands::{Operand, Piece};
use super::require;
use crate::diag::{Diagnostic, mistakes};
use crate::model::{DType, Dim, Length, Param};

/// As many axes as `ndarray` has views of.
const MOST: usize = 6;

/// The names of dimensions that inputs decide about: those that an axis of an array is named after, then those that follow from
/// the length of an array, as `r` does from `indptr: i64[r + 1]`. An input that a call may leave out decides about nothing.
pub fn names(
    arrays: &[&[Operand<'_>]; 2],
    params: &[String],
    names: &mut Names,
    log: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let [inputs, inouts] = arrays;
    let always = inputs.iter().filter(|operand| operand.optional.is_none() && operand.default.is_none());
    let always = always.chain(inouts.iter());
    let dims = || always.clone().filter_map(|operand| operand.dims.as_ref()).flatten();
    let mut known: Vec<String> = Vec::new();
    let mut take = |name: &str, dim: &Piece<'_>, known: &mut Vec<String>| {
        let taken = params.iter().chain(known.iter()).any(|other| other == name);
        if !taken && names.take(name, &dim.span(), Role::Dim, log) {
            known.push(name.to_owned());
        }
    };
    for dim in dims().filter(|dim| is_name(dim.text())) {
        take(dim.text(), dim, &mut known);
    }
    for dim in dims().filter(|dim| !is_name(dim.text())) {
        if let Some(name) = told(dim, &known, params) {
            take(&name, dim, &mut known);
        }
    }
    known
}

/// The axes of each operand: of inputs, inouts, scratch and outputs. `names` are the dimensions that inputs decide about.
pub fn check(
    operands: [&[Operand<'_>]; 4],
    names: &[String],
    params: &[Param],
    types: &Types,
    log: &mut Vec<Diagnostic>,
) -> [Vec<Vec<Dim>>; 4] {
    let scope = require::scope(params, names, types);
    let mut told_by_name: Vec<&str> = Vec::new();
    for operand in operands[..2].iter().flat_map(|list| list.iter()) {
        told_by_name.extend(operand.dims.iter().flatten().map(|dim| dim.text()).filter(|text| is_name(text)));
    }
    let mut told_by_formula: Vec<String> = Vec::new();
    let mut list = |operands: &[Operand<'_>], given: bool| -> Vec<Vec<Dim>> {
        let mut axes = |operand: &Operand<'_>| {
            let dims = operand.dims.iter().flatten();
            if let Some(dim) = dims.clone().nth(MOST) {
                log.push(mistakes::TOO_MANY_DIMS.at(&dim.span(), &[&MOST]));
            }
            dims.filter_map(|dim| {
                // A dimension that an axis is named after, or that another formula told, is only held against this one.
                let free = |name: &&String| !told_by_name.contains(&&***name) && !told_by_formula.contains(*name);
                let open: Vec<&String> = names.iter().filter(free).collect();
                let solves = given.then(|| solved(dim, &open, log)).flatten();
                told_by_formula.extend(solves.clone());
                axis(dim, names, solves.as_deref(), &scope, log)
            })
            .collect()
        };
        operands.iter().map(&mut axes).collect()
    };
    let [inputs, inouts, scratch, outputs] = operands;
    [list(inputs, true), list(inouts, true), list(scratch, false), list(outputs, false)]
}

/// One axis of an operand.
fn axis(
    dim: &Piece<'_>,
    names: &[String],
    solves: Option<&str>,
    scope: &Scope,
    log: &mut Vec<Diagnostic>,
) -> Option<Dim> {
    let text = dim.text();
    let place = |name: &str| names.iter().position(|other| other == name);
    let compiled = arithmetic::parse(text).and_then(|expr| Ok((arithmetic::compile(&expr, scope)?, expr)));
    let length = match compiled {
        Ok(((Kind::Int, _), Expr { node: Node::Int(length), .. })) if length >= 0 => Length::Fixed(length as usize),
        Ok(((Kind::Int, program), _)) => match (place(text), solves.and_then(place)) {
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

/// The dimension that the length of an axis tells, if there is one among `open`: the expression must be linear in it.
fn solved(dim: &Piece<'_>, open: &[&String], log: &mut Vec<Diagnostic>) -> Option<String> {
    let expr = arithmetic::parse(dim.text()).ok().filter(|_| !is_name(dim.text()))?;
    let mut found = Vec::new();
    expr.names(&mut found);
    let name = found.into_iter().find(|name| open.contains(&name))?;
    if degree(&expr, &name) != Some(1) {
        log.push(mistakes::NOT_LINEAR.at(&dim.span(), &[&name]));
    }
    Some(name)
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
