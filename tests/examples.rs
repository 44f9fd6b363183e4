//! The examples: returns that are canonical and accepted, and for each planted mistake exactly its findings.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "examples/defects.rs"]
mod defects;

use formwright::data::{
    Earlier, Layout, Submission, migrate, read_context, read_loose, read_return, write_return,
};
use formwright::engine::State;
use formwright::engine::write::Style;
use formwright::ir::Survey;
use formwright::validate::{Beside, Options, Report, validate};
use std::path::{Path, PathBuf};

/// A survey and its layout.
pub struct Loaded {
    pub survey: Survey,
    pub layout: Layout,
}

pub fn at(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

pub fn load(folder: &str) -> Loaded {
    let compiled = formwright::compile(formwright::cli::files::sources(&at(folder)).unwrap());
    assert_eq!(compiled.diagnostics, [], "{folder}");
    let survey = compiled.survey.unwrap();
    let layout = Layout::new(&survey);
    Loaded { survey, layout }
}

/// Reads a return; with `UPDATE=1` the canonical text is written over the file.
fn canonical(loaded: &Loaded, path: &Path) -> Submission {
    let text = std::fs::read_to_string(path).unwrap();
    let read = read_return(&loaded.survey, &loaded.layout, text.as_bytes()).unwrap();
    assert_eq!(read.problems, [], "{}", path.display());
    let written = write_return(&loaded.survey, &loaded.layout, &read);
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(path, &written).unwrap();
    } else {
        assert!(text == written, "{} is not as the writer writes it", path.display());
    }
    read
}

fn check(loaded: &Loaded, submission: &Submission) -> Report {
    validate(&loaded.survey, &loaded.layout, submission, &Beside::default(), &Options::default())
}

fn said(report: &Report) -> Vec<String> {
    report.findings.iter().map(|f| format!("{} {}", f.rule, f.state)).collect()
}

#[test]
fn the_return_is_canonical_and_accepted() {
    let loaded = load("schemas/planning-2015");
    let submission = canonical(&loaded, &at("examples/planning-2015/return.json"));
    let report = check(&loaded, &submission);
    assert!(report.is_final && !report.blocks && report.unused_responses.is_empty());
    let expected = ["t01.expected_target fail", "t09.calls_add_up explained", "t10.places_add_up confirmed"];
    assert_eq!(said(&report), expected);
}

#[test]
fn the_draft_is_canonical_and_blocks_nothing() {
    let loaded = load("schemas/planning-2015");
    let submission = canonical(&loaded, &at("examples/planning-2015/draft.json"));
    let report = check(&loaded, &submission);
    assert!(!report.is_final && !report.blocks);
    assert_eq!(said(&report), Vec::<String>::new());
    let as_final = Options { is_final: Some(true), ..Options::default() };
    let report = validate(&loaded.survey, &loaded.layout, &submission, &Beside::default(), &as_final);
    assert!(report.blocks && report.findings.iter().any(|f| f.state == State::Fail));
}

/// The small surveys: their own tests pass, and their returns are canonical and give these findings.
const SMALL: [(&str, &[&str]); 2] = [
    ("clubs", &[]),
    (
        "libraries",
        &[
            "branches.open_without_visits unknown",
            "branches.visits_steady fail",
            "branches.visits_steady unknown",
        ],
    ),
];

#[test]
fn the_small_surveys_compile_and_their_returns_are_accepted() {
    for (name, expected) in SMALL {
        let folder = at("examples/surveys").join(name);
        let loaded = load(&format!("examples/surveys/{name}"));
        for (test, outcome) in loaded.survey.tests.iter().zip(formwright::validate::run_tests(&loaded.survey))
        {
            assert!(outcome.passed, "{name}: {}: {:?}", test.name, outcome.unexpected);
        }
        let submission = canonical(&loaded, &folder.join("return.json"));
        let context = beside(&folder, "context.json")
            .map(|text| read_context(&loaded.survey, &loaded.layout, &text).unwrap().0);
        let previous = beside(&folder, "previous.json").map(|text| {
            let migrated = migrate(&loaded.survey, &loaded.layout, &text, Style::Compact).unwrap();
            let read = read_loose(&loaded.survey, &loaded.layout, migrated.text.as_bytes()).unwrap();
            Earlier::new(&loaded.survey, read.records)
        });
        let given = Beside { context: context.as_ref(), previous: &[previous.as_ref()] };
        let report = validate(&loaded.survey, &loaded.layout, &submission, &given, &Options::default());
        assert!(!report.blocks, "{name}");
        assert_eq!(said(&report), expected, "{name}");
    }
}

fn beside(folder: &Path, file: &str) -> Option<Vec<u8>> {
    std::fs::read(folder.join(file)).ok()
}
