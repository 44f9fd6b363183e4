//! The rules as they are made; those of one id are found without going through all.

use crate::ir::Rule;
use crate::ir::rule::Origin;
use crate::parse::shapes::Str;
use std::collections::HashMap;

/// Rules in the order they are made.
#[derive(Debug, Default)]
pub struct RuleSet {
    rules: Vec<Rule>,
    /// By id, the positions of its rules.
    by_id: HashMap<String, Vec<usize>>,
}

impl RuleSet {
    /// Adds a rule of its own.
    pub fn push(&mut self, rule: Rule) {
        self.by_id.entry(rule.id.clone()).or_default().push(self.rules.len());
        self.rules.push(rule);
    }

    /// Adds a rule's places to the rule of the same id that is told and answered alike, if there is one.
    pub fn add(&mut self, rule: Rule) {
        match self.find(&rule.id, |other| alike(other, &rule)) {
            Some(same) => same.instances.extend(rule.instances),
            None => self.push(rule),
        }
    }

    /// The rule of an id, origin and preset, if there is one.
    pub fn same(&mut self, id: &str, origin: Origin, kind: Option<&Str>) -> Option<&mut Rule> {
        self.find(id, |rule| rule.origin == origin && rule.kind.as_deref() == kind.map(Str::text))
    }

    fn find(&mut self, id: &str, is_it: impl Fn(&Rule) -> bool) -> Option<&mut Rule> {
        let of_id = self.by_id.get(id).map(Vec::as_slice).unwrap_or_default();
        let at = of_id.iter().copied().find(|at| self.rules.get(*at).is_some_and(&is_it))?;
        self.rules.get_mut(at)
    }

    /// Adds the rules of a table behind these: their ids begin with the table's, so none joins another's.
    pub fn append_table(&mut self, rules: Vec<Rule>) {
        self.rules.extend(rules);
    }

    /// Adds the rules of another set behind these: places of facts join those of the same rule.
    pub fn append(&mut self, other: Vec<Rule>) {
        for rule in other {
            match rule.origin {
                Origin::Rule => self.push(rule),
                Origin::Fact(_) => self.add(rule),
            }
        }
    }

    /// All of them, in order.
    pub fn into_rules(self) -> Vec<Rule> {
        self.rules
    }
}

/// Whether two rules of one id differ in their places only: they have one origin, hold at the same time, and are told and
/// answered alike.
fn alike(a: &Rule, b: &Rule) -> bool {
    let life = |r: &Rule| (r.since.is_some() || r.until.is_some()).then_some((r.since, r.until, r.reference));
    (a.origin, a.severity, a.explain, a.office, a.final_only)
        == (b.origin, b.severity, b.explain, b.office, b.final_only)
        && life(a) == life(b)
        && (a.span == b.span || (a.message == b.message && a.from == b.from && a.kind == b.kind))
}
