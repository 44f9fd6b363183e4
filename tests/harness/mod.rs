//! Cases of the source language: small surveys whose expected diagnostics stand as comments beneath the mistakes.
//! The form is described in `tests/cases/README.md`.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)]

use formwright::diag::{Diagnostic, Lang, Severity, codes, render};
use formwright::source::{SourceMap, Span};
use formwright::{Compiled, SourceFileInput, compile};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use unicode_width::UnicodeWidthChar as _;

/// One file of a case, without its expectations.
pub struct CaseFile {
    pub name: String,
    /// The line that begins it (`# file: …`), if it is written.
    header: Option<String>,
    /// Lines that stand before those of the case: the sample table, where the case is facts of one of its rules.
    before: Vec<String>,
    pub lines: Vec<String>,
}

impl CaseFile {
    fn new(name: &str, header: Option<String>) -> CaseFile {
        CaseFile { name: name.to_owned(), header, before: Vec::new(), lines: Vec::new() }
    }

    /// How far the lines of the case are indented below those before them.
    fn indent(&self) -> usize {
        if self.before.is_empty() { 0 } else { 6 }
    }

    fn text(&self) -> Vec<String> {
        let indent = " ".repeat(self.indent());
        self.before.iter().cloned().chain(self.lines.iter().map(|l| format!("{indent}{l}"))).collect()
    }
}

/// A case: its files and how they are turned into bytes.
pub struct Case {
    with: Vec<String>,
    first: Option<String>,
    /// Files of the sample survey, where the case stands in its table.
    sample: Vec<CaseFile>,
    pub files: Vec<CaseFile>,
    pub expects: bool,
}

impl Case {
    /// Reads the text of a case: expectations are taken out, files told apart.
    pub fn read(text: &str) -> Case {
        let mut case =
            Case { with: Vec::new(), first: None, sample: Vec::new(), files: Vec::new(), expects: false };
        let mut below = false;
        for line in text.lines() {
            below = is_expectation(line) || (below && is_continuation(line));
            if below {
                case.expects = true;
            } else if let Some(words) = line.strip_prefix("# with: ").filter(|_| case.files.is_empty()) {
                case.with = words.split(", ").map(str::to_owned).collect();
                case.first = Some(line.to_owned());
            } else if let Some(name) = line.strip_prefix("# file: ") {
                let header = Some(line.to_owned());
                case.files.push(CaseFile::new(name.trim(), header));
            } else {
                if case.files.is_empty() {
                    case.files.push(CaseFile::new("", None));
                }
                if let Some(file) = case.files.last_mut() {
                    file.lines.push(line.to_owned());
                }
            }
        }
        if let Some(file) = case.files.first_mut().filter(|f| f.name.is_empty()) {
            file.name = name_of(&file.lines);
        }
        if codes::is_rule(text)
            && let Some(file) = case.files.first_mut()
        {
            case.sample = Case::read(codes::SAMPLE).files;
            file.name = "t01.yaml".to_owned();
            let table = case.sample.iter().position(|f| f.name == file.name).map(|i| case.sample.remove(i));
            file.before = table.map(|t| t.lines).unwrap_or_default();
        }
        case
    }

    /// The files as they are compiled; a survey.yaml that is not written is made from the others.
    pub fn inputs(&self) -> Vec<SourceFileInput> {
        let mut inputs: Vec<SourceFileInput> =
            self.all().map(|f| input(&f.name, self.bytes(&f.text()))).collect();
        if !self.files.iter().any(|f| f.name == "survey.yaml") {
            inputs.push(input("survey.yaml", self.survey().into_bytes()));
        }
        inputs
    }

    fn bytes(&self, lines: &[String]) -> Vec<u8> {
        let end = if self.has("crlf") { "\r\n" } else { "\n" };
        let mut text = String::new();
        for line in lines {
            text.push_str(line);
            text.push_str(end);
        }
        if self.has("bom") {
            text.insert(0, '\u{feff}');
        }
        if self.has("utf-16") {
            let units = text.encode_utf16().flat_map(u16::to_le_bytes);
            return [0xFF, 0xFE].into_iter().chain(units).collect();
        }
        text.into_bytes()
    }

    fn all(&self) -> impl Iterator<Item = &CaseFile> {
        self.files.iter().chain(&self.sample)
    }

    fn has(&self, word: &str) -> bool {
        self.with.iter().any(|w| w == word)
    }

    fn survey(&self) -> String {
        let is_lists =
            |f: &&CaseFile| f.lines.iter().any(|l| l.starts_with("lists:") || l.starts_with("units:"));
        let yaml = || self.all().filter(|f| f.name.ends_with(".yaml"));
        let tables: Vec<&str> =
            yaml().filter(|f| !is_lists(f)).filter_map(|f| f.name.strip_suffix(".yaml")).collect();
        let imports: Vec<&str> = yaml().filter(is_lists).map(|f| f.name.as_str()).collect();
        format!(
            "survey: case\nversion: 1.0.0\ntitle: Case\nlanguages: [en]\nimports: [{}]\ntables: [{}]\n",
            imports.join(", "),
            tables.join(", ")
        )
    }

    /// The text of the case with the expectations that `compiled` gives, and problems outside its files.
    pub fn annotated(&self, compiled: &Compiled) -> (String, Vec<String>) {
        let mut out: Vec<String> = self.first.iter().cloned().collect();
        let mut outside = Vec::new();
        for d in &compiled.diagnostics {
            let name = name_in(&compiled.sources, d.span);
            let place = compiled.sources.position(d.span);
            if !self.files.iter().any(|f| f.name == name && f.before.len() < place.line) {
                outside.push(format!("{name}:{}:{}: {}", place.line, place.column, sentence(d)));
            }
        }
        for file in &self.files {
            out.extend(file.header.iter().cloned());
            let of_file: Vec<&Diagnostic> = compiled
                .diagnostics
                .iter()
                .filter(|d| name_in(&compiled.sources, d.span) == file.name)
                .collect();
            let (before, last) = (file.before.len(), file.text().len().max(1));
            for (i, line) in file.text().iter().enumerate().skip(before) {
                let indent = file.indent();
                out.push(line[indent..].to_owned());
                let here = |d: &&&Diagnostic| compiled.sources.position(d.span).line.min(last) == i + 1;
                for d in of_file.iter().filter(here) {
                    out.extend(expectation(&compiled.sources, d, line, indent));
                }
            }
        }
        (out.join("\n") + "\n", outside)
    }
}

fn input(name: &str, bytes: Vec<u8>) -> SourceFileInput {
    SourceFileInput { name: name.to_owned(), shown: PathBuf::from(name), bytes }
}

/// The name of a file that stands alone: what its `table:` says, or survey.yaml.
fn name_of(lines: &[String]) -> String {
    let id = lines.iter().find_map(|l| l.strip_prefix("table: "));
    if lines.iter().any(|l| l.starts_with("survey: ")) {
        return "survey.yaml".to_owned();
    }
    let plain = id.map(str::trim).filter(|id| !id.is_empty() && id.chars().all(char::is_alphanumeric));
    format!("{}.yaml", plain.unwrap_or("t01"))
}

fn name_in(sources: &SourceMap, span: Span) -> String {
    sources.get(span.file).map(|f| f.path.to_string_lossy().into_owned()).unwrap_or_default()
}

fn word(d: &Diagnostic) -> &'static str {
    match d.code.severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Hint => "hint",
    }
}

fn sentence(d: &Diagnostic) -> String {
    format!("{}[{}]: {}", word(d), d.code.code, render::message(d, Lang::En))
}

/// The comment lines that expect a diagnostic beneath `line`.
fn expectation(sources: &SourceMap, d: &Diagnostic, line: &str, indent: usize) -> Vec<String> {
    let mut lines =
        vec![format!("{} {}", marker(sources, d.span, line, indent), sentence(d).replace('\n', "\\n"))];
    if !d.suggestions.is_empty() {
        lines.push(format!("#   did you mean: {}", d.suggestions.join(", ")));
    }
    if let Some(fix) = &d.fix {
        let mut text = format!("#   fix: {}", fix.replacement.replace('\n', "\\n"));
        if fix.span != d.span {
            let (start, end) = (sources.position(fix.span), sources.end_position(fix.span));
            let _ = write!(text, " (at {}:{}-{}:{})", start.line, start.column, end.line, end.column);
        }
        lines.push(text);
    }
    for r in &d.related {
        let at = sources.position(r.span);
        let note = codes::RELATED.iter().find(|x| x.0 == r.note).map_or("", |x| x.1);
        lines.push(format!("#   see {}:{}:{} {note}", name_in(sources, r.span), at.line, at.column));
    }
    lines
}

/// `#  ^^^` under the columns of a span; columns that a comment cannot reach are written as numbers.
fn marker(sources: &SourceMap, span: Span, line: &str, indent: usize) -> String {
    let (start, end) = (sources.position(span), sources.end_position(span));
    let width = |chars: usize| -> usize { line.chars().take(chars).map(|c| c.width().unwrap_or(0)).sum() };
    let from = width(start.column - 1).saturating_sub(indent);
    let to = if end.line == start.line { width(end.column - 1) } else { width(usize::MAX) } - indent;
    let more = if end.line == start.line {
        String::new()
    } else {
        format!("… +{}:{}", end.line - start.line, end.column)
    };
    let wide = to.saturating_sub(from);
    match (from, wide) {
        (0, 0) => format!("# 1|{more}"),
        (0, 1) => format!("# 1{more}"),
        (0, _) => format!("#{}{more}", "^".repeat(wide - 1)),
        (1, _) => format!("# 2-{}{more}", to),
        (_, 0) => format!("#{}|{more}", " ".repeat(from - 1)),
        _ => format!("#{}{}{more}", " ".repeat(from - 1), "^".repeat(wide)),
    }
}

fn is_expectation(line: &str) -> bool {
    let Some(rest) = line.strip_prefix('#') else { return false };
    ["error[E", "warning[W", "hint[H"].iter().any(|word| {
        rest.find(word).is_some_and(|at| {
            rest[..at].ends_with(' ')
                && rest[..at].chars().all(|c| " ^|…+:-".contains(c) || c.is_ascii_digit())
        })
    })
}

fn is_continuation(line: &str) -> bool {
    ["#   did you mean: ", "#   fix: ", "#   see "].iter().any(|p| line.starts_with(p))
}

/// Every case file, in order of path.
pub fn case_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cases")];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(&folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == "yaml") {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

/// Compiles a case.
pub fn run(case: &Case) -> Compiled {
    compile(case.inputs())
}

/// What differs between two texts, line by line, for people.
pub fn difference(wanted: &str, found: &str) -> String {
    let (a, b): (Vec<&str>, Vec<&str>) = (wanted.lines().collect(), found.lines().collect());
    let mut out = String::new();
    let (mut i, mut j) = (0, 0);
    while i < a.len() || j < b.len() {
        if a.get(i) == b.get(j) {
            (i, j) = (i + 1, j + 1);
        } else if let Some(line) = b.get(j).filter(|l| !a[i.min(a.len())..].contains(l)) {
            let _ = writeln!(out, "  line {}: not expected: {line}", j + 1);
            j += 1;
        } else if let Some(line) = a.get(i) {
            let _ = writeln!(out, "  line {}: did not come: {line}", i + 1);
            i += 1;
        } else {
            j += 1;
        }
    }
    out
}
