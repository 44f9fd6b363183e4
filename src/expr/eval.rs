//! The reference evaluator: what a typed expression is worth, in three-valued logic.
//!
//! Conditions are `Bool`, `Null` (undecided because something is blank) or `Unknown`; every other evaluator is tested
//! against this one. Numbers are evaluated without allocation; lists are folded, and made only where a function needs
//! all values at once. Depth is that of the expression, which the parser limits.

use super::fold::{Fold, fold};
use crate::ir::expr::{Expr, Kind, Part, Time};
use crate::ir::func::{Aggregate, Func, Role};
use crate::ir::{BlockId, CellId};
use formwright_engine::func::{self as f, Compare};
use formwright_engine::{Decimal, Value};
use std::ops::ControlFlow;

/// What an expression reads: the cells of a return, its context and previous returns.
pub trait Data {
    /// The value of a cell: blank ones (also text of white space) as [`Value::Null`], unreadable and absent ones as
    /// [`Value::Unknown`]. `scope` 0 is the row at hand, n the row of the n-th enclosing iteration.
    fn cell(&self, cell: CellId, scope: u8, time: Time) -> Value;

    /// The mark that stands in a cell, as text; blank if none does.
    fn mark(&self, _cell: CellId, _scope: u8, _time: Time) -> Value {
        Value::Null
    }

    /// Calls `f` once for each row of `block` inside the innermost record at hand that holds it, with that row set as
    /// `scope`; empty rows are passed over. Stops when `f` breaks.
    fn each(&mut self, block: BlockId, scope: u8, f: &mut dyn FnMut(&mut Self) -> ControlFlow<()>)
    where
        Self: Sized;
}

/// No data: expressions over variables only.
#[derive(Debug, Clone, Copy, Default)]
pub struct NoData;

impl Data for NoData {
    fn cell(&self, _: CellId, _: u8, _: Time) -> Value {
        Value::Unknown
    }

    fn each(&mut self, _: BlockId, _: u8, _: &mut dyn FnMut(&mut Self) -> ControlFlow<()>) {}
}

/// The value of an expression. `vars` holds the inputs of `eval` and, behind them, what quantifiers bind; rules need
/// none.
pub fn eval<D: Data>(expr: &Expr, data: &mut D, vars: &mut Vec<Value>) -> Value {
    match &expr.kind {
        Kind::Const(value) => value.clone(),
        Kind::Var(at) => vars.get(usize::from(*at)).cloned().unwrap_or(Value::Unknown),
        Kind::Cell { cell, scope, time } => data.cell(*cell, *scope, *time),
        Kind::Call(id, args) => call(id.row(), args, data, vars),
        Kind::If(three) => {
            let [condition, then, otherwise] = &**three;
            let holds = eval(condition, data, vars).truth().is_true();
            eval(if holds { then } else { otherwise }, data, vars)
        }
        Kind::List(_) => Value::list(collect(std::slice::from_ref(expr), data, vars)),
        Kind::Quant { every, parts } => quantify(*every, parts, data, vars),
        Kind::QuantValues { every, list, var, body } => {
            quantify_values(*every, (list, *var, body), data, vars)
        }
        Kind::FilterValues { list, var, body } => filter_values(list, *var, body, data, vars),
        Kind::Field(of, name) => field(&eval(of, data, vars), name),
    }
}

/// Whether a condition is certainly true.
pub fn holds<D: Data>(expr: &Expr, data: &mut D) -> bool {
    eval(expr, data, &mut Vec::new()).truth().is_true()
}

fn call<D: Data>(row: &Func, args: &[Expr], data: &mut D, vars: &mut Vec<Value>) -> Value {
    match row.role {
        Role::And => connect(args, false, data, vars),
        Role::Or => connect(args, true, data, vars),
        Role::Compare(op) if args.iter().any(is_tally) => compare_tally(op, row, args, data, vars),
        Role::Aggregate(Aggregate::Collect) | Role::Tally => (row.eval)(&collect(args, data, vars)),
        Role::Aggregate(Aggregate::RoundMean(_)) => round_mean(row, args, data, vars),
        Role::Aggregate(aggregate) => folded(Fold::of(aggregate), args, data, vars),
        Role::Mark => match args.first().map(|a| &a.kind) {
            Some(Kind::Cell { cell, scope, time }) => data.mark(*cell, *scope, *time),
            _ => Value::Null,
        },
        Role::Presence(wanted) => folded(Fold::presence(wanted), args, data, vars),
        _ => plain(row, args, data, vars),
    }
}

/// A function of single values: up to three without allocation.
fn plain<D: Data>(row: &Func, args: &[Expr], data: &mut D, vars: &mut Vec<Value>) -> Value {
    match args {
        [a] => (row.eval)(&[eval(a, data, vars)]),
        [a, b] => (row.eval)(&[eval(a, data, vars), eval(b, data, vars)]),
        [a, b, c] => (row.eval)(&[eval(a, data, vars), eval(b, data, vars), eval(c, data, vars)]),
        many => (row.eval)(&many.iter().map(|e| eval(e, data, vars)).collect::<Vec<_>>()),
    }
}

/// `and` (decided by a false) and `or` (decided by a true): what decides ends it.
fn connect<D: Data>(args: &[Expr], decides: bool, data: &mut D, vars: &mut Vec<Value>) -> Value {
    let mut all = Value::Bool(!decides);
    for arg in args {
        let value = eval(arg, data, vars);
        all = if decides { f::or(&all, &value) } else { f::and(&all, &value) };
        if all == Value::Bool(decides) {
            break;
        }
    }
    all
}

fn is_tally(e: &Expr) -> bool {
    matches!(&e.kind, Kind::Call(id, _) if id.row().role == Role::Tally)
}

/// A comparison with a tally is decided as soon as its bounds are.
fn compare_tally<D: Data>(
    op: Compare,
    row: &Func,
    args: &[Expr],
    data: &mut D,
    vars: &mut Vec<Value>,
) -> Value {
    let (op, tally, other) = match args {
        [a, b] if is_tally(a) && !is_tally(b) => (op, a, b),
        [a, b] if is_tally(b) && !is_tally(a) => (op.flipped(), b, a),
        _ => return plain(row, args, data, vars),
    };
    let Kind::Call(_, conditions) = &tally.kind else { return Value::Null };
    let conditions = collect(conditions, data, vars);
    f::tally_compare(op, f::flatten(&conditions), &eval(other, data, vars))
}

fn round_mean<D: Data>(row: &Func, args: &[Expr], data: &mut D, vars: &mut Vec<Value>) -> Value {
    let Some((scale, items)) = args.split_last() else { return Value::Null };
    let mut values = collect(items, data, vars);
    values.push(eval(scale, data, vars));
    (row.eval)(&values)
}

fn folded<D: Data>(mut state: Fold, args: &[Expr], data: &mut D, vars: &mut Vec<Value>) -> Value {
    let _ = fold(args, data, vars, &mut |value| state.take(value));
    state.finish()
}

/// All items of the arguments.
fn collect<D: Data>(args: &[Expr], data: &mut D, vars: &mut Vec<Value>) -> Vec<Value> {
    let mut out = Vec::new();
    let _ = fold(args, data, vars, &mut |value| {
        out.push(value);
        ControlFlow::Continue(())
    });
    out
}

fn quantify<D: Data>(every: bool, parts: &[Part], data: &mut D, vars: &mut Vec<Value>) -> Value {
    let mut all = Value::Bool(every);
    let _ = super::fold::parts(parts, data, vars, &mut |value| {
        all = if every { f::and(&all, &value) } else { f::or(&all, &value) };
        if all == Value::Bool(!every) { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    all
}

/// A quantifier over values; a list that is none, or a body that is no condition, leaves it blank.
fn quantify_values<D: Data>(
    every: bool,
    (list, var, body): (&Expr, u16, &Expr),
    data: &mut D,
    vars: &mut Vec<Value>,
) -> Value {
    let items = match eval(list, data, vars) {
        Value::List(items) => items,
        Value::Unknown => return Value::Unknown,
        Value::Null => return Value::Null,
        single => [single].into(),
    };
    let mut all = Value::Bool(every);
    for item in items.iter() {
        let value = with(item, var, body, data, vars);
        if !matches!(value, Value::Bool(_) | Value::Null | Value::Unknown) {
            return Value::Null;
        }
        all = if every { f::and(&all, &value) } else { f::or(&all, &value) };
    }
    all
}

/// The body with the variable bound to an item.
fn with<D: Data>(item: &Value, var: u16, body: &Expr, data: &mut D, vars: &mut Vec<Value>) -> Value {
    let at = usize::from(var);
    if vars.len() <= at {
        vars.resize(at + 1, Value::Unknown);
    }
    if let Some(slot) = vars.get_mut(at) {
        *slot = item.clone();
    }
    eval(body, data, vars)
}

/// The items for which the body certainly holds; a number as body takes the item at that position, counted from 1 or
/// from the end.
fn filter_values<D: Data>(list: &Expr, var: u16, body: &Expr, data: &mut D, vars: &mut Vec<Value>) -> Value {
    let items = match eval(list, data, vars) {
        Value::List(items) => items,
        Value::Unknown => return Value::Unknown,
        Value::Null => [].into(),
        single => [single].into(),
    };
    let mut kept = Vec::new();
    for item in items.iter() {
        match with(item, var, body, data, vars) {
            Value::Bool(true) => kept.push(item.clone()),
            Value::Num(n) => return at(&items, n),
            _ => {}
        }
    }
    Value::list(kept)
}

fn at(items: &[Value], position: Decimal) -> Value {
    let size = |n: i64| usize::try_from(n.unsigned_abs()).unwrap_or(usize::MAX);
    let found = match position.to_i64() {
        Some(n) if n > 0 => items.get(size(n) - 1),
        Some(n) if n < 0 => items.len().checked_sub(size(n)).and_then(|at| items.get(at)),
        _ => None,
    };
    found.cloned().unwrap_or_default()
}

/// A field of a row, or of each row of a list.
fn field(of: &Value, name: &str) -> Value {
    match of {
        Value::List(rows) => Value::list(rows.iter().map(|row| row.cell(name).cloned().unwrap_or_default())),
        Value::Unknown => Value::Unknown,
        Value::Date(_) => match name {
            "year" => f::year(of),
            "month" => f::month(of),
            "day" => f::day(of),
            _ => Value::Null,
        },
        row => row.cell(name).cloned().unwrap_or_default(),
    }
}

#[cfg(test)]
#[path = "eval_tests.rs"]
mod tests;
