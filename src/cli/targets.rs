//! `formwright targets`

use super::{Context, FINE, Outcome, build, files, out};
use crate::emit::{self, portability};
use std::path::PathBuf;

/// List the targets and what each can carry of a survey's rules
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  formwright targets\n  formwright targets schemas/planning-2015")]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let folders = match &args.survey {
        None => files::surveys_here()?,
        named => files::surveys(named.as_deref())?,
    };
    for emitter in emit::EMITTERS {
        out(&format!("{:<14} {}\n", emitter.name(), emitter.title()));
    }
    for folder in folders {
        let compiled = files::compiled(context, &folder)?;
        if let Some(survey) = &compiled.survey {
            let table = portability::portability(survey, emit::EMITTERS);
            let words = build::words(context);
            out(&format!("\n{}", portability::table(survey, &table, words)));
            out(&format!("\n{}", portability::summary(survey, &table, words)));
            let printed = portability::expressions(survey);
            out(&format!("\n{}", portability::table(survey, &printed, words)));
            out(&format!("\n{}", portability::totals(survey, &printed, words)));
        }
    }
    Ok(FINE)
}
