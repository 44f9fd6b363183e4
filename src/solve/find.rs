//! Looking for a small return that a rule judges in a given way. The evaluator has the last word on each.

use super::case::{Case, Goal, Splitting, Spot, cases};
use super::possible::{Known, Possible, Why};
use super::samples;
use super::sum::ordinal;
use super::world::{Slot, Witness, judged, places};
use crate::expr::verdict::Verdict;
use crate::ir::expr::{Expr, Kind, Time, Ty};
use crate::ir::func::Role;
use crate::ir::{BlockId, Instance, Survey, Type};
use formwright_engine::{Date, Decimal, Value};
use std::ops::ControlFlow;

/// Whether a rule can come out in a given way.
#[derive(Debug, Clone)]
pub enum Answer<'e> {
    /// It does here: judged by the evaluator.
    Found(Witness),
    /// No return makes it so: proved, for these reasons.
    Never(Vec<Why<'e>>),
    /// Not decided.
    Open,
}

/// Most returns that are tried for one answer.
const TRIED: usize = 600;

/// Most reasons that are kept.
const REASONS: usize = 8;

/// Finds witnesses and proves that there are none.
#[derive(Debug)]
pub struct Solver<'s> {
    known: Known<'s>,
    survey: &'s Survey,
}

impl<'s> Solver<'s> {
    /// For the rules of a survey.
    pub fn new(survey: &'s Survey) -> Self {
        Solver { known: Known::new(survey), survey }
    }

    /// Why conditions about a row of `home` never hold together; `None` where they may, or where it is not decided.
    pub fn never(&self, home: Option<BlockId>, goals: Vec<Goal<'s>>) -> Option<Vec<Why<'s>>> {
        if samples::fulfil(self.survey, &goals) {
            return None;
        }
        let how = Splitting { survey: self.survey, home, one_row: false };
        let mut reasons: Vec<Why<'s>> = Vec::new();
        let all = cases(how, goals, &mut |case| match self.known.possible(case) {
            Possible::No(why) => {
                // What no answer changes is a reason only where nothing else is one.
                if let (Some(Why::Always(_)), false) = (reasons.first(), matches!(why, Why::Always(_))) {
                    reasons.clear();
                }
                if reasons.len() < REASONS && (reasons.is_empty() || !matches!(why, Why::Always(_))) {
                    reasons.push(why);
                }
                ControlFlow::Continue(())
            }
            _ => ControlFlow::Break(()),
        });
        all.then_some(reasons)
    }

    /// What must hold for a verdict; `None` for those that are not conditions that hold.
    fn goals(instance: &'s Instance, wanted: Verdict) -> Option<Vec<Goal<'s>>> {
        match wanted {
            Verdict::Pass => Goal::all_of(instance, true),
            Verdict::Fail => Goal::all_of(instance, false),
            Verdict::Unknown | Verdict::NotApplicable => None,
        }
    }

    /// A small return that an instance judges so, or the proof that there is none.
    pub fn find(&self, instance: &'s Instance, wanted: Verdict) -> Answer<'s> {
        let fits = |w: &Witness| judged(self.survey, instance, w) == Some(wanted);
        self.find_where(instance, wanted, &[], &fits)
    }

    /// The same with further goals, where `fits` says whether a return will do.
    pub fn find_where(
        &self,
        instance: &'s Instance,
        wanted: Verdict,
        further: &[Goal<'s>],
        fits: &dyn Fn(&Witness) -> bool,
    ) -> Answer<'s> {
        let empty = Witness::default();
        if fits(&empty) {
            return Answer::Found(empty);
        }
        let Some(mut goals) = Self::goals(instance, wanted) else {
            if let (Verdict::Unknown, Some(check), true) =
                (wanted, instance.condition(), is_decided(instance))
            {
                return Answer::Never(vec![Why::Decided(check)]);
            }
            return self.left_open(instance, further, fits);
        };
        goals.extend_from_slice(further);
        if let Some(why) = self.never(instance.home, goals.clone()) {
            return Answer::Never(why);
        }
        let found = self.by_cases(instance.home, goals, fits).or_else(|| self.tried(instance, fits));
        found.map_or(Answer::Open, |w| Answer::Found(smaller(w, fits)))
    }

    /// One that is undecided: a return that decides it, less a cell.
    fn left_open(
        &self,
        instance: &'s Instance,
        further: &[Goal<'s>],
        fits: &dyn Fn(&Witness) -> bool,
    ) -> Answer<'s> {
        for decided in [Verdict::Pass, Verdict::Fail] {
            let is_so = |w: &Witness| judged(self.survey, instance, w) == Some(decided);
            let Answer::Found(whole) = self.find_where(instance, decided, further, &is_so) else { continue };
            for slot in whole.values.keys() {
                let mut less = whole.clone();
                less.values.remove(slot);
                if fits(&less) {
                    return Answer::Found(smaller(less, fits));
                }
            }
        }
        self.tried(instance, fits).map_or(Answer::Open, |w| Answer::Found(smaller(w, fits)))
    }

    fn by_cases(
        &self,
        home: Option<BlockId>,
        goals: Vec<Goal<'s>>,
        fits: &dyn Fn(&Witness) -> bool,
    ) -> Option<Witness> {
        let how = Splitting { survey: self.survey, home, one_row: true };
        let mut found = None;
        cases(how, goals, &mut |case| {
            if let Possible::With(numbers) = self.known.possible(case) {
                let witness = self.filled(case, &numbers);
                if fits(&witness) {
                    found = Some(witness);
                    return ControlFlow::Break(());
                }
            }
            ControlFlow::Continue(())
        });
        found
    }

    /// A return with the values of a case.
    fn filled(&self, case: &Case<'s>, numbers: &[(Spot, Decimal)]) -> Witness {
        let mut witness = Witness::default();
        for spot in &case.filled {
            if let Some(value) = self.value(*spot, case) {
                witness.values.insert(slot(*spot), value);
            }
        }
        for (spot, number) in numbers.iter().filter(|n| !case.blank.contains(&n.0)) {
            if let Some(value) = self.number(*spot, *number) {
                witness.values.insert(slot(*spot), value);
            }
        }
        for (e, so) in &case.other {
            self.chosen(e, *so, &mut witness);
        }
        witness
    }

    fn number(&self, spot: Spot, number: Decimal) -> Option<Value> {
        match self.survey.cell(spot.cell)?.ty {
            ty @ (Type::Date | Type::Month | Type::Year) => Some(Value::Date(date(number.to_i64()?, ty)?)),
            _ => Some(Value::Num(number)),
        }
    }

    /// A value of a filled cell that a case allows.
    fn value(&self, spot: Spot, case: &Case<'s>) -> Option<Value> {
        let about = || case.values.iter().filter(move |v| v.0 == spot);
        let fits = |value: &Value| about().all(|(_, values, so)| values.contains(value) == *so);
        let given = about().filter(|v| v.2).flat_map(|v| v.1.clone());
        let usual = self.known.finite(spot).unwrap_or_else(|| usual(self.survey, spot));
        given.chain(usual).find(fits)
    }

    /// A code that is in a set.
    fn chosen(&self, e: &Expr, so: bool, witness: &mut Witness) {
        let Kind::Call(id, args) = &e.kind else { return };
        if id.row().role != Role::Member || !so {
            return;
        }
        let code = args
            .iter()
            .find_map(|a| if let Kind::Const(v @ Value::Text(_)) = &a.kind { Some(v) } else { None });
        let cell = args.iter().find_map(|a| match a.kind {
            Kind::Cell { cell, time, .. } if matches!(a.ty, Ty::Codes(_)) => {
                Some(Spot { cell, scope: 0, time })
            }
            _ => None,
        });
        if let (Some(code), Some(spot)) = (code, cell) {
            let now = witness.values.entry(slot(spot)).or_insert(Value::list([]));
            let mut all = now.as_list().unwrap_or_default().to_vec();
            all.push(code.clone());
            *now = Value::list(all);
        }
    }

    /// Returns near the constants of a rule, from those with few filled cells on; deterministic.
    fn tried(&self, instance: &'s Instance, fits: &dyn Fn(&Witness) -> bool) -> Option<Witness> {
        let check = instance.condition()?;
        let conditions = || instance.when.iter().chain([check]);
        let constants = constants(conditions());
        let slots = places(self.survey, conditions(), 2);
        let choices: Vec<Vec<Option<Value>>> =
            slots.iter().map(|s| self.candidates(*s, &constants)).collect();
        let mut seed = 0x9e37_79b9_7f4a_7c15u64;
        let mut next = |n: usize| {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            usize::try_from(seed >> 33).unwrap_or(0).checked_rem(n).unwrap_or(0)
        };
        let mut witness = Witness::default();
        for _ in 0..TRIED {
            let changes = 1 + next(slots.len().clamp(1, 4));
            for _ in 0..changes {
                let at = next(slots.len());
                let (Some(slot), Some(values)) = (slots.get(at), choices.get(at)) else { continue };
                match values.get(next(values.len())).cloned().flatten() {
                    Some(value) => drop(witness.values.insert(*slot, value)),
                    None => drop(witness.values.remove(slot)),
                }
            }
            if fits(&witness) {
                return Some(witness);
            }
        }
        None
    }

    /// Values to try at a place; `None` is blank.
    fn candidates(&self, slot: Slot, constants: &[Value]) -> Vec<Option<Value>> {
        let spot = spot(slot);
        let Some(cell) = self.survey.cell(slot.cell) else { return Vec::new() };
        let mut found: Vec<Value> = self.known.finite(spot).unwrap_or_default();
        match cell.ty {
            ty if ty.is_numeric() => {
                let step = Decimal::new(1, cell.scale).unwrap_or(Decimal::ONE);
                let near = |n: Decimal| [Some(n), n.checked_add(step), n.checked_sub(step)];
                let ends = [cell.bounds.min, cell.bounds.max].into_iter().flatten();
                let whole = [0, 1, 2, 3, 10, 100].into_iter().map(Decimal::from_int);
                let all = whole.chain(ends).chain(constants.iter().filter_map(Value::as_num));
                let fits = |n: &Decimal| {
                    (cell.ty != Type::Count || !n.is_negative())
                        && n.to_scale(cell.scale).is_some()
                        && cell.bounds.min.is_none_or(|m| m <= *n)
                        && cell.bounds.max.is_none_or(|m| *n <= m)
                };
                found.extend(all.flat_map(near).flatten().filter(fits).map(Value::Num));
            }
            ty if ty.is_text() => {
                found.extend(constants.iter().filter(|v| v.as_text().is_some()).cloned());
                found.extend(usual(self.survey, spot));
            }
            ty @ (Type::Date | Type::Month | Type::Year) => {
                let around = |d: Date| [-1i64, 0, 1].map(|by| date(ordinal(d) + by, ty));
                let dates = constants.iter().filter_map(Value::as_date).flat_map(around).flatten();
                found.extend(dates.map(Value::Date));
                found.extend(usual(self.survey, spot));
            }
            _ => found.extend(usual(self.survey, spot)),
        }
        found.into_iter().map(Some).chain([None]).collect()
    }
}

/// Whether a rule asks only what is filled and what is blank: no blank leaves it open.
fn is_decided(instance: &Instance) -> bool {
    let Some(check) = instance.condition() else { return false };
    let mut open = vec![check];
    while let Some(e) = open.pop() {
        let Kind::Call(id, args) = &e.kind else { return false };
        match id.row().role {
            Role::Presence(_) | Role::Null(_) => {}
            Role::And | Role::Or | Role::Not | Role::Tally => open.extend(args),
            Role::Compare(_) => {
                open.extend(args.iter().filter(|a| !matches!(a.kind, Kind::Const(Value::Num(_)))))
            }
            _ => return false,
        }
    }
    true
}

/// Without the values that are not needed.
fn smaller(mut witness: Witness, fits: &dyn Fn(&Witness) -> bool) -> Witness {
    let slots: Vec<Slot> = witness.values.keys().rev().copied().collect();
    for slot in slots {
        let mut less = witness.clone();
        less.values.remove(&slot);
        if fits(&less) {
            witness = less;
        }
    }
    witness
}

fn slot(spot: Spot) -> Slot {
    let previous = if let Time::Previous(at) = spot.time { Some(at) } else { None };
    Slot { cell: spot.cell, previous, row: 0 }
}

fn spot(slot: Slot) -> Spot {
    Spot { cell: slot.cell, scope: 0, time: slot.previous.map_or(Time::Now, Time::Previous) }
}

/// Values that are common at a cell.
pub fn usual(survey: &Survey, spot: Spot) -> Vec<Value> {
    let Some(cell) = survey.cell(spot.cell) else { return Vec::new() };
    let texts = |all: &[&str]| all.iter().map(|t| Value::Text((*t).into())).collect();
    match cell.ty {
        Type::Url => texts(&["https://example.org/", "https://example.org/a"]),
        Type::Phone => texts(&["010-12345678", "010-12345679"]),
        Type::Email => texts(&["a@example.org", "b@example.org"]),
        ty if ty.is_text() => texts(&["A", "B", "C", "https://example.org/", "010-12345678", "100000"]),
        ty @ (Type::Date | Type::Month | Type::Year) => {
            [20_150_630, 20_160_101].into_iter().filter_map(|n| Some(Value::Date(date(n, ty)?))).collect()
        }
        Type::Codes(list) => {
            let codes = survey.list(list).map(|l| l.codes.as_slice()).unwrap_or_default();
            let one = |c: &crate::ir::CodeItem| Value::Text(c.code.as_str().into());
            let alone = codes.iter().map(|c| Value::list([one(c)]));
            let free: Vec<Value> = codes.iter().filter(|c| !c.exclusive).take(2).map(one).collect();
            alone.chain([Value::list(free)]).collect()
        }
        ty if ty.is_numeric() => [0, 1, 2].into_iter().map(Value::int).collect(),
        Type::YesNo | Type::Tick => vec![Value::Bool(true), Value::Bool(false)],
        Type::Code(list) => {
            let codes = survey.list(list).map(|l| l.codes.as_slice()).unwrap_or_default();
            codes.iter().map(|c| Value::Text(c.code.as_str().into())).collect()
        }
        _ => Vec::new(),
    }
}

/// The date of a number in the order of dates, or the one after it.
fn date(number: i64, ty: Type) -> Option<Date> {
    let part = |by: i64, of: i64| u8::try_from(number.div_euclid(by).rem_euclid(of)).ok();
    let year = i32::try_from(number.div_euclid(10_000)).ok()?;
    let (month, day) = (part(100, 100)?, part(1, 100)?);
    match ty {
        Type::Year => Date::new(year, 0, 0),
        Type::Month => Date::new(year, month.clamp(1, 12), 0),
        _ if month == 0 => Date::new(year, 1, 1),
        _ if month > 12 => Date::new(year + 1, 1, 1),
        _ if day == 0 => Date::new(year, month, 1),
        _ => Date::new(year, month, day).or_else(|| match month {
            12 => Date::new(year + 1, 1, 1),
            _ => Date::new(year, month + 1, 1),
        }),
    }
}

/// The constants of conditions.
fn constants<'e>(conditions: impl Iterator<Item = &'e Expr>) -> Vec<Value> {
    let mut found = Vec::new();
    for e in conditions {
        e.walk(&mut |e| {
            if let Kind::Const(value @ (Value::Num(_) | Value::Text(_) | Value::Date(_))) = &e.kind
                && !found.contains(value)
            {
                found.push(value.clone());
            }
        });
    }
    found
}
