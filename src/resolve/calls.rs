//! Functions whose arguments are places, lists and quantifiers.

use super::expr::{Meaning, Resolver, Stop, constant};
use super::model::{At, SecIx};
use super::scope::{Ctx, GroupAt, GroupRow, RowAt, Sym};
use crate::diag::codes;
use crate::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use crate::ir::{BlockId, CellId};
use crate::parse::expr as ast;
use formwright_engine::Value;
use std::ops::Range;

/// Functions whose arguments may be groups, sections and lists: all their cells.
const FLATTENING: &[&str] =
    &["filled", "blank", "sum", "count", "min", "max", "mean", "unique", "distinct values", "tally"];

/// What a list or quantifier runs through.
#[derive(Debug, Clone, Copy)]
enum Item {
    /// Rows with cells.
    Row(RowAt),
    /// Groups of rows.
    Group(GroupRow),
}

/// What is made of each item.
type Each<'f, S> = &'f mut dyn FnMut(&mut S, &Ctx, Item) -> Meaning;

impl Resolver<'_> {
    /// A function call.
    pub fn call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &ast::Ident, args: &[ast::Expr]) -> Meaning {
        match (name.text.as_str(), args) {
            ("same_row", [path]) => self.same_row(ctx, e, path),
            ("prev", [x]) => self.previous(ctx, e, x, None),
            ("prev", [x, which]) => self.previous(ctx, e, x, Some(which)),
            ("items", [selector]) => self.items(ctx, e, selector),
            ("convert", [x, unit]) => self.convert(ctx, e, x, unit),
            ("label", [x]) => self.label(ctx, e, x),
            ("matches", _) => self.matches(ctx, e, args),
            ("percent", [_, whole, _]) if self.wary => {
                self.beware_of_zero(whole);
                self.plain_call(ctx, e, "percent", args)
            }
            ("count", [rows]) if self.counts_rows(ctx, rows) => self.count_rows(ctx, e, rows),
            (rounding, [x, places]) if rounding.starts_with("round") => {
                self.rounded(ctx, e, rounding, x, places)
            }
            (f, _) if FLATTENING.contains(&f) && f != "tally" => self.flattened(ctx, e, f, args),
            (f, _) => self.plain_call(ctx, e, f, args),
        }
    }

    fn plain_call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
        let found = self.all(ctx, args)?;
        self.typed(name, found, &e.range)
    }

    /// `round half up(a / b, n)`: one exact division.
    fn rounded(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        name: &str,
        x: &ast::Expr,
        places: &ast::Expr,
    ) -> Meaning {
        let places = self.expr(ctx, places)?;
        let mut inner = x;
        while let ast::Kind::Paren(next) = &inner.kind {
            inner = next;
        }
        if let ast::Kind::Binary(ast::BinOp::Div, _, a, b) = &inner.kind {
            let (over, under) = self.pair(ctx, a, b)?;
            if !matches!(under.kind, Kind::Const(_)) {
                self.beware_of_zero(b);
            }
            return self.typed(&format!("{name} /"), vec![over, under, places], &e.range);
        }
        let outer = std::mem::replace(&mut self.rounding, true);
        let x = self.expr(ctx, x);
        self.rounding = outer;
        self.typed(name, vec![x?, places], &e.range)
    }

    /// Arguments of an aggregate: places and lists, flattened.
    fn flattened(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
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
            && !matches!(parts.first().map(|p| &p.item.ty), Some(Ty::List(_)))
        {
            return Err(self.report(&codes::SUM_OF_ONE, &e.range, &[("function", name.to_owned())]));
        }
        let ty = self.common_type(&parts);
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() };
        self.typed(name, vec![list], &e.range)
    }

    /// What is added or compared has one unit.
    fn one_unit(&mut self, parts: &[Part], range: &Range<usize>) -> Result<(), Stop> {
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
            if let Err(mismatch) = self.typing().agree(known, dim) {
                let sides = [at.clone(), part.item.range.clone()];
                return Err(self.mismatch(&mismatch, range, &sides));
            }
        }
        Ok(())
    }

    fn common_type(&self, parts: &[Part]) -> Ty {
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
            Err(Stop::NotApplicable) => {}
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
            Sym::Section(sec) => Some(self.section_parts(ctx, sec, &arg.range)),
            Sym::Table(table) => {
                let sections = self.model.tables.get(table)?.sections.clone();
                Some(sections.into_iter().flat_map(|s| self.section_parts(ctx, s, &arg.range)).collect())
            }
            _ => None,
        }
    }

    fn symbol_quietly(&mut self, ctx: &Ctx, e: &ast::Expr) -> Option<Sym> {
        match &e.kind {
            ast::Kind::Name(name) => match ctx.binds.iter().find(|b| b.0 == *name) {
                Some((_, target)) => self.symbol_quietly(&super::expr::without_binds(ctx), target),
                None => self.model.lookup(ctx, name).ok().flatten(),
            },
            ast::Kind::Path(of, name) => {
                let of = self.symbol_quietly(ctx, of)?;
                self.model.member(ctx, &of, &name.text)
            }
            ast::Kind::Paren(inner) => self.symbol_quietly(ctx, inner),
            _ => None,
        }
    }

    fn row_parts(&mut self, ctx: &Ctx, sec: SecIx, columns: &[usize], range: &Range<usize>) -> Vec<Part> {
        let Some(row) = ctx.row.filter(|r| r.sec == sec) else { return Vec::new() };
        let Some(r) = self.model.sec(sec).and_then(|s| s.rows.get(row.row)) else { return Vec::new() };
        let cells: Vec<CellId> = columns.iter().filter_map(|c| cell_at(r.cells.get(*c)?)).collect();
        cells.into_iter().map(|c| self.part(c, row.scope, range)).collect()
    }

    fn part(&self, cell: CellId, scope: u8, range: &Range<usize>) -> Part {
        Part { each: None, filter: None, item: self.cell(cell, scope, range) }
    }

    /// All answer cells of a section: its fields, fixed rows, and every row of its blocks.
    fn section_parts(&mut self, ctx: &Ctx, sec: SecIx, range: &Range<usize>) -> Vec<Part> {
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let cells: Vec<CellId> = s.all_cells().into_iter().filter(|c| self.is_answer(*c)).collect();
        cells.into_iter().map(|c| self.spread_out(ctx, c, range)).collect()
    }

    fn is_answer(&self, cell: CellId) -> bool {
        self.model.cells.get(cell.ix()).is_some_and(|c| matches!(c.source, crate::ir::Source::Answer))
    }

    /// A cell in every row of the blocks around it.
    fn spread_out(&mut self, ctx: &Ctx, cell: CellId, range: &Range<usize>) -> Part {
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

    fn counts_rows(&mut self, ctx: &Ctx, e: &ast::Expr) -> bool {
        let of = if let ast::Kind::Filter(of, _) = &e.kind { of } else { e };
        matches!(self.symbol_quietly(ctx, of), Some(Sym::Rows(_) | Sym::Block(..)))
    }

    fn count_rows(&mut self, ctx: &Ctx, e: &ast::Expr, rows: &ast::Expr) -> Meaning {
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
        self.expr(&inner, &at)
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
    fn row_items(
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

    /// `every r in rows satisfies …`
    pub fn quantified(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        every: bool,
        binders: &[(ast::Ident, ast::Expr)],
        body: &ast::Expr,
    ) -> Meaning {
        let [(name, of), rest @ ..] = binders else { return Err(Stop::Wrong) };
        self.unhidden(ctx, name)?;
        let (of_rows, filter) = match &of.kind {
            ast::Kind::Filter(rows, cond) => (&**rows, Some(&**cond)),
            _ => (of, None),
        };
        if !matches!(self.symbol_quietly(ctx, of_rows), Some(Sym::Rows(_) | Sym::Block(..))) {
            return self.quantified_values(ctx, e, every, binders, body);
        }
        let name = name.text.clone();
        let mut item = |this: &mut Self, inner: &Ctx, item: Item| {
            let mut inner = inner.clone();
            match item {
                Item::Row(row) => inner.rows.push((name.clone(), row)),
                Item::Group(group) => inner.groups.push((name.clone(), group)),
            }
            if ctx.group.is_some() {
                inner.group.clone_from(&ctx.group);
                inner.group_scope = ctx.group_scope;
            }
            if rest.is_empty() {
                this.condition(&inner, body)
            } else {
                this.quantified(&inner, e, every, rest, body)
            }
        };
        let parts = self.row_items(ctx, of_rows, filter, &mut item)?;
        Ok(Expr { kind: Kind::Quant { every, parts }, ty: Ty::Bool, range: e.range.clone() })
    }

    /// A quantifier over a list of values: a body for each item, or for all items of a block's rows.
    fn quantified_values(
        &mut self,
        ctx: &Ctx,
        e: &ast::Expr,
        every: bool,
        binders: &[(ast::Ident, ast::Expr)],
        body: &ast::Expr,
    ) -> Meaning {
        let [(name, of), rest @ ..] = binders else { return Err(Stop::Wrong) };
        let list = self.expr(ctx, of)?;
        let Kind::List(parts) = list.kind else {
            return Err(self.report(&codes::NOT_ROWS, &of.range, &[]));
        };
        let mut bodies = Vec::new();
        for part in parts {
            let one = |this: &mut Self, inner: &Ctx| match rest {
                [] => this.condition(inner, body),
                _ => this.quantified(inner, e, every, rest, body),
            };
            match self.body_of(ctx, &name.text, part, every, &one) {
                Ok(part) => bodies.push(part),
                Err(Stop::NotApplicable) => {}
                Err(Stop::Wrong) => return Err(Stop::Wrong),
            }
        }
        Ok(Expr { kind: Kind::Quant { every, parts: bodies }, ty: Ty::Bool, range: e.range.clone() })
    }

    /// The body for the items of one part.
    fn body_of(
        &mut self,
        ctx: &Ctx,
        name: &str,
        part: Part,
        every: bool,
        body: &dyn Fn(&mut Self, &Ctx) -> Meaning,
    ) -> Result<Part, Stop> {
        let mut inner = ctx.clone();
        inner.depth = inner.depth.max(part.each.map_or(0, |e| e.1));
        let range = part.item.range.clone();
        let item = match part.item {
            Expr { kind: Kind::List(parts), .. } => {
                let parts = parts.into_iter().map(|p| self.body_of(&inner, name, p, every, body));
                let parts = parts.collect::<Result<Vec<_>, Stop>>()?;
                Expr { kind: Kind::Quant { every, parts }, ty: Ty::Bool, range }
            }
            item => {
                inner.values.push((name.to_owned(), item));
                body(self, &inner)?
            }
        };
        Ok(Part { item, ..part })
    }

    /// `same_row(t14.quantity)`: the row there that has the id of the row at hand.
    fn same_row(&mut self, ctx: &Ctx, e: &ast::Expr, path: &ast::Expr) -> Meaning {
        let Sym::Columns(sec, columns) = self.symbol(ctx, path)? else {
            return Err(self.report(&codes::NEEDS_ROW, &path.range, &[]));
        };
        let here = ctx.row.and_then(|r| self.model.sec(r.sec).and_then(|s| s.rows.get(r.row)));
        let Some(id) = here.map(|r| r.id.clone()) else {
            return Err(self.report(&codes::NEEDS_ROW, &e.range, &[]));
        };
        let there = self.model.sec(sec).and_then(|s| s.rows.iter().find(|r| r.id == id && !r.repeats));
        if there.is_none() && !self.missing.contains(&id) {
            self.missing.push(id);
        }
        let column = self.model.pick(ctx, sec, &columns).ok_or(Stop::Wrong)?;
        match there.and_then(|r| r.cells.get(column)).cloned() {
            Some(at) => self.at((at, Some((sec, column)), 0), &e.range),
            None => Err(Stop::NotApplicable),
        }
    }

    fn previous(&mut self, ctx: &Ctx, e: &ast::Expr, x: &ast::Expr, which: Option<&ast::Expr>) -> Meaning {
        let name = match which.map(|w| &w.kind) {
            None => String::new(),
            Some(ast::Kind::Str(s)) => s.clone(),
            Some(_) => return Err(self.report(&codes::NOT_A_PLACE, &e.range, &[])),
        };
        let Some(ix) = self.model.previous.iter().position(|p| *p == name) else {
            let said = if name.is_empty() { name } else { format!(" `{name}`") };
            return Err(self.report(&codes::NO_PREVIOUS, &e.range, &[("name", said)]));
        };
        let mut found = self.expr(ctx, x)?;
        let time = Time::Previous(u8::try_from(ix).unwrap_or(u8::MAX));
        match &mut found.kind {
            Kind::Cell { time: t, .. } => *t = time,
            _ => return Err(self.report(&codes::NOT_A_PLACE, &x.range, &[])),
        }
        Ok(found)
    }

    fn items(&mut self, ctx: &Ctx, e: &ast::Expr, selector: &ast::Expr) -> Meaning {
        let ast::Kind::Str(text) = &selector.kind else {
            return Err(self.report(&codes::NOT_A_PLACE, &selector.range, &[]));
        };
        let places = self.select(ctx, text, &selector.range)?;
        let parts: Vec<Part> = places.into_iter().map(|c| self.spread_here(ctx, c, &e.range)).collect();
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }

    /// A selected cell: of the row at hand if it lives there, else in every row around it.
    fn spread_here(&mut self, ctx: &Ctx, cell: CellId, range: &Range<usize>) -> Part {
        let home = self.model.cells.get(cell.ix()).and_then(|c| c.home.block);
        let row_home = ctx.row.and_then(|r| self.model.sec(r.sec)?.rows.get(r.row)?.home);
        if home.is_none() || self.model.chain(row_home).contains(&home.unwrap_or(BlockId(u32::MAX))) {
            return self.part(cell, ctx.row.map_or(0, |r| r.scope), range);
        }
        self.spread_out(ctx, cell, range)
    }

    fn convert(&mut self, ctx: &Ctx, e: &ast::Expr, x: &ast::Expr, unit: &ast::Expr) -> Meaning {
        let x = self.expr(ctx, x)?;
        let ast::Kind::Str(name) = &unit.kind else {
            return Err(self.report(&codes::NOT_A_PLACE, &unit.range, &[]));
        };
        let Some(to) = self.model.units.iter().position(|u| u.id == *name) else {
            let near = crate::diag::nearest(name, self.model.units.iter().map(|u| u.id.as_str()));
            return Err(self.problem(&codes::UNKNOWN_NAME, &unit.range, &[("name", name.clone())], near));
        };
        let to = crate::ir::UnitId(u32::try_from(to).unwrap_or(u32::MAX));
        let converted = self.typing().convert(x, to, e.range.clone());
        converted.map_err(|mismatch| match mismatch {
            super::infer::Mismatch::Convert { from: Dim::Literal | Dim::Pure, .. } => {
                self.report(&codes::CONVERT_WITHOUT_UNIT, &e.range, &[])
            }
            other => self.mismatch(&other, &e.range, &[]),
        })
    }

    /// `label(x)`: the labels of the list stand beside the code.
    fn label(&mut self, ctx: &Ctx, e: &ast::Expr, x: &ast::Expr) -> Meaning {
        let x = self.expr(ctx, x)?;
        let Ty::Code(list) = x.ty else { return self.typed("label", vec![x], &e.range) };
        let codes = self.model.lists.get(list.ix()).map(|l| l.codes.as_slice()).unwrap_or_default();
        let labels = codes.iter().map(|c| (c.code.as_str().into(), Value::Text(c.label.plain(0).into())));
        let labels = constant(Value::Row(labels.collect()), Ty::Row, e.range.clone());
        self.typed("label", vec![x, labels], &e.range)
    }

    /// `matches(x, "pattern")`: the pattern is written out, in the portable subset.
    fn matches(&mut self, ctx: &Ctx, e: &ast::Expr, args: &[ast::Expr]) -> Meaning {
        if let [_, ast::Expr { kind: ast::Kind::Str(text), range }] = args
            && let Some(what) = crate::ir::pattern::outside_subset(text)
        {
            return Err(self.report(&codes::BAD_PATTERN, range, &[("what", what)]));
        }
        self.plain_call(ctx, e, "matches", args)
    }
}

fn cell_at(at: &At) -> Option<CellId> {
    match at {
        At::Cell(c) => Some(*c),
        _ => None,
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
fn nest(part: Part, block: BlockId, scope: u8, range: &Range<usize>, innermost: bool) -> Part {
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
