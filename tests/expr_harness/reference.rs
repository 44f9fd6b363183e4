//! Formulas evaluated here: the lowering against the reference without any printing.

use super::world::Given;
use formwright::engine::{Rounding, Value, func as f};
use formwright::expr::eval::Data;
use formwright::expr::formula::{Formula, Items, Spot, State, Term, TermKind};
use formwright::expr::lower::{self, Refused};
use formwright::ir::expr::{Expr, Ty};
use formwright::ir::func::{Aggregate, Role};
use std::ops::ControlFlow;

/// What an engine answers: a condition as `Bool` or `Null` (undecided), a value as itself, blank as `Null`, anything
/// else as `Unknown`.
pub fn answer(expr: &Expr, given: &mut Given) -> Result<Value, Refused> {
    if expr.ty == Ty::Bool {
        let pair = lower::condition(expr)?;
        return Ok(match (holds(&pair.holds, given), holds(&pair.fails, given)) {
            (true, true) => panic!("holds and fails"),
            (true, false) => Value::Bool(true),
            (false, true) => Value::Bool(false),
            (false, false) => Value::Null,
        });
    }
    let value = lower::value(expr)?;
    Ok(match (holds(&value.filled, given), holds(&value.blank, given)) {
        (true, true) => panic!("filled and blank"),
        (true, false) => term(&value.term, given),
        (false, true) => Value::Null,
        (false, false) => Value::Unknown,
    })
}

/// Whether a formula holds.
pub fn holds(formula: &Formula, given: &mut Given) -> bool {
    match formula {
        Formula::Const(known) => *known,
        Formula::And(parts) => parts.iter().all(|p| holds(p, given)),
        Formula::Or(parts) => parts.iter().any(|p| holds(p, given)),
        Formula::Not(inner) => !holds(inner, given),
        Formula::Guard(two) => two.iter().all(|p| holds(p, given)),
        Formula::If(three) => {
            let [c, p, q] = three.as_ref();
            if holds(c, given) { holds(p, given) } else { holds(q, given) }
        }
        Formula::Is(state, spot, _) => is(*state, &cell(*spot, given)),
        Formula::Atom(id, args) => {
            let row = id.row();
            let value = match row.role {
                Role::Member if row.key != "in_codes" => {
                    let values: Vec<Value> = args.iter().map(|a| term(a, given)).collect();
                    f::in_list(&values[0], &values[1..])
                }
                Role::Aggregate(_) => {
                    let TermKind::Fold(_, items, _) = &args[0].kind else { panic!("items") };
                    f::unique(&collect(items, given))
                }
                _ => (row.eval)(&args.iter().map(|a| term(a, given)).collect::<Vec<_>>()),
            };
            match value {
                Value::Bool(known) => known,
                other => panic!("{} of {args:?} is {other:?}", row.key),
            }
        }
        Formula::Reads(text) => !f::number(&term(text, given)).is_blank(),
        Formula::Rows { every, each, body } => {
            let mut all = *every;
            given.each(each.0, each.1, &mut |given| {
                all = holds(body, given);
                if all == *every { ControlFlow::Continue(()) } else { ControlFlow::Break(()) }
            });
            if given.rows == 0 { *every } else { all }
        }
        Formula::Before(..) => panic!("no keys here"),
    }
}

fn is(state: State, value: &Value) -> bool {
    match state {
        State::Filled => !value.is_blank() && !value.is_unknown(),
        State::Blank => value.is_blank(),
        State::Unreadable => value.is_unknown(),
        State::Yes => *value == Value::Bool(true),
        State::No => *value == Value::Bool(false),
    }
}

fn cell(spot: Spot, given: &Given) -> Value {
    given.cell(spot.cell, spot.scope, spot.time)
}

fn term(of: &Term, given: &mut Given) -> Value {
    match &of.kind {
        TermKind::Const(value) => value.clone(),
        TermKind::Cell(spot) => {
            let value = cell(*spot, given);
            assert!(is(State::Filled, &value), "an unguarded read of {spot:?}");
            value
        }
        TermKind::Call(id, args) => (id.row().eval)(&args.iter().map(|a| term(a, given)).collect::<Vec<_>>()),
        TermKind::If(choice) => term(if holds(&choice.0, given) { &choice.1 } else { &choice.2 }, given),
        TermKind::Tally(items) => Value::int(collect(items, given).len() as i64),
        TermKind::Fold(id, items, places) => {
            let values = collect(items, given);
            match id.row().role {
                Role::Aggregate(Aggregate::RoundMean(mode)) => mean(&values, places.unwrap(), mode),
                Role::Aggregate(Aggregate::Collect) => {
                    f::count(f::distinct_values(&values).as_list().unwrap())
                }
                // A set of codes is one value, not so many.
                Role::Aggregate(Aggregate::Count) => Value::int(values.len() as i64),
                _ => (id.row().eval)(&values),
            }
        }
    }
}

fn mean(values: &[Value], places: u32, mode: Rounding) -> Value {
    f::mean_rounded(values, places, mode)
}

fn collect(items: &[Items], given: &mut Given) -> Vec<Value> {
    let mut out = Vec::new();
    for one in items {
        let mut take = |given: &mut Given| {
            if holds(&one.keep, given) && holds(&one.filled, given) {
                out.push(term(&one.item, given));
            }
        };
        match one.each.as_slice() {
            [] => take(given),
            [each] => given.each(each.0, each.1, &mut |given| {
                take(given);
                ControlFlow::Continue(())
            }),
            _ => panic!("one block here"),
        }
    }
    out
}
