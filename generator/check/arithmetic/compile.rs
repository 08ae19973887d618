//! Types an expression and turns it into the postfix program that the runtime runs.

use super::{Expr, Node, Wrong};
use crate::diag::did_you_mean;
use crate::model::Op;

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A whole number.
    Int,
    /// A float.
    Float,
    /// True or false.
    Bool,
    /// One of an enum's strings.
    Choice(Vec<String>),
}

/// What a name stands for.
#[derive(Debug, Clone)]
pub enum Symbol {
    /// The param at this place.
    Param(usize, Kind),
    /// A param that takes no part in arithmetic.
    Other(&'static str),
    /// The core dimension at this place: a whole number.
    Dim(usize),
}

/// The names in reach of an expression.
pub type Scope = Vec<(String, Symbol)>;

/// The kind of an expression and its program.
pub fn compile(expr: &Expr, scope: &Scope) -> Result<(Kind, Vec<Op>), Wrong> {
    let mut program = Vec::new();
    let kind = Compiler { scope, program: &mut program }.expr(expr)?;
    Ok((kind, program))
}

struct Compiler<'a> {
    scope: &'a Scope,
    program: &'a mut Vec<Op>,
}

impl Compiler<'_> {
    fn expr(&mut self, expr: &Expr) -> Result<Kind, Wrong> {
        let fail = |message: String| Err(Wrong::new(message, expr.range.clone()));
        match &expr.node {
            Node::Int(value) => self.push(Op::Int(*value), Kind::Int),
            Node::Float(value) => self.push(Op::Float(*value), Kind::Float),
            Node::Bool(value) => self.push(Op::Choice(usize::from(*value)), Kind::Bool),
            Node::Text(_) => fail("a string can only be compared with an enum param: `mode == \"same\"`".to_owned()),
            Node::Name(name) => match self.scope.iter().find(|(known, _)| known == name) {
                Some((_, Symbol::Param(place, kind))) => self.push(Op::Param(*place), kind.clone()),
                Some((_, Symbol::Dim(place))) => self.push(Op::Dim(*place), Kind::Int),
                Some((_, Symbol::Other(what))) => fail(format!("`{name}` is {what}, which is no number here")),
                None => {
                    let known: Vec<_> = self.scope.iter().map(|(name, _)| name.as_str()).collect();
                    let near = if known.is_empty() { String::new() } else { did_you_mean(name, "names here", &known) };
                    let near = if near.is_empty() { near } else { format!("; {near}") };
                    fail(format!("there is no `{name}` here{near}"))
                }
            },
            Node::Unary("Not", operand) => {
                self.wanted(operand, &Kind::Bool, "`!` wants true or false")?;
                self.push(Op::Apply("Not"), Kind::Bool)
            }
            Node::Unary(name, operand) => {
                let kind = self.number(operand)?;
                self.push(Op::Apply(name), kind)
            }
            Node::Binary(name @ ("And" | "Or"), left, right) => {
                self.wanted(left, &Kind::Bool, "`&&` and `||` want true or false")?;
                self.wanted(right, &Kind::Bool, "`&&` and `||` want true or false")?;
                self.push(Op::Apply(name), Kind::Bool)
            }
            Node::Binary(name @ ("Eq" | "Ne"), left, right) => {
                self.equality(left, right)?;
                self.push(Op::Apply(name), Kind::Bool)
            }
            Node::Binary(name, left, right) => {
                let kind = join(self.number(left)?, self.number(right)?);
                let compares = matches!(*name, "Lt" | "Le" | "Gt" | "Ge");
                self.push(Op::Apply(name), if compares { Kind::Bool } else { kind })
            }
            Node::Call(name, arguments) => {
                let mut kind = Kind::Int;
                for (place, argument) in arguments.iter().enumerate() {
                    kind = join(kind, self.number(argument)?);
                    if place > 0 {
                        self.program.push(Op::Apply(name));
                    }
                }
                if *name == "CeilDiv" && kind == Kind::Float {
                    return fail("`ceil_div` wants whole numbers".to_owned());
                }
                Ok(kind)
            }
            Node::If(parts) => {
                let [condition, yes, no] = &**parts;
                self.wanted(condition, &Kind::Bool, "`if` wants true or false")?;
                let (left, right) = (self.expr(yes)?, self.expr(no)?);
                let numbers = is_number(&left) && is_number(&right);
                if left != right && !numbers {
                    return fail("both branches of `if` must be of one kind".to_owned());
                }
                self.push(Op::Apply("Select"), if numbers { join(left, right) } else { left })
            }
        }
    }

    fn push(&mut self, op: Op, kind: Kind) -> Result<Kind, Wrong> {
        self.program.push(op);
        Ok(kind)
    }

    fn number(&mut self, expr: &Expr) -> Result<Kind, Wrong> {
        let kind = self.expr(expr)?;
        if is_number(&kind) { Ok(kind) } else { Err(Wrong::new("a number is wanted here", expr.range.clone())) }
    }

    fn wanted(&mut self, expr: &Expr, kind: &Kind, why: &str) -> Result<(), Wrong> {
        if self.expr(expr)? == *kind { Ok(()) } else { Err(Wrong::new(why, expr.range.clone())) }
    }

    /// Both sides of `==`: numbers, bools, or a choice and one of its strings.
    fn equality(&mut self, left: &Expr, right: &Expr) -> Result<(), Wrong> {
        if let Node::Text(text) = &left.node {
            let place = self.program.len();
            let kind = self.expr(right)?;
            let choice = choice(&kind, text, left)?;
            self.program.insert(place, choice);
            return Ok(());
        }
        let first = self.expr(left)?;
        if let Node::Text(text) = &right.node {
            let choice = choice(&first, text, right)?;
            self.program.push(choice);
            return Ok(());
        }
        let second = self.expr(right)?;
        if first == second || is_number(&first) && is_number(&second) {
            return Ok(());
        }
        Err(Wrong::new("these two can't be equal: they are of different kinds", left.range.start..right.range.end))
    }
}

/// The place of a string among an enum's choices.
fn choice(kind: &Kind, text: &str, at: &Expr) -> Result<Op, Wrong> {
    let Kind::Choice(values) = kind else {
        return Err(Wrong::new("only an enum param is compared with a string", at.range.clone()));
    };
    values.iter().position(|value| value == text).map(Op::Choice).ok_or_else(|| {
        let known: Vec<_> = values.iter().map(String::as_str).collect();
        Wrong::new(
            format!("`{text}` is no choice of this param; {}", did_you_mean(text, "choices", &known)),
            at.range.clone(),
        )
    })
}

fn is_number(kind: &Kind) -> bool {
    matches!(kind, Kind::Int | Kind::Float)
}

fn join(left: Kind, right: Kind) -> Kind {
    if left == Kind::Float || right == Kind::Float { Kind::Float } else { Kind::Int }
}

#[cfg(test)]
mod tests {
    use super::super::parse;
    use super::*;

    fn program(text: &str) -> Result<Vec<Op>, Wrong> {
        let modes = Kind::Choice(vec!["valid".to_owned(), "same".to_owned()]);
        let scope = vec![("k".to_owned(), Symbol::Param(0, Kind::Int)), ("mode".to_owned(), Symbol::Param(1, modes))];
        compile(&parse(text)?, &scope).map(|(_, program)| program)
    }

    #[test]
    fn programs_are_postfix() {
        use Op::{Apply, Choice, Int, Param};
        assert_eq!(program("k > 0"), Ok(vec![Param(0), Int(0), Apply("Gt")]));
        assert_eq!(program("mode == \"same\""), Ok(vec![Param(1), Choice(1), Apply("Eq")]));
        assert_eq!(program("max(k, 1, 2) == 2").map(|ops| ops.len()), Ok(7));
        assert!(program("mode == \"smae\"").is_err_and(|wrong| wrong.message.contains("did you mean `same`")));
        assert!(program("k && true").is_err());
        assert!(program("j > 0").is_err());
    }
}
