//! The schema files: a document's tree with its types, and the conditions hung on its objects.

use super::leaf::{self, Leaf};
use super::names;
use super::predicate::{Cond, all_of};
use super::recognise::{Placed, Recognised};
use super::tree::{Kind, Node};
use super::types;
use crate::emit::closed;
use crate::emit::json::{Json, json, member, write_members};
use crate::ir::{BlockId, CellId, Survey};
use formwright_engine::write::{JsonWriter, Members, Style};
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

/// Room for the keywords of a table, in bytes: those of most tables need less.
const BODY: usize = 16 << 10;

/// The definitions stand so deep in a file.
const DEFINED: usize = 2;

impl Out {
    /// Nothing yet, so many levels deep in its file.
    pub fn at(level: usize) -> Self {
        Out { json: JsonWriter::part(Style::Fit, level), refs: Vec::new() }
    }

    /// Writes the name of the next value, one that needs no escape.
    pub fn name(&mut self, name: &'static str) -> &mut Self {
        self.json.name(name);
        self
    }

    /// Writes a value.
    pub fn value(&mut self, json: &Json<'_>) {
        self.refer(json);
        json.write(&mut self.json);
    }

    /// Writes members into the object that is open.
    pub fn keywords(&mut self, keywords: &Keywords) {
        self.json.raw_members(&keywords.members);
        keywords.refs.iter().for_each(|name| self.refer_to(name));
    }

    /// The value that was written.
    pub fn into_part(self) -> Part {
        Part { text: self.json.into_part(), refs: self.refs }
    }

    /// The members that were written.
    pub fn into_keywords(self) -> Keywords {
        Keywords { members: self.json.into_members(), refs: self.refs }
    }

    /// Writes a reference to a definition.
    pub fn reference(&mut self, name: &str) {
        self.value(&closed::reference(name));
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

/// A whole value, and the definitions it refers to.
#[derive(Clone)]
pub struct Part {
    text: String,
    refs: Vec<String>,
}

/// The members of an object, and the definitions they refer to.
#[derive(Clone)]
pub struct Keywords {
    members: Members,
    refs: Vec<String>,
}

/// Definitions by name.
pub type Definitions = BTreeMap<String, Part>;

/// What all schema files are made of.
pub struct Common<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// The conditions found.
    pub recognised: &'a Recognised<'a>,
    /// Kinds of values and code lists: plain, and with annotations.
    shared: [Definitions; 2],
}

impl<'a> Common<'a> {
    /// For the conditions found.
    pub fn new(survey: &'a Survey, recognised: &'a Recognised<'a>, shared: [Definitions; 2]) -> Self {
        Common { survey, recognised, shared }
    }

    /// The definitions that all files of a mode share.
    pub fn shared(&self, mode: Mode) -> &Definitions {
        let [plain, annotated] = &self.shared;
        if mode == Mode::Annotated { annotated } else { plain }
    }
}

/// The definitions that all files share: plain, and with annotations.
pub fn shared(survey: &Survey) -> [Definitions; 2] {
    let mut all = [Definitions::new(), Definitions::new()];
    let [plain, annotated] = &mut all;
    let mut add = |name: String, schema: &Json<'_>, more: Option<&Json<'_>>| {
        let part = definition(schema);
        annotated.insert(name.clone(), more.map_or_else(|| part.clone(), definition));
        plain.insert(name, part);
    };
    for (name, schema) in types::shared() {
        let more = types::annotated(&name, &schema);
        add(name, &schema, more.as_ref());
    }
    for list in &survey.lists {
        for (name, schema) in leaf::list(survey, list) {
            let mut more = schema.clone();
            more.set("x-labels", leaf::labels(survey, list));
            add(name, &schema, Some(&more));
        }
    }
    all
}

fn definition(schema: &Json<'_>) -> Part {
    let mut out = Out::at(DEFINED);
    out.value(schema);
    out.into_part()
}

/// Writes the definitions that a file refers to, directly or by way of others, by name; `find` knows them all.
pub fn definitions<'d>(find: impl Fn(&str) -> Option<(&'d String, &'d Part)>, out: &mut Out) {
    let mut used: BTreeMap<&str, &str> = BTreeMap::new();
    let mut open: Vec<&String> = out.refs.iter().collect();
    while let Some(name) = open.pop() {
        if let Some((name, part)) = find(name)
            && used.insert(name, &part.text).is_none()
        {
            open.extend(&part.refs);
        }
    }
    if used.is_empty() {
        return;
    }
    let room = used.iter().map(|(name, text)| name.len() + text.len() + 12).sum();
    out.json.reserve(room);
    out.json.name("$defs").begin_object();
    for (name, text) in used {
        out.json.key(name).raw(text);
    }
    out.json.end_object();
}

/// A cell's title, description and assertions, as written once.
struct Variant<'a> {
    blank: bool,
    /// Limits of its value.
    limits: Vec<&'a Json<'a>>,
    keywords: Keywords,
}

impl Variant<'_> {
    fn is(&self, blank: bool, limits: &[&Json<'_>]) -> bool {
        let same = |(a, b): (&&Json<'_>, &&Json<'_>)| std::ptr::eq(*a, *b);
        self.blank == blank && self.limits.len() == limits.len() && self.limits.iter().zip(limits).all(same)
    }
}

/// Builds the schemas of one part of a document, in one mode after another.
pub struct Builder<'a> {
    common: &'a Common<'a>,
    mode: Mode,
    defs: Definitions,
    variants: BTreeMap<CellId, Vec<Variant<'a>>>,
}

impl<'a> Builder<'a> {
    /// With nothing defined yet.
    pub fn new(common: &'a Common<'a>, mode: Mode) -> Self {
        Builder { common, mode, defs: BTreeMap::new(), variants: BTreeMap::new() }
    }

    /// Goes on in another mode; the definitions made in the last one.
    pub fn switch(&mut self, mode: Mode) -> Definitions {
        self.mode = mode;
        std::mem::take(&mut self.defs)
    }

    /// Which returns it is for.
    pub fn mode(&self) -> Mode {
        self.mode
    }

    /// Whether a return without this part breaks a condition.
    pub fn is_needed(&self, node: &Node<'_>) -> bool {
        if self.mode == Mode::Draft { node.needed.in_draft } else { node.needed.in_final }
    }

    /// Adds a definition.
    fn define(&mut self, name: String, write: impl FnOnce(&mut Self, &mut Out)) {
        let mut out = Out::at(DEFINED);
        write(self, &mut out);
        self.defs.insert(name, out.into_part());
    }

    /// The keywords of an object as one definition would hold them, without title and type.
    pub fn body(&mut self, node: &Node<'_>) -> Keywords {
        let json = JsonWriter::members(Style::Fit, DEFINED).with_capacity(BODY);
        let mut out = Out { json, refs: Vec::new() };
        self.members(node, 0, &mut out);
        out.into_keywords()
    }

    /// The definition of an object whose keywords are written.
    pub fn object(&self, node: &Node<'_>, body: &Keywords) -> Part {
        let mut out = Out::at(DEFINED);
        out.json.begin_object();
        self.title(node, &mut out);
        object_type(!self.is_needed(node), &mut out);
        out.keywords(body);
        out.json.end_object();
        out.into_part()
    }

    /// Writes the schema of a part, null taken where nothing needs it.
    pub fn part(&mut self, node: &Node<'_>, depth: usize, out: &mut Out) {
        match &node.kind {
            Kind::Leaf(cell) => self.leaf(*cell, true, Vec::new(), out),
            Kind::Object(_) => {
                out.json.begin_object();
                self.title(node, out);
                object_type(!self.is_needed(node), out);
                self.members(node, depth, out);
                out.json.end_object();
            }
            Kind::Rows(block, _) => self.rows(*block, node, depth, out),
        }
    }

    /// Writes what a part is called and what is said of it.
    fn title(&self, node: &Node<'_>, out: &mut Out) {
        if !node.title.is_empty() {
            out.json.name("title").string(&node.title);
        }
        if self.mode != Mode::Annotated || node.said.is_empty() {
            return;
        }
        let survey = self.common.survey;
        let (own, others): (Vec<_>, Vec<_>) = node.said.iter().partition(|(id, _)| id.is_empty());
        own.iter().for_each(|(_, remarks)| {
            leaf::remarks(survey, "x-", [&remarks.help, &remarks.note], &mut out.json)
        });
        if others.is_empty() {
            return;
        }
        out.json.name("x-said").begin_object();
        for (id, remarks) in others {
            out.json.key(id).begin_object();
            leaf::remarks(survey, "", [&remarks.help, &remarks.note], &mut out.json);
            out.json.end_object();
        }
        out.json.end_object();
    }

    /// Writes the schema of a cell, its value limited by these conditions.
    fn leaf(&mut self, id: CellId, blank: bool, limits: Vec<&'a Json<'a>>, out: &mut Out) {
        let survey = self.common.survey;
        let Some(cell) = survey.cell(id) else { return out.value(&json!({})) };
        out.json.begin_object();
        let known = self.variants.entry(id).or_default();
        match known.iter().find(|v| v.is(blank, &limits)) {
            Some(variant) => out.keywords(&variant.keywords),
            None => {
                let leaf = Leaf { survey, cell, limits: &limits };
                let keywords = written(&leaf, blank, out.json.depth());
                out.keywords(&keywords);
                known.push(Variant { blank, limits, keywords });
            }
        }
        if self.mode == Mode::Annotated {
            leaf::annotations(survey, cell, &mut out.json);
        }
        out.json.end_object();
    }

    /// The conditions on a part that count in this mode.
    fn placed(&self, node: &Node<'_>) -> Vec<&'a Placed<'a>> {
        let recognised = self.common.recognised;
        let all = node.placed.iter().filter_map(|at| recognised.placed.get(*at));
        all.filter(|p| self.mode != Mode::Draft || !p.presence).collect()
    }

    /// Writes the members of an object and the conditions on it.
    fn members(&mut self, node: &Node<'_>, depth: usize, out: &mut Out) {
        let (required, mut rest) = self.folded(self.placed(node), node);
        let needed = self.properties(node, &required, &rest, depth, out);
        if !needed.is_empty() {
            out.json.name("required");
            out.value(&Json::from(needed));
        }
        out.json.name("additionalProperties").bool(false);
        rest.retain(|p| !is_limit(p, node));
        if let Some(all) = conditions(&rest) {
            out.json.name("allOf");
            out.value(&all);
        }
    }

    /// Writes the properties; those that must be there.
    fn properties<'n>(
        &mut self,
        node: &Node<'n>,
        required: &[&str],
        own: &[&'a Placed<'a>],
        depth: usize,
        out: &mut Out,
    ) -> Vec<&'n str> {
        let mut needed = Vec::new();
        out.json.name("properties").begin_object();
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
        let name = names::row_name(self.common.survey, block);
        out.json.begin_object();
        self.title(node, out);
        or_null("array", out.name("type"));
        out.json.name("items");
        out.reference(&name);
        out.json.end_object();
        if !self.defs.contains_key(&name) {
            let empty = empty(self.common.survey, node);
            self.define(names::empty_name(self.common.survey, block), |_, out| out.value(&empty));
            self.define(name, |builder, out| builder.row(block, node, depth + 1, out));
        }
    }

    /// A row: an empty one is no row, so what a row needs is asked of the others only.
    fn row(&mut self, block: BlockId, node: &Node<'_>, depth: usize, out: &mut Out) {
        let (asked, mut rest): (Vec<&'a Placed<'a>>, Vec<&'a Placed<'a>>) =
            self.placed(node).into_iter().partition(|p| !p.of_empty());
        out.json.begin_object();
        self.title(node, out);
        or_null("object", out.name("type"));
        self.properties(node, &[], &rest, depth, out);
        out.json.name("additionalProperties").bool(false);
        rest.retain(|p| !is_limit(p, node));
        if let Some(all) = conditions(&rest) {
            out.json.name("allOf");
            out.value(&all);
        }
        if !asked.is_empty() {
            out.json.name("if");
            out.reference(&names::empty_name(self.common.survey, block));
            out.json.name("else");
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
        let cell = self.common.survey.cell(id).filter(|cell| cell.marks.is_empty())?;
        (*test == types::filled(self.common.survey, cell)).then_some(*key)
    }
}

/// Title, description and assertions of a cell, inside so many containers.
fn written(leaf: &Leaf<'_>, blank: bool, depth: usize) -> Keywords {
    let keywords = leaf.keywords(blank);
    let mut out = Out { json: JsonWriter::members(Style::Fit, depth - 1), refs: Vec::new() };
    leaf.titles(&mut out.json);
    out.refer(&keywords);
    if let Json::Object(members) = &keywords {
        write_members(members, &mut out.json);
    }
    out.into_keywords()
}

/// Writes the type of an object.
pub fn object_type(nullable: bool, out: &mut Out) {
    out.json.name("type");
    if nullable {
        or_null("object", out)
    } else {
        out.json.string("object");
    }
}

/// A type beside which null is taken.
fn or_null(ty: &str, out: &mut Out) {
    out.json.begin_array().string(ty).string("null").end_array();
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
                let row = closed::reference(&names::empty_name(survey, *block));
                json!({"type": ["array", "null"], "items": row})
            }
        };
        properties.push(((*key).into(), schema));
    }
    json!({"type": ["object", "null"], "properties": (Json::Object(properties))})
}

/// What a condition without a guard asks of the value of a member, if it asks of nothing else.
fn limit_of<'p>(placed: &'p Placed<'p>, key: &str) -> Option<&'p Json<'p>> {
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
