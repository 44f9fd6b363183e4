//! Which comparisons make a condition false, and what their sides were worth there.

use super::eval::{Data, eval, holds};
use crate::ir::expr::{Expr, Kind, Part};
use crate::ir::func::Role;
use formwright_engine::func::{self as f, Target};
use formwright_engine::{Decimal, Value};
use std::ops::ControlFlow;

/// A comparison that certainly does not hold.
#[derive(Debug, Clone, PartialEq)]
pub struct Comparison<'e> {
    /// What it asks.
    pub role: Role,
    /// Its left side, and what it was worth.
    pub left: (&'e Expr, Value),
    /// Its right side (of `meets`: the target; of `between`: the bound that is passed), and what it was worth.
    pub right: (&'e Expr, Value),
    /// What it allows.
    pub tolerance: Option<Value>,
    /// Left less right, where both are numbers.
    pub diff: Option<Decimal>,
    /// The outermost `every` it stands in, and which of its rows this is, counted from 0.
    pub within: Option<(&'e Expr, usize)>,
}

/// Calls `found` for the comparisons that make a condition certainly false: each failing one of its conjunctions, in
/// each row of `every`, with that row at hand. For none if the condition is not false, or not because of a comparison.
pub fn failing<'e, D: Data>(expr: &'e Expr, data: &mut D, found: &mut dyn FnMut(&mut D, Comparison<'e>)) {
    Search { within: None, found }.look(expr, data);
}

struct Search<'s, 'e, D> {
    within: Option<(&'e Expr, usize)>,
    found: &'s mut dyn FnMut(&mut D, Comparison<'e>),
}

impl<'e, D: Data> Search<'_, 'e, D> {
    /// As deep as expressions may be.
    fn look(&mut self, expr: &'e Expr, data: &mut D) {
        match &expr.kind {
            Kind::Call(id, args) => match id.row().role {
                Role::And => args.iter().for_each(|arg| self.look(arg, data)),
                role @ (Role::Compare(_) | Role::Near | Role::Meets) => self.compared(expr, role, args, data),
                Role::Between => self.outside(args, data),
                _ => {}
            },
            Kind::If(three) => {
                let [condition, then, otherwise] = &**three;
                let taken = if holds(condition, data) { then } else { otherwise };
                self.look(taken, data);
            }
            Kind::Quant { every: true, parts } => {
                let outermost = self.within.is_none();
                if outermost {
                    self.within = Some((expr, 0));
                }
                parts.iter().for_each(|part| self.rows(part, data, outermost));
                if outermost {
                    self.within = None;
                }
            }
            _ => {}
        }
    }

    fn rows(&mut self, part: &'e Part, data: &mut D, outermost: bool) {
        let mut one = |data: &mut D| {
            if part.filter.as_ref().is_none_or(|filter| holds(filter, data)) {
                self.look(&part.item, data);
            }
            if let Some((_, row)) = self.within.as_mut().filter(|_| outermost) {
                *row += 1;
            }
            ControlFlow::Continue(())
        };
        match part.each {
            Some((block, scope)) => data.each(block, scope, &mut one),
            None => drop(one(data)),
        }
    }

    fn compared(&mut self, whole: &'e Expr, role: Role, args: &'e [Expr], data: &mut D) {
        let [left, right, rest @ ..] = args else { return };
        if worth(whole, data) == Value::Bool(false) {
            let tolerance = rest.first().map(|t| worth(t, data));
            self.tell(role, left, right, tolerance, data);
        }
    }

    /// The bound that a value lies beyond.
    fn outside(&mut self, args: &'e [Expr], data: &mut D) {
        let [x, low, high] = args else { return };
        let value = worth(x, data);
        let below = f::ge(&value, &worth(low, data)).truth().is_false();
        if below || f::le(&value, &worth(high, data)).truth().is_false() {
            self.tell(Role::Between, x, if below { low } else { high }, None, data);
        }
    }

    fn tell(&mut self, role: Role, left: &'e Expr, right: &'e Expr, tolerance: Option<Value>, data: &mut D) {
        let (l, r) = (worth(left, data), worth(right, data));
        let diff = difference(&l, &r);
        let (left, right) = ((left, l), (right, r));
        (self.found)(data, Comparison { role, left, right, tolerance, diff, within: self.within });
    }
}

fn worth<D: Data>(e: &Expr, data: &mut D) -> Value {
    eval(e, data, &mut Vec::new())
}

/// Left less right, if both are numbers; of a printed target its number.
pub fn difference(left: &Value, right: &Value) -> Option<Decimal> {
    let right = match right {
        Value::Text(text) => Target::parse(text)?.number,
        other => other.as_num()?,
    };
    left.as_num()?.checked_sub(right)
}
