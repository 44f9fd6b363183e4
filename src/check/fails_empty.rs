//! Rules that a return breaks before anything is wrong with it: one in which nothing is filled in, or only zeros.

use super::terms::written;
use crate::diag::{Diagnostic, Problems, codes};
use crate::expr::eval::{Data, eval, holds};
use crate::ir::expr::{Expr, Kind, Time};
use crate::ir::func::Role;
use crate::ir::{BlockId, CellId, Instance, Root, Rule, Survey};
use formwright_engine::{Decimal, Severity, Value};
use std::ops::ControlFlow;

/// A return without answers, or with 0 in every number and one row in every block.
struct Plain<'s> {
    survey: &'s Survey,
    zeros: bool,
}

impl Data for Plain<'_> {
    fn cell(&self, cell: CellId, _: u8, time: Time) -> Value {
        let Some(cell) = self.survey.cell(cell).filter(|c| time == Time::Now && c.home.root == Root::Return)
        else {
            return Value::Unknown;
        };
        if self.zeros && cell.ty.is_numeric() { Value::Num(Decimal::ZERO) } else { Value::Null }
    }

    fn each(&mut self, _: BlockId, _: u8, f: &mut dyn FnMut(&mut Self) -> ControlFlow<()>) {
        if self.zeros {
            let _ = f(self);
        }
    }
}

/// Reports the rules of error severity that such a return breaks. Those that ask only what is filled do not count in a
/// draft, and one that compares with a number says itself what it does to zeros.
pub fn check(survey: &Survey, problems: &mut Problems) {
    if problems.has_errors() {
        return;
    }
    let blocking = |r: &&Rule| r.severity == Severity::Error && !r.final_only && !r.office;
    for rule in written(survey).filter(blocking) {
        let breaks = |zeros| {
            let mut data = Plain { survey, zeros };
            rule.instances.iter().any(|i| fails(i, &mut data))
        };
        let found = if breaks(false) {
            ("a return in which nothing is filled in", "什么都没填的报表")
        } else if breaks(true) {
            ("a return whose numbers are all 0", "所有数字都为 0 的报表")
        } else {
            continue;
        };
        if problems.iter().any(|d| d.code == &codes::NEVER_TRUE && d.span == rule.text) {
            continue; // every other return breaks it too
        }
        let d = Diagnostic::new(&codes::FAILS_EMPTY, rule.text).arg("rule", &rule.id);
        problems.push(d.arg("what", found.0).arg("what_zh", found.1));
    }
}

fn fails(instance: &Instance, data: &mut Plain) -> bool {
    let is_there = instance.home.is_none() || data.zeros;
    let applies = |data: &mut Plain| instance.when.as_ref().is_none_or(|when| holds(when, data));
    let condition = instance.condition().filter(|_| is_there && applies(data));
    condition.is_some_and(|c| broken(c, data))
}

/// Whether a condition is certainly false, not counting among zeros what compares with numbers only.
fn broken(condition: &Expr, data: &mut Plain) -> bool {
    if let Kind::Call(id, parts) = &condition.kind
        && id.row().role == Role::And
    {
        return parts.iter().any(|part| broken(part, data));
    }
    let meant = data.zeros && only_with_numbers(condition);
    !meant && eval(condition, data, &mut Vec::new()) == Value::Bool(false)
}

/// Whether each comparison has a number that is written out on one side.
fn only_with_numbers(condition: &Expr) -> bool {
    let mut only = true;
    condition.walk(&mut |e| {
        if let Kind::Call(id, args) = &e.kind
            && let Role::Compare(_) | Role::Near | Role::Meets = id.row().role
        {
            only &= args.iter().take(2).any(|side| matches!(side.kind, Kind::Const(_)));
        }
    });
    only
}
