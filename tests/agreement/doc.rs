//! A JSON document with its numbers as they are written.

use std::fmt;

/// A JSON value.
#[derive(Debug, Clone, PartialEq)]
pub enum Doc {
    Null,
    Bool(bool),
    /// As written: `1.50`, `1e2`.
    Number(String),
    Text(String),
    Array(Vec<Doc>),
    Object(Vec<(String, Doc)>),
}

impl Doc {
    pub fn text(text: impl Into<String>) -> Doc {
        Doc::Text(text.into())
    }

    pub fn number(text: impl Into<String>) -> Doc {
        Doc::Number(text.into())
    }

    /// The member of an object or the item of an array.
    pub fn get(&self, step: &str) -> Option<&Doc> {
        match self {
            Doc::Object(members) => members.iter().find(|(key, _)| key == step).map(|(_, value)| value),
            Doc::Array(items) => items.get(step.parse::<usize>().ok()?),
            _ => None,
        }
    }

    /// Puts a value at a JSON pointer; objects on the way are made, rows are not.
    pub fn put(&mut self, pointer: &str, value: Doc) {
        let mut at = self;
        for step in pointer.split('/').skip(1) {
            let step = step.replace("~1", "/").replace("~0", "~");
            if *at == Doc::Null {
                *at = Doc::Object(Vec::new());
            }
            at = match at {
                Doc::Array(items) => match step.parse::<usize>().ok().and_then(|n| items.get_mut(n)) {
                    Some(item) => item,
                    None => return,
                },
                Doc::Object(members) => {
                    let found = members.iter().position(|(key, _)| *key == step).unwrap_or_else(|| {
                        members.push((step.clone(), Doc::Null));
                        members.len() - 1
                    });
                    &mut members[found].1
                }
                _ => return,
            };
        }
        *at = value;
    }

    /// Whether every number is plain: no exponent, at most 15 digits.
    pub fn has_plain_numbers(&self) -> bool {
        match self {
            Doc::Number(digits) => {
                let count = digits.bytes().filter(u8::is_ascii_digit).count();
                count <= 15 && !digits.contains(['e', 'E'])
            }
            other => other.inner().all(Doc::has_plain_numbers),
        }
    }

    /// Whether every text is in the composed form (NFC).
    pub fn has_composed_texts(&self) -> bool {
        match self {
            Doc::Text(text) => unicode_normalization::is_nfc(text),
            other => other.inner().all(Doc::has_composed_texts),
        }
    }

    fn inner(&self) -> Box<dyn Iterator<Item = &Doc> + '_> {
        match self {
            Doc::Array(items) => Box::new(items.iter()),
            Doc::Object(members) => Box::new(members.iter().map(|(_, value)| value)),
            _ => Box::new(std::iter::empty()),
        }
    }

    /// How many values there are in it.
    pub fn size(&self) -> usize {
        1 + self.inner().map(Doc::size).sum::<usize>()
    }

    /// The same without one member or item, in every way there is; outer ones first.
    pub fn smaller(&self) -> Vec<Doc> {
        let mut out = Vec::new();
        match self {
            Doc::Array(items) => {
                out.extend((0..items.len()).map(|n| Doc::Array(without(items, n))));
                for (n, item) in items.iter().enumerate() {
                    out.extend(item.smaller().into_iter().map(|one| Doc::Array(with(items, n, one))));
                }
            }
            Doc::Object(members) => {
                out.extend((0..members.len()).map(|n| Doc::Object(without(members, n))));
                for (n, (key, value)) in members.iter().enumerate() {
                    let inner = value.smaller().into_iter();
                    out.extend(inner.map(|one| Doc::Object(with(members, n, (key.clone(), one)))));
                }
            }
            _ => {}
        }
        out
    }
}

fn without<T: Clone>(list: &[T], at: usize) -> Vec<T> {
    list.iter().enumerate().filter(|(n, _)| *n != at).map(|(_, one)| one.clone()).collect()
}

fn with<T: Clone>(list: &[T], at: usize, new: T) -> Vec<T> {
    let mut list = list.to_vec();
    list[at] = new;
    list
}

impl fmt::Display for Doc {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        let quoted = |text: &str| serde_json::to_string(text).unwrap();
        match self {
            Doc::Null => out.write_str("null"),
            Doc::Bool(b) => write!(out, "{b}"),
            Doc::Number(digits) => out.write_str(digits),
            Doc::Text(text) => out.write_str(&quoted(text)),
            Doc::Array(items) => {
                let items: Vec<String> = items.iter().map(Doc::to_string).collect();
                write!(out, "[{}]", items.join(", "))
            }
            Doc::Object(members) => {
                let members: Vec<String> =
                    members.iter().map(|(k, v)| format!("{}: {v}", quoted(k))).collect();
                write!(out, "{{{}}}", members.join(", "))
            }
        }
    }
}
