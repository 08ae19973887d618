//! What a kernel's forms are checked against: its operands, params and type variables.

use std::collections::BTreeMap;

use super::dtypes::Types;
use super::scope::Binding;
use crate::diag::Span;
use crate::model::{DType, Input, Output, Param, ParamType, Scratch, Type};

/// What the forms of a kernel have in common.
pub struct Parts<'a> {
    /// The type variables.
    pub types: &'a Types,
    /// The inputs.
    pub inputs: &'a [Input],
    /// The arrays that a body works in.
    pub scratch: &'a [Scratch],
    /// The results.
    pub outputs: &'a [Output],
    /// The params.
    pub params: &'a [Param],
    /// Where each name is declared.
    pub spans: BTreeMap<String, Span>,
    /// Whether the kernel is a body.
    pub body: bool,
    /// The dimensions that inputs decide about.
    pub dims: &'a [String],
    /// The kernel's name.
    pub kernel: &'a str,
    /// Where that is.
    pub name: &'a Span,
}

impl Parts<'_> {
    /// The same where the type variables have other dtypes.
    pub fn with<'a>(&'a self, types: &'a Types) -> Parts<'a> {
        Parts { types, spans: self.spans.clone(), ..*self }
    }

    /// Whether a dtype can occur in a fragment that Rust divides in its own way.
    pub fn own_division(&self) -> bool {
        let has = |ty: &Type| self.types.dtypes(ty).any(DType::divides_apart);
        self.inputs.iter().any(|input| has(&input.ty))
            || self.outputs.iter().any(|output| has(&output.ty))
            || self.types.combinations.iter().flatten().any(|dtype| dtype.divides_apart())
            || self.params.iter().any(|param| match &param.ty {
                ParamType::Usize => true,
                ParamType::Scalar(ty) => has(ty),
                ParamType::Choice { .. } => false,
            })
    }

    /// The arguments of a body's function.
    pub fn arguments(&self) -> usize {
        self.inputs.len() + self.scratch.len() + self.outputs.len() + self.params.len()
    }

    /// The inputs as names of a fragment.
    pub fn input_bindings(&self) -> Vec<(String, Binding)> {
        self.inputs.iter().map(|input| (input.name.clone(), Binding::Value(input.ty.clone()))).collect()
    }

    /// The params as names of a fragment.
    pub fn param_bindings(&self) -> Vec<(String, Binding)> {
        let binding = |ty: &ParamType| match ty {
            ParamType::Scalar(ty) => Binding::Value(ty.clone()),
            _ => Binding::Other,
        };
        self.params.iter().map(|param| (param.name.clone(), binding(&param.ty))).collect()
    }

    /// Where a name is declared.
    pub fn span_of(&self, name: &str) -> Span {
        self.spans.get(name).unwrap_or(self.name).clone()
    }
}
