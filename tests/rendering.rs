//! Diagnostics as people and machines see them.
#![allow(clippy::unwrap_used, clippy::indexing_slicing)]

mod harness;

use formwright::diag::{Lang, render};
use harness::{Case, run};
use serde_json::Value;

const SOURCE: &str = "table: t01
title: 电话
fields:
  - 来电总量: {label: 来电总量, type: count}
  - 人工接听量: {label: 人工, type: cuont}
  - 来电总量: {label: 😀, type: count}
rules:
  - 不超过:
      check: |
        人工接听量 ＜ 来电总数
";

fn text(lang: Lang) -> String {
    let compiled = run(&Case::read(SOURCE));
    render::text(&compiled.sources, &compiled.diagnostics, lang, false)
}

#[test]
fn text_in_english() {
    insta::assert_snapshot!("english", text(Lang::En));
}

#[test]
fn text_in_chinese() {
    insta::assert_snapshot!("chinese", text(Lang::Zh));
}

#[test]
fn colour_only_where_it_is_asked_for() {
    let compiled = run(&Case::read(SOURCE));
    assert!(!text(Lang::En).contains('\u{1b}'));
    assert!(render::text(&compiled.sources, &compiled.diagnostics, Lang::En, true).contains('\u{1b}'));
}

#[test]
fn github_lines_are_one_a_problem() {
    let compiled = run(&Case::read(SOURCE));
    let lines = render::github(&compiled.sources, &compiled.diagnostics, Lang::En);
    assert_eq!(lines.lines().count(), compiled.diagnostics.len());
    let first = lines.lines().next().unwrap();
    assert!(
        first.starts_with("::error file=t01.yaml,line=5,col=30,endLine=5,endColumn=35,title=E0422::"),
        "{first}"
    );
}

#[test]
fn json_has_every_field() {
    let compiled = run(&Case::read(SOURCE));
    let all: Value = serde_json::from_str(&render::json(&compiled.sources, &compiled.diagnostics)).unwrap();
    for d in all["diagnostics"].as_array().unwrap() {
        for key in
            ["code", "name", "severity", "message", "place", "arguments", "suggestions", "related", "fix"]
        {
            assert!(d.get(key).is_some(), "{key} in {d}");
        }
        assert!(d["message"]["en"].is_string() && d["message"]["zh"].is_string());
    }
}

/// The rules of SARIF 2.1.0 that its schema has for what we write.
#[test]
fn sarif_has_the_structure_of_its_schema() {
    let compiled = run(&Case::read(SOURCE));
    let log: Value =
        serde_json::from_str(&render::sarif(&compiled.sources, &compiled.diagnostics, Lang::Zh)).unwrap();
    assert_eq!(log["version"], "2.1.0");
    let one = &log["runs"][0];
    assert!(matches!(one["columnKind"].as_str(), Some("utf16CodeUnits" | "unicodeCodePoints")));
    let rules = one["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(one["tool"]["driver"]["name"].is_string());
    let results = one["results"].as_array().unwrap();
    assert_eq!(results.len(), compiled.diagnostics.len());
    for result in results {
        let id = &result["ruleId"];
        let index = usize::try_from(result["ruleIndex"].as_u64().unwrap()).unwrap();
        assert_eq!(&rules[index]["id"], id);
        assert!(matches!(result["level"].as_str(), Some("none" | "note" | "warning" | "error")));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
        for place in result["locations"]
            .as_array()
            .unwrap()
            .iter()
            .chain(result["relatedLocations"].as_array().unwrap())
        {
            let physical = &place["physicalLocation"];
            assert!(!physical["artifactLocation"]["uri"].as_str().unwrap().contains(['\\', ' ']));
            for key in ["startLine", "startColumn", "endLine", "endColumn"] {
                assert!(physical["region"][key].as_u64().unwrap() >= 1);
            }
        }
        for fix in result["fixes"].as_array().into_iter().flatten() {
            let change = &fix["artifactChanges"][0];
            assert!(change["artifactLocation"]["uri"].is_string());
            assert!(change["replacements"][0]["deletedRegion"]["startLine"].as_u64().unwrap() >= 1);
        }
    }
}

#[test]
fn paths_are_uris_in_sarif() {
    assert_eq!(render::uri("规划/a b%.yaml"), "%E8%A7%84%E5%88%92/a%20b%25.yaml");
    assert_eq!(render::uri("schemas\\x.yaml"), "schemas/x.yaml");
}
