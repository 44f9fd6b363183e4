//! `formwright eval`

use super::{Context, FINE, FOUND, Failure, Outcome, out};
use crate::resolve::calc;
use std::io::BufRead;

/// Longest line of a batch, bytes.
const MAX_LINE: usize = 1 << 20;

/// Evaluate an expression of the rule language
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright eval '1.005 + 2'\n  formwright eval 'a + b = c' --input '{\"a\": {\"number\": \"1\"}, \"b\": null, \"c\": {\"number\": \"3\"}}'\n  formwright eval --batch < cases.jsonl"
)]
pub struct Args {
    /// The expression
    #[arg(required_unless_present = "batch", conflicts_with = "batch")]
    expr: Option<String>,
    /// The inputs by name, typed: null, true, {"number": "1.50"}, {"string": "x"}, {"date": "2015-06-30"}, lists, {"context": {…}}
    #[arg(long)]
    input: Option<String>,
    /// JSON Lines {"expr", "inputs"} on standard input, one result a line
    #[arg(long)]
    batch: bool,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    if args.batch {
        return batch();
    }
    let input = match &args.input {
        None => serde_json::Value::Null,
        Some(text) => serde_json::from_str(text).map_err(|e| Failure::unusable(format!("--input: {e}")))?,
    };
    let answer = calc::answer(args.expr.as_deref().unwrap_or_default(), &input, context.lang);
    out(&format!("{answer}\n"));
    Ok(if answer.get("error").is_some() { FOUND } else { FINE })
}

fn batch() -> Outcome {
    for line in std::io::stdin().lock().lines() {
        let line = line.map_err(|e| Failure::unusable(format!("standard input: {e}")))?;
        if line.len() > MAX_LINE {
            return Err(Failure::unusable(format!(
                "a line has {} bytes, at most {MAX_LINE} are read",
                line.len()
            )));
        }
        if !line.trim().is_empty() {
            out(&format!("{}\n", calc::batch_line(&line)));
        }
    }
    Ok(FINE)
}
