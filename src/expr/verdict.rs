//! What comes of a condition where another one says when it applies.

use super::eval::{Data, eval};
use crate::ir::expr::Expr;
use formwright_engine::Value;

/// What came of a condition.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Verdict {
    /// It holds.
    Pass,
    /// It does not.
    Fail,
    /// It does not apply.
    NotApplicable,
    /// A blank or something that cannot be known leaves it open.
    Unknown,
}

/// The verdict of a condition that applies under `when`, or always. Where a blank leaves open whether it applies, it does
/// not; where something unknown does, the verdict is unknown.
pub fn verdict<D: Data>(when: Option<&Expr>, check: &Expr, data: &mut D) -> Verdict {
    match when.map(|when| eval(when, data, &mut Vec::new())) {
        None | Some(Value::Bool(true)) => {}
        Some(Value::Unknown) => return Verdict::Unknown,
        Some(_) => return Verdict::NotApplicable,
    }
    match eval(check, data, &mut Vec::new()) {
        Value::Bool(true) => Verdict::Pass,
        Value::Bool(false) => Verdict::Fail,
        _ => Verdict::Unknown,
    }
}
