//! Walks over the rules, and what is found beside them in the order in which it is told.

use super::calculate::Disagreement;
use super::view::View;
use super::{Checker, Counts, Pending};
use crate::data::Problem;
use crate::ir::{BlockId, Fact, RuleId};
use std::ops::ControlFlow;

/// What a walk is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Pass {
    /// Every finding, with its message.
    Whole,
    /// Only what others can be blamed on, without messages.
    Blame,
}

/// Where a finding that is seen beside the rules stands among those of its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Step {
    /// Seen by the reader.
    Read,
    /// A calculated cell that was delivered otherwise.
    Calculated,
    /// Rows that the context gives.
    Given,
}

/// What is seen beside the rules.
#[derive(Debug, Clone, Copy)]
pub(crate) enum What<'a> {
    /// A value that cannot be used.
    Problem(&'a Problem),
    /// A calculated cell that was delivered otherwise.
    Disagreement(&'a Disagreement),
    /// A block whose rows the context gives.
    Rows(BlockId),
}

/// One thing seen, with its rule.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Seen<'a> {
    rule: Option<RuleId>,
    /// The thing.
    pub what: What<'a>,
}

impl Seen<'_> {
    /// Behind which rule it stands (counted from 1, without a rule 0), and where among the findings of that rule.
    pub fn order(&self) -> (usize, Step) {
        let step = match self.what {
            What::Problem(_) => Step::Read,
            What::Disagreement(_) => Step::Calculated,
            What::Rows(_) => Step::Given,
        };
        (self.rule.map_or(0, |rule| rule.ix() + 1), step)
    }
}

/// All that is seen beside the rules, in order.
#[derive(Debug)]
pub(crate) struct Aside<'a> {
    /// The things.
    pub of: Vec<Seen<'a>>,
}

impl<'a> Aside<'a> {
    pub fn new(view: &View<'_>, problems: &'a [Problem], disagreements: &'a [Disagreement]) -> Self {
        let layout = view.layout;
        let read = problems.iter().map(|problem| {
            let rule = problem.cell.and_then(|cell| layout.fact(cell, problem.problem.fact()));
            Seen { rule, what: What::Problem(problem) }
        });
        let calculated = disagreements
            .iter()
            .map(|one| Seen { rule: layout.fact(one.cell, Fact::Calculated), what: What::Disagreement(one) });
        let blocks = view.survey.blocks.iter().enumerate().filter(|(_, block)| block.from.is_some());
        let given = blocks.map(|(ix, _)| {
            let block = BlockId(u32::try_from(ix).unwrap_or(u32::MAX));
            Seen { rule: layout.block_fact(block, Fact::From), what: What::Rows(block) }
        });
        let mut of: Vec<Seen<'a>> = read.chain(calculated).chain(given).collect();
        of.sort_by_key(Seen::order);
        Aside { of }
    }
}

/// Walks until `sink` takes no more; what has no finding is counted.
pub(crate) fn pass(
    view: View<'_>,
    is_final: bool,
    pass: Pass,
    aside: &Aside<'_>,
    sink: &mut dyn FnMut(Pending) -> ControlFlow<()>,
) -> ControlFlow<(), Counts> {
    let mut checker = Checker { view, is_final, pass, counts: Counts::default(), sink, stopped: false };
    checker.rules(aside);
    if checker.stopped { ControlFlow::Break(()) } else { ControlFlow::Continue(checker.counts) }
}

/// Walks to the end.
pub(crate) fn each(
    view: View<'_>,
    is_final: bool,
    pass: Pass,
    aside: &Aside<'_>,
    sink: &mut dyn FnMut(Pending),
) -> Counts {
    let mut checked = |one: Pending| {
        sink(one);
        ControlFlow::Continue(())
    };
    match self::pass(view, is_final, pass, aside, &mut checked) {
        ControlFlow::Continue(counts) => counts,
        ControlFlow::Break(()) => Counts::default(),
    }
}
