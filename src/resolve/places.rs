//! Facts of places to types, guards and rules.

use super::classify;
use super::expr::{Resolver, by_key, cell_type, constant, literal};
use super::facts::{Use, each_use, of_item, overlay};
use super::model::{At, Model};
use super::rules::{Rules, Spot, both, qualified};
use super::scope::{Ctx, GroupAt, RowAt};
use super::select::Pick;
use super::structure::{Gone, Proto};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::{Expr, Kind, Part, Time, Ty};
use crate::ir::rule::{Check, Fact, Instance, Origin, Rule};
use crate::ir::{Bounds, CellId, ListId, MarkId, PeriodId, Source, Type, UnitId};
use crate::parse::ast::{self, Facts, RuleFacts};
use crate::parse::shapes::{FactUse, Str};
use crate::source::Span;
use formwright_engine::{Date, Decimal, Value};
use std::collections::BTreeMap;

/// Lays the items of `cells` over the places they mean.
pub fn lay_over(rules: &mut Rules, protos: &mut [Proto], sec: usize, items: &[ast::CellsItem]) {
    let ctx = Ctx { table: rules.model.sec(sec).and_then(|s| s.table), section: Some(sec), ..Ctx::default() };
    for item in items.iter().filter(|i| !i.na.is_some_and(|n| n.0)) {
        let facts = of_item(item);
        let selectors = item.at.as_ref().map(|a| a.0.as_slice()).unwrap_or_default();
        let node = selectors.first().map(|at| first_name(at.text())).unwrap_or_default();
        for at in selectors {
            // the text lives as long as the source tree; picks only reads it
            for pick in rules_picks(rules, &ctx, at) {
                for cell in flat(rules.model, &pick) {
                    if let Some(p) = protos.get_mut(cell.ix()) {
                        p.over.push((node.clone(), facts.clone()));
                    }
                }
            }
        }
    }
}

/// The places of a grid that items of `cells` make ——.
pub fn gone(rules: &mut Rules, sec: usize, items: &[ast::CellsItem]) -> Gone {
    let ctx = Ctx { table: rules.model.sec(sec).and_then(|s| s.table), section: Some(sec), ..Ctx::default() };
    let mut cells = Vec::new();
    for at in items.iter().filter(|i| i.na.is_some_and(|n| n.0)).flat_map(|i| &i.at).flat_map(|a| &a.0) {
        for pick in rules_picks(rules, &ctx, at) {
            cells.extend(flat(rules.model, &pick));
        }
    }
    let rows = rules.model.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default();
    let mut out = Gone::new();
    for (r, row) in rows.iter().enumerate() {
        let is_gone = |at: &At| matches!(at, At::Cell(c) if cells.contains(c));
        out.extend(row.cells.iter().enumerate().filter(|(_, at)| is_gone(at)).map(|(c, _)| (r, c)));
    }
    out
}

fn rules_picks(rules: &mut Rules, ctx: &Ctx, at: &Str) -> Vec<Pick> {
    let source = rules.sources.get(at.span().file).map_or("", |f| f.text.as_str());
    let locate = |r: std::ops::Range<usize>| at.0.locate(source, r);
    let mut r = Resolver::new(rules.model, rules.problems, &locate, at.text());
    r.picks(ctx, at.text(), &(0..at.text().len())).unwrap_or_default()
}

fn first_name(selector: &str) -> String {
    let name = selector.split([',', '.']).next().unwrap_or(selector).trim();
    let last =
        if selector.contains("..") { name } else { selector.split(',').next().unwrap_or(selector).trim() };
    last.trim_end_matches(".*").rsplit('.').next().unwrap_or(last).trim_matches('`').to_owned()
}

/// Every cell of a pick.
pub fn flat(model: &Model, pick: &Pick) -> Vec<CellId> {
    let mut out = Vec::new();
    let (sec, rows, columns) = match pick {
        Pick::Cell(c) => return vec![*c],
        Pick::Columns(s, c) => (*s, None, Some(c)),
        Pick::Rows(s, r) => (*s, Some(r), None),
    };
    for (r, row) in model.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default().iter().enumerate() {
        for (c, at) in row.cells.iter().enumerate() {
            let wanted = rows.is_none_or(|x| x.contains(&r)) && columns.is_none_or(|x| x.contains(&c));
            if let (At::Cell(cell), true) = (at, wanted) {
                out.push(*cell);
            }
        }
    }
    out
}

/// The facts in force at a cell, and the statements of those that can fail.
pub fn in_force(proto: &Proto, node: &str) -> (Facts, Vec<Use>) {
    let mut uses: Vec<Use> = Vec::new();
    let mut facts = proto.facts.clone();
    each_use(&proto.facts, &mut |kind, stated| uses.push(Use::new(kind, node, stated)));
    for (name, over) in &proto.over {
        let mut replaced = Vec::new();
        each_use(over, &mut |kind, _| replaced.push(kind));
        uses.retain(|u| u.kind == Fact::Applies || !replaced.contains(&u.kind));
        each_use(over, &mut |kind, stated| uses.push(Use::new(kind, name, stated)));
        facts = overlay(&facts, over);
    }
    for edition in super::life::conditional(&facts) {
        each_use(&edition.facts, &mut |kind, stated| {
            uses.push(Use { when: edition.when.clone(), ..Use::new(kind, node, stated) });
        });
    }
    (facts, uses)
}

/// Types, units and scales of cells.
pub struct Typer<'a> {
    /// Lists.
    pub lists: &'a [crate::ir::CodeList],
    /// Units.
    pub units: &'a [crate::ir::Unit],
    /// Marks.
    pub marks: &'a [crate::ir::Mark],
    /// Where problems go.
    pub problems: &'a mut Problems,
}

/// The words of `type`.
pub const TYPES: &[&str] = &[
    "text",
    "long_text",
    "count",
    "decimal",
    "percent",
    "money",
    "yes_no",
    "tick",
    "code",
    "codes",
    "date",
    "month",
    "year",
    "url",
    "phone",
    "email",
    "by_row",
    "target",
];

/// What other tools call our types.
const FOREIGN_TYPES: &[(&str, &str)] = &[
    ("int", "count"),
    ("integer", "count"),
    ("number", "decimal"),
    ("numeric", "decimal"),
    ("float", "decimal"),
    ("currency", "money"),
    ("percentage", "percent"),
    ("string", "text"),
    ("textarea", "long_text"),
    ("bool", "yes_no"),
    ("boolean", "yes_no"),
    ("checkbox", "tick"),
    ("choice", "code"),
    ("enum", "code"),
    ("select", "code"),
];

impl Typer<'_> {
    /// Gives a cell its type.
    pub fn apply(&mut self, cell: &mut crate::ir::Cell, facts: &Facts) {
        cell.ty = self.ty(facts, cell.span);
        if cell.ty.is_numeric() {
            cell.unit = self.unit(facts, cell.ty);
            cell.scale = self.scale(facts, cell);
            cell.digits = facts.digits.map_or(12, |d| d.0);
            if let Some(d) = facts.digits.filter(|d| d.0 == 0 || d.0 > 15) {
                self.problems.push(Diagnostic::new(&codes::BAD_DIGITS, d.1).arg("digits", d.0));
            }
        }
        cell.trim = facts.normalize.as_ref().is_none_or(|n| n.text() != "none");
        for mark in facts.marks.iter().flat_map(|m| &m.0) {
            match self.marks.iter().position(|m| m.id == mark.text()) {
                Some(i) => cell.marks.push(MarkId(u32::try_from(i).unwrap_or(0))),
                None => {
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, mark.span()).arg("name", mark.text());
                    self.problems.push(d.suggest(mark.text(), self.marks.iter().map(|m| m.id.as_str())));
                }
            }
        }
    }

    fn ty(&mut self, facts: &Facts, span: Span) -> Type {
        let Some(name) = &facts.ty else {
            self.problems.push(Diagnostic::new(&codes::NO_TYPE, span));
            return Type::Text;
        };
        self.named_type(name.text(), facts, name)
    }

    fn named_type(&mut self, word: &str, facts: &Facts, name: &Str) -> Type {
        match word {
            "text" => Type::Text,
            "long_text" => Type::LongText,
            "count" => Type::Count,
            "decimal" => Type::Decimal,
            "percent" => Type::Percent,
            "money" => Type::Money,
            "yes_no" => Type::YesNo,
            "tick" => Type::Tick,
            "date" => Type::Date,
            "month" => Type::Month,
            "year" => Type::Year,
            "url" => Type::Url,
            "phone" => Type::Phone,
            "email" => Type::Email,
            "target" => Type::Target,
            "code" | "codes" => self.coded(facts, name, word == "code"),
            "by_row" => {
                self.problems.push(Diagnostic::new(&codes::NO_TYPE, name.span()));
                Type::Text
            }
            other => {
                let d = Diagnostic::new(&codes::BAD_WORD, name.span())
                    .arg("word", other)
                    .arg("known", TYPES.join(", "));
                let mut d = d.suggest(other, TYPES.iter().copied());
                if let Some((_, ours)) = FOREIGN_TYPES.iter().find(|t| t.0 == other.to_lowercase()) {
                    d.suggestions = vec![(*ours).to_owned()];
                }
                let meant = d.suggestions.first().cloned();
                self.problems.push(d);
                // What was meant is taken, so that rules about it are not reported too.
                meant.map_or(Type::Text, |meant| self.named_type(&meant, facts, name))
            }
        }
    }

    fn coded(&mut self, facts: &Facts, name: &Str, single: bool) -> Type {
        let Some(list) = &facts.list else {
            self.problems.push(Diagnostic::new(&codes::NO_LIST, name.span()));
            return Type::Text;
        };
        let Some(i) = self.lists.iter().position(|l| l.id == list.text()) else {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, list.span()).arg("name", list.text());
            let d = d.suggest(list.text(), self.lists.iter().map(|l| l.id.as_str()));
            let meant = d.suggestions.first().and_then(|m| self.lists.iter().position(|l| l.id == *m));
            self.problems.push(d);
            return meant.map_or(Type::Text, |i| coded(i, single));
        };
        coded(i, single)
    }

    fn unit(&mut self, facts: &Facts, ty: Type) -> Option<UnitId> {
        let find = |id: &str| {
            self.units.iter().position(|u| u.id == id).map(|i| UnitId(u32::try_from(i).unwrap_or(0)))
        };
        if ty == Type::Percent {
            return find("%");
        }
        let unit = facts.unit.as_ref()?;
        let found = find(unit.text());
        if found.is_some() {
            return found;
        }
        let d = Diagnostic::new(&codes::UNKNOWN_NAME, unit.span()).arg("name", unit.text());
        let d = d.suggest(unit.text(), self.units.iter().map(|u| u.id.as_str()));
        let meant = d.suggestions.first().and_then(|m| find(m));
        self.problems.push(d);
        meant
    }

    fn scale(&mut self, facts: &Facts, cell: &crate::ir::Cell) -> u32 {
        if cell.ty == Type::Count {
            return 0;
        }
        match facts.scale {
            Some(s) => s.0.min(15),
            None => {
                self.problems.push(Diagnostic::new(&codes::NO_SCALE, cell.span));
                0
            }
        }
    }
}

/// One code or several codes of a list.
fn coded(list: usize, single: bool) -> Type {
    let id = ListId(u32::try_from(list).unwrap_or(0));
    if single { Type::Code(id) } else { Type::Codes(id) }
}

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

/// Literal limits of a cell, from its facts and its type.
pub fn bounds(cell: &mut crate::ir::Cell, uses: &[Use]) {
    let number = |kind: Fact| {
        let mut found = uses
            .iter()
            .filter(|u| u.kind == kind && u.stated.rule.severity.is_none() && u.stated.rule.since.is_none());
        found.find_map(|u| Some(u.stated.value.text().to_owned()).filter(|_| u.stated.rule.explain.is_none()))
    };
    let small = |kind| number(kind).and_then(|t| t.parse().ok());
    let mut b = Bounds {
        min_length: small(Fact::MinLength),
        max_length: small(Fact::MaxLength),
        min_choices: small(Fact::MinChoices),
        max_choices: small(Fact::MaxChoices),
        pattern: number(Fact::Pattern),
        ..Bounds::default()
    };
    let (min, max) = (number(Fact::Min), number(Fact::Max));
    b.min = min.as_deref().and_then(Decimal::parse);
    b.max = max.as_deref().and_then(Decimal::parse);
    b.min_date = min.as_deref().and_then(Date::parse);
    b.max_date = max.as_deref().and_then(Date::parse);
    // Nobody can correct what is calculated, and rates of growth pass 100.
    if cell.ty == Type::Percent && !uses.iter().any(|u| u.kind == Fact::Calculated) {
        b.min = b.min.or(Some(Decimal::ZERO));
        b.max = b.max.or(Some(Decimal::HUNDRED));
    }
    cell.bounds = b;
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
    pub certain: BTreeMap<CellId, Expr>,
    /// Found calculations.
    pub calculated: Vec<(CellId, Expr)>,
    /// Cells that are required always, or under a condition.
    pub required: Vec<(CellId, bool)>,
    /// The condition of the edition whose facts are at hand.
    pub edition: Option<Expr>,
}

impl Places<'_, '_> {
    /// Rules of every fact of a cell.
    pub fn cell(&mut self, sec: usize, cell: CellId, uses: &[Use], section_kind: Option<&Str>) {
        let spot = spot_of(self.rules.model, sec, cell);
        let Some(c) = self.rules.model.cells.get(cell.ix()).cloned() else { return };
        self.raw(&spot, cell, &c);
        self.ranges(&spot, cell, &c, uses);
        for u in uses {
            self.stated(&spot, cell, &c, u, section_kind);
        }
    }

    fn id(&self, spot: &Spot, node: &str, fact: Fact, own: Option<&Str>) -> String {
        let name = own.map_or_else(|| format!("{node}.{}", fact.name()), |s| s.text().to_owned());
        qualified(self.rules.model, spot.ctx.table, &name)
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
    fn raw(&mut self, spot: &Spot, cell: CellId, c: &crate::ir::Cell) {
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
        for kind in kinds {
            let source = match kind {
                Fact::Type => format!("type: {}", c.ty.name()),
                Fact::Scale => format!("scale: {}", c.scale),
                Fact::Digits => format!("digits: {}", c.digits),
                _ => "list".to_owned(),
            };
            let mut r = self.rule(spot, &c.declared, kind, &RuleFacts::default(), source, c.span);
            r.instances = vec![self.instance(spot, cell, None, Check::Raw, &RuleFacts::default(), &[])];
            self.rules.out.add(r);
        }
    }

    /// Bounds that come from the type.
    fn ranges(&mut self, spot: &Spot, cell: CellId, c: &crate::ir::Cell, uses: &[Use]) {
        for (kind, bound) in [(Fact::Min, c.bounds.min), (Fact::Max, c.bounds.max)] {
            let Some(bound) = bound else { continue };
            if uses.iter().any(|u| u.kind == kind) {
                continue;
            }
            let limit = constant(Value::Num(bound), literal(bound), 0..0);
            let sign = if kind == Fact::Min { ">=" } else { "<=" };
            let check = call(self.rules.model, sign, vec![read(self.rules.model, cell, 0), limit]);
            let source = format!("{}: {bound}", kind.name());
            self.checked(spot, cell, (&c.declared, kind), &RuleFacts::default(), check, source, c.span);
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
        self.edition = None;
        if let Some(when) = &u.when {
            let Some(condition) = self.expression(spot, when, &facts, true) else { return };
            self.edition = Some(condition);
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
                // Its codes one by one, not the set as one value.
                let codes = Expr { ty: Ty::List(Box::new(it.ty.clone())), ..it };
                let n = by_key(
                    "count",
                    vec![codes],
                    Ty::Num { scale: 0, dim: crate::ir::expr::Dim::Pure, digits: 6 },
                );
                (if u.kind == Fact::MinChoices { ">=" } else { "<=" }, n)
            }
            _ => return self.pattern(it, u),
        };
        let right = self.value(spot, c, u, facts)?;
        let made = call(self.rules.model, sign, vec![left, right]);
        if made.is_none() {
            let d = Diagnostic::new(&codes::WRONG_BOUND, u.stated.span)
                .arg("fact", u.kind.name())
                .arg("value", u.stated.value.text());
            self.rules.problems.push(d);
        }
        made
    }

    fn pattern(&mut self, it: Expr, u: &Use) -> Option<Expr> {
        let whole = format!("^(?:{})$", u.stated.value.text());
        let pattern = constant(Value::Text(whole.as_str().into()), Ty::Text, 0..0);
        call(self.rules.model, "matches", vec![it, pattern])
    }

    /// A bound's value: a literal, or an expression.
    fn value(&mut self, spot: &Spot, c: &crate::ir::Cell, u: &Use, facts: &RuleFacts) -> Option<Expr> {
        let text = u.stated.value.text();
        let dated = matches!(c.ty, Type::Date | Type::Month | Type::Year);
        if let Some(d) = Date::parse(text).filter(|_| dated) {
            return Some(constant(Value::Date(d), Ty::Date, 0..0));
        }
        if let Some(n) = Decimal::parse(text) {
            return Some(constant(Value::Num(n), literal(n), 0..0));
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
            "blank" => Some(by_key("blank", vec![it], Ty::Bool)),
            "zero" => call(self.rules.model, "=", vec![it, zero]),
            "mark" => call(self.rules.model, "mark", vec![it])
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
        let mut r = self.rule(spot, &u.node, Fact::Applies, facts, source, u.stated.span);
        let names = self.rules.message(&mut r, facts);
        r.instances = vec![self.instance(spot, cell, Some(when), Check::Holds(check), facts, &names)];
        self.rules.out.add(r);
    }

    fn calculated(&mut self, spot: &Spot, cell: CellId, u: &Use, facts: &RuleFacts, source: String) {
        let Some(formula) = self.expression(spot, &u.stated.value, facts, false) else { return };
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
        let mut i = self.instance(spot, cell, None, Check::Raw, facts, &[]);
        i.reads = formula.cells();
        r.instances = vec![i];
        self.rules.out.add(r);
        self.calculated.push((cell, formula));
    }

    /// A total: the sum of the rows before it.
    pub fn total(&mut self, sec: usize, cell: CellId, rows: &[usize]) {
        let Some(s) = self.rules.model.sec(sec) else { return };
        let column = s.rows.iter().find_map(|r| r.cells.iter().position(|a| *a == At::Cell(cell)));
        let Some(column) = column else { return };
        let mut parts = Vec::new();
        for row in rows.iter().filter_map(|i| s.rows.get(*i)) {
            if let Some(At::Cell(c)) = row.cells.get(column) {
                parts.push(summand(self.rules.model, *c, row.home));
            }
        }
        let Some(c) = self.rules.model.cells.get(cell.ix()).cloned() else { return };
        let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(cell_type(&c))), range: 0..0 };
        let Some(sum) = call(self.rules.model, "sum", vec![list]) else { return };
        let spot = spot_of(self.rules.model, sec, cell);
        self.calculation(
            &spot,
            cell,
            &c.declared,
            &RuleFacts::default(),
            "total: true".to_owned(),
            sum,
            c.span,
        );
    }
}

/// A cell of a fixed row, or of every row of the blocks around it.
pub fn summand(model: &Model, cell: CellId, home: Option<crate::ir::BlockId>) -> Part {
    let chain = model.chain(home);
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

/// A reference period as written.
pub fn reference(
    period: Option<&ast::PeriodRef>,
    periods: &[crate::ir::Period],
    problems: &mut Problems,
) -> Option<crate::ir::table::Reference> {
    match period? {
        ast::PeriodRef::Id(id) => match periods.iter().position(|p| p.id == id.text()) {
            Some(i) => {
                let p = periods.get(i)?;
                Some(crate::ir::table::Reference {
                    named: Some(PeriodId(u32::try_from(i).unwrap_or(0))),
                    from: p.from,
                    to: p.to,
                })
            }
            None => {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, id.span()).arg("name", id.text());
                problems.push(d.suggest(id.text(), periods.iter().map(|p| p.id.as_str())));
                None
            }
        },
        ast::PeriodRef::Long(p) => dates(p.at.as_ref(), p.from.as_ref(), p.to.as_ref(), problems)
            .map(|(from, to)| crate::ir::table::Reference { named: None, from, to }),
    }
}

/// First and last day of `at` or `from` and `to`.
pub fn dates(
    at: Option<&Str>,
    from: Option<&Str>,
    to: Option<&Str>,
    problems: &mut Problems,
) -> Option<(Date, Date)> {
    let mut day = |s: Option<&Str>| {
        let s = s?;
        let d = Date::parse(s.text());
        if d.is_none() {
            problems.push(Diagnostic::new(&codes::BAD_DATE, s.span()).arg("text", s.text()));
        }
        d
    };
    match at {
        Some(_) => day(at).map(|d| (d, d)),
        None => Some((day(from)?, day(to)?)),
    }
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
