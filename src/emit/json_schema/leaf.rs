//! The schema of a cell in its object: type, limits, title and description.

use super::json::set;
use super::{names, types};
use crate::ir::{Cell, ListId, Survey};
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
        let mut base = types::value(self.survey, self.cell, blank);
        let mut rest = Vec::new();
        for limit in &self.limits {
            let limit = if blank { limit.clone() } else { without_null(limit) };
            if let Some(limit) = merged(&mut base, limit) {
                rest.push(limit);
            }
        }
        let mut out = self.about();
        if let Json::Object(base) = base {
            out.extend(base);
        }
        if !rest.is_empty() {
            out.insert("allOf".to_owned(), json!(rest));
        }
        Json::Object(out)
    }

    fn about(&self) -> Map<String, Json> {
        let mut out = Map::new();
        out.insert("title".to_owned(), json!(self.cell.spoken.plain(0)));
        let about = description(self.survey, self.cell);
        if !about.is_empty() {
            out.insert("description".to_owned(), json!(about));
        }
        out
    }
}

/// Adds a limit to the base where no keyword is said twice; gives back what cannot be added.
fn merged(base: &mut Json, limit: Json) -> Option<Json> {
    let (Some(have), Json::Object(more)) = (base.as_object_mut(), &limit) else { return Some(limit) };
    let plain = have.contains_key("type") || have.contains_key("$ref");
    if !plain || !more.iter().all(|(key, value)| replaces(have, key, value)) {
        return Some(limit);
    }
    for (outer, inner) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if more.contains_key(inner) {
            have.remove(outer);
        }
    }
    let keywords = more.iter().filter(|(key, _)| *key != "type" || !have.contains_key("type"));
    let keywords: Vec<_> = keywords.map(|(k, v)| (k.clone(), v.clone())).collect();
    have.extend(keywords);
    None
}

/// Whether a keyword may be put into a schema: it is not there, or what is there says less.
fn replaces(have: &Map<String, Json>, key: &str, value: &Json) -> bool {
    let number = |key: &str| have.get(key).and_then(Json::as_f64);
    match (key, value.as_f64()) {
        ("type", _) => true,
        ("minimum", Some(new)) => {
            number("minimum").is_none_or(|old| old <= new)
                && number("exclusiveMinimum").is_none_or(|old| old < new)
        }
        ("maximum", Some(new)) => {
            number("maximum").is_none_or(|old| old >= new)
                && number("exclusiveMaximum").is_none_or(|old| old > new)
        }
        _ => !have.contains_key(key),
    }
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
    let (label, unit) = (&cell.spoken, cell.unit.and_then(|u| survey.unit(u)).map(|u| &u.label));
    for lang in 0..survey.languages.len().max(1) {
        let other = lang > 0 && label.plain(lang) != label.plain(0);
        let said = if other { label.plain(lang) } else { String::new() };
        let unit = unit.filter(|u| lang == 0 || u.plain(lang) != u.plain(0));
        let unit = unit.map(|u| format!("[{}]", u.plain(lang))).unwrap_or_default();
        lines.push(format!("{said} {unit}").trim().to_owned());
    }
    if let Some(help) = &cell.help {
        lines.extend((0..survey.languages.len().max(1)).map(|lang| help.plain(lang)));
    }
    let mut seen = Vec::new();
    for line in lines.into_iter().filter(|l| !l.is_empty()) {
        if !seen.contains(&line) {
            seen.push(line);
        }
    }
    seen.join("\n")
}

/// The two definitions of a code list: one code, and one code or a blank; the labels in the description.
pub fn list(survey: &Survey, id: ListId) -> [(String, Json); 2] {
    let (one, any) = (names::codes_name(survey, id), names::list_name(survey, id));
    let Some(list) = survey.list(id) else { return [(one, json!({})), (any, json!({}))] };
    let codes: Vec<Json> = list.codes.iter().filter(|c| !c.retired).map(|c| json!(c.code)).collect();
    let title = if list.label.is_empty() { list.id.clone() } else { list.label.plain(0) };
    let schema = |ty: Json, codes: Vec<Json>| json!({"title": title, "description": labels(survey, list), "type": ty, "enum": codes});
    let mut with_blank = codes.clone();
    with_blank.extend([json!(""), Json::Null]);
    [(one, schema(json!("string"), codes)), (any, schema(json!(["string", "null"]), with_blank))]
}

/// A line for each code and language, then the notes.
fn labels(survey: &Survey, list: &crate::ir::CodeList) -> String {
    let mut lines = Vec::new();
    let languages = 0..survey.languages.len().max(1);
    for lang in languages.clone() {
        lines.extend(list.codes.iter().map(|c| format!("{}. {}", c.code, c.label.plain(lang))));
    }
    for note in list.codes.iter().filter_map(|c| c.note.as_ref()) {
        lines.extend(languages.clone().map(|lang| note.plain(lang)));
    }
    lines.dedup();
    lines.join("\n")
}
