//! Carrying a return of an earlier version over the declared renames.

use super::cell::RawProblem;
use super::error::{ReadError, ReadErrorKind};
use super::json::Parsed;
use super::layout::{Layout, NodeId, Target, Tree};
use super::version;
use super::write::write_json;
use crate::ir::{ListId, Rename, Renamed, Root, Survey, Type};
use formwright_engine::json::{Json, Kind, Limits, Member, parse, pointer_step};
use formwright_engine::write::{JsonWriter, Style};
use std::cmp::Ordering;
use std::collections::{HashMap, HashSet};

/// A return that has been carried over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Migrated {
    /// The return with today's names and version.
    pub text: String,
    /// The version it was of.
    pub from: String,
    /// Names, codes and references that were changed.
    pub changed: usize,
    /// JSON pointers of what today's version does not have; it is kept as it was.
    pub left: Vec<String>,
}

/// A return of an earlier version (or of this one, which stays as it is) with the names and codes of today.
///
/// Names of one object are changed together, so two that were swapped come out right; where today's name is there
/// already, both stay. Of several earlier names of one thing the one in force in the return's version is meant.
///
/// # Errors
/// When the text is no JSON object, over a limit, of another survey, or of a later version.
///
/// ```
/// # use formwright::{SourceFileInput, compile};
/// # let file = |name: &str, text: &str| SourceFileInput { name: name.into(), shown: name.into(), bytes: text.into() };
/// # let files = vec![
/// #     file("survey.yaml", "survey: shop\nversion: '2'\ntitle: Shop\nlanguages: [en]\ntables: [stock]\n"),
/// #     file("stock.yaml", "table: stock\ntitle: Stock\nfields:\n  - books: {label: Books, type: count, was: volumes}\n  - lent: {label: Lent, type: count}\nrules:\n  - within: {check: lent <= books}\n"),
/// # ];
/// # let survey = compile(files).survey.unwrap();
/// use formwright::data::{Layout, migrate};
/// use formwright::engine::write::Style;
///
/// let old = br#"{"survey": "shop", "version": "1", "tables": {"stock": {"volumes": 5}}}"#;
/// let migrated = migrate(&survey, &Layout::new(&survey), old, Style::Compact).unwrap();
/// assert_eq!(migrated.text, r#"{"survey": "shop", "version": "2", "tables": {"stock": {"books": 5}}}"#);
/// assert!(migrated.left.is_empty());
/// ```
pub fn migrate(survey: &Survey, layout: &Layout, json: &[u8], style: Style) -> Result<Migrated, ReadError> {
    let mut root = parse(json, &Limits::default())?.root;
    let from = check_header(survey, &root)?;
    let renames = in_force(survey, &from);
    let mut work = Work { survey, tree: layout.tree(Root::Return), codes: codes(&renames), changed: 0 };
    for (at, names) in members(&renames) {
        work.rename(&mut root, at, &names);
    }
    work.object(0, &mut root);
    work.responses(&mut root, &renames);
    if let Some(version) = child(&mut root, "version") {
        version.kind = Kind::Text(survey.version.clone());
    }
    let mut out = JsonWriter::new(style);
    write_json(&mut out, &root);
    let text = out.finish();
    let left = left(survey, layout, &text)?;
    Ok(Migrated { text, from, changed: work.changed, left })
}

fn left(survey: &Survey, layout: &Layout, text: &str) -> Result<Vec<String>, ReadError> {
    let read = Parsed::new(text.as_bytes())?.read(survey, layout)?;
    let unknown = read.problems.into_iter().filter(|p| matches!(p.problem, RawProblem::Unexpected(..)));
    Ok(unknown.map(|p| p.pointer).collect())
}

fn check_header(survey: &Survey, root: &Json) -> Result<String, ReadError> {
    let fault = |kind, name: &str| {
        let at = root.get(name);
        let pointer = at.map_or_else(String::new, |_| pointer_step(name));
        ReadError { kind, pointer, offset: at.unwrap_or(root).span.0 }
    };
    if root.members().is_none() {
        return Err(fault(ReadErrorKind::NotObject, ""));
    }
    let text = |name: &'static str| {
        root.get(name).and_then(Json::as_text).ok_or_else(|| fault(ReadErrorKind::Missing(name), name))
    };
    let (id, version) = (text("survey")?, text("version")?);
    if id != survey.id {
        return Err(fault(ReadErrorKind::OtherSurvey(id.into(), survey.id.clone()), "survey"));
    }
    if version::compare(version, &survey.version) == Ordering::Greater {
        return Err(fault(ReadErrorKind::OtherVersion(version.into(), survey.version.clone()), "version"));
    }
    Ok(version.to_owned())
}

/// The renames that a return of a version needs: of each name the earliest that was still used then.
fn in_force<'a>(survey: &'a Survey, version: &str) -> Vec<&'a Rename> {
    let used = |r: &&Rename| match &r.until {
        Some(until) => version::compare(version, until) != Ordering::Greater,
        None => version::compare(version, &survey.version) == Ordering::Less,
    };
    let mut best: Vec<&Rename> = Vec::new();
    let mut by_name: HashMap<(&Renamed, &str), usize> = HashMap::new();
    for rename in survey.renames.iter().filter(used) {
        match by_name.get(&(&rename.what, rename.to.as_str())).and_then(|ix| best.get_mut(*ix)) {
            Some(other) if ends_before(rename, other) => *other = rename,
            Some(_) => {}
            None => {
                by_name.insert((&rename.what, &rename.to), best.len());
                best.push(rename);
            }
        }
    }
    best
}

fn ends_before(a: &Rename, b: &Rename) -> bool {
    match (&a.until, &b.until) {
        (Some(a), Some(b)) => version::compare(a, b) == Ordering::Less,
        (a, b) => a.is_some() && b.is_none(),
    }
}

/// Earlier and present names.
type Names<'a> = Vec<(&'a str, &'a str)>;

/// The renames of members by the object they stand in, in order.
fn members<'a>(renames: &[&'a Rename]) -> Vec<(&'a [String], Names<'a>)> {
    let mut out: Vec<(&[String], Names)> = Vec::new();
    for rename in renames {
        let Renamed::Member(at) = &rename.what else { continue };
        let pair = (rename.from.as_str(), rename.to.as_str());
        match out.iter_mut().find(|(path, _)| path == at) {
            Some((_, names)) => names.push(pair),
            None => out.push((at, vec![pair])),
        }
    }
    out
}

fn codes<'a>(renames: &[&'a Rename]) -> HashMap<ListId, Names<'a>> {
    let mut out: HashMap<ListId, Names> = HashMap::new();
    for rename in renames {
        if let Renamed::Code(list) = rename.what {
            out.entry(list).or_default().push((&rename.from, &rename.to));
        }
    }
    out
}

fn child<'a>(json: &'a mut Json, name: &str) -> Option<&'a mut Json> {
    let Kind::Object(members) = &mut json.kind else { return None };
    members.iter_mut().find(|m| m.key == name).map(|m| &mut m.value)
}

fn now<'a>(names: &Names<'a>, name: &str) -> Option<&'a str> {
    names.iter().find(|(from, _)| *from == name).map(|(_, to)| *to)
}

struct Work<'a> {
    survey: &'a Survey,
    tree: &'a Tree,
    codes: HashMap<ListId, Names<'a>>,
    changed: usize,
}

impl Work<'_> {
    /// Renames members of the objects at a path; the recursion is as deep as the path.
    fn rename(&mut self, json: &mut Json, at: &[String], names: &Names<'_>) {
        match (at.split_first(), &mut json.kind) {
            (None, Kind::Object(members)) => self.rename_members(members, names),
            (Some((star, rest)), Kind::Array(items)) if star == "*" => {
                items.iter_mut().for_each(|item| self.rename(item, rest, names));
            }
            (Some((name, rest)), Kind::Object(_)) => {
                if let Some(inner) = child(json, name) {
                    self.rename(inner, rest, names);
                }
            }
            _ => {}
        }
    }

    /// All at once: a name that is taken by a member that keeps it is not given a second time.
    fn rename_members(&mut self, members: &mut [Member], names: &Names<'_>) {
        let keeps = |m: &Member| now(names, &m.key).is_none();
        let kept: HashSet<String> = members.iter().filter(|m| keeps(m)).map(|m| m.key.clone()).collect();
        for member in members {
            if let Some(to) = now(names, &member.key).filter(|to| !kept.contains(*to)) {
                to.clone_into(&mut member.key);
                self.changed += 1;
            }
        }
    }

    /// Codes in a document, by the survey's own shape.
    fn object(&mut self, node: NodeId, json: &mut Json) {
        let Kind::Object(members) = &mut json.kind else { return };
        if self.codes.is_empty() {
            return;
        }
        let Some(node) = self.tree.node(node) else { return };
        for member in members {
            match (node.get(&member.key), &mut member.value.kind) {
                (Some(Target::Object(inner)), _) => self.object(inner, &mut member.value),
                (Some(Target::Rows(_, inner)), Kind::Array(rows)) => {
                    rows.iter_mut().for_each(|row| self.object(inner, row));
                }
                (Some(Target::Cell(id)), _) => self.cell(id, &mut member.value),
                _ => {}
            }
        }
    }

    fn cell(&mut self, id: crate::ir::CellId, json: &mut Json) {
        let Some(cell) = self.survey.cell(id) else { return };
        let of = cell.specifies.and_then(|of| self.survey.cell(of)).unwrap_or(cell);
        let (Type::Code(list) | Type::Codes(list)) = of.ty else { return };
        let Some(names) = self.codes.get(&list) else { return };
        let mut changed = 0;
        let mut one = |text: &mut String| {
            if let Some(to) = now(names, text) {
                to.clone_into(text);
                changed += 1;
            }
        };
        match &mut json.kind {
            Kind::Text(text) if cell.specifies.is_none() => one(text),
            Kind::Array(items) => {
                for item in items {
                    if let Kind::Text(text) = &mut item.kind {
                        one(text);
                    }
                }
            }
            Kind::Object(members) => members.iter_mut().for_each(|m| one(&mut m.key)),
            _ => {}
        }
        self.changed += changed;
    }

    /// Rule ids and places of answers.
    fn responses(&mut self, root: &mut Json, renames: &[&Rename]) {
        let Some(Json { kind: Kind::Array(items), .. }) = child(root, "responses") else { return };
        let find = |what: &Renamed, name: &str| {
            renames.iter().find(|r| r.what == *what && r.from == name).map(|r| r.to.clone())
        };
        for item in items {
            let mut table = String::new();
            if let Some(Json { kind: Kind::Text(rule), .. }) = child(item, "rule") {
                let (of, name) = rule.split_once('.').unwrap_or(("", rule.as_str()));
                table = find(&Renamed::Table, of).unwrap_or_else(|| of.to_owned());
                let name = find(&Renamed::Rule(table.clone()), name).unwrap_or_else(|| name.to_owned());
                let new = if table.is_empty() { name } else { format!("{table}.{name}") };
                self.changed += usize::from(new != *rule);
                *rule = new;
            }
            let Some(Json { kind: Kind::Object(place), .. }) = child(item, "place") else { continue };
            for member in place {
                let Kind::Text(text) = &mut member.value.kind else { continue };
                let what = if member.key == "table" { Renamed::Table } else { Renamed::Place(table.clone()) };
                if let Some(new) = find(&what, text) {
                    *text = new;
                    self.changed += 1;
                }
            }
        }
    }
}
