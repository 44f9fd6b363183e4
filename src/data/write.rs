//! The canonical writer: declaration order, two spaces, LF, blanks omitted, decimals with exactly their scale.

use super::json::Submission;
use super::layout::{Layout, NodeId, Target, Tree};
use super::records::{Record, Records};
use crate::ir::{Cell, Root, Survey, Type};
use formwright_engine::write::{JsonWriter, Style};
use formwright_engine::{Decimal, Value};

/// A return as its canonical JSON text. Calculated cells are written as they stand in the records.
pub fn write_return(survey: &Survey, layout: &Layout, submission: &Submission) -> String {
    let mut out = JsonWriter::new(Style::Pretty);
    out.begin_object();
    out.name("survey").string(&submission.survey);
    out.name("version").string(&submission.version);
    if let Some(is_final) = submission.is_final {
        out.name("state").string(if is_final { "final" } else { "draft" });
    }
    let writer = Writer { survey, tree: layout.tree(Root::Return) };
    writer.members(&mut out, 0, &submission.records.top);
    if !submission.responses.is_empty() {
        out.name("responses").begin_array();
        for response in &submission.responses {
            write_source(&mut out, &response.source);
        }
        out.end_array();
    }
    out.end_object();
    out.finish()
}

/// The cells of a document without a header (a context), as canonical JSON text.
pub fn write_record(survey: &Survey, layout: &Layout, records: &Records) -> String {
    let mut out = JsonWriter::new(Style::Pretty);
    let writer = Writer { survey, tree: layout.tree(records.root) };
    out.begin_object();
    writer.members(&mut out, 0, &records.top);
    out.end_object();
    out.finish()
}

/// A response is laid out anew, its members as they were.
fn write_source(out: &mut JsonWriter, source: &str) {
    let limits = formwright_engine::json::Limits::default();
    match formwright_engine::json::parse(source.as_bytes(), &limits) {
        Ok(document) => write_json(out, &document.root),
        Err(_) => {
            out.raw("null");
        }
    }
}

/// Writes a JSON value that was read (the reader limits its depth).
pub fn write_json(out: &mut JsonWriter, json: &formwright_engine::json::Json) {
    use formwright_engine::json::Kind;
    match &json.kind {
        Kind::Null => out.null(),
        Kind::Bool(bool) => out.bool(*bool),
        Kind::Number(digits) => out.number(digits),
        Kind::Text(text) => out.string(text),
        Kind::Array(items) => {
            out.begin_array();
            items.iter().for_each(|item| write_json(out, item));
            out.end_array()
        }
        Kind::Object(members) => {
            out.begin_object();
            for member in members {
                out.key(&member.key);
                write_json(out, &member.value);
            }
            out.end_object()
        }
    };
}

struct Writer<'a> {
    survey: &'a Survey,
    tree: &'a Tree,
}

impl Writer<'_> {
    fn members(&self, out: &mut JsonWriter, node: NodeId, record: &Record) {
        let Some(node) = self.tree.node(node) else { return };
        for (name, target) in &node.members {
            if self.has_content(*target, record) {
                out.key(name);
                self.target(out, *target, record);
            }
        }
    }

    fn target(&self, out: &mut JsonWriter, target: Target, record: &Record) {
        match target {
            Target::Object(inner) => {
                out.begin_object();
                self.members(out, inner, record);
                out.end_object();
            }
            Target::Rows(block, inner) => {
                let index = self.survey.block(block).map_or(u32::MAX, |b| b.index);
                out.begin_array();
                for row in record.rows(index) {
                    out.begin_object();
                    self.members(out, inner, row);
                    out.end_object();
                }
                out.end_array();
            }
            Target::Cell(id) => {
                if let Some(cell) = self.survey.cell(id) {
                    write_cell(out, cell, record);
                }
            }
        }
    }

    fn has_content(&self, target: Target, record: &Record) -> bool {
        match target {
            Target::Object(inner) => self
                .tree
                .node(inner)
                .is_some_and(|node| node.members.iter().any(|(_, target)| self.has_content(*target, record))),
            Target::Rows(block, _) => {
                let index = self.survey.block(block).map_or(u32::MAX, |b| b.index);
                !record.rows(index).is_empty()
            }
            Target::Cell(id) => self.survey.cell(id).is_some_and(|cell| {
                record.raw(cell.home.slot).is_some() || !record.value(cell.home.slot).is_blank()
            }),
        }
    }
}

fn write_cell(out: &mut JsonWriter, cell: &Cell, record: &Record) {
    match record.raw(cell.home.slot) {
        Some(raw) => {
            out.raw(raw);
        }
        None => write_value(out, cell, record.value(cell.home.slot)),
    }
}

fn write_value(out: &mut JsonWriter, cell: &Cell, value: &Value) {
    match value {
        Value::Null | Value::Unknown => out.null(),
        Value::Bool(bool) => out.bool(*bool),
        Value::Num(number) => out.number(&printed(cell, *number)),
        Value::Text(text) => out.string(text),
        Value::Date(date) => out.string(&date.to_string()),
        Value::List(values) => {
            out.begin_array();
            for value in values.iter() {
                out.string(&value.to_string());
            }
            out.end_array()
        }
        Value::Row(texts) => {
            out.begin_object();
            for (code, text) in texts.iter() {
                out.key(code).string(&text.to_string());
            }
            out.end_object()
        }
    };
}

/// A number with exactly the scale of its cell; one with more decimals than that as it is.
pub fn printed(cell: &Cell, number: Decimal) -> String {
    let scale = if cell.ty == Type::Count { 0 } else { cell.scale };
    number.with_scale(scale).unwrap_or(number.normalized()).to_string()
}
