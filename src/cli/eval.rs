//! `formwright eval`

use super::lines::{self, Line};
use super::{Context, FINE, FOUND, Failure, Outcome, files, out, say};
use crate::data::ReadError;
use crate::resolve::calc;
use formwright_engine::json;
use serde_json::Value;
use std::io::BufReader;

/// Longest line of a batch, and longest `--input`, bytes.
const MAX_LINE: usize = 1 << 20;

/// Evaluate an expression of the rule language
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright eval '1.005 + 2'\n  formwright eval 'a + b = c' --input '{\"a\": {\"number\": \"1\"}, \"b\": null, \"c\": {\"number\": \"3\"}}'\n  echo '{\"expr\": \"1 < 2\", \"inputs\": {}}' | formwright eval --batch"
)]
pub struct Args {
    /// The expression
    #[arg(required_unless_present = "batch", conflicts_with = "batch", allow_hyphen_values = true)]
    expr: Option<String>,
    /// The inputs by name, typed: null, true, {"number": "1.50"}, {"string": "x"}, {"date": "2015-06-30"}, lists, {"context": {…}}
    #[arg(long, conflicts_with = "batch")]
    input: Option<String>,
    /// JSON Lines {"expr", "inputs"} on standard input, one result a line
    #[arg(long)]
    batch: bool,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    if args.batch {
        return batch(context);
    }
    let input = match &args.input {
        None => Value::Null,
        Some(text) => strict(text).map_err(|e| {
            let (en, zh) = (say::BAD_INPUT.with(&[("problem", &e.message("en"))]).en, e.message("zh"));
            Failure::unusable(say::Words { en, zh: say::BAD_INPUT.with(&[("problem", &zh)]).zh })
        })?,
    };
    let answer = calc::answer(args.expr.as_deref().unwrap_or_default(), &input, context.lang);
    out(&format!("{answer}\n"));
    Ok(if answer.get("error").is_some() { FOUND } else { FINE })
}

/// JSON within our limits, without a repeated key.
fn strict(text: &str) -> Result<Value, ReadError> {
    let limits = json::Limits { bytes: MAX_LINE, ..json::Limits::default() };
    let document = json::parse(text.as_bytes(), &limits)?;
    if let Some(twice) = document.duplicates.into_iter().next() {
        return Err(twice.into());
    }
    serde_json::from_str(text).map_err(|_| {
        let problem = json::Problem::Expected(json::Expected::Value);
        json::JsonError { problem, offset: 0, pointer: String::new() }.into()
    })
}

/// One result for each line that is not blank; what is wrong with a line is its result.
fn batch(context: &Context) -> Outcome {
    let mut input = BufReader::with_capacity(1 << 16, std::io::stdin().lock());
    let mut results = String::new();
    loop {
        let next = lines::next(&mut input, MAX_LINE);
        let next = next.map_err(|e| stdin_failed(&e))?;
        match &next {
            Some((Line::TooLong, _)) => results.push_str(&refused(context, None)),
            Some((Line::Text(line), _)) if line.trim_ascii().is_empty() => {}
            Some((Line::Text(line), _)) => results.push_str(&result(context, line)),
            None => {}
        }
        if next.is_none() || input.buffer().is_empty() || results.len() > 1 << 16 {
            out(&std::mem::take(&mut results));
        }
        if next.is_none() || super::stdio::closed() {
            return Ok(FINE);
        }
    }
}

fn stdin_failed(error: &std::io::Error) -> Failure {
    let reason = files::reason(error);
    let of = |text: &str| say::STDIN.with(&[("reason", text)]);
    Failure::environment(say::Words { en: of(&reason.en).en, zh: of(&reason.zh).zh })
}

fn result(context: &Context, line: &[u8]) -> String {
    let text = String::from_utf8_lossy(line);
    match json::parse(line, &json::Limits { bytes: MAX_LINE, ..json::Limits::default() }) {
        Ok(read) if read.duplicates.is_empty() => format!("{}\n", calc::batch_line(&text)),
        Ok(read) => refused(context, read.duplicates.into_iter().next()),
        Err(error) => refused(context, Some(error)),
    }
}

fn refused(context: &Context, error: Option<json::JsonError>) -> String {
    let zh = context.lang == crate::diag::Lang::Zh;
    let message = match error {
        Some(error) => ReadError::from(error).message(if zh { "zh" } else { "en" }),
        None => say::LINE_SIZE.text(context.lang, &[("limit", &MAX_LINE.to_string())]),
    };
    format!("{}\n", serde_json::json!({"error": {"code": "input", "message": message, "span": null}}))
}
