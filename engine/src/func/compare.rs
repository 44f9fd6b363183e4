//! Comparisons, targets and nearness.

use super::{and, missing};
use crate::decimal::Decimal;
use crate::value::Value;
use std::cmp::Ordering;

/// The operators of comparison.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Compare {
    /// `=`
    Eq,
    /// `!=`
    Ne,
    /// `<`
    Lt,
    /// `<=`
    Le,
    /// `>`
    Gt,
    /// `>=`
    Ge,
}

impl Compare {
    /// As it is written.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Eq => "=",
            Self::Ne => "!=",
            Self::Lt => "<",
            Self::Le => "<=",
            Self::Gt => ">",
            Self::Ge => ">=",
        }
    }

    /// With the sides exchanged.
    pub const fn flipped(self) -> Self {
        match self {
            Self::Lt => Self::Gt,
            Self::Le => Self::Ge,
            Self::Gt => Self::Lt,
            Self::Ge => Self::Le,
            same => same,
        }
    }

    /// What holds where this does not, of filled sides.
    pub const fn opposite(self) -> Self {
        match self {
            Self::Eq => Self::Ne,
            Self::Ne => Self::Eq,
            Self::Lt => Self::Ge,
            Self::Le => Self::Gt,
            Self::Gt => Self::Le,
            Self::Ge => Self::Lt,
        }
    }

    /// Whether two sides in that order satisfy it.
    pub const fn holds(self, order: Ordering) -> bool {
        match self {
            Self::Eq => order.is_eq(),
            Self::Ne => order.is_ne(),
            Self::Lt => order.is_lt(),
            Self::Le => order.is_le(),
            Self::Gt => order.is_gt(),
            Self::Ge => order.is_ge(),
        }
    }
}

/// Compares two values of one type.
///
/// Numbers, dates and (in `eval` only) texts, by code points, have an order; booleans and lists can
/// only be equal or not. A tolerance `t` loosens numbers: `=` is `|l - r| <= t`, `<=` is `l <= r + t`,
/// `<` is `l < r + t`, and `!=` is the opposite of `=`.
pub fn compare(op: Compare, left: &Value, right: &Value, tolerance: Option<Decimal>) -> Value {
    if let Some(answer) = missing(&[left, right]) {
        return answer;
    }
    match (left, right) {
        (Value::Num(left), Value::Num(right)) => numbers(op, *left, *right, tolerance),
        (Value::Date(left), Value::Date(right)) => Value::Bool(op.holds(left.cmp(right))),
        (Value::Text(left), Value::Text(right)) => Value::Bool(op.holds(left.cmp(right))),
        (Value::Bool(_), Value::Bool(_)) | (Value::List(_), Value::List(_)) => sameness(op, left == right),
        _ => Value::Null,
    }
}

fn numbers(op: Compare, left: Decimal, right: Decimal, tolerance: Option<Decimal>) -> Value {
    let Some(tolerance) = tolerance.filter(|tolerance| !tolerance.is_zero()) else {
        return Value::Bool(op.holds(left.cmp(&right)));
    };
    let order = match op {
        Compare::Eq | Compare::Ne => left
            .checked_sub(right)
            .map(|diff| if diff.abs() <= tolerance { Ordering::Equal } else { left.cmp(&right) }),
        Compare::Lt | Compare::Le => right.checked_add(tolerance).map(|right| left.cmp(&right)),
        Compare::Gt | Compare::Ge => right.checked_sub(tolerance).map(|right| left.cmp(&right)),
    };
    order.map_or(Value::Unknown, |order| Value::Bool(op.holds(order)))
}

fn sameness(op: Compare, same: bool) -> Value {
    match op {
        Compare::Eq => Value::Bool(same),
        Compare::Ne => Value::Bool(!same),
        _ => Value::Null,
    }
}

/// `left = right`
pub fn eq(left: &Value, right: &Value) -> Value {
    compare(Compare::Eq, left, right, None)
}

/// `left != right`
pub fn ne(left: &Value, right: &Value) -> Value {
    compare(Compare::Ne, left, right, None)
}

/// `left < right`
pub fn lt(left: &Value, right: &Value) -> Value {
    compare(Compare::Lt, left, right, None)
}

/// `left <= right`
pub fn le(left: &Value, right: &Value) -> Value {
    compare(Compare::Le, left, right, None)
}

/// `left > right`
pub fn gt(left: &Value, right: &Value) -> Value {
    compare(Compare::Gt, left, right, None)
}

/// `left >= right`
pub fn ge(left: &Value, right: &Value) -> Value {
    compare(Compare::Ge, left, right, None)
}

/// `value between low and high`, both included; one bound that fails decides.
pub fn between(value: &Value, low: &Value, high: &Value) -> Value {
    and(&ge(value, low), &le(value, high))
}

/// Whether two numbers differ by at most the tolerance.
pub fn near(left: &Value, right: &Value, tolerance: &Value) -> Value {
    if let Some(answer) = missing(&[left, right, tolerance]) {
        return answer;
    }
    match (left, right, tolerance) {
        (Value::Num(_), Value::Num(_), Value::Num(within)) => {
            compare(Compare::Eq, left, right, Some(*within))
        }
        _ => Value::Null,
    }
}

/// A printed target: a number to reach, or to stay above or below.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Target {
    /// How the value must stand to the number.
    pub op: Compare,
    /// The number.
    pub number: Decimal,
}

impl Target {
    /// Reads `100` (reach it: `>=`), `> 90`, `>= 5`, `≤ 3`, `= 0`; blanks may stand around the sign.
    pub fn parse(text: &str) -> Option<Self> {
        const SIGNS: [(&str, Compare); 8] = [
            (">=", Compare::Ge),
            ("<=", Compare::Le),
            ("≥", Compare::Ge),
            ("≤", Compare::Le),
            (">", Compare::Gt),
            ("<", Compare::Lt),
            ("=", Compare::Eq),
            ("", Compare::Ge),
        ];
        let text = text.trim();
        let (rest, op) = SIGNS.iter().find_map(|(sign, op)| Some((text.strip_prefix(sign)?, *op)))?;
        Some(Self { op, number: Decimal::parse(rest.trim_start())? })
    }
}

/// Whether a number meets a printed target, which is a number to reach or a text such as `> 90`.
pub fn meets(value: &Value, target: &Value) -> Value {
    if let Some(answer) = missing(&[value, target]) {
        return answer;
    }
    let target = match target {
        Value::Num(number) => Some(Target { op: Compare::Ge, number: *number }),
        Value::Text(text) => Target::parse(text),
        _ => None,
    };
    target.map_or(Value::Null, |target| compare(target.op, value, &Value::Num(target.number), None))
}
