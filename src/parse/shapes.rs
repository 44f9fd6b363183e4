//! The shapes values have in the source: text by language, lists of named things, facts in short and long form.

use super::ast::{FactRest, RuleFacts};
use super::decode::{Cx, Defs, Keys, Source, by_type, mapping};
use super::yaml::{Node, NodeKind, Scalar};
use crate::diag::{Diagnostic, codes};
use crate::source::Span;
use serde_json::{Value, json};
use std::cell::LazyCell;
use std::sync::Arc;

/// A scalar as the text that was written: numbers, booleans and ids stay text.
#[derive(Debug, Clone)]
pub struct Str(pub Scalar);

impl Str {
    /// The decoded text.
    pub fn text(&self) -> &str {
        &self.0.text
    }

    /// Where it stands.
    pub fn span(&self) -> Span {
        self.0.span
    }
}

impl Source for Str {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(s) => Some(Str(s.clone())),
            NodeKind::Seq(items) => {
                cx.wrong_shape(node, Self::words());
                // `[a]` for `a`: what was meant is taken, so that it is not missed too.
                let [Node { kind: NodeKind::Scalar(s), .. }] = items.as_slice() else { return None };
                Some(Str(s.clone()))
            }
            _ => {
                cx.wrong_shape(node, Self::words());
                None
            }
        }
    }
    fn schema(_: &mut Defs) -> Value {
        json!({"type": ["string", "number", "boolean"]})
    }
    fn words() -> (&'static str, &'static str) {
        ("a single value", "单个值")
    }
}

/// `true` or `false`.
#[derive(Debug, Clone, Copy)]
pub struct Flag(pub bool, pub Span);

impl Source for Flag {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match node.scalar().map(|s| &*s.text) {
            Some("true") => Some(Flag(true, node.span)),
            Some("false") => Some(Flag(false, node.span)),
            Some(word) if meant_flag(word).is_some() => {
                let meant = meant_flag(word)?;
                let d = Diagnostic::new(&codes::WRONG_SHAPE, node.span);
                let d = d.arg("expected", Self::words().0).arg("expected_zh", Self::words().1);
                let d = d.arg("found", format!("`{word}`")).arg("found_zh", format!("“{word}”"));
                let d = d.fix(node.span, meant.to_string());
                cx.problems.push(Diagnostic { suggestions: vec![meant.to_string()], ..d });
                // What was meant is taken, so that nothing else is reported of it.
                Some(Flag(meant, node.span))
            }
            word => {
                cx.wrong_shape(node, Self::words());
                // Whoever writes it means it, so that nothing is reported that goes with it.
                word.map(|_| Flag(true, node.span))
            }
        }
    }
    fn schema(_: &mut Defs) -> Value {
        json!({"type": "boolean"})
    }
    fn words() -> (&'static str, &'static str) {
        ("true or false", " true 或 false")
    }
}

/// What a word for yes or no stands for.
fn meant_flag(word: &str) -> Option<bool> {
    match word.to_lowercase().as_str() {
        "yes" | "y" | "on" | "true" | "是" | "1" => Some(true),
        "no" | "n" | "off" | "false" | "否" | "0" => Some(false),
        _ => None,
    }
}

/// A whole number.
#[derive(Debug, Clone, Copy)]
pub struct Int(pub u32, pub Span);

impl Source for Int {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        let number = node.scalar().and_then(|s| s.text.parse().ok());
        if number.is_none() {
            cx.wrong_shape(node, Self::words());
        }
        number.map(|n| Int(n, node.span))
    }
    fn schema(_: &mut Defs) -> Value {
        json!({"type": "integer", "minimum": 0})
    }
    fn words() -> (&'static str, &'static str) {
        ("a whole number", "整数")
    }
}

/// One string for all languages, or a map by language.
#[derive(Debug, Clone)]
pub struct Text {
    /// Language (none: one string for all) and text.
    pub entries: Arc<[(Option<Str>, Str)]>,
    /// Where it stands.
    pub span: Span,
}

impl Text {
    /// One string for all languages.
    pub fn plain(text: Str) -> Self {
        let span = text.span();
        Text { entries: Arc::new([(None, text)]), span }
    }
}

impl Source for Text {
    const TAKES_MAP: bool = true;
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Scalar(s) => {
                crate::parse::ids::check_text(s, cx.problems);
                Some(Text { entries: Arc::new([(None, Str(s.clone()))]), span: node.span })
            }
            NodeKind::Map(entries) => {
                let mut of = |(k, v): &(Scalar, Node)| translation(k, v, cx);
                Some(Text { entries: entries.iter().filter_map(&mut of).collect(), span: node.span })
            }
            _ => {
                cx.wrong_shape(node, Self::words());
                None
            }
        }
    }
    fn schema(_: &mut Defs) -> Value {
        let one = json!({"type": ["string", "number", "boolean"]});
        by_type("object", json!({"additionalProperties": one}), one)
    }
    fn words() -> (&'static str, &'static str) {
        ("a text, or a map of texts by language", "文字，或按语言的文字映射")
    }
}

/// One language's text. `{en: Other, please specify}` is two entries to YAML; the second has nothing in it.
fn translation(key: &Scalar, value: &Node, cx: &mut Cx) -> Option<(Option<Str>, Str)> {
    if matches!(value.kind, NodeKind::Null) && key.text.contains(|c: char| c == ' ' || !c.is_ascii()) {
        let d = Diagnostic::new(&codes::YAML_SYNTAX, key.span)
            .arg("detail", "a text with a comma in it needs quotes")
            .arg("detail_zh", "含半角逗号的文字需要加引号");
        cx.problems.push(d);
        return None;
    }
    Str::decode(value, cx).map(|v| (Some(Str(key.clone())), v))
}

/// One or several.
#[derive(Debug, Clone)]
pub struct OneOrMany<T>(pub Vec<T>);

impl<T: Source> Source for OneOrMany<T> {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Seq(items) => Some(OneOrMany(items.iter().filter_map(|n| T::decode(n, cx)).collect())),
            _ => T::decode(node, cx).map(|one| OneOrMany(vec![one])),
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let one = T::schema(defs);
        by_type("array", json!({"items": one}), one)
    }
    fn words() -> (&'static str, &'static str) {
        T::words()
    }
}

/// A list.
#[derive(Debug, Clone)]
pub struct List<T>(pub Vec<T>);

impl<T: Source> Source for List<T> {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        let NodeKind::Seq(items) = &node.kind else {
            cx.wrong_shape(node, Self::words());
            return None;
        };
        Some(List(items.iter().filter_map(|n| T::decode(n, cx)).collect()))
    }
    fn schema(defs: &mut Defs) -> Value {
        let one = T::schema(defs);
        json!({"type": "array", "items": one})
    }
    fn words() -> (&'static str, &'static str) {
        ("a list", "列表")
    }
}

/// A map with free keys, in order.
#[derive(Debug, Clone)]
pub struct Free<T>(pub Vec<(Str, T)>);

impl<T: Source> Source for Free<T> {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        let NodeKind::Map(entries) = &node.kind else {
            cx.wrong_shape(node, Self::words());
            return None;
        };
        Some(Free(
            entries.iter().filter_map(|(k, v)| T::decode(v, cx).map(|v| (Str(k.clone()), v))).collect(),
        ))
    }
    fn schema(defs: &mut Defs) -> Value {
        let one = T::schema(defs);
        json!({"type": "object", "additionalProperties": one})
    }
    fn words() -> (&'static str, &'static str) {
        ("a mapping", "映射")
    }
}

/// A node kept as it is.
#[derive(Debug, Clone)]
pub struct Raw(pub Node);

impl Source for Raw {
    fn decode(node: &Node, _: &mut Cx) -> Option<Self> {
        Some(Raw(node.clone()))
    }
    fn schema(_: &mut Defs) -> Value {
        json!({})
    }
    fn words() -> (&'static str, &'static str) {
        ("anything", "任意值")
    }
}

/// A thing with an id.
#[derive(Debug, Clone)]
pub struct Named<T> {
    /// The id.
    pub id: Str,
    /// The facts.
    pub node: T,
    /// All of it.
    pub span: Span,
}

/// An ordered set of named things: a list of `- id: facts`; the label alone may stand for the facts.
#[derive(Debug, Clone)]
pub struct NamedList<T>(pub Vec<Named<T>>);

impl<T: Source + Keys> Source for NamedList<T> {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Seq(items) => {
                let mut all = Vec::with_capacity(items.len());
                items.iter().for_each(|n| item(n, &mut all, cx));
                Some(NamedList(all))
            }
            NodeKind::Map(entries) if !entries.is_empty() => Some(without_dashes(entries, cx, Self::words())),
            _ => {
                cx.wrong_shape(node, Self::words());
                None
            }
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let facts = T::schema(defs);
        let value = if T::from_label(Text { entries: Arc::default(), span: Span::default() }).is_some() {
            let label = json!({"type": ["string", "number", "boolean", "null"]});
            let language = json!({"pattern": LANGUAGE, "not": {"enum": T::keys()}});
            let texts = json!({"type": "object", "minProperties": 1, "propertyNames": language, "additionalProperties": {"type": ["string", "number", "boolean"]}});
            let facts = json!({"if": texts, "then": true, "else": facts});
            by_type("object", facts, label)
        } else {
            by_type("null", json!(true), facts)
        };
        json!({"type": "array", "items": {"type": "object", "minProperties": 1, "maxProperties": 1, "additionalProperties": value}})
    }
    fn words() -> (&'static str, &'static str) {
        ("a list of `- id: facts`", "“- 标识: 内容”的列表")
    }
}

/// An item of a list of things with ids. One with several ids is reported, and read as if each were an item; facts beside
/// the id are none of its ids.
fn item<T: Source + Keys>(node: &Node, all: &mut Vec<Named<T>>, cx: &mut Cx) {
    let NodeKind::Map(entries) = &node.kind else { return all.extend(named(node, cx)) };
    let keys = LazyCell::new(T::keys);
    if entries.len() < 2 || entries.iter().skip(1).any(|(k, _)| keys.contains(&&*k.text)) {
        return all.extend(named(node, cx));
    }
    let at = entries.get(1).map_or(node.span, |e| e.0.span);
    cx.problems.push(Diagnostic::new(&codes::ONE_ID, at));
    for (id, facts) in entries {
        let kind = NodeKind::Map(vec![(id.clone(), facts.clone())]);
        all.extend(named(&Node { kind, span: id.span.to(facts.span) }, cx));
    }
}

/// A mapping where `- id: facts` are expected: reported at its first id, and read as if the dashes were there.
fn without_dashes<T: Source + Keys>(
    entries: &[(Scalar, Node)],
    cx: &mut Cx,
    expected: (&'static str, &'static str),
) -> NamedList<T> {
    let item = |(id, facts): &(Scalar, Node)| Node {
        kind: NodeKind::Map(vec![(id.clone(), facts.clone())]),
        span: id.span.to(facts.span),
    };
    let items: Vec<Node> = entries.iter().map(item).collect();
    if let Some((id, _)) = entries.first() {
        let d = Diagnostic::new(&codes::WRONG_SHAPE, id.span);
        let d = d.arg("expected", expected.0).arg("expected_zh", expected.1);
        let found = ("a mapping; begin each item with `- `", "映射；每一项都要以“- ”开头");
        cx.problems.push(d.arg("found", found.0).arg("found_zh", found.1));
    }
    NamedList(items.iter().filter_map(|n| named(n, cx)).collect())
}

fn named<T: Source + Keys>(node: &Node, cx: &mut Cx) -> Option<Named<T>> {
    let NodeKind::Map(entries) = &node.kind else {
        cx.wrong_shape(node, ("`id: facts`", "“标识: 内容”"));
        return None;
    };
    let [(id, facts)] = entries.as_slice() else {
        let at = entries.get(1).map_or(node.span, |e| e.0.span);
        cx.problems.push(Diagnostic::new(&codes::ONE_ID, at));
        return None;
    };
    crate::parse::ids::check(id, cx);
    let first = cx.accepts.len();
    let made = facts_or_label(facts, cx);
    // What is accepted at the facts of an item is accepted at its id too.
    if let Some(own) = cx.accepts.get_mut(first).filter(|a| a.node == facts.span) {
        own.node = node.span;
    }
    Some(Named { id: Str(id.clone()), node: made?, span: node.span })
}

fn facts_or_label<T: Source + Keys>(node: &Node, cx: &mut Cx) -> Option<T> {
    let keys = LazyCell::new(T::keys);
    let is_label = match &node.kind {
        NodeKind::Scalar(_) => true,
        NodeKind::Map(entries) => {
            !entries.is_empty()
                && entries
                    .iter()
                    .all(|(k, v)| is_language(&k.text) && !keys.contains(&&*k.text) && v.scalar().is_some())
        }
        NodeKind::Null => return Some(T::default()),
        NodeKind::Seq(_) => false,
    };
    if is_label && T::from_label(Text { entries: Arc::default(), span: node.span }).is_some() {
        return Text::decode(node, cx).and_then(T::from_label);
    }
    T::decode(node, cx)
}

/// Language tags, as [`is_language`] reads them.
const LANGUAGE: &str = "^[a-z]{2,3}(-[A-Za-z0-9]{2,8})*$";

/// Whether a key looks like a language tag.
pub fn is_language(key: &str) -> bool {
    let mut parts = key.split('-');
    let first = parts.next().unwrap_or_default();
    (2..=3).contains(&first.len())
        && first.bytes().all(|b| b.is_ascii_lowercase())
        && parts.all(|p| (2..=8).contains(&p.len()) && p.bytes().all(|b| b.is_ascii_alphanumeric()))
}

/// One statement of a fact that can fail.
#[derive(Debug, Clone)]
pub struct FactUse<T> {
    /// Its value (`is`, `when`).
    pub value: T,
    /// Facts of the rule it is.
    pub rule: RuleFacts,
    /// `of` of parts.
    pub of: Option<OneOrMany<Str>>,
    /// `else` of applies.
    pub otherwise: Option<Str>,
    /// Where it stands.
    pub span: Span,
}

/// A fact that can fail: a value, a map with the value under `is` or `when`, or a list of such maps.
#[derive(Debug, Clone)]
pub struct Fact<T>(pub Arc<[FactUse<T>]>);

impl<T: Source> Source for Fact<T> {
    fn decode(node: &Node, cx: &mut Cx) -> Option<Self> {
        match &node.kind {
            NodeKind::Seq(items) if !(T::TAKES_LIST && items.iter().all(|i| i.scalar().is_some())) => {
                Some(Fact(items.iter().filter_map(|n| long_form(n, cx)).collect()))
            }
            NodeKind::Map(entries) if !T::TAKES_MAP || entries.iter().any(|(k, _)| &*k.text == "is") => {
                long_form(node, cx).map(|f| Fact(Arc::new([f])))
            }
            _ => {
                let value = T::decode(node, cx)?;
                Some(Fact(Arc::new([FactUse {
                    value,
                    rule: RuleFacts::default(),
                    of: None,
                    otherwise: None,
                    span: node.span,
                }])))
            }
        }
    }
    fn schema(defs: &mut Defs) -> Value {
        let short = T::schema(defs);
        let mut properties = serde_json::Map::new();
        properties.insert("is".into(), short.clone());
        properties.insert("when".into(), short.clone());
        FactRest::properties(&mut properties, defs);
        let long = json!({"type": "object", "properties": properties, "additionalProperties": false, "anyOf": [{"required": ["is"]}, {"required": ["when"]}]});
        let is_long = if T::TAKES_MAP {
            json!({"type": "object", "required": ["is"]})
        } else {
            json!({"type": "object"})
        };
        let items = if T::TAKES_LIST {
            json!({"anyOf": [{"items": long}, {"items": Str::schema(defs)}]})
        } else {
            json!({"items": long})
        };
        by_type("array", items, json!({"if": is_long, "then": long, "else": short}))
    }
    fn words() -> (&'static str, &'static str) {
        T::words()
    }
}

fn long_form<T: Source>(node: &Node, cx: &mut Cx) -> Option<FactUse<T>> {
    let NodeKind::Map(entries) = &node.kind else {
        cx.wrong_shape(node, ("a map with `is` or `when`", "含 is 或 when 的映射"));
        return None;
    };
    let value = entries.iter().find(|(k, _)| &*k.text == "is" || &*k.text == "when");
    let Some((_, value)) = value else {
        let d = Diagnostic::new(&codes::MISSING_KEY, Span { end: node.span.start, ..node.span });
        cx.problems
            .push(d.arg("key", "is").arg("of", "a fact in its long form").arg("of_zh", "事实的长写法"));
        return None;
    };
    let value = T::decode(value, cx)?;
    let others = entries.iter().filter(|(k, _)| &*k.text != "is" && &*k.text != "when").cloned().collect();
    let rest = Node { kind: NodeKind::Map(others), span: node.span };
    let rest: FactRest = mapping(&rest, cx, ("a fact in its long form", "事实的长写法"), &[])?;
    Some(FactUse { value, rule: rest.rule, of: rest.of, otherwise: rest.otherwise, span: node.span })
}
