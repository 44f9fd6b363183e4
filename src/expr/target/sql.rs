//! PostgreSQL and DuckDB: decimals as they are, quotients from whole units.
//!
//! Both compute `+ - *` exactly; neither divides exactly (PostgreSQL picks a number of digits, DuckDB turns to binary
//! floats), so a rounded quotient is the whole quotient of units: `div` in PostgreSQL, `//` on `HUGEINT` in DuckDB.

use super::{Join, Own, Target, Way, Words, quoted};
use crate::expr::formula::{Items, State, Term};
use crate::expr::lower::Refused;
use crate::expr::print::fold::Item;
use crate::expr::print::{COMPARES, Cut, Number, Printer, Rows, TIGHT, Text, places, pow10};
use crate::ir::expr::Ty;
use formwright_engine::pattern::Node;
use formwright_engine::{Decimal, Rounding, Value};

const WORDS: Words = Words {
    truth: ["FALSE", "TRUE"],
    and: Join { open: "", between: " AND ", close: "", binds: 2, part: 2 },
    or: Join { open: "", between: " OR ", close: "", binds: 1, part: 2 },
    // `NOT` binds more loosely than a comparison.
    not: ("NOT ({0})", 2),
    choose: ("CASE WHEN {0} THEN {1} ELSE {2} END", TIGHT),
    guard: None,
};

macro_rules! own {
    ($duckdb:expr) => {
        &[
            ("round_up", Own::Value(|p, args| rounded(p, args, Rounding::Up, $duckdb))),
            ("round_down", Own::Value(|p, args| rounded(p, args, Rounding::Down, $duckdb))),
            ("round_half_up", Own::Value(|p, args| rounded(p, args, Rounding::HalfUp, $duckdb))),
            ("floor", Own::Value(|p, args| rounded(p, args, Rounding::Floor, $duckdb))),
            ("ceiling", Own::Value(|p, args| rounded(p, args, Rounding::Ceiling, $duckdb))),
            ("round_div", Own::Value(|p, args| quotient(p, args, 0, Rounding::HalfUp, $duckdb))),
            ("round_up_div", Own::Value(|p, args| quotient(p, args, 0, Rounding::Up, $duckdb))),
            ("round_down_div", Own::Value(|p, args| quotient(p, args, 0, Rounding::Down, $duckdb))),
            ("percent", Own::Value(|p, args| quotient(p, args, 2, Rounding::HalfUp, $duckdb))),
            ("modulo", Own::Value(|p, args| modulo(p, args, $duckdb))),
            ("mul_num", Own::Value(|p, args| product(p, args, $duckdb))),
            ("sum", Own::Fold(|p, items, _| sum(p, items, $duckdb))),
            ("count", Own::Fold(|p, items, _| count(p, items))),
            ("min", Own::Fold(|p, items, _| outermost(p, items, "min", "least"))),
            ("max", Own::Fold(|p, items, _| outermost(p, items, "max", "greatest"))),
            ("round_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::HalfUp, $duckdb))),
            ("round_up_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::Up, $duckdb))),
            ("round_down_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::Down, $duckdb))),
            ("distinct", Own::Fold(|p, items, _| distinct(p, items))),
            ("unique", Own::Test(unique)),
            ("tally", Own::Fold(|p, items, _| tally(p, items))),
            ("matches", Own::Test(|p, args| matches(p, args, $duckdb))),
            ("number", Own::Value(number)),
            ("label", Own::Value(label)),
        ]
    };
}

const fn table(
    name: &'static str,
    form: fn(&crate::ir::func::Func) -> crate::ir::func::Form,
    own: &'static [(&'static str, Own)],
    ways: &'static [Way],
    [whole, alike]: [&'static str; 2],
    queries: Option<usize>,
    reads: fn(&mut Printer<'_>, &Term) -> Result<Text, Refused>,
) -> Target {
    Target {
        name,
        form,
        own,
        words: WORDS,
        range_words: WORDS,
        ranges: false,
        ways,
        big: "",
        big_suffix: "",
        units: "",
        whole,
        times: " * ",
        literal,
        state: |state, _| {
            Ok(match state {
                State::Filled => ["{0} IS NOT NULL", "{0} IS NULL"],
                State::Blank => ["{0} IS NULL", "{0} IS NOT NULL"],
                // Columns have types: what cannot be read never gets there.
                State::Unreadable => return Err(false),
                State::Yes => ["{0} IS TRUE", "{0} IS NOT TRUE"],
                State::No => ["{0} IS FALSE", "{0} IS NOT FALSE"],
            })
        },
        filled_all: None,
        rows,
        before: "{0} < {1}",
        reads,
        rescue: ["", ""],
        alike,
        length: None,
        queries,
        weaker: &[],
    }
}

/// The table of PostgreSQL.
pub static POSTGRES: Target = table(
    "postgres",
    |row| row.postgres,
    own!(false),
    &[Way { scaled: false, big: false, limit: u128::MAX, guarded: false }],
    // Counts and lengths are integers, which overflow, and of which it takes sign and floor as binary floats.
    ["CAST({0} AS numeric)", "CAST({0} AS numeric)"],
    None,
    |p, text| reads(p, text, false),
);

/// The table of DuckDB.
pub static DUCKDB: Target = table(
    "duckdb",
    |row| row.duckdb,
    own!(true),
    // A decimal has 38 digits; a quotient needs its doubled operands.
    &[Way { scaled: false, big: false, limit: 10_u128.pow(37), guarded: false }],
    // Otherwise the branches of a choice lose decimals to the widest.
    ["", "CAST({0} AS DECIMAL(38,{s}))"],
    // Its time doubles with each one: of sums over rows, 12 take a second and 24 have no end.
    Some(12),
    |p, text| reads(p, text, true),
);

fn literal(value: &Value, _: &Ty) -> Result<String, Refused> {
    match value {
        Value::Bool(known) => Ok(if *known { "TRUE" } else { "FALSE" }.to_owned()),
        Value::Text(text) => Ok(quoted(text, '\'')),
        Value::Date(date) => Ok(format!("DATE '{}'", full(*date))),
        _ => Err("not-printed"),
    }
}

/// The first day of a date.
fn full(date: formwright_engine::Date) -> String {
    date.first_day().to_string()
}

fn rows(every: bool, rows: &Rows, body: Text) -> Text {
    let body = if every { format!("NOT ({})", body.text) } else { body.at(3) };
    let condition = rows.present.iter().cloned().chain([body]).collect::<Vec<_>>().join(" AND ");
    let not = if every { "NOT " } else { "" };
    Text::new(
        format!("{not}EXISTS (SELECT 1 FROM {} WHERE {condition})", rows.source),
        if every { 2 } else { TIGHT },
    )
}

/// Rows as tables, and what holds of them.
fn from(item: &Item) -> (String, Vec<String>) {
    let tables: Vec<&str> = item.rows.iter().map(|r| r.source.as_str()).collect();
    let mut conditions: Vec<String> = item.rows.iter().filter_map(|r| r.present.clone()).collect();
    conditions.extend(item.test.iter().map(|t| t.at(3)));
    (tables.join(", "), conditions)
}

/// A scalar query over the rows of an item.
fn query(what: &str, item: &Item) -> String {
    let (tables, conditions) = from(item);
    let filter =
        if conditions.is_empty() { String::new() } else { format!(" WHERE {}", conditions.join(" AND ")) };
    format!("(SELECT {what} FROM {tables}{filter})")
}

/// A value where it is taken, otherwise null.
fn nullable(item: &Item) -> String {
    match &item.test {
        None => item.value.text.text.clone(),
        Some(test) => format!("CASE WHEN {} THEN {} END", test.text, item.value.text.text),
    }
}

/// A decimal of a known precision, so that DuckDB finds a type for what is made of it.
fn sized(number: &Number, duckdb: bool) -> Text {
    if !duckdb {
        return number.text.clone();
    }
    let digits = number.most.max(1).ilog10() + 1;
    let digits = digits.max(number.scale + 1).min(38);
    Text::tight(format!("CAST({} AS DECIMAL({digits},{}))", number.text.text, number.scale))
}

/// A number as whole units.
fn units(number: &Number, scale: u32, duckdb: bool) -> Text {
    let factor = pow10(scale);
    if duckdb {
        // Wide before it is multiplied: a product takes the width of its factors.
        let wide = format!("CAST({} AS DECIMAL(38,{}))", number.text.text, number.scale);
        let units = if factor == 1 { number.text.text.clone() } else { format!("{wide} * {factor}") };
        return Text::tight(format!("CAST({units} AS HUGEINT)"));
    }
    match factor {
        1 => number.text.clone(),
        factor => Text::new(format!("{} * {factor}", number.text.at(5)), 5),
    }
}

/// A constant as a decimal: PostgreSQL takes a whole one for a narrow integer.
fn wide(number: Number, duckdb: bool) -> Number {
    match number.constant {
        Some(_) if !duckdb => {
            Number { text: Text::tight(format!("CAST({} AS numeric)", number.text.text)), ..number }
        }
        _ => number,
    }
}

/// Units as a decimal again.
fn decimal(units: Text, scale: u32, most: u128, duckdb: bool) -> Text {
    let digits = (most.max(1).ilog10() + 1).min(38 - scale.min(37));
    let text = if duckdb { format!("CAST({} AS DECIMAL({digits},0))", units.text) } else { units.at(5) };
    match scale {
        0 => Text::new(text, if duckdb { TIGHT } else { 5 }),
        scale => Text::new(format!("{text} * 0.{}1", "0".repeat(scale as usize - 1)), 5),
    }
}

/// What two long operands give that are needed several times: a query names them. DuckDB takes exponential time over
/// queries that read many columns from outside, side by side: there only operands that are queries themselves are named.
fn bound(a: &Text, b: &Text, duckdb: bool, give: impl Fn(&Text, &Text) -> Text) -> Text {
    let query = |text: &Text| text.text.contains("(SELECT ");
    if a.text.len() + b.text.len() < 100 || duckdb && !query(a) && !query(b) {
        return give(a, b);
    }
    let constant = b.text.bytes().all(|c| c.is_ascii_digit());
    let (name, second) = match constant {
        true => (b.clone(), String::new()),
        false => (Text::tight("q.b"), format!(", {} AS b", b.text)),
    };
    let given = give(&Text::tight("q.a"), &name);
    Text::tight(format!("(SELECT {} FROM (SELECT {} AS a{second}) AS q)", given.text, a.text))
}

/// A rounded quotient of units.
fn settled(a: &Text, b: &Text, mode: Rounding, duckdb: bool) -> Text {
    bound(a, b, duckdb, |a, b| rounded_quotient(a, b, mode, duckdb))
}

fn rounded_quotient(a: &Text, b: &Text, mode: Rounding, duckdb: bool) -> Text {
    let constant = b.text.bytes().all(|c| c.is_ascii_digit());
    let (a, b) = (a.text.as_str(), b.text.as_str());
    let size = if constant { b.to_owned() } else { format!("abs(nullif({b}, 0))") };
    let sign = if constant { format!("sign({a})") } else { format!("sign({a}) * sign({b})") };
    let whole = |over: String, under: &str| match duckdb {
        true => format!("({over}) // {under}"),
        false => format!("div({over}, {under})"),
    };
    let down = || whole(format!("abs({a})"), &size);
    let up = || whole(format!("abs({a}) + {size} - 1"), &size);
    let negative = if constant { format!("{a} < 0") } else { format!("({a} < 0) <> ({b} < 0)") };
    let text = match mode {
        Rounding::Down => format!("{sign} * ({})", down()),
        Rounding::Up => format!("{sign} * ({})", up()),
        Rounding::Floor => format!("{sign} * (CASE WHEN {negative} THEN {} ELSE {} END)", up(), down()),
        Rounding::Ceiling => format!("{sign} * (CASE WHEN {negative} THEN {} ELSE {} END)", down(), up()),
        _ => format!("{sign} * ({})", whole(format!("2 * abs({a}) + {size}"), &format!("(2 * {size})"))),
    };
    Text::new(text, 5)
}

fn rounded(p: &mut Printer<'_>, args: &[Term], mode: Rounding, duckdb: bool) -> Result<Number, Refused> {
    let Some((x, rest)) = args.split_first() else { return Err("not-printed") };
    let places = rest.first().map_or(Ok(0), places)?;
    let Cut { x, up, tens, step, most } = match p.cut(x, places)? {
        Ok(cut) => cut,
        Err(whole) => return Ok(whole),
    };
    p.meet(x.most.saturating_add(step).saturating_mul(2));
    if places >= 0 {
        let name = match mode {
            Rounding::HalfUp => Some(format!("round({}, {places})", x.text.text)),
            Rounding::Floor => Some(format!("floor({})", x.text.text)),
            Rounding::Ceiling => Some(format!("ceil({})", x.text.text)),
            Rounding::Down if !duckdb => Some(format!("trunc({}, {places})", x.text.text)),
            _ => None,
        };
        if let Some(text) = name {
            return Ok(Number::new(Text::tight(text), up, most));
        }
    }
    let units = units(&x, x.scale, duckdb);
    let text = settled(&units, &Text::tight(step.to_string()), mode, duckdb);
    let text = if tens > 1 { Text::new(format!("{} * {tens}", text.at(5)), 5) } else { text };
    Ok(Number::new(decimal(text, up, most, duckdb), up, most))
}

fn quotient(
    p: &mut Printer<'_>,
    args: &[Term],
    more: u32,
    mode: Rounding,
    duckdb: bool,
) -> Result<Number, Refused> {
    let [a, b, n] = args else { return Err("not-printed") };
    let places = places(n)?;
    let (a, b) = (p.number(a)?, p.number(b)?);
    ratio(p, a, b, places, more, mode, duckdb)
}

fn ratio(
    p: &mut Printer<'_>,
    a: Number,
    b: Number,
    places: i32,
    more: u32,
    mode: Rounding,
    duckdb: bool,
) -> Result<Number, Refused> {
    let below_zero = b.constant.is_some_and(|n| n < Decimal::ZERO);
    let plain_b = if below_zero { wide(b.clone(), duckdb) } else { b.clone() };
    let plain_a = wide(a.clone(), duckdb);
    let (a, b, scale) = p.fraction(a, b, places, more)?;
    let most = a.most;
    p.meet(a.most.saturating_mul(2).saturating_add(b.most));
    // The factors bring both to whole units of one kind.
    let (ua, ub) = (units(&plain_a, a.scale, duckdb), units(&plain_b, b.scale, duckdb));
    let text = settled(&ua, &ub, mode, duckdb);
    Ok(Number::new(decimal(text, scale, most, duckdb), scale, most))
}

fn modulo(p: &mut Printer<'_>, args: &[Term], duckdb: bool) -> Result<Number, Refused> {
    let [a, b] = args else { return Err("not-printed") };
    let (a, b) = (p.number(a)?, p.number(b)?);
    let scale = a.scale.max(b.scale);
    let (sa, sb) = (p.to_scale(a.clone(), scale), p.to_scale(b.clone(), scale));
    p.meet(sa.most.saturating_add(sb.most).saturating_mul(2));
    let (ua, ub) = (units(&a, scale, duckdb), units(&b, scale, duckdb));
    let text = bound(&ua, &ub, duckdb, |a, b| {
        let rest = match duckdb {
            true => format!("({} % nullif({}, 0))", a.at(6), b.text),
            false => format!("mod({}, nullif({}, 0))", a.text, b.text),
        };
        let (below, step) = (b.at(6), &b.text);
        Text::tight(format!(
            "({rest} + CASE WHEN {rest} <> 0 AND ({rest} < 0) <> ({below} < 0) THEN {step} ELSE 0 END)"
        ))
    });
    let most = sb.most;
    Ok(Number::new(decimal(text, scale, most, duckdb), scale, most))
}

fn product(p: &mut Printer<'_>, args: &[Term], duckdb: bool) -> Result<Number, Refused> {
    let [a, b] = args else { return Err("not-printed") };
    let (a, b) = (p.number(a)?, p.number(b)?);
    let (scale, most) = (a.scale + b.scale, a.most.saturating_mul(b.most));
    p.meet(most);
    // DuckDB computes a product of more than 18 digits exactly where its factors are as wide.
    let factor = |n: &Number, least: u8| match duckdb && most >= pow10(18) {
        true => format!("CAST({} AS DECIMAL(38,{}))", n.text.text, n.scale),
        false if n.constant.is_some() => n.text.at(least),
        false => sized(n, duckdb).at(least),
    };
    let text = format!("{} * {}", factor(&a, 5), factor(&b, 6));
    Ok(Number::new(Text::new(text, 5), scale, most))
}

fn sum(p: &mut Printer<'_>, items: &[Items], duckdb: bool) -> Result<Number, Refused> {
    let (mut items, scale) = p.items(items)?;
    items.iter_mut().for_each(|item| item.value = wide(item.value.clone(), duckdb));
    let most = p.most_of(&items);
    p.meet(most);
    let parts = added(&items, |item| match item.rows.is_empty() {
        true => format!("coalesce({}, 0)", nullable(item)),
        false => format!("coalesce(sum({}), 0)", item.value.text.text),
    });
    let number =
        Number::new(Text::new(parts.join(" + "), if parts.len() > 1 { 4 } else { TIGHT }), scale, most);
    Ok(Number { text: sized(&number, duckdb), ..number })
}

fn count(p: &mut Printer<'_>, given: &[Items]) -> Result<Number, Refused> {
    let (items, _) = p.items(given)?;
    let most = p.count_of(&items);
    let parts = added(&items, |item| match (&item.test, item.rows.is_empty()) {
        (Some(test), true) => format!("CASE WHEN {} THEN 1 ELSE 0 END", test.text),
        (None, true) => format!("CASE WHEN {} IS NOT NULL THEN 1 ELSE 0 END", item.value.text.at(4)),
        (Some(_), false) => "count(*)".to_owned(),
        (None, false) => format!("count({})", item.value.text.text),
    });
    Ok(p.whole(Text::new(parts.join(" + "), if parts.len() > 1 { 4 } else { TIGHT }), most))
}

/// What is to be added up: of items over the same rows one query.
fn added(items: &[Item], what: impl Fn(&Item) -> String) -> Vec<String> {
    let mut parts: Vec<String> = Vec::new();
    let mut over: Vec<(&Item, Vec<String>)> = Vec::new();
    for item in items {
        match over.iter_mut().find(|(first, _)| from(first) == from(item)) {
            _ if item.rows.is_empty() => parts.push(what(item)),
            Some((_, together)) => together.push(what(item)),
            None => over.push((item, vec![what(item)])),
        }
    }
    parts.extend(over.iter().map(|(first, together)| query(&together.join(" + "), first)));
    parts
}

fn tally(p: &mut Printer<'_>, items: &[Items]) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    let parts: Vec<String> = items
        .iter()
        .map(|item| match item.rows.is_empty() {
            true => format!(
                "CASE WHEN {} THEN 1 ELSE 0 END",
                item.test.clone().map(|t| t.text).unwrap_or_default()
            ),
            false => query("count(*)", item),
        })
        .collect();
    Ok(p.whole(Text::new(parts.join(" + "), if parts.len() > 1 { 4 } else { TIGHT }), most))
}

fn outermost(p: &mut Printer<'_>, items: &[Items], rows: &str, fixed: &str) -> Result<Number, Refused> {
    let numbers = items.iter().all(|i| matches!(i.item.ty, Ty::Num { .. }));
    let (items, scale, most) = p.in_order(items)?;
    let alike = p.target.alike.replace("{s}", &scale.to_string());
    let parts: Vec<String> = items
        .iter()
        .map(|item| match item.rows.is_empty() {
            true => nullable(item),
            false => query(&format!("{rows}({})", item.value.text.text), item),
        })
        .collect();
    let text = match parts.as_slice() {
        [one] => Text::new(one.clone(), 4),
        // Both pass over nulls. DuckDB takes the decimals of some of them for all.
        _ if numbers && !alike.is_empty() => {
            let parts: Vec<String> = parts.iter().map(|part| alike.replace("{0}", part)).collect();
            Text::tight(format!("{fixed}({})", parts.join(", ")))
        }
        _ => Text::tight(format!("{fixed}({})", parts.join(", "))),
    };
    Ok(Number::new(text, scale, most))
}

fn mean(
    p: &mut Printer<'_>,
    items: &[Items],
    places: Option<u32>,
    mode: Rounding,
    duckdb: bool,
) -> Result<Number, Refused> {
    let places = places.and_then(|n| i32::try_from(n).ok()).ok_or("not-printed")?;
    let (total, number) = (sum(p, items, duckdb)?, count(p, items)?);
    ratio(p, total, number, places, 0, mode, duckdb)
}

/// All values as a table of one column `x`.
fn union(items: &[Item]) -> String {
    let one = |item: &Item| match item.rows.is_empty() {
        true => format!("SELECT {} AS x", nullable(item)),
        false => {
            let inner = query(&format!("{} AS x", item.value.text.text), item);
            inner.strip_prefix('(').and_then(|t| t.strip_suffix(')')).unwrap_or(&inner).to_owned()
        }
    };
    items.iter().map(one).collect::<Vec<_>>().join(" UNION ALL ")
}

fn distinct(p: &mut Printer<'_>, items: &[Items]) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    Ok(p.whole(Text::tight(format!("(SELECT count(DISTINCT x) FROM ({}) AS items)", union(&items))), most))
}

fn unique(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let (items, _) = p.items(super::collected(args)?)?;
    Ok(Text::tight(format!("(SELECT count(x) = count(DISTINCT x) FROM ({}) AS items)", union(&items))))
}

fn matches(p: &mut Printer<'_>, args: &[Term], duckdb: bool) -> Result<Text, Refused> {
    let (text, pattern) = super::pattern(args)?;
    if !duckdb && pattern.any(too_often) {
        return Err("no-regex");
    }
    let (text, pattern) = (p.single(text)?, quoted(&pattern.print(), '\''));
    Ok(match duckdb {
        true => Text::tight(format!("regexp_matches({}, {pattern})", text.text)),
        false => Text::new(format!("{} ~ {pattern}", text.at(4)), COMPARES),
    })
}

/// PostgreSQL repeats at most 255 times.
fn too_often(part: &Node) -> bool {
    matches!(part, Node::Repeat(_, low, high) if high.unwrap_or(0).max(*low) > 255)
}

const NUMBER: &str = "'^[-+]?(?:[0-9]{1,9}(?:[.][0-9]{1,6})?|[.][0-9]{1,6})$'";

fn reads(p: &mut Printer<'_>, text: &Term, duckdb: bool) -> Result<Text, Refused> {
    p.weaker("scale");
    let text = p.single(text)?;
    Ok(match duckdb {
        true => Text::tight(format!("regexp_matches(trim({}), {NUMBER})", text.text)),
        false => Text::new(format!("trim({}) ~ {NUMBER}", text.text), COMPARES),
    })
}

fn number(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let [text] = args else { return Err("not-printed") };
    if matches!(text.ty, Ty::Num { .. }) {
        return p.number(text);
    }
    let text = p.single(text)?.text;
    let most = 10_u128.pow(15);
    p.meet(most);
    // Only texts that read as a number are cast, whatever the order of evaluation.
    let cast = match p.target.name {
        "duckdb" => format!("TRY_CAST(trim({text}) AS DECIMAL(15,6))"),
        _ => format!("CAST(substring(trim({text}) from {NUMBER}) AS numeric(15,6))"),
    };
    Ok(Number::new(Text::tight(cast), 6, most))
}

fn label(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let labels = super::labels(args)?;
    let [code, ..] = args else { return Err("not-printed") };
    let code = p.single(code)?.text;
    let cases: Vec<String> = labels
        .iter()
        .map(|(value, label)| format!("WHEN {} THEN {}", quoted(value, '\''), quoted(label, '\'')))
        .collect();
    Ok(Number::new(Text::tight(format!("CASE {code} {} END", cases.join(" "))), 0, 0))
}
