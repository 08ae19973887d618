//! What a fragment gives: as many values as are wanted.

use std::ops::Range;

use syn::Expr;
use syn::spanned::Spanned;

use crate::diag::{Diagnostic, Span, mistakes};

/// Reports a tuple of another length than is wanted, and a plain value where a tuple is.
pub fn check(expr: &Expr, wanted: usize, place: &dyn Fn(Range<usize>) -> Span, log: &mut Vec<Diagnostic>) {
    let last = tail(expr);
    let found = match last {
        Expr::Tuple(tuple) => tuple.elems.len(),
        Expr::Binary(_) | Expr::Lit(_) | Expr::Unary(_) => 1,
        // A call, a name or a branch may well be a tuple: rustc knows.
        _ => return,
    };
    if found != wanted {
        let values = if wanted == 1 { "one value is".to_owned() } else { format!("{wanted} values are") };
        log.push(mistakes::RESULT_COUNT.at(&place(last.span().byte_range()), &[&values, &found]));
    }
}

/// The value of a block, or the expression itself.
pub fn tail(expr: &Expr) -> &Expr {
    match expr {
        Expr::Block(block) => match block.block.stmts.last() {
            Some(syn::Stmt::Expr(last, None)) => tail(last),
            _ => expr,
        },
        Expr::Paren(inner) => tail(&inner.expr),
        _ => expr,
    }
}
