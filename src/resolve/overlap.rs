//! What a sum takes twice: overlapping selectors, a total among its rows, a whole among its parts.

use super::expr::{Resolver, Stop};
use super::model::{At, Model, SecIx};
use crate::diag::codes;
use crate::ir::CellId;
use crate::ir::expr::{Kind, Part};
use std::ops::Range;

impl Resolver<'_> {
    /// Refuses what an aggregate would take twice.
    pub(super) fn once(&mut self, name: &str, parts: &[Part], range: &Range<usize>) -> Result<(), Stop> {
        let cells: Vec<(CellId, u8)> = parts.iter().filter_map(direct).collect();
        let mut twice: Vec<CellId> = Vec::new();
        for (i, cell) in cells.iter().enumerate() {
            if cells.iter().take(i).any(|c| c == cell) && !twice.contains(&cell.0) {
                twice.push(cell.0);
            }
        }
        if !twice.is_empty() {
            let ids = self.ids(&twice);
            return Err(self.report(&codes::COUNTED_TWICE, range, &[("ids", ids)]));
        }
        if name == "count" {
            return Ok(());
        }
        let all: Vec<CellId> = cells.iter().map(|c| c.0).collect();
        for whole in &all {
            let under: Vec<CellId> =
                all.iter().copied().filter(|c| is_part(self.model, *whole, *c)).collect();
            if !under.is_empty() {
                let args = [("total", self.ids(&[*whole])), ("ids", self.ids(&under))];
                return Err(self.report(&codes::TOTAL_AMONG_PARTS, range, &args));
            }
        }
        Ok(())
    }

    pub(super) fn ids(&self, cells: &[CellId]) -> String {
        let id = |c: &CellId| {
            let cell = self.model.cells.get(c.ix())?;
            Some(match &cell.row {
                Some(row) => format!("{row}.{}", cell.id),
                None => cell.id.clone(),
            })
        };
        let all: Vec<String> = cells.iter().filter_map(id).map(|id| format!("`{id}`")).collect();
        all.join(", ")
    }
}

/// The cell of a part that is one, with its scope.
fn direct(part: &Part) -> Option<(CellId, u8)> {
    match &part.item.kind {
        Kind::Cell { cell, scope, .. } => Some((*cell, *scope)),
        Kind::List(parts) => parts.first().and_then(direct),
        _ => None,
    }
}

/// Row and column of a cell of a grid.
fn position(model: &Model, cell: CellId) -> Option<(SecIx, usize, usize)> {
    let table = model.cells.get(cell.ix())?.table;
    let mut sections = model.sections.iter().enumerate().filter(|(_, s)| s.table == table);
    sections.find_map(|(ix, s)| {
        s.rows.iter().enumerate().find_map(|(r, row)| {
            let column = row.cells.iter().position(|at| *at == At::Cell(cell))?;
            Some((ix, r, column))
        })
    })
}

/// Whether one cell is part of another: of a total of rows, a row above others, a whole over columns.
fn is_part(model: &Model, whole: CellId, part: CellId) -> bool {
    if whole == part {
        return false;
    }
    let (Some((s, r, c)), Some((t, q, d))) = (position(model, whole), position(model, part)) else {
        return false;
    };
    let Some(section) = model.sec(s).filter(|_| s == t) else { return false };
    let (Some(row), Some(other)) = (section.rows.get(r), section.rows.get(q)) else { return false };
    if c == d && r != q {
        let below = section.branch(&row.id).is_some_and(|b| b.rows.contains(&q));
        return below || (row.total && !other.total && q < r);
    }
    let holds = |g: &super::model::GroupModel| g.own == Some(c) && g.columns.contains(&d);
    r == q && section.groups.iter().any(holds)
}
