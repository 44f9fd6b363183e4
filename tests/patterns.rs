//! Random patterns of the portable subset: the engine's search against the `regex` crate, as written and as printed.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, missing_docs)]

use formwright::engine::pattern::{Matcher, parse};
use proptest::prelude::*;

/// A pattern; `^` and `$` stand anywhere but under a repetition.
fn pattern() -> impl Strategy<Value = String> {
    let sign = prop_oneof![
        Just("a"),
        Just("b"),
        Just("A"),
        Just("0"),
        Just("地"),
        Just("😀"),
        Just("."),
        Just("\\d"),
        Just("\\w"),
        Just("\\s"),
        Just("\\."),
        Just("\\*"),
        Just("\\/"),
        Just("-"),
        Just("\\n"),
        Just("&"),
        Just("[ab]"),
        Just("[^a\\d]"),
        Just("[a-c-]"),
        Just("[^\\n]"),
        Just("[\\]^]"),
        Just("[\\s地-龥]"),
        Just("[+-/]"),
    ]
    .prop_map(str::to_owned);
    let times =
        prop_oneof![Just("?"), Just("*"), Just("+"), Just("{2}"), Just("{1,2}"), Just("{2,}"), Just("{0}")];
    sign.prop_recursive(4, 40, 4, move |inner| {
        let repeated = (inner.clone(), times.clone());
        prop_oneof![
            3 => prop::collection::vec(inner.clone(), 0..4).prop_map(|parts| parts.concat()),
            2 => prop::collection::vec(inner.clone(), 1..4).prop_map(|parts| format!("(?:{})", parts.join("|"))),
            2 => repeated.prop_map(|(part, times)| format!("({part}){times}")),
            1 => inner.clone().prop_map(|part| format!("^{part}")),
            1 => inner.prop_map(|part| format!("{part}$")),
        ]
    })
}

fn text() -> impl Strategy<Value = String> {
    let sign = prop::sample::select("aabbAB01地市😀. *-/&]^\n\t+".chars().collect::<Vec<_>>());
    prop::collection::vec(sign, 0..8).prop_map(|signs| signs.into_iter().collect())
}

/// The pattern as `regex` reads it with classes of ASCII.
fn regex_of(pattern: &str) -> Option<regex::Regex> {
    let spelt = |text: &str, class: &str, inside: &str| text.replace(class, inside);
    let mut out = String::new();
    let (mut signs, mut in_class) = (pattern.chars(), false);
    while let Some(c) = signs.next() {
        in_class = (in_class || c == '[') && c != ']';
        out.push(c);
        if c == '\\' {
            let next = signs.next()?;
            out.pop();
            let class = match next {
                'd' => "0-9",
                'w' => "0-9A-Za-z_",
                's' => " \\t\\n\\r",
                other => {
                    out.extend(['\\', other]);
                    continue;
                }
            };
            out.push_str(&if in_class { class.to_owned() } else { spelt("[x]", "x", class) });
        }
    }
    regex::Regex::new(&out).ok()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_search_agrees_with_regex(pattern in pattern(), texts in prop::collection::vec(text(), 12)) {
        let Ok(read) = parse(&pattern) else { return Ok(()) };
        let (own, printed) = (Matcher::new(&pattern).unwrap(), Matcher::new(&read.print()).unwrap());
        let theirs = regex_of(&pattern).expect("regex reads what is of the subset");
        let theirs_printed = regex::Regex::new(&read.print()).unwrap();
        for text in texts {
            let expected = theirs.is_match(&text);
            prop_assert_eq!(own.is_match(&text), expected, "{} in {:?}", pattern, text);
            prop_assert_eq!(printed.is_match(&text), expected, "{} in {:?}", read.print(), text);
            prop_assert_eq!(theirs_printed.is_match(&text), expected, "{} in {:?}", read.print(), text);
        }
    }
}

/// The subset takes what it is made of, and not much less: a strategy whose patterns are all refused tests nothing.
#[test]
fn most_random_patterns_are_of_the_subset() {
    use proptest::strategy::ValueTree;
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let taken =
        (0..500).filter(|_| parse(&pattern().new_tree(&mut runner).unwrap().current()).is_ok()).count();
    assert!(taken > 300, "{taken} of 500");
}
