//! Sentences of the catalogues with their arguments put in.

use std::fmt::Display;

/// A template with its arguments: `{rows}` is the argument `rows`, `{rows:row|rows}` the word for that many. What is no
/// argument stays as it is, and what an argument holds is never taken for a name.
pub fn fill<'a>(template: &str, argument: impl Fn(&str) -> Option<&'a str>) -> String {
    let mut out = String::new();
    let mut rest = template;
    while let Some((before, tail)) = rest.split_once('{') {
        out.push_str(before);
        let (inside, behind) = tail.split_once('}').unwrap_or((tail, ""));
        let (name, words) = split(inside);
        match (argument(name), words) {
            (Some(value), None) => out.push_str(value),
            (Some(value), Some(words)) => out.push_str(word(value, words)),
            (None, _) => out.extend(["{", inside, if tail.len() > inside.len() { "}" } else { "" }]),
        }
        rest = behind;
    }
    out.push_str(rest);
    out
}

/// What stands in braces, as the name of an argument and the words for one and for many.
pub fn split(inside: &str) -> (&str, Option<&str>) {
    let pair = inside.split_once(':').filter(|(_, words)| words.contains('|'));
    pair.map_or((inside, None), |(name, words)| (name, Some(words)))
}

/// The word for a count, of `row|rows`.
fn word<'w>(count: &str, words: &'w str) -> &'w str {
    let (one, many) = words.split_once('|').unwrap_or((words, words));
    if count == "1" { one } else { many }
}

/// The word for many, of `row|rows`.
pub fn many(words: &str) -> &str {
    word("", words)
}

/// A count with its word, of `row|rows`: `1 row`, `2 rows`.
pub fn counted(count: impl Display, words: &str) -> String {
    let count = count.to_string();
    format!("{count} {}", word(&count, words))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn filled(template: &str, args: &[(&str, &'static str)]) -> String {
        fill(template, |name| args.iter().find(|a| a.0 == name).map(|a| a.1))
    }

    #[test]
    fn words_follow_their_counts() {
        let template = "{n} {n:row is|rows are} left";
        assert_eq!(filled(template, &[("n", "1")]), "1 row is left");
        assert_eq!(filled(template, &[("n", "0")]), "0 rows are left");
        assert_eq!(filled(template, &[("n", "21")]), "21 rows are left");
        assert_eq!(counted(1, "decimal|decimals"), "1 decimal");
    }

    #[test]
    fn an_argument_is_never_a_template_and_other_braces_stay() {
        assert_eq!(filled("{a}-{b}", &[("a", "{b}"), ("b", "x")]), "{b}-x");
        assert_eq!(filled("{a: 1} {codes list} {", &[("a", "1")]), "{a: 1} {codes list} {");
    }
}
