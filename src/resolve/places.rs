//! Facts of places that can fail, to guards and rules.

use super::classify;
use super::expr::{by_key, cell_type, constant, literal};
use super::facts::Use;
use super::model::{At, Model};
use super::rules::{Rules, Spot, both, qualified};
use super::scope::{Ctx, GroupAt, RowAt};
use crate::diag::{Diagnostic, codes};
use crate::ir::expr::{Expr, Kind, Part, Time, Ty};
use crate::ir::rule::{Check, Fact, Instance, Origin, Rule};
use crate::ir::{BlockId, CellId, Source, Type};
use crate::parse::ast::RuleFacts;
use crate::parse::shapes::{FactUse, Str};
use crate::source::Span;
use formwright_engine::{Class, Date, Decimal, Value};
use std::collections::BTreeMap;

/// The place of a cell, for conditions of its facts.
pub fn spot_of(model: &Model, sec: usize, cell: CellId) -> Spot {
    let table = model.sec(sec).and_then(|s| s.table);
    let mut ctx = Ctx { table, section: Some(sec), ..Ctx::default() };
    let c = model.cells.get(cell.ix());
    let home = c.and_then(|c| c.home.block);
    ctx.over = c.map(|c| c.over.clone()).unwrap_or_default();
    let base = c.and_then(|c| c.specifies).unwrap_or(cell);
    if let Some(s) = model.sec(sec) {
        let row = s.row_of(base);
        if let Some(r) = row.and_then(|i| s.rows.get(i).map(|r| (i, r))) {
            ctx.row = Some(RowAt { sec, row: r.0, scope: 0 });
            let outer = model.chain(r.1.home).into_iter().nth(usize::from(r.1.repeats));
            ctx.group = outer
                .map(|b| (sec, GroupAt::Repeated(b)))
                .or_else(|| r.1.fixed_group.clone().map(|g| (sec, GroupAt::Fixed(g))));
        } else if let Some(b) = home {
            ctx.group = Some((sec, GroupAt::Repeated(b)));
        }
    }
    Spot { ctx, home }
}

/// A read of a cell at its own place.
pub fn read(model: &Model, cell: CellId, scope: u8) -> Expr {
    let ty = model.cells.get(cell.ix()).map_or(Ty::Any, cell_type);
    Expr { kind: Kind::Cell { cell, scope, time: Time::Now }, ty, range: 0..0 }
}

/// A call picked by name and types; `None` if there is no such row.
pub fn call(model: &Model, name: &str, args: Vec<Expr>) -> Option<Expr> {
    let types: Vec<Ty> = args.iter().map(|a| a.ty.clone()).collect();
    let (id, ty) = super::infer::call(name, &types, &model.units, &model.lists).ok()?;
    Some(Expr { kind: Kind::Call(id, args), ty, range: 0..0 })
}

/// The condition under which a place is not certainly inapplicable.
pub fn not_false(condition: Expr) -> Expr {
    let yes = constant(Value::Bool(true), Ty::Bool, 0..0);
    let no = constant(Value::Bool(false), Ty::Bool, 0..0);
    let not = by_key("not", vec![condition], Ty::Bool);
    Expr { kind: Kind::If(Box::new([not, no, yes])), ty: Ty::Bool, range: 0..0 }
}

/// What the facts of all cells become.
pub struct Places<'r, 'a> {
    /// Lowers conditions.
    pub rules: &'r mut Rules<'a>,
    /// Conditions of `applies`, by cell: to be certain (for required), and not certainly false (for everything else).
    pub certain: &'r BTreeMap<CellId, Expr>,
    /// Found calculations.
    pub calculated: Vec<(CellId, Expr)>,
    /// Cells that are required always, or under a condition.
    pub required: Vec<(CellId, bool)>,
    /// The condition of the edition whose facts are at hand.
    pub edition: Option<Expr>,
}

impl<'r, 'a> Places<'r, 'a> {
    /// Nothing found yet.
    pub fn new(rules: &'r mut Rules<'a>, certain: &'r BTreeMap<CellId, Expr>) -> Self {
        Places { rules, certain, calculated: Vec::new(), required: Vec::new(), edition: None }
    }

    /// Rules of every fact of a cell.
    pub fn cell(&mut self, sec: usize, cell: CellId, uses: &[&Use], section_kind: Option<&Str>) {
        let spot = spot_of(self.rules.model, sec, cell);
        let model = self.rules.model;
        let Some(c) = model.cells.get(cell.ix()) else { return };
        let of_type = self.rules.facts(&RuleFacts::default(), section_kind);
        self.raw(&spot, cell, c, &of_type);
        self.ranges(&spot, cell, c, uses, &of_type);
        for u in uses {
            self.stated(&spot, cell, c, u, section_kind);
        }
    }

    fn id(&self, spot: &Spot, node: &str, fact: Fact, own: Option<&Str>) -> String {
        match own {
            Some(own) => qualified(self.rules.model, spot.ctx.table, &[own.text()]),
            None => qualified(self.rules.model, spot.ctx.table, &[node, ".", fact.name()]),
        }
    }

    fn rule(
        &mut self,
        spot: &Spot,
        node: &str,
        fact: Fact,
        facts: &RuleFacts,
        source: String,
        span: Span,
    ) -> Rule {
        let id = self.id(spot, node, fact, facts.id.as_ref());
        let mut r = self.rules.shell(id, spot.ctx.table, Origin::Fact(fact), facts, source, span);
        r.class = self.rules.class(facts, classify::fact_class(fact));
        r
    }

    fn instance(
        &mut self,
        spot: &Spot,
        cell: CellId,
        when: Option<Expr>,
        check: Check,
        facts: &RuleFacts,
        names: &[(String, Span)],
    ) -> Instance {
        let when = both(when, self.edition.clone());
        let dummy = constant(Value::Bool(true), Ty::Bool, 0..0);
        let mut i = self.rules.placed(spot, None, dummy, None, facts, names);
        let c = self.rules.model.cells.get(cell.ix());
        i.place.column = c.map(|c| c.declared.clone());
        if i.place.label.is_empty() {
            i.place.label = c.map(|c| c.spoken.clone()).unwrap_or_default();
        }
        if let Check::Holds(e) = &check {
            i.reads = e
                .cells()
                .into_iter()
                .chain(when.iter().flat_map(Expr::cells))
                .filter(|x| *x != cell)
                .collect();
            i.reads.dedup();
        }
        Instance { when, check, target: Some(cell), ..i }
    }

    /// Facts that the reader checks: type, scale, digits, list.
    fn raw(&mut self, spot: &Spot, cell: CellId, c: &crate::ir::Cell, facts: &RuleFacts) {
        let mut kinds = vec![Fact::Type];
        if c.ty.is_numeric() {
            kinds.push(Fact::Digits);
            if c.ty != Type::Count {
                kinds.push(Fact::Scale);
            }
        }
        if matches!(c.ty, Type::Code(_) | Type::Codes(_)) {
            kinds.push(Fact::List);
        }
        let place = self.instance(spot, cell, None, Check::Raw, facts, &[]);
        for kind in kinds {
            // Most places are those of a column that has its rule by its first row.
            let id = self.id(spot, &c.declared, kind, None);
            if let Some(same) = self.rules.out.same(&id, Origin::Fact(kind), facts.kind.as_ref()) {
                same.instances.push(place.clone());
                continue;
            }
            let source = match kind {
                Fact::Type => format!("type: {}", c.ty.name()),
                Fact::Scale => format!("scale: {}", c.scale),
                Fact::Digits => format!("digits: {}", c.digits),
                _ => "list".to_owned(),
            };
            let mut r = self.rule(spot, &c.declared, kind, facts, source, c.span);
            r.instances = vec![place.clone()];
            self.rules.out.push(r);
        }
    }

    /// Bounds that come from the type.
    fn ranges(&mut self, spot: &Spot, cell: CellId, c: &crate::ir::Cell, uses: &[&Use], facts: &RuleFacts) {
        for (kind, bound) in [(Fact::Min, c.bounds.min), (Fact::Max, c.bounds.max)] {
            let Some(bound) = bound else { continue };
            if uses.iter().any(|u| u.kind == kind) {
                continue;
            }
            let limit = constant(Value::Num(bound), literal(bound), 0..0);
            let sign = if kind == Fact::Min { ">=" } else { "<=" };
            let check = call(self.rules.model, sign, vec![read(self.rules.model, cell, 0), limit]);
            let source = format!("{}: {bound}", kind.name());
            self.checked(spot, cell, (&c.declared, kind), facts, check, source, c.span);
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn checked(
        &mut self,
        spot: &Spot,
        cell: CellId,
        (node, kind): (&str, Fact),
        facts: &RuleFacts,
        check: Option<Expr>,
        source: String,
        span: Span,
    ) {
        let Some(check) = check else { return };
        let when = self.rules.guards.get(&cell).cloned();
        let mut r = self.rule(spot, node, kind, facts, source, span);
        let names = self.rules.message(&mut r, facts);
        r.instances = vec![self.instance(spot, cell, when, Check::Holds(check), facts, &names)];
        self.rules.out.add(r);
    }

    fn stated(
        &mut self,
        spot: &Spot,
        cell: CellId,
        c: &crate::ir::Cell,
        u: &Use,
        section_kind: Option<&Str>,
    ) {
        let facts = self.rules.facts(&u.stated.rule, section_kind);
        let source = format!("{}: {}", u.kind.name(), u.stated.value.text());
        self.edition = self.rules.edition(&spot.ctx, u, &facts);
        if self.edition.is_none() && u.when.is_some() {
            return;
        }
        match u.kind {
            Fact::Required => self.required(spot, cell, u, &facts, source),
            Fact::Applies => self.applies(spot, cell, u, &facts, source),
            Fact::Calculated => self.calculated(spot, cell, u, &facts, source),
            _ => {
                let check = self.limit(spot, cell, c, u, &facts);
                self.checked(spot, cell, (&u.node, u.kind), &facts, check, source, u.stated.span);
            }
        }
        self.edition = None;
    }

    /// The condition of a bound.
    fn limit(
        &mut self,
        spot: &Spot,
        cell: CellId,
        c: &crate::ir::Cell,
        u: &Use,
        facts: &RuleFacts,
    ) -> Option<Expr> {
        let it = read(self.rules.model, cell, 0);
        let (sign, left) = match u.kind {
            Fact::Min => (">=", it),
            Fact::Max => ("<=", it),
            Fact::MinLength => (">=", call(self.rules.model, "string length", vec![it])?),
            Fact::MaxLength => ("<=", call(self.rules.model, "string length", vec![it])?),
            Fact::MinChoices | Fact::MaxChoices => {
                let ty = Ty::Num { scale: 0, dim: crate::ir::expr::Dim::Pure, digits: 6 };
                let n = by_key("choices", vec![it], ty);
                (if u.kind == Fact::MinChoices { ">=" } else { "<=" }, n)
            }
            _ => return self.pattern(it, u),
        };
        let right = self.value(spot, c, u, facts)?;
        let made = call(self.rules.model, sign, vec![left, right]);
        if made.is_none() && !self.rules.model.unsure.contains(&cell) {
            let d = Diagnostic::new(&codes::WRONG_BOUND, u.stated.span)
                .arg("fact", u.kind.name())
                .arg("value", u.stated.value.text());
            self.rules.problems.push(d);
        }
        made
    }

    fn pattern(&mut self, it: Expr, u: &Use) -> Option<Expr> {
        let text = u.stated.value.text();
        if let Err(what) = formwright_engine::pattern::parse(text) {
            let d = Diagnostic::new(&codes::BAD_PATTERN, u.stated.value.span()).arg("what", what);
            self.rules.problems.push(d);
            return None;
        }
        let whole = format!("^(?:{text})$");
        let pattern = constant(Value::Text(whole.as_str().into()), Ty::Text, 0..0);
        call(self.rules.model, "matches", vec![it, pattern])
    }

    /// A bound's value: a literal, or an expression.
    fn value(&mut self, spot: &Spot, c: &crate::ir::Cell, u: &Use, facts: &RuleFacts) -> Option<Expr> {
        let text = u.stated.value.text();
        let dated = matches!(c.ty, Type::Date | Type::Month | Type::Year);
        if let Some(d) = Date::parse(text).filter(|_| dated) {
            return Some(constant(Value::Date(d), Ty::Date(d.precision()), 0..0));
        }
        if let Some(n) = Decimal::parse(text) {
            return Some(constant(Value::Num(n), literal(n), 0..0));
        }
        if dated && text.chars().all(|c| c.is_ascii_digit() || "/-.年月日 ".contains(c)) {
            let d = Diagnostic::new(&codes::BAD_DATE, u.stated.value.span()).arg("text", text);
            self.rules.problems.push(d);
            return None;
        }
        self.expression(spot, &u.stated.value, facts, false)
    }

    fn expression(&mut self, spot: &Spot, text: &Str, facts: &RuleFacts, condition: bool) -> Option<Expr> {
        let parsed = self.rules.expressions.parse(self.rules.problems, text)?;
        let text = super::rules::Text2 { expr: parsed, scalar: text };
        self.rules.at(&spot.ctx, &text, facts, condition).ok()
    }

    /// What fills a cell before a person does: a value of the context.
    pub fn prefill(&mut self, ix: usize, sec: usize, from: &Str, locked: bool) -> Option<(usize, Source)> {
        let cell = CellId(u32::try_from(ix).ok()?);
        let spot = spot_of(self.rules.model, sec, cell);
        let from = self.expression(&spot, from, &RuleFacts::default(), false)?;
        Some((ix, Source::Prefilled { from, locked }))
    }

    fn required(&mut self, spot: &Spot, cell: CellId, u: &Use, facts: &RuleFacts, source: String) {
        let always = u.stated.value.text() == "true";
        if u.stated.value.text() == "false" {
            return;
        }
        let condition = if always { None } else { self.expression(spot, &u.stated.value, facts, true) };
        if !always && condition.is_none() {
            return;
        }
        self.required.push((cell, always && self.edition.is_none()));
        let when = both(self.certain.get(&cell).cloned(), condition);
        let filled = by_key("filled", vec![read(self.rules.model, cell, 0)], Ty::Bool);
        let mut r = self.rule(spot, &u.node, Fact::Required, facts, source, u.stated.span);
        r.final_only = true;
        let names = self.rules.message(&mut r, facts);
        r.instances = vec![self.instance(spot, cell, when, Check::Holds(filled), facts, &names)];
        self.rules.out.add(r);
    }

    fn applies(&mut self, spot: &Spot, cell: CellId, u: &Use, facts: &RuleFacts, source: String) {
        let otherwise = u.stated.otherwise.as_ref().map_or("blank", Str::text);
        let Some(condition) = self.expression(spot, &u.stated.value, facts, true) else { return };
        if condition.cells().contains(&cell) {
            return;
        }
        let it = read(self.rules.model, cell, 0);
        let zero = constant(Value::Num(Decimal::ZERO), literal(Decimal::ZERO), 0..0);
        let check = match otherwise {
            "blank" => Some(by_key("blank", vec![it.clone()], Ty::Bool)),
            "zero" => self.fits(call(self.rules.model, "=", vec![it.clone(), zero]), u, otherwise),
            "mark" if self.rules.model.cells.get(cell.ix()).is_some_and(|c| c.marks.is_empty()) => {
                self.fits(None, u, otherwise)
            }
            "mark" => call(self.rules.model, "mark", vec![it.clone()])
                .and_then(|m| call(self.rules.model, "filled", vec![m])),
            "keep" => None,
            other => {
                let d = Diagnostic::new(&codes::BAD_WORD, u.stated.span)
                    .arg("word", other)
                    .arg("known", "blank, zero, keep, mark");
                self.rules.problems.push(d.suggest(other, ["blank", "zero", "keep", "mark"]));
                None
            }
        };
        let Some(check) = check else { return };
        let when = by_key("not", vec![condition], Ty::Bool);
        if otherwise == "blank" {
            return self.otherwise(spot, cell, u, facts, source, (when, check), false);
        }
        // What stands there is judged at once; that nothing does, in a final return.
        let filled = by_key("filled", vec![it.clone()], Ty::Bool);
        let blank = by_key("blank", vec![it], Ty::Bool);
        let missing = if otherwise == "zero" { filled.clone() } else { check.clone() };
        let written = super::rules::all_of(when.clone(), filled);
        self.otherwise(spot, cell, u, facts, source.clone(), (written, check), false);
        let unwritten = super::rules::all_of(when, blank);
        self.otherwise(spot, cell, u, facts, source, (unwritten, missing), true);
    }

    /// What a place must be where it does not apply.
    #[allow(clippy::too_many_arguments)]
    fn otherwise(
        &mut self,
        spot: &Spot,
        cell: CellId,
        u: &Use,
        facts: &RuleFacts,
        source: String,
        (when, check): (Expr, Expr),
        is_missing: bool,
    ) {
        let mut r = self.rule(spot, &u.node, Fact::Applies, facts, source, u.stated.span);
        r.final_only = is_missing;
        if is_missing {
            r.class = self.rules.class(facts, Class::Completeness);
        }
        let names = self.rules.message(&mut r, facts);
        r.instances = vec![self.instance(spot, cell, Some(when), Check::Holds(check), facts, &names)];
        self.rules.out.add(r);
    }

    /// A check that the type of the place allows.
    fn fits(&mut self, check: Option<Expr>, u: &Use, otherwise: &str) -> Option<Expr> {
        if check.is_none() {
            let at = u.stated.otherwise.as_ref().map_or(u.stated.span, Str::span);
            let d = Diagnostic::new(&codes::WRONG_BOUND, at).arg("fact", "else").arg("value", otherwise);
            self.rules.problems.push(d);
        }
        check
    }

    fn calculated(&mut self, spot: &Spot, cell: CellId, u: &Use, facts: &RuleFacts, source: String) {
        let Some(formula) = self.expression(spot, &u.stated.value, facts, false) else { return };
        if !self.rules.model.cells.get(cell.ix()).is_some_and(|c| holds(&cell_type(c), &formula.ty)) {
            let d = Diagnostic::new(&codes::WRONG_BOUND, u.stated.value.span()).arg("fact", "calculated");
            self.rules.problems.push(d.arg("value", u.stated.value.text()));
            return;
        }
        if let (Some(c), Ty::Num { scale, .. }) = (self.rules.model.cells.get(cell.ix()), &formula.ty)
            && c.ty.is_numeric()
            && *scale > c.scale
        {
            let d = Diagnostic::new(&codes::SCALE_CUT, u.stated.value.span()).arg("found", scale);
            self.rules.problems.push(d.arg("scale", c.scale));
        }
        self.calculation(spot, cell, &u.node, facts, source, formula, u.stated.span);
    }

    /// A calculated cell: compared where it is delivered.
    #[allow(clippy::too_many_arguments)]
    pub fn calculation(
        &mut self,
        spot: &Spot,
        cell: CellId,
        node: &str,
        facts: &RuleFacts,
        source: String,
        formula: Expr,
        span: Span,
    ) {
        let mut r = self.rule(spot, node, Fact::Calculated, facts, source, span);
        let names = self.rules.message(&mut r, facts);
        let mut i = self.instance(spot, cell, None, Check::Raw, facts, &names);
        i.reads = formula.cells();
        r.instances = vec![i];
        self.rules.out.add(r);
        self.calculated.push((cell, formula));
    }

    /// A total: the sum of the rows before it.
    pub fn total(&mut self, sec: usize, cell: CellId, rows: &[usize], kind: Option<&Str>) {
        let Some(s) = self.rules.model.sec(sec) else { return };
        let column = s.rows.iter().find_map(|r| r.cells.iter().position(|a| *a == At::Cell(cell)));
        let Some(column) = column else { return };
        let model = self.rules.model;
        let Some(c) = model.cells.get(cell.ix()) else { return };
        let around = model.chain(c.home.block);
        let mut parts = Vec::new();
        for row in rows.iter().filter_map(|i| s.rows.get(*i)) {
            if let Some(At::Cell(c)) = row.cells.get(column) {
                parts.push(summand_within(self.rules.model, *c, row.home, &around));
            }
        }
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(cell_type(c))), range: 0..0 };
        let Some(sum) = call(self.rules.model, "sum", vec![list]) else { return };
        let spot = spot_of(self.rules.model, sec, cell);
        let facts = self.rules.facts(&RuleFacts::default(), kind);
        self.calculation(&spot, cell, &c.declared, &facts, "total: true".to_owned(), sum, c.span);
    }
}

/// A cell of a fixed row, or of every row of the blocks around it.
pub fn summand(model: &Model, cell: CellId, home: Option<BlockId>) -> Part {
    summand_within(model, cell, home, &[])
}

/// A cell of a fixed row, or of every row of the blocks around it that are not at hand already: those of `around`.
fn summand_within(model: &Model, cell: CellId, home: Option<BlockId>, around: &[BlockId]) -> Part {
    let mut chain = model.chain(home);
    chain.retain(|block| !around.contains(block));
    let depth = u8::try_from(chain.len()).unwrap_or(u8::MAX);
    let mut part = Part { each: None, filter: None, item: read(model, cell, depth) };
    for (i, block) in chain.into_iter().enumerate() {
        let scope = depth - u8::try_from(i).unwrap_or(0);
        if i == 0 {
            part.each = Some((block, scope));
        } else {
            let ty = Ty::List(Box::new(part.item.ty.clone()));
            let item = Expr { kind: Kind::List(vec![part]), ty, range: 0..0 };
            part = Part { each: Some((block, scope)), filter: None, item };
        }
    }
    part
}

/// A statement without rule facts.
pub fn plain_use(text: Str) -> FactUse<Str> {
    let span = text.span();
    FactUse { value: text, rule: RuleFacts::default(), of: None, otherwise: None, span }
}

/// Whether a cell is filled by people.
pub fn is_answer(source: &Source) -> bool {
    matches!(source, Source::Answer)
}

/// Whether a cell of one type can hold a value of the other; units and decimals are another matter.
fn holds(cell: &Ty, value: &Ty) -> bool {
    match (cell, value) {
        (Ty::Num { .. }, Ty::Num { .. }) | (_, Ty::Null | Ty::Any) | (Ty::Any, _) => true,
        (cell, value) => cell == value,
    }
}
