//! The written rules as they stand in the reference period.

use super::Input;
use super::model::Model;
use super::sections::Entry;
use crate::diag::Problems;
use crate::parse::ast;
use crate::parse::shapes::Named;
use crate::source::Span;
use std::collections::HashMap;

/// Rules that editions change, by the place of their id.
pub struct InForce(HashMap<Span, Editions>);

/// A rule with editions.
struct Editions {
    /// As it stands in the reference period.
    now: Named<ast::Rule>,
    /// As it stands in others: as written, and with each edition over it.
    all: Vec<Named<ast::Rule>>,
}

impl InForce {
    /// Lays the editions of all rules over them, each by the first day of its own reference period.
    pub fn new(input: &Input, entries: &[Entry], model: &Model, problems: &mut Problems) -> Self {
        let mut out = HashMap::new();
        let mut all = |life: super::life::Life, rules: Option<&ast::Rules>| {
            for rule in rules.iter().flat_map(|r| &r.0) {
                let changed = life.rule(rule, problems);
                out.extend(
                    changed
                        .map(|now| (rule.id.span(), Editions { now, all: super::life::each_edition(rule) })),
                );
            }
        };
        for e in entries {
            all(e.input.life, e.node.rules.as_ref());
        }
        for (t, table) in input.tables.iter().zip(&model.tables).filter(|(t, _)| t.sections.is_some()) {
            all(table.life, t.section.rules.as_ref());
        }
        all(model.life, input.survey.rules.as_ref());
        InForce(out)
    }

    /// The rule as it stands.
    pub fn of<'r>(&'r self, rule: &'r Named<ast::Rule>) -> &'r Named<ast::Rule> {
        self.0.get(&rule.id.span()).map_or(rule, |editions| &editions.now)
    }

    /// The rule as it stands in other periods.
    pub fn others(&self, rule: &Named<ast::Rule>) -> &[Named<ast::Rule>] {
        self.0.get(&rule.id.span()).map_or(&[], |editions| editions.all.as_slice())
    }
}
