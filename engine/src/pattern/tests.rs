use super::{Kept, Matcher, parse};
use std::time::{Duration, Instant};

#[test]
fn what_is_read_alike_everywhere_is_inside() {
    for (pattern, printed) in [
        ("^[0-9]{6}$", "^[0-9]{6}$"),
        ("a|b", "a|b"),
        ("(a|b)+c?", "(?:a|b)+c?"),
        ("\\d{3,4}-\\d+", "[0-9]{3,4}-[0-9]+"),
        ("[一-龥]+", "[一-龥]+"),
        ("[^\\]x-]", "[^\\-\\]x]"),
        ("(ab){2}", "(?:ab){2}"),
        ("\\w\\s.", "[0-9A-Z_a-z][\\t\\n\\r ][^\\n]"),
        ("[a-z-9]", "[\\-9a-z]"),
        ("a\\/b\\.", "a/b\\."),
        ("()|x", "|x"),
        ("", ""),
    ] {
        assert_eq!(parse(pattern).map(|p| p.print()).as_deref(), Ok(printed), "{pattern}");
    }
}

#[test]
fn what_is_outside_is_named() {
    let cases = [
        ("(?=a)", "(?="),
        ("(?<!a)b", "(?<!"),
        ("(?i)a", "(?i"),
        ("\\bа", "\\b"),
        ("(a)\\1", "\\1"),
        ("\\p{Han}", "\\p"),
        ("\\D", "\\D"),
        ("a*?", "*?"),
        ("a++", "++"),
        ("a{2}{3}", "{2}{"),
        ("(a+)+", ")+"),
        ("(a*b?)*", ")*"),
        ("((a+)b)+", ")+"),
        ("*a", "*"),
        ("^*", "*"),
        ("a{,3}", "{,3}"),
        ("a{3,2}", "{3,2}"),
        ("a{1001}", "{1001}"),
        ("[a", "["),
        ("(a", "("),
        ("a)", ")"),
        ("a]", "]"),
        ("[[:alpha:]]", "[["),
        ("[a&&b]", "&&"),
        ("[a--b]", "--"),
        ("[z-a]", "z-a"),
        ("[\\d-x]", "\\d-x"),
        ("(a{100}){11}", "(a{100}){11}"),
    ];
    for (pattern, what) in cases {
        assert_eq!(parse(pattern).err().as_deref(), Some(what), "{pattern}");
    }
    assert!(parse(&"a".repeat(1025)).is_err_and(|what| what.contains("1025")));
    assert!(parse(&"(".repeat(200)).is_err());
}

#[test]
fn a_search_finds_what_is_there() {
    let found = |pattern: &str, text: &str| Matcher::new(pattern).is_ok_and(|m| m.is_match(text));
    for (pattern, yes, no) in [
        ("^[0-9]{3}$", "123", "1234"),
        ("^[0-9]{3}$", "123", "123\n"),
        ("b", "abc", "ac"),
        ("^(?:ab|c)*$", "abcab", "abca"),
        ("a{2,3}b", "xaab", "xab"),
        ("^.$", "😀", "\n"),
        ("x$", "a\nx", "x\na"),
        ("^(|a)$", "", "b"),
    ] {
        assert!(found(pattern, yes) && !found(pattern, no), "{pattern}");
    }
    static KEPT: Kept = Kept::new("^[A-Z]{2}$");
    assert!(KEPT.is_match("AB") && !KEPT.is_match("ABC"));
}

/// What takes others for ever takes as long as the text is: this would be 2^400 steps back.
#[test]
fn no_text_takes_for_ever() {
    let matcher = Matcher::new("^(?:a|a)*(?:a|aa)*$").expect("of the subset");
    let start = Instant::now();
    assert!(!matcher.is_match(&format!("{}b", "a".repeat(400))));
    assert!(start.elapsed() < Duration::from_secs(60));
}
