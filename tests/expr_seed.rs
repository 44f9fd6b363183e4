//! The rules of the survey in `schemas/` in every expression target.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use formwright::expr::carry::{Carried, carried, print_verdicts, reason};
use formwright::expr::lower::instance;
use formwright::expr::named::Named;
use formwright::expr::target::{JS, TARGETS};
use formwright::ir::Survey;
use std::path::Path;
use std::time::Instant;

fn survey() -> Survey {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    let compiled = formwright::compile(formwright::cli::files::sources(&folder).unwrap());
    compiled.survey.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics))
}

#[test]
fn every_rule_prints_to_javascript_exactly() {
    let survey = survey();
    for rule in &survey.rules {
        let found = carried(&survey, rule, &JS);
        assert!(matches!(found, Carried::Exact | Carried::Raw), "{}: {found:?}", rule.id);
    }
}

#[test]
fn every_rule_prints_to_every_target_or_says_why_not() {
    let survey = survey();
    for target in TARGETS {
        let mut counts = [0; 4];
        for rule in &survey.rules {
            let found = carried(&survey, rule, target);
            let (at, reasons) = match &found {
                Carried::Exact => (0, Vec::new()),
                Carried::Weaker(reasons) => (1, reasons.iter().collect()),
                Carried::Absent(reasons) => (2, reasons.iter().collect()),
                Carried::Raw => (3, Vec::new()),
            };
            counts[at] += 1;
            for code in reasons {
                assert!(reason(code).is_some(), "{} in {}: {code}", rule.id, target.name);
                println!("{}: {} {found:?}", target.name, rule.id);
            }
        }
        println!(
            "{}: exact {}, weaker {}, absent {}, raw {}",
            target.name, counts[0], counts[1], counts[2], counts[3]
        );
    }
}

/// Run with `--ignored --nocapture`, optimised.
#[test]
#[ignore = "a measurement"]
fn time_of_printing_the_survey() {
    let survey = survey();
    for target in TARGETS {
        let (start, mut printed, mut length) = (Instant::now(), 0, 0);
        for rule in &survey.rules {
            for one in &rule.instances {
                let Ok(Some(verdicts)) = instance(&survey, rule.origin, one) else { continue };
                let site = Named { survey: &survey, target };
                if let Ok(texts) = print_verdicts(&verdicts, target, &site) {
                    printed += 1;
                    length += texts.passes.text.len() + texts.fails.text.len();
                }
            }
        }
        println!("{}: {printed} places in {:?}, {length} bytes", target.name, start.elapsed());
    }
}
