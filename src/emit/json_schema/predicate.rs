//! Conditions on one JSON object, and their form in assertion keywords.
//!
//! A condition is two-valued: blanks are already settled by the recogniser. Blank is absent, null or empty; so a test that
//! a cell passes needs the cell (`required`), and a test that it does not pass is met by its absence.

use crate::emit::json::{Json, Members, json, member};
use std::borrow::Cow;

/// The members from an object down to a cell or array.
pub type Keys<'s> = Vec<&'s str>;

/// A test of one value: a schema that takes exactly the values that are filled and pass, and one that takes the others
/// (blank ones included).
#[derive(Debug, Clone, PartialEq)]
pub struct Test<'s> {
    /// Filled and passes.
    pub yes: Json<'s>,
    /// Anything else that the cell may hold.
    pub no: Json<'s>,
}

impl<'s> Test<'s> {
    /// The test whose opposite is said with `not`.
    pub fn new(yes: Json<'s>) -> Self {
        Test { no: json!({"not": (yes.clone())}), yes }
    }
}

/// A condition on an object.
#[derive(Debug, Clone, PartialEq)]
pub enum Cond<'s> {
    /// Always.
    True,
    /// Never.
    False,
    /// The cell is filled and passes.
    Yes(Keys<'s>, Test<'s>),
    /// The cell is blank or does not pass.
    No(Keys<'s>, Test<'s>),
    /// Every row of an array meets it.
    Every(Keys<'s>, Box<Cond<'s>>),
    /// Some row of an array meets it.
    Some(Keys<'s>, Box<Cond<'s>>),
    /// All of them.
    All(Vec<Cond<'s>>),
    /// At least one.
    Any(Vec<Cond<'s>>),
    /// Exactly one.
    One(Vec<Cond<'s>>),
    /// None, or more than one.
    NotOne(Vec<Cond<'s>>),
}

impl<'s> Cond<'s> {
    /// All of `list`, simplified.
    pub fn all(list: Vec<Cond<'s>>) -> Cond<'s> {
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
    pub fn any(list: Vec<Cond<'s>>) -> Cond<'s> {
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
    pub fn opposite(self) -> Cond<'s> {
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
    pub fn schema(&self) -> Json<'s> {
        match self {
            Cond::True => json!({}),
            Cond::False => json!({"not": {}}),
            Cond::Yes(keys, test) => needed(keys, test.yes.clone()),
            Cond::No(keys, test) => if_there(keys, test.no.clone()),
            Cond::Every(keys, row) => {
                if_there(keys, json!({"type": ["array", "null"], "items": (row_schema(row, false))}))
            }
            Cond::Some(keys, row) => {
                needed(keys, json!({"type": "array", "contains": (row_schema(row, true))}))
            }
            Cond::All(list) => all_of(list.iter().map(Cond::schema).collect()),
            Cond::Any(list) => json!({"anyOf": (schemas(list))}),
            Cond::One(list) => json!({"oneOf": (schemas(list))}),
            Cond::NotOne(list) => json!({"not": {"oneOf": (schemas(list))}}),
        }
    }
}

fn schemas<'s>(list: &[Cond<'s>]) -> Vec<Json<'s>> {
    list.iter().map(Cond::schema).collect()
}

fn single<'s>(mut list: Vec<Cond<'s>>, none: Cond<'s>, many: fn(Vec<Cond<'s>>) -> Cond<'s>) -> Cond<'s> {
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
fn row_schema<'s>(cond: &Cond<'s>, needs_row: bool) -> Json<'s> {
    let ty = if needs_row && !cond.of_empty() { json!("object") } else { json!(["object", "null"]) };
    match cond.schema() {
        Json::Object(mut members) if member(&members, "type").is_none() => {
            members.insert(0, ("type".into(), ty));
            Json::Object(members)
        }
        schema => schema,
    }
}

/// The value at the end of `keys` is there and meets `inner`.
fn needed<'s>(keys: &[&'s str], inner: Json<'s>) -> Json<'s> {
    let around = |inner, key: &&'s str| json!({"type": "object", "properties": {(*key): (inner)}, "required": [(*key)]});
    keys.iter().rev().fold(inner, around)
}

/// The value at the end of `keys`, where it is there, meets `inner`. The outermost object's type is known from around.
fn if_there<'s>(keys: &[&'s str], inner: Json<'s>) -> Json<'s> {
    let mut schema = inner;
    for (depth, key) in keys.iter().enumerate().rev() {
        schema = match depth {
            0 => json!({"properties": {(*key): schema}}),
            _ => json!({"type": ["object", "null"], "properties": {(*key): schema}}),
        };
    }
    schema
}

/// All schemas of the same object, in one object where that says the same.
pub fn all_of<'s>(list: Vec<Json<'s>>) -> Json<'s> {
    let mut merged: Vec<Members<'s>> = Vec::new();
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
fn is_plain(schema: &Members<'_>) -> bool {
    schema.iter().all(|(k, _)| matches!(k.as_ref(), "type" | "properties" | "required"))
}

fn properties<'j, 's>(schema: &'j Members<'s>) -> Option<&'j Members<'s>> {
    member(schema, "properties").and_then(Json::as_object)
}

fn mergeable(have: &Members<'_>, more: &Members<'_>, depth: usize) -> bool {
    if depth > DEEPEST || !is_plain(have) || !is_plain(more) {
        return false;
    }
    let Some((mine, theirs)) = properties(have).zip(properties(more)) else { return true };
    theirs.iter().all(|(key, value)| match (member(mine, key), value) {
        (None, _) => true,
        (Some(same), value) if same == value => true,
        (Some(Json::Object(a)), Json::Object(b)) => {
            properties(a).is_some() && properties(b).is_some() && mergeable(a, b, depth + 1)
        }
        _ => false,
    })
}

fn merge<'s>(have: &mut Members<'s>, more: Members<'s>, depth: usize) {
    for (key, value) in more {
        let found = have.iter_mut().find(|(k, _)| *k == key).map(|(_, v)| v);
        match (key.as_ref(), found, value) {
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
            ("type", Some(mine), ty @ Json::Str(_)) => *mine = ty,
            (_, Some(_), _) => {}
            (_, None, value) => have.push((key, value)),
        }
    }
}

fn merge_member<'s>(mine: &mut Members<'s>, key: Cow<'s, str>, value: Json<'s>, depth: usize) {
    match (mine.iter_mut().find(|(k, _)| *k == key).map(|(_, v)| v), value) {
        (Some(Json::Object(a)), Json::Object(b)) if depth <= DEEPEST && properties(&b).is_some() => {
            merge(a, b, depth);
        }
        (Some(_), _) => {}
        (None, value) => mine.push((key, value)),
    }
}
