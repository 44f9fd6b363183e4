//! What the names of a rule's message and its field for an explanation mean at a place.

use super::model::{At, Model, SecIx};
use super::rules::{Rules, Spot};
use super::scope::{Ctx, Sym};
use super::template::{cell_label, label_of};
use crate::diag::{Diagnostic, codes};
use crate::ir::{CellId, Text};
use crate::parse::ast::RuleFacts;
use crate::parse::expr as written;
use crate::source::Span;

impl Rules<'_> {
    pub(super) fn explain(&mut self, spot: &Spot, facts: &RuleFacts) -> Option<CellId> {
        let field = facts.explain.as_ref().filter(|e| !matches!(e.text(), "true" | "false"))?;
        let found = self.cell_named(&spot.ctx, field.text());
        let ty = found.and_then(|c| self.model.cells.get(c.ix())).map(|c| c.ty);
        match ty {
            Some(crate::ir::Type::Text | crate::ir::Type::LongText) => {}
            Some(_) => {
                let d = Diagnostic::new(&codes::NOT_A_TEXT, field.span()).arg("name", field.text());
                self.problems.push(d);
            }
            None if self.resolves(&spot.ctx, field.text()) => {}
            None => {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, field.span()).arg("name", field.text());
                self.problems.push(d.suggest(field.text(), self.model.suggestions(&spot.ctx)));
            }
        }
        found
    }

    /// The cell a dotted name means at a place.
    pub fn cell_named(&self, ctx: &Ctx, name: &str) -> Option<CellId> {
        let mut parts = name.split('.');
        let first = parts.next()?;
        let mut sym = match ctx.binds.iter().find(|b| b.0 == first) {
            Some((_, target)) => self.symbol(ctx, target)?,
            None => self.model.lookup(ctx, first).ok().flatten()?,
        };
        for part in parts {
            sym = self.model.member(ctx, &sym, part)?;
        }
        self.cell_of(ctx, &sym)
    }

    /// Whether a dotted name means anything, if only a —— cell here.
    fn resolves(&self, ctx: &Ctx, name: &str) -> bool {
        let mut parts = name.split('.');
        let first = parts.next().and_then(|first| self.model.lookup(ctx, first).ok().flatten());
        parts.fold(first, |sym, part| self.model.member(ctx, &sym?, part)).is_some()
    }

    fn symbol(&self, ctx: &Ctx, e: &written::Expr) -> Option<Sym> {
        match &e.kind {
            written::Kind::Name(n) => self.model.lookup(ctx, n).ok().flatten(),
            written::Kind::Path(of, n) => {
                let of = self.symbol(ctx, of)?;
                self.model.member(ctx, &of, &n.text)
            }
            _ => None,
        }
    }

    fn cell_of(&self, ctx: &Ctx, sym: &Sym) -> Option<CellId> {
        let at = match sym {
            Sym::At(at, _) => at.clone(),
            Sym::Columns(sec, columns) => {
                let row = ctx.row.filter(|r| r.sec == *sec)?;
                let column = self.model.pick(ctx, *sec, columns)?;
                self.model.sec(*sec)?.rows.get(row.row)?.cells.get(column)?.clone()
            }
            Sym::Fields(sec, set) => At::Cell(self.model.field_here(ctx, *sec, *set)?),
            Sym::Row(sec, row) => {
                let (_, column) = ctx.column.filter(|c| c.0 == *sec)?;
                self.model.sec(*sec)?.rows.get(*row)?.cells.get(column)?.clone()
            }
            _ => return None,
        };
        match at {
            At::Cell(c) => Some(c),
            _ => None,
        }
    }

    pub(super) fn bindings(
        &mut self,
        spot: &Spot,
        names: &[(String, Span)],
    ) -> Vec<(String, Option<CellId>, Text)> {
        let mut out = Vec::new();
        for (name, span) in names {
            let mut parts = name.split('.');
            let first = parts.next().unwrap_or(name);
            let bound = spot.ctx.binds.iter().find(|b| b.0 == first);
            let sym = match bound {
                Some((_, target)) => self.symbol(&spot.ctx, target),
                None => self.model.lookup(&spot.ctx, first).ok().flatten(),
            };
            let sym = parts.try_fold(sym, |s, p| s.map(|s| self.model.member(&spot.ctx, &s, p))).flatten();
            let Some(sym) = sym else {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, *span).arg("name", name);
                let whole = name.rsplit_once('.').filter(|(of, _)| self.resolves(&spot.ctx, of));
                let label = whole.map(|(of, _)| format!("{of}.label"));
                let known = self.model.suggestions(&spot.ctx);
                self.problems.push(match label {
                    Some(label) => Diagnostic { suggestions: vec![label], ..d },
                    None => {
                        d.suggest(name, known.into_iter().chain(["left", "right", "diff", "row.label", "n"]))
                    }
                });
                continue;
            };
            let label = match (&sym, bound) {
                (Sym::At(At::Cell(c), Some(_)), Some(_)) => {
                    self.model.cells.get(c.ix()).map(|c| bound_label(self.model, c)).unwrap_or_default()
                }
                _ => label_of(self.model, &sym),
            };
            out.push((name.clone(), self.cell_of(&spot.ctx, &sym), label));
        }
        out
    }
}

/// The label of a bound cell: of a total, its column; of a fixed row, the row.
fn bound_label(model: &Model, cell: &crate::ir::Cell) -> Text {
    let total = model
        .sections
        .iter()
        .filter(|s| s.table == cell.table)
        .flat_map(|s| &s.rows)
        .any(|r| r.total && Some(&r.id) == cell.row.as_ref());
    if total { cell.spoken.clone() } else { cell_label(model, cell) }
}

/// The row (none: a group) of a quantifier that a path begins with, and its scope.
pub fn bound_row(ctx: &Ctx, e: &written::Expr) -> Option<(Option<(SecIx, usize)>, u8)> {
    match &e.kind {
        written::Kind::Path(of, _) => bound_row(ctx, of),
        written::Kind::Name(name) => {
            let row = ctx.rows.iter().rev().find(|r| r.0 == *name);
            let group = || ctx.groups.iter().rev().find(|g| g.0 == *name).map(|g| (None, g.1.scope));
            row.map(|r| (Some((r.1.sec, r.1.row)), r.1.scope)).or_else(group)
        }
        _ => None,
    }
}
