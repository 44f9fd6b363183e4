//! Membership, distinct values and uniqueness.

use super::missing;
use crate::value::Value;
use std::collections::HashSet;

/// Whether a value is among the filled ones of a list; a member that is unknown leaves it unknown
/// unless another is equal. Undecided for a blank value.
pub fn in_list<'a>(value: &Value, list: impl IntoIterator<Item = &'a Value>) -> Value {
    if let Some(answer) = missing(&[value]) {
        return answer;
    }
    let mut open = false;
    for member in list {
        if member == value {
            return Value::Bool(true);
        }
        open |= member.is_unknown();
    }
    if open { Value::Unknown } else { Value::Bool(false) }
}

/// Whether a list, such as the codes of a multiple choice, holds a value; undecided for a blank list.
pub fn list_contains(list: &Value, value: &Value) -> Value {
    if let Some(answer) = missing(&[list, value]) {
        return answer;
    }
    list.as_list().map_or(Value::Null, |members| in_list(value, members))
}

/// The filled values without repetition, each where it is first seen; unknown ones stay, as one, so
/// that counting them is unknown.
pub fn distinct_values<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut seen = HashSet::new();
    let filled = values.into_iter().filter(|value| !value.is_blank());
    Value::list(filled.filter(|value| seen.insert(*value)).cloned())
}

/// Whether no filled value is repeated; without a repetition an unknown one leaves it unknown.
pub fn unique<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut seen = HashSet::new();
    let mut open = false;
    for value in values {
        if value.is_unknown() {
            open = true;
        } else if !value.is_blank() && !seen.insert(value) {
            return Value::Bool(false);
        }
    }
    if open { Value::Unknown } else { Value::Bool(true) }
}
