//! Expressions at work: the reference evaluator.

pub mod eval;
mod fold;
