//! The programs in `examples/consumers/`, as a developer would run them: on the whole return, on the draft, and on a
//! return with a mistake.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Whether an engine is installed; where it must be, a missing one fails.
fn is_there(needed: &str) -> bool {
    let there = root().join(needed).exists();
    let wanted = std::env::var("FORMWRIGHT_REQUIRE_ENGINES").is_ok_and(|v| v == "1");
    assert!(there || !wanted, "{needed} is not installed");
    if !there {
        eprintln!("skipped: {needed} is not installed");
    }
    there
}

fn run(folder: &str, program: &Path, args: &[&Path]) -> Output {
    Command::new(program)
        .args(args)
        .current_dir(root().join("examples/consumers").join(folder))
        .output()
        .unwrap()
}

fn said(out: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&out.stdout), String::from_utf8_lossy(&out.stderr))
}

fn example(name: &str) -> PathBuf {
    root().join("examples/planning-2015").join(name)
}

/// The whole return with a city that says 是 where true or false should stand, and another without its answer.
fn spoilt(name: &str) -> PathBuf {
    let text = std::fs::read_to_string(example("return.json")).unwrap();
    let mut doc: serde_json::Value = serde_json::from_str(&text).unwrap();
    let cities = doc.pointer_mut("/tables/t09/cities").unwrap();
    cities[0]["opened"] = "是".into();
    cities[1].as_object_mut().unwrap().remove("opened");
    let path = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
    std::fs::write(&path, doc.to_string()).unwrap();
    path
}

/// Runs a consumer on the three returns.
fn judges(folder: &str, program: &Path, script: &str, mistake: &str) {
    for good in ["return.json", "draft.json"] {
        let out = run(folder, program, &[Path::new(script), &example(good)]);
        assert!(out.status.success() && said(&out).starts_with("accepted"), "{good}: {}", said(&out));
    }
    let out = run(folder, program, &[Path::new(script), &spoilt(&format!("spoilt-{folder}.json"))]);
    assert_eq!(out.status.code(), Some(1), "{}", said(&out));
    let text = said(&out);
    assert!(text.contains(mistake) && text.contains("是否开通12333咨询服务电话"), "{text}");
    assert!(text.contains("opened") && text.contains("required"), "{text}");
}

#[test]
fn python_checks_returns() {
    if is_there(".venv/bin/python") {
        judges("python", &root().join(".venv/bin/python"), "check.py", "$.tables.t09.cities[0].opened");
    }
}

#[test]
fn typescript_checks_returns_with_generated_types() {
    if !is_there("node_modules/typescript") || !is_there("node_modules/json-schema-to-typescript") {
        return;
    }
    let node = Path::new("node");
    let types = run("typescript", node, &[Path::new("types.mjs")]);
    assert!(types.status.success(), "{}", said(&types));
    let compiler = root().join("node_modules/typescript/bin/tsc");
    let compiled = run("typescript", node, &[&compiler, Path::new("-p"), Path::new(".")]);
    assert!(compiled.status.success(), "{}", said(&compiled));
    judges("typescript", node, "main.mjs", "/tables/t09/cities/0/opened");
}

/// The packages of the forms: put in place where engines are required, else their absence is said.
fn forms() -> Option<PathBuf> {
    let folder = root().join("examples/consumers/forms");
    let lock = std::fs::read(folder.join("package-lock.json")).unwrap();
    let stamp = folder.join("node_modules/.installed-from");
    let turn = std::fs::File::open(folder.join("package.json")).unwrap();
    turn.lock().unwrap();
    if std::fs::read(&stamp).is_ok_and(|found| found == lock) {
        return Some(folder);
    }
    if !std::env::var("FORMWRIGHT_REQUIRE_ENGINES").is_ok_and(|v| v == "1") {
        eprintln!("skipped: run npm ci in examples/consumers/forms");
        return None;
    }
    let mut npm = Command::new("npm");
    npm.args(["ci", "--no-audit", "--no-fund", "--ignore-scripts"]).current_dir(&folder);
    let out = npm.output().unwrap();
    assert!(out.status.success(), "{}", said(&out));
    std::fs::write(stamp, lock).unwrap();
    Some(folder)
}

/// Where each of these stands in a text, which must have all of them.
fn places(text: &str, of: &[&str]) -> Vec<usize> {
    of.iter().map(|part| text.find(part).unwrap_or_else(|| panic!("no {part}"))).collect()
}

#[test]
fn react_jsonschema_form_shows_a_table() {
    if forms().is_none() {
        return;
    }
    let out =
        run("forms", Path::new("node"), &[Path::new("rjsf.mjs"), Path::new("t03"), &example("return.json")]);
    assert!(out.status.success(), "{}", said(&out));
    let html = said(&out);
    let fields = ["表3 省市联网情况表", ">地市名称", ">主用线路运营商", ">主用线路带宽", ">备用线路类型"];
    assert!(places(&html, &fields).is_sorted(), "in the order of the table");
    let select = html.split("<select").nth(1).unwrap();
    assert!(select.split("</select>").next().unwrap().matches("<option").count() >= 6, "{select}");
}

#[test]
fn json_forms_shows_tables_by_the_ui_schema() {
    if forms().is_none() {
        return;
    }
    let ui = root().join("generated/planning-2015/json-schema/ui.schema.json");
    let ui: serde_json::Value = serde_json::from_slice(&std::fs::read(ui).unwrap()).unwrap();
    for (table, page) in [("t01", 0), ("t14", 13)] {
        let out = run(
            "forms",
            Path::new("node"),
            &[Path::new("jsonforms.mjs"), Path::new(table), &example("return.json")],
        );
        assert!(out.status.success(), "{}", said(&out));
        let html = String::from_utf8(out.stdout).unwrap();
        let mut scopes = Vec::new();
        controls(&ui["elements"][page], &mut scopes);
        let ids: Vec<String> = scopes.iter().map(|scope| format!("id=\"{scope}\"")).collect();
        assert!(ids.len() > 30, "{}", ids.len());
        let ids: Vec<&str> = ids.iter().map(String::as_str).collect();
        assert!(places(&html, &ids).is_sorted(), "{table}: in the order of the UI schema");
        assert!(html.matches("<label").count() >= ids.len() && !html.contains("No applicable"), "{table}");
    }
}

fn controls(element: &serde_json::Value, into: &mut Vec<String>) {
    into.extend(element["scope"].as_str().map(str::to_owned));
    element["elements"].as_array().into_iter().flatten().for_each(|inner| controls(inner, into));
}

/// What `check` and `validate` write is SARIF by its own schema, of one survey and of several.
#[test]
fn sarif_is_as_its_schema_says() {
    let Some(forms) = forms() else { return };
    let schema = forms.join("node_modules/@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json");
    let mut schema: serde_json::Value = serde_json::from_slice(&std::fs::read(schema).unwrap()).unwrap();
    // Its pattern of languages is no regular expression everywhere; we write no `language`.
    for of in ["run", "toolComponent"] {
        let language = schema.pointer_mut(&format!("/definitions/{of}/properties/language")).unwrap();
        language.as_object_mut().unwrap().remove("pattern").unwrap();
    }
    let schema = jsonschema::validator_for(&schema).unwrap();
    let folder = tempfile::tempdir().unwrap();
    for name in ["libraries", "more"] {
        let to = folder.path().join("schemas").join(name);
        std::fs::create_dir_all(&to).unwrap();
        for entry in std::fs::read_dir(root().join("tests/cli/schemas/libraries")).unwrap() {
            let path = entry.unwrap().path();
            std::fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
        }
    }
    let row = r#"{"name": "A", "kind": "city", "books": 1, "lent": 7}"#;
    let text = format!(
        r#"{{"survey": "libraries", "version": "2.0.0", "tables": {{"stock": {{"branches": [{row}]}}}}}}"#
    );
    std::fs::write(folder.path().join("r 表.json"), text).unwrap();
    let sarif = |args: &[&str]| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_formwright"));
        let out = command.args(args).args(["--format", "sarif"]).current_dir(folder.path()).output().unwrap();
        let log: serde_json::Value = serde_json::from_slice(&out.stdout).unwrap();
        let wrong: Vec<String> = schema.iter_errors(&log).map(|e| e.to_string()).collect();
        assert!(wrong.is_empty(), "{args:?}: {wrong:?}");
        log
    };
    let log = sarif(&["validate", "r 表.json", "missing.json", "--survey", "schemas/libraries"]);
    assert!(log["runs"][0]["results"].as_array().unwrap().len() > 3);
    for name in ["libraries", "more"] {
        let path = folder.path().join("schemas").join(name).join("stock.yaml");
        let text = std::fs::read_to_string(&path).unwrap();
        std::fs::write(path, text.replace("type: count", "typo: count")).unwrap();
    }
    assert_eq!(sarif(&["check"])["runs"].as_array().unwrap().len(), 2);
}
