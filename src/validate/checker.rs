//! One walk over all rules and places: which hold, and a finding where one does not.

use super::passes::{Aside, Pass, Seen, Step, What};
use super::verdict::{self, Verdict, failing, verdict};
use super::view::{Frame, View};
use super::{Counts, Pending, message};
use crate::ir::rule::Explain;
use crate::ir::{Check, Fact, Instance, Origin, Rule, RuleId};
use formwright_engine::finding::allowed;
use formwright_engine::{Class, Finding, State};
use std::iter::Peekable;
use std::ops::ControlFlow;

/// One walk over the rules of a survey.
pub(crate) struct Checker<'a, 's> {
    pub view: View<'a>,
    pub is_final: bool,
    /// What this walk is for.
    pub pass: Pass,
    /// How many passed, did not apply or stayed open, without a finding.
    pub counts: Counts,
    /// Where findings go.
    pub sink: &'s mut dyn FnMut(Pending) -> ControlFlow<()>,
    /// Whether the sink takes no more.
    pub stopped: bool,
}

impl<'a> Checker<'a, '_> {
    /// Every rule in order; before its findings those that were seen beside the rules, behind them those of rows that
    /// the context gives.
    pub(crate) fn rules(&mut self, aside: &Aside<'_>) {
        let survey = self.view.survey;
        let mut aside = aside.of.iter().peekable();
        self.aside(&mut aside, (0, Step::Given));
        for (ix, rule) in survey.rules.iter().enumerate() {
            let id = RuleId(u32::try_from(ix).unwrap_or(u32::MAX));
            self.aside(&mut aside, (ix + 1, Step::Calculated));
            if self.is_wanted(rule) && runs(rule, self.is_final) {
                for (number, instance) in rule.instances.iter().enumerate() {
                    self.instance(id, rule, number, instance);
                }
            }
            self.aside(&mut aside, (ix + 1, Step::Given));
            if self.stopped {
                return;
            }
        }
    }

    /// What stands beside the rules, up to a place in their order.
    fn aside<'b>(&mut self, aside: &mut Peekable<impl Iterator<Item = &'b Seen<'b>>>, to: (usize, Step)) {
        while let Some(one) = aside.next_if(|one| one.order() <= to) {
            match one.what {
                What::Problem(problem) => self.raw(problem),
                What::Disagreement(one) if self.pass == Pass::Whole => self.disagreement(one),
                What::Disagreement(_) => {}
                What::Rows(block) => self.given_rows(block),
            }
        }
    }

    /// Blame lies with what is missing, besides with what the reader saw.
    fn is_wanted(&self, rule: &Rule) -> bool {
        let is_key = |i: &Instance| matches!(i.check, Check::Key(_));
        self.pass == Pass::Whole || rule.class == Class::Completeness || rule.instances.iter().any(is_key)
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
        if self.stopped {
            return;
        }
        match verdict(&self.view, frame, rule.origin, instance, check) {
            Verdict::Pass => self.counts.add(State::Pass, rule.severity),
            Verdict::NotApplicable => self.counts.add(State::NotApplicable, rule.severity),
            Verdict::Unknown if self.answered_by_mark(rule, instance, frame) => {
                self.counts.add(State::Pass, rule.severity);
            }
            Verdict::Unknown if self.is_final && self.pass == Pass::Whole => {
                let finding = self.finding(rule, instance, frame, State::Unknown, None);
                self.push(id, number, rule, instance.home, frame, finding);
            }
            Verdict::Unknown => self.counts.add(State::Unknown, rule.severity),
            Verdict::Fail => self.fails(id, rule, number, instance, check, frame),
        }
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
        self.give(Pending { rule: Some(id), instance, rows, finding, explain, office, unreadable });
    }

    /// Hands a finding on, as long as they are taken.
    pub(crate) fn give(&mut self, one: Pending) {
        self.stopped = self.stopped || (self.sink)(one).is_break();
    }

    /// A finding with everything but its message's occasion.
    pub(crate) fn finding(
        &self,
        rule: &Rule,
        instance: &Instance,
        frame: &Frame<'a>,
        state: State,
        side: Option<&verdict::Failing<'_, 'a>>,
    ) -> Finding {
        let mut finding = self.bare(rule, state);
        finding.place = message::place(&self.view, &instance.place, instance.home, frame);
        finding.cells = message::cells(&self.view, instance, frame, state == State::Unknown);
        if let Some(side) = side {
            finding.values = message::values(side);
        }
        if let Some(cell) = instance.explain.filter(|_| rule.explain == Explain::Field) {
            finding.response.at = self.view.places(cell, frame, 1).into_iter().next().map(|(at, _)| at);
        }
        if self.pass == Pass::Whole {
            let occasion = message::Occasion { rule, instance, frame, side, state };
            finding.message = message::message(&self.view, &occasion, &finding);
        }
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
fn runs(rule: &Rule, is_final: bool) -> bool {
    !rule.withdrawn && (is_final || !rule.final_only) && rule.in_force()
}
