//! Whether a case is possible: presence, values of the finite cells, and the numbers.

use super::case::{Case, Compared, Spot};
use super::linear::{Linear, Solved, Variable, solve};
use super::sum::{Term, is_same, ordinal};
use crate::ir::expr::{Expr, Kind, Time};
use crate::ir::func::{Aggregate, Role};
use crate::ir::{Cell, CellId, Fact, Origin, Root, Source, Survey, Type};
use formwright_engine::func::Compare;
use formwright_engine::{Decimal, Value};
use std::collections::HashSet;

/// Why nothing fulfils a case.
#[derive(Debug, Clone)]
pub enum Why<'e> {
    /// A cell would be filled and blank.
    Presence(CellId),
    /// A cell has no value that is left.
    Values(CellId),
    /// A side of a comparison lies between these bounds.
    Range(&'e Expr, Option<Decimal>, Option<Decimal>),
    /// The numbers of these cells do not fit together.
    Numbers(Vec<CellId>),
    /// A condition would hold and not hold.
    Both(&'e Expr),
    /// A condition is always so.
    Always(&'e Expr),
    /// A condition asks only what is filled.
    Decided(&'e Expr),
}

/// Whether a case is possible.
#[derive(Debug, Clone)]
pub enum Possible<'e> {
    /// No: proved.
    No(Why<'e>),
    /// Perhaps, with these numbers.
    With(Vec<(Spot, Decimal)>),
    /// Not decided.
    Open,
}

/// What is known of the cells of a survey before any rule is read.
#[derive(Debug)]
pub struct Known<'s> {
    /// The survey.
    pub survey: &'s Survey,
    /// Cells whose bounds a return may leave: their facts are no errors that block.
    loose: HashSet<CellId>,
}

/// Most decimals that numbers are brought to.
const MOST_SCALE: u32 = 12;

impl<'s> Known<'s> {
    /// Of a survey.
    pub fn new(survey: &'s Survey) -> Self {
        let bound =
            |o| matches!(o, Origin::Fact(Fact::Min | Fact::Max | Fact::List | Fact::Scale | Fact::Type));
        let loose = survey.rules.iter().filter(|r| bound(r.origin) && !r.blocks());
        Known { survey, loose: loose.flat_map(|r| &r.instances).filter_map(|i| i.target).collect() }
    }

    /// The cell, if what a return may hold there is bounded.
    fn bounded(&self, spot: Spot) -> Option<&'s Cell> {
        let cell = self.survey.cell(spot.cell)?;
        let own = spot.time == Time::Now && cell.home.root == Root::Return;
        let answered = !matches!(cell.source, Source::Calculated(_));
        (own && answered && !cell.lenient && !self.loose.contains(&spot.cell)).then_some(cell)
    }

    /// The smallest and largest number a filled cell holds.
    fn range(&self, spot: Spot) -> (Option<Decimal>, Option<Decimal>) {
        let Some(cell) = self.bounded(spot) else { return (None, None) };
        if let Source::Constant(Value::Num(number)) = &cell.source {
            return (Some(*number), Some(*number));
        }
        let date = |d: Option<formwright_engine::Date>| d.map(|d| Decimal::from_int(ordinal(d)));
        let b = &cell.bounds;
        match cell.ty {
            Type::Count => (b.min.max(Some(Decimal::ZERO)), b.max),
            Type::Date | Type::Month | Type::Year => (date(b.min_date), date(b.max_date)),
            _ => (b.min, b.max),
        }
    }

    /// The smallest and largest number a term can be, 0 included where it may be blank.
    fn span(&self, term: &Term<'_>, case: &Case<'_>) -> (Option<Decimal>, Option<Decimal>) {
        let zero = Decimal::ZERO;
        match term {
            Term::Cell(spot) if case.blank.contains(spot) => (Some(zero), Some(zero)),
            Term::Cell(spot) => {
                let (low, high) = self.range(*spot);
                match case.filled.contains(spot) {
                    true => (low, high),
                    false => (low.map(|l| l.min(zero)), high.map(|h| h.max(zero))),
                }
            }
            Term::Other(e) => (self.is_natural(e).then_some(zero), None),
        }
    }

    /// Whether an expression is never below zero where it has a value. As deep as expressions may be.
    fn is_natural(&self, e: &Expr) -> bool {
        match &e.kind {
            Kind::Const(Value::Num(number)) => !number.is_negative(),
            Kind::Cell { cell, scope, time } => {
                let spot = Spot { cell: *cell, scope: *scope, time: *time };
                self.range(spot).0.is_some_and(|low| !low.is_negative())
            }
            Kind::List(parts) => parts.iter().all(|p| self.is_natural(&p.item)),
            Kind::Call(id, args) => match (id.row().key, id.row().role) {
                (_, Role::Aggregate(Aggregate::Count) | Role::Tally) | ("abs", _) => true,
                (_, Role::Aggregate(Aggregate::Sum | Aggregate::Min | Aggregate::Max) | Role::OrZero)
                | ("add_num" | "mul_num", _) => args.iter().all(|a| self.is_natural(a)),
                _ => false,
            },
            _ => false,
        }
    }

    /// The decimals of a term: a cell holds no more than its scale.
    fn scale(&self, term: &Term<'_>) -> Option<u32> {
        let Term::Cell(spot) = term else { return None };
        self.bounded(*spot).filter(|c| c.ty.is_numeric()).map(|c| c.scale)
    }

    /// Whether a case is possible.
    pub fn possible<'e>(&self, case: &Case<'e>) -> Possible<'e> {
        match self.refuted(case) {
            Some(why) => Possible::No(why),
            None => self.numbers(case),
        }
    }

    fn refuted<'e>(&self, case: &Case<'e>) -> Option<Why<'e>> {
        if let Some(always) = case.never {
            return Some(Why::Always(always));
        }
        if let Some(spot) = case.filled.iter().find(|s| case.blank.contains(s)) {
            return Some(Why::Presence(spot.cell));
        }
        if let Some((spot, ..)) = case.values.iter().find(|(spot, ..)| !self.has_value(*spot, case)) {
            return Some(Why::Values(spot.cell));
        }
        let contrary = |(at, (e, so)): (usize, &(&'e Expr, bool))| {
            let rest = case.other.get(at..).unwrap_or_default();
            rest.iter().any(|(f, other)| so != other && e.is_like(f)).then_some(Why::Both(e))
        };
        case.other.iter().enumerate().find_map(contrary)
    }

    /// Whether a value is left for a cell.
    fn has_value(&self, spot: Spot, case: &Case<'_>) -> bool {
        let about = || case.values.iter().filter(|v| v.0 == spot);
        let fits = |value: &Value| about().all(|(_, values, so)| values.contains(value) == *so);
        if let Some((_, values, _)) = about().find(|v| v.2) {
            return values.iter().any(|v| fits(v) && self.may_hold(spot, v));
        }
        match self.finite(spot) {
            Some(values) => values.iter().any(fits),
            None => true,
        }
    }

    fn may_hold(&self, spot: Spot, value: &Value) -> bool {
        self.finite(spot).is_none_or(|values| values.contains(value))
    }

    /// Every value of a cell that has few.
    pub fn finite(&self, spot: Spot) -> Option<Vec<Value>> {
        let cell = self.survey.cell(spot.cell)?;
        match cell.ty {
            Type::YesNo | Type::Tick => Some(vec![Value::Bool(true), Value::Bool(false)]),
            Type::Code(list) => {
                self.bounded(spot)?;
                let codes = self.survey.list(list)?.codes.iter().map(|c| Value::Text(c.code.as_str().into()));
                Some(codes.collect())
            }
            _ => None,
        }
    }

    fn numbers<'e>(&self, case: &Case<'e>) -> Possible<'e> {
        if let Some(why) = case.compared.iter().find_map(|c| self.beyond(c, case)) {
            return Possible::No(why);
        }
        match System::new(self, case).map(System::solved) {
            Some((_, Solved::Never)) => {
                let mut cells = Vec::new();
                for (term, _) in case.compared.iter().flat_map(|c| &c.sum.terms) {
                    match term {
                        Term::Cell(spot) if !cells.contains(&spot.cell) => cells.push(spot.cell),
                        _ => {}
                    }
                }
                Possible::No(Why::Numbers(cells))
            }
            Some((found, Solved::Values(values))) => {
                let value = |(term, value): (Term<'e>, i128)| match term {
                    Term::Cell(spot) => Some((spot, Decimal::new(value, found.scale)?.normalized())),
                    Term::Other(_) => None,
                };
                Possible::With(found.terms.into_iter().zip(values).filter_map(value).collect())
            }
            _ => Possible::Open,
        }
    }

    /// Why one comparison cannot hold by the bounds of its terms.
    fn beyond<'e>(&self, c: &Compared<'e>, case: &Case<'e>) -> Option<Why<'e>> {
        let (mut low, mut high) = (Some(c.sum.constant), Some(c.sum.constant));
        for (term, by) in &c.sum.terms {
            let (a, b) = self.span(term, case);
            let (least, most) = if by.is_negative() { (b, a) } else { (a, b) };
            low = low.zip(least).and_then(|(l, x)| l.checked_add(x.checked_mul(*by)?));
            high = high.zip(most).and_then(|(h, x)| h.checked_add(x.checked_mul(*by)?));
        }
        let zero = Decimal::ZERO;
        let never = match c.op {
            Compare::Eq => low.is_some_and(|l| l > zero) || high.is_some_and(|h| h < zero),
            Compare::Lt => low.is_some_and(|l| l >= zero),
            Compare::Le => low.is_some_and(|l| l > zero),
            Compare::Gt => high.is_some_and(|h| h <= zero),
            Compare::Ge => high.is_some_and(|h| h < zero),
            Compare::Ne => low == Some(zero) && high == Some(zero),
        };
        never.then(|| self.told(c, case))
    }

    /// The bounds as they are told: those of the one cell, else of all.
    fn told<'e>(&self, c: &Compared<'e>, case: &Case<'e>) -> Why<'e> {
        match c.sum.terms.as_slice() {
            [(term @ Term::Cell(_), _)] => {
                let (low, high) = self.span(term, case);
                Why::Range(c.of, low, high)
            }
            _ => Why::Range(c.of, None, None),
        }
    }
}

/// The numbers of a case in whole units.
struct System<'e> {
    terms: Vec<Term<'e>>,
    variables: Vec<Variable>,
    constraints: Vec<Linear>,
    scale: u32,
}

impl<'e> System<'e> {
    /// `None` where a number does not fit.
    fn new(known: &Known<'_>, case: &Case<'e>) -> Option<Self> {
        let all = || case.compared.iter().flat_map(|c| &c.sum.terms);
        let mut terms: Vec<Term<'e>> = Vec::new();
        for (term, _) in all() {
            if !terms.iter().any(|t| is_same(t, term)) {
                terms.push(*term);
            }
        }
        let spans: Vec<_> = terms.iter().map(|t| known.span(t, case)).collect();
        let scales: Vec<Option<u32>> = terms.iter().map(|t| known.scale(t)).collect();
        let constants = case.compared.iter().map(|c| c.sum.constant);
        let bounds = spans.iter().flat_map(|s| [s.0, s.1]).flatten();
        let decimals = constants.chain(bounds).map(|d| d.normalized().scale());
        let scale = decimals.chain(scales.iter().flatten().copied()).max().unwrap_or(0);
        if scale > MOST_SCALE {
            return None;
        }
        let unit = Decimal::ONE.to_scale(scale)?;
        let mut new = System { terms, variables: Vec::new(), constraints: Vec::new(), scale };
        for (ix, (span, own)) in spans.iter().zip(&scales).enumerate() {
            let step = own.and_then(|own| 10i128.checked_pow(scale - own));
            let is_date = matches!(new.terms.get(ix), Some(Term::Cell(s)) if known.survey.cell(s.cell).is_some_and(is_date));
            let prefer = if is_date { 20_150_630i128.checked_mul(unit)? } else { 0 };
            new.variables.push(Variable { step, prefer, unit });
            if let Some(low) = span.0 {
                let most = low.to_scale(scale)?.checked_neg()?;
                new.constraints.push(Linear { terms: vec![(ix, -1)], most, strict: false });
            }
            if let Some(high) = span.1 {
                new.constraints.push(Linear {
                    terms: vec![(ix, 1)],
                    most: high.to_scale(scale)?,
                    strict: false,
                });
            }
        }
        case.compared.iter().try_for_each(|c| new.add(c))?;
        Some(new)
    }

    fn add(&mut self, c: &Compared<'e>) -> Option<()> {
        let finer = c.sum.terms.iter().map(|t| t.1.normalized().scale()).max().unwrap_or(0);
        let mut terms = Vec::new();
        for (term, by) in &c.sum.terms {
            let ix = self.terms.iter().position(|t| is_same(t, term))?;
            terms.push((ix, by.to_scale(finer)?));
        }
        terms.sort_unstable_by_key(|t| t.0);
        let bound =
            c.sum.constant.to_scale(self.scale)?.checked_mul(10i128.checked_pow(finer)?)?.checked_neg()?;
        let negated: Vec<(usize, i128)> = terms.iter().map(|(v, k)| (*v, -k)).collect();
        let strict = matches!(c.op, Compare::Lt | Compare::Gt);
        if matches!(c.op, Compare::Lt | Compare::Le | Compare::Eq) {
            self.constraints.push(Linear { terms, most: bound, strict });
        }
        if matches!(c.op, Compare::Gt | Compare::Ge | Compare::Eq) {
            self.constraints.push(Linear { terms: negated, most: bound.checked_neg()?, strict });
        }
        Some(())
    }

    fn solved(mut self) -> (Self, Solved) {
        let constraints = std::mem::take(&mut self.constraints);
        let solved = solve(&self.variables, constraints);
        (self, solved)
    }
}

fn is_date(cell: &Cell) -> bool {
    matches!(cell.ty, Type::Date | Type::Month | Type::Year)
}
