//! `ui.schema.json`: a layout for JSON Forms, one page for each table in printed order.

use super::json::set;
use crate::ir::table::{Grid, Layout};
use crate::ir::{Cell, CellId, Section, Step, Survey, Table, Type};
use serde_json::{Value as Json, json};

/// The layout of the whole return.
pub fn document(survey: &Survey) -> Json {
    let mut pages = Vec::new();
    pages.extend(
        survey
            .respondent
            .as_ref()
            .map(|s| page(survey, "respondent", &s.label.plain(0), vec![section(survey, s)])),
    );
    pages.extend(survey.tables.iter().map(|t| table(survey, t)));
    pages.extend(
        survey
            .signature
            .as_ref()
            .map(|s| page(survey, "signature", &s.label.plain(0), vec![section(survey, s)])),
    );
    json!({"type": "Categorization", "label": survey.title.plain(0), "elements": pages, "options": {
        "survey": survey.id, "version": survey.version, "fingerprint": survey.fingerprint,
    }})
}

fn page(_survey: &Survey, name: &str, label: &str, elements: Vec<Json>) -> Json {
    let label = if label.is_empty() { name } else { label };
    json!({"type": "Category", "label": label, "elements": elements})
}

fn table(survey: &Survey, table: &Table) -> Json {
    let label = format!("{} {}", table.number.plain(0), table.title.plain(0));
    page(survey, &table.id, label.trim(), table.sections.iter().map(|s| section(survey, s)).collect())
}

fn section(survey: &Survey, section: &Section) -> Json {
    let mut elements: Vec<Json> = section.grid.iter().flat_map(|g| grid(survey, g)).collect();
    let fields: Vec<Json> = section.fields.iter().filter_map(|f| control(survey, f.cell)).collect();
    match section.layout {
        Layout::SideBySide => elements.push(json!({"type": "HorizontalLayout", "elements": fields})),
        Layout::Rows | Layout::Lines => elements.extend(fields),
    }
    if section.label.is_empty() {
        return json!({"type": "VerticalLayout", "elements": elements});
    }
    json!({"type": "Group", "label": section.label.plain(0), "elements": elements})
}

/// Fixed rows stand as lines of controls; blocks of rows as one control each.
fn grid(survey: &Survey, grid: &Grid) -> Vec<Json> {
    let mut out = Vec::new();
    let mut open: Vec<&crate::ir::Row> = grid.rows.iter().rev().collect();
    while let Some(row) = open.pop() {
        use crate::ir::RowKind::*;
        match row.kind {
            Repeat(block) | GroupRepeat(block) => {
                out.extend(survey.block(block).map(|b| block_control(row, b.array())))
            }
            _ => {
                out.extend(line(survey, row));
                open.extend(row.rows.iter().rev());
            }
        }
    }
    out
}

fn block_control(row: &crate::ir::Row, path: &[Step]) -> Json {
    let mut out = json!({"type": "Control", "scope": scope(path)});
    if !row.label.is_empty() {
        set(&mut out, "label", json!(row.label.plain(0)));
    }
    out
}

fn line(survey: &Survey, row: &crate::ir::Row) -> Option<Json> {
    let cells = row.slots.iter().filter_map(|s| match s {
        crate::ir::table::Slot::Cell(id) => control(survey, *id),
        _ => None,
    });
    let controls: Vec<Json> =
        cells.chain(row.fields.iter().filter_map(|f| control(survey, f.cell))).collect();
    if controls.is_empty() {
        return None;
    }
    Some(
        json!({"type": "Group", "label": row.label.plain(0), "elements": [{"type": "HorizontalLayout", "elements": controls}]}),
    )
}

fn control(survey: &Survey, id: CellId) -> Option<Json> {
    let cell = survey.cell(id)?;
    if matches!(cell.source, crate::ir::cell::Source::Constant(_)) {
        return None;
    }
    let mut out = json!({"type": "Control", "scope": scope(&cell.path), "label": cell.label.plain(0)});
    let options = options(cell);
    if options.as_object().is_some_and(|o| !o.is_empty()) {
        set(&mut out, "options", options);
    }
    Some(out)
}

fn options(cell: &Cell) -> Json {
    let mut out = json!({});
    if cell.ty == Type::LongText {
        set(&mut out, "multi", json!(true));
    }
    if matches!(
        cell.source,
        crate::ir::cell::Source::Calculated(_) | crate::ir::cell::Source::Prefilled { locked: true, .. }
    ) {
        set(&mut out, "readonly", json!(true));
    }
    out
}

/// The pointer into the schema that JSON Forms wants.
fn scope(path: &[Step]) -> String {
    let part = |s: &Step| match s {
        Step::Key(key) => format!("/properties/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Rows(_) => "/items".to_owned(),
    };
    format!("#{}", path.iter().map(part).collect::<String>())
}
