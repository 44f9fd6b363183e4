//! `formwright build`

use super::output::{self, Set};
use super::stdio::Progress;
use super::{Context, FINE, FOUND, Failure, Outcome, err, files, out, say};
use crate::diag::{Lang, render};
use crate::emit::{self, Made, portability};
use crate::ir::Survey;
use portability::Portability;
use std::path::{Path, PathBuf};

/// Compile surveys into artefacts under generated/<survey>/
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright build\n  formwright build schemas/planning-2015 --target json-schema\n  formwright build --check\n  formwright build --deny warnings --deny absent:json-schema"
)]
pub struct Args {
    /// The survey's folder or survey.yaml (default: every survey under schemas/)
    survey: Option<PathBuf>,
    /// Only this target (may be given several times)
    #[arg(long)]
    target: Vec<String>,
    /// Where the artefacts go
    #[arg(long, default_value = "generated")]
    out: PathBuf,
    /// Write nothing; exit 1 naming each stale file
    #[arg(long)]
    check: bool,
    /// Fail on `warnings`, `weaker:TARGET` or `absent:TARGET` (may be given several times)
    #[arg(long)]
    deny: Vec<String>,
    /// Say nothing but problems
    #[arg(long, short)]
    quiet: bool,
}

/// A survey that may be written.
struct Ready {
    survey: Survey,
    table: Portability,
    files: Set,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    usable(args)?;
    let mut ready = Vec::new();
    let mut code = FINE;
    let progress = Progress::new(!args.quiet);
    let folders = files::surveys(args.survey.as_deref())?;
    for (ix, folder) in folders.iter().enumerate() {
        progress.say(&files::step(context, &say::COMPILING, folder, ix, folders.len()));
        let (one, found) = compile(context, args, folder)?;
        code = code.max(found);
        ready.push(one);
    }
    files::distinct(folders.iter().map(PathBuf::as_path).zip(ready.iter().map(|r| r.survey.id.as_str())))?;
    if code != FINE {
        return Ok(code);
    }
    for (ix, one) in ready.iter().enumerate() {
        let folder = args.out.join(&one.survey.id);
        progress.say(&files::step(context, &say::WRITING, &folder, ix, ready.len()));
        let found = if args.check { check(context, args, one) } else { write(context, args, one)? };
        code = code.max(found);
    }
    std::mem::forget(ready); // the process ends: nothing of it need be freed piece by piece
    Ok(code)
}

fn usable(args: &Args) -> Result<(), Failure> {
    let names: Vec<&str> = emit::EMITTERS.iter().map(|e| e.name()).collect();
    let no_target =
        |name: &str| Failure::unusable(say::NO_TARGET.with(&[("name", name), ("known", &names.join(", "))]));
    if let Some(wrong) = args.target.iter().find(|w| !names.contains(&w.as_str())) {
        return Err(no_target(wrong));
    }
    for deny in args.deny.iter().filter(|d| *d != "warnings") {
        match deny.split_once(':') {
            Some(("weaker" | "absent", target)) if names.contains(&target) => {}
            Some(("weaker" | "absent", target)) => return Err(no_target(target)),
            _ => return Err(Failure::unusable(say::BAD_DENY.with(&[("value", deny)]))),
        }
    }
    Ok(())
}

/// Compiles, and says what is denied.
fn compile(context: &Context, args: &Args, folder: &Path) -> Result<(Ready, u8), Failure> {
    let compiled = files::compiled(context, folder)?;
    let mut code = FINE;
    if !compiled.diagnostics.is_empty() {
        err(&render::text(&compiled.sources, &compiled.diagnostics, context.lang, context.colour));
        let warns = |d: &crate::diag::Diagnostic| d.code.severity == crate::diag::Severity::Warning;
        if args.deny.iter().any(|d| d == "warnings") && compiled.diagnostics.iter().any(warns) {
            code = FOUND;
        }
    }
    let Some(survey) = compiled.survey else { return Err(Failure::unusable(say::SURVEY_ERRORS.with(&[]))) };
    let is_wanted = |name: &str| args.target.is_empty() || args.target.iter().any(|target| target == name);
    let Made { table, files } = emit::made(&survey, is_wanted);
    let files = output::set(files);
    for deny in args.deny.iter().filter(|d| *d != "warnings") {
        for d in portability::denied(&survey, &table, deny).map_err(Failure::unusable)? {
            let parts = [("rule", d.rule.as_str()), ("status", d.status.name()), ("target", d.target)];
            context.say(&say::CARRIED.with(&parts));
            code = FOUND;
        }
    }
    Ok((Ready { survey, table, files }, code))
}

fn check(context: &Context, args: &Args, one: &Ready) -> u8 {
    let folder = args.out.join(&one.survey.id);
    let stale = output::stale(&folder, &one.files, args.target.is_empty());
    for (say, path) in &stale {
        context.say(&say.with(&[("path", &path.display().to_string())]));
    }
    if stale.is_empty() && !args.quiet {
        let parts = [("files", one.files.len().to_string()), ("path", folder.display().to_string())];
        let parts: Vec<(&str, &str)> = parts.iter().map(|(n, v)| (*n, v.as_str())).collect();
        out(&format!("{}\n", say::FRESH.text(context.lang, &parts)));
    }
    if stale.is_empty() { FINE } else { FOUND }
}

/// The words of the portability table in the language of the messages.
pub fn words(context: &Context) -> &'static portability::Words {
    if context.lang == Lang::Zh { &portability::CHINESE } else { &portability::ENGLISH }
}

fn write(context: &Context, args: &Args, one: &Ready) -> Outcome {
    let folder = args.out.join(&one.survey.id);
    let written = output::write_set(context, &folder, &one.files, args.target.is_empty())?;
    for (say, path) in output::extra(&folder, &one.files, args.target.is_empty()) {
        context.say(&say.with(&[("path", &path.display().to_string())]));
    }
    if args.quiet {
        return Ok(FINE);
    }
    let (files, changed, removed) = (one.files.len(), written.changed, written.removed);
    let (files, changed, removed) = (files.to_string(), changed.to_string(), removed.to_string());
    let path = folder.display().to_string();
    let parts = [("files", files.as_str()), ("changed", &changed), ("removed", &removed), ("path", &path)];
    out(&portability::summary(&one.survey, &one.table, words(context)));
    out(&format!("\n{}\n\n", say::BUILT.text(context.lang, &parts)));
    Ok(FINE)
}
