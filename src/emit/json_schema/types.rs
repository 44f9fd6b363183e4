//! The schema of a single value, by the type of its cell.

use super::json::set;
use super::{names, predicate::Test};
use crate::ir::{Cell, ListId, Survey, Type};
use serde_json::{Value as Json, json};

/// Something that is no white space, spelt out because validators differ in what `\s` takes.
pub const NOT_BLANK: &str =
    "[^\\u0009-\\u000d\\u0020\\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000]";

const DAY: &str = "^(?:[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)\
|02-(?:0[1-9]|1[0-9]|2[0-8]))|(?:[0-9]{2}(?:0[48]|[2468][048]|[13579][26])|(?:[02468][048]|[13579][26])00)-02-29)$";
const MONTH: &str = "^[0-9]{4}-(?:0[1-9]|1[0-2])$";
const YEAR: &str = "^[0-9]{4}$";

/// The value of a cell where it is filled (blanks left out of the type, not always of the values).
pub fn value(survey: &Survey, cell: &Cell) -> Json {
    let plain = typed(survey, cell.ty);
    if cell.marks.is_empty() {
        return plain;
    }
    let marks: Vec<&str> =
        cell.marks.iter().filter_map(|m| survey.marks.get(m.ix())).map(|m| m.id.as_str()).collect();
    json!({"anyOf": [plain, {"type": "string", "enum": marks}]})
}

fn typed(survey: &Survey, ty: Type) -> Json {
    match ty {
        Type::Text | Type::LongText | Type::Url | Type::Phone | Type::Email | Type::Target => {
            json!({"type": "string"})
        }
        Type::Count => json!({"type": "integer", "minimum": 0}),
        Type::Decimal | Type::Percent | Type::Money => json!({"type": "number"}),
        Type::YesNo | Type::Tick => json!({"type": "boolean"}),
        Type::Code(list) => json!({"$ref": names::list_ref(survey, list)}),
        Type::Codes(list) => codes(survey, list),
        Type::Date => dated(DAY, 10),
        Type::Month => dated(MONTH, 7),
        Type::Year => dated(YEAR, 4),
    }
}

/// Python's `$` also stands before a line end: the length shuts that out.
fn dated(pattern: &str, length: u32) -> Json {
    json!({"type": "string", "pattern": pattern, "maxLength": length})
}

fn codes(survey: &Survey, list: ListId) -> Json {
    let mut schema = json!({
        "type": "array", "items": {"$ref": names::list_ref(survey, list)}, "uniqueItems": true,
    });
    let all = survey.list(list).map(|l| l.codes.as_slice()).unwrap_or_default();
    let shared: Vec<&str> = all.iter().filter(|c| !c.exclusive).map(|c| c.code.as_str()).collect();
    if shared.len() < all.len() {
        let alone = json!({"type": "array", "maxItems": 1});
        let together = json!({"type": "array", "items": {"type": "string", "enum": shared}});
        set(&mut schema, "anyOf", if shared.is_empty() { json!([alone]) } else { json!([together, alone]) });
    }
    schema
}

/// Whether the cell is filled.
pub fn filled(cell: &Cell) -> Test {
    if !cell.marks.is_empty() {
        return Test { yes: json!({"not": {"type": "null"}}), no: json!({"type": "null"}) };
    }
    let null = json!({"type": "null"});
    match cell.ty {
        Type::YesNo | Type::Tick => Test { yes: json!({"type": "boolean"}), no: null },
        ty if ty.is_numeric() => Test { yes: json!({"type": "number"}), no: null },
        Type::Codes(_) => Test {
            yes: json!({"type": "array", "minItems": 1}),
            no: json!({"type": ["array", "null"], "maxItems": 0}),
        },
        _ => Test::new(json!({"type": "string", "pattern": NOT_BLANK})),
    }
}
