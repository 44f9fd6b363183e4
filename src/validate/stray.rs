//! Members of a return that stand where the form prints something else: what is said of them.

use crate::ir::table::{Column, Row, Slot};
use crate::ir::{LangIx, Survey};

/// The sentence for a member at a place of a grid that is no cell: one that prints ——, or what the form prints itself.
/// English and Chinese; `None` where the survey has no such place.
pub fn sentence(survey: &Survey, pointer: &str, lang: LangIx) -> Option<(String, String)> {
    let (row, column, slot) = place(survey, pointer)?;
    let label = column.label.plain(lang);
    let name = if label.is_empty() { column.id.clone() } else { label };
    let of = row.label.plain(lang);
    match slot {
        Slot::NotApplicable if of.is_empty() => Some((
            format!("“{name}” does not apply here (the form prints ——); please remove it"),
            format!("“{name}”在此不适用（表中印有“——”），请删除"),
        )),
        Slot::NotApplicable => Some((
            format!("“{name}” does not apply to “{of}” (the form prints ——); please remove it"),
            format!("“{of}”的“{name}”不适用（表中印有“——”），请删除"),
        )),
        Slot::Shown | Slot::Constant(..) | Slot::Merged(..) => Some((
            format!("“{name}” is printed by the form and not delivered; please remove it"),
            format!("“{name}”由表格印出，不需要报送，请删除"),
        )),
        _ => None,
    }
}

/// Where a row meets a column, by the JSON pointer of a cell that would stand there.
fn place<'s>(survey: &'s Survey, pointer: &str) -> Option<(&'s Row, &'s Column, &'s Slot)> {
    let is_index = |step: &&str| step.bytes().all(|b| b.is_ascii_digit());
    let mut steps: Vec<&str> = pointer.strip_prefix("/tables/")?.split('/').collect();
    let (column, table) =
        (steps.pop()?, survey.tables.iter().find(|t| Some(&t.id.as_str()) == steps.first())?);
    let row = steps.iter().rev().find(|s| !is_index(s))?;
    let named = |s: &&crate::ir::Section| !table.sectioned || Some(&s.id.as_str()) == steps.get(1);
    let grid = table.sections.iter().find(named)?.grid.as_ref()?;
    let at = grid.columns.iter().position(|c| c.id == column)?;
    let row = find(&grid.rows, row)?;
    Some((row, grid.columns.get(at)?, row.slots.get(at)?))
}

fn find<'s>(rows: &'s [Row], id: &str) -> Option<&'s Row> {
    rows.iter().find_map(|row| if row.id == id { Some(row) } else { find(&row.rows, id) })
}
