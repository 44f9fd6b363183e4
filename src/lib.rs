//! Formwright: a declarative form-schema compiler.
pub mod diag;
pub mod emit;
pub mod ir;
pub mod source;
pub use formwright_engine as engine;
