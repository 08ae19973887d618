//! What a kernel's forms are checked against: its operands, params and type variables.

use std::collections::BTreeMap;

use super::dtypes::Types;
use crate::diag::Span;
use crate::model::{Input, Output, Param};

/// What the forms of a kernel have in common.
pub struct Parts<'a> {
    /// The type variables.
    pub types: &'a Types,
    /// The inputs.
    pub inputs: &'a [Input],
    /// The results.
    pub outputs: &'a [Output],
    /// The params.
    pub params: &'a [Param],
    /// Whether any of these is an integer.
    pub integers: bool,
    /// Where each name is declared.
    pub spans: BTreeMap<String, Span>,
    /// Where the kernel's name is.
    pub name: &'a Span,
}

impl Parts<'_> {
    /// Where a name is declared.
    pub fn span_of(&self, name: &str) -> Span {
        self.spans.get(name).unwrap_or(self.name).clone()
    }
}
