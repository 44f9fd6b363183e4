//! The files of a survey to their source trees: survey.yaml, what it imports, its tables.

use crate::SourceFileInput;
use crate::diag::{Diagnostic, Problems, codes, over_limit};
use crate::parse::decode::{Accepted, Cx};
use crate::parse::{ast, encoding, yaml};
use crate::resolve::Input;
use crate::source::{SourceMap, Span};
use std::collections::BTreeSet;

/// What could be read.
pub struct Loaded {
    /// The trees, unless survey.yaml cannot be read.
    pub input: Option<Input>,
    /// Ids of tables and words of files that cannot be read.
    lost: BTreeSet<String>,
}

impl Loaded {
    /// Leaves out the problems that only follow from a file that cannot be read: names that it would declare or use.
    pub fn without_consequences(&self, problems: &mut Problems) {
        let follows = [&codes::UNKNOWN_NAME, &codes::UNUSED_LIST, &codes::UNUSED_UNIT];
        let lost = |d: &Diagnostic| d.args.iter().any(|(_, value)| self.lost.contains(value));
        problems.retain(|d| !(follows.iter().any(|c| c.code == d.code.code) && lost(d)));
    }
}

/// Reads the files. Where survey.yaml cannot be read, the others are read all the same, for their own problems.
pub fn load(files: &[SourceFileInput], sources: &mut SourceMap, problems: &mut Problems) -> Loaded {
    let mut loader = Loader { files, sources, problems, accepts: Vec::new(), lost: BTreeSet::new() };
    let input = match loader.open("survey.yaml", None) {
        Some(ast::File::Survey(survey)) => Some(loader.named(*survey)),
        Some(_) => None,
        None => {
            loader.others();
            None
        }
    };
    Loaded { input, lost: loader.lost }
}

struct Loader<'a> {
    files: &'a [SourceFileInput],
    sources: &'a mut SourceMap,
    problems: &'a mut Problems,
    accepts: Vec<Accepted>,
    lost: BTreeSet<String>,
}

impl Loader<'_> {
    /// The files that survey.yaml names.
    fn named(&mut self, survey: ast::Survey) -> Input {
        let mut lists = Vec::new();
        for name in survey.imports.iter().flat_map(|i| &i.0) {
            match self.open(name.text(), Some(name.span())) {
                Some(ast::File::Lists(l)) => lists.push(*l),
                Some(_) => self.wrong_kind(name.span(), ("a file of lists", "代码文件")),
                None => {}
            }
        }
        let mut tables = Vec::new();
        for name in survey.tables.iter().flat_map(|t| &t.0) {
            match self.open(&format!("{}.yaml", name.text()), Some(name.span())) {
                Some(ast::File::Table(t)) => tables.push(*t),
                Some(_) => self.wrong_kind(name.span(), ("a table", "表")),
                None => drop(self.lost.insert(name.text().to_owned())),
            }
        }
        Input { survey, tables, lists, accepts: std::mem::take(&mut self.accepts) }
    }

    fn wrong_kind(&mut self, at: Span, expected: (&str, &str)) {
        let d = Diagnostic::new(&codes::WRONG_SHAPE, at).arg("expected", expected.0);
        let d = d.arg("expected_zh", expected.1);
        self.problems.push(d.arg("found", "another kind of file").arg("found_zh", "另一种文件"));
    }

    /// Every file of the folder but survey.yaml.
    fn others(&mut self) {
        let is_own = |f: &&SourceFileInput| !f.name.starts_with("../") && f.name.ends_with(".yaml");
        for file in self.files.iter().filter(is_own).filter(|f| f.name != "survey.yaml") {
            self.read(file);
        }
    }

    fn open(&mut self, name: &str, from: Option<Span>) -> Option<ast::File> {
        let Some(file) = self.files.iter().find(|f| f.name == name) else {
            let known = self.files.iter().map(|f| f.name.as_str());
            let d = Diagnostic::new(&codes::FILE_MISSING, from.unwrap_or_default()).arg("file", name);
            self.problems.push(d.suggest(name, known));
            return None;
        };
        self.read(file)
    }

    fn read(&mut self, file: &SourceFileInput) -> Option<ast::File> {
        let size = file.bytes.len();
        if size > yaml::MAX_FILE {
            let at = Span::new(self.sources.add(&file.shown, String::new()), 0, 0);
            self.problems.push(over_limit(at, "bytes of a file", size, yaml::MAX_FILE));
            return None;
        }
        let text = match encoding::text_of(&file.bytes) {
            Ok(text) => text,
            Err(foreign) => {
                let problem = not_utf8(file, foreign, self.sources);
                self.problems.push(problem);
                return None;
            }
        };
        let id = self.sources.add(&file.shown, text.to_owned());
        let Some(node) = yaml::parse(id, text, self.problems) else {
            let is_part = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
            self.lost.extend(text.split(is_part).filter(|w| !w.is_empty()).map(str::to_owned));
            return None;
        };
        ast::file(&node, &mut Cx { problems: self.problems, accepts: &mut self.accepts })
    }
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
