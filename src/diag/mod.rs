//! Diagnostics of the source: one [`Diagnostic`] a problem, collected in [`Problems`], never thrown.
//!
//! A diagnostic carries a row of the catalogue ([`codes`]) and named arguments; its sentences are made at the edge, in
//! the reader's language.

pub mod codes;
pub(crate) mod fill;
mod near;
pub mod render;
mod sound;

use crate::source::Span;
pub use codes::Code;
pub use near::{fold, is_unseen, nearest};

/// How grave a diagnostic is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Severity {
    /// Nothing can be generated.
    Error,
    /// Probably a mistake; refused with `--deny warnings`.
    Warning,
    /// An advice.
    Hint,
}

/// The languages that messages exist in.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Lang {
    /// English.
    #[default]
    En,
    /// Chinese.
    Zh,
}

/// A replacement that mends a problem safely.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fix {
    /// What is replaced.
    pub span: Span,
    /// By what.
    pub replacement: String,
}

/// A further place that explains a problem ("declared here").
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Related {
    /// Where.
    pub span: Span,
    /// What stands there: a key of the catalogue's related notes (`codes::RELATED`).
    pub note: &'static str,
}

/// One problem of the source.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Diagnostic {
    /// The row of the catalogue.
    pub code: &'static Code,
    /// Where it is.
    pub span: Span,
    /// What the sentences of the catalogue name: `{key}` in a template is the argument of that name.
    pub args: Vec<(&'static str, String)>,
    /// The nearest valid names, best first.
    pub suggestions: Vec<String>,
    /// Further places.
    pub related: Vec<Related>,
    /// A safe mend.
    pub fix: Option<Fix>,
}

impl Diagnostic {
    /// The problem `code` at `span`.
    pub fn new(code: &'static Code, span: Span) -> Self {
        Diagnostic { code, span, args: Vec::new(), suggestions: Vec::new(), related: Vec::new(), fix: None }
    }

    /// Adds an argument of the sentence.
    #[must_use]
    pub fn arg(mut self, name: &'static str, value: impl ToString) -> Self {
        self.args.push((name, value.to_string()));
        self
    }

    /// Adds the valid names nearest to `wrong` among `known` (see [`nearest`]).
    #[must_use]
    pub fn suggest<'a>(mut self, wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        self.suggestions = nearest(wrong, known);
        self
    }

    /// Adds a further place.
    #[must_use]
    pub fn related(mut self, span: Span, note: &'static str) -> Self {
        self.related.push(Related { span, note });
        self
    }

    /// Adds a safe mend.
    #[must_use]
    pub fn fix(mut self, span: Span, replacement: impl Into<String>) -> Self {
        self.fix = Some(Fix { span, replacement: replacement.into() });
        self
    }
}

/// A name without what tools do not tell apart: full-width letters, compatibility forms and case.
pub fn plain(name: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    if name.is_ascii() {
        return name.to_ascii_lowercase();
    }
    name.nfkc().flat_map(char::to_lowercase).collect()
}

/// What a limit counts, in Chinese: a row of [`LIMITS`].
pub fn limit_zh(what: &str) -> &str {
    LIMITS.iter().find(|l| l.0 == what).map_or(what, |l| l.1)
}

/// That `what` exceeds its limit: a row of [`LIMITS`] names it.
pub fn over_limit(span: Span, what: &'static str, value: usize, limit: usize) -> Diagnostic {
    let zh = limit_zh(what);
    let d = Diagnostic::new(&codes::OVER_LIMIT, span).arg("what", what).arg("what_zh", zh);
    d.arg("value", value).arg("limit", limit)
}

/// Whether the input is unusable as a whole: over a limit, or in another encoding.
pub fn unusable(list: &[Diagnostic]) -> bool {
    let whole = [&codes::OVER_LIMIT, &codes::EXPR_LIMIT, &codes::ENCODING];
    list.iter().any(|d| whole.iter().any(|code| code.code == d.code.code))
}

/// What limits count, in English and Chinese.
pub const LIMITS: &[(&str, &str)] = &[
    ("bytes of a file", "文件字节数"),
    ("nesting depth", "嵌套层数"),
    ("nodes", "节点数"),
    ("nodes repeated by aliases", "别名重复的节点数"),
    ("bytes of one text", "一段文字的字节数"),
    ("columns of a table", "表的列数"),
    ("rows of a table", "表的行数"),
    ("cells of a survey", "调查的单元格数"),
    ("codes of a list", "代码表的代码数"),
    ("days on which something changes", "有变化的日期数"),
    ("bytes", "字节数"),
    ("levels of nesting", "嵌套层数"),
    ("operations inside each other", "运算嵌套层数"),
    ("operators in a row", "连续运算符数"),
    ("values behind `in`", "“in”之后的值数"),
];

impl IntoIterator for Problems {
    type Item = Diagnostic;
    type IntoIter = std::vec::IntoIter<Diagnostic>;

    fn into_iter(self) -> Self::IntoIter {
        self.list.into_iter()
    }
}

/// All problems found so far.
#[derive(Debug, Clone, Default)]
pub struct Problems {
    list: Vec<Diagnostic>,
}

impl Problems {
    /// Adds a problem.
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.list.push(diagnostic);
    }

    /// Adds all of `other`.
    pub fn extend(&mut self, other: impl IntoIterator<Item = Diagnostic>) {
        self.list.extend(other);
    }

    /// The problems in file order, each once.
    pub fn sorted(mut self) -> Vec<Diagnostic> {
        self.list.sort_by(|a, b| (a.span, a.code.code, &a.args).cmp(&(b.span, b.code.code, &b.args)));
        self.list.dedup();
        self.list
    }

    /// Whether an error is among them.
    pub fn has_errors(&self) -> bool {
        self.list.iter().any(|d| d.code.severity == Severity::Error)
    }

    /// The problems in the order they were found.
    pub fn iter(&self) -> impl Iterator<Item = &Diagnostic> {
        self.list.iter()
    }

    /// Removes the problems for which `keep` is false.
    pub fn retain(&mut self, keep: impl FnMut(&Diagnostic) -> bool) {
        self.list.retain(keep);
    }
}
