//! Conditions on one JSON object, and their form in assertion keywords.
//!
//! A condition is two-valued: blanks are already settled by the recogniser. Blank is absent, null or empty; so a test that
//! a cell passes needs the cell (`required`), and a test that it does not pass is met by its absence.

use serde_json::{Map, Value as Json, json};

/// The members from an object down to a cell or array.
pub type Keys = Vec<String>;

/// A test of one value: a schema that takes exactly the values that are filled and pass, and one that takes the others
/// (blank ones included).
#[derive(Debug, Clone, PartialEq)]
pub struct Test {
    /// Filled and passes.
    pub yes: Json,
    /// Anything else that the cell may hold.
    pub no: Json,
}

impl Test {
    /// The test whose opposite is said with `not`.
    pub fn new(yes: Json) -> Self {
        Test { no: json!({"not": yes}), yes }
    }
}

/// A condition on an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond {
    /// Always.
    True,
    /// Never.
    False,
    /// The cell is filled and passes.
    Yes(Keys, Test),
    /// The cell is blank or does not pass.
    No(Keys, Test),
    /// Every row of an array meets it.
    Every(Keys, Box<Cond>),
    /// Some row of an array meets it.
    Some(Keys, Box<Cond>),
    /// All of them.
    All(Vec<Cond>),
    /// At least one.
    Any(Vec<Cond>),
    /// Exactly one.
    One(Vec<Cond>),
    /// None, or more than one.
    NotOne(Vec<Cond>),
}

impl Cond {
    /// All of `list`, simplified.
    pub fn all(list: Vec<Cond>) -> Cond {
        let mut flat = Vec::new();
        for cond in list {
            match cond {
                Cond::True => {}
                Cond::False => return Cond::False,
                Cond::All(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        single(flat, Cond::True, Cond::All)
    }

    /// Any of `list`, simplified.
    pub fn any(list: Vec<Cond>) -> Cond {
        let mut flat = Vec::new();
        for cond in list {
            match cond {
                Cond::False => {}
                Cond::True => return Cond::True,
                Cond::Any(inner) => flat.extend(inner),
                other => flat.push(other),
            }
        }
        single(flat, Cond::False, Cond::Any)
    }

    /// The opposite.
    pub fn opposite(self) -> Cond {
        match self {
            Cond::True => Cond::False,
            Cond::False => Cond::True,
            Cond::Yes(keys, test) => Cond::No(keys, test),
            Cond::No(keys, test) => Cond::Yes(keys, test),
            Cond::Every(keys, inner) => Cond::Some(keys, Box::new(inner.opposite())),
            Cond::Some(keys, inner) => Cond::Every(keys, Box::new(inner.opposite())),
            Cond::All(list) => Cond::any(list.into_iter().map(Cond::opposite).collect()),
            Cond::Any(list) => Cond::all(list.into_iter().map(Cond::opposite).collect()),
            Cond::One(list) => Cond::NotOne(list),
            Cond::NotOne(list) => Cond::One(list),
        }
    }

    /// Whether an object without members meets it.
    pub fn of_empty(&self) -> bool {
        match self {
            Cond::True | Cond::No(..) | Cond::Every(..) => true,
            Cond::False | Cond::Yes(..) | Cond::Some(..) => false,
            Cond::All(list) => list.iter().all(Cond::of_empty),
            Cond::Any(list) => list.iter().any(Cond::of_empty),
            Cond::One(list) => list.iter().filter(|c| c.of_empty()).count() == 1,
            Cond::NotOne(list) => list.iter().filter(|c| c.of_empty()).count() != 1,
        }
    }

    /// The condition as a schema of the object. Types stand beside every keyword, and members that are required are
    /// listed in `properties`, as strict readers want.
    pub fn schema(&self) -> Json {
        match self {
            Cond::True => json!({}),
            Cond::False => json!({"not": {}}),
            Cond::Yes(keys, test) => needed(keys, test.yes.clone()),
            Cond::No(keys, test) => if_there(keys, test.no.clone()),
            Cond::Every(keys, row) => {
                if_there(keys, json!({"type": ["array", "null"], "items": row_schema(row, false)}))
            }
            Cond::Some(keys, row) => {
                needed(keys, json!({"type": "array", "contains": row_schema(row, true)}))
            }
            Cond::All(list) => all_of(list.iter().map(Cond::schema).collect()),
            Cond::Any(list) => json!({"anyOf": schemas(list)}),
            Cond::One(list) => json!({"oneOf": schemas(list)}),
            Cond::NotOne(list) => json!({"not": {"oneOf": schemas(list)}}),
        }
    }
}

fn schemas(list: &[Cond]) -> Vec<Json> {
    list.iter().map(Cond::schema).collect()
}

fn single(mut list: Vec<Cond>, none: Cond, many: fn(Vec<Cond>) -> Cond) -> Cond {
    list.dedup();
    match (list.len(), list.pop()) {
        (_, None) => none,
        (1, Some(one)) => one,
        (_, Some(last)) => {
            list.push(last);
            many(list)
        }
    }
}

/// The condition of a row; a row may be null, which is an empty one.
fn row_schema(cond: &Cond, needs_row: bool) -> Json {
    let ty = if needs_row && !cond.of_empty() { json!("object") } else { json!(["object", "null"]) };
    let schema = cond.schema();
    if schema.get("type").is_some() {
        return schema;
    }
    let mut out = Map::from_iter([("type".to_owned(), ty)]);
    if let Json::Object(rest) = schema {
        out.extend(rest);
    }
    Json::Object(out)
}

/// The value at the end of `keys` is there and meets `inner`.
fn needed(keys: &[String], inner: Json) -> Json {
    keys.iter()
        .rev()
        .fold(inner, |inner, key| json!({"type": "object", "properties": {key: inner}, "required": [key]}))
}

/// The value at the end of `keys`, where it is there, meets `inner`. The outermost object's type is known from around.
fn if_there(keys: &[String], inner: Json) -> Json {
    let mut schema = inner;
    for (depth, key) in keys.iter().enumerate().rev() {
        schema = match depth {
            0 => json!({"properties": {key: schema}}),
            _ => json!({"type": ["object", "null"], "properties": {key: schema}}),
        };
    }
    schema
}

/// All schemas of the same object, in one object where that says the same.
pub fn all_of(list: Vec<Json>) -> Json {
    let mut merged: Vec<Map<String, Json>> = Vec::new();
    for schema in list {
        let Json::Object(schema) = schema else { continue };
        if schema.is_empty() || merged.contains(&schema) {
            continue;
        }
        match merged.iter_mut().find(|have| mergeable(have, &schema, 0)) {
            Some(have) => merge(have, schema, 0),
            None => merged.push(schema),
        }
    }
    let mut merged: Vec<Json> = merged.into_iter().map(Json::Object).collect();
    match merged.len() {
        0 => json!({}),
        1 => merged.remove(0),
        _ => json!({"allOf": merged}),
    }
}

/// Objects within objects are merged this deep.
const DEEPEST: usize = 16;

/// Whether it says nothing but what members an object has and what these are.
fn is_plain(schema: &Map<String, Json>) -> bool {
    schema.keys().all(|k| matches!(k.as_str(), "type" | "properties" | "required"))
}

fn properties(schema: &Map<String, Json>) -> Option<&Map<String, Json>> {
    schema.get("properties").and_then(Json::as_object)
}

fn mergeable(have: &Map<String, Json>, more: &Map<String, Json>, depth: usize) -> bool {
    if depth > DEEPEST || !is_plain(have) || !is_plain(more) {
        return false;
    }
    let Some((mine, theirs)) = properties(have).zip(properties(more)) else { return true };
    theirs.iter().all(|(key, value)| match (mine.get(key), value) {
        (None, _) => true,
        (Some(same), value) if same == value => true,
        (Some(Json::Object(a)), Json::Object(b)) => {
            properties(a).is_some() && properties(b).is_some() && mergeable(a, b, depth + 1)
        }
        _ => false,
    })
}

fn merge(have: &mut Map<String, Json>, more: Map<String, Json>, depth: usize) {
    for (key, value) in more {
        match (key.as_str(), have.get_mut(&key), value) {
            ("properties", Some(Json::Object(mine)), Json::Object(theirs)) => {
                theirs.into_iter().for_each(|(key, value)| merge_member(mine, key, value, depth + 1));
            }
            ("required", Some(Json::Array(mine)), Json::Array(theirs)) => {
                theirs.into_iter().for_each(|name| {
                    if !mine.contains(&name) {
                        mine.push(name);
                    }
                });
            }
            // `object` says more than `object` or `null`.
            ("type", Some(mine), Json::String(ty)) => *mine = Json::String(ty),
            (_, Some(_), _) => {}
            (_, None, value) => {
                have.insert(key, value);
            }
        }
    }
}

fn merge_member(mine: &mut Map<String, Json>, key: String, value: Json, depth: usize) {
    match (mine.get_mut(&key), value) {
        (Some(Json::Object(a)), Json::Object(b)) if depth <= DEEPEST && properties(&b).is_some() => {
            merge(a, b, depth);
        }
        (Some(_), _) => {}
        (None, value) => {
            mine.insert(key, value);
        }
    }
}
