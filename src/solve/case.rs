//! Conditions taken apart into cases: what must all hold together for them to be certainly true, or certainly false.
//!
//! A case says less than the conditions where they say what it has no words for (a quotient, rows that repeat): then it
//! holds wherever they do, and may hold where they do not. So a set of cases none of which is possible proves that the
//! conditions are not; a possible case proves nothing, and values that fulfil it are tried on the conditions themselves.

use super::sum::{Kept, Sum, sum};
use crate::ir::expr::{Expr, Kind, Part, Time, Ty};
use crate::ir::func::Role;
use crate::ir::{BlockId, CellId, Instance, Source, Survey};
use formwright_engine::func::Compare;
use formwright_engine::{Decimal, Value};
use std::ops::ControlFlow;

/// A cell as an expression reads it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The cell.
    pub cell: CellId,
    /// Whose row.
    pub scope: u8,
    /// Which return.
    pub time: Time,
}

/// What must hold.
#[derive(Debug, Clone)]
pub enum Goal<'e> {
    /// A condition is certainly true, or certainly false.
    Is(&'e Expr, bool),
    /// A cell is filled, or blank.
    Presence(Spot, bool),
    /// A comparison of two sides, filled both, the right one moved by a tolerance.
    Compare(&'e Expr, Compare, [&'e Expr; 2], Decimal),
    /// A cell is filled and one of these values, or none of them.
    OneOf(Spot, Vec<Value>, bool),
}

impl<'e> Goal<'e> {
    /// That the condition of an instance is certainly true, or certainly false, where it certainly applies; `None` for
    /// other checks.
    pub fn all_of(instance: &'e Instance, so: bool) -> Option<Vec<Self>> {
        let check = instance.condition()?;
        let when = instance.when.iter().map(|when| Goal::Is(when, true));
        Some(std::iter::once(Goal::Is(check, so)).chain(when).collect())
    }
}

/// A linear comparison: the sum stands so to zero.
#[derive(Debug, Clone)]
pub struct Compared<'e> {
    /// Left side less right side.
    pub sum: Sum<'e>,
    /// Never `!=`.
    pub op: Compare,
    /// The comparison it comes from.
    pub of: &'e Expr,
}

/// One way for conditions to hold.
#[derive(Debug, Clone, Default)]
pub struct Case<'e> {
    /// Cells that are filled.
    pub filled: Vec<Spot>,
    /// Cells that are blank.
    pub blank: Vec<Spot>,
    /// Cells and the values they have, or do not have.
    pub values: Vec<(Spot, Vec<Value>, bool)>,
    /// Comparisons of numbers and dates.
    pub compared: Vec<Compared<'e>>,
    /// Conditions that are not taken apart.
    pub other: Vec<(&'e Expr, bool)>,
    /// A condition that is always so.
    pub never: Option<&'e Expr>,
}

/// How cases are made.
#[derive(Debug, Clone, Copy)]
pub struct Splitting<'s> {
    /// The survey.
    pub survey: &'s Survey,
    /// The block of whose rows the conditions are about.
    pub home: Option<BlockId>,
    /// Whether a block has just one row, which is the row at hand: for finding values, never for proving.
    pub one_row: bool,
}

/// Most cases that are looked at.
const MOST: usize = 200;

/// Calls `found` for each case until it breaks; whether all cases were shown.
pub fn cases<'e, 's: 'e>(
    how: Splitting<'s>,
    goals: Vec<Goal<'e>>,
    found: &mut dyn FnMut(&Case<'e>) -> ControlFlow<()>,
) -> bool {
    let mut open = vec![(goals, Case::default())];
    let mut left = MOST;
    while let Some((mut goals, mut case)) = open.pop() {
        let goal = if case.never.is_some() { None } else { goals.pop() };
        let Some(goal) = goal else {
            left -= 1;
            if found(&case).is_break() {
                return false;
            }
            if left == 0 {
                return open.is_empty();
            }
            continue;
        };
        let ways = how.taken(goal, &mut goals, &mut case);
        match ways {
            None => open.push((goals, case)),
            Some(ways) => {
                for way in ways.into_iter().rev() {
                    open.push((goals.iter().cloned().chain(way).collect(), case.clone()));
                }
                if open.len() > MOST {
                    return false;
                }
            }
        }
    }
    true
}

type Ways<'e> = Option<Vec<Vec<Goal<'e>>>>;

impl<'s> Splitting<'s> {
    /// Takes a goal into the case or replaces it by others; the ways in which it can hold where there are several.
    fn taken<'e>(&self, goal: Goal<'e>, goals: &mut Vec<Goal<'e>>, case: &mut Case<'e>) -> Ways<'e>
    where
        's: 'e,
    {
        match goal {
            Goal::Presence(spot, true) => case.filled.push(spot),
            Goal::Presence(spot, false) => case.blank.push(spot),
            Goal::OneOf(spot, values, so) => {
                case.filled.push(spot);
                case.values.push((spot, values, so));
            }
            Goal::Compare(of, Compare::Ne, sides, slack) => {
                let way = |op| vec![Goal::Compare(of, op, sides, slack)];
                return Some(vec![way(Compare::Lt), way(Compare::Gt)]);
            }
            Goal::Compare(of, op, sides, slack) => self.compare(of, op, sides, slack, goals, case),
            Goal::Is(e, so) => return self.condition(e, so, goals, case),
        }
        None
    }

    fn compare<'e>(
        &self,
        of: &'e Expr,
        op: Compare,
        [left, right]: [&'e Expr; 2],
        slack: Decimal,
        goals: &mut Vec<Goal<'e>>,
        case: &mut Case<'e>,
    ) where
        's: 'e,
    {
        let Kept { sum, filled, conditions } = sum(self, left, right);
        case.filled.extend(filled);
        goals.extend(conditions.into_iter().map(|c| Goal::Is(c, true)));
        let Some(mut sum) = sum else { return case.other.push((of, true)) };
        // `=` within a tolerance is two bounds, the others move the right side.
        let mut moved = |by: Decimal, op: Compare| {
            let mut sum = sum.clone();
            if let Some(constant) = sum.constant.checked_add(by) {
                sum.constant = constant;
                case.compared.push(Compared { sum, op, of });
            }
        };
        match (op, slack.is_zero()) {
            (_, true) => case.compared.push(Compared { sum, op, of }),
            (Compare::Eq, _) => {
                moved(slack.neg(), Compare::Le);
                moved(slack, Compare::Ge);
            }
            (Compare::Lt | Compare::Le, _) => moved(slack.neg(), op),
            (Compare::Gt | Compare::Ge, _) => moved(slack, op),
            (Compare::Ne, _) => sum.terms.clear(),
        }
    }

    fn condition<'e>(&self, e: &'e Expr, so: bool, goals: &mut Vec<Goal<'e>>, case: &mut Case<'e>) -> Ways<'e>
    where
        's: 'e,
    {
        match &e.kind {
            Kind::Const(Value::Bool(b)) if *b == so => {}
            Kind::Const(_) => case.never = Some(e),
            Kind::Cell { cell, scope, time } => match self.calculated(*cell, *scope, *time) {
                Some(by) => goals.push(Goal::Is(by, so)),
                None => {
                    goals.push(Goal::OneOf(self.spot(*cell, *scope, *time), vec![Value::Bool(so)], true));
                }
            },
            Kind::If(three) => {
                let [c, then, otherwise] = &**three;
                // Where the condition is not certainly true, the other branch counts.
                let mut ways = vec![vec![Goal::Is(c, true), Goal::Is(then, so)]];
                if self.one_row {
                    ways.push(vec![Goal::Is(c, false), Goal::Is(otherwise, so)]);
                }
                ways.push(vec![Goal::Is(otherwise, so)]);
                return Some(ways);
            }
            Kind::Quant { every, parts } => match self.items(parts) {
                Some((items, conditions)) => {
                    goals.extend(conditions.into_iter().map(|c| Goal::Is(c, true)));
                    return connected(items.into_iter(), *every == so, so, goals);
                }
                None => case.other.push((e, so)),
            },
            Kind::Call(id, args) => return self.call(e, id.row().role, args, so, goals, case),
            _ => case.other.push((e, so)),
        }
        None
    }

    fn call<'e>(
        &self,
        e: &'e Expr,
        role: Role,
        args: &'e [Expr],
        so: bool,
        goals: &mut Vec<Goal<'e>>,
        case: &mut Case<'e>,
    ) -> Ways<'e>
    where
        's: 'e,
    {
        match (role, args) {
            (Role::And, _) => return connected(args.iter(), so, so, goals),
            (Role::Or, _) => return connected(args.iter(), !so, so, goals),
            (Role::Not, [one]) => goals.push(Goal::Is(one, !so)),
            (Role::Between, [x, low, high]) => {
                let sides = [(Compare::Ge, [x, low]), (Compare::Le, [x, high])];
                let one = |(op, sides): (Compare, _)| {
                    Goal::Compare(e, if so { op } else { op.opposite() }, sides, Decimal::ZERO)
                };
                if so {
                    goals.extend(sides.into_iter().map(one));
                } else {
                    return Some(sides.into_iter().map(|s| vec![one(s)]).collect());
                }
            }
            (Role::Null(asks_blank), [x, _]) | (Role::Null(asks_blank), [x]) => match self.cell(x) {
                Some(spot) => goals.push(Goal::Presence(spot, asks_blank != so)),
                None => case.other.push((e, so)),
            },
            (Role::Presence(filled), _) => return self.presence(e, args, filled, so, goals, case),
            (Role::Compare(op), [left, right]) => {
                return self.compared(e, op, [left, right], so, goals, case);
            }
            (Role::Compare(op), [left, right, slack]) => {
                return within(e, op, [left, right], slack, so, case);
            }
            (Role::Near, [left, right, slack]) => {
                return within(e, Compare::Eq, [left, right], slack, so, case);
            }
            (Role::Member, [x, list]) => match (self.cell(x), constants(list)) {
                (Some(spot), Some(values)) if !matches!(x.ty, Ty::Codes(_)) => {
                    goals.push(Goal::OneOf(spot, values, so));
                }
                _ => case.other.push((e, so)),
            },
            _ => case.other.push((e, so)),
        }
        None
    }

    /// Whether all are filled or blank; where not, one of them is the reverse.
    fn presence<'e>(
        &self,
        e: &'e Expr,
        args: &'e [Expr],
        filled: bool,
        so: bool,
        goals: &mut Vec<Goal<'e>>,
        case: &mut Case<'e>,
    ) -> Ways<'e>
    where
        's: 'e,
    {
        let mut spots = Vec::new();
        for arg in args {
            let items = match &arg.kind {
                Kind::List(parts) => self.items(parts).map(|i| i.0),
                _ => Some(vec![arg]),
            };
            let found =
                items.map(|items| items.into_iter().map(|i| self.cell(i)).collect::<Option<Vec<_>>>());
            match found.flatten() {
                Some(found) => spots.extend(found),
                None => {
                    case.other.push((e, so));
                    return None;
                }
            }
        }
        if so {
            goals.extend(spots.into_iter().map(|s| Goal::Presence(s, filled)));
            return None;
        }
        Some(spots.into_iter().map(|s| vec![Goal::Presence(s, !filled)]).collect())
    }

    /// A comparison without tolerance.
    fn compared<'e>(
        &self,
        e: &'e Expr,
        op: Compare,
        [left, right]: [&'e Expr; 2],
        so: bool,
        goals: &mut Vec<Goal<'e>>,
        case: &mut Case<'e>,
    ) -> Ways<'e>
    where
        's: 'e,
    {
        let asked = if so { op } else { op.opposite() };
        match (&left.ty, &right.ty) {
            (Ty::Num { .. }, Ty::Num { .. }) | (Ty::Date(_), Ty::Date(_)) => {
                goals.push(Goal::Compare(e, asked, [left, right], Decimal::ZERO));
            }
            (Ty::Bool, Ty::Bool) => {
                let equal = asked == Compare::Eq;
                let ways = [true, false].into_iter();
                return Some(ways.map(|a| vec![Goal::Is(left, a), Goal::Is(right, a == equal)]).collect());
            }
            _ => match (self.cell(left), &right.kind, self.cell(right), &left.kind) {
                (Some(spot), Kind::Const(value), _, _) | (_, _, Some(spot), Kind::Const(value)) => {
                    goals.push(Goal::OneOf(spot, vec![value.clone()], asked == Compare::Eq));
                }
                _ => case.other.push((e, so)),
            },
        }
        None
    }

    /// The items of parts that are not repeated, with what must hold for them to be there.
    pub fn items<'e>(&self, parts: &'e [Part]) -> Option<(Vec<&'e Expr>, Vec<&'e Expr>)> {
        let (mut items, mut conditions) = (Vec::new(), Vec::new());
        for part in parts {
            if !self.one_row && (part.each.is_some() || part.filter.is_some()) {
                return None;
            }
            conditions.extend(part.filter.as_ref());
            match &part.item.kind {
                Kind::List(inner) => {
                    let (inner, more) = flat(inner, self.one_row)?;
                    items.extend(inner);
                    conditions.extend(more);
                }
                _ => items.push(&part.item),
            }
        }
        Some((items, conditions))
    }

    /// What a cell is calculated by, where that can be read from here.
    pub fn calculated(&self, cell: CellId, scope: u8, time: Time) -> Option<&'s Expr> {
        let cell = self.survey.cell(cell)?;
        let here =
            scope == 0 && time == Time::Now && (cell.home.block.is_none() || cell.home.block == self.home);
        match &cell.source {
            Source::Calculated(by) if here => Some(by),
            _ => None,
        }
    }

    /// The cell an expression is, unless it is calculated.
    pub fn cell(&self, e: &Expr) -> Option<Spot> {
        match e.kind {
            Kind::Cell { cell, scope, time } if self.calculated(cell, scope, time).is_none() => {
                Some(self.spot(cell, scope, time))
            }
            _ => None,
        }
    }

    /// A cell that makes a row of a block one: its key, or the first that is filled by hand.
    pub fn in_row(&self, block: BlockId) -> Option<Spot> {
        let block = self.survey.block(block)?;
        let answered = |c: &&CellId| {
            let cell = self.survey.cell(**c);
            cell.is_some_and(|c| !matches!(c.source, Source::Calculated(_) | Source::Constant(_)))
        };
        let cell = block.key.iter().chain(&block.cells).find(answered)?;
        Some(self.spot(*cell, 0, Time::Now))
    }

    /// A cell as it is read; in one row all rows are that row.
    pub fn spot(&self, cell: CellId, scope: u8, time: Time) -> Spot {
        Spot { cell, scope: if self.one_row { 0 } else { scope }, time }
    }
}

/// Items of a list within a list; not deeper.
fn flat(parts: &[Part], one_row: bool) -> Option<(Vec<&Expr>, Vec<&Expr>)> {
    let single = |p: &Part| one_row || (p.each.is_none() && p.filter.is_none());
    let plain = parts.iter().all(|p| single(p) && !matches!(p.item.kind, Kind::List(_)));
    plain.then(|| {
        (parts.iter().map(|p| &p.item).collect(), parts.iter().filter_map(|p| p.filter.as_ref()).collect())
    })
}

/// All of them (`and` that is true, `or` that is false), or one of them.
fn connected<'e>(
    args: impl Iterator<Item = &'e Expr>,
    all: bool,
    so: bool,
    goals: &mut Vec<Goal<'e>>,
) -> Ways<'e> {
    if all {
        goals.extend(args.map(|a| Goal::Is(a, so)));
        return None;
    }
    Some(args.map(|a| vec![Goal::Is(a, so)]).collect())
}

/// A comparison within a tolerance that is a number.
fn within<'e>(
    e: &'e Expr,
    op: Compare,
    sides: [&'e Expr; 2],
    slack: &Expr,
    so: bool,
    case: &mut Case<'e>,
) -> Ways<'e> {
    let Kind::Const(Value::Num(slack)) = slack.kind else {
        case.other.push((e, so));
        return None;
    };
    let one = |op, slack| vec![Goal::Compare(e, op, sides, slack)];
    let apart = || vec![one(Compare::Lt, slack.neg()), one(Compare::Gt, slack.neg())];
    Some(match (op, so) {
        (Compare::Eq, false) | (Compare::Ne, true) => apart(),
        (Compare::Ne, false) => vec![one(Compare::Eq, slack)],
        // Where `l <= r + t` does not hold, `l > r + t` does: `>` moves the right side the other way.
        (_, false) => vec![one(op.opposite(), slack.neg())],
        (_, true) => vec![one(op, slack)],
    })
}

/// The values of a list of constants.
fn constants(list: &Expr) -> Option<Vec<Value>> {
    let value = |e: &Expr| match &e.kind {
        Kind::Const(value) => Some(value.clone()),
        _ => None,
    };
    match &list.kind {
        Kind::List(parts) => {
            let plain = |p: &Part| (p.each.is_none() && p.filter.is_none()).then(|| value(&p.item)).flatten();
            parts.iter().map(plain).collect()
        }
        Kind::Const(Value::List(values)) => Some(values.to_vec()),
        _ => None,
    }
}
