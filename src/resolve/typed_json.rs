//! Typed values as JSON: exact in and out.
//!
//! `null`, `true`, `false`, `{"number":"1.50"}`, `{"string":"x"}`, `{"date":"2015-06-30"}`, lists of these, and
//! `{"context":{…}}` for a row.

use formwright_engine::{Date, Decimal, Value};
use serde_json::{Map, Value as Json, json};
use std::sync::Arc;

/// Levels of lists and rows that are read and written.
const DEPTH: usize = 64;

/// A value from its typed JSON; an error says what is wrong with it.
pub fn value_from_json(json: &Json) -> Result<Value, String> {
    read(json, DEPTH)
}

fn read(json: &Json, depth: usize) -> Result<Value, String> {
    let depth = depth.checked_sub(1).ok_or("values are nested too deeply")?;
    match json {
        Json::Null => Ok(Value::Null),
        Json::Bool(b) => Ok(Value::Bool(*b)),
        Json::Array(items) => {
            items.iter().map(|item| read(item, depth)).collect::<Result<Vec<_>, _>>().map(Value::list)
        }
        Json::Object(one) => match (one.len(), one.iter().next()) {
            (1, Some((kind, inner))) => tagged(kind, inner, depth),
            _ => Err(format!("expected one of number, string, date, context, found {json}")),
        },
        bare => Err(format!("write {bare} as {{\"number\":\"…\"}} or {{\"string\":\"…\"}}")),
    }
}

fn tagged(kind: &str, inner: &Json, depth: usize) -> Result<Value, String> {
    let wrong = || format!("{inner} is no {kind}");
    match (kind, inner) {
        ("number", Json::String(text)) => Decimal::parse(text).map(Value::Num).ok_or_else(wrong),
        ("string", Json::String(text)) => Ok(Value::Text(text.as_str().into())),
        ("date", Json::String(text)) => Date::parse(text).map(Value::Date).ok_or_else(wrong),
        ("context", Json::Object(fields)) => {
            let cell = |(name, value): (&String, &Json)| Ok((Arc::from(name.as_str()), read(value, depth)?));
            let cells = fields.iter().map(cell).collect::<Result<Vec<(Arc<str>, Value)>, String>>()?;
            Ok(Value::Row(cells.into()))
        }
        _ => Err(wrong()),
    }
}

/// The typed JSON of a value; what is unknown is `null`.
pub fn value_to_json(value: &Value) -> Json {
    write(value, DEPTH)
}

fn write(value: &Value, depth: usize) -> Json {
    let Some(depth) = depth.checked_sub(1) else { return Json::Null };
    match value {
        Value::Null | Value::Unknown => Json::Null,
        Value::Bool(b) => Json::Bool(*b),
        Value::Num(n) => json!({ "number": n.to_string() }),
        Value::Text(text) => json!({ "string": &**text }),
        Value::Date(date) => json!({ "date": date.to_string() }),
        Value::List(items) => Json::Array(items.iter().map(|item| write(item, depth)).collect()),
        Value::Row(cells) => {
            let fields: Map<String, Json> =
                cells.iter().map(|(name, value)| (name.to_string(), write(value, depth))).collect();
            json!({ "context": fields })
        }
    }
}
