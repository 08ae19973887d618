//! kernelgen's own arithmetic: dimension expressions, `require`, defaults of params. Never Rust, never Python.

mod compile;
mod lex;
mod parse;

use std::ops::Range;

pub use compile::{Kind, Scope, Symbol, compile};
pub use parse::parse;

/// A parsed expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub node: Node,
    /// Its place in the text.
    pub range: Range<usize>,
}

impl Expr {
    /// Adds the names in it, each once.
    pub fn names(&self, found: &mut Vec<String>) {
        match &self.node {
            Node::Name(name) if !found.contains(name) => found.push(name.clone()),
            Node::Unary(_, operand) => operand.names(found),
            Node::Binary(_, left, right) => [left, right].into_iter().for_each(|side| side.names(found)),
            Node::Call(_, arguments) => arguments.iter().for_each(|argument| argument.names(found)),
            Node::If(parts) => parts.iter().for_each(|part| part.names(found)),
            _ => {}
        }
    }
}

/// The kinds of expressions.
#[derive(Debug, Clone, PartialEq)]
#[allow(missing_docs)]
pub enum Node {
    Int(i64),
    Float(f64),
    Bool(bool),
    Text(String),
    Name(String),
    /// An operator with one operand, by its name in `model::Op::Apply`.
    Unary(&'static str, Box<Expr>),
    /// An operator with two.
    Binary(&'static str, Box<Expr>, Box<Expr>),
    /// `min`, `max`, `ceil_div` with their arguments.
    Call(&'static str, Vec<Expr>),
    /// `if c { a } else { b }`.
    If(Box<[Expr; 3]>),
}

/// What is wrong with a text, and where.
#[derive(Debug, Clone, PartialEq)]
pub struct Wrong {
    /// One sentence without a period.
    pub message: String,
    /// Its place in the text.
    pub range: Range<usize>,
}

impl Wrong {
    fn new(message: impl Into<String>, range: Range<usize>) -> Self {
        Self { message: message.into(), range }
    }
}
