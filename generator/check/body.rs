//! The form `body`: checked, and not generated yet.

use std::str::FromStr;

use proc_macro2::TokenStream;
use syn::parse::Parser;

use super::arithmetic::{self, Kind};
use super::dtypes::Types;
use super::names::{Names, Role};
use super::operands::Operand;
use super::require;
use super::tokens::{is_shallow, refuse_tokens};
use crate::diag::{Diagnostic, SourceId, Sources, Span, mistakes};
use crate::model::Param;
use crate::spec::{self, Text};

/// The core dimensions of the operands: a dim that is a bare name is bound by the inputs and inouts,
/// a dim that is an expression is checked against those.
pub fn dims(
    operands: &[&Vec<Operand<'_>>; 4],
    params: &[Param],
    types: &Types,
    names: &mut Names,
    log: &mut Vec<Diagnostic>,
) -> Vec<String> {
    let bare = |text: &str| {
        text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_') && !text.starts_with(|c: char| c.is_ascii_digit())
    };
    let mut known: Vec<String> = Vec::new();
    let inputs = operands[0].iter().chain(operands[1]);
    for dim in inputs.clone().filter_map(|operand| operand.dims.as_ref()).flatten() {
        let name = dim.text();
        let param = params.iter().any(|param| param.name == name);
        if bare(name) && !param && !known.iter().any(|dim| dim == name) && names.take(name, &dim.span(), Role::Dim, log)
        {
            known.push(name.to_owned());
        }
    }
    // `indptr: i64[r + 1]` binds `r`: the one name of an input's expression that nothing else binds.
    for dim in inputs.filter_map(|operand| operand.dims.as_ref()).flatten().filter(|dim| !bare(dim.text())) {
        if let Ok(expr) = arithmetic::parse(dim.text()) {
            let mut free = Vec::new();
            free_names(&expr, &mut free);
            free.retain(|name| !known.contains(name) && !params.iter().any(|param| param.name == *name));
            if let [name] = free.as_slice() {
                known.push(name.clone());
            }
        }
    }
    let scope = require::scope(params, &known, types);
    for dim in operands.iter().flat_map(|list| list.iter()).filter_map(|operand| operand.dims.as_ref()).flatten() {
        let compiled = arithmetic::parse(dim.text()).and_then(|expr| arithmetic::compile(&expr, &scope));
        match compiled {
            Ok((Kind::Int, _)) => {}
            Ok(_) => log.push(mistakes::NOT_A_SIZE.at(&dim.span(), &[])),
            Err(_) if bare(dim.text()) => log.push(mistakes::UNBOUND_DIM.at(&dim.span(), &[&dim.text()])),
            Err(wrong) => log.push(require::arithmetic(dim, wrong)),
        }
    }
    known
}

fn free_names(expr: &arithmetic::Expr, found: &mut Vec<String>) {
    use arithmetic::Node;
    match &expr.node {
        Node::Name(name) if !found.contains(name) => found.push(name.clone()),
        Node::Unary(_, operand) => free_names(operand, found),
        Node::Binary(_, left, right) => [left, right].into_iter().for_each(|side| free_names(side, found)),
        Node::Call(_, arguments) => arguments.iter().for_each(|argument| free_names(argument, found)),
        Node::If(parts) => parts.iter().for_each(|part| free_names(part, found)),
        _ => {}
    }
}

/// Checks a `body`.
pub fn check(given: &spec::Body, kernel: &spec::Kernel, sources: &Sources, log: &mut Vec<Diagnostic>) {
    match (&given.rust, &given.file) {
        (Some(rust), None) => statements(rust, log),
        (None, Some(file)) => {
            if let Some(source) = given.source {
                functions(sources.text(source), source, &kernel.name.value, &file.span, log);
            }
        }
        _ => log.push(mistakes::BODY_ONE.at(&given.span, &[])),
    }
    log.push(mistakes::NOT_YET.at(&given.span, &[&format!("`body` kernels such as `{}`", kernel.name.value)]));
}

/// `body.rust`: statements, parsed alone as those of one block.
fn statements(text: &Text, log: &mut Vec<Diagnostic>) {
    let before = log.len();
    let parsed = tokens(&text.value, &text.span, log);
    let Some(parsed) = parsed.transpose() else { return };
    let parsed = parsed.and_then(|tokens| {
        refuse_tokens(&tokens, text, log);
        if log.len() > before { Ok(Vec::new()) } else { syn::Block::parse_within.parse2(tokens) }
    });
    if let Err(error) = parsed {
        log.push(mistakes::FRAGMENT_SYNTAX.at(&text.part(error.span().byte_range()), &[&error]));
    }
}

/// A body file: it parses, and has the function.
fn functions(text: &str, source: SourceId, name: &str, file: &Span, log: &mut Vec<Diagnostic>) {
    let Some(parsed) = tokens(text, file, log).transpose() else { return };
    match parsed.and_then(syn::parse2::<syn::File>) {
        Err(error) => log.push(mistakes::FRAGMENT_SYNTAX.at(&Span::new(source, error.span().byte_range()), &[&error])),
        Ok(parsed) => {
            let found =
                parsed.items.iter().any(|item| matches!(item, syn::Item::Fn(function) if function.sig.ident == name));
            if !found {
                log.push(mistakes::BODY_FUNCTION.at(file, &[&name]));
            }
        }
    }
}

/// The tokens of a body, unless they nest too deeply, which is reported.
fn tokens(text: &str, span: &Span, log: &mut Vec<Diagnostic>) -> syn::Result<Option<TokenStream>> {
    let tokens = TokenStream::from_str(text)?;
    let shallow = is_shallow(&tokens);
    if !shallow {
        log.push(mistakes::FRAGMENT_TOO_DEEP.at(span, &[]));
    }
    Ok(shallow.then_some(tokens))
}
