//! Formwright: a declarative form-schema compiler.
pub mod data;
pub mod diag;
pub mod ir;
pub mod source;
pub use formwright_engine as engine;
