//! One mistake gives one primary finding: format before domain before completeness before content.

use super::Pending;
use super::view::{Frame, View};
use crate::ir::expr::Time;
use crate::ir::{CellId, Fact, Origin, RuleId, Source};
use formwright_engine::finding::Values;
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
    let mut seen = Seen::default();
    for one in pending {
        let keys = keys(&one);
        match seen.same(&keys, &one).and_then(|ix| out.get_mut(ix)) {
            Some(other) => absorb(&mut other.finding, one.finding),
            None => {
                seen.add(keys, &one, out.len());
                out.push(one);
            }
        }
    }
    out
}

/// The declaration a finding comes from: rule and instance.
type Declared = (Option<RuleId>, usize);

/// The findings kept so far, by what makes a further one the same: the same cells or the same message at one place,
/// and either another declaration or the same values.
#[derive(Default)]
struct Seen {
    /// The first finding of a key, and the first behind it that comes from another declaration.
    elsewhere: HashMap<String, [Option<(Declared, usize)>; 2]>,
    /// The first finding of a key, declaration and values.
    alike: HashMap<(String, Declared, Values), usize>,
}

impl Seen {
    /// The earliest finding that says the same.
    fn same(&self, keys: &[String; 2], one: &Pending) -> Option<usize> {
        let declared = (one.rule, one.instance);
        let of = |key: &String| {
            let others = self.elsewhere.get(key).into_iter().flatten().flatten();
            let other = others.filter(|(from, _)| *from != declared).map(|(_, ix)| *ix).min();
            let alike = self.alike.get(&(key.clone(), declared, one.finding.values.clone())).copied();
            other.into_iter().chain(alike).min()
        };
        keys.iter().filter_map(of).min()
    }

    fn add(&mut self, keys: [String; 2], one: &Pending, ix: usize) {
        let declared = (one.rule, one.instance);
        for key in keys {
            let firsts = self.elsewhere.entry(key.clone()).or_default();
            match firsts {
                [first @ None, _] => *first = Some((declared, ix)),
                [Some((from, _)), second @ None] if *from != declared => *second = Some((declared, ix)),
                _ => {}
            }
            self.alike.entry((key, declared, one.finding.values.clone())).or_insert(ix);
        }
    }
}

/// Rule, state and place with the cells, and with the message.
fn keys(one: &Pending) -> [String; 2] {
    let finding = &one.finding;
    let p = &finding.place;
    let place = format!(
        "{}|{}|{:?}|{:?}|{:?}|{:?}|{:?}|{:?}",
        finding.rule,
        finding.state,
        p.section,
        p.block,
        p.row,
        p.index,
        p.column,
        (&p.over, &p.group)
    );
    [format!("{place}|cells {:?}", finding.cells.target), format!("{place}|message {:?}", finding.message)]
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
