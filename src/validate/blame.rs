//! One mistake gives one primary finding: format before domain before completeness before content.

use super::Pending;
use super::calculate::Disagreement;
use super::view::{Frame, View};
use crate::data::{Beyond, mark};
use crate::ir::expr::Time;
use crate::ir::{CellId, Fact, Origin, Source};
use formwright_engine::{Class, Finding, State};
use std::collections::HashSet;

/// Cells, each by the mark of its JSON pointer.
type Cells = HashSet<u128>;

/// What is known of a return to tell mistakes from what follows from them.
///
/// First it learns of every finding, then what it has learnt is [spread](Blame::spread), then it says of each finding in
/// order whether it is kept.
#[derive(Debug)]
pub(crate) struct Blame<'a> {
    view: View<'a>,
    /// Whether what is undecided is reported at all.
    unknowns: bool,
    /// Cells that are said to be unreadable.
    unreadable: Cells,
    /// Cells that are said to be missing.
    missing: Cells,
    /// Calculated cells that wait for a missing one.
    awaited: Cells,
    /// Cells whose blank has been complained about.
    claimed: Cells,
}

impl<'a> Blame<'a> {
    pub fn new(view: View<'a>, unknowns: bool) -> Self {
        let (unreadable, missing, awaited, claimed) = Default::default();
        Blame { view, unknowns, unreadable, missing, awaited, claimed }
    }

    /// Unreadable values that the reader has not kept.
    pub fn beyond(&mut self, problems: &[Beyond]) {
        let unreadable = problems.iter().filter(|one| one.unreadable);
        self.unreadable.extend(unreadable.map(|one| one.cell));
    }

    /// Learns of a finding.
    pub fn learn(&mut self, one: &Pending) {
        let finding = &one.finding;
        if !matches!(finding.state, State::Fail | State::Explained | State::Confirmed) {
            return;
        }
        let marks = || finding.cells.target.iter().map(mark);
        if one.unreadable {
            self.unreadable.extend(marks());
        }
        if finding.class == Class::Completeness {
            self.missing.extend(marks());
        }
    }

    /// Extends what has been learnt to the calculated cells.
    pub fn spread(&mut self, disagreements: &[Disagreement]) {
        spread(&self.view, &mut self.unreadable);
        spread(&self.view, &mut self.missing);
        self.awaited = awaited(&self.view, disagreements, &self.missing);
    }

    /// Whether another finding does not say it already.
    pub fn keeps(&mut self, one: &Pending) -> bool {
        let finding = &one.finding;
        match finding.state {
            State::Unknown => self.unknowns && !self.caused(finding),
            State::Fail if is_blank_complaint(finding) => self.claim(finding),
            State::Fail if is_calculated(&self.view, one) => {
                !finding.cells.target.iter().any(|cell| self.awaited.contains(&mark(cell)))
            }
            _ => true,
        }
    }

    /// An undecided rule is not reported where what leaves it undecided is reported itself.
    fn caused(&self, finding: &Finding) -> bool {
        let mut read = finding.cells.target.iter().chain(&finding.cells.source);
        read.any(|cell| holds(&self.unreadable, cell))
            || finding.cells.blank.iter().any(|cell| holds(&self.missing, cell))
    }

    /// A blank cell is missed once; an unreadable one is not missed.
    fn claim(&mut self, finding: &Finding) -> bool {
        let mut cells = finding.cells.target.iter();
        cells.all(|cell| !holds(&self.unreadable, cell) && self.claimed.insert(mark(cell)))
    }
}

fn holds(cells: &Cells, cell: &String) -> bool {
    !cells.is_empty() && cells.contains(&mark(cell))
}

/// A calculated cell without a value for want of one of these cells shares their blame.
fn spread(view: &View<'_>, blamed: &mut Cells) {
    if blamed.is_empty() {
        return;
    }
    for id in &view.survey.calculation_order {
        let Some(cell) = view.survey.cell(*id) else { continue };
        let Source::Calculated(formula) = &cell.source else { continue };
        let reads = formula.cells();
        let mut one = |frame: Frame<'_>| {
            let value = view.value(*id, &frame, Time::Now);
            let blames = |read: &CellId| {
                view.places(*read, &frame, usize::MAX).iter().any(|(at, _)| holds(blamed, at))
            };
            if (value.is_blank() || value.is_unknown()) && reads.iter().any(blames) {
                blamed.insert(mark(&view.layout.pointer(cell, &view.indexes(&frame, cell.home.block))));
            }
        };
        match cell.home.block {
            None => one(Frame::default()),
            Some(block) => view.each_row(block, &Frame::default(), &mut one),
        }
    }
}

/// The calculated cells delivered otherwise that wait for a missing figure, or for a cell that does: once it is there,
/// they are compared.
fn awaited(view: &View<'_>, disagreements: &[Disagreement], missing: &Cells) -> Cells {
    let mut awaited = Cells::new();
    if missing.is_empty() {
        return awaited;
    }
    let ruled = |one: &&Disagreement| view.layout.fact(one.cell, Fact::Calculated).is_some();
    let mut open: Vec<&Disagreement> = disagreements.iter().filter(ruled).collect();
    loop {
        let waits = |one: &&Disagreement| {
            one.reads(view).iter().any(|read| holds(missing, read) || holds(&awaited, read))
        };
        let (more, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(waits);
        if more.is_empty() {
            return awaited;
        }
        awaited.extend(more.iter().filter_map(|one| one.pointer(view)).map(|at| mark(&at)));
        open = rest;
    }
}

fn is_calculated(view: &View<'_>, one: &Pending) -> bool {
    let rule = one.rule.and_then(|id| view.survey.rules.get(id.ix()));
    rule.is_some_and(|rule| rule.origin == Origin::Fact(Fact::Calculated))
}

fn is_blank_complaint(finding: &Finding) -> bool {
    finding.class == Class::Completeness && finding.cells.target.len() == 1
}
