//! Returns made up from the survey: values around what its rules compare with, blanks, mistakes.
//!
//! A random return breaks dozens of rules at once, which says little; so it is mended until nothing that an engine claims
//! fails, and then spoilt a little: most returns pass, or fail in one thing.

use crate::chance::Chance;
use crate::doc::Doc;
use crate::engine::{Claim, Return};
use crate::interpreter::Interpreter;
use crate::values::Values;
use formwright::data::layout::{NodeId, Target};
use formwright::emit::Status;
use formwright::engine::{Finding, State};
use formwright::ir::{Root, Survey};
use std::str::FromStr;

/// Blank cells in a hundred.
const BLANK: usize = 30;

/// How often a return is mended before it is taken as it is.
const MENDINGS: usize = 60;

pub struct Returns<'s> {
    interpreter: &'s Interpreter<'s>,
    values: Values<'s>,
    /// By rule: whether some engine claims it.
    claimed: Vec<bool>,
    pub chance: Chance,
}

impl<'s> Returns<'s> {
    pub fn new(interpreter: &'s Interpreter<'s>, claims: &[Vec<Claim>], seed: u64) -> Self {
        let claimed = |rule: usize| claims.iter().any(|c| c[rule].status != Status::Absent);
        Returns {
            interpreter,
            values: Values::new(interpreter.survey),
            claimed: (0..interpreter.survey.rules.len()).map(claimed).collect(),
            chance: Chance::new(seed),
        }
    }

    fn survey(&self) -> &'s Survey {
        self.interpreter.survey
    }

    /// A return, and so many that differ from it in one or two things; of many tables only the given one is filled and
    /// looked at.
    pub fn family(&mut self, table: Option<usize>, size: usize) -> Vec<Return> {
        let is_final = !self.chance.percent(25);
        let (blank, wrong) = (*self.chance.pick(&[BLANK, 5]), *self.chance.pick(&[0, 0, 0, 4]));
        let mut one = Return { doc: self.document(table, blank, wrong), is_final, table };
        if self.chance.percent(90) {
            self.mend(&mut one);
        }
        let mut all = vec![one];
        for _ in 0..size {
            let mut other = all[0].clone();
            for _ in 0..*self.chance.pick(&[1, 1, 2]) {
                self.spoil(&mut other);
            }
            all.push(other);
        }
        all
    }

    fn document(&mut self, table: Option<usize>, blank: usize, wrong: usize) -> Doc {
        let survey = self.survey();
        let mut members = vec![
            ("survey".to_owned(), Doc::text(&survey.id)),
            ("version".to_owned(), Doc::text(&survey.version)),
        ];
        let tree = self.interpreter.layout.tree(Root::Return);
        for (name, target) in &tree.nodes[0].members {
            let value = match (*target, table) {
                (Target::Object(node), Some(table)) if name == "tables" => {
                    let id = &survey.tables[table].id;
                    let inner = tree.nodes[node].get(id);
                    let inner = inner.map(|target| (id.clone(), self.target(target, blank, wrong)));
                    Doc::Object(inner.into_iter().collect())
                }
                (_, Some(_)) => continue,
                (target, None) => self.target(target, blank, wrong),
            };
            members.push((name.clone(), value));
        }
        Doc::Object(members)
    }

    fn target(&mut self, target: Target, blank: usize, wrong: usize) -> Doc {
        match target {
            Target::Cell(id) => self.values.cell(id, &mut self.chance, blank, wrong),
            Target::Object(node) => self.object(node, blank, wrong),
            Target::Rows(_, node) => {
                let count = *self.chance.pick(&[0, 1, 1, 2, 3]);
                Doc::Array((0..count).map(|_| self.row(node, blank, wrong)).collect())
            }
        }
    }

    fn row(&mut self, node: NodeId, blank: usize, wrong: usize) -> Doc {
        match self.chance.below(20) {
            0 => Doc::Object(Vec::new()),
            1 if wrong > 0 => Doc::Null,
            _ => self.object(node, blank, wrong),
        }
    }

    fn object(&mut self, node: NodeId, blank: usize, wrong: usize) -> Doc {
        let layout = &self.interpreter.layout;
        let mut members = Vec::new();
        for (name, target) in &layout.tree(Root::Return).nodes[node].members {
            match self.target(*target, blank, wrong) {
                Doc::Null if self.chance.percent(70) => {}
                value => members.push((name.clone(), value)),
            }
        }
        Doc::Object(members)
    }

    /// Changes cells of what fails until nothing does, as far as that goes.
    fn mend(&mut self, one: &mut Return) {
        for _ in 0..MENDINGS {
            let Some(report) = self.interpreter.report(one) else { return };
            let survey = self.survey();
            let matters = |f: &&Finding| {
                let rule = survey.rules.iter().position(|rule| rule.id == f.rule);
                f.state == State::Fail && rule.is_none_or(|rule| self.claimed[rule])
            };
            let failing: Vec<&Finding> = report.findings.iter().filter(matters).collect();
            if failing.is_empty() {
                return;
            }
            for finding in failing.iter().take(12) {
                self.mend_one(&mut one.doc, finding);
            }
        }
    }

    fn mend_one(&mut self, doc: &mut Doc, finding: &Finding) {
        let cells: Vec<&String> = finding.cells.target.iter().chain(&finding.cells.source).collect();
        let Some(pointer) =
            cells.get(if self.chance.percent(70) { 0 } else { self.chance.below(cells.len()) })
        else {
            return;
        };
        if let Some(exact) = self.settled(doc, finding, pointer) {
            return doc.put(pointer, exact);
        }
        let value = match self.values.at(pointer) {
            Some(cell) => self.values.cell(cell, &mut self.chance, 30, 0),
            None => Doc::Null,
        };
        match value {
            Doc::Null if self.values.at(pointer).is_none() => remove(doc, pointer),
            value => doc.put(pointer, value),
        }
    }

    /// The value that makes an equation true, where the cell is one side of it.
    fn settled(&self, doc: &Doc, finding: &Finding, pointer: &str) -> Option<Doc> {
        let (left, right) = (finding.values.left.as_deref()?, finding.values.right.as_deref()?);
        let Some(Doc::Number(now)) = find(doc, pointer) else { return None };
        let same = |text: &str| f64::from_str(text).ok() == f64::from_str(now).ok();
        let other = if same(left) {
            right
        } else if same(right) {
            left
        } else {
            return None;
        };
        f64::from_str(other).ok().map(|_| Doc::number(other))
    }

    /// One cell by another value, one unit more or less, a member too many, or something of another kind.
    fn spoil(&mut self, one: &mut Return) {
        let mut places = Vec::new();
        pointers(&one.doc, String::new(), &mut places);
        let inside = one.table.map(|t| format!("/tables/{}", self.survey().tables[t].id)).unwrap_or_default();
        places.retain(|p| p.starts_with(&inside) && p.matches('/').count() > 1);
        if places.is_empty() {
            return;
        }
        let place = self.chance.pick(&places).clone();
        match (self.values.at(&place), self.chance.below(10)) {
            (_, 0) => one.doc.put(&format!("{place}/no_such_member"), self.values.stray(&mut self.chance)),
            (_, 1) => one.doc.put(&place, self.values.stray(&mut self.chance)),
            (_, 2) => one.doc.put(&place, Doc::Null),
            (_, 3) => remove(&mut one.doc, &place),
            (Some(cell), 4..=6) => {
                let nudged =
                    find(&one.doc, &place).and_then(|now| self.values.nudged(cell, now, &mut self.chance));
                if let Some(value) = nudged {
                    one.doc.put(&place, value);
                }
            }
            (Some(cell), 7) => one.doc.put(&place, self.values.cell(cell, &mut self.chance, 0, 100)),
            (Some(cell), _) => one.doc.put(&place, self.values.cell(cell, &mut self.chance, 5, 0)),
            (None, _) => {}
        }
    }
}

fn find<'d>(doc: &'d Doc, pointer: &str) -> Option<&'d Doc> {
    pointer.split('/').skip(1).try_fold(doc, |doc, step| doc.get(&step.replace("~1", "/").replace("~0", "~")))
}

fn pointers(doc: &Doc, at: String, out: &mut Vec<String>) {
    match doc {
        Doc::Array(items) => {
            items.iter().enumerate().for_each(|(n, item)| pointers(item, format!("{at}/{n}"), out));
        }
        Doc::Object(members) => {
            for (key, value) in members {
                pointers(value, format!("{at}/{}", key.replace('~', "~0").replace('/', "~1")), out);
            }
        }
        _ => {}
    }
    out.push(at);
}

fn remove(doc: &mut Doc, pointer: &str) {
    let Some((outer, last)) = pointer.rsplit_once('/') else { return };
    let last = last.replace("~1", "/").replace("~0", "~");
    let mut at = doc;
    for step in outer.split('/').skip(1) {
        let step = step.replace("~1", "/").replace("~0", "~");
        at = match at {
            Doc::Object(members) => match members.iter_mut().find(|(key, _)| *key == step) {
                Some((_, value)) => value,
                None => return,
            },
            Doc::Array(items) => match step.parse::<usize>().ok().and_then(|n| items.get_mut(n)) {
                Some(item) => item,
                None => return,
            },
            _ => return,
        };
    }
    match at {
        Doc::Object(members) => members.retain(|(key, _)| *key != last),
        Doc::Array(items) => {
            if let Some(n) = last.parse::<usize>().ok().filter(|n| *n < items.len()) {
                items.remove(n);
            }
        }
        _ => {}
    }
}
