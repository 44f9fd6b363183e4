//! Rust over the engine crate: cells are `scaled::Held`, numbers whole units in `i128`.

use super::{Join, Own, Target, Way, Words};
use crate::expr::formula::{Items, State, Term};
use crate::expr::lower::Refused;
use crate::expr::print::fold::Item;
use crate::expr::print::{Number, Printer, Text};
use crate::ir::expr::Ty;
use formwright_engine::{Rounding, Value};

const WORDS: Words = Words {
    truth: ["false", "true"],
    and: Join { open: "", between: " && ", close: "", binds: 2, part: 2 },
    or: Join { open: "", between: " || ", close: "", binds: 1, part: 2 },
    not: ("!{0}", 6),
    choose: ("(if {0} { {1} } else { {2} })", super::super::print::TIGHT),
    guard: None,
};

/// The table.
pub static RUST: Target = Target {
    name: "rust",
    form: |row| row.rust,
    own: &[
        ("sum", Own::Fold(sum)),
        ("count", Own::Fold(|p, items, _| count(p, items))),
        ("min", Own::Fold(|p, items, _| outermost(p, items, "min"))),
        ("max", Own::Fold(|p, items, _| outermost(p, items, "max"))),
        ("round_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::HalfUp))),
        ("round_up_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::Up))),
        ("round_down_mean", Own::Fold(|p, items, n| mean(p, items, n, Rounding::Down))),
        ("distinct", Own::Fold(|p, items, _| counted(p, items, "distinct"))),
        ("unique", Own::Test(unique)),
        ("tally", Own::Fold(tally)),
        ("matches", Own::Test(matches)),
        ("number", Own::Value(number)),
        ("label", Own::Value(label)),
    ],
    words: WORDS,
    range_words: WORDS,
    ranges: false,
    ways: &[Way { scaled: true, big: false, limit: i128::MAX as u128, guarded: false }],
    big: "",
    big_suffix: "",
    units: "",
    whole: "",
    times: " * ",
    literal,
    state: |state, _| {
        Ok(match state {
            State::Filled => ["{0}.is_filled()", ""],
            State::Blank => ["{0}.is_blank()", ""],
            State::Unreadable => ["{0}.is_unreadable()", ""],
            State::Yes => ["{0}.is(true)", ""],
            State::No => ["{0}.is(false)", ""],
        })
    },
    filled_all: None,
    rows: |every, rows, body| {
        let method = if every { "all" } else { "any" };
        Text::tight(match &rows.position {
            None => format!("{}.iter().{method}(|{}| {})", rows.source, rows.name, body.text),
            Some(at) => {
                format!("{}.iter().enumerate().{method}(|({at}, {})| {})", rows.source, rows.name, body.text)
            }
        })
    },
    before: "{0} < {1}",
    reads: |p, text| {
        p.weaker("scale");
        let text = p.single(text)?;
        Ok(Text::tight(format!("scaled::reads({})", text.text)))
    },
    rescue: ["", ""],
    alike: "",
    length: None,
    queries: None,
    weaker: &[],
};

fn literal(value: &Value, _: &Ty) -> Result<String, Refused> {
    match value {
        Value::Bool(known) => Ok(known.to_string()),
        Value::Text(text) => Ok(string(text)),
        Value::Date(date) => Ok(format!("scaled::date({}, {}, {})", date.year(), date.month(), date.day())),
        _ => Err("not-printed"),
    }
}

/// A string literal; what reorders or hides is escaped.
fn string(text: &str) -> String {
    let plain = |c: char| {
        c == ' '
            || c.is_alphanumeric()
            || (c.is_ascii() && !c.is_ascii_control())
            || ('\u{2460}'..='\u{FFEF}').contains(&c)
    };
    let one = |c: char| match c {
        '"' | '\\' => format!("\\{c}"),
        c if plain(c) => c.to_string(),
        c => format!("\\u{{{:x}}}", u32::from(c)),
    };
    format!("\"{}\"", text.chars().map(one).collect::<String>())
}

/// The items as one iterator over options.
fn iterator(items: &[Item]) -> String {
    let value = |item: &Item| match &item.test {
        None => item
            .value
            .text
            .text
            .strip_suffix(".get()")
            .map_or_else(|| format!("Some({})", item.value.text.text), |cell| format!("{cell}.value()")),
        Some(test) => format!("{}.then(|| {})", brackets(test), item.value.text.text),
    };
    let rows = |item: &Item| {
        let mut text = value(item);
        for (depth, rows) in item.rows.iter().rev().enumerate() {
            let method = if depth == 0 { "map" } else { "flat_map" };
            text = format!("{}.iter().{method}(|{}| {text})", rows.source, rows.name);
        }
        text
    };
    let fixed: Vec<String> = items.iter().filter(|i| i.rows.is_empty()).map(value).collect();
    let mut parts: Vec<String> = Vec::new();
    if !fixed.is_empty() || items.is_empty() {
        parts.push(format!("[{}]", fixed.join(", ")));
    }
    parts.extend(items.iter().filter(|i| !i.rows.is_empty()).map(rows));
    let mut parts = parts.into_iter();
    let first = parts.next().unwrap_or_default();
    let rest: Vec<String> = parts.map(|p| format!(".chain({p})")).collect();
    match rest.is_empty() {
        true => first,
        false if first.starts_with('[') => format!("{first}.into_iter(){}", rest.concat()),
        false => format!("{first}{}", rest.concat()),
    }
}

fn brackets(text: &Text) -> String {
    if text.text == "true" || text.text == "false" {
        text.text.clone()
    } else {
        text.at(super::super::print::TIGHT)
    }
}

fn sum(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, scale) = p.items(items)?;
    let most = p.most_of(&items);
    p.meet(most);
    Ok(Number::new(Text::tight(format!("scaled::sum({})", iterator(&items))), scale, most))
}

fn counted(p: &mut Printer<'_>, items: &[Items], name: &str) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    Ok(p.whole(Text::tight(format!("scaled::{name}({})", iterator(&items))), most))
}

/// Values of several types are counted alike.
fn count(p: &mut Printer<'_>, items: &[Items]) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    let filled = |item: &Item| {
        let cell = item.value.text.text.trim_end_matches(".get()");
        item.test.clone().unwrap_or_else(|| Text::tight(format!("{cell}.is_filled()")))
    };
    let tests: Vec<Item> = items
        .iter()
        .map(|i| Item { value: Number::new(Text::tight("()"), 0, 1), test: Some(filled(i)), ..i.clone() })
        .collect();
    Ok(p.whole(Text::tight(format!("scaled::count({})", iterator(&tests))), most))
}

fn tally(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    let conditions: Vec<Item> = items
        .into_iter()
        .map(|i| Item {
            value: Number::new(Text::tight("()"), 0, 1),
            test: Some(i.test.clone().unwrap_or(Text::tight("true"))),
            ..i
        })
        .collect();
    Ok(p.whole(Text::tight(format!("scaled::count({})", iterator(&conditions))), most))
}

fn outermost(p: &mut Printer<'_>, items: &[Items], name: &str) -> Result<Number, Refused> {
    let (items, scale, most) = p.in_order(items)?;
    Ok(Number::new(Text::tight(format!("scaled::{name}({})", iterator(&items))), scale, most))
}

fn mean(
    p: &mut Printer<'_>,
    items: &[Items],
    places: Option<u32>,
    mode: Rounding,
) -> Result<Number, Refused> {
    let places = places.and_then(|n| i32::try_from(n).ok()).ok_or("not-printed")?;
    let (total, number) = (sum(p, items, None)?, count(p, items)?);
    let (a, b, scale) = p.fraction(total, number, places, 0)?;
    let name = match mode {
        Rounding::Up => "up",
        Rounding::Down => "down",
        _ => "half_up",
    };
    let most = a.most;
    Ok(Number::new(Text::tight(format!("scaled::{name}({}, {})", a.text.text, b.text.text)), scale, most))
}

fn unique(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let (items, _) = p.items(super::collected(args)?)?;
    Ok(Text::tight(format!("scaled::unique({})", iterator(&items))))
}

/// A pattern is made ready once, where it stands.
fn matches(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let (text, pattern) = super::pattern(args)?;
    let (text, pattern) = (p.single(text)?.text, string(&pattern.print()));
    Ok(Text::tight(format!(
        "({{ static P: scaled::Pattern = scaled::Pattern::new({pattern}); P.is_match({text}) }})"
    )))
}

fn number(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let [text] = args else { return Err("not-printed") };
    if matches!(text.ty, Ty::Num { .. }) {
        return p.number(text);
    }
    let text = p.single(text)?;
    let whole = p.whole(Text::tight(format!("scaled::number({})", text.text)), 10_u128.pow(15));
    Ok(Number { scale: 6, ..whole })
}

fn label(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let labels = super::labels(args)?;
    let [code, ..] = args else { return Err("not-printed") };
    let code = p.single(code)?.text;
    let arms: Vec<String> =
        labels.iter().map(|(code, label)| format!("{} => {}", string(code), string(label))).collect();
    Ok(Number::new(Text::tight(format!("(match {code} {{ {}, _ => \"\" }})", arms.join(", "))), 0, 0))
}
