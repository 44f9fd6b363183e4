//! Formwright: a declarative form-schema compiler.
pub mod diag;
pub mod source;
pub use formwright_engine as engine;
