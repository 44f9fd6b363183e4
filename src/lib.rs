//! Formwright: a declarative form-schema compiler.
pub mod data;
pub mod diag;
pub mod expr;
pub mod ir;
pub mod resolve;
pub mod source;
pub mod validate;
pub use formwright_engine as engine;
