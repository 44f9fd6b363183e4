//! From the tree of an expression as written to the typed one: one arm a node.

use super::calc::{Scope, field};
use super::lower::{self, place};
use crate::diag::Diagnostic;
use crate::ir::expr::Expr;
use crate::parse::expr::{self as written, Expr as Ast, ExprProblem, Kind, Test};
use formwright_engine::{Date, Decimal, Value};

/// A problem of the text, its span the range in the text.
fn diagnostic(p: ExprProblem) -> Diagnostic {
    Diagnostic { args: p.args, suggestions: p.suggestions, ..Diagnostic::new(p.code, place(&p.range)) }
}

impl Scope<'_> {
    pub(super) fn text(mut self, text: &str) -> Result<Expr, Vec<Diagnostic>> {
        let parsed = written::parse(text);
        let Some(ast) = parsed.expr else {
            let errors =
                parsed.problems.into_iter().filter(|p| p.code.severity == crate::diag::Severity::Error);
            return Err(errors.map(diagnostic).collect());
        };
        let expr = self.expr(&ast);
        if self.build.problems.is_empty() { Ok(expr) } else { Err(self.build.problems) }
    }

    pub(super) fn expr(&mut self, ast: &Ast) -> Expr {
        let range = ast.range.clone();
        match &ast.kind {
            Kind::Paren(inner) => self.expr(inner),
            Kind::Num(n) => self.build.constant(Decimal::parse(n).map_or(Value::Null, Value::Num), range),
            Kind::Str(t) => self.build.constant(Value::Text(t.as_str().into()), range),
            Kind::Date(d) => self.build.constant(Date::parse(d).map_or(Value::Null, Value::Date), range),
            Kind::Bool(b) => self.build.constant(Value::Bool(*b), range),
            Kind::Null => self.build.constant(Value::Null, range),
            Kind::Name(name) => self.name(name, range),
            Kind::Call(name, args) => {
                let args = self.all(args);
                self.build.apply(&name.text, args, range)
            }
            Kind::Not(e) => {
                let e = self.expr(e);
                self.build.apply("not", vec![e], range)
            }
            Kind::Neg(e) => {
                let e = self.expr(e);
                self.build.apply("-", vec![e], range)
            }
            Kind::Binary(op, _, a, b) => {
                let args = vec![self.expr(a), self.expr(b)];
                self.build.apply(op.sign(), args, range)
            }
            Kind::Between(a, b, c) => {
                let args = vec![self.expr(a), self.expr(b), self.expr(c)];
                self.build.apply("between", args, range)
            }
            Kind::In(x, tests) => {
                let x = self.expr(x);
                let tests = tests.iter().map(|t| self.test(t)).collect();
                self.build.member(&x, tests, &range)
            }
            Kind::If(c, a, b) => {
                let (c, a, b) = (self.expr(c), self.expr(a), self.expr(b));
                self.build.choice(c, a, b, range)
            }
            Kind::Quant { every, binders, body } => {
                let binders: Vec<(String, Ast)> =
                    binders.iter().map(|(n, e)| (n.text.clone(), e.clone())).collect();
                self.quantifier(*every, &binders, body, range)
            }
            Kind::List(items) => {
                let items = self.all(items);
                self.build.list(items, range)
            }
            Kind::Filter(list, body) => self.filter(list, body, range),
            Kind::Path(of, name) => {
                let of = self.expr(of);
                field(of, &name.text, range)
            }
        }
    }

    fn test(&mut self, test: &Test) -> lower::Test {
        match test {
            Test::Compare(op, e) => lower::Test::Compare(op.sign().to_owned(), self.expr(e)),
            Test::Range { lo, lo_closed, hi, hi_closed } => {
                lower::Test::Range(self.expr(lo), *lo_closed, self.expr(hi), *hi_closed)
            }
            Test::Value(e) => lower::Test::Value(self.expr(e)),
        }
    }
}
