//! What a rule says beside its condition: presets, severity, blanks, tolerance, its life, the clause it implements.

use super::expr::{BlankPolicy, Tolerance};
use super::rules::Rules;
use crate::diag::{Diagnostic, codes};
use crate::ir::rule::{Explain, Origin, Rule};
use crate::parse::ast::RuleFacts;
use crate::parse::shapes::Str;
use crate::source::Span;
use formwright_engine::{Class, Date, Decimal, Severity};

impl Rules<'_> {
    /// Rule facts with those of their preset and of `default` under them.
    pub fn facts(&mut self, own: &RuleFacts, of_section: Option<&Str>) -> RuleFacts {
        let mut all = own.clone();
        let kind = own.kind.as_ref().or(of_section);
        if let Some(kind) = kind {
            match self.kinds.get(kind.text()) {
                Some(preset) => all = under(all, preset),
                None => {
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, kind.span()).arg("name", kind.text());
                    self.problems.push(d.suggest(kind.text(), self.kinds.keys().map(String::as_str)));
                }
            }
            all.kind.get_or_insert_with(|| kind.clone());
        }
        match self.kinds.get("default") {
            Some(preset) => under(all, preset),
            None => all,
        }
    }

    pub(super) fn blank(&mut self, facts: &RuleFacts) -> BlankPolicy {
        match facts.blank.as_ref().map(|b| (b.text(), b.span())) {
            None | Some(("skip", _)) => BlankPolicy::Skip,
            Some(("zero", _)) => BlankPolicy::Zero,
            Some(("partial", _)) => BlankPolicy::Partial,
            Some((word, span)) => {
                self.bad_word(word, span, &["skip", "zero", "partial"]);
                BlankPolicy::Skip
            }
        }
    }

    fn bad_word(&mut self, word: &str, span: Span, known: &[&str]) {
        self.problems.push(super::bad_word(word, span, known));
    }

    pub(super) fn tolerance(&mut self, facts: &RuleFacts) -> Option<Tolerance> {
        let text = facts.tolerance.as_ref()?;
        if text.text() == "rounding" {
            return Some(Tolerance::Rounding);
        }
        let number = text.text().strip_suffix('%');
        match Decimal::parse(number.unwrap_or(text.text()).trim()).filter(|n| !n.is_negative()) {
            Some(n) if number.is_some() => Some(Tolerance::Percent(n)),
            Some(n) => Some(Tolerance::Absolute(n)),
            None => {
                self.bad_word(text.text(), text.span(), &["0.5", "0.5%", "rounding"]);
                None
            }
        }
    }

    /// A rule without its condition.
    pub fn shell(
        &mut self,
        id: String,
        table: Option<usize>,
        origin: Origin,
        facts: &RuleFacts,
        source: String,
        span: Span,
    ) -> Rule {
        let mut known = true;
        let severity = match facts.severity.as_ref().map(|s| (s.text(), s.span())) {
            None | Some(("error", _)) => Severity::Error,
            Some(("warning", _)) => Severity::Warning,
            Some(("information", _)) => Severity::Information,
            Some((word, at)) => {
                self.bad_word(word, at, &["error", "warning", "information"]);
                known = false;
                Severity::Error
            }
        };
        let explain = match facts.explain.as_ref().map(Str::text) {
            None | Some("false") => Explain::No,
            Some("true") => Explain::Beside,
            Some(_) => Explain::Field,
        };
        let office = match facts.by.as_ref().map(|b| (b.text(), b.span())) {
            None => false,
            Some(("office", _)) => true,
            Some((word, at)) => {
                self.bad_word(word, at, &["office"]);
                false
            }
        };
        if known {
            self.answerable(facts, severity, explain != Explain::No, office);
        }
        self.dated(facts);
        self.clause(facts, table);
        Rule {
            id,
            table,
            origin,
            kind: facts.kind.as_ref().map(|k| k.text().to_owned()),
            severity,
            class: Class::Consistency,
            scope: formwright_engine::Scope::Cell,
            office,
            explain,
            final_only: false,
            message: None,
            from: facts.from.as_ref().map(|f| f.text().to_owned()),
            since: self.date(facts.since.as_ref()),
            until: self.date(facts.until.as_ref()),
            reference: self.life.0,
            withdrawn: false,
            source,
            span,
            text: span,
            instances: Vec::new(),
        }
    }

    /// Not every severity takes every answer.
    fn answerable(&mut self, facts: &RuleFacts, severity: Severity, explain: bool, office: bool) {
        let (what, answer) = match (severity, explain, office) {
            (Severity::Error, _, true) => (("an error", "错误"), ("left to the office", "交填报机关裁定")),
            (Severity::Information, true, _) => (("information", "提示"), ("explained", "要求说明")),
            (Severity::Information, _, true) => {
                (("information", "提示"), ("left to the office", "交填报机关裁定"))
            }
            _ => return,
        };
        let said = [&facts.explain, &facts.by];
        let [explain_at, by_at] = said.map(|f| f.as_ref().map(Str::span));
        let at = if answer.0 == "explained" { explain_at } else { by_at };
        let d = Diagnostic::new(&codes::NOT_ALLOWED, at.unwrap_or_default());
        let d = d.arg("what", what.0).arg("what_zh", what.1).arg("answer", answer.0);
        self.problems.push(d.arg("answer_zh", answer.1));
    }

    /// A life is compared with a reference period, which there must be.
    fn dated(&mut self, facts: &RuleFacts) {
        let said = facts.since.as_ref().or(facts.until.as_ref());
        if let (None, Some(at)) = (self.life.0, said) {
            self.problems.push(Diagnostic::new(&codes::NO_REFERENCE_PERIOD, at.span()));
        }
        let Some((since, until)) = facts.since.as_ref().zip(facts.until.as_ref()) else { return };
        if let (Some(first), Some(last)) = (Date::parse(since.text()), Date::parse(until.text())) {
            super::life::no_days(first, last, until).into_iter().for_each(|d| self.problems.push(d));
        }
    }

    fn date(&mut self, text: Option<&Str>) -> Option<Date> {
        let text = text?;
        let found = Date::parse(text.text());
        if found.is_none() {
            self.problems.push(Diagnostic::new(&codes::BAD_DATE, text.span()).arg("text", text.text()));
        }
        found
    }

    /// `from: note 5` must name a note of the table.
    fn clause(&mut self, facts: &RuleFacts, table: Option<usize>) {
        let Some(from) = &facts.from else { return };
        let Some(n) = from.text().strip_prefix("note ").and_then(|n| n.trim().parse::<usize>().ok()) else {
            return;
        };
        let known = table.and_then(|t| self.notes.get(t)).copied().unwrap_or(0);
        if n == 0 || n > known {
            let d = Diagnostic::new(&codes::UNKNOWN_CLAUSE, from.span())
                .arg("clause", from.text())
                .arg("known", known);
            self.problems.push(d);
        }
    }

    /// Explicit class, or the derived one.
    pub fn class(&mut self, facts: &RuleFacts, derived: Class) -> Class {
        match &facts.class {
            None => derived,
            Some(word) => Class::parse(word.text()).unwrap_or_else(|| {
                let known: Vec<&str> = Class::ALL.iter().map(|c| c.as_str()).collect();
                self.bad_word(word.text(), word.span(), &known);
                derived
            }),
        }
    }
}

/// `own` where it says something, `preset` otherwise; id and kind are its own.
pub(super) fn under(own: RuleFacts, preset: &RuleFacts) -> RuleFacts {
    RuleFacts {
        id: own.id,
        severity: own.severity.or_else(|| preset.severity.clone()),
        kind: own.kind,
        message: own.message.or_else(|| preset.message.clone()),
        explain: own.explain.or_else(|| preset.explain.clone()),
        by: own.by.or_else(|| preset.by.clone()),
        blank: own.blank.or_else(|| preset.blank.clone()),
        from: own.from.or_else(|| preset.from.clone()),
        tolerance: own.tolerance.or_else(|| preset.tolerance.clone()),
        since: own.since.or_else(|| preset.since.clone()),
        until: own.until.or_else(|| preset.until.clone()),
        class: own.class.or_else(|| preset.class.clone()),
    }
}
