//! One mistake gives one primary finding: format before domain before completeness before content.

use super::Pending;
use super::view::{Frame, View};
use crate::ir::expr::Time;
use crate::ir::{CellId, Fact, Origin, Source};
use formwright_engine::{Class, Finding, State};
use std::collections::{HashMap, HashSet};

/// Drops what another finding already says, and merges findings of one id and place.
pub(crate) fn settle(view: &View<'_>, pending: Vec<Pending>, unknowns: bool) -> Vec<Pending> {
    let mut unreadable = targets(&pending, |p| p.unreadable);
    let mut missing = targets(&pending, |p| p.finding.class == Class::Completeness);
    spread(view, &mut unreadable);
    spread(view, &mut missing);
    let awaited = awaited(view, &pending, &missing);
    let mut claimed: HashSet<String> = HashSet::new();
    let mut kept = Vec::with_capacity(pending.len());
    for one in pending {
        let finding = &one.finding;
        let keep = match finding.state {
            State::Unknown => unknowns && !caused(finding, &unreadable, &missing),
            State::Fail if is_blank_complaint(finding) => claim(finding, &unreadable, &mut claimed),
            State::Fail if is_calculated(view, &one) => {
                !finding.cells.target.iter().any(|cell| awaited.contains(cell))
            }
            _ => true,
        };
        if keep {
            kept.push(one);
        }
    }
    merge(kept)
}

/// A calculated cell without a value for want of one of these cells shares their blame.
fn spread(view: &View<'_>, blamed: &mut HashSet<String>) {
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
                view.places(*read, &frame, usize::MAX).iter().any(|(at, _)| blamed.contains(at))
            };
            if (value.is_blank() || value.is_unknown()) && reads.iter().any(blames) {
                blamed.insert(view.layout.pointer(cell, &view.indexes(&frame, cell.home.block)));
            }
        };
        match cell.home.block {
            None => one(Frame::default()),
            Some(block) => view.each_row(block, &Frame::default(), &mut one),
        }
    }
}

fn targets(pending: &[Pending], of: impl Fn(&Pending) -> bool) -> HashSet<String> {
    let failing = pending.iter().filter(|p| p.finding.state == State::Fail && of(p));
    failing.flat_map(|p| p.finding.cells.target.iter().cloned()).collect()
}

/// An undecided rule is not reported where what leaves it undecided is reported itself.
fn caused(finding: &Finding, unreadable: &HashSet<String>, missing: &HashSet<String>) -> bool {
    let read = finding.cells.target.iter().chain(&finding.cells.source);
    let mut read = read.filter(|cell| unreadable.contains(*cell));
    read.next().is_some() || finding.cells.blank.iter().any(|cell| missing.contains(cell))
}

/// The calculated cells delivered otherwise that wait for a missing figure, or for a cell that does: once it is there,
/// they are compared.
fn awaited(view: &View<'_>, pending: &[Pending], missing: &HashSet<String>) -> HashSet<String> {
    let mut open: Vec<&Pending> = pending.iter().filter(|one| is_calculated(view, one)).collect();
    let mut awaited = HashSet::new();
    loop {
        let waits = |one: &&Pending| {
            one.finding.cells.source.iter().any(|read| missing.contains(read) || awaited.contains(read))
        };
        let (more, rest): (Vec<_>, Vec<_>) = open.into_iter().partition(waits);
        if more.is_empty() {
            return awaited;
        }
        awaited.extend(more.iter().flat_map(|one| one.finding.cells.target.iter().cloned()));
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

/// A blank cell is missed once; an unreadable one is not missed.
fn claim(finding: &Finding, unreadable: &HashSet<String>, claimed: &mut HashSet<String>) -> bool {
    finding.cells.target.iter().all(|cell| !unreadable.contains(cell) && claimed.insert(cell.clone()))
}

/// Findings of one rule id and place that come from several declarations, or say the same, are one.
fn merge(pending: Vec<Pending>) -> Vec<Pending> {
    let mut out: Vec<Pending> = Vec::with_capacity(pending.len());
    let mut by_key: HashMap<String, Vec<usize>> = HashMap::new();
    for one in pending {
        let known = by_key.entry(key(&one.finding)).or_default();
        let same = known.iter().copied().find(|ix| out.get(*ix).is_some_and(|other| is_same(other, &one)));
        match same.and_then(|ix| out.get_mut(ix)) {
            Some(other) => absorb(&mut other.finding, one.finding),
            None => {
                known.push(out.len());
                out.push(one);
            }
        }
    }
    out
}

fn key(finding: &Finding) -> String {
    let p = &finding.place;
    format!(
        "{}|{}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}",
        finding.rule,
        finding.state,
        p.section,
        p.block,
        p.row,
        p.index,
        p.column,
        (&p.over, &p.group)
    )
}

fn is_same(other: &Pending, one: &Pending) -> bool {
    let (a, b) = (&other.finding, &one.finding);
    let elsewhere = (other.rule, other.instance) != (one.rule, one.instance);
    let alike = a.cells.target == b.cells.target || a.message == b.message;
    alike && (elsewhere || a.values == b.values)
}

fn absorb(into: &mut Finding, other: Finding) {
    let lists = [
        (&mut into.cells.target, other.cells.target),
        (&mut into.cells.source, other.cells.source),
        (&mut into.cells.blank, other.cells.blank),
    ];
    for (all, more) in lists {
        for pointer in more {
            if !all.contains(&pointer) {
                all.push(pointer);
            }
        }
    }
}
