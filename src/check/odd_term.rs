//! A term of another row or column in an otherwise regular sum or series of sums: usually a copy that was not changed.

use super::terms::{comparisons, name, terms, written};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::Expr;
use crate::ir::{Cell, CellId, Instance, Rule, Survey};
use formwright_engine::func::Compare;
use std::collections::HashMap;

/// An equality of cells of fixed rows of one section.
struct Sum<'s> {
    rule: &'s Rule,
    /// Each cell, what it is and where it is written; those of the left side first.
    cells: Vec<(CellId, &'s Cell, &'s Expr)>,
    /// How many stand on the left side.
    left: usize,
}

/// An axis: where a cell lies on it, where on the other, and the cell at two such places.
struct Axis {
    along: fn(&Cell) -> &str,
    across: fn(&Cell) -> &str,
    at: fn(&Survey, &Cell, &str, &str) -> Option<CellId>,
}

fn row(cell: &Cell) -> &str {
    cell.row.as_deref().unwrap_or_default()
}

fn column(cell: &Cell) -> &str {
    &cell.id
}

const AXES: [Axis; 2] = [
    Axis { along: column, across: row, at: |s, near, c, r| find(s, near, r, c) },
    Axis { along: row, across: column, at: |s, near, r, c| find(s, near, r, c) },
];

fn find(survey: &Survey, near: &Cell, row: &str, column: &str) -> Option<CellId> {
    let is = |c: &Cell| {
        c.table == near.table && c.section == near.section && c.id == column && c.row.as_deref() == Some(row)
    };
    survey.cells.iter().position(is).and_then(|at| u32::try_from(at).ok()).map(CellId)
}

/// Reports the first such term of each rule.
pub fn check(survey: &Survey, problems: &mut Problems) {
    let all: Vec<Sum> = written(survey).flat_map(|rule| sums(survey, rule)).collect();
    let mut said = "";
    for axis in &AXES {
        let series = series(&all, axis);
        for sum in &all {
            if said != sum.rule.id
                && let Some((odd, meant)) = odd(survey, sum, axis, &series)
            {
                said = &sum.rule.id;
                let (id, _, at) = odd;
                let (found, meant) = (name(survey, id), name(survey, meant));
                let mut d = Diagnostic::new(&codes::ODD_TERM, sum.rule.at(&at.range)).arg("name", found);
                d.suggestions = vec![meant];
                problems.push(d);
            }
        }
    }
}

fn sums<'s>(survey: &'s Survey, rule: &'s Rule) -> Vec<Sum<'s>> {
    let conditions = rule.instances.iter().filter_map(Instance::condition);
    let equal = conditions.flat_map(comparisons).filter(|c| c.op == Compare::Eq);
    let sum = |c: super::terms::Comparison<'s>| {
        let (left, right) = (terms(c.left), terms(c.right));
        let cell = |t: &super::terms::Term<'s>| {
            let cell = t.cell().and_then(|id| Some((id, survey.cell(id)?)))?;
            cell.1.row.is_some().then_some((cell.0, cell.1, t.of))
        };
        let cells: Vec<_> = left.iter().chain(&right).map(cell).collect::<Option<_>>()?;
        let (_, first, _) = cells.first()?;
        let together = cells.iter().all(|(_, c, _)| (c.table, c.section) == (first.table, first.section));
        (cells.len() > 2 && together).then_some(Sum { rule, cells, left: left.len() })
    };
    equal.filter_map(sum).collect()
}

/// Of the sums that lie in one row (or column) each: how many have the same columns (or rows) in the same order.
fn series<'s>(all: &[Sum<'s>], axis: &Axis) -> HashMap<(Option<usize>, Vec<&'s str>), usize> {
    let mut found = HashMap::new();
    for sum in all {
        let mut along = sum.cells.iter().map(|(_, c, _)| (axis.along)(c));
        let first = along.next();
        if along.all(|a| Some(a) == first) {
            *found.entry(shape(sum, axis)).or_insert(0) += 1;
        }
    }
    found
}

fn shape<'s>(sum: &Sum<'s>, axis: &Axis) -> (Option<usize>, Vec<&'s str>) {
    let across = sum.cells.iter().map(|(_, c, _)| (axis.across)(c));
    (sum.cells.first().and_then(|c| c.1.table), across.collect())
}

/// The one cell that leaves the row (or column) of all others, and the cell that would not.
fn odd<'s>(
    survey: &Survey,
    sum: &Sum<'s>,
    axis: &Axis,
    series: &HashMap<(Option<usize>, Vec<&'s str>), usize>,
) -> Option<((CellId, &'s Cell, &'s Expr), CellId)> {
    let usual = usual(sum, axis)?;
    let mut others = sum.cells.iter().enumerate().filter(|(_, (_, c, _))| (axis.along)(c) != usual);
    let (at, odd) = others.next()?;
    let alone = if at < sum.left { sum.left == 1 } else { sum.cells.len() - sum.left == 1 };
    if others.next().is_some() || alone {
        return None;
    }
    let place = (axis.across)(odd.1);
    let repeated = sum.cells.iter().filter(|(_, c, _)| (axis.across)(c) == place).count() > 1;
    let in_series = series.get(&shape(sum, axis)).is_some_and(|n| *n > 1);
    let regular = sum.cells.len() > 3 || in_series;
    if repeated || !regular {
        return None;
    }
    Some((*odd, (axis.at)(survey, odd.1, usual, place)?))
}

/// Where more than half of the cells lie.
fn usual<'s>(sum: &Sum<'s>, axis: &Axis) -> Option<&'s str> {
    let count = |along: &str| sum.cells.iter().filter(|(_, c, _)| (axis.along)(c) == along).count();
    sum.cells.iter().map(|(_, c, _)| (axis.along)(c)).find(|along| count(along) * 2 > sum.cells.len())
}
