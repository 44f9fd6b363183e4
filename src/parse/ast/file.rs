//! What a file of the source is, and the editor schema of all.

use super::{Lists, Survey, Table};
use crate::parse::decode::{Cx, Defs, Source};
use crate::parse::yaml::{Node, NodeKind};

/// What a file of the source is.
#[derive(Debug, Clone)]
pub enum File {
    /// survey.yaml
    Survey(Box<Survey>),
    /// A table.
    Table(Box<Table>),
    /// Code lists and units.
    Lists(Box<Lists>),
}

/// Decodes a file by the keys it has.
pub fn file(node: &Node, cx: &mut Cx) -> Option<File> {
    let NodeKind::Map(entries) = &node.kind else {
        cx.wrong_shape(node, ("a mapping", "映射"));
        return None;
    };
    let has = |key: &str| entries.iter().any(|(k, _)| &*k.text == key);
    if has("survey") || has("languages") {
        Survey::decode(node, cx).map(|s| File::Survey(Box::new(s)))
    } else if has("lists") || has("units") {
        Lists::decode(node, cx).map(|s| File::Lists(Box::new(s)))
    } else {
        Table::decode(node, cx).map(|s| File::Table(Box::new(s)))
    }
}

/// The editor schema: any file of the source.
pub fn schema() -> schemars::Schema {
    let mut defs = Defs::new();
    let kinds = [Survey::schema(&mut defs), Table::schema(&mut defs), Lists::schema(&mut defs)];
    let [survey, table, lists] = kinds;
    schemars::json_schema!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Formwright survey source",
        "type": "object",
        "if": {"anyOf": [{"required": ["survey"]}, {"required": ["languages"]}]},
        "then": survey,
        "else": {"if": {"anyOf": [{"required": ["lists"]}, {"required": ["units"]}]}, "then": lists, "else": table},
        "$defs": defs
    })
}
