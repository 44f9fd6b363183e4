//! Aggregates: their arguments are places, groups, sections and lists, flattened.

use super::expr::{Meaning, Resolver, Stop};
use super::infer;
use super::model::{At, SecIx};
use super::runs::nest;
use super::scope::{Ctx, Sym};
use crate::diag::codes;
use crate::ir::CellId;
use crate::ir::expr::{Dim, Expr, Kind, Part, Ty};
use crate::ir::func::typing;
use crate::parse::expr as ast;
use std::ops::Range;

impl Resolver<'_> {
    /// Arguments of an aggregate: places and lists, flattened.
    pub(super) fn flattened(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
        let rounded = std::mem::take(&mut self.rounding);
        if name == "mean" && !rounded {
            return Err(self.rewritten(&codes::BARE_MEAN, &e.range, format!("round half up({e}, 2)")));
        }
        let mut parts = Vec::new();
        let mut wrong = false;
        for arg in args {
            wrong |= self.parts_of(ctx, arg, &mut parts).is_err();
        }
        if wrong {
            return Err(Stop::Wrong);
        }
        if args.is_empty() {
            return self.typed(name, Vec::new(), &e.range);
        }
        if parts.is_empty() {
            return Err(Stop::NotApplicable);
        }
        if matches!(name, "sum" | "min" | "max" | "mean") {
            self.one_unit(&parts, &e.range)?;
        }
        if matches!(name, "sum" | "count" | "mean") {
            self.once(name, &parts, &e.range)?;
        }
        let single = args.len() == 1 && parts.len() == 1 && parts.iter().all(|p| p.each.is_none());
        if single
            && matches!(name, "sum" | "min" | "max" | "mean")
            && args.iter().all(|a| self.is_one_place(ctx, a))
            && !matches!(parts.first().map(|p| &p.item.ty), Some(Ty::List(_)))
        {
            return Err(self.report(&codes::SUM_OF_ONE, &e.range, &[("function", name.to_owned())]));
        }
        if matches!(name, "sum" | "min" | "max" | "mean" | "unique" | "distinct values") {
            self.one_type(name, &parts)?;
        }
        let ty = self.common_type(&parts);
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() };
        self.typed(name, vec![list], &e.range)
    }

    /// Whether a name or path means one cell at the place at hand, rather than a list that happens to have one.
    fn is_one_place(&mut self, ctx: &Ctx, e: &ast::Expr) -> bool {
        matches!(self.symbol_quietly(ctx, e), Some(Sym::Columns(..) | Sym::Row(..) | Sym::At(..)))
    }

    /// What is compared is of one type.
    pub(super) fn one_type(&mut self, name: &str, parts: &[Part]) -> Result<(), Stop> {
        let mut first: Option<&Ty> = None;
        for (position, part) in parts.iter().enumerate() {
            let ty = typing::item(&part.item.ty);
            match first {
                None => first = Some(ty).filter(|ty| **ty != Ty::Null),
                Some(before)
                    if infer::unify(before, ty) == Ty::Any && Ty::Any != *before && *ty != Ty::Any =>
                {
                    let (expected, found) = (vec![before.clone()], ty.clone());
                    let mismatch =
                        infer::Mismatch::Operand { name: name.to_owned(), position, expected, found };
                    return Err(self.mismatch(&mismatch, &part.item.range.clone(), &[]));
                }
                Some(_) => {}
            }
        }
        Ok(())
    }

    /// What is added or compared has one unit.
    pub(super) fn one_unit(&mut self, parts: &[Part], range: &Range<usize>) -> Result<(), Stop> {
        let mut first: Option<(Dim, Range<usize>)> = None;
        for part in parts {
            let Ty::Num { dim, .. } = crate::ir::func::typing::item(&part.item.ty) else { continue };
            if *dim == Dim::Literal {
                continue;
            }
            let Some((known, at)) = &first else {
                first = Some((dim.clone(), part.item.range.clone()));
                continue;
            };
            if let Err(mismatch) = self.typing().agree(known, dim, 1) {
                let sides = [at.clone(), part.item.range.clone()];
                return Err(self.mismatch(&mismatch, range, &sides));
            }
        }
        Ok(())
    }

    pub(super) fn common_type(&self, parts: &[Part]) -> Ty {
        let mut found: Option<Ty> = None;
        for part in parts {
            let ty = match &part.item.ty {
                Ty::List(of) => (**of).clone(),
                other => other.clone(),
            };
            found = Some(match (found, ty) {
                (None, ty) => ty,
                (Some(Ty::Num { scale: a, dim, digits: d }), Ty::Num { scale: b, dim: other, digits: f }) => {
                    let dim = if dim == Dim::Literal { other } else { dim };
                    Ty::Num { scale: a.max(b), dim, digits: d.max(f) }
                }
                (Some(before), ty) if before == ty => before,
                _ => Ty::Any,
            });
        }
        found.unwrap_or(Ty::Any)
    }

    /// The parts that an argument of an aggregate stands for.
    pub fn parts_of(&mut self, ctx: &Ctx, arg: &ast::Expr, parts: &mut Vec<Part>) -> Result<(), Stop> {
        if let Some(cells) = self.group_cells(ctx, arg) {
            parts.extend(cells);
            return Ok(());
        }
        match self.expr(ctx, arg) {
            Ok(Expr { kind: Kind::List(inner), .. }) => parts.extend(inner),
            Ok(one) => parts.push(Part { each: None, filter: None, item: one }),
            Err(Stop::NotApplicable) => self.lost.push(arg.to_string()),
            Err(Stop::Wrong) => return Err(Stop::Wrong),
        }
        Ok(())
    }

    /// A column group, spread column, section, table or row as all its cells; `None` for anything else.
    fn group_cells(&mut self, ctx: &Ctx, arg: &ast::Expr) -> Option<Vec<Part>> {
        let sym = self.symbol_quietly(ctx, arg)?;
        match sym {
            Sym::Group(sec, id) => {
                let group = self.model.sec(sec)?.group(&id)?.clone();
                let own = group.own.into_iter();
                Some(self.row_parts(ctx, sec, &own.chain(group.columns).collect::<Vec<_>>(), &arg.range))
            }
            Sym::Fields(sec, set) => {
                let set = self.model.sec(sec)?.field_sets.get(set).filter(|s| !s.spread)?.clone();
                let scope = |c: CellId| self.scope_of(ctx, &At::Cell(c), arg);
                Some(set.cells.into_iter().map(|c| self.part(c, scope(c), &arg.range)).collect())
            }
            Sym::Section(sec) => Some(self.section_parts(ctx, sec, &arg.range)),
            Sym::Table(table) => {
                let sections = self.model.tables.get(table)?.sections.clone();
                Some(sections.into_iter().flat_map(|s| self.section_parts(ctx, s, &arg.range)).collect())
            }
            _ => None,
        }
    }

    pub(super) fn row_parts(
        &mut self,
        ctx: &Ctx,
        sec: SecIx,
        columns: &[usize],
        range: &Range<usize>,
    ) -> Vec<Part> {
        let Some(row) = ctx.row.filter(|r| r.sec == sec) else { return Vec::new() };
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let Some(r) = s.rows.get(row.row) else { return Vec::new() };
        let gone = columns.iter().filter(|c| matches!(r.cells.get(**c), Some(At::NotApplicable(_))));
        self.lost.extend(gone.filter_map(|c| Some(s.columns.get(*c)?.id.clone())));
        let cells: Vec<CellId> = columns.iter().filter_map(|c| cell_at(r.cells.get(*c)?)).collect();
        cells.into_iter().map(|c| self.part(c, row.scope, range)).collect()
    }

    pub(super) fn part(&self, cell: CellId, scope: u8, range: &Range<usize>) -> Part {
        Part { each: None, filter: None, item: self.cell(cell, scope, range) }
    }

    /// All answer cells of a section: its fields, fixed rows, and every row of its blocks.
    fn section_parts(&mut self, ctx: &Ctx, sec: SecIx, range: &Range<usize>) -> Vec<Part> {
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let cells: Vec<CellId> = s.all_cells().into_iter().filter(|c| self.is_answer(*c)).collect();
        cells.into_iter().map(|c| self.spread_out(ctx, c, range)).collect()
    }

    pub(super) fn is_answer(&self, cell: CellId) -> bool {
        self.model.cells.get(cell.ix()).is_some_and(|c| matches!(c.source, crate::ir::Source::Answer))
    }

    /// A cell in every row of the blocks around it.
    pub(super) fn spread_out(&mut self, ctx: &Ctx, cell: CellId, range: &Range<usize>) -> Part {
        let home = self.model.cells.get(cell.ix()).and_then(|c| c.home.block);
        let chain = self.model.chain(home);
        let depth = u8::try_from(chain.len()).unwrap_or(u8::MAX);
        let mut part = self.part(cell, if depth == 0 { 0 } else { ctx.depth + depth }, range);
        for (i, block) in chain.into_iter().enumerate() {
            let scope = ctx.depth + depth - u8::try_from(i).unwrap_or(0);
            part = nest(part, block, scope, range, i == 0);
        }
        part
    }
}

pub(super) fn cell_at(at: &At) -> Option<CellId> {
    match at {
        At::Cell(c) => Some(*c),
        _ => None,
    }
}
