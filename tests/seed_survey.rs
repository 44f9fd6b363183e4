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
