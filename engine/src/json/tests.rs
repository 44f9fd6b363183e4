use super::*;
use crate::random::Random;

/// Every truncation of a document is an error with a sentence in both languages, never a panic.
#[test]
fn a_truncated_document_is_an_error_at_any_byte() {
    let whole = r#"{"a": [1.5, -2e3, true, null, "甲\u00e9\n"], "b": {"c": {}}}"#;
    assert!(read(whole).is_ok());
    for end in 0..whole.len() {
        let found = parse(&whole.as_bytes()[..end], &Limits::default()).unwrap_err();
        assert!(!found.problem.to_string().is_empty() && !found.problem.chinese().is_empty());
        assert!(found.offset <= end, "{end}: {found}");
    }
}

fn read(text: &str) -> Result<Document, JsonError> {
    parse(text.as_bytes(), &Limits::default())
}

fn error(text: &str) -> (Problem, usize, String) {
    let error = read(text).expect_err(text);
    (error.problem, error.offset, error.pointer)
}

#[test]
fn keeps_numbers_as_text_and_places() {
    let text = r#" {"a": [1.50, -0, 12345678901234567.89, 1E+2], "é": {"b": null, "c": true}} "#;
    let root = read(text).unwrap().root;
    let numbers: Vec<_> =
        root.get("a").unwrap().items().unwrap().iter().map(|x| x.as_number().unwrap()).collect();
    assert_eq!(numbers, ["1.50", "-0", "12345678901234567.89", "1E+2"]);
    let at = root.pointer("/a/2").unwrap().span;
    assert_eq!(&text[at.0..at.1], "12345678901234567.89");
    let member = &root.members().unwrap()[1];
    assert_eq!(&text[member.key_span.clone()], "\"é\"");
    assert_eq!(&text[member.value.span.0..member.value.span.1], r#"{"b": null, "c": true}"#);
    assert_eq!(root.pointer("/é/c").unwrap().as_bool(), Some(true));
    assert!(root.pointer("/é/b").unwrap().is_null());
    assert_eq!(root.pointer("/a/02"), None);
    assert_eq!(root.pointer("/a/4"), None);
}

#[test]
fn resolves_escapes() {
    let text = r#""\" \\ \/ \b\f\n\r\t \u4e2d \ud83d\ude00 \u0000""#;
    assert_eq!(read(text).unwrap().root.as_text(), Some("\" \\ / \u{8}\u{c}\n\r\t 中 😀 \0"));
}

#[test]
fn says_what_is_wrong_and_where() {
    for (text, problem, offset, pointer) in [
        ("", Problem::Empty, 0, ""),
        (" \n", Problem::Empty, 0, ""),
        ("[1, 2", Problem::UnexpectedEnd, 5, ""),
        ("[1, ]", Problem::TrailingComma, 4, "/1"),
        ("[1 2]", Problem::Expected(Expected::CommaOrBracket), 3, ""),
        ("{\"a\" 1}", Problem::Expected(Expected::Colon), 5, ""),
        ("{\"a\": 1,}", Problem::TrailingComma, 8, ""),
        ("{\"a\": nul}", Problem::Expected(Expected::Value), 6, "/a"),
        ("{a: 1}", Problem::Expected(Expected::Name), 1, ""),
        ("[] []", Problem::TrailingText, 3, ""),
        ("truefalse", Problem::TrailingText, 4, ""),
        ("[\"a\tb\"]", Problem::ControlCharacter(9), 3, "/0"),
        (r#"["\x"]"#, Problem::InvalidEscape, 2, "/0"),
        (r#"["\u12g4"]"#, Problem::InvalidEscape, 2, "/0"),
        (r#"["\u+123"]"#, Problem::InvalidEscape, 2, "/0"),
        (r#"["ab\ud800"]"#, Problem::LoneSurrogate, 4, "/0"),
        (r#"["\ud800\u0041"]"#, Problem::LoneSurrogate, 2, "/0"),
        (r#"["\ude00"]"#, Problem::LoneSurrogate, 2, "/0"),
        (r#"{"a~/b": [{"中": 01}]}"#, Problem::InvalidNumber, 20, "/a~0~1b/0/中"),
        ("\u{feff}{}", Problem::Encoding("UTF-8 + BOM"), 0, ""),
        ("{\0\"\0", Problem::Encoding("UTF-16"), 0, ""),
        ("[1,\0]", Problem::Expected(Expected::Value), 3, "/1"),
        ("{\"a\": 1 # b\n}", Problem::Comment, 8, ""),
        ("NaN", Problem::Expected(Expected::Value), 0, ""),
        ("'a'", Problem::Expected(Expected::Value), 0, ""),
        ("// a", Problem::Comment, 0, ""),
    ] {
        assert_eq!(error(text), (problem, offset, pointer.to_owned()), "{text}");
    }
    for text in ["01", "1.", "-", "1e", "1e+", "-01", "-.5"] {
        assert_eq!(error(text).0, Problem::InvalidNumber, "{text}");
    }
}

#[test]
fn refuses_bytes_that_are_not_utf8() {
    let found = parse(b"[\"a\xffb\"]", &Limits::default()).unwrap_err();
    assert_eq!((found.problem, found.offset), (Problem::InvalidUtf8, 3));
    let raw_surrogate = parse(b"\"\xed\xa0\x80\"", &Limits::default()).unwrap_err();
    assert_eq!(raw_surrogate.problem, Problem::InvalidUtf8);
}

#[test]
fn collects_duplicate_keys_and_reads_on() {
    let document = read(r#"{"a": [{"b": 1, "\u0062": 2}], "a": 3, "a": 4}"#).unwrap();
    let found: Vec<_> = document.duplicates.iter().map(|e| (e.pointer.as_str(), e.offset)).collect();
    assert_eq!(found, [("/a/0/b", 16), ("/a", 31), ("/a", 39)]);
    assert!(document.root.get("a").unwrap().items().is_some(), "the first stands");
    assert_eq!(document.duplicates[0].to_string(), "byte 16 (/a/0/b): the key \"b\" stands here twice");
}

#[test]
fn limits_are_named_with_their_value() {
    let deep = |levels: usize| format!("{}{}", "[".repeat(levels), "]".repeat(levels));
    assert!(read(&deep(64)).is_ok());
    let found = read(&deep(65)).unwrap_err();
    assert_eq!((found.problem, found.offset), (Problem::OverLimit("levels", 64), 64));
    let mixed = "{\"a\":[".repeat(33);
    assert_eq!(error(&mixed).0, Problem::OverLimit("levels", 64));
    let small = Limits { bytes: 8, depth: 64, nodes: 3, duplicates: 1 };
    let over = |text: &str| parse(text.as_bytes(), &small).unwrap_err().problem;
    assert_eq!(over("[1,2,3,4]"), Problem::OverLimit("bytes", 8));
    assert_eq!(over("[1,2,3]"), Problem::OverLimit("values", 3));
    let twice = Limits { duplicates: 1, ..Limits::default() };
    let found = parse(br#"{"a":1,"a":2,"a":3}"#, &twice).unwrap_err();
    assert_eq!(found.problem, Problem::OverLimit("duplicate keys", 1));
}

/// A million brackets must be an error, not an overflow of the stack.
#[test]
fn a_tower_of_brackets_is_refused() {
    assert_eq!(error(&"[".repeat(1_000_000)).1, 64);
}

/// Every prefix and every changed byte of a document is read or refused, and positions stay inside.
#[test]
fn damaged_documents_never_panic() {
    let text = r#"{"survey": "规划", "a\u00e9": [1.5e3, -2, true, null, "\ud83d\ude00"], "b": {"c": []}}"#;
    for end in 0..text.len() {
        let found = parse(&text.as_bytes()[..end], &Limits::default()).expect_err("a prefix is no document");
        assert!(found.offset <= end);
    }
    let mut random = Random::new(5);
    let mut refused = 0;
    for _ in 0..20_000 {
        let mut bytes = text.as_bytes().to_vec();
        let at = random.below(bytes.len() as u64) as usize;
        bytes[at] = random.pick(b"{}[]\",:\\u019.-eE \n\x00\xff\xe4tn");
        if let Err(found) = parse(&bytes, &Limits::default()) {
            assert!(found.offset <= bytes.len());
            refused += 1;
        }
    }
    assert!(refused > 5_000, "{refused}");
}
