//! What the checks ask of the solver, and its reasons in words.

use super::terms::{name, names};
use crate::diag::{Code, Diagnostic, Problems, codes};
use crate::ir::{CellId, Instance, Rule, Survey};
use crate::solve::{Goal, Solver, Why};
use crate::source::Span;
use formwright_engine::Decimal;

/// Why a place never fulfils (or never breaks) its rule.
pub fn never<'s>(solver: &Solver<'s>, instance: &'s Instance, so: bool) -> Option<Vec<Why<'s>>> {
    solver.never(instance.home, Goal::all_of(instance, so)?)
}

/// Whether a rule never applies at a place.
pub fn applies_never(solver: &Solver<'_>, instance: &Instance) -> bool {
    let Some(when) = &instance.when else { return false };
    solver.never(instance.home, vec![Goal::Is(when, true)]).is_some()
}

/// Whether something is said of a rule's condition already, or of the bounds of a cell it reads: one mistake, one message.
/// What an empty return does to it is another matter.
pub fn is_told(survey: &Survey, problems: &Problems, rule: &Rule) -> bool {
    let cells = rule.instances.iter().flat_map(|i| i.target.iter().chain(&i.reads));
    let spans: Vec<Span> = cells.filter_map(|c| survey.cell(*c)).map(|c| c.span).collect();
    let is = |d: &Diagnostic, code: &Code| d.code.code == code.code;
    let says = |d: &Diagnostic| meet(d.span, rule.text) && !is(d, &codes::FAILS_EMPTY);
    problems.iter().any(|d| says(d) || (is(d, &codes::EMPTY_RANGE) && spans.contains(&d.span)))
}

fn meet(a: Span, b: Span) -> bool {
    a.file == b.file && a.start < b.end && b.start < a.end
}

/// Most reasons that are told.
const REASONS: usize = 2;

/// The first reasons in English and Chinese.
pub fn because(survey: &Survey, reasons: &[Why<'_>]) -> (String, String) {
    let mut said: Vec<(String, String)> = Vec::new();
    for one in reasons.iter().map(|why| said_of(survey, why)) {
        if !said.contains(&one) && said.len() < REASONS {
            said.push(one);
        }
    }
    let (en, zh): (Vec<_>, Vec<_>) = said.into_iter().unzip();
    (en.join("; "), zh.join("；"))
}

fn said_of(survey: &Survey, why: &Why<'_>) -> (String, String) {
    let of = |cell: &CellId| name(survey, *cell);
    match why {
        Why::Presence(cell) => {
            let name = of(cell);
            (
                format!("`{name}` would have to be filled and blank at once"),
                format!("“{name}”须同时填写和为空"),
            )
        }
        Why::Values(cell) => {
            let name = of(cell);
            (format!("no value of `{name}` is left"), format!("“{name}”没有可取的值"))
        }
        Why::Range(e, low, high) => {
            let cells = names(survey, e.cells());
            match bounds(*low, *high) {
                Some((en, zh)) => (format!("`{cells}` is {en}"), format!("“{cells}”{zh}")),
                None => (
                    format!("the bounds of {cells} leave no numbers for it"),
                    format!("{cells} 的取值范围不容许"),
                ),
            }
        }
        Why::Numbers(cells) => {
            let cells = names(survey, cells.iter().copied());
            (format!("no numbers of {cells} fulfil all of it"), format!("{cells} 没有同时满足各条件的数值"))
        }
        Why::Both(e) => {
            let cells = names(survey, e.cells());
            (
                format!("a condition on {cells} would have to hold and not hold"),
                format!("关于 {cells} 的同一条件须既成立又不成立"),
            )
        }
        Why::Decided(_) => ("it asks only what is filled".into(), "它只问是否填写".into()),
        Why::Always(_) => ("no answer changes it".into(), "任何答案都不改变结果".into()),
    }
}

fn bounds(low: Option<Decimal>, high: Option<Decimal>) -> Option<(String, String)> {
    Some(match (low, high) {
        (Some(low), Some(high)) if low == high => (format!("always {low}"), format!("总是 {low}")),
        (Some(low), Some(high)) => (format!("between {low} and {high}"), format!("在 {low} 与 {high} 之间")),
        (Some(low), None) => (format!("never below {low}"), format!("不会小于 {low}")),
        (None, Some(high)) => (format!("never above {high}"), format!("不会大于 {high}")),
        (None, None) => return None,
    })
}
