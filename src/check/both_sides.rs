//! A term that stands on both sides of a comparison: it takes no part in it.

use super::terms::{comparisons, terms, written};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::{Expr, Kind};
use crate::ir::{Rule, Survey};

/// Reports rules in which one term is added on both sides wherever they are checked.
pub fn check(survey: &Survey, problems: &mut Problems) {
    for rule in written(survey) {
        if let Some((term, sign)) = everywhere(rule) {
            let name = rule.source.get(term.range.clone()).unwrap_or_default();
            let d = Diagnostic::new(&codes::BOTH_SIDES, rule.at(&term.range));
            problems.push(d.arg("name", name).arg("sign", sign));
        }
    }
}

/// The second of two equal terms, where there are such at every place of the rule.
fn everywhere(rule: &Rule) -> Option<(&Expr, &'static str)> {
    let mut found = None;
    for instance in &rule.instances {
        found = Some(twice(instance.condition()?)?);
    }
    found
}

fn twice(condition: &Expr) -> Option<(&Expr, &'static str)> {
    comparisons(condition).into_iter().find_map(|c| {
        let left = terms(c.left);
        let both = |right: &&super::terms::Term<'_>| {
            !matches!(right.of.kind, Kind::Const(_))
                && left.iter().any(|l| l.taken_off == right.taken_off && l.of.is_like(right.of))
        };
        Some((terms(c.right).iter().find(both)?.of, c.sign))
    })
}
