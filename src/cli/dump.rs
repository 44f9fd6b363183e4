//! `formwright dump`

use super::{Context, FINE, Outcome, files, out};
use std::path::PathBuf;

/// Make a stage of the compiler visible
#[derive(clap::Args)]
pub struct Args {
    /// The stage
    #[arg(value_parser = ["ast", "ir", "expr"])]
    stage: String,
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    for folder in files::surveys(args.survey.as_deref())? {
        if args.stage == "ast" {
            out(&crate::dump_ast(files::sources(&folder)?));
            continue;
        }
        let compiled = files::compiled(context, &folder)?;
        let Some(survey) = &compiled.survey else { continue };
        if args.stage == "ir" {
            out(&format!("{survey:#?}\n"));
            continue;
        }
        for rule in &survey.rules {
            out(&format!("{}: {}\n", rule.id, rule.source));
            for instance in &rule.instances {
                out(&format!("  {:?}\n", instance.check));
            }
        }
    }
    Ok(FINE)
}
