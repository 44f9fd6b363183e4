//! The schema of a cell in its object: type, limits, title and description.

use super::json::set;
use super::{names, types};
use crate::ir::{Cell, ListId, Survey, Type};
use serde_json::{Map, Value as Json, json};

/// A cell's schema in the making.
pub struct Leaf<'a> {
    survey: &'a Survey,
    cell: &'a Cell,
    limits: Vec<Json>,
}

impl<'a> Leaf<'a> {
    /// Without limits.
    pub fn new(survey: &'a Survey, cell: &'a Cell) -> Self {
        Leaf { survey, cell, limits: Vec::new() }
    }

    /// With limits, each a schema that takes null.
    pub fn limited(mut self, limits: Vec<Json>) -> Self {
        self.limits = limits;
        self
    }

    /// The schema, null and blanks taken or not.
    pub fn schema(&self, blank: bool) -> Json {
        let mut base = types::value(self.survey, self.cell);
        if !blank {
            base = filled(base, &types::filled(self.cell).yes);
        }
        let mut rest = Vec::new();
        for limit in &self.limits {
            let limit = if blank { limit.clone() } else { without_null(limit) };
            if let Some(limit) = merged(&mut base, limit) {
                rest.push(limit);
            }
        }
        self.finished(base, rest, blank)
    }

    fn finished(&self, base: Json, rest: Vec<Json>, blank: bool) -> Json {
        let mut out = Map::new();
        out.insert("title".to_owned(), json!(self.cell.spoken.plain(0)));
        let about = description(self.survey, self.cell);
        if !about.is_empty() {
            out.insert("description".to_owned(), json!(about));
        }
        match (base, blank) {
            (Json::Object(base), false) => out.extend(base),
            (Json::Object(base), true) if !takes_empty_text(self.cell.ty) && base.get("type").is_some() => {
                out.extend(or_blank(base));
            }
            // An optional pattern would do for dates, but Python lets a line end stand before its `$`.
            (base, _) => {
                let blank = json!({"type": ["string", "null"], "enum": ["", null]});
                out.insert("anyOf".to_owned(), json!([base, blank]));
            }
        }
        if !rest.is_empty() {
            out.insert("allOf".to_owned(), json!(rest));
        }
        Json::Object(out)
    }
}

/// Whether an empty text is a blank beside its values: of codes and dates. (Of text it is a value of the type.)
fn takes_empty_text(ty: Type) -> bool {
    matches!(ty, Type::Code(_) | Type::Date | Type::Month | Type::Year)
}

/// With null taken.
fn or_blank(mut base: Map<String, Json>) -> Map<String, Json> {
    let ty = base.get("type").cloned();
    base.insert("type".to_owned(), json!([ty, "null"]));
    base
}

/// Whether a test asks no more than that something is there.
pub fn is_presence(yes: &Json) -> bool {
    let Some(members) = yes.as_object() else { return false };
    match members.len() {
        1 => {
            matches!(yes.get("type").and_then(Json::as_str), Some("boolean" | "number"))
                || yes.get("not") == Some(&json!({"type": "null"}))
        }
        2 => {
            yes.get("pattern") == Some(&json!(types::NOT_BLANK)) && yes.get("type") == Some(&json!("string"))
                || yes.get("minItems") == Some(&json!(1))
                || yes.get("minProperties") == Some(&json!(1))
        }
        _ => false,
    }
}

/// What is asked of a filled value beside its type; codes, dates and figures are filled whenever they are of their type.
fn filled(mut base: Json, yes: &Json) -> Json {
    let (Some(have), Some(more)) = (base.as_object_mut(), yes.as_object()) else { return base };
    if have.contains_key("$ref") || have.contains_key("anyOf") && !have.contains_key("type") {
        return base;
    }
    for (key, value) in more {
        if key != "type" && key != "not" && !have.contains_key(key) {
            have.insert(key.clone(), value.clone());
        }
    }
    base
}

/// Adds a limit to the base where no keyword is said twice; gives back what cannot be added.
fn merged(base: &mut Json, limit: Json) -> Option<Json> {
    let (Some(have), Json::Object(more)) = (base.as_object_mut(), &limit) else { return Some(limit) };
    if !have.contains_key("type") {
        return Some(limit);
    }
    let free = |(key, value): (&String, &Json)| match (key.as_str(), have.get(key)) {
        ("type", _) | (_, None) => true,
        ("minimum", Some(old)) => old.as_f64() <= value.as_f64(),
        _ => false,
    };
    if !more.iter().all(free) {
        return Some(limit);
    }
    let keywords = more.iter().filter(|(k, _)| *k != "type");
    have.extend(keywords.map(|(k, v)| (k.clone(), v.clone())));
    None
}

/// The same where null is not taken anyway: strict readers want no type that cannot occur.
fn without_null(limit: &Json) -> Json {
    let mut limit = limit.clone();
    if let Some(types) = limit.get("type").and_then(Json::as_array) {
        let left: Vec<Json> = types.iter().filter(|t| **t != "null").cloned().collect();
        set(&mut limit, "type", left.first().cloned().unwrap_or_else(|| json!("null")));
    }
    limit
}

/// Labels in the other languages, the unit, help.
fn description(survey: &Survey, cell: &Cell) -> String {
    let mut lines: Vec<String> = Vec::new();
    let first = cell.spoken.plain(0);
    for lang in 1..survey.languages.len() {
        let label = cell.spoken.plain(lang);
        if label != first {
            lines.push(label);
        }
    }
    if let Some(unit) = cell.unit.and_then(|u| survey.unit(u)) {
        lines.push(format!("[{}]", unit.label.plain(0)));
    }
    lines.extend(cell.help.iter().map(|h| h.plain(0)));
    lines.join("\n")
}

/// The definition of a code list, its labels in the description.
pub fn list(survey: &Survey, id: ListId) -> Json {
    let Some(list) = survey.list(id) else { return json!({"type": "string"}) };
    let codes: Vec<&str> = list.codes.iter().map(|c| c.code.as_str()).collect();
    let mut lines = Vec::new();
    for lang in 0..survey.languages.len().max(1) {
        lines.extend(list.codes.iter().map(|c| format!("{}. {}", c.code, c.label.plain(lang))));
    }
    lines.extend(list.codes.iter().filter_map(|c| c.note.as_ref()).map(|n| n.plain(0)));
    let title = if list.label.is_empty() { names::list_name(survey, id) } else { list.label.plain(0) };
    json!({"title": title, "description": lines.join("\n"), "type": "string", "enum": codes})
}
