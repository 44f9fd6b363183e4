use super::*;
use crate::json::{Limits, parse};

fn texts(zh: &str, en: &str) -> Texts {
    vec![("zh".to_owned(), zh.to_owned()), ("en".to_owned(), en.to_owned())]
}

fn sample() -> Finding {
    let mut finding =
        Finding::new("t09.calls_add_up", Severity::Error, Class::Balance, Scope::Row, State::Fail);
    finding.blocks = true;
    finding.response.allowed = vec![Answer::Correct, Answer::Explain];
    finding.response.at = Some("/tables/t09/cities/3/remark".to_owned());
    finding.place = Place {
        table: Some("t09".to_owned()),
        block: Some("cities".to_owned()),
        row: Some("丁市".to_owned()),
        index: Some(3),
        label: texts("丁市", "Ding"),
        cell: Some("表9!H9".to_owned()),
        ..Place::default()
    };
    finding.cells.target = vec!["/tables/t09/cities/3/calls".to_owned()];
    finding.values.left = Some("95".to_owned());
    finding.message = texts("“来电总量”为 100", "calls is \"100\"");
    finding.from = Some("note 5".to_owned());
    finding
}

#[test]
fn one_line_in_the_documented_order() {
    let expected = concat!(
        r#"{"rule": "t09.calls_add_up", "kind": null, "severity": "error", "class": "balance", "scope": "row", "#,
        r#""state": "fail", "blocks": true, "#,
        r#""response": {"allowed": ["correct", "explain"], "at": "/tables/t09/cities/3/remark", "given": null}, "#,
        r#""place": {"table": "t09", "section": null, "block": "cities", "row": "丁市", "index": 3, "group": null, "#,
        r#""column": null, "over": {}, "label": {"zh": "丁市", "en": "Ding"}, "cell": "表9!H9"}, "#,
        r#""cells": {"target": ["/tables/t09/cities/3/calls"], "source": [], "blank": []}, "#,
        r#""values": {"left": "95", "right": null, "diff": null, "tolerance": null}, "#,
        r#""message": {"zh": "“来电总量”为 100", "en": "calls is \"100\""}, "from": "note 5"}"#,
    );
    assert_eq!(sample().to_json(Style::Compact), expected);
}

#[test]
fn the_indented_form_says_the_same() {
    let pretty = sample().to_json(Style::Pretty);
    let read = |text: &str| parse(text.as_bytes(), &Limits::default()).unwrap().root;
    let (pretty_root, compact_root) = (read(&pretty), read(&sample().to_json(Style::Compact)));
    for pointer in ["/rule", "/response/allowed/1", "/place/index", "/place/label/en", "/message/zh", "/from"]
    {
        assert_eq!(pretty_root.pointer(pointer).unwrap().kind, compact_root.pointer(pointer).unwrap().kind);
    }
    assert!(pretty.ends_with("}\n") && pretty.contains("\n  \"rule\": "));
}

#[test]
fn an_answer_is_written_with_its_text() {
    let mut finding = sample();
    finding.response.given = Some(Given { response: Answer::Confirm, text: None });
    assert!(finding.to_json(Style::Compact).contains(r#""given": {"response": "confirm", "text": null}"#));
}

#[test]
fn words_are_read_back() {
    assert!(State::ALL.iter().all(|state| State::parse(state.as_str()) == Some(*state)));
    assert!(Class::ALL.iter().all(|class| Class::parse(class.as_str()) == Some(*class)));
    assert_eq!((State::ALL.len(), Class::ALL.len(), Scope::ALL.len()), (6, 13, 8));
    assert_eq!(Severity::parse("Error"), None);
    assert_eq!(State::NotApplicable.to_string(), "not_applicable");
}

#[test]
fn what_blocks_a_final_return() {
    use Severity::{Error, Information, Warning};
    use State::{Confirmed, Explained, Fail};
    for (severity, explain, office, blocking) in [
        (Error, false, false, &[Fail, Explained, Confirmed][..]),
        (Error, true, false, &[Fail, Confirmed]),
        (Warning, false, false, &[Fail, Explained]),
        (Warning, true, false, &[Fail, Confirmed]),
        (Warning, false, true, &[]),
        (Information, false, false, &[]),
    ] {
        for state in State::ALL {
            let expected = blocking.contains(state);
            assert_eq!(
                blocks(severity, *state, explain, office, true),
                expected,
                "{severity} {explain} {state}"
            );
            assert!(!blocks(severity, *state, explain, office, false));
        }
    }
}

#[test]
fn what_the_filler_may_do() {
    use Answer::{Confirm, Correct, Explain};
    use Severity::{Error, Information, Warning};
    assert_eq!(allowed(Error, false, false), Some(vec![Correct]));
    assert_eq!(allowed(Error, true, false), Some(vec![Correct, Explain]));
    assert_eq!(allowed(Error, false, true), None);
    assert_eq!(allowed(Warning, false, false), Some(vec![Correct, Confirm]));
    assert_eq!(allowed(Warning, true, false), Some(vec![Correct, Explain]));
    assert_eq!(allowed(Warning, false, true), Some(vec![]));
    assert_eq!(allowed(Information, false, false), Some(vec![]));
    assert_eq!(allowed(Information, true, false), None);
    assert_eq!(allowed(Information, false, true), None);
}
