//! The engine of Formwright: what the interpreter and the generated validators share, so that both
//! give the same verdict.
//!
//! * [`decimal`]: exact decimals on scaled 128-bit integers, no binary float anywhere;
//! * [`date`]: calendar dates of day, month and year precision;
//! * [`value`]: the values rules compute with, and three-valued truth;
//! * [`func`]: the pure functions rules call;
//! * [`json`] and [`write`](mod@write): a strict reader that knows where everything stands, and an
//!   ordered writer;
//! * [`pattern`]: patterns of texts, and a search in linear time;
//! * [`scaled`]: cells and whole units, as generated validators compute with;
//! * [`finding`]: what a check reports, and whether it keeps a return from being final.
//!
//! The crate has no dependencies, does no input or output, and never panics: whatever it is given, it
//! answers with a value or an error.
#![forbid(unsafe_code)]

pub mod date;
pub mod decimal;
pub mod finding;
pub mod func;
pub mod json;
pub mod pattern;
pub mod scaled;
pub mod value;
pub mod write;

#[cfg(test)]
mod random;

pub use date::{Date, Precision};
pub use decimal::{Decimal, Rounding};
pub use finding::{Class, Finding, Place, Response, Scope, Severity, State};
pub use value::{Truth, Value};
