//! Operators at one place: comparisons with their tolerance, sums whose —— terms drop out, tests, conditions.

use super::expr::{Meaning, Resolver, Stop, Tolerance, by_key, constant, literal};
use super::quotients::is_quotient;
use super::scope::Ctx;
use crate::diag::codes;
use crate::ir::expr::{Expr, Kind, Ty};
use crate::ir::func::Role;
use crate::parse::expr as ast;
use ast::BinOp;
use formwright_engine::{Decimal, Value};
use std::ops::Range;

impl Resolver<'_> {
    pub(super) fn binary(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: BinOp,
        at: &Range<usize>,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Meaning {
        if let Some(null) = self.null_test(ctx, e, op, l, r) {
            return null;
        }
        match op {
            BinOp::Add | BinOp::Sub => self.sum_or_difference(ctx, e, op, l, r),
            BinOp::Div => Err(self.bare_division(e, at)),
            BinOp::And | BinOp::Or => self.connective(ctx, e, op, l, r),
            BinOp::Mul => {
                let (l, r) = self.pair(ctx, l, r)?;
                self.typed(op.sign(), vec![l, r], &e.range)
            }
            _ => match self.quotients(ctx, e, op, l, r) {
                Some(product) => product,
                None => self.compared(ctx, e, op, l, r),
            },
        }
    }

    /// A comparison of two written sides.
    fn compared(&mut self, ctx: &Ctx, e: &ast::Expr, op: BinOp, l: &ast::Expr, r: &ast::Expr) -> Meaning {
        let (left, right) = self.pair(ctx, l, r)?;
        let equality = matches!(op, BinOp::Eq | BinOp::Ne);
        if equality && let Some(stop) = self.empty_text(e, op, (l, &left), (r, &right)) {
            return Err(stop);
        }
        if equality && let Some(stop) = self.yes_no_text(e, op, (l, &left), (r, &right)) {
            return Err(stop);
        }
        let conditions = left.ty == Ty::Bool && right.ty == Ty::Bool;
        if equality && conditions && (is_bare_condition(l) || is_bare_condition(r)) {
            if let Some(fixed) = without_truth(op, l, r) {
                return Err(self.rewritten(&codes::BARE_CONDITION, &e.range, fixed));
            }
            let side = |e: &ast::Expr| if is_bare_condition(e) { format!("({e})") } else { e.to_string() };
            let fixed = format!("{} {} {}", side(l), op.sign(), side(r));
            return Err(self.rewritten(&codes::BARE_CONDITION, &e.range, fixed));
        }
        self.comparison(op, left, right, &e.range)
    }

    /// `x = ""`: an empty text is blank.
    fn empty_text(
        &mut self,
        e: &ast::Expr,
        op: BinOp,
        l: (&ast::Expr, &Expr),
        r: (&ast::Expr, &Expr),
    ) -> Option<Stop> {
        let empty = |e: &Expr| matches!(&e.kind, Kind::Const(Value::Text(t)) if t.trim().is_empty());
        let other = match (empty(l.1), empty(r.1)) {
            (true, false) => r.0,
            (false, true) => l.0,
            _ => return None,
        };
        let name = if op == BinOp::Eq { "blank" } else { "filled" };
        Some(self.rewritten(&codes::EMPTY_TEXT, &e.range, format!("{name}({})", strip(other))))
    }

    /// `opened = "yes"`: a field answered by yes or no is a condition itself.
    fn yes_no_text(
        &mut self,
        e: &ast::Expr,
        op: BinOp,
        l: (&ast::Expr, &Expr),
        r: (&ast::Expr, &Expr),
    ) -> Option<Stop> {
        let (other, text) = match (&l.1.kind, &r.1.kind) {
            (_, Kind::Const(Value::Text(text))) if l.1.ty == Ty::Bool => (l.0, text),
            (Kind::Const(Value::Text(text)), _) if r.1.ty == Ty::Bool => (r.0, text),
            _ => return None,
        };
        let yes = strip(other).to_string();
        let no = format!("not({yes})");
        let at = (self.locate)(e.range.clone());
        let mut d = crate::diag::Diagnostic::new(&codes::YES_NO_TEXT, at).arg("yes", &yes).arg("no", &no);
        let said = match text.trim().to_lowercase().as_str() {
            "yes" | "y" | "true" | "是" => Some(true),
            "no" | "n" | "false" | "否" => Some(false),
            _ => None,
        };
        if let Some(said) = said {
            d = d.fix(at, if said == (op == BinOp::Eq) { yes } else { no });
        }
        self.problems.push(d);
        Some(Stop::Wrong)
    }

    /// `and`, `or`: a comparison of conditions beside them is bracketed, so that nobody reads it otherwise.
    fn connective(&mut self, ctx: &Ctx, e: &ast::Expr, op: BinOp, l: &ast::Expr, r: &ast::Expr) -> Meaning {
        let left = self.operand(ctx, op, l);
        if left == Err(Stop::NotApplicable) {
            return left;
        }
        let given = self.given.len();
        self.given.push((op == BinOp::And, l.clone()));
        let right = self.operand(ctx, op, r);
        self.given.truncate(given);
        let (left, right) = (left?, right?);
        for (side, found, other) in [(r, &right, l), (l, &left, r)] {
            if let ast::Kind::Binary(BinOp::Eq | BinOp::Ne, ..) = side.kind
                && compares_conditions(found)
            {
                let fixed = if std::ptr::eq(side, r) {
                    format!("{other} {} ({side})", op.sign())
                } else {
                    format!("({side}) {} {other}", op.sign())
                };
                return Err(self.rewritten(&codes::PRECEDENCE, &e.range, fixed));
            }
        }
        self.typed(op.sign(), vec![left, right], &e.range)
    }

    /// One side of `and` or `or`; a lone value there is often meant as a further choice.
    fn operand(&mut self, ctx: &Ctx, op: BinOp, e: &ast::Expr) -> Meaning {
        let found = self.expr(ctx, e)?;
        if matches!(found.ty, Ty::Bool | Ty::Any | Ty::Null) {
            return Ok(found);
        }
        let at = &e.range;
        Err(self.report(&codes::LONE_VALUE, at, &[("sign", op.sign().to_owned()), ("value", e.to_string())]))
    }

    /// Reports a problem that another spelling mends.
    pub(super) fn rewritten(
        &mut self,
        code: &'static crate::diag::Code,
        range: &Range<usize>,
        fixed: String,
    ) -> Stop {
        let at = (self.locate)(range.clone());
        let d = crate::diag::Diagnostic::new(code, at).arg("fixed", &fixed).fix(at, fixed);
        self.problems.push(d);
        Stop::Wrong
    }

    /// A comparison, with the rule's tolerance where it compares numbers.
    pub fn comparison(&mut self, op: BinOp, l: Expr, r: Expr, range: &Range<usize>) -> Meaning {
        let tolerance = self.tolerance_of(&l, &r, range);
        self.within(op, l, r, tolerance, range)
    }

    /// The tolerance between two numbers.
    pub(super) fn tolerance_of(&self, l: &Expr, r: &Expr, range: &Range<usize>) -> Option<Expr> {
        let numeric = matches!(l.ty, Ty::Num { .. }) && matches!(r.ty, Ty::Num { .. });
        self.tolerance.as_ref().filter(|_| numeric).map(|t| tolerance_expr(t, l, r, range))
    }

    /// A comparison within a tolerance.
    pub(super) fn within(
        &mut self,
        op: BinOp,
        l: Expr,
        r: Expr,
        tolerance: Option<Expr>,
        range: &Range<usize>,
    ) -> Meaning {
        let Some(tolerance) = tolerance else { return self.typed(op.sign(), vec![l, r], range) };
        self.typed(op.sign(), vec![l.clone(), r.clone()], range)?;
        let key = match op {
            BinOp::Eq => "eq_tol",
            BinOp::Ne => "ne_tol",
            BinOp::Lt => "lt_tol",
            BinOp::Le => "le_tol",
            BinOp::Gt => "gt_tol",
            _ => "ge_tol",
        };
        Ok(Expr { range: range.clone(), ..by_key(key, vec![l, r, tolerance], Ty::Bool) })
    }

    fn null_test(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        op: BinOp,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Option<Meaning> {
        let name = match op {
            BinOp::Eq => "blank",
            BinOp::Ne => "filled",
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
        op: BinOp,
        l: &ast::Expr,
        r: &ast::Expr,
    ) -> Meaning {
        let (left, right) = (self.expr(ctx, l), self.expr(ctx, r));
        match (&left, &right) {
            (Ok(_), Err(Stop::NotApplicable)) => self.lose(r),
            (Err(Stop::NotApplicable), Ok(_)) => self.lose(l),
            _ => {}
        }
        match (left, right) {
            (Ok(l), Ok(r)) => self.typed(op.sign(), vec![l, r], &e.range),
            (Ok(l), Err(Stop::NotApplicable)) => Ok(l),
            (Err(Stop::NotApplicable), Ok(r)) if op == BinOp::Sub => self.typed("-", vec![r], &e.range),
            (Err(Stop::NotApplicable), Ok(r)) => Ok(r),
            (Err(Stop::Wrong), _) | (_, Err(Stop::Wrong)) => Err(Stop::Wrong),
            _ => Err(Stop::NotApplicable),
        }
    }

    /// Notes the terms of a side that has no cell at all.
    fn lose(&mut self, side: &ast::Expr) {
        match &strip(side).kind {
            ast::Kind::Binary(BinOp::Add | BinOp::Sub, _, l, r) => {
                self.lose(l);
                self.lose(r);
            }
            _ => self.lost.push(side.to_string()),
        }
    }

    pub(super) fn between(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        x: &ast::Expr,
        low: &ast::Expr,
        high: &ast::Expr,
    ) -> Meaning {
        if [x, low, high].into_iter().any(is_quotient) {
            return self.between_quotients(ctx, e, [x, low, high]);
        }
        let [x, low, high] =
            <[Expr; 3]>::try_from(self.all(ctx, [x, low, high])?).map_err(|_| Stop::Wrong)?;
        self.inside(&x, (low, true), (high, true), &e.range)
    }

    /// `x between a and b` with a quotient in it: the two inequalities.
    fn between_quotients(&mut self, ctx: &Ctx, e: &ast::Expr, parts: [&ast::Expr; 3]) -> Meaning {
        let [x, low, high] = parts;
        let mut side = |op, bound| match self.quotients(ctx, e, op, x, bound) {
            Some(product) => product,
            None => self.compared(ctx, e, op, x, bound),
        };
        let low = side(BinOp::Ge, low);
        if low == Err(Stop::NotApplicable) {
            return low;
        }
        let high = side(BinOp::Le, high);
        self.typed("and", vec![low?, high?], &e.range)
    }

    /// Both ends of a range, each a comparison of its own.
    fn inside(
        &mut self,
        x: &Expr,
        (low, with_low): (Expr, bool),
        (high, with_high): (Expr, bool),
        range: &Range<usize>,
    ) -> Meaning {
        let low = self.comparison(if with_low { BinOp::Ge } else { BinOp::Gt }, x.clone(), low, range)?;
        let high = self.comparison(if with_high { BinOp::Le } else { BinOp::Lt }, x.clone(), high, range)?;
        self.typed("and", vec![low, high], range)
    }

    pub(super) fn membership(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        x: &ast::Expr,
        tests: &[ast::Test],
    ) -> Meaning {
        let x = self.expr(ctx, x);
        if x == Err(Stop::Wrong) {
            tests.iter().for_each(|t| t.each_side(&mut |side| drop(self.expr(ctx, side))));
        }
        let x = x?;
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
                self.comparison(*op, x.clone(), right, range)
            }
            ast::Test::Range { lo, lo_closed, hi, hi_closed } => {
                let (lo, hi) = self.pair(ctx, lo, hi)?;
                self.inside(x, (lo, *lo_closed), (hi, *hi_closed), range)
            }
            ast::Test::Value(right) => {
                let right = self.expr(ctx, right)?;
                let one_code = matches!((&right.ty, &right.kind), (Ty::Code(_), Kind::Cell { .. }));
                if one_code || matches!(right.ty, Ty::List(_) | Ty::Codes(_)) {
                    return self.typed("in", vec![x.clone(), right], range);
                }
                self.comparison(BinOp::Eq, x.clone(), right, range)
            }
        }
    }
}

/// Without its brackets.
pub(super) fn strip(e: &ast::Expr) -> &ast::Expr {
    match &e.kind {
        ast::Kind::Paren(inner) => strip(inner),
        _ => e,
    }
}

/// A condition that is no single name, and has no brackets around it.
fn is_bare_condition(e: &ast::Expr) -> bool {
    !matches!(e.kind, ast::Kind::Name(_) | ast::Kind::Path(..) | ast::Kind::Paren(_) | ast::Kind::Bool(_))
}

/// `unique(x) = true` is `unique(x)`.
fn without_truth(op: BinOp, l: &ast::Expr, r: &ast::Expr) -> Option<String> {
    let (condition, truth) = match (&l.kind, &r.kind) {
        (_, ast::Kind::Bool(truth)) => (l, *truth),
        (ast::Kind::Bool(truth), _) => (r, *truth),
        _ => return None,
    };
    let condition = strip(condition);
    Some(if truth == (op == BinOp::Eq) { condition.to_string() } else { format!("not({condition})") })
}

/// Whether an expression compares two conditions.
fn compares_conditions(e: &Expr) -> bool {
    match &e.kind {
        Kind::Call(id, args) => {
            matches!(id.row().role, Role::Compare(_)) && args.iter().all(|a| a.ty == Ty::Bool)
        }
        _ => false,
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
