//! The emitted schemas in ajv (strict) and python-jsonschema: no complaint, and the verdict of the Rust crate.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

#[path = "json_schema_validators/beside.rs"]
mod beside;
mod made;

use formwright::emit::Emitter;
use formwright::emit::json_schema::JsonSchema;
use serde_json::{Value as Json, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Numbers that look random, the same in every run.
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
        (self.0 >> 33) as usize % n
    }

    fn one_of(&mut self, values: &Json) -> Json {
        let values = values.as_array().unwrap();
        values[self.below(values.len())].clone()
    }
}

/// An object with some of the members, each one of its values.
fn object(numbers: &mut Numbers, members: &Json) -> Json {
    let mut out = json!({});
    for (key, values) in members.as_object().unwrap() {
        if numbers.below(2) == 0 {
            out[key] = numbers.one_of(values);
        }
    }
    out
}

fn documents() -> Vec<Json> {
    let row = json!({
        "city": ["甲", "", " ", null], "opened": [true, false, null], "staff": [0, 1, 2.0, 1.5, -1, null, "1"],
        "agents": [0, 3, null], "kinds": [[], ["a"], ["a", "b"], ["c"], ["a", "c"], ["a", "a"], null],
        "kind": ["a", "b", "c", "d", "", null],
    });
    let fields = json!({
        "area": [1, 0.07, 100, 100.01, null, "x"], "day": ["2015-06-30", "2015-02-29", "2015-06-30\n", "", "\n", null],
        "note": ["12-ab", "12-ab", "12-ab", "12-ab\n", "１２-ab", "", null, "\u{3000}", "x"],
    });
    let mut numbers = Numbers(7);
    let mut all = Vec::new();
    for _ in 0..400 {
        let mut document = object(&mut numbers, &fields);
        let count = numbers.below(5);
        document["cities"] = (0..count).map(|_| object(&mut numbers, &row)).collect();
        all.push(document);
    }
    all
}

fn write(folder: &Path, name: &str, text: &[u8]) -> PathBuf {
    let path = folder.join(name);
    std::fs::write(&path, text).unwrap();
    path
}

/// The manifest for the drivers, and the verdicts of the Rust crate by schema and document.
fn prepared(folder: &Path) -> (PathBuf, Vec<(String, Vec<bool>)>) {
    std::fs::create_dir_all(folder).unwrap();
    let documents = documents();
    let paths: Vec<PathBuf> = documents
        .iter()
        .enumerate()
        .map(|(at, d)| write(folder, &format!("{at}.json"), d.to_string().as_bytes()))
        .collect();
    let mut manifest = Vec::new();
    let mut verdicts = Vec::new();
    for file in JsonSchema.emit(&made::hotline(made::SHAPES)).files {
        let name = file.path.rsplit('/').next().unwrap().to_owned();
        if !name.ends_with(".schema.json") || name.contains("annotated") || name.starts_with("ui.") {
            continue;
        }
        let path = write(folder, &name, &file.bytes);
        let schema = jsonschema::draft202012::new(&serde_json::from_slice(&file.bytes).unwrap()).unwrap();
        let table = name.starts_with("t09");
        manifest.push(json!({"schema": path, "instances": if table { json!(paths) } else { json!([]) }}));
        let of_table = documents.iter().filter(|_| table).map(|d| schema.is_valid(d));
        verdicts.push((path.display().to_string(), of_table.collect()));
    }
    (write(folder, "manifest.json", json!(manifest).to_string().as_bytes()), verdicts)
}

/// The driver's lines; `None` where the engine is not installed.
fn run(program: &str, needs: &str, driver: &str, manifest: &Path) -> Option<Vec<Json>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let driver = root.join("tests/engines").join(driver);
    if !root.join(needs).exists() || !driver.exists() {
        let wanted = std::env::var("FORMWRIGHT_REQUIRE_ENGINES").is_ok_and(|v| v == "1");
        assert!(!wanted, "{needs} is not installed");
        eprintln!("skipped: {needs} is not installed");
        return None;
    }
    let out = Command::new(program).arg(driver).arg(manifest).current_dir(root).output().unwrap();
    assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    Some(String::from_utf8(out.stdout).unwrap().lines().map(|l| serde_json::from_str(l).unwrap()).collect())
}

fn agrees(lines: Vec<Json>, verdicts: &[(String, Vec<bool>)]) {
    for (schema, expected) in verdicts {
        let own: Vec<&Json> = lines.iter().filter(|l| l["schema"] == json!(schema)).collect();
        assert!(own[0]["valid"] == json!(true) && own[0]["errors"] == json!([]), "{}", own[0]);
        assert_eq!(own.len(), expected.len() + 1, "{schema}");
        for (line, expected) in own[1..].iter().zip(expected) {
            assert_eq!(line["valid"], json!(expected), "{line}");
        }
    }
    assert!(
        verdicts.iter().flat_map(|(_, v)| v).any(|v| *v) && verdicts.iter().flat_map(|(_, v)| v).any(|v| !*v)
    );
}

#[test]
fn ajv_agrees() {
    let (manifest, verdicts) = prepared(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("ajv"));
    if let Some(lines) = run("node", "node_modules/ajv", "schema.mjs", &manifest) {
        agrees(lines, &verdicts);
    }
}

#[test]
fn python_agrees() {
    let (manifest, verdicts) = prepared(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("python"));
    let python = Path::new(env!("CARGO_MANIFEST_DIR")).join(".venv/bin/python");
    if let Some(lines) = run(&python.display().to_string(), ".venv/bin/python", "schema.py", &manifest) {
        agrees(lines, &verdicts);
    }
}
