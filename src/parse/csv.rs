//! Code lists from CSV files: a header, then one code a line.

use super::ast::Code;
use super::shapes::{Flag, Named, Str, Text};
use super::yaml::{Scalar, Style};
use crate::diag::fill::counted;
use crate::diag::{Diagnostic, Problems, codes};
use crate::source::{FileId, Span};

/// Reading ends behind the first code that a list may not have; the list reports it.
const MOST_CODES: usize = 100_000;

/// The columns a file may have; `label` and `note` also by language, as `label.zh`.
const COLUMNS: [&str; 7] = ["code", "label", "specify", "exclusive", "retired", "under", "note"];

/// The codes of a CSV file, as if they were written in YAML. The problems are reported at their line.
pub fn code_list(file: FileId, text: &str, problems: &mut Problems) -> Vec<Named<Code>> {
    let mut reader = csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let mut read = Reader { file, problems, header: Vec::new() };
    match reader.headers() {
        Ok(header) => read.header(header),
        Err(e) => read.broken(0, text.len(), &e.to_string()),
    }
    let mut out = Vec::new();
    for record in reader.records() {
        match record {
            Ok(record) => out.extend(read.code(&record)),
            Err(e) => {
                let at = e.position().map_or(0, csv::Position::byte);
                read.broken(usize::try_from(at).unwrap_or(0), text.len(), &e.to_string());
                break;
            }
        }
        if out.len() > MOST_CODES {
            break;
        }
    }
    out
}

struct Reader<'p> {
    file: FileId,
    problems: &'p mut Problems,
    header: Vec<String>,
}

impl Reader<'_> {
    fn broken(&mut self, at: usize, end: usize, detail: &str) {
        let at = at.min(end);
        self.problems
            .push(Diagnostic::new(&codes::BAD_CSV, Span::new(self.file, at, at)).arg("detail", detail));
    }

    /// Every column must be known; `code` and a label must be among them.
    fn header(&mut self, header: &csv::StringRecord) {
        let start = Span::new(self.file, 0, 0);
        self.header = header.iter().map(|h| h.trim().trim_start_matches('\u{feff}').to_owned()).collect();
        for name in &self.header {
            let base = name.split('.').next().unwrap_or(name);
            let by_language = matches!(base, "label" | "note");
            if !COLUMNS.contains(&base) || (base != name && !by_language) {
                let d = Diagnostic::new(&codes::UNKNOWN_KEY, start).arg("key", name);
                let d = d.arg("of", "a CSV file of codes").arg("of_zh", "CSV 代码文件");
                self.problems.push(d.suggest(name, COLUMNS));
            }
        }
        for (key, there) in [
            ("code", self.header.iter().any(|h| h == "code")),
            ("label", self.header.iter().any(|h| h == "label" || h.starts_with("label."))),
        ] {
            if !there {
                let d = Diagnostic::new(&codes::MISSING_KEY, start).arg("key", key);
                self.problems.push(d.arg("of", "a CSV file of codes").arg("of_zh", "CSV 代码文件"));
            }
        }
    }

    fn code(&mut self, record: &csv::StringRecord) -> Option<Named<Code>> {
        let at = record.position().map_or(0, csv::Position::byte);
        let start = usize::try_from(at).unwrap_or(0);
        let span = Span::new(self.file, start, start);
        if record.len() != self.header.len() {
            let found = counted(record.len(), "value|values");
            let detail = format!("{found}, the header has {}", self.header.len());
            self.problems.push(Diagnostic::new(&codes::BAD_CSV, span).arg("detail", detail));
            return None;
        }
        let mut node = Code::default();
        let mut id = None;
        let header = self.header.clone();
        for (name, value) in header.iter().zip(record).filter(|(_, v)| !v.trim().is_empty()) {
            let value = str_at(value.trim(), span);
            match name.as_str() {
                "code" => id = Some(value),
                "under" => node.under = Some(value),
                "specify" => node.specify = self.flag(&value),
                "exclusive" => node.exclusive = self.flag(&value),
                "retired" => node.retired = self.flag(&value),
                other => self.text(&mut node, other, value),
            }
        }
        Some(Named { id: id?, node, span })
    }

    fn text(&mut self, node: &mut Code, name: &str, value: Str) {
        let (base, language) = name.split_once('.').map_or((name, None), |(b, l)| (b, Some(l)));
        let language = language.map(|l| str_at(l, value.span()));
        let to = match base {
            "label" => &mut node.label,
            "note" => &mut node.note,
            _ => return,
        };
        let span = value.span();
        let before = to.iter().flat_map(|t| t.entries.iter().cloned());
        let entries = before.chain([(language, value)]).collect();
        *to = Some(Text { entries, span: to.as_ref().map_or(span, |t| t.span) });
    }

    fn flag(&mut self, value: &Str) -> Option<Flag> {
        match value.text() {
            "true" => Some(Flag(true, value.span())),
            "false" => Some(Flag(false, value.span())),
            other => {
                let d = Diagnostic::new(&codes::BAD_WORD, value.span()).arg("word", other);
                self.problems.push(d.arg("known", "true, false"));
                None
            }
        }
    }
}

fn str_at(text: &str, span: Span) -> Str {
    Str(Scalar { text: text.into(), style: Style::Double, span })
}
