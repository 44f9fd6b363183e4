//! Findings of structure: what the reader saw, calculated cells, keys, numbers of rows, rows given by the context.

use super::calculate::Disagreement;
use super::view::Frame;
use super::{Checker, Pending, message, sentence};
use crate::data::{Problem, RawProblem, Record};
use crate::expr::failing::difference;
use crate::ir::cell::Block;
use crate::ir::expr::Time;
use crate::ir::rule::Explain;
use crate::ir::{BlockId, Cell, CellId, Fact, Instance, Rule, RuleId};
use formwright_engine::finding::{Answer, Cells, Texts, Values};
use formwright_engine::{Class, Finding, Scope, Severity, State, Value};
use std::collections::{HashMap, HashSet};

impl<'a> Checker<'a, '_> {
    /// What the reader found wrong with single cells.
    pub(super) fn raw(&mut self, problem: &Problem) {
        let fact = problem.problem.fact();
        let cell = problem.cell.and_then(|id| self.view.survey.cell(id).map(|cell| (id, cell)));
        let rule = cell.and_then(|(id, _)| self.view.layout.fact(id, fact));
        let frame = self.view.frame_of(problem.block, &problem.rows);
        let mut finding = match cell {
            Some((id, cell)) => self.fact_finding(id, cell, rule, fact, &frame),
            None => self.stray_finding(problem, &frame),
        };
        finding.cells.target = vec![problem.pointer.clone()];
        finding.message = sentence::raw(&self.view, cell.map(|(_, c)| c), problem);
        self.push_fact(rule, problem.block, &frame, finding);
    }

    /// A calculated cell as delivered.
    pub(super) fn disagreement(&mut self, one: &Disagreement) {
        let Some(cell) = self.view.survey.cell(one.cell) else { return };
        let rule = self.view.layout.fact(one.cell, Fact::Calculated);
        let frame = self.view.frame_of(cell.home.block, &one.rows);
        let mut finding = self.fact_finding(one.cell, cell, rule, Fact::Calculated, &frame);
        finding.values = Values {
            left: Some(one.delivered.to_string()),
            right: Some(one.calculated.to_string()),
            diff: difference(&one.delivered, &one.calculated).map(|d| d.to_string()),
            tolerance: None,
        };
        let text = sentence::calculated(&self.view, cell, &one.delivered, &one.calculated);
        let stated = rule.and_then(|id| self.view.survey.rules.get(id.ix()));
        let placed = stated.and_then(|r| Some((r, r.instances.iter().find(|i| i.target == Some(one.cell))?)));
        self.worded(placed, &frame, &mut finding, text);
        finding.cells.source = one.reads(&self.view);
        self.push_fact(rule, cell.home.block, &frame, finding);
    }

    fn push_fact(
        &mut self,
        rule: Option<RuleId>,
        home: Option<BlockId>,
        frame: &Frame<'a>,
        finding: Finding,
    ) {
        match rule.and_then(|id| Some((id, self.view.survey.rules.get(id.ix())?))) {
            Some((id, rule)) => self.push(id, 0, rule, home, frame, finding),
            None => {
                let unreadable = finding.class == Class::Format;
                let chain = self.view.layout.chain(home).iter().filter_map(|b| self.view.survey.block(*b));
                let rows = chain.map(|b| b.id.clone()).zip(self.view.indexes(frame, home)).collect();
                let pending = Pending {
                    rule: None,
                    instance: 0,
                    rows,
                    finding,
                    explain: false,
                    office: false,
                    unreadable,
                };
                self.give(pending);
            }
        }
    }

    fn fact_finding(
        &self,
        id: CellId,
        cell: &Cell,
        rule: Option<RuleId>,
        fact: Fact,
        frame: &Frame<'a>,
    ) -> Finding {
        let rule = rule.and_then(|id| self.view.survey.rules.get(id.ix()));
        let mut finding = match rule {
            Some(rule) => self.bare(rule, State::Fail),
            None => self.unruled(cell.table, &format!("{}.{}", cell.declared, fact.name()), class_of(fact)),
        };
        let instance = rule.and_then(|rule| rule.instances.iter().find(|i| i.target == Some(id)));
        finding.place = match instance {
            Some(instance) => message::place(&self.view, &instance.place, cell.home.block, frame),
            None => message::place(&self.view, &message::place_of(&self.view, cell), cell.home.block, frame),
        };
        if let (Some(Explain::Field), Some(why)) = (rule.map(|r| r.explain), instance.and_then(|i| i.explain))
        {
            finding.response.at = self.view.places(why, frame, 1).into_iter().next().map(|(at, _)| at);
            if !self.view.value(why, frame, Time::Now).is_blank() {
                finding.state = State::Explained;
            }
        }
        finding.cells = Cells { target: vec![message::pointer(&self.view, cell, frame)], ..Cells::default() };
        finding
    }

    /// A fact that has no rule of its own in the survey.
    fn unruled(&self, table: Option<usize>, id: &str, class: Class) -> Finding {
        let table = table.and_then(|t| self.view.survey.tables.get(t)).map(|t| t.id.as_str());
        let id = table.map_or_else(|| id.to_owned(), |table| format!("{table}.{id}"));
        let mut finding = Finding::new(&id, Severity::Error, class, Scope::Cell, State::Fail);
        finding.response.allowed = vec![Answer::Correct];
        finding
    }

    /// A member that is no cell: its table is the one its pointer names.
    fn stray_finding(&self, problem: &Problem, frame: &Frame<'a>) -> Finding {
        let mut steps = problem.pointer.split('/').skip(1);
        let named = (steps.next() == Some("tables")).then(|| steps.next()).flatten();
        let table = self.view.survey.tables.iter().position(|t| Some(t.id.as_str()) == named);
        let word = match problem.problem {
            RawProblem::WrongType => Fact::Type,
            _ => Fact::Unexpected,
        };
        let mut finding = self.unruled(table, word.name(), Class::Format);
        let section = named.and_then(|_| steps.next());
        let sectioned = table.and_then(|t| self.view.survey.tables.get(t)).filter(|t| t.sectioned);
        let place = crate::ir::Place {
            table,
            section: sectioned
                .and_then(|t| t.sections.iter().find(|s| Some(s.id.as_str()) == section))
                .map(|s| s.id.clone()),
            block: problem.block.and_then(|b| self.view.survey.block(b)).map(|b| b.id.clone()),
            ..crate::ir::Place::default()
        };
        finding.place = message::place(&self.view, &place, problem.block, frame);
        finding
    }

    /// The key of a block: filled and unique, found at the later row.
    pub(super) fn key(
        &mut self,
        id: RuleId,
        rule: &'a Rule,
        number: usize,
        instance: &'a Instance,
        block: BlockId,
    ) {
        let view = self.view;
        let Some(slots) = view.survey.block(block).map(|b| {
            b.key.iter().filter_map(|k| view.survey.cell(*k)).map(|c| c.home.slot).collect::<Vec<_>>()
        }) else {
            return;
        };
        let depth = view.depth(block);
        let mut seen: HashMap<(Vec<usize>, Vec<&Value>), usize> = HashMap::new();
        view.each_row(block, &Frame::default(), &mut |frame| {
            let Some(row) = frame.row(depth) else { return };
            let mut around = view.indexes(&frame, Some(block));
            let index = around.pop().unwrap_or(0);
            let values: Vec<&Value> = slots.iter().map(|slot| row.value(*slot)).collect();
            if values.iter().any(|v| v.is_unknown()) {
                return self.counts.add(State::Unknown, rule.severity);
            }
            if values.iter().any(|v| v.is_blank()) {
                return self.key_missing(id, rule, number, instance, &frame);
            }
            match seen.entry((around, values)) {
                std::collections::hash_map::Entry::Vacant(place) => {
                    place.insert(index);
                    self.counts.add(State::Pass, rule.severity);
                }
                std::collections::hash_map::Entry::Occupied(first) => {
                    let key = first.key().1.iter().map(|v| v.to_string()).collect::<Vec<_>>().join(" ");
                    let text = sentence::key_repeated(&view, block, &key, *first.get());
                    self.key_fails(id, rule, number, instance, &frame, text, rule.class);
                }
            }
        });
    }

    fn key_missing(
        &mut self,
        id: RuleId,
        rule: &'a Rule,
        number: usize,
        instance: &'a Instance,
        frame: &Frame<'a>,
    ) {
        if !self.is_final {
            return;
        }
        let text = frame.block.map(|b| sentence::key_missing(&self.view, b)).unwrap_or_default();
        self.key_fails(id, rule, number, instance, frame, text, Class::Completeness);
    }

    #[expect(clippy::too_many_arguments, reason = "the parts of one finding")]
    fn key_fails(
        &mut self,
        id: RuleId,
        rule: &'a Rule,
        number: usize,
        instance: &'a Instance,
        frame: &Frame<'a>,
        text: Texts,
        class: Class,
    ) {
        let mut finding = self.bare(rule, State::Fail);
        finding.class = class;
        finding.place = message::place(&self.view, &instance.place, frame.block, frame);
        let keys = frame.block.and_then(|b| self.view.survey.block(b)).map_or(&[][..], |b| &b.key);
        for key in keys.iter().filter_map(|k| self.view.survey.cell(*k)) {
            finding.cells.target.push(message::pointer(&self.view, key, frame));
        }
        self.worded(Some((rule, instance)), frame, &mut finding, text);
        self.push(id, number, rule, frame.block, frame, finding);
    }

    /// What a finding of structure says: the sentence of its rule, else `text`; and whether an explanation settles it.
    fn worded(
        &self,
        stated: Option<(&Rule, &Instance)>,
        frame: &Frame<'a>,
        finding: &mut Finding,
        text: Texts,
    ) {
        finding.message = text;
        let Some((rule, instance)) = stated else { return };
        if let Some(cell) = instance.explain.filter(|_| rule.explain == Explain::Field) {
            finding.response.at = self.view.places(cell, frame, 1).into_iter().next().map(|(at, _)| at);
            if !self.view.value(cell, frame, Time::Now).is_blank() {
                finding.state = State::Explained;
            }
        }
        if rule.message.is_some() {
            let occasion = message::Occasion { rule, instance, frame, side: None, state: finding.state };
            finding.message = message::message(&self.view, &occasion, finding);
        }
    }

    /// Fewest or most rows of a block, in each record that holds it.
    pub(super) fn row_count(
        &mut self,
        id: RuleId,
        rule: &'a Rule,
        number: usize,
        instance: &'a Instance,
        (block, limit): (BlockId, u32),
    ) {
        let view = self.view;
        let Some(declared) = view.survey.block(block) else { return };
        let Some(top) = view.top(declared.root) else { return };
        let fewest = rule.origin == crate::ir::Origin::Fact(Fact::MinRows);
        let mut count = |record: &Record, frame: Frame<'a>| {
            let found = record.rows(declared.index).iter().filter(|row| !row.empty).count();
            let wrong = if fewest { found < limit as usize } else { found > limit as usize };
            let applies = instance.when.as_ref().map(|when| super::eval::eval(&view, &frame, when));
            let state = match applies {
                None | Some(Value::Bool(true)) if wrong => State::Fail,
                None | Some(Value::Bool(true)) => State::Pass,
                Some(Value::Unknown) => State::Unknown,
                Some(_) => State::NotApplicable,
            };
            if state != State::Fail {
                return self.counts.add(state, rule.severity);
            }
            let mut finding = self.bare(rule, State::Fail);
            finding.place = message::place(&view, &instance.place, frame.block, &frame);
            finding.place.block = Some(declared.id.clone());
            finding.values.left = Some(found.to_string());
            finding.values.right = Some(limit.to_string());
            let text = sentence::row_count(&view, declared, found, limit, fewest);
            self.worded(Some((rule, instance)), &frame, &mut finding, text);
            self.push(id, number, rule, frame.block, &frame, finding);
        };
        match declared.parent {
            None => count(top, Frame::default()),
            Some(parent) => {
                let depth = view.depth(parent);
                view.each_row(parent, &Frame::default(), &mut |frame| {
                    if let Some(record) = frame.row(depth) {
                        count(record, frame);
                    }
                });
            }
        }
    }

    /// A block whose rows the context gives: exactly these, or these and more.
    pub(super) fn given_rows(&mut self, id: BlockId) {
        let Some(block) = self.view.survey.block(id) else { return };
        let Some((context, open)) = block.from else { return };
        let (Some(slot), Some(given_slot)) = (self.key_slot(id), self.key_slot(context)) else { return };
        if self.view.context.is_none() {
            return self.counts.add(State::Unknown, Severity::Error);
        }
        let (given, found) = (self.keys_of(context, given_slot), self.keys_of(id, slot));
        let values =
            |of: &[(Frame<'a>, &'a Value)]| of.iter().map(|(_, value)| *value).collect::<HashSet<_>>();
        let (all_given, all_found) = (values(&given), values(&found));
        for (frame, value) in found.iter().filter(|(_, v)| !open && !v.is_blank() && !v.is_unknown()) {
            if !all_given.contains(value) {
                let text = sentence::not_given(&self.view, &value.to_string());
                self.given_fails(id, block, frame, text, Class::Reference);
            }
        }
        let wanted =
            given.iter().filter(|(_, v)| !v.is_blank()).take(if self.is_final { usize::MAX } else { 0 });
        for (_, value) in wanted {
            if !all_found.contains(value) {
                let text = sentence::given_missing(&self.view, &value.to_string());
                self.given_fails(id, block, &Frame::default(), text, Class::Completeness);
            }
        }
    }

    fn keys_of(&self, block: BlockId, slot: u32) -> Vec<(Frame<'a>, &'a Value)> {
        let mut out = Vec::new();
        let depth = self.view.depth(block);
        self.view.each_row(block, &Frame::default(), &mut |frame| {
            out.extend(frame.row(depth).map(|row| (frame, row.value(slot))));
        });
        out
    }

    fn given_fails(&mut self, id: BlockId, block: &Block, frame: &Frame<'a>, text: Texts, class: Class) {
        let rule = self.view.layout.block_fact(id, Fact::From);
        let mut finding = match rule.and_then(|id| self.view.survey.rules.get(id.ix())) {
            Some(rule) => self.bare(rule, State::Fail),
            None => self.unruled(block.table, &format!("{}.{}", block.id, Fact::From.name()), class),
        };
        finding.class = class;
        let place =
            crate::ir::Place { table: block.table, block: Some(block.id.clone()), ..Default::default() };
        finding.place = message::place(&self.view, &place, frame.block, frame);
        if let Some(key) =
            block.key.first().and_then(|k| self.view.survey.cell(*k)).filter(|_| frame.block.is_some())
        {
            finding.cells.target.push(message::pointer(&self.view, key, frame));
        }
        finding.message = text;
        self.push_fact(rule, frame.block, frame, finding);
    }

    /// The slot of the first key cell, or of the first cell.
    fn key_slot(&self, block: BlockId) -> Option<u32> {
        let block = self.view.survey.block(block)?;
        let cell = block.key.first().or(block.cells.first())?;
        self.view.survey.cell(*cell).map(|c| c.home.slot)
    }
}

fn class_of(fact: Fact) -> Class {
    match fact {
        Fact::Type | Fact::Unexpected => Class::Format,
        Fact::Calculated => Class::Balance,
        _ => Class::Domain,
    }
}
