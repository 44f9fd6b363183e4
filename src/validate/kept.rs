//! The findings of a return as they are reported: equal ones merged, all counted, the first ones kept.

use super::{Counts, Pending};
use crate::data::mark;
use crate::ir::{RuleId, Survey};
use formwright_engine::finding::{Values, blocks};
use formwright_engine::{Class, Finding, Severity, State};
use std::collections::HashMap;

/// What is reported, and the sums over all of it.
#[derive(Debug)]
pub(crate) struct Kept {
    /// The first findings.
    pub pending: Vec<Pending>,
    /// How many there are.
    pub total: usize,
    /// How many of each state and severity.
    pub counts: Counts,
    /// Whether any keeps the return from being final.
    pub blocks: bool,
    most: usize,
    is_final: bool,
    told: HashMap<String, Told>,
    /// The last rule of each id, where memory is short.
    last: Option<HashMap<String, RuleId>>,
    now: Option<RuleId>,
}

impl Kept {
    pub fn new(most: usize, is_final: bool) -> Kept {
        let (pending, counts, told) = (Vec::new(), Counts::default(), HashMap::new());
        Kept { pending, total: 0, counts, blocks: false, most, is_final, told, last: None, now: None }
    }

    /// From now on, what was told by rules of an id is forgotten behind the last of them.
    pub fn let_go(&mut self, survey: &Survey) {
        let rules = survey.rules.iter().enumerate();
        let last = rules.map(|(ix, rule)| (rule.id.clone(), RuleId(u32::try_from(ix).unwrap_or(u32::MAX))));
        self.last = Some(last.collect());
    }

    /// Findings of one rule id and place that come from several declarations, or say the same, are one.
    pub fn add(&mut self, mut one: Pending) {
        self.forget(one.rule);
        let told = match self.told.get_mut(&one.finding.rule) {
            Some(told) => told,
            None => self.told.entry(one.finding.rule.clone()).or_default(),
        };
        let keys = keys(&one);
        if let Some(ix) = told.same(&keys, &one) {
            if let Some(other) = self.pending.get_mut(ix) {
                absorb(&mut other.finding, one.finding);
            }
            return;
        }
        told.add(keys, &one, self.total);
        self.total += 1;
        let f = &mut one.finding;
        f.blocks = blocks(f.severity, f.state, one.explain, one.office, self.is_final)
            || (!self.is_final && draft_blocks(f));
        self.blocks |= f.blocks;
        self.counts.add(f.state, f.severity);
        if self.pending.len() < self.most {
            self.pending.push(one);
        }
    }

    /// Counts what the reader has seen beyond what it keeps.
    pub fn count_beyond(&mut self, more: usize) {
        self.total += more;
        self.blocks |= more > 0;
        self.counts.add_many(State::Fail, Severity::Error, more as u64);
    }

    fn forget(&mut self, rule: Option<RuleId>) {
        if let Some(last) = self.last.as_ref().filter(|_| self.now != rule) {
            self.told.retain(|id, _| last.get(id).copied() >= rule);
            self.now = rule;
        }
    }
}

/// In a draft, warnings and completeness do not block; an error does.
fn draft_blocks(finding: &Finding) -> bool {
    finding.severity == Severity::Error
        && finding.state == State::Fail
        && finding.class != Class::Completeness
}

/// The declaration a finding comes from: rule and instance.
type Declared = (Option<RuleId>, usize);

/// The findings of one rule id so far, by what makes a further one the same: the same cells or the same message at one
/// place, and either another declaration or the same values.
#[derive(Debug, Default)]
struct Told {
    /// The first finding of a key, and the first behind it that comes from another declaration.
    elsewhere: HashMap<u128, [Option<(Declared, usize)>; 2]>,
    /// The first finding of a key, declaration and values.
    alike: HashMap<u128, usize>,
}

impl Told {
    /// The earliest finding that says the same.
    fn same(&self, keys: &[u128; 2], one: &Pending) -> Option<usize> {
        let declared = (one.rule, one.instance);
        let of = |key: &u128| {
            let others = self.elsewhere.get(key).into_iter().flatten().flatten();
            let other = others.filter(|(from, _)| *from != declared).map(|(_, ix)| *ix).min();
            let alike = self.alike.get(&alike(*key, declared, &one.finding.values)).copied();
            other.into_iter().chain(alike).min()
        };
        keys.iter().filter_map(of).min()
    }

    fn add(&mut self, keys: [u128; 2], one: &Pending, ix: usize) {
        let declared = (one.rule, one.instance);
        for key in keys {
            let firsts = self.elsewhere.entry(key).or_default();
            match firsts {
                [first @ None, _] => *first = Some((declared, ix)),
                [Some((from, _)), second @ None] if *from != declared => *second = Some((declared, ix)),
                _ => {}
            }
            self.alike.entry(alike(key, declared, &one.finding.values)).or_insert(ix);
        }
    }
}

/// State and place with the cells, and with the message.
fn keys(one: &Pending) -> [u128; 2] {
    let finding = &one.finding;
    let p = &finding.place;
    let spot = (&p.section, &p.block, &p.row, p.index, &p.column, &p.over, &p.group);
    let place = (finding.state, spot, &one.rows);
    [mark(&(&place, 0, &finding.cells.target)), mark(&(&place, 1, &finding.message))]
}

fn alike(key: u128, declared: Declared, values: &Values) -> u128 {
    mark(&(key, declared, values))
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
