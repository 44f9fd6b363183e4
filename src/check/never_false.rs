//! A rule that no return breaks: it says nothing.

use super::solved::{because, is_told, never};
use super::terms::written;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::Survey;
use crate::solve::Solver;

/// Reports the rules that are broken at none of their places, whatever is filled in.
pub fn check(survey: &Survey, problems: &mut Problems) {
    if problems.has_errors() {
        return;
    }
    let solver = Solver::new(survey);
    for rule in written(survey).filter(|r| !r.instances.is_empty()) {
        let mut all = Vec::new();
        let never = rule.instances.iter().all(|i| {
            let reads = i.condition().is_some_and(|c| !c.cells().is_empty());
            let why = if reads { never(&solver, i, false) } else { None };
            all.extend(why.iter().flatten().cloned());
            why.is_some()
        });
        if never && !is_told(survey, problems, rule) {
            let (why, why_zh) = because(survey, &all);
            let d = Diagnostic::new(&codes::NEVER_FALSE, rule.text).arg("rule", &rule.id);
            problems.push(d.arg("why", why).arg("why_zh", why_zh));
        }
    }
}
