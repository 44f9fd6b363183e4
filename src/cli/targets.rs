//! `formwright targets`

use super::{Context, FINE, Outcome, files, out};
use crate::emit::{self, portability};
use std::path::PathBuf;

/// List the targets and what each can carry of a survey's rules
#[derive(clap::Args)]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
    /// One row a rule
    #[arg(long)]
    rules: bool,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    for emitter in emit::EMITTERS {
        out(&format!("{:<14} {}\n", emitter.name(), emitter.title()));
    }
    for folder in files::surveys(args.survey.as_deref())? {
        let compiled = files::compiled(context, &folder)?;
        if let Some(survey) = &compiled.survey {
            let table = portability::Table::of(survey);
            out(&table.text(context.lang));
            if args.rules {
                out(&table.rules_text());
            }
        }
    }
    Ok(FINE)
}
