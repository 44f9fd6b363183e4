//! From what is written to what is meant: the only stage that looks names up.

pub mod infer;
pub mod words;
