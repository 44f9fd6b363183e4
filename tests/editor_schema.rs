//! `formwright schema` and the decoder accept the same files: those of the survey of fourteen tables, the examples of the
//! catalogue, and each with a key too many, a key too few, or a value of another shape.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

mod harness;

use formwright::diag::{Problems, codes};
use formwright::parse::{ast, decode::Cx, yaml};
use formwright::source::SourceMap;
use harness::Case;
use jsonschema::Validator;
use serde_json::{Value, json};
use std::collections::BTreeSet;

fn validator() -> Validator {
    jsonschema::validator_for(&serde_json::to_value(ast::schema()).unwrap()).unwrap()
}

/// The codes that decoding a file reports.
fn decoded(text: &str) -> Vec<&'static str> {
    let mut sources = SourceMap::default();
    let file = sources.add("t.yaml", text.to_owned());
    let mut problems = Problems::default();
    if let Some(node) = yaml::parse(file, text, &mut problems) {
        ast::file(&node, &mut Cx { problems: &mut problems, accepts: &mut Vec::new() });
    }
    problems.iter().filter(|d| d.code.code.starts_with('E')).map(|d| d.code.code).collect()
}

fn seed() -> Vec<(String, Value)> {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/schemas/planning-2015");
    let mut paths: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    let read = |p: &std::path::PathBuf| {
        let value: Value = serde_yaml::from_str(&std::fs::read_to_string(p).unwrap()).unwrap();
        (p.file_name().unwrap().to_string_lossy().into_owned(), value)
    };
    paths.iter().filter(|p| p.extension().is_some_and(|e| e == "yaml")).map(read).collect()
}

#[test]
fn the_fourteen_tables_and_the_right_examples_are_accepted() {
    let validator = validator();
    for (name, value) in seed() {
        let errors: Vec<String> =
            validator.iter_errors(&value).map(|e| format!("{}: {e}", e.instance_path())).collect();
        assert!(errors.is_empty(), "{name}: {errors:#?}");
    }
    for code in codes::all().filter(|c| !c.right.starts_with("eval ")) {
        for file in Case::read(code.right).inputs().into_iter().filter(|f| f.name.ends_with(".yaml")) {
            let Ok(value) = serde_yaml::from_slice::<Value>(&file.bytes) else { continue };
            let errors: Vec<String> = validator.iter_errors(&value).map(|e| e.to_string()).collect();
            assert!(errors.is_empty(), "{} {}: {errors:#?}", code.code, file.name);
        }
    }
}

/// Every path to a value, with the shape of the path (ids and positions left out).
fn paths(value: &Value, path: &str, shape: &str, out: &mut Vec<(String, String)>) {
    out.push((path.to_owned(), shape.to_owned()));
    match value {
        Value::Object(fields) => {
            let named = fields.len() == 1 && shape.ends_with("[]");
            for (key, child) in fields {
                let step = if named { "*" } else { key };
                let key = key.replace('~', "~0").replace('/', "~1");
                paths(child, &format!("{path}/{key}"), &format!("{shape}/{step}"), out);
            }
        }
        Value::Array(items) => {
            for (i, child) in items.iter().enumerate() {
                paths(child, &format!("{path}/{i}"), &format!("{shape}[]"), out);
            }
        }
        _ => {}
    }
}

/// The changes of one place: a key too many, each key too few, and other shapes.
fn changes(value: &Value) -> Vec<(String, Value)> {
    let mut out = vec![
        ("a list".to_owned(), json!(["x"])),
        ("a mapping".to_owned(), json!({"zzz": "x"})),
        ("one value".to_owned(), json!("x")),
    ];
    if let Value::Object(fields) = value {
        let mut more = fields.clone();
        more.insert("zzz".to_owned(), json!("x"));
        out.push(("a key too many".to_owned(), Value::Object(more)));
        for key in fields.keys() {
            let mut fewer = fields.clone();
            fewer.remove(key);
            out.push((format!("without {key}"), Value::Object(fewer)));
        }
    }
    out
}

#[test]
fn what_one_refuses_the_other_refuses() {
    let validator = validator();
    let mut seen = BTreeSet::new();
    let mut differ = Vec::new();
    let mut tried = 0;
    for (name, whole) in seed() {
        let kind = name.trim_start_matches('t').trim_start_matches(|c: char| c.is_ascii_digit()).to_owned();
        let mut all = Vec::new();
        paths(&whole, "", &kind, &mut all);
        for (path, shape) in all {
            let value = whole.pointer(&path).unwrap();
            for (what, changed) in changes(value) {
                if !seen.insert(format!("{shape} {what}")) {
                    continue;
                }
                let mut copy = whole.clone();
                *copy.pointer_mut(&path).unwrap() = changed;
                let problems = decoded(&copy.to_string());
                tried += 1;
                if problems.is_empty() != validator.is_valid(&copy) {
                    differ.push(format!(
                        "{name} {path}: {what}: the decoder says {problems:?}, the schema the reverse"
                    ));
                }
            }
        }
    }
    assert!(tried > 300, "{tried} changes");
    assert!(differ.is_empty(), "{} of {tried}:\n{}", differ.len(), differ.join("\n"));
}

#[test]
fn every_key_has_a_description() {
    let schema = serde_json::to_value(ast::schema()).unwrap();
    let definitions = schema["$defs"].as_object().unwrap();
    assert!(definitions.len() > 15);
    for (name, definition) in definitions {
        for (key, property) in definition["properties"].as_object().into_iter().flatten() {
            let said = property["description"].as_str().unwrap_or("");
            assert!(!said.is_empty(), "{name}.{key} has no description");
        }
    }
}
