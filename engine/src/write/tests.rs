use super::*;
use crate::json::{Limits, parse};

fn sample(style: Style) -> String {
    let mut out = JsonWriter::new(style);
    out.begin_object();
    out.key("a").number("1.50").key("empty").begin_object().end_object();
    out.key("list").begin_array().string("x").null().bool(true).begin_array().end_array().end_array();
    out.end_object();
    out.finish()
}

#[test]
fn lays_out_on_one_line_or_indented() {
    assert_eq!(sample(Style::Compact), r#"{"a": 1.50, "empty": {}, "list": ["x", null, true, []]}"#);
    let pretty = "{\n  \"a\": 1.50,\n  \"empty\": {},\n  \"list\": [\n    \"x\",\n    null,\n    true,\n    []\n  ]\n}\n";
    assert_eq!(sample(Style::Pretty), pretty);
}

#[test]
fn closes_what_was_left_open() {
    let mut out = JsonWriter::new(Style::Compact);
    out.begin_object().key("a").begin_array().number("1");
    assert_eq!(out.finish(), r#"{"a": [1]}"#);
}

/// Every character below U+3000, and some above, comes back from the reader as it was.
#[test]
fn strings_come_back_as_they_were() {
    let text: String =
        (0..0x3000).filter_map(char::from_u32).chain("中😀\u{10ffff}\u{feff}".chars()).collect();
    let json = string(&text);
    assert!(!json.chars().any(|char| char.is_control()));
    let back = |json: &str| parse(json.as_bytes(), &Limits::default()).unwrap().root;
    assert_eq!(back(&json).as_text(), Some(text.as_str()));
    assert_eq!(back(&inert(&json)).as_text(), Some(text.as_str()));
}

#[test]
fn inert_documents_hold_no_markup() {
    let json = inert(&string("</script><!-- & \u{2028}"));
    assert_eq!(json, r#""\u003c/script\u003e\u003c!-- \u0026 \u2028""#);
}

/// A container is given a line for each member as soon as it no longer fits, whatever is open inside it.
#[test]
fn what_fits_stands_on_one_line() {
    let mut out = JsonWriter::new(Style::Fit);
    out.begin_object().key("short").begin_array().number("1").begin_object().end_object().end_array();
    out.key("long").begin_array();
    for n in 0..3 {
        out.begin_object().key("name").string(&"x".repeat(50)).key("n").number(&n.to_string()).end_object();
    }
    out.end_array().key("deep").begin_array().begin_array().begin_array().string(&"y".repeat(161));
    let x = "x".repeat(50);
    let y = "y".repeat(161);
    let expected = format!(
        "{{\n  \"short\": [1, {{}}],\n  \"long\": [\n    {{\"name\": \"{x}\", \"n\": 0}},\n    {{\"name\": \"{x}\", \"n\": 1}},\n    \
         {{\"name\": \"{x}\", \"n\": 2}}\n  ],\n  \"deep\": [\n    [\n      [\n        \"{y}\"\n      ]\n    ]\n  ]\n}}\n"
    );
    assert_eq!(out.finish(), expected);
}

/// A part is written as it would stand inside the document.
#[test]
fn a_part_stands_as_in_the_whole() {
    let list = |out: &mut JsonWriter| {
        out.begin_array();
        (0..60).for_each(|n| {
            out.number(&n.to_string());
        });
        out.end_array();
    };
    let mut whole = JsonWriter::new(Style::Fit);
    list(whole.begin_object().key("a"));
    let mut part = JsonWriter::part(Style::Fit, 1);
    list(&mut part);
    let mut other = JsonWriter::new(Style::Fit);
    other.begin_object().key("a").raw(&part.into_part());
    assert_eq!(whole.finish(), other.finish());
}

/// Members written by themselves stand in any object as if they had been written there, long or short.
#[test]
fn members_stand_as_in_the_whole() {
    for length in [1, 30, 60, 80, 110, 150, 200] {
        let write = |out: &mut JsonWriter| {
            out.key("b").string(&"x".repeat(length));
            out.key("c").begin_array().string(&"y".repeat(length)).end_array();
        };
        for depth in [1, 2, 5] {
            let mut alone = JsonWriter::members(Style::Fit, depth - 1);
            write(&mut alone);
            let members = alone.into_members();
            let raw = |out: &mut JsonWriter| {
                out.raw_members(&members);
            };
            assert_eq!(around(&write), around(&raw), "{length} {depth}");
        }
    }
}

/// A member of many short parts is too long for one line, and has fewer letters than that on lines of their own.
#[test]
fn long_members_of_short_parts_stand_as_in_the_whole() {
    for count in 1..90 {
        let write = |out: &mut JsonWriter| {
            out.key("b").begin_array();
            (0..count).for_each(|_| {
                out.number("1");
            });
            out.end_array();
            out.key("c").null();
        };
        let mut alone = JsonWriter::members(Style::Fit, 2);
        write(&mut alone);
        let members = alone.into_members();
        let raw = |out: &mut JsonWriter| {
            out.raw_members(&members);
        };
        assert_eq!(around(&write), around(&raw), "{count}");
    }
}

fn around(members: &dyn Fn(&mut JsonWriter)) -> String {
    let mut out = JsonWriter::new(Style::Fit);
    out.begin_array().begin_object().key("a").null();
    members(&mut out);
    out.end_object().begin_object();
    members(&mut out);
    out.finish()
}
