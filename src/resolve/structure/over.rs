//! Rows over a code list: a row for each code, a tree where the list is a hierarchy.

use super::{Spot, Work};
use crate::diag::{Diagnostic, codes};
use crate::ir::table::Row;
use crate::ir::{CodeItem, CodeList, Text};
use crate::parse::ast;
use crate::parse::shapes::{self, Named, NamedList, Str};
use crate::resolve::model::BranchModel;
use crate::source::Span;

impl Work<'_, '_> {
    /// The rows of `over`: under a row of its own if that has a label, otherwise in its place.
    pub(super) fn rows_over(&mut self, r: &Named<ast::Row>, over: &Str, spot: &Spot) -> Vec<Row> {
        let Some(list) = self.b.model.lists.iter().find(|l| l.id == over.text()).cloned() else {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, over.span()).arg("name", over.text());
            let known = self.b.model.lists.iter().map(|l| l.id.as_str());
            self.b.problems.push(d.suggest(over.text(), known));
            return Vec::new();
        };
        let expand = Expand { list: &list, row: r, languages: self.b.texts.languages };
        let top = NamedList(expand.under(None, 0));
        if r.node.label.is_some() {
            let facts = ast::Facts { parts: None, ..r.node.facts.clone() };
            let node =
                ast::Row { over: None, rows: Some(top), values: None, na: None, facts, ..r.node.clone() };
            return self.rows(&NamedList(vec![Named { node, id: r.id.clone(), span: r.span }]), spot);
        }
        let children: Vec<String> = top.0.iter().map(|c| c.id.text().to_owned()).collect();
        let start = self.s.rows.len();
        let rows = self.rows(&top, spot);
        self.s.branches.push(BranchModel {
            id: r.id.text().into(),
            label: Text::default(),
            rows: (start..self.s.rows.len()).collect(),
            children,
            fields: Vec::new(),
        });
        rows
    }
}

/// Trees deeper than this are cut off; hierarchies that deep are reported with the list.
const DEEPEST: usize = 16;

struct Expand<'e> {
    list: &'e CodeList,
    row: &'e Named<ast::Row>,
    languages: &'e [String],
}

impl Expand<'_> {
    /// The rows of the codes under one, as if each were written. Retired codes have none.
    fn under(&self, above: Option<&str>, depth: usize) -> Vec<Named<ast::Row>> {
        if depth >= DEEPEST {
            return Vec::new();
        }
        let codes = self.list.codes.iter().filter(|c| c.under.as_deref() == above && !c.retired);
        codes.map(|c| self.one(c, depth)).collect()
    }

    fn one(&self, code: &CodeItem, depth: usize) -> Named<ast::Row> {
        let below = self.under(Some(&code.code), depth + 1);
        let own = &self.row.node;
        let mut node = ast::Row {
            over: None,
            label: Some(self.label(&code.label, self.row.id.span())),
            number: own.number.clone(),
            ..own.clone()
        };
        if below.is_empty() {
            node.facts.parts = None;
            node.total = None;
        } else {
            node.rows = Some(NamedList(below));
        }
        let id = super::plain_str(&code.code, self.row.id.span());
        Named { id, node, span: self.row.span }
    }

    /// A code's label as if it were written in every language.
    fn label(&self, text: &Text, span: Span) -> shapes::Text {
        let one = |(l, language): (usize, &String)| {
            (Some(super::plain_str(language, span)), super::plain_str(text.get(l), span))
        };
        shapes::Text { entries: self.languages.iter().enumerate().map(one).collect(), span }
    }
}
