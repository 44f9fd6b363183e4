//! The evaluator's sight of the records.

use super::view::{Frame, View};
use crate::ir::expr::Expr;
use formwright_engine::Value;

/// The value of an expression in a frame.
pub fn eval<'a>(view: &View<'a>, frame: &Frame<'a>, expr: &Expr) -> Value {
    let _ = (view, frame, expr);
    todo!()
}
