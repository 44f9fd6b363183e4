//! THE table of diagnostics: code, name, severity, sentence in each language, explanation with a wrong and a right example.

use super::Severity;

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
    pub explain: &'static str,
    /// A small source that has the problem.
    pub wrong: &'static str,
    /// The same without it.
    pub right: &'static str,
}

/// Declares the catalogue: one constant a row, and `ALL` in order.
macro_rules! codes {
    ($($id:ident = $code:literal, $name:literal, $severity:ident, $en:literal, $zh:literal, $explain:literal, $wrong:literal, $right:literal;)*) => {
        $(#[doc = $en] pub static $id: Code = Code {
            code: $code, name: $name, severity: Severity::$severity, en: $en, zh: $zh, explain: $explain, wrong: $wrong, right: $right,
        };)*
        /// Every row, in order of code.
        pub static ALL: &[&Code] = &[$(&$id),*];
    };
}

codes! {
    UNKNOWN_KEY = "E0102", "unknown-key", Error,
        "`{key}` is not a key of {of}", "{of}没有“{key}”这个键",
        "A key is misspelt or stands in the wrong place. Only the keys of the reference are accepted, so that a typing error is never passed over in silence.",
        "tabel: t01\ntitle: A", "table: t01\ntitle: A";
}

/// Sentences of related places, by key: English, Chinese.
pub static RELATED: &[(&str, &str, &str)] =
    &[("declared", "declared here", "在此声明"), ("first", "first here", "先在此处")];

/// The row of a code (`E0102`) or name (`unknown-key`).
pub fn find(code_or_name: &str) -> Option<&'static Code> {
    ALL.iter().copied().find(|c| c.code.eq_ignore_ascii_case(code_or_name) || c.name == code_or_name)
}
