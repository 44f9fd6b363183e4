//! The schema files: a document's tree with its types, and the conditions hung on its objects.

use super::leaf::Leaf;
use super::names;
use super::predicate::{Cond, all_of};
use super::recognise::{Placed, Recognised};
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
            defs: RefCell::new(definitions(survey)),
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

    /// The definitions that the keywords of a schema refer to, directly or by way of others, by name.
    pub fn definitions(&self, root: &Map<String, Json>) -> Map<String, Json> {
        let all = self.defs.borrow();
        let mut used: BTreeMap<&str, &Json> = BTreeMap::new();
        let mut open: Vec<&Json> = root.values().collect();
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
        let (required, mut rest) = self.folded(own, members);
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
        rest.retain(|p| !is_limit(p, members));
        out.extend(conditions(&rest));
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
        let (asked, mut rest): (Vec<&Placed>, Vec<&Placed>) =
            own.iter().copied().partition(|p| !p.of_empty());
        let (properties, _) = self.members(members, path, &[], &rest);
        let title = self.title(path.split_last().map_or(&[][..], |(_, p)| p));
        let mut out = Map::new();
        if let Some(title) = title {
            out.insert("title".to_owned(), json!(title));
        }
        out.insert("type".to_owned(), json!(["object", "null"]));
        out.insert("properties".to_owned(), Json::Object(properties));
        out.insert("additionalProperties".to_owned(), json!(false));
        rest.retain(|p| !is_limit(p, members));
        out.extend(conditions(&rest));
        if !asked.is_empty() {
            out.insert("if".to_owned(), types::reference(&names::empty_name(self.survey, block)));
            out.insert("else".to_owned(), needs(&asked));
        }
        Json::Object(out)
    }

    /// A row, or an object inside one, in which nothing is filled.
    fn empty(&self, members: &Members) -> Json {
        let mut properties = Map::new();
        for (key, node) in members {
            let schema = match node {
                Node::Leaf(id) => match self.survey.cell(*id) {
                    Some(cell) => types::present(self.survey, cell).no,
                    None => continue,
                },
                Node::Object(inner) => self.empty(inner),
                Node::Rows(block, _) => {
                    let name = names::empty_name(self.survey, *block);
                    json!({"type": ["array", "null"], "items": {"$ref": format!("#/$defs/{name}")}})
                }
            };
            properties.insert(key.clone(), schema);
        }
        json!({"type": ["object", "null"], "properties": properties})
    }

    /// Members that are simply required, and the other conditions.
    fn folded<'p>(&self, own: &[&'p Placed], members: &Members) -> (Vec<String>, Vec<&'p Placed>) {
        let mut required = Vec::new();
        let mut rest = Vec::new();
        for placed in own {
            match self.simply_required(placed, members) {
                Some(key) => required.push(key),
                None => rest.push(*placed),
            }
        }
        (required, rest)
    }

    /// The member that a condition wants filled, if it wants nothing else.
    fn simply_required(&self, placed: &Placed, members: &Members) -> Option<String> {
        let (Cond::True, Cond::Yes(keys, test)) = (&placed.when, &placed.then) else { return None };
        let [key] = keys.as_slice() else { return None };
        let Node::Leaf(id) = &members.iter().find(|(k, _)| k == key)?.1 else { return None };
        let cell = self.survey.cell(*id).filter(|cell| cell.marks.is_empty())?;
        (*test == types::filled(self.survey, cell)).then(|| key.clone())
    }

    /// A definition of this name, and the reference to it.
    pub fn reference(&self, name: &str, schema: Json) -> Json {
        self.define(name, schema);
        types::reference(name)
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

/// The conditions as members of an object's schema: those with the same guard together.
///
/// What has no guard stands behind `"if": true`: those who make types of a schema pass over conditions, and would make a
/// second type of the object of anything else.
fn conditions(placed: &[&Placed]) -> Map<String, Json> {
    let mut grouped: Vec<(&Cond, Vec<Json>)> = Vec::new();
    for one in placed {
        let then = one.then.schema();
        match grouped.iter_mut().find(|(when, _)| **when == one.when) {
            Some((_, thens)) => thens.push(then),
            None => grouped.push((&one.when, vec![then])),
        }
    }
    let guarded = |(when, thens): (&Cond, Vec<Json>)| {
        let guard = if *when == Cond::True { json!(true) } else { when.schema() };
        json!({"if": guard, "then": all_of(thens)})
    };
    let all: Vec<Json> = grouped.into_iter().map(guarded).collect();
    if all.is_empty() { Map::new() } else { Map::from_iter([("allOf".to_owned(), json!(all))]) }
}

/// What rows that count need: what is needed of all of them at the top.
fn needs(placed: &[&Placed]) -> Json {
    let (plain, guarded): (Vec<&Placed>, Vec<&Placed>) = placed.iter().partition(|p| p.when == Cond::True);
    let mut out = conditions(&guarded);
    let plain = all_of(plain.iter().map(|p| p.then.schema()).collect());
    match (plain, out.get_mut("allOf").and_then(Json::as_array_mut)) {
        (Json::Object(plain), None) => return Json::Object(plain),
        (Json::Object(plain), _) if !plain.contains_key("allOf") => out.extend(plain),
        (plain, Some(all)) => all.push(plain),
        _ => {}
    }
    Json::Object(out)
}

/// What all files share: kinds of values and code lists.
fn definitions(survey: &Survey) -> BTreeMap<String, Json> {
    let ids = (0..survey.lists.len()).map(|at| ListId(u32::try_from(at).unwrap_or(u32::MAX)));
    types::shared().into_iter().chain(ids.flat_map(|id| super::leaf::list(survey, id))).collect()
}
