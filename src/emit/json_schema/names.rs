//! Names inside the schema files.

use crate::ir::{BlockId, CodeList, ListId, Survey};

/// An id as a name of ASCII letters, digits and `_`, different for different ids.
pub fn ascii(id: &str) -> String {
    let mut out = String::new();
    for (at, c) in id.char_indices() {
        let marks = id.get(at..).is_some_and(|rest| rest.starts_with("_u"));
        if c.is_ascii_alphanumeric() || c == '-' || c == '_' && !marks {
            out.push(c);
        } else {
            out.push_str(&format!("_u{:x}_", u32::from(c)));
        }
    }
    out
}

/// Names of the files that stand beside those of the tables.
const TAKEN: &[&str] = &["context", "layout", "meta", "return", "rules", "ui"];

/// The name of a table's files: its id, as `table.rules` where a file of another kind has that name.
pub fn file(table: &str) -> String {
    let name = ascii(table);
    if TAKEN.iter().any(|taken| name.eq_ignore_ascii_case(taken)) { format!("table.{name}") } else { name }
}

/// The name of the definition of a code of a list, blanks taken.
pub fn list_name(survey: &Survey, list: ListId) -> String {
    survey.list(list).map_or_else(String::new, of_list)
}

/// The same of the list itself.
pub fn of_list(list: &CodeList) -> String {
    format!("list_{}", ascii(&list.id))
}

/// The name of the definition of one code of a list.
pub fn codes_name(survey: &Survey, list: ListId) -> String {
    survey.list(list).map_or_else(String::new, of_code)
}

/// The same of the list itself.
pub fn of_code(list: &CodeList) -> String {
    format!("code_{}", ascii(&list.id))
}

/// The name of the definition of a block's rows.
pub fn row_name(survey: &Survey, block: BlockId) -> String {
    let Some(found) = survey.block(block) else { return "row".to_owned() };
    let table = found.table.and_then(|t| survey.tables.get(t)).map_or("", |t| t.id.as_str());
    let keys = found.path.iter().filter_map(|s| match s {
        crate::ir::Step::Key(k) if k != "tables" && k != table => Some(ascii(k)),
        _ => None,
    });
    let mut parts: Vec<String> = if table.is_empty() { Vec::new() } else { vec![ascii(table)] };
    parts.extend(keys);
    format!("row_{}", parts.join("."))
}

/// The name of the definition of an empty row of a block.
pub fn empty_name(survey: &Survey, block: BlockId) -> String {
    format!("empty_{}", row_name(survey, block))
}

/// The name of a table's definition.
pub fn table_name(id: &str) -> String {
    format!("table_{}", ascii(id))
}

/// The URI below which the survey's schemas stand.
pub fn base_uri(survey: &Survey) -> String {
    format!("https://formwright.dev/{}/{}/", ascii_uri(&survey.id), ascii_uri(&survey.version))
}

/// A part of a URI: dots stay.
fn ascii_uri(text: &str) -> String {
    text.split('.').map(ascii).collect::<Vec<_>>().join(".")
}
