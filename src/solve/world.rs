//! A small return made of the cells a rule reads, as the evaluator sees it.

use crate::expr::eval::{Data, eval};
use crate::expr::verdict::{Verdict, verdict};
use crate::ir::expr::{Expr, Time};
use crate::ir::{BlockId, Cell, CellId, Instance, Source, Survey};
use formwright_engine::Value;
use std::collections::BTreeMap;
use std::ops::ControlFlow;

/// A place of a small return: a cell, the return, the number of the row.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Slot {
    /// The cell.
    pub cell: CellId,
    /// The previous return it is of, if any.
    pub previous: Option<u8>,
    /// The row of its block; 0 outside blocks.
    pub row: usize,
}

/// The filled places of a small return; all others are blank.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Witness {
    /// Values by place.
    pub values: BTreeMap<Slot, Value>,
}

/// Most rows of a block.
const ROWS: usize = 2;

/// Calculated cells that are followed within each other.
const DEPTH: u8 = 30;

/// The evaluator's sight of a witness.
struct Sight<'a> {
    survey: &'a Survey,
    witness: &'a Witness,
    /// The block of the row at hand.
    home: Option<BlockId>,
    base: usize,
    inner: Vec<usize>,
    depth: u8,
}

impl Sight<'_> {
    fn row(&self, cell: &Cell, scope: u8) -> usize {
        match (cell.home.block, scope) {
            (None, _) => 0,
            (_, 0) => self.base,
            (_, n) => self.inner.get(usize::from(n) - 1).copied().unwrap_or(self.base),
        }
    }

    /// Rows without a value are none, as in a return; the row at hand is there.
    fn is_there(&self, block: BlockId, row: usize) -> bool {
        if self.home == Some(block) && row == self.base {
            return true;
        }
        let is_in = |slot: &Slot| {
            slot.row == row
                && slot.previous.is_none()
                && self.survey.cell(slot.cell).is_some_and(|c| c.home.block == Some(block))
        };
        self.witness.values.keys().any(is_in)
    }
}

impl Data for Sight<'_> {
    fn cell(&self, id: CellId, scope: u8, time: Time) -> Value {
        let Some(cell) = self.survey.cell(id) else { return Value::Unknown };
        let row = self.row(cell, scope);
        match (&cell.source, time) {
            (Source::Constant(value), _) => value.clone(),
            (Source::Calculated(by), Time::Now) if self.depth < DEPTH => {
                let home = cell.home.block;
                let depth = self.depth + 1;
                let mut sight = Sight { home, base: row, inner: Vec::new(), depth, ..*self };
                eval(by, &mut sight, &mut Vec::new())
            }
            _ => {
                let previous = if let Time::Previous(at) = time { Some(at) } else { None };
                self.witness.values.get(&Slot { cell: id, previous, row }).cloned().unwrap_or_default()
            }
        }
    }

    fn each(&mut self, block: BlockId, scope: u8, f: &mut dyn FnMut(&mut Self) -> ControlFlow<()>) {
        let depth = usize::from(scope).saturating_sub(1);
        for row in 0..ROWS {
            if !self.is_there(block, row) {
                continue;
            }
            self.inner.truncate(depth);
            self.inner.resize(depth, self.base);
            self.inner.push(row);
            if f(self).is_break() {
                break;
            }
        }
        self.inner.truncate(depth);
    }
}

/// What comes of an instance whose check is a condition; `None` for other checks.
pub fn judged(survey: &Survey, instance: &Instance, witness: &Witness) -> Option<Verdict> {
    let check = instance.condition()?;
    let mut sight = Sight { survey, witness, home: instance.home, base: 0, inner: Vec::new(), depth: 0 };
    Some(verdict(instance.when.as_ref(), check, &mut sight))
}

/// The places that can be filled and that conditions read, also through calculated cells; those of rows that repeat once
/// for each of `rows` rows.
pub fn places<'s>(
    survey: &'s Survey,
    conditions: impl IntoIterator<Item = &'s Expr>,
    rows: usize,
) -> Vec<Slot> {
    let mut found = Vec::new();
    let mut open: Vec<&Expr> = conditions.into_iter().collect();
    let mut followed = Vec::new();
    while let Some(e) = open.pop() {
        e.walk(&mut |e| {
            let crate::ir::expr::Kind::Cell { cell: id, time, .. } = e.kind else { return };
            let Some(cell) = survey.cell(id) else { return };
            match (&cell.source, time) {
                (Source::Constant(_), _) => {}
                (Source::Calculated(by), Time::Now) => {
                    if !followed.contains(&id) {
                        followed.push(id);
                        open.push(by);
                    }
                }
                _ => {
                    let previous = if let Time::Previous(at) = time { Some(at) } else { None };
                    for row in 0..if cell.home.block.is_some() { rows } else { 1 } {
                        let slot = Slot { cell: id, previous, row };
                        if !found.contains(&slot) {
                            found.push(slot);
                        }
                    }
                }
            }
        });
    }
    found
}
