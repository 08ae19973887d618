//! Keyword-only scalars, and the values that stand in the spec.

use super::arithmetic::{self, Kind, Scope};
use super::dtypes::Types;
use super::names::{self, Names, Role};
use super::operands::{Given, Operand, Piece};
use super::require;
use crate::diag::{Diagnostic, Span, mistakes};
use crate::model::{DType, Formula, Literal, Param, ParamType, Type, camel_case};
use crate::spec::{self, Scalar};

/// Reads `params`.
pub fn check(
    given: &[spec::Operand],
    dims: &[String],
    types: &Types,
    names: &mut Names,
    log: &mut Vec<Diagnostic>,
) -> Vec<Param> {
    let operands = Operand::list(given, Role::Param, names, log);
    let mut enums: Vec<String> = types.variables.clone();
    let mut params = Vec::new();
    for operand in &operands {
        let Some(param) = param(operand, &require::scope(&params, dims, types), types, log) else { continue };
        if let ParamType::Choice { type_name, .. } = &param.ty {
            if enums.contains(type_name) || names::is_type(type_name) {
                let why = format!("its enum in Rust would be `{type_name}`, which is there already");
                log.push(mistakes::RESERVED_NAME.at(&operand.span, &[&operand.name, &why]));
            }
            enums.push(type_name.clone());
        }
        params.push(param);
    }
    params
}

fn param(operand: &Operand<'_>, scope: &Scope, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Param> {
    super::options::no_array_keys(operand, "a param", log);
    let ty = match operand.dtype.text() {
        "usize" => ParamType::Usize,
        text if text.starts_with('"') => choice(operand, log)?,
        text => ParamType::Scalar(types.parse(text, &operand.dtype.span(), log)?),
    };
    let (mut default, mut computed) = (None, None);
    match &operand.default {
        None => {}
        Some(Given::Piece(piece)) if word(piece.text()).is_none() => {
            computed = Some(formula(piece, &ty, scope, types, log)?);
        }
        Some(given) => default = Some(self::default(given, &ty, types, log)?),
    }
    let doc = operand.long.and_then(|long| long.doc.as_ref()).map(|doc| doc.value.clone()).unwrap_or_default();
    Some(Param { name: operand.name.clone(), ty, default, computed, doc })
}

/// The choices of `"valid" | "same"`. Each is to be a variant of an enum in Rust.
fn choice(operand: &Operand<'_>, log: &mut Vec<Diagnostic>) -> Option<ParamType> {
    let mut values: Vec<String> = Vec::new();
    for part in operand.dtype.split('|') {
        let inner = part.text().strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '_' | '-');
        let Some(value) = inner.filter(|text| {
            text.starts_with(|c: char| c.is_ascii_alphabetic()) && text.chars().all(plain) && camel_case(text) != "Self"
        }) else {
            log.push(mistakes::CHOICE.at(&part.span(), &[]));
            return None;
        };
        if values.iter().any(|other| camel_case(other) == camel_case(value)) {
            log.push(mistakes::DUPLICATE_CHOICE.at(&part.span(), &[&value, &camel_case(value)]));
            return None;
        }
        values.push(value.to_owned());
    }
    Some(ParamType::Choice { type_name: camel_case(&operand.name), values })
}

/// The literal of a default, which must fit the param in every loop.
pub fn default(given: &Given<'_>, ty: &ParamType, types: &Types, log: &mut Vec<Diagnostic>) -> Option<Literal> {
    let (literal, span) = literal(given, log)?;
    let fitted = match ty {
        ParamType::Usize => match literal {
            Literal::Int(value) if value >= 0 && value <= i128::from(u64::MAX) => Some(literal),
            _ => None,
        },
        ParamType::Choice { values, .. } => match &literal {
            Literal::Text(text) if values.contains(text) => Some(literal),
            _ => None,
        },
        ParamType::Scalar(ty) => fit(literal, ty, types),
    };
    if fitted.is_none() {
        let wanted = match ty {
            ParamType::Usize => "`usize`: a whole number, 0 or more".to_owned(),
            ParamType::Choice { values, .. } => format!("one of {}", quoted(values)),
            ParamType::Scalar(ty) => format!("`{}`", types.name(ty)),
        };
        log.push(mistakes::DEFAULT_VALUE.at(&span, &[&wanted]));
    }
    fitted
}

fn quoted(values: &[String]) -> String {
    values.iter().map(|value| format!("\"{value}\"")).collect::<Vec<_>>().join(", ")
}

/// A literal as a value of a type, if it is one in every loop.
pub fn fit(literal: Literal, ty: &Type, types: &Types) -> Option<Literal> {
    let mut dtypes = types.dtypes(ty);
    match literal {
        Literal::Bool(_) => dtypes.all(|dtype| !dtype.is_inexact() && !dtype.is_integer()).then_some(literal),
        Literal::Float(value) => dtypes.all(|dtype| dtype.is_inexact() && holds_float(value, dtype)).then_some(literal),
        Literal::Int(value) => {
            let dtypes: Vec<_> = dtypes.collect();
            let holds = |dtype: &DType| dtype.is_inexact() || dtype.is_integer() && in_range(value, *dtype);
            let fits = dtypes.iter().all(holds);
            let inexact = !dtypes.is_empty() && dtypes.iter().all(|dtype| dtype.is_inexact());
            fits.then_some(if inexact { Literal::Float(value as f64) } else { literal })
        }
        Literal::Text(_) => None,
    }
}

/// Whether a floating dtype holds a value: not one that is infinite in single precision only.
fn holds_float(value: f64, dtype: DType) -> bool {
    let double = matches!(dtype, DType::F64 | DType::C128);
    #[allow(clippy::cast_possible_truncation)]
    let narrow = value as f32;
    double || !value.is_finite() || narrow.is_finite()
}

/// Whether an integer dtype holds a value.
fn in_range(value: i128, dtype: DType) -> bool {
    let bits = 8 * dtype.size() as u32 - u32::from(!dtype.is_unsigned());
    let most = (1_i128 << bits) - 1;
    let least = if dtype.is_unsigned() { 0 } else { -most - 1 };
    (least..=most).contains(&value)
}

/// A default that is made of dimensions and of the params before.
fn formula(
    piece: &Piece<'_>,
    ty: &ParamType,
    scope: &Scope,
    types: &Types,
    log: &mut Vec<Diagnostic>,
) -> Option<Formula> {
    let compiled = arithmetic::parse(piece.text()).and_then(|expr| arithmetic::compile(&expr, scope));
    let (kind, program) = compiled.map_err(|wrong| log.push(require::arithmetic(piece, wrong))).ok()?;
    let inexact = |ty: &Type| types.dtypes(ty).all(DType::is_inexact);
    let whole = |ty: &Type| types.dtypes(ty).all(|dtype| dtype.is_inexact() || dtype.is_integer());
    let (fits, wanted) = match ty {
        ParamType::Usize => (kind == Kind::Int, "`usize`: a whole number, 0 or more".to_owned()),
        ParamType::Choice { values, .. } => (false, format!("one of {}", quoted(values))),
        ParamType::Scalar(ty) => {
            let fits = kind == Kind::Int && whole(ty) || kind == Kind::Float && inexact(ty);
            (fits, format!("`{}`", types.name(ty)))
        }
    };
    if !fits {
        log.push(mistakes::DEFAULT_VALUE.at(&piece.span(), &[&wanted]));
        return None;
    }
    Some(Formula { text: piece.text().to_owned(), program })
}

/// A value as written, and its place.
fn literal(given: &Given<'_>, log: &mut Vec<Diagnostic>) -> Option<(Literal, Span)> {
    let piece = match given {
        Given::Scalar(Scalar::Text(text)) => Piece::whole(text),
        Given::Scalar(scalar) => return Some((plain(scalar)?, scalar.span().clone())),
        Given::Piece(piece) => piece.clone(),
    };
    let span = piece.span();
    match word(piece.text()) {
        Some(value) => Some((value, span)),
        None if matches!(given, Given::Scalar(_)) => Some((Literal::Text(piece.text().to_owned()), span)),
        None => {
            log.push(mistakes::DEFAULT_VALUE.at(&span, &[&"a number, `true`, `false`, `nan` or `inf`"]));
            None
        }
    }
}

/// A literal of TOML, where a string holds `inf`, `nan` or a number.
pub fn value(scalar: &Scalar) -> Option<Literal> {
    match scalar {
        Scalar::Text(text) => word(text.value.trim()),
        scalar => plain(scalar),
    }
}

/// A literal that is no string.
pub fn plain(scalar: &Scalar) -> Option<Literal> {
    match scalar {
        Scalar::Bool(value) => Some(Literal::Bool(value.value)),
        Scalar::Int(value) => Some(Literal::Int(value.value)),
        Scalar::Float(value) => Some(Literal::Float(value.value)),
        Scalar::Text(_) => None,
    }
}

/// A literal within a string.
fn word(text: &str) -> Option<Literal> {
    match text {
        "true" => return Some(Literal::Bool(true)),
        "false" => return Some(Literal::Bool(false)),
        "nan" => return Some(Literal::Float(f64::NAN)),
        "inf" => return Some(Literal::Float(f64::INFINITY)),
        "-inf" => return Some(Literal::Float(f64::NEG_INFINITY)),
        _ => {}
    }
    if let Some(text) = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
        return (!text.contains('"')).then(|| Literal::Text(text.to_owned()));
    }
    let digits = text.replace('_', "");
    if !digits.trim_start_matches('-').starts_with(|c: char| c.is_ascii_digit() || c == '.') {
        return None;
    }
    digits.parse().map(Literal::Int).or_else(|_| digits.parse().map(Literal::Float)).ok()
}
