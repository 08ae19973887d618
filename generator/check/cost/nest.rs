//! How deeply loops stand within each other in a body.

use syn::visit::{self, Visit};

/// Loops within loops in a body's statements, and in the deepest of its helpers: they are called from within.
pub fn depth(statements: &[syn::Stmt], items: &[syn::Item]) -> usize {
    let mut nest = Nest::default();
    statements.iter().for_each(|statement| nest.visit_stmt(statement));
    items.iter().for_each(|item| nest.visit_item(item));
    nest.deepest + nest.helper
}

/// Whether a loop goes over as many rounds whatever the arrays: `0..8`, `0..LANES`. Such a one takes elements together that
/// another loop would take one by one.
fn is_fixed(rounds: &syn::Expr) -> bool {
    let constant = |expr: &syn::Expr| match expr {
        syn::Expr::Lit(_) => true,
        syn::Expr::Path(path) => path.path.segments.last().is_some_and(|last| {
            let name = last.ident.to_string();
            name == name.to_uppercase()
        }),
        _ => false,
    };
    match rounds {
        syn::Expr::Paren(inner) => is_fixed(&inner.expr),
        syn::Expr::MethodCall(call) if call.method == "rev" => is_fixed(&call.receiver),
        syn::Expr::Range(range) => {
            [&range.start, &range.end].into_iter().all(|end| end.as_deref().is_some_and(constant))
        }
        _ => false,
    }
}

#[derive(Default)]
struct Nest {
    /// Loops around the place that is visited.
    around: usize,
    /// The most of them so far.
    deepest: usize,
    /// The most of them in a function, or a closure with a name.
    helper: usize,
}

impl Nest {
    fn inner(&mut self, visit: impl FnOnce(&mut Self)) {
        self.around += 1;
        self.deepest = self.deepest.max(self.around);
        visit(self);
        self.around -= 1;
    }

    /// Visits what is called from elsewhere.
    fn apart(&mut self, visit: impl FnOnce(&mut Self)) {
        let mut apart = Nest::default();
        visit(&mut apart);
        self.helper = self.helper.max(apart.deepest).max(apart.helper);
    }
}

impl<'ast> Visit<'ast> for Nest {
    fn visit_expr_for_loop(&mut self, node: &'ast syn::ExprForLoop) {
        self.visit_expr(&node.expr);
        if is_fixed(&node.expr) {
            self.visit_block(&node.body);
        } else {
            self.inner(|nest| nest.visit_block(&node.body));
        }
    }

    fn visit_expr_while(&mut self, node: &'ast syn::ExprWhile) {
        self.inner(|nest| visit::visit_expr_while(nest, node));
    }

    fn visit_expr_loop(&mut self, node: &'ast syn::ExprLoop) {
        self.inner(|nest| visit::visit_expr_loop(nest, node));
    }

    fn visit_local(&mut self, node: &'ast syn::Local) {
        match &node.init {
            Some(init) if matches!(*init.expr, syn::Expr::Closure(_)) => {
                self.apart(|nest| visit::visit_local(nest, node));
            }
            _ => visit::visit_local(self, node),
        }
    }

    fn visit_item(&mut self, node: &'ast syn::Item) {
        self.apart(|nest| visit::visit_item(nest, node));
    }
}
