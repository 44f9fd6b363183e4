//! Comparisons and sums as the checks of rules see them: what must hold, and what is added on each side.

use crate::ir::expr::{Expr, Kind, Part, Time};
use crate::ir::func::{Aggregate, Role};
use crate::ir::{CellId, Origin, Rule, Survey};
use formwright_engine::func::Compare;

/// A comparison that must hold wherever its condition does.
#[derive(Debug, Clone, Copy)]
pub struct Comparison<'e> {
    /// What it asks.
    pub op: Compare,
    /// Its sign in the source.
    pub sign: &'static str,
    /// Its left side.
    pub left: &'e Expr,
    /// Its right side.
    pub right: &'e Expr,
}

/// What is added on a side of a comparison, or taken off.
#[derive(Debug, Clone, Copy)]
pub struct Term<'e> {
    /// Whether it is taken off.
    pub taken_off: bool,
    /// The summand.
    pub of: &'e Expr,
}

impl Term<'_> {
    /// The cell of the row at hand and of this return that it is.
    pub fn cell(&self) -> Option<CellId> {
        cell(self.of)
    }
}

/// The rules written under `rules` that run.
pub fn written(survey: &Survey) -> impl Iterator<Item = &Rule> {
    survey.rules.iter().filter(|r| r.origin == Origin::Rule && !r.withdrawn)
}

/// The comparisons without tolerance that a condition is made of by `and`, in order.
pub fn comparisons(condition: &Expr) -> Vec<Comparison<'_>> {
    let mut found = Vec::new();
    let mut open = vec![condition];
    while let Some(e) = open.pop() {
        let Kind::Call(id, args) = &e.kind else { continue };
        match (id.row().role, args.as_slice()) {
            (Role::And, parts) => open.extend(parts.iter().rev()),
            (Role::Compare(op), [left, right]) => {
                found.push(Comparison { op, sign: id.row().name, left, right });
            }
            _ => {}
        }
    }
    found
}

/// What is added and taken off on a side, in order; a side that is no sum is one term.
pub fn terms(side: &Expr) -> Vec<Term<'_>> {
    let mut found = Vec::new();
    let mut open = vec![Term { taken_off: false, of: side }];
    while let Some(Term { taken_off, of }) = open.pop() {
        match split(of) {
            Some(parts) => open
                .extend(parts.into_iter().rev().map(|(less, of)| Term { taken_off: taken_off != less, of })),
            None => found.push(Term { taken_off, of }),
        }
    }
    found
}

/// The terms of a sum or difference with whether each is taken off; `None` for anything else.
fn split(e: &Expr) -> Option<Vec<(bool, &Expr)>> {
    let Kind::Call(id, args) = &e.kind else { return None };
    match (id.row().key, id.row().role, args.as_slice()) {
        ("add_num", _, [a, b]) => Some(vec![(false, a), (false, b)]),
        ("sub_num", _, [a, b]) => Some(vec![(false, a), (true, b)]),
        (_, Role::OrZero, [a, ..]) => Some(vec![(false, a)]),
        (_, Role::Aggregate(Aggregate::Sum), [Expr { kind: Kind::List(parts), .. }]) => {
            let single = |p: &Part| p.each.is_none() && p.filter.is_none();
            parts.iter().all(single).then(|| parts.iter().map(|p| (false, &p.item)).collect())
        }
        _ => None,
    }
}

/// The cell of the row at hand and of this return that an expression is.
pub fn cell(e: &Expr) -> Option<CellId> {
    match e.kind {
        Kind::Cell { cell, scope: 0, time: Time::Now } => Some(cell),
        _ => None,
    }
}

/// What a designer calls a cell: `row.column`, or its field or column.
pub fn name(survey: &Survey, cell: CellId) -> String {
    match survey.cell(cell).map(|c| (c.row.as_deref(), c.id.as_str())) {
        Some((Some(row), column)) if row != column => format!("{row}.{column}"),
        Some((_, id)) => id.to_owned(),
        None => String::new(),
    }
}

/// Names in a list, each once.
pub fn names(survey: &Survey, cells: impl IntoIterator<Item = CellId>) -> String {
    let mut all: Vec<String> = Vec::new();
    for name in cells.into_iter().map(|c| name(survey, c)) {
        if !all.contains(&name) {
            all.push(name);
        }
    }
    all.join(", ")
}
