//! A small help for building JSON.

use serde_json::Value as Json;

/// Sets a member of an object; anything else stays as it is.
pub fn set(object: &mut Json, key: &str, value: Json) {
    if let Json::Object(members) = object {
        members.insert(key.to_owned(), value);
    }
}
