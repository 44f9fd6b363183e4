//! `return.meta.json`: what the schema cannot hold, keyed by JSON pointer into a return (`*` for each row).

use super::files::DIALECT;
use super::json::set;
use super::recognise::Recognised;
use super::tree;
use crate::ir::cell::Source;
use crate::ir::{Cell, RuleId, Survey, Text, Type};
use serde_json::{Map, Value as Json, json};

/// A text as a map by language.
pub fn texts(survey: &Survey, text: &Text) -> Json {
    let one = |(lang, code): (usize, &String)| (code.clone(), json!(text.plain(lang)));
    Json::Object(survey.languages.iter().enumerate().map(one).collect())
}

/// The document.
pub fn document(survey: &Survey, recognised: &Recognised) -> Json {
    let mut cells = Map::new();
    let mut constants = Map::new();
    for cell in &survey.cells {
        match &cell.source {
            Source::Constant(value) => {
                let entry = json!({"label": texts(survey, &cell.spoken), "value": value.to_string(), "unit": unit(survey, cell)});
                constants.insert(tree::pointer(&cell.path), entry);
            }
            _ => {
                cells.insert(tree::pointer(&cell.path), cell_json(survey, recognised, cell));
            }
        }
    }
    let lists: Map<String, Json> = survey.lists.iter().map(|l| (l.id.clone(), list(survey, l))).collect();
    let mut out = json!({
        "survey": survey.id, "version": survey.version, "fingerprint": survey.fingerprint,
        "title": texts(survey, &survey.title), "languages": survey.languages,
    });
    set(&mut out, "objects", objects(survey));
    set(&mut out, "cells", Json::Object(cells));
    set(&mut out, "constants", Json::Object(constants));
    set(&mut out, "lists", Json::Object(lists));
    set(&mut out, "rules", rules(survey, recognised));
    out
}

fn objects(survey: &Survey) -> Json {
    let named = tree::titles(survey).into_iter().filter(|(_, t)| !t.is_empty());
    Json::Object(named.map(|(pointer, t)| (pointer, texts(survey, &t))).collect())
}

fn unit(survey: &Survey, cell: &Cell) -> Json {
    cell.unit
        .and_then(|u| survey.unit(u))
        .map_or(Json::Null, |u| json!({"id": u.id, "label": texts(survey, &u.label)}))
}

fn cell_json(survey: &Survey, recognised: &Recognised, cell: &Cell) -> Json {
    let mut out = json!({"type": cell.ty.name(), "label": texts(survey, &cell.spoken)});
    if cell.unit.is_some() {
        set(&mut out, "unit", unit(survey, cell));
    }
    if cell.ty.is_numeric() {
        set(&mut out, "scale", json!(cell.scale));
        set(&mut out, "digits", json!(cell.digits));
    }
    if let Type::Code(list) | Type::Codes(list) = cell.ty {
        set(&mut out, "list", json!(survey.list(list).map(|l| l.id.as_str())));
    }
    if !cell.marks.is_empty() {
        let marks = cell.marks.iter().filter_map(|m| survey.marks.get(m.ix())).map(|m| m.id.as_str());
        set(&mut out, "marks", json!(marks.collect::<Vec<_>>()));
    }
    set(
        &mut out,
        "source",
        json!(match cell.source {
            Source::Answer => "answer",
            Source::Calculated(_) => "calculated",
            Source::Prefilled { .. } => "prefilled",
            Source::Constant(_) => "constant",
        }),
    );
    if let Some(help) = &cell.help {
        set(&mut out, "help", texts(survey, help));
    }
    set(&mut out, "rules", json!(rule_ids(survey, recognised, &cell.read_by)));
    out
}

fn rule_ids<'s>(survey: &'s Survey, recognised: &Recognised, rules: &[RuleId]) -> Vec<&'s str> {
    let known = rules.iter().filter(|r| r.ix() < recognised.carried.len());
    known.filter_map(|r| survey.rules.get(r.ix())).map(|r| r.id.as_str()).collect()
}

fn list(survey: &Survey, list: &crate::ir::CodeList) -> Json {
    let code = |c: &crate::ir::CodeItem| {
        let mut out = json!({
            "code": c.code, "label": texts(survey, &c.label), "specify": c.specify, "exclusive": c.exclusive,
            "retired": c.retired,
        });
        if let Some(under) = &c.under {
            set(&mut out, "under", json!(under));
        }
        if let Some(note) = &c.note {
            set(&mut out, "note", texts(survey, note));
        }
        out
    };
    json!({"label": texts(survey, &list.label), "codes": list.codes.iter().map(code).collect::<Vec<_>>()})
}

fn rules(survey: &Survey, recognised: &Recognised) -> Json {
    let row = |c: &crate::emit::Carried| {
        let rule = survey.rules.get(c.rule.ix())?;
        let reasons: Vec<&str> = c.reasons.iter().map(|r| r.code()).collect();
        Some(json!({
            "id": rule.id, "severity": rule.severity.as_str(), "class": rule.class.as_str(), "condition": rule.source,
            "status": c.status.name(), "reasons": reasons,
        }))
    };
    Json::Array(recognised.carried.iter().filter_map(row).collect())
}

fn closed(properties: Json, optional: &[&str]) -> Json {
    let names = properties.as_object().map(|p| p.keys().cloned().collect::<Vec<_>>()).unwrap_or_default();
    let required: Vec<String> = names.into_iter().filter(|n| !optional.contains(&n.as_str())).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

fn map_of(schema: &str) -> Json {
    json!({"type": "object", "additionalProperties": {"$ref": format!("#/$defs/{schema}")}})
}

/// The schema of `return.meta.json`.
pub fn schema() -> Json {
    let text = json!({"type": "string"});
    let flag = json!({"type": "boolean"});
    let strings = json!({"type": "array", "items": text});
    let texts = json!({"$ref": "#/$defs/texts"});
    let count = json!({"type": "integer", "minimum": 0});
    let unit = json!({"anyOf": [{"$ref": "#/$defs/unit"}, {"type": "null"}]});
    let cell = json!({
        "type": text, "label": texts, "unit": unit, "scale": count, "digits": count, "list": {"type": ["string", "null"]},
        "marks": strings, "source": {"type": "string", "enum": ["answer", "calculated", "prefilled", "constant"]},
        "help": texts, "rules": strings,
    });
    let code = json!({
        "code": text, "label": texts, "specify": flag, "exclusive": flag, "retired": flag, "under": text, "note": texts,
    });
    let rule = json!({
        "id": text, "severity": text, "class": text, "condition": text, "status": text, "reasons": strings,
    });
    let code_array = json!({"type": "array", "items": {"$ref": "#/$defs/code"}});
    let mut out = closed(
        json!({
            "survey": text, "version": text, "fingerprint": text, "title": texts, "languages": strings,
            "objects": map_of("texts"), "cells": map_of("cell"), "constants": map_of("constant"), "lists": map_of("list"),
            "rules": {"type": "array", "items": {"$ref": "#/$defs/rule"}},
        }),
        &[],
    );
    set(&mut out, "$schema", json!(DIALECT));
    set(&mut out, "$id", json!("https://formwright.dev/meta.schema.json"));
    set(&mut out, "title", json!("What stands beside the schema of a return, by JSON pointer"));
    set(
        &mut out,
        "$defs",
        json!({
            "texts": {"type": "object", "additionalProperties": text},
            "unit": closed(json!({"id": text, "label": texts}), &[]),
            "cell": closed(cell, &["unit", "scale", "digits", "list", "marks", "help"]),
            "constant": closed(json!({"label": texts, "value": text, "unit": unit}), &[]),
            "code": closed(code, &["under", "note"]),
            "list": closed(json!({"label": texts, "codes": code_array}), &[]),
            "rule": closed(rule, &[]),
        }),
    );
    out
}
