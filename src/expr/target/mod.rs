//! The tables of the expression targets: how each spells what the printer puts together.
//!
//! A target is one [`Target`]: its connectives, its tests of cells, its ways with numbers, and the functions it prints
//! by code ([`Own`]). The spelling of every operator and function stands in the function table ([`crate::ir::func`]), a
//! column for each target. Both are complete: neither struct has a `Default`, so what is forgotten does not compile.
//!
//! To add a target: a column in [`crate::ir::func::Func`], a file here with its table, its line in [`TARGETS`], and an
//! engine for the rule corpus in `tests/`.

mod excel;
mod js;
mod rust;
mod sql;

use super::formula::{Items, State, Term};
use super::lower::Refused;
use super::print::{Number, Printer, Text};
use crate::ir::expr::Ty;
use crate::ir::func::{Form, Func};
pub use excel::EXCEL;
use formwright_engine::Value;
use formwright_engine::pattern::{Node, parse};
pub use js::{JS, RUNTIME as JS_RUNTIME};
pub use rust::RUST;
pub use sql::{DUCKDB, POSTGRES};

/// Every expression target.
pub static TARGETS: [&Target; 5] = [&JS, &EXCEL, &POSTGRES, &DUCKDB, &RUST];

/// How parts are joined: `and`, `or`.
#[derive(Debug, Clone, Copy)]
pub struct Join {
    /// What stands before.
    pub open: &'static str,
    /// What stands between.
    pub between: &'static str,
    /// What stands behind.
    pub close: &'static str,
    /// How tightly the whole binds.
    pub binds: u8,
    /// How tightly each part must bind; looser ones get brackets.
    pub part: u8,
}

/// The words of conditions.
#[derive(Debug, Clone, Copy)]
pub struct Words {
    /// False and true.
    pub truth: [&'static str; 2],
    /// All hold.
    pub and: Join,
    /// One holds.
    pub or: Join,
    /// Template of the opposite, and how tightly it binds.
    pub not: (&'static str, u8),
    /// Template of a choice between conditions or values: condition, then, otherwise.
    pub choose: (&'static str, u8),
    /// Template of `{0} and {1}` where the second may only be looked at if the first holds; `None`: as `and`.
    pub guard: Option<&'static str>,
}

/// A way to calculate exactly with numbers up to a size.
#[derive(Debug, Clone, Copy)]
pub struct Way {
    /// Numbers as whole units of their scale (`1.50` at scale 2 is `150`); else as they are.
    pub scaled: bool,
    /// In the target's integers of any size.
    pub big: bool,
    /// The most units (of any scale) with which it is exact.
    pub limit: u128,
    /// Beyond that, numbers that are too large when it comes to it leave a rule undecided.
    pub guarded: bool,
}

/// Prints an aggregate, with the decimals of a rounded mean.
pub type PrintFold = fn(&mut Printer<'_>, &[Items], Option<u32>) -> Result<Number, Refused>;

/// What the code of a target prints for a row of the function table.
#[derive(Clone, Copy)]
pub enum Own {
    /// A condition.
    Test(fn(&mut Printer<'_>, &[Term]) -> Result<Text, Refused>),
    /// A number or another value from single values.
    Value(fn(&mut Printer<'_>, &[Term]) -> Result<Number, Refused>),
    /// An aggregate.
    Fold(PrintFold),
}

/// An expression target.
pub struct Target {
    /// Its name.
    pub name: &'static str,
    /// Its column of the function table.
    pub form: fn(&Func) -> Form,
    /// What it prints by code, by key.
    pub own: &'static [(&'static str, Own)],
    /// Its words.
    pub words: Words,
    /// Its words where every cell of the rows run through is a whole range; targets that loop have the same as ever.
    pub range_words: Words,
    /// Whether rows are run through by arithmetic on ranges.
    pub ranges: bool,
    /// Its ways with numbers, the plainest first.
    pub ways: &'static [Way],
    /// Template of a number of the target's integers of any size, from an ordinary one.
    pub big: &'static str,
    /// What stands behind a literal of these.
    pub big_suffix: &'static str,
    /// Template of a cell of scale `{s}` as whole units; empty where cells are kept so.
    pub units: &'static str,
    /// Template of a whole number that the target delivers in a narrower type than figures have; empty where it does not.
    pub whole: &'static str,
    /// What stands between factors.
    pub times: &'static str,
    /// A literal that is no number.
    pub literal: fn(&Value, &Ty) -> Result<String, Refused>,
    /// The templates of a test of a cell and of its opposite (empty: the test negated), or what is always so.
    pub state: fn(State, &Ty) -> Result<[&'static str; 2], bool>,
    /// Whether several numbers are filled, from their texts; `None`: each on its own.
    pub filled_all: Option<fn(&[String]) -> String>,
    /// Whether every or some row satisfies a condition: rows (outermost first) and condition.
    pub rows: fn(bool, &super::print::Rows, Text) -> Text,
    /// Template of whether a position stands before another.
    pub before: &'static str,
    /// Whether a text reads as a number.
    pub reads: fn(&mut Printer<'_>, &Term) -> Result<Text, Refused>,
    /// Templates that make what goes wrong (a text where a number is needed) an undecided condition or a blank value;
    /// empty where nothing can.
    pub rescue: [&'static str; 2],
    /// Template that gives the branches of a choice one type, `{s}` the decimals; empty where they have one.
    pub alike: &'static str,
    /// The most characters of a whole text.
    pub length: Option<usize>,
    /// The most queries side by side that give a value, in a whole text.
    pub queries: Option<usize>,
    /// What it cannot tell as exactly as the source, by key of the function table, with a reason code.
    pub weaker: &'static [(&'static str, &'static str)],
}

impl Target {
    /// Its code for a key.
    pub fn own(&self, key: &str) -> Option<Own> {
        self.own.iter().find(|(k, _)| *k == key).map(|(_, own)| *own)
    }
}

impl std::fmt::Debug for Target {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        out.write_str(self.name)
    }
}

/// A text in double quotes, quotes doubled (spreadsheets) or escaped by the caller's rule.
fn quoted(text: &str, quote: char) -> String {
    let doubled = format!("{quote}{quote}");
    format!("{quote}{}{quote}", text.replace(quote, &doubled))
}

/// The items of a test over collected values.
fn collected(args: &[Term]) -> Result<&[Items], Refused> {
    match args {
        [Term { kind: super::formula::TermKind::Fold(_, items, _), .. }] => Ok(items),
        _ => Err("not-printed"),
    }
}

/// The text and the pattern of `matches`.
fn pattern(args: &[Term]) -> Result<(&Term, Node), Refused> {
    let [text, pattern] = args else { return Err("not-printed") };
    let pattern = pattern.value().and_then(Value::as_text).ok_or("no-regex")?;
    Ok((text, parse(pattern).map_err(|_| "no-regex")?))
}

/// The labels by code that stand as a row of constants behind a code.
fn labels(args: &[Term]) -> Result<Vec<(String, String)>, Refused> {
    match args.get(1).and_then(Term::value) {
        Some(Value::Row(cells)) => {
            Ok(cells.iter().map(|(code, label)| (code.to_string(), label.to_string())).collect())
        }
        _ => Err("not-printed"),
    }
}

#[cfg(test)]
mod tests;
