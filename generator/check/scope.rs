//! What a fragment sees: names and what they stand for.

use super::dtypes::Types;
use crate::model::Type;

/// What a name stands for within a fragment.
#[derive(Debug, Clone)]
pub enum Binding {
    /// A value of this type.
    Value(Type),
    /// A state with these fields.
    Fields(Vec<(String, Type)>),
    /// Anything else: a size, a choice.
    Other,
}

/// What a fragment is checked against.
pub struct Context<'a> {
    /// The type variables.
    pub types: &'a Types,
    /// The names in reach.
    pub bindings: Vec<(String, Binding)>,
    /// The types of the results: one for a bare value, more for a tuple.
    pub results: Vec<Type>,
    /// Whether the kernel has a dtype anywhere that Rust divides in its own way.
    pub own_division: bool,
}
