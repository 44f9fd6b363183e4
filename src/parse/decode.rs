//! From YAML nodes to the source tree, collecting every problem; the same declarations give the editor schema.

use super::yaml::{Node, NodeKind, Scalar, Style};
use crate::diag::{Diagnostic, Problems, codes, nearest};
use crate::source::Span;
use serde_json::{Map, Value, json};

/// What decoding needs.
pub struct Cx<'a> {
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// The `accept`s of all nodes so far.
    pub accepts: &'a mut Vec<Accepted>,
}

/// Irregularities that a node keeps: the names of their diagnostics, with the reasons.
#[derive(Debug, Clone)]
pub struct Accepted {
    /// All of the node.
    pub node: Span,
    /// Name and reason.
    pub entries: Vec<(super::shapes::Str, super::shapes::Text)>,
}

impl Accepted {
    fn of(node: &Node, cx: &mut Cx) -> Option<Accepted> {
        let value = node.get("accept").filter(|v| matches!(v.kind, NodeKind::Map(_)))?;
        let mut quiet = Problems::default();
        let mut inner = Cx { problems: &mut quiet, accepts: cx.accepts };
        let entries: super::shapes::Free<super::shapes::Text> = Source::decode(value, &mut inner)?;
        Some(Accepted { node: node.span, entries: entries.0 })
    }
}

/// What a designer calls a shape: English, Chinese.
pub type Words = (&'static str, &'static str);

/// The schema's definitions by name.
pub type Defs = Map<String, Value>;

/// A shape that a node can have.
pub trait Source: Sized {
    /// Whether a mapping is one of its forms.
    const TAKES_MAP: bool = false;
    /// Whether a list of single values is one of its forms.
    const TAKES_LIST: bool = false;
    /// The node as this shape; problems are reported, and what is usable is kept.
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self>;
    /// The JSON Schema of the shape.
    fn schema(defs: &mut Defs) -> Value;
    /// What a designer would call it (English, Chinese).
    fn words() -> Words;
}

/// A mapping with a fixed set of keys.
pub trait Keys: Default {
    /// The names of its keys.
    fn keys() -> Vec<&'static str>;
    /// Takes the value of a key; `false` if the key is not one of these.
    fn take(&mut self, key: &str, node: &Node, cx: &mut Cx) -> bool;
    /// Adds the schemas of the keys.
    fn properties(out: &mut Map<String, Value>, defs: &mut Defs);
    /// A node that only has a label, if the shape has one.
    fn from_label(_: super::shapes::Text) -> Option<Self> {
        None
    }
}

impl Cx<'_> {
    /// Reports that `node` has not the expected shape.
    pub fn wrong_shape(&mut self, node: &Node, expected: Words) {
        let found = found_words(node);
        let d = Diagnostic::new(&codes::WRONG_SHAPE, node.span)
            .arg("expected", expected.0)
            .arg("expected_zh", expected.1)
            .arg("found", found.0)
            .arg("found_zh", found.1);
        self.problems.push(d);
    }
}

fn found_words(node: &Node) -> Words {
    match &node.kind {
        NodeKind::Null => ("nothing", "空"),
        NodeKind::Scalar(_) => ("a single value", "单个值"),
        NodeKind::Seq(_) => ("a list", "列表"),
        NodeKind::Map(_) => ("a mapping", "映射"),
    }
}

/// Decodes a mapping with fixed keys: unknown and missing keys are reported.
pub fn mapping<T: Keys>(node: &Node, cx: &mut Cx, name: Words, required: &[&'static str]) -> Option<T> {
    let NodeKind::Map(entries) = &node.kind else {
        cx.wrong_shape(node, name);
        return None;
    };
    let mut value = T::default();
    let mut meant = Vec::new();
    let mut before: Option<(&Scalar, Scalar)> = None;
    if entries.iter().any(|(k, _)| &*k.text == "accept")
        && T::keys().contains(&"accept")
        && let Some(accepted) = Accepted::of(node, cx)
    {
        cx.accepts.push(accepted);
    }
    for (key, child) in entries {
        if value.take(&key.text, child, cx) {
            before = child.scalar().map(|s| (key, s.clone()));
            continue;
        }
        if let Some((meant_key, meant_value)) = full_width(key, child, T::keys(), cx) {
            meant.push(meant_key);
            value.take(meant_key, &meant_value, cx);
            continue;
        }
        if let Some((known, begun)) = before.as_mut().filter(|(_, begun)| goes_on::<T>(begun, key, child)) {
            if is_separator(begun, key) {
                let number = grouped(begun, key, cx);
                *begun = number;
            } else {
                *begun = joined(begun, key, ", ");
                comma(begun, cx);
            }
            let whole = Node { kind: NodeKind::Scalar(begun.clone()), span: begun.span };
            value.take(&known.text, &whole, cx);
            continue;
        }
        let near = nearest(&key.text, T::keys());
        let is_absent = |k: &&&str| !entries.iter().any(|(e, _)| &*e.text == **k);
        let keys = T::keys();
        let absent: Vec<&str> =
            near.iter().filter_map(|n| keys.iter().find(|k| *k == n)).filter(is_absent).copied().collect();
        let likely = absent.iter().find(|k| required.contains(k)).or(absent.first()).copied();
        unknown_key(key, (name, &keys), likely, near, cx);
        // What was meant is read all the same, so that one slip has one diagnostic.
        if let Some(likely) = likely.filter(|k| !meant.contains(k)) {
            meant.push(likely);
            value.take(likely, child, cx);
        }
    }
    let has = |key: &str| entries.iter().any(|(k, _)| &*k.text == key) || meant.contains(&key);
    for missing in required.iter().filter(|r| !has(r)) {
        let d = Diagnostic::new(&codes::MISSING_KEY, Span { end: node.span.start, ..node.span });
        cx.problems.push(d.arg("key", missing).arg("of", name.0).arg("of_zh", name.1));
    }
    Some(value)
}

/// Whether what YAML takes for a key is the rest of the plain value before it, from a comma on:
/// `{check: sum(a, b) > 0}`, `{label: Streets, towns}`.
fn goes_on<T: Keys>(begun: &Scalar, key: &Scalar, child: &Node) -> bool {
    begun.style == Style::Plain
        && key.style == Style::Plain
        && matches!(child.kind, NodeKind::Null)
        && (is_open(&begun.text) || key.text.contains(' ') || nearest(&key.text, T::keys()).is_empty())
}

/// Whether a bracket of a text is not closed.
fn is_open(text: &str) -> bool {
    let count = |signs: [char; 2]| text.matches(signs).count();
    count(['(', '[']) > count([')', ']'])
}

/// A plain value and what stands behind its comma.
fn joined(begun: &Scalar, rest: &Scalar, by: &str) -> Scalar {
    let text = format!("{}{by}{}", begun.text, rest.text).into();
    Scalar { text, style: Style::Plain, span: begun.span.to(rest.span) }
}

/// Whether a comma stands between the thousands of a number: `1,000`.
fn is_separator(begun: &Scalar, rest: &Scalar) -> bool {
    let digits = rest.text.bytes().take_while(u8::is_ascii_digit).count();
    begun.text.ends_with(|c: char| c.is_ascii_digit()) && digits == 3 && begun.span.end + 1 == rest.span.start
}

/// Reports a number with separators; the value with the number as it is meant.
fn grouped(begun: &Scalar, rest: &Scalar, cx: &mut Cx) -> Scalar {
    let part = |c: char| !(c.is_ascii_digit() || c == ',');
    let first = begun.text.rsplit(part).next().unwrap_or_default();
    let last = rest.text.split(part).next().unwrap_or_default();
    let whole = joined(begun, rest, "");
    let d = Diagnostic::new(&codes::BAD_NUMBER, whole.span).arg("text", format!("{first},{last}"));
    cx.problems.push(d.fix(whole.span, whole.text.to_string()));
    whole
}

/// Reports a value with a comma that has no quotes around it, once for all its commas.
fn comma(whole: &Scalar, cx: &mut Cx) {
    let is_earlier =
        |d: &Diagnostic| d.code.code == codes::YAML_SYNTAX.code && d.span.start == whole.span.start;
    cx.problems.retain(|d| !is_earlier(d));
    let d = Diagnostic::new(&codes::YAML_SYNTAX, whole.span)
        .arg("detail", "a value with a comma in it needs quotes")
        .arg("detail_zh", "含半角逗号的内容需要加引号");
    cx.problems.push(d.fix(whole.span, format!("'{}'", whole.text.replace('\'', "''"))));
}

/// `type：count`, read by YAML as one key: reported, and what was meant.
fn full_width(
    key: &Scalar,
    child: &Node,
    keys: Vec<&'static str>,
    cx: &mut Cx,
) -> Option<(&'static str, Node)> {
    let (name, value) = key.text.split_once('：').filter(|_| matches!(child.kind, NodeKind::Null))?;
    let name = keys.into_iter().find(|k| *k == name.trim())?;
    let (en, zh) = super::syntax::full_width();
    cx.problems.push(Diagnostic::new(&codes::YAML_SYNTAX, key.span).arg("detail", en).arg("detail_zh", zh));
    let scalar = Scalar { text: value.trim().into(), style: key.style, span: key.span };
    Some((name, Node { kind: NodeKind::Scalar(scalar), span: key.span }))
}

/// Keys of other tools, and in Chinese, for ours.
const FOREIGN_KEYS: &[(&str, &str)] = &[
    ("options", "list"),
    ("choices", "list"),
    ("enum", "list"),
    ("values", "list"),
    ("name", "label"),
    ("text", "label"),
    ("description", "help"),
    ("hint", "help"),
    ("tooltip", "help"),
    ("formula", "calculated"),
    ("calculation", "calculated"),
    ("default", "prefill"),
    ("mandatory", "required"),
    ("visible", "applies"),
    ("relevant", "applies"),
    ("show_if", "applies"),
    ("condition", "check"),
    ("rule", "check"),
    ("if", "when"),
    ("level", "severity"),
    ("decimals", "scale"),
    ("precision", "scale"),
    ("minimum", "min"),
    ("maximum", "max"),
    ("regex", "pattern"),
    ("标签", "label"),
    ("类型", "type"),
    ("单位", "unit"),
    ("必填", "required"),
    ("公式", "calculated"),
    ("校验", "check"),
    ("条件", "when"),
    ("提示", "message"),
];

fn unknown_key(
    key: &Scalar,
    (name, keys): (Words, &[&'static str]),
    likely: Option<&str>,
    near: Vec<String>,
    cx: &mut Cx,
) {
    let mut d = Diagnostic::new(&codes::UNKNOWN_KEY, key.span)
        .arg("key", &key.text)
        .arg("of", name.0)
        .arg("of_zh", name.1);
    d.suggestions = likely.map(|k| vec![k.to_owned()]).unwrap_or_default();
    let others: Vec<String> = near.into_iter().filter(|n| Some(n.as_str()) != likely).collect();
    d.suggestions.extend(others);
    if let Some((_, meant)) =
        FOREIGN_KEYS.iter().find(|(foreign, meant)| **foreign == *key.text && keys.contains(meant))
    {
        d.suggestions = vec![(*meant).to_owned()];
    }
    cx.problems.push(d);
}

/// A schema that depends on the type of the value: editors then say what is wrong with the form that was begun, which
/// they cannot with `anyOf`.
pub fn by_type(kind: &str, then: Value, otherwise: Value) -> Value {
    json!({"if": {"type": kind}, "then": then, "else": otherwise})
}

/// The schema of a mapping with fixed keys, as a reference to its definition.
pub fn mapping_schema<T: Keys>(defs: &mut Defs, name: &str, required: &[&'static str], doc: &str) -> Value {
    if !defs.contains_key(name) {
        defs.insert(name.to_owned(), Value::Null);
        let mut properties = Map::new();
        T::properties(&mut properties, defs);
        let mut schema = json!({"type": "object", "additionalProperties": false, "properties": properties});
        if let Some(o) = schema.as_object_mut() {
            if !required.is_empty() {
                o.insert("required".into(), json!(required));
            }
            o.insert("description".into(), json!(doc.trim()));
        }
        defs.insert(name.to_owned(), schema);
    }
    json!({"$ref": format!("#/$defs/{name}")})
}

/// Declares mappings: the struct, its decoder and its schema from one text.
///
/// `struct Name ("words", "中文") requires ["key"] label field { /// doc \n "key" field: Shape, … } flat { facts: Facts }`
macro_rules! mappings {
    ($($(#[doc = $doc:expr])* struct $name:ident ($en:literal, $zh:literal) $(requires [$($req:literal),*])? $(label $label:ident)? {
        $($(#[doc = $kdoc:expr])* $key:literal $field:ident : $ty:ty,)*
    } $(flat { $flat:ident : $flat_ty:ty })?)*) => {$(
        $(#[doc = $doc])*
        #[derive(Debug, Clone, Default)]
        pub struct $name {
            $($(#[doc = $kdoc])* pub $field: Option<$ty>,)*
            $(/// The facts it shares with others.
            pub $flat: $flat_ty,)?
        }

        impl $crate::parse::decode::Keys for $name {
            fn keys() -> Vec<&'static str> {
                #[allow(unused_mut)]
                let mut keys = vec![$($key),*];
                $(keys.extend(<$flat_ty>::keys());)?
                keys
            }
            fn take(&mut self, key: &str, node: &$crate::parse::yaml::Node, cx: &mut $crate::parse::decode::Cx) -> bool {
                match key {
                    $($key => {
                        self.$field = <$ty as $crate::parse::decode::Source>::decode(node, cx);
                        true
                    })*
                    _ => {
                        let mut _taken = false;
                        $(_taken = self.$flat.take(key, node, cx);)?
                        _taken
                    }
                }
            }
            fn properties(out: &mut serde_json::Map<String, serde_json::Value>, defs: &mut $crate::parse::decode::Defs) {
                $($crate::parse::decode::property::<$ty>(out, defs, $key, concat!($($kdoc),*));)*
                $(<$flat_ty>::properties(out, defs);)?
            }
            $(fn from_label(text: $crate::parse::shapes::Text) -> Option<Self> {
                let mut value = Self::default();
                $crate::parse::decode::set_label(&mut value.$label, text);
                Some(value)
            })?
        }

        impl $crate::parse::decode::Source for $name {
            fn decode(node: &$crate::parse::yaml::Node, cx: &mut $crate::parse::decode::Cx) -> Option<Self> {
                $crate::parse::decode::mapping(node, cx, ($en, $zh), &[$($($req),*)?])
            }
            fn schema(defs: &mut $crate::parse::decode::Defs) -> serde_json::Value {
                $crate::parse::decode::mapping_schema::<Self>(defs, stringify!($name), &[$($($req),*)?], concat!($($doc),*))
            }
            fn words() -> $crate::parse::decode::Words {
                ($en, $zh)
            }
        }
    )*};
}
pub(crate) use mappings;

/// Sets a label field.
pub fn set_label(field: &mut Option<super::shapes::Text>, text: super::shapes::Text) {
    *field = Some(text);
}

/// Adds the schema of one key.
pub fn property<T: Source>(out: &mut Map<String, Value>, defs: &mut Defs, key: &str, doc: &str) {
    let mut schema = T::schema(defs);
    if let Some(o) = schema.as_object_mut() {
        o.insert("description".into(), json!(doc.trim()));
    }
    out.insert(key.to_owned(), schema);
}
