//! One mistake gives one primary finding: format before domain before completeness before content.

use super::Pending;
use formwright_engine::{Class, Finding, State};
use std::collections::{HashMap, HashSet};

/// Drops what another finding already says, and merges findings of one id and place.
pub(crate) fn settle(pending: Vec<Pending>, unknowns: bool) -> Vec<Pending> {
    let unreadable = targets(&pending, |f| f.class == Class::Format);
    let missing = targets(&pending, |f| f.class == Class::Completeness);
    let mut claimed: HashSet<String> = HashSet::new();
    let mut kept = Vec::with_capacity(pending.len());
    for one in pending {
        let finding = &one.finding;
        let keep = match finding.state {
            State::Unknown => unknowns && !caused(finding, &unreadable, &missing),
            State::Fail if is_blank_complaint(finding) => claim(finding, &unreadable, &mut claimed),
            _ => true,
        };
        if keep {
            kept.push(one);
        }
    }
    merge(kept)
}

fn targets(pending: &[Pending], of: impl Fn(&Finding) -> bool) -> HashSet<String> {
    let failing = pending.iter().map(|p| &p.finding).filter(|f| f.state == State::Fail && of(f));
    failing.flat_map(|f| f.cells.target.iter().cloned()).collect()
}

/// An undecided rule is not reported where what leaves it undecided is reported itself.
fn caused(finding: &Finding, unreadable: &HashSet<String>, missing: &HashSet<String>) -> bool {
    let read = finding.cells.target.iter().chain(&finding.cells.source);
    let mut read = read.filter(|cell| unreadable.contains(*cell));
    read.next().is_some() || finding.cells.blank.iter().any(|cell| missing.contains(cell))
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
