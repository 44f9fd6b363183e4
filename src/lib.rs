//! Formwright: a declarative form-schema compiler.
//!
//! ```text
//! YAML files --load--> SourceMap --parse--> ast --resolve--> ir::Survey --check--> Problems
//!                                                               |
//!                                                 emit: &ir -> Vec<Artifact>
//! submission --data::read--> Records --validate(&ir)--> Report
//! ```
//!
//! The library is pure: files come in as bytes and go out as [`emit::Artifact`]s; only [`cli`] touches disk and terminal.
//! It has the power of the commands:
//!
//! | to | call | command |
//! |---|---|---|
//! | compile sources, with every problem in one run | [`compile`] | `check` |
//! | make the artefacts | [`emit::all`] | `build` |
//! | read a return, a context, a previous return | [`data::read_return`], [`data::read_context`], [`data::read_loose`] | |
//! | write a return canonically | [`data::write_return`] | |
//! | judge a return by every rule | [`validate::validate`] | `validate` |
//! | carry a return of an earlier version over | [`data::migrate()`] | `migrate` |
//! | run the designer's tests | [`validate::run_tests`] | `test` |
//!
//! From the source to a verdict:
//!
//! ```
//! use formwright::data::{Layout, read_return};
//! use formwright::validate::{Beside, Options, validate};
//! use formwright::{SourceFileInput, compile};
//!
//! let file = |name: &str, text: &str| SourceFileInput { name: name.into(), shown: name.into(), bytes: text.into() };
//! let compiled = compile(vec![
//!     file("survey.yaml", "survey: shop\nversion: '2'\ntitle: Shop\nlanguages: [en]\ntables: [stock]\n"),
//!     file(
//!         "stock.yaml",
//!         "
//! table: stock
//! title: Stock
//! fields:
//!   - books: {label: Books, type: count}
//!   - lent: {label: Lent, type: count}
//! rules:
//!   - within: {check: lent <= books}
//! ",
//!     ),
//! ]);
//! let survey = compiled.survey.expect("no errors");
//!
//! let layout = Layout::new(&survey);
//! let text = br#"{"survey": "shop", "version": "2", "tables": {"stock": {"books": 5, "lent": 7}}}"#;
//! let submission = read_return(&survey, &layout, text)?;
//! let report = validate(&survey, &layout, &submission, &Beside::default(), &Options::default());
//!
//! assert!(report.blocks);
//! assert_eq!(report.findings[0].rule, "stock.within");
//! assert_eq!(report.findings[0].cells.target, ["/tables/stock/lent"]);
//! # Ok::<(), formwright::data::ReadError>(())
//! ```

pub mod check;
pub mod cli;
pub mod data;
pub mod diag;
pub mod emit;
pub mod expr;
pub mod ir;
mod load;
mod parallel;
pub mod parse;
pub mod resolve;
pub mod solve;
pub mod source;
mod stack;
pub mod validate;

pub use formwright_engine as engine;

use diag::{Diagnostic, Problems};
use sha2::{Digest, Sha256};
use source::SourceMap;
use std::path::PathBuf;

/// A file of a survey.
#[derive(Debug, Clone)]
pub struct SourceFileInput {
    /// Its name as `imports` and `tables` say it: `t01.yaml`, `../shared.yaml`.
    pub name: String,
    /// The path shown to people.
    pub shown: PathBuf,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

/// What compiling gives.
#[derive(Debug)]
pub struct Compiled {
    /// The sources, for places.
    pub sources: SourceMap,
    /// Every problem, in file order.
    pub diagnostics: Vec<Diagnostic>,
    /// The survey, unless an error prevents it.
    pub survey: Option<ir::Survey>,
}

/// Compiles the files of a survey: `survey.yaml`, its tables and what it imports.
///
/// ```
/// use formwright::{SourceFileInput, compile};
///
/// let text = "survey: shop\nversion: '1'\ntitle: Shop\nlanguages: [en]\ntables: [stock]\n";
/// let file = SourceFileInput { name: "survey.yaml".into(), shown: "survey.yaml".into(), bytes: text.into() };
/// let compiled = compile(vec![file]);
/// assert!(compiled.survey.is_none());
/// let problem = &compiled.diagnostics[0];
/// assert_eq!(compiled.sources.position(problem.span).line, 5);
/// assert!(formwright::diag::render::message(problem, Default::default()).contains("stock.yaml"));
/// ```
pub fn compile(files: Vec<SourceFileInput>) -> Compiled {
    parallel::sharing(|| compile_here(files))
}

/// Fewest cells of a survey for which what is left to do is shared.
const WORTH_SHARING: usize = 128;

fn compile_here(files: Vec<SourceFileInput>) -> Compiled {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    let mut loaded = load::load(&files, &mut sources, &mut problems);
    let mut survey = None;
    if let Some(input) = loaded.input.take() {
        let mut resolved = resolve::resolve(&input, &sources, &mut problems);
        let used = loaded.used.iter().filter_map(|ix| files.get(*ix));
        let rest = || {
            let fingerprint = fingerprint(used);
            drop(input);
            fingerprint
        };
        let worth = resolved.cells.len() >= WORTH_SHARING;
        let ((), fingerprint) = parallel::both(worth, || check::check(&resolved, &mut problems), rest);
        resolved.fingerprint = fingerprint;
        if !problems.has_errors() {
            survey = Some(resolved);
        }
    }
    loaded.without_consequences(&sources, &mut problems);
    Compiled { sources, diagnostics: problems.sorted(), survey }
}

/// 16 hexadecimal digits over the names and bytes of the files that belong to a survey, in order of name.
fn fingerprint<'a>(files: impl Iterator<Item = &'a SourceFileInput>) -> String {
    let mut sorted: Vec<&SourceFileInput> = files.collect();
    sorted.sort_by(|a, b| a.name.cmp(&b.name));
    let mut hash = Sha256::new();
    for f in sorted {
        hash.update(f.name.as_bytes());
        hash.update([0]);
        hash.update(&f.bytes);
        hash.update([0]);
    }
    hash.finalize().iter().take(8).map(|b| format!("{b:02x}")).collect()
}

/// The source trees of a survey's files, for `dump ast`.
pub fn dump_ast(files: Vec<SourceFileInput>) -> String {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    match load::load(&files, &mut sources, &mut problems).input {
        Some(input) => format!("{:#?}\n{:#?}\n{:#?}\n", input.survey, input.lists, input.tables),
        None => String::new(),
    }
}
