//! What it takes to evaluate a piece of Rust: a figure for each operation and call that stands in it.

use syn::visit::{self, Visit};

use crate::model::DType;

/// An operation that vectorizes: `+`, a comparison, `select`.
const PLAIN: f64 = 0.1;
/// `/`, `%`, a square root.
const DIVISION: f64 = 0.6;
/// A function that the runtime computes in many lanes at once.
const VECTORIZED: f64 = 1.0;
/// A function of Rust's own or of another crate, called element by element.
const CALLED: f64 = 8.0;
/// How often a loop is thought to go round that does not say it.
const ROUNDS: f64 = 20.0;

const DIVISIONS: &[&str] = &["floor_divide", "fmod", "modulo", "quotient", "recip", "rem_euclid", "remainder", "sqrt"];
/// By their name in the prelude, or as methods of Rust's floats.
const FUNCTIONS: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp", "exp2",
    "exp_m1", "expm1", "gamma", "hypot", "ln", "ln_1p", "ln_gamma", "log", "log10", "log1p", "log2", "pow", "powf",
    "sin", "sin_cos", "sinh", "tan", "tanh",
];

/// Nanoseconds of what was visited.
#[derive(Default)]
pub(super) struct Work(pub f64);

impl Work {
    /// What a function costs that is not of the prelude, by its name alone.
    fn call(&mut self, name: &str) {
        self.0 += match name {
            _ if DIVISIONS.contains(&name) => DIVISION,
            _ if FUNCTIONS.contains(&name) => CALLED,
            _ => PLAIN,
        };
    }

    /// Adds what `visit` finds, `rounds` times.
    fn repeated(&mut self, rounds: f64, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.0);
        visit(self);
        self.0 = before + rounds * self.0;
    }
}

impl<'ast> Visit<'ast> for Work {
    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        use syn::BinOp::{Div, DivAssign, Rem, RemAssign};
        let divides = matches!(node.op, Div(_) | DivAssign(_) | Rem(_) | RemAssign(_));
        self.0 += if divides { DIVISION } else { PLAIN };
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_unary(&mut self, node: &'ast syn::ExprUnary) {
        if !matches!(node.op, syn::UnOp::Deref(_)) {
            self.0 += PLAIN;
        }
        visit::visit_expr_unary(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*node.func {
            let names: Vec<String> = path.path.segments.iter().map(|segment| segment.ident.to_string()).collect();
            match names.as_slice() {
                [name] if FUNCTIONS.contains(&&**name) => self.0 += VECTORIZED,
                [first, .., last] if is_module(first) && !DIVISIONS.contains(&&**last) => self.0 += CALLED,
                [.., last] => self.call(last),
                [] => {}
            }
        }
        visit::visit_expr_call(self, node);
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        self.call(&node.method.to_string());
        visit::visit_expr_method_call(self, node);
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.visit_expr(&node.expr);
        self.repeated(rounds(&node.expr), |work| work.visit_block(&node.body));
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.repeated(ROUNDS, |work| visit::visit_expr_while(work, node));
    }

    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.repeated(ROUNDS, |work| visit::visit_expr_loop(work, node));
    }
}

/// How often a `for` goes round.
fn rounds(over: &syn::Expr) -> f64 {
    let number = |expr: &Option<Box<syn::Expr>>| match expr.as_deref() {
        Some(syn::Expr::Lit(syn::ExprLit { lit: syn::Lit::Int(number), .. })) => number.base10_parse::<f64>().ok(),
        _ => None,
    };
    match over {
        syn::Expr::Range(range) => match (number(&range.start), number(&range.end)) {
            (Some(start), Some(end)) => (end - start).max(0.0),
            _ => ROUNDS,
        },
        _ => ROUNDS,
    }
}

/// Whether a path that starts so leads to a crate or module, and not to a type: `libm::j0`, but not `f64::from`.
fn is_module(first: &str) -> bool {
    let types =
        DType::from_name(first).is_some() || matches!(first, "usize" | "isize" | "i128" | "u128" | "char" | "str");
    first.starts_with(|c: char| c.is_ascii_lowercase()) && !types && !matches!(first, "std" | "core" | "self" | "crate")
}
