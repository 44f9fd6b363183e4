//! Written rules: the places they are open over, and their meaning at each.

use super::blanks;
use super::classify;
use super::each::Step;
use super::expr::{Resolver, Stop};
use super::expressions::Expressions;
use super::life::Life;
use super::model::{Model, SecIx};
use super::rule_set::RuleSet;
use super::scope::{Ctx, GroupAt};
use super::select::Pick;
use super::template::Filler;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::expr::{Expr, Kind, Ty};
use crate::ir::rule::{Check, Instance, Origin, Place, Rule};
use crate::ir::{BlockId, CellId, func};
use crate::parse::ast::{self, RuleFacts};
use crate::parse::expr as written;
use crate::parse::shapes::{Named, Str};
use crate::source::{SourceMap, Span};
use formwright_engine::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What the rules of all tables are made from.
#[derive(Clone, Copy)]
pub struct Common<'a> {
    /// The symbol tables.
    pub model: &'a Model,
    /// The sources.
    pub sources: &'a SourceMap,
    /// The languages.
    pub languages: &'a [String],
    /// The expressions.
    pub expressions: &'a Expressions<'a>,
    /// Presets.
    pub kinds: &'a BTreeMap<String, RuleFacts>,
    /// By table: the number of its notes.
    pub notes: &'a [usize],
    /// Guards of cells: where one is certainly not applicable (applies conditions, the word that settles its section).
    pub guards: &'a BTreeMap<CellId, Expr>,
    /// Guards of sections, for rules that are about no single cell of theirs.
    pub section_guards: &'a BTreeMap<SecIx, Expr>,
}

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
    /// The expressions.
    pub expressions: &'a Expressions<'a>,
    /// Presets.
    pub kinds: &'a BTreeMap<String, RuleFacts>,
    /// By table: the number of its notes.
    pub notes: &'a [usize],
    /// Guards of cells: where one is certainly not applicable (applies conditions, the word that settles its section).
    pub guards: &'a BTreeMap<CellId, Expr>,
    /// Guards of sections, for rules that are about no single cell of theirs.
    pub section_guards: &'a BTreeMap<SecIx, Expr>,
    /// Conditions under which the expression at hand is checked.
    pub given: Vec<(bool, written::Expr)>,
    /// Ids of rows that `same_row` found no twin of.
    pub missing: Vec<String>,
    /// Terms that dropped out of the expressions at hand.
    pub lost: Vec<String>,
    /// The reference period of what is at hand.
    pub life: Life,
    /// The rules made so far.
    pub out: RuleSet,
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
    pub expr: Arc<written::Expr>,
    /// The scalar it stands in.
    pub scalar: &'a Str,
}

/// A rule on its way: what tells the steps of `each` apart, and the names its message uses.
struct Made {
    key: (String, Option<String>, Option<Span>),
    rule: Rule,
    names: Vec<(String, Span)>,
}

/// Whether a rule accepts a diagnostic by its name.
fn accepts(rule: &Named<ast::Rule>, code: &crate::diag::Code) -> bool {
    rule.node.accept.iter().flat_map(|a| &a.0).any(|(name, _)| name.text() == code.name)
}

impl<'a> Rules<'a> {
    /// No rule made yet.
    pub fn new(common: Common<'a>, problems: &'a mut Problems) -> Self {
        let Common { model, sources, languages, expressions, kinds, notes, guards, section_guards } = common;
        Rules {
            model,
            sources,
            languages,
            problems,
            expressions,
            kinds,
            notes,
            guards,
            section_guards,
            given: Vec::new(),
            missing: Vec::new(),
            lost: Vec::new(),
            life: model.life,
            out: RuleSet::default(),
        }
    }

    /// Parses an expression; its problems are reported at their characters.
    pub fn parse(&mut self, text: &'a Str) -> Option<Text2<'a>> {
        self.expressions.parse(self.problems, text).map(|expr| Text2 { expr, scalar: text })
    }

    /// Resolves an expression at a place.
    pub fn at(&mut self, ctx: &Ctx, text: &Text2, facts: &RuleFacts, condition: bool) -> Result<Expr, Stop> {
        let (blank, tolerance) = (self.blank(facts), self.tolerance(facts));
        let source = self.sources.get(text.scalar.span().file).map_or("", |f| f.text.as_str());
        let scalar = &text.scalar.0;
        let locate = |r: std::ops::Range<usize>| scalar.locate(source, r);
        let mut r = Resolver::new(self.model, self.problems, &locate, text.scalar.text());
        r.tolerance = tolerance;
        r.given.clone_from(&self.given);
        r.wary = condition;
        let found = if condition { r.condition(ctx, &text.expr) } else { r.expr(ctx, &text.expr) };
        self.missing.append(&mut r.missing);
        self.lost.append(&mut r.lost);
        found.map(|e| blanks::read_as(e, blank, &self.model.cells))
    }

    /// The condition of a fact at a place; `kind` is the preset of what the fact stands in.
    pub fn stated(&mut self, ctx: &Ctx, u: &super::facts::Use, kind: Option<&Str>) -> Option<Expr> {
        let facts = self.facts(&u.stated.rule, kind);
        let expr = self.expressions.parse(self.problems, &u.stated.value)?;
        let text = Text2 { expr, scalar: &u.stated.value };
        let stated = self.at(ctx, &text, &facts, true).ok()?;
        Some(match self.edition(ctx, u, &facts) {
            Some(edition) => choice(edition, stated, true),
            None => stated,
        })
    }

    /// Whether the edition that a fact stands in is in force; `None` where it always is.
    pub fn edition(&mut self, ctx: &Ctx, u: &super::facts::Use, facts: &RuleFacts) -> Option<Expr> {
        let mut condition = |text: &Str| {
            let expr = self.expressions.parse(self.problems, text)?;
            self.at(ctx, &Text2 { expr, scalar: text }, facts, true).ok()
        };
        let own = u.when.as_ref().and_then(&mut condition);
        let others: Vec<Expr> = u.unless.iter().filter_map(&mut condition).collect();
        let no = || super::expr::constant(Value::Bool(false), Ty::Bool, 0..0);
        others.into_iter().fold(own, |all, other| both(all, Some(choice(other, no(), true))))
    }

    /// Places of a selector.
    pub fn picks(&mut self, ctx: &Ctx, text: &Str) -> Vec<Pick> {
        let source = self.sources.get(text.span().file).map_or("", |f| f.text.as_str());
        let locate = |r: std::ops::Range<usize>| text.0.locate(source, r);
        let mut r = Resolver::new(self.model, self.problems, &locate, text.text());
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
        facts: &RuleFacts,
        span: Span,
    ) -> Option<Expr> {
        let tolerance = self.tolerance(facts);
        let locate = |_: std::ops::Range<usize>| span;
        let blank = self.blank(facts);
        let mut resolver = Resolver::new(self.model, self.problems, &locate, "");
        resolver.tolerance = tolerance;
        let found = resolver.comparison(op, l, r, &(0..0)).ok();
        found.map(|e| blanks::read_as(e, blank, &self.model.cells))
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
        let base = Ctx { table, section, ..Ctx::default() };
        let errors = self.errors();
        let narrowed = self.narrowed(&base, rule.node.each.as_ref());
        let steps = self.steps(&base, rule.node.each.as_ref());
        let mut made: Vec<Made> = Vec::new();
        let mut had_places = steps.is_empty();
        for step in &steps {
            let spots = self.spots(&base, &check, when.as_ref(), &narrowed, step);
            had_places |= !spots.is_empty();
            let own = step.over(&facts);
            let at = self.shell_of(&mut made, rule, step, table, &own, check.scalar);
            let Some(names) = made.get(at).map(|m| m.names.clone()) else { continue };
            for spot in &spots {
                let instance = self.instance(spot, &check, when.as_ref(), &own, &names);
                if let (Ok(Some(instance)), Some(one)) = (instance, made.get_mut(at)) {
                    one.rule.instances.push(instance);
                }
            }
        }
        self.without_twin(rule);
        let wrong = self.errors() > errors;
        for one in made {
            self.finish(one.rule, &facts, rule.id.span(), had_places && !wrong);
        }
    }

    /// The problems of a rule as it stands in another period. Names of that period are not known in this one.
    pub fn tried(
        &mut self,
        table: Option<usize>,
        section: Option<SecIx>,
        rule: &'a Named<ast::Rule>,
        of_section: Option<&Str>,
    ) {
        let (found, made) = (std::mem::take(self.problems), std::mem::take(&mut self.out));
        self.rule(table, section, rule, of_section);
        self.out = made;
        let mut more = std::mem::replace(self.problems, found);
        let past = &self.model.past;
        let is_past = |name: &str| {
            let spread = name.rmatch_indices('_').filter_map(|(at, _)| name.get(..at));
            spread.chain([name]).any(|name| past.contains(name))
        };
        more.retain(|d| !d.args.iter().any(|(key, name)| *key == "name" && is_past(name)));
        self.problems.extend(more);
    }

    fn errors(&self) -> usize {
        self.problems.iter().filter(|d| d.code.severity == crate::diag::Severity::Error).count()
    }

    /// The rule of a step: one for each id, severity and message.
    fn shell_of(
        &mut self,
        made: &mut Vec<Made>,
        rule: &'a Named<ast::Rule>,
        step: &Step,
        table: Option<usize>,
        facts: &RuleFacts,
        check: &Str,
    ) -> usize {
        let id = step.id.as_ref().unwrap_or(&rule.id);
        let message = facts.message.as_ref().map(|m| m.span);
        let severity = facts.severity.as_ref().map(|s| s.text().to_owned());
        let key = (id.text().to_owned(), severity, message);
        if let Some(at) = made.iter().position(|m| m.key == key) {
            return at;
        }
        let id = qualified(self.model, table, &[id.text()]);
        let source = check.text().to_owned();
        let mut shell = self.shell(id, table, Origin::Rule, facts, source, rule.id.span());
        shell.text = check.span();
        shell.withdrawn = rule.node.withdrawn.is_some_and(|w| w.0);
        let names = self.message(&mut shell, facts);
        made.push(Made { key, rule: shell, names });
        made.len() - 1
    }

    /// The rows in which `same_row` found nothing, named once for the rule.
    fn without_twin(&mut self, rule: &Named<ast::Rule>) {
        let missing = std::mem::take(&mut self.missing);
        if !missing.is_empty() && !accepts(rule, &codes::ROWS_WITHOUT_TWIN) {
            let d = Diagnostic::new(&codes::ROWS_WITHOUT_TWIN, rule.id.span());
            self.problems.push(d.arg("ids", missing.join(", ")));
        }
    }

    fn finish(&mut self, mut shell: Rule, facts: &RuleFacts, span: Span, had_places: bool) {
        let Some(first) = shell.instances.first() else {
            if had_places {
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
        self.lost.clear();
        let guard = when.map(|w| (true, (*w.expr).clone()));
        let when = when.map(|w| self.at(&spot.ctx, w, facts, true)).transpose();
        if when == Err(Stop::Wrong) {
            self.given.extend(guard.clone());
            let _ = self.at(&spot.ctx, check, facts, true);
            self.given.clear();
            self.rest(spot, facts, names);
        }
        let when = when?;
        let when = match when.map(|w| (constant_truth(&w), w)) {
            Some((Some(true), _)) | None => None,
            Some((Some(false), _)) => return Ok(None),
            Some((None, w)) => Some(w),
        };
        self.given.extend(guard);
        let check = self.at(&spot.ctx, check, facts, true);
        self.given.clear();
        if check == Err(Stop::Wrong) {
            self.rest(spot, facts, names);
        }
        let check = check?;
        let target = target_of(&check);
        let guard = self.section_guard(spot, &check, target);
        Ok(Some(self.placed(spot, both(guard, when), check, target, facts, names)))
    }

    /// The guard of the section that a rule is placed in: where its cells do not apply, nor does a rule about them. One
    /// that asks for the word that settles the section is checked all the same.
    fn section_guard(&self, spot: &Spot, check: &Expr, target: Option<CellId>) -> Option<Expr> {
        let sec = spot.ctx.section.filter(|_| target.is_none())?;
        let none = self.model.sec(sec).and_then(|s| s.none);
        let guard = self.section_guards.get(&sec)?;
        let reads = check.cells();
        (!reads.is_empty() && none.is_none_or(|n| !reads.contains(&n))).then(|| guard.clone())
    }

    /// Problems of what stands beside a wrong expression.
    fn rest(&mut self, spot: &Spot, facts: &RuleFacts, names: &[(String, Span)]) {
        self.explain(spot, facts);
        self.bindings(spot, names);
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
            lost: std::mem::take(&mut self.lost),
        }
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
            row: fixed.map(|r| r.name.as_ref().unwrap_or(&r.id).clone()),
            group,
            column: column.map(|c| c.name.as_ref().unwrap_or(&c.declared).clone()),
            over: spot.ctx.over.clone(),
            label: fixed.map(|r| r.label.clone()).unwrap_or_default(),
        }
    }
}

/// The id, of its parts, with the table before it.
pub fn qualified(model: &Model, table: Option<usize>, id: &[&str]) -> String {
    let table = table.and_then(|t| model.tables.get(t)).map(|t| t.id.as_str());
    let mut out = String::with_capacity(64);
    table.iter().for_each(|table| out.extend([table, "."]));
    out.extend(id.iter().copied());
    out
}

/// Both conditions, if there are two.
pub fn both(a: Option<Expr>, b: Option<Expr>) -> Option<Expr> {
    match (a, b) {
        (Some(a), Some(b)) => Some(all_of(a, b)),
        (a, b) => a.or(b),
    }
}

/// `then` where a condition certainly holds, else a truth value.
fn choice(condition: Expr, then: Expr, otherwise: bool) -> Expr {
    let otherwise = super::expr::constant(Value::Bool(otherwise), Ty::Bool, 0..0);
    Expr { kind: Kind::If(Box::new([condition, then, otherwise])), ty: Ty::Bool, range: 0..0 }
}

/// Both of two conditions.
pub fn all_of(a: Expr, b: Expr) -> Expr {
    super::expr::by_key("and", vec![a, b], Ty::Bool)
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
