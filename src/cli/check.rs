//! `formwright check`

use super::stdio::Progress;
use super::{Context, FINE, FOUND, Outcome, UNUSABLE, files, out, say};
use crate::diag::{Severity, render};
use serde_json::Value;
use std::path::PathBuf;

/// Report every problem of the source in one run
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright check\n  formwright check schemas/planning-2015 --deny warnings\n  formwright check --format sarif > problems.sarif"
)]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
    /// How problems are written
    #[arg(long, default_value = "text", value_parser = ["text", "json", "sarif", "github"])]
    format: String,
    /// `warnings`: exit 1 on a warning too
    #[arg(long, value_parser = ["warnings"])]
    deny: Vec<String>,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let mut code = FINE;
    let mut documents = Vec::new();
    let progress = Progress::new(args.format == "text");
    let folders = files::surveys(args.survey.as_deref())?;
    let mut ids = Vec::new();
    for (ix, folder) in folders.iter().enumerate() {
        progress.say(&files::step(context, &say::COMPILING, folder, ix, folders.len()));
        let compiled = files::compile(folder)?;
        ids.push(compiled.survey.as_ref().map_or(String::new(), |survey| survey.id.clone()));
        let found = &compiled.diagnostics;
        let text = match args.format.as_str() {
            "json" => render::json(&compiled.sources, found),
            "sarif" => render::sarif(&compiled.sources, found, context.lang),
            "github" => render::github(&compiled.sources, found, context.lang),
            _ => render::text(&compiled.sources, found, context.lang, context.colour),
        };
        match args.format.as_str() {
            "json" | "sarif" => documents.push(text),
            _ => out(&text),
        }
        let errors = found.iter().filter(|d| d.code.severity == Severity::Error).count();
        let warnings = found.iter().filter(|d| d.code.severity == Severity::Warning).count();
        if args.format == "text" {
            let (path, errors, warnings) =
                (folder.display().to_string(), errors.to_string(), warnings.to_string());
            let parts = [("path", path.as_str()), ("errors", &errors), ("warnings", &warnings)];
            out(&format!("{}\n", say::CHECKED.text(context.lang, &parts)));
        }
        if crate::diag::unusable(found) {
            code = UNUSABLE;
        } else if code == FINE && (errors > 0 || (warnings > 0 && !args.deny.is_empty())) {
            code = FOUND;
        }
    }
    out(&one_document(documents));
    files::distinct(folders.iter().map(PathBuf::as_path).zip(ids.iter().map(String::as_str)))?;
    Ok(code)
}

/// What is said of several surveys as one document: the lists of each, one behind the other.
fn one_document(mut documents: Vec<String>) -> String {
    if documents.len() < 2 {
        return documents.pop().unwrap_or_default();
    }
    let mut all: Option<Value> = None;
    for document in documents.iter().filter_map(|text| serde_json::from_str::<Value>(text).ok()) {
        match &mut all {
            None => all = Some(document),
            Some(all) => append(all, document),
        }
    }
    all.map(|all| format!("{all:#}\n")).unwrap_or_default()
}

fn append(all: &mut Value, more: Value) {
    for key in ["diagnostics", "runs"] {
        if let (Some(Value::Array(all)), Some(Value::Array(more))) = (all.get_mut(key), more.get(key)) {
            all.extend(more.iter().cloned());
        }
    }
}
