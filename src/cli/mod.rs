//! The command line: the only module that touches disk and terminal. One file a command.

mod build;
mod check;
mod completions;
mod dump;
mod eval;
mod explain;
pub mod files;
mod help;
mod lines;
mod migrate;
mod output;
mod parallel;
pub mod say;
mod schema;
mod stdio;
mod targets;
mod test;
mod usage;
mod validate;

use crate::diag::Lang;
use clap::{FromArgMatches, Parser, Subcommand};
use say::Words;
use std::io::Write;
use std::process::ExitCode;
pub use stdio::{err, out};

/// Everything is in order.
pub const FINE: u8 = 0;
/// Findings that block, errors of the source, failing tests, drift, or what `--deny` names.
pub const FOUND: u8 = 1;
/// Unusable or over-limit input, or usage: nothing was written.
pub const UNUSABLE: u8 = 2;
/// Disk, permissions.
pub const ENVIRONMENT: u8 = 3;

/// A declarative form-schema compiler: one source, one verdict.
#[derive(Parser)]
#[command(
    name = "formwright",
    version,
    about,
    max_term_width = 110,
    after_help = "Examples:\n  formwright check\n  formwright build\n  formwright validate return.json\n\nExit codes: 0 in order; 1 findings that block, errors of the source, failing tests, drift;\n            2 unusable input or usage; 3 disk or permissions"
)]
struct Args {
    /// Language of messages: en or zh (default: the locale)
    #[arg(long, global = true, value_parser = ["en", "zh"])]
    lang: Option<String>,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    Build(build::Args),
    Check(check::Args),
    Validate(validate::Args),
    Migrate(migrate::Args),
    Test(test::Args),
    Eval(eval::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Targets(targets::Args),
    Dump(dump::Args),
    Completions(completions::Args),
}

/// A failure that ends a command, with its exit code.
#[derive(Debug, Clone)]
pub struct Failure {
    /// What is said on standard error.
    pub words: Words,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// Unusable input or usage.
    pub fn unusable(words: impl Into<Words>) -> Self {
        Failure { words: words.into(), code: UNUSABLE }
    }

    /// Disk or permissions.
    pub fn environment(words: impl Into<Words>) -> Self {
        Failure { words: words.into(), code: ENVIRONMENT }
    }
}

/// What a command ends with: its exit code, or a failure.
pub type Outcome = Result<u8, Failure>;

/// What all commands share.
pub struct Context {
    /// The language of messages.
    pub lang: Lang,
    /// Whether to colour what goes to standard error.
    pub colour: bool,
}

impl Context {
    /// Says something on standard error.
    pub fn say(&self, words: &Words) {
        err(&format!("formwright: {}\n", words.text(self.lang)));
    }
}

/// Prints what was asked for in place of a run (help, the version), or what is wrong with the arguments.
fn not_run(lang: Lang, error: &clap::Error) -> u8 {
    match usage::chinese(error).filter(|_| lang == Lang::Zh) {
        Some(text) => err(&text),
        None => stdio::printed(error.print().and_then(|()| std::io::stdout().flush())),
    }
    match stdio::fault().filter(|_| !error.use_stderr()) {
        Some(words) => {
            err(&format!("formwright: {}\n", words.text(lang)));
            ENVIRONMENT
        }
        None if error.use_stderr() => UNUSABLE,
        None => FINE,
    }
}

/// Parses the arguments, runs the command, says failures on standard error.
pub fn run() -> ExitCode {
    let lang = language(wanted_language().as_deref());
    let parsed = help::command(lang)
        .try_get_matches_from(help::arguments(lang, std::env::args_os()))
        .and_then(|m| Args::from_arg_matches(&m));
    let args = match parsed {
        Ok(args) => args,
        Err(error) => return ExitCode::from(not_run(lang, &error)),
    };
    let context = Context { lang, colour: stdio::colour(&std::io::stderr()) };
    let outcome = dispatch(&context, args.command).and_then(|code| match stdio::fault() {
        Some(words) => Err(Failure::environment(words)),
        None => Ok(code),
    });
    ExitCode::from(outcome.unwrap_or_else(|failure| {
        context.say(&failure.words);
        failure.code
    }))
}

fn dispatch(context: &Context, command: Command) -> Outcome {
    match command {
        Command::Build(a) => build::run(context, &a),
        Command::Check(a) => check::run(context, &a),
        Command::Validate(a) => validate::run(context, &a),
        Command::Migrate(a) => migrate::run(context, &a),
        Command::Test(a) => test::run(context, &a),
        Command::Eval(a) => eval::run(context, &a),
        Command::Explain(a) => explain::run(context, &a),
        Command::Schema(a) => schema::run(context, &a),
        Command::Targets(a) => targets::run(context, &a),
        Command::Dump(a) => dump::run(context, &a),
        Command::Completions(a) => completions::run(&a),
    }
}

/// The `--lang` among the arguments: it decides the language of the help too, so it is looked for before parsing.
fn wanted_language() -> Option<String> {
    let args: Vec<String> = std::env::args_os().map(|a| a.to_string_lossy().into_owned()).collect();
    let at = args.iter().position(|a| a == "--lang" || a.starts_with("--lang="))?;
    match args.get(at)?.split_once('=') {
        Some((_, value)) => Some(value.to_owned()),
        None => args.get(at + 1).cloned(),
    }
}

fn language(given: Option<&str>) -> Lang {
    let locale = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|s| !s.is_empty()))
    };
    let name = given.map(str::to_owned).or_else(locale).unwrap_or_default();
    if name.starts_with("zh") { Lang::Zh } else { Lang::En }
}
