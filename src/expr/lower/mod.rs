//! From three-valued conditions to two two-valued formulas: when it certainly holds, and when it certainly fails.
//!
//! | condition | holds | fails |
//! | --- | --- | --- |
//! | `a op b` | operands filled, and `a op b` | operands filled, and not `a op b` |
//! | `filled(x)` | x filled | x blank |
//! | `not(p)` | F(p) | H(p) |
//! | `p and q`, `every` | H(p) and H(q) | F(p) or F(q) |
//! | `p or q`, `some` | H(p) or H(q) | F(p) and F(q) |
//! | `if c then p else q` | if H(c) then H(p) else H(q) | if H(c) then F(p) else F(q) |
//! | `tally(…) >= n` | at least n hold | fewer than n do not fail |
//! | `p = q` of conditions | both hold or both fail | one holds and the other fails |
//!
//! A value has three formulas of its own: whether it is there ([`Lower::filled`]), whether it is blank
//! ([`Lower::blank`]), and, where neither, it is unreadable. `+` is there where both operands are, `sum` where one is
//! and none is unreadable, a quotient where moreover the divisor is not zero. What is undecided because of something
//! unreadable or absent, rather than blank, is told apart by [`Lower::open`]: a rule whose `when` is blank does not
//! apply, one whose `when` cannot be known is unknown.
//!
//! Formulas grow linearly with `and`, `or` and `not`, and double with a nested `if` and with `=` between conditions, up
//! to [`MOST_PARTS`].
//! What is constant is calculated by the engine, as everywhere.

mod aggregate;
mod condition;
mod instance;
mod value;

#[cfg(test)]
mod tests;

use super::formula::{Formula, Spot, State, Term, TermKind, is, not};
use crate::ir::expr::{Expr, Kind};
use crate::ir::func::{FuncId, Role, by_key};
use formwright_engine::Value;
pub use instance::{Verdicts, instance};

/// Why an expression cannot be taken apart: a reason code of the portability table.
pub type Refused = &'static str;

/// Most parts that the formulas of a rule may have; what needs more is not carried (`length-limit`).
pub const MOST_PARTS: usize = 20_000;

/// What only `eval` has.
const EVAL_ONLY: Refused = "eval-only";

/// Both formulas of a condition.
#[derive(Debug, Clone, PartialEq)]
pub struct Pair {
    /// It certainly holds.
    pub holds: Formula,
    /// It certainly fails.
    pub fails: Formula,
}

/// Both formulas of a condition; those of what only `eval` has are refused.
pub fn condition(expr: &Expr) -> Result<Pair, Refused> {
    Lower::default().condition(expr)
}

/// A value, and when it is there and when it is blank.
#[derive(Debug, Clone, PartialEq)]
pub struct Lowered {
    /// The value; only to be asked for where `filled` holds.
    pub term: Term,
    /// Whether it is there.
    pub filled: Formula,
    /// Whether it is blank.
    pub blank: Formula,
}

/// A value (not a condition).
pub fn value(expr: &Expr) -> Result<Lowered, Refused> {
    let mut lower = Lower::default();
    Ok(Lowered { term: lower.term(expr)?, filled: lower.filled(expr)?, blank: lower.blank(expr)? })
}

/// The pass, with what the variables of quantifiers stand for.
#[derive(Debug, Default)]
pub struct Lower<'a> {
    vars: Vec<(u16, &'a Expr)>,
    /// Steps taken and parts written again: what a rule within rules costs.
    spent: usize,
}

impl<'a> Lower<'a> {
    /// Counts what is made; the error is that it is too much.
    fn spend(&mut self, parts: usize) -> Result<(), Refused> {
        self.spent = self.spent.saturating_add(parts);
        if self.spent > MOST_PARTS { Err("length-limit") } else { Ok(()) }
    }

    /// Counts a formula that is about to be written again.
    fn again(&mut self, formula: &Formula) -> Result<(), Refused> {
        self.spend(formula.size())
    }

    /// What a variable stands for.
    fn variable(&self, var: u16) -> Result<&'a Expr, Refused> {
        self.vars.iter().rev().find(|(v, _)| *v == var).map(|(_, e)| *e).ok_or(EVAL_ONLY)
    }
}

/// The place a cell expression names.
fn spot(kind: &Kind) -> Option<Spot> {
    match kind {
        Kind::Cell { cell, scope, time } => Some(Spot { cell: *cell, scope: *scope, time: *time }),
        _ => None,
    }
}

/// A row of the function table that is known to be there.
fn key(name: &str) -> Result<FuncId, Refused> {
    by_key(name).ok_or(EVAL_ONLY)
}

/// The row of the same family (`_num`, `_date`, …) as `like`, with another beginning: `ge` for `between_num` is `ge_num`.
fn sibling(like: FuncId, beginning: &str) -> Result<FuncId, Refused> {
    let family = like.row().key.rsplit_once('_').map_or("num", |(_, family)| family);
    key(&format!("{beginning}_{family}"))
}

/// An atom, calculated where all its operands are constants.
fn atom(id: FuncId, args: Vec<Term>) -> Formula {
    match constant(id, &args) {
        Some(Value::Bool(known)) => Formula::Const(known),
        Some(_) => Formula::Const(false),
        None => Formula::Atom(id, args),
    }
}

/// The opposite of an atom: the complementary comparison where there is one.
fn opposite(id: FuncId, args: Vec<Term>) -> Formula {
    let pairs = [("eq_", "ne_"), ("lt_", "ge_"), ("le_", "gt_")];
    let name = id.row().key;
    let turned = pairs.iter().find_map(|(a, b)| {
        let to = |from: &str, to: &str| name.strip_prefix(from).map(|rest| format!("{to}{rest}"));
        to(a, b).or_else(|| to(b, a))
    });
    // Within a tolerance `<` and `>=` are no opposites.
    let exact = !name.ends_with("_tol") || name.starts_with("eq_") || name.starts_with("ne_");
    match turned.filter(|_| exact).and_then(|name| by_key(&name)) {
        Some(id) => atom(id, args),
        None => not(atom(id, args)),
    }
}

/// The engine's value of a function of constants.
fn constant(id: FuncId, args: &[Term]) -> Option<Value> {
    if matches!(id.row().role, Role::Member) {
        return None;
    }
    let values: Option<Vec<Value>> = args.iter().map(|a| a.value().cloned()).collect();
    values.map(|values| (id.row().eval)(&values))
}

fn state(state: State, e: &Expr, at: Spot) -> Formula {
    is(state, at, &e.ty)
}

fn constant_term(value: &Value, e: &Expr) -> Term {
    Term { kind: TermKind::Const(value.clone()), ty: e.ty.clone() }
}
