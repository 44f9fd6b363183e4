//! Code lists that no place uses.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{Survey, Type};
use crate::parse::ast;
use crate::parse::shapes::NamedList;
use crate::resolve::Input;

/// Reports each list that no cell, constant or spread takes codes from.
pub fn check(input: &Input, survey: &Survey, problems: &mut Problems) {
    let mut used: Vec<bool> = vec![false; survey.lists.len()];
    for cell in &survey.cells {
        if let Type::Code(l) | Type::Codes(l) = cell.ty
            && let Some(u) = used.get_mut(l.ix())
        {
            *u = true;
        }
    }
    for (list, used) in survey.lists.iter().zip(used) {
        if !used && !input.tables.iter().any(|t| names(t, &list.id)) {
            problems.push(Diagnostic::new(&codes::UNUSED_LIST, list.span).arg("list", &list.id));
        }
    }
}

/// Whether a table names a list for constants (`list`) or spreads (`over`).
fn names(table: &ast::Table, id: &str) -> bool {
    let sections = table.sections.iter().flat_map(|s| &s.0).map(|s| &s.node);
    sections.chain([&table.section]).any(|s| {
        s.columns.iter().chain(&s.fields).any(|f| in_fields(f, id)) || s.rows.iter().any(|r| in_rows(r, id))
    })
}

fn in_fields(list: &NamedList<ast::Field>, id: &str) -> bool {
    list.0.iter().any(|f| {
        let spread = f.node.over.iter().flat_map(|o| &o.0).any(|o| o.text() == id);
        let own = f.node.facts.list.as_ref().is_some_and(|l| l.text() == id);
        spread || own || f.node.columns.iter().any(|c| in_fields(c, id))
    })
}

fn in_rows(list: &NamedList<ast::Row>, id: &str) -> bool {
    list.0.iter().any(|r| {
        let over = r.node.over.as_ref().is_some_and(|o| o.text() == id);
        over || r.node.fields.iter().any(|f| in_fields(f, id)) || r.node.rows.iter().any(|x| in_rows(x, id))
    })
}
