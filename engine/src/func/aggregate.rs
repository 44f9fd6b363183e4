//! Functions over many values: they take the filled ones.

use super::{counted, fitting, missing};
use crate::decimal::{Decimal, Rounding};
use crate::value::Value;
use std::cmp::Ordering;

/// The sum and the number of the filled values: a mean that is not divided yet.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Mean {
    /// The sum.
    pub sum: Decimal,
    /// How many were filled, at least one.
    pub count: i64,
}

impl Mean {
    /// The mean with that many decimals, if it fits.
    pub fn rounded(self, scale: u32, mode: Rounding) -> Option<Decimal> {
        self.sum.div_round(Decimal::from_int(self.count), scale, mode)
    }
}

/// The sum of the filled numbers; blank if none is filled, unknown if one is unknown.
pub fn sum<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    match mean(values) {
        Ok(mean) => Value::Num(mean.sum),
        Err(answer) => answer,
    }
}

/// The sum and count of the filled numbers, or the answer instead: blank if none is filled, unknown if
/// one is unknown or the sum does not fit.
pub fn mean<'a>(values: impl IntoIterator<Item = &'a Value>) -> Result<Mean, Value> {
    let mut mean = Mean { sum: Decimal::ZERO, count: 0 };
    for value in values {
        match value {
            Value::Num(number) => {
                mean.sum = mean.sum.checked_add(*number).ok_or(Value::Unknown)?;
                mean.count += 1;
            }
            blank if blank.is_blank() => {}
            Value::Unknown => return Err(Value::Unknown),
            _ => return Err(Value::Null),
        }
    }
    if mean.count == 0 { Err(Value::Null) } else { Ok(mean) }
}

/// The mean of the filled numbers with that many decimals.
pub fn mean_rounded<'a>(values: impl IntoIterator<Item = &'a Value>, scale: u32, mode: Rounding) -> Value {
    match mean(values) {
        Ok(mean) => fitting(mean.rounded(scale, mode)),
        Err(answer) => answer,
    }
}

/// The smallest of the filled numbers, dates or texts.
pub fn min<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    outermost(values, Ordering::Less)
}

/// The largest of the filled numbers, dates or texts.
pub fn max<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    outermost(values, Ordering::Greater)
}

fn outermost<'a>(values: impl IntoIterator<Item = &'a Value>, wanted: Ordering) -> Value {
    let mut best: Option<&Value> = None;
    for value in values {
        if let Some(answer) = missing(&[value]) {
            if answer.is_unknown() {
                return answer;
            }
            continue;
        }
        match best.map(|best| order(value, best)) {
            Some(None) => return Value::Null,
            Some(Some(order)) if order != wanted => {}
            _ => best = Some(value),
        }
    }
    best.cloned().unwrap_or_default()
}

fn order(left: &Value, right: &Value) -> Option<Ordering> {
    match (left, right) {
        (Value::Num(left), Value::Num(right)) => Some(left.cmp(right)),
        (Value::Date(left), Value::Date(right)) => Some(left.cmp(right)),
        (Value::Text(left), Value::Text(right)) => Some(left.cmp(right)),
        _ => None,
    }
}

/// How many are filled (rows are, always); unknown if one is unknown.
pub fn count<'a>(values: impl IntoIterator<Item = &'a Value>) -> Value {
    let mut filled = 0;
    for value in values {
        if value.is_unknown() {
            return Value::Unknown;
        }
        filled += usize::from(!value.is_blank());
    }
    counted(filled)
}
