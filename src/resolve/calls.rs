//! Functions whose arguments are places, lists and quantifiers.

use super::expr::{Meaning, Resolver, Stop, by_key, constant, literal};
use super::model::{At, SecIx};
use super::scope::{Ctx, GroupAt, RowAt, Sym};
use crate::diag::codes;
use crate::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use crate::ir::{BlockId, CellId};
use crate::parse::expr as ast;
use formwright_engine::{Decimal, Value};
use std::ops::Range;

/// Functions whose arguments may be groups, sections and lists: all their cells.
const FLATTENING: &[&str] =
    &["filled", "blank", "sum", "count", "min", "max", "mean", "unique", "distinct values", "tally"];

impl Resolver<'_> {
    /// A function call.
    pub fn call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &ast::Ident, args: &[ast::Expr]) -> Meaning {
        match (name.text.as_str(), args) {
            ("same_row", [path]) => self.same_row(ctx, e, path),
            ("prev", [x]) => self.previous(ctx, e, x, None),
            ("prev", [x, which]) => self.previous(ctx, e, x, Some(which)),
            ("items", [selector]) => self.items(ctx, e, selector),
            ("convert", [x, unit]) => self.convert(ctx, e, x, unit),
            ("count", [rows]) if self.counts_rows(ctx, rows) => self.count_rows(ctx, e, rows),
            (rounding, [x, places]) if rounding.starts_with("round") => {
                self.rounded(ctx, e, rounding, x, places)
            }
            (f, _) if FLATTENING.contains(&f) && f != "tally" => self.flattened(ctx, e, f, args),
            (f, _) => self.plain_call(ctx, e, f, args),
        }
    }

    fn plain_call(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
        let mut found = Vec::new();
        for arg in args {
            found.push(self.expr(ctx, arg)?);
        }
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
            let (a, b) = (self.expr(ctx, a)?, self.expr(ctx, b)?);
            return self.typed(&format!("{name} /"), vec![a, b, places], &e.range);
        }
        let x = self.expr(ctx, x)?;
        self.typed(name, vec![x, places], &e.range)
    }

    /// Arguments of an aggregate: places and lists, flattened.
    fn flattened(&mut self, ctx: &Ctx, e: &ast::Expr, name: &str, args: &[ast::Expr]) -> Meaning {
        let mut parts = Vec::new();
        for arg in args {
            self.parts_of(ctx, arg, &mut parts)?;
        }
        if parts.is_empty() {
            return Err(Stop::NotApplicable);
        }
        let single = args.len() == 1 && parts.len() == 1 && parts.iter().all(|p| p.each.is_none());
        if single && matches!(name, "sum" | "min" | "max" | "mean") {
            return Err(self.report(&codes::SUM_OF_ONE, &e.range, &[("function", name.to_owned())]));
        }
        let ty = self.common_type(&parts);
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() };
        self.typed(name, vec![list], &e.range)
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
        cells.into_iter().map(|c| self.part(ctx, c, row.scope, range)).collect()
    }

    fn part(&self, ctx: &Ctx, cell: CellId, scope: u8, range: &Range<usize>) -> Part {
        Part { each: None, filter: None, item: self.cell(ctx, cell, scope, range) }
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
        let mut part = self.part(ctx, cell, if depth == 0 { 0 } else { ctx.depth + depth }, range);
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
        let parts =
            self.row_items(ctx, of, filter, &mut |this, inner, row| this.row_item(inner, row, &name))?;
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }

    fn row_item(&mut self, ctx: &Ctx, row: RowAt, member: &ast::Ident) -> Meaning {
        let at = ast::Expr { kind: ast::Kind::Name(member.text.clone()), range: member.range.clone() };
        let inner = Ctx { section: Some(row.sec), row: Some(row), ..super::expr::without_binds(ctx) };
        self.expr(&inner, &at)
    }

    fn columns_list(&mut self, ctx: &Ctx, sec: SecIx, member: &ast::Ident, e: &ast::Expr) -> Meaning {
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
        let parts: Vec<Part> = cells.into_iter().map(|c| self.part(ctx, c, 0, &e.range)).collect();
        let ty = self.common_type(&parts);
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }

    /// One part for each kind of data row that `of` means, with what `item` gives for it; totals are left out.
    fn row_items(
        &mut self,
        ctx: &Ctx,
        of: &ast::Expr,
        filter: Option<&ast::Expr>,
        item: &mut dyn FnMut(&mut Self, &Ctx, RowAt) -> Meaning,
    ) -> Result<Vec<Part>, Stop> {
        let sym = self.symbol(ctx, of)?;
        let rows = self.rows_of(&sym);
        if rows.is_empty() {
            return Err(self.report(&codes::NOT_ROWS, &of.range, &[]));
        }
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

    fn row_part(
        &mut self,
        ctx: &Ctx,
        sec: SecIx,
        row: usize,
        filter: Option<&ast::Expr>,
        item: &mut dyn FnMut(&mut Self, &Ctx, RowAt) -> Meaning,
    ) -> Result<Part, Stop> {
        let home = self.model.sec(sec).and_then(|s| s.rows.get(row)).and_then(|r| r.home);
        let around = self.around(ctx);
        let chain: Vec<BlockId> =
            self.model.chain(home).into_iter().filter(|b| !around.contains(b)).collect();
        let depth = ctx.depth + u8::try_from(chain.len()).unwrap_or(u8::MAX);
        let scope = if chain.is_empty() { 0 } else { depth };
        let at = RowAt { sec, row, scope };
        let group = self.model.chain(home).get(1).map(|b| (sec, GroupAt::Repeated(*b)));
        let inner = Ctx { depth, group: group.or_else(|| ctx.group.clone()), ..ctx.clone() };
        let in_row = Ctx { section: Some(sec), row: Some(at), ..super::expr::without_binds(&inner) };
        let filter = filter.map(|f| self.condition(&in_row, f)).transpose()?;
        let mut part = Part { each: None, filter, item: item(self, &inner, at)? };
        for (i, block) in chain.into_iter().enumerate() {
            let range = part.item.range.clone();
            part = nest(part, block, depth - u8::try_from(i).unwrap_or(0), &range, i == 0);
        }
        Ok(part)
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
        let (of_rows, filter) = match &of.kind {
            ast::Kind::Filter(rows, cond) => (&**rows, Some(&**cond)),
            _ => (of, None),
        };
        if !matches!(self.symbol_quietly(ctx, of_rows), Some(Sym::Rows(_) | Sym::Block(..))) {
            return self.quantified_values(ctx, e, every, binders, body);
        }
        let name = name.text.clone();
        let mut item = |this: &mut Self, inner: &Ctx, row: RowAt| {
            let mut inner = inner.clone();
            inner.rows.push((name.clone(), row));
            if rest.is_empty() {
                this.condition(&inner, body)
            } else {
                this.quantified(&inner, e, every, rest, body)
            }
        };
        let parts = self.row_items(ctx, of_rows, filter, &mut item)?;
        Ok(Expr { kind: Kind::Quant { every, parts }, ty: Ty::Bool, range: e.range.clone() })
    }

    /// A quantifier over a list of values: unrolled where each item is one place, else bound to a variable.
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
        let Ty::List(item) = &list.ty else {
            return Err(self.report(&codes::NOT_ROWS, &of.range, &[]));
        };
        let var = u16::try_from(ctx.vars.len()).unwrap_or(u16::MAX);
        let mut inner = ctx.clone();
        inner.vars.push((name.text.clone(), var, (**item).clone()));
        let body = if rest.is_empty() {
            self.condition(&inner, body)?
        } else {
            self.quantified(&inner, e, every, rest, body)?
        };
        let kind = Kind::QuantValues { every, list: Box::new(list), var, body: Box::new(body) };
        Ok(Expr { kind, ty: Ty::Bool, range: e.range.clone() })
    }

    /// `same_row(t14.quantity)`: the row there that has the id of the row at hand.
    fn same_row(&mut self, ctx: &Ctx, e: &ast::Expr, path: &ast::Expr) -> Meaning {
        let Sym::Columns(sec, columns) = self.symbol(ctx, path)? else {
            return Err(self.report(&codes::NEEDS_ROW, &path.range, &[]));
        };
        let here = ctx.row.and_then(|r| self.model.sec(r.sec).and_then(|s| s.rows.get(r.row)));
        let id = here.map(|r| r.id.clone()).ok_or(Stop::Wrong)?;
        let there = self.model.sec(sec).and_then(|s| s.rows.iter().find(|r| r.id == id && !r.repeats));
        let column = self.model.pick(ctx, sec, &columns).ok_or(Stop::Wrong)?;
        match there.and_then(|r| r.cells.get(column)).and_then(cell_at) {
            Some(cell) => Ok(self.cell(ctx, cell, 0, &e.range)),
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
            return self.part(ctx, cell, ctx.row.map_or(0, |r| r.scope), range);
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
            let code = &codes::UNKNOWN_NAME;
            let args = [("name", name.clone()), ("near", near.join(", "))];
            return Err(self.report(code, &unit.range, &args));
        };
        self.converted(x, to, &e.range)
    }

    /// Multiplies or divides by the exact power that lies between two units.
    fn converted(&mut self, x: Expr, to: usize, range: &Range<usize>) -> Meaning {
        let Ty::Num { scale, dim: Dim::Unit(from), digits } = x.ty.clone() else {
            return Err(self.report(&codes::CONVERT_WITHOUT_UNIT, range, &[]));
        };
        let (Some(a), Some(b)) = (self.model.units.get(from.ix()), self.model.units.get(to)) else {
            return Err(Stop::Wrong);
        };
        let Some((factor, extra)) = exact_ratio(a.factor, b.factor).filter(|_| a.base == b.base) else {
            let args = [("from", a.id.clone()), ("to", b.id.clone())];
            return Err(self.report(&codes::NO_CONVERSION, range, &args));
        };
        let dim = Dim::Unit(crate::ir::UnitId(u32::try_from(to).unwrap_or(u32::MAX)));
        let ty = Ty::Num { scale: scale + extra, dim, digits: digits + extra + factor.digits() };
        let by = constant(Value::Num(factor), literal(factor), range.clone());
        Ok(Expr { range: range.clone(), ..by_key("mul_num", vec![x, by], ty) })
    }
}

fn cell_at(at: &At) -> Option<CellId> {
    match at {
        At::Cell(c) => Some(*c),
        _ => None,
    }
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

/// `a / b` as a terminating decimal, with its number of decimals.
fn exact_ratio(a: Decimal, b: Decimal) -> Option<(Decimal, u32)> {
    (0..=15).find_map(|scale| {
        let q = a.div_round(b, scale, formwright_engine::Rounding::Down)?;
        (q.checked_mul(b)? == a).then_some((q, scale))
    })
}
