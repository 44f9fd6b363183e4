//! The survey language, topic by topic: small surveys that are compiled, printed and filled (`tests/surveys/README.md`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod literate;

use std::path::Path;

#[test]
fn every_case_comes_out_as_written() {
    let files = literate::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/surveys"));
    let wrong: Vec<String> = files.iter().flat_map(|f| literate::check(f)).collect();
    assert!(
        wrong.is_empty(),
        "{}\nUPDATE=1 writes the blocks anew; read them before you commit",
        wrong.join("\n")
    );
    assert!(!files.is_empty());
}

#[test]
fn a_case_that_is_wrong_is_told() {
    let table = "```yaml\nfields:\n  - a: {label: A, type: count, max: 5}\n```\n";
    let wrong = |text: &str| {
        let (out, wrong) = literate::run(text);
        !wrong.is_empty() || out != text
    };
    assert!(!wrong(table));
    assert!(!wrong(&format!("{table}```json\n{{\"a\": 5}}\n```\n")));
    assert!(wrong(&format!("{table}```json\n{{\"a\": 6}}\n```\n")));
    assert!(wrong(&format!("{table}```json\n{{\"a\": 6}}\n```\n```text\nnothing\n```\n")));
    assert!(wrong(&format!("{table}```text\nline 1: error\n```\n")));
    assert!(wrong("```yaml\nfields:\n  - a: {label: A, type: cuont}\n```\n"));
    assert!(wrong(&format!(
        "{}tests:\n  - {{name: x, given: {{a: 6}}, expect: []}}\n```\n",
        table.trim_end_matches("```\n")
    )));
}
