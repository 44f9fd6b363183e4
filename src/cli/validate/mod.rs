//! `formwright validate`

pub mod feed;
mod format;
mod json;
mod previous;
mod sarif;
pub mod surveys;
mod text;

use super::{Context, ENVIRONMENT, FINE, FOUND, Failure, Outcome, files, out, parallel, say, stdio};
use crate::data::{Earlier, Parsed};
use crate::validate::{Beside, Options, Report, validate};
use feed::{Fault, Feed, Item};
use format::{Checked, FORMATS, Format, Totals};
use formwright_engine::{Severity, State};
use std::io::{Read, Seek, Write};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use surveys::{Loaded, Surveys};

/// Reports are kept in memory up to that size, beyond it in a temporary file (formats that are one document).
const SPOOL: usize = 8 << 20;

/// Check returns against every rule
#[derive(clap::Args)]
#[command(
    after_help = "Examples:\n  formwright validate return.json\n  formwright validate --draft unfinished.json\n  formwright validate returns/ more.jsonl --format jsonl > findings.jsonl\n  formwright validate return.json --context register.json --previous last-year.json\n  formwright validate - < return.json\n\nEach line of a .jsonl or .ndjson file is a return; a line that cannot be read is named and the others are still checked.\nExit codes: 0 nothing blocks; 1 something blocks; 2 a return could not be read; 3 disk or permissions; the highest counts."
)]
pub struct Args {
    /// Returns: .json, or .jsonl with one a line; folders of them; `-` is standard input
    #[arg(required = true)]
    files: Vec<PathBuf>,
    /// The survey (default: the one the return names, under schemas/)
    #[arg(long)]
    survey: Option<PathBuf>,
    /// As drafts, whatever they say themselves: missing answers are no finding
    #[arg(long)]
    draft: bool,
    /// The context, a JSON file
    #[arg(long)]
    context: Option<PathBuf>,
    /// The previous return, or JSON Lines with one a respondent; NAME=FILE where the survey declares several
    #[arg(long)]
    previous: Vec<String>,
    /// How findings are written
    #[arg(long, default_value = "text", value_parser = ["text", "json", "jsonl", "sarif"])]
    format: String,
    /// `warnings`: exit 1 on a warning too
    #[arg(long, value_parser = ["warnings"])]
    deny: Vec<String>,
    /// Every file is JSON Lines, whatever its name
    #[arg(long)]
    lines: bool,
}

/// What came of one return.
struct Done {
    text: String,
    outcome: Result<Verdict, Box<Fault>>,
}

/// The part of a report that the run needs.
struct Verdict {
    loaded: Arc<Loaded>,
    counts: crate::validate::Counts,
    blocks: bool,
    found: bool,
    unlisted: u64,
}

pub fn run(context: &Context, args: &Args) -> Outcome {
    let Some(format) = FORMATS.iter().find(|f| f.name == args.format) else {
        return Err(Failure::unusable(args.format.as_str()));
    };
    stdin_once(args)?;
    let surveys = Surveys::new(args.survey.clone()).with(args.context.clone(), args.previous.clone());
    let colour = stdio::colour(&std::io::stdout());
    let work = |batch: (Vec<Item>, u64, u64)| {
        let (items, done, total) = batch;
        let all: Vec<Done> =
            items.iter().map(|item| check(context, args, &surveys, format, colour, item)).collect();
        (all, done, total)
    };
    let mut feed = Feed::new(&args.files, args.lines);
    let batches = std::iter::from_fn(|| feed.next().map(|items| (items, feed.done, feed.total)));
    let mut run = Run::new(context, format);
    let mut fault = None;
    // The verdict is that of all returns even where nobody reads the findings; only a stream may have no end.
    let endless = args.files.iter().any(|path| path == Path::new("-"));
    parallel::ordered(batches, work, |(all, done, total)| {
        fault = surveys.failure().or_else(|| run.take(all, done, total).err());
        let in_vain = stdio::fault().is_some() || (stdio::closed() && endless);
        if fault.is_some() || in_vain { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    match fault {
        Some(failure) => Err(failure),
        None => run.end(),
    }
}

/// Standard input is read for one thing.
fn stdin_once(args: &Args) -> Result<(), Failure> {
    let of_previous = |given: &String| given.split_once('=').map_or(given.as_str(), |(_, path)| path) == "-";
    let files = args.files.iter().any(|path| path == Path::new("-"));
    let context = args.context.as_deref() == Some(Path::new("-"));
    let previous = args.previous.iter().filter(|given| of_previous(given)).count();
    if usize::from(files) + usize::from(context) + previous > 1 {
        return Err(Failure::unusable(say::STDIN_TWICE.with(&[])));
    }
    Ok(())
}

fn check(
    context: &Context,
    args: &Args,
    surveys: &Surveys,
    format: &Format,
    colour: bool,
    item: &Item,
) -> Done {
    let judged = || -> Result<(String, Verdict), Box<Fault>> {
        let parsed = Parsed::new(item.bytes()?).map_err(|e| item.unreadable(&e))?;
        let loaded = surveys.of(context, &parsed).map_err(|f| item.failed(f))?;
        let report = judge(args, &loaded, &parsed, item)?;
        let one =
            Checked { item, loaded: &loaded, parsed: &parsed, report: &report, lang: context.lang, colour };
        let text = (format.report)(&one);
        let denied = !args.deny.is_empty() && report.counts.of(State::Fail, Severity::Warning) > 0;
        let (blocks, found) = (report.blocks, report.blocks || denied);
        let unlisted = report.total.saturating_sub(report.findings.len()) as u64;
        Ok((text, Verdict { counts: report.counts, blocks, found, unlisted, loaded: loaded.clone() }))
    };
    match judged() {
        Ok((text, verdict)) => Done { text, outcome: Ok(verdict) },
        Err(fault) => Done { text: (format.fault)(&fault, context.lang), outcome: Err(fault) },
    }
}

fn judge(args: &Args, loaded: &Loaded, parsed: &Parsed<'_>, item: &Item) -> Result<Report, Box<Fault>> {
    let submission = parsed.read(&loaded.survey, &loaded.layout).map_err(|e| item.unreadable(&e))?;
    let previous = loaded.previous(submission.respondent.as_deref()).map_err(|f| item.failed(f))?;
    let previous: Vec<Option<&Earlier>> = previous.iter().map(Option::as_deref).collect();
    let beside = Beside { context: loaded.context.as_ref(), previous: &previous };
    let options = Options { is_final: args.draft.then_some(false), ..Options::default() };
    Ok(validate(&loaded.survey, &loaded.layout, &submission, &beside, &options))
}

/// A run as far as it has come.
struct Run<'a> {
    context: &'a Context,
    format: &'a Format,
    totals: Totals,
    code: u8,
    spool: tempfile::SpooledTempFile,
    begun: bool,
    progress: stdio::Progress,
}

impl<'a> Run<'a> {
    fn new(context: &'a Context, format: &'a Format) -> Self {
        Run {
            context,
            format,
            totals: Totals::default(),
            code: FINE,
            spool: tempfile::spooled_tempfile(SPOOL),
            begun: false,
            progress: stdio::Progress::new(format.name == "text"),
        }
    }

    fn take(&mut self, all: Vec<Done>, done: u64, total: u64) -> Result<(), Failure> {
        let mut text = String::new();
        for one in all {
            self.count(one.outcome, &mut text);
            if one.text.is_empty() {
                continue;
            }
            if std::mem::replace(&mut self.begun, true) {
                text.push_str(self.format.between);
            }
            text.push_str(&one.text);
        }
        if self.format.streams {
            if !text.is_empty() {
                out(&text);
            }
        } else {
            self.spool.write_all(text.as_bytes()).map_err(|e| spooled(&e))?;
        }
        self.progress.say(&say::returns(self.context.lang, self.totals.returns(), done, total));
        Ok(())
    }

    fn count(&mut self, outcome: Result<Verdict, Box<Fault>>, text: &mut String) {
        match outcome {
            Ok(verdict) => {
                if !self.totals.surveys.iter().any(|s| Arc::ptr_eq(s, &verdict.loaded)) {
                    text.push_str(&(self.format.header)(&verdict.loaded, self.context.lang));
                    self.totals.surveys.push(verdict.loaded);
                }
                self.totals.counts.extend(&verdict.counts);
                self.totals.unlisted += verdict.unlisted;
                self.totals.accepted += u64::from(!verdict.blocks);
                self.totals.refused += u64::from(verdict.blocks);
                self.code = self.code.max(if verdict.found { FOUND } else { FINE });
            }
            Err(fault) => {
                self.context.say(&fault.said());
                self.totals.unreadable += 1;
                self.code = self.code.max(fault.code);
            }
        }
    }

    fn end(mut self) -> Outcome {
        let lang = self.context.lang;
        out(&(self.format.open)(&self.totals, lang));
        self.spool.rewind().map_err(|e| spooled(&e))?;
        let mut part = vec![0; 1 << 16];
        // A character may be cut between two parts, so bytes are kept until they are text.
        let mut held = Vec::new();
        loop {
            let n = self.spool.read(&mut part).map_err(|e| spooled(&e))?;
            held.extend_from_slice(part.get(..n).unwrap_or_default());
            let whole = match std::str::from_utf8(&held) {
                Ok(text) => text.len(),
                Err(e) => e.valid_up_to(),
            };
            let rest = held.split_off(whole);
            out(&String::from_utf8_lossy(&std::mem::replace(&mut held, rest)));
            if n == 0 {
                break;
            }
        }
        out(&(self.format.close)(&self.totals, lang));
        Ok(self.code)
    }
}

fn spooled(error: &std::io::Error) -> Failure {
    Failure { words: files::reason(error), code: ENVIRONMENT }
}
