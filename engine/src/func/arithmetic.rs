//! Arithmetic on two numbers, and rounding.

use super::{fitting, missing};
use crate::decimal::{Decimal, Rounding};
use crate::value::Value;

/// Applies an operation to numbers, with the answers for what is no number.
fn with_two(left: &Value, right: &Value, apply: impl FnOnce(Decimal, Decimal) -> Value) -> Value {
    if let Some(answer) = missing(&[left, right]) {
        return answer;
    }
    match (left, right) {
        (Value::Num(left), Value::Num(right)) => apply(*left, *right),
        _ => Value::Null,
    }
}

fn with_one(number: &Value, apply: impl FnOnce(Decimal) -> Value) -> Value {
    with_two(number, &Value::Num(Decimal::ZERO), |number, _| apply(number))
}

/// Applies an operation that has no answer where the divisor is nought.
fn dividing(left: &Value, right: &Value, apply: impl FnOnce(Decimal, Decimal) -> Option<Decimal>) -> Value {
    with_two(left, right, |left, right| match right.is_zero() {
        true => Value::Null,
        false => fitting(apply(left, right)),
    })
}

/// `left + right`
pub fn add(left: &Value, right: &Value) -> Value {
    with_two(left, right, |left, right| fitting(left.checked_add(right)))
}

/// `left - right`
pub fn sub(left: &Value, right: &Value) -> Value {
    with_two(left, right, |left, right| fitting(left.checked_sub(right)))
}

/// `left * right`
pub fn mul(left: &Value, right: &Value) -> Value {
    with_two(left, right, |left, right| fitting(left.checked_mul(right)))
}

/// `-number`
pub fn neg(number: &Value) -> Value {
    with_one(number, |number| Value::Num(number.neg()))
}

/// `left / right` to 28 digits, for `eval`; blank where the divisor is nought.
pub fn divide(left: &Value, right: &Value) -> Value {
    dividing(left, right, Decimal::div_28)
}

/// `left / right` brought to that many decimals by one exact division, as a rounding around a quotient
/// asks; blank where the divisor is nought.
pub fn divide_rounded(left: &Value, right: &Value, scale: u32, mode: Rounding) -> Value {
    dividing(left, right, |left, right| left.div_round(right, scale, mode))
}

/// `part` in per cent of `whole`, half up; blank where the whole is nought.
pub fn percent(part: &Value, whole: &Value, scale: u32) -> Value {
    let hundredfold = mul(part, &Value::Num(Decimal::HUNDRED));
    divide_rounded(&hundredfold, whole, scale, Rounding::HalfUp)
}

/// What is left after taking away whole multiples of the divisor, with the divisor's sign; blank where
/// the divisor is nought.
pub fn modulo(left: &Value, right: &Value) -> Value {
    dividing(left, right, Decimal::modulo)
}

/// The number without its sign.
pub fn abs(number: &Value) -> Value {
    with_one(number, |number| Value::Num(number.abs()))
}

/// The number with that many decimals; a negative scale rounds to tens, hundreds and so on.
pub fn round(number: &Value, scale: i32, mode: Rounding) -> Value {
    with_one(number, |number| match u32::try_from(scale) {
        Ok(scale) => Value::Num(number.round(scale, mode)),
        Err(_) => fitting(number.round_tens(scale.unsigned_abs(), mode)),
    })
}

/// The largest whole number that is not above.
pub fn floor(number: &Value) -> Value {
    round(number, 0, Rounding::Floor)
}

/// The smallest whole number that is not below.
pub fn ceiling(number: &Value) -> Value {
    round(number, 0, Rounding::Ceiling)
}
