//! The expressions of the source, each parsed once however many places use it.

use crate::diag::{Diagnostic, Fix, Problems};
use crate::parse::expr as written;
use crate::parse::shapes::Str;
use crate::source::{SourceMap, Span};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Parses expressions and remembers them by their place, for all tables that are resolved side by side.
pub struct Expressions<'a> {
    sources: &'a SourceMap,
    parsed: Mutex<HashMap<Span, Arc<Parsed>>>,
}

/// A parsed scalar.
struct Parsed {
    text: String,
    expr: Option<Arc<written::Expr>>,
    problems: Vec<Diagnostic>,
}

impl<'a> Expressions<'a> {
    /// Nothing parsed yet.
    pub fn new(sources: &'a SourceMap) -> Self {
        Expressions { sources, parsed: Mutex::default() }
    }

    /// The expression of a scalar. Its problems, at their characters, are reported at each call: who asks first may keep
    /// them to itself.
    pub fn parse(&self, problems: &mut Problems, text: &Str) -> Option<Arc<written::Expr>> {
        let one = self.one(text);
        one.problems.iter().for_each(|d| problems.push(d.clone()));
        one.expr.clone()
    }

    /// Parses the expression of a scalar for whoever asks for it later.
    pub fn read(&self, text: &Str) {
        self.one(text);
    }

    fn one(&self, text: &Str) -> Arc<Parsed> {
        self.known(text).unwrap_or_else(|| {
            let fresh = Arc::new(self.fresh(text));
            self.all().insert(text.span(), Arc::clone(&fresh));
            fresh
        })
    }

    /// What was parsed at its place, unless that was another text.
    fn known(&self, text: &Str) -> Option<Arc<Parsed>> {
        self.all().get(&text.span()).filter(|one| one.text == text.text()).map(Arc::clone)
    }

    fn all(&self) -> MutexGuard<'_, HashMap<Span, Arc<Parsed>>> {
        // Nothing is left half done where the lock is held.
        self.parsed.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn fresh(&self, text: &Str) -> Parsed {
        let parsed = written::parse(text.text());
        let source = self.sources.get(text.span().file).map_or("", |f| f.text.as_str());
        let at = |range| text.0.locate(source, range);
        // A fix replaces what is written; where lines are folded or signs escaped, that is not what is read.
        let is_literal = |range: &written::Range| {
            let span = at(range.clone());
            source.get(span.start as usize..span.end as usize) == text.text().get(range.clone())
        };
        let diagnostic = |p: written::ExprProblem| {
            let mut d = Diagnostic::new(p.code, at(p.range));
            d.args = p.args;
            d.suggestions = p.suggestions;
            let fix = p.fix.filter(|(range, _)| is_literal(range));
            d.fix = fix.map(|(range, replacement)| Fix { span: at(range), replacement });
            d
        };
        Parsed {
            text: text.text().to_owned(),
            expr: parsed.expr.map(Arc::new),
            problems: parsed.problems.into_iter().map(diagnostic).collect(),
        }
    }
}
