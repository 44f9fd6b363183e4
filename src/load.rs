//! The files of a survey to their source trees: survey.yaml, what it imports, its tables.

use crate::SourceFileInput;
use crate::diag::{Diagnostic, Problems, codes, over_limit};
use crate::parallel::side_by_side;
use crate::parse::decode::{Accepted, Cx};
use crate::parse::shapes::Str;
use crate::parse::{ast, encoding, yaml};
use crate::resolve::Input;
use crate::source::{FileId, SourceMap, Span};
use std::collections::{BTreeSet, HashMap};

/// What could be read.
pub struct Loaded {
    /// The trees, unless survey.yaml cannot be read.
    pub input: Option<Input>,
    /// The files of the survey, by position in what was given: survey.yaml and what it names.
    pub used: Vec<usize>,
    /// Ids of tables and words of files that cannot be read.
    lost: BTreeSet<String>,
    /// Files of other folders, which serve other surveys too.
    shared: BTreeSet<FileId>,
}

impl Loaded {
    /// Leaves out the problems that only follow from a file that cannot be read: names that it would declare or use; and
    /// what a shared file has for other surveys.
    pub fn without_consequences(&self, sources: &SourceMap, problems: &mut Problems) {
        let unused = [codes::UNUSED_LIST.code, codes::UNUSED_UNIT.code];
        if problems.has_errors() {
            // What cannot be understood may use it, and a misspelt name may mean it.
            let meant: BTreeSet<String> =
                problems.iter().flat_map(|d| d.suggestions.iter().cloned()).collect();
            let is_free = |name: &str| !meant.contains(name) && stands_once(sources, name);
            problems.retain(|d| !unused.contains(&d.code.code) || is_free(sources.text(d.span)));
        }
        problems.retain(|d| !(self.shared.contains(&d.span.file) && unused.contains(&d.code.code)));
        let follows = [&codes::UNKNOWN_NAME, &codes::UNUSED_LIST, &codes::UNUSED_UNIT];
        let lost = |d: &Diagnostic| d.args.iter().any(|(_, value)| self.lost.contains(value));
        problems.retain(|d| !(follows.iter().any(|c| c.code == d.code.code) && lost(d)));
    }
}

/// Whether a name stands in the line of its declaration only.
fn stands_once(sources: &SourceMap, name: &str) -> bool {
    let lines = sources.files().iter().flat_map(|f| f.text.lines());
    !name.is_empty() && lines.filter(|line| line.contains(name)).nth(1).is_none()
}

/// Reads the files. Where survey.yaml cannot be read, the others are read all the same, for their own problems.
pub fn load(files: &[SourceFileInput], sources: &mut SourceMap, problems: &mut Problems) -> Loaded {
    let (used, lost, shared) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    let by_name = files.iter().enumerate().rev().map(|(at, f)| (f.name.as_str(), at)).collect();
    let mut loader = Loader { files, by_name, sources, problems, accepts: Vec::new(), used, lost, shared };
    let first = loader.all(&[("survey.yaml".to_owned(), None)]).pop().flatten();
    let input = match first {
        Some(ast::File::Survey(survey)) => Some(loader.named(*survey)),
        Some(_) => None,
        None => {
            loader.others();
            None
        }
    };
    Loaded { input, used: loader.used, lost: loader.lost, shared: loader.shared }
}

struct Loader<'f, 'a> {
    files: &'f [SourceFileInput],
    /// Positions of the files by name, the first of each.
    by_name: HashMap<&'f str, usize>,
    sources: &'a mut SourceMap,
    problems: &'a mut Problems,
    accepts: Vec<Accepted>,
    used: Vec<usize>,
    lost: BTreeSet<String>,
    shared: BTreeSet<FileId>,
}

/// Fewest bytes of text for which further threads are worth their start.
const WORTH_THREADS: usize = 16 << 10;

/// A file by name, and where it is named.
type Wanted = (String, Option<Span>);

impl<'f> Loader<'f, '_> {
    /// The files that survey.yaml names.
    fn named(&mut self, survey: ast::Survey) -> Input {
        let file_names = survey.survey.iter().chain(survey.tables.iter().flat_map(|t| &t.0));
        for id in file_names.filter(|id| !is_file_name(id.text())) {
            self.problems.push(Diagnostic::new(&codes::NOT_A_FILE_NAME, id.span()).arg("id", id.text()));
        }
        if let Some(version) = &survey.version {
            crate::parse::ids::check_text(&version.0, self.problems);
        }
        let imports: Vec<_> = survey.imports.iter().flat_map(|i| &i.0).collect();
        let ids: Vec<_> = survey.tables.iter().flat_map(|t| &t.0).collect();
        let imports = self.importable(imports);
        let imported = imports.iter().map(|n| (tidy(n.text()), Some(n.span())));
        let tabled = ids.iter().map(|n| (format!("{}.yaml", n.text()), Some(n.span())));
        let mut read = self.all(&imported.chain(tabled).collect::<Vec<_>>()).into_iter();
        let (mut lists, mut tables) = (Vec::new(), Vec::new());
        for (name, file) in imports.iter().zip(&mut read) {
            match file {
                Some(ast::File::Lists(mut l)) => {
                    self.csv(&mut l, &tidy(name.text()));
                    lists.push(*l);
                }
                Some(_) => self.wrong_kind(name.span(), ("a file of lists", "代码文件")),
                None => {}
            }
        }
        for (name, file) in ids.iter().zip(&mut read) {
            match file {
                Some(ast::File::Table(t)) => {
                    if let Some(id) =
                        t.table.as_ref().filter(|id| id.text() != name.text() && !name.text().contains('/'))
                    {
                        let d = Diagnostic::new(&codes::TABLE_ID, id.span()).arg("id", id.text());
                        self.problems.push(d.arg("file", name.text()).fix(id.span(), name.text()));
                    }
                    tables.push(*t);
                }
                Some(_) => self.wrong_kind(name.span(), ("a table", "表")),
                None => drop(self.lost.insert(name.text().to_owned())),
            }
        }
        Input { survey, tables, lists, accepts: std::mem::take(&mut self.accepts) }
    }

    /// The imports that are files of lists within the folder of the surveys, each once.
    fn importable<'s>(&mut self, all: Vec<&'s Str>) -> Vec<&'s Str> {
        let mut names = BTreeSet::new();
        let mut take = |name: &&Str| {
            let tidied = tidy(name.text());
            if !is_inside(&tidied) {
                let d = Diagnostic::new(&codes::IMPORT_OUTSIDE, name.span()).arg("file", name.text());
                self.problems.push(d);
            } else if tidied.rsplit('/').next() == Some("survey.yaml") {
                self.wrong_kind(name.span(), ("a file of lists", "代码文件"));
            } else if !names.insert(tidied) {
                self.problems.push(Diagnostic::new(&codes::DUPLICATE_ID, name.span()).arg("id", name.text()));
            } else {
                return true;
            }
            false
        };
        all.into_iter().filter(|n| take(n)).collect()
    }

    /// Code lists that stand in CSV files beside their file.
    fn csv(&mut self, file: &mut ast::Lists, name: &str) {
        let folder = name.rsplit_once('/').map_or(String::new(), |(folder, _)| format!("{folder}/"));
        for list in file.lists.iter_mut().flat_map(|l| &mut l.0) {
            let Some(csv) = &list.node.csv else {
                if list.node.codes.is_none() {
                    let d = Diagnostic::new(&codes::MISSING_KEY, list.id.span()).arg("key", "codes");
                    self.problems.push(d.arg("of", "a code list").arg("of_zh", "代码表"));
                }
                continue;
            };
            if list.node.codes.is_some() {
                let d = Diagnostic::new(&codes::NO_EFFECT, csv.span()).arg("key", "csv");
                let d = d.arg("why", "the list has `codes`").arg("why_zh", "该代码表已有 codes");
                self.problems.push(d);
                continue;
            }
            let wanted = (tidy(&format!("{folder}{}", csv.text())), Some(csv.span()));
            if csv.text().starts_with('/') || !is_inside(&wanted.0) {
                let d = Diagnostic::new(&codes::IMPORT_OUTSIDE, csv.span()).arg("file", csv.text());
                self.problems.push(d);
                continue;
            }
            let Some(file) = self.file(&wanted) else { continue };
            let id = FileId::at(self.sources.files().len());
            let codes = match text(id, file) {
                Ok(text) => {
                    let codes = crate::parse::csv::code_list(id, &text, self.problems);
                    self.sources.add(&file.shown, text);
                    codes
                }
                Err(unread) => {
                    self.sources.add(&file.shown, unread.shown);
                    self.problems.push(*unread.problem);
                    continue;
                }
            };
            list.node.codes = Some(crate::parse::shapes::NamedList(codes));
        }
    }

    fn wrong_kind(&mut self, at: Span, expected: (&str, &str)) {
        let d = Diagnostic::new(&codes::WRONG_SHAPE, at).arg("expected", expected.0);
        let d = d.arg("expected_zh", expected.1);
        self.problems.push(d.arg("found", "another kind of file").arg("found_zh", "另一种文件"));
    }

    /// Every file of the folder but survey.yaml.
    fn others(&mut self) {
        let is_own = |f: &&SourceFileInput| !f.name.starts_with("../") && f.name.ends_with(".yaml");
        let own = self.files.iter().filter(is_own).filter(|f| f.name != "survey.yaml");
        let wanted: Vec<Wanted> = own.map(|f| (f.name.clone(), None)).collect();
        self.all(&wanted);
    }

    /// The trees of several files, in their order; the files are parsed side by side.
    fn all(&mut self, wanted: &[Wanted]) -> Vec<Option<ast::File>> {
        let found: Vec<Option<&SourceFileInput>> = wanted.iter().map(|w| self.file(w)).collect();
        let first = self.sources.files().len();
        let numbered: Vec<(FileId, &SourceFileInput)> =
            found.iter().flatten().enumerate().map(|(at, file)| (FileId::at(first + at), *file)).collect();
        let worth = numbered.iter().map(|f| f.1.bytes.len()).sum::<usize>() >= WORTH_THREADS;
        let read = |(id, file): &(FileId, &SourceFileInput)| {
            text(*id, file).map(|text| (Tree::read(*id, &text), text))
        };
        let mut read = side_by_side(&numbered, worth, |f| f.1.bytes.len(), read).into_iter();
        let mut out = Vec::with_capacity(found.len());
        for (file, (name, _)) in found.iter().zip(wanted) {
            let tree = file.and_then(|file| self.take(file, name, read.next()?));
            out.push(tree);
        }
        out
    }

    /// Takes what reading a file gave.
    fn take(
        &mut self,
        file: &SourceFileInput,
        name: &str,
        read: Result<(Tree, String), Unread>,
    ) -> Option<ast::File> {
        match read {
            Ok((tree, text)) => {
                let id = self.sources.add(&file.shown, text);
                if name.starts_with("../") {
                    self.shared.insert(id);
                }
                self.problems.extend(tree.problems);
                self.accepts.extend(tree.accepts);
                self.lost.extend(tree.lost);
                tree.file
            }
            Err(unread) => {
                self.sources.add(&file.shown, unread.shown);
                self.problems.push(*unread.problem);
                None
            }
        }
    }

    /// A file by its name.
    fn file(&mut self, (name, from): &Wanted) -> Option<&'f SourceFileInput> {
        let Some(ix) = self.by_name.get(name.as_str()).copied() else {
            let known = self.files.iter().map(|f| f.name.as_str());
            let d = Diagnostic::new(&codes::FILE_MISSING, from.unwrap_or_default()).arg("file", name);
            let d = d.arg("instead", "").arg("instead_zh", "");
            self.problems.push(d.suggest(name, known));
            return None;
        };
        self.used.push(ix);
        self.files.get(ix)
    }
}

/// Why a file has no text, and what is shown of it.
struct Unread {
    problem: Box<Diagnostic>,
    shown: String,
}

/// The text of a file that is to be a source of this id.
fn text(id: FileId, file: &SourceFileInput) -> Result<String, Unread> {
    let size = file.bytes.len();
    if size > yaml::MAX_FILE {
        let problem = over_limit(Span::new(id, 0, 0), "bytes of a file", size, yaml::MAX_FILE);
        return Err(Unread { problem: Box::new(problem), shown: String::new() });
    }
    encoding::text_of(&file.bytes).map(str::to_owned).map_err(|foreign| not_utf8(id, file, foreign))
}

/// What parsing one file gives.
struct Tree {
    file: Option<ast::File>,
    problems: Problems,
    accepts: Vec<Accepted>,
    /// The words of a file that is not YAML.
    lost: Vec<String>,
}

impl Tree {
    fn read(id: FileId, text: &str) -> Tree {
        let mut tree =
            Tree { file: None, problems: Problems::default(), accepts: Vec::new(), lost: Vec::new() };
        match yaml::parse(id, text, &mut tree.problems) {
            Some(node) => {
                let mut cx = Cx { problems: &mut tree.problems, accepts: &mut tree.accepts };
                tree.file = ast::file(&node, &mut cx);
            }
            None if !tree.problems.has_errors() => {
                let d = Diagnostic::new(&codes::WRONG_SHAPE, Span::new(id, 0, 0));
                let d = d.arg("expected", "a survey, a table or code lists").arg("found", "an empty file");
                let d = d.arg("expected_zh", "调查、表或代码表").arg("found_zh", "空文件");
                tree.problems.push(d);
            }
            None => {
                let is_part = |c: char| !(c.is_alphanumeric() || c == '_' || c == '-');
                tree.lost.extend(text.split(is_part).filter(|w| !w.is_empty()).map(str::to_owned));
            }
        }
        tree
    }
}

/// A name without `.` and without folders that are left again: `./a/../codes.yaml` is `codes.yaml`.
pub fn tidy(name: &str) -> String {
    let mut parts: Vec<&str> = Vec::new();
    for part in name.split('/') {
        match part {
            "." => {}
            ".." if parts.last().is_some_and(|p| *p != ".." && !p.is_empty()) => drop(parts.pop()),
            other => parts.push(other),
        }
    }
    parts.join("/")
}

/// Whether a tidy name stays within the folder of the surveys: at most one folder up, and no root or drive.
pub fn is_inside(name: &str) -> bool {
    !name.is_empty() && !name.starts_with("../..") && !name.starts_with('/') && !name.contains(['\\', ':'])
}

/// Whether an id names a file on every system, and in no other folder.
fn is_file_name(id: &str) -> bool {
    const DEVICES: &[&str] = &["con", "prn", "aux", "nul"];
    let stem = id.split('.').next().unwrap_or("").to_lowercase();
    let numbered =
        |p: &str| stem.strip_prefix(p).is_some_and(|n| n.len() == 1 && n.bytes().all(|b| b.is_ascii_digit()));
    let device = DEVICES.contains(&stem.as_str()) || numbered("com") || numbered("lpt");
    let sign = |c: char| c.is_control() || "/\\:*?\"<>|".contains(c);
    !device
        && !id.is_empty()
        && id.len() <= 100
        && !id.starts_with(['.', ' '])
        && !id.ends_with(['.', ' '])
        && !id.contains(sign)
}

/// That a file is not UTF-8, at its first foreign byte.
fn not_utf8(id: FileId, file: &SourceFileInput, foreign: encoding::Foreign) -> Unread {
    let wide = foreign.encoding.is_some_and(|e| e.starts_with("UTF"));
    let shown = if wide { String::new() } else { String::from_utf8_lossy(&file.bytes).into_owned() };
    let shown = shown.strip_prefix('\u{feff}').unwrap_or(&shown).to_owned();
    let end = if wide { 0 } else { foreign.at + char::REPLACEMENT_CHARACTER.len_utf8() };
    let problem = Diagnostic::new(&codes::ENCODING, Span::new(id, foreign.at, end))
        .arg("encoding", foreign.encoding.unwrap_or("in an unknown encoding"))
        .arg("encoding_zh", foreign.encoding.map_or("未知编码".to_owned(), |e| format!(" {e}")))
        .arg("iconv", foreign.encoding.unwrap_or("GB18030"));
    Unread { problem: Box::new(problem), shown }
}
