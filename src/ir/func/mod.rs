//! THE function table: every operator and function of the rule language, a row for each combination of name and operand
//! kinds, with its evaluation, its typing and its form in every expression target.

use super::expr::Ty;
use formwright_engine::Value;

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
    /// A template: `{0}` `{1}` are the arguments, `{*}` all of them separated by commas, `{list}` the values of a list,
    /// `{s}` the scale at which numbers are compared or rounded, `{n}` the number of arguments.
    As(&'static str),
    /// Printed by the target's own code, under this key.
    Own(&'static str),
    /// Not expressible, and why (a reason code of the portability table).
    No(&'static str),
}

/// A row of the table. There is no `Default`: a target that is forgotten does not compile.
#[derive(Debug)]
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
