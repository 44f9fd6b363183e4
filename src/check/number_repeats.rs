//! Two rows of a section that print the same number.

use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{Row, Survey};
use std::collections::HashMap;

/// Reports each row whose number stands at an earlier row too; numbers with `{n}` differ by themselves.
pub fn check(survey: &Survey, problems: &mut Problems) {
    for section in survey.tables.iter().flat_map(|t| &t.sections) {
        let mut seen = HashMap::new();
        if let Some(grid) = &section.grid {
            rows(&grid.rows, &mut seen, problems);
        }
    }
}

fn rows<'s>(list: &'s [Row], seen: &mut HashMap<&'s str, &'s Row>, problems: &mut Problems) {
    for row in list {
        if let Some(number) = row.number.as_deref().filter(|n| !n.contains('{')) {
            let place = |r: &Row| r.number_span.unwrap_or(r.span);
            match seen.get(number) {
                Some(first) if place(first) != place(row) => {
                    let d = Diagnostic::new(&codes::NUMBER_REPEATS, place(row)).arg("number", number);
                    problems.push(d.related(place(first), "first"));
                }
                Some(_) => {}
                None => drop(seen.insert(number, row)),
            }
        }
        rows(&row.rows, seen, problems);
    }
}
