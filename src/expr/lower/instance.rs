//! A whole rule at its place: whether it applies, passes, fails.

use super::{EVAL_ONLY, Lower, Refused};
use crate::expr::formula::{FALSE, Formula, Spot, State, TRUE, and, guard, is, not, or, rows};
use crate::ir::expr::{Dim, Expr, Kind, Part, Time, Ty};
use crate::ir::func::by_key;
use crate::ir::{BlockId, Cell, CellId, Check, Fact, Instance, Origin, Source, Survey};
use formwright_engine::Value;

/// The verdicts of a rule at its place, as formulas of which at most one holds; if none does, the rule is unknown.
#[derive(Debug, Clone, PartialEq)]
pub struct Verdicts {
    /// It is fulfilled.
    pub passes: Formula,
    /// It is broken.
    pub fails: Formula,
    /// It does not apply.
    pub not_applicable: Formula,
}

/// The verdicts of a rule's instance. `None` for facts on the raw value (type, decimals, digits, codes), which whoever
/// reads the cells checks. A calculated cell that is delivered is compared with what its expression gives.
pub fn instance(survey: &Survey, origin: Origin, instance: &Instance) -> Result<Option<Verdicts>, Refused> {
    let check = match &instance.check {
        Check::Raw if origin == Origin::Fact(Fact::Calculated) => {
            let cell = instance.target.and_then(|id| survey.cell(id).map(|cell| (id, cell)));
            return cell.map(|(id, cell)| calculated(id, cell)).transpose().map(Option::flatten);
        }
        Check::Raw => return Ok(None),
        Check::Holds(check) => check.clone(),
        Check::Rows { block, limit } => row_limit(*block, *limit, origin)?,
        Check::Key(block) => return key_verdicts(survey, *block).map(Some),
    };
    let mut lower = Lower::default();
    let (applies, open) = match &instance.when {
        None => (TRUE, FALSE),
        Some(when) => (lower.condition(when)?.holds, lower.open(when)?),
    };
    let blank =
        match (is_bound(origin), instance.target.and_then(|cell| survey.cell(cell).map(|c| (cell, c)))) {
            (true, Some((cell, _))) => {
                let spot = Spot { cell, scope: 0, time: Time::Now };
                is(State::Blank, spot, &target_type(&check, spot))
            }
            _ => FALSE,
        };
    let pair = lower.condition(&check)?;
    let applies = and([applies, not(blank.clone())]);
    Ok(Some(Verdicts {
        passes: guard(applies.clone(), pair.holds),
        fails: guard(applies.clone(), pair.fails),
        not_applicable: and([not(applies), or([not(open), blank])]),
    }))
}

/// A delivered value against the calculated one; that a blank comes of it is a disagreement, too.
fn calculated(id: CellId, cell: &Cell) -> Result<Option<Verdicts>, Refused> {
    let Source::Calculated(expr) = &cell.source else { return Ok(None) };
    let ty = cell.value_type();
    let family = match ty {
        Ty::Num { .. } => "num",
        Ty::Bool => "bool",
        Ty::Date(_) => "date",
        Ty::Code(_) => "code",
        Ty::Codes(_) => "codes",
        _ => "text",
    };
    let kind = Kind::Cell { cell: id, scope: 0, time: Time::Now };
    let read = Expr { kind, ty: ty.clone(), range: 0..0 };
    let equal = by_key(&format!("eq_{family}")).ok_or(EVAL_ONLY)?;
    let check = Expr { kind: Kind::Call(equal, vec![read.clone(), expr.clone()]), ty: Ty::Bool, range: 0..0 };
    let mut lower = Lower::default();
    let pair = lower.condition(&check)?;
    let (filled, blank) = (lower.filled(&read)?, lower.blank(expr)?);
    let fails = or([pair.fails, and([filled.clone(), blank])]);
    let unknown = and([not(lower.filled(expr)?), not(lower.blank(expr)?)]);
    Ok(Some(Verdicts { passes: pair.holds, fails, not_applicable: or([not(filled), unknown]) }))
}

/// The type with which the check reads its target.
fn target_type(check: &Expr, spot: Spot) -> Ty {
    let mut ty = Ty::Any;
    check.walk(&mut |e| {
        if super::spot(&e.kind) == Some(spot) {
            ty = e.ty.clone();
        }
    });
    ty
}

/// Whether it is a bound of a value, which says nothing about a blank.
fn is_bound(origin: Origin) -> bool {
    use Fact::{Max, MaxChoices, MaxLength, Min, MinChoices, MinLength, Pattern};
    matches!(origin, Origin::Fact(Min | Max | MinLength | MaxLength | Pattern | MinChoices | MaxChoices))
}

/// `count(rows) >= n` or `<= n`.
fn row_limit(block: BlockId, limit: u32, origin: Origin) -> Result<Expr, Refused> {
    let expr = |kind, ty| Expr { kind, ty, range: 0..0 };
    let number = |digits| Ty::Num { scale: 0, dim: Dim::Pure, digits };
    let call = |name: &str, args, ty| Ok(expr(Kind::Call(by_key(name).ok_or(EVAL_ONLY)?, args), ty));
    let item = expr(Kind::Const(Value::Bool(true)), Ty::Bool);
    let list = expr(
        Kind::List(vec![Part { each: Some((block, 1)), filter: None, item }]),
        Ty::List(Box::new(Ty::Bool)),
    );
    let count = call("count", vec![list], number(6))?;
    let limit = expr(Kind::Const(Value::int(i64::from(limit))), number(10));
    let op = if origin == Origin::Fact(Fact::MinRows) { "ge_num" } else { "le_num" };
    call(op, vec![count, limit], Ty::Bool)
}

/// A key, at the row at hand: filled, and not that of an earlier row of the same group.
fn key_verdicts(survey: &Survey, block: BlockId) -> Result<Verdicts, Refused> {
    let cells = survey.block(block).map(|b| b.key.clone()).unwrap_or_default();
    let (mut filled, mut blank, mut known, mut same) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
    for cell in cells {
        let ty = survey.cell(cell).map_or(Ty::Any, Cell::value_type);
        let at = |scope| Spot { cell, scope, time: Time::Now };
        filled.push(is(State::Filled, at(0), &ty));
        blank.push(is(State::Blank, at(0), &ty));
        known.push(not(is(State::Unreadable, at(0), &ty)));
        same.push(guard(is(State::Filled, at(1), &ty), super::condition::equal_cells(at(1), at(0), &ty)?));
    }
    let repeated = rows(false, (block, 1), and([Formula::Before(block, 1, 0), and(same)]));
    Ok(Verdicts {
        passes: guard(and(filled.clone()), not(repeated.clone())),
        fails: and([and(known), or([or(blank), guard(and(filled), repeated)])]),
        not_applicable: FALSE,
    })
}
