//! Two rules of one place that no return fulfils together.

use super::solved::{because, is_told};
use super::terms::written;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{CellId, Instance, Rule, Survey};
use crate::solve::{Goal, Solver, Why};
use formwright_engine::Severity;
use std::collections::HashMap;

/// Most pairs of places that are looked at, of two rules.
const PAIRS: usize = 64;

/// Most places that read a cell and are looked at beside a further one.
const NEIGHBOURS: usize = 16;

/// Reports the pairs of rules that each can be fulfilled, but not both where both apply.
pub fn check(survey: &Survey, problems: &mut Problems) {
    if problems.has_errors() {
        return;
    }
    let solver = Solver::new(survey);
    let asks = |r: &&Rule| r.severity != Severity::Information && r.in_force();
    let rules: Vec<&Rule> = written(survey).filter(asks).collect();
    for (first, second, why) in contradictions(&solver, &rules) {
        if !is_told(survey, problems, first) && !is_told(survey, problems, second) {
            let (why, why_zh) = because(survey, &why);
            let d = Diagnostic::new(&codes::CONTRADICTION, second.text).arg("rule", &second.id);
            let d = d.arg("other", &first.id).arg("why", why).arg("why_zh", why_zh);
            problems.push(d.related(first.text, "first"));
        }
    }
}

type Pair<'s> = (&'s Rule, &'s Rule, Vec<Why<'s>>);

/// The pairs that share a cell and contradict each other.
fn contradictions<'s>(solver: &Solver<'s>, rules: &[&'s Rule]) -> Vec<Pair<'s>> {
    let mut reading: HashMap<CellId, Vec<(usize, &Instance)>> = HashMap::new();
    let mut pairs: HashMap<(usize, usize), Vec<(&Instance, &Instance)>> = HashMap::new();
    for (ix, rule) in rules.iter().enumerate() {
        for instance in &rule.instances {
            for cell in instance.condition().map(|c| c.cells()).unwrap_or_default() {
                let others = reading.entry(cell).or_default();
                let near = others.iter().rev().take(NEIGHBOURS);
                for (other, with) in near.filter(|o| o.0 != ix && o.1.home == instance.home) {
                    let known = pairs.entry((*other, ix)).or_default();
                    let same =
                        |k: &(&Instance, &Instance)| std::ptr::eq(k.0, *with) && std::ptr::eq(k.1, instance);
                    if known.len() < PAIRS && !known.last().is_some_and(same) {
                        known.push((with, instance));
                    }
                }
                others.push((ix, instance));
            }
        }
    }
    let mut found: Vec<_> = pairs.into_iter().collect();
    found.sort_unstable_by_key(|p| p.0);
    let told = |((a, b), places): ((usize, usize), Vec<(&'s Instance, &'s Instance)>)| {
        let why = places.into_iter().find_map(|(x, y)| together(solver, x, y))?;
        Some((*rules.get(a)?, *rules.get(b)?, why))
    };
    found.into_iter().filter_map(told).collect()
}

/// Why two places are never fulfilled together, though each is, and though both apply together.
fn together<'s>(solver: &Solver<'s>, a: &'s Instance, b: &'s Instance) -> Option<Vec<Why<'s>>> {
    let home = a.home;
    let (first, second) = (Goal::all_of(a, true)?, Goal::all_of(b, true)?);
    let both: Vec<Goal> = first.iter().chain(&second).cloned().collect();
    let why = solver.never(home, both)?;
    let apply = [&a.when, &b.when].into_iter().flatten().map(|when| Goal::Is(when, true));
    let alone = [apply.collect(), first, second];
    alone.into_iter().all(|goals| solver.never(home, goals).is_none()).then_some(why)
}
