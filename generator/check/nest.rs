//! How deeply loops stand within each other in a body.

use syn::visit::{self, Visit};

/// Loops within loops in a body's statements, and in the deepest of its helpers: they are called from within.
pub fn depth(statements: &[syn::Stmt], items: &[syn::Item]) -> usize {
    let mut nest = Nest::default();
    statements.iter().for_each(|statement| nest.visit_stmt(statement));
    items.iter().for_each(|item| nest.visit_item(item));
    nest.deepest + nest.helper
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
        self.inner(|nest| nest.visit_block(&node.body));
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
