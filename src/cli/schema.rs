//! `formwright schema`

use super::{Context, FINE, Failure, Outcome, out};

/// Print the JSON Schema of the survey files, for editors
#[derive(clap::Args)]
#[command(after_help = "Example:\n  formwright schema > formwright.schema.json")]
pub struct Args {}

pub fn run(_: &Context, _: &Args) -> Outcome {
    let schema = crate::parse::ast::schema();
    let text = serde_json::to_string_pretty(&schema).map_err(|e| Failure::environment(e.to_string()))?;
    out(&format!("{text}\n"));
    Ok(FINE)
}
