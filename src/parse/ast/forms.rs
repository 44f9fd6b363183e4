//! Values of more than one form.

use super::{NoteList, PeriodLong, WasLong};
use crate::parse::decode::{Cx, Defs, Source, by_type};
use crate::parse::shapes::{Free, List, OneOrMany, Str, Text};
use crate::parse::yaml::{Node, NodeKind};
use serde_json::{Value, json};

/// Declares a shape that is a scalar or one of the mappings.
macro_rules! either {
    ($($(#[doc = $doc:literal])* enum $name:ident ($en:literal, $zh:literal) { $short:ident, $long:ident($ty:ty) })*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone)]
        pub enum $name {
            /// The short form.
            $short(Str),
            /// The long form.
            $long($ty),
        }
        impl Source for $name {
            fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
                match &node.kind {
                    NodeKind::Scalar(s) => Some($name::$short(Str(s.clone()))),
                    NodeKind::Map(_) => <$ty>::decode(node, cx).map($name::$long),
                    _ => {
                        cx.wrong_shape(node, Self::words());
                        None
                    }
                }
            }
            fn schema(defs: &mut Defs) -> Value {
                let long = <$ty>::schema(defs);
                by_type("object", long, Str::schema(defs))
            }
            fn words() -> (&'static str, &'static str) {
                ($en, $zh)
            }
        }
    )*};
}

either! {
    /// An earlier id.
    enum Was ("an earlier id", "原标识") { Id, Long(WasLong) }
    /// A reference period: a period's id, `{at}` or `{from, to}`.
    enum PeriodRef ("a period", "时期") { Id, Long(PeriodLong) }
    /// Previous returns: one, or several by name.
    enum PreviousReturns ("a previous return", "上期报表") { One, Named(Free<Str>) }
}

/// Notes: a list, with a heading or without, or one text.
#[derive(Debug, Clone)]
pub enum Notes {
    /// Items, and perhaps a heading.
    List(NoteList),
    /// One text.
    Text(Text),
}

impl Source for Notes {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        let is_list = matches!(&node.kind, NodeKind::Map(entries) if entries.iter().any(|(k, _)| matches!(&*k.text, "heading" | "items" | "accept")));
        if is_list {
            NoteList::decode(node, cx).map(Notes::List)
        } else if matches!(node.kind, NodeKind::Seq(_)) {
            let items = List::decode(node, cx);
            items.map(|items| Notes::List(NoteList { items: Some(items), ..NoteList::default() }))
        } else {
            Text::decode(node, cx).map(Notes::Text)
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let list = NoteList::schema(defs);
        let is_list = json!({"type": "object", "anyOf": [{"required": ["heading"]}, {"required": ["items"]}, {"required": ["accept"]}]});
        let items = List::<Text>::schema(defs);
        json!({"if": is_list, "then": list, "else": by_type("array", items, Text::schema(defs))})
    }
    fn words() -> (&'static str, &'static str) {
        ("notes", "说明")
    }
}

/// The columns of a key: one or several.
#[derive(Debug, Clone)]
pub struct Key(pub OneOrMany<Str>);

impl Source for Key {
    const TAKES_LIST: bool = true;
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        OneOrMany::decode(node, cx).map(Key)
    }
    fn schema(defs: &mut Defs) -> Value {
        OneOrMany::<Str>::schema(defs)
    }
    fn words() -> (&'static str, &'static str) {
        ("a column, or several", "一列或几列")
    }
}

/// `each` of a rule: a selector whose places are `this`, or names with what they run over.
#[derive(Debug, Clone)]
pub enum Each {
    /// Places, each called `this`.
    Places(OneOrMany<Str>),
    /// Names in step, and `row` and `column` that narrow an open axis.
    Names(Free<OneOrMany<Str>>),
}

impl Source for Each {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Map(_) => Free::decode(node, cx).map(Each::Names),
            _ => OneOrMany::decode(node, cx).map(Each::Places),
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let one = OneOrMany::<Str>::schema(defs);
        by_type("object", json!({"additionalProperties": one}), one)
    }
    fn words() -> (&'static str, &'static str) {
        ("a selector, or names with selectors", "选择式，或带选择式的名称")
    }
}
