//! `formwright explain`

use super::say::{self, Words};
use super::{Context, FINE, Failure, Outcome, out};
use crate::diag::{codes, nearest, render};

/// Explain a code of a diagnostic, with a wrong and a right example
#[derive(clap::Args)]
#[command(after_help = "Examples:\n  formwright explain E0102\n  formwright explain unknown-key")]
pub struct Args {
    /// The code or its name; without one, all codes are listed
    code: Option<String>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let Some(wanted) = &args.code else {
        for code in codes::all() {
            out(&format!("{}  {}\n", code.code, code.name));
        }
        return Ok(FINE);
    };
    match codes::find(wanted) {
        Some(code) => out(&render::explain(code, context.lang)),
        None => {
            let near = nearest(wanted, codes::all().flat_map(|c| [c.code, c.name]));
            let names = near.join(", ");
            let hint = if near.is_empty() { Words::from("") } else { say::HINT.with(&[("names", &names)]) };
            let of = |hint: &str| say::NO_CODE.with(&[("code", wanted.as_str()), ("hint", hint)]);
            return Err(Failure::unusable(Words { en: of(&hint.en).en, zh: of(&hint.zh).zh }));
        }
    }
    Ok(FINE)
}
