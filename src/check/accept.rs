//! `accept: {code-gap: reason}`: warnings within a node that its author keeps.

use crate::diag::{Diagnostic, Problems, Severity, codes, nearest};
use crate::ir::{Accept, Survey};
use crate::source::Span;

/// Leaves out the warnings that are accepted, and reports each `accept` that matches nothing.
pub fn settle(survey: &Survey, problems: &mut Problems) {
    let mut used = vec![false; survey.accepts.len()];
    problems.retain(|d| {
        let mut keep = true;
        for (accept, used) in survey.accepts.iter().zip(&mut used) {
            if keeps(accept, d) {
                (keep, *used) = (false, true);
            }
        }
        keep
    });
    if problems.has_errors() {
        return; // what cannot be understood may need it
    }
    for (accept, _) in survey.accepts.iter().zip(used).filter(|(_, used)| !used) {
        problems.push(unused(accept));
    }
}

/// Whether a warning is accepted.
pub fn keeps(accept: &Accept, d: &Diagnostic) -> bool {
    d.code.severity == Severity::Warning && accept.name == d.code.name && within(d.span, accept.node)
}

fn within(span: Span, node: Span) -> bool {
    span.file == node.file && node.start <= span.start && span.end <= node.end
}

fn unused(accept: &Accept) -> Diagnostic {
    let warnings = codes::all().filter(|c| c.severity == Severity::Warning).map(|c| c.name);
    let mut d = Diagnostic::new(&codes::UNUSED_ACCEPT, accept.span).arg("name", &accept.name);
    if codes::find(&accept.name).is_none() {
        d.suggestions = nearest(&accept.name, warnings);
    }
    d
}
