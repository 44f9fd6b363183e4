//! A rule that reads what must be blank wherever its `when` holds: it can never be decided.

use super::terms::{cell, names, written};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::{Expr, Kind};
use crate::ir::func::{Aggregate, Role};
use crate::ir::{CellId, Fact, Instance, Origin, Survey};
use crate::source::Span;
use formwright_engine::Value;
use formwright_engine::func::Compare;
use std::collections::HashMap;

/// Where a cell must be blank, and where that is said.
type Blanks<'s> = HashMap<CellId, Vec<(&'s Expr, Span)>>;

/// Reports the rules that are undecided, or do not apply, at each of their places.
pub fn check(survey: &Survey, problems: &mut Problems) {
    let blanks = blanks(survey);
    if blanks.is_empty() {
        return;
    }
    for rule in written(survey) {
        let found: Option<Vec<_>> = rule.instances.iter().map(|i| never(i, &blanks)).collect();
        let found: Vec<_> = found.into_iter().flatten().flatten().collect();
        if let Some((_, said)) = found.first() {
            let d = Diagnostic::new(&codes::NEVER_DECIDED, rule.text).arg("rule", &rule.id);
            let cells = names(survey, found.iter().map(|f| f.0));
            problems.push(d.arg("cells", cells).related(*said, "declared"));
        }
    }
}

/// Of every `applies` that leaves a place blank: where.
fn blanks(survey: &Survey) -> Blanks<'_> {
    let mut found = Blanks::new();
    for rule in survey.rules.iter().filter(|r| r.origin == Origin::Fact(Fact::Applies)) {
        for i in &rule.instances {
            if let (Some(target), Some(when), Some(check)) = (i.target, &i.when, i.condition())
                && matches!(&check.kind, Kind::Call(id, _) if id.row().role == Role::Presence(false))
            {
                found.entry(target).or_default().push((when, rule.span));
            }
        }
    }
    found
}

/// The cells that must be blank at a place, if for their sake the condition there is never decided.
fn never(instance: &Instance, blanks: &Blanks<'_>) -> Option<Vec<(CellId, Span)>> {
    let (check, when) = (instance.condition()?, instance.when.as_ref()?);
    let mut known = Known::default();
    known.take(when, true);
    let cells: Vec<_> =
        check.cells().into_iter().filter_map(|c| Some((c, known.blank(c, blanks)?))).collect();
    known.blank = cells.iter().map(|c| c.0).collect();
    (!cells.is_empty() && known.undecided(check)).then_some(cells)
}

/// What is known where a `when` holds.
#[derive(Default)]
struct Known<'e> {
    facts: Vec<(&'e Expr, bool)>,
    blank: Vec<CellId>,
}

impl<'e> Known<'e> {
    /// Takes in that a condition is true or false, with what follows from it.
    fn take(&mut self, e: &'e Expr, holds: bool) {
        if let Kind::Call(id, args) = &e.kind {
            match (id.row().role, args.as_slice()) {
                (Role::And, all) if holds => return all.iter().for_each(|a| self.take(a, true)),
                (Role::Or, all) if !holds => return all.iter().for_each(|a| self.take(a, false)),
                (Role::Not, [one]) => return self.take(one, !holds),
                _ => {}
            }
        }
        self.facts.push((e, holds));
    }

    /// Where it is said that a cell must be blank here.
    fn blank(&self, cell: CellId, blanks: &Blanks<'_>) -> Option<Span> {
        blanks.get(&cell)?.iter().find(|(when, _)| self.truth(when) == Some(true)).map(|b| b.1)
    }

    /// Whether a condition certainly holds or certainly does not.
    fn truth(&self, e: &Expr) -> Option<bool> {
        if let Some((_, holds)) = self.facts.iter().find(|f| f.0.is_like(e)) {
            return Some(*holds);
        }
        match &e.kind {
            Kind::Const(Value::Bool(b)) => Some(*b),
            Kind::Call(id, args) => match (id.row().role, args.as_slice()) {
                (Role::Not, [one]) => self.truth(one).map(|t| !t),
                (Role::And, all) => decided(all.iter().map(|a| self.truth(a)), false),
                (Role::Or, all) => decided(all.iter().map(|a| self.truth(a)), true),
                (Role::Compare(Compare::Eq), [a, b]) => self.equals(a, b),
                (Role::Compare(Compare::Ne), [a, b]) => self.equals(a, b).map(|t| !t),
                _ => None,
            },
            _ => None,
        }
    }

    /// Whether a cell is a constant, where it is known to be this or another one.
    fn equals(&self, a: &Expr, b: &Expr) -> Option<bool> {
        let (Kind::Cell { .. }, Kind::Const(wanted)) = (&a.kind, &b.kind) else { return None };
        if let (Value::Bool(wanted), Some((_, holds))) = (wanted, self.facts.iter().find(|f| f.0.is_like(a)))
        {
            return Some(wanted == holds);
        }
        self.facts.iter().find_map(|(fact, holds)| {
            let Kind::Call(id, args) = &fact.kind else { return None };
            let [x, Expr { kind: Kind::Const(is), .. }] = args.as_slice() else { return None };
            let role = id.row().role;
            let equal = (role == Role::Compare(Compare::Eq) && *holds)
                || (role == Role::Compare(Compare::Ne) && !*holds);
            (equal && x.is_like(a)).then(|| is == wanted)
        })
    }

    /// Whether an expression is blank, or a condition undecided, because of cells that are.
    fn undecided(&self, e: &Expr) -> bool {
        if let Some(cell) = cell(e) {
            return self.blank.contains(&cell);
        }
        let Kind::Call(id, args) = &e.kind else { return false };
        match id.row().role {
            Role::And | Role::Or => args.iter().all(|a| self.undecided(a)),
            Role::Aggregate(Aggregate::Sum | Aggregate::Min | Aggregate::Max) => {
                let items = args.iter().flat_map(|a| match &a.kind {
                    Kind::List(parts) => parts.iter().map(|p| &p.item).collect(),
                    _ => vec![a],
                });
                let all: Vec<&Expr> = items.collect();
                !all.is_empty() && all.into_iter().all(|item| self.undecided(item))
            }
            Role::Plain | Role::Not | Role::Compare(_) | Role::Near | Role::Meets | Role::Between => {
                args.iter().any(|a| self.undecided(a))
            }
            _ => false,
        }
    }
}

/// `or` (decided by a true) and `and` (decided by a false).
fn decided(all: impl Iterator<Item = Option<bool>>, by: bool) -> Option<bool> {
    let mut open = false;
    for one in all {
        match one {
            Some(truth) if truth == by => return Some(by),
            Some(_) => {}
            None => open = true,
        }
    }
    (!open).then_some(!by)
}
