//! Fields as they print: width, boxes, the box they stand under, the stamp area.

use super::only;
use super::texts::Texts;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{Cell, CellId, CodeList, Field, Type};
use crate::parse::ast::Facts;
use crate::parse::shapes::Str;

/// Makes printed fields of declared ones.
pub struct FieldPrint<'a, 'l> {
    /// Texts.
    pub texts: &'a Texts<'l>,
    /// The cells made so far.
    pub cells: &'a [Cell],
    /// The code lists.
    pub lists: &'a [CodeList],
    /// Where problems go.
    pub problems: &'a mut Problems,
}

impl FieldPrint<'_, '_> {
    /// A field; `find` looks up the fields beside it, whose names are `known`.
    pub fn field(
        &mut self,
        cell: CellId,
        facts: &Facts,
        find: &dyn Fn(&str) -> Option<CellId>,
        known: &[&str],
    ) -> Field {
        Field {
            cell,
            half: only(facts.width.as_ref(), "half", self.problems),
            boxes: only(facts.layout.as_ref(), "boxes", self.problems),
            under: facts.under.as_ref().and_then(|u| self.under(u, find, known)),
            stamp: facts.stamp.as_ref().map(|s| self.texts.text(Some(s), self.problems)),
        }
    }

    /// `field.code`: the box a field stands under.
    fn under(
        &mut self,
        under: &Str,
        find: &dyn Fn(&str) -> Option<CellId>,
        known: &[&str],
    ) -> Option<(CellId, String)> {
        let (name, code) = FieldPrint::named(under);
        let found = find(name);
        if found.is_none() {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, under.span()).arg("name", name);
            self.problems.push(d.suggest(name, known.iter().copied()));
        }
        if let Some(cell) = found {
            self.has_box(under, cell);
        }
        found.map(|cell| (cell, code.to_owned()))
    }

    /// The field and the code of a box.
    pub fn named(under: &Str) -> (&str, &str) {
        under.text().split_once('.').unwrap_or((under.text(), ""))
    }

    /// Reports a box that a field does not print.
    pub fn has_box(&mut self, under: &Str, cell: CellId) {
        let (name, code) = FieldPrint::named(under);
        if let Some(ty) = self.cells.get(cell.ix()).map(|c| c.ty) {
            self.box_of(under, ty, name, code);
        }
    }

    /// The box must be one that the field prints: a code of its list, `yes` or `no`.
    fn box_of(&mut self, under: &Str, ty: Type, name: &str, code: &str) {
        let known: Vec<&str> = match ty {
            Type::Code(list) | Type::Codes(list) => {
                self.lists.get(list.ix()).iter().flat_map(|l| &l.codes).map(|c| c.code.as_str()).collect()
            }
            Type::YesNo | Type::Tick => vec!["yes", "no"],
            _ => {
                let d = Diagnostic::new(&codes::NO_EFFECT, under.span()).arg("key", "under");
                let d = d.arg("why", "that field has no boxes").arg("why_zh", "所指栏目没有选项框");
                return self.problems.push(d);
            }
        };
        if known.contains(&code) {
            return;
        }
        let boxes: Vec<String> = known.iter().map(|code| format!("{name}.{code}")).collect();
        let d = Diagnostic::new(&codes::BAD_WORD, under.span()).arg("word", under.text());
        let d = d.arg("known", boxes.join(", "));
        self.problems.push(d.suggest(under.text(), boxes.iter().map(String::as_str)));
    }
}
