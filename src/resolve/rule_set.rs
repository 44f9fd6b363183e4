//! The rules as they are made; those of one id are found without going through all.

use crate::ir::Rule;
use crate::ir::rule::Origin;
use formwright_engine::{Date, Severity};
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

    /// Adds a rule's places to the rule of the same id, origin, severity and first day, if there is one.
    pub fn add(&mut self, rule: Rule) {
        match self.same(&rule.id, rule.origin, rule.severity, rule.since) {
            Some(same) => same.instances.extend(rule.instances),
            None => self.push(rule),
        }
    }

    /// The rule of an id, origin, severity and first day, if there is one.
    pub fn same(
        &mut self,
        id: &str,
        origin: Origin,
        severity: Severity,
        since: Option<Date>,
    ) -> Option<&mut Rule> {
        let is_same = |r: &Rule| r.origin == origin && r.severity == severity && r.since == since;
        let of_id = self.by_id.get(id).map(Vec::as_slice).unwrap_or_default();
        let at = of_id.iter().copied().find(|at| self.rules.get(*at).is_some_and(is_same))?;
        self.rules.get_mut(at)
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
