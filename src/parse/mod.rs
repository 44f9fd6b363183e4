//! Text to trees as written: YAML nodes, the source tree, expressions. Never fails as a whole: problems are collected.

pub mod ast;
pub mod csv;
pub mod decode;
pub mod encoding;
pub mod expr;
pub mod ids;
pub mod selector;
pub mod shapes;
mod syntax;
pub mod template;
pub mod yaml;
