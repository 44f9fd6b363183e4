//! Conditions: Kleene's connectives, quantifiers, presence and tallies.

use super::{Compare, counted};
use crate::value::{Truth, Value};

/// How far an undecided condition is from being decided: a cause that is unknown outweighs a blank.
fn undecided(left: &Value, right: &Value) -> Value {
    if left.is_unknown() || right.is_unknown() { Value::Unknown } else { Value::Null }
}

/// False if either is false, true if both are true, otherwise undecided.
pub fn and(left: &Value, right: &Value) -> Value {
    match left.truth().and(right.truth()).known() {
        Some(known) => Value::Bool(known),
        None => undecided(left, right),
    }
}

/// True if either is true, false if both are false, otherwise undecided.
pub fn or(left: &Value, right: &Value) -> Value {
    match left.truth().or(right.truth()).known() {
        Some(known) => Value::Bool(known),
        None => undecided(left, right),
    }
}

/// The opposite of a condition; undecided stays undecided for the same cause.
pub fn not(condition: &Value) -> Value {
    match condition.truth().not().known() {
        Some(known) => Value::Bool(known),
        None => undecided(condition, condition),
    }
}

/// Whether all conditions hold: true for none, one false decides.
pub fn every(conditions: impl IntoIterator<Item = Value>) -> Value {
    let mut all = Value::Bool(true);
    for condition in conditions {
        all = and(&all, &condition);
        if all == Value::Bool(false) {
            break;
        }
    }
    all
}

/// Whether any condition holds: false for none, one true decides.
pub fn some(conditions: impl IntoIterator<Item = Value>) -> Value {
    let mut any = Value::Bool(false);
    for condition in conditions {
        any = or(&any, &condition);
        if any == Value::Bool(true) {
            break;
        }
    }
    any
}

/// `then` if the condition is true, `otherwise` if it is false or undecided.
pub fn if_then_else(condition: &Value, then: Value, otherwise: Value) -> Value {
    if condition.truth().is_true() { then } else { otherwise }
}

/// Whether all are filled; one blank decides, otherwise an unknown one leaves it unknown.
pub fn filled<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    every(values.into_iter().map(|value| presence(value, false)))
}

/// Whether all are blank; one filled decides, otherwise an unknown one leaves it unknown.
pub fn blank<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    every(values.into_iter().map(|value| presence(value, true)))
}

/// `x = null` with the literal: true or false unless the value is unknown.
pub fn is_null(value: &Value) -> Value {
    presence(value, true)
}

fn presence(value: &Value, wanted: bool) -> Value {
    if value.is_unknown() { Value::Unknown } else { Value::Bool(value.is_blank() == wanted) }
}

/// How many conditions hold at least and at most, and why it may be open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The conditions that are true.
    pub least: usize,
    /// The conditions that are not false.
    pub most: usize,
    /// What an undecided comparison of the tally answers: `Unknown` or `Null`.
    pub cause: Value,
}

impl Tally {
    /// Counts the conditions.
    pub fn of<'a>(conditions: impl IntoIterator<Item = &'a Value>) -> Self {
        let mut tally = Self { least: 0, most: 0, cause: Value::Null };
        for condition in conditions {
            tally.least += usize::from(condition.truth() == Truth::True);
            tally.most += usize::from(condition.truth() != Truth::False);
            tally.cause = undecided(&tally.cause, condition);
        }
        tally
    }
}

/// How many conditions hold; undecided if any is.
pub fn tally<'a>(conditions: impl IntoIterator<Item = &'a Value>) -> Value {
    let tally = Tally::of(conditions);
    if tally.least == tally.most { counted(tally.least) } else { tally.cause }
}

/// Compares how many conditions hold with a number: decided as soon as the least and the most that can
/// hold agree on it, even where single conditions are undecided.
pub fn tally_compare<'a>(
    op: Compare,
    conditions: impl IntoIterator<Item = &'a Value>,
    number: &Value,
) -> Value {
    let tally = Tally::of(conditions);
    let mut answers =
        (tally.least..=tally.most).map(|count| super::compare(op, &counted(count), number, None));
    let first = answers.next().unwrap_or_default();
    if answers.all(|answer| answer == first) { first } else { tally.cause }
}
