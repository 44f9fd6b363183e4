//! `blank: zero` and `blank: partial`: blanks of numeric cells of the return read as zero.
//!
//! Where a rule asks whether something is filled, and inside aggregates, which take the filled ones, nothing is changed;
//! a sum of none is zero.

use super::expr::{BlankPolicy, by_key};
use crate::ir::expr::{Expr, Kind, Part, Time, Ty};
use crate::ir::func::{Aggregate, Role};
use crate::ir::{Cell, Root};

/// A condition with the blanks of its atoms read as a policy says.
pub fn read_as(e: Expr, policy: BlankPolicy, cells: &[Cell]) -> Expr {
    match policy {
        BlankPolicy::Skip => e,
        BlankPolicy::Zero => Reading { cells, filled: None }.expr(e),
        BlankPolicy::Partial => partial(e, cells),
    }
}

/// Zero once one of the cells is filled: those of each quantifier's body among themselves.
fn partial(e: Expr, cells: &[Cell]) -> Expr {
    let mut reads = Vec::new();
    Reading { cells, filled: None }.reads(&e, &mut reads);
    let filled = if reads.is_empty() { None } else { Some(any_filled(reads)) };
    Reading { cells, filled: Some(filled) }.expr(e)
}

fn any_filled(reads: Vec<Expr>) -> Expr {
    let parts = reads.into_iter().map(|item| Part { each: None, filter: None, item }).collect();
    let list = Expr { kind: Kind::List(parts), ty: Ty::List(Box::new(Ty::Any)), range: 0..0 };
    by_key("not", vec![by_key("blank", vec![list], Ty::Bool)], Ty::Bool)
}

/// How a reading goes on below an expression.
enum Below {
    /// A number that may be blank.
    Number,
    /// Operands of their own.
    Operands,
    /// Left as it is.
    Alone,
}

struct Reading<'a> {
    cells: &'a [Cell],
    /// Of `partial`: whether one of the cells is filled, if there are any.
    filled: Option<Option<Expr>>,
}

impl Reading<'_> {
    fn below(&self, e: &Expr) -> Below {
        match &e.kind {
            Kind::Cell { cell, time: Time::Now, .. } => {
                let numeric = matches!(e.ty, Ty::Num { .. });
                let own = self.cells.get(cell.ix()).is_some_and(|c| c.home.root == Root::Return);
                if numeric && own { Below::Number } else { Below::Alone }
            }
            Kind::Call(id, _) => match id.row().role {
                Role::Aggregate(Aggregate::Sum) => Below::Number,
                Role::Aggregate(_) | Role::Presence(_) | Role::Null(_) | Role::Mark => Below::Alone,
                _ => Below::Operands,
            },
            Kind::If(_) | Kind::Quant { .. } => Below::Operands,
            _ => Below::Alone,
        }
    }

    fn expr(&self, e: Expr) -> Expr {
        match (self.below(&e), e.kind) {
            (Below::Number, kind) => self.or_zero(Expr { kind, ty: e.ty, range: e.range }),
            (Below::Operands, Kind::Call(id, args)) => {
                let args = args.into_iter().map(|a| self.expr(a)).collect();
                Expr { kind: Kind::Call(id, args), ty: e.ty, range: e.range }
            }
            (Below::Operands, Kind::If(three)) => {
                let three = three.map(|x| self.expr(x));
                Expr { kind: Kind::If(Box::new(three)), ty: e.ty, range: e.range }
            }
            (Below::Operands, Kind::Quant { every, parts }) => {
                let parts = parts.into_iter().map(|p| Part { item: self.body(p.item), ..p }).collect();
                Expr { kind: Kind::Quant { every, parts }, ty: e.ty, range: e.range }
            }
            (_, kind) => Expr { kind, ty: e.ty, range: e.range },
        }
    }

    fn body(&self, item: Expr) -> Expr {
        if self.filled.is_some() { partial(item, self.cells) } else { self.expr(item) }
    }

    fn or_zero(&self, e: Expr) -> Expr {
        let (ty, range) = (e.ty.clone(), e.range.clone());
        let made = match &self.filled {
            None => by_key("or_zero", vec![e], ty),
            Some(Some(filled)) => by_key("or_zero_if", vec![e, filled.clone()], ty),
            Some(None) => return e,
        };
        Expr { range, ..made }
    }

    /// The numbers that may be blank, each once.
    fn reads(&self, e: &Expr, found: &mut Vec<Expr>) {
        match (self.below(e), &e.kind) {
            (Below::Number, _) if !found.iter().any(|x| x.kind == e.kind) => found.push(e.clone()),
            (Below::Operands, Kind::Call(_, args)) => args.iter().for_each(|a| self.reads(a, found)),
            (Below::Operands, Kind::If(three)) => three.iter().for_each(|a| self.reads(a, found)),
            _ => {}
        }
    }
}
