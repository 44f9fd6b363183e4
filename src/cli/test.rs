//! `formwright test`

use super::{Context, FINE, FOUND, Outcome, files, out};
use crate::validate::{coverage, run_tests};
use std::path::PathBuf;

/// Run the designer's own tests, and name the rules that no test exercises
#[derive(clap::Args)]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let mut code = FINE;
    for folder in files::surveys(args.survey.as_deref())? {
        let compiled = files::compiled(context, &folder)?;
        let Some(survey) = &compiled.survey else { continue };
        let outcomes = run_tests(survey);
        let mut failed = 0;
        for (test, outcome) in survey.tests.iter().zip(&outcomes) {
            if outcome.passed {
                continue;
            }
            failed += 1;
            let at = compiled.sources.position(test.span);
            let file = compiled
                .sources
                .get(test.span.file)
                .map(|f| f.path.display().to_string())
                .unwrap_or_default();
            out(&format!("{file}:{}:{}: {}\n", at.line, at.column, test.name));
            for m in &outcome.missing {
                out(&format!("  expected, not found: {} {:?} {:?} {:?}\n", m.rule, m.row, m.column, m.over));
            }
            for f in &outcome.unexpected {
                let said = f.message.iter().map(|m| m.1.as_str()).next().unwrap_or_default();
                let place = (&f.place.block, &f.place.row, f.place.index.map(|i| i + 1), &f.place.column);
                out(&format!(
                    "  found, not expected: {} {} at {place:?}: {said}\n",
                    f.rule,
                    f.state.as_str()
                ));
            }
            if let Some(e) = &outcome.error {
                out(&format!("  the test cannot be read: {} ({})\n", e.message("en"), e.pointer));
            }
        }
        let c = coverage(survey, &outcomes);
        out(&format!(
            "{}: {} tests, {failed} failed; {} of {} rules fail in a test\n",
            folder.display(),
            outcomes.len(),
            c.rules - c.missing.len(),
            c.rules
        ));
        for rule in c.missing.iter().filter_map(|r| survey.rules.get(r.ix())) {
            out(&format!("  no test breaks {}\n", rule.id));
        }
        if failed > 0 {
            code = FOUND;
        }
    }
    Ok(code)
}
