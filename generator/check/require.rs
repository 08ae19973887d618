//! `require`: conditions that are checked before a call.

use super::arithmetic::{Kind, Scope, Symbol, Wrong, compile, parse};
use super::dtypes::Types;
use super::operands::Piece;
use crate::diag::{Diagnostic, mistakes};
use crate::model::{Formula, Param, ParamType};
use crate::spec::Text;

/// The names in reach of kernelgen's arithmetic: params, and dims of a body.
pub fn scope(params: &[Param], dims: &[String], types: &Types) -> Scope {
    let symbol = |(place, param): (usize, &Param)| {
        let symbol = match &param.ty {
            ParamType::Usize => Symbol::Param(place, Kind::Int),
            ParamType::Choice { values, .. } => Symbol::Param(place, Kind::Choice(values.clone())),
            ParamType::Scalar(ty) => {
                let dtypes: Vec<_> = types.dtypes(ty).collect();
                if dtypes.iter().any(|dtype| dtype.is_complex()) {
                    Symbol::Other("complex")
                } else if dtypes.iter().any(|dtype| dtype.is_inexact()) {
                    Symbol::Param(place, Kind::Float)
                } else if dtypes.iter().all(|dtype| dtype.is_integer()) {
                    Symbol::Param(place, Kind::Int)
                } else {
                    Symbol::Param(place, Kind::Bool)
                }
            }
        };
        (param.name.clone(), symbol)
    };
    let dims = dims.iter().enumerate().map(|(place, dim)| (dim.clone(), Symbol::Dim(place)));
    params.iter().enumerate().map(symbol).chain(dims).collect()
}

/// Compiles the conditions; those that are wrong are reported.
pub fn check(texts: &[Text], scope: &Scope, log: &mut Vec<Diagnostic>) -> Vec<Formula> {
    texts.iter().filter_map(|text| condition(text, scope, log)).collect()
}

fn condition(text: &Text, scope: &Scope, log: &mut Vec<Diagnostic>) -> Option<Formula> {
    let piece = Piece::whole(text);
    let compiled = parse(piece.text()).and_then(|expr| compile(&expr, scope));
    match compiled {
        Ok((Kind::Bool, program)) => Some(Formula { text: piece.text().to_owned(), program }),
        Ok(_) => {
            log.push(mistakes::NOT_A_CONDITION.at(&piece.span(), &[]));
            None
        }
        Err(wrong) => {
            log.push(arithmetic(&piece, wrong));
            None
        }
    }
}

/// A mistake in kernelgen's arithmetic as a diagnostic.
pub fn arithmetic(piece: &Piece<'_>, wrong: Wrong) -> Diagnostic {
    mistakes::ARITHMETIC.at(&piece.place(wrong.range), &[&wrong.message])
}
