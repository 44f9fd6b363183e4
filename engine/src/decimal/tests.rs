use super::*;
use crate::random::Random;

const MODES: [Rounding; 7] = [
    Rounding::HalfUp,
    Rounding::HalfDown,
    Rounding::HalfEven,
    Rounding::Up,
    Rounding::Down,
    Rounding::Floor,
    Rounding::Ceiling,
];

fn dec(text: &str) -> Decimal {
    Decimal::parse(text).unwrap_or_else(|| panic!("{text}"))
}

/// A random numeral of up to `whole` and `fraction` digits.
fn numeral(random: &mut Random, whole: u64, fraction: u64) -> String {
    let mut text = String::from(if random.below(2) == 0 { "-" } else { "" });
    for _ in 0..=random.below(whole) {
        text.push(random.pick(&['0', '1', '4', '5', '5', '9']));
    }
    let decimals = random.below(fraction + 1);
    if decimals > 0 {
        text.push('.');
        (0..decimals).for_each(|_| text.push(random.pick(&['0', '0', '4', '5', '9'])));
    }
    text
}

/// Digits of a numeral without sign, least first, with `scale` decimals.
fn digits_at(text: &str, scale: usize) -> Vec<u8> {
    let (whole, fraction) =
        text.trim_start_matches('-').split_once('.').unwrap_or((text.trim_start_matches('-'), ""));
    format!("{whole}{fraction:0<scale$}").bytes().rev().map(|byte| byte - b'0').collect()
}

/// The numeral of digits, least first.
fn numeral_of(mut digits: Vec<u8>, scale: usize) -> String {
    while digits.len() <= scale {
        digits.push(0);
    }
    let text: String = digits.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    let (whole, fraction) = text.split_at(text.len() - scale);
    let whole = whole.trim_start_matches('0');
    let whole = if whole.is_empty() { "0" } else { whole };
    if scale == 0 { whole.to_owned() } else { format!("{whole}.{fraction}") }
}

fn school_sum(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let mut carry = 0;
    for place in 0..left.len().max(right.len()) {
        let digit = left.get(place).unwrap_or(&0) + right.get(place).unwrap_or(&0) + carry;
        out.push(digit % 10);
        carry = digit / 10;
    }
    out.push(carry);
    out
}

fn school_product(left: &[u8], right: &[u8]) -> Vec<u8> {
    let mut out = vec![0u8; left.len() + right.len()];
    for (i, a) in left.iter().enumerate() {
        let mut carry = 0;
        for (j, b) in right.iter().enumerate() {
            let digit = out[i + j] + a * b + carry;
            out[i + j] = digit % 10;
            carry = digit / 10;
        }
        out[i + right.len()] += carry;
    }
    out
}

fn scale_of(text: &str) -> usize {
    text.split_once('.').map_or(0, |(_, fraction)| fraction.len())
}

#[test]
fn reads_and_prints_what_was_written() {
    for text in ["0", "-1", "8.10", "0.00", "-0.05", "123456789012345678901234567890.12345678"] {
        assert_eq!(dec(text).to_string(), text);
    }
    assert_eq!(dec("+.5").to_string(), "0.5");
    assert_eq!(dec("-.50").to_string(), "-0.50");
    assert_eq!(dec("007").to_string(), "7");
    assert_eq!(dec("-0").to_string(), "0");
}

#[test]
fn refuses_what_is_no_number() {
    for text in [
        "",
        "-",
        "+",
        ".",
        "1.",
        "-.",
        "1e5",
        "1,000",
        " 1",
        "1 ",
        "--1",
        "+-1",
        "1.2.3",
        "0x1",
        "１",
        "NaN",
        "1._0",
        "170141183460469231731687303715884105728",
        "0.000000000000000000000000000000000000001",
    ] {
        assert_eq!(Decimal::parse(text), None, "{text}");
    }
    assert_eq!(Decimal::new(i128::MIN, 0), None);
    assert_eq!(Decimal::new(1, 39), None);
}

#[test]
fn sums_and_products_are_those_of_school() {
    let mut random = Random::new(1);
    for _ in 0..5_000 {
        let (left, right) = (numeral(&mut random, 12, 5), numeral(&mut random, 12, 5));
        let (left, right) = (left.trim_start_matches('-'), right.trim_start_matches('-'));
        let scale = scale_of(left).max(scale_of(right));
        let sum = numeral_of(school_sum(&digits_at(left, scale), &digits_at(right, scale)), scale);
        assert_eq!(dec(left).checked_add(dec(right)).unwrap().to_string(), sum, "{left} + {right}");
        let scale = scale_of(left) + scale_of(right);
        let (a, b) = (digits_at(left, scale_of(left)), digits_at(right, scale_of(right)));
        let product = numeral_of(school_product(&a, &b), scale);
        assert_eq!(dec(left).checked_mul(dec(right)).unwrap().to_string(), product, "{left} * {right}");
    }
}

#[test]
fn signs_and_differences_follow_from_sums_and_products() {
    let mut random = Random::new(2);
    for _ in 0..5_000 {
        let (a, b) = (dec(&numeral(&mut random, 12, 5)), dec(&numeral(&mut random, 12, 5)));
        let diff = a.checked_sub(b).unwrap();
        assert_eq!(diff.checked_add(b), Some(a));
        assert_eq!(a.cmp(&b), diff.cmp(&Decimal::ZERO));
        assert_eq!(a.neg().checked_mul(b), a.checked_mul(b).map(Decimal::neg));
        assert!(!a.abs().is_negative());
        assert_eq!(dec(&a.to_string()).units(), a.units());
    }
}

#[test]
fn equality_order_and_hash_are_those_of_the_number() {
    let hash = |number: Decimal| {
        let mut state = std::hash::DefaultHasher::new();
        number.hash(&mut state);
        std::hash::Hasher::finish(&state)
    };
    assert_eq!(dec("1.0"), dec("1.00"));
    assert_eq!(hash(dec("1.0")), hash(dec("1.00")));
    assert_eq!(dec("0.00"), dec("0"));
    assert_eq!(dec("0.1").checked_add(dec("0.2")), Some(dec("0.3")));
    assert!(dec("12345678901234567.89") > dec("12345678901234567.88"));
    assert!(dec("-0.1") < dec("0"));
    assert!(dec("-1.5") < dec("-1.49"));
}

#[test]
fn order_holds_where_a_common_scale_does_not_fit() {
    let vast = Decimal::new(i128::MAX, 0).unwrap();
    let tiny = Decimal::new(1, 38).unwrap();
    assert!(vast > tiny && vast.neg() < tiny && tiny.neg() < tiny && vast.neg() < tiny.neg());
    assert!(Decimal::new(i128::MAX, 38).unwrap() < dec("2"));
    assert_eq!(vast.checked_add(tiny), None);
    assert_eq!(vast.checked_mul(dec("10")), None);
    assert_eq!(vast.checked_add(Decimal::ONE), None);
}

/// Rounding on the numeral itself.
fn rounded_text(text: &str, scale: usize, mode: Rounding) -> String {
    let negative = text.starts_with('-');
    let digits = digits_at(text, scale_of(text));
    let cut = scale_of(text) - scale;
    let (dropped, kept) = digits.split_at(cut);
    let dropped: String = dropped.iter().rev().map(|digit| char::from(b'0' + digit)).collect();
    let half = dropped.as_str().cmp(format!("{:0<cut$}", "5").as_str());
    let odd = kept.first().is_some_and(|digit| digit % 2 == 1);
    let some = dropped.bytes().any(|byte| byte != b'0');
    let away = match mode {
        Rounding::HalfUp => half.is_ge(),
        Rounding::HalfDown => half.is_gt(),
        Rounding::HalfEven => half.is_gt() || (half.is_eq() && odd),
        Rounding::Up => some,
        Rounding::Down => false,
        Rounding::Floor => some && negative,
        Rounding::Ceiling => some && !negative,
    };
    let size = numeral_of(school_sum(kept, &[u8::from(away)]), scale);
    let zero = size.bytes().all(|byte| matches!(byte, b'0' | b'.'));
    if negative && !zero { format!("-{size}") } else { size }
}

#[test]
fn rounding_is_that_of_the_numeral() {
    let mut random = Random::new(3);
    for _ in 0..5_000 {
        let text = numeral(&mut random, 6, 5);
        let scale = random.below(scale_of(&text) as u64 + 1) as usize;
        if scale == scale_of(&text) {
            continue;
        }
        for mode in MODES {
            let expected = rounded_text(&text, scale, mode);
            assert_eq!(dec(&text).round(scale as u32, mode).to_string(), expected, "{text} {mode:?}");
        }
    }
}

#[test]
fn halves_go_away_from_zero_by_default() {
    for (number, scale, expected) in [
        ("2.5", 0, "3"),
        ("-2.5", 0, "-3"),
        ("2.675", 2, "2.68"),
        ("1.005", 2, "1.01"),
        ("-0.5", 0, "-1"),
        ("0.49", 0, "0"),
        ("7", 2, "7.00"),
        ("9.99", 1, "10.0"),
    ] {
        assert_eq!(dec(number).round(scale, Rounding::HalfUp).to_string(), expected);
    }
    assert_eq!(dec("1250").round_tens(2, Rounding::HalfEven), Some(dec("1200")));
    assert_eq!(dec("-1250").round_tens(2, Rounding::HalfUp), Some(dec("-1300")));
    assert_eq!(dec("49").round_tens(2, Rounding::HalfUp), Some(dec("0")));
    let long = Decimal::new(i128::MAX, 2).unwrap();
    assert_eq!(long.round(5, Rounding::HalfUp).units(), i128::MAX, "does not fit, stays as it is");
}

/// The quotient `q` is right when `q * b` brackets `a` in the way of the mode.
#[test]
fn quotients_bracket_the_dividend() {
    let mut random = Random::new(4);
    for _ in 0..5_000 {
        let (a, b) = (dec(&numeral(&mut random, 9, 4)), dec(&numeral(&mut random, 5, 4)));
        let scale = random.below(5) as u32;
        if b.is_zero() {
            assert_eq!(a.div_round(b, scale, Rounding::HalfUp), None);
            continue;
        }
        let unit = Decimal::new(1, scale).unwrap().checked_mul(b).unwrap().abs();
        let rest =
            |mode| a.checked_sub(a.div_round(b, scale, mode).unwrap().checked_mul(b).unwrap()).unwrap();
        let away = |mode| rest(mode).is_negative() != a.is_negative() && !rest(mode).is_zero();
        assert!(rest(Rounding::Down).abs() < unit && !away(Rounding::Down));
        assert!(rest(Rounding::Up).abs() < unit && (rest(Rounding::Up).is_zero() || away(Rounding::Up)));
        for mode in [Rounding::HalfUp, Rounding::HalfDown, Rounding::HalfEven] {
            let twice = rest(mode).abs().checked_mul(dec("2")).unwrap();
            assert!(twice <= unit, "{a} / {b} {mode:?}");
            if twice == unit {
                let even = a.div_round(b, scale, mode).unwrap().units() % 2 == 0;
                assert_eq!(
                    away(mode) || mode == Rounding::HalfDown,
                    mode != Rounding::HalfEven || away(mode)
                );
                assert!(mode != Rounding::HalfEven || even);
                assert!(mode != Rounding::HalfUp || away(mode));
                assert!(mode != Rounding::HalfDown || !away(mode));
            }
        }
        let (low, high) = (a.div_round(b, scale, Rounding::Floor), a.div_round(b, scale, Rounding::Ceiling));
        let step = high.unwrap().checked_sub(low.unwrap()).unwrap();
        assert!(step.is_zero() == rest(Rounding::Down).is_zero() && step <= Decimal::new(1, scale).unwrap());
    }
}

#[test]
fn quotients_of_28_digits() {
    for (a, b, expected) in [
        ("1", "3", "0.3333333333333333333333333333"),
        ("2", "3", "0.6666666666666666666666666667"),
        ("-1", "7", "-0.1428571428571428571428571429"),
        ("10", "4", "2.5"),
        ("100", "0.5", "200"),
        ("1", "0.00000003", "33333333.33333333333333333333"),
        ("0", "3", "0"),
        ("12345678901234567890123456785", "1", "12345678901234567890123456780"),
        ("123456789012345678901234567850", "100", "1234567890123456789012345678"),
        ("123456789012345678901234567950", "100", "1234567890123456789012345680"),
        ("246913578024691357802469135701", "2", "123456789012345678901234567900"),
        ("1", "300", "0.003333333333333333333333333333"),
    ] {
        assert_eq!(dec(a).div_28(dec(b)).unwrap().to_string(), expected, "{a} / {b}");
    }
    assert_eq!(dec("1").div_28(dec("0.00")), None);
}

/// The cases of the decision model standard: the sign is the divisor's.
#[test]
fn modulo_has_the_sign_of_the_divisor() {
    for (a, b, expected) in [
        ("10", "3", "1"),
        ("-10", "3", "2"),
        ("10", "-3", "-2"),
        ("-10", "-3", "-1"),
        ("10.1", "4.5", "1.1"),
        ("-10.1", "4.5", "3.4"),
        ("9", "3", "0"),
        ("-9", "3", "0"),
    ] {
        assert_eq!(dec(a).modulo(dec(b)), Some(dec(expected)), "{a} mod {b}");
    }
    assert_eq!(dec("1").modulo(dec("0")), None);
}

#[test]
fn scales_and_digits() {
    assert_eq!(dec("1.50").to_scale(1), Some(15));
    assert_eq!(dec("1.55").to_scale(1), None);
    assert_eq!(dec("1.5").to_scale(4), Some(15_000));
    assert_eq!(dec("1.5").to_scale(60), None);
    assert_eq!(dec("1.500").normalized().to_string(), "1.5");
    assert_eq!(dec("100").normalized().to_string(), "100");
    assert_eq!([dec("0").digits(), dec("0.50").digits(), dec("-100").digits()], [1, 2, 3]);
    assert!(dec("1.00").is_integer() && !dec("1.01").is_integer());
    assert_eq!(dec("-3.0").to_i64(), Some(-3));
}
