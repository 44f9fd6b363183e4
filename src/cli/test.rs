//! `formwright test`

use super::stdio::Progress;
use super::{Context, FINE, FOUND, Outcome, files, out, say};
use crate::diag::Lang;
use crate::expr::verdict::Verdict;
use crate::ir::{Expect, Origin, Rule, Survey};
use crate::solve::Solver;
use crate::source::SourceMap;
use crate::validate::suggest::{OUTCOMES, short, suggest};
use crate::validate::{TestOutcome, coverage, run_tests_telling};
use formwright_engine::Finding;
use std::path::{Path, PathBuf};

/// Run the designer's own tests, and name the rules that no test exercises
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright test\n  formwright test schemas/planning-2015\n  formwright test --suggest\n  formwright test --suggest=t09.calls_add_up"
)]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
    /// Print tests to paste beside the tables: for each rule that no test breaks, or for this one, a return that it
    /// passes, fails and leaves undecided
    #[arg(long, value_name = "RULE", num_args = 0..=1, require_equals = true, default_missing_value = "")]
    suggest: Option<String>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let mut code = FINE;
    let progress = Progress::new(true);
    let folders = files::surveys(args.survey.as_deref())?;
    for (ix, folder) in folders.iter().enumerate() {
        progress.say(&files::step(context, &say::COMPILING, folder, ix, folders.len()));
        let compiled = files::compiled(context, folder)?;
        let Some(survey) = &compiled.survey else { continue };
        if let Some(rule) = &args.suggest {
            let is_known = suggested(context, folder, survey, rule);
            if !is_known {
                code = FOUND;
            }
            continue;
        }
        let all = survey.tests.len();
        let outcomes = run_tests_telling(survey, &mut |n| {
            progress.say(&files::step(context, &say::TESTING, folder, n, all));
        });
        let failed = told(context, &compiled.sources, survey, &outcomes);
        summed(context, folder, survey, &outcomes, failed);
        if failed > 0 {
            code = FOUND;
        }
    }
    Ok(code)
}

/// Prints tests for the rules that no test breaks, or for the one that is named; whether there are such rules.
fn suggested(context: &Context, folder: &Path, survey: &Survey, named: &str) -> bool {
    let rules: Vec<&Rule> = match named {
        "" => {
            let outcomes = crate::validate::run_tests(survey);
            let missing = coverage(survey, &outcomes).missing;
            missing.iter().filter_map(|r| survey.rules.get(r.ix())).collect()
        }
        _ => {
            let own = |r: &&Rule| {
                r.origin == Origin::Rule && (r.id == named || r.id.ends_with(&format!(".{named}")))
            };
            survey.rules.iter().filter(own).collect()
        }
    };
    if rules.is_empty() && !named.is_empty() {
        let known = survey.rules.iter().filter(|r| r.origin == Origin::Rule).map(|r| r.id.as_str());
        let near = crate::diag::nearest(named, known).join(", ");
        let hint =
            if near.is_empty() { String::new() } else { say::HINT.text(context.lang, &[("names", &near)]) };
        out(&format!("{}\n", say::NO_RULE.text(context.lang, &[("rule", named), ("hint", &hint)])));
        return false;
    }
    let solver = Solver::new(survey);
    let mut under = None;
    for rule in rules {
        let table =
            rule.table.and_then(|t| survey.tables.get(t)).map_or(survey.id.as_str(), |t| t.id.as_str());
        if under != Some(table) {
            let path = format!("{}, {table}", folder.display());
            out(&format!("{}\ntests:\n", say::SUGGESTED.text(context.lang, &[("path", &path)])));
            under = Some(table);
        }
        OUTCOMES.iter().for_each(|wanted| out(&one(context, survey, &solver, rule, *wanted)));
    }
    true
}

/// A test as it is written beside the tables.
fn one<'s>(
    context: &Context,
    survey: &'s Survey,
    solver: &Solver<'s>,
    rule: &'s Rule,
    wanted: Verdict,
) -> String {
    let sentence = match wanted {
        Verdict::Pass => say::PASSES,
        Verdict::Fail => say::BREAKS,
        Verdict::Unknown | Verdict::NotApplicable => say::UNDECIDED,
    };
    let what = sentence.text(context.lang, &[("rule", &short(survey, rule, &rule.id))]);
    match suggest(survey, solver, rule, wanted) {
        Some(test) => {
            let members = test.members.iter().map(|(key, value)| format!("    {key}: {value}\n"));
            format!("  - name: {what}\n{}", members.collect::<String>())
        }
        None => format!("{}\n", say::NOT_SUGGESTED.text(context.lang, &[("what", &what)])),
    }
}

/// Tells of the tests that failed; how many.
fn told(context: &Context, sources: &SourceMap, survey: &Survey, outcomes: &[TestOutcome]) -> usize {
    let failed = || survey.tests.iter().zip(outcomes).filter(|(_, outcome)| !outcome.passed);
    for (test, outcome) in failed() {
        let at = sources.position(test.span);
        let file = sources.get(test.span.file).map(|f| f.path.display().to_string()).unwrap_or_default();
        out(&format!("{file}:{}:{}: {}\n", at.line, at.column, test.name));
        out(&wrong(context, outcome));
    }
    failed().count()
}

/// The sums of a survey's tests, and the rules that none of them breaks.
fn summed(context: &Context, folder: &Path, survey: &Survey, outcomes: &[TestOutcome], failed: usize) {
    let c = coverage(survey, outcomes);
    let (tests, rules) = (outcomes.len().to_string(), c.rules.to_string());
    let (failed, broken) = (failed.to_string(), (c.rules - c.missing.len()).to_string());
    let path = folder.display().to_string();
    let args = [
        ("path", path.as_str()),
        ("tests", &tests),
        ("failed", &failed),
        ("broken", &broken),
        ("rules", &rules),
    ];
    out(&format!("{}\n", say::TESTS.text(context.lang, &args)));
    for rule in c.missing.iter().filter_map(|r| survey.rules.get(r.ix())) {
        out(&format!("{}\n", say::UNTESTED.text(context.lang, &[("rule", &rule.id)])));
    }
}

/// What a test has found otherwise than it says.
fn wrong(context: &Context, outcome: &TestOutcome) -> String {
    let mut text = String::new();
    let mut line = |said: String| text.push_str(&format!("  {said}\n"));
    for expect in &outcome.missing {
        line(say::TEST_MISSING.text(context.lang, &[("what", &expected(expect))]));
    }
    for finding in &outcome.unexpected {
        let code = if context.lang == Lang::Zh { "zh" } else { "en" };
        let message = finding.message.iter().find(|m| m.0 == code).or(finding.message.first());
        let args = [("what", found(finding)), ("message", message.map(|m| m.1.clone()).unwrap_or_default())];
        let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
        line(say::TEST_UNEXPECTED.text(context.lang, &args));
    }
    if let Some(e) = &outcome.error {
        let problem = e.message(if context.lang == Lang::Zh { "zh" } else { "en" });
        let pointer = if e.pointer.is_empty() { String::new() } else { format!(" ({})", e.pointer) };
        line(say::TEST_UNREADABLE.text(context.lang, &[("problem", &problem), ("pointer", &pointer)]));
    }
    text
}

/// As `expect` would say it.
fn expected(e: &Expect) -> String {
    let parts = [
        ("section", &e.section),
        ("group", &e.group),
        ("row", &e.row),
        ("column", &e.column),
        ("over", &e.over),
        ("state", &e.state),
    ];
    let written = parts.iter().filter_map(|(key, value)| Some(format!(", {key}: {}", value.as_ref()?)));
    format!("{{rule: {}{}}}", e.rule, written.collect::<String>())
}

fn found(f: &Finding) -> String {
    let p = &f.place;
    let row = match (&p.block, p.index, &p.row) {
        (Some(block), Some(index), _) => Some(format!("{block} {}", index + 1)),
        (_, _, row) => row.clone(),
    };
    let over = p.over.first().map(|(_, value)| value.clone());
    let state = (f.state != formwright_engine::State::Fail).then(|| f.state.as_str().to_owned());
    let (section, group, column) = (p.section.clone(), p.group.clone(), p.column.clone());
    let rule = f.rule.clone();
    expected(&Expect { rule, section, group, row, column, over, state, ..Expect::default() })
}
