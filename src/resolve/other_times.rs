//! What is not in force in the reference period is read all the same, on a day on which it is.
//!
//! A field that does not exist yet, or an edition that is over, would be wrong only on the day it comes into force, when
//! nobody looks at it. The survey is resolved again as of each such day; of the problems found there, those in what is
//! unread today are kept.

use super::Input;
use super::facts::{each_use, written};
use super::life::Life;
use super::sections::Entry;
use crate::diag::{Problems, over_limit};
use crate::parse::ast::{self, Edition, Facts};
use crate::parse::shapes::{Named, Str};
use crate::source::{SourceMap, Span};
use formwright_engine::Date;
use std::collections::BTreeMap;

/// The most days as of which a survey is read: each takes as long as the reading of today.
const MAX_DAYS: usize = 100;

/// What is unread in the reference periods, by a day on which it is in force.
#[derive(Debug, Default)]
pub struct Unread(BTreeMap<Date, Vec<Span>>);

impl Unread {
    /// Finds what the reference periods leave out.
    pub fn new(entries: &[Entry]) -> Self {
        let mut out = Unread::default();
        for e in entries {
            out.section(e.node, e.input.life);
        }
        out
    }

    /// Reads it, and reports what is wrong in it.
    pub fn read(self, input: &Input, sources: &SourceMap, problems: &mut Problems) {
        if let Some(span) = self.0.values().nth(MAX_DAYS).and_then(|spans| spans.first()) {
            problems.push(over_limit(*span, "days on which something changes", self.0.len(), MAX_DAYS));
            return;
        }
        for (day, unread) in self.0 {
            let mut found = Problems::default();
            super::resolve_on(input, sources, &mut found, Some(day));
            found.retain(|d| unread.iter().any(|span| span.holds(d.span)));
            problems.extend(found);
        }
    }

    fn section(&mut self, section: &ast::Section, life: Life) {
        for facts in section.column_defaults.iter().chain(&section.row_defaults) {
            self.editions(facts, life);
        }
        section.columns.iter().chain(&section.fields).for_each(|list| self.fields(&list.0, life));
        section.rows.iter().for_each(|list| self.rows(&list.0, life));
        section.cells.iter().flat_map(|c| &c.0).for_each(|item| self.editions(&item.facts, life));
    }

    fn fields(&mut self, list: &[Named<ast::Field>], life: Life) {
        for f in list {
            let life = self.node(&f.node.facts, f.span, life);
            f.node.columns.iter().for_each(|list| self.fields(&list.0, life));
        }
    }

    fn rows(&mut self, list: &[Named<ast::Row>], life: Life) {
        for r in list {
            let life = self.node(&r.node.facts, r.span, life);
            r.node.fields.iter().for_each(|list| self.fields(&list.0, life));
            r.node.rows.iter().for_each(|list| self.rows(&list.0, life));
        }
    }

    /// A node with its editions; returns the day on which what stands in it is read.
    fn node(&mut self, facts: &Facts, span: Span, life: Life) -> Life {
        let outside = day_outside(facts.since.as_ref(), facts.until.as_ref(), life);
        if let Some(day) = outside {
            self.0.entry(day).or_default().push(span);
        }
        let life = outside.map_or(life, |day| Life(Some(day)));
        self.editions(facts, life);
        life
    }

    fn editions(&mut self, facts: &Facts, life: Life) {
        for edition in facts.editions.iter().flat_map(|e| &e.0) {
            if let Some(day) = day_outside(edition.facts.since.as_ref(), edition.facts.until.as_ref(), life) {
                self.0.entry(day).or_default().extend(spans(edition));
            }
        }
    }
}

/// A day of a life that does not hold the reference period: its first or last, the one nearer to the period.
fn day_outside(since: Option<&Str>, until: Option<&Str>, life: Life) -> Option<Date> {
    let today = life.0?.first_day();
    let day = |text: Option<&Str>| text.and_then(|t| Date::parse(t.text())).map(Date::first_day);
    let (later, earlier) = (day(since).filter(|day| *day > today), day(until).filter(|day| *day < today));
    later.or(earlier)
}

/// The places of what an edition says.
fn spans(edition: &Edition) -> Vec<Span> {
    let mut all: Vec<Span> = written(&edition.facts).into_iter().map(|(_, span)| span).collect();
    all.extend(edition.when.as_ref().map(Str::span));
    all.extend(edition.label.as_ref().map(|label| label.span));
    each_use(&edition.facts, &mut |_, stated| all.push(stated.span));
    all
}
