//! Expressions as written to expressions as meant, at one place.

use super::infer;
use super::model::{At, Model, SecIx};
use super::scope::{Ctx, GroupAt, Sym};
use crate::diag::{Code, Diagnostic, Problems, codes};
use crate::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use crate::ir::func::{self, FuncId};
use crate::ir::{BlockId, Cell, CellId};
use crate::parse::expr as ast;
use crate::source::Span;
use formwright_engine::func::Target;
use formwright_engine::{Date, Decimal, Value};
use std::ops::Range;

/// Why an expression has no meaning at a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stop {
    /// It reads a —— cell where one value is needed: the rule is not checked there.
    NotApplicable,
    /// A problem was reported.
    Wrong,
}

/// The meaning of an expression, or why there is none.
pub type Meaning = Result<Expr, Stop>;

/// How blanks of numeric cells are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BlankPolicy {
    /// As unknown.
    #[default]
    Skip,
    /// As zero.
    Zero,
    /// As zero once one of the cells is filled.
    Partial,
}

/// What stands at one place: its section and column, and the scope of its row.
type Placed = (At, Option<(SecIx, usize)>, u8);

/// Resolves the expressions of one text.
pub struct Resolver<'a> {
    /// The symbol tables.
    pub model: &'a Model,
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// From a range of the text to a place in the source.
    pub locate: &'a dyn Fn(Range<usize>) -> Span,
    /// The text that the ranges of expressions mean; empty where there is none.
    pub text: &'a str,
    /// The tolerance of comparisons, with its unit that of the left side.
    pub tolerance: Option<Tolerance>,
    /// Conditions that hold (or certainly do not) where the expression at hand is evaluated.
    pub given: Vec<(bool, ast::Expr)>,
    /// Whether a rounding takes in the mean at hand.
    pub rounding: bool,
    /// Ids of rows that `same_row` finds no twin of.
    pub missing: Vec<String>,
    /// Terms that dropped out because there is no cell (——).
    pub lost: Vec<String>,
    /// Whether divisors that may be 0 are warned of (conditions; a calculated cell is then blank).
    pub wary: bool,
}

/// The tolerance of a rule.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Tolerance {
    /// In the left side's unit.
    Absolute(Decimal),
    /// A share of the right side.
    Percent(Decimal),
    /// Half a unit of the last place of each term.
    Rounding,
}

/// Operators and functions of single values.
const SINGLE: &[&str] =
    &["=", "!=", "<", "<=", ">", ">=", "+", "-", "*", "near", "abs", "meets", "percent", "modulo", "matches"];

/// A constant.
pub fn constant(value: Value, ty: Ty, range: Range<usize>) -> Expr {
    Expr { kind: Kind::Const(value), ty, range }
}

/// The type of a number literal.
pub fn literal(number: Decimal) -> Ty {
    Ty::Num { scale: number.scale(), dim: Dim::Literal, digits: number.digits() }
}

/// The type rules see of a cell.
pub fn cell_type(cell: &Cell) -> Ty {
    cell.value_type()
}

/// A call of a row of the function table, by key.
pub fn by_key(key: &str, args: Vec<Expr>, ty: Ty) -> Expr {
    let range =
        args.first().map_or(0..0, |a| a.range.start..args.last().map_or(a.range.end, |l| l.range.end));
    Expr { kind: Kind::Call(func::by_key(key).unwrap_or(FuncId(0)), args), ty, range }
}

impl<'a> Resolver<'a> {
    /// A resolver of a text, without tolerance.
    pub fn new(
        model: &'a Model,
        problems: &'a mut Problems,
        locate: &'a dyn Fn(Range<usize>) -> Span,
        text: &'a str,
    ) -> Self {
        Resolver {
            model,
            problems,
            locate,
            text,
            tolerance: None,
            given: Vec::new(),
            rounding: false,
            missing: Vec::new(),
            lost: Vec::new(),
            wary: false,
        }
    }
}

impl Resolver<'_> {
    /// Reports a problem at a range of the text.
    pub fn report(
        &mut self,
        code: &'static Code,
        range: &Range<usize>,
        args: &[(&'static str, String)],
    ) -> Stop {
        self.problem(code, range, args, Vec::new())
    }

    pub(super) fn problem(
        &mut self,
        code: &'static Code,
        at: &Range<usize>,
        args: &[(&'static str, String)],
        near: Vec<String>,
    ) -> Stop {
        let mut d = Diagnostic::new(code, (self.locate)(at.clone()));
        d.args = args.to_vec();
        d.suggestions = near;
        self.problems.push(d);
        Stop::Wrong
    }

    /// A condition.
    pub fn condition(&mut self, ctx: &Ctx, e: &ast::Expr) -> Meaning {
        let found = self.expr(ctx, e)?;
        if matches!(found.ty, Ty::Bool | Ty::Any | Ty::Null) {
            return Ok(found);
        }
        Err(self.report(&codes::NOT_A_CONDITION, &e.range, &[]))
    }

    /// Two expressions: where the first is wrong, the problems of the second are found too.
    pub(super) fn pair(&mut self, ctx: &Ctx, a: &ast::Expr, b: &ast::Expr) -> Result<(Expr, Expr), Stop> {
        match <[Expr; 2]>::try_from(self.all(ctx, [a, b])?) {
            Ok([a, b]) => Ok((a, b)),
            Err(_) => Err(Stop::Wrong),
        }
    }

    /// Several expressions, the problems of each reported.
    pub(super) fn all<'e>(
        &mut self,
        ctx: &Ctx,
        of: impl IntoIterator<Item = &'e ast::Expr>,
    ) -> Result<Vec<Expr>, Stop> {
        let mut found = Vec::new();
        let mut wrong = false;
        for e in of {
            match self.expr(ctx, e) {
                Ok(expr) => found.push(expr),
                Err(Stop::Wrong) => wrong = true,
                Err(Stop::NotApplicable) if wrong => {}
                Err(Stop::NotApplicable) => return Err(Stop::NotApplicable),
            }
        }
        if wrong { Err(Stop::Wrong) } else { Ok(found) }
    }

    /// An expression with one value.
    pub fn expr(&mut self, ctx: &Ctx, e: &ast::Expr) -> Meaning {
        match &e.kind {
            ast::Kind::Paren(inner) => self.expr(ctx, inner),
            ast::Kind::Num(_)
            | ast::Kind::Str(_)
            | ast::Kind::Date(_)
            | ast::Kind::Bool(_)
            | ast::Kind::Null => self.literal(e),
            ast::Kind::Name(_) | ast::Kind::Path(..) => self.reference(ctx, e),
            ast::Kind::Filter(..) => self.list(ctx, e),
            ast::Kind::Call(name, args) => self.call(ctx, e, name, args),
            ast::Kind::Not(inner) => {
                let inner = self.condition(ctx, inner)?;
                self.typed("not", vec![inner], &e.range)
            }
            ast::Kind::Neg(inner) => {
                let inner = self.expr(ctx, inner)?;
                self.typed("-", vec![inner], &e.range)
            }
            ast::Kind::Binary(op, at, left, right) => self.binary(ctx, e, *op, at, left, right),
            ast::Kind::Between(x, low, high) => self.between(ctx, e, x, low, high),
            ast::Kind::In(x, tests) => self.membership(ctx, e, x, tests),
            ast::Kind::If(c, a, b) => self.conditional(ctx, e, [c, a, b]),
            ast::Kind::Quant { every, binders, body } => self.quantified(ctx, e, *every, binders, body),
            ast::Kind::List(items) => self.literal_list(ctx, e, items),
        }
    }

    fn literal(&mut self, e: &ast::Expr) -> Meaning {
        let at = e.range.clone();
        Ok(match &e.kind {
            ast::Kind::Num(text) => {
                let Some(n) = Decimal::parse(text) else {
                    return Err(self.report(&codes::BAD_NUMBER, &e.range, &[("text", text.clone())]));
                };
                constant(Value::Num(n), literal(n), at)
            }
            ast::Kind::Str(text) => constant(Value::Text(text.as_str().into()), Ty::Text, at),
            ast::Kind::Date(text) => {
                let Some(d) = Date::parse(text) else {
                    return Err(self.report(&codes::BAD_DATE, &e.range, &[("text", text.clone())]));
                };
                constant(Value::Date(d), Ty::Date(d.precision()), at)
            }
            ast::Kind::Bool(b) => constant(Value::Bool(*b), Ty::Bool, at),
            _ => constant(Value::Null, Ty::Null, at),
        })
    }

    /// A name or path that means one place.
    fn reference(&mut self, ctx: &Ctx, e: &ast::Expr) -> Meaning {
        if let ast::Kind::Name(name) = &e.kind
            && let Some((_, bound)) = ctx.values.iter().rev().find(|v| v.0 == *name)
        {
            return Ok(Expr { range: e.range.clone(), ..bound.clone() });
        }
        if let Some(list) = self.list_path(ctx, e) {
            return list;
        }
        let sym = self.symbol(ctx, e)?;
        let at = self.place_of(ctx, &sym, e)?;
        self.at(at, &e.range)
    }

    /// `rows.x`, `block.x`, `columns.r`: lists written as paths.
    fn list_path(&mut self, ctx: &Ctx, e: &ast::Expr) -> Option<Meaning> {
        let ast::Kind::Path(of, _) = &e.kind else { return None };
        if let ast::Kind::Filter(..) = of.kind {
            return Some(self.list(ctx, e));
        }
        let sym = self.quiet_symbol(ctx, of)?;
        matches!(sym, Sym::Rows(_) | Sym::Block(..) | Sym::ColumnsOf(_)).then(|| self.list(ctx, e))
    }

    fn quiet_symbol(&mut self, ctx: &Ctx, e: &ast::Expr) -> Option<Sym> {
        match &e.kind {
            ast::Kind::Name(name) => match ctx.binds.iter().find(|b| b.0 == *name) {
                Some((_, target)) => self.quiet_symbol(&without_binds(ctx), target),
                None => self.model.lookup(ctx, name).ok().flatten(),
            },
            ast::Kind::Path(of, name) => {
                let of = self.quiet_symbol(ctx, of)?;
                self.model.member(ctx, &of, &name.text)
            }
            ast::Kind::Paren(inner) => self.quiet_symbol(ctx, inner),
            _ => None,
        }
    }

    /// What a name or path means; reports unknown and ambiguous names.
    pub fn symbol(&mut self, ctx: &Ctx, e: &ast::Expr) -> Result<Sym, Stop> {
        match &e.kind {
            ast::Kind::Paren(inner) => self.symbol(ctx, inner),
            ast::Kind::Name(name) => self.name(ctx, name, &e.range),
            ast::Kind::Path(of, member) => {
                let sym = self.symbol(ctx, of)?;
                if sym == Sym::Periods {
                    return self.period(member);
                }
                let found = self.model.member(ctx, &sym, &member.text);
                found.ok_or_else(|| self.unknown_member(&sym, member))
            }
            _ => Err(self.report(&codes::NOT_A_PLACE, &e.range, &[])),
        }
    }

    fn name(&mut self, ctx: &Ctx, name: &str, range: &Range<usize>) -> Result<Sym, Stop> {
        if let Some((_, target)) = ctx.binds.iter().find(|b| b.0 == name) {
            return self.symbol(&without_binds(ctx), target);
        }
        match self.model.lookup(ctx, name) {
            Ok(Some(sym)) => Ok(sym),
            Ok(None) => {
                let near = self.meant(ctx, name);
                Err(self.problem(&codes::UNKNOWN_NAME, range, &[("name", name.to_owned())], near))
            }
            Err(several) => {
                let args = [("name", name.to_owned()), ("all", several.join(", "))];
                Err(self.problem(&codes::AMBIGUOUS_NAME, range, &args, several.clone()))
            }
        }
    }

    /// What an unknown name may stand for: a truth value of other languages, the id of a label, a name like it.
    fn meant(&self, ctx: &Ctx, name: &str) -> Vec<String> {
        match name {
            "yes" | "Yes" | "TRUE" | "True" | "是" => return vec!["true".to_owned()],
            "no" | "No" | "FALSE" | "False" | "否" => return vec!["false".to_owned()],
            _ => {}
        }
        let labelled = self.model.labelled(ctx, name);
        if labelled.is_empty() { crate::diag::nearest(name, self.model.suggestions(ctx)) } else { labelled }
    }

    /// A name that `each` or a quantifier gives must not hide another.
    pub fn unhidden(&mut self, ctx: &Ctx, name: &ast::Ident) -> Result<(), Stop> {
        let bound = ctx.binds.iter().any(|b| b.0 == name.text)
            || ctx.values.iter().any(|v| v.0 == name.text)
            || ctx.rows.iter().any(|r| r.0 == name.text)
            || ctx.groups.iter().any(|g| g.0 == name.text);
        let other = match self.model.lookup(ctx, &name.text) {
            Ok(None) if !bound => return Ok(()),
            Ok(Some(sym)) if !bound => self.model.described(&sym),
            Ok(_) => ("a name given before".to_owned(), "先前引入的名称".to_owned()),
            Err(all) => (all.join(", "), all.join("、")),
        };
        let args = [("name", name.text.clone()), ("other", other.0), ("other_zh", other.1)];
        Err(self.report(&codes::HIDDEN_NAME, &name.range, &args))
    }

    fn period(&mut self, member: &ast::Ident) -> Result<Sym, Stop> {
        match self.model.periods.iter().find(|p| p.id == member.text) {
            Some(p) => Ok(Sym::At(At::Constant(Value::Date(p.to)), None)),
            None => {
                let near =
                    crate::diag::nearest(&member.text, self.model.periods.iter().map(|p| p.id.as_str()));
                Err(self.problem(&codes::UNKNOWN_NAME, &member.range, &[("name", member.text.clone())], near))
            }
        }
    }

    fn unknown_member(&mut self, sym: &Sym, member: &ast::Ident) -> Stop {
        let names: Vec<&str> = match sym {
            Sym::Table(t) => {
                let sections = self.model.tables.get(*t).map(|t| t.sections.as_slice()).unwrap_or_default();
                sections.iter().filter_map(|s| self.model.sec(*s)).flat_map(|s| s.names()).collect()
            }
            Sym::Section(s) | Sym::Row(s, _) | Sym::Rows(s) | Sym::Block(s, _) => {
                self.model.sec(*s).map(|s| s.names()).unwrap_or_default()
            }
            Sym::Specify(s, columns, None) => self.model.specified_codes(*s, columns),
            Sym::Specifications(cell) => {
                let cell = self.model.cells.get(cell.ix());
                cell.iter().flat_map(|c| &c.specify).map(|s| s.0.as_str()).collect()
            }
            _ => Vec::new(),
        };
        let near = crate::diag::nearest(&member.text, names);
        self.problem(&codes::UNKNOWN_NAME, &member.range, &[("name", member.text.clone())], near)
    }

    /// The one place that a symbol means here.
    fn place_of(&mut self, ctx: &Ctx, sym: &Sym, e: &ast::Expr) -> Result<Placed, Stop> {
        match sym {
            Sym::At(At::Empty | At::NotApplicable(_), _) if super::bindings::bound_row(ctx, e).is_some() => {
                Err(Stop::NotApplicable)
            }
            Sym::At(At::NotApplicable(declared), _) => Err(self.named_na(e, *declared)),
            Sym::At(At::Empty, _) => Err(self.report(&codes::NO_CELL, &e.range, &[("name", e.to_string())])),
            Sym::At(at, key) => Ok((at.clone(), *key, self.scope_of(ctx, at, e))),
            Sym::Columns(sec, columns) => self.column_place(ctx, *sec, columns, e),
            Sym::Fields(sec, set) => self.field_place(ctx, *sec, *set, e),
            Sym::Specify(sec, columns, code) => {
                let (at, _, scope) = self.column_place(ctx, *sec, columns, e)?;
                let At::Cell(cell) = at else { return Ok((at, None, scope)) };
                match self.model.specifies(cell, code.as_deref()) {
                    Some(found) => Ok((At::Cell(found), None, scope)),
                    None => Err(self.of_which_code(cell, e)),
                }
            }
            Sym::Specifications(cell) => Err(self.of_which_code(*cell, e)),
            Sym::Row(sec, row) => self.row_place(ctx, *sec, *row, e),
            _ => Err(self.report(&codes::NOT_ONE_VALUE, &e.range, &[])),
        }
    }

    /// The text of one code is needed, and `x_specify` stands for those of several.
    fn of_which_code(&mut self, cell: CellId, e: &ast::Expr) -> Stop {
        let codes = self.model.cells.get(cell.ix()).map(|c| c.specify.as_slice()).unwrap_or_default();
        let near = codes.iter().map(|(code, _)| format!("{e}.{code}")).collect();
        self.problem(&codes::NOT_ONE_VALUE, &e.range, &[], near)
    }

    /// A —— cell written out, and where it is declared to be one.
    fn named_na(&mut self, e: &ast::Expr, declared: Span) -> Stop {
        let d = Diagnostic::new(&codes::NA_NAMED, (self.locate)(e.range.clone())).arg("name", e);
        self.problems.push(d.related(declared, "na"));
        Stop::Wrong
    }

    /// The scope of a cell: that of the quantifier's row its path begins with, else that of the group or row at hand if
    /// the cell lives there, else the place at hand.
    pub(super) fn scope_of(&self, ctx: &Ctx, at: &At, e: &ast::Expr) -> u8 {
        let At::Cell(cell) = at else {
            return super::bindings::bound_row(ctx, e).map_or(0, |(_, scope)| scope);
        };
        let Some(home) = self.model.cells.get(cell.ix()).and_then(|c| c.home.block) else { return 0 };
        let bound = super::bindings::bound_row(ctx, e)
            .map(|(row, scope)| (row.and_then(|(s, r)| self.home_of(s, r)), scope));
        match (bound, &ctx.group) {
            (Some((None, scope)), _) => scope,
            (Some((block, scope)), _) => self.outwards(block, home, scope),
            (None, Some((_, GroupAt::Repeated(group)))) if *group == home => ctx.group_scope,
            (None, _) => {
                ctx.row.map_or(0, |row| self.outwards(self.home_of(row.sec, row.row), home, row.scope))
            }
        }
    }

    fn home_of(&self, sec: SecIx, row: usize) -> Option<BlockId> {
        self.model.sec(sec)?.rows.get(row)?.home
    }

    /// The scope of the rows of `home` around a row of `block` with this scope.
    fn outwards(&self, block: Option<BlockId>, home: BlockId, scope: u8) -> u8 {
        let levels = self.model.chain(block).iter().position(|b| *b == home);
        levels.map_or(0, |levels| scope.saturating_sub(u8::try_from(levels).unwrap_or(u8::MAX)))
    }

    fn column_place(
        &mut self,
        ctx: &Ctx,
        sec: SecIx,
        columns: &[usize],
        e: &ast::Expr,
    ) -> Result<Placed, Stop> {
        let Some(row) = ctx.row.filter(|r| r.sec == sec) else {
            return Err(self.report(&codes::NEEDS_ROW, &e.range, &[]));
        };
        let Some(column) = self.model.pick(ctx, sec, columns) else {
            let over: Vec<&str> = ctx.over.iter().map(|o| o.1.as_str()).collect();
            let args = [("name", e.to_string()), ("over", over.join(", "))];
            return Err(self.report(&codes::OUT_OF_STEP, &e.range, &args));
        };
        let found =
            self.model.sec(sec).and_then(|s| s.rows.get(row.row)).and_then(|r| r.cells.get(column)).cloned();
        Ok((found.unwrap_or(At::Empty), Some((sec, column)), row.scope))
    }

    fn field_place(&mut self, ctx: &Ctx, sec: SecIx, set: usize, e: &ast::Expr) -> Result<Placed, Stop> {
        if let Some(cell) = self.model.field_here(ctx, sec, set) {
            let at = At::Cell(cell);
            let scope = self.scope_of(ctx, &at, e);
            return Ok((at, None, scope));
        }
        let spread = self.model.sec(sec).and_then(|s| s.field_sets.get(set)).is_some_and(|s| s.spread);
        if !spread || ctx.over.is_empty() {
            return Err(self.report(&codes::NOT_ONE_VALUE, &e.range, &[]));
        }
        let over: Vec<&str> = ctx.over.iter().map(|o| o.1.as_str()).collect();
        let args = [("name", e.to_string()), ("over", over.join(", "))];
        Err(self.report(&codes::OUT_OF_STEP, &e.range, &args))
    }

    fn row_place(&mut self, ctx: &Ctx, sec: SecIx, row: usize, e: &ast::Expr) -> Result<Placed, Stop> {
        let Some((_, column)) = ctx.column.filter(|c| c.0 == sec) else {
            return Err(self.report(&codes::NEEDS_COLUMN, &e.range, &[]));
        };
        let found =
            self.model.sec(sec).and_then(|s| s.rows.get(row)).and_then(|r| r.cells.get(column)).cloned();
        Ok((found.unwrap_or(At::Empty), Some((sec, column)), 0))
    }

    pub(super) fn at(&mut self, (at, key, scope): Placed, range: &Range<usize>) -> Meaning {
        match at {
            At::Empty | At::NotApplicable(_) => Err(Stop::NotApplicable),
            At::Constant(value) => {
                Ok(constant(value.clone(), self.constant_type(&value, key), range.clone()))
            }
            At::Cell(cell) => Ok(self.cell(cell, scope, range)),
        }
    }

    fn constant_type(&self, value: &Value, key: Option<(SecIx, usize)>) -> Ty {
        let list = key.and_then(|(s, c)| self.model.constant_list(s, c));
        match (value, list) {
            (Value::Text(t), _) if Target::parse(t).is_some() => Ty::Target,
            (Value::Text(_), Some(list)) => Ty::Code(list),
            (Value::Num(n), _) => literal(*n),
            (Value::Date(d), _) => Ty::Date(d.precision()),
            (Value::Bool(_), _) => Ty::Bool,
            _ => Ty::Text,
        }
    }

    /// A read of a cell.
    pub fn cell(&self, cell: CellId, scope: u8, range: &Range<usize>) -> Expr {
        let unsure = !self.model.unsure.is_empty() && self.model.unsure.contains(&cell);
        let known = self.model.cells.get(cell.ix()).filter(|_| !unsure);
        let ty = known.map_or(Ty::Any, cell_type);
        Expr { kind: Kind::Cell { cell, scope, time: Time::Now }, ty, range: range.clone() }
    }

    /// A row of the function table for these arguments.
    pub fn typed(&mut self, name: &str, args: Vec<Expr>, range: &Range<usize>) -> Meaning {
        if SINGLE.contains(&name)
            && let Some(many) = args.iter().find(|a| matches!(a.ty, Ty::List(_)))
        {
            let range = many.range.clone();
            let here = self.text.get(range.clone()).and_then(|t| t.strip_prefix("rows.")).map(str::to_owned);
            return Err(self.problem(&codes::NOT_ONE_VALUE, &range, &[], here.into_iter().collect()));
        }
        let args = if name == "matches" { args } else { self.codes_beside(args)? };
        let sides: Vec<Range<usize>> = args.iter().map(|a| a.range.clone()).collect();
        match self.typing().apply(name, args, range.clone()) {
            Ok(found) => Ok(fold(found)),
            Err(mismatch) => Err(self.mismatch(&mismatch, range, &sides)),
        }
    }

    /// Units and lists of the survey.
    pub(super) fn typing(&self) -> infer::Typing<'_> {
        infer::Typing { units: &self.model.units, lists: &self.model.lists, rules: true }
    }

    /// Reports what does not fit; where one side is to be converted, how.
    pub(super) fn mismatch(
        &mut self,
        mismatch: &infer::Mismatch,
        range: &Range<usize>,
        sides: &[Range<usize>],
    ) -> Stop {
        let side = mismatch.position().and_then(|i| sides.get(i)).filter(|r| !r.is_empty());
        let at = (self.locate)(side.unwrap_or(range).clone());
        let mut d = mismatch.diagnostic(at, &self.model.units, &self.model.lists);
        if let (infer::Mismatch::SetAsCode | infer::Mismatch::CodeAsSet, [l, r]) = (mismatch, sides) {
            self.say_choice(&mut d, *mismatch == infer::Mismatch::SetAsCode, (l, r));
        }
        if let (infer::Mismatch::UnitScale { left, right }, [l, r, ..]) = (mismatch, sides) {
            self.say_conversion(&mut d, (*left, l), (*right, r));
        }
        if let (infer::Mismatch::Precision { name, left, right }, [l, r, ..]) = (mismatch, sides) {
            let text = |side: &Range<usize>| self.text.get(side.clone()).unwrap_or_default();
            d.args.push(("fixed", super::mismatch::alike(name, (text(l), *left), (text(r), *right))));
        }
        self.problems.push(d);
        Stop::Wrong
    }

    /// How a code is asked for here: a text in a set, or a comparison.
    fn say_choice(&self, d: &mut Diagnostic, set: bool, (l, r): (&Range<usize>, &Range<usize>)) {
        let text = |r: &Range<usize>| self.text.get(r.clone()).filter(|t| !t.is_empty());
        let (Some(left), Some(right)) = (text(l), text(r)) else { return };
        let (code, field) = if left.starts_with('"') { (left, right) } else { (right, left) };
        let fixed = if set { format!("{code} in {field}") } else { format!("{field} = {code}") };
        d.args = vec![("fixed", fixed)];
    }

    /// Which side to convert: the one whose unit the other's holds an exact number of.
    fn say_conversion(
        &self,
        d: &mut Diagnostic,
        (left, l): (crate::ir::UnitId, &Range<usize>),
        (right, r): (crate::ir::UnitId, &Range<usize>),
    ) {
        let unit = |id: crate::ir::UnitId| self.model.units.get(id.ix());
        let (Some(a), Some(b)) = (unit(left), unit(right)) else { return };
        let (range, to) = if a.factor >= b.factor { (r, a) } else { (l, b) };
        let (small, big) = if a.factor >= b.factor { (b, a) } else { (a, b) };
        let Some(text) = self.text.get(range.clone()).filter(|t| !t.is_empty()) else { return };
        let fixed = format!("convert({text}, \"{}\")", to.id);
        for (key, value) in &mut d.args {
            if *key == "fixed" {
                value.clone_from(&fixed);
            }
        }
        if let Some(factor) = infer::exact_quotient(big.factor, small.factor) {
            d.args.retain(|a| a.0 != "factor");
            d.args.push(("factor", format!("1 {} = {factor} {}", big.id, small.id)));
        }
        d.span = (self.locate)(range.clone());
        d.fix = Some(crate::diag::Fix { span: d.span, replacement: fixed });
    }

    /// A text literal beside a code is a code of its list.
    fn codes_beside(&mut self, mut args: Vec<Expr>) -> Result<Vec<Expr>, Stop> {
        let list = args.iter().find_map(|a| match &a.ty {
            Ty::Code(l) | Ty::Codes(l) => Some(*l),
            Ty::List(of) => match **of {
                Ty::Code(l) => Some(l),
                _ => None,
            },
            _ => None,
        });
        let Some(list) = list else { return Ok(args) };
        for arg in &mut args {
            self.retype(arg, list)?;
        }
        Ok(args)
    }

    fn retype(&mut self, arg: &mut Expr, list: crate::ir::ListId) -> Result<(), Stop> {
        if let Kind::List(parts) = &mut arg.kind
            && arg.ty == Ty::List(Box::new(Ty::Text))
        {
            for part in parts {
                self.retype(&mut part.item, list)?;
            }
            arg.ty = Ty::List(Box::new(Ty::Code(list)));
            return Ok(());
        }
        let (Kind::Const(Value::Text(text)), Ty::Text) = (&arg.kind, &arg.ty) else { return Ok(()) };
        let Some(known) = self.model.lists.get(list.ix()) else { return Ok(()) };
        if known.find(text).is_none() {
            let labelled = known.codes.iter().filter(|c| super::scope::says(&c.label, text));
            let mut near: Vec<String> = labelled.map(|c| c.code.clone()).collect();
            if near.is_empty() {
                near = crate::diag::nearest(text, known.codes.iter().map(|c| c.code.as_str()));
            }
            let args = [("code", text.to_string()), ("list", known.id.clone())];
            return Err(self.problem(&codes::UNLISTED_CODE, &arg.range.clone(), &args, near));
        }
        arg.ty = Ty::Code(list);
        Ok(())
    }

    fn conditional(&mut self, ctx: &Ctx, e: &ast::Expr, parts: [&ast::Expr; 3]) -> Meaning {
        let [c, a, b] = parts;
        let condition = self.condition(ctx, c);
        if condition == Err(Stop::NotApplicable) {
            return condition;
        }
        let given = self.given.len();
        self.given.push((true, c.clone()));
        let a = self.expr(ctx, a);
        self.given.truncate(given);
        if a == Err(Stop::NotApplicable) {
            return condition.and(a);
        }
        let b = self.expr(ctx, b);
        let (condition, a, b) = (condition?, a?, b?);
        let [a, b] = <[Expr; 2]>::try_from(self.codes_beside(vec![a, b])?).map_err(|_| Stop::Wrong)?;
        let ty = infer::unify(&a.ty, &b.ty);
        if ty == Ty::Any && a.ty != Ty::Any && b.ty != Ty::Any {
            let mismatch = infer::Mismatch::Operand {
                name: "else".to_owned(),
                position: 0,
                expected: vec![a.ty.clone()],
                found: b.ty.clone(),
            };
            return Err(self.mismatch(&mismatch, &b.range.clone(), &[]));
        }
        Ok(Expr { kind: Kind::If(Box::new([condition, a, b])), ty, range: e.range.clone() })
    }

    fn literal_list(&mut self, ctx: &Ctx, e: &ast::Expr, items: &[ast::Expr]) -> Meaning {
        let mut parts = Vec::new();
        let mut ty = Ty::Any;
        for item in self.all(ctx, items)? {
            ty = if parts.is_empty() { item.ty.clone() } else { infer::unify(&ty, &item.ty) };
            parts.push(Part { each: None, filter: None, item });
        }
        self.one_type("[…]", &parts)?;
        Ok(Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(ty)), range: e.range.clone() })
    }
}

/// The place without the names of `each`, in which what they stand for is resolved.
pub fn without_binds(ctx: &Ctx) -> Ctx {
    Ctx { binds: Vec::new(), ..ctx.clone() }
}

/// Folds a call whose arguments are all constants.
fn fold(e: Expr) -> Expr {
    let Kind::Call(id, args) = &e.kind else { return e };
    let values: Option<Vec<Value>> = args
        .iter()
        .map(|a| match &a.kind {
            Kind::Const(v) => Some(v.clone()),
            _ => None,
        })
        .collect();
    match values {
        Some(values) => Expr { kind: Kind::Const((id.row().eval)(&values)), ..e },
        None => e,
    }
}
