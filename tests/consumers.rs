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
