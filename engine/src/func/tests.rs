use super::*;
use crate::date::Date;
use crate::decimal::Rounding;
use Value::{Null, Unknown};

const YES: Value = Value::Bool(true);
const NO: Value = Value::Bool(false);

fn n(text: &str) -> Value {
    Value::Num(Decimal::parse(text).unwrap())
}

fn d(text: &str) -> Value {
    Value::Date(Date::parse(text).unwrap())
}

#[test]
fn unknown_outweighs_blank_in_every_function_of_two() {
    let functions: [fn(&Value, &Value) -> Value; 16] = [
        add,
        sub,
        mul,
        divide,
        modulo,
        eq,
        ne,
        lt,
        le,
        gt,
        ge,
        meets,
        contains,
        starts_with,
        ends_with,
        days,
    ];
    for function in functions {
        for filled in [n("1"), Value::text("a"), d("2015-06-30")] {
            assert_eq!(function(&filled, &Unknown), Unknown);
            assert_eq!(function(&Unknown, &filled), Unknown);
            assert_eq!(function(&filled, &Null), Null);
            assert_eq!(function(&Null, &filled), Null);
        }
        assert_eq!(function(&Null, &Unknown), Unknown);
        assert_eq!(function(&Null, &Null), Null);
    }
}

#[test]
fn connectives_keep_the_cause() {
    assert_eq!(and(&NO, &Unknown), NO);
    assert_eq!(and(&YES, &Null), Null);
    assert_eq!(and(&Null, &Unknown), Unknown);
    assert_eq!(or(&YES, &Unknown), YES);
    assert_eq!(or(&NO, &Null), Null);
    assert_eq!(or(&Unknown, &Null), Unknown);
    assert_eq!([not(&YES), not(&NO), not(&Null), not(&Unknown)], [NO, YES, Null, Unknown]);
}

#[test]
fn quantifiers_over_nothing_and_over_the_undecided() {
    assert_eq!(every([]), YES);
    assert_eq!(some([]), NO);
    assert_eq!(every([YES, Null]), Null);
    assert_eq!(every([Unknown, NO]), NO);
    assert_eq!(some([NO, Unknown]), Unknown);
    assert_eq!(some([Null, YES]), YES);
    assert_eq!(if_then_else(&Null, n("1"), n("2")), n("2"));
}

#[test]
fn presence_is_two_valued_but_for_the_unknown() {
    assert_eq!(filled([&n("0"), &Value::Bool(false)]), YES);
    assert_eq!(filled([&n("0"), &Null]), NO);
    assert_eq!(filled([&Unknown, &Null]), NO);
    assert_eq!(filled([&Unknown, &n("1")]), Unknown);
    assert_eq!(blank([&Null, &Value::Text(" \u{3000}".into())]), YES);
    assert_eq!(blank([&Null, &n("0")]), NO);
    assert_eq!(blank([&Null, &Unknown]), Unknown);
    assert_eq!([is_null(&Null), is_null(&n("0")), is_null(&Unknown)], [YES, NO, Unknown]);
}

#[test]
fn plus_is_strict_and_sum_is_lenient() {
    assert_eq!(add(&n("1"), &Null), Null);
    assert_eq!(sum([&n("1"), &Null, &n("2.50")]), n("3.5"));
    assert_eq!(sum([&Null, &Null]), Null);
    assert_eq!(sum([&n("1"), &Unknown]), Unknown);
    assert_eq!(sum([&Null, &Unknown]), Unknown);
    assert_eq!(sum([]), Null);
    let vast = Value::Num(Decimal::new(i128::MAX, 0).unwrap());
    assert_eq!(sum([&vast, &vast]), Unknown);
    assert_eq!(mul(&vast, &vast), Unknown);
}

#[test]
fn aggregates_take_the_filled() {
    let values = [n("3"), Null, n("-1"), n("2")];
    assert_eq!(min(&values), n("-1"));
    assert_eq!(max(&values), n("3"));
    assert_eq!(count(&values), n("3"));
    assert_eq!(mean(&values), Ok(Mean { sum: Decimal::from_int(4), count: 3 }));
    assert_eq!(mean_rounded(&values, 2, Rounding::HalfUp), n("1.33"));
    assert_eq!([min([&Null]), max([]), mean_rounded([], 0, Rounding::HalfUp)], [Null, Null, Null]);
    assert_eq!([count([]), count([&Null])], [n("0"), n("0")]);
    let open = [&n("1"), &Unknown];
    assert_eq!([min(open), max(open), count(open)], [Unknown, Unknown, Unknown]);
    assert_eq!(max([&d("2015-06-30"), &d("2015-07-01")]), d("2015-07-01"));
    assert_eq!(count(flatten([&Value::list(values), &n("1")])), n("4"));
}

#[test]
fn comparisons_with_a_tolerance() {
    let within = Decimal::parse("0.5");
    for (op, left, expected) in [
        (Compare::Eq, "10.5", YES),
        (Compare::Eq, "9.5", YES),
        (Compare::Eq, "10.51", NO),
        (Compare::Ne, "10.5", NO),
        (Compare::Ne, "9.4", YES),
        (Compare::Le, "10.5", YES),
        (Compare::Le, "10.6", NO),
        (Compare::Lt, "10.4", YES),
        (Compare::Lt, "10.5", NO),
        (Compare::Ge, "9.5", YES),
        (Compare::Ge, "9.4", NO),
        (Compare::Gt, "9.6", YES),
        (Compare::Gt, "9.5", NO),
    ] {
        assert_eq!(compare(op, &n(left), &n("10"), within), expected, "{left} {}", op.as_str());
    }
    assert_eq!(near(&n("1.00"), &n("1.01"), &n("0.01")), YES);
    assert_eq!(near(&n("1.00"), &n("1.02"), &n("0.01")), NO);
    assert_eq!(near(&n("1.00"), &n("1.02"), &Null), Null);
}

#[test]
fn comparisons_of_each_type() {
    assert_eq!(eq(&n("1.0"), &n("1.00")), YES);
    assert_eq!(eq(&Value::text("a"), &Value::text("A")), NO);
    assert_eq!(eq(&n("1"), &Value::text("1")), Null);
    assert_eq!(eq(&YES, &NO), NO);
    assert_eq!(lt(&NO, &YES), Null);
    assert_eq!(lt(&d("2015-06-30"), &d("2015-07-01")), YES);
    assert_eq!(between(&n("5"), &n("5"), &n("6")), YES);
    assert_eq!(between(&n("4"), &n("5"), &Null), NO);
    assert_eq!(between(&n("6"), &n("5"), &Null), Null);
}

#[test]
fn targets() {
    for (value, target, expected) in [
        ("100", "100", YES),
        ("99.99", "100", NO),
        ("90", "> 90", NO),
        ("90.01", ">90", YES),
        ("5", ">= 5", YES),
        ("3", "≤ 3", YES),
        ("3.1", "<= 3", NO),
        ("3", "< 3", NO),
        ("0", "= 0", YES),
        ("1", "some", Null),
    ] {
        assert_eq!(meets(&n(value), &Value::text(target)), expected, "{value} {target}");
    }
    assert_eq!(meets(&n("95"), &n("95")), YES);
    assert_eq!(Target::parse("> 90"), Some(Target { op: Compare::Gt, number: Decimal::from_int(90) }));
    assert_eq!(Target::parse(">"), None);
}

#[test]
fn a_tally_decides_as_soon_as_its_bounds_do() {
    let count = |conditions: &[Value], op, number: &str| tally_compare(op, conditions, &n(number));
    assert_eq!(tally(&[YES, NO, YES]), n("2"));
    assert_eq!(tally(&[YES, Null]), Null);
    assert_eq!(tally(&[Unknown, Null]), Unknown);
    assert_eq!(count(&[YES, NO], Compare::Eq, "1"), YES);
    assert_eq!(count(&[YES, Null], Compare::Eq, "1"), Null);
    assert_eq!(count(&[YES, YES, Null], Compare::Eq, "1"), NO);
    assert_eq!(count(&[NO, NO, Unknown], Compare::Eq, "2"), NO);
    assert_eq!(count(&[YES, Unknown], Compare::Ge, "1"), YES);
    assert_eq!(count(&[NO, Unknown], Compare::Ge, "1"), Unknown);
    assert_eq!(count(&[YES, Null, Null], Compare::Ne, "2"), Null);
}

#[test]
fn division_by_nought_is_blank() {
    assert_eq!(divide(&n("1"), &n("0.0")), Null);
    assert_eq!(modulo(&n("1"), &n("0")), Null);
    assert_eq!(percent(&n("1"), &n("0"), 2), Null);
    assert_eq!(divide_rounded(&n("1"), &n("0"), 2, Rounding::HalfUp), Null);
}

#[test]
fn quotients_and_roundings() {
    assert_eq!(percent(&n("1"), &n("3"), 2), n("33.33"));
    assert_eq!(percent(&n("1"), &n("8"), 1), n("12.5"));
    assert_eq!(percent(&n("0.125"), &n("100"), 2).to_string(), "0.13");
    assert_eq!(divide_rounded(&n("-5"), &n("2"), 0, Rounding::HalfUp), n("-3"));
    assert_eq!(round(&n("1234.5"), -2, Rounding::HalfUp), n("1200"));
    assert_eq!([floor(&n("-1.5")), ceiling(&n("-1.5"))], [n("-2"), n("-1")]);
    assert_eq!([abs(&n("-1.5")), neg(&n("1.5"))], [n("1.5"), n("-1.5")]);
    assert_eq!([abs(&Null), neg(&Unknown), floor(&Value::text("a"))], [Null, Unknown, Null]);
}

#[test]
fn membership_looks_at_the_filled() {
    let list = [Value::text("a"), Null, Value::text("z")];
    assert_eq!(in_list(&Value::text("z"), &list), YES);
    assert_eq!(in_list(&Value::text("Z"), &list), NO);
    assert_eq!(in_list(&Null, &list), Null);
    assert_eq!(in_list(&n("1"), &[n("2"), Unknown]), Unknown);
    assert_eq!(in_list(&n("1"), &[Unknown, n("1.0")]), YES);
    assert_eq!(list_contains(&Value::list(list), &Value::text("a")), YES);
    assert_eq!(list_contains(&Null, &Value::text("a")), Null);
    assert_eq!(list_contains(&Value::list([]), &Value::text("a")), Null);
}

#[test]
fn distinct_and_unique_look_at_the_filled() {
    let values = [n("1"), Null, n("1.0"), Null, n("2")];
    assert_eq!(distinct_values(&values), Value::list([n("1"), n("2")]));
    assert_eq!(unique(&values), NO);
    assert_eq!(unique(&[n("1"), Null, Null, n("2")]), YES);
    assert_eq!(unique(&[n("1"), Unknown]), Unknown);
    assert_eq!(unique(&[Unknown, n("1"), n("1")]), NO);
    let open = distinct_values(&[Unknown, n("1"), Unknown]);
    assert_eq!(count(open.as_list().unwrap()), Unknown);
}

#[test]
fn text_counts_code_points() {
    assert_eq!(string_length(&Value::text("地市😀")), n("3"));
    assert_eq!(string_length(&Null), Null);
    assert_eq!(contains(&Value::text("地市级"), &Value::text("市")), YES);
    assert_eq!(contains(&Value::text("a b"), &Value::Text(" ".into())), YES);
    assert_eq!(starts_with(&Value::text("abc"), &Value::text("b")), NO);
    assert_eq!(ends_with(&Value::text("abc"), &Value::text("bc")), YES);
    assert_eq!(
        [number(&Value::text(" 1.50 ")), number(&Value::text("1e3")), number(&Unknown)],
        [n("1.5"), Null, Unknown]
    );
}

#[test]
fn dates_give_numbers() {
    assert_eq!(days(&d("2015-07-10"), &d("2015-06-30")), n("10"));
    assert_eq!(months(&d("2015-07-10"), &d("2014-06-30")), n("12"));
    assert_eq!([year(&d("2015-06")), month(&d("2015-06")), day(&d("2015-06"))], [n("2015"), n("6"), Null]);
    assert_eq!(month(&d("2015")), Null);
    assert_eq!(year(&n("2015")), Null);
}
