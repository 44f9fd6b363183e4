//! The catalogue of diagnostics: every example is compiled, every sentence has its arguments, the index is up to date.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod harness;

use formwright::diag::{Code, codes, render};
use formwright::resolve::calc;
use harness::{Case, run};

/// The codes that an example gives, with their places.
fn found(example: &str) -> Vec<(&'static str, String)> {
    if let Some(rest) = example.strip_prefix("eval ") {
        return evaluated(rest);
    }
    let compiled = run(&Case::read(example));
    let place = |d: &formwright::diag::Diagnostic| compiled.sources.position(d.span);
    let said = |d| format!("{:?}: {}", place(d), render::message(d, formwright::diag::Lang::En));
    compiled.diagnostics.iter().map(|d| (d.code.code, said(d))).collect()
}

/// `'expr' --input 'json'`, as `eval` takes it.
fn evaluated(words: &str) -> Vec<(&'static str, String)> {
    let parts: Vec<&str> = words.split('\'').collect();
    let input = serde_json::from_str(parts[3]).unwrap();
    let answer = calc::answer(parts[1], &input, formwright::diag::Lang::En);
    let code = answer.get("error").and_then(|e| e["code"].as_str()).and_then(codes::find);
    code.map(|c| (c.code, answer.to_string())).into_iter().collect()
}

fn failures(test: impl Fn(&Code) -> Option<String>) {
    let failed: Vec<String> =
        codes::all().filter_map(|c| test(c).map(|why| format!("{} {}: {why}", c.code, c.name))).collect();
    assert!(failed.is_empty(), "{} rows of the catalogue:\n{}", failed.len(), failed.join("\n"));
}

#[test]
fn every_wrong_example_has_its_problem_and_no_other() {
    failures(|c| {
        let found = found(c.wrong);
        let only = !found.is_empty() && found.iter().all(|f| f.0 == c.code);
        (!only).then(|| format!("the wrong example gives {found:?}"))
    });
}

#[test]
fn every_right_example_has_no_problem() {
    failures(|c| {
        let found = found(c.right);
        (c.right.is_empty() || !found.is_empty()).then(|| format!("the right example gives {found:?}"))
    });
}

#[test]
fn codes_and_names_are_unique_and_in_order() {
    let all: Vec<&Code> = codes::all().collect();
    for pair in all.windows(2) {
        assert!(pair[0].code[1..] < pair[1].code[1..], "{} stands before {}", pair[0].code, pair[1].code);
    }
    let mut names: Vec<&str> = all.iter().map(|c| c.name).collect();
    names.sort_unstable();
    names.dedup();
    assert_eq!(names.len(), all.len(), "two rows have one name");
}

#[test]
fn sentences_are_whole_in_both_languages() {
    let arguments = |s: &str| {
        let mut names: Vec<String> = s
            .split('{')
            .skip(1)
            .filter_map(|p| p.split_once('}'))
            .map(|p| p.0.trim_end_matches("_zh").to_owned())
            .filter(|n| !n.is_empty() && n.chars().all(|c| c.is_ascii_lowercase() || c == '_'))
            .collect();
        names.sort();
        names.dedup();
        names
    };
    failures(|c| {
        if arguments(c.en) != arguments(c.zh) {
            return Some(format!("arguments differ: {:?}, {:?}", arguments(c.en), arguments(c.zh)));
        }
        let han = |s: &str| s.chars().any(|x| ('\u{4e00}'..='\u{9fff}').contains(&x));
        if !han(c.zh) || !han(c.why_zh) || c.why.is_empty() {
            return Some("a sentence is missing".to_owned());
        }
        if !c.why.ends_with('.') || !c.why_zh.ends_with('。') {
            return Some("an explanation is made of whole sentences".to_owned());
        }
        None
    });
}

#[test]
fn the_index_in_the_documentation_is_up_to_date() {
    let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/diagnostics.md");
    let wanted = render::index();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(found == wanted, "docs/diagnostics.md differs from the catalogue; UPDATE=1 writes it");
}
