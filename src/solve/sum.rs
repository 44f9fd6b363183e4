//! Sides of comparisons as sums of cells with coefficients.

use super::case::{Splitting, Spot};
use crate::ir::expr::{Expr, Kind, Ty};
use crate::ir::func::{Aggregate, Role};
use formwright_engine::{Date, Decimal, Value};

/// What a sum adds up.
#[derive(Debug, Clone, Copy)]
pub enum Term<'e> {
    /// A cell, 0 where it is blank.
    Cell(Spot),
    /// Another number.
    Other(&'e Expr),
}

/// Numbers with coefficients, and a constant.
#[derive(Debug, Clone)]
pub struct Sum<'e> {
    /// Each term once.
    pub terms: Vec<(Term<'e>, Decimal)>,
    /// What is added besides.
    pub constant: Decimal,
}

/// A sum, and what holds wherever it has a value.
#[derive(Debug)]
pub struct Kept<'e> {
    /// The sum; `None` where it does not fit.
    pub sum: Option<Sum<'e>>,
    /// Cells that are filled.
    pub filled: Vec<Spot>,
    /// Conditions under which its items are there.
    pub conditions: Vec<&'e Expr>,
}

/// The left side less the right side.
pub fn sum<'e, 's: 'e>(how: &Splitting<'s>, left: &'e Expr, right: &'e Expr) -> Kept<'e> {
    let sum = Sum { terms: Vec::new(), constant: Decimal::ZERO };
    let mut kept = Kept { sum: None, filled: Vec::new(), conditions: Vec::new() };
    let mut adding = Adding { how, sum, kept: &mut kept };
    let fits = adding.side(left, Decimal::ONE).and_then(|()| adding.side(right, Decimal::ONE.neg()));
    let sum = adding.sum;
    kept.sum = fits.map(|()| sum);
    kept
}

struct Adding<'a, 'e, 's> {
    how: &'a Splitting<'s>,
    sum: Sum<'e>,
    kept: &'a mut Kept<'e>,
}

impl<'e, 's: 'e> Adding<'_, 'e, 's> {
    /// Adds a side, `by` times; `None` where a number does not fit.
    fn side(&mut self, side: &'e Expr, by: Decimal) -> Option<()> {
        let mut open = vec![(side, by, true)];
        while let Some((e, by, needed)) = open.pop() {
            match &e.kind {
                Kind::Const(value) => {
                    let number = number(value)?;
                    self.sum.constant = self.sum.constant.checked_add(number.checked_mul(by)?)?;
                }
                Kind::Cell { cell, scope, time } => match self.how.calculated(*cell, *scope, *time) {
                    Some(of) if needed => open.push((of, by, true)),
                    Some(_) => self.term(Term::Other(e), by)?,
                    None => {
                        let spot = self.how.spot(*cell, *scope, *time);
                        self.term(Term::Cell(spot), by)?;
                        if needed {
                            self.kept.filled.push(spot);
                        }
                    }
                },
                Kind::Call(id, args) => {
                    self.call(e, (id.row().key, id.row().role), args, by, needed, &mut open)?
                }
                _ => self.term(Term::Other(e), by)?,
            }
        }
        Some(())
    }

    fn call(
        &mut self,
        e: &'e Expr,
        (key, role): (&str, Role),
        args: &'e [Expr],
        by: Decimal,
        needed: bool,
        open: &mut Vec<(&'e Expr, Decimal, bool)>,
    ) -> Option<()> {
        // What is blank as a whole counts nothing: its parts do not count nothing one by one.
        match (key, role, args) {
            ("add_num", _, [a, b]) if needed => open.extend([(a, by, true), (b, by, true)]),
            ("sub_num", _, [a, b]) if needed => open.extend([(a, by, true), (b, by.neg(), true)]),
            ("neg_num", _, [a]) if needed => open.push((a, by.neg(), true)),
            ("mul_num", _, [a, b]) if needed => match (constant(a), constant(b)) {
                (Some(factor), _) => open.push((b, by.checked_mul(factor)?, true)),
                (_, Some(factor)) => open.push((a, by.checked_mul(factor)?, true)),
                _ => self.term(Term::Other(e), by)?,
            },
            (_, Role::OrZero, [a, ..]) if self.how.cell(a).is_some() => open.push((a, by, false)),
            (_, Role::Aggregate(Aggregate::Sum), _) => match self.items(args) {
                Some(items) => open.extend(items.into_iter().map(|i| (i, by, false))),
                None => self.term(Term::Other(e), by)?,
            },
            (_, Role::Aggregate(Aggregate::Count), _) if self.how.one_row => match self.counted(args) {
                Some(all) => self.sum.constant = self.sum.constant.checked_add(all.checked_mul(by)?)?,
                None => self.term(Term::Other(e), by)?,
            },
            _ => self.term(Term::Other(e), by)?,
        }
        Some(())
    }

    /// How many items there are where each is filled.
    fn counted(&mut self, args: &'e [Expr]) -> Option<Decimal> {
        let mut all = 0;
        for arg in args {
            let Kind::List(parts) = &arg.kind else { return None };
            let (items, conditions) = self.how.items(parts)?;
            all += i64::try_from(items.len()).ok()?;
            self.kept.filled.extend(items.into_iter().filter_map(|i| self.how.cell(i)));
            self.kept.filled.extend(parts.iter().filter_map(|p| self.how.in_row(p.each?.0)));
            self.kept.conditions.extend(conditions);
        }
        Some(Decimal::from_int(all))
    }

    /// The items of a sum over fixed places.
    fn items(&mut self, args: &'e [Expr]) -> Option<Vec<&'e Expr>> {
        let mut items = Vec::new();
        for arg in args {
            match &arg.kind {
                Kind::List(parts) => {
                    let (found, conditions) = self.how.items(parts)?;
                    items.extend(found);
                    self.kept.conditions.extend(conditions);
                }
                _ if matches!(arg.ty, Ty::Num { .. }) => items.push(arg),
                _ => return None,
            }
        }
        Some(items)
    }

    fn term(&mut self, term: Term<'e>, by: Decimal) -> Option<()> {
        match self.sum.terms.iter_mut().find(|(known, _)| is_same(known, &term)) {
            Some((_, known)) => *known = known.checked_add(by)?,
            None => self.sum.terms.push((term, by)),
        }
        Some(())
    }
}

/// Whether two terms are the same number.
pub fn is_same(a: &Term<'_>, b: &Term<'_>) -> bool {
    match (a, b) {
        (Term::Cell(a), Term::Cell(b)) => a == b,
        (Term::Other(a), Term::Other(b)) => a.is_like(b),
        _ => false,
    }
}

fn constant(e: &Expr) -> Option<Decimal> {
    match &e.kind {
        Kind::Const(Value::Num(number)) => Some(*number),
        _ => None,
    }
}

/// A number, or a date as a number in the order of dates.
pub fn number(value: &Value) -> Option<Decimal> {
    match value {
        Value::Num(number) => Some(*number),
        Value::Date(date) => Some(Decimal::from_int(ordinal(*date))),
        _ => None,
    }
}

/// A date as a number in the order of dates, as 20150630.
pub fn ordinal(date: Date) -> i64 {
    i64::from(date.year()) * 10_000 + i64::from(date.month()) * 100 + i64::from(date.day())
}
