//! Checks a return against its survey: what fails, where, with which values, and what the filler may do.

pub mod blame;
pub mod calculate;
pub mod designer;
mod eval;
pub mod message;
pub mod responses;
pub mod sentence;
mod stray;
mod structure;
pub mod verdict;
pub mod view;

#[cfg(test)]
mod tests;

use crate::data::{Layout, Records, Submission};
use crate::ir::rule::Explain;
use crate::ir::{Check, Fact, Instance, Origin, Rule, RuleId, Survey};
pub use designer::{Coverage, TestOutcome, coverage, run_test, run_tests};
use formwright_engine::finding::{allowed, blocks};
use formwright_engine::{Class, Date, Finding, Severity, State};
use verdict::{Verdict, failing, verdict};
use view::{Frame, View};

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
    pub previous: &'a [Option<&'a Records>],
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
    let (checked, unused) = crate::stack::enough(|| run(survey, layout, document, beside, options));
    report(survey, document, beside, options, checked, unused)
}

/// The findings before they are capped, with the counts of what is not reported.
pub(crate) struct Checked {
    pub pending: Vec<Pending>,
    pub counts: Counts,
    pub is_final: bool,
}

pub(crate) fn run(
    survey: &Survey,
    layout: &Layout,
    document: &Submission,
    beside: &Beside<'_>,
    options: &Options,
) -> (Checked, Vec<usize>) {
    let is_final = options.is_final.or(document.is_final).unwrap_or(true);
    let mut records = document.records.clone();
    let disagreements = calculate::calculate(survey, layout, &mut records, beside.context, beside.previous);
    let context = beside.context.map(|c| &c.top);
    let view = View { survey, layout, now: &records.top, context, previous: beside.previous };
    let mut checker = Checker { view, is_final, pending: Vec::new(), counts: Counts::default() };
    checker.raw(&document.problems);
    checker.disagreements(&disagreements);
    checker.rules();
    let mut pending = checker.pending;
    pending.sort_by_key(|p| p.rule.map(|rule| rule.0 + 1));
    let unused = responses::apply(&mut pending, &document.responses);
    let pending = blame::settle(&view, pending, options.unknowns && is_final);
    (Checked { pending, counts: checker.counts, is_final }, unused)
}

fn report(
    survey: &Survey,
    document: &Submission,
    beside: &Beside<'_>,
    options: &Options,
    checked: Checked,
    unused_responses: Vec<usize>,
) -> Report {
    let Checked { pending, mut counts, is_final } = checked;
    let more = document.more_problems;
    let total = pending.len() + usize::try_from(more).unwrap_or(usize::MAX - pending.len());
    let mut any = more > 0;
    counts.add_many(State::Fail, Severity::Error, more);
    let mut findings = Vec::with_capacity(pending.len().min(options.most));
    for mut one in pending {
        let f = &mut one.finding;
        f.blocks =
            blocks(f.severity, f.state, one.explain, one.office, is_final) || (!is_final && draft_blocks(f));
        any |= f.blocks;
        counts.add(f.state, f.severity);
        if findings.len() < options.most {
            findings.push(one.finding);
        }
    }
    Report {
        survey: survey.id.clone(),
        version: survey.version.clone(),
        fingerprint: survey.fingerprint.clone(),
        respondent: document.respondent.clone(),
        is_final,
        period: period(survey),
        context: context_keys(survey, beside.context),
        counts,
        findings,
        total,
        blocks: any,
        unused_responses,
    }
}

/// In a draft, warnings and completeness do not block; an error does.
fn draft_blocks(finding: &Finding) -> bool {
    finding.severity == Severity::Error
        && finding.state == State::Fail
        && finding.class != Class::Completeness
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

pub(crate) struct Checker<'a> {
    pub view: View<'a>,
    pub is_final: bool,
    pub pending: Vec<Pending>,
    pub counts: Counts,
}

impl<'a> Checker<'a> {
    fn rules(&mut self) {
        let survey = self.view.survey;
        for (ix, rule) in survey.rules.iter().enumerate() {
            if !runs(survey, rule, self.is_final) {
                continue;
            }
            let id = RuleId(u32::try_from(ix).unwrap_or(u32::MAX));
            for (number, instance) in rule.instances.iter().enumerate() {
                self.instance(id, rule, number, instance);
            }
        }
        self.given_blocks();
    }

    fn instance(&mut self, id: RuleId, rule: &'a Rule, number: usize, instance: &'a Instance) {
        let view = self.view;
        let frame = Frame::default();
        match &instance.check {
            Check::Raw => {}
            _ if rule.origin == Origin::Fact(Fact::Calculated) => {}
            Check::Key(block) => self.key(id, rule, number, instance, *block),
            Check::Rows { block, limit } => self.row_count(id, rule, number, instance, (*block, *limit)),
            Check::Holds(check) => match instance.home {
                None => self.holds(id, rule, number, instance, check, &frame),
                Some(block) => view.each_row(block, &frame, &mut |frame| {
                    self.holds(id, rule, number, instance, check, &frame);
                }),
            },
        }
    }

    /// The path on which most rules at most places end: nothing is allocated where a rule passes.
    fn holds(
        &mut self,
        id: RuleId,
        rule: &'a Rule,
        number: usize,
        instance: &'a Instance,
        check: &'a crate::ir::expr::Expr,
        frame: &Frame<'a>,
    ) {
        match verdict(&self.view, frame, rule.origin, instance, check) {
            Verdict::Pass => self.counts.add(State::Pass, rule.severity),
            Verdict::NotApplicable => self.counts.add(State::NotApplicable, rule.severity),
            Verdict::Unknown if self.bounds_blank(rule, instance, frame) => {
                self.counts.add(State::NotApplicable, rule.severity);
            }
            Verdict::Unknown if self.answered_by_mark(rule, instance, frame) => {
                self.counts.add(State::Pass, rule.severity);
            }
            Verdict::Unknown if self.is_final => {
                let finding = self.finding(rule, instance, frame, State::Unknown, None);
                self.push(id, number, rule, instance.home, frame, finding);
            }
            Verdict::Unknown => self.counts.add(State::Unknown, rule.severity),
            Verdict::Fail => self.fails(id, rule, number, instance, check, frame),
        }
    }

    /// A bound does not apply to a cell that is not filled.
    fn bounds_blank(&self, rule: &Rule, instance: &Instance, frame: &Frame<'a>) -> bool {
        let bounds = match rule.origin {
            Origin::Rule => false,
            Origin::Fact(fact) => matches!(
                fact,
                Fact::Min
                    | Fact::Max
                    | Fact::MinLength
                    | Fact::MaxLength
                    | Fact::Pattern
                    | Fact::MinChoices
                    | Fact::MaxChoices
            ),
        };
        let now = crate::ir::expr::Time::Now;
        bounds && instance.target.is_some_and(|cell| self.view.value(cell, frame, now).is_blank())
    }

    /// A mark is an answer, whatever it reads as: the cell is not missing.
    fn answered_by_mark(&self, rule: &Rule, instance: &Instance, frame: &Frame<'a>) -> bool {
        let now = crate::ir::expr::Time::Now;
        rule.origin == Origin::Fact(Fact::Required)
            && instance.target.is_some_and(|cell| {
                self.view.value(cell, frame, now).is_unknown() && !self.view.mark(cell, frame, now).is_blank()
            })
    }

    fn fails(
        &mut self,
        id: RuleId,
        rule: &'a Rule,
        number: usize,
        instance: &'a Instance,
        check: &'a crate::ir::expr::Expr,
        frame: &Frame<'a>,
    ) {
        let state = match (rule.explain, instance.explain) {
            (Explain::Field, Some(cell))
                if !self.view.value(cell, frame, crate::ir::expr::Time::Now).is_blank() =>
            {
                State::Explained
            }
            _ => State::Fail,
        };
        let sides = failing(&self.view, frame, check);
        if sides.is_empty() {
            let finding = self.finding(rule, instance, frame, state, None);
            self.push(id, number, rule, instance.home, frame, finding);
        }
        for side in sides {
            let finding = self.finding(rule, instance, frame, state, Some(&side));
            self.push(id, number, rule, instance.home, frame, finding);
        }
    }

    pub(crate) fn push(
        &mut self,
        id: RuleId,
        instance: usize,
        rule: &Rule,
        home: Option<crate::ir::BlockId>,
        frame: &Frame<'a>,
        finding: Finding,
    ) {
        let chain = self.view.layout.chain(home);
        let names = chain.iter().filter_map(|b| self.view.survey.block(*b)).map(|b| b.id.clone());
        let rows = names.zip(self.view.indexes(frame, home)).collect();
        let (explain, office) = (rule.explain != Explain::No, rule.office);
        let unreadable = rule.origin == Origin::Fact(Fact::Type);
        self.pending.push(Pending { rule: Some(id), instance, rows, finding, explain, office, unreadable });
    }

    /// A finding with everything but its message's occasion.
    pub(crate) fn finding(
        &self,
        rule: &Rule,
        instance: &Instance,
        frame: &Frame<'a>,
        state: State,
        side: Option<&verdict::Failing<'_>>,
    ) -> Finding {
        let mut finding = self.bare(rule, state);
        finding.place = message::place(&self.view, &instance.place, instance.home, frame);
        finding.cells = message::cells(&self.view, instance, frame, state == State::Unknown);
        if let Some(side) = side {
            finding.values = message::values(&self.view, frame, side);
        }
        if let Some(cell) = instance.explain.filter(|_| rule.explain == Explain::Field) {
            finding.response.at = self.view.places(cell, frame, 1).into_iter().next().map(|(at, _)| at);
        }
        let occasion = message::Occasion { rule, instance, frame, side, state };
        finding.message = message::message(&self.view, &occasion, &finding);
        finding
    }

    pub(crate) fn bare(&self, rule: &Rule, state: State) -> Finding {
        let mut finding = Finding::new(&rule.id, rule.severity, rule.class, rule.scope, state);
        finding.kind.clone_from(&rule.kind);
        finding.from.clone_from(&rule.from);
        let explain = rule.explain != Explain::No;
        finding.response.allowed = allowed(rule.severity, explain, rule.office).unwrap_or_default();
        finding
    }
}

/// Whether a rule runs at all: not withdrawn, within its life, and complete returns only where it says so.
fn runs(survey: &Survey, rule: &Rule, is_final: bool) -> bool {
    if rule.withdrawn || (rule.final_only && !is_final) {
        return false;
    }
    let table = rule.table.and_then(|t| survey.tables.get(t)).and_then(|t| t.period.as_ref());
    let first = table.map(|p| p.from).or_else(|| period(survey).map(|(from, _)| from));
    let Some(first) = first.map(Date::first_day) else { return true };
    rule.since.is_none_or(|since| since.first_day() <= first)
        && rule.until.is_none_or(|until| first <= until.first_day())
}
