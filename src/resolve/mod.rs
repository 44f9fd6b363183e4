//! From what is written to what is meant: the only stage that looks names up.

pub mod calc;
pub mod infer;
pub mod lower;
mod stand_in;
pub mod typed_json;
pub mod words;
mod written;
