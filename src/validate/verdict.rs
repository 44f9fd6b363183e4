//! The state of one rule at one place, and the sides of the comparison that fails.

use super::view::{Frame, View};
use crate::expr::failing::Comparison;
pub use crate::expr::verdict::Verdict;
use crate::ir::expr::{Expr, Kind};
use crate::ir::func::Role;
use crate::ir::{CellId, Fact, Instance, Origin};

/// The verdict of an instance whose check is a condition.
pub fn verdict(
    view: &View<'_>,
    frame: &Frame<'_>,
    origin: Origin,
    instance: &Instance,
    check: &Expr,
) -> Verdict {
    if is_bound(origin)
        && instance.target.is_some_and(|cell| view.value(cell, frame, crate::ir::expr::Time::Now).is_blank())
    {
        return Verdict::NotApplicable;
    }
    super::eval::verdict(view, frame, instance.when.as_ref(), check)
}

/// Whether it is a bound of a value, which says nothing about a blank.
fn is_bound(origin: Origin) -> bool {
    use Fact::{Max, MaxChoices, MaxLength, Min, MinChoices, MinLength, Pattern};
    matches!(origin, Origin::Fact(Min | Max | MinLength | MaxLength | Pattern | MinChoices | MaxChoices))
}

/// A comparison that fails.
#[derive(Debug, Clone)]
pub struct Failing<'e, 'a> {
    /// The comparison and what its sides are worth.
    pub comparison: Comparison<'e>,
    /// Where it stands in an `every` over repeated rows: the first row that fails.
    pub row: Option<Frame<'a>>,
    /// How many further rows of the `every` fail.
    pub more: usize,
}

/// The comparisons that make a condition fail: each failing one of a conjunction, of an `every` those of the first row.
/// Empty where it fails otherwise.
pub fn failing<'e, 'a>(view: &View<'a>, frame: &Frame<'a>, check: &'e Expr) -> Vec<Failing<'e, 'a>> {
    let mut out: Vec<Failing> = Vec::new();
    let mut last = None;
    super::eval::failing(view, frame, check, &mut |comparison, row| {
        let (over, at) = (comparison.within.map(|w| w.0), comparison.within.map(|w| w.1));
        let same = |f: &&mut Failing| match (over, f.comparison.within) {
            (Some(a), Some((b, _))) => std::ptr::eq(a, b),
            _ => false,
        };
        match out.iter_mut().find(same) {
            Some(first) if first.comparison.within.map(|w| w.1) != at => {
                first.more += usize::from(last != at);
            }
            _ => out.push(Failing { comparison, row, more: 0 }),
        }
        last = at;
    });
    out
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
