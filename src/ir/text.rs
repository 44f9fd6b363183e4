//! Texts in the survey's languages, and messages with references.

use super::LangIx;
use std::borrow::Cow;

/// A text in each language of the survey, by position; a missing translation is empty and falls back to the default.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Text(pub Vec<String>);

impl Text {
    /// The text in a language, or in the default one where that is missing.
    pub fn get(&self, lang: LangIx) -> &str {
        match self.0.get(lang) {
            Some(s) if !s.is_empty() => s,
            _ => self.0.iter().find(|s| !s.is_empty()).map_or("", String::as_str),
        }
    }

    /// A text without its soft breaks (`|`), for messages and data; `||` is the sign itself.
    pub fn plain(&self, lang: LangIx) -> String {
        plain(self.get(lang)).into_owned()
    }

    /// The same, borrowed where no sign is left out.
    pub fn shown(&self, lang: LangIx) -> Cow<'_, str> {
        plain(self.get(lang))
    }

    /// Whether it says nothing in any language.
    pub fn is_empty(&self) -> bool {
        self.0.iter().all(String::is_empty)
    }
}

/// A label without its soft breaks (`|`); `||` is the sign itself.
pub fn plain(label: &str) -> Cow<'_, str> {
    if !label.contains('|') {
        return Cow::Borrowed(label);
    }
    label.replace("||", "\u{0}").replace('|', "").replace('\u{0}', "|").into()
}

/// A label with each soft break as the given text; `||` is the sign itself.
pub fn with_breaks(label: &str, soft: &str) -> String {
    label.replace("||", "\u{0}").replace('|', soft).replace('\u{0}', "|")
}

/// A message in each language.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Template(pub Vec<Vec<Piece>>);

/// A piece of a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Piece {
    /// Literal text (labels already put in).
    Text(String),
    /// The left side's value.
    Left,
    /// The right side's value.
    Right,
    /// Their difference without sign.
    Diff,
    /// The label of the row at hand.
    RowLabel,
    /// The number of the row at hand.
    RowNumber,
    /// The label of what a name stands for at the place (see [`super::Instance::bindings`]).
    EachLabel(String),
    /// The value of what a name stands for at the place; a code by its label.
    EachValue(String),
}
