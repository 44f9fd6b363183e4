//! One figure that two rules compare with different sums of the same figures: an operand is missing in one of them.

use super::terms::{comparisons, name, names, terms};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::Expr;
use crate::ir::{CellId, Fact, Origin, Rule, Survey};
use formwright_engine::func::Compare;
use std::collections::{BTreeSet, HashMap};

/// A figure that must be equal to a sum.
struct Sum<'s> {
    rule: &'s Rule,
    when: Option<&'s Expr>,
    parts: BTreeSet<CellId>,
}

/// Reports, once for two rules, the cells that only one of two overlapping sums takes in.
pub fn check(survey: &Survey, problems: &mut Problems) {
    if problems.has_errors() {
        return; // a sum may have been understood in part
    }
    let mut known: HashMap<CellId, Vec<Sum>> = HashMap::new();
    let mut said = BTreeSet::new();
    for rule in survey.rules.iter().filter(|r| is_sum(r.origin) && !r.withdrawn) {
        for (whole, sum) in sums(rule) {
            let before = known.entry(whole).or_default();
            if let Some(other) = before.iter().find(|other| disagree(other, &sum))
                && said.insert((other.rule.id.as_str(), rule.id.as_str()))
            {
                problems.push(told(survey, whole, other, &sum));
            }
            before.push(sum);
        }
    }
}

fn is_sum(origin: Origin) -> bool {
    matches!(origin, Origin::Rule | Origin::Fact(Fact::Parts))
}

/// The equalities of a rule between one cell and a sum of cells.
fn sums(rule: &Rule) -> Vec<(CellId, Sum<'_>)> {
    let mut found = Vec::new();
    for instance in &rule.instances {
        let equal = instance.condition().into_iter().flat_map(comparisons).filter(|c| c.op == Compare::Eq);
        for (one, other) in equal.flat_map(|c| [(c.left, c.right), (c.right, c.left)]) {
            let parts: Option<BTreeSet<CellId>> =
                terms(other).iter().map(|t| t.cell().filter(|_| !t.taken_off)).collect();
            if let ([whole], Some(parts)) = (terms(one).as_slice(), parts)
                && let Some(whole) = whole.cell()
            {
                found.push((whole, Sum { rule, when: instance.when.as_ref(), parts }));
            }
        }
    }
    found
}

/// Whether two sums under the same conditions have terms in common and others not. Sums of other terms altogether are
/// classifications of the same whole.
fn disagree(a: &Sum, b: &Sum) -> bool {
    let guarded_alike = match (a.when, b.when) {
        (None, None) => true,
        (Some(x), Some(y)) => x.is_like(y),
        _ => false,
    };
    guarded_alike && a.rule.id != b.rule.id && a.parts != b.parts && !a.parts.is_disjoint(&b.parts)
}

fn told(survey: &Survey, whole: CellId, other: &Sum, sum: &Sum) -> Diagnostic {
    let only_here = names(survey, sum.parts.difference(&other.parts).copied());
    let only_there = names(survey, other.parts.difference(&sum.parts).copied());
    let (so, so_zh) = match (only_here.is_empty(), only_there.is_empty()) {
        (true, _) => (format!("{only_there} would have to be 0"), format!("{only_there} 必须为 0")),
        (_, true) => (format!("{only_here} would have to be 0"), format!("{only_here} 必须为 0")),
        _ => (
            format!("{only_here} would have to equal {only_there}"),
            format!("{only_here} 必须等于 {only_there}"),
        ),
    };
    let d = Diagnostic::new(&codes::TWO_SUMS, sum.rule.text).arg("whole", name(survey, whole));
    let d = d.arg("rule", &other.rule.id).arg("so", so).arg("so_zh", so_zh);
    d.related(other.rule.text, "first")
}
