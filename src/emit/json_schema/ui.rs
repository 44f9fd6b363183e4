//! `ui.schema.json`: a layout for JSON Forms, one page for each table in printed order.

use crate::emit::closed::{closed, file, flag, list_of, reference, said, text, word};
use crate::emit::json::{Json, json};
use crate::ir::table::{Grid, Layout};
use crate::ir::{Cell, CellId, Section, Step, Survey, Table, Text, Type};
use std::borrow::Cow;

/// The layout of the whole return.
pub fn document(survey: &Survey) -> Json<'_> {
    let mut pages = Vec::new();
    pages.extend(survey.respondent.as_ref().map(|s| part_page(survey, "respondent", s)));
    pages.extend(survey.tables.iter().map(|t| table(survey, t)));
    pages.extend(survey.signature.as_ref().map(|s| part_page(survey, "signature", s)));
    json!({"type": "Categorization", "label": (survey.title.shown(0)), "elements": pages, "options": {
        "survey": (&survey.id), "version": (&survey.version), "fingerprint": (&survey.fingerprint),
    }})
}

fn part_page<'s>(survey: &'s Survey, name: &'s str, part: &'s Section) -> Json<'s> {
    page(name, part.label.shown(0), vec![section(survey, part)])
}

fn page<'s>(name: &'s str, label: Cow<'s, str>, elements: Vec<Json<'s>>) -> Json<'s> {
    let label = if label.is_empty() { name.into() } else { label };
    json!({"type": "Category", "label": label, "elements": elements})
}

fn table<'s>(survey: &'s Survey, table: &'s Table) -> Json<'s> {
    let label = format!("{} {}", table.number.shown(0), table.title.shown(0)).trim().to_owned();
    page(&table.id, label.into(), table.sections.iter().map(|s| section(survey, s)).collect())
}

fn section<'s>(survey: &'s Survey, section: &'s Section) -> Json<'s> {
    let mut elements: Vec<Json<'_>> = section.grid.iter().flat_map(|g| grid(survey, g)).collect();
    let fields: Vec<Json<'_>> = section.fields.iter().filter_map(|f| control(survey, f.cell)).collect();
    match section.layout {
        Layout::SideBySide => elements.push(json!({"type": "HorizontalLayout", "elements": fields})),
        Layout::Rows | Layout::Lines => elements.extend(fields),
    }
    if section.label.is_empty() {
        return json!({"type": "VerticalLayout", "elements": elements});
    }
    json!({"type": "Group", "label": (section.label.shown(0)), "elements": elements})
}

/// Fixed rows stand as lines of controls; blocks of rows as one control each.
fn grid<'s>(survey: &'s Survey, grid: &'s Grid) -> Vec<Json<'s>> {
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

fn block_control<'s>(row: &'s crate::ir::Row, path: &[Step]) -> Json<'s> {
    let mut out = json!({"type": "Control", "scope": (scope(path))});
    if !row.label.is_empty() {
        out.set("label", row.label.shown(0));
    }
    remarks(row, &mut out);
    out
}

/// Help and note, in the first language.
fn help_and_note<'s>(options: &mut Json<'s>, [help, note]: [&'s Option<Text>; 2]) {
    for (key, text) in [("help", help), ("note", note)] {
        if let Some(text) = text {
            options.set(key, text.shown(0));
        }
    }
}

/// The options of a row, if it has any.
fn remarks<'s>(row: &'s crate::ir::Row, element: &mut Json<'s>) {
    let mut options = json!({});
    help_and_note(&mut options, [&row.said.help, &row.said.note]);
    if options.as_object().is_some_and(|o| !o.is_empty()) {
        element.set("options", options);
    }
}

fn line<'s>(survey: &'s Survey, row: &'s crate::ir::Row) -> Option<Json<'s>> {
    let cells = row.slots.iter().filter_map(|s| match s {
        crate::ir::table::Slot::Cell(id) => control(survey, *id),
        _ => None,
    });
    let controls: Vec<Json<'_>> =
        cells.chain(row.fields.iter().filter_map(|f| control(survey, f.cell))).collect();
    if controls.is_empty() {
        return None;
    }
    let mut out = json!({"type": "Group", "label": (row.label.shown(0)), "elements": [{"type": "HorizontalLayout", "elements": controls}]});
    remarks(row, &mut out);
    Some(out)
}

fn control(survey: &Survey, id: CellId) -> Option<Json<'_>> {
    let cell = survey.cell(id)?;
    if matches!(cell.source, crate::ir::cell::Source::Constant(_)) {
        return None;
    }
    let mut out = json!({"type": "Control", "scope": (scope(&cell.path)), "label": (cell.label.shown(0))});
    let options = options(cell);
    if options.as_object().is_some_and(|o| !o.is_empty()) {
        out.set("options", options);
    }
    Some(out)
}

fn options(cell: &Cell) -> Json<'_> {
    let mut out = json!({});
    if cell.ty == Type::LongText {
        out.set("multi", true);
    }
    if matches!(
        cell.source,
        crate::ir::cell::Source::Calculated(_) | crate::ir::cell::Source::Prefilled { locked: true, .. }
    ) {
        out.set("readonly", true);
    }
    help_and_note(&mut out, [&cell.help, &cell.note]);
    out
}

/// The pointer into the schema that JSON Forms wants.
fn scope(path: &[Step]) -> String {
    let mut out = String::with_capacity(path.len() * 24);
    out.push('#');
    for step in path {
        match step {
            Step::Key(key) => {
                out.push_str("/properties/");
                out.push_str(&super::tree::escaped(key));
            }
            Step::Rows(_) => out.push_str("/items"),
        }
    }
    out
}

/// The schema of `ui.schema.json`: of the layouts of JSON Forms those that are written here.
pub fn schema() -> Json<'static> {
    let about = closed(json!({"survey": (text()), "version": (text()), "fingerprint": (text())}), &[]);
    let pages = said(list_of("page"), "The respondent, the tables in printed order, the signature.");
    let layout =
        json!({"type": (word("Categorization")), "label": (text()), "elements": pages, "options": about});
    let root = closed(layout, &[]);
    let page = json!({"type": (word("Category")), "label": (text()), "elements": (list_of("section"))});
    let defs = json!({
        "page": (closed(page, &[])),
        "section": {"anyOf": [(group("item")), (holder("VerticalLayout", "item"))]},
        "item": {"anyOf": [(reference("line")), (reference("beside")), (reference("control"))]},
        "line": (said(line_schema(), "A fixed row of a grid, its cells side by side.")),
        "beside": (holder("HorizontalLayout", "control")),
        "control": (control_schema()),
    });
    file(root, "layout.schema.json", "The layout of a form for JSON Forms, as ui.schema.json has it", defs)
}

fn group(of: &str) -> Json<'static> {
    closed(json!({"type": (word("Group")), "label": (text()), "elements": (list_of(of))}), &[])
}

/// A group, with the help and the note of its row.
fn line_schema() -> Json<'static> {
    let options = closed(json!({"help": (text()), "note": (text())}), &["help", "note"]);
    let line = json!({
        "type": (word("Group")), "label": (text()), "elements": (list_of("beside")), "options": options,
    });
    closed(line, &["options"])
}

fn holder(layout: &'static str, of: &str) -> Json<'static> {
    closed(json!({"type": (word(layout)), "elements": (list_of(of))}), &[])
}

fn control_schema() -> Json<'static> {
    let scope = json!({"type": "string", "pattern": "^#(/properties/[^/]+|/items)+$"});
    let mut options = closed(
        json!({
            "multi": (said(flag(), "Several lines of text.")),
            "readonly": (said(flag(), "Calculated, or given and not to be changed.")),
            "help": (text()), "note": (text()),
        }),
        &["multi", "readonly", "help", "note"],
    );
    options.set("minProperties", 1_i64);
    let control = json!({
        "type": (word("Control")), "scope": (said(scope, "A pointer into return.schema.json.")),
        "label": (said(text(), "Left out of a block of rows without a label.")), "options": options,
    });
    closed(control, &["label", "options"])
}
