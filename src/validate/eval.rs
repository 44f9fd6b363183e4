//! The evaluator's sight of the records.

use super::view::{Frame, View};
use crate::expr::eval::Data;
use crate::expr::failing::Comparison;
use crate::expr::verdict::Verdict;
use crate::ir::expr::{Expr, Time};
use crate::ir::{BlockId, CellId};
use formwright_engine::Value;
use std::ops::ControlFlow;

/// The row at hand and the rows of the iterations around an expression.
struct Scopes<'v, 'a> {
    view: &'v View<'a>,
    base: Frame<'a>,
    /// The rows of the iterations, outermost first: scope 1 is the first.
    inner: Vec<Frame<'a>>,
}

impl<'a> Scopes<'_, 'a> {
    fn frame(&self, scope: u8) -> &Frame<'a> {
        match scope {
            0 => &self.base,
            n => self.inner.get(usize::from(n) - 1).unwrap_or(&self.base),
        }
    }

    /// The innermost row at hand inside which the rows of a block lie.
    fn around(&self, block: BlockId, scope: u8) -> Frame<'a> {
        let outer = self.inner.get(..usize::from(scope).saturating_sub(1)).unwrap_or(&self.inner);
        let parent = self.view.survey.block(block).and_then(|b| b.parent);
        let holds = |frame: &&Frame<'a>| parent.is_none_or(|parent| self.view.holds(frame, parent));
        outer.iter().rev().find(holds).copied().unwrap_or(self.base)
    }
}

impl Data for Scopes<'_, '_> {
    fn cell(&self, cell: CellId, scope: u8, time: Time) -> Value {
        self.view.value(cell, self.frame(scope), time).clone()
    }

    fn mark(&self, cell: CellId, scope: u8, time: Time) -> Value {
        self.view.mark(cell, self.frame(scope), time)
    }

    fn each(&mut self, block: BlockId, scope: u8, f: &mut dyn FnMut(&mut Self) -> ControlFlow<()>) {
        let view = *self.view;
        let around = self.around(block, scope);
        let depth = usize::from(scope).saturating_sub(1);
        let mut ended = false;
        view.each_row(block, &around, &mut |frame| {
            if ended {
                return;
            }
            self.inner.truncate(depth);
            self.inner.resize(depth, around);
            self.inner.push(frame);
            ended = f(self).is_break();
        });
        self.inner.truncate(depth);
    }
}

/// Calls `found` for each comparison that makes a condition false, with the row of the innermost `every` around it.
pub fn failing<'a, 'e>(
    view: &View<'a>,
    frame: &Frame<'a>,
    check: &'e Expr,
    found: &mut dyn FnMut(Comparison<'e>, Option<Frame<'a>>),
) {
    let mut scopes = Scopes { view, base: *frame, inner: Vec::new() };
    crate::expr::failing::failing(check, &mut scopes, &mut |scopes, comparison| {
        found(comparison, scopes.inner.last().copied());
    });
}

/// The value of an expression in a frame.
pub fn eval<'a>(view: &View<'a>, frame: &Frame<'a>, expr: &Expr) -> Value {
    let mut scopes = Scopes { view, base: *frame, inner: Vec::new() };
    crate::expr::eval::eval(expr, &mut scopes, &mut Vec::new())
}

/// The verdict of a condition in a frame.
pub fn verdict<'a>(view: &View<'a>, frame: &Frame<'a>, when: Option<&Expr>, check: &Expr) -> Verdict {
    let mut scopes = Scopes { view, base: *frame, inner: Vec::new() };
    crate::expr::verdict::verdict(when, check, &mut scopes)
}
