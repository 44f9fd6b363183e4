//! `return.annotated.schema.json`: the schema of a return with what its readers may use beside it, as `x-` keywords and
//! formats.

use super::json::set;
use super::meta::texts;
use super::{names, types};
use crate::emit::json_schema::tree::{self, Node};
use crate::ir::cell::Root;
use crate::ir::{Cell, ListId, Survey};
use serde_json::{Map, Value as Json, json};

/// How far references are followed.
const FURTHEST: usize = 48;

/// The schema with annotations added at each cell.
pub fn annotated(survey: &Survey, schema: Json) -> Json {
    let mut out = schema;
    set(&mut out, "$id", json!(format!("{}return.annotated.schema.json", names::base_uri(survey))));
    set(&mut out, "x-fingerprint", json!(survey.fingerprint));
    set(&mut out, "x-languages", json!(survey.languages));
    for (at, list) in survey.lists.iter().enumerate() {
        let labels: Map<String, Json> =
            list.codes.iter().map(|c| (c.code.clone(), texts(survey, &c.label))).collect();
        let id = ListId(u32::try_from(at).unwrap_or(u32::MAX));
        for name in [names::codes_name(survey, id), names::list_name(survey, id)] {
            if let Some(definition) = definition(&mut out, &name) {
                set(definition, "x-labels", Json::Object(labels.clone()));
            }
        }
    }
    dated(&mut out);
    let document = tree::document(survey, Root::Return);
    let mut open = vec![(&document, String::new(), 0)];
    while let Some((node, at, depth)) = open.pop() {
        visit(survey, node, &at, depth, &mut out, &mut open);
    }
    out
}

fn visit<'t>(
    survey: &Survey,
    node: &'t Node,
    at: &str,
    depth: usize,
    schema: &mut Json,
    open: &mut Vec<(&'t Node, String, usize)>,
) {
    if depth > FURTHEST {
        return;
    }
    let (members, at) = match node {
        Node::Leaf(id) => {
            if let (Some(cell), Some(place)) = (survey.cell(*id), schema.pointer_mut(at)) {
                annotate(survey, cell, place);
            }
            return;
        }
        Node::Object(members) => (members, followed(schema, at)),
        Node::Rows(_, members) => (members, followed(schema, &format!("{at}/items"))),
    };
    for (key, inner) in members {
        let key = key.replace('~', "~0").replace('/', "~1");
        open.push((inner, format!("{at}/properties/{key}"), depth + 1));
    }
}

/// Where a part stands: behind its reference, if it is one.
fn followed(schema: &Json, at: &str) -> String {
    let Some(part) = schema.pointer(at) else { return at.to_owned() };
    let direct = part.get("$ref").or_else(|| part.pointer("/anyOf/0/$ref"));
    match direct.and_then(Json::as_str).and_then(|r| r.strip_prefix('#')) {
        Some(pointer) => pointer.to_owned(),
        None => at.to_owned(),
    }
}

fn annotate(survey: &Survey, cell: &Cell, place: &mut Json) {
    set(place, "x-label", texts(survey, &cell.spoken));
    if let Some(unit) = cell.unit.and_then(|u| survey.unit(u)) {
        set(place, "x-unit", texts(survey, &unit.label));
    }
    if cell.ty.is_numeric() {
        set(place, "x-scale", json!(cell.scale));
        set(place, "x-digits", json!(cell.digits));
    }
}

fn definition<'j>(schema: &'j mut Json, name: &str) -> Option<&'j mut Json> {
    schema.get_mut("$defs").and_then(|d| d.get_mut(name))
}

/// Says that days are dates; an empty text is a blank and no date.
fn dated(schema: &mut Json) {
    for (name, day) in types::shared().into_iter().filter(|(name, _)| name.starts_with("day")) {
        let Some(place) = definition(schema, &name) else { continue };
        let mut filled = day.clone();
        set(&mut filled, "format", json!("date"));
        *place = match name.as_str() {
            "day_filled" => filled,
            _ => {
                json!({"anyOf": [{"type": ["string", "null"], "format": "date"}, types::blank_text()], "allOf": [day]})
            }
        };
    }
}
