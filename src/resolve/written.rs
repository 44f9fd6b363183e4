//! From the tree of an expression as written to the typed one: one arm a node.

use super::calc::{Scope, field};
use super::infer::Mismatch;
use super::lower::{Test, place};
use super::stand_in::{self, Ast, In, Node};
use crate::diag::Diagnostic;
use crate::ir::expr::Expr;
use formwright_engine::{Date, Decimal, Value};

impl Scope<'_> {
    pub(super) fn text(mut self, text: &str) -> Result<Expr, Vec<Diagnostic>> {
        let unreadable = || {
            let name = text.to_owned();
            vec![Mismatch::Unknown { name }.diagnostic(place(&(0..text.len())), &[], &[])]
        };
        let ast = stand_in::parse(text).map_err(|_| unreadable())?;
        let expr = self.expr(&ast);
        if self.build.problems.is_empty() { Ok(expr) } else { Err(self.build.problems) }
    }

    pub(super) fn expr(&mut self, ast: &Ast) -> Expr {
        let range = ast.range.clone();
        match &ast.kind {
            Node::Number(n) => self.build.constant(Decimal::parse(n).map_or(Value::Null, Value::Num), range),
            Node::Text(t) => self.build.constant(Value::Text(t.as_str().into()), range),
            Node::Date(d) => self.build.constant(Date::parse(d).map_or(Value::Null, Value::Date), range),
            Node::Bool(b) => self.build.constant(Value::Bool(*b), range),
            Node::Null => self.build.constant(Value::Null, range),
            Node::Name(name) => self.name(name, range),
            Node::Call(name, args) => {
                let args = self.all(args);
                self.build.apply(name, args, range)
            }
            Node::Neg(e) => {
                let e = self.expr(e);
                self.build.apply("-", vec![e], range)
            }
            Node::Binary(op, a, b) => {
                let args = vec![self.expr(a), self.expr(b)];
                self.build.apply(op, args, range)
            }
            Node::Between(a, b, c) => {
                let args = vec![self.expr(a), self.expr(b), self.expr(c)];
                self.build.apply("between", args, range)
            }
            Node::In(x, tests) => {
                let x = self.expr(x);
                let tests = tests
                    .iter()
                    .map(|t| match t {
                        In::Cmp(op, e) => Test::Compare(op.clone(), self.expr(e)),
                        In::Range(a, i, b, j) => Test::Range(self.expr(a), *i, self.expr(b), *j),
                        In::Value(e) => Test::Value(self.expr(e)),
                    })
                    .collect();
                self.build.member(&x, tests, &range)
            }
            Node::If(c, a, b) => {
                let (c, a, b) = (self.expr(c), self.expr(a), self.expr(b));
                self.build.choice(c, a, b, range)
            }
            Node::Quant(every, binders, body) => self.quantifier(*every, binders, body, range),
            Node::List(items) => {
                let items = self.all(items);
                self.build.list(items, range)
            }
            Node::Filter(list, body) => self.filter(list, body, range),
            Node::Field(of, name) => {
                let of = self.expr(of);
                field(of, name, range)
            }
        }
    }
}
