//! One source, one verdict: every engine that checks returns is held against the interpreter on made-up returns.
//!
//! `FORMWRIGHT_AGREEMENT_SCALE=100` checks a hundred times as many, `FORMWRIGHT_AGREEMENT_SEED=7` others.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod chance;
mod doc;
mod engine;
mod interpreter;
mod returns;
mod schemas;
mod shrink;
mod tally;
mod values;

use engine::{Claim, Engine, Judgement, Reference, Return, Verdict, compare};
use formwright::emit::Status;
use formwright::ir::Survey;
use interpreter::Interpreter;
use returns::Returns;
use schemas::Schemas;
use serde_json::json;
use std::path::{Path, PathBuf};
use tally::Tally;

/// Families of returns of each table of each survey, and of each survey whole; and how many each has beside the first.
const OF_TABLE: usize = 16;
const WHOLE: usize = 2;
const FAMILY: usize = 11;

fn setting(name: &str) -> Option<u64> {
    std::env::var(name).ok().map(|text| text.parse().unwrap_or_else(|_| panic!("{name} must be a number")))
}

fn seed() -> u64 {
    setting("FORMWRIGHT_AGREEMENT_SEED").unwrap_or(20150630)
}

/// The folders of all surveys of the repository.
fn folders() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let inside = |folder: &str| {
        let found = std::fs::read_dir(root.join(folder)).into_iter().flatten();
        found.map(|entry| entry.unwrap().path()).collect::<Vec<_>>()
    };
    let mut all: Vec<PathBuf> =
        ["schemas", "examples/surveys", "tests/agreement/surveys"].into_iter().flat_map(inside).collect();
    all.retain(|folder| folder.join("survey.yaml").exists());
    all.sort();
    all
}

fn survey(folder: &Path) -> Survey {
    let compiled = formwright::compile(formwright::cli::files::sources(folder).unwrap());
    compiled.survey.unwrap_or_else(|| panic!("{}: {:#?}", folder.display(), compiled.diagnostics))
}

fn shapes() -> Survey {
    survey(&Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/agreement/surveys/shapes"))
}

/// Made-up returns with the interpreter's verdicts; `claims` are those of the engines that will judge them.
fn made(interpreter: &Interpreter<'_>, claims: &[Vec<Claim>], scale: usize) -> Vec<(Return, Reference)> {
    let mut returns = Returns::new(interpreter, claims, seed());
    let mut all = Vec::new();
    for table in 0..interpreter.survey.tables.len() {
        all.extend((0..OF_TABLE * scale).flat_map(|_| returns.family(Some(table), FAMILY)));
    }
    all.extend((0..WHOLE * scale).flat_map(|_| returns.family(None, FAMILY)));
    all.into_iter().map(|one| (one.clone(), interpreter.judge(&one))).collect()
}

/// Holds an engine against the interpreter; adds to the tally, and gives back the first disagreement, shrunk.
fn held(
    interpreter: &Interpreter<'_>,
    engine: &dyn Engine,
    all: &[(Return, Reference)],
    tally: &mut Tally,
) -> Option<String> {
    let survey = interpreter.survey;
    let claims = engine.claims(survey);
    let returns: Vec<Return> = all.iter().map(|(one, _)| one.clone()).collect();
    let mut first = None;
    for ((one, reference), said) in all.iter().zip(&engine.judge(survey, &returns)?) {
        let compared = compare(survey, &claims, &one.doc, reference, said);
        tally.add(engine.name(), said, &compared);
        if compared.wrong.is_some() && first.is_none() {
            first = Some(one);
        }
    }
    first.map(|one| shrink::shrunk(interpreter, engine, &claims, one))
}

#[test]
fn every_engine_agrees_with_the_interpreter() {
    let scale = setting("FORMWRIGHT_AGREEMENT_SCALE").unwrap_or(1).max(1) as usize;
    println!("seed {}", seed());
    let mut tally = Tally::default();
    let mut wrong = Vec::new();
    for folder in folders() {
        let survey = survey(&folder);
        let interpreter = Interpreter::new(&survey);
        let schemas = Schemas::of(&survey);
        let (ajv, python) = (schemas::ajv(&schemas), schemas::python(&schemas));
        let engines: [&dyn Engine; 3] = [&schemas::Crate(&schemas), &ajv, &python];
        let claims: Vec<Vec<Claim>> = engines.iter().map(|e| e.claims(&survey)).collect();
        let all = made(&interpreter, &claims, scale);
        let found = engines.iter().filter_map(|engine| held(&interpreter, *engine, &all, &mut tally));
        wrong.extend(found.map(|text| format!("{}: {text}", survey.id)));
    }
    println!("{tally}");
    assert!(wrong.is_empty(), "{tally}\n{}", wrong.join("\n\n"));
    assert!(tally.least() >= 20_000, "{tally}");
}

/// The harness sees what it is there to see: a schema that is a little too strict, or a little too loose.
#[test]
fn a_changed_schema_is_seen() {
    let survey = shapes();
    let interpreter = Interpreter::new(&survey);
    let schemas = Schemas::of(&survey);
    let all = made(&interpreter, &[schemas::Crate(&schemas).claims(&survey)], 10);
    let seen = |pointer: &str, change: &dyn Fn(&mut serde_json::Value)| {
        let changed = schemas.changed("t1.schema.json", |schema| {
            change(schema.pointer_mut(pointer).unwrap_or_else(|| panic!("no {pointer}")));
        });
        held(&interpreter, &schemas::Crate(&changed), &all, &mut Tally::default()).unwrap_or_default()
    };
    let share = "/$defs/row_t1.cities/properties/share";
    let says = |wrong: &str, words: &str| assert!(wrong.contains(words), "{wrong}");
    says(&seen(share, &|s| s["maximum"] = json!(99.99)), "refuses");
    says(&seen(share, &|s| s["maximum"] = json!(1000)), "passes, although");
    says(&seen("/$defs/row_t1.cities", &|s| s["else"] = json!({})), "passes, although");
}

/// An engine that says the opposite of one rule.
struct Liar(usize);

impl Engine for Liar {
    fn name(&self) -> &str {
        "liar"
    }

    fn claims(&self, survey: &Survey) -> Vec<Claim> {
        survey.rules.iter().map(|_| Claim { status: Status::Exact, reasons: Vec::new() }).collect()
    }

    fn judge(&self, survey: &Survey, returns: &[Return]) -> Option<Vec<Judgement>> {
        let interpreter = Interpreter::new(survey);
        let lie = |one: &Return| {
            let mut rules = interpreter.judge(one).rules;
            if rules[self.0] == Verdict::Pass {
                rules[self.0] = Verdict::Fail;
            }
            Judgement::Rules(rules)
        };
        Some(returns.iter().map(lie).collect())
    }
}

#[test]
fn an_engine_that_lies_about_one_rule_is_seen() {
    let survey = shapes();
    let interpreter = Interpreter::new(&survey);
    let rule = survey.rules.iter().position(|r| r.id == "t1.pair").unwrap();
    let all = made(&interpreter, &[Liar(rule).claims(&survey)], 1);
    let wrong = held(&interpreter, &Liar(rule), &all, &mut Tally::default()).unwrap_or_default();
    assert!(wrong.contains("t1.pair: Pass is Fail here"), "{wrong}");
}
