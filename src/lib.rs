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

pub mod check;
pub mod cli;
pub mod data;
pub mod diag;
pub mod emit;
pub mod expr;
pub mod ir;
pub mod parse;
pub mod resolve;
pub mod source;
mod stack;
pub mod validate;

pub use formwright_engine as engine;

use diag::{Diagnostic, Problems, codes, over_limit};
use parse::{ast, decode::Cx, encoding, yaml};
use sha2::{Digest, Sha256};
use source::{SourceMap, Span};
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
pub fn compile(files: Vec<SourceFileInput>) -> Compiled {
    stack::enough(|| compile_here(files))
}

fn compile_here(files: Vec<SourceFileInput>) -> Compiled {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    let loaded = load(&files, &mut sources, &mut problems);
    let mut survey = None;
    if let Some(input) = loaded {
        let mut resolved = resolve::resolve(&input, &sources, &mut problems);
        resolved.fingerprint = fingerprint(&files);
        check::check(&input, &resolved, &mut problems);
        if !problems.has_errors() {
            survey = Some(resolved);
        }
    }
    Compiled { sources, diagnostics: problems.sorted(), survey }
}

fn fingerprint(files: &[SourceFileInput]) -> String {
    let mut sorted: Vec<&SourceFileInput> = files.iter().filter(|f| !f.name.starts_with("../")).collect();
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

fn load(
    files: &[SourceFileInput],
    sources: &mut SourceMap,
    problems: &mut Problems,
) -> Option<resolve::Input> {
    let Some(ast::File::Survey(survey)) = open("survey.yaml", None, files, sources, problems) else {
        return None;
    };
    let mut lists = Vec::new();
    for name in survey.imports.iter().flat_map(|i| &i.0) {
        if let Some(ast::File::Lists(l)) = open(name.text(), Some(name.span()), files, sources, problems) {
            lists.push(*l);
        }
    }
    let mut tables = Vec::new();
    for name in survey.tables.iter().flat_map(|t| &t.0) {
        if let Some(ast::File::Table(t)) =
            open(&format!("{}.yaml", name.text()), Some(name.span()), files, sources, problems)
        {
            tables.push(*t);
        }
    }
    Some(resolve::Input { survey: *survey, tables, lists })
}

fn open(
    name: &str,
    from: Option<Span>,
    files: &[SourceFileInput],
    sources: &mut SourceMap,
    problems: &mut Problems,
) -> Option<ast::File> {
    let Some(file) = files.iter().find(|f| f.name == name) else {
        let at = from.unwrap_or_default();
        problems.push(
            Diagnostic::new(&codes::FILE_MISSING, at)
                .arg("file", name)
                .suggest(name, files.iter().map(|f| f.name.as_str())),
        );
        return None;
    };
    if file.bytes.len() > yaml::MAX_FILE {
        let at = Span::new(sources.add(&file.shown, String::new()), 0, 0);
        problems.push(over_limit(at, "bytes of a file", file.bytes.len(), yaml::MAX_FILE));
        return None;
    }
    let text = match encoding::text_of(&file.bytes) {
        Ok(text) => text.to_owned(),
        Err(foreign) => {
            problems.push(not_utf8(file, foreign, sources));
            return None;
        }
    };
    let id = sources.add(&file.shown, text.clone());
    let node = yaml::parse(id, &text, problems)?;
    ast::file(&node, &mut Cx { problems })
}

/// That a file is not UTF-8, at its first foreign byte.
fn not_utf8(file: &SourceFileInput, foreign: encoding::Foreign, sources: &mut SourceMap) -> Diagnostic {
    let wide = foreign.encoding.is_some_and(|e| e.starts_with("UTF"));
    let shown = if wide { String::new() } else { String::from_utf8_lossy(&file.bytes).into_owned() };
    let id = sources.add(&file.shown, shown.strip_prefix('\u{feff}').unwrap_or(&shown).to_owned());
    let end = if wide { 0 } else { foreign.at + char::REPLACEMENT_CHARACTER.len_utf8() };
    Diagnostic::new(&codes::ENCODING, Span::new(id, foreign.at, end))
        .arg("encoding", foreign.encoding.unwrap_or("in an unknown encoding"))
        .arg("encoding_zh", foreign.encoding.unwrap_or("未知编码"))
        .arg("iconv", foreign.encoding.unwrap_or("GB18030"))
}

/// The source trees of a survey's files, for `dump ast`.
pub fn dump_ast(files: Vec<SourceFileInput>) -> String {
    let mut sources = SourceMap::default();
    let mut problems = Problems::default();
    match load(&files, &mut sources, &mut problems) {
        Some(input) => format!("{:#?}\n{:#?}\n{:#?}\n", input.survey, input.lists, input.tables),
        None => String::new(),
    }
}
