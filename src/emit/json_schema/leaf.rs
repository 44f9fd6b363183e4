//! The schema of a cell in its object: type, limits, title and description.

use super::meta::write_texts;
use super::{names, types};
use crate::emit::json::{Json, Members, json, member};
use crate::ir::{Cell, CodeItem, CodeList, Survey, Text};
use formwright_engine::Decimal;
use formwright_engine::write::JsonWriter;

/// A cell's schema in the making.
pub struct Leaf<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// The cell.
    pub cell: &'a Cell,
    /// Limits, each a schema that takes null.
    pub limits: &'a [&'a Json<'a>],
}

impl<'a> Leaf<'a> {
    /// Writes its label, and what else people read of it.
    pub fn titles(&self, out: &mut JsonWriter) {
        out.name("title").string(&self.cell.spoken.shown(0));
        let said = description(self.survey, self.cell);
        if !said.is_empty() {
            out.name("description").string(&said);
        }
    }

    /// The assertions, null and blanks taken or not.
    pub fn keywords(&self, blank: bool) -> Json<'a> {
        let mut base = types::value(self.survey, self.cell, blank);
        let mut rest = Vec::new();
        for limit in self.limits {
            let limit = if blank { (*limit).clone() } else { without_null((*limit).clone()) };
            rest.extend(merged(&mut base, limit));
        }
        if !rest.is_empty() {
            base.set("allOf", rest);
        }
        base
    }
}

/// Writes label, help and note, unit and digits of a cell into its schema.
pub fn annotations(survey: &Survey, cell: &Cell, out: &mut JsonWriter) {
    write_texts(survey, &cell.spoken, out.name("x-label"));
    remarks(survey, "x-", [&cell.help, &cell.note], out);
    if let Some(unit) = cell.unit.and_then(|u| survey.unit(u)) {
        write_texts(survey, &unit.label, out.name("x-unit"));
    }
    if cell.ty.is_numeric() {
        out.name("x-scale").number(&cell.scale.to_string());
        out.name("x-digits").number(&cell.digits.to_string());
    }
}

/// Writes help and note, those that there are, under `help` and `note` behind `prefix`.
pub fn remarks(survey: &Survey, prefix: &str, [help, note]: [&Option<Text>; 2], out: &mut JsonWriter) {
    for (key, text) in [("help", help), ("note", note)] {
        text.iter().for_each(|text| write_texts(survey, text, out.key(&format!("{prefix}{key}"))));
    }
}

/// Adds a limit to the base where no keyword is said twice; gives back what cannot be added.
fn merged<'a>(base: &mut Json<'a>, limit: Json<'a>) -> Option<Json<'a>> {
    let (Json::Object(have), Json::Object(more)) = (base, &limit) else { return Some(limit) };
    let plain = member(have, "type").is_some() || member(have, "$ref").is_some();
    if !plain || !more.iter().all(|(key, value)| replaces(have, key, value)) {
        return Some(limit);
    }
    for (outer, inner) in [("exclusiveMinimum", "minimum"), ("exclusiveMaximum", "maximum")] {
        if member(more, inner).is_some() {
            have.retain(|(key, _)| key != outer);
        }
    }
    let Json::Object(more) = limit else { return None };
    for (key, value) in more {
        match have.iter_mut().find(|(k, _)| *k == key) {
            Some((key, _)) if key == "type" => {}
            Some((_, old)) => *old = value,
            None => have.push((key, value)),
        }
    }
    None
}

/// Whether a keyword may be put into a schema: it is not there, or what is there says less.
fn replaces(have: &Members<'_>, key: &str, value: &Json<'_>) -> bool {
    let number = |key: &str| -> Option<Decimal> { member(have, key)?.as_number() };
    match (key, value.as_number()) {
        ("type", _) => true,
        ("minimum", Some(new)) => {
            number("minimum").is_none_or(|old| old <= new)
                && number("exclusiveMinimum").is_none_or(|old| old < new)
        }
        ("maximum", Some(new)) => {
            number("maximum").is_none_or(|old| old >= new)
                && number("exclusiveMaximum").is_none_or(|old| old > new)
        }
        _ => member(have, key).is_none(),
    }
}

/// The same where null is not taken anyway: strict readers want no type that cannot occur.
fn without_null(mut limit: Json<'_>) -> Json<'_> {
    let first = match limit.get("type") {
        Some(Json::Array(types)) => {
            let null = Json::from("null");
            Some(types.iter().find(|t| **t != null).cloned().unwrap_or(null))
        }
        _ => None,
    };
    if let Some(first) = first {
        limit.set("type", first);
    }
    limit
}

/// Labels in the other languages, the unit, help and note.
fn description(survey: &Survey, cell: &Cell) -> String {
    let mut lines: Vec<String> = Vec::new();
    let (label, unit) = (&cell.spoken, cell.unit.and_then(|u| survey.unit(u)).map(|u| &u.label));
    let mut add = |line: String| {
        if !line.is_empty() && !lines.contains(&line) {
            lines.push(line);
        }
    };
    for lang in 0..survey.languages.len().max(1) {
        let other = lang > 0 && label.get(lang) != label.get(0);
        let said = if other { label.plain(lang) } else { String::new() };
        add(match unit.filter(|u| lang == 0 || u.get(lang) != u.get(0)) {
            Some(unit) if said.is_empty() => format!("[{}]", unit.shown(lang)),
            Some(unit) => format!("{said} [{}]", unit.shown(lang)),
            None => said,
        });
    }
    for said in [&cell.help, &cell.note].into_iter().flatten() {
        (0..survey.languages.len().max(1)).for_each(|lang| add(said.plain(lang)));
    }
    lines.join("\n")
}

/// The two definitions of a code list: one code, and one code or a blank; the labels in the description.
pub fn list<'s>(survey: &'s Survey, list: &'s CodeList) -> [(String, Json<'s>); 2] {
    let in_force = list.codes.iter().filter(|c| !c.retired);
    let codes: Vec<Json> = in_force.map(|c| c.code.as_str().into()).collect();
    let title = if list.label.is_empty() { list.id.as_str().into() } else { list.label.shown(0) };
    let one =
        json!({"title": title, "description": (described(survey, list)), "type": "string", "enum": codes});
    let mut any = one.clone();
    any.set("type", json!(["string", "null"]));
    if let Json::Object(members) = &mut any
        && let Some((_, Json::Array(codes))) = members.iter_mut().find(|(key, _)| key == "enum")
    {
        codes.extend([json!(""), Json::Null]);
    }
    [(names::of_code(list), one), (names::of_list(list), any)]
}

/// The labels of a list's codes.
pub fn labels<'s>(survey: &'s Survey, list: &'s CodeList) -> Json<'s> {
    let label = |c: &'s CodeItem| (c.code.as_str().into(), texts(survey, &c.label));
    Json::Object(list.codes.iter().map(label).collect())
}

/// A text as a map by language.
fn texts<'s>(survey: &'s Survey, text: &'s Text) -> Json<'s> {
    let one = |(lang, code): (usize, &'s String)| (code.as_str().into(), text.shown(lang).into());
    Json::Object(survey.languages.iter().enumerate().map(one).collect())
}

/// A line for each code and language, then the notes.
fn described(survey: &Survey, list: &CodeList) -> String {
    let mut lines = Vec::new();
    let languages = 0..survey.languages.len().max(1);
    for lang in languages.clone() {
        lines.extend(list.codes.iter().map(|c| format!("{}. {}", c.code, c.label.shown(lang))));
    }
    for note in list.codes.iter().filter_map(|c| c.note.as_ref()) {
        lines.extend(languages.clone().map(|lang| note.plain(lang)));
    }
    lines.dedup();
    lines.join("\n")
}
