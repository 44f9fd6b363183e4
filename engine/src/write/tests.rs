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
