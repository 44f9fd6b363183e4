//! Two rows of a section that print the same number.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::Survey;
use crate::parse::ast;
use crate::parse::shapes::{Named, NamedList, Str, Text};
use crate::resolve::Input;

/// The name for `accept`.
const NAME: &str = "number-repeats";

/// Reports each row whose number stands at an earlier row too, unless one of the two accepts it.
pub fn check(input: &Input, _: &Survey, problems: &mut Problems) {
    for table in &input.tables {
        let sections = table.sections.iter().flat_map(|s| &s.0).map(|s| &s.node);
        for section in sections.chain([&table.section]) {
            let mut rows = Vec::new();
            section.rows.iter().for_each(|r| collect(r, &mut rows));
            repeats(&rows, problems);
        }
    }
}

fn collect<'a>(list: &'a NamedList<ast::Row>, out: &mut Vec<&'a Named<ast::Row>>) {
    for row in &list.0 {
        out.push(row);
        row.node.rows.iter().for_each(|r| collect(r, out));
    }
}

fn accepted(row: &Named<ast::Row>) -> Option<&(Str, Text)> {
    row.node.facts.accept.iter().flat_map(|a| &a.0).find(|(name, _)| name.text() == NAME)
}

fn repeats(rows: &[&Named<ast::Row>], problems: &mut Problems) {
    let number = |r: &Named<ast::Row>| {
        r.node.number.as_ref().map(|n| n.text().to_owned()).filter(|n| !n.contains('{'))
    };
    for (i, row) in rows.iter().enumerate() {
        let Some(own) = number(row) else { continue };
        let others = |r: &&&Named<ast::Row>| r.id.span() != row.id.span() && number(r).as_ref() == Some(&own);
        let before = rows.get(..i).unwrap_or_default().iter().find(others);
        match (before, accepted(row), rows.iter().any(|r| others(&r))) {
            (Some(first), None, _) if accepted(first).is_none() => {
                let span = row.node.number.as_ref().map_or(row.id.span(), Str::span);
                let d = Diagnostic::new(&codes::NUMBER_REPEATS, span).arg("number", &own);
                problems
                    .push(d.related(first.node.number.as_ref().map_or(first.id.span(), Str::span), "first"));
            }
            (_, Some((name, _)), false) => {
                problems.push(Diagnostic::new(&codes::UNUSED_ACCEPT, name.span()).arg("name", NAME));
            }
            _ => {}
        }
    }
}
