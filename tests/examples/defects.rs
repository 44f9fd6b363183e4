//! Each planted mistake of `examples/planning-2015/defects/`, and exactly its findings.
//!
//! A file holds `given`, a patch that makes another return of the example without a new finding, and `cases`: each a name,
//! a patch (JSON Patch, RFC 6902: add, remove, replace; and `repeat`, which appends `value` `times` over with `{n}`
//! counted from 1) and its findings beyond those of the return: `rule place`, and the state where it is not `fail`.
//! With `UPDATE=1` the findings are written into the files, to be read before they are kept.

use super::{Loaded, at, check, load};
use formwright::data::read_return;
use formwright::engine::{Finding, State};
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

fn parsed(path: &Path) -> Value {
    serde_json::from_slice(&std::fs::read(path).unwrap())
        .unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

fn unescaped(step: &str) -> String {
    step.replace("~1", "/").replace("~0", "~")
}

/// The container of a pointer's last step, made where `add` needs it, and the step.
fn parent<'v>(document: &'v mut Value, pointer: &str) -> (&'v mut Value, String) {
    let mut steps: Vec<String> = pointer.split('/').skip(1).map(unescaped).collect();
    let last = steps.pop().unwrap();
    let mut at = document;
    for step in steps {
        at = match at {
            Value::Array(items) => &mut items[step.parse::<usize>().unwrap()],
            Value::Object(members) => members.entry(step).or_insert_with(|| Value::Object(Map::new())),
            _ => panic!("{pointer}: nothing at {step}"),
        };
    }
    (at, last)
}

/// Applies one operation.
fn apply(document: &mut Value, operation: &Value) {
    let path = operation["path"].as_str().unwrap();
    let value = operation.get("value").cloned();
    let (container, last) = parent(document, path);
    match (operation["op"].as_str().unwrap(), container) {
        ("remove", Value::Object(o)) => {
            drop(o.shift_remove(&last).unwrap_or_else(|| panic!("{path} is not there")))
        }
        ("remove", Value::Array(a)) => drop(a.remove(last.parse().unwrap())),
        ("replace", Value::Object(o)) => {
            let old = o.get_mut(&last).unwrap_or_else(|| panic!("{path} is not there"));
            *old = value.unwrap();
        }
        ("replace", Value::Array(a)) => a[last.parse::<usize>().unwrap()] = value.unwrap(),
        ("add", Value::Object(o)) => drop(o.insert(last, value.unwrap())),
        ("add", Value::Array(a)) if last == "-" => a.push(value.unwrap()),
        ("add", Value::Array(a)) => a.insert(last.parse().unwrap(), value.unwrap()),
        ("repeat", Value::Object(o)) => {
            let text = value.unwrap().to_string();
            let row = |n: u64| serde_json::from_str(&text.replace("{n}", &n.to_string())).unwrap();
            let rows = o.get_mut(&last).unwrap().as_array_mut().unwrap();
            rows.extend((1..=operation["times"].as_u64().unwrap()).map(row));
        }
        (op, _) => panic!("{op} {path}"),
    }
}

fn patched(document: &Value, patch: &Value) -> Value {
    let mut changed = document.clone();
    patch.as_array().unwrap().iter().for_each(|operation| apply(&mut changed, operation));
    changed
}

/// A finding as the files say it.
fn line(f: &Finding) -> String {
    let place = match (f.cells.target.first(), &f.place.section, &f.place.table) {
        (Some(target), _, _) => target.clone(),
        (None, Some(section), Some(table)) => format!("/tables/{table}/{section}"),
        (None, None, Some(table)) => format!("/tables/{table}"),
        _ => "/".to_owned(),
    };
    let state = if f.state == State::Fail { String::new() } else { format!(" {}", f.state) };
    format!("{} {place}{state}", f.rule)
}

fn findings(loaded: &Loaded, document: &Value) -> Vec<Finding> {
    let text = document.to_string();
    let read = read_return(&loaded.survey, &loaded.layout, text.as_bytes()).unwrap();
    check(loaded, &read).findings
}

/// The findings beyond those known before.
fn beyond(loaded: &Loaded, document: &Value, before: &[String]) -> Vec<String> {
    let mut found = Vec::new();
    for f in findings(loaded, document) {
        let said = line(&f);
        if !before.contains(&said) {
            if std::env::var_os("FORMWRIGHT_SHOW").is_some() {
                f.message.iter().for_each(|(_, text)| println!("    {said}: {text}"));
            }
            found.push(said);
        }
    }
    found
}

/// One file of cases: wrong findings by name, and the rules that failed.
fn run(loaded: &Loaded, base: &Value, file: &mut Value) -> (Vec<String>, BTreeSet<String>) {
    let known: Vec<String> = findings(loaded, base).iter().map(line).collect();
    let mut wrong = Vec::new();
    let mut failed = BTreeSet::new();
    let mut base = base.clone();
    if let Some(given) = file.get("given") {
        base = patched(&base, given);
        let found = beyond(loaded, &base, &known);
        assert!(found.is_empty(), "what is given is no clean return: {found:?}");
    }
    for case in file["cases"].as_array_mut().unwrap() {
        let name = case["name"].as_str().unwrap().to_owned();
        if std::env::var_os("FORMWRIGHT_SHOW").is_some() {
            println!("{name}: {}", case["patch"]);
        }
        let found = beyond(loaded, &patched(&base, &case["patch"]), &known);
        failed.extend(
            found.iter().filter(|f| f.split(' ').count() == 2).map(|f| f.split(' ').next().unwrap().into()),
        );
        if case["findings"] != json!(found) {
            wrong.push(format!("{name}: expected {}, found {}", case["findings"], json!(found)));
        }
        case["findings"] = json!(found);
    }
    (wrong, failed)
}

/// The file as it is kept: one line for each operation and finding.
fn written(file: &Value) -> String {
    let list = |items: &Value, indent: &str| {
        let lines: Vec<String> =
            items.as_array().unwrap().iter().map(|i| format!("{indent}{}", spaced(i))).collect();
        lines.join(",\n")
    };
    let mut out = String::from("{\n");
    if let Some(given) = file.get("given") {
        out.push_str(&format!("  \"given\": [\n{}\n  ],\n", list(given, "    ")));
    }
    let case = |c: &Value| {
        let findings = match c["findings"].as_array().unwrap().is_empty() {
            true => "[]".to_owned(),
            false => format!("[\n{}\n    ]", list(&c["findings"], "      ")),
        };
        let patch = list(&c["patch"], "      ");
        format!("    {{\"name\": {}, \"patch\": [\n{patch}\n    ], \"findings\": {findings}}}", c["name"])
    };
    let cases: Vec<String> = file["cases"].as_array().unwrap().iter().map(case).collect();
    out.push_str(&format!("  \"cases\": [\n{}\n  ]\n}}\n", cases.join(",\n")));
    out
}

/// JSON on one line, with a space behind each sign that divides.
fn spaced(value: &Value) -> String {
    match value {
        Value::Array(items) => format!("[{}]", items.iter().map(spaced).collect::<Vec<_>>().join(", ")),
        Value::Object(members) => {
            let member = |(k, v): (&String, &Value)| format!("{}: {}", json!(k), spaced(v));
            format!("{{{}}}", members.iter().map(member).collect::<Vec<_>>().join(", "))
        }
        other => other.to_string(),
    }
}

fn files() -> Vec<PathBuf> {
    let entries = std::fs::read_dir(at("examples/planning-2015/defects")).unwrap();
    let mut files: Vec<PathBuf> =
        entries.map(|e| e.unwrap().path()).filter(|p| p.extension().is_some_and(|e| e == "json")).collect();
    files.sort();
    files
}

#[test]
fn each_mistake_gives_its_findings_and_each_rule_fails_in_one() {
    let loaded = load("schemas/planning-2015");
    let base = parsed(&at("examples/planning-2015/return.json"));
    let bless = std::env::var_os("UPDATE").is_some();
    let (mut wrong, mut failed) = (Vec::new(), BTreeSet::new());
    for path in files() {
        let mut file = parsed(&path);
        let (w, f) = run(&loaded, &base, &mut file);
        failed.extend(f);
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        wrong.extend(w.into_iter().map(|w| format!("{name}: {w}")));
        if bless {
            std::fs::write(&path, written(&file)).unwrap();
        }
    }
    let without: Vec<&str> =
        loaded.survey.rules.iter().map(|r| r.id.as_str()).filter(|id| !failed.contains(*id)).collect();
    assert!(without.is_empty(), "{} rules fail in no case: {without:?}", without.len());
    assert!(bless || wrong.is_empty(), "{} wrong:\n{}", wrong.len(), wrong.join("\n"));
}
