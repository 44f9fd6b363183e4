//! What exists in a reference period: `since`, `until` and `editions` of nodes, by its first day.

use crate::diag::{Diagnostic, Problems, codes};
use crate::parse::ast::{self, Edition, Facts};
use crate::parse::shapes::{List, Named, Str, Text};
use crate::source::Span;
use formwright_engine::Date;
use std::borrow::Cow;

use super::facts::overlay;

/// The first day of a reference period, if there is one.
#[derive(Debug, Clone, Copy, Default)]
pub struct Life(pub Option<Date>);

impl Life {
    /// The field in this period; `None` if it does not exist in it.
    pub fn field<'f>(
        self,
        f: &'f Named<ast::Field>,
        problems: &mut Problems,
    ) -> Option<Cow<'f, Named<ast::Field>>> {
        let Some((facts, label)) = self.node(&f.node.facts, f.id.span(), problems)? else {
            return Some(Cow::Borrowed(f));
        };
        let mut f = f.clone();
        f.node.facts = facts;
        f.node.label = label.or(f.node.label);
        Some(Cow::Owned(f))
    }

    /// The row in this period; `None` if it does not exist in it.
    pub fn row<'r>(
        self,
        r: &'r Named<ast::Row>,
        problems: &mut Problems,
    ) -> Option<Cow<'r, Named<ast::Row>>> {
        let Some((facts, label)) = self.node(&r.node.facts, r.id.span(), problems)? else {
            return Some(Cow::Borrowed(r));
        };
        let mut r = r.clone();
        r.node.facts = facts;
        r.node.label = label.or(r.node.label);
        Some(Cow::Owned(r))
    }

    /// The rule in this period; `None` if it is as written. Its id stays.
    pub fn rule(self, r: &Named<ast::Rule>, problems: &mut Problems) -> Option<Named<ast::Rule>> {
        let editions = r.node.editions.as_ref()?;
        let mut now = r.clone();
        now.node.editions = None;
        for e in &editions.0 {
            let own = &e.rule;
            if self.within(own.since.as_ref(), own.until.as_ref(), r.id.span(), problems) {
                lay_over(&mut now.node, e);
            }
        }
        Some(now)
    }

    /// Facts and label of a node in this period: `None` if it does not exist, `Some(None)` if they are as written.
    #[allow(clippy::option_option, reason = "absent, unchanged and changed are three things")]
    fn node(
        self,
        facts: &Facts,
        span: Span,
        problems: &mut Problems,
    ) -> Option<Option<(Facts, Option<Text>)>> {
        if !self.within(facts.since.as_ref(), facts.until.as_ref(), span, problems) {
            return None;
        }
        let Some(editions) = &facts.editions else { return Some(None) };
        Some(Some(self.laid(facts, editions, span, problems)))
    }

    /// An item of `cells` in this period.
    pub fn item<'c>(self, item: &'c ast::CellsItem, problems: &mut Problems) -> Cow<'c, ast::CellsItem> {
        let Some(editions) = &item.facts.editions else { return Cow::Borrowed(item) };
        let span = item.at.iter().flat_map(|a| &a.0).next().map(Str::span).unwrap_or_default();
        let (facts, _) = self.laid(&item.facts, editions, span, problems);
        Cow::Owned(ast::CellsItem { facts, ..item.clone() })
    }

    /// Facts and label with the editions of this period over them; those under a condition are left beside them.
    fn laid(
        self,
        facts: &Facts,
        editions: &List<Edition>,
        span: Span,
        problems: &mut Problems,
    ) -> (Facts, Option<Text>) {
        let mut now = Facts { editions: None, ..facts.clone() };
        let (mut label, mut conditional) = (None, Vec::new());
        for e in &editions.0 {
            if !self.within(e.facts.since.as_ref(), e.facts.until.as_ref(), span, problems) {
                continue;
            }
            if e.when.is_some() {
                conditional.push(e.clone());
                continue;
            }
            let own = Facts { since: None, until: None, ..e.facts.clone() };
            now = replaced(&now, &own);
            label = e.label.clone().or(label);
        }
        now.editions = (!conditional.is_empty()).then_some(List(conditional));
        (now, label)
    }

    /// Whether the first day lies in a life, both ends included.
    pub fn within(
        self,
        since: Option<&Str>,
        until: Option<&Str>,
        span: Span,
        problems: &mut Problems,
    ) -> bool {
        let mut day = |text: Option<&Str>| {
            let text = text?;
            let found = Date::parse(text.text());
            if found.is_none() {
                problems.push(Diagnostic::new(&codes::BAD_DATE, text.span()).arg("text", text.text()));
            }
            found
        };
        let written = since.zip(until);
        let (since, until) = (day(since), day(until));
        written.and_then(|(_, at)| no_days(since?, until?, at)).into_iter().for_each(|d| problems.push(d));
        let Some(first) = self.0.map(Date::first_day) else {
            if since.is_some() || until.is_some() {
                problems.push(Diagnostic::new(&codes::NO_REFERENCE_PERIOD, span));
            }
            return true;
        };
        since.is_none_or(|s| s.first_day() <= first) && until.is_none_or(|u| first <= u.first_day())
    }
}

/// A life that ends before it begins.
pub fn no_days(since: Date, until: Date, at: &Str) -> Option<Diagnostic> {
    let d = Diagnostic::new(&codes::NO_DAYS, at.span()).arg("since", since).arg("until", until);
    (since.first_day() > until.first_day()).then_some(d)
}

/// A rule with editions as written, and with each edition over it by itself.
pub fn each_edition(rule: &Named<ast::Rule>) -> Vec<Named<ast::Rule>> {
    let mut written = rule.clone();
    let editions = written.node.editions.take();
    let with = |edition: &ast::RuleEdition| {
        let mut one = written.clone();
        lay_over(&mut one.node, edition);
        one
    };
    let mut all: Vec<_> = editions.iter().flat_map(|e| &e.0).map(with).collect();
    all.push(written);
    all
}

/// An edition of a rule over what is written: what it does not say stays.
fn lay_over(rule: &mut ast::Rule, edition: &ast::RuleEdition) {
    let said = |over: &Option<Str>, own: &mut Option<Str>| {
        if over.is_some() {
            own.clone_from(over);
        }
    };
    said(&edition.check, &mut rule.check);
    said(&edition.when, &mut rule.when);
    rule.each = edition.each.clone().or(rule.each.take());
    rule.withdrawn = edition.withdrawn.or(rule.withdrawn);
    let (id, kind) = (rule.rule.id.take(), edition.rule.kind.clone().or(rule.rule.kind.clone()));
    let (since, until) = (rule.rule.since.take(), rule.rule.until.take());
    let facts = super::rule_facts::under(edition.rule.clone(), &rule.rule);
    rule.rule = ast::RuleFacts { id, kind, since, until, ..facts };
}

/// An edition's facts take the place of those written, conditions of `applies` as well.
fn replaced(base: &Facts, over: &Facts) -> Facts {
    let base = if over.applies.is_some() { Facts { applies: None, ..base.clone() } } else { base.clone() };
    overlay(&base, over)
}

/// The editions of a place that hold under a condition.
pub fn conditional(facts: &Facts) -> impl Iterator<Item = &Edition> {
    facts.editions.iter().flat_map(|e| &e.0).filter(|e| e.when.is_some())
}
