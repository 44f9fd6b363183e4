//! Text.

use super::short::*;
use regex::Regex;
use std::cell::RefCell;
use std::collections::HashMap;
use std::sync::Arc;

/// Patterns kept compiled for each thread; beyond it they are forgotten all at once.
const KEPT: usize = 256;

type Kept = HashMap<(Arc<str>, Arc<str>), Option<Regex>>;

thread_local! {
    static PATTERNS: RefCell<Kept> = RefCell::new(HashMap::new());
}

/// Two texts, empty ones included: cells deliver blank where they are.
fn texts(args: &[Value], apply: fn(&str, &str) -> bool) -> Value {
    match args {
        [Value::Text(a), Value::Text(b)] => Value::Bool(apply(a, b)),
        [Value::Unknown, _] | [_, Value::Unknown] => Value::Unknown,
        _ => Value::Null,
    }
}

fn length(args: &[Value]) -> Value {
    match args {
        [Value::Text(a)] => i64::try_from(a.chars().count()).map_or(Value::Null, Value::int),
        [Value::Unknown] => Value::Unknown,
        _ => Value::Null,
    }
}

/// Whether a pattern is found in a text; a third argument holds flags of `i m s x`.
pub(super) fn matches(args: &[Value]) -> Value {
    match args {
        [Value::Text(text), Value::Text(pattern)] => search(text, pattern, &"".into()),
        [Value::Text(text), Value::Text(pattern), Value::Text(flags)] => search(text, pattern, flags),
        [Value::Text(text), Value::Text(pattern), Value::Null] => search(text, pattern, &"".into()),
        [Value::Unknown, ..] => Value::Unknown,
        _ => Value::Null,
    }
}

fn search(text: &str, pattern: &Arc<str>, flags: &Arc<str>) -> Value {
    PATTERNS.with_borrow_mut(|kept| {
        if kept.len() > KEPT {
            kept.clear();
        }
        let key = (pattern.clone(), flags.clone());
        let regex = kept.entry(key).or_insert_with(|| compile(pattern, flags));
        regex.as_ref().map_or(Value::Null, |regex| Value::Bool(regex.is_match(text)))
    })
}

fn compile(pattern: &str, flags: &str) -> Option<Regex> {
    if pattern.len() > 1024 || !flags.chars().all(|c| "imsx".contains(c)) {
        return None;
    }
    let on: String = flags.chars().filter(|c| *c != 'x').collect();
    let body = ascii_classes(pattern, flags.contains('x'));
    Regex::new(&if on.is_empty() { body } else { format!("(?{on}){body}") }).ok()
}

/// The pattern with `\d \w \s` as ASCII classes, `-[` in a class as a difference, and without white space outside of
/// classes where that is asked for.
fn ascii_classes(pattern: &str, strip: bool) -> String {
    let (mut out, mut depth) = (String::new(), 0_usize);
    let mut chars = pattern.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped) => out.push_str(&expand(escaped, depth > 0)),
                None => out.push('\\'),
            },
            '-' if depth > 0 && chars.peek() == Some(&'[') => out.push_str("--"),
            c if strip && depth == 0 && c.is_whitespace() => {}
            c => {
                depth = if c == '[' { depth + 1 } else { depth.saturating_sub(usize::from(c == ']')) };
                out.push(c);
            }
        }
    }
    out
}

fn expand(escaped: char, in_class: bool) -> String {
    let class = match escaped {
        'd' | 'D' => "0-9",
        'w' | 'W' => "A-Za-z0-9_",
        's' | 'S' => " \\t\\n\\r",
        other => return format!("\\{other}"),
    };
    match (in_class, escaped.is_ascii_uppercase()) {
        (true, false) => class.to_owned(),
        (_, true) => format!("[^{class}]"),
        (false, false) => format!("[{class}]"),
    }
}

rows! {
    string_length "string length" CALL, (1, 1), ALL, Role::Plain, K::Length,
        t::length, length,
        [s("[...{0}].length"), s("LEN({0})"), s("char_length({0})"), s("length({0})"), s("scaled::length({0})")],
        "The number of characters (code points).", "string length(\"地市😀\")" => "3";
    contains "contains" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::texts2, |a| texts(a, |a, b| a.contains(b)),
        [s("{0}.includes({1})"), s("ISNUMBER(FIND({1},{0}))"), s("(strpos({0}, {1}) > 0)"), s("contains({0}, {1})"), s("{0}.contains({1})")],
        "Whether a text holds another.", "contains(\"foobar\", \"ob\")" => "true";
    starts_with "starts with" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::texts2, |a| texts(a, |a, b| a.starts_with(b)),
        [s("{0}.startsWith({1})"), s("EXACT(LEFT({0},LEN({1})),{1})"), s("starts_with({0}, {1})"), s("starts_with({0}, {1})"), s("{0}.starts_with({1})")],
        "Whether a text begins with another.", "starts with(\"foobar\", \"foo\")" => "true";
    ends_with "ends with" CALL, (2, 2), ALL, Role::Plain, CALC,
        t::texts2, |a| texts(a, |a, b| a.ends_with(b)),
        [s("{0}.endsWith({1})"), s("EXACT(RIGHT({0},LEN({1})),{1})"), s("(right({0}, char_length({1})) = {1})"), s("ends_with({0}, {1})"), s("{0}.ends_with({1})")],
        "Whether a text ends with another.", "ends with(\"foobar\", \"bar\")" => "true";
    matches "matches" CALL, (2, 2), ALL, Role::Plain, K::Pattern,
        t::texts2, matches,
        [own("matches"), own("matches"), own("matches"), own("matches"), own("matches")],
        "Whether a pattern is found in a text; `^…$` asks for the whole text.", "matches(\"A12\", \"^[A-Z][0-9]+$\")" => "true";
    number "number" CALL, (1, 1), ALL, Role::Plain, CALC,
        t::to_number, |a| one(a, f::number),
        [own("number"), own("number"), own("number"), own("number"), own("number")],
        "The number a text reads as; blank if it is none.", "number(\"1.50\")" => "1.5";
}
