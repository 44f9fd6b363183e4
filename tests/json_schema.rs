//! The emitted schemas: what they refuse and what they must let pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod emit_fixture;

use emit_fixture::*;
use formwright::emit::json_schema::{JsonSchema, files};
use formwright::emit::{Artifact, Emitter, Reason, Status};
use formwright::engine::{Decimal, Severity, Value};
use formwright::ir::rule::Explain;
use formwright::ir::{Check, Fact, Origin, Survey};
use formwright::{SourceFileInput, compile};
use serde_json::{Value as Json, json};

fn artifacts(survey: &Survey) -> Vec<Artifact> {
    let files = JsonSchema.emit(survey).files;
    assert_eq!(files::prove(&files), Vec::<String>::new());
    files
}

fn schema(survey: &Survey, name: &str) -> Json {
    let path = format!("json-schema/{name}");
    let file = artifacts(survey).into_iter().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"));
    serde_json::from_slice(&file.bytes).unwrap()
}

/// Whether the table passes the final and the draft schema, alone and within a return.
fn passes(survey: &Survey, table: &Json) -> (bool, bool) {
    let check = |file: &str, doc: &Json| jsonschema::is_valid(&schema(survey, file), doc);
    let whole = json!({"survey": "s", "version": "1.0.0", "state": "final", "tables": {"t09": table}});
    let both = |mode: &str| {
        let alone = check(&format!("t09{mode}.schema.json"), table);
        assert_eq!(
            alone,
            check(&format!("return{mode}.schema.json"), &whole),
            "alone and in a return: {table}"
        );
        alone
    };
    (both(""), both(".draft"))
}

fn city(fields: Json) -> Json {
    json!({"cities": [fields]})
}

fn carried(survey: &Survey, at: usize) -> (Status, Vec<Reason>) {
    let c = JsonSchema.carries(survey).remove(at);
    (c.status, c.reasons)
}

const BOTH: (bool, bool) = (true, true);
const NEITHER: (bool, bool) = (false, false);
const DRAFT: (bool, bool) = (false, true);

#[test]
fn values_are_of_their_types_and_blanks_pass() {
    let (s, _) = hotline();
    for good in [
        json!({}),
        json!({"cities": null, "area": null, "note": null, "day": null}),
        json!({"area": 0.07, "note": "", "day": "2016-02-29"}),
        city(json!({"staff": 3.0, "opened": false, "kind": "a", "kinds": ["a", "b"]})),
        city(json!({"kinds": ["z"], "kind": null})),
        json!({"day": "", "cities": [{"kind": ""}]}),
        city(json!({})),
    ] {
        assert_eq!(passes(&s, &good), BOTH, "{good}");
    }
    for bad in [
        json!({"area": "3"}),
        json!({"day": "2015-02-29"}),
        json!({"day": "2015-06-30\n"}),
        json!({"day": "2015-6-30"}),
        city(json!({"kind": " "})),
        json!({"unknown": 1}),
        city(json!({"staff": -1})),
        city(json!({"staff": 1.5})),
        city(json!({"kind": "c"})),
        city(json!({"kinds": ["a", "a"]})),
        city(json!({"kinds": ["a", "z"]})),
        city(json!({"opened": "是"})),
    ] {
        assert_eq!(passes(&s, &bad), NEITHER, "{bad}");
    }
}

#[test]
fn a_required_field_needs_its_table_and_a_text_that_is_not_blank() {
    let (mut s, c) = hotline();
    required(&mut s, None, c.note, None);
    required(&mut s, None, c.area, None);
    assert_eq!(passes(&s, &json!({"note": "x", "area": 0})), BOTH);
    for blank in [
        json!({}),
        json!({"note": null, "area": 1}),
        json!({"note": " \u{3000}", "area": 1}),
        json!({"note": "x"}),
    ] {
        assert_eq!(passes(&s, &blank), DRAFT, "{blank}");
    }
    let whole = schema(&s, "return.schema.json");
    assert!(!jsonschema::is_valid(&whole, &json!({"tables": {}})));
    assert!(!jsonschema::is_valid(&whole, &json!({})));
    assert_eq!(carried(&s, 0), (Status::Exact, vec![]));
}

#[test]
fn an_empty_row_is_no_row() {
    let (mut s, c) = hotline();
    required(&mut s, Some(c.cities), c.staff, None);
    assert_eq!(passes(&s, &json!({"cities": [{}, {"city": null, "kinds": []}, {"staff": 1}]})), BOTH);
    assert_eq!(passes(&s, &city(json!({"city": "甲市"}))), DRAFT);
    assert_eq!(passes(&s, &city(json!({"city": "甲市", "staff": null}))), DRAFT);
}

#[test]
fn keys_are_filled_in_rows_that_count() {
    let (mut s, c) = hotline();
    let at = rule(&mut s, "key", None, None, lit(Value::Bool(true)));
    s.rules[at].origin = Origin::Fact(Fact::Key);
    s.rules[at].instances[0].check = Check::Key(c.cities);
    assert_eq!(passes(&s, &city(json!({"staff": 1}))), DRAFT);
    assert_eq!(passes(&s, &city(json!({"city": "甲市"}))), BOTH);
    assert_eq!(carried(&s, at), (Status::Weaker, vec![Reason::NoCrossRow]));
}

#[test]
fn a_limit_of_rows_counts_those_that_are_not_empty() {
    let (mut s, c) = hotline();
    let at = rule(&mut s, "max_rows", None, None, lit(Value::Bool(true)));
    s.rules[at].origin = Origin::Fact(Fact::MaxRows);
    s.rules[at].instances[0].check = Check::Rows { block: c.cities, limit: 1 };
    assert_eq!(passes(&s, &json!({"cities": [{}, {"staff": 1}, {"city": ""}]})), BOTH);
    assert_eq!(passes(&s, &json!({"cities": [{"staff": 2}, {"staff": 1}]})), NEITHER);
}

#[test]
fn what_does_not_apply_stays_blank() {
    let (mut s, c) = hotline();
    let not_opened = call("not", vec![read(&s, c.opened)]);
    let blank = call("blank", vec![read(&s, c.staff), read(&s, c.kinds)]);
    let at = rule(&mut s, "applies", Some(c.cities), Some(not_opened), blank);
    let opened = read(&s, c.opened);
    required(&mut s, Some(c.cities), c.agents, Some(opened));
    assert_eq!(passes(&s, &city(json!({"opened": false, "staff": 1}))), NEITHER);
    assert_eq!(passes(&s, &city(json!({"opened": false, "kinds": ["a"]}))), NEITHER);
    assert_eq!(passes(&s, &city(json!({"opened": false, "staff": null, "kinds": []}))), BOTH);
    assert_eq!(passes(&s, &city(json!({"staff": 1}))), BOTH);
    assert_eq!(passes(&s, &city(json!({"opened": true, "staff": 1}))), DRAFT);
    assert_eq!(passes(&s, &city(json!({"opened": true, "agents": 0}))), BOTH);
    assert_eq!(carried(&s, at), (Status::Exact, vec![]));
}

#[test]
fn limits_and_codes_are_literal_comparisons() {
    let (mut s, c) = hotline();
    let limit = call("<=", vec![read(&s, c.area), lit(Value::Num(Decimal::parse("99.95").unwrap()))]);
    rule(&mut s, "max", None, None, limit);
    let when = call("in", vec![read(&s, c.kind), lit(Value::list([Value::text("a"), Value::text("z")]))]);
    let check = call("!=", vec![read(&s, c.staff), num(0)]);
    rule(&mut s, "nonzero", Some(c.cities), Some(when), check);
    assert_eq!(passes(&s, &json!({"area": 99.95})), BOTH);
    assert_eq!(passes(&s, &json!({"area": 99.96})), NEITHER);
    assert_eq!(passes(&s, &city(json!({"kind": "a", "staff": 0}))), NEITHER);
    for good in [
        json!({"kind": "a"}),
        json!({"kind": "a", "staff": 1}),
        json!({"kind": "b", "staff": 0}),
        json!({"staff": 0}),
    ] {
        assert_eq!(passes(&s, &city(good.clone())), BOTH, "{good}");
    }
}

#[test]
fn all_or_none_and_exactly_one() {
    let (mut s, c) = hotline();
    let pair = || vec![read(&hotline().0, c.staff), read(&hotline().0, c.agents)];
    let whole = call("or", vec![call("filled", pair()), call("blank", pair())]);
    let at = rule(&mut s, "whole", Some(c.cities), None, whole);
    s.rules[at].final_only = true;
    let blanks =
        vec![call("blank", vec![each(c.cities, read(&s, c.city))]), call("blank", vec![read(&s, c.note)])];
    let one = call("=", vec![call("tally", blanks), num(1)]);
    let at = rule(&mut s, "one", None, None, one);
    s.rules[at].final_only = true;
    assert_eq!(passes(&s, &city(json!({"city": "甲市", "staff": 1, "agents": 2}))), BOTH);
    assert_eq!(passes(&s, &city(json!({"city": "甲市", "staff": 1}))), DRAFT);
    assert_eq!(passes(&s, &json!({"note": "x", "cities": [{}]})), BOTH);
    assert_eq!(passes(&s, &json!({"note": "x", "cities": [{"city": "甲市"}]})), DRAFT);
    assert_eq!(passes(&s, &json!({})), DRAFT);
    assert_eq!(carried(&s, 1), (Status::Exact, vec![]));
}

#[test]
fn patterns_are_searched_as_written() {
    let (mut s, c) = hotline();
    let check = call("matches", vec![read(&s, c.note), lit(Value::text("^\\d{2}-[a-z]+$"))]);
    let at = rule(&mut s, "shape", None, None, check);
    assert_eq!(passes(&s, &json!({"note": "12-ab"})), BOTH);
    assert_eq!(passes(&s, &json!({"note": ""})), BOTH);
    assert_eq!(passes(&s, &json!({"note": "１２-ab"})), NEITHER);
    assert_eq!(passes(&s, &json!({"note": "12-ab\n"})), NEITHER);
    assert_eq!(carried(&s, at), (Status::Exact, vec![]));
}

#[test]
fn only_errors_that_block_refuse() {
    let broken = |s: &Survey, c: &Cells| call("=", vec![read(s, c.area), num(1)]);
    for change in 0..4 {
        let (mut s, c) = hotline();
        let check = broken(&s, &c);
        let at = rule(&mut s, "one", None, None, check);
        let r = &mut s.rules[at];
        match change {
            0 => r.severity = Severity::Warning,
            1 => r.explain = Explain::Field,
            2 => r.office = true,
            _ => r.withdrawn = true,
        }
        assert_eq!(passes(&s, &json!({"area": 2})), BOTH);
        assert_eq!(carried(&s, at), (Status::Absent, vec![Reason::NotBlocking]));
    }
    let (mut s, c) = hotline();
    let check = broken(&s, &c);
    rule(&mut s, "one", None, None, check);
    assert_eq!(passes(&s, &json!({"area": 2})), NEITHER);
}

#[test]
fn what_keywords_cannot_say_is_named() {
    let (mut s, c) = hotline();
    let sum = call("=", vec![call("+", vec![read(&s, c.staff), read(&s, c.agents)]), num(3)]);
    let at = rule(&mut s, "sum", Some(c.cities), None, sum);
    let two = call("<=", vec![read(&s, c.agents), read(&s, c.staff)]);
    let pair = rule(&mut s, "pair", Some(c.cities), None, two);
    let outside = call("=", vec![read(&s, c.note), lit(Value::text("x"))]);
    let across = rule(&mut s, "across", Some(c.cities), None, outside);
    assert_eq!(carried(&s, at), (Status::Absent, vec![Reason::NoArithmetic]));
    assert_eq!(carried(&s, pair), (Status::Absent, vec![Reason::NoArithmetic]));
    assert_eq!(carried(&s, across), (Status::Absent, vec![Reason::NoCrossRow]));
    assert_eq!(passes(&s, &city(json!({"staff": 1, "agents": 9}))), BOTH);
    let denied = formwright::emit::portability::denied(
        &s,
        &formwright::emit::portability::portability(&s, formwright::emit::EMITTERS),
        "absent:json-schema",
    );
    assert_eq!(denied.unwrap().len(), 3);
}

#[test]
fn the_files_beside_it_are_whole_and_stable() {
    let (mut s, c) = hotline();
    required(&mut s, Some(c.cities), c.staff, None);
    let files = artifacts(&s);
    let names: Vec<&str> = files.iter().map(|f| f.path.trim_start_matches("json-schema/")).collect();
    let expected = [
        "layout.schema.json",
        "meta.schema.json",
        "return.annotated.schema.json",
        "return.draft.schema.json",
        "return.meta.json",
        "return.schema.json",
        "rules.json",
        "rules.schema.json",
        "t09.draft.schema.json",
        "t09.schema.json",
        "ui.schema.json",
    ];
    assert_eq!(names, expected);
    assert_eq!(files, JsonSchema.emit(&s).files);
    assert!(jsonschema::is_valid(&schema(&s, "meta.schema.json"), &schema(&s, "return.meta.json")));
    let annotated = schema(&s, "return.annotated.schema.json");
    assert_eq!(annotated["$defs"]["row_t09.cities"]["properties"]["staff"]["x-digits"], json!(12));
    assert_eq!(annotated["$defs"]["day"]["anyOf"][0]["format"], json!("date"));
    assert_eq!(schema(&s, "rules.json")["rules"][0]["id"], json!("t09.required_2"));
    assert_eq!(schema(&s, "return.meta.json")["cells"]["/tables/t09/cities/*/staff"]["type"], json!("count"));
}

/// A table may be called like one of the files beside.
#[test]
fn a_table_takes_no_name_of_another_file() {
    for id in ["rules", "Return", "meta", "ui"] {
        let (mut s, _) = hotline();
        s.tables[0].id = id.to_owned();
        let paths = s.cells.iter_mut().map(|c| &mut c.path).chain(s.blocks.iter_mut().map(|b| &mut b.path));
        for path in paths {
            if let Some(formwright::ir::Step::Key(key)) = path.get_mut(1) {
                id.clone_into(key);
            }
        }
        let mut paths: Vec<String> = artifacts(&s).into_iter().map(|f| f.path.to_lowercase()).collect();
        let all = paths.len();
        paths.dedup();
        assert_eq!(paths.len(), all, "{id}");
        let own = format!("json-schema/table.{}.schema.json", id.to_lowercase());
        assert!(paths.contains(&own), "{id}: {paths:?}");
    }
}

#[test]
fn the_portability_table_counts_and_names() {
    let (mut s, c) = hotline();
    required(&mut s, Some(c.cities), c.staff, None);
    let two = call("<=", vec![read(&s, c.agents), read(&s, c.staff)]);
    rule(&mut s, "pair", Some(c.cities), None, two);
    let p = formwright::emit::portability::portability(&s, formwright::emit::EMITTERS);
    let words = &formwright::emit::portability::ENGLISH;
    let text = formwright::emit::portability::table(&s, &p, words);
    assert!(text.contains("t09.pair  absent (no-arithmetic)"), "{text}");
    let text = formwright::emit::portability::summary(&s, &p, words);
    assert!(text.contains("t09    0 / 0 / 1          1 / 0 / 0\n"), "{text}");
    assert!(text.contains("no-arithmetic  1  it cannot calculate\n"), "{text}");
    let files = formwright::emit::portability::artifacts(&s, &p);
    let json = |at: usize| serde_json::from_slice::<Json>(&files[at].bytes).unwrap();
    assert!(jsonschema::is_valid(&json(1), &json(0)));
    let denied = |what| formwright::emit::portability::denied(&s, &p, what);
    assert_eq!(denied("weaker").unwrap()[0].rule, "t09.pair");
    assert!(denied("weaker:xyz").is_err() && denied("exact").is_err());
}

#[test]
fn every_shape_is_a_function_of_the_table() {
    for name in formwright::emit::json_schema::recognise::shapes::names() {
        assert!(formwright::emit::json_schema::recognise::functions::find(name).is_some(), "{name}");
    }
}

#[test]
fn help_and_note_reach_every_file_that_carries_texts() {
    let file = |name: &str, text: &str| SourceFileInput {
        name: name.to_owned(),
        shown: name.into(),
        bytes: text.as_bytes().to_vec(),
    };
    let table = "table: t\ntitle: T\ncolumns:\n  - name: {label: Name, show: label}\n  - size: {label: Size, type: count, \
                 help: group help, note: group note, columns: [{staff: {label: Staff, help: cell help, note: cell note}}]}\n\
                 rows:\n  - a: {label: A, help: row help, note: row note}\n  - b: {repeat: true, help: block help}\n";
    let survey = "survey: s\nversion: '1'\ntitle: S\nlanguages: [en]\ntables: [t]\n";
    let compiled = compile(vec![file("survey.yaml", survey), file("t.yaml", table)]);
    let s = compiled.survey.expect("it compiles");
    let meta = schema(&s, "return.meta.json");
    assert!(jsonschema::is_valid(&schema(&s, "meta.schema.json"), &meta));
    let both =
        |what: &str| json!({"help": {"en": format!("{what} help")}, "note": {"en": format!("{what} note")}});
    let cell = &meta["cells"]["/tables/t/a/staff"];
    assert_eq!(json!({"help": cell["help"], "note": cell["note"]}), both("cell"));
    assert_eq!(meta["said"]["/tables/t/a"], both("row"));
    assert_eq!(meta["said"]["/tables/t/size"], both("group"));
    assert_eq!(meta["said"]["/tables/t/b"], json!({"help": {"en": "block help"}}));
    let plain = schema(&s, "t.schema.json").to_string();
    assert!(plain.contains("cell help\\ncell note"), "{plain}");
    for text in ["row help", "row note", "cell help", "cell note", "block help"] {
        let cell = text.starts_with("cell");
        let annotated = schema(&s, "return.annotated.schema.json").to_string();
        assert!(!cell || annotated.contains(text), "annotated: {text}");
        assert!(schema(&s, "ui.schema.json").to_string().contains(text), "ui: {text}");
    }
}
