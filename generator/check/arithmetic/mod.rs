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
