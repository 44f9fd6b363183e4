//! Formwright: a declarative form-schema compiler.
pub mod diag;
pub mod expr;
pub mod ir;
pub mod resolve;
pub mod source;
pub use formwright_engine as engine;
