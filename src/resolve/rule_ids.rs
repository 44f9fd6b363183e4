//! Rules of one table that have one id.

use super::Input;
use crate::diag::{Diagnostic, Problems, codes, plain};
use crate::parse::ast;
use crate::source::Span;
use std::collections::HashMap;

/// Reports each rule whose id another rule of its table has: findings could not be told apart.
pub fn rule_ids(input: &Input, problems: &mut Problems) {
    for table in &input.tables {
        let sections = table.sections.iter().flat_map(|s| &s.0).map(|s| &s.node);
        let rules = sections.chain([&table.section]).flat_map(|s| &s.rules);
        unique(rules.flat_map(|r| &r.0).map(|r| (r.id.text(), r.id.span())), problems);
    }
    unique(of_survey(&input.survey), problems);
}

fn of_survey(survey: &ast::Survey) -> impl Iterator<Item = (&str, Span)> {
    survey.rules.iter().flat_map(|r| &r.0).map(|r| (r.id.text(), r.id.span()))
}

/// Reports each id that stands before it already.
pub fn unique<'i>(ids: impl Iterator<Item = (&'i str, Span)>, problems: &mut Problems) {
    let mut seen = HashMap::new();
    for (id, span) in ids {
        if let Some(first) = seen.get(&plain(id)) {
            let d = Diagnostic::new(&codes::DUPLICATE_ID, span).arg("id", id);
            problems.push(d.related(*first, "first"));
        } else {
            seen.insert(plain(id), span);
        }
    }
}
