//! Selectors: `a, b` · `a..b` · `x.*` · `x.**` · `row.column` · `… except b`.

use super::expr::{ExprProblem, Ident, Range};
use crate::diag::codes;

/// A part of a selector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Term {
    /// A dotted path.
    Name(Vec<Ident>),
    /// Its children.
    Children(Vec<Ident>),
    /// All below it.
    Descendants(Vec<Ident>),
    /// From one to another in form order.
    Span(Vec<Ident>, Vec<Ident>),
}

/// A selector.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Selector {
    /// What it takes; empty: everything.
    pub terms: Vec<Term>,
    /// What it leaves out.
    pub except: Vec<Term>,
}

/// The result of parsing.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The selector, unless an error prevents one.
    pub selector: Option<Selector>,
    /// Errors.
    pub problems: Vec<ExprProblem>,
}

/// Parses a selector.
pub fn parse(text: &str) -> Parsed {
    let mut reader = Reader { text, at: 0, wrong: None };
    let selector = reader.selector();
    match reader.wrong {
        None => Parsed { selector: Some(selector), problems: Vec::new() },
        Some(range) => {
            let found = text.get(range.clone()).unwrap_or("").to_owned();
            let words = match found.as_str() {
                "" => ("something is missing at the end".to_owned(), "末尾缺少内容".to_owned()),
                sign => (format!("`{sign}` cannot stand here"), format!("此处不能出现“{sign}”")),
            };
            let args = vec![("detail", words.0), ("detail_zh", words.1)];
            let p =
                ExprProblem { code: &codes::BAD_SELECTOR, range, args, suggestions: Vec::new(), fix: None };
            Parsed { selector: None, problems: vec![p] }
        }
    }
}

struct Reader<'a> {
    text: &'a str,
    at: usize,
    wrong: Option<Range>,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, sign: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(sign);
        if found {
            self.at += sign.len();
        }
        found
    }

    fn word(&mut self, word: &str) -> bool {
        self.space();
        let rest = self.rest();
        let found = rest.strip_prefix(word).is_some_and(|r| r.starts_with(|c: char| c.is_whitespace()));
        if found {
            self.at += word.len();
        }
        found
    }

    fn selector(&mut self) -> Selector {
        let mut s = Selector::default();
        if !self.word("except") {
            s.terms = self.terms();
            if !self.word("except") {
                self.end();
                return s;
            }
        }
        s.except = self.terms();
        self.end();
        s
    }

    fn end(&mut self) {
        self.space();
        if self.at < self.text.len() {
            self.fail();
        }
    }

    fn fail(&mut self) {
        let len = self.rest().chars().next().map_or(0, char::len_utf8);
        self.wrong.get_or_insert(self.at..self.at + len);
    }

    fn terms(&mut self) -> Vec<Term> {
        let mut terms = vec![self.term()];
        while self.eat(",") {
            terms.push(self.term());
        }
        terms
    }

    fn term(&mut self) -> Term {
        let path = self.path();
        if self.eat("..") {
            return Term::Span(path, self.path());
        }
        if self.eat(".**") {
            return Term::Descendants(path);
        }
        if self.eat(".*") {
            return Term::Children(path);
        }
        Term::Name(path)
    }

    fn path(&mut self) -> Vec<Ident> {
        let mut path = vec![self.ident()];
        while self.rest().starts_with('.') && !self.rest().starts_with("..") && !self.rest().starts_with(".*")
        {
            self.at += 1;
            path.push(self.ident());
        }
        path
    }

    fn ident(&mut self) -> Ident {
        self.space();
        let start = self.at;
        if self.rest().starts_with('`') {
            let end = self.rest().get(1..).and_then(|r| r.find('`')).map(|i| start + i + 2);
            let Some(end) = end else {
                self.fail();
                self.at = self.text.len();
                return Ident { text: String::new(), range: start..self.at };
            };
            self.at = end;
            return Ident {
                text: self.text.get(start + 1..end - 1).unwrap_or("").to_owned(),
                range: start..end,
            };
        }
        let stop = |c: char| c.is_whitespace() || matches!(c, ',' | '.' | '`' | '*');
        let len = self.rest().find(stop).unwrap_or(self.rest().len());
        if len == 0 {
            self.fail();
        }
        self.at += len;
        Ident { text: self.text.get(start..self.at).unwrap_or("").to_owned(), range: start..self.at }
    }
}
