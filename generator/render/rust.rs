//! Rust literals and names: the one place where text of a spec becomes a Rust token.

use crate::model::{Kernel, Loop, Param, ParamType, Type};

use super::text::hidden;

/// A string literal: raw where that is easier to read, escaped where it has to be.
pub(super) fn string(text: &str) -> String {
    if text.chars().any(|c| c != '\n' && hidden(c)) {
        let escaped: String = text.chars().map(escape).collect();
        return format!("\"{escaped}\"");
    }
    if !text.contains(['"', '\\', '\n']) {
        return format!("\"{text}\"");
    }
    let hashes = (1..).map(|n| "#".repeat(n)).find(|hashes| !text.contains(&format!("\"{hashes}")));
    let hashes = hashes.unwrap_or_default();
    format!("r{hashes}\"{text}\"{hashes}")
}

fn escape(c: char) -> String {
    match c {
        '"' | '\\' | '\n' | '\r' | '\t' => c.escape_default().to_string(),
        c if hidden(c) => c.escape_unicode().to_string(),
        c => c.to_string(),
    }
}

/// A float literal. `f64` itself may be a loop's module in a kernel's file, hence the long names.
pub(super) fn float(value: f64) -> String {
    if value.is_nan() {
        "core::primitive::f64::NAN".to_owned()
    } else if value.is_infinite() {
        format!("core::primitive::f64::{}", if value > 0.0 { "INFINITY" } else { "NEG_INFINITY" })
    } else {
        format!("{value:?}")
    }
}

/// The name of a type in fragments and macros: `f64`, `T`.
pub(super) fn type_name(ty: &Type, kernel: &Kernel) -> String {
    match ty {
        Type::Fixed(dtype) => dtype.name().to_owned(),
        Type::Variable(place) => kernel.variables.get(*place).cloned().unwrap_or_default(),
    }
}

/// A param as the macro wants it: `ddof: f64`, or `mode: [Mode]` for one of several strings.
pub(super) fn param_type(param: &Param, kernel: &Kernel) -> String {
    let name = &param.name;
    match &param.ty {
        ParamType::Scalar(ty) => format!("{name}: {}", type_name(ty, kernel)),
        ParamType::Usize => format!("{name}: usize"),
        ParamType::Choice { type_name, .. } => format!("{name}: [{type_name}]"),
    }
}

/// What the type variables stand for in a loop: `{ T = c64, R = f32 }`.
pub(super) fn bindings(kernel: &Kernel, each: &Loop) -> String {
    if kernel.variables.is_empty() {
        return "{}".to_owned();
    }
    let bound = kernel.variables.iter().zip(&each.types);
    let bound: Vec<_> = bound.map(|(name, dtype)| format!("{name} = {}", dtype.name())).collect();
    format!("{{ {} }}", bound.join(", "))
}
