//! The command line: the only module that touches disk and terminal. One file a command.

mod build;
mod check;
mod completions;
mod dump;
mod eval;

mod explain;
pub mod files;
mod schema;
mod targets;
mod test;

mod validate;

use crate::diag::Lang;
use clap::{Parser, Subcommand};
use std::process::ExitCode;

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
#[command(name = "formwright", version, about, max_term_width = 110)]
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
    Test(test::Args),
    Eval(eval::Args),
    Explain(explain::Args),
    Schema(schema::Args),
    Targets(targets::Args),
    Dump(dump::Args),
    Completions(completions::Args),
}

/// A failure that ends a command, with its exit code.
#[derive(Debug)]
pub struct Failure {
    /// What is said on standard error.
    pub message: String,
    /// The exit code.
    pub code: u8,
}

impl Failure {
    /// Unusable input or usage.
    pub fn unusable(message: impl Into<String>) -> Self {
        Failure { message: message.into(), code: UNUSABLE }
    }

    /// Disk or permissions.
    pub fn environment(message: impl Into<String>) -> Self {
        Failure { message: message.into(), code: ENVIRONMENT }
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

/// Parses the arguments, runs the command, says failures on standard error.
pub fn run() -> ExitCode {
    let args = match Args::try_parse() {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { UNUSABLE } else { FINE });
        }
    };
    let context = Context { lang: language(args.lang.as_deref()), colour: colour() };
    match dispatch(&context, args.command) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => {
            eprintln!("formwright: {}", failure.message);
            ExitCode::from(failure.code)
        }
    }
}

fn dispatch(context: &Context, command: Command) -> Outcome {
    match command {
        Command::Build(a) => build::run(context, &a),
        Command::Check(a) => check::run(context, &a),
        Command::Validate(a) => validate::run(context, &a),
        Command::Test(a) => test::run(context, &a),
        Command::Eval(a) => eval::run(context, &a),
        Command::Explain(a) => explain::run(context, &a),
        Command::Schema(a) => schema::run(context, &a),
        Command::Targets(a) => targets::run(context, &a),
        Command::Dump(a) => dump::run(context, &a),
        Command::Completions(a) => completions::run(&a),
    }
}

fn language(given: Option<&str>) -> Lang {
    let locale = || {
        ["LC_ALL", "LC_MESSAGES", "LANG"].iter().find_map(|v| std::env::var(v).ok().filter(|s| !s.is_empty()))
    };
    let name = given.map(str::to_owned).or_else(locale).unwrap_or_default();
    if name.starts_with("zh") { Lang::Zh } else { Lang::En }
}

fn colour() -> bool {
    use std::io::IsTerminal;
    std::io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none()
}

/// Writes to standard output; a closed pipe is no failure.
pub fn out(text: &str) {
    use std::io::Write;
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}
