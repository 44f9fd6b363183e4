//! The shapes of expressions that keywords can say ([`Keywords`] of the function table), one small function each.

use super::atoms;
use super::readable;
use crate::emit::Reason;
use crate::emit::json_schema::predicate::{Cond, Keys};
use crate::emit::json_schema::types;
use crate::ir::cell::Source;
use crate::ir::expr::{Expr, Kind, Part, Time, Ty};
use crate::ir::func::{FuncId, Keywords};
use crate::ir::{BlockId, Cell, Step, Survey};
use formwright_engine::func::Compare;
use formwright_engine::{Decimal, Value};
use std::cell::RefCell;

/// Expressions nested deeper than this are left to validation.
const DEEPEST: usize = 64;

/// A condition, or why keywords cannot say it.
pub type Said<'s> = Result<Cond<'s>, Reason>;

/// What an expression is read against: the object at hand.
pub struct Scope<'a> {
    survey: &'a Survey,
    base: &'a [Step],
    weaker: RefCell<Vec<Reason>>,
}

impl<'a> Scope<'a> {
    /// The object at `base`.
    pub fn new(survey: &'a Survey, base: &'a [Step]) -> Self {
        Scope { survey, base, weaker: RefCell::default() }
    }

    /// The path of the object at hand.
    pub fn base(&self) -> &'a [Step] {
        self.base
    }

    /// Why what was said is less than the rule.
    pub fn weaker(&self) -> Vec<Reason> {
        self.weaker.borrow().clone()
    }

    /// Notes that less is said than the rule says.
    pub fn say_less(&self, reason: Reason) {
        self.weaker.borrow_mut().push(reason);
    }

    /// Notes that validators round a number that has more digits than figures may have.
    pub fn read_number(&self, cell: &Cell) {
        if cell.ty.is_numeric() && !types::is_whole(cell) {
            self.say_less(Reason::Digits);
        }
    }

    /// The condition that `expr` is certainly true (`want`) or certainly false.
    pub fn holds(&self, expr: &Expr, want: bool, depth: usize) -> Said<'a> {
        if depth > DEEPEST {
            return Err(Reason::LengthLimit);
        }
        match &expr.kind {
            Kind::Const(Value::Bool(b)) if *b == want => Ok(Cond::True),
            Kind::Const(_) => Ok(Cond::False),
            Kind::Cell { .. } => self.truth(expr, want),
            Kind::If(three) => self.choice(three, want, depth + 1),
            Kind::Quant { every, parts } => self.quantified(*every, parts, want, depth + 1),
            Kind::Call(id, args) => self.call(*id, args, want, depth + 1),
            _ => Err(Reason::NoArithmetic),
        }
    }

    fn call(&self, id: FuncId, args: &[Expr], want: bool, depth: usize) -> Said<'a> {
        match id.row().keywords {
            Keywords::All => together(self, args, want, want, depth),
            Keywords::Any => together(self, args, !want, want, depth),
            Keywords::Not => not(self, args, want, depth),
            Keywords::Presence(filled) => presences(self, args, filled, want, depth),
            Keywords::Compare(op) => compare(self, args, op, want, depth),
            Keywords::Between => between(self, args, want, depth),
            Keywords::Member => within(self, args, want),
            Keywords::Contains => contains(self, args, want),
            Keywords::Pattern => matches_pattern(self, args, want),
            Keywords::Tally | Keywords::Length => Err(Reason::NoArithmetic),
            Keywords::No(reason) => Err(Reason::of(reason).unwrap_or(Reason::NoArithmetic)),
        }
    }

    /// The cell an expression is, and the members down to it.
    pub fn place(&self, expr: &Expr) -> Result<(Keys<'a>, &'a Cell), Reason> {
        let Kind::Cell { cell, time, .. } = &expr.kind else { return Err(Reason::NoArithmetic) };
        if *time != Time::Now {
            return Err(Reason::OtherPeriod);
        }
        let cell = self.survey.cell(*cell).ok_or(Reason::NoCrossTable)?;
        readable(cell)?;
        Ok((keys_below(&cell.path, self.base)?, cell))
    }

    fn truth(&self, expr: &Expr, want: bool) -> Said<'a> {
        if let Some(Value::Bool(b)) = self.printed(expr) {
            return Ok(if *b == want { Cond::True } else { Cond::False });
        }
        let (keys, _) = self.place(expr)?;
        Ok(Cond::Yes(keys, atoms::boolean(want)))
    }

    /// The value of a literal or a printed constant.
    pub fn printed<'e>(&self, expr: &'e Expr) -> Option<&'e Value>
    where
        'a: 'e,
    {
        match &expr.kind {
            Kind::Const(value) => Some(value),
            Kind::Cell { cell, time: Time::Now, .. } => match &self.survey.cell(*cell)?.source {
                Source::Constant(value) => Some(value),
                _ => None,
            },
            _ => None,
        }
    }

    fn choice(&self, three: &[Expr; 3], want: bool, depth: usize) -> Said<'a> {
        let [condition, then, other] = three;
        let holds = self.holds(condition, true, depth)?;
        let then = Cond::all(vec![holds.clone(), self.holds(then, want, depth)?]);
        Ok(Cond::any(vec![then, Cond::all(vec![holds.opposite(), self.holds(other, want, depth)?])]))
    }

    fn quantified(&self, every: bool, parts: &[Part], want: bool, depth: usize) -> Said<'a> {
        let of_part = |part: &Part| self.over(part, every == want, depth, |s, e| s.holds(e, want, depth));
        let conds = parts.iter().map(of_part).collect::<Result<Vec<_>, _>>()?;
        Ok(if every == want { Cond::all(conds) } else { Cond::any(conds) })
    }

    /// A condition of the item of a part: for every row, or for some row, that is taken and is not empty.
    fn over(
        &self,
        part: &Part,
        every: bool,
        depth: usize,
        item: impl Fn(&Scope<'a>, &Expr) -> Said<'a>,
    ) -> Said<'a> {
        let Some((block, _)) = part.each else { return item(self, &part.item) };
        let found = self.survey.block(block).ok_or(Reason::NoCrossRow)?;
        let keys = keys_below(found.array(), self.base)?;
        let inner = Scope::new(self.survey, &found.path);
        let taken = part.filter.as_ref().map_or(Ok(Cond::True), |f| inner.holds(f, true, depth))?;
        let said = item(&inner, &part.item)?;
        self.weaker.borrow_mut().extend(inner.weaker());
        let row = row_condition(self.survey, block, taken, said, every)?;
        Ok(if every { Cond::Every(keys, Box::new(row)) } else { Cond::Some(keys, Box::new(row)) })
    }
}

/// The condition of a row, empty rows and those not taken passed over.
fn row_condition<'s>(
    survey: &'s Survey,
    block: BlockId,
    taken: Cond<'s>,
    said: Cond<'s>,
    every: bool,
) -> Said<'s> {
    let said = if every { Cond::any(vec![taken.opposite(), said]) } else { Cond::all(vec![taken, said]) };
    if said.of_empty() == every {
        return Ok(said);
    }
    let empty = empty_row(survey, block, 0)?;
    Ok(if every { Cond::any(vec![empty, said]) } else { Cond::all(vec![empty.opposite(), said]) })
}

/// No cell of the row is filled, nor of the rows inside it.
pub fn empty_row(survey: &Survey, block: BlockId, depth: usize) -> Said<'_> {
    let found = survey.block(block).ok_or(Reason::NoCrossRow)?;
    if depth > DEEPEST {
        return Err(Reason::LengthLimit);
    }
    let base = &found.path;
    let mut list = Vec::new();
    for cell in found.cells.iter().filter_map(|c| survey.cell(*c)) {
        if !matches!(cell.source, Source::Constant(_)) {
            list.push(Cond::No(keys_below(&cell.path, base)?, types::present(survey, cell)));
        }
    }
    for inner in &found.blocks {
        let array = survey.block(*inner).ok_or(Reason::NoCrossRow)?.array();
        list.push(Cond::Every(keys_below(array, base)?, Box::new(empty_row(survey, *inner, depth + 1)?)));
    }
    Ok(Cond::all(list))
}

/// The members from the object at `base` down to `path`.
pub fn keys_below<'s>(path: &'s [Step], base: &[Step]) -> Result<Keys<'s>, Reason> {
    let rest = path.strip_prefix(base).ok_or(Reason::NoCrossRow)?;
    let key = |s: &'s Step| match s {
        Step::Key(k) => Ok(k.as_str()),
        Step::Rows(_) => Err(Reason::NoCrossRow),
    };
    rest.iter().map(key).collect()
}

/// Adds the paths of all cells and blocks read. Cells keywords cannot read are the error.
pub fn read_paths<'s>(survey: &'s Survey, expr: &Expr, out: &mut Vec<&'s [Step]>) -> Result<(), Reason> {
    let mut found = Ok(());
    expr.walk(&mut |e| match &e.kind {
        Kind::Cell { cell, time, .. } => {
            if *time != Time::Now {
                found = Err(Reason::OtherPeriod);
            }
            match survey.cell(*cell) {
                Some(c) if matches!(c.source, Source::Constant(_)) => {}
                Some(c) => {
                    if found.is_ok() {
                        found = readable(c);
                    }
                    out.push(&c.path);
                }
                None => {}
            }
        }
        Kind::List(parts) | Kind::Quant { parts, .. } => {
            let blocks = parts.iter().filter_map(|p| survey.block(p.each?.0));
            out.extend(blocks.map(|b| b.array()));
        }
        _ => {}
    });
    found
}

/// Of each condition that it is certainly so: all of these, or one.
fn together<'s>(s: &Scope<'s>, args: &[Expr], all: bool, want: bool, depth: usize) -> Said<'s> {
    let conds = args.iter().map(|a| s.holds(a, want, depth)).collect::<Result<Vec<_>, _>>()?;
    Ok(if all { Cond::all(conds) } else { Cond::any(conds) })
}

fn not<'s>(s: &Scope<'s>, args: &[Expr], want: bool, depth: usize) -> Said<'s> {
    let [one] = args else { return Err(Reason::NoArithmetic) };
    s.holds(one, !want, depth)
}

/// All places are certainly filled (or blank), or one of them certainly is not.
fn presences<'s>(s: &Scope<'s>, args: &[Expr], filled: bool, want: bool, depth: usize) -> Said<'s> {
    let asked = if want { filled } else { !filled };
    let conds = args.iter().map(|a| presence(s, a, asked, want, depth)).collect::<Result<Vec<_>, _>>()?;
    Ok(if want { Cond::all(conds) } else { Cond::any(conds) })
}

/// Every place of an argument, or some place of it, is certainly filled (or blank).
fn presence<'s>(s: &Scope<'s>, arg: &Expr, filled: bool, every: bool, depth: usize) -> Said<'s> {
    if depth > DEEPEST {
        return Err(Reason::LengthLimit);
    }
    if let Some(value) = s.printed(arg) {
        return Ok(if value.is_blank() == filled { Cond::False } else { Cond::True });
    }
    if let Kind::List(parts) = &arg.kind {
        let item = |inner: &Scope<'s>, item: &Expr| presence(inner, item, filled, every, depth + 1);
        let conds = parts.iter().map(|p| s.over(p, every, depth, item)).collect::<Result<Vec<_>, _>>()?;
        return Ok(if every { Cond::all(conds) } else { Cond::any(conds) });
    }
    let (keys, cell) = s.place(arg)?;
    Ok(match filled {
        true => Cond::Yes(keys, types::filled(s.survey, cell)),
        false => Cond::No(keys, types::blank(s.survey, cell)),
    })
}

fn compare<'s>(s: &Scope<'s>, args: &[Expr], op: Compare, want: bool, depth: usize) -> Said<'s> {
    let [left, right] = args else { return Err(Reason::NoArithmetic) };
    if s.printed(left).is_some() && s.printed(right).is_none() {
        return compared(s, right, left, op.flipped(), want, depth);
    }
    compared(s, left, right, op, want, depth)
}

fn compared<'s>(s: &Scope<'s>, left: &Expr, right: &Expr, op: Compare, want: bool, depth: usize) -> Said<'s> {
    if left.ty == Ty::Bool && matches!(op, Compare::Eq | Compare::Ne) && !is_null(right) {
        return same_truth(s, left, right, want == (op == Compare::Eq), depth);
    }
    if let Kind::Call(id, inner) = &left.kind {
        return of_call(s, *id, inner, (op, s.printed(right)), want, depth);
    }
    let value = s.printed(right).ok_or(Reason::NoArithmetic)?;
    if is_null(right) {
        return presences(s, std::slice::from_ref(left), op != Compare::Eq, want, depth);
    }
    let (keys, cell) = s.place(left)?;
    let op = if want { op } else { op.opposite() };
    s.read_number(cell);
    Ok(Cond::Yes(keys, atoms::compared(s.survey, cell, op, value)?))
}

fn is_null(expr: &Expr) -> bool {
    matches!(expr.kind, Kind::Const(Value::Null))
}

/// `(filled(a)) = (filled(b))` and the like.
fn same_truth<'s>(s: &Scope<'s>, left: &Expr, right: &Expr, same: bool, depth: usize) -> Said<'s> {
    let (lt, lf) = (s.holds(left, true, depth)?, s.holds(left, false, depth)?);
    let (rt, rf) = (s.holds(right, true, depth)?, s.holds(right, false, depth)?);
    let (with_true, with_false) = if same { (rt, rf) } else { (rf, rt) };
    Ok(Cond::any(vec![Cond::all(vec![lt, with_true]), Cond::all(vec![lf, with_false])]))
}

/// A comparison whose left side is a function keywords can count with.
fn of_call<'s>(
    s: &Scope<'s>,
    id: FuncId,
    args: &[Expr],
    right: (Compare, Option<&Value>),
    want: bool,
    depth: usize,
) -> Said<'s> {
    let (op, Some(Value::Num(limit))) = right else { return Err(Reason::NoArithmetic) };
    match (id.row().keywords, args) {
        (Keywords::Tally, args) => tally(s, args, op, *limit, want, depth),
        (Keywords::Length, [of]) => {
            let (keys, cell) = s.place(of)?;
            let op = if want { op } else { op.opposite() };
            Ok(Cond::Yes(keys, atoms::length(s.survey, cell, op, *limit)?))
        }
        _ => Err(Reason::NoArithmetic),
    }
}

/// How many conditions hold, where each of them is decided whatever is blank.
fn tally<'s>(
    s: &Scope<'s>,
    args: &[Expr],
    op: Compare,
    limit: Decimal,
    want: bool,
    depth: usize,
) -> Said<'s> {
    let mut decided = Vec::new();
    for arg in args {
        let holds = s.holds(arg, true, depth)?;
        if s.holds(arg, false, depth)? != holds.clone().opposite() {
            return Err(Reason::NoArithmetic);
        }
        decided.push(holds);
    }
    let none = || Cond::all(decided.iter().cloned().map(Cond::opposite).collect());
    let said = match (op, limit.to_i64()) {
        (Compare::Eq, Some(0)) | (Compare::Lt, Some(1)) | (Compare::Le, Some(0)) => none(),
        (Compare::Eq, Some(1)) if decided.len() > 1 => Cond::One(decided),
        (Compare::Ge, Some(1)) | (Compare::Gt, Some(0)) => Cond::any(decided),
        (Compare::Le, Some(1)) | (Compare::Lt, Some(2)) if decided.len() > 1 => {
            Cond::any(vec![none(), Cond::One(decided)])
        }
        (Compare::Eq, Some(n)) if usize::try_from(n) == Ok(decided.len()) => Cond::all(decided),
        _ => return Err(Reason::NoArithmetic),
    };
    Ok(if want { said } else { said.opposite() })
}

fn between<'s>(s: &Scope<'s>, args: &[Expr], want: bool, depth: usize) -> Said<'s> {
    let [value, from, to] = args else { return Err(Reason::NoArithmetic) };
    let pair = |limit: &Expr, op| compare(s, &[value.clone(), limit.clone()], op, want, depth);
    let both = vec![pair(from, Compare::Ge)?, pair(to, Compare::Le)?];
    Ok(if want { Cond::all(both) } else { Cond::any(both) })
}

/// `x in ("a", "b")`, or `"a" in codes`.
fn within<'s>(s: &Scope<'s>, args: &[Expr], want: bool) -> Said<'s> {
    let [value, list] = args else { return Err(Reason::NoArithmetic) };
    if matches!(list.kind, Kind::Cell { .. }) {
        return contains(s, &[list.clone(), value.clone()], want);
    }
    let codes = literals(s, list).ok_or(Reason::NoArithmetic)?;
    let (keys, cell) = s.place(value)?;
    Ok(Cond::Yes(keys, atoms::one_of(s.survey, cell, &codes, want)?))
}

fn literals(s: &Scope<'_>, list: &Expr) -> Option<Vec<Value>> {
    match &list.kind {
        Kind::Const(Value::List(values)) => Some(values.to_vec()),
        Kind::List(parts) => {
            let literal = |p: &Part| p.each.is_none().then(|| s.printed(&p.item).cloned()).flatten();
            parts.iter().map(literal).collect()
        }
        _ => None,
    }
}

fn contains<'s>(s: &Scope<'s>, args: &[Expr], want: bool) -> Said<'s> {
    let [list, value] = args else { return Err(Reason::NoArithmetic) };
    let (keys, cell) = s.place(list)?;
    let code = s.printed(value).and_then(Value::as_text).ok_or(Reason::NoArithmetic)?;
    Ok(Cond::Yes(keys, atoms::has_code(cell, code, want)?))
}

fn matches_pattern<'s>(s: &Scope<'s>, args: &[Expr], want: bool) -> Said<'s> {
    let [text, pattern] = args else { return Err(Reason::NoRegex) };
    let (keys, cell) = s.place(text)?;
    let pattern = s.printed(pattern).and_then(Value::as_text).ok_or(Reason::NoRegex)?;
    let (test, exact) = atoms::pattern(s.survey, cell, pattern, want).ok_or(Reason::NoRegex)?;
    if !exact {
        s.say_less(Reason::NoRegex);
    }
    Ok(Cond::Yes(keys, test))
}
