//! Expressions at work: the reference evaluator, and the way to every target.
//!
//! ```text
//! ir::expr::Expr --eval--> Value                                     three-valued, the reference
//!               \\--lower--> formula::Formula --print--> text        two-valued, one table for each target
//! ```

pub mod carry;
pub mod eval;
pub mod failing;
mod fold;
pub mod formula;
pub mod lower;
pub mod named;
pub mod print;
pub mod show;
pub mod target;
pub mod verdict;
