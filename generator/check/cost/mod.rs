//! What an element of a kernel costs where the spec does not say: an estimate from the text.
//!
//! It decides from which size on a call is divided among threads, so only its order of magnitude matters. The figures
//! are those of one core of an ordinary machine, for loops that vectorize where the runtime's functions do.

mod nest;
mod work;

use std::str::FromStr;

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::visit::Visit;

use self::work::Work;
use crate::model::{Body, Dim, Form, Fragment, Input, Length, Loop, Output, Reduce};

/// An operand of an element on its way through memory.
const MEMORY: f64 = 0.25;
/// An element of a body's items, where it is looked at once.
const VISIT: f64 = 1.0;
/// How long the axes are thought to be that a body goes along once more.
const LENGTH: f64 = 8.0;

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
            let dims: Vec<&[Dim]> =
                inputs.iter().map(|input| &*input.dims).chain(outputs.iter().map(|output| &*output.dims)).collect();
            let most = dims.iter().map(|dims| dims.len()).max().unwrap_or(0);
            match dims.iter().map(|dims| elements(dims)).sum::<Option<f64>>() {
                // Values: one of each operand is an element, as in a map.
                _ if most == 0 => moved(dims.len()) + of_body(body),
                // Small arrays: each of their elements has its share of the text.
                Some(elements) => MEMORY + of_body(body) / elements.max(1.0),
                None => {
                    let beyond = nest::depth(&statements(body), &items(body)).saturating_sub(most);
                    VISIT * LENGTH.powi(i32::try_from(beyond).unwrap_or(i32::MAX))
                }
            }
        }
    }
}

/// How many elements an item has, if the spec says it.
fn elements(dims: &[Dim]) -> Option<f64> {
    let length = |dim: &Dim| match dim.length {
        Length::Fixed(length) => Some(length as f64),
        _ => None,
    };
    dims.iter().map(length).product()
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

/// The statements of a body, and each of its functions once.
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::check::fragment::own;
    use crate::model::{DType, Map, Type};

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
            ("(sin(x), cos(x))", 2.0),
            ("f64::tanh(x)", 8.0),
            ("libm::j0(x)", 8.0),
            ("f64(i)", 0.1),
            ("{ let d = x - y; d * d }", 0.2),
            ("{ let mut s = x; for _ in 0..k { s += s * x; } s }", 4.0),
            ("{ let mut s = x; for _ in 0..3 { s += s * x; } s }", 0.6),
            ("{ let mut s = x; while s > 1.0 { s /= 2.0; } s }", 14.0),
            ("{ let mut s = x; loop { for _ in 0..k { s += x; } } }", 40.0),
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

    fn output(lengths: &[Length]) -> Output {
        let dims = lengths.iter().map(|length| Dim { text: String::new(), length: length.clone() }).collect();
        let ty = Type::Fixed(DType::F64);
        Output { name: "y".to_owned(), ty, dims, fill: None, in_order: false, doc: String::new() }
    }

    fn common() -> Loop {
        Loop { name: "f64".to_owned(), types: Vec::new(), form: None }
    }

    #[test]
    fn bodies() {
        const ONE: &[Length] = &[Length::Named(0)];
        const TWO: &[Length] = &[Length::Named(0), Length::Named(1)];
        let once = "for i in 0..n { y[i] = 0.0; }";
        let twice = "for i in 0..n { let mut k = i; while k > 0 { k -= 1; } }";
        let closure = "let f = |i: usize| { for k in 0..i {} }; for i in 0..n { f(i); }";
        let helper = "fn sum(x: ArrayView1<f64>) -> f64 { let mut s = 0.0; for v in x { s += v; } s }";
        let costs = [
            (once, "", ONE, 1.0),
            (twice, "", ONE, 8.0),
            (twice, "", TWO, 1.0),
            (twice, helper, ONE, 64.0),
            (closure, "", ONE, 8.0),
            ("for i in 0..n / 8 { for j in (0..LANES).rev() { y[8 * i + j] = 0.0; } }", "", ONE, 1.0),
            ("y.fill(0.0);", "", TWO, 1.0),
            // Of values and small arrays the text counts, and the result on its way.
            ("*y = x.sin();", "", &[], 8.2),
            ("for _ in 0..9 { *y += x; }", "", &[], 1.1),
            ("for i in 0..4 { y[i] = x.sin(); }", "", &[Length::Fixed(4)], 8.2),
            ("*y = twice(x);", "fn twice(x: f64) -> f64 { x * 2.0 }", &[], 0.45),
        ];
        for (text, items, dims, cost) in costs {
            assert_eq!(estimate(&body(text, items), &[common()], &[], &[output(dims)]), cost, "{text}");
        }
    }

    #[test]
    fn the_dearest_loop_counts() {
        let map = |text: &str| Form::Map(Map { map: own(text.to_owned()) });
        let own_loop = |text: &str| Loop { form: Some(map(text)), ..common() };
        let of = |loops: &[Loop]| estimate(&map("x / y"), loops, &[], &[output(&[])]);
        assert_eq!(of(&[common()]), 0.85);
        assert_eq!(of(&[common(), own_loop("tan(x)")]), 1.2);
        assert_eq!(of(&[own_loop("x")]), 0.25);
    }
}
