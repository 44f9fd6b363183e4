//! `formwright migrate`

use super::output::Writer;
use super::stdio::Progress;
use super::validate::feed::{Feed, Item};
use super::validate::surveys::Surveys;
use super::{Context, FINE, FOUND, Outcome, say};
use crate::data;
use formwright_engine::write::Style;
use std::path::PathBuf;

/// Carry returns of an earlier version over the renames the survey declares (`was:`)
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright migrate return-2015.json -o return-2016.json\n  formwright migrate returns.jsonl > migrated.jsonl\n\nWhat the present version does not have is kept and named; then the exit code is 1."
)]
pub struct Args {
    /// Returns: .json, or .jsonl with one a line; folders; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The survey (default: the one the return names, under schemas/)
    #[arg(long)]
    survey: Option<PathBuf>,
    /// Where the result goes (default: standard output); several returns are written as JSON Lines
    #[arg(long, short)]
    out: Option<PathBuf>,
    /// Every file is JSON Lines, whatever its name
    #[arg(long)]
    lines: bool,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let surveys = Surveys::new(args.survey.clone());
    let mut feed = Feed::new(&args.files, args.lines);
    let style = if feed.is_single() { Style::Pretty } else { Style::Compact };
    let mut writer = Writer::new(args.out.as_deref())?;
    let progress = Progress::new(true);
    let (mut code, mut done) = (FINE, 0);
    while let Some(batch) = feed.next() {
        done += batch.len() as u64;
        for item in batch {
            match one(context, &surveys, &item, style) {
                Ok((migrated, found)) => {
                    writer.write(&migrated)?;
                    code = code.max(found);
                }
                Err(fault) => {
                    context.say(&fault.said());
                    code = code.max(fault.code);
                }
            }
        }
        if let Some(failure) = surveys.failure() {
            return Err(failure);
        }
        if writer.is_closed() {
            return Ok(code);
        }
        progress.say(&say::returns(context.lang, done, feed.done, feed.total));
    }
    if code <= FOUND {
        writer.keep()?;
    }
    Ok(code)
}

fn one(
    context: &Context,
    surveys: &Surveys,
    item: &Item,
    style: Style,
) -> Result<(String, u8), Box<super::validate::feed::Fault>> {
    let bytes = item.bytes()?;
    let parsed = data::Parsed::new(bytes).map_err(|e| item.unreadable(&e))?;
    let loaded = surveys.of(context, &parsed).map_err(|f| item.failed(f))?;
    let style = if item.line.is_some() { Style::Compact } else { style };
    let migrated =
        data::migrate(&loaded.survey, &loaded.layout, bytes, style).map_err(|e| item.unreadable(&e))?;
    let (to, changed) = (loaded.survey.version.as_str(), migrated.changed.to_string());
    let parts = [("from", migrated.from.as_str()), ("to", to), ("changed", &changed)];
    context.say(&say::MIGRATED.with(&parts).at(&item.name()));
    for pointer in &migrated.left {
        context.say(&say::LEFT.with(&[("to", to)]).at(&format!("{}: {pointer}", item.name())));
    }
    let end = if style == Style::Compact { "\n" } else { "" };
    let code = if migrated.left.is_empty() { FINE } else { FOUND };
    Ok((format!("{}{end}", migrated.text), code))
}
