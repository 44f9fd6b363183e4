//! Calculated cells: computed in an order in which each stands behind what it reads.

use super::eval::eval;
use super::message::MOST_PLACES;
use super::view::{Frame, View};
use crate::data::{Earlier, Layout, Record, Records};
use crate::ir::cell::Source;
use crate::ir::expr::Expr;
use crate::ir::{BlockId, Cell, CellId, Root, Survey};
use formwright_engine::Value;

/// A calculated cell that was delivered with another value.
#[derive(Debug, Clone, PartialEq)]
pub struct Disagreement {
    /// The cell.
    pub cell: CellId,
    /// The indexes of the rows it is in.
    pub rows: Vec<usize>,
    /// The value as delivered.
    pub delivered: Value,
    /// The value as calculated.
    pub calculated: Value,
}

impl Disagreement {
    /// The places that the cell is calculated from.
    pub fn reads(&self, view: &View<'_>) -> Vec<String> {
        let Some(cell) = view.survey.cell(self.cell) else { return Vec::new() };
        let Source::Calculated(formula) = &cell.source else { return Vec::new() };
        let frame = view.frame_of(cell.home.block, &self.rows);
        let mut left = MOST_PLACES;
        let mut out = Vec::new();
        for read in formula.cells() {
            let places = view.places(read, &frame, left);
            left -= places.len();
            out.extend(places.into_iter().map(|(pointer, _)| pointer));
        }
        out
    }

    /// The JSON pointer of the cell.
    pub fn pointer(&self, view: &View<'_>) -> Option<String> {
        let cell = view.survey.cell(self.cell)?;
        Some(view.layout.pointer(cell, &self.rows))
    }
}

/// Computes the calculated cells of a return in place; the ones delivered otherwise are answered.
///
/// A cell that was delivered unreadable keeps its raw text; rules read the calculated value.
pub fn calculate(
    survey: &Survey,
    layout: &Layout,
    records: &mut Records,
    context: Option<&Records>,
    previous: &[Option<&Earlier>],
) -> Vec<Disagreement> {
    let mut found = Vec::new();
    for id in &survey.calculation_order {
        let Some(cell) = survey.cell(*id).filter(|cell| cell.home.root == Root::Return) else { continue };
        let Source::Calculated(expr) = &cell.source else { continue };
        let values = {
            let context = context.map(|c| &c.top);
            let view = View { survey, layout, now: &records.top, context, previous };
            compute(&view, cell, expr)
        };
        let chain = layout.chain(cell.home.block);
        for (rows, calculated) in values {
            store(survey, chain, records, *id, cell, rows, calculated, &mut found);
        }
    }
    found
}

fn compute(view: &View<'_>, cell: &Cell, expr: &Expr) -> Vec<(Vec<usize>, Value)> {
    let root = Frame::default();
    let fit = |value: Value| match value {
        Value::Num(number) => Value::Num(number.with_scale(cell.scale).unwrap_or(number)),
        other => other,
    };
    let Some(block) = cell.home.block else { return vec![(Vec::new(), fit(eval(view, &root, expr)))] };
    let mut out = Vec::new();
    view.each_row(block, &root, &mut |frame| {
        out.push((view.indexes(&frame, Some(block)), fit(eval(view, &frame, expr))));
    });
    out
}

#[expect(clippy::too_many_arguments, reason = "the parts of one place")]
fn store(
    survey: &Survey,
    chain: &[BlockId],
    records: &mut Records,
    id: CellId,
    cell: &Cell,
    rows: Vec<usize>,
    calculated: Value,
    found: &mut Vec<Disagreement>,
) {
    let Some(record) = row_mut(survey, chain, &mut records.top, &rows) else { return };
    let slot = cell.home.slot;
    let delivered = record.value(slot).clone();
    let was_given = !delivered.is_blank() && record.raw(slot).is_none();
    if was_given && differs(&delivered, &calculated) {
        found.push(Disagreement { cell: id, rows, delivered, calculated: calculated.clone() });
    }
    record.set(slot, calculated);
}

/// What cannot be calculated because something is unknown is not held against the delivered value.
fn differs(delivered: &Value, calculated: &Value) -> bool {
    !calculated.is_unknown() && delivered != calculated
}

fn row_mut<'a>(
    survey: &Survey,
    chain: &[BlockId],
    top: &'a mut Record,
    rows: &[usize],
) -> Option<&'a mut Record> {
    chain.iter().zip(rows).try_fold(top, |record, (block, index)| {
        record.blocks.get_mut(survey.block(*block)?.index as usize)?.get_mut(*index)
    })
}
