//! Excel, WPS and LibreOffice: functions that all of them have since 2010, no array entry.
//!
//! Figures are doubles. A comparison rounds the difference of its sides to their decimals, which is exact while the
//! sides stay within 2.5·10^14 units (LibreOffice takes numbers closer than 2^-48 for equal); up to 2^53 units it is
//! made on whole units; beyond that it is made where the figures at hand turn out small enough, and left undecided where
//! not (`digits`). Rows are run through by `SUMPRODUCT` over ranges, where a product is `and` and a sum is `or`, since
//! `AND`, `OR` and `IF` do not work element by element.

mod pattern;

use super::{Join, Own, Target, Way, Words, quoted};
use crate::expr::formula::{Items, State, Term};
use crate::expr::lower::Refused;
use crate::expr::print::fold::Item;
use crate::expr::print::{COMPARES, Cut, Number, Printer, TIGHT, Text, fill, places, pow10};
use crate::ir::expr::Ty;
use formwright_engine::{Rounding, Value};

const WORDS: Words = Words {
    truth: ["FALSE", "TRUE"],
    and: Join { open: "AND(", between: ",", close: ")", binds: TIGHT, part: 0 },
    or: Join { open: "OR(", between: ",", close: ")", binds: TIGHT, part: 0 },
    not: ("NOT({0})", TIGHT),
    choose: ("IF({0},{1},{2})", TIGHT),
    guard: Some("IF({0},{1},FALSE)"),
};

const RANGE_WORDS: Words = Words {
    truth: ["0", "1"],
    and: Join { open: "", between: "*", close: "", binds: 5, part: 6 },
    or: Join { open: "", between: "+", close: ">0", binds: COMPARES, part: 5 },
    not: ("1-{0}", 4),
    choose: ("({0})*({1})+(1-({0}))*({2})", 4),
    guard: None,
};

/// The table.
pub static EXCEL: Target = Target {
    name: "excel",
    form: |row| row.excel,
    own: &[
        ("between_num", Own::Test(between)),
        ("between_date", Own::Test(between)),
        ("in_num", Own::Test(in_num)),
        ("in_text", Own::Test(|p, args| member(p, args, "EXACT({0},{1})", TIGHT))),
        ("in_date", Own::Test(|p, args| member(p, args, "{0}={1}", COMPARES))),
        ("round_half_up", Own::Value(|p, args| rounded(p, args, Rounding::HalfUp))),
        ("round_up", Own::Value(|p, args| rounded(p, args, Rounding::Up))),
        ("round_down", Own::Value(|p, args| rounded(p, args, Rounding::Down))),
        ("floor", Own::Value(|p, args| rounded(p, args, Rounding::Floor))),
        ("ceiling", Own::Value(|p, args| rounded(p, args, Rounding::Ceiling))),
        ("round_div", Own::Value(|p, args| quotient(p, args, 0, Rounding::HalfUp))),
        ("round_up_div", Own::Value(|p, args| quotient(p, args, 0, Rounding::Up))),
        ("round_down_div", Own::Value(|p, args| quotient(p, args, 0, Rounding::Down))),
        ("percent", Own::Value(|p, args| quotient(p, args, 2, Rounding::HalfUp))),
        ("modulo", Own::Value(modulo)),
        ("sum", Own::Fold(sum)),
        ("count", Own::Fold(count)),
        ("min", Own::Fold(|p, items, _| outermost(p, items, true))),
        ("max", Own::Fold(|p, items, _| outermost(p, items, false))),
        ("round_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::HalfUp))),
        ("round_up_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::Up))),
        ("round_down_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::Down))),
        ("distinct", Own::Fold(distinct)),
        ("unique", Own::Test(unique)),
        ("tally", Own::Fold(tally)),
        ("matches", Own::Test(matches)),
        ("number", Own::Value(number)),
        ("label", Own::Value(label)),
    ],
    words: WORDS,
    range_words: RANGE_WORDS,
    ranges: true,
    ways: &[
        Way { scaled: false, big: false, limit: 250_000_000_000_000, guarded: false },
        Way { scaled: true, big: false, limit: (1 << 53) - 1, guarded: false },
        Way { scaled: true, big: false, limit: u128::MAX, guarded: true },
    ],
    big: "",
    big_suffix: "",
    units: "ROUND({0}*{s},0)",
    whole: "",
    times: "*",
    literal,
    state: |state, ty| {
        let counted = matches!(ty, Ty::Num { .. } | Ty::Date(_));
        let logical = *ty == Ty::Bool;
        // Both sides are products and comparisons, which work on ranges, too.
        Ok(match state {
            State::Filled if counted => ["ISNUMBER({0})", ""],
            // `ISLOGICAL` does not work on ranges.
            State::Filled if logical => {
                ["(1-ISTEXT({0}))*LEN(TRIM({0}))>0", "(1-ISTEXT({0}))*LEN(TRIM({0}))=0"]
            }
            State::Filled => {
                ["LEN(TRIM(SUBSTITUTE({0},\"　\",\" \")))>0", "LEN(TRIM(SUBSTITUTE({0},\"　\",\" \")))=0"]
            }
            State::Blank if counted || logical => ["LEN(TRIM({0}))=0", "LEN(TRIM({0}))>0"],
            State::Blank => {
                ["LEN(TRIM(SUBSTITUTE({0},\"　\",\" \")))=0", "LEN(TRIM(SUBSTITUTE({0},\"　\",\" \")))>0"]
            }
            State::Unreadable if counted => {
                ["(1-ISNUMBER({0}))*LEN(TRIM({0}))>0", "(1-ISNUMBER({0}))*LEN(TRIM({0}))=0"]
            }
            State::Unreadable if logical => ["ISTEXT({0})*LEN(TRIM({0}))>0", "ISTEXT({0})*LEN(TRIM({0}))=0"],
            State::Unreadable => return Err(false),
            State::Yes => ["LEN(TRIM({0}))*({0}=TRUE)>0", "LEN(TRIM({0}))*({0}=TRUE)=0"],
            State::No => ["LEN(TRIM({0}))*({0}=FALSE)>0", "LEN(TRIM({0}))*({0}=FALSE)=0"],
        })
    },
    filled_all: Some(|cells| format!("COUNT({})={}", cells.join(","), cells.len())),
    rows: |every, rows, body| {
        let body = match (every, &rows.present) {
            (false, Some(present)) => format!("({present})*({})", body.text),
            (false, None) => format!("--({})", body.text),
            (true, Some(present)) => format!("({present})*(1-({}))", body.text),
            (true, None) => format!("1-({})", body.text),
        };
        Text::new(format!("SUMPRODUCT({body}){}", if every { "=0" } else { ">0" }), COMPARES)
    },
    before: "{0}<{1}",
    reads,
    rescue: ["IFERROR({0},FALSE)", "IFERROR({0},\"\")"],
    alike: "",
    length: Some(8192),
    queries: None,
    weaker: &[("string_length", "beyond-bmp")],
};

fn literal(value: &Value, _: &Ty) -> Result<String, Refused> {
    match value {
        Value::Bool(known) => Ok(if *known { "TRUE" } else { "FALSE" }.to_owned()),
        // A literal of a formula holds at most 255 characters.
        Value::Text(text) if text.encode_utf16().count() > 255 => Err("length-limit"),
        Value::Text(text) => Ok(quoted(text, '"')),
        Value::Date(date) => {
            let day = date.first_day();
            Ok(format!("DATE({},{},{})", day.year(), day.month(), day.day()))
        }
        _ => Err("not-printed"),
    }
}

fn between(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let [x, low, high] = args else { return Err("not-printed") };
    if !matches!(x.ty, Ty::Num { .. }) {
        let (x, low, high) = (p.single(x)?, p.single(low)?, p.single(high)?);
        let tests = [fill("{0}>={1}", &[x.clone(), low], COMPARES), fill("{0}<={1}", &[x, high], COMPARES)];
        return Ok(p.join(&tests, p.words().and));
    }
    let (x, low, high) = (p.number(x)?, p.number(low)?, p.number(high)?);
    let tests = [difference(p, x.clone(), low, ">="), difference(p, x, high, "<=")];
    Ok(p.join(&tests, p.words().and))
}

/// A rounded difference against zero.
fn difference(p: &mut Printer<'_>, a: Number, b: Number, op: &str) -> Text {
    let scale = a.scale.max(b.scale);
    let (a, b) = (p.to_scale(a, scale), p.to_scale(b, scale));
    p.meet(a.most.saturating_add(b.most));
    let scale = if p.way.scaled { 0 } else { scale };
    Text::new(format!("ROUND({}-{},{scale}){op}0", a.text.at(4), b.text.at(5)), COMPARES)
}

fn in_num(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let Some((x, rest)) = args.split_first() else { return Err("not-printed") };
    let x = p.number(x)?;
    let mut tests = Vec::new();
    for item in rest {
        let item = p.number(item)?;
        tests.push(difference(p, x.clone(), item, "="));
    }
    Ok(p.join(&tests, p.words().or))
}

fn member(p: &mut Printer<'_>, args: &[Term], test: &str, binds: u8) -> Result<Text, Refused> {
    let texts = args.iter().map(|a| p.single(a)).collect::<Result<Vec<_>, _>>()?;
    let Some((x, rest)) = texts.split_first() else { return Err("not-printed") };
    let tests: Vec<Text> = rest.iter().map(|item| fill(test, &[x.clone(), item.clone()], binds)).collect();
    Ok(p.join(&tests, p.words().or))
}

/// A rounding by whole units: `units / step`, then rounded.
fn rounded(p: &mut Printer<'_>, args: &[Term], mode: Rounding) -> Result<Number, Refused> {
    let Some((x, rest)) = args.split_first() else { return Err("not-printed") };
    let places = rest.first().map_or(Ok(0), places)?;
    if places.abs() > 15 {
        return Err("not-printed");
    }
    let Cut { x, up, tens, step, most } = match p.cut(x, places)? {
        Ok(cut) => cut,
        Err(whole) => return Ok(whole),
    };
    p.meet(most);
    if !p.way.scaled && mode == Rounding::HalfUp {
        let inner =
            if x.text.binds == TIGHT { x.text.text } else { format!("ROUND({},{})", x.text.text, x.scale) };
        return Ok(Number::new(Text::tight(format!("ROUND({inner},{places})")), up, most));
    }
    let units = match (p.way.scaled, x.scale) {
        (true, _) => x.text,
        (false, 0) => x.text,
        (false, scale) => Text::tight(format!("ROUND({}*{},0)", x.text.at(5), pow10(scale))),
    };
    let text = settled(&units, &Text::tight(step.to_string()), mode);
    let text = if tens > 1 { Text::new(format!("{}*{tens}", text.at(5)), 5) } else { text };
    Ok(Number::new(delivered(p, text, up), up, most))
}

/// Units as the way at hand wants them.
fn delivered(p: &Printer<'_>, units: Text, scale: u32) -> Text {
    if p.way.scaled || scale == 0 {
        return units;
    }
    Text::tight(format!("ROUND({}/{},{scale})", units.at(5), pow10(scale)))
}

/// A rounded quotient of whole units. The quotient in doubles may be off by one where it should be just below a whole
/// number; the rest that is left tells.
fn settled(a: &Text, b: &Text, mode: Rounding) -> Text {
    let (a, b) = (a.text.as_str(), b.text.as_str());
    let constant = b.bytes().all(|c| c.is_ascii_digit());
    let size = if constant { b.to_owned() } else { format!("ABS({b})") };
    let sign = if constant { format!("SIGN({a})") } else { format!("SIGN({a})*SIGN({b})") };
    let whole = format!("INT(ABS({a})/{size})");
    let rest = format!("(ABS({a})-{whole}*{size})");
    // A rest below zero says that the quotient came out one too large.
    let text = match mode {
        Rounding::Up => format!("{sign}*({whole}+({rest}>0))"),
        Rounding::Down => format!("{sign}*({whole}-({rest}<0))"),
        Rounding::Floor => format!("{sign}*({whole}-({rest}<0)+(({a})<0)*({rest}>0))"),
        Rounding::Ceiling => format!("{sign}*({whole}-({rest}<0)+(({a})>0)*({rest}>0))"),
        _ => format!("{sign}*({whole}+(2*{rest}>={size}))"),
    };
    Text::new(text, 5)
}

fn quotient(p: &mut Printer<'_>, args: &[Term], more: u32, mode: Rounding) -> Result<Number, Refused> {
    let [a, b, n] = args else { return Err("not-printed") };
    let places = places(n)?;
    let (a, b) = (p.number(a)?, p.number(b)?);
    ratio(p, a, b, places, more, mode)
}

/// A divisor. Beside ranges nothing is lazy: one that is zero, whose rows do not count, must not spoil the others.
fn divisor(p: &Printer<'_>, number: &Number) -> Text {
    if p.range.is_none() || number.constant.is_some() {
        return number.text.clone();
    }
    Text::tight(format!("({}+({}=0))", number.text.at(4), number.text.at(4)))
}

fn ratio(
    p: &mut Printer<'_>,
    a: Number,
    b: Number,
    places: i32,
    more: u32,
    mode: Rounding,
) -> Result<Number, Refused> {
    let (plain_a, plain_b) = (a.clone(), b.clone());
    let (a, b, scale) = p.fraction(a, b, places, more)?;
    let most = a.most;
    if p.way.scaled {
        let divisor = divisor(p, &b);
        return Ok(Number::new(settled(&a.text, &divisor, mode), scale, most));
    }
    let hundred = if more == 2 { "100*" } else { "" };
    let (x, y) = (plain_a.text, divisor(p, &plain_b));
    if mode == Rounding::HalfUp {
        return Ok(Number::new(
            Text::tight(format!("ROUND({hundred}{}/{},{places})", x.at(5), y.at(TIGHT))),
            scale,
            most,
        ));
    }
    let units = |n: &Text, factor: u128| match factor {
        1 => n.clone(),
        factor => Text::tight(format!("ROUND({}*{factor},0)", n.at(5))),
    };
    let (fa, fb) = (pow10(a.scale), pow10(b.scale));
    let text = settled(&units(&x, fa), &units(&y, fb), mode);
    Ok(Number::new(delivered(p, text, scale), scale, most))
}

fn modulo(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let [a, b] = args else { return Err("not-printed") };
    let (a, b) = (p.number(a)?, p.number(b)?);
    let scale = a.scale.max(b.scale);
    let (a, b) = (p.to_scale(a, scale), p.to_scale(b, scale));
    let most = b.most;
    let units = |n: &Text| match p.way.scaled || scale == 0 {
        true => n.clone(),
        false => Text::tight(format!("ROUND({}*{},0)", n.at(5), pow10(scale))),
    };
    let (a, b) = (units(&a.text), units(&divisor(p, &b)));
    // MOD gives up where the quotient is large.
    let text = Text::new(format!("{}-{}*INT({}/{})", a.at(4), b.at(5), a.at(5), b.at(6)), 4);
    let text = Text::tight(format!("({}+{}*(({})*SIGN({})<0))", text.text, b.at(5), text.text, b.text));
    Ok(Number::new(delivered(p, text, scale), scale, most))
}

/// Bare cells and ranges as arguments, and the other items.
fn split(items: Vec<Item>) -> (Vec<String>, Vec<Item>) {
    let (bare, other): (Vec<Item>, Vec<Item>) = items.into_iter().partition(|i| i.test.is_none());
    (bare.into_iter().map(|i| i.value.text.text).collect(), other)
}

/// Cells of plain ways even where the way at hand has units: functions over cells take them as they are.
fn plain_items(p: &mut Printer<'_>, items: &[Items]) -> Result<(Vec<Item>, u32), Refused> {
    let way = p.way;
    p.way = Way { scaled: false, ..way };
    let done = p.items(items);
    p.way = way;
    done
}

/// What the rows of an item multiply into: those that count, and the test.
fn mask(item: &Item) -> String {
    let present = item.rows.last().and_then(|r| r.present.clone());
    let test = item.test.clone().map_or_else(|| "1".to_owned(), |t| t.text);
    match present {
        Some(present) => format!("({present})*({test})"),
        None => format!("({test})*1"),
    }
}

/// A figure of plain cells as the way at hand wants it.
fn counted(p: &Printer<'_>, text: String, scale: u32) -> Text {
    match (p.way.scaled, scale) {
        (true, 0) => Text::tight(format!("({text})")),
        (true, scale) => Text::tight(format!("ROUND(({text})*{},0)", pow10(scale))),
        (false, _) => Text::new(text, 4),
    }
}

fn sum(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, scale) = plain_items(p, items)?;
    let most = p.most_of(&items);
    p.meet(most);
    if p.way.scaled && scale > 0 {
        return Ok(sum_of_units(p, &items, scale, most));
    }
    let (bare, other) = split(items);
    let mut parts = Vec::new();
    if !bare.is_empty() {
        parts.push(format!("SUM({})", bare.join(",")));
    }
    for item in &other {
        let test = item.test.clone().map(|t| t.text).unwrap_or_default();
        parts.push(match item.rows.is_empty() {
            true => format!("IF({test},{},0)", item.value.text.text),
            // Texts count as nothing in a factor of its own.
            false if item.value.text.binds == TIGHT => {
                format!("SUMPRODUCT({},{})", mask(item), item.value.text.text)
            }
            false => format!("SUMPRODUCT({}*({}))", mask(item), item.value.text.text),
        });
    }
    Ok(Number::new(counted(p, parts.join("+"), scale), scale, most))
}

/// Figures of many digits are made whole before they are added.
fn sum_of_units(p: &mut Printer<'_>, items: &[Item], scale: u32, most: u128) -> Number {
    let factor = pow10(scale);
    let mut parts = Vec::new();
    for item in items {
        let value = item.value.text.at(5);
        let test = item.test.as_ref().map(|t| t.text.as_str());
        parts.push(match (item.rows.is_empty(), test) {
            (true, None) => format!("ROUND(N({value})*{factor},0)"),
            (true, Some(test)) => format!("IF({test},ROUND({value}*{factor},0),0)"),
            (false, None) => format!("SUMPRODUCT(ROUND({value}*{factor},0))"),
            (false, Some(_)) => format!("SUMPRODUCT({}*ROUND({value}*{factor},0))", mask(item)),
        });
        p.fragile |= !item.rows.is_empty();
    }
    Number::new(Text::new(parts.join("+"), 4), scale, most)
}

fn count(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let numbers = items.iter().all(|i| matches!(i.item.ty, Ty::Num { .. } | Ty::Date(_)));
    let most = {
        let (bare, _) = plain_items(p, items)?;
        p.count_of(&bare)
    };
    let (bare, other): (Vec<&Items>, Vec<&Items>) = items.iter().partition(|i| {
        numbers && crate::expr::print::as_cell(&i.item).is_some() && i.keep == crate::expr::formula::TRUE
    });
    let mut parts = Vec::new();
    if !bare.is_empty() {
        let owned: Vec<Items> = bare.into_iter().cloned().collect();
        let (bare, _) = plain_items(p, &owned)?;
        parts.push(format!("COUNT({})", split(bare).0.join(",")));
    }
    for one in other {
        parts.push(times(p, one)?);
    }
    let text = Text::new(parts.join("+"), 4);
    Ok(p.whole(text, most))
}

/// How many times an item is taken.
fn times(p: &mut Printer<'_>, one: &Items) -> Result<String, Refused> {
    let test = crate::expr::formula::and([one.keep.clone(), one.filled.clone()]);
    let Some(each) = one.each.last() else { return Ok(format!("({})*1", p.formula(&test)?.text)) };
    let rows = p.rows_of(*each)?;
    let test = p.in_rows(&one.each, |p| p.formula(&test))?;
    Ok(match rows.present {
        Some(present) => format!("SUMPRODUCT(({present})*({}))", test.text),
        None => format!("SUMPRODUCT(({})*1)", test.text),
    })
}

fn tally(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let parts = items.iter().map(|one| times(p, one)).collect::<Result<Vec<_>, _>>()?;
    let mut most = 0_u128;
    for one in items {
        let rows = one.each.last().map(|each| p.rows_of(*each)).transpose()?;
        most = most.saturating_add(rows.map_or(1, |r| u128::from(r.most)));
    }
    Ok(p.whole(Text::new(parts.join("+"), 4), most))
}

fn outermost(p: &mut Printer<'_>, items: &[Items], least: bool) -> Result<Number, Refused> {
    if items.iter().any(|i| !matches!(i.item.ty, Ty::Num { .. } | Ty::Date(_))) {
        return Err("text-order");
    }
    let (items, scale) = plain_items(p, items)?;
    let most = items.iter().map(|i| i.value.most).max().unwrap_or(0);
    p.meet(most);
    let name = if least { "MIN" } else { "MAX" };
    // Beyond any figure: what is not taken must not be the outermost.
    let far = if most == 0 { 10_000_000 } else { most.saturating_add(1) };
    let (bare, other) = split(items);
    if other.is_empty() {
        return Ok(Number::new(counted(p, format!("{name}({})", bare.join(",")), scale), scale, most));
    }
    let mut parts: Vec<String> = Vec::new();
    let sign = if least { "" } else { "-" };
    if !bare.is_empty() {
        let cells = bare.join(",");
        parts.push(format!("IF(COUNT({cells})>0,{name}({cells}),{sign}{far})"));
    }
    for item in &other {
        let (test, value) = (item.test.clone().map(|t| t.text).unwrap_or_default(), &item.value.text);
        parts.push(match (item.rows.is_empty(), least) {
            (true, _) => format!("IF({test},{},{sign}{far})", value.text),
            (false, true) => format!("({far}-SUMPRODUCT(MAX({}*({far}-{}))))", mask(item), value.at(5)),
            (false, false) => format!("(SUMPRODUCT(MAX({}*({far}+{})))-{far})", mask(item), value.at(5)),
        });
    }
    p.meet(far.saturating_mul(2));
    let text = format!("ROUND({name}({}),{scale})", parts.join(","));
    Ok(Number::new(counted(p, text, scale), scale, most))
}

fn mean(
    p: &mut Printer<'_>,
    items: &[Items],
    places: Option<u32>,
    mode: Rounding,
) -> Result<Number, Refused> {
    let places = places.and_then(|n| i32::try_from(n).ok()).ok_or("not-printed")?;
    let (total, number) = (sum(p, items, None)?, count(p, items, None)?);
    ratio(p, total, number, places, 0, mode)
}

/// The one range that all values stand in, where that is so.
fn one_range(items: &[Item]) -> Option<&str> {
    match items {
        [Item { test: None, rows, value, .. }] if !rows.is_empty() => Some(&value.text.text),
        _ => None,
    }
}

/// Whether each value is another than those before it; texts of ranges would need a comparison that tells cases apart.
fn distinct_tests(p: &mut Printer<'_>, items: &[Items]) -> Result<Vec<Text>, Refused> {
    if items.iter().any(|i| !i.each.is_empty()) {
        let text = items.iter().any(|i| !matches!(i.item.ty, Ty::Num { .. } | Ty::Date(_)));
        return Err(if text { "case-insensitive" } else { "no-cross-row" });
    }
    let mut tests = Vec::new();
    for (at, one) in items.iter().enumerate() {
        let mut same = Vec::new();
        for other in items.get(..at).unwrap_or_default() {
            let test = crate::expr::formula::and([other.keep.clone(), other.filled.clone()]);
            let equal = equal(&one.item, &other.item)?;
            same.push(crate::expr::formula::guard(test, equal));
        }
        let taken = crate::expr::formula::and([one.keep.clone(), one.filled.clone()]);
        let first = crate::expr::formula::not(crate::expr::formula::or(same));
        tests.push(p.formula(&crate::expr::formula::guard(taken, first))?);
    }
    Ok(tests)
}

fn equal(a: &Term, b: &Term) -> Result<crate::expr::formula::Formula, Refused> {
    let key = match a.ty {
        Ty::Num { .. } => "eq_num",
        Ty::Date(_) => "eq_date",
        Ty::Code(_) | Ty::Codes(_) => "eq_code",
        Ty::Text => "eq_text",
        _ => return Err("not-printed"),
    };
    let id = crate::ir::func::by_key(key).ok_or("not-printed")?;
    Ok(crate::expr::formula::Formula::Atom(id, vec![a.clone(), b.clone()]))
}

fn distinct(p: &mut Printer<'_>, given: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, _) = plain_items(p, given)?;
    let most = p.count_of(&items);
    let numbers = given.iter().all(|i| matches!(i.item.ty, Ty::Num { .. } | Ty::Date(_)));
    if let (true, Some(range)) = (numbers, one_range(&items)) {
        // Nothing is no data to it.
        let text = format!("IF(COUNT({range})=0,0,SUMPRODUCT(--(FREQUENCY({range},{range})>0)))");
        return Ok(p.whole(Text::tight(text), most));
    }
    let tests: Vec<String> =
        distinct_tests(p, given)?.into_iter().map(|t| format!("({})*1", t.text)).collect();
    Ok(p.whole(Text::new(tests.join("+"), 4), most))
}

fn unique(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let given = super::collected(args)?;
    let (items, _) = plain_items(p, given)?;
    let numbers = given.iter().all(|i| matches!(i.item.ty, Ty::Num { .. } | Ty::Date(_)));
    if let (true, Some(range)) = (numbers, one_range(&items)) {
        let text = format!("IF(COUNT({range})=0,TRUE,SUMPRODUCT(--(FREQUENCY({range},{range})>1))=0)");
        return Ok(Text::tight(text));
    }
    let mut parts = Vec::new();
    for (test, one) in distinct_tests(p, given)?.into_iter().zip(given) {
        let taken = crate::expr::formula::and([one.keep.clone(), one.filled.clone()]);
        parts.push(format!("({})*1-({})*1", p.formula(&taken)?.text, test.text));
    }
    Ok(Text::new(format!("{}=0", parts.join("+")), COMPARES))
}

fn matches(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let (text, pattern) = super::pattern(args)?;
    let text = p.single(text)?.text;
    pattern::test(p, &pattern, &text).ok_or("no-regex")
}

/// A text that is a number: a sign, digits and a point taken away, nothing is left.
fn reads(p: &mut Printer<'_>, text: &Term) -> Result<Text, Refused> {
    p.weaker("scale");
    let text = p.single(text)?.text;
    let (body, whole, part) = dissected(&text);
    let digits = |t: &str| (0..10).fold(t.to_owned(), |t, d| format!("SUBSTITUTE({t},\"{d}\",\"\")"));
    let test = format!(
        "AND({}=\"\",LEN({whole})<=9,OR(LEN({part})>0,AND(LEN({whole})>0,ISERROR(FIND(\".\",{body})))),LEN({part})<=6)",
        digits(&format!("{whole}&{part}")),
    );
    Ok(Text::tight(test))
}

/// The text without its sign, and its digits before and behind the point.
fn dissected(text: &str) -> (String, String, String) {
    let trimmed = format!("TRIM({text})");
    let signed = format!("OR(LEFT({trimmed},1)=\"-\",LEFT({trimmed},1)=\"+\")");
    let body = format!("MID({trimmed},1+({signed})*1,99)");
    let point = format!("FIND(\".\",{body}&\".\")");
    let whole = format!("LEFT({body},{point}-1)");
    let part = format!("MID({body},{point}+1,99)");
    (body, whole, part)
}

fn number(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let [text] = args else { return Err("not-printed") };
    if matches!(text.ty, Ty::Num { .. }) {
        return p.number(text);
    }
    let text = p.single(text)?.text;
    let (_, whole, part) = dissected(&text);
    let units = format!("VALUE(\"0\"&{whole}&LEFT({part}&\"000000\",6))*IF(LEFT(TRIM({text}),1)=\"-\",-1,1)");
    let most = 10_u128.pow(15);
    p.meet(most);
    let text =
        if p.way.scaled { Text::new(units, 5) } else { Text::tight(format!("ROUND({units}/1000000,6)")) };
    Ok(Number::new(text, 6, most))
}

fn label(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let labels = super::labels(args)?;
    let [code, ..] = args else { return Err("not-printed") };
    let code = p.single(code)?.text;
    let mut text = "\"\"".to_owned();
    for (value, label) in labels.iter().rev() {
        text = format!("IF(EXACT({code},{}),{},{text})", quoted(value, '"'), quoted(label, '"'));
    }
    Ok(Number::new(Text::tight(text), 0, 0))
}
