//! Typed expressions: names resolved to cells, operators and functions to rows of the function table.

use super::{BlockId, CellId, ListId, UnitId, func::FuncId};
use formwright_engine::{Precision, Value};
use std::ops::Range;

/// A unit of a number.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub enum Dim {
    /// A literal: takes the other side's unit.
    #[default]
    Literal,
    /// No unit (counts of things, ratios).
    Pure,
    /// One unit.
    Unit(UnitId),
    /// Products of units, with exponents.
    Derived(Vec<(UnitId, i8)>),
}

/// The type of an expression.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Ty {
    /// True, false or unknown.
    Bool,
    /// A number: decimals, unit, and the most significant digits it can have.
    Num {
        /// Decimals.
        scale: u32,
        /// Unit.
        dim: Dim,
        /// Bound of its digits.
        digits: u32,
    },
    /// Text.
    Text,
    /// One code.
    Code(ListId),
    /// A set of codes.
    Codes(ListId),
    /// A day, a month or a year: types of their own.
    Date(Precision),
    /// A target such as `> 90`.
    Target,
    /// A list.
    List(Box<Ty>),
    /// A row.
    Row,
    /// The literal `null`.
    Null,
    /// Known only at run time (`eval`).
    Any,
}

/// An expression.
#[derive(Debug, Clone, PartialEq)]
pub struct Expr {
    /// What it is.
    pub kind: Kind,
    /// Its type.
    pub ty: Ty,
    /// Its place in the text of the rule (bytes).
    pub range: Range<usize>,
}

/// The return an expression reads from.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Time {
    /// This return.
    Now,
    /// A previous one, by position in [`super::Survey::previous`].
    Previous(u8),
}

/// What an expression is.
#[derive(Debug, Clone, PartialEq)]
pub enum Kind {
    /// A constant.
    Const(Value),
    /// An input of `eval` or an element of a quantifier over values, by position.
    Var(u16),
    /// A cell. `scope` 0 is the row at hand (and the records around it); n is the row of the n-th enclosing iteration,
    /// counted from the outermost.
    Cell {
        /// The cell.
        cell: CellId,
        /// Whose row.
        scope: u8,
        /// Which return.
        time: Time,
    },
    /// A list: the items of each part, one after the other.
    List(Vec<Part>),
    /// An operator or function.
    Call(FuncId, Vec<Expr>),
    /// `if c then a else b`: condition, then, else.
    If(Box<[Expr; 3]>),
    /// `every … satisfies` or `some … satisfies`; the items of the parts are the bodies.
    Quant {
        /// `every` (else `some`).
        every: bool,
        /// One body for each fixed row, or for all rows of a block.
        parts: Vec<Part>,
    },
    /// A quantifier over a list of values (`eval`, lists of literals).
    QuantValues {
        /// `every` (else `some`).
        every: bool,
        /// The list.
        list: Box<Expr>,
        /// The variable its elements are bound to.
        var: u16,
        /// The condition.
        body: Box<Expr>,
    },
    /// `rows[cond]` over values (`eval`): the list, the variable of the item, the condition.
    FilterValues {
        /// The list.
        list: Box<Expr>,
        /// The variable the item is bound to; fields of a row are read from it by name.
        var: u16,
        /// The condition.
        body: Box<Expr>,
    },
    /// A field of a row value or of each row of a list (`eval`).
    Field(Box<Expr>, String),
}

/// Items of a list: one, or one for each row of a block.
#[derive(Debug, Clone, PartialEq)]
pub struct Part {
    /// The block whose rows are run through, and the scope number their cells have; the rows of the block inside the
    /// innermost record at hand that holds it.
    pub each: Option<(BlockId, u8)>,
    /// The rows taken.
    pub filter: Option<Expr>,
    /// The item.
    pub item: Expr,
}

impl Expr {
    /// Calls `f` for this expression and all below it.
    pub fn walk<'a>(&'a self, f: &mut dyn FnMut(&'a Expr)) {
        f(self);
        match &self.kind {
            Kind::Const(_) | Kind::Var(_) | Kind::Cell { .. } => {}
            Kind::List(parts) | Kind::Quant { parts, .. } => {
                for part in parts {
                    if let Some(filter) = &part.filter {
                        filter.walk(f);
                    }
                    part.item.walk(f);
                }
            }
            Kind::Call(_, args) => args.iter().for_each(|a| a.walk(f)),
            Kind::If(three) => three.iter().for_each(|a| a.walk(f)),
            Kind::QuantValues { list, body, .. } | Kind::FilterValues { list, body, .. } => {
                list.walk(f);
                body.walk(f);
            }
            Kind::Field(of, _) => of.walk(f),
        }
    }

    /// The cells it reads, each once, in order.
    pub fn cells(&self) -> Vec<CellId> {
        let mut found = Vec::new();
        self.walk(&mut |e| {
            if let Kind::Cell { cell, .. } = e.kind
                && !found.contains(&cell)
            {
                found.push(cell);
            }
        });
        found
    }

    /// Whether it is the same as another one, wherever both are written.
    pub fn is_like(&self, other: &Expr) -> bool {
        let all = |x: &[Expr], y: &[Expr]| x.len() == y.len() && x.iter().zip(y).all(|(a, b)| a.is_like(b));
        match (&self.kind, &other.kind) {
            (Kind::Call(f, x), Kind::Call(g, y)) => f == g && all(x, y),
            (Kind::If(x), Kind::If(y)) => all(x.as_slice(), y.as_slice()),
            (Kind::List(x), Kind::List(y)) => {
                x.len() == y.len() && x.iter().zip(y).all(|(a, b)| a.is_like(b))
            }
            (Kind::Const(x), Kind::Const(y)) => x == y,
            (Kind::Cell { .. }, Kind::Cell { .. }) => self.kind == other.kind,
            _ => false,
        }
    }
}

impl Part {
    fn is_like(&self, other: &Part) -> bool {
        let filters = match (&self.filter, &other.filter) {
            (None, None) => true,
            (Some(x), Some(y)) => x.is_like(y),
            _ => false,
        };
        self.each == other.each && filters && self.item.is_like(&other.item)
    }
}
