//! JavaScript: whole units in `Number` below 2^53, else `BigInt`; blanks are `null`, what cannot be read `undefined`.

use super::{Join, Own, Target, Way, Words};
use crate::expr::formula::{Items, State, Term};
use crate::expr::lower::Refused;
use crate::expr::print::fold::Item;
use crate::expr::print::{Number, Printer, TIGHT, Text, fill};
use crate::ir::expr::Ty;
use formwright_engine::{Rounding, Value};

/// What printed conditions call, as the text of an ES script: the object `$`.
pub const RUNTIME: &str = include_str!("runtime.js");

const WORDS: Words = Words {
    truth: ["false", "true"],
    and: Join { open: "", between: " && ", close: "", binds: 2, part: 2 },
    or: Join { open: "", between: " || ", close: "", binds: 1, part: 3 },
    not: ("!{0}", 6),
    choose: ("{0} ? {1} : {2}", 0),
    guard: None,
};

/// The table.
pub static JS: Target = Target {
    name: "js",
    form: |row| row.js,
    own: &[
        ("sum", Own::Fold(sum)),
        ("count", Own::Fold(count)),
        ("min", Own::Fold(|p, items, _| outermost(p, items, "min"))),
        ("max", Own::Fold(|p, items, _| outermost(p, items, "max"))),
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
    range_words: WORDS,
    ranges: false,
    ways: &[
        Way { scaled: true, big: false, limit: (1 << 53) - 1, guarded: false },
        Way { scaled: true, big: true, limit: u128::MAX, guarded: false },
    ],
    big: "BigInt({0})",
    big_suffix: "n",
    units: "",
    whole: "",
    times: " * ",
    literal,
    state: |state, _| {
        Ok(match state {
            State::Filled => ["{0} != null", "{0} == null"],
            State::Blank => ["{0} === null", "{0} !== null"],
            State::Unreadable => ["{0} === undefined", "{0} !== undefined"],
            State::Yes => ["{0} === true", "{0} !== true"],
            State::No => ["{0} === false", "{0} !== false"],
        })
    },
    filled_all: None,
    rows: |every, rows, body| {
        let method = if every { "every" } else { "some" };
        let at = rows.position.as_ref().map_or(String::new(), |at| format!(", {at}"));
        Text::tight(format!("{}.{method}(({}{at}) => {})", rows.source, rows.name, body.text))
    },
    before: "{0} < {1}",
    reads: |p, text| {
        // Six decimals and nine digits before them are what units hold; longer texts stay undecided.
        p.weaker("scale");
        let text = p.single(text)?;
        Ok(Text::tight(format!("$.reads({})", text.text)))
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
        Value::Date(date) => Ok(format!("\"{date}\"")),
        _ => Err("not-printed"),
    }
}

/// A string literal that is safe inside a script of a page, too.
fn string(text: &str) -> String {
    let json = serde_json::Value::from(text).to_string();
    json.replace('<', "\\u003c").replace('\u{2028}', "\\u2028").replace('\u{2029}', "\\u2029")
}

/// The items as one array, blanks as null.
fn array(items: &[Item]) -> String {
    let one = |item: &Item| {
        let value = match &item.test {
            None => item.value.text.text.clone(),
            Some(test) => format!("{} ? {} : null", test.at(1), item.value.text.at(1)),
        };
        let mut text = value;
        for (depth, rows) in item.rows.iter().rev().enumerate() {
            let method = if depth == 0 { "map" } else { "flatMap" };
            text = format!("{}.{method}(({}) => {text})", rows.source, rows.name);
        }
        text
    };
    match items {
        [single] if !single.rows.is_empty() => one(single),
        _ => {
            let parts: Vec<String> = items
                .iter()
                .map(|i| if i.rows.is_empty() { one(i) } else { format!("...{}", one(i)) })
                .collect();
            format!("[{}]", parts.join(", "))
        }
    }
}

fn sum(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, scale) = p.items(items)?;
    let most = p.most_of(&items);
    p.meet(most);
    Ok(Number::new(Text::tight(format!("$.sum({})", array(&items))), scale, most))
}

fn count(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    Ok(p.whole(Text::tight(format!("$.count({})", array(&items))), most))
}

fn distinct(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    Ok(p.whole(Text::tight(format!("$.distinct({})", array(&items))), most))
}

fn outermost(p: &mut Printer<'_>, items: &[Items], name: &str) -> Result<Number, Refused> {
    let (items, scale, most) = p.in_order(items)?;
    Ok(Number::new(Text::tight(format!("$.{name}({})", array(&items))), scale, most))
}

fn mean(
    p: &mut Printer<'_>,
    items: &[Items],
    places: Option<u32>,
    mode: Rounding,
) -> Result<Number, Refused> {
    let places = places.ok_or("not-printed")?;
    let total = sum(p, items, None)?;
    let number = count(p, items, None)?;
    let most = total.most;
    let (a, b, scale) = p.fraction(total, number, i32::try_from(places).unwrap_or(0), 0)?;
    let name = match mode {
        Rounding::Up => "up",
        Rounding::Down => "down",
        _ => "halfUp",
    };
    let text = fill(&format!("$.{name}({{0}}, {{1}})"), &[a.text, b.text], TIGHT);
    Ok(Number::new(text, scale, most.max(a.most)))
}

fn unique(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let items = super::collected(args)?;
    let (items, _) = p.items(items)?;
    Ok(Text::tight(format!("$.unique({})", array(&items))))
}

fn tally(p: &mut Printer<'_>, items: &[Items], _: Option<u32>) -> Result<Number, Refused> {
    let (items, _) = p.items(items)?;
    let most = p.count_of(&items);
    let conditions: Vec<Item> = items
        .into_iter()
        .map(|i| Item {
            value: Number::new(i.test.clone().unwrap_or(Text::tight("true")), 0, 1),
            test: None,
            ..i
        })
        .collect();
    Ok(p.whole(Text::tight(format!("$.tally({})", array(&conditions))), most))
}

fn matches(p: &mut Printer<'_>, args: &[Term]) -> Result<Text, Refused> {
    let (text, pattern) = super::pattern(args)?;
    let text = p.single(text)?;
    // An empty pattern would begin a comment.
    let pattern = Some(slashed(&pattern.print())).filter(|p| !p.is_empty()).unwrap_or("(?:)".to_owned());
    Ok(Text::tight(format!("/{pattern}/u.test({})", text.text)))
}

/// A pattern between slashes, in a script of a page.
fn slashed(pattern: &str) -> String {
    let one = |c: char| match c {
        '<' | '\u{2028}' | '\u{2029}' => format!("\\u{:04x}", u32::from(c)),
        '/' => "\\/".to_owned(),
        c => c.to_string(),
    };
    pattern.chars().map(one).collect()
}

fn number(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let [text] = args else { return Err("not-printed") };
    if matches!(text.ty, Ty::Num { .. }) {
        return p.number(text);
    }
    let text = p.single(text)?;
    let whole = p.whole(Text::tight(format!("$.number({})", text.text)), 10_u128.pow(15));
    Ok(Number { scale: 6, ..whole })
}

fn label(p: &mut Printer<'_>, args: &[Term]) -> Result<Number, Refused> {
    let labels = super::labels(args)?;
    let [code, ..] = args else { return Err("not-printed") };
    let code = p.single(code)?;
    let pairs: Vec<String> =
        labels.iter().map(|(code, label)| format!("{}: {}", string(code), string(label))).collect();
    let text = format!("({{{}}})[{}]", pairs.join(", "), code.text);
    Ok(Number::new(Text::new(text, TIGHT), 0, 0))
}
