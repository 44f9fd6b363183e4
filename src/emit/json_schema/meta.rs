//! `return.meta.json`: what the schema cannot hold, keyed by JSON pointer into a return (`*` for each row).

use super::recognise::Recognised;
use super::tree;
use crate::emit::closed::{closed, file, list_of, map_of, one_of, reference, said, text, texts};
use crate::emit::json::{Json, json};
use crate::emit::{Reason, Status};
use crate::ir::cell::Source;
use crate::ir::table::Remarks;
use crate::ir::{Cell, RuleId, Survey, Text, Type};
use formwright_engine::write::{JsonWriter, Style};
use formwright_engine::{Class, Severity};
use std::collections::BTreeMap;

/// Writes a text as a map by language.
pub fn write_texts(survey: &Survey, text: &Text, out: &mut JsonWriter) {
    write_map(survey, out, |lang, out| {
        out.string(&text.shown(lang));
    });
}

fn write_map(survey: &Survey, out: &mut JsonWriter, mut text: impl FnMut(usize, &mut JsonWriter)) {
    out.begin_object();
    for (lang, code) in survey.languages.iter().enumerate() {
        text(lang, out.key(code));
    }
    out.end_object();
}

/// The document.
pub fn document(survey: &Survey, recognised: &Recognised<'_>) -> String {
    let mut out = JsonWriter::new(Style::Fit).with_capacity(256 * survey.cells.len());
    out.begin_object();
    out.name("survey").string(&survey.id);
    out.name("version").string(&survey.version);
    out.name("fingerprint").string(&survey.fingerprint);
    write_texts(survey, &survey.title, out.name("title"));
    strings(survey.languages.iter().map(String::as_str), out.name("languages"));
    survey.filled_by.iter().for_each(|who| write_texts(survey, who, out.name("filled_by")));
    objects(survey, out.name("objects"));
    remarks_of(survey, out.name("said"));
    cells(survey, recognised, &mut out);
    out.name("lists").begin_object();
    for one in &survey.lists {
        list(survey, one, out.key(&one.id));
    }
    out.end_object();
    rules(survey, recognised, out.name("rules"));
    out.finish()
}

fn strings<'t>(texts: impl Iterator<Item = &'t str>, out: &mut JsonWriter) {
    out.begin_array();
    texts.for_each(|text| {
        out.string(text);
    });
    out.end_array();
}

fn objects(survey: &Survey, out: &mut JsonWriter) {
    let mut named = BTreeMap::new();
    tree::titles(survey, &mut |path, title| {
        named.insert(tree::pointer(path), title);
    });
    out.begin_object();
    for (pointer, title) in named.iter().filter(|(_, t)| !t.is_empty()) {
        write_map(survey, out.key(pointer), |lang, out| {
            out.string(&title.shown(lang));
        });
    }
    out.end_object();
}

/// Help and note of rows and of groups of columns (by the id of the group).
fn remarks_of(survey: &Survey, out: &mut JsonWriter) {
    out.begin_object();
    let said = tree::said(survey);
    let by_pointer: BTreeMap<String, &Remarks> = said
        .iter()
        .map(|(within, id, r)| (format!("{}/{}", tree::pointer(within), tree::escaped(id)), *r))
        .collect();
    for (pointer, remarks) in by_pointer {
        out.key(&pointer).begin_object();
        help_and_note(survey, [&remarks.help, &remarks.note], out);
        out.end_object();
    }
    out.end_object();
}

fn help_and_note(survey: &Survey, [help, note]: [&Option<Text>; 2], out: &mut JsonWriter) {
    for (key, text) in [("help", help), ("note", note)] {
        text.iter().for_each(|text| write_texts(survey, text, out.key(key)));
    }
}

/// The cells that hold answers, then the constants.
fn cells(survey: &Survey, recognised: &Recognised<'_>, out: &mut JsonWriter) {
    out.name("cells").begin_object();
    for cell in survey.cells.iter().filter(|c| !matches!(c.source, Source::Constant(_))) {
        write_cell(survey, recognised, cell, out.key(&tree::pointer(&cell.path)));
    }
    out.end_object().name("constants").begin_object();
    for cell in &survey.cells {
        if let Source::Constant(value) = &cell.source {
            out.key(&tree::pointer(&cell.path)).begin_object();
            write_texts(survey, &cell.spoken, out.name("label"));
            out.name("value").string(&value.to_string());
            unit(survey, cell, out.name("unit"));
            out.end_object();
        }
    }
    out.end_object();
}

fn unit(survey: &Survey, cell: &Cell, out: &mut JsonWriter) {
    let Some(unit) = cell.unit.and_then(|u| survey.unit(u)) else {
        out.null();
        return;
    };
    out.begin_object().name("id").string(&unit.id);
    write_texts(survey, &unit.label, out.name("label"));
    out.end_object();
}

fn write_cell(survey: &Survey, recognised: &Recognised<'_>, cell: &Cell, out: &mut JsonWriter) {
    out.begin_object().name("type").string(cell.ty.name());
    write_texts(survey, &cell.spoken, out.name("label"));
    if !cell.over.is_empty() {
        out.name("column").string(&cell.declared).name("over").begin_object();
        cell.over.iter().for_each(|(axis, value)| {
            out.key(axis).string(value);
        });
        out.end_object();
    }
    if cell.unit.is_some() {
        unit(survey, cell, out.name("unit"));
    }
    if cell.ty.is_numeric() {
        out.name("scale").number(&cell.scale.to_string());
        out.name("digits").number(&cell.digits.to_string());
    }
    if let Type::Code(list) | Type::Codes(list) = cell.ty {
        out.name("list").string_or_null(survey.list(list).map(|l| l.id.as_str()));
    }
    if !cell.marks.is_empty() {
        let marks = cell.marks.iter().filter_map(|m| survey.marks.get(m.ix()));
        strings(marks.map(|m| m.id.as_str()), out.name("marks"));
    }
    out.name("source").string(match cell.source {
        Source::Answer => "answer",
        Source::Calculated(_) => "calculated",
        Source::Prefilled { .. } => "prefilled",
        Source::Constant(_) => "constant",
    });
    help_and_note(survey, [&cell.help, &cell.note], out);
    strings(rule_ids(survey, recognised, &cell.read_by), out.name("rules"));
    out.end_object();
}

fn rule_ids<'s>(
    survey: &'s Survey,
    recognised: &Recognised<'_>,
    rules: &'s [RuleId],
) -> impl Iterator<Item = &'s str> {
    let count = recognised.carried.len();
    let known = rules.iter().filter(move |r| r.ix() < count);
    known.filter_map(|r| survey.rules.get(r.ix())).map(|r| r.id.as_str())
}

fn list(survey: &Survey, list: &crate::ir::CodeList, out: &mut JsonWriter) {
    out.begin_object();
    write_texts(survey, &list.label, out.name("label"));
    out.name("codes").begin_array();
    for c in &list.codes {
        out.begin_object().name("code").string(&c.code);
        write_texts(survey, &c.label, out.name("label"));
        out.name("specify")
            .bool(c.specify)
            .name("exclusive")
            .bool(c.exclusive)
            .name("retired")
            .bool(c.retired);
        if let Some(under) = &c.under {
            out.name("under").string(under);
        }
        if let Some(note) = &c.note {
            write_texts(survey, note, out.name("note"));
        }
        out.end_object();
    }
    out.end_array().end_object();
}

fn rules(survey: &Survey, recognised: &Recognised<'_>, out: &mut JsonWriter) {
    out.begin_array();
    for carried in &recognised.carried {
        let Some(rule) = survey.rules.get(carried.rule.ix()) else { continue };
        out.begin_object().name("id").string(&rule.id);
        out.name("severity").string(rule.severity.as_str()).name("class").string(rule.class.as_str());
        out.name("condition").string(&rule.source).name("status").string(carried.status.name());
        strings(carried.reasons.iter().map(|r| r.code()), out.name("reasons"));
        out.end_object();
    }
    out.end_array();
}

/// The schema of `return.meta.json`.
pub fn schema() -> Json<'static> {
    let root = closed(
        json!({
            "survey": (text()), "version": (text()), "fingerprint": (text()), "title": (reference("texts")),
            "languages": {"type": "array", "items": (text())},
            "filled_by": (said(reference("texts"), "Who fills the survey.")),
            "objects": (said(map_of("texts"), "The title of each object that has one, by its pointer into a return.")),
            "said": (said(map_of("said"), "Help and notes of each object that has some, by its pointer.")),
            "cells": (said(map_of("cell"), "The cells that hold answers, by their pointers; * stands for each row.")),
            "constants": (said(map_of("constant"), "What is printed in the form and not delivered.")),
            "lists": (map_of("list")), "rules": (list_of("rule")),
        }),
        &["filled_by"],
    );
    let defs = json!({
        "texts": (texts()),
        "unit": (closed(json!({"id": (text()), "label": (reference("texts"))}), &[])),
        "cell": (cell_schema()),
        "said": (closed(json!({"help": (reference("texts")), "note": (reference("texts"))}), &["help", "note"])),
        "constant": (closed(
            json!({"label": (reference("texts")), "value": (text()), "unit": (unit_or_null())}), &[]
        )),
        "code": (code_schema()),
        "list": (closed(json!({"label": (reference("texts")), "codes": (list_of("code"))}), &[])),
        "rule": (rule_schema()),
    });
    file(root, "meta.schema.json", "What stands beside the schema of a return, by JSON pointer", defs)
}

fn unit_or_null() -> Json<'static> {
    json!({"anyOf": [(reference("unit")), {"type": "null"}]})
}

fn cell_schema() -> Json<'static> {
    let count = || json!({"type": "integer", "minimum": 0_i64});
    let strings = || json!({"type": "array", "items": (text())});
    let cell = json!({
        "type": (one_of(Type::NAMES.iter().copied())), "label": (reference("texts")),
        "column": (said(text(), "The column or field that is repeated; it stands with over.")),
        "over": {
            "type": "object", "additionalProperties": (text()), "minProperties": 1_i64,
            "description": "The period or code of each axis that it is repeated over.",
        },
        "unit": (unit_or_null()),
        "scale": (said(count(), "Most decimals.")), "digits": (said(count(), "Most significant digits.")),
        "list": {"type": ["string", "null"], "description": "The code list, a key of lists."},
        "marks": (said(strings(), "Marks that may stand instead of a value.")),
        "source": (one_of(["answer", "calculated", "prefilled", "constant"])), "help": (reference("texts")),
        "note": (reference("texts")), "rules": (said(strings(), "Ids of the rules that read the cell.")),
    });
    closed(cell, &["column", "over", "unit", "scale", "digits", "list", "marks", "help", "note"])
}

fn code_schema() -> Json<'static> {
    let bool = || json!({"type": "boolean"});
    let code = json!({
        "code": (text()), "label": (reference("texts")),
        "specify": (said(bool(), "Whether it is to be specified in words.")),
        "exclusive": (said(bool(), "Whether no other code may stand beside it.")),
        "retired": (said(bool(), "Whether it is no longer to be chosen.")),
        "under": (said(text(), "The code it belongs to.")), "note": (reference("texts")),
    });
    closed(code, &["under", "note"])
}

fn rule_schema() -> Json<'static> {
    let rule = json!({
        "id": (text()), "severity": (one_of(Severity::ALL.iter().map(|s| s.as_str()))),
        "class": (one_of(Class::ALL.iter().map(|c| c.as_str()))), "condition": (text()),
        "status": (said(one_of(Status::ALL.iter().map(|s| s.name())), "How exactly return.schema.json checks it.")),
        "reasons": {"type": "array", "items": (one_of(Reason::ALL.iter().map(|r| r.code())))},
    });
    closed(rule, &[])
}
