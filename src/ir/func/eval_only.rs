//! What `eval` has and rules refuse by name.

use super::Syntax;
use super::short::*;
use formwright_engine::Date;
use formwright_engine::date::Precision;

const NOT_PORTABLE: Use = Use::EvalOnly("the targets do not agree on it", "各输出格式对它的计算不一致");
const DIVISION: Use = Use::EvalOnly(
    "a bare quotient is not exact; round it, `round half up(a / b, 2)`, or compare products, `a = b * c`",
    "单独的商不精确；请取整，如 round half up(a / b, 2)，或改比乘积，如 a = b * c",
);
const DATES: Use = Use::EvalOnly("write a date as @\"2015-06-30\"", "日期请写作 @\"2015-06-30\"");
const JOINING: Use =
    Use::EvalOnly("rules compare texts, they do not build them", "规则只比较文本，不拼接文本");
const QUANTIFY: Use = Use::EvalOnly(
    "write `every … satisfies` or `some … satisfies`",
    "请写 every … satisfies 或 some … satisfies",
);

/// Rounded to whole ones or to the second argument.
fn round(args: &[Value], mode: Rounding) -> Value {
    match args {
        [Value::Unknown, ..] | [_, Value::Unknown] => Value::Unknown,
        [x, n] => scale(n).map_or(Value::Null, |n| f::round(x, n, mode)),
        _ => Value::Null,
    }
}

/// The part of a text from a position (from the end if negative), of a length or to the end.
fn substring(args: &[Value]) -> Value {
    let (text, start, length) = match args {
        [Value::Text(text), Value::Num(start)] => (text, start, None),
        [Value::Text(text), Value::Num(start), Value::Num(length)] => (text, start, Some(length)),
        [Value::Unknown, ..] => return Value::Unknown,
        _ => return Value::Null,
    };
    let count = text.chars().count();
    let Some(from) = position(*start, count) else { return Value::Null };
    let wanted = match length.map(|n| n.round(0, Rounding::Down).to_i64()) {
        None => count,
        Some(Some(n)) if n > 0 => usize::try_from(n).unwrap_or(count),
        Some(_) => return Value::Null,
    };
    Value::Text(text.chars().skip(from).take(wanted).collect::<String>().into())
}

/// The characters before a position that counts from 1, or from the end if negative.
fn position(start: Decimal, count: usize) -> Option<usize> {
    let start = start.round(0, Rounding::Down).to_i64()?;
    let size = usize::try_from(start.unsigned_abs()).ok()?;
    match start {
        1.. => (size <= count).then(|| size - 1),
        0 => None,
        _ => count.checked_sub(size),
    }
}

fn date(args: &[Value]) -> Value {
    match args {
        [Value::Text(text)] => Date::parse_as(text, Precision::Day).map_or(Value::Null, Value::Date),
        [d @ (Value::Date(_) | Value::Unknown)] => d.clone(),
        [Value::Num(y), Value::Num(m), Value::Num(d)] => ymd(*y, *m, *d).map_or(Value::Null, Value::Date),
        _ => Value::Null,
    }
}

fn ymd(y: Decimal, m: Decimal, d: Decimal) -> Option<Date> {
    let part = |n: Decimal| if n.is_integer() { n.to_i64() } else { None };
    let (m, d) = (u8::try_from(part(m)?).ok()?, u8::try_from(part(d)?).ok()?);
    if m == 0 || d == 0 {
        return None;
    }
    Date::new(i32::try_from(part(y)?).ok()?, m, d)
}

/// Kleene over items; an item that is no condition leaves all blank.
fn quantify(args: &[Value], every: bool) -> Value {
    let items: Vec<Value> = f::flatten(args).cloned().collect();
    if items.iter().any(|v| !matches!(v, Value::Bool(_) | Value::Null | Value::Unknown)) {
        return Value::Null;
    }
    if every { f::every(items) } else { f::some(items) }
}

fn mean(args: &[Value]) -> Value {
    match f::mean(f::flatten(args)) {
        Ok(mean) => f::divide(&Value::Num(mean.sum), &Value::int(mean.count)),
        Err(answer) => answer,
    }
}

rows! {
    add_text "+" Syntax::Infix(4), (2, 2), JOINING, Role::Plain, EVAL,
        t::add_text, super::arithmetic::plus, [NO, NO, NO, NO, NO],
        "Text after text.", "\"a\" + \"b\"" => "\"ab\"";
    div "/" Syntax::Infix(5), (2, 2), DIVISION, Role::Plain, EVAL,
        t::div, |a| two(a, f::divide), [NO, NO, NO, NO, NO],
        "The quotient to 28 digits; blank if the divisor is zero.", "10 / 4" => "2.5";
    mean "mean" CALL, (1, 255), DIVISION, Role::Aggregate(Aggregate::Collect), EVAL,
        t::mean, mean, [NO, NO, NO, NO, NO],
        "The mean of the filled ones to 28 digits.", "mean(1, 2)" => "1.5";
    substring "substring" CALL, (2, 3), NOT_PORTABLE, Role::Plain, EVAL,
        t::substring, substring, [NO, NO, NO, NO, NO],
        "A part of a text from a position, counted from 1 or from the end.", "substring(\"foobar\", -2, 1)" => "\"a\"";
    decimal "decimal" CALL, (2, 2), NOT_PORTABLE, Role::Plain, EVAL,
        t::rounded, |a| round(a, Rounding::HalfEven), [NO, NO, NO, NO, NO],
        "Rounded, a half to the even neighbour.", "decimal(2.5, 0)" => "2";
    round_half_down "round half down" CALL, (2, 2), NOT_PORTABLE, Role::Plain, EVAL,
        t::rounded, |a| round(a, Rounding::HalfDown), [NO, NO, NO, NO, NO],
        "Rounded, a half towards zero.", "round half down(-5.5, 0)" => "-5";
    floor_scale "floor" CALL, (2, 2), NOT_PORTABLE, Role::Plain, EVAL,
        t::rounded, |a| round(a, Rounding::Floor), [NO, NO, NO, NO, NO],
        "The largest number of that many decimals that is not above.", "floor(-1.56, 1)" => "-1.6";
    ceiling_scale "ceiling" CALL, (2, 2), NOT_PORTABLE, Role::Plain, EVAL,
        t::rounded, |a| round(a, Rounding::Ceiling), [NO, NO, NO, NO, NO],
        "The smallest number of that many decimals that is not below.", "ceiling(-1.56, 1)" => "-1.5";
    matches_flags "matches" CALL, (3, 3), NOT_PORTABLE, Role::Plain, EVAL,
        t::texts3, super::text::matches, [NO, NO, NO, NO, NO],
        "Whether a pattern is found in a text, with flags of `i m s x`.", "matches(\"abc\", \"ABC\", \"i\")" => "true";
    is "is" CALL, (2, 2), NOT_PORTABLE, Role::Plain, EVAL,
        t::any_two, |a| two(a, |a, b| Value::Bool(a == b)), [NO, NO, NO, NO, NO],
        "Whether two values are the same, of one type; a null is the same as a null.", "is(1, \"1\")" => "false";
    date "date" CALL, (1, 3), DATES, Role::Plain, EVAL,
        t::date, date, [NO, NO, NO, NO, NO],
        "A date from its text, or from year, month and day.", "date(2015, 6, 30)" => "@\"2015-06-30\"";
    all "all" CALL, (1, 255), QUANTIFY, Role::Aggregate(Aggregate::Collect), EVAL,
        t::bool_items, |a| quantify(a, true), [NO, NO, NO, NO, NO],
        "Whether all conditions of a list hold.", "all([true, false])" => "false";
    any "any" CALL, (1, 255), QUANTIFY, Role::Aggregate(Aggregate::Collect), EVAL,
        t::bool_items, |a| quantify(a, false), [NO, NO, NO, NO, NO],
        "Whether any condition of a list holds.", "any([true, false])" => "true";
}
