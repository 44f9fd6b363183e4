//! Conditions and presence.

use super::Syntax;
use super::short::*;

/// The first argument, zero where it is blank.
fn or_zero(args: &[Value]) -> Value {
    match args {
        [a] if a.is_blank() => Value::Num(Decimal::ZERO),
        [a, Value::Bool(true)] if a.is_blank() => Value::Num(Decimal::ZERO),
        [a, Value::Unknown] if a.is_blank() => Value::Unknown,
        [a] | [a, _] => a.clone(),
        _ => Value::Null,
    }
}

rows! {
    and "and" Syntax::Infix(2), (2, 255), ALL, Role::And, K::All,
        t::bools, |a| f::every(a.iter().cloned()),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "True if both are, false if either is, otherwise unknown.", "true and false" => "false";
    or "or" Syntax::Infix(1), (2, 255), ALL, Role::Or, K::Any,
        t::bools, |a| f::some(a.iter().cloned()),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "True if either is, false if both are, otherwise unknown.", "true or null" => "true";
    not "not" CALL, (1, 1), ALL, Role::Not, K::Not,
        t::bools, |a| one(a, f::not),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "The opposite; unknown stays unknown.", "not(true)" => "false";
    filled "filled" CALL, (1, 255), ALL, Role::Presence(true), K::Presence(true),
        t::presence, |a| f::filled(f::flatten(a)),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Whether all are filled.", "filled(1, 0)" => "true";
    blank "blank" CALL, (1, 255), ALL, Role::Presence(false), K::Presence(false),
        t::presence, |a| f::blank(f::flatten(a)),
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "Whether all are blank.", "blank(null, 0)" => "false";
    tally "tally" CALL, (1, 255), ALL, Role::Tally, K::Tally,
        t::tally, |a| f::tally(f::flatten(a)),
        [own("tally"), own("tally"), own("tally"), own("tally"), own("tally")],
        "How many conditions hold.", "tally(1 = 1, 2 = 1, 3 = 3)" => "2";
    or_zero "(or zero)" SPECIAL, (1, 1), ALL, Role::OrZero, CALC,
        t::or_zero, or_zero,
        [s("({0} ?? 0)"), s("N({0})"), s("coalesce({0}, 0)"), s("coalesce({0}, 0)"), s("{0}")],
        "A number, zero where it is blank (`blank: zero`).", "" => "";
    or_zero_if "(or zero if)" SPECIAL, (2, 2), ALL, Role::OrZero, CALC,
        t::or_zero, or_zero,
        [LOWERED, LOWERED, LOWERED, LOWERED, LOWERED],
        "A number, zero where it is blank and the second operand holds (`blank: partial`).", "" => "";
}
