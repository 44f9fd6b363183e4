//! The values rules compute with, and three-valued truth.

use crate::date::Date;
use crate::decimal::Decimal;
use std::fmt;
use std::sync::Arc;

/// What a cell holds or an expression yields.
///
/// `==` compares structure (a blank equals a blank); rules compare with [`crate::func::compare`],
/// where a blank is equal to nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub enum Value {
    /// Blank; as a condition, one that is undecided because something is blank.
    #[default]
    Null,
    /// Not known: an unreadable cell, an absent context or previous return, a mark that reads unknown.
    Unknown,
    /// A yes or no, or a decided condition.
    Bool(bool),
    /// A number.
    Num(Decimal),
    /// Text, or a code.
    Text(Arc<str>),
    /// A date of any precision.
    Date(Date),
    /// A list of values, or the codes of a multiple choice.
    List(Arc<[Value]>),
    /// The cells of a row by name.
    Row(Arc<[(Arc<str>, Value)]>),
}

impl Value {
    /// A whole number.
    pub fn int(int: i64) -> Self {
        Self::Num(Decimal::from_int(int))
    }

    /// Text as a value; blank when it is empty or all white space.
    pub fn text(text: &str) -> Self {
        if text.trim().is_empty() { Self::Null } else { Self::Text(text.into()) }
    }

    /// A list of values.
    pub fn list(values: impl IntoIterator<Item = Self>) -> Self {
        Self::List(values.into_iter().collect())
    }

    /// A row of named cells.
    pub fn row<'a>(cells: impl IntoIterator<Item = (&'a str, Self)>) -> Self {
        Self::Row(cells.into_iter().map(|(name, value)| (Arc::from(name), value)).collect())
    }

    /// Whether there is no value: null, text of white space only, or a list without a value (the
    /// codes of an unanswered multiple choice).
    pub fn is_blank(&self) -> bool {
        match self {
            Self::Null => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(values) => values.is_empty(),
            _ => false,
        }
    }

    /// Whether it is [`Value::Unknown`].
    pub fn is_unknown(&self) -> bool {
        matches!(self, Self::Unknown)
    }

    /// The condition; whatever is no boolean is unknown.
    pub fn truth(&self) -> Truth {
        match self {
            Self::Bool(true) => Truth::True,
            Self::Bool(false) => Truth::False,
            _ => Truth::Unknown,
        }
    }

    /// The number, if it is one.
    pub fn as_num(&self) -> Option<Decimal> {
        if let Self::Num(number) = self { Some(*number) } else { None }
    }

    /// The text, if it is text.
    pub fn as_text(&self) -> Option<&str> {
        if let Self::Text(text) = self { Some(text) } else { None }
    }

    /// The date, if it is one.
    pub fn as_date(&self) -> Option<Date> {
        if let Self::Date(date) = self { Some(*date) } else { None }
    }

    /// The members, if it is a list.
    pub fn as_list(&self) -> Option<&[Self]> {
        if let Self::List(values) = self { Some(values) } else { None }
    }

    /// A cell of a row by its name.
    pub fn cell(&self, name: &str) -> Option<&Self> {
        let Self::Row(cells) = self else { return None };
        cells.iter().find(|(id, _)| &**id == name).map(|(_, value)| value)
    }
}

impl From<bool> for Value {
    fn from(bool: bool) -> Self {
        Self::Bool(bool)
    }
}

impl From<Decimal> for Value {
    fn from(number: Decimal) -> Self {
        Self::Num(number)
    }
}

impl From<Date> for Value {
    fn from(date: Date) -> Self {
        Self::Date(date)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<Truth> for Value {
    /// An unknown truth becomes [`Value::Null`]; [`crate::func::and`] and its like keep the cause.
    fn from(truth: Truth) -> Self {
        truth.known().map_or(Self::Null, Self::Bool)
    }
}

impl fmt::Display for Value {
    /// As messages show it: a blank prints nothing, members of a list stand between commas.
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Null => Ok(()),
            Self::Unknown => out.write_str("?"),
            Self::Bool(bool) => write!(out, "{bool}"),
            Self::Num(number) => write!(out, "{number}"),
            Self::Text(text) => out.write_str(text),
            Self::Date(date) => write!(out, "{date}"),
            Self::List(values) => join(out, values.iter()),
            Self::Row(cells) => join(out, cells.iter().map(|(_, value)| value)),
        }
    }
}

/// Values come from the engine's own bounded readers, but a nested one could be built by hand: nested
/// lists print as a sign, so that printing is never deeper than one level.
fn join<'a>(out: &mut fmt::Formatter<'_>, values: impl Iterator<Item = &'a Value>) -> fmt::Result {
    for (index, value) in values.enumerate() {
        if index > 0 {
            out.write_str(",")?;
        }
        match value {
            Value::List(_) | Value::Row(_) => out.write_str("…")?,
            plain => write!(out, "{plain}")?,
        }
    }
    Ok(())
}

/// Truth in three values, after Kleene.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Truth {
    /// Certainly true.
    True,
    /// Certainly false.
    False,
    /// Undecided.
    Unknown,
}

impl Truth {
    /// False if either is, true if both are.
    pub fn and(self, other: Self) -> Self {
        match (self, other) {
            (Self::False, _) | (_, Self::False) => Self::False,
            (Self::True, Self::True) => Self::True,
            _ => Self::Unknown,
        }
    }

    /// True if either is, false if both are.
    pub fn or(self, other: Self) -> Self {
        match (self, other) {
            (Self::True, _) | (_, Self::True) => Self::True,
            (Self::False, Self::False) => Self::False,
            _ => Self::Unknown,
        }
    }

    /// The opposite; unknown stays unknown.
    #[expect(clippy::should_implement_trait, reason = "stands beside `and` and `or`")]
    pub fn not(self) -> Self {
        match self {
            Self::True => Self::False,
            Self::False => Self::True,
            Self::Unknown => Self::Unknown,
        }
    }

    /// The boolean, unless unknown.
    pub fn known(self) -> Option<bool> {
        match self {
            Self::True => Some(true),
            Self::False => Some(false),
            Self::Unknown => None,
        }
    }

    /// Whether it is certainly true.
    pub fn is_true(self) -> bool {
        self == Self::True
    }

    /// Whether it is certainly false.
    pub fn is_false(self) -> bool {
        self == Self::False
    }
}

impl From<bool> for Truth {
    fn from(bool: bool) -> Self {
        if bool { Self::True } else { Self::False }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Truth; 3] = [Truth::False, Truth::Unknown, Truth::True];

    /// Kleene's tables are minimum and maximum over false < unknown < true.
    #[test]
    fn and_or_not_are_minimum_maximum_and_mirror() {
        for (i, a) in ALL.into_iter().enumerate() {
            assert_eq!(a.not(), ALL[2 - i]);
            for (j, b) in ALL.into_iter().enumerate() {
                assert_eq!(a.and(b), ALL[i.min(j)]);
                assert_eq!(a.or(b), ALL[i.max(j)]);
            }
        }
    }

    #[test]
    fn white_space_is_blank() {
        for text in ["", " ", "\u{3000}", "\t\n"] {
            assert!(Value::Text(text.into()).is_blank());
            assert_eq!(Value::text(text), Value::Null);
        }
        assert!(!Value::text("0").is_blank());
        assert!(!Value::Unknown.is_blank());
        assert!(Value::list([]).is_blank());
    }

    #[test]
    fn a_row_gives_its_cells_by_name() {
        let row = Value::row([("calls", Value::int(3)), ("remark", Value::Null)]);
        assert_eq!(row.cell("calls"), Some(&Value::int(3)));
        assert_eq!(row.cell("other"), None);
        assert_eq!(Value::Null.cell("calls"), None);
    }

    #[test]
    fn prints_for_messages() {
        assert_eq!(Value::list([Value::text("a"), Value::text("c")]).to_string(), "a,c");
        assert_eq!(Value::list([Value::list([Value::int(1)])]).to_string(), "…");
        assert_eq!(Value::Null.to_string(), "");
    }
}
