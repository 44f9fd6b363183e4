//! Lists of rows and columns: `rows.x`, `rows[cond].x`, `block.x`, `columns.r`, and what runs through rows.

use super::aggregates::cell_at;
use super::expr::{Meaning, Resolver, Stop, constant};
use super::model::SecIx;
use super::scope::{Ctx, GroupAt, GroupRow, RowAt, Sym};
use crate::diag::codes;
use crate::ir::expr::{Expr, Kind, Part, Ty};
use crate::ir::{BlockId, CellId};
use crate::parse::expr as ast;
use formwright_engine::Value;
use std::ops::Range;

/// What a list or quantifier runs through.
#[derive(Debug, Clone, Copy)]
pub(super) enum Item {
    /// Rows with cells.
    Row(RowAt),
    /// Groups of rows.
    Group(GroupRow),
}

/// What is made of each item.
pub(super) type Each<'f, S> = &'f mut dyn FnMut(&mut S, &Ctx, Item) -> Meaning;

impl Resolver<'_> {
    pub(super) fn counts_rows(&mut self, ctx: &Ctx, e: &ast::Expr) -> bool {
        let of = if let ast::Kind::Filter(of, _) = &e.kind { of } else { e };
        matches!(self.symbol_quietly(ctx, of), Some(Sym::Rows(_) | Sym::Block(..)))
    }

    pub(super) fn count_rows(&mut self, ctx: &Ctx, e: &ast::Expr, rows: &ast::Expr) -> Meaning {
        let (of, filter) = match &rows.kind {
            ast::Kind::Filter(of, cond) => (&**of, Some(&**cond)),
            _ => (rows, None),
        };
        let parts =
            self.row_items(ctx, of, filter, &mut |_, _, _| Ok(constant(Value::Bool(true), Ty::Bool, 0..0)))?;
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(Ty::Bool)), range: e.range.clone() };
        self.typed("count", vec![list], &e.range)
    }

    /// `rows.x`, `rows[cond].x`, `block.x`, `columns.r`.
    pub fn list(&mut self, ctx: &Ctx, e: &ast::Expr) -> Meaning {
        let (of, filter, member) = match &e.kind {
            ast::Kind::Path(of, member) => match &of.kind {
                ast::Kind::Filter(rows, cond) => (&**rows, Some(&**cond), member),
                _ => (&**of, None, member),
            },
            _ => return Err(self.report(&codes::LIST_NEEDS_COLUMN, &e.range, &[])),
        };
        if let Some(Sym::ColumnsOf(sec)) = self.symbol_quietly(ctx, of) {
            return self.columns_list(ctx, sec, member, e);
        }
        let name = member.clone();
        let parts = self
            .row_items(ctx, of, filter, &mut |this, inner, item| this.item_member(inner, item, &name, of))?;
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }

    fn row_item(&mut self, ctx: &Ctx, row: RowAt, member: &ast::Ident) -> Meaning {
        let at = ast::Expr { kind: ast::Kind::Name(member.text.clone()), range: member.range.clone() };
        let inner = Ctx { section: Some(row.sec), row: Some(row), ..super::expr::without_binds(ctx) };
        let found = self.expr(&inner, &at);
        if found == Err(Stop::NotApplicable)
            && let Some(there) = self.model.sec(row.sec).and_then(|s| s.rows.get(row.row))
        {
            self.lost.push(format!("{}.{}", there.id, member.text));
        }
        found
    }

    /// The field of a group or the column of a row; of groups, the columns of all their rows.
    fn item_member(&mut self, ctx: &Ctx, item: Item, member: &ast::Ident, of: &ast::Expr) -> Meaning {
        let group = match item {
            Item::Row(row) => return self.row_item(ctx, row, member),
            Item::Group(group) => group,
        };
        if let Some(cell) = self.model.field_of_groups(group.sec, group.block, &member.text) {
            return Ok(self.cell(cell, group.scope, &of.range));
        }
        let rows = self.rows_of_group(group);
        let each = &mut |this: &mut Self, inner: &Ctx, item: Item| this.item_member(inner, item, member, of);
        let parts = self.parts_of_rows(&Ctx { row: None, ..ctx.clone() }, rows, None, each)?;
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: of.range.clone() })
    }

    /// The rows that stand in the groups of a block.
    fn rows_of_group(&self, group: GroupRow) -> Vec<(SecIx, usize)> {
        let Some(s) = self.model.sec(group.sec) else { return Vec::new() };
        let inside = |r: &super::model::RowModel| {
            !r.total && !r.calculated && self.model.chain(r.home).contains(&group.block)
        };
        s.rows.iter().enumerate().filter(|(_, r)| inside(r)).map(|(i, _)| (group.sec, i)).collect()
    }

    fn columns_list(&mut self, _ctx: &Ctx, sec: SecIx, member: &ast::Ident, e: &ast::Expr) -> Meaning {
        let row = self.model.sec(sec).and_then(|s| s.row(&member.text));
        let Some(row) = row else {
            return Err(self.report(&codes::UNKNOWN_NAME, &member.range, &[("name", member.text.clone())]));
        };
        let cells: Vec<CellId> = self
            .model
            .sec(sec)
            .and_then(|s| s.rows.get(row))
            .map(|r| r.cells.iter().filter_map(cell_at).collect())
            .unwrap_or_default();
        let parts: Vec<Part> = cells.into_iter().map(|c| self.part(c, 0, &e.range)).collect();
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }

    /// One part for each kind of data row that `of` means, with what `item` gives for it; totals are left out.
    pub(super) fn row_items(
        &mut self,
        ctx: &Ctx,
        of: &ast::Expr,
        filter: Option<&ast::Expr>,
        item: Each<'_, Self>,
    ) -> Result<Vec<Part>, Stop> {
        let sym = self.symbol(ctx, of)?;
        if let Some((sec, block)) = self.groups_of(&sym) {
            return Ok(vec![self.group_part(ctx, sec, block, filter, item)?]);
        }
        let rows = self.rows_of(&sym);
        if rows.is_empty() {
            return Err(self.report(&codes::NOT_ROWS, &of.range, &[]));
        }
        self.parts_of_rows(ctx, rows, filter, item)
    }

    fn parts_of_rows(
        &mut self,
        ctx: &Ctx,
        rows: Vec<(SecIx, usize)>,
        filter: Option<&ast::Expr>,
        item: Each<'_, Self>,
    ) -> Result<Vec<Part>, Stop> {
        let mut parts = Vec::new();
        for (sec, row) in rows {
            match self.row_part(ctx, sec, row, filter, item) {
                Ok(part) => parts.push(part),
                Err(Stop::NotApplicable) => {}
                Err(Stop::Wrong) => return Err(Stop::Wrong),
            }
        }
        Ok(parts)
    }

    fn rows_of(&self, sym: &Sym) -> Vec<(SecIx, usize)> {
        let (sec, block) = match sym {
            Sym::Rows(sec) => (*sec, None),
            Sym::Block(sec, id) => (*sec, Some(id.as_str())),
            _ => return Vec::new(),
        };
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let wanted = |r: &super::model::RowModel| match block {
            None => !r.total && !r.calculated,
            Some(id) => {
                let named = id.split_once('.').map_or(id, |x| x.1);
                let fixed = id.split_once('.').map(|x| x.0);
                r.repeats
                    && (r.id == named
                        || s.block(named).is_some_and(|b| self.model.chain(r.home).contains(&b.block)))
                    && (fixed.is_none() || r.fixed_group.as_deref() == fixed)
            }
        };
        s.rows.iter().enumerate().filter(|(_, r)| wanted(r)).map(|(i, _)| (sec, i)).collect()
    }

    /// The block of groups that a name means, if it means one.
    fn groups_of(&self, sym: &Sym) -> Option<(SecIx, BlockId)> {
        let Sym::Block(sec, id) = sym else { return None };
        let s = self.model.sec(*sec)?;
        let block = s.block(id)?.block;
        let has_rows = s.rows.iter().any(|r| r.repeats && r.home == Some(block));
        (!has_rows).then_some((*sec, block))
    }

    /// Blocks from `block` outwards that are still to be run through, and the scope of their innermost rows.
    fn to_run(&self, ctx: &Ctx, block: Option<BlockId>) -> (Vec<BlockId>, u8) {
        let around = self.around(ctx);
        let chain: Vec<BlockId> =
            self.model.chain(block).into_iter().filter(|b| !around.contains(b)).collect();
        let depth = ctx.depth + u8::try_from(chain.len()).unwrap_or(u8::MAX);
        (chain, depth)
    }

    fn group_part(
        &mut self,
        ctx: &Ctx,
        sec: SecIx,
        block: BlockId,
        filter: Option<&ast::Expr>,
        item: Each<'_, Self>,
    ) -> Result<Part, Stop> {
        let outside = Ctx { group: None, group_scope: 0, ..ctx.clone() };
        let (chain, depth) = self.to_run(&outside, Some(block));
        let group = Some((sec, GroupAt::Repeated(block)));
        let inner = Ctx { depth, group, group_scope: depth, ..outside };
        let in_group = Ctx { section: Some(sec), row: None, ..super::expr::without_binds(&inner) };
        let filter = filter.map(|f| self.condition(&in_group, f)).transpose()?;
        let item = item(self, &inner, Item::Group(GroupRow { sec, block, scope: depth }))?;
        Ok(nest_all(Part { each: None, filter, item }, chain, depth))
    }

    fn row_part(
        &mut self,
        ctx: &Ctx,
        sec: SecIx,
        row: usize,
        filter: Option<&ast::Expr>,
        item: Each<'_, Self>,
    ) -> Result<Part, Stop> {
        let home = self.model.sec(sec).and_then(|s| s.rows.get(row)).and_then(|r| r.home);
        let (chain, depth) = self.to_run(ctx, home);
        let scope = if chain.is_empty() { 0 } else { depth };
        let at = RowAt { sec, row, scope };
        let group = self.model.chain(home).get(1).map(|b| (sec, GroupAt::Repeated(*b)));
        let group_scope = match (&group, chain.len()) {
            (None, _) | (Some(_), 0 | 1) => ctx.group_scope,
            (Some(_), _) => depth.saturating_sub(1),
        };
        let inner = Ctx { depth, group: group.or_else(|| ctx.group.clone()), group_scope, ..ctx.clone() };
        let in_row = Ctx { section: Some(sec), row: Some(at), ..super::expr::without_binds(&inner) };
        let filter = filter.map(|f| self.condition(&in_row, f)).transpose()?;
        let part = Part { each: None, filter, item: item(self, &inner, Item::Row(at))? };
        Ok(nest_all(part, chain, depth))
    }

    /// Group blocks whose row is at hand: their inner rows are those of that group. (The block of the row at hand itself
    /// is not: `rows` there means all rows.)
    fn around(&self, ctx: &Ctx) -> Vec<BlockId> {
        match (&ctx.group, ctx.row) {
            (Some((_, GroupAt::Repeated(b))), None) => vec![*b],
            _ => Vec::new(),
        }
    }
}

/// Puts a part into iterations over blocks, innermost first; the rows of the innermost have the scope `depth`.
fn nest_all(part: Part, chain: Vec<BlockId>, depth: u8) -> Part {
    let range = part.item.range.clone();
    chain.into_iter().enumerate().fold(part, |part, (i, block)| {
        nest(part, block, depth - u8::try_from(i).unwrap_or(0), &range, i == 0)
    })
}

/// Puts a part into an iteration over a block.
pub(super) fn nest(part: Part, block: BlockId, scope: u8, range: &Range<usize>, innermost: bool) -> Part {
    if innermost {
        return Part { each: Some((block, scope)), ..part };
    }
    let ty = match &part.item.ty {
        Ty::List(of) => Ty::List(of.clone()),
        other => Ty::List(Box::new(other.clone())),
    };
    let item = Expr { kind: Kind::List(vec![part]), ty, range: range.clone() };
    Part { each: Some((block, scope)), filter: None, item }
}
