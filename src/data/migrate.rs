//! Carrying a return of an earlier revision over the declared renames.

use super::json::{ReadError, ReadErrorKind};
use super::write::write_json;
use crate::ir::Survey;
use formwright_engine::json::{Json, Kind, Limits, Member, parse};
use formwright_engine::write::{JsonWriter, Style};

/// A return with the names of an earlier revision, as one with today's names and version.
///
/// Each rename is a path below `tables`, in which `*` stands for every row of an array; where both names are
/// there, the new one is left as it is.
///
/// # Errors
/// When the text is no JSON object, or over a limit.
pub fn migrate(survey: &Survey, json: &[u8]) -> Result<String, ReadError> {
    let document = parse(json, &Limits::default()).map_err(|error| ReadError {
        kind: ReadErrorKind::Json(error.problem.to_string()),
        pointer: error.pointer,
        offset: error.offset,
    })?;
    let mut root = document.root;
    if root.members().is_none() {
        return Err(ReadError {
            kind: ReadErrorKind::NotObject,
            pointer: String::new(),
            offset: root.span.0,
        });
    }
    for (old, new) in &survey.renames {
        if let Some(tables) = child(&mut root, "tables") {
            rename(tables, old, new);
        }
    }
    if let Some(version) = child(&mut root, "version") {
        version.kind = Kind::Text(survey.version.clone());
    }
    let mut out = JsonWriter::new(Style::Pretty);
    write_json(&mut out, &root);
    Ok(out.finish())
}

fn child<'a>(json: &'a mut Json, name: &str) -> Option<&'a mut Json> {
    let Kind::Object(members) = &mut json.kind else { return None };
    members.iter_mut().find(|m| m.key == name).map(|m| &mut m.value)
}

/// Walks what both paths share and moves the rest (the recursion is as deep as the declared path).
fn rename(json: &mut Json, old: &[String], new: &[String]) {
    match (old.split_first(), new.split_first()) {
        (Some((star, old)), Some((same, new))) if star == same && star == "*" => {
            if let Kind::Array(items) = &mut json.kind {
                items.iter_mut().for_each(|item| rename(item, old, new));
            }
        }
        (Some((first, rest)), Some((same, into)))
            if first == same && !rest.is_empty() && !into.is_empty() =>
        {
            if let Kind::Array(items) = &mut json.kind {
                items.iter_mut().for_each(|item| rename(item, old, new));
            } else if let Some(inner) = child(json, first) {
                rename(inner, rest, into);
            }
        }
        (Some((first, [])), Some((name, []))) => rename_member(json, first, name),
        // A path that changes above its last name: the rows of an array on both sides stay where they are.
        _ => {
            if let Some(value) = take(json, old) {
                put(json, new, value);
            }
        }
    }
}

fn rename_member(json: &mut Json, old: &str, new: &str) {
    match &mut json.kind {
        Kind::Array(items) => items.iter_mut().for_each(|item| rename_member(item, old, new)),
        Kind::Object(members) if members.iter().all(|m| m.key != new) => {
            if let Some(member) = members.iter_mut().find(|m| m.key == old) {
                member.key = new.to_owned();
            }
        }
        _ => {}
    }
}

fn take(json: &mut Json, path: &[String]) -> Option<Json> {
    let (first, rest) = path.split_first()?;
    if !rest.is_empty() {
        return take(child(json, first)?, rest);
    }
    let Kind::Object(members) = &mut json.kind else { return None };
    let at = members.iter().position(|m| &m.key == first)?;
    Some(members.remove(at).value)
}

/// Adds the objects on the way; a value that is there already stays.
fn put(json: &mut Json, path: &[String], value: Json) {
    let Some((first, rest)) = path.split_first() else { return };
    let Kind::Object(members) = &mut json.kind else { return };
    let at = match members.iter().position(|m| &m.key == first) {
        Some(at) => at,
        None => {
            let empty = Json { kind: Kind::Object(Vec::new()), span: value.span };
            let fresh = if rest.is_empty() { value.clone() } else { empty };
            members.push(Member { key: first.clone(), key_span: 0..0, value: fresh });
            members.len() - 1
        }
    };
    if let Some(member) = members.get_mut(at)
        && !rest.is_empty()
    {
        put(&mut member.value, rest, value);
    }
}
