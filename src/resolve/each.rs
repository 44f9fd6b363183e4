//! The places a rule is checked at: the axes its names leave open, narrowed and named by `each`.

use super::model::{At, Model, SecIx};
use super::rules::{Rules, Spot};
use super::scope::{Ctx, GroupAt, RowAt, Sym};
use super::select::Pick;
use crate::diag::{Diagnostic, codes};
use crate::ir::{BlockId, CellId};
use crate::parse::ast;
use crate::parse::expr as written;
use crate::parse::shapes::Str;

impl<'a> Rules<'a> {
    /// The places a condition is open over.
    pub fn spots(
        &mut self,
        base: &Ctx,
        check: &written::Expr,
        when: Option<&written::Expr>,
        each: Option<&'a ast::Each>,
    ) -> Vec<Spot> {
        let mut spots = Vec::new();
        let narrowed = self.narrowed(base, each);
        for (binds, this) in self.bound(base, each) {
            let ctx = Ctx { binds, this, ..base.clone() };
            let mut open = Open::default();
            open.scan(self.model, &ctx, check);
            when.iter().for_each(|w| open.scan(self.model, &ctx, w));
            if let Some(this) = ctx.this {
                open.touch(self.model, this);
            }
            spots.extend(open.spots(self.model, &ctx, &narrowed));
        }
        spots
    }

    /// `row:` and `column:` of `each`.
    fn narrowed(&mut self, base: &Ctx, each: Option<&'a ast::Each>) -> Narrowed {
        let mut out = Narrowed::default();
        let Some(ast::Each::Names(names)) = each else { return out };
        for (name, selectors) in &names.0 {
            for s in &selectors.0 {
                for pick in
                    if matches!(name.text(), "row" | "column") { self.picks(base, s) } else { Vec::new() }
                {
                    match pick {
                        Pick::Rows(sec, rows) => {
                            out.rows.get_or_insert_default().extend(rows.into_iter().map(|r| (sec, r)))
                        }
                        Pick::Columns(sec, cols) => {
                            out.columns.get_or_insert_default().extend(cols.into_iter().map(|c| (sec, c)))
                        }
                        Pick::Cell(_) => {}
                    }
                }
            }
        }
        out
    }

    /// The zipped names of `each`, or its places as `this`.
    #[allow(clippy::type_complexity)]
    fn bound(
        &mut self,
        base: &Ctx,
        each: Option<&'a ast::Each>,
    ) -> Vec<(Vec<(String, written::Expr)>, Option<CellId>)> {
        match each {
            None => vec![(Vec::new(), None)],
            Some(ast::Each::Places(selectors)) => {
                let picks: Vec<Pick> = selectors.0.iter().flat_map(|s| self.picks(base, s)).collect();
                picks.iter().flat_map(|p| cells_of(self.model, p)).map(|c| (Vec::new(), Some(c))).collect()
            }
            Some(ast::Each::Names(names)) => {
                let zipped: Vec<(&Str, Vec<written::Expr>)> = names
                    .0
                    .iter()
                    .filter(|(n, _)| {
                        !matches!(n.text(), "row" | "column" | "id" | "tolerance" | "severity" | "message")
                    })
                    .map(|(n, s)| (n, s.0.iter().flat_map(|s| self.paths(s)).collect()))
                    .collect();
                let longest = zipped.iter().map(|z| z.1.len()).max().unwrap_or(0);
                for (name, list) in zipped.iter().filter(|z| z.1.len() != longest) {
                    let d = Diagnostic::new(&codes::UNEVEN_EACH, name.span()).arg("name", name.text());
                    self.problems.push(d.arg("length", list.len()).arg("longest", longest));
                }
                if zipped.iter().any(|z| z.1.len() != longest) {
                    return Vec::new();
                }
                if zipped.is_empty() {
                    return vec![(Vec::new(), None)];
                }
                let row = |i: usize| {
                    zipped
                        .iter()
                        .filter_map(|(n, l)| Some((n.text().to_owned(), l.get(i)?.clone())))
                        .collect()
                };
                (0..longest).map(|i| (row(i), None)).collect()
            }
        }
    }

    /// The terms of a selector as paths.
    fn paths(&mut self, text: &Str) -> Vec<written::Expr> {
        let parsed = crate::parse::selector::parse(text.text());
        let source = self.sources.get(text.span().file).map_or("", |f| f.text.as_str());
        for p in parsed.problems {
            let mut d = Diagnostic::new(p.code, text.0.locate(source, p.range));
            d.args = p.args;
            self.problems.push(d);
        }
        let terms = parsed.selector.map(|s| s.terms).unwrap_or_default();
        let path = |t: crate::parse::selector::Term| match t {
            crate::parse::selector::Term::Name(path) => super::select::path_expr(&path, 0),
            _ => None,
        };
        terms.into_iter().filter_map(path).collect()
    }
}

fn cells_of(model: &Model, pick: &Pick) -> Vec<CellId> {
    let of = |sec: SecIx, wanted: &dyn Fn(usize, usize) -> bool| {
        let rows = model.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default();
        rows.iter()
            .enumerate()
            .flat_map(|(r, row)| row.cells.iter().enumerate().map(move |(c, at)| (r, c, at)))
            .filter(|(r, c, _)| wanted(*r, *c))
            .filter_map(|(_, _, at)| match at {
                At::Cell(c) => Some(*c),
                _ => None,
            })
            .collect()
    };
    match pick {
        Pick::Columns(sec, columns) => of(*sec, &|_, c| columns.contains(&c)),
        Pick::Rows(sec, rows) => of(*sec, &|r, _| rows.contains(&r)),
        Pick::Cell(c) => vec![*c],
    }
}

/// What `each` narrows axes to.
#[derive(Debug, Default)]
pub struct Narrowed {
    rows: Option<Vec<(SecIx, usize)>>,
    columns: Option<Vec<(SecIx, usize)>>,
}

/// Which axes a condition leaves open.
#[derive(Debug, Default)]
pub struct Open {
    row: Option<SecIx>,
    column: Option<SecIx>,
    over: Vec<Vec<(String, String)>>,
    block: Option<(SecIx, BlockId)>,
}

impl Open {
    fn touch(&mut self, model: &Model, cell: CellId) {
        let Some(c) = model.cells.get(cell.ix()) else { return };
        let Some(home) = c.home.block else { return };
        for (ix, s) in model.sections.iter().enumerate() {
            if s.rows.iter().any(|r| r.cells.contains(&At::Cell(cell))) {
                self.row = Some(ix);
            } else if s.blocks.iter().any(|b| b.block == home) && self.block.is_none() {
                self.block = Some((ix, home));
            }
        }
    }

    fn scan(&mut self, model: &Model, ctx: &Ctx, e: &written::Expr) {
        use written::Kind as K;
        match &e.kind {
            K::Name(_) | K::Path(..) => self.name(model, ctx, e),
            K::Filter(of, _) => self.scan(model, ctx, of),
            K::Call(name, _) if name.text == "items" => {}
            K::Call(name, _) if name.text == "same_row" => {
                self.row =
                    ctx.section.filter(|s| model.sec(*s).is_some_and(|s| !s.rows.is_empty())).or(self.row);
            }
            K::Call(_, args) | K::List(args) => args.iter().for_each(|a| self.scan(model, ctx, a)),
            K::Not(x) | K::Neg(x) | K::Paren(x) => self.scan(model, ctx, x),
            K::Binary(_, _, l, r) => {
                self.scan(model, ctx, l);
                self.scan(model, ctx, r);
            }
            K::Between(a, b, c) | K::If(a, b, c) => {
                [a, b, c].into_iter().for_each(|x| self.scan(model, ctx, x))
            }
            K::In(x, tests) => {
                self.scan(model, ctx, x);
                tests.iter().for_each(|t| self.test(model, ctx, t));
            }
            K::Quant { binders, body, .. } => {
                binders.iter().for_each(|b| self.scan(model, ctx, &b.1));
                let mut inner = ctx.clone();
                inner
                    .rows
                    .extend(binders.iter().map(|b| (b.0.text.clone(), RowAt { sec: 0, row: 0, scope: 1 })));
                self.scan(model, &inner, body);
            }
            _ => {}
        }
    }

    fn test(&mut self, model: &Model, ctx: &Ctx, t: &written::Test) {
        match t {
            written::Test::Compare(_, e) | written::Test::Value(e) => self.scan(model, ctx, e),
            written::Test::Range { lo, hi, .. } => {
                self.scan(model, ctx, lo);
                self.scan(model, ctx, hi);
            }
        }
    }

    fn name(&mut self, model: &Model, ctx: &Ctx, e: &written::Expr) {
        let Some(sym) = symbol(model, ctx, e) else { return };
        match sym {
            Sym::Columns(sec, columns) => {
                self.row = Some(sec);
                if columns.len() > 1 {
                    let sets = columns
                        .iter()
                        .filter_map(|c| model.sec(sec)?.columns.get(*c).map(|c| c.over.clone()));
                    for set in sets {
                        if !self.over.contains(&set) {
                            self.over.push(set);
                        }
                    }
                }
            }
            Sym::Group(sec, _) => self.row = Some(sec),
            Sym::Row(sec, _) => self.column = Some(sec),
            Sym::At(At::Cell(c), _) => {
                let home = model.cells.get(c.ix()).and_then(|c| c.home.block);
                let sec = home
                    .and_then(|h| model.sections.iter().position(|s| s.blocks.iter().any(|b| b.block == h)));
                if let (Some(h), Some(s)) = (home, sec) {
                    self.block = Some((s, h));
                }
            }
            _ => {}
        }
    }

    fn spots(&self, model: &Model, ctx: &Ctx, narrowed: &Narrowed) -> Vec<Spot> {
        let overs = if self.over.is_empty() { vec![Vec::new()] } else { self.over.clone() };
        let mut out = Vec::new();
        for over in overs {
            let ctx = Ctx { over, ..ctx.clone() };
            match (self.row, self.column) {
                (Some(sec), _) => out.extend(row_spots(model, &ctx, sec, narrowed)),
                (None, Some(sec)) => out.extend(column_spots(model, &ctx, sec, narrowed)),
                (None, None) => out.push(self.single(model, &ctx)),
            }
        }
        out
    }

    fn single(&self, _: &Model, ctx: &Ctx) -> Spot {
        match self.block {
            Some((sec, block)) => {
                let group = Some((sec, GroupAt::Repeated(block)));
                Spot { ctx: Ctx { section: Some(sec), group, ..ctx.clone() }, home: Some(block) }
            }
            None => Spot { ctx: ctx.clone(), home: None },
        }
    }
}

fn symbol(model: &Model, ctx: &Ctx, e: &written::Expr) -> Option<Sym> {
    match &e.kind {
        written::Kind::Name(n) => match ctx.binds.iter().find(|b| b.0 == *n) {
            Some((_, target)) => symbol(model, &super::expr::without_binds(ctx), target),
            None => model.lookup(ctx, n).ok().flatten(),
        },
        written::Kind::Path(of, n) => {
            let of = symbol(model, ctx, of)?;
            model.member(ctx, &of, &n.text)
        }
        _ => None,
    }
}

fn row_spots(model: &Model, ctx: &Ctx, sec: SecIx, narrowed: &Narrowed) -> Vec<Spot> {
    let Some(s) = model.sec(sec) else { return Vec::new() };
    let taken = |i: usize, calculated: bool| match &narrowed.rows {
        Some(rows) => rows.contains(&(sec, i)),
        None => !calculated,
    };
    let spot = |(i, r): (usize, &super::model::RowModel)| {
        let outer = model.chain(r.home).into_iter().nth(usize::from(r.repeats));
        let group = outer
            .map(|b| (sec, GroupAt::Repeated(b)))
            .or_else(|| r.fixed_group.clone().map(|g| (sec, GroupAt::Fixed(g))));
        let section = if ctx.section.is_some() { ctx.section } else { Some(sec) };
        Spot {
            ctx: Ctx { section, row: Some(RowAt { sec, row: i, scope: 0 }), group, ..ctx.clone() },
            home: r.home,
        }
    };
    s.rows.iter().enumerate().filter(|(i, r)| taken(*i, r.calculated)).map(spot).collect()
}

fn column_spots(model: &Model, ctx: &Ctx, sec: SecIx, narrowed: &Narrowed) -> Vec<Spot> {
    let Some(s) = model.sec(sec) else { return Vec::new() };
    let taken = |i: usize| narrowed.columns.as_ref().is_none_or(|c| c.contains(&(sec, i)));
    let spot = |(i, c): (usize, &super::model::ColModel)| Spot {
        ctx: Ctx { section: Some(sec), column: Some((sec, i)), over: c.over.clone(), ..ctx.clone() },
        home: None,
    };
    s.columns.iter().enumerate().filter(|(i, c)| c.holds && taken(*i)).map(spot).collect()
}
