//! The strict reader: JSON bytes as header, records and what is wrong with single cells.

use super::cell::{self, RawProblem, nearest};
use super::layout::{Layout, NodeId, Target};
use super::records::{Record, Records};
use crate::ir::{BlockId, CellId, Root, Survey};
use formwright_engine::finding::Answer;
use formwright_engine::json::{Json, JsonError, Limits, Member, pointer_step};
use std::fmt;

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

/// Why a document cannot be read as a return of this survey.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub kind: ReadErrorKind,
    /// The JSON pointer of the place.
    pub pointer: String,
    /// The byte.
    pub offset: usize,
}

/// The kinds of [`ReadError`].
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ReadErrorKind {
    /// No JSON, or over a limit.
    Json(String),
    /// The document is no object.
    NotObject,
    /// A member of the header is missing or no text.
    Missing(&'static str),
    /// The return is for another survey.
    OtherSurvey(String, String),
    /// The return is for another version.
    OtherVersion(String, String),
    /// A `state` that is neither `draft` nor `final`.
    State(String),
}

impl ReadError {
    /// The sentence in a language (`zh…`, else English).
    pub fn message(&self, language: &str) -> String {
        let zh = language.starts_with("zh");
        match &self.kind {
            ReadErrorKind::Json(text) if zh => format!("不是可读的 JSON：{text}"),
            ReadErrorKind::Json(text) => format!("not readable as JSON: {text}"),
            ReadErrorKind::NotObject if zh => "报送文件应为一个 JSON 对象".into(),
            ReadErrorKind::NotObject => "a return must be a JSON object".into(),
            ReadErrorKind::Missing(name) if zh => format!("缺少“{name}”"),
            ReadErrorKind::Missing(name) => format!("“{name}” is missing"),
            ReadErrorKind::OtherSurvey(found, this) if zh => {
                format!("这是调查“{found}”的报送，不是“{this}”的")
            }
            ReadErrorKind::OtherSurvey(found, this) => {
                format!("this is a return of survey “{found}”, not of “{this}”")
            }
            ReadErrorKind::OtherVersion(found, this) if zh => {
                format!("这是版本 {found} 的报送，本调查为版本 {this}，可用 migrate 转换")
            }
            ReadErrorKind::OtherVersion(found, this) => {
                format!(
                    "this is a return of version {found}; the survey is version {this}: `migrate` carries it over"
                )
            }
            ReadErrorKind::State(found) if zh => format!("“state”应为 draft 或 final，现为 {found}"),
            ReadErrorKind::State(found) => format!("“state” must be draft or final, not {found}"),
        }
    }
}

impl fmt::Display for ReadError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "byte {}", self.offset)?;
        if !self.pointer.is_empty() {
            write!(out, " ({})", self.pointer)?;
        }
        write!(out, ": {}", self.message("en"))
    }
}

impl std::error::Error for ReadError {}

/// Reads a return of this survey and version.
///
/// # Errors
/// When it is no JSON, over a limit, or of another survey or version.
pub fn read_return(survey: &Survey, layout: &Layout, bytes: &[u8]) -> Result<Submission, ReadError> {
    let document = parse(bytes)?;
    check_header(survey, &document.root)?;
    submission(survey, layout, bytes, &document.root, &document.duplicates)
}

/// Reads a return without holding its header against the survey: previous returns, tests.
///
/// # Errors
/// When it is no JSON object, or over a limit.
pub fn read_loose(survey: &Survey, layout: &Layout, bytes: &[u8]) -> Result<Submission, ReadError> {
    let document = parse(bytes)?;
    submission(survey, layout, bytes, &document.root, &document.duplicates)
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
    let document = parse(bytes)?;
    let members = object(&document.root)?;
    let mut reader = Reader::new(survey, layout, bytes, Root::Context);
    let mut records = Records::blank(survey, Root::Context);
    reader.object(0, members, &mut records.top);
    reader.duplicates(&document.duplicates);
    records.top.settle();
    Ok((records, reader.problems))
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

fn parse(bytes: &[u8]) -> Result<formwright_engine::json::Document, ReadError> {
    formwright_engine::json::parse(bytes, &Limits::default()).map_err(|error| ReadError {
        kind: ReadErrorKind::Json(error.problem.to_string()),
        pointer: error.pointer,
        offset: error.offset,
    })
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

fn submission(
    survey: &Survey,
    layout: &Layout,
    bytes: &[u8],
    root: &Json,
    duplicates: &[JsonError],
) -> Result<Submission, ReadError> {
    let members = object(root)?;
    let mut reader = Reader::new(survey, layout, bytes, Root::Return);
    let mut records = Records::blank(survey, Root::Return);
    reader.object(0, members, &mut records.top);
    let responses = root.get("responses").map_or_else(Vec::new, |json| reader.responses(json));
    reader.duplicates(duplicates);
    records.top.settle();
    let text = |name: &str| root.get(name).and_then(Json::as_text).unwrap_or_default().to_owned();
    Ok(Submission {
        survey: text("survey"),
        version: text("version"),
        is_final: state(root)?,
        respondent: respondent(survey, &records),
        records,
        problems: reader.problems,
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
    problems: Vec<Problem>,
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
            problems: Vec::new(),
        }
    }

    fn source(&self, json: &Json) -> String {
        let slice = self.bytes.get(json.span.0..json.span.1).unwrap_or_default();
        String::from_utf8_lossy(slice).into_owned()
    }

    fn problem(&mut self, cell: Option<CellId>, json: &Json, problem: RawProblem) {
        let text = json.as_text().map_or_else(|| self.source(json), str::to_owned);
        self.problems.push(Problem {
            cell,
            block: self.block,
            rows: self.rows.clone(),
            pointer: self.pointer.clone(),
            text,
            problem,
        });
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
                let near = nearest(&member.key, names.iter().map(|(name, _)| name.as_str()));
                self.problem(None, json, RawProblem::Unexpected(member.key.clone(), near));
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
        let read = cell::read_cell(self.survey, cell, json);
        for problem in read.problems {
            self.problem(Some(id), json, problem);
        }
        if read.keep {
            record.raw.push((slot, self.source(json)));
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
        let length = self.pointer.len();
        let mut row = Record::of_block(self.survey, block);
        self.pointer.push_str(&format!("/{index}"));
        self.rows.push(index);
        match json.members() {
            Some(members) => self.object(node, members, &mut row),
            None if json.is_null() => {}
            None => self.problem(None, json, RawProblem::WrongType),
        }
        self.rows.pop();
        self.pointer.truncate(length);
        row.settle();
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
            self.problems.push(Problem {
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
