//! The pure functions rules call, over [`Value`]s.
//!
//! Two kinds of not knowing go through all of them. A **blank** operand makes arithmetic blank and a
//! comparison undecided: the answer is [`Value::Null`]. An **unknown** operand (an unreadable cell, an
//! absent context) makes the answer [`Value::Unknown`], also where another operand is blank. So a
//! condition is `Bool`, `Null` (undecided because of blanks) or `Unknown`; [`and`], [`or`] and [`not`]
//! are Kleene's and keep the cause.
//!
//! Operands of a wrong type, which a compiled rule never has, answer `Null`; a division by nought
//! answers `Null`; a result that does not fit a [`Decimal`], which a compiled rule never has either,
//! answers `Unknown`.

mod aggregate;
mod arithmetic;
mod compare;
mod lists;
mod logic;
mod text;

pub use aggregate::{Mean, count, max, mean, mean_rounded, min, sum};
pub use arithmetic::{
    abs, add, ceiling, divide, divide_rounded, floor, modulo, mul, neg, percent, round, sub,
};
pub use compare::{Compare, Target, between, compare, eq, ge, gt, le, lt, meets, ne, near};
pub use lists::{distinct_values, in_list, list_contains, unique};
pub use logic::{
    Tally, and, blank, every, filled, if_then_else, is_null, not, or, some, tally, tally_compare,
};
pub use text::{contains, day, days, ends_with, month, months, number, starts_with, string_length, year};

use crate::decimal::Decimal;
use crate::value::Value;

/// The answer that operands force before they are looked at: unknown before blank.
fn missing(values: &[&Value]) -> Option<Value> {
    if values.iter().any(|value| value.is_unknown()) {
        Some(Value::Unknown)
    } else if values.iter().any(|value| value.is_blank()) {
        Some(Value::Null)
    } else {
        None
    }
}

/// The values with those of lists in their place, one level deep: what the functions over many values
/// take where an argument is a list.
pub fn flatten<'a>(values: impl IntoIterator<Item = &'a Value>) -> impl Iterator<Item = &'a Value> {
    values.into_iter().flat_map(|value| value.as_list().unwrap_or(std::slice::from_ref(value)))
}

/// A number that fits, or unknown.
fn fitting(number: Option<Decimal>) -> Value {
    number.map_or(Value::Unknown, Value::Num)
}

/// A count as a value.
fn counted(count: usize) -> Value {
    i64::try_from(count).map_or(Value::Unknown, Value::int)
}

#[cfg(test)]
mod tests;
