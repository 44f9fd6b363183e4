//! The seed survey's own tests and its sample return, through reader and checks.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use formwright::data::{Layout, read_return, write_return};
use formwright::ir::Survey;
use formwright::validate::{Beside, Options, run_tests, validate};
use formwright::{SourceFileInput, compile};
use std::path::Path;

fn seed() -> Survey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    let mut files = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "yaml") {
            let name = path.file_name().unwrap().to_string_lossy().into_owned();
            files.push(SourceFileInput { name, shown: path.clone(), bytes: std::fs::read(&path).unwrap() });
        }
    }
    compile(files).survey.expect("the seed survey compiles")
}

#[test]
fn the_designers_tests_pass() {
    let survey = seed();
    let mut wrong = Vec::new();
    let outcomes = run_tests(&survey);
    assert!(outcomes.len() >= 40, "{}", outcomes.len());
    for (test, outcome) in survey.tests.iter().zip(outcomes) {
        if !outcome.passed {
            let found: Vec<String> = outcome
                .unexpected
                .iter()
                .map(|f| {
                    format!(
                        "{} {} {:?} target {:?} {:?}",
                        f.rule,
                        f.state,
                        f.place,
                        f.cells.target,
                        f.message.first()
                    )
                })
                .collect();
            let error = outcome.error.map(|e| e.to_string());
            wrong.push(format!(
                "{}\n  missing {:?}\n  unexpected {found:#?}\n  {error:?}",
                test.name, outcome.missing
            ));
        }
    }
    assert!(wrong.is_empty(), "{} fail:\n{}", wrong.len(), wrong.join("\n"));
}

#[test]
fn a_test_that_expects_something_else_fails() {
    let mut survey = seed();
    for test in &mut survey.tests {
        match test.expect.first_mut() {
            Some(expect) => expect.rule = "gone".into(),
            None => test.expect.push(formwright::ir::Expect { rule: "gone".into(), ..Default::default() }),
        }
    }
    assert_eq!(run_tests(&survey).iter().filter(|o| o.passed).count(), 0);
}

#[test]
fn the_sample_return_reads_writes_and_checks() {
    let survey = seed();
    let layout = Layout::new(&survey);
    let text = include_str!("validate_seed/final.json");
    let read = read_return(&survey, &layout, text.as_bytes()).unwrap();
    assert_eq!(read.problems, []);
    let written = write_return(&survey, &layout, &read);
    let again = read_return(&survey, &layout, written.as_bytes()).unwrap();
    assert_eq!(again.records, read.records);
    assert_eq!(write_return(&survey, &layout, &again), written);
    let report = validate(&survey, &layout, &read, &Beside::default(), &Options::default());
    let found: Vec<String> = report.findings.iter().map(|f| format!("{} {}", f.rule, f.state)).collect();
    let expected = ["t01.expected_target fail", "t09.calls_add_up explained", "t10.places_add_up confirmed"];
    assert_eq!(found, expected);
    let diffs: Vec<_> = report.findings.iter().map(|f| f.values.diff.as_deref()).collect();
    assert_eq!(diffs, [Some("-1.50"), Some("-5"), Some("-1")]);
    assert!(!report.blocks && report.unused_responses.is_empty());
    let (zh, text) = &report.findings[0].message[0];
    assert_eq!(
        (zh.as_str(), text.as_str()),
        ("zh", "预期性指标“异地就医系统”预计 78.50，未达到规划目标 80，差 1.50")
    );
}

/// The byte ranges of all values in a document.
fn spans(json: &formwright::engine::json::Json, out: &mut Vec<(usize, usize)>) {
    out.push(json.span);
    json.items().into_iter().flatten().for_each(|item| spans(item, out));
    json.members().into_iter().flatten().for_each(|member| spans(&member.value, out));
}

/// Whatever stands where a value should: no panic, and what was read is written and read again as it was.
#[test]
fn any_value_anywhere_is_read_checked_and_written() {
    const OTHERS: [&str; 12] = [
        "null",
        "\"\"",
        "\" x\"",
        "1e5",
        "-1",
        "[]",
        "{}",
        "true",
        "99999999999999999999",
        "[[1]]",
        "{\"a\": 1}",
        "[{}, null, 3]",
    ];
    let survey = seed();
    let layout = Layout::new(&survey);
    let text = include_str!("validate_seed/final.json");
    let document = formwright::engine::json::parse(text.as_bytes(), &Default::default()).unwrap();
    let mut all = Vec::new();
    spans(&document.root, &mut all);
    let mut read_count = 0;
    for (n, (start, end)) in all.into_iter().enumerate().filter(|(n, _)| n % 3 == 0) {
        let changed = format!("{}{}{}", &text[..start], OTHERS[n / 3 % OTHERS.len()], &text[end..]);
        let Ok(read) = read_return(&survey, &layout, changed.as_bytes()) else { continue };
        read_count += 1;
        let written = write_return(&survey, &layout, &read);
        let again = read_return(&survey, &layout, written.as_bytes()).unwrap();
        assert_eq!(again.records, read.records, "{}", &changed[start.saturating_sub(60)..]);
        assert_eq!(write_return(&survey, &layout, &again), written);
        let report = validate(&survey, &layout, &read, &Beside::default(), &Options::default());
        for finding in &report.findings {
            assert!(finding.message.iter().all(|(_, text)| !text.is_empty()), "{finding:?}");
            assert!(!finding.rule.is_empty());
        }
    }
    assert!(read_count > 100, "{read_count}");
}
