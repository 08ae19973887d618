//! The grammar of kernelgen's arithmetic, by recursive descent.

use std::ops::Range;

use super::lex::{Token, tokens};
use super::{Expr, Node, Wrong};

/// Brackets and operators may nest as deeply as this.
const DEEPEST: usize = 50;

/// Binary operators, loosest first: sign and name in `model::Op::Apply`.
const LEVELS: [&[(&str, &str)]; 5] = [
    &[("||", "Or")],
    &[("&&", "And")],
    &[("==", "Eq"), ("!=", "Ne"), ("<=", "Le"), (">=", "Ge"), ("<", "Lt"), (">", "Gt")],
    &[("+", "Add"), ("-", "Sub")],
    &[("*", "Mul"), ("/", "Div"), ("%", "Rem")],
];
/// The level at which operators do not chain.
const COMPARISONS: usize = 2;

/// Parses one whole expression.
pub fn parse(text: &str) -> Result<Expr, Wrong> {
    let mut parser = Parser { tokens: tokens(text)?, at: 0, depth: 0, end: text.len() };
    let expr = parser.binary(0)?;
    match parser.peek() {
        None => Ok(expr),
        Some(_) => Err(Wrong::new("the expression ends before this", parser.place())),
    }
}

struct Parser<'a> {
    tokens: Vec<(Token<'a>, Range<usize>)>,
    at: usize,
    depth: usize,
    end: usize,
}

impl<'a> Parser<'a> {
    fn peek(&self) -> Option<&Token<'a>> {
        self.tokens.get(self.at).map(|(token, _)| token)
    }

    /// The place of the next token, or of the end.
    fn place(&self) -> Range<usize> {
        self.tokens.get(self.at).map_or(self.end..self.end, |(_, range)| range.clone())
    }

    fn take(&mut self, wanted: &Token<'_>) -> bool {
        let found = self.peek() == Some(wanted);
        self.at += usize::from(found);
        found
    }

    fn expect(&mut self, sign: &'static str) -> Result<(), Wrong> {
        if self.take(&Token::Sign(sign)) {
            return Ok(());
        }
        Err(Wrong::new(format!("`{sign}` is wanted here"), self.place()))
    }

    fn binary(&mut self, level: usize) -> Result<Expr, Wrong> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.binary(level + 1)?;
        let mut chained = false;
        while let Some(Token::Sign(sign)) = self.peek() {
            let Some((_, name)) = operators.iter().find(|(operator, _)| operator == sign) else { break };
            if chained && level == COMPARISONS {
                return Err(Wrong::new("comparisons do not chain: write `a < b && b < c`", self.place()));
            }
            chained = true;
            self.at += 1;
            let right = self.binary(level + 1)?;
            let range = left.range.start..right.range.end;
            left = Expr { node: Node::Binary(name, Box::new(left), Box::new(right)), range };
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Expr, Wrong> {
        self.depth += 1;
        if self.depth > DEEPEST {
            return Err(Wrong::new("this nests too deeply", self.place()));
        }
        let start = self.place().start;
        let name = match self.peek() {
            Some(Token::Sign("-")) => Some("Neg"),
            Some(Token::Sign("!")) => Some("Not"),
            _ => None,
        };
        let expr = if let Some(name) = name {
            self.at += 1;
            let operand = self.unary()?;
            let range = start..operand.range.end;
            Ok(Expr { node: Node::Unary(name, Box::new(operand)), range })
        } else {
            self.atom(start)
        };
        self.depth -= 1;
        expr
    }

    fn atom(&mut self, start: usize) -> Result<Expr, Wrong> {
        let place = self.place();
        let Some((token, _)) = self.tokens.get(self.at).cloned() else {
            return Err(Wrong::new("a value is wanted here", place));
        };
        self.at += 1;
        let node = match token {
            Token::Int(value) => Node::Int(value),
            Token::Float(value) => Node::Float(value),
            Token::Text(text) => Node::Text(text.to_owned()),
            Token::Word("true") => Node::Bool(true),
            Token::Word("false") => Node::Bool(false),
            Token::Word("if") => self.condition()?,
            Token::Word(name) if self.take(&Token::Sign("(")) => self.call(name, place)?,
            Token::Word(name) => Node::Name(name.to_owned()),
            Token::Sign("(") => {
                let inner = self.binary(0)?;
                self.expect(")")?;
                inner.node
            }
            Token::Sign(sign) => return Err(Wrong::new(format!("a value is wanted before `{sign}`"), place)),
        };
        let end = self.tokens[self.at - 1].1.end;
        Ok(Expr { node, range: start..end })
    }

    fn condition(&mut self) -> Result<Node, Wrong> {
        let condition = self.binary(0)?;
        self.expect("{")?;
        let yes = self.binary(0)?;
        self.expect("}")?;
        if !self.take(&Token::Word("else")) {
            return Err(Wrong::new("`else { ... }` is wanted here", self.place()));
        }
        self.expect("{")?;
        let no = self.binary(0)?;
        self.expect("}")?;
        Ok(Node::If(Box::new([condition, yes, no])))
    }

    fn call(&mut self, name: &str, place: Range<usize>) -> Result<Node, Wrong> {
        let name = match name {
            "min" => "Min",
            "max" => "Max",
            "ceil_div" => "CeilDiv",
            _ => {
                let why = format!("there is no function `{name}`: there are `min`, `max` and `ceil_div`");
                return Err(Wrong::new(why, place));
            }
        };
        let mut arguments = vec![self.binary(0)?];
        while self.take(&Token::Sign(",")) {
            arguments.push(self.binary(0)?);
        }
        self.expect(")")?;
        let right = if name == "CeilDiv" { arguments.len() == 2 } else { arguments.len() >= 2 };
        if right { Ok(Node::Call(name, arguments)) } else { Err(Wrong::new("this takes two arguments", place)) }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Node;
    use super::parse;

    #[test]
    fn operators_bind_as_in_rust() {
        let Node::Binary("Or", left, _) = parse("a + 2 * b <= c && d || e").expect("parses").node else { panic!() };
        let Node::Binary("And", left, _) = left.node else { panic!() };
        let Node::Binary("Le", left, _) = left.node else { panic!() };
        assert!(matches!(left.node, Node::Binary("Add", ..)));
    }

    #[test]
    fn mistakes_have_places() {
        assert_eq!(parse("k >").expect_err("no value").range, 3..3);
        assert_eq!(parse("k > 0)").expect_err("a bracket").range, 5..6);
        assert_eq!(parse("0 < k < 3").expect_err("a chain").range, 6..7);
        assert_eq!(parse("n // 2").expect_err("no such sign").range, 2..4);
        assert!(parse(&"(".repeat(20_000)).is_err());
        assert!(parse(&"!".repeat(900)).is_err());
        assert!(parse(&"1+".repeat(20_000)).is_err());
        assert!(parse("if k > 0 { max(k, 1, 2) } else { ceil_div(k, 2) }").is_ok());
    }
}
