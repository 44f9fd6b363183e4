//! Two-valued conditions: what a rule becomes when it is taken apart into "certainly holds" and "certainly fails".
//!
//! A [`Formula`] is true or false, never undecided: every operand that can be blank or unreadable stands behind a test
//! of its own. A [`Term`] is a value that is only asked for where such a test has passed, so no target needs a notion of
//! blank inside its arithmetic. The constructors ([`and`], [`or`], [`not`], …) fold constants and drop repetitions; trees
//! are built by them only.

use crate::ir::expr::{Time, Ty};
use crate::ir::func::FuncId;
use crate::ir::{BlockId, CellId};
use formwright_engine::Value;

/// What can be asked of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum State {
    /// It holds a readable value.
    Filled,
    /// It holds nothing.
    Blank,
    /// It holds something that is no value of its type, or is not there at all (an absent context or previous return).
    Unreadable,
    /// It holds yes.
    Yes,
    /// It holds no.
    No,
}

/// A cell as an expression names it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct Spot {
    /// The cell.
    pub cell: CellId,
    /// Whose row: 0 the row at hand, n the row of the n-th enclosing iteration.
    pub scope: u8,
    /// Which return.
    pub time: Time,
}

/// Rows run through: a block, and the number of the scope its rows are.
pub type Each = (BlockId, u8);

/// A condition that is true or false.
#[derive(Debug, Clone, PartialEq)]
pub enum Formula {
    /// Decided when compiling.
    Const(bool),
    /// All hold.
    And(Vec<Formula>),
    /// One holds.
    Or(Vec<Formula>),
    /// Does not hold.
    Not(Box<Formula>),
    /// Both hold; the second is only looked at where the first does.
    Guard(Box<[Formula; 2]>),
    /// If the first holds the second, otherwise the third.
    If(Box<[Formula; 3]>),
    /// The state of a place.
    Is(State, Spot, Ty),
    /// A function of values that are all there, with a two-valued result. Of `in` the members follow the value.
    Atom(FuncId, Vec<Term>),
    /// Whether a text reads as a number.
    Reads(Box<Term>),
    /// Whether every row, or some row, satisfies the condition.
    Rows {
        /// Every (else some).
        every: bool,
        /// The rows.
        each: Each,
        /// The condition.
        body: Box<Formula>,
    },
    /// Whether the row of the first scope stands before that of the second in this block.
    Before(BlockId, u8, u8),
}

/// A value that is there.
#[derive(Debug, Clone, PartialEq)]
pub struct Term {
    /// What it is.
    pub kind: TermKind,
    /// Its type.
    pub ty: Ty,
}

/// What a value is.
#[derive(Debug, Clone, PartialEq)]
pub enum TermKind {
    /// A constant.
    Const(Value),
    /// A place.
    Cell(Spot),
    /// A function of values that are all there.
    Call(FuncId, Vec<Term>),
    /// A choice.
    If(Box<(Formula, Term, Term)>),
    /// A function of the filled ones of many, the decimals of a rounded mean behind it.
    Fold(FuncId, Vec<Items>, Option<u32>),
    /// How many conditions hold: [`Items::keep`] of each.
    Tally(Vec<Items>),
}

/// One of the values an aggregate takes, or one for each row.
#[derive(Debug, Clone, PartialEq)]
pub struct Items {
    /// The rows, outermost first; none for a single value.
    pub each: Vec<Each>,
    /// Which are taken.
    pub keep: Formula,
    /// Whether the value is there; blank ones are passed over.
    pub filled: Formula,
    /// The value.
    pub item: Term,
}

/// A condition that is always true.
pub const TRUE: Formula = Formula::Const(true);
/// A condition that is never true.
pub const FALSE: Formula = Formula::Const(false);

/// All of them hold.
pub fn and(parts: impl IntoIterator<Item = Formula>) -> Formula {
    join(parts, true)
}

/// One of them holds.
pub fn or(parts: impl IntoIterator<Item = Formula>) -> Formula {
    join(parts, false)
}

/// `and` (unit true) and `or` (unit false): nested ones are spliced in, repetitions dropped.
fn join(parts: impl IntoIterator<Item = Formula>, unit: bool) -> Formula {
    let mut all: Vec<Formula> = Vec::new();
    for part in parts {
        let inner = match part {
            Formula::Const(b) if b == unit => continue,
            Formula::Const(b) => return Formula::Const(b),
            Formula::And(inner) if unit => inner,
            Formula::Or(inner) if !unit => inner,
            one => vec![one],
        };
        for one in inner {
            // Repeated operands are repeated guards, which stand close to each other.
            if !all.iter().rev().take(16).any(|known| *known == one) {
                all.push(one);
            }
        }
    }
    if all.len() > 1 {
        return if unit { Formula::And(all) } else { Formula::Or(all) };
    }
    all.pop().unwrap_or(Formula::Const(unit))
}

/// The opposite.
pub fn not(formula: Formula) -> Formula {
    match formula {
        Formula::Const(b) => Formula::Const(!b),
        Formula::Not(inner) => *inner,
        other => Formula::Not(Box::new(other)),
    }
}

/// `body` where `test` holds, otherwise false.
pub fn guard(test: Formula, body: Formula) -> Formula {
    match (test, body) {
        (Formula::Const(true), body) => body,
        (Formula::Const(false), _) | (_, Formula::Const(false)) => FALSE,
        (test, Formula::Const(true)) => test,
        (test, Formula::Guard(inner)) => {
            let [first, second] = *inner;
            // The second test may rest on the first.
            Formula::Guard(Box::new([test, Formula::Guard(Box::new([first, second]))]))
        }
        (test, body) => Formula::Guard(Box::new([test, body])),
    }
}

/// `then` where `condition` holds, otherwise `otherwise`.
pub fn choose(condition: Formula, then: Formula, otherwise: Formula) -> Formula {
    match (condition, then, otherwise) {
        (Formula::Const(true), then, _) => then,
        (Formula::Const(false), _, otherwise) => otherwise,
        (_, then, otherwise) if then == otherwise => then,
        (condition, Formula::Const(true), otherwise) => or([condition, otherwise]),
        (condition, Formula::Const(false), otherwise) => and([not(condition), otherwise]),
        (condition, then, Formula::Const(false)) => and([condition, then]),
        (condition, then, Formula::Const(true)) => or([not(condition), then]),
        (condition, then, otherwise) => Formula::If(Box::new([condition, then, otherwise])),
    }
}

/// Every or some row.
pub fn rows(every: bool, each: Each, body: Formula) -> Formula {
    match body {
        Formula::Const(b) if b == every => Formula::Const(every),
        body => Formula::Rows { every, each, body: Box::new(body) },
    }
}

/// The state of a place.
pub fn is(state: State, spot: Spot, ty: &Ty) -> Formula {
    Formula::Is(state, spot, ty.clone())
}

/// A node of either kind.
#[derive(Debug, Clone, Copy)]
pub enum Node<'a> {
    /// A condition.
    Formula(&'a Formula),
    /// A value.
    Term(&'a Term),
}

impl Formula {
    /// The number of its nodes, those of terms included.
    pub fn size(&self) -> usize {
        let mut count = 0;
        self.walk(&mut |_| count += 1);
        count
    }

    /// Calls `f` for this formula and all below it.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(Node<'a>)) {
        f(Node::Formula(self));
        match self {
            Formula::Const(_) | Formula::Is(..) | Formula::Before(..) => {}
            Formula::And(parts) | Formula::Or(parts) => parts.iter().for_each(|p| p.walk(f)),
            Formula::Not(inner) => inner.walk(f),
            Formula::Guard(two) => two.iter().for_each(|p| p.walk(f)),
            Formula::If(three) => three.iter().for_each(|p| p.walk(f)),
            Formula::Atom(_, args) => args.iter().for_each(|a| a.walk(f)),
            Formula::Reads(term) => term.walk(f),
            Formula::Rows { body, .. } => body.walk(f),
        }
    }
}

impl Term {
    /// A constant.
    pub fn constant(value: Value, ty: Ty) -> Self {
        Term { kind: TermKind::Const(value), ty }
    }

    /// The constant it is.
    pub fn value(&self) -> Option<&Value> {
        if let TermKind::Const(value) = &self.kind { Some(value) } else { None }
    }

    /// Calls `f` for this value and all below it.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(Node<'a>)) {
        f(Node::Term(self));
        match &self.kind {
            TermKind::Const(_) | TermKind::Cell(_) => {}
            TermKind::Call(_, args) => args.iter().for_each(|a| a.walk(f)),
            TermKind::If(choice) => {
                choice.0.walk(f);
                choice.1.walk(f);
                choice.2.walk(f);
            }
            TermKind::Fold(_, items, _) | TermKind::Tally(items) => {
                for part in items {
                    part.keep.walk(f);
                    part.filled.walk(f);
                    part.item.walk(f);
                }
            }
        }
    }
}
