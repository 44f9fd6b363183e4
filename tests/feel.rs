//! The public conformance cases of the rule language, through the function behind `eval --batch`.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use formwright::engine::Value;
use formwright::resolve::calc::batch_line;
use formwright::resolve::typed_json::value_from_json;
use serde_json::{Value as Json, json};
use std::path::PathBuf;

fn cases() -> Option<String> {
    let beside = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../shared/conformance/feel.jsonl");
    let path = std::env::var_os("FORMWRIGHT_CONFORMANCE").map_or(beside, PathBuf::from);
    let path = if path.is_dir() { path.join("feel.jsonl") } else { path };
    std::fs::read_to_string(path).ok()
}

fn tagged(case: &Json, tag: &str) -> bool {
    case["tags"].as_array().is_some_and(|tags| tags.iter().any(|t| t == tag))
}

/// Names with spaces stand in backticks with us.
fn quoted(case: &mut Json) {
    let names: Vec<String> = case["inputs"].as_object().unwrap().keys().cloned().collect();
    let mut text = case["expr"].as_str().unwrap().to_owned();
    for name in names.iter().filter(|n| n.contains(' ')) {
        text = text.replace(name.as_str(), &format!("`{name}`"));
    }
    case["expr"] = json!(text);
}

/// Nothing if the case passes, otherwise what came instead.
fn run(mut case: Json) -> Option<String> {
    if tagged(&case, "name-with-spaces") {
        quoted(&mut case);
    }
    let answer: Json = serde_json::from_str(&batch_line(&case.to_string())).unwrap();
    let lenient = case["kind"] == "error" || tagged(&case, "ill-typed");
    let expected = value_from_json(&case["expected"]).unwrap();
    let passes = match answer.get("value") {
        Some(value) => {
            let value = value_from_json(value).unwrap();
            value == expected || lenient && value == Value::Null
        }
        None => lenient,
    };
    (!passes)
        .then(|| format!("{} : {} : expected {}, got {answer}", case["id"], case["expr"], case["expected"]))
}

#[test]
fn every_case_passes() {
    let Some(text) = cases() else {
        assert!(std::env::var_os("CI").is_none(), "the conformance cases are missing");
        eprintln!("SKIPPED: no feel.jsonl; set FORMWRIGHT_CONFORMANCE to its path");
        return;
    };
    let wrong: Vec<String> =
        text.lines().filter_map(|line| run(serde_json::from_str(line).unwrap())).collect();
    assert!(text.lines().count() > 300, "only {} cases", text.lines().count());
    assert!(wrong.is_empty(), "{} cases fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_wrong_expectation_is_noticed() {
    let case =
        json!({"id": "x", "kind": "value", "expr": "1 + 1", "inputs": {}, "expected": {"number": "3"}});
    assert!(run(case).is_some());
}
