//! Values: what they are, when they are there, when they are blank.

use super::{EVAL_ONLY, Lower, Refused, atom, constant, constant_term, key, spot, state};
use crate::expr::formula::{FALSE, Formula, State, TRUE, Term, TermKind, and, choose, guard, not, or};
use crate::ir::expr::{Expr, Kind, Ty};
use crate::ir::func::{FuncId, Role, typing};
use formwright_engine::Value;

impl<'a> Lower<'a> {
    /// The value, to be asked for only where [`Lower::filled`] holds.
    pub fn term(&mut self, e: &'a Expr) -> Result<Term, Refused> {
        self.spend(1)?;
        match &e.kind {
            Kind::Const(value) => Ok(constant_term(value, e)),
            Kind::Var(var) => {
                let stands_for = self.variable(*var)?;
                self.term(stands_for)
            }
            Kind::Cell { .. } => {
                let at = spot(&e.kind).ok_or(EVAL_ONLY)?;
                Ok(Term { kind: TermKind::Cell(at), ty: e.ty.clone() })
            }
            Kind::If(three) => {
                let [c, p, q] = three.as_ref();
                let (c, p, q) = (self.condition(c)?.holds, self.term(p)?, self.term(q)?);
                Ok(choice(c, p, q, &e.ty))
            }
            Kind::Call(id, args) => self.term_of_call(e, *id, args),
            _ => Err(EVAL_ONLY),
        }
    }

    fn term_of_call(&mut self, e: &'a Expr, id: FuncId, args: &'a [Expr]) -> Result<Term, Refused> {
        match (id.row().role, args) {
            (Role::OrZero, [x, ..]) => {
                let zero = Term::constant(Value::int(0), typing::plain(0, 1));
                Ok(choice(self.filled(x)?, self.term(x)?, zero, &e.ty))
            }
            (Role::Tally, _) => Ok(self.tallied(args)?.0),
            (Role::Aggregate(_), _) => self.fold(e, id, args),
            (Role::Plain, _) if e.ty != Ty::Bool => {
                let terms = args.iter().map(|a| self.term(a)).collect::<Result<Vec<_>, _>>()?;
                match constant(id, &terms) {
                    Some(value) => Ok(Term::constant(value, e.ty.clone())),
                    None => Ok(Term { kind: TermKind::Call(id, terms), ty: e.ty.clone() }),
                }
            }
            _ => Err(EVAL_ONLY),
        }
    }

    /// Whether the value is there (of a condition: whether it is decided).
    pub fn filled(&mut self, e: &'a Expr) -> Result<Formula, Refused> {
        self.spend(1)?;
        match &e.kind {
            Kind::Const(value) => Ok(Formula::Const(!matches!(value, Value::Null | Value::Unknown))),
            Kind::Var(var) => {
                let stands_for = self.variable(*var)?;
                self.filled(stands_for)
            }
            Kind::Cell { .. } => Ok(state(State::Filled, e, spot(&e.kind).ok_or(EVAL_ONLY)?)),
            _ if e.ty == Ty::Bool => self.condition(e).map(|pair| or([pair.holds, pair.fails])),
            Kind::If(three) => {
                let [c, p, q] = three.as_ref();
                let c = self.condition(c)?.holds;
                Ok(choose(c, self.filled(p)?, self.filled(q)?))
            }
            Kind::Call(id, args) => self.filled_call(*id, args),
            _ => Err(EVAL_ONLY),
        }
    }

    fn filled_call(&mut self, id: FuncId, args: &'a [Expr]) -> Result<Formula, Refused> {
        match (id.row().role, args) {
            (Role::OrZero, [x]) => self.readable(x),
            (Role::OrZero, [x, when]) => {
                let zero = and([self.blank(x)?, self.condition(when)?.holds]);
                Ok(or([self.filled(x)?, zero]))
            }
            (Role::Tally, _) => self.all_decided(args),
            (Role::Aggregate(aggregate), _) => self.filled_fold(aggregate, args),
            (Role::Plain, _) => {
                let all = and(args.iter().map(|a| self.filled(a)).collect::<Result<Vec<_>, _>>()?);
                Ok(guard(all, self.answers(id, args)?))
            }
            _ => Err(EVAL_ONLY),
        }
    }

    /// Whether a function of operands that are all there has an answer: the divisor is not zero, the text a number.
    fn answers(&mut self, id: FuncId, args: &'a [Expr]) -> Result<Formula, Refused> {
        let divisor = match id.row().key {
            "round_div" | "round_up_div" | "round_down_div" | "percent" | "modulo" => args.get(1),
            "number" => {
                let Some(text) = args.first().filter(|a| !matches!(a.ty, Ty::Num { .. })) else {
                    return Ok(TRUE);
                };
                let text = self.term(text)?;
                let known = text.value().map(|v| !formwright_engine::func::number(v).is_blank());
                return Ok(known.map_or_else(|| Formula::Reads(Box::new(text)), Formula::Const));
            }
            "label" if args.len() < 2 => return Ok(FALSE),
            _ => None,
        };
        let Some(divisor) = divisor else { return Ok(TRUE) };
        let zero = Term::constant(Value::int(0), typing::plain(0, 1));
        Ok(atom(key("ne_num")?, vec![self.term(divisor)?, zero]))
    }

    /// Whether the value is blank: nothing is unreadable, and something is missing.
    pub fn blank(&mut self, e: &'a Expr) -> Result<Formula, Refused> {
        self.spend(1)?;
        match &e.kind {
            Kind::Const(value) => Ok(Formula::Const(value.is_blank())),
            Kind::Var(var) => {
                let stands_for = self.variable(*var)?;
                self.blank(stands_for)
            }
            Kind::Cell { .. } => Ok(state(State::Blank, e, spot(&e.kind).ok_or(EVAL_ONLY)?)),
            _ if e.ty == Ty::Bool => {
                let (pair, open) = (self.condition(e)?, self.open(e)?);
                Ok(and([not(pair.holds), not(pair.fails), not(open)]))
            }
            Kind::If(three) => {
                let [c, p, q] = three.as_ref();
                let c = self.condition(c)?.holds;
                Ok(choose(c, self.blank(p)?, self.blank(q)?))
            }
            Kind::Call(id, args) => self.blank_call(*id, args),
            _ => Err(EVAL_ONLY),
        }
    }

    fn blank_call(&mut self, id: FuncId, args: &'a [Expr]) -> Result<Formula, Refused> {
        match (id.row().role, args) {
            (Role::OrZero, [_]) => Ok(FALSE),
            (Role::OrZero, [x, when]) => {
                let when = or([self.condition(when)?.holds, self.open(when)?]);
                Ok(and([self.blank(x)?, not(when)]))
            }
            (Role::Tally, _) => {
                let decided = self.all_decided(args)?;
                let known = self.none_open(args)?;
                Ok(and([known, not(decided)]))
            }
            (Role::Aggregate(aggregate), _) => self.blank_fold(aggregate, args),
            (Role::Plain, _) => {
                let readable = args.iter().map(|a| self.readable(a)).collect::<Result<Vec<_>, _>>()?;
                let filled = self.filled_call(id, args)?;
                Ok(and([and(readable), not(filled)]))
            }
            _ => Err(EVAL_ONLY),
        }
    }

    /// Whether a value is there or blank.
    pub(super) fn readable(&mut self, e: &'a Expr) -> Result<Formula, Refused> {
        match spot(&e.kind) {
            Some(at) => Ok(not(state(State::Unreadable, e, at))),
            None => Ok(or([self.filled(e)?, self.blank(e)?])),
        }
    }
}

fn choice(condition: Formula, then: Term, otherwise: Term, ty: &Ty) -> Term {
    match condition {
        Formula::Const(true) => then,
        Formula::Const(false) => otherwise,
        condition => Term { kind: TermKind::If(Box::new((condition, then, otherwise))), ty: ty.clone() },
    }
}
