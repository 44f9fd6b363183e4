//! The facts and rules of each table, and what prints of it: made side by side, put together in order.

use super::Input;
use super::facts::Use;
use super::life::Life;
use super::model::{Model, SecIx};
use super::places::Places;
use super::rule_set::RuleSet;
use super::rules::{Common, Rules};
use super::sections::{self, Entry};
use super::structure::Proto;
use super::written_rules::InForce;
use crate::diag::Problems;
use crate::ir::expr::Expr;
use crate::ir::{CellId, Rule, Table};
use crate::parallel::side_by_side;
use crate::parse::ast;
use crate::parse::shapes::{Named, Str};
use std::collections::BTreeMap;

/// Fewest cells of a survey for which further threads are worth their start.
const WORTH_THREADS: usize = 32;

/// What tables are made from.
#[derive(Clone, Copy)]
pub struct Given<'a> {
    /// For rules.
    pub common: Common<'a>,
    /// Conditions under which cells certainly apply.
    pub certain: &'a BTreeMap<CellId, Expr>,
    /// By cell: what it is built from.
    pub protos: &'a [Proto],
    /// By cell: the statements of its facts.
    pub uses: &'a [Vec<Use>],
    /// The written rules as they stand.
    pub in_force: &'a InForce,
}

/// What facts and rules become.
#[derive(Default)]
pub struct Made {
    /// The rules.
    pub rules: Vec<Rule>,
    /// Calculated cells.
    pub calculated: Vec<(CellId, Expr)>,
    /// Cells that are required always, or under a condition.
    pub required: Vec<(CellId, bool)>,
    /// The tables as they print.
    pub tables: Vec<Table>,
}

/// A table, or what stands before, behind and over them all.
struct Part<'e, 'i> {
    table: Option<usize>,
    entries: &'e [Entry<'i>],
    rules: Vec<Written<'i>>,
}

/// A written rule: its section, unless it stands at the table or survey, and the preset of what it stands in.
type Written<'i> = (Option<SecIx>, &'i Named<ast::Rule>, Option<&'i Str>);

/// Everything of all tables, in their order.
pub fn made(input: &Input, entries: &[Entry], given: Given, problems: &mut Problems) -> Made {
    let worth = given.common.model.cells.len() >= WORTH_THREADS;
    let (mut all, mut rules) = (Made::default(), RuleSet::default());
    let parts = parts(input, entries);
    let made = side_by_side(&parts, worth, |p| p.weight(given), |p| p.made(input, given));
    for (of, (part, found)) in parts.iter().zip(made) {
        if of.table.is_some() {
            rules.append_table(part.rules)
        } else {
            rules.append(part.rules)
        }
        all.calculated.extend(part.calculated);
        all.required.extend(part.required);
        all.tables.extend(part.tables);
        problems.extend(found);
    }
    Made { rules: rules.into_rules(), ..all }
}

/// What every rule of tables and survey checks, and when.
pub fn conditions(input: &Input) -> Vec<&Str> {
    let sections = input.tables.iter().flat_map(|t| {
        let own = t.sections.iter().flat_map(|s| s.0.iter().map(|s| &s.node));
        std::iter::once(&t.section).chain(own)
    });
    let rules = sections.map(|s| &s.rules).chain([&input.survey.rules]).flatten().flat_map(|r| &r.0);
    rules.flat_map(|r| r.node.check.iter().chain(&r.node.when)).collect()
}

fn parts<'e, 'i>(input: &'i Input, entries: &'e [Entry<'i>]) -> Vec<Part<'e, 'i>> {
    let mut rest = entries;
    let mut next = |table: Option<usize>| {
        let end = rest.iter().position(|e| e.table != table).unwrap_or(rest.len());
        let (own, others) = rest.split_at_checked(end).unwrap_or_default();
        rest = others;
        Part { table, entries: own, rules: own.iter().flat_map(written).collect() }
    };
    let mut out = vec![next(None)];
    for (ix, t) in input.tables.iter().enumerate() {
        let mut part = next(Some(ix));
        if t.sections.is_some() && !part.entries.is_empty() {
            let rules = t.section.rules.iter().flat_map(|r| &r.0);
            part.rules.extend(rules.map(|rule| (None, rule, t.section.kind.as_ref())));
        }
        out.push(part);
    }
    out.push(next(None));
    let of_survey = input.survey.rules.iter().flat_map(|r| &r.0).map(|rule| (None, rule, None));
    out.push(Part { table: None, entries: &[], rules: of_survey.collect() });
    out
}

/// The rules of a section.
fn written<'i>(e: &Entry<'i>) -> impl Iterator<Item = Written<'i>> {
    let (sec, kind) = (e.sec, e.kind());
    e.node.rules.iter().flat_map(|r| &r.0).map(move |rule| (Some(sec), rule, kind))
}

impl Part<'_, '_> {
    /// About how much there is to do: a rule takes as long as some cells.
    fn weight(&self, given: Given) -> usize {
        let sections = self.entries.iter().filter_map(|e| given.common.model.sec(e.sec));
        sections.map(|s| s.all_cells().len()).sum::<usize>() + 4 * self.rules.len()
    }

    /// The reference period of a section, or of the table or survey.
    fn life(&self, model: &Model, section: Option<SecIx>) -> Life {
        let own = self.entries.iter().find(|e| Some(e.sec) == section).map(|e| e.input.life);
        own.or_else(|| Some(model.tables.get(self.table?)?.life)).unwrap_or(model.life)
    }

    fn made(&self, input: &Input, given: Given) -> (Made, Problems) {
        let mut problems = Problems::default();
        let mut rules = Rules::new(given.common, &mut problems);
        let mut places = Places::new(&mut rules, given.certain);
        for e in self.entries {
            places.rules.life = e.input.life;
            sections::facts(&mut places, e, given.protos, given.uses);
        }
        places.rules.life = self.life(given.common.model, None);
        let sectioned = self.table.and_then(|ix| Some((ix, input.tables.get(ix)?)));
        if let Some((ix, table)) = sectioned.filter(|(_, t)| t.sections.is_some()) {
            super::parts::table_required(&mut places, ix, &table.section, self.entries);
        }
        for (section, rule, kind) in &self.rules {
            places.rules.life = self.life(given.common.model, *section);
            places.rules.rule(self.table, *section, given.in_force.of(rule), *kind);
            for other in given.in_force.others(rule) {
                places.rules.tried(self.table, *section, other, *kind);
            }
        }
        let (calculated, required) = (places.calculated, places.required);
        let mut made = Made { rules: rules.out.into_rules(), calculated, required, tables: Vec::new() };
        if let Some((ix, table)) = self.table.and_then(|ix| Some((ix, input.tables.get(ix)?))) {
            let Common { model, sources, languages, .. } = given.common;
            let printed =
                sections::table((ix, table), self.entries, model, sources, languages, &mut problems);
            made.tables.push(printed);
        }
        (made, problems)
    }
}
