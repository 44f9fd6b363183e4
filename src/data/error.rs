//! Why a document cannot be read at all.

use super::version;
use formwright_engine::json::{JsonError, Problem};
use std::cmp::Ordering;
use std::fmt;

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
    Json(Problem),
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
            ReadErrorKind::Json(problem) if zh => format!("不是可读的 JSON：{}", problem.chinese()),
            ReadErrorKind::Json(problem) => format!("not readable as JSON: {problem}"),
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
            ReadErrorKind::OtherVersion(found, this) => other_version(found, this, zh),
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

/// A return of an earlier version can be carried over; one of a later version needs the later survey.
fn other_version(found: &str, this: &str, zh: bool) -> String {
    let earlier = version::compare(found, this) == Ordering::Less;
    match (earlier, zh) {
        (true, true) => {
            format!("这是版本 {found} 的报送，本调查为版本 {this}；请先用 formwright migrate 转换")
        }
        (true, false) => format!(
            "this is a return of version {found}, and the survey is version {this}; carry it over with `formwright migrate`"
        ),
        (false, true) => format!("这是版本 {found} 的报送，比本调查的版本 {this} 新；请使用该版本的调查"),
        (false, false) => format!(
            "this is a return of version {found}, later than the survey's {this}; use the survey of that version"
        ),
    }
}

impl From<JsonError> for ReadError {
    fn from(error: JsonError) -> Self {
        ReadError { kind: ReadErrorKind::Json(error.problem), pointer: error.pointer, offset: error.offset }
    }
}
