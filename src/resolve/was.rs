//! Declared renames: `was:` of tables, sections, rows, blocks, columns, fields, codes and rules.

use super::Input;
use crate::ir::{Cell, ListId, Rename, Renamed, Root, Step, Survey};
use crate::parse::ast::{self, Was};
use crate::parse::shapes::{NamedList, OneOrMany};
use std::collections::{HashMap, HashSet};

/// The earlier names of an id, each with the last version that used it.
type Earlier = Vec<(String, Option<String>)>;

/// The earlier names by id.
type Names = HashMap<String, Earlier>;

/// Every rename of a survey, outer places before inner ones.
pub fn renames(input: &Input, survey: &Survey) -> Vec<Rename> {
    let codes = code_names(input, survey);
    let mut out = Vec::new();
    for t in &input.tables {
        let id = super::text_of(t.table.as_ref());
        let tables = vec!["tables".to_owned()];
        for (from, until) in earlier(t.section.was.as_ref()) {
            push(&mut out, Renamed::Table, &from, id, until.clone());
            push(&mut out, Renamed::Member(tables.clone()), &from, id, until);
        }
        rules(&mut out, id, t.section.rules.as_ref());
        match &t.sections {
            None => {
                section(&mut out, survey, &codes, id, &[tables, vec![id.to_owned()]].concat(), &t.section)
            }
            Some(list) => {
                for s in &list.0 {
                    let path = [tables.clone(), vec![id.to_owned()]].concat();
                    for (from, until) in earlier(s.node.was.as_ref()) {
                        push(&mut out, Renamed::Place(id.into()), &from, s.id.text(), until.clone());
                        push(&mut out, Renamed::Member(path.clone()), &from, s.id.text(), until);
                    }
                    rules(&mut out, id, s.node.rules.as_ref());
                    section(
                        &mut out,
                        survey,
                        &codes,
                        id,
                        &[path, vec![s.id.text().to_owned()]].concat(),
                        &s.node,
                    );
                }
            }
        }
    }
    for (name, of) in [("respondent", &input.survey.respondent), ("signature", &input.survey.signature)] {
        if let Some(s) = of {
            section(&mut out, survey, &codes, "", &[name.to_owned()], s);
        }
    }
    rules(&mut out, "", input.survey.rules.as_ref());
    for (list, names) in &codes {
        let mut sorted: Vec<_> = names.iter().collect();
        sorted.sort();
        for (to, olds) in sorted {
            olds.iter()
                .for_each(|(from, until)| push(&mut out, Renamed::Code(*list), from, to, until.clone()));
        }
    }
    unique(out)
}

fn unique(mut renames: Vec<Rename>) -> Vec<Rename> {
    let mut seen = HashSet::new();
    renames.retain(|r| seen.insert((r.what.clone(), r.from.clone(), r.to.clone())));
    renames.sort_by_key(|r| match &r.what {
        Renamed::Member(path) => path.len(),
        _ => 0,
    });
    renames
}

fn push(out: &mut Vec<Rename>, what: Renamed, from: &str, to: &str, until: Option<String>) {
    out.push(Rename { what, from: from.to_owned(), to: to.to_owned(), until });
}

fn earlier(was: Option<&OneOrMany<Was>>) -> Earlier {
    let one = |was: &Was| match was {
        Was::Id(id) => Some((id.text().to_owned(), None)),
        Was::Long(long) => {
            Some((long.id.as_ref()?.text().to_owned(), long.until.as_ref().map(|u| u.text().to_owned())))
        }
    };
    was.iter().flat_map(|was| &was.0).filter_map(one).collect()
}

fn rules(out: &mut Vec<Rename>, table: &str, rules: Option<&NamedList<ast::Rule>>) {
    for rule in rules.iter().flat_map(|r| &r.0) {
        for (from, until) in earlier(rule.node.was.as_ref()) {
            push(out, Renamed::Rule(table.to_owned()), &from, rule.id.text(), until);
        }
    }
}

fn code_names(input: &Input, survey: &Survey) -> Vec<(ListId, Names)> {
    let mut out = Vec::new();
    for list in input.lists.iter().filter_map(|l| l.lists.as_ref()).flat_map(|l| &l.0) {
        let mut names = Names::new();
        for code in list.node.codes.iter().flat_map(|c| &c.0) {
            note(&mut names, code.id.text(), earlier(code.node.was.as_ref()));
        }
        let at = survey.lists.iter().position(|l| l.id == list.id.text());
        if let (Some(at), false) = (at.and_then(|at| u32::try_from(at).ok()), names.is_empty()) {
            out.push((ListId(at), names));
        }
    }
    out
}

fn note(names: &mut Names, id: &str, earlier: Earlier) {
    if !earlier.is_empty() {
        names.insert(id.to_owned(), earlier);
    }
}

/// The renames inside a section: of every member of its JSON whose name is or holds a renamed id.
fn section(
    out: &mut Vec<Rename>,
    survey: &Survey,
    codes: &[(ListId, Names)],
    table: &str,
    path: &[String],
    s: &ast::Section,
) {
    let mut names = Names::new();
    columns(&mut names, s.columns.as_ref());
    columns(&mut names, s.fields.as_ref());
    rows(&mut names, s.rows.as_ref(), survey, codes);
    let mut sorted: Vec<_> = names.iter().collect();
    sorted.sort();
    for (to, olds) in sorted {
        olds.iter()
            .for_each(|(from, until)| push(out, Renamed::Place(table.to_owned()), from, to, until.clone()));
    }
    if names.is_empty() && codes.is_empty() {
        return;
    }
    for cell in survey.cells.iter().filter(|c| c.home.root == Root::Return && starts(c, path)) {
        members(out, survey, codes, &names, path.len(), cell);
    }
}

fn starts(cell: &Cell, path: &[String]) -> bool {
    let same = |(step, name): (&Step, &String)| matches!(step, Step::Key(key) if key == name);
    cell.path.len() > path.len() && cell.path.iter().zip(path).all(same)
}

/// As deep as the source nests.
fn columns(names: &mut Names, list: Option<&NamedList<ast::Field>>) {
    for column in list.iter().flat_map(|l| &l.0) {
        note(names, column.id.text(), earlier(column.node.facts.was.as_ref()));
        columns(names, column.node.columns.as_ref());
    }
}

fn rows(names: &mut Names, list: Option<&NamedList<ast::Row>>, survey: &Survey, codes: &[(ListId, Names)]) {
    for row in list.iter().flat_map(|l| &l.0) {
        note(names, row.id.text(), earlier(row.node.facts.was.as_ref()));
        columns(names, row.node.fields.as_ref());
        rows(names, row.node.rows.as_ref(), survey, codes);
        let Some(over) = &row.node.over else { continue };
        let of_list = |(list, _): &&(ListId, Names)| survey.list(*list).is_some_and(|l| l.id == over.text());
        for (code, olds) in codes.iter().filter(of_list).flat_map(|(_, n)| n) {
            note(names, code, olds.clone());
        }
    }
}

fn members(
    out: &mut Vec<Rename>,
    survey: &Survey,
    codes: &[(ListId, Names)],
    names: &Names,
    from: usize,
    cell: &Cell,
) {
    let mut at: Vec<String> = Vec::new();
    for (ix, step) in cell.path.iter().enumerate() {
        let Step::Key(name) = step else {
            at.push("*".to_owned());
            continue;
        };
        if ix >= from {
            let last = ix + 1 == cell.path.len();
            let olds = if last { leaf(survey, codes, names, cell, name) } else { names.get(name).cloned() };
            for (old, until) in olds.into_iter().flatten() {
                push(out, Renamed::Member(at.clone()), &old, name, until);
            }
        }
        at.push(name.clone());
    }
}

/// The earlier names of a cell's own member: of its declared id, its codes, or the field that it specifies.
fn leaf(
    survey: &Survey,
    codes: &[(ListId, Names)],
    names: &Names,
    cell: &Cell,
    name: &str,
) -> Option<Earlier> {
    if let Some(of) = cell.specifies.and_then(|of| survey.cell(of)) {
        let base = name.strip_suffix("_specify")?;
        let with = |(old, until): (String, Option<String>)| (format!("{old}_specify"), until);
        return leaf(survey, codes, names, of, base).map(|olds| olds.into_iter().map(with).collect());
    }
    if let Some(olds) = names.get(name) {
        return Some(olds.clone());
    }
    let mut out = Earlier::new();
    if let (Some(olds), Some(rest)) = (names.get(&cell.declared), name.strip_prefix(cell.declared.as_str())) {
        out.extend(olds.iter().map(|(old, until)| (format!("{old}{rest}"), until.clone())));
    }
    for (axis, code) in &cell.over {
        let of_list = |(list, _): &&(ListId, Names)| survey.list(*list).is_some_and(|l| l.id == *axis);
        let olds = codes.iter().filter(of_list).filter_map(|(_, n)| n.get(code)).flatten();
        out.extend(
            olds.map(|(old, until)| {
                (name.replacen(&format!("_{code}"), &format!("_{old}"), 1), until.clone())
            }),
        );
    }
    (!out.is_empty()).then_some(out)
}
