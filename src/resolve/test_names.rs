//! Names in the designer's tests: what is given and what is expected must exist.

use super::Input;
use super::facts::each_use;
use super::model::{Model, SectionModel};
use crate::diag::{Diagnostic, Problems, codes, nearest};
use crate::ir::{Fact, Step, Survey};
use crate::parse::ast;
use crate::parse::shapes::{FactUse, Str};
use crate::parse::yaml::{Node, NodeKind, Scalar};
use crate::source::Span;
use formwright_engine::State;
use std::collections::HashSet;

/// Facts that are found without a rule of their own.
const UNRULED: [Fact; 6] = [Fact::Type, Fact::Scale, Fact::Digits, Fact::List, Fact::From, Fact::Unexpected];

/// States that a test can expect.
const STATES: [State; 5] = [State::Fail, State::Explained, State::Confirmed, State::Unknown, State::Pass];

/// Reports names in tests that nothing has.
pub fn test_names(input: &Input, model: &Model, survey: &Survey, problems: &mut Problems) {
    let mut names = Names { input, model, survey, rules: HashSet::new(), problems };
    for (ix, table) in input.tables.iter().enumerate() {
        let sections = table.sections.iter().flat_map(|s| &s.0).map(|s| &s.node);
        for test in sections.chain([&table.section]).flat_map(|s| &s.tests).flat_map(|t| &t.0) {
            names.test(Some(ix), test);
        }
    }
    input.survey.tests.iter().flat_map(|t| &t.0).for_each(|test| names.test(None, test));
}

struct Names<'n> {
    input: &'n Input,
    model: &'n Model,
    survey: &'n Survey,
    /// The ids of all rules, made for the first test.
    rules: HashSet<&'n str>,
    problems: &'n mut Problems,
}

impl<'n> Names<'n> {
    fn test(&mut self, table: Option<usize>, test: &ast::Test) {
        if self.rules.is_empty() {
            self.rules = self.survey.rules.iter().map(|r| r.id.as_str()).collect();
        }
        match (table, &test.given) {
            (Some(table), Some(given)) => self.members(table, &given.0),
            (None, Some(given)) => self.tables(&given.0),
            _ => {}
        }
        if let Some(tables) = &test.tables {
            self.tables(&tables.0);
        }
        let given = [&test.given, &test.tables, &test.context].into_iter().flatten();
        let given: Vec<&Node> = given.map(|raw| &raw.0).collect();
        test.expect.iter().flat_map(|e| &e.0).for_each(|e| self.expected(table, e, &given));
    }

    fn tables(&mut self, of: &Node) {
        let NodeKind::Map(entries) = &of.kind else { return };
        for (name, part) in entries {
            if let Some(ix) = self.survey.tables.iter().position(|t| *t.id == *name.text) {
                self.members(ix, part);
            }
        }
    }

    /// Every member of a part of a return names something of its table.
    fn members(&mut self, table: usize, part: &Node) {
        let mut open = vec![part];
        while let Some(node) = open.pop() {
            match &node.kind {
                NodeKind::Seq(items) => open.extend(items),
                NodeKind::Map(entries) => {
                    for (name, value) in entries {
                        self.member(table, name);
                        // Below a specification stand codes.
                        if !name.text.ends_with("_specify") {
                            open.push(value);
                        }
                    }
                }
                _ => {}
            }
        }
    }

    fn member(&mut self, table: usize, name: &Scalar) {
        if !self.sections(table).any(|s| is_member(s, &name.text)) && !self.is_on_a_path(table, &name.text) {
            let known: Vec<&str> = self.sections(table).flat_map(|s| s.names()).collect();
            self.unknown(&name.text, name.span, known);
        }
    }

    fn sections(&self, table: usize) -> impl Iterator<Item = &'n SectionModel> + use<'n> {
        let model = self.model;
        let all = model.tables.get(table).map(|t| t.sections.as_slice()).unwrap_or_default();
        all.iter().filter_map(|s| model.sec(*s))
    }

    /// Whether a name is a member of the JSON of a table; slower than [`is_member`], and complete.
    fn is_on_a_path(&self, table: usize, name: &str) -> bool {
        let step = |s: &Step| matches!(s, Step::Key(key) if key == name);
        self.model.cells.iter().any(|c| c.table == Some(table) && c.path.iter().any(step))
            || self.model.blocks.iter().any(|b| b.table == Some(table) && b.path.iter().any(step))
    }

    fn expected(&mut self, table: Option<usize>, expect: &ast::Expect, given: &[&Node]) {
        if let Some(rule) = &expect.rule {
            self.rule(table, rule);
        }
        let states = STATES.map(State::as_str);
        if let Some(state) = expect.state.as_ref().filter(|s| !states.contains(&s.text())) {
            self.problems.push(super::bad_word(state.text(), state.span(), &states));
        }
        let Some(table) = table else { return };
        for (row, groups) in [(&expect.row, false), (&expect.group, true)] {
            if let Some(row) = row.as_ref().filter(|row| !self.is_row(table, row.text(), groups, given)) {
                let number = row.text().rsplit(' ').next().filter(|n| n.parse::<u32>().is_ok_and(|n| n > 0));
                let blocks = self.sections(table).flat_map(|s| &s.blocks);
                let counted: Vec<String> =
                    blocks.map(|b| format!("{} {}", b.id, number.unwrap_or("1"))).collect();
                let known = self.sections(table).flat_map(|s| rows(s, groups)).chain(values(given));
                self.unknown(
                    row.text(),
                    row.span(),
                    known.chain(counted.iter().map(String::as_str)).collect(),
                );
            }
        }
        if let Some(over) = expect.over.as_ref().filter(|over| !self.is_over(over.text())) {
            let codes = self.model.lists.iter().flat_map(|l| &l.codes).map(|c| c.code.as_str());
            let known = self.model.periods.iter().map(|p| p.id.as_str()).chain(codes);
            self.unknown(over.text(), over.span(), known.collect());
        }
        if let Some(column) = expect.column.as_ref().filter(|c| !self.is_column(table, c.text())) {
            let known: Vec<&str> = self.sections(table).flat_map(columns).collect();
            self.unknown(column.text(), column.span(), known);
        }
        if let Some(section) = &expect.section {
            let known: Vec<&str> = self.sections(table).map(|s| s.id.as_str()).collect();
            if !known.contains(&section.text()) {
                self.unknown(section.text(), section.span(), known);
            }
        }
    }

    /// Whether a row (or group) may be called so: by its id, by block and number, or by a key that the test gives.
    fn is_row(&self, table: usize, name: &str, groups: bool, given: &[&Node]) -> bool {
        let is_block = |id: &str| self.sections(table).any(|s| s.blocks.iter().any(|b| b.id == id));
        let words: Vec<&str> = name.split(' ').collect();
        let counted = |pair: &[&str]| matches!(pair, [block, number] if is_block(block) && number.parse::<u32>().is_ok_and(|n| n > 0));
        if words.chunks(2).all(counted)
            || self.sections(table).any(|s| rows(s, groups).any(|row| row == name))
        {
            return true;
        }
        let is_keyed = self.model.blocks.iter().any(|b| b.table == Some(table) && !b.key.is_empty());
        let begins = |value: &str| {
            name.strip_prefix(value).is_some_and(|rest| rest.is_empty() || rest.starts_with(' '))
        };
        is_keyed && values(given).any(begins)
    }

    /// Whether it is a period or code, or several.
    fn is_over(&self, name: &str) -> bool {
        let is_one = |one: &str| {
            self.model.periods.iter().any(|p| p.id == one)
                || self.model.lists.iter().any(|l| l.codes.iter().any(|c| c.code == one))
        };
        is_one(name) || name.split(' ').all(is_one)
    }

    fn is_column(&self, table: usize, name: &str) -> bool {
        self.sections(table).any(|s| columns(s).any(|c| c == name))
            || self.model.cells.iter().any(|c| c.table == Some(table) && c.declared == name)
    }

    fn unknown(&mut self, name: &str, at: Span, known: Vec<&str>) {
        let d = Diagnostic::new(&codes::UNKNOWN_NAME, at).arg("name", name);
        self.problems.push(d.suggest(name, known));
    }

    /// Whether a rule of that id is written, though it may not have been understood; facts of places that were not
    /// understood may be of any name.
    fn is_declared(&self, table: Option<usize>, name: &str) -> bool {
        let is_fact = |last: &str| Fact::ALL.iter().any(|fact| fact.name() == last);
        if self.problems.has_errors() && name.rsplit_once('.').is_some_and(|(_, last)| is_fact(last)) {
            return true;
        }
        let (of_table, short) = match (table, name.split_once('.')) {
            (None, Some((table, rest))) => {
                (self.input.tables.iter().find(|t| super::text_of(t.table.as_ref()) == table), rest)
            }
            (None, None) => return false,
            (Some(table), _) => (self.input.tables.get(table), name.rsplit('.').next().unwrap_or(name)),
        };
        let of = |s: &ast::Section| {
            s.rules.iter().flat_map(|r| &r.0).any(|r| r.id.text() == short) || states(s, short)
        };
        let is_own =
            |t: &ast::Table| of(&t.section) || t.sections.iter().flat_map(|s| &s.0).any(|s| of(&s.node));
        self.problems.has_errors() && of_table.is_some_and(is_own)
    }

    fn rule(&mut self, table: Option<usize>, name: &Str) {
        if self.is_declared(table, name.text()) {
            return;
        }
        let table = table.and_then(|t| self.survey.tables.get(t)).map(|t| t.id.as_str());
        let own = table.map(|table| format!("{table}.{}", name.text()));
        let is_known = |id: &str| self.rules.contains(id);
        if is_known(name.text()) || own.as_deref().is_some_and(is_known) || unruled(name.text()) {
            return;
        }
        let short = |id: &'n str| match table.and_then(|t| id.strip_prefix(t)?.strip_prefix('.')) {
            Some(rest) => rest,
            None => id,
        };
        let d = Diagnostic::new(&codes::UNKNOWN_RULE, name.span()).arg("name", name.text());
        let ending = format!(".{}", name.text());
        let mut near: Vec<String> =
            self.rules.iter().filter(|id| id.ends_with(&ending)).map(|id| (*id).to_owned()).collect();
        near.sort_unstable();
        near.truncate(3);
        if near.is_empty() {
            near = nearest(name.text(), self.rules.iter().map(|id| short(id)));
        }
        self.problems.push(Diagnostic { suggestions: near, ..d });
    }
}

/// Whether a fact of a section's fields, columns or rows is a rule of that id.
fn states(section: &ast::Section, id: &str) -> bool {
    let mut fields: Vec<&ast::Field> =
        section.fields.iter().chain(&section.columns).flat_map(|f| &f.0).map(|f| &f.node).collect();
    let mut rows: Vec<&ast::Row> = section.rows.iter().flat_map(|r| &r.0).map(|r| &r.node).collect();
    let mut is_stated = false;
    let mut look = |facts: &ast::Facts| {
        let mut one =
            |stated: &FactUse<Str>| is_stated |= stated.rule.id.as_ref().is_some_and(|i| i.text() == id);
        facts.parts.iter().flat_map(|f| f.0.iter()).for_each(&mut one);
        each_use(facts, &mut |_, stated| one(stated));
    };
    while let Some(field) = fields.pop() {
        look(&field.facts);
        fields.extend(field.columns.iter().flat_map(|c| &c.0).map(|c| &c.node));
    }
    while let Some(row) = rows.pop() {
        look(&row.facts);
        rows.extend(row.rows.iter().flat_map(|r| &r.0).map(|r| &r.node));
    }
    is_stated
}

/// Whether a name is one of a section's own: what most members of a return are.
fn is_member(s: &SectionModel, name: &str) -> bool {
    let of = |fields: &[(String, crate::ir::CellId)]| fields.iter().any(|f| f.0 == name);
    s.columns.iter().any(|c| c.id == name)
        || s.rows.iter().any(|r| r.id == name)
        || of(&s.fields)
        || s.blocks.iter().any(|b| b.id == name || of(&b.fields))
        || s.branches.iter().any(|b| b.id == name || of(&b.fields))
        || s.id == name
}

/// What findings call the columns and fields of a section.
fn columns(s: &SectionModel) -> impl Iterator<Item = &str> {
    let named = s.columns.iter().map(|c| c.name.as_ref().unwrap_or(&c.declared).as_str());
    named.chain(s.fields.iter().map(|f| f.0.as_str()))
}

/// What findings call the rows of a section, or the groups of rows; `blocks` are followed by a number.
fn rows(s: &SectionModel, groups: bool) -> impl Iterator<Item = &str> {
    let fixed = s.rows.iter().filter(move |r| !groups && !r.repeats);
    let fixed = fixed.map(|r| r.name.as_ref().unwrap_or(&r.id).as_str());
    let within = s.rows.iter().filter(move |_| groups).filter_map(|r| r.fixed_group.as_deref());
    fixed.chain(within)
}

/// The texts and numbers that a test gives.
fn values<'n>(given: &[&'n Node]) -> impl Iterator<Item = &'n str> {
    let mut open: Vec<&Node> = given.to_vec();
    std::iter::from_fn(move || {
        while let Some(node) = open.pop() {
            match &node.kind {
                NodeKind::Scalar(s) => return Some(&*s.text),
                NodeKind::Seq(items) => open.extend(items),
                NodeKind::Map(entries) => open.extend(entries.iter().map(|e| &e.1)),
                NodeKind::Null => {}
            }
        }
        None
    })
}

/// Whether an id is that of a fact that needs no rule.
fn unruled(id: &str) -> bool {
    let last = id.rsplit('.').next().unwrap_or(id);
    UNRULED.iter().any(|fact| fact.name() == last)
}
