//! Names in quotation marks in the notes that are the label of nothing.

use super::accept::keeps;
use crate::diag::{Diagnostic, Problems, codes, nearest};
use crate::ir::table::Head;
use crate::ir::{Cell, Row, Survey, Table, text};
use std::cell::LazyCell;
use std::collections::{BTreeSet, HashSet};

/// Matches “…” in the notes of each table against labels, in the survey's first language.
pub fn check(survey: &Survey, problems: &mut Problems) {
    let common = LazyCell::new(|| known(&common(survey)));
    let mut cells: Vec<Vec<&Cell>> = vec![Vec::new(); survey.tables.len()];
    for cell in &survey.cells {
        if let Some(own) = cell.table.and_then(|t| cells.get_mut(t)) {
            own.push(cell);
        }
    }
    for (table, cells) in survey.tables.iter().zip(&cells) {
        let names: Vec<_> = table.notes.iter().flat_map(|n| &n.names).collect();
        if names.is_empty() {
            continue;
        }
        let own = known(&labels(table, cells));
        let is_known = |name: &str| own.contains(name) || common.contains(name);
        for (name, span) in names.into_iter().filter(|(name, _)| !is_known(&plain(name))) {
            let mut d = Diagnostic::new(&codes::NOTE_NAME, *span).arg("name", name);
            // To an accepted name there is nothing to suggest.
            if !survey.accepts.iter().any(|a| keeps(a, &d)) {
                d.suggestions = nearest(name, own.union(&common).map(String::as_str));
            }
            problems.push(d);
        }
    }
}

/// Labels as names are compared. Many cells share one, so each is looked at once.
fn known(labels: &HashSet<&str>) -> BTreeSet<String> {
    labels.iter().map(|label| plain(label)).collect()
}

/// A label as names are compared: soft breaks, white space and a leading number left out.
fn plain(label: &str) -> String {
    let text: String = text::plain(label).chars().filter(|c| !c.is_whitespace()).collect();
    match text.split_once(['、', '.']) {
        Some((number, rest))
            if !rest.is_empty()
                && number
                    .chars()
                    .all(|c| c.is_ascii_alphanumeric() || "一二三四五六七八九十".contains(c)) =>
        {
            rest.to_owned()
        }
        _ => text,
    }
}

/// Names that every table may use: lists, codes, units, yes and no.
fn common(survey: &Survey) -> HashSet<&str> {
    let mut known = HashSet::from(["是", "否", "√", "×", "yes", "no"]);
    known.extend(survey.lists.iter().map(|l| l.label.get(0)));
    known.extend(survey.lists.iter().flat_map(|l| &l.codes).map(|c| c.label.get(0)));
    known.extend(survey.units.iter().map(|u| u.label.get(0)));
    known
}

fn labels<'s>(table: &'s Table, cells: &[&'s Cell]) -> HashSet<&'s str> {
    let mut known = HashSet::from([table.title.get(0)]);
    for section in &table.sections {
        known.insert(section.label.get(0));
        known.extend(section.none.iter().map(|n| n.1.get(0)));
        if let Some(grid) = &section.grid {
            heads(&grid.heads, &mut known);
            rows(&grid.rows, &mut known);
        }
    }
    for cell in cells {
        known.extend([cell.label.get(0), cell.spoken.get(0)]);
    }
    known
}

fn heads<'s>(list: &'s [Head], known: &mut HashSet<&'s str>) {
    for head in list {
        known.insert(head.label.get(0));
        heads(&head.children, known);
    }
}

fn rows<'s>(list: &'s [Row], known: &mut HashSet<&'s str>) {
    for row in list {
        known.insert(row.label.get(0));
        rows(&row.rows, known);
    }
}
