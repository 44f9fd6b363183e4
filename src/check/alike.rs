//! Columns and fields of one section that messages and notes would speak of alike.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::table::Slot;
use crate::ir::{Cell, CellId, Row, Section, Survey};
use std::collections::HashMap;

/// Reports each that reads like one before it, in the survey's first language.
pub fn check(survey: &Survey, problems: &mut Problems) {
    for section in survey.tables.iter().flat_map(|t| &t.sections) {
        let mut known: HashMap<&str, &Cell> = HashMap::new();
        for cell in called(section).into_iter().filter_map(|id| survey.cell(id)) {
            let label = cell.spoken.get(0);
            let first = *known.entry(label).or_insert(cell);
            if first.declared == cell.declared || label.is_empty() {
                continue;
            }
            let d = Diagnostic::new(&codes::ALIKE, cell.span).arg("id", &cell.declared);
            let d = d.arg("other", &first.declared).arg("label", cell.spoken.plain(0));
            problems.push(d.related(first.span, "first"));
        }
    }
}

/// A cell of each column, and the fields, those of groups of rows included.
fn called(section: &Section) -> Vec<CellId> {
    let mut out: Vec<CellId> = section.fields.iter().map(|f| f.cell).collect();
    let Some(grid) = &section.grid else { return out };
    let mut columns = vec![None; grid.columns.len()];
    let mut open: Vec<&Row> = grid.rows.iter().rev().collect();
    while let Some(row) = open.pop() {
        open.extend(row.rows.iter().rev());
        out.extend(row.fields.iter().map(|f| f.cell));
        for (column, slot) in columns.iter_mut().zip(&row.slots).filter(|(column, _)| column.is_none()) {
            if let Slot::Cell(cell) = slot {
                *column = Some(*cell);
            }
        }
    }
    out.extend(columns.into_iter().flatten());
    out
}
