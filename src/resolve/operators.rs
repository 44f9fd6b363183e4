//! Operators at one place: comparisons with their tolerance, sums whose —— terms drop out, quotients as products, tests.

use super::expr::{Meaning, Resolver, Stop, Tolerance, by_key, constant, literal};
use super::scope::Ctx;
use crate::diag::codes;
use crate::ir::expr::{Expr, Kind, Ty};
use crate::parse::expr as ast;
use formwright_engine::{Decimal, Value};
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn binary(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: ast::BinOp,
        at: &Range<usize>,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Meaning {
        use ast::BinOp;
        if let Some(null) = self.null_test(ctx, e, op, l, r) {
            return null;
        }
        if matches!(op, BinOp::Add | BinOp::Sub) {
            return self.sum_or_difference(ctx, e, op, l, r);
        }
        if op == BinOp::Div {
            return Err(self.report(&codes::BARE_DIVISION, at, &[]));
        }
        let comparison = matches!(op, BinOp::Eq | BinOp::Ne | BinOp::Lt | BinOp::Le | BinOp::Gt | BinOp::Ge);
        if comparison && let Some(product) = self.quotient_beside(ctx, e, op, l, r) {
            return product;
        }
        let (l, r) = if matches!(op, BinOp::And | BinOp::Or) {
            (self.condition(ctx, l)?, self.condition(ctx, r)?)
        } else {
            (self.expr(ctx, l)?, self.expr(ctx, r)?)
        };
        if comparison {
            self.comparison(op, l, r, &e.range)
        } else {
            self.typed(op.sign(), vec![l, r], &e.range)
        }
    }

    /// A comparison, with the rule's tolerance where it compares numbers.
    pub fn comparison(&mut self, op: ast::BinOp, l: Expr, r: Expr, range: &Range<usize>) -> Meaning {
        let plain = self.typed(op.sign(), vec![l.clone(), r.clone()], range)?;
        let numeric = matches!(l.ty, Ty::Num { .. }) && matches!(r.ty, Ty::Num { .. });
        let Some(tolerance) = self.tolerance.clone().filter(|_| numeric) else { return Ok(plain) };
        let key = match op {
            ast::BinOp::Eq => "eq_tol",
            ast::BinOp::Ne => "ne_tol",
            ast::BinOp::Lt => "lt_tol",
            ast::BinOp::Le => "le_tol",
            ast::BinOp::Gt => "gt_tol",
            _ => "ge_tol",
        };
        let tolerance = tolerance_expr(&tolerance, &l, &r, range);
        Ok(by_key(key, vec![l, r, tolerance], Ty::Bool))
    }

    fn null_test(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: ast::BinOp,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Option<Meaning> {
        let name = match op {
            ast::BinOp::Eq => "blank",
            ast::BinOp::Ne => "filled",
            _ => return None,
        };
        let other = match (&l.kind, &r.kind) {
            (ast::Kind::Null, _) => r,
            (_, ast::Kind::Null) => l,
            _ => return None,
        };
        Some(self.expr(ctx, other).and_then(|x| self.typed(name, vec![x], &e.range)))
    }

    /// A —— term drops out of a sum or difference.
    fn sum_or_difference(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: ast::BinOp,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Meaning {
        match (self.expr(ctx, l), self.expr(ctx, r)) {
            (Ok(l), Ok(r)) => self.typed(op.sign(), vec![l, r], &e.range),
            (Ok(l), Err(Stop::NotApplicable)) => Ok(l),
            (Err(Stop::NotApplicable), Ok(r)) if op == ast::BinOp::Sub => self.typed("-", vec![r], &e.range),
            (Err(Stop::NotApplicable), Ok(r)) => Ok(r),
            (Err(Stop::Wrong), _) | (_, Err(Stop::Wrong)) => Err(Stop::Wrong),
            _ => Err(Stop::NotApplicable),
        }
    }

    /// `a / b < c` as `a < c * b`, where the divisor is a count or literal that cannot be negative.
    fn quotient_beside(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: ast::BinOp,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Option<Meaning> {
        let ast::Kind::Binary(ast::BinOp::Div, at, a, b) = &strip(l).kind else { return None };
        if matches!(op, ast::BinOp::Eq | ast::BinOp::Ne) {
            return Some(Err(self.report(&codes::BARE_DIVISION, at, &[])));
        }
        Some(self.product_form(ctx, e, op, [a, b, r]))
    }

    fn product_form(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: ast::BinOp,
        [a, b, c]: [&ast::Expr; 3],
    ) -> Meaning {
        let (a, b, c) = (self.expr(ctx, a)?, self.expr(ctx, b)?, self.expr(ctx, c)?);
        let zero = constant(Value::Num(Decimal::ZERO), literal(Decimal::ZERO), e.range.clone());
        let positive = self.typed(">", vec![b.clone(), zero], &e.range)?;
        let product = self.typed("*", vec![c, b], &e.range)?;
        let compared = self.typed(op.sign(), vec![a, product], &e.range)?;
        let unknown = constant(Value::Null, Ty::Bool, e.range.clone());
        Ok(Expr {
            kind: Kind::If(Box::new([positive, compared, unknown])),
            ty: Ty::Bool,
            range: e.range.clone(),
        })
    }

    pub(super) fn between(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        x: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
    ) -> Meaning {
        let x = self.expr(ctx, x)?;
        let (low, high) = (self.expr(ctx, low)?, self.expr(ctx, high)?);
        let a = self.typed(">=", vec![x.clone(), low], &e.range)?;
        let b = self.typed("<=", vec![x, high], &e.range)?;
        self.typed("and", vec![a, b], &e.range)
    }

    pub(super) fn membership(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        x: &ast::Expr,
        tests: &[ast::Test],
    ) -> Meaning {
        let x = self.expr(ctx, x)?;
        let mut found: Option<Expr> = None;
        for test in tests {
            let one = self.test(ctx, &x, test, &e.range)?;
            found = Some(match found {
                None => one,
                Some(before) => self.typed("or", vec![before, one], &e.range)?,
            });
        }
        found.ok_or(Stop::Wrong)
    }

    fn test(&mut self, ctx: &Ctx, x: &Expr, test: &ast::Test, range: &Range<usize>) -> Meaning {
        match test {
            ast::Test::Compare(op, right) => {
                let right = self.expr(ctx, right)?;
                self.typed(op.sign(), vec![x.clone(), right], range)
            }
            ast::Test::Range { lo, lo_closed, hi, hi_closed } => {
                let (lo, hi) = (self.expr(ctx, lo)?, self.expr(ctx, hi)?);
                let a = self.typed(if *lo_closed { ">=" } else { ">" }, vec![x.clone(), lo], range)?;
                let b = self.typed(if *hi_closed { "<=" } else { "<" }, vec![x.clone(), hi], range)?;
                self.typed("and", vec![a, b], range)
            }
            ast::Test::Value(right) => {
                let right = self.expr(ctx, right)?;
                let one_code = matches!((&right.ty, &right.kind), (Ty::Code(_), Kind::Cell { .. }));
                let several = matches!(right.ty, Ty::List(_) | Ty::Codes(_));
                let name = if several || one_code { "in" } else { "=" };
                self.typed(name, vec![x.clone(), right], range)
            }
        }
    }
}

fn strip(e: &ast::Expr) -> &ast::Expr {
    match &e.kind {
        ast::Kind::Paren(inner) => strip(inner),
        _ => e,
    }
}

fn tolerance_expr(tolerance: &Tolerance, l: &Expr, r: &Expr, range: &Range<usize>) -> Expr {
    let number = match tolerance {
        Tolerance::Absolute(t) => *t,
        Tolerance::Percent(p) => {
            let share = p.checked_mul(Decimal::new(1, 2).unwrap_or(Decimal::ONE)).unwrap_or(*p);
            let share = constant(Value::Num(share), literal(share), range.clone());
            let size = by_key("abs", vec![r.clone()], r.ty.clone());
            return by_key("mul_num", vec![size, share], r.ty.clone());
        }
        Tolerance::Rounding => half_units(l).checked_add(half_units(r)).unwrap_or(Decimal::ZERO),
    };
    constant(Value::Num(number), literal(number), range.clone())
}

/// Half a unit of the last place of each cell that a sum is made of.
fn half_units(e: &Expr) -> Decimal {
    let mut sum = Decimal::ZERO;
    e.walk(&mut |x| {
        if let (Kind::Cell { .. }, Ty::Num { scale, .. }) = (&x.kind, &x.ty) {
            sum = sum.checked_add(Decimal::new(5, scale + 1).unwrap_or(Decimal::ZERO)).unwrap_or(sum);
        }
    });
    sum
}
