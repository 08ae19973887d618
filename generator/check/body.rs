//! The form `body`: statements of Rust over one item, in the spec or in a file beside it.

use std::ops::Range;
use std::str::FromStr;

use proc_macro2::TokenStream;
use syn::parse::Parser;
use syn::spanned::Spanned;
use syn::visit::{self, Visit};

use super::parts::Parts;
use super::prelude;
use super::tokens::{BODY, is_shallow, nonempty, refuse_tokens};
use crate::diag::{Diagnostic, SourceId, Sources, Span, mistakes};
use crate::model::{Body, Fragment};
use crate::spec::{self, Text};

/// Checks a `body`.
pub fn check(given: &spec::Body, parts: &Parts<'_>, sources: &Sources, log: &mut Vec<Diagnostic>) -> Option<Body> {
    match (&given.rust, &given.file) {
        (Some(rust), None) => statements(rust, parts, log),
        (None, Some(file)) => {
            let source = given.source?;
            let code = File { text: sources.text(source), source, named: &file.span };
            code.function(parts, log)
        }
        _ => {
            log.push(mistakes::BODY_ONE.at(&given.span, &[]));
            None
        }
    }
}

/// `body.rust`: statements, parsed alone as those of one block.
fn statements(text: &Text, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Option<Body> {
    let before = log.len();
    let syntax =
        |range: Range<usize>, why: &dyn std::fmt::Display| mistakes::BODY_SYNTAX.at(&nonempty(text, range), &[why]);
    let tokens = match TokenStream::from_str(&text.value) {
        Ok(tokens) => tokens,
        Err(error) => {
            log.push(syntax(error.span().byte_range(), &"a bracket or quote is not closed, or this is no Rust"));
            return None;
        }
    };
    if is_shallow(&tokens) {
        refuse_tokens(&tokens, &BODY, &|range| nonempty(text, range), log);
    } else {
        log.push(mistakes::FRAGMENT_TOO_DEEP.at(&text.span, &[]));
    }
    if log.len() > before {
        return None;
    }
    match syn::Block::parse_within.parse2(tokens) {
        Ok(statements) if statements.is_empty() => {
            log.push(mistakes::BODY_EMPTY.at(&text.span, &[]));
            None
        }
        Ok(statements) => {
            let mut returns = Returns::default();
            let mut calls = Calls::default();
            for statement in &statements {
                returns.visit_stmt(statement);
                calls.visit_stmt(statement);
            }
            calls.refuse_shadowed(parts, &|range| nonempty(text, range), log);
            let (start, end) = trimmed(&text.value, 0..text.value.len());
            let text = Fragment {
                text: text.value[start..end].to_owned(),
                block: false,
                source: Some(text.span.source),
                offsets: text.offsets[start..=end].to_vec(),
                divisions: Vec::new(),
                returns: returns.0.into_iter().map(|at| at - start).collect(),
            };
            Some(Body { text, items: Vec::new(), arguments: Vec::new() })
        }
        Err(error) => {
            log.push(syntax(error.span().byte_range(), &error));
            None
        }
    }
}

/// A body file.
struct File<'a> {
    text: &'a str,
    source: SourceId,
    /// Where the spec names it.
    named: &'a Span,
}

impl File<'_> {
    fn span(&self, range: Range<usize>) -> Span {
        Span::new(self.source, range.start..range.end.max(range.start + 1).min(self.text.len().max(1)))
    }

    /// The function of the kernel's name, and what stands around it.
    fn function(&self, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Option<Body> {
        let before = log.len();
        let tokens = match TokenStream::from_str(self.text) {
            Ok(tokens) => tokens,
            Err(error) => {
                let why = "a bracket or quote is not closed, or this is no Rust";
                log.push(mistakes::BODY_SYNTAX.at(&self.span(error.span().byte_range()), &[&why]));
                return None;
            }
        };
        if is_shallow(&tokens) {
            refuse_tokens(&tokens, &BODY, &|range| self.span(range), log);
        } else {
            log.push(mistakes::FRAGMENT_TOO_DEEP.at(self.named, &[]));
        }
        if log.len() > before {
            return None;
        }
        let parsed = match syn::parse2::<syn::File>(tokens) {
            Ok(parsed) => parsed,
            Err(error) => {
                log.push(mistakes::BODY_SYNTAX.at(&self.span(error.span().byte_range()), &[&error]));
                return None;
            }
        };
        let is_it = |item: &syn::Item| matches!(item, syn::Item::Fn(function) if function.sig.ident == parts.kernel);
        let Some(place) = parsed.items.iter().position(is_it) else {
            log.push(mistakes::BODY_FUNCTION.at(self.named, &[&parts.kernel]));
            return None;
        };
        let syn::Item::Fn(function) = &parsed.items[place] else { return None };
        self.signature(&function.sig, parts, log)?;
        let whole = function.span().byte_range();
        let end = self.text.len();
        let first = parsed.items.first().map_or(0, |item| item.span().byte_range().start);
        let items = [first.min(whole.start)..whole.start, whole.end..end].map(|range| self.fragment(range, Vec::new()));
        let mut returns = Returns::default();
        if gives_nothing(&function.sig.output) {
            returns.visit_block(&function.block);
        }
        let mut calls = Calls::default();
        calls.visit_block(&function.block);
        calls.refuse_shadowed(parts, &|range| self.span(range), log);
        for item in &parsed.items {
            if let syn::Item::Mod(module) = item
                && module.content.is_none()
            {
                let why = "a module of a file of its own is not taken: write what is in it here";
                log.push(mistakes::BODY_SYNTAX.at(&self.span(module.span().byte_range()), &[&why]));
            }
        }
        let block = function.block.brace_token.span;
        let inner = block.open().byte_range().end..block.close().byte_range().start;
        let arguments =
            function.sig.inputs.iter().map(|argument| self.fragment(argument.span().byte_range(), Vec::new()));
        Some(Body {
            text: self.fragment(inner, returns.0),
            items: items.into_iter().filter(|fragment| !fragment.text.is_empty()).collect(),
            arguments: arguments.collect(),
        })
    }

    /// Holds the function's head against the spec.
    fn signature(&self, head: &syn::Signature, parts: &Parts<'_>, log: &mut Vec<Diagnostic>) -> Option<()> {
        let place = || self.span(head.ident.span().byte_range());
        let plain = head.constness.is_none()
            && head.asyncness.is_none()
            && matches!(head.safety, syn::Safety::Default)
            && head.abi.is_none();
        if !plain || !head.generics.params.is_empty() || head.variadic.is_some() {
            log.push(mistakes::BODY_HEAD.at(&place(), &[&parts.kernel]));
            return None;
        }
        let (found, wanted) = (head.inputs.len(), parts.arguments());
        if found != wanted {
            log.push(mistakes::BODY_ARGUMENTS.at(&place(), &[&parts.kernel, &found, &wanted]));
            return None;
        }
        Some(())
    }

    fn fragment(&self, range: Range<usize>, returns: Vec<usize>) -> Fragment {
        let (start, end) = trimmed(self.text, range);
        Fragment {
            text: self.text[start..end].to_owned(),
            block: false,
            source: Some(self.source),
            offsets: (start..=end).collect(),
            divisions: Vec::new(),
            returns: returns.into_iter().map(|at| at - start).collect(),
        }
    }
}

/// Whether a function gives nothing, said or unsaid.
fn gives_nothing(output: &syn::ReturnType) -> bool {
    match output {
        syn::ReturnType::Default => true,
        syn::ReturnType::Type(_, ty) => matches!(&**ty, syn::Type::Tuple(tuple) if tuple.elems.is_empty()),
    }
}

/// Functions that are called by a bare name.
#[derive(Default)]
struct Calls(Vec<(String, Range<usize>)>);

impl Calls {
    /// Reports arguments and dims that have the name of a function of kernelgen's which is called.
    fn refuse_shadowed(&self, parts: &Parts<'_>, place: &dyn Fn(Range<usize>) -> Span, log: &mut Vec<Diagnostic>) {
        for (name, range) in &self.0 {
            let ours = prelude::FUNCTIONS.contains(&&**name) || matches!(&**name, "slice" | "slice_mut");
            if ours && (parts.spans.contains_key(name) || parts.dims.contains(name)) {
                log.push(mistakes::SHADOWED_FUNCTION.at(&place(range.clone()), &[name]));
            }
        }
    }
}

impl<'ast> Visit<'ast> for Calls {
    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        if let syn::Expr::Path(path) = &*node.func
            && let Some(name) = path.path.get_ident()
        {
            self.0.push((name.to_string(), name.span().byte_range()));
        }
        visit::visit_expr_call(self, node);
    }
}

/// A range without the blanks around it.
fn trimmed(text: &str, range: Range<usize>) -> (usize, usize) {
    let within = &text[range.clone()];
    let start = range.start + within.len() - within.trim_start().len();
    (start, start + within.trim().len())
}

/// The end of each `return` of a body that gives nothing.
#[derive(Default)]
struct Returns(Vec<usize>);

impl<'ast> Visit<'ast> for Returns {
    fn visit_expr_return(&mut self, node: &'ast syn::ExprReturn) {
        match &node.expr {
            None => self.0.push(node.return_token.span().byte_range().end),
            Some(_) => visit::visit_expr_return(self, node),
        }
    }

    // What these return is their own.
    fn visit_expr_closure(&mut self, _: &'ast syn::ExprClosure) {}

    fn visit_item(&mut self, _: &'ast syn::Item) {}
}
