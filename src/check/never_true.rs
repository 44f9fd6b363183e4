//! A rule that no return fulfils where it applies: nobody can fill the form.

use super::solved::{applies_never, because, is_told, never};
use super::terms::written;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{Instance, Survey};
use crate::solve::{Solver, Why};

/// Reports the rules that cannot be fulfilled at one of their places, though they can be broken there.
pub fn check(survey: &Survey, problems: &mut Problems) {
    if problems.has_errors() {
        return;
    }
    let solver = Solver::new(survey);
    for rule in written(survey) {
        let found = rule.instances.iter().find_map(|i| unfulfilled(&solver, i));
        if let Some(why) = found
            && !is_told(survey, problems, rule)
        {
            let (why, why_zh) = because(survey, &why);
            let d = Diagnostic::new(&codes::NEVER_TRUE, rule.text).arg("rule", &rule.id);
            problems.push(d.arg("why", why).arg("why_zh", why_zh));
        }
    }
}

fn unfulfilled<'s>(solver: &Solver<'s>, instance: &'s Instance) -> Option<Vec<Why<'s>>> {
    // A condition that reads nothing says what the `when` says.
    instance.condition().filter(|c| !c.cells().is_empty())?;
    let why = never(solver, instance, true)?;
    let matters = !applies_never(solver, instance) && never(solver, instance, false).is_none();
    matters.then_some(why)
}
