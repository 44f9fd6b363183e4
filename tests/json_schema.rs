//! The emitted schemas: what they refuse and what they must let pass.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod made;

use formwright::emit::json_schema::{JsonSchema, files};
use formwright::emit::{Artifact, Emitter, Reason, Status};
use formwright::ir::Survey;
use formwright::{SourceFileInput, compile};
use made::{HOTLINE, compiled, hotline, rule, with_rows};
use serde_json::{Value as Json, json};
use std::cell::RefCell;
use std::collections::HashMap;
use std::rc::Rc;

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
    let validators = ["", ".draft"]
        .map(|mode| ["t09", "return"].map(|name| validator(survey, &format!("{name}{mode}.schema.json"))));
    let whole = json!({"survey": "s", "version": "1.0.0", "state": "final", "tables": {"t09": table}});
    let [last, draft] = validators.map(|[alone, within]| {
        let passes = alone.is_valid(table);
        assert_eq!(passes, within.is_valid(&whole), "alone and in a return: {table}");
        passes
    });
    (last, draft)
}

/// A schema made ready, once for each survey.
fn validator(survey: &Survey, name: &str) -> Rc<jsonschema::Validator> {
    thread_local! {
        static READY: RefCell<HashMap<(String, String), Rc<jsonschema::Validator>>> = RefCell::default();
    }
    let key = (survey.fingerprint.clone(), name.to_owned());
    let ready = READY.with_borrow(|all| all.get(&key).cloned());
    ready.unwrap_or_else(|| {
        let made = Rc::new(jsonschema::validator_for(&schema(survey, name)).unwrap());
        READY.with_borrow_mut(|all| all.insert(key, Rc::clone(&made)));
        made
    })
}

fn city(fields: Json) -> Json {
    json!({"cities": [fields]})
}

fn carried(survey: &Survey, id: &str) -> (Status, Vec<Reason>) {
    let c = JsonSchema.carries(survey).remove(rule(survey, id));
    (c.status, c.reasons)
}

const BOTH: (bool, bool) = (true, true);
const NEITHER: (bool, bool) = (false, false);
const DRAFT: (bool, bool) = (false, true);

#[test]
fn values_are_of_their_types_and_blanks_pass() {
    let s = hotline("");
    for good in [
        json!({}),
        json!({"cities": null, "area": null, "note": null, "day": null}),
        json!({"area": 0.07, "note": "", "day": "2016-02-29"}),
        city(json!({"staff": 3.0, "opened": false, "kind": "a", "kinds": ["a", "b"]})),
        city(json!({"kinds": ["c"], "kind": null})),
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
        city(json!({"kind": "z"})),
        city(json!({"kinds": ["a", "a"]})),
        city(json!({"kinds": ["a", "c"]})),
        city(json!({"opened": "是"})),
    ] {
        assert_eq!(passes(&s, &bad), NEITHER, "{bad}");
    }
}

#[test]
fn a_required_field_needs_its_table_and_a_text_that_is_not_blank() {
    let s = hotline("cells:\n  - {at: 'note, area', required: true}\n");
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
    assert_eq!(carried(&s, "t09.note.required"), (Status::Exact, vec![]));
}

#[test]
fn an_empty_row_is_no_row() {
    let s = hotline("cells:\n  - {at: staff, required: true}\n");
    assert_eq!(passes(&s, &json!({"cities": [{}, {"city": null, "kinds": []}, {"staff": 1}]})), BOTH);
    assert_eq!(passes(&s, &city(json!({"city": "甲市"}))), DRAFT);
    assert_eq!(passes(&s, &city(json!({"city": "甲市", "staff": null}))), DRAFT);
}

#[test]
fn keys_are_filled_in_rows_that_count() {
    let s = with_rows("key: city");
    assert_eq!(passes(&s, &city(json!({"staff": 1}))), DRAFT);
    assert_eq!(passes(&s, &city(json!({"city": "甲市"}))), BOTH);
    assert_eq!(carried(&s, "t09.cities.key"), (Status::Weaker, vec![Reason::NoCrossRow]));
}

#[test]
fn a_limit_of_rows_counts_those_that_are_not_empty() {
    let s = with_rows("max_rows: 1");
    assert_eq!(passes(&s, &json!({"cities": [{}, {"staff": 1}, {"city": ""}]})), BOTH);
    assert_eq!(passes(&s, &json!({"cities": [{"staff": 2}, {"staff": 1}]})), NEITHER);
}

#[test]
fn what_does_not_apply_stays_blank() {
    let s =
        hotline("cells:\n  - {at: 'staff, kinds', applies: opened}\n  - {at: agents, required: opened}\n");
    assert_eq!(passes(&s, &city(json!({"opened": false, "staff": 1}))), NEITHER);
    assert_eq!(passes(&s, &city(json!({"opened": false, "kinds": ["a"]}))), NEITHER);
    assert_eq!(passes(&s, &city(json!({"opened": false, "staff": null, "kinds": []}))), BOTH);
    assert_eq!(passes(&s, &city(json!({"staff": 1}))), BOTH);
    assert_eq!(passes(&s, &city(json!({"opened": true, "staff": 1}))), DRAFT);
    assert_eq!(passes(&s, &city(json!({"opened": true, "agents": 0}))), BOTH);
    assert_eq!(carried(&s, "t09.staff.applies"), (Status::Exact, vec![]));
}

#[test]
fn limits_and_codes_are_literal_comparisons() {
    let s = hotline(
        "rules:\n  - max: {check: area <= 99.95}\n  - nonzero: {when: 'kind in (\"a\", \"c\")', check: staff != 0}\n",
    );
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
    let s = hotline(
        "rules:\n  - whole: {check: 'filled(staff, agents) or blank(staff, agents)'}\n  - one: {check: 'tally(blank(rows.city), blank(note)) = 1'}\n",
    );
    assert_eq!(passes(&s, &city(json!({"city": "甲市", "staff": 1, "agents": 2}))), BOTH);
    assert_eq!(passes(&s, &city(json!({"city": "甲市", "staff": 1}))), DRAFT);
    assert_eq!(passes(&s, &json!({"note": "x", "cities": [{}]})), BOTH);
    assert_eq!(passes(&s, &json!({"note": "x", "cities": [{"city": "甲市"}]})), DRAFT);
    assert_eq!(passes(&s, &json!({})), DRAFT);
    assert_eq!(carried(&s, "t09.one"), (Status::Exact, vec![]));
}

#[test]
fn patterns_are_searched_as_written() {
    let s = hotline("rules:\n  - shape: {check: 'matches(note, \"^\\d{2}-[a-z]+$\")'}\n");
    assert_eq!(passes(&s, &json!({"note": "12-ab"})), BOTH);
    assert_eq!(passes(&s, &json!({"note": ""})), BOTH);
    assert_eq!(passes(&s, &json!({"note": "１２-ab"})), NEITHER);
    assert_eq!(passes(&s, &json!({"note": "12-ab\n"})), NEITHER);
    assert_eq!(carried(&s, "t09.shape"), (Status::Exact, vec![]));
}

#[test]
fn only_errors_that_block_refuse() {
    let one = |facts: &str| hotline(&format!("rules:\n  - one: {{check: area = 1{facts}}}\n"));
    for facts in [
        ", severity: warning",
        ", explain: note",
        ", severity: warning, by: office",
        ", editions: [{since: '2000-01-01', withdrawn: true}]}\nperiod: {at: '2015-06-30'",
    ] {
        let s = one(facts);
        assert_eq!(passes(&s, &json!({"area": 2})), BOTH, "{facts}");
        assert_eq!(carried(&s, "t09.one"), (Status::Absent, vec![Reason::NotBlocking]), "{facts}");
    }
    assert_eq!(passes(&one(""), &json!({"area": 2})), NEITHER);
}

#[test]
fn values_that_a_preset_lets_stand_are_not_refused() {
    let file = |name: &str, text: &str| SourceFileInput {
        name: name.to_owned(),
        shown: name.into(),
        bytes: text.as_bytes().to_vec(),
    };
    let survey = "survey: s\nversion: '1'\ntitle: S\nlanguages: [en]\ntables: [t]\nkinds: {default: {severity: warning}, firm: {severity: error}}\n";
    let table = "table: t\ntitle: T\nsections:\n  - soft:\n      fields:\n        - a: {label: A, type: count, max: {is: 5, severity: error}}\n\
                 \x20       - b: {label: B, type: date, required: {is: true, severity: error}}\n\
                 \x20     rules: [{less: {check: a < 3, severity: error}}]\n\
                 \x20 - hard:\n      kind: firm\n      fields: [{a: {label: A, type: count}}]\n";
    let s = compile(vec![file("survey.yaml", survey), file("t.yaml", table)]).survey.expect("it compiles");
    let validator = jsonschema::validator_for(&schema(&s, "t.schema.json")).unwrap();
    assert!(validator.is_valid(&json!({"soft": {"a": "many", "b": "soon"}, "hard": {"a": 1}})));
    assert!(!validator.is_valid(&json!({"soft": {"a": 1, "b": "2015-01-01"}, "hard": {"a": "many"}})));
}

#[test]
fn the_catalogue_says_which_terms_drop_out() {
    let file = |name: &str, text: &str| SourceFileInput {
        name: name.to_owned(),
        shown: name.into(),
        bytes: text.as_bytes().to_vec(),
    };
    let survey = "survey: s\nversion: '1'\ntitle: S\nlanguages: [en]\ntables: [t]\n";
    let table = "table: t\ntitle: T\nrows: [{all: {label: All, parts: sum, rows: [{a: A}, {b: {label: B, na: x2}}]}}]\n\
                 columns:\n  - whole: {label: Whole, type: count, parts: sum, columns: [{x1: X}, {x2: Y}]}\n\
                 rules: [{adds: {check: x1 + x2 = whole}}]\n";
    let s = compile(vec![file("survey.yaml", survey), file("t.yaml", table)]).survey.expect("it compiles");
    let rules = schema(&s, "rules.json");
    assert!(jsonschema::is_valid(&schema(&s, "rules.schema.json"), &rules));
    let without = |id: &str| -> Vec<serde_json::Value> {
        let all = rules["rules"].as_array().unwrap();
        let rule = all.iter().find(|r| r["id"] == id).unwrap();
        rule["places"].as_array().unwrap().iter().map(|p| p["without"].clone()).collect()
    };
    let null = serde_json::Value::Null;
    assert_eq!(without("t.adds"), [null.clone(), null.clone(), json!(["x2"])]);
    assert_eq!(without("t.whole.parts"), [null.clone(), null.clone(), json!(["x2"])]);
    assert_eq!(without("t.all.parts"), [null.clone(), null, json!(["b.x2"])]);
}

#[test]
fn what_keywords_cannot_say_is_named() {
    let s = hotline(
        "rules:\n  - sum: {check: staff + agents = 3}\n  - pair: {check: agents <= staff}\n  - across: {when: opened, check: 'note = \"x\"'}\n",
    );
    assert_eq!(carried(&s, "t09.sum"), (Status::Absent, vec![Reason::NoArithmetic]));
    assert_eq!(carried(&s, "t09.pair"), (Status::Absent, vec![Reason::NoArithmetic]));
    assert_eq!(carried(&s, "t09.across"), (Status::Absent, vec![Reason::NoCrossRow]));
    assert_eq!(passes(&s, &city(json!({"staff": 1, "agents": 9}))), BOTH);
    let p = formwright::emit::portability::portability(&s, formwright::emit::EMITTERS);
    let denied = formwright::emit::portability::denied(&s, &p, "absent:json-schema").unwrap();
    let denied: Vec<&str> = denied.iter().map(|d| d.rule.as_str()).collect();
    assert_eq!(denied, ["t09.sum", "t09.pair", "t09.across"]);
}

#[test]
fn the_files_beside_it_are_whole_and_stable() {
    let s = hotline("cells:\n  - {at: staff, required: true}\n");
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
    let ids = schema(&s, "rules.json");
    let ids: Vec<&Json> = ids["rules"].as_array().unwrap().iter().map(|r| &r["id"]).collect();
    assert!(ids.contains(&&json!("t09.staff.required")), "{ids:?}");
    assert_eq!(schema(&s, "return.meta.json")["cells"]["/tables/t09/cities/*/staff"]["type"], json!("count"));
}

/// A table may be called like one of the files beside.
#[test]
fn a_table_takes_no_name_of_another_file() {
    for id in ["rules", "Return", "meta", "ui"] {
        let s = compiled(&HOTLINE.replace("table: t09", &format!("table: {id}")));
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
    let s = hotline("cells:\n  - {at: staff, required: true}\nrules:\n  - pair: {check: agents <= staff}\n");
    let p = formwright::emit::portability::portability(&s, formwright::emit::EMITTERS);
    let words = &formwright::emit::portability::ENGLISH;
    let text = formwright::emit::portability::table(&s, &p, words);
    assert!(text.contains("t09.staff.type   weaker (digits, notation)\n"), "{text}");
    assert!(text.contains("t09.pair         absent (no-arithmetic)\n"), "{text}");
    assert!(!text.contains("t09.staff.required"), "{text}");
    let text = formwright::emit::portability::summary(&s, &p, words);
    assert!(text.contains("t09    0 / 0 / 1          10 / 7 / 0\n"), "{text}");
    assert!(text.contains("no-arithmetic  1  it cannot calculate\n"), "{text}");
    let files = formwright::emit::portability::artifacts(&s, &p);
    let json = |at: usize| serde_json::from_slice::<Json>(&files[at].bytes).unwrap();
    assert!(jsonschema::is_valid(&json(1), &json(0)));
    let denied = |what| formwright::emit::portability::denied(&s, &p, what);
    assert_eq!(denied("weaker").unwrap().last().unwrap().rule, "t09.pair");
    assert_eq!(denied("absent").unwrap().len(), 1);
    assert!(denied("weaker:xyz").is_err() && denied("exact").is_err());
}

#[test]
fn every_function_that_keywords_cannot_say_has_a_reason_of_the_portability_table() {
    use formwright::ir::func::{Keywords, TABLE};
    for row in TABLE {
        if let Keywords::No(reason) = row.keywords {
            assert!(formwright::emit::Reason::of(reason).is_some(), "{}: {reason}", row.key);
        }
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
    let survey = "survey: s\nversion: '1'\ntitle: S\nlanguages: [en]\nfilled_by: Offices\ntables: [t]\n";
    let compiled = compile(vec![file("survey.yaml", survey), file("t.yaml", table)]);
    let s = compiled.survey.expect("it compiles");
    let meta = schema(&s, "return.meta.json");
    assert!(jsonschema::is_valid(&schema(&s, "meta.schema.json"), &meta));
    let both =
        |what: &str| json!({"help": {"en": format!("{what} help")}, "note": {"en": format!("{what} note")}});
    assert_eq!(meta["filled_by"], json!({"en": "Offices"}));
    assert_eq!(schema(&s, "return.annotated.schema.json")["x-filled-by"], json!({"en": "Offices"}));
    let cell = &meta["cells"]["/tables/t/a/staff"];
    assert_eq!(json!({"help": cell["help"], "note": cell["note"]}), both("cell"));
    assert_eq!(meta["said"]["/tables/t/a"], both("row"));
    assert_eq!(meta["said"]["/tables/t/size"], both("group"));
    assert_eq!(meta["said"]["/tables/t/b"], json!({"help": {"en": "block help"}}));
    let plain = schema(&s, "t.schema.json").to_string();
    assert!(plain.contains("cell help\\ncell note"), "{plain}");
    let whole = schema(&s, "return.annotated.schema.json");
    let of_table = |def: &&serde_json::Value| def["title"] == "T";
    let annotated = whole["$defs"].as_object().unwrap().values().find(of_table).unwrap();
    let texts = |what: &str| json!({"en": what});
    assert_eq!(annotated["x-said"], json!({"size": both("group")}));
    assert_eq!(annotated["properties"]["a"]["x-note"], texts("row note"));
    assert_eq!(annotated["properties"]["b"]["x-help"], texts("block help"));
    assert!(!plain.contains("group note"));
    for text in ["row help", "row note", "cell help", "cell note", "block help", "group help", "group note"] {
        let annotated = schema(&s, "return.annotated.schema.json").to_string();
        assert!(annotated.contains(text), "annotated: {text}");
        // A layout has controls and rows, no groups of columns.
        let in_layout = schema(&s, "ui.schema.json").to_string().contains(text);
        assert!(in_layout || text.starts_with("group"), "ui: {text}");
    }
}
