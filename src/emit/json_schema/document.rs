//! The schema files: a document's tree with its types, and the conditions hung on its objects.

use super::leaf::{self, Leaf};
use super::names;
use super::predicate::{Cond, all_of};
use super::recognise::{Placed, Recognised};
use super::tree::{Kind, Node};
use super::types;
use crate::emit::json::{Json, json, member, write_members};
use crate::ir::{BlockId, ListId, Survey};
use formwright_engine::write::{JsonWriter, Style};
use std::collections::BTreeMap;

/// Trees deeper than this are cut off; the reader of sources allows far less.
const DEEPEST: usize = 48;

/// Which returns a schema is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Final ones.
    Final,
    /// Drafts: nothing need be there.
    Draft,
    /// Final ones, with what standard keywords cannot hold beside each value.
    Annotated,
}

/// A schema, or a part of one, being written.
pub struct Out {
    /// Its text.
    pub json: JsonWriter,
    /// The definitions it refers to.
    refs: Vec<String>,
}

/// The definitions stand so deep in a file.
const DEFINED: usize = 2;

impl Out {
    /// Nothing yet, so many levels deep in its file.
    pub fn at(level: usize) -> Self {
        Out { json: JsonWriter::part(Style::Fit, level), refs: Vec::new() }
    }

    /// Writes a value.
    pub fn value(&mut self, json: &Json<'_>) {
        self.refer(json);
        json.write(&mut self.json);
    }

    fn part(&mut self, part: &Part) {
        self.json.raw_members(&part.text);
        part.refs.iter().for_each(|name| self.refer_to(name));
    }

    /// Writes a reference to a definition.
    pub fn reference(&mut self, name: &str) {
        self.value(&types::reference(name));
    }

    fn refer(&mut self, json: &Json<'_>) {
        json.each_text_of("$ref", &mut |text| {
            self.refer_to(text.strip_prefix("#/$defs/").unwrap_or(text));
        });
    }

    fn refer_to(&mut self, name: &str) {
        if !self.refs.iter().any(|r| r == name) {
            self.refs.push(name.to_owned());
        }
    }
}

/// Text, and the definitions it refers to.
struct Part {
    text: String,
    refs: Vec<String>,
}

/// Builds the parts of one schema file after another.
pub struct Builder<'a> {
    survey: &'a Survey,
    mode: Mode,
    recognised: &'a Recognised<'a>,
    /// Title and description of each cell, as JSON.
    about: &'a [leaf::About],
    /// The definitions by name, with those that each refers to.
    defs: BTreeMap<String, Part>,
    /// What stands in the objects of tables, by id, until their own files are written.
    bodies: BTreeMap<String, Part>,
}

impl<'a> Builder<'a> {
    /// For the conditions found.
    pub fn new(
        survey: &'a Survey,
        recognised: &'a Recognised<'a>,
        about: &'a [leaf::About],
        mode: Mode,
    ) -> Self {
        let mut builder =
            Builder { survey, mode, recognised, about, defs: BTreeMap::new(), bodies: BTreeMap::new() };
        let annotated = mode == Mode::Annotated;
        for (name, schema) in types::shared(annotated) {
            builder.define(name, |_, out| out.value(&schema));
        }
        for at in 0..survey.lists.len() {
            for (name, schema) in leaf::list(survey, ListId(u32::try_from(at).unwrap_or(u32::MAX)), annotated)
            {
                builder.define(name, |_, out| out.value(&schema));
            }
        }
        builder
    }

    /// Which returns it is for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether a return without this part breaks a condition.
    pub fn is_needed(&self, node: &Node<'_>) -> bool {
        if self.mode == Mode::Draft { node.needed.in_draft } else { node.needed.in_final }
    }

    /// Writes the definitions that the file refers to, directly or by way of others, by name.
    pub fn definitions(&self, out: &mut Out) {
        let mut used: BTreeMap<&str, &str> = BTreeMap::new();
        let mut open: Vec<&String> = out.refs.iter().collect();
        while let Some(name) = open.pop() {
            if let Some((name, Part { text, refs })) = self.defs.get_key_value(name)
                && used.insert(name, text).is_none()
            {
                open.extend(refs);
            }
        }
        if used.is_empty() {
            return;
        }
        out.json.key("$defs").begin_object();
        for (name, text) in used {
            out.json.key(name).raw(text);
        }
        out.json.end_object();
    }

    /// Adds a definition.
    fn define(&mut self, name: String, write: impl FnOnce(&mut Self, &mut Out)) {
        let mut out = Out::at(DEFINED);
        write(self, &mut out);
        self.defs.insert(name, Part { text: out.json.into_part(), refs: out.refs });
    }

    /// Adds the definition of a table and writes the reference to it.
    pub fn table(&mut self, id: &str, node: &Node<'_>, out: &mut Out) {
        let name = names::table_name(id);
        out.reference(&name);
        let nullable = !self.is_needed(node);
        let body = self.body(node);
        self.define(name, |_, out| {
            out.json.begin_object();
            title(node, out);
            object_type(nullable, out);
            out.part(&body);
            out.json.end_object();
        });
        self.bodies.insert(id.to_owned(), body);
    }

    /// Writes the keywords of an object that stands by itself, but for its title.
    pub fn alone(&mut self, id: &str, node: &Node<'_>, out: &mut Out) {
        object_type(false, out);
        match self.bodies.remove(id) {
            Some(body) => out.part(&body),
            None => out.part(&self.body(node)),
        }
    }

    /// The keywords of an object without title and type, by themselves.
    fn body(&mut self, node: &Node<'_>) -> Part {
        let mut out = Out { json: JsonWriter::members(Style::Fit), refs: Vec::new() };
        self.members(node, 0, &mut out);
        Part { text: out.json.into_part(), refs: out.refs }
    }

    /// Writes the schema of a part, null taken where nothing needs it.
    pub fn part(&mut self, node: &Node<'_>, depth: usize, out: &mut Out) {
        match &node.kind {
            Kind::Leaf(cell) => self.leaf(*cell, true, Vec::new(), out),
            Kind::Object(_) => {
                out.json.begin_object();
                title(node, out);
                object_type(!self.is_needed(node), out);
                self.members(node, depth, out);
                out.json.end_object();
            }
            Kind::Rows(block, _) => self.rows(*block, node, depth, out),
        }
    }

    fn leaf(&self, id: crate::ir::CellId, blank: bool, limits: Vec<&Json<'_>>, out: &mut Out) {
        let found = self.survey.cell(id).zip(self.about.get(id.ix()));
        let Some((cell, about)) = found else { return out.value(&json!({})) };
        let leaf = Leaf { survey: self.survey, cell, limits };
        let keywords = leaf.keywords(blank);
        out.json.begin_object().key("title").raw(&about.title);
        if let Some(description) = &about.description {
            out.json.key("description").raw(description);
        }
        out.refer(&keywords);
        if let Json::Object(members) = &keywords {
            write_members(members, &mut out.json);
        }
        if self.mode == Mode::Annotated {
            leaf.annotations(&mut out.json);
        }
        out.json.end_object();
    }

    /// The conditions on a part that count in this mode.
    fn placed(&self, node: &Node<'_>) -> Vec<&'a Placed<'a>> {
        let all = node.placed.iter().filter_map(|at| self.recognised.placed.get(*at));
        all.filter(|p| self.mode != Mode::Draft || !p.presence).collect()
    }

    /// Writes the members of an object and the conditions on it.
    fn members(&mut self, node: &Node<'_>, depth: usize, out: &mut Out) {
        let (required, mut rest) = self.folded(self.placed(node), node);
        let needed = self.properties(node, &required, &rest, depth, out);
        if !needed.is_empty() {
            out.json.key("required");
            out.value(&Json::from(needed));
        }
        out.json.key("additionalProperties").bool(false);
        rest.retain(|p| !is_limit(p, node));
        if let Some(all) = conditions(&rest) {
            out.json.key("allOf");
            out.value(&all);
        }
    }

    /// Writes the properties; those that must be there.
    fn properties<'n>(
        &mut self,
        node: &Node<'n>,
        required: &[&str],
        own: &[&Placed<'_>],
        depth: usize,
        out: &mut Out,
    ) -> Vec<&'n str> {
        let mut needed = Vec::new();
        out.json.key("properties").begin_object();
        let members = if depth > DEEPEST { &[] } else { node.members() };
        for (key, inner) in members {
            let must = required.contains(key);
            if must || matches!(inner.kind, Kind::Object(_)) && self.is_needed(inner) {
                needed.push(*key);
            }
            out.json.key(key);
            match inner.kind {
                Kind::Leaf(id) => {
                    let limits = own.iter().filter_map(|p| limit_of(p, key)).collect();
                    self.leaf(id, !must, limits, out);
                }
                _ => self.part(inner, depth + 1, out),
            }
        }
        out.json.end_object();
        needed
    }

    fn rows(&mut self, block: BlockId, node: &Node<'_>, depth: usize, out: &mut Out) {
        let name = names::row_name(self.survey, block);
        out.json.begin_object();
        title(node, out);
        out.json.key("type");
        out.value(&json!(["array", "null"]));
        out.json.key("items");
        out.reference(&name);
        out.json.end_object();
        if !self.defs.contains_key(&name) {
            let empty = empty(self.survey, node);
            self.define(names::empty_name(self.survey, block), |_, out| out.value(&empty));
            self.define(name, |builder, out| builder.row(block, node, depth + 1, out));
        }
    }

    /// A row: an empty one is no row, so what a row needs is asked of the others only.
    fn row(&mut self, block: BlockId, node: &Node<'_>, depth: usize, out: &mut Out) {
        let (asked, mut rest): (Vec<&Placed>, Vec<&Placed>) =
            self.placed(node).into_iter().partition(|p| !p.of_empty());
        out.json.begin_object();
        title(node, out);
        out.json.key("type");
        out.value(&json!(["object", "null"]));
        self.properties(node, &[], &rest, depth, out);
        out.json.key("additionalProperties").bool(false);
        rest.retain(|p| !is_limit(p, node));
        if let Some(all) = conditions(&rest) {
            out.json.key("allOf");
            out.value(&all);
        }
        if !asked.is_empty() {
            out.json.key("if");
            out.reference(&names::empty_name(self.survey, block));
            out.json.key("else");
            out.value(&needs(&asked));
        }
        out.json.end_object();
    }

    /// Members that are simply required, and the other conditions.
    fn folded<'p>(&self, own: Vec<&'p Placed<'p>>, node: &Node<'_>) -> (Vec<&'p str>, Vec<&'p Placed<'p>>) {
        let mut required = Vec::new();
        let mut rest = Vec::new();
        for placed in own {
            match self.simply_required(placed, node) {
                Some(key) => required.push(key),
                None => rest.push(placed),
            }
        }
        (required, rest)
    }

    /// The member that a condition wants filled, if it wants nothing else.
    fn simply_required<'p>(&self, placed: &'p Placed<'p>, node: &Node<'_>) -> Option<&'p str> {
        let (Cond::True, Cond::Yes(keys, test)) = (&placed.when, &placed.then) else { return None };
        let [key] = keys.as_slice() else { return None };
        let Kind::Leaf(id) = node.member(key)?.kind else { return None };
        let cell = self.survey.cell(id).filter(|cell| cell.marks.is_empty())?;
        (*test == types::filled(self.survey, cell)).then_some(*key)
    }
}

fn title(node: &Node<'_>, out: &mut Out) {
    if !node.title.is_empty() {
        out.json.key("title").string(&node.title);
    }
}

fn object_type(nullable: bool, out: &mut Out) {
    out.json.key("type");
    out.value(&if nullable { json!(["object", "null"]) } else { json!("object") });
}

/// A row, or an object inside one, in which nothing is filled.
fn empty<'s>(survey: &'s Survey, node: &Node<'s>) -> Json<'s> {
    let mut properties = Vec::new();
    for (key, node) in node.members() {
        let schema = match &node.kind {
            Kind::Leaf(id) => match survey.cell(*id) {
                Some(cell) => types::present(survey, cell).no,
                None => continue,
            },
            Kind::Object(_) => empty(survey, node),
            Kind::Rows(block, _) => {
                let row = types::reference(&names::empty_name(survey, *block));
                json!({"type": ["array", "null"], "items": row})
            }
        };
        properties.push(((*key).into(), schema));
    }
    json!({"type": ["object", "null"], "properties": (Json::Object(properties))})
}

/// What a condition without a guard asks of the value of a member, if it asks of nothing else.
fn limit_of<'p>(placed: &'p Placed<'_>, key: &str) -> Option<&'p Json<'p>> {
    match (&placed.when, &placed.then) {
        (Cond::True, Cond::No(keys, test)) if keys.as_slice() == [key] => Some(&test.no),
        _ => None,
    }
}

fn is_limit(placed: &Placed<'_>, node: &Node<'_>) -> bool {
    match (&placed.when, &placed.then) {
        (Cond::True, Cond::No(keys, _)) => {
            matches!(keys.as_slice(), [key] if node.member(key).is_some_and(|n| matches!(n.kind, Kind::Leaf(_))))
        }
        _ => false,
    }
}

/// The conditions as items of an object's `allOf`: those with the same guard together.
///
/// What has no guard stands behind `"if": true`: those who make types of a schema pass over conditions, and would make a
/// second type of the object of anything else.
fn conditions<'p>(placed: &[&'p Placed<'p>]) -> Option<Json<'p>> {
    let mut grouped: Vec<(&Cond, Vec<Json>)> = Vec::new();
    for one in placed {
        let then = one.then.schema();
        match grouped.iter_mut().find(|(when, _)| **when == one.when) {
            Some((_, thens)) => thens.push(then),
            None => grouped.push((&one.when, vec![then])),
        }
    }
    let guarded = |(when, thens): (&Cond<'p>, Vec<Json<'p>>)| {
        let guard = if *when == Cond::True { json!(true) } else { when.schema() };
        json!({"if": guard, "then": (all_of(thens))})
    };
    let all: Vec<Json> = grouped.into_iter().map(guarded).collect();
    (!all.is_empty()).then_some(Json::Array(all))
}

/// What rows that count need: what is needed of all of them at the top.
fn needs<'p>(placed: &[&'p Placed<'p>]) -> Json<'p> {
    let (plain, guarded): (Vec<&Placed>, Vec<&Placed>) = placed.iter().partition(|p| p.when == Cond::True);
    let guarded = conditions(&guarded);
    let plain = all_of(plain.iter().map(|p| p.then.schema()).collect());
    match (plain, guarded) {
        (plain, None) => plain,
        (Json::Object(mut plain), Some(all)) if member(&plain, "allOf").is_none() => {
            plain.insert(0, ("allOf".into(), all));
            Json::Object(plain)
        }
        (plain, Some(Json::Array(mut all))) => {
            all.push(plain);
            json!({"allOf": (Json::Array(all))})
        }
        (plain, Some(_)) => plain,
    }
}
