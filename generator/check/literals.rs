//! Bare float literals where the type is an integer or f16, which rustc would explain in words of its own.

use std::ops::Range;

use syn::visit::{self, Visit};
use syn::{BinOp, Expr};

use super::scope::{Binding, Context};
use super::{prelude, results};
use crate::diag::{Diagnostic, Span, mistakes};
use crate::model::{DType, Type};

/// Reports `2.5` beside a value that is no f32, f64 or complex in every loop, and as a result of such a type.
pub fn check(
    expr: &Expr,
    locals: &[String],
    context: &Context<'_>,
    place: &dyn Fn(Range<usize>) -> Span,
    log: &mut Vec<Diagnostic>,
) {
    let mut literals = Literals { locals, context, place, log };
    literals.visit_expr(expr);
    match (results::tail(expr), context.results.as_slice()) {
        (Expr::Tuple(tuple), types) if types.len() > 1 => {
            for (element, ty) in tuple.elems.iter().zip(types) {
                literals.compare(element, Some(ty.clone()));
            }
        }
        (expr, [ty]) => literals.compare(expr, Some(ty.clone())),
        _ => {}
    }
}

struct Literals<'a> {
    locals: &'a [String],
    context: &'a Context<'a>,
    place: &'a dyn Fn(Range<usize>) -> Span,
    log: &'a mut Vec<Diagnostic>,
}

impl Literals<'_> {
    /// The type of an expression, where it is plain to see.
    fn kind(&self, expr: &Expr) -> Option<Type> {
        match expr {
            Expr::Paren(inner) => self.kind(&inner.expr),
            Expr::Unary(unary) => self.kind(&unary.expr),
            Expr::Path(path) => match self.binding(&path.path.get_ident()?.to_string())? {
                Binding::Value(ty) => Some(ty.clone()),
                _ => None,
            },
            Expr::Field(field) => {
                let Expr::Path(base) = &*field.base else { return None };
                let Binding::Fields(fields) = self.binding(&base.path.get_ident()?.to_string())? else { return None };
                let syn::Member::Named(name) = &field.member else { return None };
                fields.iter().find(|(field, _)| name == field).map(|(_, ty)| ty.clone())
            }
            Expr::Binary(binary) if is_arithmetic(&binary.op) => {
                self.kind(&binary.left).or_else(|| self.kind(&binary.right))
            }
            Expr::Call(call) => {
                let Expr::Path(path) = &*call.func else { return None };
                let name = path.path.get_ident()?.to_string();
                let variable = self.context.types.variables.iter().position(|variable| *variable == name);
                variable.map(Type::Variable).or_else(|| DType::from_name(&name).map(Type::Fixed))
            }
            _ => None,
        }
    }

    fn binding(&self, name: &str) -> Option<&Binding> {
        let local = self.locals.iter().any(|local| local == name);
        self.context.bindings.iter().find(|(bound, _)| bound == name && !local).map(|(_, binding)| binding)
    }

    /// Reports `expr` if it is a float literal and a value of this type can't be one.
    fn compare(&mut self, expr: &Expr, ty: Option<Type>) {
        let (Some(ty), Some(literal)) = (ty, float(expr)) else { return };
        let fits = |dtype: DType| dtype.is_inexact() && dtype != DType::F16;
        let Some(dtype) = self.context.types.dtypes(&ty).find(|dtype| !fits(*dtype)) else { return };
        let name = self.context.types.name(&ty);
        let span = (self.place)(literal.span().byte_range());
        self.log.push(mistakes::FLOAT_LITERAL.at(&span, &[&literal.to_string(), &dtype.name(), &name]));
    }
}

impl<'ast> Visit<'ast> for Literals<'_> {
    fn visit_expr_binary(&mut self, node: &'ast syn::ExprBinary) {
        if !matches!(node.op, BinOp::And(_) | BinOp::Or(_)) {
            self.compare(&node.left, self.kind(&node.right));
            self.compare(&node.right, self.kind(&node.left));
        }
        visit::visit_expr_binary(self, node);
    }

    fn visit_expr_call(&mut self, node: &'ast syn::ExprCall) {
        if let Expr::Path(path) = &*node.func
            && let Some(name) = path.path.get_ident().map(ToString::to_string)
            && prelude::SAME_TYPE.contains(&&*name)
        {
            let arguments = node.args.iter().skip(usize::from(name == "select"));
            let ty = arguments.clone().find_map(|argument| self.kind(argument));
            arguments.for_each(|argument| self.compare(argument, ty.clone()));
        }
        visit::visit_expr_call(self, node);
    }
}

/// A float literal without a suffix, perhaps negated or in brackets.
fn float(expr: &Expr) -> Option<&syn::LitFloat> {
    match expr {
        Expr::Lit(literal) => match &literal.lit {
            syn::Lit::Float(float) if float.suffix().is_empty() => Some(float),
            _ => None,
        },
        Expr::Unary(unary) => float(&unary.expr),
        Expr::Paren(inner) => float(&inner.expr),
        _ => None,
    }
}

fn is_arithmetic(op: &BinOp) -> bool {
    matches!(op, BinOp::Add(_) | BinOp::Sub(_) | BinOp::Mul(_) | BinOp::Div(_) | BinOp::Rem(_))
}
