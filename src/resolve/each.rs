//! The places a rule is checked at: the axes its names leave open, narrowed and named by `each`.

use super::expr::{Resolver, without_binds};
use super::model::{At, Model, SecIx};
use super::places::spot_of;
use super::rules::{Rules, Spot, Text2};
use super::scope::{Ctx, GroupAt, RowAt, Sym};
use super::select::Pick;
use crate::diag::{Diagnostic, codes};
use crate::ir::{BlockId, CellId};
use crate::parse::ast::{self, RuleFacts};
use crate::parse::expr as written;
use crate::parse::shapes::Str;

/// Keys of `each` that say facts of the rule, in step with the names.
const ZIPPED: &[&str] = &["id", "tolerance", "severity", "message"];

/// One step of `each`: what its names stand for, and the facts given for it.
#[derive(Debug, Clone, Default)]
pub struct Step {
    /// Names and what they stand for.
    pub binds: Vec<(String, written::Expr)>,
    /// `this`.
    pub this: Option<(SecIx, CellId)>,
    /// The id of this step.
    pub id: Option<Str>,
    /// Tolerance, severity and message of this step.
    facts: RuleFacts,
}

impl Step {
    /// The rule's facts with those of the step over them.
    pub fn over(&self, facts: &RuleFacts) -> RuleFacts {
        let mut all = facts.clone();
        all.tolerance = self.facts.tolerance.clone().or(all.tolerance);
        all.severity = self.facts.severity.clone().or(all.severity);
        all.message = self.facts.message.clone().or(all.message);
        all
    }
}

impl<'a> Rules<'a> {
    /// The places of one step.
    pub(super) fn spots(
        &mut self,
        base: &Ctx,
        check: &Text2,
        when: Option<&Text2>,
        narrowed: &Narrowed,
        step: &Step,
    ) -> Vec<Spot> {
        let ctx = Ctx { binds: step.binds.clone(), this: step.this.map(|t| t.1), ..base.clone() };
        if let Some((sec, cell)) = step.this {
            return this_spot(self.model, &ctx, sec, cell).into_iter().collect();
        }
        let mut open = Open { narrowed: narrowed.clone(), ..Open::default() };
        open.scan(self.model, &ctx, &check.expr);
        open.text = 1;
        when.iter().for_each(|w| open.scan(self.model, &ctx, &w.expr));
        if open.axes.is_empty() {
            self.axes_of_items(&ctx, &check.expr, &mut open);
        }
        if let Some((first, second)) = open.conflict(self.model) {
            let text = if second.text == 0 { Some(check) } else { when };
            let source = self.sources.get(check.scalar.span().file).map_or("", |f| f.text.as_str());
            let span = text.map(|t| t.scalar.0.locate(source, second.range.clone())).unwrap_or_default();
            let mut d = Diagnostic::new(&codes::TWO_AXES, span);
            for (keys, axis) in [(["first", "first_zh"], &first), (["second", "second_zh"], &second)] {
                let (en, zh) = axis.words(self.model);
                d = d.arg(keys[0], en).arg(keys[1], zh);
            }
            self.problems.push(d);
            return Vec::new();
        }
        if let Some((text, range, name, over)) = open.out_of_step() {
            let text = if text == 0 { Some(check) } else { when };
            let source = self.sources.get(check.scalar.span().file).map_or("", |f| f.text.as_str());
            let span = text.map(|t| t.scalar.0.locate(source, range)).unwrap_or_default();
            self.problems
                .push(Diagnostic::new(&codes::OUT_OF_STEP, span).arg("name", name).arg("over", over));
            return Vec::new();
        }
        open.spots(self.model, &ctx)
    }

    /// A rule that names places by `items` only is open as the names in it are.
    fn axes_of_items(&mut self, ctx: &Ctx, e: &written::Expr, open: &mut Open) {
        let mut selectors = Vec::new();
        selectors_of(e, &mut selectors);
        for text in selectors {
            let nowhere = |_: std::ops::Range<usize>| crate::source::Span::default();
            let mut scratch = crate::diag::Problems::default();
            let mut r = Resolver::new(self.model, &mut scratch, &nowhere, "");
            for pick in r.picks(ctx, &text, &(0..text.len())).unwrap_or_default() {
                match pick {
                    Pick::Columns(sec, _) => open.axis(Axis::Rows(sec), e),
                    Pick::Rows(sec, _) => open.axis(Axis::Columns(sec), e),
                    Pick::Cells(_) => {}
                }
            }
        }
    }

    /// `row:` and `column:` of `each`.
    pub(super) fn narrowed(&mut self, base: &Ctx, each: Option<&'a ast::Each>) -> Narrowed {
        let mut out = Narrowed::default();
        let Some(ast::Each::Names(names)) = each else { return out };
        for (name, selectors) in &names.0 {
            if !matches!(name.text(), "row" | "column") {
                continue;
            }
            let picks: Vec<Pick> = selectors.0.iter().flat_map(|s| self.picks(base, s)).collect();
            for (pick, said) in picks.into_iter().zip(selectors.0.iter().cycle()) {
                match (name.text(), pick) {
                    ("row", Pick::Rows(sec, rows)) => {
                        out.rows.get_or_insert_default().extend(rows.into_iter().map(|r| (sec, r)));
                    }
                    ("column", Pick::Columns(sec, columns)) => {
                        out.columns.get_or_insert_default().extend(columns.into_iter().map(|c| (sec, c)));
                    }
                    (axis, _) => {
                        let d = Diagnostic::new(&codes::WRONG_AXIS, said.span()).arg("axis", axis);
                        self.problems.push(d.arg("name", said.text()));
                    }
                }
            }
        }
        out
    }

    /// The steps of `each`: zipped names, or places as `this`; one without names where there is none.
    pub(super) fn steps(&mut self, base: &Ctx, each: Option<&'a ast::Each>) -> Vec<Step> {
        match each {
            None => vec![Step::default()],
            Some(ast::Each::Places(selectors)) => {
                let picks: Vec<Pick> = selectors.0.iter().flat_map(|s| self.picks(base, s)).collect();
                picks.iter().flat_map(|p| cells_of(self.model, p)).map(this_step).collect()
            }
            Some(ast::Each::Names(names)) => self.zipped(base, &names.0),
        }
    }

    fn zipped(&mut self, base: &Ctx, names: &'a [(Str, crate::parse::shapes::OneOrMany<Str>)]) -> Vec<Step> {
        let mut lists: Vec<(&Str, Vec<written::Expr>)> = Vec::new();
        let mut said: Vec<(&Str, &[Str])> = Vec::new();
        for (name, list) in names {
            match name.text() {
                "row" | "column" => {}
                word if ZIPPED.contains(&word) => said.push((name, &list.0)),
                _ => {
                    self.unhidden(base, name);
                    let paths: Vec<_> = list.0.iter().map(|s| (s, self.paths(s))).collect();
                    if paths.iter().any(|(text, paths)| !self.are_known(base, text, paths)) {
                        return Vec::new();
                    }
                    lists.push((name, paths.into_iter().flat_map(|p| p.1).collect()));
                }
            }
        }
        let lengths = || lists.iter().map(|l| (l.0, l.1.len())).chain(said.iter().map(|s| (s.0, s.1.len())));
        let longest = lengths().map(|l| l.1).max().unwrap_or(1);
        for (name, length) in lengths().filter(|l| l.1 != longest) {
            let d = Diagnostic::new(&codes::UNEVEN_EACH, name.span()).arg("name", name.text());
            self.problems.push(d.arg("length", length).arg("longest", longest));
        }
        if lengths().any(|l| l.1 != longest) {
            return Vec::new();
        }
        (0..longest).map(|i| step(i, &lists, &said)).collect()
    }

    /// Names of `each` must not hide others.
    fn unhidden(&mut self, base: &Ctx, name: &Str) {
        let locate = |_: std::ops::Range<usize>| name.span();
        let ident = written::Ident { text: name.text().to_owned(), range: 0..0 };
        let _ = Resolver::new(self.model, self.problems, &locate, "").unhidden(base, &ident);
    }

    /// Whether the paths of a selector name something; what does not is reported where it stands.
    fn are_known(&mut self, base: &Ctx, text: &Str, paths: &[written::Expr]) -> bool {
        let source = self.sources.get(text.span().file).map_or("", |f| f.text.as_str());
        let locate = |range: std::ops::Range<usize>| text.0.locate(source, range);
        let ctx = without_binds(base);
        let mut r = Resolver::new(self.model, self.problems, &locate, text.text());
        paths.iter().filter(|path| r.symbol(&ctx, path).is_err()).count() == 0
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

fn this_step(place: (SecIx, CellId)) -> Step {
    Step { this: Some(place), ..Step::default() }
}

fn step(i: usize, lists: &[(&Str, Vec<written::Expr>)], said: &[(&Str, &[Str])]) -> Step {
    let mut step = Step::default();
    for (name, list) in lists {
        if let Some(e) = list.get(i) {
            step.binds.push((name.text().to_owned(), e.clone()));
        }
    }
    for (name, list) in said {
        let Some(value) = list.get(i).cloned() else { continue };
        match name.text() {
            "id" => step.id = Some(value),
            "tolerance" => step.facts.tolerance = Some(value),
            "severity" => step.facts.severity = Some(value),
            _ => step.facts.message = Some(crate::parse::shapes::Text::plain(value)),
        }
    }
    step
}

/// The texts of `items("…")`.
fn selectors_of(e: &written::Expr, out: &mut Vec<String>) {
    if let written::Kind::Call(name, args) = &e.kind
        && name.text == "items"
        && let Some(written::Expr { kind: written::Kind::Str(text), .. }) = args.first()
    {
        out.push(text.clone());
    }
    e.each_child(&mut |child| selectors_of(child, out));
}

/// The place of a cell that is called `this`.
fn this_spot(model: &Model, ctx: &Ctx, sec: SecIx, cell: CellId) -> Option<Spot> {
    let spot = spot_of(model, sec, cell);
    let s = model.sec(sec)?;
    let row = spot.ctx.row.and_then(|r| s.rows.get(r.row));
    if row.is_some_and(|r| r.calculated) {
        return None;
    }
    let column = row.and_then(|r| r.cells.iter().position(|at| *at == At::Cell(cell))).map(|c| (sec, c));
    let ctx = Ctx {
        binds: ctx.binds.clone(),
        this: ctx.this,
        table: ctx.table.or(spot.ctx.table),
        column,
        ..spot.ctx
    };
    Some(Spot { ctx, home: spot.home })
}

/// The cells of a pick with their section, calculated rows left out.
fn cells_of(model: &Model, pick: &Pick) -> Vec<(SecIx, CellId)> {
    let of = |sec: SecIx, wanted: &dyn Fn(usize, usize) -> bool| {
        let rows = model.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default();
        let cells = rows.iter().enumerate().filter(|(_, row)| !row.calculated);
        let cells = cells.flat_map(|(r, row)| row.cells.iter().enumerate().map(move |(c, at)| (r, c, at)));
        let found = cells.filter(|(r, c, _)| wanted(*r, *c)).filter_map(|(_, _, at)| match at {
            At::Cell(c) => Some((sec, *c)),
            _ => None,
        });
        found.collect()
    };
    match pick {
        Pick::Columns(sec, columns) => of(*sec, &|_, c| columns.contains(&c)),
        Pick::Rows(sec, rows) => of(*sec, &|r, _| rows.contains(&r)),
        Pick::Cells(cells) => {
            let section = |c: &CellId| {
                let holds = |s: &super::model::SectionModel| s.all_cells().contains(c);
                model.sections.iter().position(holds).map(|s| (s, *c))
            };
            cells.iter().filter_map(section).collect()
        }
    }
}

/// What `each` narrows axes to.
#[derive(Debug, Clone, Default)]
pub struct Narrowed {
    rows: Option<Vec<(SecIx, usize)>>,
    columns: Option<Vec<(SecIx, usize)>>,
}

/// The period or codes of a column: axis and code.
type Over = Vec<(String, String)>;

/// An axis that a name leaves open.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Axis {
    /// Every row of a section.
    Rows(SecIx),
    /// Every column of a section.
    Columns(SecIx),
    /// Every group of a block.
    Groups(SecIx, BlockId),
}

/// An open axis and the name that leaves it open.
#[derive(Debug, Clone)]
struct Opened {
    axis: Axis,
    name: String,
    range: std::ops::Range<usize>,
    /// 0: of the condition, 1: of `when`.
    text: u8,
}

impl Opened {
    /// The axis in words: English, Chinese.
    fn words(&self, model: &Model) -> (String, String) {
        let (sec, en, zh) = match self.axis {
            Axis::Rows(sec) => (sec, "every row", "每一行"),
            Axis::Columns(sec) => (sec, "every column", "每一列"),
            Axis::Groups(sec, _) => (sec, "every group", "每一组"),
        };
        let section = model.sec(sec);
        let table = section.and_then(|s| model.tables.get(s.table?)).map_or("", |t| t.id.as_str());
        let id = section.map_or("", |s| s.id.as_str());
        let of = [table, id].into_iter().filter(|x| !x.is_empty()).collect::<Vec<_>>().join(".");
        let name = &self.name;
        (format!("{en} of {of} (`{name}`)"), format!("{of} 的{zh}（{name}）"))
    }
}

/// Which axes a condition leaves open.
#[derive(Debug, Default)]
struct Open {
    narrowed: Narrowed,
    axes: Vec<Opened>,
    over: Vec<Over>,
    /// The spread names: text, place, name, what each runs over.
    spread: Vec<(u8, std::ops::Range<usize>, String, Vec<Over>)>,
    /// Names bound by quantifiers.
    bound: Vec<String>,
    text: u8,
}

impl Open {
    fn axis(&mut self, axis: Axis, e: &written::Expr) {
        if !self.axes.iter().any(|a| a.axis == axis) {
            self.axes.push(Opened { axis, name: e.to_string(), range: e.range.clone(), text: self.text });
        }
    }

    fn scan(&mut self, model: &Model, ctx: &Ctx, e: &written::Expr) {
        use written::Kind as K;
        match &e.kind {
            K::Name(_) | K::Path(..) => self.name(model, ctx, e),
            K::Filter(of, _) => self.scan(model, ctx, of),
            K::Call(name, _) if name.text == "items" => {}
            K::Call(name, _) if super::calls::meant(&name.text) == "same_row" => {
                if let Some(sec) = ctx.section.filter(|s| model.sec(*s).is_some_and(|s| !s.rows.is_empty())) {
                    self.axis(Axis::Rows(sec), e);
                }
            }
            K::Quant { binders, body, .. } => {
                binders.iter().for_each(|b| self.scan(model, ctx, &b.1));
                let before = self.bound.len();
                self.bound.extend(binders.iter().map(|b| b.0.text.clone()));
                self.scan(model, ctx, body);
                self.bound.truncate(before);
            }
            _ => e.each_child(&mut |child| self.scan(model, ctx, child)),
        }
    }

    fn name(&mut self, model: &Model, ctx: &Ctx, e: &written::Expr) {
        if self.bound.iter().any(|b| b == root_name(e)) {
            return;
        }
        let Some(sym) = symbol(model, ctx, e) else { return };
        match sym {
            Sym::Columns(sec, columns) => {
                self.axis(Axis::Rows(sec), e);
                if columns.len() > 1 {
                    self.spread(model, sec, &columns, e);
                }
            }
            Sym::Group(sec, _) | Sym::Specify(sec, ..) => self.axis(Axis::Rows(sec), e),
            Sym::Fields(sec, set) => self.fields(model, sec, set, e),
            Sym::Row(sec, _) => self.axis(Axis::Columns(sec), e),
            Sym::At(At::Cell(c), _) => {
                let home = model.cells.get(c.ix()).and_then(|c| c.home.block);
                let holds = |h| {
                    model.sections.iter().position(|s| s.blocks.iter().any(|b| b.block == h)).map(|s| (s, h))
                };
                if let Some((sec, block)) = home.and_then(holds) {
                    self.axis(Axis::Groups(sec, block), e);
                }
            }
            _ => {}
        }
    }

    /// A spread field, or a group of fields: in each group if they are those of groups.
    fn fields(&mut self, model: &Model, sec: SecIx, set: usize, e: &written::Expr) {
        let Some(set) = model.sec(sec).and_then(|s| s.field_sets.get(set)) else { return };
        if let Some(block) = set.home {
            self.axis(Axis::Groups(sec, block), e);
        }
        if set.spread && set.cells.len() > 1 {
            let cells = set.cells.iter().filter_map(|c| model.cells.get(c.ix()));
            self.runs_over(cells.map(|c| c.over.clone()).collect(), e);
        }
    }

    /// The periods or codes a spread name runs over, those of the columns `each` leaves.
    fn spread(&mut self, model: &Model, sec: SecIx, columns: &[usize], e: &written::Expr) {
        let left = |c: &usize| self.narrowed.columns.as_ref().is_none_or(|n| n.contains(&(sec, *c)));
        let any = columns.iter().any(left);
        let sets: Vec<_> = columns
            .iter()
            .filter(|c| !any || left(c))
            .filter_map(|c| model.sec(sec)?.columns.get(*c).map(|c| c.over.clone()))
            .collect();
        self.runs_over(sets, e);
    }

    fn runs_over(&mut self, sets: Vec<Over>, e: &written::Expr) {
        self.spread.push((self.text, e.range.clone(), e.to_string(), sets.clone()));
        for set in sets {
            let within = |a: &[(String, String)], b: &[(String, String)]| a.iter().all(|x| b.contains(x));
            if self.over.iter().any(|known| within(&set, known)) {
                continue;
            }
            self.over.retain(|known| !within(known, &set));
            self.over.push(set);
        }
    }

    /// A spread name that has no column where another has one.
    fn out_of_step(&self) -> Option<(u8, std::ops::Range<usize>, String, String)> {
        self.over.iter().find_map(|over| {
            let fits = |set: &Over| set.iter().all(|x| over.contains(x));
            let (text, range, name, _) = self.spread.iter().find(|s| !s.3.iter().any(fits))?;
            let over: Vec<&str> = over.iter().map(|o| o.1.as_str()).collect();
            Some((*text, range.clone(), name.clone(), over.join(", ")))
        })
    }

    /// Two axes that cannot both be open.
    fn conflict(&self, model: &Model) -> Option<(Opened, Opened)> {
        let agree = |a: &Axis, b: &Axis| match (a, b) {
            (Axis::Groups(s, x), Axis::Groups(t, y)) => {
                s == t && (model.chain(Some(*x)).contains(y) || model.chain(Some(*y)).contains(x))
            }
            (Axis::Groups(s, _), Axis::Rows(t)) | (Axis::Rows(t), Axis::Groups(s, _)) => s == t,
            (a, b) => a == b,
        };
        self.axes.iter().enumerate().find_map(|(i, second)| {
            let first = self.axes.iter().take(i).find(|first| !agree(&first.axis, &second.axis))?;
            Some((first.clone(), second.clone()))
        })
    }

    fn spots(&self, model: &Model, ctx: &Ctx) -> Vec<Spot> {
        let overs = if self.over.is_empty() { vec![Vec::new()] } else { self.over.clone() };
        overs.into_iter().flat_map(|over| self.along(model, &Ctx { over, ..ctx.clone() })).collect()
    }

    fn along(&self, model: &Model, ctx: &Ctx) -> Vec<Spot> {
        let rows = self.axes.iter().find_map(|a| if let Axis::Rows(s) = a.axis { Some(s) } else { None });
        let columns =
            self.axes.iter().find_map(|a| if let Axis::Columns(s) = a.axis { Some(s) } else { None });
        match (rows, columns) {
            (Some(sec), _) => row_spots(model, ctx, sec, &self.narrowed),
            (None, Some(sec)) => column_spots(model, ctx, sec, &self.narrowed),
            (None, None) => vec![self.single(model, ctx)],
        }
    }

    /// One place, or every group of the innermost block whose fields are named.
    fn single(&self, model: &Model, ctx: &Ctx) -> Spot {
        let groups = self.axes.iter().filter_map(|a| match a.axis {
            Axis::Groups(sec, block) => Some((model.chain(Some(block)).len(), sec, block)),
            _ => None,
        });
        match groups.max_by_key(|g| g.0) {
            Some((_, sec, block)) => {
                let group = Some((sec, GroupAt::Repeated(block)));
                Spot { ctx: Ctx { section: Some(sec), group, ..ctx.clone() }, home: Some(block) }
            }
            None => Spot { ctx: ctx.clone(), home: None },
        }
    }
}

/// The name a path begins with.
fn root_name(e: &written::Expr) -> &str {
    match &e.kind {
        written::Kind::Path(of, _) | written::Kind::Filter(of, _) => root_name(of),
        written::Kind::Name(n) => n,
        _ => "",
    }
}

fn symbol(model: &Model, ctx: &Ctx, e: &written::Expr) -> Option<Sym> {
    match &e.kind {
        written::Kind::Name(n) => match ctx.binds.iter().find(|b| b.0 == *n) {
            Some((_, target)) => symbol(model, &without_binds(ctx), target),
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
        Some(rows) => rows.contains(&(sec, i)) && !calculated,
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
