//! Quotients and means directly under an inequality: compared as products, where the divisor's sign is known.

use super::expr::{Meaning, Resolver, Stop, constant, literal};
use super::operators::strip;
use super::scope::Ctx;
use crate::diag::codes;
use crate::ir::expr::{Expr, Kind, Ty};
use crate::ir::func::{Aggregate, Role};
use crate::parse::expr as ast;
use ast::BinOp;
use formwright_engine::{Decimal, Value};
use std::ops::Range;

/// A side of a comparison as a fraction.
struct Fraction {
    over: Expr,
    under: Option<Expr>,
}

/// Whether a side is a number that is written out.
fn is_number(e: &Expr) -> bool {
    matches!(e.kind, Kind::Const(Value::Num(_)))
}

fn take_unit(e: &mut Expr, from: &Expr) {
    if let (Ty::Num { dim, .. }, Ty::Num { dim: other, .. }) = (&mut e.ty, &from.ty) {
        dim.clone_from(other);
    }
}

impl Resolver<'_> {
    /// A quotient that is neither rounded nor compared: the two spellings that would do.
    pub(super) fn bare_division(&mut self, e: &ast::Expr, at: &Range<usize>) -> Stop {
        let (a, b) = match &e.kind {
            ast::Kind::Binary(_, _, a, b) => (a.to_string(), b.to_string()),
            _ => ("a".to_owned(), "b".to_owned()),
        };
        self.report(
            &codes::BARE_DIVISION,
            at,
            &[("rounded", format!("round half up({a} / {b}, 2)")), ("product", format!("{a} / {b} < …"))],
        )
    }

    /// `a / b < c` as `a < c * b`; `None` where neither side is a quotient or mean.
    pub(super) fn quotients(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: BinOp,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Option<Meaning> {
        let first = [l, r].into_iter().find(|side| is_quotient(side))?;
        if matches!(op, BinOp::Eq | BinOp::Ne) {
            let (side, at) = (strip(first), first.range.clone());
            let stop = match &side.kind {
                ast::Kind::Binary(_, at, ..) => self.bare_division(side, &at.clone()),
                _ => self.rewritten(&codes::BARE_MEAN, &at, format!("round half up({side}, 2)")),
            };
            return Some(Err(stop));
        }
        Some(self.product_form(ctx, e, op, l, r))
    }

    fn product_form(&mut self, ctx: &Ctx, e: &ast::Expr, op: BinOp, l: &ast::Expr, r: &ast::Expr) -> Meaning {
        let l = self.fraction(ctx, l);
        if matches!(l, Err(Stop::NotApplicable)) {
            return Err(Stop::NotApplicable);
        }
        let r = self.fraction(ctx, r);
        let (l, r) = (l?, r?);
        let range = &e.range;
        let mut tolerance = self.tolerance_of(&l.over, &r.over, range);
        for under in l.under.iter().chain(&r.under) {
            tolerance = tolerance.map(|t| self.typed("*", vec![t, under.clone()], range)).transpose()?;
        }
        let (plain_left, plain_right) = (is_number(&l.over), is_number(&r.over));
        let mut left = self.times(l.over, r.under.as_ref(), range)?;
        let mut right = self.times(r.over, l.under.as_ref(), range)?;
        // A number that is written out is one of the other side's unit.
        if plain_right && l.under.is_some() {
            take_unit(&mut right, &left);
        } else if plain_left && r.under.is_some() {
            take_unit(&mut left, &right);
        }
        let mut out = self.within(op, left, right, tolerance, range)?;
        for under in l.under.into_iter().chain(r.under) {
            if matches!(under.kind, Kind::Const(_)) {
                continue;
            }
            let zero = constant(Value::Num(Decimal::ZERO), literal(Decimal::ZERO), range.clone());
            let positive = self.typed(">", vec![under, zero], range)?;
            let unknown = constant(Value::Null, Ty::Bool, range.clone());
            let kind = Kind::If(Box::new([positive, out, unknown]));
            out = Expr { kind, ty: Ty::Bool, range: range.clone() };
        }
        Ok(out)
    }

    fn times(&mut self, a: Expr, b: Option<&Expr>, range: &Range<usize>) -> Meaning {
        match b {
            Some(b) => self.typed("*", vec![a, b.clone()], range),
            None => Ok(a),
        }
    }

    fn fraction(&mut self, ctx: &Ctx, side: &ast::Expr) -> Result<Fraction, Stop> {
        match &strip(side).kind {
            ast::Kind::Binary(BinOp::Div, _, a, b) => {
                let over = self.expr(ctx, a);
                if over == Err(Stop::NotApplicable) {
                    return Err(Stop::NotApplicable);
                }
                let under = self.divisor(ctx, b);
                let (over, under) = (over?, under?);
                Ok(Fraction { over, under: Some(under) })
            }
            ast::Kind::Call(name, args) if name.text == "mean" => {
                let call = |text: &str| ast::Expr {
                    kind: ast::Kind::Call(
                        ast::Ident { text: text.to_owned(), range: name.range.clone() },
                        args.clone(),
                    ),
                    range: side.range.clone(),
                };
                let over = self.expr(ctx, &call("sum"))?;
                Ok(Fraction { over, under: Some(self.expr(ctx, &call("count"))?) })
            }
            _ => Ok(Fraction { over: self.expr(ctx, side)?, under: None }),
        }
    }

    /// A divisor whose sign is known; one that may be 0 without a guard is a warning.
    fn divisor(&mut self, ctx: &Ctx, b: &ast::Expr) -> Meaning {
        let under = self.expr(ctx, b)?;
        match lower_bound(self.model, &under) {
            Some(low) if low > Decimal::ZERO => Ok(under),
            Some(low) if !low.is_negative() => {
                self.beware_of_zero(b, &under);
                Ok(under)
            }
            _ if self.is_guarded(b) => Ok(under),
            _ => Err(self.report(&codes::DIVISOR_SIGN, &b.range, &[("divisor", b.to_string())])),
        }
    }

    /// Warns of a divisor that may be 0 where no condition excludes it.
    pub(super) fn beware_of_zero(&mut self, b: &ast::Expr, meant: &Expr) {
        let is_positive = lower_bound(self.model, meant).is_some_and(|low| low > Decimal::ZERO);
        if self.wary && !is_positive && !self.is_guarded(b) {
            self.report(&codes::DIVISOR_ZERO, &b.range, &[("divisor", strip(b).to_string())]);
        }
    }

    /// Whether a condition at hand says that an expression is not 0.
    fn is_guarded(&self, b: &ast::Expr) -> bool {
        let text = strip(b).to_string();
        self.given.iter().any(|(holds, e)| excludes_zero(e, *holds, &text))
    }
}

pub(super) fn is_quotient(side: &ast::Expr) -> bool {
    match &strip(side).kind {
        ast::Kind::Binary(op, ..) => *op == BinOp::Div,
        ast::Kind::Call(name, _) => name.text == "mean",
        _ => false,
    }
}

/// Whether a condition that holds (or does not) says that what is written `text` is not 0.
fn excludes_zero(e: &ast::Expr, holds: bool, text: &str) -> bool {
    match &e.kind {
        ast::Kind::Paren(x) => excludes_zero(x, holds, text),
        ast::Kind::Not(x) => excludes_zero(x, !holds, text),
        ast::Kind::Binary(BinOp::And, _, a, b) if holds => {
            excludes_zero(a, holds, text) || excludes_zero(b, holds, text)
        }
        ast::Kind::Binary(BinOp::Or, _, a, b) if !holds => {
            excludes_zero(a, holds, text) || excludes_zero(b, holds, text)
        }
        ast::Kind::Binary(op, _, a, b) => {
            let number = |e: &ast::Expr| match &strip(e).kind {
                ast::Kind::Num(n) => Decimal::parse(n),
                _ => None,
            };
            let is = |e: &ast::Expr| strip(e).to_string() == text;
            match (number(a), number(b)) {
                (None, Some(n)) if is(a) => compares_above(*op, n, holds),
                (Some(n), None) if is(b) => compares_above(turned(*op), n, holds),
                _ => false,
            }
        }
        _ => false,
    }
}

/// Whether `x op n` excludes x = 0.
fn compares_above(op: BinOp, n: Decimal, holds: bool) -> bool {
    match (op, holds) {
        (BinOp::Gt, true) | (BinOp::Le, false) => !n.is_negative(),
        (BinOp::Ge, true) | (BinOp::Lt, false) => n > Decimal::ZERO,
        (BinOp::Ne, true) | (BinOp::Eq, false) => n == Decimal::ZERO,
        _ => false,
    }
}

fn turned(op: BinOp) -> BinOp {
    match op {
        BinOp::Lt => BinOp::Gt,
        BinOp::Le => BinOp::Ge,
        BinOp::Gt => BinOp::Lt,
        BinOp::Ge => BinOp::Le,
        same => same,
    }
}

/// What a number cannot lie below, if that is known.
pub(super) fn lower_bound(model: &super::model::Model, e: &Expr) -> Option<Decimal> {
    match &e.kind {
        Kind::Const(Value::Num(n)) => Some(*n),
        Kind::Cell { cell, .. } => {
            let cell = model.cells.get(cell.ix())?;
            let counted = (cell.ty == crate::ir::Type::Count).then_some(Decimal::ZERO);
            cell.bounds.min.or(counted)
        }
        Kind::List(parts) => parts.iter().map(|p| lower_bound(model, &p.item)).min()?,
        Kind::Call(id, args) => {
            let of = |i: usize| args.get(i).and_then(|a| lower_bound(model, a));
            let positive = |n: &Decimal| !n.is_negative();
            match (id.row().key, id.row().role) {
                ("add_num", _) => of(0)?.checked_add(of(1)?),
                ("mul_num" | "convert", _) => of(0).filter(positive)?.checked_mul(of(1).filter(positive)?),
                ("abs" | "count", _) | (_, Role::Tally) => Some(Decimal::ZERO),
                (_, Role::Aggregate(Aggregate::Sum | Aggregate::Min | Aggregate::Max) | Role::OrZero) => {
                    of(0).filter(positive).map(|_| Decimal::ZERO)
                }
                _ => None,
            }
        }
        _ => None,
    }
}
