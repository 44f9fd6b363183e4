//! Types and units: which row of the function table an operator or call means, and the type of its result.
//!
//! Every number carries its decimals, its unit and a bound of its digits, so that no rule can overflow in any target.

pub use super::mismatch::Mismatch;
use crate::ir::expr::{Dim, Expr, Kind, Part, Ty};
use crate::ir::func::{self, FuncId, Role, Use, typing};
use crate::ir::{CodeList, ListId, Unit, UnitId};
use formwright_engine::{Decimal, Precision, Rounding, Value};
use std::ops::Range;

/// The most significant digits an intermediate result may need.
pub const MAX_DIGITS: u32 = 28;

/// What the types of a survey refer to.
#[derive(Debug, Clone, Copy)]
pub struct Typing<'a> {
    /// The units.
    pub units: &'a [Unit],
    /// The code lists.
    pub lists: &'a [CodeList],
    /// Whether rules are typed (`eval` has more functions and fewer checks).
    pub rules: bool,
}

/// Picks the row for an operator or function of a rule and types the result, from the types of the operands alone. Use
/// [`Typing::apply`] where the operands are at hand: literals then give exact scales and bounds.
pub fn call(name: &str, args: &[Ty], units: &[Unit], lists: &[CodeList]) -> Result<(FuncId, Ty), Mismatch> {
    Typing { units, lists, rules: true }.call(name, args)
}

/// The type of a constant.
pub fn literal(value: &Value) -> Ty {
    match value {
        Value::Null | Value::Unknown => Ty::Null,
        Value::Bool(_) => Ty::Bool,
        Value::Num(n) => {
            let n = n.normalized();
            typing::plain(n.scale(), n.digits().max(n.scale() + 1))
        }
        Value::Text(_) => Ty::Text,
        Value::Date(d) => Ty::Date(d.precision()),
        Value::List(items) => Ty::List(Box::new(items.first().map_or(Ty::Any, shallow))),
        Value::Row(_) => Ty::Row,
    }
}

/// The type of a member: nested lists are not looked into.
fn shallow(value: &Value) -> Ty {
    match value {
        Value::List(_) => Ty::List(Box::new(Ty::Any)),
        plain => literal(plain),
    }
}

/// A constant as an expression.
pub fn constant(value: Value, range: Range<usize>) -> Expr {
    Expr { ty: literal(&value), kind: Kind::Const(value), range }
}

/// A list of items as an expression; its type is that of the items together.
pub fn list(items: Vec<Expr>, range: Range<usize>) -> Expr {
    let of =
        items.iter().fold(None, |of: Option<Ty>, e| Some(of.map_or(e.ty.clone(), |of| unify(&of, &e.ty))));
    let parts = items.into_iter().map(|item| Part { each: None, filter: None, item }).collect();
    Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(of.unwrap_or(Ty::Any))), range }
}

/// The type of a value that is of one or the other type; [`Ty::Any`] if they have nothing in common.
pub fn unify(a: &Ty, b: &Ty) -> Ty {
    match (a, b) {
        (Ty::Null, other) | (other, Ty::Null) => other.clone(),
        (Ty::Num { scale: s, dim: d, digits: n }, Ty::Num { scale, dim, digits }) => {
            let scale = *s.max(scale);
            let whole = n.saturating_sub(*s).max(digits.saturating_sub(scale));
            Ty::Num { scale, dim: typing::shared(d, dim), digits: whole + scale }
        }
        _ if a == b => a.clone(),
        _ => Ty::Any,
    }
}

impl Typing<'_> {
    /// Picks the row and types the result, from types alone.
    pub fn call(&self, name: &str, args: &[Ty]) -> Result<(FuncId, Ty), Mismatch> {
        let literals: Vec<bool> =
            args.iter().map(|a| matches!(a, Ty::Num { dim: Dim::Literal, .. })).collect();
        let (id, ty) = self.pick(name, args)?;
        self.check(id, args, &literals)?;
        Ok((id, self.bounded(ty)?))
    }

    /// Builds the call of an operator or function: row, type, constants refined. A quotient or mean directly under a
    /// rounding becomes one row.
    pub fn apply(&self, name: &str, args: Vec<Expr>, range: Range<usize>) -> Result<Expr, Mismatch> {
        let (name, args) = self.inline_rounding(name, args);
        if let ("-", [Expr { kind: Kind::Const(Value::Num(n)), .. }]) = (name.as_str(), args.as_slice()) {
            return Ok(constant(Value::Num(n.neg()), range));
        }
        let types: Vec<Ty> = args.iter().map(|a| a.ty.clone()).collect();
        let (id, ty) = self.pick(&name, &types)?;
        let literals: Vec<bool> = args.iter().map(|a| matches!(a.kind, Kind::Const(_))).collect();
        self.check(id, &types, &literals)?;
        self.written_out(id, &name, &literals)?;
        let ty = self.bounded(self.refine(id, ty, &args))?;
        Ok(Expr { kind: Kind::Call(id, args), ty, range })
    }

    /// In rules the pattern of `matches` and the decimals of a rounding stand in the rule itself.
    fn written_out(&self, id: FuncId, name: &str, literals: &[bool]) -> Result<(), Mismatch> {
        let key = id.row().key;
        let needed = key == "matches" || key == "percent" || key.starts_with("round_");
        if !self.rules || !needed || literals.last() == Some(&true) {
            return Ok(());
        }
        let name = name.trim_end_matches(" /").trim_end_matches(" mean").to_owned();
        Err(Mismatch::WrittenOut { name })
    }

    /// `convert(x, unit)`: the exact factor as a constant.
    pub fn convert(&self, x: Expr, to: UnitId, range: Range<usize>) -> Result<Expr, Mismatch> {
        let Ty::Num { dim, .. } = &x.ty else {
            return Err(self.operand("convert", &[x.ty.clone(), Ty::Text], 0, vec![typing::plain(0, 1)]));
        };
        let dim = dim.clone();
        let factor = self.factor(&dim, to).ok_or(Mismatch::Convert { from: dim, to })?;
        let args = vec![x, constant(Value::Num(factor), range.clone())];
        let mut out = self.apply("(convert)", args, range)?;
        if let Ty::Num { dim, .. } = &mut out.ty {
            *dim = Dim::Unit(to);
        }
        Ok(out)
    }

    /// The number that turns amounts of one unit into another, if it is an exact decimal.
    fn factor(&self, from: &Dim, to: UnitId) -> Option<Decimal> {
        let target = self.units.get(to.ix())?;
        let source = match from {
            Dim::Unit(u) => self.units.get(u.ix())?,
            Dim::Pure | Dim::Literal if target.base.is_none() => {
                return exact_quotient(Decimal::ONE, target.factor);
            }
            _ => return None,
        };
        if source.base != target.base {
            return None;
        }
        exact_quotient(source.factor, target.factor)
    }

    /// `round half up(a / b, n)` and `round half up(mean(xs), n)` as one operation each.
    fn inline_rounding(&self, name: &str, mut args: Vec<Expr>) -> (String, Vec<Expr>) {
        let rounds = matches!(name, "round half up" | "round up" | "round down") && args.len() == 2;
        let inner = args.first().and_then(|a| match &a.kind {
            Kind::Call(id, _) => match id.row().key {
                "div" => Some(" /"),
                "mean" => Some(" mean"),
                _ => None,
            },
            _ => None,
        });
        let (true, Some(suffix)) = (rounds, inner) else { return (name.to_owned(), args) };
        let scale = args.split_off(1);
        let inner = args.into_iter().next().map(|e| e.kind);
        let Some(Kind::Call(_, mut operands)) = inner else { return (name.to_owned(), scale) };
        operands.extend(scale);
        (format!("{name}{suffix}"), operands)
    }

    fn pick(&self, name: &str, args: &[Ty]) -> Result<(FuncId, Ty), Mismatch> {
        let rows = func::find(name);
        let open = |ty: &Ty| *typing::item(ty) == Ty::Any;
        let known = self.rules && !args.iter().any(open);
        let rows: Vec<FuncId> =
            rows.iter().copied().filter(|id| !(known && id.row().key.ends_with("_any"))).collect();
        let fitting = rows.iter().filter(|id| {
            let row = id.row();
            let arity = (usize::from(row.arity.0), usize::from(row.arity.1));
            arity.0 <= args.len() && (args.len() <= arity.1 || arity.1 == 255)
        });
        let found = fitting.filter_map(|id| Some((*id, (id.row().typing)(args)?))).next();
        let (id, ty) = found.ok_or_else(|| self.explain(name, &rows, args))?;
        match id.row().usable {
            Use::EvalOnly(en, zh) if self.rules && !matches!(id.row().key, "div" | "mean") => {
                Err(Mismatch::Refused { name: name.to_owned(), why: (en, zh) })
            }
            _ => Ok((id, ty)),
        }
    }

    fn explain(&self, name: &str, rows: &[FuncId], args: &[Ty]) -> Mismatch {
        if rows.is_empty() {
            return match func::refused(name) {
                Some(why) => Mismatch::Refused { name: name.to_owned(), why },
                None => Mismatch::Unknown { name: name.to_owned() },
            };
        }
        let fits = |(low, high): (u8, u8)| {
            usize::from(low) <= args.len() && (high == 255 || args.len() <= usize::from(high))
        };
        let mut allowed: Vec<_> = rows.iter().map(|id| id.row().arity).collect();
        allowed.sort_unstable();
        allowed.dedup();
        if !allowed.iter().any(|a| fits(*a)) {
            return Mismatch::Arity { name: name.to_owned(), found: args.len(), allowed };
        }
        self.about_pairs(rows, args).unwrap_or_else(|| self.wrong_operand(name, rows, args))
    }

    fn about_pairs(&self, rows: &[FuncId], args: &[Ty]) -> Option<Mismatch> {
        let role = rows.first()?.row().role;
        let (Role::Compare(_) | Role::Member, [a, b]) = (role, args) else { return None };
        match (a, typing::item(b)) {
            (Ty::Code(x), Ty::Codes(y)) | (Ty::Codes(y), Ty::Code(x)) if x == y => Some(Mismatch::SetAsCode),
            (_, Ty::Code(_)) if role == Role::Member && !matches!(b, Ty::List(_)) => {
                Some(Mismatch::CodeAsSet)
            }
            (Ty::Codes(_), Ty::Text) | (Ty::Text, Ty::Codes(_)) => Some(Mismatch::SetAsCode),
            (Ty::Date(left), Ty::Date(right)) if left != right && role != Role::Member => {
                Some(Mismatch::Precision {
                    name: rows.first()?.row().name.to_owned(),
                    left: *left,
                    right: *right,
                })
            }
            (Ty::Code(_) | Ty::Codes(_), other) => {
                Some(Mismatch::CodeWith { code: a.clone(), other: other.clone(), position: 1 })
            }
            (other, code @ (Ty::Code(_) | Ty::Codes(_))) => {
                Some(Mismatch::CodeWith { code: code.clone(), other: other.clone(), position: 0 })
            }
            _ => None,
        }
    }

    fn wrong_operand(&self, name: &str, rows: &[FuncId], args: &[Ty]) -> Mismatch {
        if args.contains(&Ty::Null) {
            return Mismatch::BlankLiteral { name: name.to_owned() };
        }
        let at = |position: usize| {
            let fits = |candidate: &Ty| {
                let mut tried = args.to_vec();
                if let Some(slot) = tried.get_mut(position) {
                    *slot = candidate.clone();
                }
                rows.iter().any(|id| (id.row().typing)(&tried).is_some())
            };
            candidates().into_iter().filter(fits).collect::<Vec<_>>()
        };
        // The last operand that could be mended alone: the first usually sets the type.
        for position in (0..args.len()).rev() {
            let expected = at(position);
            if !expected.is_empty() {
                return self.operand(name, args, position, expected);
            }
        }
        let all_alike =
            |c: &Ty| rows.iter().any(|id| (id.row().typing)(&vec![c.clone(); args.len()]).is_some());
        self.operand(name, args, 0, candidates().into_iter().filter(all_alike).collect())
    }

    fn operand(&self, name: &str, args: &[Ty], position: usize, expected: Vec<Ty>) -> Mismatch {
        let found = args.get(position).cloned().unwrap_or(Ty::Null);
        Mismatch::Operand { name: name.to_owned(), position, expected, found }
    }

    /// Units and decimals of operands that must be of one kind.
    fn check(&self, id: FuncId, args: &[Ty], literals: &[bool]) -> Result<(), Mismatch> {
        let row = id.row();
        let same_unit = match row.role {
            Role::Compare(_) | Role::Near | Role::Between | Role::Member | Role::Aggregate(_) => args,
            Role::Plain if row.key == "percent" => args.get(..2).unwrap_or(args),
            Role::Plain if matches!(row.key, "add_num" | "sub_num" | "modulo") => args,
            _ => return Ok(()),
        };
        let counts = matches!(row.key, "count" | "unique" | "distinct" | "all" | "any");
        if self.rules && !counts {
            self.one_unit(same_unit)?;
        }
        if self.rules && matches!(row.key, "eq_num" | "ne_num") { scale_loss(args, literals) } else { Ok(()) }
    }

    fn one_unit(&self, args: &[Ty]) -> Result<(), Mismatch> {
        let mut known = Dim::Literal;
        for (position, arg) in args.iter().enumerate() {
            if let Ty::Num { dim, .. } = typing::item(arg) {
                self.agree(&known, dim, position)?;
                known = typing::shared(&known, dim);
            }
        }
        Ok(())
    }

    /// Whether two units may stand beside each other; the right one is that of operand `position`.
    pub fn agree(&self, left: &Dim, right: &Dim, position: usize) -> Result<(), Mismatch> {
        let (a, b) = (self.settled(left), self.settled(right));
        if a == b || a == Dim::Literal || b == Dim::Literal {
            return Ok(());
        }
        if let (Dim::Unit(l), Dim::Unit(r)) = (&a, &b) {
            let base = |u: &UnitId| self.units.get(u.ix()).map(|unit| unit.base);
            if base(l) == base(r) {
                return Err(Mismatch::UnitScale { left: *l, right: *r });
            }
        }
        Err(Mismatch::Dimension { left: left.clone(), right: right.clone(), position })
    }

    /// A unit that only counts ones is none.
    fn settled(&self, dim: &Dim) -> Dim {
        match dim {
            Dim::Unit(u) => match self.units.get(u.ix()) {
                Some(unit) if unit.base.is_none() && unit.factor == Decimal::ONE => Dim::Pure,
                _ => dim.clone(),
            },
            other => other.clone(),
        }
    }

    fn bounded(&self, ty: Ty) -> Result<Ty, Mismatch> {
        match ty {
            Ty::Num { digits, .. } if self.rules && digits > MAX_DIGITS => {
                Err(Mismatch::Digits { bound: digits })
            }
            other => Ok(other),
        }
    }

    /// The type with what the constants among the operands say.
    fn refine(&self, id: FuncId, ty: Ty, args: &[Expr]) -> Ty {
        let Ty::Num { scale, dim, digits } = ty else { return ty };
        let key = id.row().key;
        let last = args.last().and_then(constant_scale);
        let (scale, digits) = match (key, last) {
            ("round_half_up" | "round_up" | "round_down", Some(n)) => (n, digits.saturating_sub(scale) + n),
            (
                "round_div" | "round_up_div" | "round_down_div" | "round_mean" | "round_up_mean"
                | "round_down_mean" | "percent",
                Some(n),
            ) => (n, digits.saturating_sub(scale) + n),
            ("add_num" | "sub_num", _) => (scale, chain_digits(args, scale)),
            ("sum", _) => (scale, self.sum_digits(args, scale, digits)),
            _ => (scale, digits),
        };
        let dim = if key == "percent" { self.percent_unit() } else { dim };
        Ty::Num { scale, dim, digits }
    }

    fn percent_unit(&self) -> Dim {
        let at = self.units.iter().position(|u| u.id == "%").and_then(|ix| u32::try_from(ix).ok());
        at.map_or(Dim::Literal, |ix| Dim::Unit(UnitId(ix)))
    }

    /// Items that are written out add less than the rows of a block.
    fn sum_digits(&self, args: &[Expr], scale: u32, digits: u32) -> u32 {
        let (mut items, mut whole) = (0_u64, 0);
        for arg in args {
            let parts: &[Part] = match &arg.kind {
                Kind::List(parts) => parts,
                _ if matches!(arg.ty, Ty::List(_)) => return digits,
                _ => &[],
            };
            if parts.iter().any(|p| p.each.is_some()) {
                return digits;
            }
            items += parts.len().max(1) as u64;
            whole = whole.max(whole_digits(typing::item(&arg.ty)));
        }
        whole + scale + decimal_digits(items)
    }
}

/// `a / b` where it is an exact decimal.
pub fn exact_quotient(a: Decimal, b: Decimal) -> Option<Decimal> {
    let quotient = a.div_round(b, 12, Rounding::HalfUp)?.normalized();
    (quotient.checked_mul(b)? == a).then_some(quotient)
}

fn constant_scale(e: &Expr) -> Option<u32> {
    match &e.kind {
        Kind::Const(Value::Num(n)) if n.is_integer() => u32::try_from(n.to_i64()?.max(0)).ok(),
        _ => None,
    }
}

fn whole_digits(ty: &Ty) -> u32 {
    match ty {
        Ty::Num { scale, digits, .. } => digits.saturating_sub(*scale),
        _ => 0,
    }
}

/// Digits that adding so many terms of one size can add.
fn decimal_digits(terms: u64) -> u32 {
    terms.max(1).ilog10() + u32::from(terms > 1)
}

/// The digits of a chain of sums and differences, by the number of its terms.
fn chain_digits(args: &[Expr], scale: u32) -> u32 {
    let (mut terms, mut whole) = (1_u64, 0);
    let mut level = args;
    while let [left, right] = level {
        terms += 1;
        whole = whole.max(whole_digits(&right.ty));
        level = match &left.kind {
            Kind::Call(id, inner) if matches!(id.row().key, "add_num" | "sub_num") => inner,
            _ => {
                whole = whole.max(whole_digits(&left.ty));
                &[]
            }
        };
    }
    whole + scale + decimal_digits(terms)
}

fn scale_loss(args: &[Ty], literals: &[bool]) -> Result<(), Mismatch> {
    let (Some(Ty::Num { scale: a, .. }), Some(Ty::Num { scale: b, .. })) = (args.first(), args.get(1)) else {
        return Ok(());
    };
    match literals {
        [false, true] if b > a => Err(Mismatch::ScaleLoss { literal: *b, scale: *a }),
        [true, false] if a > b => Err(Mismatch::ScaleLoss { literal: *a, scale: *b }),
        _ => Ok(()),
    }
}

/// One type of each kind, to try what an operand might be; the code is of no list, as of any.
fn candidates() -> Vec<Ty> {
    let number = typing::plain(0, 1);
    vec![
        number.clone(),
        Ty::Text,
        Ty::Bool,
        Ty::Date(Precision::Day),
        Ty::Date(Precision::Month),
        Ty::Date(Precision::Year),
        Ty::Code(ListId(u32::MAX)),
        Ty::Target,
        Ty::List(Box::new(number)),
        Ty::List(Box::new(Ty::Text)),
    ]
}

/// The first quotient or mean that no rounding took in: its place and why rules refuse it.
pub fn left_over(expr: &Expr) -> Option<(Range<usize>, (&'static str, &'static str))> {
    let mut found = None;
    expr.walk(&mut |e| {
        if let (None, Kind::Call(id, _)) = (&found, &e.kind)
            && let Use::EvalOnly(en, zh) = id.row().usable
        {
            found = Some((e.range.clone(), (en, zh)));
        }
    });
    found
}

#[cfg(test)]
#[path = "infer_tests.rs"]
mod tests;
