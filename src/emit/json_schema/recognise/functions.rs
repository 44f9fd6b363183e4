//! Names of the rows of the function table.

use crate::ir::func::FuncId;

/// Until the function table is there: the functions keywords can say, by position.
static NAMES: &[&str] = &[
    "and",
    "or",
    "not",
    "filled",
    "blank",
    "=",
    "!=",
    "<",
    "<=",
    ">",
    ">=",
    "between",
    "in",
    "list contains",
    "matches",
    "tally",
    "string length",
    "+",
    "sum",
];

/// The name of a row of the function table, as written in the source.
pub fn name(id: FuncId) -> &'static str {
    NAMES.get(usize::from(id.0)).copied().unwrap_or("")
}

/// A row of that name.
pub fn find(name: &str) -> Option<FuncId> {
    NAMES.iter().position(|n| *n == name).and_then(|n| u16::try_from(n).ok()).map(FuncId)
}
