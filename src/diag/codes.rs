//! THE table of diagnostics: code, name, severity, sentence and explanation in each language, a wrong and a right
//! example. One file for each family of codes.

mod checks;
mod expr;
mod meaning;
mod rules;
mod source;
mod structure;
mod types;

use super::Severity;
pub use checks::rows::*;
pub use expr::rows::*;
pub use meaning::rows::*;
pub use rules::rows::*;
pub use source::rows::*;
pub use structure::rows::*;
pub use types::rows::*;

/// One row of the catalogue. The code and the name are promises.
#[derive(Debug, PartialEq, Eq)]
pub struct Code {
    /// Stable code, as `E0201`.
    pub code: &'static str,
    /// Name for `accept`, as `code-gap`.
    pub name: &'static str,
    /// How grave.
    pub severity: Severity,
    /// The English sentence, with `{arg}` for arguments.
    pub en: &'static str,
    /// The Chinese sentence, with the same arguments.
    pub zh: &'static str,
    /// One paragraph: what it means and what to do.
    pub why: &'static str,
    /// The paragraph in Chinese.
    pub why_zh: &'static str,
    /// A small source that has this problem and no other: a file, several (`# file: name`), or facts of one rule of
    /// the sample table (docs/diagnostics.md).
    pub wrong: &'static str,
    /// The same without any problem.
    pub right: &'static str,
}

/// Declares a family of the catalogue: one constant a row, and `ALL` in order.
macro_rules! codes {
    ($($id:ident = $code:literal $name:literal $severity:ident {
        en $en:literal zh $zh:literal why $why:literal why_zh $why_zh:literal wrong $wrong:literal right $right:literal
    })*) => {
        /// The rows of this family.
        pub mod rows {
            use super::super::{Code, Severity};
            $(#[doc = $en] pub static $id: Code = Code {
                code: $code, name: $name, severity: Severity::$severity, en: $en, zh: $zh, why: $why, why_zh: $why_zh,
                wrong: $wrong, right: $right,
            };)*
        }
        /// Every row of this family, in order of code.
        pub static ALL: &[&super::Code] = &[$(&rows::$id),*];
    };
}
use codes;

/// The sample survey of the examples that are facts of one rule: they stand at its end.
pub const SAMPLE: &str = include_str!("sample.yaml");

/// Whether an example is facts of one rule of the sample table rather than files.
pub fn is_rule(example: &str) -> bool {
    ["check:", "when:", "each:"].iter().any(|key| example.starts_with(key))
}

/// Sentences of related places, by key: English, Chinese.
pub static RELATED: &[(&str, &str, &str)] = &[
    ("declared", "declared here", "在此声明"),
    ("first", "first here", "先在此处"),
    ("na", "declared here not to apply (——)", "在此声明为不适用（——）"),
];

/// Every row, in order of code.
pub fn all() -> impl Iterator<Item = &'static Code> {
    [source::ALL, expr::ALL, types::ALL, meaning::ALL, structure::ALL, rules::ALL, checks::ALL]
        .into_iter()
        .flatten()
        .copied()
}

/// The row of a code (`E0102`) or name (`unknown-key`).
pub fn find(code_or_name: &str) -> Option<&'static Code> {
    all().find(|c| c.code.eq_ignore_ascii_case(code_or_name) || c.name == code_or_name)
}
