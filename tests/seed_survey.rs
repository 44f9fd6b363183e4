//! The survey of fourteen tables: it compiles without a warning, and its own tests pass.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use formwright::{Compiled, SourceFileInput, compile};
use std::path::Path;

fn survey(name: &str) -> Compiled {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas").join(name);
    compile(formwright::cli::files::sources(&folder).unwrap())
}

/// The same survey with one text replaced in one file.
fn changed(file: &str, from: &str, to: &str) -> Compiled {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    let mut files = formwright::cli::files::sources(&folder).unwrap();
    let file: &mut SourceFileInput = files.iter_mut().find(|f| f.name == file).unwrap();
    let text = String::from_utf8(file.bytes.clone()).unwrap();
    assert!(text.contains(from), "{from}");
    file.bytes = text.replacen(from, to, 1).into_bytes();
    compile(files)
}

#[test]
fn it_compiles_without_a_warning() {
    let compiled = survey("planning-2015");
    assert_eq!(compiled.diagnostics, []);
    let survey = compiled.survey.unwrap();
    assert_eq!(survey.tables.len(), 14);
    assert!(survey.tests.len() >= 44);
}

#[test]
fn the_designers_tests_pass() {
    let survey = survey("planning-2015").survey.unwrap();
    for (test, outcome) in survey.tests.iter().zip(formwright::validate::run_tests(&survey)) {
        assert!(
            outcome.passed,
            "{}: missing {:?}, unexpected {:?}",
            test.name, outcome.missing, outcome.unexpected
        );
    }
}

#[test]
fn a_wrong_expectation_fails() {
    let compiled = changed("t09.yaml", "expect: [{rule: agents_within_staff, row: cities 1}]", "expect: []");
    let survey = compiled.survey.unwrap();
    assert!(formwright::validate::run_tests(&survey).iter().any(|o| !o.passed));
}

/// Each planted mistake: file, text, replacement, expected code, the offending source text, the suggestion.
const PLANTED: &[(&str, &str, &str, &str, &str, &str)] = &[
    ("t09.yaml", "check: agents <= staff", "check: agents <= staf", "E0401", "staf", "staff"),
    ("t09.yaml", "check: manual + automatic", "check: manul + automatic", "E0401", "manul", "manual"),
    ("t09.yaml", "check: agents <= staff", "check: agents == staff", "E0203", "==", ""),
    ("t09.yaml", "check: agents <= staff", "check: agents <= seats", "E0306", "seats", ""),
    ("t09.yaml", "check: agents <= staff", "check: agents <= total.opened", "E0408", "total.opened", ""),
    ("t09.yaml", "type: yes_no", "type: yes_mo", "E0422", "yes_mo", "yes_no"),
    ("t09.yaml", "tests:", "test:", "E0102", "test", "tests"),
    ("t09.yaml", "from: note 5", "from: note 7", "E0421", "note 7", ""),
    ("t09.yaml", "explain: remark", "explain: remarks", "E0401", "remarks", "remark"),
    ("t09.yaml", "“{opened}”一列", "“{openned}”一列", "E0401", "openned", "opened"),
    (
        "t02.yaml",
        "list: site, required: true, width: half",
        "list: sites, required: true, width: half",
        "E0401",
        "sites",
        "site",
    ),
    ("t03.yaml", "when: enough_now = \"b\"", "when: enough_now = \"d\"", "E0411", "\"d\"", ""),
    ("t05.yaml", "convert(total.holders, \"亿人\")", "total.holders", "E0305", "total.holders", ""),
    ("t04.yaml", "same_row(t14.quantity)", "same_row(t14.quantiti)", "E0401", "quantiti", "quantity"),
    ("codes.yaml", "- c: {zh: 未建, en: not built}", "- b: {zh: 未建, en: not built}", "E0426", "b", ""),
    ("survey.yaml", "languages: [zh, en] ", "languages: [zh, fr] ", "E0423", "en", ""),
];

#[test]
fn planted_mistakes_are_found_at_their_characters() {
    for (file, from, to, code, text, near) in PLANTED {
        let compiled = changed(file, from, to);
        let found: Vec<_> =
            compiled.diagnostics.iter().map(|d| (d.code.code, compiled.sources.text(d.span))).collect();
        let hit = compiled
            .diagnostics
            .iter()
            .find(|d| d.code.code == *code && compiled.sources.text(d.span) == *text);
        let hit = hit.unwrap_or_else(|| panic!("{file}: {to}: {found:?}"));
        assert!(
            near.is_empty() || hit.suggestions.first().is_some_and(|s| s == near),
            "{to}: {:?}",
            hit.suggestions
        );
    }
}
