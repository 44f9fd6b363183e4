//! Ids and labels: what a section declares, and that nothing is declared twice.

use super::Work;
use crate::diag::{Diagnostic, codes};
use crate::ir::Text;
use crate::parse::ast;
use crate::parse::shapes::{NamedList, Str};
use crate::source::Span;
use std::collections::HashMap;

impl Work<'_, '_> {
    /// Reports ids that stand twice, and names of places that are the same; fills in the names of cells.
    pub(super) fn names(&mut self) {
        let mut seen: HashMap<String, Span> = HashMap::new();
        let mut ids: Vec<(String, Span)> =
            declared_ids(self.input.node).into_iter().map(|(id, span)| (id.to_owned(), span)).collect();
        let spread = self.leaves.iter().filter(|l| !l.model.over.is_empty());
        ids.extend(spread.map(|l| (l.model.id.clone(), l.span)));
        for (id, span) in ids {
            let folded = crate::diag::plain(&id);
            if let Some(first) = seen.get(&folded) {
                let d = Diagnostic::new(&codes::DUPLICATE_ID, span).arg("id", &id).related(*first, "first");
                self.b.problems.push(d);
                continue;
            }
            seen.insert(folded, span);
        }
        self.cell_names(&mut seen);
    }

    fn cell_names(&mut self, seen: &mut HashMap<String, Span>) {
        let Some(names) = &self.input.node.names else { return };
        let columns = self.s.columns.iter().filter_map(|c| c.name.clone());
        let mut all: Vec<String> = columns.chain(self.s.rows.iter().filter_map(|r| r.name.clone())).collect();
        all.dedup();
        if let Some(pattern) = &names.cell {
            for (r, row) in self.s.rows.iter().enumerate() {
                for (c, column) in self.s.columns.iter().enumerate().filter(|(_, c)| c.holds) {
                    let name = pattern.text().replace("{row}", &row.id).replace("{column}", &column.id);
                    all.push(name.clone());
                    self.s.cell_names.push((name, r, c));
                }
            }
        }
        let span = names.cell.as_ref().or(names.row.as_ref()).or(names.column.as_ref()).map(Str::span);
        let span = span.unwrap_or_default();
        for name in all {
            if seen.insert(crate::diag::plain(&name), span).is_some() {
                self.b.problems.push(Diagnostic::new(&codes::DUPLICATE_ID, span).arg("id", &name));
            }
        }
    }
}

/// A pattern of `names` with an id put in.
pub fn filled(pattern: &Str, id: &str) -> String {
    pattern.text().replacen("{}", id, 1)
}

/// Every id declared in a section, with its place.
fn declared_ids(node: &ast::Section) -> Vec<(&str, Span)> {
    let mut out = Vec::new();
    for f in node.fields.iter().chain(&node.columns) {
        field_ids(f, &mut out);
    }
    if let Some(rows) = &node.rows {
        row_ids(rows, &mut out);
    }
    out
}

fn field_ids<'a>(list: &'a NamedList<ast::Field>, out: &mut Vec<(&'a str, Span)>) {
    for f in &list.0 {
        out.push((f.id.text(), f.id.span()));
        f.node.columns.iter().for_each(|c| field_ids(c, out));
    }
}

fn row_ids<'a>(list: &'a NamedList<ast::Row>, out: &mut Vec<(&'a str, Span)>) {
    for r in &list.0 {
        out.push((r.id.text(), r.id.span()));
        r.node.fields.iter().for_each(|f| field_ids(f, out));
        r.node.rows.iter().for_each(|x| row_ids(x, out));
    }
}

/// Two labels, the second behind the first.
pub fn join_text(a: &Text, b: &Text) -> Text {
    let n = a.0.len().max(b.0.len());
    Text((0..n).map(|l| join(a.get(l), b.get(l))).collect())
}

fn join(a: &str, b: &str) -> String {
    if b.is_empty() { a.to_owned() } else { format!("{a}{}{b}", gap(a, b)) }
}

fn gap(a: &str, b: &str) -> &'static str {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if latin(a.chars().last()) && latin(b.chars().next()) { " " } else { "" }
}
