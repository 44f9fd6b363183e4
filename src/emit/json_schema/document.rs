//! The schema files: a document's tree with its types, and the conditions hung on its objects.

use super::leaf::Leaf;
use super::names;
use super::predicate::{Cond, all_of};
use super::recognise::{Placed, Recognised, shapes};
use super::tree::{self, Members, Node};
use super::types;
use crate::ir::{BlockId, ListId, Path, Step, Survey, Text};
use serde_json::{Map, Value as Json, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};

/// Trees deeper than this are cut off; the reader of sources allows far less.
const DEEPEST: usize = 48;

/// Which returns a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Final ones.
    Final,
    /// Drafts: nothing need be there.
    Draft,
}

/// Builds the parts of one schema file.
pub struct Builder<'a> {
    survey: &'a Survey,
    mode: Mode,
    placed: BTreeMap<String, Vec<&'a Placed>>,
    needed: BTreeSet<String>,
    titles: BTreeMap<String, Text>,
    defs: RefCell<BTreeMap<String, Json>>,
}

impl<'a> Builder<'a> {
    /// For the conditions found.
    pub fn new(survey: &'a Survey, recognised: &'a Recognised, mode: Mode) -> Self {
        let mut placed: BTreeMap<String, Vec<&Placed>> = BTreeMap::new();
        let mut needed = BTreeSet::new();
        for one in recognised.placed.iter().filter(|p| mode == Mode::Final || !p.presence) {
            placed.entry(tree::pointer(&one.anchor)).or_default().push(one);
            if !one.of_empty() {
                need(&one.anchor, &mut needed);
            }
        }
        Builder {
            survey,
            mode,
            placed,
            needed,
            titles: tree::titles(survey),
            defs: RefCell::new(lists(survey)),
        }
    }

    /// Which returns it is for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether a return without the object at this path breaks a condition.
    pub fn is_needed(&self, path: &[Step]) -> bool {
        self.needed.contains(&tree::pointer(path))
    }

    /// The definitions that `root` refers to, directly or by way of others, by name.
    pub fn definitions(&self, root: &Json) -> Map<String, Json> {
        let all = self.defs.borrow();
        let mut used: BTreeMap<&str, &Json> = BTreeMap::new();
        let mut open = vec![root];
        while let Some(json) = open.pop() {
            match json {
                Json::Array(items) => open.extend(items),
                Json::Object(members) => {
                    let named =
                        members.get("$ref").and_then(Json::as_str).and_then(|r| r.strip_prefix("#/$defs/"));
                    if let Some((name, schema)) = named.and_then(|n| all.get_key_value(n))
                        && used.insert(name, schema).is_none()
                    {
                        open.push(schema);
                    }
                    open.extend(members.values());
                }
                _ => {}
            }
        }
        used.into_iter().map(|(name, schema)| (name.to_owned(), schema.clone())).collect()
    }

    /// The schema of a part, null taken where nothing needs it.
    pub fn part(&self, node: &Node, path: &Path) -> Json {
        match node {
            Node::Leaf(cell) => {
                self.survey.cell(*cell).map_or(json!({}), |c| Leaf::new(self.survey, c).schema(true))
            }
            Node::Object(members) => self.object(members, path, !self.is_needed(path)),
            Node::Rows(block, members) => self.rows(*block, members, path),
        }
    }

    fn title(&self, path: &[Step]) -> Option<String> {
        self.titles.get(&tree::pointer(path)).map(|t| t.plain(0)).filter(|t| !t.is_empty())
    }

    /// An object with its members and the conditions on it.
    pub fn object(&self, members: &Members, path: &Path, nullable: bool) -> Json {
        let own = self.placed.get(&tree::pointer(path)).map(Vec::as_slice).unwrap_or_default();
        let (required, rest) = folded(own, members);
        let mut out = Map::new();
        if let Some(title) = self.title(path) {
            out.insert("title".to_owned(), json!(title));
        }
        out.insert("type".to_owned(), if nullable { json!(["object", "null"]) } else { json!("object") });
        let (properties, needed) = self.members(members, path, &required, &rest);
        out.insert("properties".to_owned(), Json::Object(properties));
        if !needed.is_empty() {
            out.insert("required".to_owned(), json!(needed));
        }
        out.insert("additionalProperties".to_owned(), json!(false));
        let conditions: Vec<Json> =
            rest.iter().filter(|p| !is_limit(p, members)).map(|p| condition(p)).collect();
        if !conditions.is_empty() {
            out.insert("allOf".to_owned(), json!(conditions));
        }
        Json::Object(out)
    }

    fn members(
        &self,
        members: &Members,
        path: &Path,
        required: &[String],
        own: &[&Placed],
    ) -> (Map<String, Json>, Vec<String>) {
        let mut properties = Map::new();
        let mut needed = Vec::new();
        if properties_too_deep(path) {
            return (properties, needed);
        }
        for (key, node) in members {
            let mut inner = path.clone();
            inner.push(Step::Key(key.clone()));
            let must = required.contains(key);
            if must || matches!(node, Node::Object(_)) && self.is_needed(&inner) {
                needed.push(key.clone());
            }
            let schema = match node {
                Node::Leaf(id) => self.survey.cell(*id).map_or(json!({}), |cell| {
                    let limits = own.iter().filter_map(|p| limit_of(p, key)).collect();
                    Leaf::new(self.survey, cell).limited(limits).schema(!must)
                }),
                _ => self.part(node, &inner),
            };
            properties.insert(key.clone(), schema);
        }
        (properties, needed)
    }

    fn rows(&self, block: BlockId, members: &Members, path: &Path) -> Json {
        let mut inner = path.clone();
        inner.push(Step::Rows(block));
        let name = names::row_name(self.survey, block);
        let row = self.row(block, members, &inner);
        self.define(&name, row);
        let empty = self.empty(members);
        self.define(&names::empty_name(self.survey, block), empty);
        let mut out = Map::new();
        if let Some(title) = self.title(path) {
            out.insert("title".to_owned(), json!(title));
        }
        out.insert("type".to_owned(), json!(["array", "null"]));
        out.insert("items".to_owned(), json!({"$ref": format!("#/$defs/{name}")}));
        Json::Object(out)
    }

    fn define(&self, name: &str, schema: Json) {
        self.defs.borrow_mut().insert(name.to_owned(), schema);
    }

    /// A row: an empty one is no row, so what a row needs is asked of the others only.
    fn row(&self, block: BlockId, members: &Members, path: &Path) -> Json {
        let own = self.placed.get(&tree::pointer(path)).map(Vec::as_slice).unwrap_or_default();
        let (asked, rest): (Vec<&Placed>, Vec<&Placed>) = own.iter().copied().partition(|p| !p.of_empty());
        let (properties, _) = self.members(members, path, &[], &rest);
        let title = self.title(path.split_last().map_or(&[][..], |(_, p)| p));
        let mut out = Map::new();
        if let Some(title) = title {
            out.insert("title".to_owned(), json!(title));
        }
        out.insert("type".to_owned(), json!("object"));
        out.insert("properties".to_owned(), Json::Object(properties));
        out.insert("additionalProperties".to_owned(), json!(false));
        let conditions: Vec<Json> =
            rest.iter().filter(|p| !is_limit(p, members)).map(|p| condition(p)).collect();
        if !conditions.is_empty() {
            out.insert("allOf".to_owned(), json!(conditions));
        }
        if !asked.is_empty() && shapes::empty_row(self.survey, block, 0).is_ok() {
            let empty = json!({"$ref": format!("#/$defs/{}", names::empty_name(self.survey, block))});
            let needs = all_of(asked.iter().map(|p| condition(p)).collect());
            out.insert("anyOf".to_owned(), json!([needs, empty]));
        }
        Json::Object(out)
    }

    /// A row, or an object inside one, in which nothing is filled.
    fn empty(&self, members: &Members) -> Json {
        let mut properties = Map::new();
        for (key, node) in members {
            let schema = match node {
                Node::Leaf(id) => match self.survey.cell(*id) {
                    Some(cell) if !matches!(cell.source, crate::ir::cell::Source::Calculated(_)) => {
                        types::filled(cell).no
                    }
                    _ => continue,
                },
                Node::Object(_) => json!({"type": ["object", "null"], "maxProperties": 0}),
                Node::Rows(block, _) => {
                    let name = names::empty_name(self.survey, *block);
                    json!({"type": ["array", "null"], "items": {"$ref": format!("#/$defs/{name}")}})
                }
            };
            properties.insert(key.clone(), schema);
        }
        json!({"type": ["object", "null"], "properties": properties})
    }

    /// A definition of this name, and the reference to it.
    pub fn reference(&self, name: &str, schema: Json) -> Json {
        self.define(name, schema);
        json!({"$ref": format!("#/$defs/{name}")})
    }
}

fn properties_too_deep(path: &Path) -> bool {
    path.len() > DEEPEST
}

/// All objects from the root to `anchor` are needed, unless it lies in a row.
fn need(anchor: &Path, needed: &mut BTreeSet<String>) {
    if anchor.iter().any(|s| matches!(s, Step::Rows(_))) {
        return;
    }
    for count in 1..=anchor.len() {
        needed.insert(tree::pointer(anchor.get(..count).unwrap_or_default()));
    }
}

/// Members that are simply required, and the other conditions.
fn folded<'p>(own: &[&'p Placed], members: &Members) -> (Vec<String>, Vec<&'p Placed>) {
    let mut required = Vec::new();
    let mut rest = Vec::new();
    for placed in own {
        match simply_required(placed, members) {
            Some(key) => required.push(key),
            None => rest.push(*placed),
        }
    }
    (required, rest)
}

fn simply_required(placed: &Placed, members: &Members) -> Option<String> {
    let Cond::Yes(keys, test) = &placed.then else { return None };
    let [key] = keys.as_slice() else { return None };
    let leaf = members.iter().any(|(k, n)| k == key && matches!(n, Node::Leaf(_)));
    (placed.when == Cond::True
        && leaf
        && test.yes.get("const").is_none()
        && super::leaf::is_presence(&test.yes))
    .then(|| key.clone())
}

/// What a condition without a guard asks of the value of a member, if it asks of nothing else.
fn limit_of(placed: &Placed, key: &str) -> Option<Json> {
    match (&placed.when, &placed.then) {
        (Cond::True, Cond::No(keys, test)) if keys.as_slice() == [key] => Some(test.no.clone()),
        _ => None,
    }
}

fn is_limit(placed: &Placed, members: &Members) -> bool {
    members.iter().any(|(k, n)| matches!(n, Node::Leaf(_)) && limit_of(placed, k).is_some())
}

fn condition(placed: &Placed) -> Json {
    match &placed.when {
        Cond::True => placed.then.schema(),
        when => json!({"if": when.schema(), "then": placed.then.schema()}),
    }
}

fn lists(survey: &Survey) -> BTreeMap<String, Json> {
    let id = |at: usize| ListId(u32::try_from(at).unwrap_or(u32::MAX));
    let list = |id| (names::list_name(survey, id), super::leaf::list(survey, id));
    (0..survey.lists.len()).map(id).map(list).collect()
}
