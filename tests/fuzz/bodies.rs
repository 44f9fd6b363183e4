//! What the fuzz targets and their replay do with bytes: nothing may panic, hang, or report a place that is not there.

use formwright::data::{Layout, Parsed};
use formwright::diag::{Lang, render};
use formwright::parse::expr;
use formwright::validate::{Beside, Options, validate};
use formwright::{Compiled, SourceFileInput, compile};
use std::path::PathBuf;
use std::sync::LazyLock;

fn file(name: &str, bytes: &[u8]) -> SourceFileInput {
    SourceFileInput { name: name.to_owned(), shown: PathBuf::from(name), bytes: bytes.to_vec() }
}

/// A survey of one table and a file of lists.
fn compiled(table: &[u8]) -> Compiled {
    let survey =
        b"survey: a\nversion: '1'\ntitle: A\nlanguages: [zh, en]\nimports: [codes.yaml]\ntables: [t01]\n";
    let lists = include_bytes!("codes.yaml");
    compile(vec![file("survey.yaml", survey), file("codes.yaml", lists), file("t01.yaml", table)])
}

/// A table of any bytes: each problem has its place on whole characters and can be said in both languages.
pub fn table(bytes: &[u8]) {
    let compiled = compiled(bytes);
    for d in &compiled.diagnostics {
        let text = compiled.sources.get(d.span.file).map_or("", |f| f.text.as_str());
        let range = d.span.start as usize..d.span.end as usize;
        assert!(text.get(range.clone()).is_some(), "{}: {range:?} of {} bytes", d.code.code, text.len());
    }
    for lang in [Lang::En, Lang::Zh] {
        render::text(&compiled.sources, &compiled.diagnostics, lang, false);
    }
    if let Some(survey) = &compiled.survey {
        formwright::emit::all(survey);
    }
}

/// An expression of any text: each problem has its place on whole characters of it.
pub fn expression(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let parsed = expr::parse(text);
    for problem in &parsed.problems {
        assert!(text.get(problem.range.clone()).is_some(), "{text:?}: {:?}", problem.range);
    }
    let quoted: String = text.chars().filter(|c| !c.is_control()).collect::<String>().replace('\'', "''");
    table(format!("{RULE}'{quoted}'\n").as_bytes());
}

/// A table whose last word is a condition.
const RULE: &str = "table: t01\ntitle: {zh: 甲, en: A}\nrows: [{r: {label: {zh: 行, en: Row}}}, {all: {label: {zh: 合计, en: Total}, total: true}}]\ncolumns:\n  - a: {label: {zh: 甲, en: A}, type: count}\n  - b: {label: {zh: 乙, en: B}, type: decimal, scale: 2}\n  - c: {label: {zh: 丙, en: C}, type: text}\nrules:\n  - r1:\n      check: ";

/// A return of any bytes: findings, or an error with its place; never more than the reader's limits.
pub fn submission(bytes: &[u8]) {
    findings(bytes);
}

/// The number of findings of a return that can be read.
pub fn findings(bytes: &[u8]) -> Option<usize> {
    static SURVEY: LazyLock<formwright::ir::Survey> = LazyLock::new(|| {
        compiled(include_bytes!("t01.yaml")).survey.expect("the survey of the returns has no mistake")
    });
    let layout = Layout::new(&SURVEY);
    let parsed = Parsed::new(bytes).ok()?;
    let records = parsed.read(&SURVEY, &layout).ok()?;
    let outcome = validate(&SURVEY, &layout, &records, &Beside::default(), &Options::default());
    assert!(outcome.findings.len() <= 10_000);
    Some(outcome.findings.len())
}
