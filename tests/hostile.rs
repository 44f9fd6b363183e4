//! Hostile and broken sources: every limit is named with its value and place, and nothing panics, hangs or overflows.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use formwright::diag::{Lang, render};
use formwright::parse::{expr, selector, template};
use formwright::{Compiled, SourceFileInput, compile};
use proptest::prelude::*;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// Much less than any thread of a program has.
const SMALL_STACK: usize = 512 << 10;

fn file(name: &str, bytes: impl Into<Vec<u8>>) -> SourceFileInput {
    SourceFileInput { name: name.to_owned(), shown: PathBuf::from(name), bytes: bytes.into() }
}

fn survey() -> SourceFileInput {
    file("survey.yaml", "survey: a\nversion: 1.0.0\ntitle: A\nlanguages: [en]\ntables: [t01]\n")
}

/// Compiles a table on a small stack.
fn table(bytes: impl Into<Vec<u8>>) -> Compiled {
    let files = vec![survey(), file("t01.yaml", bytes)];
    std::thread::Builder::new().stack_size(SMALL_STACK).spawn(move || compile(files)).unwrap().join().unwrap()
}

/// The first diagnostic, as `line:column CODE sentence`.
fn first(compiled: &Compiled) -> String {
    let d = compiled.diagnostics.first().unwrap();
    let at = compiled.sources.position(d.span);
    format!("{}:{} {} {}", at.line, at.column, d.code.code, render::message(d, Lang::En))
}

fn rule(check: &str) -> String {
    format!(
        "table: t01\ntitle: A\nfields: [{{a: {{label: A, type: count}}}}]\nrules:\n  - r:\n      check: |\n        {check}\n"
    )
}

#[test]
fn nesting_is_counted() {
    for (open, close) in [("[", "]"), ("{a: ", "}"), ("- ", ""), ("? ", "")] {
        let source = format!("table: t01\ntitle:\n  {}x{}\n", open.repeat(30_000), close.repeat(30_000));
        let found = table(source);
        assert!(first(&found).contains("E0101") || first(&found).contains("E0107"), "{}", first(&found));
    }
    let deep: String = (0..5_000).map(|i| format!("{}a:\n", " ".repeat(i))).collect();
    assert!(first(&table(deep)).contains("E0101"));
}

#[test]
fn aliases_multiply_within_a_budget() {
    let mut source = "table: t01\ntitle: A\na0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
    for i in 1..30 {
        let before = format!("*a{}, ", i - 1).repeat(10);
        source.push_str(&format!("a{i}: &a{i} [{}]\n", before.trim_end_matches(", ")));
    }
    let found = table(source);
    let said: Vec<String> = found.diagnostics.iter().map(|d| render::message(d, Lang::En)).collect();
    assert!(said.iter().any(|s| s.starts_with("nodes repeated by aliases: ")), "{said:?}");
}

#[test]
fn an_alias_that_holds_itself_ends() {
    let found = table("table: t01\ntitle: A\nfields: &a [*a, *a]\n");
    assert!(!found.diagnostics.is_empty());
}

#[test]
fn nodes_are_counted() {
    let source = format!("table: t01\ntitle: A\nnotes: [{}]\n", "a,".repeat(500_001));
    assert!(first(&table(source)).contains("E0101 nodes: 500001, at most 500000 are allowed"));
}

#[test]
fn texts_and_files_are_measured() {
    let found = table(format!("table: t01\ntitle: A\nnotes: {}\n", "x".repeat(70_000)));
    assert_eq!(first(&found), "3:8 E0101 bytes of one text: 70000, at most 65536 are allowed");
    let found = table(format!("table: t01\n#{}\n", "x".repeat(17 << 20)));
    assert_eq!(first(&found), "1:1 E0101 bytes of a file: 17825805, at most 16777216 are allowed");
}

#[test]
fn products_of_lists_are_measured() {
    let codes = |n: usize| (0..n).map(|i| format!("{{x{i}: A}}")).collect::<Vec<_>>().join(", ");
    let lists = format!(
        "lists:\n  - many: {{label: M, codes: [{}]}}\n  - more: {{label: N, codes: [{}]}}\n",
        codes(200),
        codes(1_100)
    );
    let compiled = |body: &str| {
        let survey =
            "survey: a\nversion: 1.0.0\ntitle: A\nlanguages: [en]\nimports: [codes.yaml]\ntables: [t01]\n";
        let table = format!("table: t01\ntitle: A\n{body}");
        compile(vec![file("survey.yaml", survey), file("codes.yaml", lists.clone()), file("t01.yaml", table)])
    };
    let wide = compiled("rows: [{a: A}]\ncolumns: [{x: {label: X, type: count, over: [many, more]}}]\n");
    assert!(
        first(&wide).contains("E0101 columns of a table: 220000, at most 16384 are allowed"),
        "{}",
        first(&wide)
    );
}

#[test]
fn a_limit_in_one_place_hides_nothing_elsewhere() {
    let broken = "table: t01\ntitle: [A\n";
    let wrong = "table: t02\ntitle: A\nfields: [{a: {label: A, type: cuont}}]\n";
    let survey = "survey: a\nversion: 1.0.0\ntitle: A\nlanguages: [en]\ntables: [t01, t02]\nkidns: {}\n";
    let found = compile(vec![file("survey.yaml", survey), file("t01.yaml", broken), file("t02.yaml", wrong)]);
    let codes: Vec<&str> = found.diagnostics.iter().map(|d| d.code.code).collect();
    assert_eq!(codes, ["E0102", "E0107", "E0422"]);
}

#[test]
fn other_encodings_are_named() {
    let utf16: Vec<u8> = "table: 表".encode_utf16().flat_map(u16::to_be_bytes).collect();
    let cases: [(&str, Vec<u8>); 5] = [
        ("UTF-16", [vec![0xFE, 0xFF], utf16].concat()),
        ("UTF-16", "table: t01\n".encode_utf16().flat_map(u16::to_le_bytes).collect()),
        // 标题：来电总量 in GBK, 標題：電話總量 in Big5
        ("GBK", b"table: t01\ntitle: \xb1\xea\xcc\xe2\xa3\xba\xc0\xb4\xb5\xe7\xd7\xdc\xc1\xbf\n".to_vec()),
        ("Big5", b"table: t01\ntitle: \xbc\xd0\xc3\xd1\xa1G\xb9q\xb8\xdc\xc1`\xb6q\n".to_vec()),
        ("unknown", b"table: t01\ntitle: \xff\xfd\x80\n".to_vec()),
    ];
    for (name, bytes) in cases {
        let found = table(bytes);
        assert!(first(&found).contains("E0113"), "{}", first(&found));
        assert!(first(&found).contains(name), "{name}: {}", first(&found));
    }
    let found =
        table(b"table: t01\ntitle: \xb1\xea\xcc\xe2\xa3\xba\xc0\xb4\xb5\xe7\xd7\xdc\xc1\xbf\n".to_vec());
    assert!(first(&found).starts_with("2:8 "), "the place of the first foreign byte: {}", first(&found));
}

#[test]
fn expressions_are_bounded() {
    let hostile = [
        "(".repeat(60_000),
        format!("{}a{}", "(".repeat(4_000), ")".repeat(4_000)),
        format!("{}a > 0", "-".repeat(8_000)),
        format!("{}a{} > 0", "not(".repeat(1_600), ")".repeat(1_600)),
        format!("a{} > 0", "[a > 0]".repeat(1_000)),
        format!("a{} > 0", ".a".repeat(4_000)),
        format!("a{} > 0", " + a".repeat(2_000)),
        format!("{}a", "if a > 0 then ".repeat(500)),
        format!("{}a > 0", "some x in a satisfies ".repeat(300)),
        format!("{}a{}", "abs(".repeat(2_000), ")".repeat(2_000)),
        format!("{}a{}", "[".repeat(4_000), "]".repeat(4_000)),
        format!("a{}", " = a".repeat(2_000)),
        format!("a{}", " and a > 0".repeat(700)),
        format!("a in ({}1)", "1,".repeat(4_000)),
        format!("a between {}1", "a between 1 and ".repeat(400)),
        format!("\"{}\" = a", "\\u".repeat(4_000)),
        "`".repeat(8_000),
        "/*".repeat(4_000),
        "“".repeat(2_000),
        "（".repeat(2_700),
    ];
    for check in hostile {
        let start = Instant::now();
        let found = table(rule(&check));
        assert!(
            found.diagnostics.iter().any(|d| d.code.code.starts_with('E')),
            "{}…",
            &check[..30.min(check.len() / 4 * 3)]
        );
        assert!(start.elapsed() < Duration::from_secs(20), "{} takes too long", &check[..12]);
    }
}

#[test]
fn many_problems_are_told_in_reasonable_time() {
    let columns: String = (0..2_000).map(|i| format!("  - a{i}: {{label: A{i}, typ: cuont}}\n")).collect();
    let found = table(format!("table: t01\ntitle: A\nfields:\n{columns}"));
    assert!(found.diagnostics.len() >= 2_000);
    assert!(!render::text(&found.sources, &found.diagnostics, Lang::Zh, false).is_empty());
}

/// The survey of fourteen tables.
fn seed() -> Vec<SourceFileInput> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let name = |p: &PathBuf| p.file_name().unwrap().to_string_lossy().into_owned();
    paths.iter().map(|p| file(&name(p), std::fs::read(p).unwrap())).collect()
}

/// Changes to a file: where (of 10 000 parts), and what.
#[derive(Debug, Clone)]
enum Change {
    Flip(u8),
    Truncate,
    Drop,
    Repeat,
    Insert(&'static str),
}

fn change() -> impl Strategy<Value = (usize, Change)> {
    let nasty = prop::sample::select(vec![
        ": ",
        "- ",
        "{",
        "}",
        "[",
        "]",
        "'",
        "\"",
        "|",
        ">",
        "&a ",
        "*a ",
        "!x ",
        "<<: ",
        "---\n",
        "...\n",
        "\t",
        "# ",
        "%YAML 1.1\n",
        "\u{feff}",
        "\u{202e}",
        "\u{200b}",
        "\u{3000}",
        "\0",
        "\u{85}",
        "\u{2028}",
        "(",
        ")",
        "“",
        "”",
        "`",
        "..",
        "{{",
        "}}",
        "……",
        "99999999999999999999999999999999",
        "\n",
        "\r",
        "  ",
        "各",
        "😀",
    ]);
    let what = prop_oneof![
        any::<u8>().prop_map(Change::Flip),
        Just(Change::Truncate),
        Just(Change::Drop),
        Just(Change::Repeat),
        nasty.prop_map(Change::Insert),
    ];
    (0usize..10_000, what)
}

fn apply(bytes: &mut Vec<u8>, at: usize, change: &Change) {
    let at = at * bytes.len() / 10_000;
    let line = || {
        let start = bytes[..at].iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
        let end = bytes[at..].iter().position(|b| *b == b'\n').map_or(bytes.len(), |i| at + i + 1);
        start..end
    };
    match change {
        Change::Flip(b) => {
            if let Some(old) = bytes.get_mut(at) {
                *old ^= b;
            }
        }
        Change::Truncate => bytes.truncate(at),
        Change::Drop => drop(bytes.drain(line())),
        Change::Repeat => {
            let copy = bytes[line()].to_vec();
            bytes.splice(at..at, copy);
        }
        Change::Insert(text) => drop(bytes.splice(at..at, text.bytes())),
    }
}

/// Every format is rendered, so that no place of a diagnostic breaks it.
fn rendered(compiled: &Compiled) {
    for lang in [Lang::En, Lang::Zh] {
        render::text(&compiled.sources, &compiled.diagnostics, lang, true);
    }
    render::json(&compiled.sources, &compiled.diagnostics);
    render::sarif(&compiled.sources, &compiled.diagnostics, Lang::Zh);
    render::github(&compiled.sources, &compiled.diagnostics, Lang::En);
}

fn cases(n: u32) -> ProptestConfig {
    ProptestConfig { cases: n, failure_persistence: None, max_shrink_iters: 200, ..ProptestConfig::default() }
}

proptest! {
    #![proptest_config(cases(60))]

    #[test]
    fn a_damaged_survey_is_reported(which in 0usize..100, changes in prop::collection::vec(change(), 1..4)) {
        let mut files = seed();
        let which = which % files.len();
        for (at, change) in &changes {
            apply(&mut files[which].bytes, *at, change);
        }
        rendered(&compile(files));
    }
}

proptest! {
    #![proptest_config(cases(400))]

    #[test]
    fn any_bytes_are_a_table(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        rendered(&table(bytes));
    }

    #[test]
    fn any_damaged_table_is_reported(changes in prop::collection::vec(change(), 1..8)) {
        let sample = "table: t01\ntitle: A\nrows:\n  - cities: {repeat: true, key: city}\n  - total: {label: 合计, total: true}\ncolumns:\n  - city: {label: 地市, type: text}\n  - calls: {label: 来电, type: count, min: 0, required: true, parts: sum, columns: [{a: 甲}, {b: 乙}]}\nrules:\n  - r: {check: \"a <= b\", when: filled(a), message: “{a.label}”为 {left}}\ntests:\n  - {name: x, given: {cities: [{a: 1}]}, expect: [{rule: r, row: cities 1}]}\n";
        let mut bytes = sample.as_bytes().to_vec();
        for (at, change) in &changes {
            apply(&mut bytes, *at, change);
        }
        rendered(&table(bytes));
    }

    #[test]
    fn any_expression_is_read(text in "([a-z(){}\\[\\].,<>=≤“”\"`@+*/0-9\u{3000} 各-] ?| and | or |not\\(|if | then | else |some x in | satisfies |sum\\(|rows\\.| between | in ){0,40}") {
        let _ = (expr::parse(&text), selector::parse(&text), template::parse(&text));
        rendered(&table(rule(&text.replace('\n', " "))));
    }
}
