//! The state of one rule at one place, and the sides of the comparison that fails.

use super::eval::eval;
use super::view::{Frame, View};
use crate::ir::expr::{Expr, Kind};
use crate::ir::func::Role;
use crate::ir::{CellId, Fact, Instance, Origin};
use formwright_engine::Value;

/// What came of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It does not apply.
    NotApplicable,
    /// A blank or something that cannot be known leaves it open.
    Unknown,
}

/// The verdict of an instance whose check is a condition.
pub fn verdict(
    view: &View<'_>,
    frame: &Frame<'_>,
    origin: Origin,
    instance: &Instance,
    check: &Expr,
) -> Verdict {
    if let Some(when) = &instance.when {
        match eval(view, frame, when) {
            Value::Bool(true) => {}
            Value::Unknown => return Verdict::Unknown,
            _ => return Verdict::NotApplicable,
        }
    }
    if is_bound(origin)
        && instance.target.is_some_and(|cell| view.value(cell, frame, crate::ir::expr::Time::Now).is_blank())
    {
        return Verdict::NotApplicable;
    }
    match eval(view, frame, check) {
        Value::Bool(true) => Verdict::Pass,
        Value::Bool(false) => Verdict::Fail,
        _ => Verdict::Unknown,
    }
}

/// Whether it is a bound of a value, which says nothing about a blank.
fn is_bound(origin: Origin) -> bool {
    use Fact::{Max, MaxChoices, MaxLength, Min, MinChoices, MinLength, Pattern};
    matches!(origin, Origin::Fact(Min | Max | MinLength | MaxLength | Pattern | MinChoices | MaxChoices))
}

/// A comparison that fails.
#[derive(Debug, Clone, Copy)]
pub struct Failing<'e> {
    /// The whole comparison.
    pub whole: &'e Expr,
    /// What it does.
    pub role: Role,
    /// Its left side.
    pub left: &'e Expr,
    /// Its right side.
    pub right: &'e Expr,
    /// What it allows.
    pub tolerance: Option<&'e Expr>,
}

/// The comparisons that make a condition fail: each failing one of a conjunction. Empty where it fails otherwise.
pub fn failing<'e>(view: &View<'_>, frame: &Frame<'_>, check: &'e Expr) -> Vec<Failing<'e>> {
    let mut out = Vec::new();
    collect(view, frame, check, 0, &mut out);
    out
}

/// As deep as expressions may be (64 levels in source, a little more after expansion).
fn collect<'e>(view: &View<'_>, frame: &Frame<'_>, e: &'e Expr, depth: usize, out: &mut Vec<Failing<'e>>) {
    if depth > 200 || eval(view, frame, e) != Value::Bool(false) {
        return;
    }
    match &e.kind {
        Kind::Call(id, args) => match (id.row().role, args.as_slice()) {
            (Role::And, parts) => parts.iter().for_each(|p| collect(view, frame, p, depth + 1, out)),
            (role @ (Role::Compare(_) | Role::Near | Role::Meets), [left, right, rest @ ..]) => {
                out.push(Failing { whole: e, role, left, right, tolerance: rest.first() });
            }
            (Role::Between, [value, low, high]) => {
                let below = less(&eval(view, frame, value), &eval(view, frame, low));
                out.push(Failing {
                    whole: e,
                    role: Role::Between,
                    left: value,
                    right: if below { low } else { high },
                    tolerance: None,
                });
            }
            _ => {}
        },
        Kind::If(three) => {
            let [condition, then, otherwise] = three.as_ref();
            let holds = eval(view, frame, condition) == Value::Bool(true);
            collect(view, frame, if holds { then } else { otherwise }, depth + 1, out);
        }
        _ => {}
    }
}

fn less(left: &Value, right: &Value) -> bool {
    formwright_engine::func::lt(left, right) == Value::Bool(true)
}

/// The cell an expression is, if it is one.
pub fn single_cell(e: &Expr) -> Option<CellId> {
    match &e.kind {
        Kind::Cell { cell, .. } => Some(*cell),
        Kind::Call(id, args) if id.row().role == Role::OrZero => args.first().and_then(single_cell_leaf),
        _ => None,
    }
}

fn single_cell_leaf(e: &Expr) -> Option<CellId> {
    if let Kind::Cell { cell, .. } = e.kind { Some(cell) } else { None }
}

/// Whether an origin is that fact.
pub fn is_fact(origin: Origin, fact: Fact) -> bool {
    origin == Origin::Fact(fact)
}
