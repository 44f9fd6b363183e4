//! THE function table: every operator and function of the rule language, a row for each combination of name and operand
//! kinds, with its evaluation, its typing and its form in every expression target.

mod aggregate;
mod arithmetic;
mod code;
mod compare;
mod date;
mod eval_only;
mod logic;
mod refused;
mod text;
pub mod typing;

use super::expr::Ty;
use formwright_engine::Rounding;
use formwright_engine::Value;
use formwright_engine::func::Compare;
pub use refused::refused;
use std::collections::HashMap;
use std::sync::LazyLock;

/// A row of [`TABLE`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct FuncId(pub u16);

/// How a function is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    /// `name(a, b)`
    Call,
    /// `a op b`, with its precedence (higher binds tighter).
    Infix(u8),
    /// `-a`
    Prefix,
    /// A special form of the grammar (`between`, `in`).
    Special,
}

/// Where a function may be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Use {
    /// In rules and `eval`.
    Everywhere,
    /// In `eval` only; why it is refused in rules (English, Chinese).
    EvalOnly(&'static str, &'static str),
}

/// How a function is spelt in a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Form {
    /// A template: `{0}` `{1}` are the arguments, `{list}` all but the first between commas, `{s}` the decimals of the
    /// numbers. Brackets around the whole stand for those it needs inside something that binds tighter. Numbers come as
    /// the printer prepares them (see [`crate::expr::print`]): sides of a comparison at one scale; in targets of whole
    /// units a rounding as units and their number to one unit of the result, a quotient as dividend and divisor of it.
    As(&'static str),
    /// Printed by the target's own code, under this key.
    Own(&'static str),
    /// Taken apart by the lowering ([`crate::expr::lower`]) or spelt by the target's words: never printed as such.
    Lowered,
    /// Not expressible, and why (a reason code of the portability table).
    No(&'static str),
}

/// How the keywords of JSON Schema say a row: the shape the emitter makes a condition of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keywords {
    /// All conditions hold.
    All,
    /// One of the conditions holds.
    Any,
    /// The condition does not hold.
    Not,
    /// All operands are filled (true) or blank (false).
    Presence(bool),
    /// A cell, or something counted, compared with a literal.
    Compare(Compare),
    /// A cell between two literals.
    Between,
    /// A cell holds one of some literals, or a cell of codes a literal.
    Member,
    /// A cell of codes, the first operand, holds a literal.
    Contains,
    /// A cell of text matches a pattern.
    Pattern,
    /// How many conditions hold, beside a literal.
    Tally,
    /// The length of a text, beside a literal.
    Length,
    /// Not expressible, and why (a reason code of the portability table).
    No(&'static str),
}

/// What a row means to those who take expressions apart: the evaluator, the lowering, the checks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// A function of its filled operands: blank in, blank out.
    Plain,
    /// `and`
    And,
    /// `or`
    Or,
    /// `not`
    Not,
    /// A comparison of its first two operands (a third is the tolerance).
    Compare(Compare),
    /// `near`: equal within the third operand.
    Near,
    /// `meets`: a value and its target.
    Meets,
    /// `between`: value, low, high.
    Between,
    /// `in`: a value and a list or set.
    Member,
    /// Comparison with the literal `null`: two-valued; whether it asks for blank.
    Null(bool),
    /// `filled` (true) or `blank` (false): two-valued, takes lists.
    Presence(bool),
    /// The mark that stands in a cell, its only operand.
    Mark,
    /// How many conditions hold.
    Tally,
    /// Takes the filled ones of many.
    Aggregate(Aggregate),
    /// Reads a blank as zero; with a second operand, only where that is true.
    OrZero,
}

/// A function of many values.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Aggregate {
    /// The sum.
    Sum,
    /// How many are filled.
    Count,
    /// The smallest.
    Min,
    /// The largest.
    Max,
    /// The mean, rounded to the scale that is the last operand.
    RoundMean(Rounding),
    /// Another one, evaluated on all values at once.
    Collect,
}

/// A row of the table. There is no `Default`: a target that is forgotten does not compile.
#[derive(Debug, Clone, Copy)]
pub struct Func {
    /// Unique key of the row, as `eq_num`.
    pub key: &'static str,
    /// The spelling in the source, as `=` or `round half up`.
    pub name: &'static str,
    /// How it is written.
    pub syntax: Syntax,
    /// Fewest and most arguments (255: any number).
    pub arity: (u8, u8),
    /// Where it may be used.
    pub usable: Use,
    /// What it means to the evaluator and the lowering.
    pub role: Role,
    /// JSON Schema.
    pub keywords: Keywords,
    /// The type of the result for arguments of these types, if this row takes them.
    pub typing: fn(&[Ty]) -> Option<Ty>,
    /// The value for these arguments.
    pub eval: fn(&[Value]) -> Value,
    /// JavaScript.
    pub js: Form,
    /// Excel, WPS and LibreOffice.
    pub excel: Form,
    /// PostgreSQL.
    pub postgres: Form,
    /// DuckDB.
    pub duckdb: Form,
    /// Rust.
    pub rust: Form,
    /// What it does, in a sentence.
    pub doc: &'static str,
    /// An example and its value, both expressions.
    pub example: (&'static str, &'static str),
}

/// Declares the rows of a family: key, name, syntax, arity, use, role, keywords, typing, evaluation, the five targets,
/// sentence and example (empty for rows that are never written).
macro_rules! rows {
    ($($key:ident $name:literal $syntax:expr, $arity:expr, $usable:expr, $role:expr, $keywords:expr, $typing:expr, $eval:expr,
       [$js:expr, $excel:expr, $postgres:expr, $duckdb:expr, $rust:expr],
       $doc:literal, $from:literal => $to:literal;)*) => {
        pub(super) const ROWS: &[$crate::ir::func::Func] = &[$($crate::ir::func::Func {
            key: stringify!($key), name: $name, syntax: $syntax, arity: $arity, usable: $usable, role: $role,
            keywords: $keywords, typing: $typing, eval: $eval, js: $js, excel: $excel, postgres: $postgres, duckdb: $duckdb, rust: $rust,
            doc: $doc, example: ($from, $to),
        }),*];
    };
}
pub(crate) use rows;

/// The families, in the order of the table: of rows of one name the narrower ones come first.
const FAMILIES: &[&[Func]] = &[
    compare::ROWS,
    logic::ROWS,
    arithmetic::ROWS,
    aggregate::ROWS,
    code::ROWS,
    text::ROWS,
    date::ROWS,
    eval_only::ROWS,
];

const LEN: usize = {
    let (mut n, mut i) = (0, 0);
    while i < FAMILIES.len() {
        #[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
        {
            n += FAMILIES[i].len();
        }
        i += 1;
    }
    n
};

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
const fn assemble() -> [Func; LEN] {
    let mut out = [FAMILIES[0][0]; LEN];
    let (mut at, mut i) = (0, 0);
    while i < FAMILIES.len() {
        let mut j = 0;
        while j < FAMILIES[i].len() {
            out[at] = FAMILIES[i][j];
            at += 1;
            j += 1;
        }
        i += 1;
    }
    out
}

static ROWS: [Func; LEN] = assemble();

/// Every row; a [`FuncId`] is a position in it.
pub static TABLE: &[Func] = &ROWS;

impl FuncId {
    /// The row. An id that is not of this table gives the first row; only [`find`] and [`by_key`] make ids.
    pub fn row(self) -> &'static Func {
        TABLE.get(usize::from(self.0)).unwrap_or(FALLBACK)
    }
}

#[expect(clippy::indexing_slicing, reason = "evaluated by the compiler")]
static FALLBACK: &Func = &FAMILIES[0][0];

/// All rows, with their ids.
pub fn all() -> impl Iterator<Item = (FuncId, &'static Func)> {
    (0u16..).map(FuncId).zip(TABLE)
}

/// The rows of a spelling, as `=` or `round half up`, in order; empty if there is none.
pub fn find(name: &str) -> &'static [FuncId] {
    static BY_NAME: LazyLock<HashMap<&str, Vec<FuncId>>> = LazyLock::new(|| {
        let mut known: HashMap<&str, Vec<FuncId>> = HashMap::new();
        all().for_each(|(id, row)| known.entry(row.name).or_default().push(id));
        known
    });
    BY_NAME.get(name).map(Vec::as_slice).unwrap_or_default()
}

/// The row of a key, as `eq_num`.
pub fn by_key(key: &str) -> Option<FuncId> {
    static BY_KEY: LazyLock<HashMap<&str, FuncId>> =
        LazyLock::new(|| all().map(|(id, row)| (row.key, id)).collect());
    BY_KEY.get(key).copied()
}

/// The names that can be called in rules or `eval`, each once, for suggestions.
pub fn names() -> impl Iterator<Item = &'static str> {
    let callable = all().filter(|(_, row)| row.syntax == Syntax::Call).map(|(_, row)| row.name);
    let mut seen = std::collections::HashSet::new();
    callable.filter(move |name| seen.insert(*name))
}

/// Shorthand for the rows of the families.
mod short {
    pub(super) use super::Keywords as K;
    pub(super) use super::typing as t;
    pub(super) use super::{Aggregate, Form, Role, Syntax, Use, rows};
    pub(super) use formwright_engine::func::{self as f, Compare};
    pub(super) use formwright_engine::{Decimal, Rounding, Value};

    pub(super) const fn s(template: &'static str) -> Form {
        Form::As(template)
    }
    pub(super) const fn own(key: &'static str) -> Form {
        Form::Own(key)
    }
    pub(super) const fn no(reason: &'static str) -> Form {
        Form::No(reason)
    }
    pub(super) const LOWERED: Form = Form::Lowered;
    pub(super) const NO: Form = Form::No("eval-only");
    pub(super) const CALC: K = K::No("no-arithmetic");
    pub(super) const EVAL: K = K::No("eval-only");
    pub(super) const CALL: Syntax = Syntax::Call;
    pub(super) const SPECIAL: Syntax = Syntax::Special;
    pub(super) const CMP: Syntax = Syntax::Infix(3);
    pub(super) const ALL: Use = Use::Everywhere;
    pub(super) const ORDER: Use =
        Use::EvalOnly("the order of texts differs from place to place", "文本的排列次序因地区设置而异");

    /// Applies to one argument.
    pub(super) fn one(args: &[Value], f: impl FnOnce(&Value) -> Value) -> Value {
        match args {
            [a] => f(a),
            _ => Value::Null,
        }
    }
    /// Applies to two arguments.
    pub(super) fn two(args: &[Value], f: impl FnOnce(&Value, &Value) -> Value) -> Value {
        match args {
            [a, b] => f(a, b),
            _ => Value::Null,
        }
    }
    /// Applies to three arguments.
    pub(super) fn three(args: &[Value], f: impl FnOnce(&Value, &Value, &Value) -> Value) -> Value {
        match args {
            [a, b, c] => f(a, b, c),
            _ => Value::Null,
        }
    }
    /// A scale given as a value: a whole number in the range of decimals.
    pub(super) fn scale(value: &Value) -> Option<i32> {
        let n = value.as_num().filter(|n| n.is_integer())?.to_i64()?;
        i32::try_from(n).ok().filter(|n| n.unsigned_abs() <= 6176)
    }
}

#[cfg(test)]
mod tests;
