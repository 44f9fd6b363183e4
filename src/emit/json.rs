//! JSON in the making: small values that are looked at and put together before they are written.

use formwright_engine::Decimal;
use formwright_engine::write::JsonWriter;
use std::borrow::Cow;

/// The members of an object, in order.
pub type Members<'s> = Vec<(Cow<'s, str>, Json<'s>)>;

/// A JSON value. Texts are borrowed from the survey where they stand there as they are.
#[derive(Debug, Clone, PartialEq)]
pub enum Json<'s> {
    /// Null.
    Null,
    /// True or false.
    Bool(bool),
    /// A number.
    Num(Decimal),
    /// A text.
    Str(Cow<'s, str>),
    /// An array.
    Array(Vec<Json<'s>>),
    /// An object.
    Object(Members<'s>),
}

impl<'s> Json<'s> {
    /// The member of an object.
    pub fn get(&self, key: &str) -> Option<&Json<'s>> {
        member(self.as_object()?, key)
    }

    /// Sets a member of an object, in its place if it is there; anything else stays as it is.
    pub fn set(&mut self, key: impl Into<Cow<'s, str>>, value: impl Into<Json<'s>>) {
        let Json::Object(members) = self else { return };
        let key = key.into();
        match members.iter_mut().find(|(k, _)| *k == key) {
            Some((_, old)) => *old = value.into(),
            None => members.push((key, value.into())),
        }
    }

    /// The members of an object.
    pub fn as_object(&self) -> Option<&Members<'s>> {
        match self {
            Json::Object(members) => Some(members),
            _ => None,
        }
    }

    /// The number.
    pub fn as_number(&self) -> Option<Decimal> {
        match self {
            Json::Num(n) => Some(*n),
            _ => None,
        }
    }

    /// Writes it.
    pub fn write(&self, out: &mut JsonWriter) {
        match self {
            Json::Null => out.null(),
            Json::Bool(bool) => out.bool(*bool),
            Json::Num(n) => out.number(&n.to_string()),
            Json::Str(text) => out.string(text),
            Json::Array(items) => {
                out.begin_array();
                items.iter().for_each(|item| item.write(out));
                out.end_array()
            }
            Json::Object(members) => {
                out.begin_object();
                write_members(members, out);
                out.end_object()
            }
        };
    }

    /// Calls `f` with each text that stands behind a key of this name, at any depth.
    pub fn each_text_of(&self, key: &str, f: &mut dyn FnMut(&str)) {
        match self {
            Json::Array(items) => items.iter().for_each(|item| item.each_text_of(key, f)),
            Json::Object(members) => members.iter().for_each(|(name, value)| match value {
                Json::Str(text) if name == key => f(text),
                value => value.each_text_of(key, f),
            }),
            _ => {}
        }
    }
}

/// The value of a key.
pub fn member<'j, 's>(members: &'j Members<'s>, key: &str) -> Option<&'j Json<'s>> {
    members.iter().find(|(k, _)| k == key).map(|(_, v)| v)
}

/// Writes members into an object that is open.
pub fn write_members(members: &Members<'_>, out: &mut JsonWriter) {
    for (key, value) in members {
        value.write(out.key(key));
    }
}

macro_rules! from {
    ($($from:ty => |$value:ident| $json:expr;)*) => {$(
        impl<'s> From<$from> for Json<'s> {
            fn from($value: $from) -> Self {
                $json
            }
        }
    )*};
}

from! {
    bool => |b| Json::Bool(b);
    &'s str => |text| Json::Str(text.into());
    &'s String => |text| Json::Str(text.as_str().into());
    String => |text| Json::Str(text.into());
    Cow<'s, str> => |text| Json::Str(text);
    Decimal => |n| Json::Num(n);
    i64 => |n| Json::Num(n.into());
    u32 => |n| Json::Num(i64::from(n).into());
    usize => |n| Json::Num(i64::try_from(n).unwrap_or(i64::MAX).into());
}

impl<'s, T: Into<Json<'s>>> From<Vec<T>> for Json<'s> {
    fn from(items: Vec<T>) -> Self {
        Json::Array(items.into_iter().map(Into::into).collect())
    }
}

/// A value written as JSON; what is not a literal, `[…]` or `{…}` stands in parentheses.
macro_rules! json {
    (null) => { $crate::emit::json::Json::Null };
    ([$($item:tt),* $(,)?]) => { $crate::emit::json::Json::Array(vec![$($crate::emit::json::json!($item)),*]) };
    ({$($key:tt: $value:tt),* $(,)?}) => {
        $crate::emit::json::Json::Object(vec![$(($key.into(), $crate::emit::json::json!($value))),*])
    };
    ($value:expr) => { $crate::emit::json::Json::from($value) };
}
pub(crate) use json;
