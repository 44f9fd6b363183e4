//! Checks a return against its survey: what fails, where, with which values, and what the filler may do.

pub mod blame;
pub mod calculate;
mod checker;
pub mod designer;
mod eval;
mod kept;
pub mod message;
mod passes;
pub mod responses;
pub mod sentence;
mod stray;
mod structure;
pub mod suggest;
mod undecided;
pub mod verdict;
pub mod view;

#[cfg(test)]
mod tests;

use crate::data::{Earlier, Layout, Records, Submission};
use crate::ir::{RuleId, Survey};
use blame::Blame;
pub(crate) use checker::Checker;
pub use designer::{Coverage, TestOutcome, coverage, run_test, run_tests, run_tests_telling};
use formwright_engine::{Date, Finding, Severity, State};
use kept::Kept;
use passes::{Aside, Pass};
use responses::Responses;
use std::ops::ControlFlow;
use view::View;

/// How a return is checked.
#[derive(Debug, Clone, Copy)]
pub struct Options {
    /// As a final return or as a draft; `None`: as it says itself, final if it says nothing.
    pub is_final: Option<bool>,
    /// Findings that are kept; all are counted.
    pub most: usize,
    /// Whether undecided rules are reported (in final returns only).
    pub unknowns: bool,
}

impl Default for Options {
    fn default() -> Self {
        Options { is_final: None, most: 10_000, unknowns: true }
    }
}

/// What is given beside a return.
#[derive(Debug, Clone, Copy, Default)]
pub struct Beside<'a> {
    /// The context.
    pub context: Option<&'a Records>,
    /// Previous returns, by position in [`Survey::previous`].
    pub previous: &'a [Option<&'a Earlier>],
}

/// How many findings there are of a state and severity.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts([[u64; 3]; 6]);

impl Counts {
    /// The number of a state and severity.
    pub fn of(&self, state: State, severity: Severity) -> u64 {
        self.0.get(state as usize).and_then(|row| row.get(severity as usize)).copied().unwrap_or(0)
    }

    /// The number of a state.
    pub fn state(&self, state: State) -> u64 {
        self.0.get(state as usize).map_or(0, |row| row.iter().sum())
    }

    /// Counts one more.
    pub fn add(&mut self, state: State, severity: Severity) {
        self.add_many(state, severity, 1);
    }

    /// Adds all of another.
    pub fn extend(&mut self, other: &Counts) {
        other.all().for_each(|(state, severity, n)| self.add_many(state, severity, n));
    }

    fn add_many(&mut self, state: State, severity: Severity, more: u64) {
        if let Some(n) = self.0.get_mut(state as usize).and_then(|row| row.get_mut(severity as usize)) {
            *n += more;
        }
    }

    /// Every state and severity that occurs, with its number.
    pub fn all(&self) -> impl Iterator<Item = (State, Severity, u64)> + '_ {
        let pairs = State::ALL.iter().flat_map(|state| Severity::ALL.iter().map(|s| (*state, *s)));
        pairs.map(|(state, severity)| (state, severity, self.of(state, severity))).filter(|(_, _, n)| *n > 0)
    }
}

/// What came of checking a return.
#[derive(Debug, Clone, PartialEq)]
pub struct Report {
    /// The survey.
    pub survey: String,
    /// Its version.
    pub version: String,
    /// The fingerprint of its source.
    pub fingerprint: String,
    /// Who filled it.
    pub respondent: Option<String>,
    /// Whether it was checked as a final return.
    pub is_final: bool,
    /// The reference period: the first table's that has one.
    pub period: Option<(Date, Date)>,
    /// The context fields that are present.
    pub context: Vec<String>,
    /// How many of each state and severity, those not kept included.
    pub counts: Counts,
    /// Findings, at most as many as [`Options::most`].
    pub findings: Vec<Finding>,
    /// How many findings there are.
    pub total: usize,
    /// Whether any finding keeps the return from being final.
    pub blocks: bool,
    /// Responses that count for no finding, by position in the return.
    pub unused_responses: Vec<usize>,
}

/// A finding on its way, with what merging and blame need to know.
#[derive(Debug, Clone)]
pub(crate) struct Pending {
    /// Position of its rule; facts without a rule come first.
    pub rule: Option<RuleId>,
    /// Position of the instance in the rule.
    pub instance: usize,
    /// The block of the row it is about, and the indexes of the rows around.
    pub rows: Vec<(String, usize)>,
    /// The finding.
    pub finding: Finding,
    /// Whether it is of a kind that may be explained.
    pub explain: bool,
    /// Whether it is left to the office.
    pub office: bool,
    /// Whether it says that its target cannot be read.
    pub unreadable: bool,
}

/// Checks a return.
///
/// ```
/// # use formwright::{SourceFileInput, compile};
/// # let file = |name: &str, text: &str| SourceFileInput { name: name.into(), shown: name.into(), bytes: text.into() };
/// # let files = vec![
/// #     file("survey.yaml", "survey: shop\nversion: '2'\ntitle: Shop\nlanguages: [en]\ntables: [stock]\n"),
/// #     file("stock.yaml", "table: stock\ntitle: Stock\nfields:\n  - books: {label: Books, type: count, was: volumes}\n  - lent: {label: Lent, type: count}\nrules:\n  - within: {check: lent <= books}\n"),
/// # ];
/// # let survey = compile(files).survey.unwrap();
/// use formwright::data::{Layout, read_return};
/// use formwright::validate::{Beside, Options, validate};
///
/// let layout = Layout::new(&survey);
/// let text = br#"{"survey": "shop", "version": "2", "tables": {"stock": {"books": 5, "lent": 7}}}"#;
/// let submission = read_return(&survey, &layout, text).unwrap();
/// let report = validate(&survey, &layout, &submission, &Beside::default(), &Options::default());
/// assert!(report.blocks);
/// assert_eq!(report.findings[0].values.diff.as_deref(), Some("2"));
/// ```
pub fn validate(
    survey: &Survey,
    layout: &Layout,
    document: &Submission,
    beside: &Beside<'_>,
    options: &Options,
) -> Report {
    let checked = crate::stack::enough(|| run(survey, layout, document, beside, options));
    report(survey, document, beside, checked)
}

/// What a check has found, kept as far as [`Options::most`] goes.
pub(crate) struct Checked {
    pub kept: Kept,
    pub is_final: bool,
    pub unused_responses: Vec<usize>,
}

/// Checks as long as all findings fit into memory; else once more, for what can be blamed, and a third time, in which
/// each finding is counted and those beyond the limit are let go.
pub(crate) fn run(
    survey: &Survey,
    layout: &Layout,
    document: &Submission,
    beside: &Beside<'_>,
    options: &Options,
) -> Checked {
    let is_final = options.is_final.or(document.is_final).unwrap_or(true);
    let mut records = document.records.clone();
    let disagreements = calculate::calculate(survey, layout, &mut records, beside.context, beside.previous);
    let context = beside.context.map(|c| &c.top);
    let view = View { survey, layout, now: &records.top, context, previous: beside.previous };
    let aside = Aside::new(&view, &document.problems, &disagreements);
    let mut responses = Responses::new(&document.responses);
    let mut blame = Blame::new(view, options.unknowns && is_final);
    let mut kept = Kept::new(options.most, is_final);
    blame.beyond(&document.beyond);
    let mut all = Vec::new();
    let counts = passes::pass(view, is_final, Pass::Whole, &aside, &mut |one| {
        all.push(one);
        if all.len() > options.most { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    });
    let counts = match counts {
        ControlFlow::Continue(counts) => {
            all.iter_mut().for_each(|one| responses.settle(one));
            all.iter().for_each(|one| blame.learn(one));
            blame.spread(&disagreements);
            all.into_iter().filter(|one| blame.keeps(one)).for_each(|one| kept.add(one));
            counts
        }
        ControlFlow::Break(()) => {
            drop(all);
            passes::each(view, is_final, Pass::Blame, &aside, &mut |mut one| {
                responses.settle(&mut one);
                blame.learn(&one);
            });
            blame.spread(&disagreements);
            kept.let_go(survey);
            passes::each(view, is_final, Pass::Whole, &aside, &mut |mut one| {
                responses.settle(&mut one);
                if blame.keeps(&one) {
                    kept.add(one);
                }
            })
        }
    };
    kept.counts.extend(&counts);
    kept.count_beyond(document.beyond.len());
    Checked { kept, is_final, unused_responses: responses.unused() }
}

fn report(survey: &Survey, document: &Submission, beside: &Beside<'_>, checked: Checked) -> Report {
    let Checked { kept, is_final, unused_responses } = checked;
    Report {
        survey: survey.id.clone(),
        version: survey.version.clone(),
        fingerprint: survey.fingerprint.clone(),
        respondent: document.respondent.clone(),
        is_final,
        period: period(survey),
        context: context_keys(survey, beside.context),
        counts: kept.counts,
        total: kept.total,
        blocks: kept.blocks,
        findings: kept.pending.into_iter().map(|one| one.finding).collect(),
        unused_responses,
    }
}

/// The reference period: the first table's that has one.
pub fn period(survey: &Survey) -> Option<(Date, Date)> {
    survey.tables.iter().find_map(|t| t.period.as_ref()).map(|p| (p.from, p.to))
}

/// The fields of the context that are filled.
pub fn context_keys(survey: &Survey, context: Option<&Records>) -> Vec<String> {
    let Some(context) = context else { return Vec::new() };
    let cells =
        survey.cells.iter().filter(|c| c.home.root == crate::ir::Root::Context && c.home.block.is_none());
    cells.filter(|c| !context.top.value(c.home.slot).is_blank()).map(|c| c.id.clone()).collect()
}
