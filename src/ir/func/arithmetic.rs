//! Arithmetic and rounding.

use super::Syntax;
use super::short::*;

/// The first argument rounded to the second, whole without one.
fn round(args: &[Value], mode: Rounding) -> Value {
    match args {
        [x] => f::round(x, 0, mode),
        [Value::Unknown, _] | [_, Value::Unknown] => Value::Unknown,
        [x, n] => scale(n).map_or(Value::Null, |n| f::round(x, n, mode)),
        _ => Value::Null,
    }
}

/// The quotient of the first two arguments rounded to the third.
fn quotient(args: &[Value], mode: Rounding) -> Value {
    three(args, |a, b, n| match scale(n).map(u32::try_from) {
        Some(Ok(n)) => f::divide_rounded(a, b, n, mode),
        Some(Err(_)) => f::round(&f::divide(a, b), scale(n).unwrap_or(0), mode),
        None => Value::Null,
    })
}

fn percent(args: &[Value]) -> Value {
    three(args, |a, b, n| match scale(n).map(u32::try_from) {
        Some(Ok(n)) => f::percent(a, b, n),
        _ => Value::Null,
    })
}

/// Text after text where both are, otherwise a sum.
pub(super) fn plus(args: &[Value]) -> Value {
    match args {
        [Value::Text(a), Value::Text(b)] => Value::Text(format!("{a}{b}").into()),
        [a, b] => f::add(a, b),
        _ => Value::Null,
    }
}

rows! {
    add_num "+" Syntax::Infix(4), (2, 2), ALL, Role::Plain, CALC,
        t::add, |a| two(a, f::add),
        [s("({0} + {1})"), s("({0}+{1})"), s("({0} + {1})"), s("({0} + {1})"), s("({0} + {1})")],
        "The sum; blank if either is.", "1.50 + 2" => "3.5";
    add_any "+" Syntax::Infix(4), (2, 2), ALL, Role::Plain, EVAL,
        t::add_any, plus, [NO, NO, NO, NO, NO],
        "The sum or the joined text, by what is there at run time.", "" => "";
    sub_num "-" Syntax::Infix(4), (2, 2), ALL, Role::Plain, CALC,
        t::sub, |a| two(a, f::sub),
        [s("({0} - {1})"), s("({0}-{1})"), s("({0} - {1})"), s("({0} - {1})"), s("({0} - {1})")],
        "The difference; blank if either is.", "1 - 2.5" => "-1.5";
    mul_num "*" Syntax::Infix(5), (2, 2), ALL, Role::Plain, CALC,
        t::mul, |a| two(a, f::mul),
        [s("({0} * {1})"), s("({0}*{1})"), own("mul_num"), own("mul_num"), s("({0} * {1})")],
        "The product; blank if either is.", "1.5 * 1.5" => "2.25";
    neg_num "-" Syntax::Prefix, (1, 1), ALL, Role::Plain, CALC,
        t::same_num, |a| one(a, f::neg),
        [s("(-{0})"), s("(-{0})"), s("(-{0})"), s("(-{0})"), s("(-{0})")],
        "The number with the other sign.", "-(1)" => "-1";
    round_div "round half up /" SPECIAL, (3, 3), ALL, Role::Plain, CALC,
        t::round_div, |a| quotient(a, Rounding::HalfUp),
        [s("$.halfUp({0}, {1})"), own("round_div"), own("round_div"), own("round_div"), s("scaled::half_up({0}, {1})")],
        "A quotient rounded half away from zero; blank if the divisor is zero.", "round half up(1 / 3, 2)" => "0.33";
    round_up_div "round up /" SPECIAL, (3, 3), ALL, Role::Plain, CALC,
        t::round_div, |a| quotient(a, Rounding::Up),
        [s("$.up({0}, {1})"), own("round_up_div"), own("round_up_div"), own("round_up_div"), s("scaled::up({0}, {1})")],
        "A quotient rounded away from zero; blank if the divisor is zero.", "round up(1 / 3, 2)" => "0.34";
    round_down_div "round down /" SPECIAL, (3, 3), ALL, Role::Plain, CALC,
        t::round_div, |a| quotient(a, Rounding::Down),
        [s("$.down({0}, {1})"), own("round_down_div"), own("round_down_div"), own("round_down_div"), s("scaled::down({0}, {1})")],
        "A quotient rounded towards zero; blank if the divisor is zero.", "round down(2 / 3, 2)" => "0.66";
    round_half_up "round half up" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::rounded, |a| round(a, Rounding::HalfUp),
        [s("$.halfUp({0}, {1})"), own("round_half_up"), own("round_half_up"), own("round_half_up"), s("scaled::half_up({0}, {1})")],
        "Rounded to that many decimals, a half away from zero.", "round half up(-2.5, 0)" => "-3";
    round_up "round up" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::rounded, |a| round(a, Rounding::Up),
        [s("$.up({0}, {1})"), own("round_up"), own("round_up"), own("round_up"), s("scaled::up({0}, {1})")],
        "Rounded to that many decimals, away from zero.", "round up(-1.121, 2)" => "-1.13";
    round_down "round down" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::rounded, |a| round(a, Rounding::Down),
        [s("$.down({0}, {1})"), own("round_down"), own("round_down"), own("round_down"), s("scaled::down({0}, {1})")],
        "Rounded to that many decimals, towards zero.", "round down(-1.129, 2)" => "-1.12";
    abs "abs" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::same_num, |a| one(a, f::abs),
        [s("$.abs({0})"), s("ABS({0})"), s("abs({0})"), s("abs({0})"), s("{0}.abs()")],
        "The number without its sign.", "abs(-1.5)" => "1.5";
    floor "floor" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::whole, |a| round(a, Rounding::Floor),
        [s("$.floor({0}, {1})"), own("floor"), own("floor"), own("floor"), s("scaled::floor({0}, {1})")],
        "The largest whole number that is not above.", "floor(-1.5)" => "-2";
    ceiling "ceiling" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::whole, |a| round(a, Rounding::Ceiling),
        [s("$.ceil({0}, {1})"), own("ceiling"), own("ceiling"), own("ceiling"), s("scaled::ceil({0}, {1})")],
        "The smallest whole number that is not below.", "ceiling(-1.5)" => "-1";
    modulo "modulo" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::modulo, |a| two(a, f::modulo),
        [s("$.mod({0}, {1})"), own("modulo"), own("modulo"), own("modulo"), s("scaled::modulo({0}, {1})")],
        "The remainder, with the sign of the divisor; blank if that is zero.", "modulo(-12, 5)" => "3";
    percent "percent" CALL, (3, 3), ALL, Role::Plain, CALC,
        t::percent, percent,
        [s("$.halfUp({0}, {1})"), own("percent"), own("percent"), own("percent"), s("scaled::half_up({0}, {1})")],
        "The part in per cent of the whole, rounded half away from zero; blank if the whole is zero.",
        "percent(1, 3, 2)" => "33.33";
    convert "(convert)" SPECIAL, (2, 2), ALL, Role::Plain, CALC,
        t::convert, |a| two(a, f::mul),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "A number in another unit: the second operand is the factor. Written `convert(x, \"万人\")`.", "" => "";
}
