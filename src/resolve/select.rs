//! Selectors: which places of a section they mean, in form order.

use super::expr::{Resolver, Stop};
use super::model::{At, SecIx};
use super::scope::{Ctx, Sym};
use crate::diag::codes;
use crate::ir::CellId;
use crate::parse::expr::Ident;
use crate::parse::selector::{self, Term};
use std::ops::Range;

/// What a selector means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pick {
    /// Columns of a grid.
    Columns(SecIx, Vec<usize>),
    /// Rows of a grid.
    Rows(SecIx, Vec<usize>),
    /// Fields, or single places.
    Cells(Vec<CellId>),
}

impl Resolver<'_> {
    /// The picks of a selector text, whose first character stands at `range.start` of the text at hand.
    pub fn picks(&mut self, ctx: &Ctx, text: &str, range: &Range<usize>) -> Result<Vec<Pick>, Stop> {
        let parsed = selector::parse(text);
        for p in &parsed.problems {
            let at = range.start + p.range.start..range.start + p.range.end;
            self.report(p.code, &at, &p.args);
        }
        let Some(found) = parsed.selector else { return Err(Stop::Wrong) };
        let mut picks = Vec::new();
        for term in &found.terms {
            self.term(ctx, term, range, &mut picks)?;
        }
        if found.terms.is_empty() {
            picks = self.everything(ctx, &found.except, range)?;
        }
        let mut except = Vec::new();
        for term in &found.except {
            self.term(ctx, term, range, &mut except)?;
        }
        let single = |p: &Pick| matches!(p, Pick::Cells(_));
        let rows = |p: &Pick| matches!(p, Pick::Rows(..));
        let alike = |a: &Pick, b: &Pick| single(a) == single(b) && rows(a) == rows(b);
        if except.iter().any(|e| picks.iter().any(|p| !alike(p, e))) {
            // Rows without some of their columns, columns without a cell: place by place.
            let gone: Vec<CellId> = except.iter().flat_map(|e| self.flat(e)).collect();
            let mut cells: Vec<CellId> = picks.iter().flat_map(|p| self.here(ctx, p)).collect();
            cells.retain(|c| !gone.contains(c));
            return Ok(vec![Pick::Cells(cells)]);
        }
        Ok(without(picks, &except))
    }

    /// `except b` alone: all of the kind of b.
    fn everything(&mut self, ctx: &Ctx, except: &[Term], range: &Range<usize>) -> Result<Vec<Pick>, Stop> {
        let mut picks = Vec::new();
        for term in except {
            self.term(ctx, term, range, &mut picks)?;
        }
        Ok(match picks.first() {
            Some(Pick::Columns(sec, _)) => {
                let n = self.model.sec(*sec).map_or(0, |s| s.columns.len());
                vec![Pick::Columns(*sec, (0..n).collect())]
            }
            Some(Pick::Rows(sec, _)) => {
                let n = self.model.sec(*sec).map_or(0, |s| s.rows.len());
                vec![Pick::Rows(*sec, (0..n).collect())]
            }
            _ => {
                let fields =
                    ctx.section.and_then(|s| self.model.sec(s)).map(|s| s.fields.clone()).unwrap_or_default();
                vec![Pick::Cells(fields.into_iter().map(|f| f.1).collect())]
            }
        })
    }

    fn term(
        &mut self,
        ctx: &Ctx,
        term: &Term,
        range: &Range<usize>,
        out: &mut Vec<Pick>,
    ) -> Result<(), Stop> {
        match term {
            Term::Name(path) => out.push(self.path_pick(ctx, path, range)?),
            Term::Children(path) => self.under(ctx, path, range, false, out)?,
            Term::Descendants(path) => self.under(ctx, path, range, true, out)?,
            Term::Span(from, to) => {
                let (a, b) = (self.path_pick(ctx, from, range)?, self.path_pick(ctx, to, range)?);
                out.extend(self.span(ctx, a, b));
            }
        }
        Ok(())
    }

    fn symbol_of(&mut self, ctx: &Ctx, path: &[Ident], range: &Range<usize>) -> Result<Sym, Stop> {
        let e = path_expr(path, range.start).ok_or(Stop::Wrong)?;
        self.symbol(ctx, &e)
    }

    fn path_pick(&mut self, ctx: &Ctx, path: &[Ident], range: &Range<usize>) -> Result<Pick, Stop> {
        let at = path
            .first()
            .zip(path.last())
            .map_or(range.clone(), |(a, b)| range.start + a.range.start..range.start + b.range.end);
        if let Some(cells) = self.crossing(ctx, path, range.start) {
            return Ok(Pick::Cells(cells));
        }
        match self.symbol_of(ctx, path, range)? {
            Sym::Columns(sec, columns) => Ok(Pick::Columns(sec, columns)),
            Sym::Group(sec, id) => Ok(Pick::Columns(sec, self.group_columns(sec, &id))),
            Sym::Row(sec, row) => Ok(Pick::Rows(sec, vec![row])),
            Sym::Branch(sec, id) => Ok(Pick::Rows(sec, self.branch_rows(sec, &id))),
            Sym::Block(sec, id) => Ok(Pick::Rows(sec, self.block_rows(sec, &id))),
            Sym::At(At::Cell(cell), _) => Ok(Pick::Cells(self.with_parts(ctx, path, cell))),
            Sym::Fields(sec, set) => Ok(Pick::Cells(self.set_cells(sec, set))),
            _ => Err(self.report(&codes::NOT_A_PLACE, &at, &[])),
        }
    }

    /// The cells of `rows.columns` where either side is several: all rows of a block or under a row, a group of columns or
    /// a spread one.
    fn crossing(&mut self, ctx: &Ctx, path: &[Ident], start: usize) -> Option<Vec<CellId>> {
        let (last, of) = path.split_last()?;
        let of = path_expr(of, start)?;
        let (sec, rows) = match self.symbol_quietly(ctx, &of)? {
            Sym::Row(sec, row) => (sec, vec![row]),
            Sym::Branch(sec, id) => (sec, self.branch_rows(sec, &id)),
            Sym::Block(sec, id) => {
                let block = self.model.sec(sec)?.block(&id)?.block;
                if let Some(field) = self.model.field_of_groups(sec, block, &last.text) {
                    return Some(vec![field]);
                }
                (sec, self.block_rows(sec, &id))
            }
            _ => return None,
        };
        let s = self.model.sec(sec)?;
        let mut columns = s.columns_named(&last.text);
        if s.group(&last.text).is_some() {
            columns = self.group_columns(sec, &last.text);
        }
        if columns.is_empty()
            || (rows.len() == 1 && columns.len() == 1 && !s.rows.get(*rows.first()?)?.repeats)
        {
            return None;
        }
        let at = |row: &usize, column: &usize| match s.rows.get(*row)?.cells.get(*column)? {
            At::Cell(cell) => Some(*cell),
            _ => None,
        };
        Some(rows.iter().flat_map(|row| columns.iter().filter_map(move |column| at(row, column))).collect())
    }

    fn set_cells(&self, sec: SecIx, set: usize) -> Vec<CellId> {
        let set = self.model.sec(sec).and_then(|s| s.field_sets.get(set));
        set.map(|s| s.own.into_iter().chain(s.cells.iter().copied()).collect()).unwrap_or_default()
    }

    /// A field; of a total with parts the parts as well.
    fn with_parts(&self, ctx: &Ctx, path: &[Ident], cell: CellId) -> Vec<CellId> {
        match self.set_of(ctx, path).filter(|(sec, set)| self.set_cells(*sec, *set).first() == Some(&cell)) {
            Some((sec, set)) => self.set_cells(sec, set),
            None => vec![cell],
        }
    }

    /// The group of fields whose own field a path names.
    fn set_of(&self, ctx: &Ctx, path: &[Ident]) -> Option<(SecIx, usize)> {
        let table = ctx.table.and_then(|t| self.model.tables.get(t)).map(|t| t.sections.as_slice());
        let name = &path.last()?.text;
        let sections = ctx.section.iter().chain(table.unwrap_or_default());
        sections.copied().find_map(|s| Some((s, self.model.sec(s)?.field_set(name)?)))
    }

    fn group_columns(&self, sec: SecIx, id: &str) -> Vec<usize> {
        let group = self.model.sec(sec).and_then(|s| s.group(id));
        group.map(|g| g.own.into_iter().chain(g.columns.iter().copied()).collect()).unwrap_or_default()
    }

    fn branch_rows(&self, sec: SecIx, id: &str) -> Vec<usize> {
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let own = s.row(id).into_iter();
        own.chain(s.branch(id).map(|b| b.rows.clone()).unwrap_or_default()).collect()
    }

    fn block_rows(&self, sec: SecIx, id: &str) -> Vec<usize> {
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let Some(block) = s.block(id).map(|b| b.block) else { return Vec::new() };
        let inside = |r: &super::model::RowModel| self.model.chain(r.home).contains(&block);
        s.rows.iter().enumerate().filter(|(_, r)| inside(r)).map(|(i, _)| i).collect()
    }

    /// The rows in the rows of a block; without `deep`, those directly in them.
    fn rows_of_block(&self, sec: SecIx, id: &str, deep: bool) -> Vec<usize> {
        let Some(s) = self.model.sec(sec) else { return Vec::new() };
        let Some(block) = s.block(id).map(|b| b.block) else { return Vec::new() };
        let direct =
            |r: &super::model::RowModel| self.model.chain(r.home).get(usize::from(r.repeats)) == Some(&block);
        let mut rows = self.block_rows(sec, id);
        rows.retain(|r| deep || s.rows.get(*r).is_some_and(direct));
        rows
    }

    fn under(
        &mut self,
        ctx: &Ctx,
        path: &[Ident],
        range: &Range<usize>,
        deep: bool,
        out: &mut Vec<Pick>,
    ) -> Result<(), Stop> {
        match self.symbol_of(ctx, path, range)? {
            Sym::Group(sec, id) => self.columns_under(sec, &id, deep, out),
            Sym::Columns(sec, _) => {
                let id = path.last().map(|p| p.text.clone()).unwrap_or_default();
                self.columns_under(sec, &id, deep, out);
            }
            Sym::Fields(sec, set) => self.fields_under(sec, set, deep, out),
            Sym::At(At::Cell(_), _) => match self.set_of(ctx, path) {
                Some((sec, set)) => self.fields_under(sec, set, deep, out),
                None => return Err(self.report(&codes::NOT_A_PLACE, range, &[])),
            },
            Sym::Branch(sec, id) => self.rows_under(sec, &id, deep, out),
            Sym::Block(sec, id) => out.push(Pick::Rows(sec, self.rows_of_block(sec, &id, deep))),
            Sym::Row(sec, _) => {
                let id = path.last().map(|p| p.text.clone()).unwrap_or_default();
                self.rows_under(sec, &id, deep, out);
            }
            _ => return Err(self.report(&codes::NOT_A_PLACE, range, &[])),
        }
        Ok(())
    }

    fn fields_under(&self, sec: SecIx, set: usize, deep: bool, out: &mut Vec<Pick>) {
        let Some(s) = self.model.sec(sec) else { return };
        let Some(set) = s.field_sets.get(set) else { return };
        if deep || set.spread {
            return out.push(Pick::Cells(set.cells.clone()));
        }
        let child = |id: &String| match (s.field(id), s.field_set(id)) {
            (Some(cell), _) => vec![cell],
            (None, Some(set)) => {
                s.field_sets.get(set).filter(|s| s.spread).map(|s| s.cells.clone()).unwrap_or_default()
            }
            (None, None) => Vec::new(),
        };
        out.push(Pick::Cells(set.children.iter().flat_map(child).collect()));
    }

    fn columns_under(&self, sec: SecIx, id: &str, deep: bool, out: &mut Vec<Pick>) {
        let Some(s) = self.model.sec(sec) else { return };
        let Some(group) = s.group(id) else { return };
        if deep {
            out.push(Pick::Columns(sec, group.columns.clone()));
            return;
        }
        let columns = group.children.iter().flat_map(|c| match s.group(c).map(|g| g.own) {
            Some(own) => own.into_iter().collect(),
            None => s.columns_named(c),
        });
        out.push(Pick::Columns(sec, columns.collect()));
    }

    fn rows_under(&self, sec: SecIx, id: &str, deep: bool, out: &mut Vec<Pick>) {
        let Some(branch) = self.model.sec(sec).and_then(|s| s.branch(id)) else { return };
        let direct = |r: &usize| {
            let row = self.model.sec(sec).and_then(|s| s.rows.get(*r));
            row.is_some_and(|r| deep || branch.children.contains(&r.id))
        };
        out.push(Pick::Rows(sec, branch.rows.iter().copied().filter(direct).collect()));
    }

    /// From `a` to `b` in form order, both included whole.
    fn span(&self, ctx: &Ctx, a: Pick, b: Pick) -> Vec<Pick> {
        match (a, b) {
            (Pick::Columns(s, x), Pick::Columns(t, y)) if s == t => vec![Pick::Columns(s, between(&x, &y))],
            (Pick::Rows(s, x), Pick::Rows(t, y)) if s == t => vec![Pick::Rows(s, between(&x, &y))],
            (a, b) => self.form_span(ctx, &a, &b),
        }
    }

    fn form_span(&self, ctx: &Ctx, a: &Pick, b: &Pick) -> Vec<Pick> {
        let sections = ctx.table.and_then(|t| self.model.tables.get(t)).map(|t| t.sections.clone());
        let sections = sections.unwrap_or_else(|| ctx.section.into_iter().collect());
        let all: Vec<CellId> =
            sections.iter().filter_map(|s| self.model.sec(*s)).flat_map(|s| s.all_cells()).collect();
        let first = self.flat(a).iter().filter_map(|c| all.iter().position(|x| x == c)).min();
        let last = self.flat(b).iter().filter_map(|c| all.iter().position(|x| x == c)).max();
        let (Some(first), Some(last)) = (first, last) else { return Vec::new() };
        vec![Pick::Cells(all.get(first..=last).unwrap_or_default().to_vec())]
    }

    /// Every cell of a pick.
    pub fn flat(&self, pick: &Pick) -> Vec<CellId> {
        let of = |sec: SecIx, wanted: &dyn Fn(usize, usize) -> bool| {
            let Some(s) = self.model.sec(sec) else { return Vec::new() };
            let mut cells = Vec::new();
            for (r, row) in s.rows.iter().enumerate() {
                for (c, at) in row.cells.iter().enumerate() {
                    if let At::Cell(cell) = at
                        && wanted(r, c)
                    {
                        cells.push(*cell);
                    }
                }
            }
            cells
        };
        match pick {
            Pick::Columns(sec, columns) => of(*sec, &|_, c| columns.contains(&c)),
            Pick::Rows(sec, rows) => of(*sec, &|r, _| rows.contains(&r)),
            Pick::Cells(cells) => cells.clone(),
        }
    }

    /// The cells of a selector at a place: columns in the row at hand, rows in the column at hand.
    pub fn select(&mut self, ctx: &Ctx, text: &str, range: &Range<usize>) -> Result<Vec<CellId>, Stop> {
        let picks = self.picks(ctx, text, &(range.start + 1..range.end))?;
        let mut cells = Vec::new();
        let mut twice = Vec::new();
        for cell in picks.iter().flat_map(|pick| self.here(ctx, pick)) {
            let known = if cells.contains(&cell) { &mut twice } else { &mut cells };
            known.push(cell);
        }
        if !twice.is_empty() {
            let ids = self.ids(&twice);
            return Err(self.report(&codes::COUNTED_TWICE, range, &[("ids", ids)]));
        }
        Ok(cells)
    }

    /// The cells of a pick at a place.
    pub fn here(&self, ctx: &Ctx, pick: &Pick) -> Vec<CellId> {
        let cell = |sec: SecIx, r: usize, c: usize| match self.model.sec(sec)?.rows.get(r)?.cells.get(c)? {
            At::Cell(x) => Some(*x),
            _ => None,
        };
        match pick {
            Pick::Columns(sec, columns) => match ctx.row.filter(|r| r.sec == *sec) {
                Some(row) => columns.iter().filter_map(|c| cell(*sec, row.row, *c)).collect(),
                None => self.flat(pick),
            },
            Pick::Rows(sec, rows) => match ctx.column.filter(|c| c.0 == *sec) {
                Some((_, column)) => rows.iter().filter_map(|r| cell(*sec, *r, column)).collect(),
                None => self.flat(pick),
            },
            Pick::Cells(cells) => cells.clone(),
        }
    }
}

/// A path of names as an expression, its ranges moved by `offset`.
pub fn path_expr(path: &[Ident], offset: usize) -> Option<crate::parse::expr::Expr> {
    use crate::parse::expr::{Expr, Kind};
    let mut parts = path.iter();
    let first = parts.next()?;
    let moved = |r: &Range<usize>| r.start + offset..r.end + offset;
    let mut e = Expr { kind: Kind::Name(first.text.clone()), range: moved(&first.range) };
    for part in parts {
        let range = e.range.start..part.range.end + offset;
        let name = Ident { text: part.text.clone(), range: moved(&part.range) };
        e = Expr { kind: Kind::Path(Box::new(e), name), range };
    }
    Some(e)
}

fn between(a: &[usize], b: &[usize]) -> Vec<usize> {
    let low = a.iter().chain(b).min().copied().unwrap_or(0);
    let high = a.iter().chain(b).max().copied().unwrap_or(0);
    (low..=high).collect()
}

fn without(picks: Vec<Pick>, except: &[Pick]) -> Vec<Pick> {
    let kept = |sec: SecIx, all: Vec<usize>, columns: bool| {
        let out = all.into_iter().filter(|i| {
            !except.iter().any(|e| match e {
                Pick::Columns(s, x) => columns && *s == sec && x.contains(i),
                Pick::Rows(s, x) => !columns && *s == sec && x.contains(i),
                Pick::Cells(_) => false,
            })
        });
        out.collect()
    };
    let gone = |c: &CellId| except.iter().any(|e| matches!(e, Pick::Cells(cells) if cells.contains(c)));
    picks
        .into_iter()
        .map(|p| match p {
            Pick::Columns(s, x) => Pick::Columns(s, kept(s, x, true)),
            Pick::Rows(s, x) => Pick::Rows(s, kept(s, x, false)),
            Pick::Cells(cells) => Pick::Cells(cells.into_iter().filter(|c| !gone(c)).collect()),
        })
        .collect()
}
