use super::*;
use crate::ir::{ListId, Text};
use crate::source::Span;

fn unit(id: &str, base: Option<u32>, factor: &str) -> Unit {
    Unit {
        id: id.into(),
        label: Text::default(),
        base: base.map(UnitId),
        factor: Decimal::parse(factor).unwrap(),
        span: Span::default(),
    }
}

/// 人, 万人, 元, 个 (a pure count), %.
fn units() -> Vec<Unit> {
    vec![
        unit("人", Some(0), "1"),
        unit("万人", Some(0), "10000"),
        unit("元", Some(2), "1"),
        unit("个", None, "1"),
        unit("%", Some(4), "1"),
    ]
}

fn num(scale: u32, unit: u32, digits: u32) -> Ty {
    Ty::Num { scale, dim: Dim::Unit(UnitId(unit)), digits }
}

fn lit(text: &str) -> Expr {
    constant(Value::Num(Decimal::parse(text).unwrap()), 0..0)
}

fn var(ty: Ty) -> Expr {
    Expr { kind: Kind::Var(0), ty, range: 0..0 }
}

fn try_call(name: &str, args: &[Ty]) -> Result<(FuncId, Ty), Mismatch> {
    call(name, args, &units(), &[])
}

fn key(name: &str, args: &[Ty]) -> &'static str {
    try_call(name, args).unwrap().0.row().key
}

#[test]
fn rows_are_picked_by_operand_types() {
    let (n, c) = (num(2, 0, 12), Ty::Code(ListId(0)));
    assert_eq!(key("=", &[n.clone(), n.clone()]), "eq_num");
    assert_eq!(key("=", &[c.clone(), c.clone()]), "eq_code");
    assert_eq!(key("=", &[Ty::Text, Ty::Text]), "eq_text");
    assert_eq!(key("=", &[n.clone(), Ty::Null]), "eq_null");
    assert_eq!(key("in", &[c.clone(), Ty::Codes(ListId(0))]), "in_codes");
    assert_eq!(key("in", &[c.clone(), Ty::List(Box::new(c))]), "in_code");
    assert_eq!(key("-", std::slice::from_ref(&n)), "neg_num");
    assert_eq!(key("-", &[n.clone(), n]), "sub_num");
}

#[test]
fn units_of_one_dimension_name_the_conversion() {
    let (people, many, money) = (num(0, 0, 9), num(2, 1, 12), num(2, 2, 12));
    let expected = Err(Mismatch::UnitScale { left: UnitId(0), right: UnitId(1) });
    assert_eq!(try_call("=", &[people.clone(), many.clone()]), expected);
    assert!(matches!(try_call("+", &[people.clone(), money.clone()]), Err(Mismatch::Dimension { .. })));
    assert!(matches!(try_call("<=", &[num(0, 3, 9), money]), Err(Mismatch::Dimension { .. })));
    let us = units();
    let typing = Typing { units: &us, lists: &[], rules: true };
    let converted = typing.convert(var(people), UnitId(1), 0..0).unwrap();
    assert_eq!(converted.ty, Ty::Num { scale: 4, dim: Dim::Unit(UnitId(1)), digits: 14 });
    assert!(try_call("=", &[converted.ty, many]).is_ok());
}

#[test]
fn products_and_ratios_build_units() {
    let ty = try_call("*", &[num(2, 0, 12), num(1, 2, 5)]).unwrap().1;
    assert_eq!(ty, Ty::Num { scale: 3, dim: Dim::Derived(vec![(UnitId(0), 1), (UnitId(2), 1)]), digits: 17 });
    let us = units();
    let typing = Typing { units: &us, lists: &[], rules: true };
    let quotient = typing.apply("/", vec![var(num(2, 2, 12)), var(num(0, 0, 9))], 0..0).unwrap();
    assert!(left_over(&quotient).is_some());
    let rounded = typing.apply("round half up", vec![quotient, lit("2")], 0..0).unwrap();
    assert!(left_over(&rounded).is_none());
    let Kind::Call(id, args) = &rounded.kind else { panic!("a call") };
    assert_eq!((id.row().key, args.len()), ("round_div", 3));
    assert!(matches!(rounded.ty, Ty::Num { scale: 2, .. }));
    let share = typing.apply("percent", vec![var(num(0, 0, 9)), var(num(0, 0, 9)), lit("1")], 0..0).unwrap();
    assert!(matches!(share.ty, Ty::Num { scale: 1, dim: Dim::Unit(UnitId(4)), .. }));
}

#[test]
fn codes_stay_with_their_list() {
    let (a, b) = (Ty::Code(ListId(0)), Ty::Code(ListId(1)));
    let with = |other: Ty, position| Err(Mismatch::CodeWith { code: a.clone(), other, position });
    assert_eq!(try_call("=", &[a.clone(), b.clone()]), with(b, 1));
    assert_eq!(try_call("=", &[a.clone(), typing::plain(0, 1)]), with(typing::plain(0, 1), 1));
    assert_eq!(try_call("=", &[Ty::Codes(ListId(0)), a.clone()]), Err(Mismatch::SetAsCode));
    assert_eq!(try_call("in", &[a.clone(), a.clone()]), Err(Mismatch::CodeAsSet));
}

#[test]
fn a_literal_finer_than_a_cell_is_never_equal() {
    let us = units();
    let typing = Typing { units: &us, lists: &[], rules: true };
    let rate = || var(num(2, 4, 5));
    assert_eq!(
        typing.apply("=", vec![rate(), lit("0.3333")], 0..0),
        Err(Mismatch::ScaleLoss { literal: 4, scale: 2 })
    );
    assert!(typing.apply("=", vec![rate(), lit("0.3300")], 0..0).is_ok());
    assert!(typing.apply("<", vec![rate(), lit("0.3333")], 0..0).is_ok());
}

#[test]
fn digits_are_bounded() {
    let wide = num(0, 3, 15);
    assert!(matches!(try_call("*", &[wide.clone(), wide.clone()]), Err(Mismatch::Digits { bound: 30 })));
    let us = units();
    let typing = Typing { units: &us, lists: &[], rules: true };
    let mut sum = var(wide.clone());
    for _ in 0..40 {
        sum = typing.apply("+", vec![sum, var(wide.clone())], 0..0).unwrap();
    }
    assert!(matches!(sum.ty, Ty::Num { digits: 17, .. }), "{:?}", sum.ty);
}

#[test]
fn refusals_say_what_was_expected() {
    assert!(matches!(try_call("abs", &[]), Err(Mismatch::Arity { found: 0, .. })));
    assert!(matches!(try_call("sqrt", &[typing::plain(0, 1)]), Err(Mismatch::Refused { .. })));
    assert!(matches!(try_call("summ", &[typing::plain(0, 1)]), Err(Mismatch::Unknown { .. })));
    assert!(matches!(try_call("+", &[Ty::Text, Ty::Text]), Err(Mismatch::Refused { .. })));
    assert!(matches!(try_call("+", &[num(0, 0, 3), Ty::Null]), Err(Mismatch::BlankLiteral { .. })));
    let Err(Mismatch::Operand { position, expected, .. }) = try_call("+", &[num(0, 0, 3), Ty::Text]) else {
        panic!("an operand")
    };
    assert_eq!((position, expected), (1, vec![typing::plain(0, 1)]));
}

#[test]
fn every_sentence_has_its_arguments() {
    let us = units();
    for mismatch in [
        try_call("abs", &[]),
        try_call("sqrt", &[Ty::Text]),
        try_call("summ", &[Ty::Text]),
        try_call("+", &[num(0, 0, 3), Ty::Text]),
        try_call("=", &[num(0, 0, 3), num(0, 1, 3)]),
        try_call("=", &[num(0, 0, 3), num(0, 2, 3)]),
        try_call("=", &[Ty::Code(ListId(0)), Ty::Text]),
        try_call("=", &[num(0, 0, 3), typing::plain(2, 3)]),
        try_call("*", &[num(0, 3, 15), num(0, 3, 15)]),
        try_call("+", &[Ty::Null, Ty::Null]),
    ] {
        let diagnostic = mismatch.unwrap_err().diagnostic(Span::default(), &us, &[]);
        for template in [diagnostic.code.en, diagnostic.code.zh] {
            for part in template.split('{').skip(1) {
                let name = part.split(['}', ':']).next().unwrap();
                assert!(diagnostic.args.iter().any(|(n, _)| *n == name), "{name} in {template}");
            }
        }
    }
}
