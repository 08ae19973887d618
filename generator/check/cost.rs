//! What an element of a kernel costs where the spec does not say: an estimate from the text.
//!
//! It decides from which size on a call is divided among threads, so only its order of magnitude matters. The figures
//! are those of one core of an ordinary machine, for loops that vectorize where the runtime's functions do.

use std::str::FromStr;

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::visit::{self, Visit};

use super::nest;
use crate::model::{Body, DType, Form, Fragment, Input, Loop, Output, Reduce};

/// An operand of an element on its way through memory.
const MEMORY: f64 = 0.25;
/// An operation that vectorizes: `+`, a comparison, `select`.
const PLAIN: f64 = 0.1;
/// `/`, `%`, a square root.
const DIVISION: f64 = 0.6;
/// A function that the runtime computes in many lanes at once.
const VECTORIZED: f64 = 1.0;
/// A function of the platform's math library, or of another crate, called element by element.
const CALLED: f64 = 8.0;
/// How often a loop within an element's text is thought to go round.
const ROUNDS: f64 = 20.0;
/// An element of a body's items, where it is looked at once.
const VISIT: f64 = 1.0;
/// How long the axes are thought to be that a body goes along once more.
const LENGTH: f64 = 8.0;

const DIVISIONS: &[&str] = &["floor_divide", "fmod", "modulo", "quotient", "recip", "rem_euclid", "remainder", "sqrt"];
const FUNCTIONS: &[&str] = &[
    "acos", "acosh", "asin", "asinh", "atan", "atan2", "atanh", "cbrt", "cos", "cosh", "erf", "erfc", "exp2", "exp_m1",
    "expm1", "gamma", "hypot", "ln", "ln_1p", "ln_gamma", "log10", "log1p", "log2", "pow", "powf", "sin", "sin_cos",
    "sinh", "tan", "tanh",
];

/// Nanoseconds an element on one thread, to two digits: those of the dearest loop.
pub fn estimate(form: &Form, loops: &[Loop], inputs: &[Input], outputs: &[Output]) -> f32 {
    let own = loops.iter().filter_map(|each| each.form.as_ref());
    let common = loops.iter().any(|each| each.form.is_none()).then_some(form);
    let dearest = common.into_iter().chain(own).map(|form| of_form(form, inputs, outputs)).fold(0.0, f64::max);
    format!("{dearest:.1e}").parse().unwrap_or(f32::MAX).min(f32::MAX)
}

fn of_form(form: &Form, inputs: &[Input], outputs: &[Output]) -> f64 {
    let moved = |operands: usize| MEMORY * operands as f64;
    match form {
        Form::Map(map) => moved(inputs.len() + outputs.len()) + of_fragment(&map.map),
        Form::Reduce(reduce) => {
            let written = if reduce.cumulative { outputs.len() } else { 0 };
            moved(inputs.len() + written) + of_step(reduce)
        }
        Form::Body(body) => {
            let dims = inputs.iter().map(|input| &input.dims).chain(outputs.iter().map(|output| &output.dims));
            match dims.map(Vec::len).max() {
                None | Some(0) => moved(inputs.len() + outputs.len()) + of_body(body),
                Some(most) => {
                    let beyond = nest::depth(&statements(body), &items(body)).saturating_sub(most);
                    VISIT * LENGTH.powi(i32::try_from(beyond).unwrap_or(i32::MAX))
                }
            }
        }
    }
}

/// An element of a fold: it becomes a state, and joins another one.
fn of_step(reduce: &Reduce) -> f64 {
    let finish = reduce.finish.as_ref().filter(|_| reduce.cumulative);
    [Some(&reduce.map), Some(&reduce.combine), finish].into_iter().flatten().map(of_fragment).sum()
}

fn of_fragment(fragment: &Fragment) -> f64 {
    let mut work = Work::default();
    if let Ok(expr) = syn::parse_str(&fragment.text) {
        work.visit_expr(&expr);
    }
    work.0
}

/// A body of single values: its statements, and each of its functions once.
fn of_body(body: &Body) -> f64 {
    let mut work = Work::default();
    statements(body).iter().for_each(|statement| work.visit_stmt(statement));
    items(body).iter().for_each(|item| work.visit_item(item));
    work.0
}

fn statements(body: &Body) -> Vec<syn::Stmt> {
    let tokens = TokenStream::from_str(&body.text.text).unwrap_or_default();
    syn::Block::parse_within.parse2(tokens).unwrap_or_default()
}

fn items(body: &Body) -> Vec<syn::Item> {
    body.items
        .iter()
        .filter_map(|items| syn::parse_str::<syn::File>(&items.text).ok())
        .flat_map(|file| file.items)
        .collect()
}

/// Nanoseconds of what was visited.
#[derive(Default)]
struct Work(f64);

impl Work {
    /// What a function costs by its name alone.
    fn call(&mut self, name: &str) {
        self.0 += match name {
            _ if DIVISIONS.contains(&name) => DIVISION,
            _ if FUNCTIONS.contains(&name) => CALLED,
            _ => PLAIN,
        };
    }

    /// Adds what `visit` finds as often as a loop may go round.
    fn repeated(&mut self, visit: impl FnOnce(&mut Self)) {
        let before = std::mem::take(&mut self.0);
        visit(self);
        self.0 = before + ROUNDS * self.0;
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
                [name] if matches!(&**name, "exp" | "log") => self.0 += VECTORIZED,
                [first, .., last] if is_module(first) && !DIVISIONS.contains(&&**last) => self.0 += CALLED,
                [.., last] if matches!(&**last, "exp" | "log") => self.0 += CALLED,
                [.., last] => self.call(last),
                [] => {}
            }
        }
        visit::visit_expr_call(self, node);
    }

    fn visit_expr_method_call(&mut self, node: &'ast syn::ExprMethodCall) {
        match &*node.method.to_string() {
            // Rust's own do not vectorize.
            "exp" | "log" => self.0 += CALLED,
            name => self.call(name),
        }
        visit::visit_expr_method_call(self, node);
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.visit_expr(&node.expr);
        self.repeated(|work| work.visit_block(&node.body));
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.repeated(|work| visit::visit_expr_while(work, node));
    }

    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.repeated(|work| visit::visit_expr_loop(work, node));
    }
}

/// Whether a path that starts so leads to a crate or module, and not to a type: `libm::j0`, but not `f64::from`.
fn is_module(first: &str) -> bool {
    let types =
        DType::from_name(first).is_some() || matches!(first, "usize" | "isize" | "i128" | "u128" | "char" | "str");
    first.starts_with(|c: char| c.is_ascii_lowercase()) && !types && !matches!(first, "std" | "core" | "self" | "crate")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fragment::own;
    use crate::model::{Dim, Length, Map, Type};

    fn rounded(cost: f64) -> f64 {
        (cost * 100.0).round() / 100.0
    }

    #[test]
    fn fragments() {
        let costs = [
            ("x", 0.0),
            ("a * x + y", 0.2),
            ("-x", 0.1),
            ("select(x > 0.0, x, 0.0)", 0.2),
            ("if b > a { b } else { a }", 0.1),
            ("x / y", 0.6),
            ("sqrt(x * x + y * y)", 0.9),
            ("x.sqrt()", 0.6),
            ("exp(-x * x)", 1.2),
            ("x.exp()", 8.0),
            ("(sin(x), cos(x))", 16.0),
            ("f64::tanh(x)", 8.0),
            ("libm::j0(x)", 8.0),
            ("f64(i)", 0.1),
            ("{ let d = x - y; d * d }", 0.2),
            ("{ let mut s = x; for _ in 0..k { s += s * x; } s }", 4.0),
            ("{ let mut s = x; while s > 1.0 { s /= 2.0; } s }", 14.0),
            ("{ let mut s = x; loop { for _ in 0..3 { s += x; } } }", 40.0),
        ];
        for (text, cost) in costs {
            assert_eq!(rounded(of_fragment(&own(text.to_owned()))), cost, "{text}");
        }
    }

    fn body(text: &str, items: &str) -> Form {
        Form::Body(Box::new(Body {
            text: own(text.to_owned()),
            items: vec![own(items.to_owned())],
            arguments: Vec::new(),
        }))
    }

    fn output(dims: usize) -> Output {
        let dim = |place| Dim { text: String::new(), length: Length::Named(place) };
        let dims = (0..dims).map(dim).collect();
        let ty = Type::Fixed(DType::F64);
        Output { name: "y".to_owned(), ty, dims, fill: None, in_order: false, doc: String::new() }
    }

    fn common() -> Loop {
        Loop { name: "f64".to_owned(), types: Vec::new(), form: None }
    }

    #[test]
    fn bodies() {
        let once = "for i in 0..n { y[i] = 0.0; }";
        let twice = "for i in 0..n { let mut k = i; while k > 0 { k -= 1; } }";
        let closure = "let f = |i: usize| { for k in 0..i {} }; for i in 0..n { f(i); }";
        let helper = "fn sum(x: ArrayView1<f64>) -> f64 { let mut s = 0.0; for v in x { s += v; } s }";
        let costs = [
            (once, "", 1, 1.0),
            (twice, "", 1, 8.0),
            (twice, "", 2, 1.0),
            (twice, helper, 1, 64.0),
            (closure, "", 1, 8.0),
            ("y.fill(0.0);", "", 2, 1.0),
            // Of single values the text counts, and the result on its way.
            ("*y = x.sin();", "", 0, 8.2),
            ("for i in 0..9 { *y += x; }", "", 0, 2.2),
            ("*y = twice(x);", "fn twice(x: f64) -> f64 { x * 2.0 }", 0, 0.45),
        ];
        for (text, items, dims, cost) in costs {
            assert_eq!(estimate(&body(text, items), &[common()], &[], &[output(dims)]), cost, "{text}");
        }
    }

    #[test]
    fn the_dearest_loop_counts() {
        let map = |text: &str| Form::Map(Map { map: own(text.to_owned()) });
        let own_loop = |text: &str| Loop { form: Some(map(text)), ..common() };
        let of = |loops: &[Loop]| estimate(&map("x / y"), loops, &[], &[output(0)]);
        assert_eq!(of(&[common()]), 0.85);
        assert_eq!(of(&[common(), own_loop("tan(x)")]), 8.2);
        assert_eq!(of(&[own_loop("x")]), 0.25);
    }
}
