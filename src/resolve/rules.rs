//! Written rules: the places they are open over, and their meaning at each.

use super::classify;
use super::expr::{BlankPolicy, Resolver, Stop, Tolerance};
use super::model::{At, Model, SecIx};
use super::scope::{Ctx, GroupAt, RowAt, Sym};
use super::select::Pick;
use super::template::{Filler, cell_label, label_of};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::{Expr, Kind};
use crate::ir::rule::{Check, Explain, Instance, Origin, Place, Rule};
use crate::ir::{BlockId, CellId, Text, func};
use crate::parse::ast::{self, RuleFacts};
use crate::parse::expr as written;
use crate::parse::shapes::{Named, Str};
use crate::source::{SourceMap, Span};
use formwright_engine::{Class, Date, Decimal, Severity};
use std::collections::BTreeMap;

/// What lowering rules needs.
pub struct Rules<'a> {
    /// The symbol tables.
    pub model: &'a Model,
    /// The sources.
    pub sources: &'a SourceMap,
    /// The languages.
    pub languages: &'a [String],
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// Presets.
    pub kinds: &'a BTreeMap<String, RuleFacts>,
    /// By table: the number of its notes.
    pub notes: &'a [usize],
    /// Guards of cells: where one is certainly not applicable (applies conditions, the word that settles its section).
    pub guards: &'a BTreeMap<CellId, Expr>,
    /// The rules made so far.
    pub out: Vec<Rule>,
}

/// A place a rule is open over.
#[derive(Debug, Clone)]
pub struct Spot {
    /// Where names are resolved.
    pub ctx: Ctx,
    /// The block it runs over.
    pub home: Option<BlockId>,
}

/// An expression of the source, parsed, with the text it stands in.
pub struct Text2<'a> {
    /// The parsed expression.
    pub expr: written::Expr,
    /// The scalar it stands in.
    pub scalar: &'a Str,
}

impl<'a> Rules<'a> {
    /// Parses an expression; its problems are reported at their characters.
    pub fn parse(&mut self, text: &'a Str) -> Option<Text2<'a>> {
        parse_expr(self.sources, self.problems, text).map(|expr| Text2 { expr, scalar: text })
    }

    /// Resolves an expression at a place.
    pub fn at(&mut self, ctx: &Ctx, text: &Text2, facts: &RuleFacts, condition: bool) -> Result<Expr, Stop> {
        let (blank, tolerance) = (self.blank(facts), self.tolerance(facts));
        let source = self.sources.get(text.scalar.span().file).map_or("", |f| f.text.as_str());
        let scalar = &text.scalar.0;
        let locate = |r: std::ops::Range<usize>| scalar.locate(source, r);
        let mut r =
            Resolver { model: self.model, problems: self.problems, locate: &locate, blank, tolerance };
        if condition { r.condition(ctx, &text.expr) } else { r.expr(ctx, &text.expr) }
    }

    /// Places of a selector.
    pub fn picks(&mut self, ctx: &Ctx, text: &Str) -> Vec<Pick> {
        let source = self.sources.get(text.span().file).map_or("", |f| f.text.as_str());
        let locate = |r: std::ops::Range<usize>| text.0.locate(source, r);
        let mut r = Resolver {
            model: self.model,
            problems: self.problems,
            locate: &locate,
            blank: BlankPolicy::Skip,
            tolerance: None,
        };
        r.picks(ctx, text.text(), &(0..text.text().len())).unwrap_or_default()
    }

    /// Places of a selector of any lifetime.
    pub fn own_picks(&mut self, ctx: &Ctx, text: &Str) -> Vec<Pick> {
        self.picks(ctx, text)
    }

    /// A comparison with the tolerance of a fact.
    pub fn compared(
        &mut self,
        op: written::BinOp,
        l: Expr,
        r: Expr,
        stated: &crate::parse::shapes::FactUse<Str>,
    ) -> Option<Expr> {
        let tolerance = self.tolerance(&stated.rule);
        let locate = |_: std::ops::Range<usize>| stated.span;
        let mut resolver = Resolver {
            model: self.model,
            problems: self.problems,
            locate: &locate,
            blank: BlankPolicy::Skip,
            tolerance,
        };
        resolver.comparison(op, l, r, &(0..0)).ok()
    }

    /// Rule facts with those of their preset and of `default` under them.
    pub fn facts(&mut self, own: &RuleFacts, of_section: Option<&Str>) -> RuleFacts {
        let mut all = own.clone();
        let kind = own.kind.as_ref().or(of_section);
        if let Some(kind) = kind {
            match self.kinds.get(kind.text()) {
                Some(preset) => all = under(all, preset),
                None => {
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, kind.span()).arg("name", kind.text());
                    self.problems.push(d.suggest(kind.text(), self.kinds.keys().map(String::as_str)));
                }
            }
            all.kind.get_or_insert_with(|| kind.clone());
        }
        match self.kinds.get("default") {
            Some(preset) => under(all, preset),
            None => all,
        }
    }

    fn blank(&mut self, facts: &RuleFacts) -> BlankPolicy {
        match facts.blank.as_ref().map(|b| (b.text(), b.span())) {
            None | Some(("skip", _)) => BlankPolicy::Skip,
            Some(("zero", _)) => BlankPolicy::Zero,
            Some(("partial", _)) => BlankPolicy::Partial,
            Some((word, span)) => {
                self.bad_word(word, span, &["skip", "zero", "partial"]);
                BlankPolicy::Skip
            }
        }
    }

    fn bad_word(&mut self, word: &str, span: Span, known: &[&str]) {
        let d = Diagnostic::new(&codes::BAD_WORD, span).arg("word", word).arg("known", known.join(", "));
        self.problems.push(d.suggest(word, known.iter().copied()));
    }

    fn tolerance(&mut self, facts: &RuleFacts) -> Option<Tolerance> {
        let text = facts.tolerance.as_ref()?;
        if text.text() == "rounding" {
            return Some(Tolerance::Rounding);
        }
        let number = text.text().strip_suffix('%');
        match Decimal::parse(number.unwrap_or(text.text()).trim()) {
            Some(n) if number.is_some() => Some(Tolerance::Percent(n)),
            Some(n) => Some(Tolerance::Absolute(n)),
            None => {
                self.bad_word(text.text(), text.span(), &["rounding"]);
                None
            }
        }
    }

    /// A rule without its condition.
    pub fn shell(
        &mut self,
        id: String,
        table: Option<usize>,
        origin: Origin,
        facts: &RuleFacts,
        source: String,
        span: Span,
    ) -> Rule {
        let severity = match facts.severity.as_ref().map(|s| (s.text(), s.span())) {
            None | Some(("error", _)) => Severity::Error,
            Some(("warning", _)) => Severity::Warning,
            Some(("information", _)) => Severity::Information,
            Some((word, at)) => {
                self.bad_word(word, at, &["error", "warning", "information"]);
                Severity::Error
            }
        };
        let explain = match facts.explain.as_ref().map(Str::text) {
            None | Some("false") => Explain::No,
            Some("true") => Explain::Beside,
            Some(_) => Explain::Field,
        };
        self.clause(facts, table);
        Rule {
            id,
            table,
            origin,
            kind: facts.kind.as_ref().map(|k| k.text().to_owned()),
            severity,
            class: Class::Consistency,
            scope: formwright_engine::Scope::Cell,
            office: facts.by.as_ref().is_some_and(|b| b.text() == "office"),
            explain,
            final_only: false,
            message: None,
            from: facts.from.as_ref().map(|f| f.text().to_owned()),
            since: self.date(facts.since.as_ref()),
            until: self.date(facts.until.as_ref()),
            withdrawn: false,
            source,
            span,
            instances: Vec::new(),
        }
    }

    fn date(&mut self, text: Option<&Str>) -> Option<Date> {
        let text = text?;
        let found = Date::parse(text.text());
        if found.is_none() {
            self.problems.push(Diagnostic::new(&codes::BAD_DATE, text.span()).arg("text", text.text()));
        }
        found
    }

    /// `from: note 5` must name a note of the table.
    fn clause(&mut self, facts: &RuleFacts, table: Option<usize>) {
        let Some(from) = &facts.from else { return };
        let Some(n) = from.text().strip_prefix("note ").and_then(|n| n.trim().parse::<usize>().ok()) else {
            return;
        };
        let known = table.and_then(|t| self.notes.get(t)).copied().unwrap_or(0);
        if n == 0 || n > known {
            let d = Diagnostic::new(&codes::UNKNOWN_CLAUSE, from.span())
                .arg("clause", from.text())
                .arg("known", known);
            self.problems.push(d);
        }
    }

    /// Explicit class, or the derived one.
    pub fn class(&mut self, facts: &RuleFacts, derived: Class) -> Class {
        match &facts.class {
            None => derived,
            Some(word) => Class::parse(word.text()).unwrap_or_else(|| {
                let known: Vec<&str> = Class::ALL.iter().map(|c| c.as_str()).collect();
                self.bad_word(word.text(), word.span(), &known);
                derived
            }),
        }
    }

    /// A written rule of a section (or table or survey, without a section).
    pub fn rule(
        &mut self,
        table: Option<usize>,
        section: Option<SecIx>,
        rule: &'a Named<ast::Rule>,
        of_section: Option<&Str>,
    ) {
        let facts = self.facts(&rule.node.rule, of_section);
        let check = rule.node.check.as_ref().and_then(|c| self.parse(c));
        let when = rule.node.when.as_ref().and_then(|c| self.parse(c));
        let (Some(check), false) = (check, rule.node.when.is_some() && when.is_none()) else { return };
        let id = qualified(self.model, table, rule.id.text());
        let mut shell =
            self.shell(id, table, Origin::Rule, &facts, check.scalar.text().to_owned(), rule.id.span());
        shell.withdrawn = rule.node.withdrawn.is_some_and(|w| w.0);
        let base = Ctx { table, section, ..Ctx::default() };
        let spots = self.spots(&base, &check.expr, when.as_ref().map(|w| &w.expr), rule.node.each.as_ref());
        let names = self.message(&mut shell, &facts);
        for spot in &spots {
            if let Ok(Some(instance)) = self.instance(spot, &check, when.as_ref(), &facts, &names) {
                shell.instances.push(instance);
            }
        }
        self.finish(shell, &facts, rule.id.span(), !spots.is_empty());
    }

    fn finish(&mut self, mut shell: Rule, facts: &RuleFacts, span: Span, had_places: bool) {
        let known_wrong = self.problems.iter().any(|d| d.code.severity == crate::diag::Severity::Error);
        let Some(first) = shell.instances.first() else {
            if had_places && !known_wrong {
                self.problems.push(Diagnostic::new(&codes::NO_PLACE, span).arg("rule", &shell.id));
            }
            return;
        };
        if let Check::Holds(check) = &first.check {
            shell.final_only = classify::presence_only(check);
            let mut exprs = vec![check];
            exprs.extend(first.when.as_ref());
            shell.scope = classify::scope(&exprs, first.home, &self.model.cells);
            let derived = classify::rule_class(check);
            shell.class = self.class(facts, derived);
        }
        self.out.push(shell);
    }

    /// The message template of a rule; the names it uses.
    pub fn message(&mut self, rule: &mut Rule, facts: &RuleFacts) -> Vec<(String, Span)> {
        let mut names = Vec::new();
        if let Some(text) = &facts.message {
            let mut filler = Filler {
                model: self.model,
                sources: self.sources,
                languages: self.languages,
                problems: self.problems,
            };
            rule.message = Some(filler.message(text, &mut names));
        }
        names
    }

    fn instance(
        &mut self,
        spot: &Spot,
        check: &Text2,
        when: Option<&Text2>,
        facts: &RuleFacts,
        names: &[(String, Span)],
    ) -> Result<Option<Instance>, Stop> {
        let when = when.map(|w| self.at(&spot.ctx, w, facts, true)).transpose()?;
        let when = match when.map(|w| (constant_truth(&w), w)) {
            Some((Some(true), _)) | None => None,
            Some((Some(false), _)) => return Ok(None),
            Some((None, w)) => Some(w),
        };
        let check = self.at(&spot.ctx, check, facts, true)?;
        let target = target_of(&check);
        Ok(Some(self.placed(spot, when, check, target, facts, names)))
    }

    /// An instance at a place, its guard joined with that of its target.
    pub fn placed(
        &mut self,
        spot: &Spot,
        when: Option<Expr>,
        check: Expr,
        target: Option<CellId>,
        facts: &RuleFacts,
        names: &[(String, Span)],
    ) -> Instance {
        let guard = target
            .and_then(|t| self.guards.get(&t))
            .filter(|_| spot.ctx.row.is_some() || spot.home.is_none())
            .cloned();
        let when = both(when, guard);
        let reads = check
            .cells()
            .into_iter()
            .chain(when.iter().flat_map(|w| w.cells()))
            .filter(|c| Some(*c) != target);
        let mut unique = Vec::new();
        for c in reads {
            if !unique.contains(&c) {
                unique.push(c);
            }
        }
        Instance {
            home: spot.home,
            place: self.place(spot),
            when,
            explain: self.explain(spot, facts),
            bindings: self.bindings(spot, names),
            target,
            reads: unique,
            check: Check::Holds(check),
        }
    }

    fn explain(&mut self, spot: &Spot, facts: &RuleFacts) -> Option<CellId> {
        let field = facts.explain.as_ref().filter(|e| !matches!(e.text(), "true" | "false"))?;
        let found = self.cell_named(&spot.ctx, field.text());
        if found.is_none() {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, field.span()).arg("name", field.text());
            self.problems.push(d.suggest(field.text(), self.model.suggestions(&spot.ctx)));
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

    fn bindings(&mut self, spot: &Spot, names: &[(String, Span)]) -> Vec<(String, Option<CellId>, Text)> {
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
                self.problems.push(d.suggest(name, self.model.suggestions(&spot.ctx)));
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

    /// The place that findings name.
    pub fn place(&self, spot: &Spot) -> Place {
        let section = spot.ctx.section.and_then(|s| self.model.sec(s));
        let row = spot.ctx.row.and_then(|r| self.model.sec(r.sec).and_then(|s| s.rows.get(r.row)));
        let fixed = row.filter(|r| !r.repeats);
        let group = match &spot.ctx.group {
            Some((_, GroupAt::Fixed(id))) => Some(id.clone()),
            _ => row.and_then(|r| r.fixed_group.clone()),
        };
        let column = spot.ctx.column.and_then(|(s, c)| self.model.sec(s).and_then(|s| s.columns.get(c)));
        Place {
            table: spot.ctx.table,
            section: section.map(|s| s.id.clone()).filter(|id| !id.is_empty()),
            block: spot.home.and_then(|b| self.model.blocks.get(b.ix())).map(|b| b.id.clone()),
            row: fixed.map(|r| r.id.clone()),
            group,
            column: column.map(|c| c.declared.clone()),
            over: spot.ctx.over.clone(),
            label: fixed.map(|r| r.label.clone()).unwrap_or_default(),
        }
    }

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

/// Parses an expression; its problems are reported at their characters.
pub fn parse_expr(sources: &SourceMap, problems: &mut Problems, text: &Str) -> Option<written::Expr> {
    let parsed = written::parse(text.text());
    let source = sources.get(text.span().file).map_or("", |f| f.text.as_str());
    for p in parsed.problems {
        let mut d = Diagnostic::new(p.code, text.0.locate(source, p.range));
        d.args = p.args;
        d.suggestions = p.suggestions;
        d.fix = p
            .fix
            .map(|(range, replacement)| crate::diag::Fix { span: text.0.locate(source, range), replacement });
        problems.push(d);
    }
    parsed.expr
}

/// `own` where it says something, `preset` otherwise.
fn under(own: RuleFacts, preset: &RuleFacts) -> RuleFacts {
    RuleFacts {
        id: own.id,
        severity: own.severity.or_else(|| preset.severity.clone()),
        kind: own.kind,
        message: own.message.or_else(|| preset.message.clone()),
        explain: own.explain.or_else(|| preset.explain.clone()),
        by: own.by.or_else(|| preset.by.clone()),
        blank: own.blank.or_else(|| preset.blank.clone()),
        from: own.from.or_else(|| preset.from.clone()),
        tolerance: own.tolerance.or_else(|| preset.tolerance.clone()),
        since: own.since.or_else(|| preset.since.clone()),
        until: own.until.or_else(|| preset.until.clone()),
        class: own.class.or_else(|| preset.class.clone()),
    }
}

/// The id with the table before it.
pub fn qualified(model: &Model, table: Option<usize>, id: &str) -> String {
    match table.and_then(|t| model.tables.get(t)) {
        Some(t) => format!("{}.{id}", t.id),
        None => id.to_owned(),
    }
}

/// Both conditions, if there are two.
pub fn both(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    match (a, b) {
        (Some(a), Some(b)) => Some(super::expr::by_key("and", vec![a, b], crate::ir::expr::Ty::Bool)),
        (a, b) => a.or(b),
    }
}

/// The truth of a condition that is constant.
pub fn constant_truth(e: &Expr) -> Option<bool> {
    match &e.kind {
        Kind::Const(v) => Some(v.truth().is_true()),
        _ => None,
    }
}

/// The cell a condition is about: the side of its comparison that is one cell.
pub fn target_of(e: &Expr) -> Option<CellId> {
    let Kind::Call(id, args) = &e.kind else { return single_cell(e) };
    let row = id.row();
    if matches!(row.role, func::Role::Not) {
        return args.first().and_then(target_of);
    }
    let sides: Vec<Option<CellId>> = args.iter().take(2).map(single_cell).collect();
    match (row.role, sides.as_slice()) {
        (func::Role::Compare(_), [None, Some(right)]) => Some(*right),
        (_, [Some(left), ..]) => Some(*left),
        _ => None,
    }
}

fn single_cell(e: &Expr) -> Option<CellId> {
    match &e.kind {
        Kind::Cell { cell, scope: 0, .. } => Some(*cell),
        Kind::Call(id, args) if id.row().role == func::Role::OrZero => args.first().and_then(single_cell),
        _ => None,
    }
}
