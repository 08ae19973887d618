//! Fragments of Rust: each is parsed alone, as one expression or block, and searched for what it may not say.

use std::ops::Range;
use std::str::FromStr;

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::operands::Piece;
use super::scope::{Binding, Context};
use super::tokens::{FRAGMENT, is_shallow, nonempty, refuse_tokens};
use super::{literals, prelude, results};
use crate::diag::{Diagnostic, Span, closest, mistakes};
use crate::model::{DType, Division, Fragment};
use crate::spec::Text;

/// Checks one fragment; `None` if it does not parse.
pub fn check(text: &Text, context: &Context<'_>, log: &mut Vec<Diagnostic>) -> Option<Fragment> {
    let before = log.len();
    let parsed = parse(text, log)?;
    let place = |range: Range<usize>| text.part(range);
    let mut visitor = Visitor {
        place: &place,
        log,
        loops: 0,
        closures: 0,
        divisions: Vec::new(),
        locals: Vec::new(),
        names: Vec::new(),
        calls: Vec::new(),
    };
    visitor.visit_expr(&parsed.expr);
    let Visitor { divisions, locals, names, calls, .. } = visitor;
    check_calls(&calls, &locals, context, text, log);
    results::check(&parsed.expr, context.results.len(), &place, log);
    literals::check(&parsed.expr, &locals, context, &place, log);
    if log.len() > before {
        return None;
    }
    let start = parsed.range.start;
    let shift = |range: Range<usize>| range.start - start..range.end - start;
    let mut words = names.iter().chain(calls.iter().map(|(name, _)| name)).filter(|name| !locals.contains(name));
    let own_division = context.own_division || words.any(|name| may_divide_apart(name, context));
    let mut bound = context.bindings.iter().map(|(name, _)| name).chain(&locals);
    let hidden = bound.any(|name| matches!(&**name, "quotient" | "modulo"));
    let divisions = divisions.into_iter().filter(|_| own_division).map(|division| Division {
        left: shift(division.left),
        right: shift(division.right),
        hidden,
        ..division
    });
    Some(Fragment {
        text: text.value[parsed.range.clone()].to_owned(),
        block: parsed.block,
        source: Some(text.span.source),
        offsets: text.offsets[parsed.range.start..=parsed.range.end].to_vec(),
        divisions: divisions.collect(),
        returns: Vec::new(),
    })
}

/// Whether a word of a fragment brings something into it that Rust divides in its own way: an index, a count, a conversion.
fn may_divide_apart(name: &str, context: &Context<'_>) -> bool {
    let bound = context.bindings.iter().find(|(bound, _)| bound == name);
    match bound.map(|(_, binding)| binding) {
        Some(Binding::Value(ty)) => context.types.dtypes(ty).any(DType::divides_apart),
        Some(Binding::Fields(_)) => false,
        Some(Binding::Other) => true,
        None => DType::from_name(name).is_some_and(DType::divides_apart) || matches!(name, "usize" | "as"),
    }
}

/// A fragment that kernelgen writes itself.
pub fn own(text: String) -> Fragment {
    Fragment {
        offsets: vec![0; text.len() + 1],
        text,
        block: false,
        source: None,
        divisions: Vec::new(),
        returns: Vec::new(),
    }
}

struct Parsed {
    expr: syn::Expr,
    block: bool,
    /// From the first token to the last: comments around are left out, lest they swallow what follows.
    range: Range<usize>,
}

fn parse(text: &Text, log: &mut Vec<Diagnostic>) -> Option<Parsed> {
    let syntax = |range: Range<usize>, why: &str| mistakes::FRAGMENT_SYNTAX.at(&nonempty(text, range), &[&why]);
    let tokens = match TokenStream::from_str(&text.value) {
        Ok(tokens) => tokens,
        Err(error) => {
            log.push(syntax(error.span().byte_range(), "a bracket or quote is not closed, or this is no Rust"));
            return None;
        }
    };
    let trees: Vec<_> = tokens.clone().into_iter().collect();
    let (Some(first), Some(last)) = (trees.first(), trees.last()) else {
        log.push(mistakes::FRAGMENT_EMPTY.at(&Piece::whole(text).span(), &[]));
        return None;
    };
    let range = first.span().byte_range().start..last.span().byte_range().end;
    let before = log.len();
    if is_shallow(&tokens) {
        refuse_tokens(&tokens, &FRAGMENT, &|range| nonempty(text, range), log);
    } else {
        log.push(mistakes::FRAGMENT_TOO_DEEP.at(&Piece::whole(text).span(), &[]));
    }
    if log.len() > before {
        return None;
    }
    let block = trees.len() == 1 && matches!(first, TokenTree::Group(group) if group.delimiter() == Delimiter::Brace);
    match syn::parse2::<syn::Expr>(tokens) {
        Ok(expr) => Some(Parsed { expr, block, range }),
        Err(error) => {
            let statements =
                !block && trees.iter().any(|tree| matches!(tree, TokenTree::Punct(punct) if punct.as_char() == ';'));
            let mut place = error.span().byte_range();
            if place.is_empty() {
                place = range.end..range.end;
            }
            let diagnostic = syntax(place, &error.to_string());
            let help = "put statements in braces: `{ let d = x - y; d * d }`";
            log.push(if statements { diagnostic.help(help) } else { diagnostic });
            None
        }
    }
}

/// Functions that are called by a bare name, and those that the fragment names itself.
fn check_calls(
    calls: &[(String, Range<usize>)],
    locals: &[String],
    context: &Context<'_>,
    text: &Text,
    log: &mut Vec<Diagnostic>,
) {
    for (name, range) in calls {
        if locals.contains(name) {
            continue;
        }
        let known = prelude::FUNCTIONS.contains(&&**name);
        if context.bindings.iter().any(|(bound, _)| bound == name) && known {
            log.push(mistakes::SHADOWED_FUNCTION.at(&text.part(range.clone()), &[name]));
        } else if !known && DType::from_name(name).is_none() && !context.types.variables.contains(name) {
            let ours = prelude::FUNCTIONS.iter().copied().chain(DType::ALL.iter().map(|dtype| dtype.name()));
            if let Some(near) = closest(name, ours) {
                log.push(mistakes::UNKNOWN_FUNCTION.at(&text.part(range.clone()), &[name, &near]));
            }
        }
    }
}

struct Visitor<'a> {
    place: &'a dyn Fn(Range<usize>) -> Span,
    log: &'a mut Vec<Diagnostic>,
    loops: usize,
    closures: usize,
    divisions: Vec<Division>,
    locals: Vec<String>,
    names: Vec<String>,
    calls: Vec<(String, Range<usize>)>,
}

impl Visitor<'_> {
    fn refuse_leaving(&mut self, word: &str, range: Range<usize>) {
        self.log.push(mistakes::FRAGMENT_LEAVES.at(&(self.place)(range), &[&word]));
    }
}

impl<'ast> Visit<'ast> for Visitor<'_> {
    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        let (remainder, assign) = match node.op {
            syn::BinOp::Div(_) => (Some(false), false),
            syn::BinOp::Rem(_) => (Some(true), false),
            syn::BinOp::DivAssign(_) => (Some(false), true),
            syn::BinOp::RemAssign(_) => (Some(true), true),
            _ => (None, false),
        };
        if let Some(remainder) = remainder {
            let (left, right) = (node.left.span().byte_range(), node.right.span().byte_range());
            self.divisions.push(Division { left, right, remainder, assign, hidden: false });
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*node.func
            && let Some(ident) = path.path.get_ident()
        {
            self.calls.push((ident.to_string(), ident.span().byte_range()));
        }
        visit::visit_expr_call(self, node);
    }

    fn visit_expr_path(&mut self, node: &'ast syn::ExprPath) {
        self.names.extend(node.path.get_ident().map(ToString::to_string));
        visit::visit_expr_path(self, node);
    }

    fn visit_expr_cast(&mut self, node: &'ast syn::ExprCast) {
        self.names.push("as".to_owned());
        visit::visit_expr_cast(self, node);
    }

    fn visit_pat_ident(&mut self, node: &'ast syn::PatIdent) {
        self.locals.push(node.ident.to_string());
        visit::visit_pat_ident(self, node);
    }

    fn visit_item(&mut self, node: &'ast syn::Item) {
        self.log.push(mistakes::FRAGMENT_ITEM.at(&(self.place)(node.span().byte_range()), &[]));
    }

    fn visit_expr_return(&mut self, node: &'ast syn::ExprReturn) {
        if self.closures == 0 {
            self.refuse_leaving("return", node.return_token.span().byte_range());
        }
        visit::visit_expr_return(self, node);
    }

    fn visit_expr_try(&mut self, node: &'ast syn::ExprTry) {
        if self.closures == 0 {
            self.refuse_leaving("?", node.question_token.span().byte_range());
        }
        visit::visit_expr_try(self, node);
    }

    fn visit_expr_break(&mut self, node: &'ast syn::ExprBreak) {
        if self.loops == 0 && node.label.is_none() {
            self.refuse_leaving("break", node.break_token.span().byte_range());
        }
        visit::visit_expr_break(self, node);
    }

    fn visit_expr_continue(&mut self, node: &'ast syn::ExprContinue) {
        if self.loops == 0 && node.label.is_none() {
            self.refuse_leaving("continue", node.continue_token.span().byte_range());
        }
    }

    fn visit_expr_closure(&mut self, node: &'ast syn::ExprClosure) {
        let loops = std::mem::take(&mut self.loops);
        self.closures += 1;
        visit::visit_expr_closure(self, node);
        self.closures -= 1;
        self.loops = loops;
    }

    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.loops += 1;
        visit::visit_expr_loop(self, node);
        self.loops -= 1;
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.loops += 1;
        visit::visit_expr_while(self, node);
        self.loops -= 1;
    }

    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.loops += 1;
        visit::visit_expr_for_loop(self, node);
        self.loops -= 1;
    }
}
