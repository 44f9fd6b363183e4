//! Reading and writing returns: what is written is read as it was, and no bytes upset the reader.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use formwright::data::{Layout, Parsed, Record, Records, Submission, read_return, write_return};
use formwright::engine::{Date, Decimal, Value};
use formwright::ir::{BlockId, Cell, CellId, Root, Source, Survey, Type};
use formwright::validate::{Beside, Options, validate};
use formwright::{SourceFileInput, compile};
use proptest::prelude::*;
use std::path::Path;

/// One field of every type, once in a section and once in rows within rows.
fn every_type() -> Survey {
    const FIELDS: &str = "
  - text: {label: a, type: text}
  - long: {label: b, type: long_text}
  - count: {label: c, type: count}
  - decimal: {label: d, type: decimal, scale: 3, min: -1000}
  - percent: {label: e, type: percent, scale: 2}
  - money: {label: f, type: money, scale: 2}
  - yes: {label: g, type: yes_no}
  - tick: {label: h, type: tick}
  - one: {label: i, type: code, list: kinds}
  - some: {label: j, type: codes, list: kinds}
  - day: {label: k, type: date}
  - month: {label: l, type: month}
  - year: {label: m, type: year}
  - url: {label: n, type: url}
  - phone: {label: o, type: phone}
  - email: {label: p, type: email}
";
    let file = |name: &str, text: String| SourceFileInput {
        name: name.into(),
        shown: name.into(),
        bytes: text.into_bytes(),
    };
    let lists = "lists:\n  - kinds: {label: q, codes: [{a: A}, {b: B}, {c: {label: C, specify: true}}]}\n";
    let survey = "survey: types\nversion: '1'\ntitle: t\nlanguages: [en]\nimports: [lists.yaml]\ntables: [fields, rows]\n";
    let fields = format!("table: fields\ntitle: t\nfields:{FIELDS}");
    let rows = format!(
        "table: rows\ntitle: t\nrows:\n  - groups:\n      repeat: true\n      fields: [{{name: {{label: r, type: text}}}}]\n      rows: [{{inner: {{repeat: true}}}}]\ncolumns:{FIELDS}"
    );
    let compiled = compile(vec![
        file("survey.yaml", survey.into()),
        file("lists.yaml", lists.into()),
        file("fields.yaml", fields),
        file("rows.yaml", rows),
    ]);
    compiled.survey.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

/// Reproducible random choices from one seed that proptest shrinks.
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % bound
    }

    fn text(&mut self, lines: bool) -> String {
        const SIGNS: [&str; 14] =
            ["a", "Z", "甲", "é", "😀", "\"", "\\", "/", "<", "&", "{", "\u{200b}", "1", "="];
        let middle: String = (0..self.below(6)).map(|_| SIGNS[self.below(14) as usize]).collect();
        let gap = if lines && self.below(2) == 0 { "\n" } else { " " };
        format!("x{middle}{gap}y")
    }

    fn value(&mut self, survey: &Survey, cell: &Cell) -> Value {
        if self.below(4) == 0 {
            return Value::Null;
        }
        match cell.ty {
            Type::Count | Type::Decimal | Type::Percent | Type::Money => {
                let sign = if cell.ty == Type::Decimal && self.below(2) == 0 { "-" } else { "" };
                let digits = self.below(8) as u32;
                let whole = self.below(10u64.pow(digits));
                let number = Decimal::parse(&format!("{sign}{whole}.{:03}", self.below(1000))).unwrap();
                let number = number.round(cell.scale, formwright::engine::Rounding::HalfUp);
                Value::Num(number.with_scale(cell.scale).unwrap())
            }
            Type::YesNo | Type::Tick => Value::Bool(self.below(2) == 0),
            Type::Code(list) => {
                let codes = &survey.list(list).unwrap().codes;
                Value::text(&codes[self.below(codes.len() as u64) as usize].code)
            }
            Type::Codes(list) => {
                let chosen: Vec<Value> =
                    survey.list(list).unwrap().codes.iter().map(|c| Value::text(&c.code)).collect();
                let kept: Vec<Value> = chosen.into_iter().filter(|_| self.below(2) == 0).collect();
                if kept.is_empty() { Value::Null } else { Value::list(kept) }
            }
            Type::Date => self.date("2015-06-30"),
            Type::Month => self.date("2016-02"),
            Type::Year => self.date("1999"),
            Type::Url => Value::text("https://example.org/a?b=c"),
            Type::Phone => Value::text("+86 (010) 12333-1"),
            Type::Email => Value::text("a.b@example.org"),
            Type::LongText => Value::text(&self.text(true)),
            Type::Text | Type::Target => Value::text(&self.text(false)),
        }
    }

    fn date(&mut self, text: &str) -> Value {
        Value::Date(Date::parse(text).unwrap())
    }

    fn fill(&mut self, survey: &Survey, record: &mut Record, cells: &[CellId], blocks: &[BlockId]) {
        for cell in cells.iter().map(|id| survey.cell(*id).unwrap()) {
            if !matches!(cell.source, Source::Constant(_)) {
                let value = self.value(survey, cell);
                record.set(cell.home.slot, value);
            }
        }
        for block in blocks {
            let b = survey.block(*block).unwrap();
            for _ in 0..self.below(4) {
                let mut row = Record::of_block(survey, *block);
                self.fill(survey, &mut row, &b.cells, &b.blocks);
                if row.empty {
                    row = Record { empty: true, ..Record::default() };
                }
                record.blocks[b.index as usize].push(row);
            }
        }
        record.settle();
    }

    fn submission(&mut self, survey: &Survey) -> Submission {
        let mut records = Records::blank(survey, Root::Return);
        let at_root = |(ix, cell): (usize, &Cell)| {
            (cell.home.root == Root::Return && cell.home.block.is_none()).then_some(CellId(ix as u32))
        };
        let cells: Vec<CellId> = survey.cells.iter().enumerate().filter_map(at_root).collect();
        self.fill(survey, &mut records.top, &cells, &survey.root_blocks[Root::Return as usize]);
        Submission {
            survey: survey.id.clone(),
            version: survey.version.clone(),
            is_final: [None, Some(true), Some(false)][self.below(3) as usize],
            respondent: None,
            records,
            problems: Vec::new(),
            beyond: Vec::new(),
            responses: Vec::new(),
        }
    }
}

/// Same content, same bytes; same bytes, same content.
fn round_trip(survey: &Survey, layout: &Layout, seed: u64) {
    let given = Random(seed).submission(survey);
    let text = write_return(survey, layout, &given);
    let read = read_return(survey, layout, text.as_bytes()).unwrap_or_else(|e| panic!("{e}: {text}"));
    assert_eq!(read.problems, [], "{text}");
    assert_eq!(read.records, given.records, "{text}");
    assert_eq!(write_return(survey, layout, &read), text);
}

fn planning() -> Survey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    compile(formwright::cli::files::sources(&folder).unwrap()).survey.unwrap()
}

#[test]
fn every_field_type_is_written_and_read_as_it_was() {
    let survey = every_type();
    let types: std::collections::HashSet<&str> = survey.cells.iter().map(|c| c.ty.name()).collect();
    assert_eq!(types.len(), 16, "{types:?}");
    let layout = Layout::new(&survey);
    proptest!(ProptestConfig::with_cases(300), |(seed: u64)| round_trip(&survey, &layout, seed));
}

#[test]
fn the_fourteen_tables_are_written_and_read_as_they_were() {
    let survey = planning();
    let layout = Layout::new(&survey);
    proptest!(ProptestConfig::with_cases(30), |(seed: u64)| round_trip(&survey, &layout, seed));
}

/// What a reader may be handed: whatever it makes of it, it says so and goes on.
fn survives(survey: &Survey, layout: &Layout, bytes: &[u8]) {
    let Ok(parsed) = Parsed::new(bytes) else { return };
    let Ok(read) = parsed.read(survey, layout) else { return };
    let report = validate(survey, layout, &read, &Beside::default(), &Options::default());
    assert!(report.findings.len() <= report.total);
    let written = write_return(survey, layout, &read);
    let again = read_return(survey, layout, written.as_bytes()).unwrap_or_else(|e| panic!("{e}: {written}"));
    assert_eq!(again.records, read.records);
}

#[test]
fn random_bytes_and_mutated_returns_upset_nothing() {
    let survey = planning();
    let layout = Layout::new(&survey);
    let real =
        std::fs::read(Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/validate_seed/final.json")).unwrap();
    let config = ProptestConfig::with_cases(60);
    proptest!(config.clone(), |(bytes: Vec<u8>)| survives(&survey, &layout, &bytes));
    let edits = proptest::collection::vec((any::<prop::sample::Index>(), 0usize..8, any::<u8>()), 1..6);
    proptest!(config, |(edits in edits)| {
        let mut bytes = real.clone();
        for (at, kind, byte) in edits {
            let at = at.index(bytes.len().max(1));
            match kind {
                0 => bytes.truncate(at),
                1 => bytes.insert(at, byte),
                2 => bytes.splice(at..(at + 9).min(bytes.len()), *b"null").for_each(drop),
                3 => bytes.splice(at..at, *b"1234567890").for_each(drop),
                4 => bytes.splice(at..at, *b"{\"a\": [") .for_each(drop),
                5 => bytes.splice(at..at, *b"e9").for_each(drop),
                6 => bytes.splice(at..at, *b", {}").for_each(drop),
                _ => bytes.splice(at..(at + 1).min(bytes.len()), [byte % 128]).for_each(drop),
            }
            if bytes.is_empty() {
                break;
            }
        }
        survives(&survey, &layout, &bytes);
    });
}

/// As deep as the limit lets it, on a stack of 512 KB.
#[test]
fn the_reader_needs_little_stack() {
    let survey = every_type();
    let work = move || {
        let layout = Layout::new(&survey);
        for depth in [63, 64, 65, 100_000] {
            let deep = format!("{}1{}", "{\"a\": [".repeat(depth / 2), "]}".repeat(depth / 2));
            let text = format!(r#"{{"survey": "types", "version": "1", "tables": {deep}}}"#);
            let parsed = Parsed::new(text.as_bytes());
            assert_eq!(parsed.is_ok(), depth < 64, "{depth}");
            if let Ok(parsed) = parsed {
                assert!(!parsed.read(&survey, &layout).unwrap().problems.is_empty());
            }
        }
    };
    std::thread::Builder::new().stack_size(512 << 10).spawn(work).unwrap().join().unwrap();
}

/// More findings than are kept are still counted, and the return stays refused.
#[test]
fn findings_beyond_the_limit_are_counted() {
    let survey = every_type();
    let layout = Layout::new(&survey);
    let members: Vec<String> = (0..30_000).map(|n| format!("\"no{n}\": 1")).collect();
    let text = format!(
        r#"{{"survey": "types", "version": "1", "tables": {{"fields": {{{}}}}}}}"#,
        members.join(",")
    );
    let read = read_return(&survey, &layout, text.as_bytes()).unwrap();
    let report = validate(&survey, &layout, &read, &Beside::default(), &Options::default());
    assert_eq!((report.findings.len(), report.total, report.blocks), (10_000, 30_000, true));
}

/// A survey with a block of rows, whose columns, rules and totals may all be wrong in every row.
fn rows_survey() -> Survey {
    let survey =
        "survey: rows\nversion: '1'\ntitle: R\nlanguages: [en]\nimports: [lists.yaml]\ntables: [t]\n";
    let lists = "lists:\n  - kinds: {label: K, codes: [{x: X}, {y: Y}]}\n";
    let table = "
table: t
title: T
rows:
  - cities: {label: Cities, repeat: true, key: city, max_rows: 1000}
columns:
  - city: {label: City, type: text}
  - kind: {label: Kind, type: codes, list: kinds}
  - staff: {label: Staff, type: count, required: true}
  - agents: {label: Agents, type: count, required: true, max: 5}
  - calls: {label: Calls, type: count, parts: sum, columns: [{manual: By hand}, {automatic: By machine}]}
rules:
  - within: {check: agents <= staff}
  - both: {check: agents <= staff and staff <= calls, severity: warning}
";
    let compiled = formwright::compile(
        [("survey.yaml", survey), ("lists.yaml", lists), ("t.yaml", table)]
            .map(|(name, text)| formwright::SourceFileInput {
                name: name.into(),
                shown: name.into(),
                bytes: text.into(),
            })
            .to_vec(),
    );
    let said = formwright::diag::render::text(
        &compiled.sources,
        &compiled.diagnostics,
        formwright::diag::Lang::En,
        false,
    );
    compiled.survey.expect(&said)
}

fn rows_return(n: usize, row: impl Fn(usize) -> String) -> String {
    let rows: Vec<String> = (0..n).map(row).collect();
    format!(r#"{{"survey": "rows", "version": "1", "tables": {{"t": {{"cities": [{}]}}}}}}"#, rows.join(","))
}

/// What is found does not depend on how much of it is kept at a time.
#[test]
fn findings_are_the_same_however_few_are_kept() {
    let survey = rows_survey();
    let layout = Layout::new(&survey);
    let mut random = Random(11);
    let numbers = ["null", "1", "7", "\"x\"", "-1", "2.5", "900"];
    let kinds = ["null", "[\"x\"]", "[\"z\", \"q\"]", "[\"x\", \"x\"]", "3"];
    for rows in [1, 5, 40] {
        let mut rows: Vec<String> = (0..rows)
            .map(|_| {
                let mut number = || numbers[random.below(numbers.len() as u64) as usize];
                let (staff, agents, calls, by_hand) = (number(), number(), number(), number());
                let kind = kinds[random.below(kinds.len() as u64) as usize];
                let city = ["null", "\"A\"", "\"B\"", "4"][random.below(4) as usize];
                format!(r#"{{"city": {city}, "kind": {kind}, "staff": {staff}, "agents": {agents}, "calls": {calls}, "manual": {by_hand}, "more": 1}}"#)
            })
            .collect();
        rows.push("7".into());
        let text = format!(
            r#"{{"survey": "rows", "version": "1", "tables": {{"t": {{"cities": [{}], "extra": 1}}}}, "responses": [
                {{"rule": "t.both", "place": {{"table": "t", "index": 1}}, "response": "confirm", "values": {{"left": "7", "right": "1"}}}},
                {{"rule": "t.both", "place": {{"table": "t", "index": 99}}, "response": "confirm"}}]}}"#,
            rows.join(",")
        );
        let read = read_return(&survey, &layout, text.as_bytes()).unwrap();
        for is_final in [true, false] {
            let report = |most: usize| {
                let options = Options { is_final: Some(is_final), most, ..Options::default() };
                validate(&survey, &layout, &read, &Beside::default(), &options)
            };
            let whole = report(usize::MAX);
            assert_eq!(whole.findings.len(), whole.total);
            assert!(whole.total > 5 * rows.len() / 2, "{}", whole.total);
            for most in [0, 1, 3, whole.total / 2, whole.total] {
                let mut cut = report(most);
                assert_eq!(cut.findings, whole.findings[..most.min(whole.total)], "{most}");
                cut.findings.clone_from(&whole.findings);
                assert_eq!(cut, whole, "{most}");
            }
        }
    }
}

/// Of 30 000 rows, each with an unreadable cell, a missing one and two rules broken, all is counted and the first
/// 10 000 are listed, in the order of the rules.
#[test]
fn thirty_thousand_faulty_rows_are_counted_exactly() {
    let survey = rows_survey();
    let layout = Layout::new(&survey);
    let text = rows_return(30_000, |n| {
        format!(
            r#"{{"city": "c{n}", "kind": ["z"], "staff": "many", "agents": 7, "calls": 1, "manual": null}}"#
        )
    });
    let read = read_return(&survey, &layout, text.as_bytes()).unwrap();
    assert_eq!(read.problems.len(), 10_000);
    let report = validate(&survey, &layout, &read, &Beside::default(), &Options::default());
    let few = rows_return(300, |n| {
        format!(
            r#"{{"city": "c{n}", "kind": ["z"], "staff": "many", "agents": 7, "calls": 1, "manual": null}}"#
        )
    });
    let few = read_return(&survey, &layout, few.as_bytes()).unwrap();
    let few = validate(&survey, &layout, &few, &Beside::default(), &Options::default());
    // One finding more: 30 000 rows are more than 1 000.
    assert_eq!((report.total - 1, report.findings.len()), (few.total * 100, 10_000));
    assert!(few.total >= 900, "{}", few.total);
    let order = |id: &str| survey.rules.iter().position(|rule| rule.id == id);
    let ordered = report.findings.iter().map(|f| order(&f.rule)).collect::<Vec<_>>();
    assert!(ordered.is_sorted(), "in the order of the rules");
    let first = &few.findings[0];
    assert!(report.findings.iter().filter(|f| f.rule == first.rule).count() >= 9_000);
}

#[test]
fn a_long_value_is_shown_by_its_beginning() {
    let survey = every_type();
    let layout = Layout::new(&survey);
    let long = "甲".repeat(1 << 20);
    let text = format!(
        r#"{{"survey": "types", "version": "1", "tables": {{"fields": {{"one": "{long}", "day": "{long}"}}}}}}"#
    );
    let read = read_return(&survey, &layout, text.as_bytes()).unwrap();
    assert_eq!(read.problems.len(), 2);
    assert!(read.problems.iter().all(|p| p.text.chars().count() <= 201), "kept whole");
}
