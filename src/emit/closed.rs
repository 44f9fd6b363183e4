//! The schemas of the files that are no schemas of returns: words they share.

use crate::emit::json::{Json, json};

/// The dialect of every schema.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// A reference to a definition.
pub fn reference(name: &str) -> Json<'static> {
    json!({"$ref": (format!("#/$defs/{name}"))})
}

/// The head and definitions of a schema file.
pub fn file(root: Json<'static>, name: &str, title: &'static str, defs: Json<'static>) -> Json<'static> {
    let id = format!("https://formwright.dev/{name}");
    let mut out = json!({"$schema": DIALECT, "$id": id, "title": title});
    for (key, value) in root.as_object().into_iter().flatten() {
        out.set(key.clone(), value.clone());
    }
    if defs.as_object().is_some_and(|defs| !defs.is_empty()) {
        out.set("$defs", defs);
    }
    out
}

/// An object with these members and no others; all but the optional ones stand there.
pub fn closed<'s>(properties: Json<'s>, optional: &[&str]) -> Json<'s> {
    let names = properties.as_object().into_iter().flatten().map(|(key, _)| key.clone());
    let required: Vec<_> = names.filter(|n| !optional.contains(&n.as_ref())).collect();
    json!({"type": "object", "properties": properties, "required": required, "additionalProperties": false})
}

/// An object whose members are of one definition.
pub fn map_of(schema: &str) -> Json<'static> {
    json!({"type": "object", "additionalProperties": (reference(schema))})
}

/// An array whose items are of one definition.
pub fn list_of(schema: &str) -> Json<'static> {
    json!({"type": "array", "items": (reference(schema))})
}

/// A schema with a sentence on what it holds.
pub fn said(mut schema: Json<'static>, description: &'static str) -> Json<'static> {
    schema.set("description", description);
    schema
}

/// Any text.
pub fn text() -> Json<'static> {
    json!({"type": "string"})
}

/// One text and no other.
pub fn word(word: &'static str) -> Json<'static> {
    json!({"type": "string", "const": word})
}

/// One of these words.
pub fn one_of(words: impl IntoIterator<Item = &'static str>) -> Json<'static> {
    json!({"type": "string", "enum": (words.into_iter().collect::<Vec<_>>())})
}

/// A flag that is left out where it is false.
pub fn flag() -> Json<'static> {
    json!({"type": "boolean", "const": true})
}

/// An array with at least one item, left out where it has none.
pub fn some(items: Json<'static>) -> Json<'static> {
    json!({"type": "array", "items": items, "minItems": 1_i64})
}

/// The definition of a text by language.
pub fn texts() -> Json<'static> {
    json!({"type": "object", "additionalProperties": (text()), "description": "A text by language."})
}
