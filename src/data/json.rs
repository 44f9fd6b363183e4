//! The strict reader: JSON bytes as header, records and what is wrong with single cells.

use super::cell::{self, RawProblem, nearest};
use super::error::{ReadError, ReadErrorKind};
use super::layout::{Layout, NodeId, Target};
use super::mark;
use super::records::{Record, Records};
use crate::ir::{BlockId, CellId, Fact, Root, Survey};
use formwright_engine::finding::Answer;
use formwright_engine::json::{self, Document, Json, JsonError, Limits, Member, pointer_step};
use std::collections::BTreeMap;

/// Problems of single values that are kept of one return, the first in the order in which they are told; the others are
/// counted.
pub const MAX_PROBLEMS: usize = 10_000;

/// Filled repeated rows of one return, all blocks together.
pub const MAX_ROWS: usize = 1_048_576;

/// Characters of a delivered value that are kept for showing.
const MAX_SHOWN: usize = 200;

/// A return as read.
#[derive(Debug, Clone, PartialEq)]
pub struct Submission {
    /// The survey it names.
    pub survey: String,
    /// The version it names.
    pub version: String,
    /// Whether it says that it is final or a draft; `None`: it says nothing.
    pub is_final: Option<bool>,
    /// The value of the first field of the respondent's section.
    pub respondent: Option<String>,
    /// Its values.
    pub records: Records,
    /// What is wrong with single cells, in document order.
    pub problems: Vec<Problem>,
    /// What else is wrong, beyond [`MAX_PROBLEMS`].
    pub beyond: Vec<Beyond>,
    /// The answers given with it.
    pub responses: Vec<GivenResponse>,
}

/// What is wrong with one delivered value.
#[derive(Debug, Clone, PartialEq)]
pub struct Problem {
    /// The cell; `None` for members that are not part of the survey.
    pub cell: Option<CellId>,
    /// The innermost block around it.
    pub block: Option<BlockId>,
    /// The rows it is in, outermost first, one for each block around it.
    pub rows: Vec<usize>,
    /// Its JSON pointer.
    pub pointer: String,
    /// What was delivered.
    pub text: String,
    /// What is wrong.
    pub problem: RawProblem,
}

/// A problem that is counted and not kept: what its consequences need.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Beyond {
    /// The mark of its JSON pointer.
    pub(crate) cell: u128,
    fact: Fact,
    /// Whether it says that the value cannot be read.
    pub(crate) unreadable: bool,
}

impl Beyond {
    fn new(has_rule: bool, problem: &Problem) -> Beyond {
        let fact = problem.problem.fact();
        let unreadable = fact == Fact::Type || (!has_rule && fact == Fact::Unexpected);
        Beyond { cell: mark(&problem.pointer), fact, unreadable }
    }
}

/// An answer to a finding, given with the return.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GivenResponse {
    /// The rule.
    pub rule: String,
    /// The members of the place as given, each as text; nulls and empty ones left out.
    pub place: Vec<(String, String)>,
    /// The answer.
    pub response: Answer,
    /// The explanation.
    pub text: Option<String>,
    /// The values it was given for: left and right.
    pub values: (Option<String>, Option<String>),
    /// The JSON as delivered.
    pub source: String,
}

/// A JSON document that is not yet held against a survey.
#[derive(Debug)]
pub struct Parsed<'a> {
    bytes: &'a [u8],
    document: Document,
}

impl<'a> Parsed<'a> {
    /// Parses JSON within the limits of a return (64 MB, 64 levels).
    ///
    /// # Errors
    /// When it is no JSON, or over a limit.
    pub fn new(bytes: &'a [u8]) -> Result<Self, ReadError> {
        Ok(Parsed { bytes, document: json::parse(bytes, &Limits::default())? })
    }

    /// The survey it names.
    pub fn survey(&self) -> Option<&str> {
        self.document.root.get("survey").and_then(Json::as_text)
    }

    /// The version it names.
    pub fn version(&self) -> Option<&str> {
        self.document.root.get("version").and_then(Json::as_text)
    }

    /// The first byte of the value at a JSON pointer, or of the nearest value around it that exists.
    pub fn offset(&self, pointer: &str) -> usize {
        let mut at = pointer;
        loop {
            if let Some(found) = self.document.root.pointer(at) {
                return found.span.0;
            }
            at = at.rfind('/').and_then(|end| at.get(..end)).unwrap_or_default();
        }
    }

    /// Reads it as a return of this survey and version.
    ///
    /// # Errors
    /// When it is no object, or of another survey or version.
    pub fn read(&self, survey: &Survey, layout: &Layout) -> Result<Submission, ReadError> {
        check_header(survey, &self.document.root)?;
        submission(survey, layout, self)
    }

    /// Reads it without holding its version against the survey's; the survey only where it names one.
    ///
    /// # Errors
    /// When it is no object, or of another survey.
    pub fn read_loose(&self, survey: &Survey, layout: &Layout) -> Result<Submission, ReadError> {
        let other =
            self.document.root.get("survey").filter(|json| json.as_text() != Some(survey.id.as_str()));
        if let Some(other) = other {
            let found = other.as_text().unwrap_or_default().to_owned();
            return Err(error(ReadErrorKind::OtherSurvey(found, survey.id.clone()), "/survey", other));
        }
        submission(survey, layout, self)
    }
}

/// Reads a return of this survey and version.
///
/// # Errors
/// When it is no JSON, over a limit, or of another survey or version.
///
/// ```
/// # use formwright::{SourceFileInput, compile};
/// # let file = |name: &str, text: &str| SourceFileInput { name: name.into(), shown: name.into(), bytes: text.into() };
/// # let files = vec![
/// #     file("survey.yaml", "survey: shop\nversion: '2'\ntitle: Shop\nlanguages: [en]\ntables: [stock]\n"),
/// #     file("stock.yaml", "table: stock\ntitle: Stock\nfields:\n  - books: {label: Books, type: count, was: volumes}\n  - lent: {label: Lent, type: count}\nrules:\n  - within: {check: lent <= books}\n"),
/// # ];
/// # let survey = compile(files).survey.unwrap();
/// use formwright::data::{Layout, ReadErrorKind, read_return, write_return};
///
/// let layout = Layout::new(&survey);
/// let text = br#"{"survey": "shop", "version": "2", "tables": {"stock": {"lent": 7.0, "boks": 1}}}"#;
/// let read = read_return(&survey, &layout, text).unwrap();
/// assert_eq!(read.problems[0].pointer, "/tables/stock/boks");
/// assert!(write_return(&survey, &layout, &read).contains(r#""lent": 7"#));
///
/// let other = read_return(&survey, &layout, br#"{"survey": "shop", "version": "1"}"#).unwrap_err();
/// assert!(matches!(other.kind, ReadErrorKind::OtherVersion(..)));
/// ```
pub fn read_return(survey: &Survey, layout: &Layout, bytes: &[u8]) -> Result<Submission, ReadError> {
    Parsed::new(bytes)?.read(survey, layout)
}

/// Reads a return without holding its version against the survey: previous returns, tests.
///
/// # Errors
/// When it is no JSON object, over a limit, or of another survey.
pub fn read_loose(survey: &Survey, layout: &Layout, bytes: &[u8]) -> Result<Submission, ReadError> {
    Parsed::new(bytes)?.read_loose(survey, layout)
}

/// Reads a context: the fields of the survey's context section.
///
/// # Errors
/// When it is no JSON object, or over a limit.
pub fn read_context(
    survey: &Survey,
    layout: &Layout,
    bytes: &[u8],
) -> Result<(Records, Vec<Problem>), ReadError> {
    let parsed = Parsed::new(bytes)?;
    let members = object(&parsed.document.root)?;
    let mut reader = Reader::new(survey, layout, bytes, Root::Context);
    let mut records = Records::blank(survey, Root::Context);
    reader.object(0, members, &mut records.top);
    reader.duplicates(&parsed.document.duplicates);
    reader.within_rows(&parsed.document.root)?;
    records.top.settle();
    Ok((records, reader.problems().0))
}

/// Reads JSON Lines: the number of each line that is not blank, from 1, and its return.
pub fn read_lines<'a>(
    survey: &'a Survey,
    layout: &'a Layout,
    bytes: &'a [u8],
) -> impl Iterator<Item = (usize, Result<Submission, ReadError>)> + 'a {
    let lines = bytes.split(|byte| *byte == b'\n').enumerate();
    lines
        .filter(|(_, line)| !line.trim_ascii().is_empty())
        .map(|(ix, line)| (ix + 1, read_return(survey, layout, line)))
}

fn object(json: &Json) -> Result<&[Member], ReadError> {
    json.members().ok_or_else(|| error(ReadErrorKind::NotObject, "", json))
}

fn error(kind: ReadErrorKind, pointer: &str, at: &Json) -> ReadError {
    ReadError { kind, pointer: pointer.to_owned(), offset: at.span.0 }
}

fn check_header(survey: &Survey, root: &Json) -> Result<(), ReadError> {
    object(root)?;
    let text = |name: &'static str| match root.get(name) {
        Some(json) => {
            json.as_text().ok_or_else(|| error(ReadErrorKind::Missing(name), &pointer_step(name), json))
        }
        None => Err(error(ReadErrorKind::Missing(name), "", root)),
    };
    let at = |kind, name: &str| error(kind, &pointer_step(name), root.get(name).unwrap_or(root));
    let (id, version) = (text("survey")?, text("version")?);
    if id != survey.id {
        return Err(at(ReadErrorKind::OtherSurvey(id.to_owned(), survey.id.clone()), "survey"));
    }
    if version != survey.version {
        return Err(at(ReadErrorKind::OtherVersion(version.to_owned(), survey.version.clone()), "version"));
    }
    Ok(())
}

fn submission(survey: &Survey, layout: &Layout, parsed: &Parsed<'_>) -> Result<Submission, ReadError> {
    let root = &parsed.document.root;
    let members = object(root)?;
    let mut reader = Reader::new(survey, layout, parsed.bytes, Root::Return);
    let mut records = Records::blank(survey, Root::Return);
    reader.object(0, members, &mut records.top);
    let responses = root.get("responses").map_or_else(Vec::new, |json| reader.responses(json));
    reader.duplicates(&parsed.document.duplicates);
    reader.within_rows(root)?;
    records.top.settle();
    let text = |name: &str| root.get(name).and_then(Json::as_text).unwrap_or_default().to_owned();
    let (problems, beyond) = reader.problems();
    Ok(Submission {
        survey: text("survey"),
        version: text("version"),
        is_final: state(root)?,
        respondent: respondent(survey, &records),
        records,
        problems,
        beyond,
        responses,
    })
}

fn state(root: &Json) -> Result<Option<bool>, ReadError> {
    match root.get("state") {
        None => Ok(None),
        Some(json) => match json.as_text() {
            Some("final") => Ok(Some(true)),
            Some("draft") => Ok(Some(false)),
            other => {
                let kind = ReadErrorKind::State(other.unwrap_or("another JSON type").to_owned());
                Err(error(kind, "/state", json))
            }
        },
    }
}

fn respondent(survey: &Survey, records: &Records) -> Option<String> {
    let first = survey.respondent.as_ref()?.fields.first()?.cell;
    let value = records.top.value(survey.cell(first)?.home.slot);
    (!value.is_blank() && !value.is_unknown()).then(|| value.to_string())
}

/// The walk through one document.
struct Reader<'a> {
    survey: &'a Survey,
    layout: &'a Layout,
    bytes: &'a [u8],
    root: Root,
    block: Option<BlockId>,
    rows: Vec<usize>,
    pointer: String,
    /// The first problems in the order in which they are told: rule (0 without one), then place in the document.
    kept: BTreeMap<(usize, usize), Problem>,
    /// How many problems there have been.
    seen: usize,
    /// Those that are not kept.
    beyond: Vec<Beyond>,
    /// Filled rows so far.
    filled: usize,
}

const HEADER: [&str; 4] = ["survey", "version", "state", "responses"];

impl<'a> Reader<'a> {
    fn new(survey: &'a Survey, layout: &'a Layout, bytes: &'a [u8], root: Root) -> Self {
        Reader {
            survey,
            layout,
            bytes,
            root,
            block: None,
            rows: Vec::new(),
            pointer: String::new(),
            kept: BTreeMap::new(),
            seen: 0,
            beyond: Vec::new(),
            filled: 0,
        }
    }

    fn within_rows(&self, root: &Json) -> Result<(), ReadError> {
        if self.filled <= MAX_ROWS {
            return Ok(());
        }
        let over = json::Problem::OverLimit("rows", MAX_ROWS);
        Err(error(ReadErrorKind::Json(over), "", root))
    }

    /// The JSON text of a value.
    fn source(&self, json: &Json) -> String {
        let slice = self.bytes.get(json.span.0..json.span.1).unwrap_or_default();
        String::from_utf8_lossy(slice).into_owned()
    }

    fn problem(&mut self, cell: Option<CellId>, json: &Json, problem: RawProblem) {
        let text = match json.as_text() {
            Some(text) => shown(text),
            None => shown(&String::from_utf8_lossy(
                self.bytes.get(json.span.0..json.span.1.min(json.span.0 + 4 * MAX_SHOWN)).unwrap_or_default(),
            )),
        };
        self.keep(Problem {
            cell,
            block: self.block,
            rows: self.rows.clone(),
            pointer: self.pointer.clone(),
            text,
            problem,
        });
    }

    /// Whether nearest names are still looked for: a document with nothing but mistakes must not take longer for it.
    fn suggests(&self) -> bool {
        self.seen < MAX_PROBLEMS
    }

    fn keep(&mut self, problem: Problem) {
        let rule = problem.cell.and_then(|cell| self.layout.fact(cell, problem.problem.fact()));
        self.seen += 1;
        self.kept.insert((rule.map_or(0, |rule| rule.ix() + 1), self.seen), problem);
        if self.kept.len() > MAX_PROBLEMS {
            let last = self.kept.pop_last();
            self.beyond.extend(last.map(|((rule, _), problem)| Beyond::new(rule > 0, &problem)));
        }
    }

    /// The kept problems in document order, and the others, those of one cell and fact as one.
    fn problems(self) -> (Vec<Problem>, Vec<Beyond>) {
        let last = self.kept.last_key_value().map(|((rule, _), problem)| Beyond::new(*rule > 0, problem));
        let mut kept: Vec<(usize, Problem)> = self.kept.into_iter().map(|((_, at), p)| (at, p)).collect();
        kept.sort_unstable_by_key(|(at, _)| *at);
        let mut beyond = self.beyond;
        beyond.sort_unstable();
        beyond.dedup();
        beyond.retain(|one| Some(*one) != last);
        (kept.into_iter().map(|(_, problem)| problem).collect(), beyond)
    }

    /// The members of an object; the nesting is that of the survey's own shape.
    fn object(&mut self, node: NodeId, members: &[Member], record: &mut Record) {
        let length = self.pointer.len();
        for member in members {
            if node == 0 && self.root == Root::Return && HEADER.contains(&member.key.as_str()) {
                continue;
            }
            self.pointer.push_str(&pointer_step(&member.key));
            self.member(node, member, record);
            self.pointer.truncate(length);
        }
    }

    fn member(&mut self, node: NodeId, member: &Member, record: &mut Record) {
        let json = &member.value;
        let target = self.layout.tree(self.root).node(node).and_then(|n| n.get(&member.key));
        match target {
            Some(Target::Cell(id)) => self.cell(id, json, record),
            Some(Target::Object(inner)) => match json.members() {
                Some(members) => self.object(inner, members, record),
                None if json.is_null() => {}
                None => self.problem(None, json, RawProblem::WrongType),
            },
            Some(Target::Rows(block, inner)) => self.rows(block, inner, json, record),
            None => {
                let names = self.layout.tree(self.root).node(node).map_or(&[][..], |n| &n.members);
                let names = names.iter().map(|(name, _)| name.as_str());
                let near = if self.suggests() { nearest(&member.key, names) } else { None };
                self.problem(None, json, RawProblem::Unexpected(shown(&member.key), near));
            }
        }
    }

    fn cell(&mut self, id: CellId, json: &Json, record: &mut Record) {
        let Some(cell) = self.survey.cell(id) else { return };
        let slot = cell.home.slot;
        // A repeated key: the first value stands, the repetition is a finding of its own.
        if !record.value(slot).is_blank() || record.raw(slot).is_some() {
            return;
        }
        let read = cell::read_cell(self.survey, cell, json, self.suggests());
        for problem in read.problems {
            self.problem(Some(id), json, problem);
        }
        if read.keep {
            record.raw.insert(slot, self.source(json));
        }
        record.set(slot, read.value);
    }

    fn rows(&mut self, block: BlockId, node: NodeId, json: &Json, record: &mut Record) {
        let Some(items) = json.items() else {
            if !json.is_null() {
                self.problem(None, json, RawProblem::WrongType);
            }
            return;
        };
        let Some(position) = self.survey.block(block).map(|b| b.index as usize) else { return };
        if record.blocks.get(position).is_none_or(|rows| !rows.is_empty()) {
            return;
        }
        let outer = self.block.replace(block);
        let rows = items.iter().enumerate().map(|(ix, item)| self.row(block, node, ix, item)).collect();
        self.block = outer;
        if let Some(place) = record.blocks.get_mut(position) {
            *place = rows;
        }
    }

    fn row(&mut self, block: BlockId, node: NodeId, index: usize, json: &Json) -> Record {
        if json.is_null() || json.members().is_some_and(<[Member]>::is_empty) || self.filled > MAX_ROWS {
            return Record { empty: true, ..Record::default() };
        }
        let length = self.pointer.len();
        let mut row = Record::of_block(self.survey, block);
        self.pointer.push_str(&format!("/{index}"));
        self.rows.push(index);
        match json.members() {
            Some(members) => self.object(node, members, &mut row),
            None => self.problem(None, json, RawProblem::WrongType),
        }
        self.rows.pop();
        self.pointer.truncate(length);
        row.settle();
        if row.empty {
            return Record { empty: true, ..Record::default() };
        }
        self.filled += 1;
        row
    }

    fn duplicates(&mut self, duplicates: &[JsonError]) {
        for duplicate in duplicates {
            let key = duplicate
                .pointer
                .rsplit('/')
                .next()
                .unwrap_or_default()
                .replace("~1", "/")
                .replace("~0", "~");
            self.keep(Problem {
                cell: None,
                block: None,
                rows: Vec::new(),
                pointer: duplicate.pointer.clone(),
                text: key.clone(),
                problem: RawProblem::Duplicate(key),
            });
        }
    }

    fn responses(&mut self, json: &Json) -> Vec<GivenResponse> {
        let mut out = Vec::new();
        self.pointer = "/responses".to_owned();
        match json.items() {
            None if json.is_null() => {}
            None => self.problem(None, json, RawProblem::WrongType),
            Some(items) => {
                for (ix, item) in items.iter().enumerate() {
                    self.pointer = format!("/responses/{ix}");
                    match self.response(item) {
                        Some(response) => out.push(response),
                        None => self.problem(None, item, RawProblem::WrongType),
                    }
                }
            }
        }
        self.pointer.clear();
        out
    }

    fn response(&self, json: &Json) -> Option<GivenResponse> {
        let object = |name: &str| json.get(name).is_none_or(|j| j.is_null() || j.members().is_some());
        let is_text = |name: &str| json.get(name).is_none_or(|j| j.is_null() || j.as_text().is_some());
        if !(object("place") && object("values") && is_text("text")) {
            return None;
        }
        let text = |json: Option<&Json>| match json {
            Some(json) => json.as_text().or(json.as_number()).map(str::to_owned),
            None => None,
        };
        let values = json.get("values");
        let side = |name: &str| text(values.and_then(|v| v.get(name)));
        Some(GivenResponse {
            rule: json.get("rule")?.as_text()?.to_owned(),
            place: json.get("place").map_or_else(Vec::new, place_members),
            response: Answer::parse(json.get("response")?.as_text()?)?,
            text: text(json.get("text")),
            values: (side("left"), side("right")),
            source: self.source(json),
        })
    }
}

/// The beginning of a text, for showing.
pub(super) fn shown(text: &str) -> String {
    match text.char_indices().nth(MAX_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

/// The members of a response's place as text; those of `over` by their axis, as `over/period`.
fn place_members(json: &Json) -> Vec<(String, String)> {
    let mut out = Vec::new();
    for member in json.members().unwrap_or_default() {
        match member.value.as_text().or(member.value.as_number()) {
            Some(text) => out.push((member.key.clone(), text.to_owned())),
            None if member.key == "over" => {
                let axes = member.value.members().unwrap_or_default().iter();
                out.extend(
                    axes.filter_map(|m| Some((format!("over/{}", m.key), m.value.as_text()?.to_owned()))),
                );
            }
            None => {}
        }
    }
    out
}
