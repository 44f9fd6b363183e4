//! Running through the items of lists without making the lists.

use super::eval::{Data, eval, holds};
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::ir::func::Aggregate;
use formwright_engine::func as f;
use formwright_engine::{Decimal, Value};
use std::ops::ControlFlow;

type Take<'a> = &'a mut dyn FnMut(Value) -> ControlFlow<()>;

/// Gives every item of the arguments to `take`: the items of lists one by one, a set of codes as one value.
pub(super) fn fold<D: Data>(
    args: &[Expr],
    data: &mut D,
    vars: &mut Vec<Value>,
    take: Take<'_>,
) -> ControlFlow<()> {
    for arg in args {
        match &arg.kind {
            Kind::List(items) => parts(items, data, vars, take)?,
            _ => match eval(arg, data, vars) {
                Value::List(items) if !matches!(arg.ty, Ty::Codes(_)) => {
                    items.iter().cloned().try_for_each(&mut *take)?;
                }
                single => take(single)?,
            },
        }
    }
    ControlFlow::Continue(())
}

/// Gives every item of the parts to `take`.
pub(super) fn parts<D: Data>(
    list: &[Part],
    data: &mut D,
    vars: &mut Vec<Value>,
    take: Take<'_>,
) -> ControlFlow<()> {
    for part in list {
        let mut flow = ControlFlow::Continue(());
        let mut one = |data: &mut D| {
            flow = item(part, data, vars, take);
            flow
        };
        match part.each {
            Some((block, scope)) => data.each(block, scope, &mut one),
            None => drop(one(data)),
        }
        flow?;
    }
    ControlFlow::Continue(())
}

fn item<D: Data>(part: &Part, data: &mut D, vars: &mut Vec<Value>, take: Take<'_>) -> ControlFlow<()> {
    match &part.filter {
        Some(filter) if !holds(filter, data) => ControlFlow::Continue(()),
        _ => match &part.item.kind {
            Kind::List(inner) => parts(inner, data, vars, take),
            _ => take(eval(&part.item, data, vars)),
        },
    }
}

/// An aggregate half way.
pub(super) struct Fold {
    kind: What,
    answer: Value,
    filled: i64,
}

#[derive(Clone, Copy)]
enum What {
    Sum,
    Count,
    Min,
    Max,
    First,
    Presence(bool),
}

impl Fold {
    /// An aggregate that can be folded; those that need all values at once are not given here.
    pub(super) fn of(aggregate: Aggregate) -> Self {
        let kind = match aggregate {
            Aggregate::Sum => What::Sum,
            Aggregate::Min => What::Min,
            Aggregate::Max => What::Max,
            Aggregate::Count | Aggregate::Collect | Aggregate::RoundMean(_) => What::Count,
        };
        Fold { kind, answer: Value::Null, filled: 0 }
    }

    /// Whether all are filled, or all blank.
    pub(super) fn presence(wanted: bool) -> Self {
        Fold { kind: What::Presence(wanted), answer: Value::Bool(true), filled: 0 }
    }

    /// The next item.
    pub(super) fn take(&mut self, value: Value) -> ControlFlow<()> {
        match self.kind {
            What::First => return self.end(value),
            What::Presence(wanted) => return self.present(&value, wanted),
            _ => {}
        }
        if value.is_blank() {
            return ControlFlow::Continue(());
        }
        if value.is_unknown() {
            return self.end(value);
        }
        self.filled += 1;
        match self.kind {
            What::Sum => self.add(&value),
            What::Min => self.outer(value, true),
            What::Max => self.outer(value, false),
            _ => ControlFlow::Continue(()),
        }
    }

    fn end(&mut self, answer: Value) -> ControlFlow<()> {
        self.answer = answer;
        self.kind = What::First;
        ControlFlow::Break(())
    }

    fn present(&mut self, value: &Value, wanted: bool) -> ControlFlow<()> {
        let fits = match value.is_unknown() {
            true => Value::Unknown,
            false => Value::Bool(value.is_blank() != wanted),
        };
        self.answer = f::and(&self.answer, &fits);
        if self.answer == Value::Bool(false) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    fn add(&mut self, value: &Value) -> ControlFlow<()> {
        let so_far = if self.filled == 1 { &Value::Num(Decimal::ZERO) } else { &self.answer };
        let sum = f::add(so_far, value);
        if sum.as_num().is_none() {
            return self.end(sum);
        }
        self.answer = sum;
        ControlFlow::Continue(())
    }

    fn outer(&mut self, value: Value, least: bool) -> ControlFlow<()> {
        if self.filled == 1 {
            self.answer = value;
            return ControlFlow::Continue(());
        }
        let better = if least { f::lt(&value, &self.answer) } else { f::gt(&value, &self.answer) };
        match better {
            Value::Bool(true) => self.answer = value,
            Value::Bool(false) => {}
            _ => return self.end(Value::Null),
        }
        ControlFlow::Continue(())
    }

    /// The result.
    pub(super) fn finish(self) -> Value {
        match self.kind {
            What::Count => Value::int(self.filled),
            _ => self.answer,
        }
    }
}
