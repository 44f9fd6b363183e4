//! How reports are written: text and JSON Lines as they come, JSON and SARIF as one document.

use super::feed::{Fault, Item};
use super::surveys::Loaded;
use super::{json, sarif, text};
use crate::data::Parsed;
use crate::diag::Lang;
use crate::validate::{Counts, Report};
use std::sync::Arc;

/// What a run has seen, for its header.
#[derive(Default)]
pub struct Totals {
    /// The surveys, in the order met.
    pub surveys: Vec<Arc<Loaded>>,
    /// Returns that nothing keeps back.
    pub accepted: u64,
    /// Returns that something blocks.
    pub refused: u64,
    /// Returns that could not be read.
    pub unreadable: u64,
    /// Findings that are counted and not listed.
    pub unlisted: u64,
    /// Findings and what did not fail, by state and severity.
    pub counts: Counts,
}

impl Totals {
    /// How many returns there were.
    pub fn returns(&self) -> u64 {
        self.accepted + self.refused + self.unreadable
    }
}

/// One return with its report.
pub struct Checked<'a> {
    /// Where it comes from.
    pub item: &'a Item,
    /// Its survey.
    pub loaded: &'a Loaded,
    /// The document.
    pub parsed: &'a Parsed<'a>,
    /// What was found.
    pub report: &'a Report,
    /// The language for people.
    pub lang: Lang,
    /// Whether standard output takes colours.
    pub colour: bool,
}

/// A way of writing reports.
pub struct Format {
    /// Its name.
    pub name: &'static str,
    /// Whether each part is written as soon as it is there; else `open` and `close` frame them all.
    pub streams: bool,
    /// Between two parts.
    pub between: &'static str,
    /// The report of a return.
    pub report: fn(&Checked<'_>) -> String,
    /// A return that cannot be read.
    pub fault: fn(&Fault, Lang) -> String,
    /// What stands before the returns of a survey that is met for the first time (formats that stream).
    pub header: fn(&Loaded, Lang) -> String,
    /// What stands before all parts.
    pub open: fn(&Totals, Lang) -> String,
    /// What stands after them.
    pub close: fn(&Totals, Lang) -> String,
}

/// Every format.
pub const FORMATS: [Format; 4] = [text::FORMAT, json::FORMAT, json::LINES, sarif::FORMAT];

/// Nothing.
pub fn nothing(_: &Totals, _: Lang) -> String {
    String::new()
}

/// No header.
pub fn no_header(_: &Loaded, _: Lang) -> String {
    String::new()
}
