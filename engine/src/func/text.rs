//! Text, dates and the reading of numbers from text.

use super::{counted, missing};
use crate::date::{self, Date, Precision};
use crate::decimal::Decimal;
use crate::value::Value;

/// Looks for a part in a text; the part may be white space, which is not blank as what to look for.
fn with_texts(text: &Value, part: &Value, apply: impl FnOnce(&str, &str) -> bool) -> Value {
    if text.is_unknown() || part.is_unknown() {
        return Value::Unknown;
    }
    match (text.as_text(), part.as_text()) {
        (Some(whole), Some(part)) if !text.is_blank() => Value::Bool(apply(whole, part)),
        _ => Value::Null,
    }
}

fn with_dates(a: &Value, b: &Value, apply: impl FnOnce(Date, Date) -> i64) -> Value {
    if let Some(answer) = missing(&[a, b]) {
        return answer;
    }
    match (a.as_date(), b.as_date()) {
        (Some(a), Some(b)) => Value::int(apply(a, b)),
        _ => Value::Null,
    }
}

fn with_date(value: &Value, apply: impl FnOnce(Date) -> Option<i64>) -> Value {
    if let Some(answer) = missing(&[value]) {
        return answer;
    }
    value.as_date().and_then(apply).map_or(Value::Null, Value::int)
}

/// The code points of a text.
pub fn string_length(text: &Value) -> Value {
    if let Some(answer) = missing(&[text]) {
        return answer;
    }
    text.as_text().map_or(Value::Null, |text| counted(text.chars().count()))
}

/// Whether a text holds another.
pub fn contains(text: &Value, part: &Value) -> Value {
    with_texts(text, part, |text, part| text.contains(part))
}

/// Whether a text begins with another.
pub fn starts_with(text: &Value, start: &Value) -> Value {
    with_texts(text, start, |text, start| text.starts_with(start))
}

/// Whether a text ends with another.
pub fn ends_with(text: &Value, end: &Value) -> Value {
    with_texts(text, end, |text, end| text.ends_with(end))
}

/// The number a text reads as, white space around it aside; blank if it is none. A number is itself.
pub fn number(value: &Value) -> Value {
    match value {
        Value::Num(_) | Value::Unknown => value.clone(),
        Value::Text(text) => Decimal::parse(text.trim()).map_or(Value::Null, Value::Num),
        _ => Value::Null,
    }
}

/// The days from `b` to `a`, see [`date::days`].
pub fn days(a: &Value, b: &Value) -> Value {
    with_dates(a, b, date::days)
}

/// The full months from `b` to `a`, see [`date::months`].
pub fn months(a: &Value, b: &Value) -> Value {
    with_dates(a, b, date::months)
}

/// The year of a date.
pub fn year(value: &Value) -> Value {
    with_date(value, |date| Some(i64::from(date.year())))
}

/// The month of a date; blank for a year.
pub fn month(value: &Value) -> Value {
    with_date(value, |date| (date.month() > 0).then(|| i64::from(date.month())))
}

/// The day of a date; blank for a month or a year.
pub fn day(value: &Value) -> Value {
    with_date(value, |date| (date.precision() == Precision::Day).then(|| i64::from(date.day())))
}
