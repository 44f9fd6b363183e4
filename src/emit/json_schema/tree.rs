//! The shape of a document: its members, rows and cells as a tree, what each part is called, and what is asked of it.

use super::recognise::Placed;
use crate::ir::cell::{Root, Source};
use crate::ir::table::{Head, Remarks, Row, RowKind};
use crate::ir::{BlockId, CellId, Path, Section, Step, Survey, Text};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// Row trees deeper than this are cut off; the reader of sources allows far less.
const DEEPEST: usize = 32;

/// So many members are looked through one by one.
const FEW: usize = 16;

/// The members of an object, in order of declaration.
pub type Members<'s> = Vec<(&'s str, Node<'s>)>;

/// A part of a document.
#[derive(Debug, Clone, Default)]
pub struct Node<'s> {
    /// What it is.
    pub kind: Kind<'s>,
    /// What it is called, in the default language.
    pub title: Cow<'s, str>,
    /// What is said of it; under an id, what is said of a group of columns or a head of rows in it, which is no part itself.
    pub said: Vec<(&'s str, &'s Remarks)>,
    /// The conditions on it, by position in the list of all: those of an array are conditions on each row.
    pub placed: Vec<usize>,
    /// Whether a return without it breaks a condition: one of a final return, one of a draft too.
    pub needed: Needed,
    /// The positions of its first members by key: of none while they are few.
    by_key: BTreeMap<&'s str, usize>,
}

/// In which returns a part is needed.
#[derive(Debug, Clone, Copy, Default)]
pub struct Needed {
    /// In final ones.
    pub in_final: bool,
    /// In drafts.
    pub in_draft: bool,
}

/// What a part of a document is.
#[derive(Debug, Clone)]
pub enum Kind<'s> {
    /// A value.
    Leaf(CellId),
    /// An object.
    Object(Members<'s>),
    /// The rows of a block.
    Rows(BlockId, Members<'s>),
}

impl Default for Kind<'_> {
    fn default() -> Self {
        Kind::Object(Vec::new())
    }
}

impl<'s> Node<'s> {
    /// The members of an object or of each row.
    pub fn members(&self) -> &[(&'s str, Node<'s>)] {
        match &self.kind {
            Kind::Leaf(_) => &[],
            Kind::Object(members) | Kind::Rows(_, members) => members,
        }
    }

    /// A member.
    pub fn member(&self, key: &str) -> Option<&Node<'s>> {
        self.members().get(self.position(key)?).map(|(_, node)| node)
    }

    /// Where a member stands: with the key looked up, and then among those that have come since.
    fn position(&self, key: &str) -> Option<usize> {
        let known = self.by_key.len();
        let newer = || self.members().iter().skip(known).rposition(|(k, _)| *k == key).map(|at| known + at);
        self.by_key.get(key).copied().or_else(newer)
    }

    /// The same, where it will be asked for again.
    fn place(&mut self, key: &str) -> Option<usize> {
        let known = self.by_key.len();
        if let Kind::Object(members) | Kind::Rows(_, members) = &self.kind
            && members.len() > known + FEW
        {
            self.by_key.extend(members.iter().enumerate().skip(known).map(|(at, (key, _))| (*key, at)));
        }
        self.position(key)
    }

    fn members_mut(&mut self) -> Option<&mut Members<'s>> {
        match &mut self.kind {
            Kind::Leaf(_) => None,
            Kind::Object(members) | Kind::Rows(_, members) => Some(members),
        }
    }

    fn member_mut(&mut self, key: &str) -> Option<&mut Node<'s>> {
        let at = self.place(key)?;
        self.members_mut()?.get_mut(at).map(|(_, node)| node)
    }

    /// Hangs conditions on the objects they are about.
    pub fn ask(&mut self, placed: &[Placed<'_>]) {
        for (at, one) in placed.iter().enumerate() {
            let in_rows = one.anchor.iter().any(|s| matches!(s, Step::Rows(_)));
            let in_final = !in_rows && !one.of_empty();
            let needed = Needed { in_final, in_draft: in_final && !one.presence };
            if let Some(node) = self.needing(one.anchor, needed) {
                node.placed.push(at);
            }
        }
    }

    /// The part at a path; all on the way to it are needed as it is.
    fn needing(&mut self, path: &[Step], needed: Needed) -> Option<&mut Node<'s>> {
        let mut node = self;
        for step in path {
            if let Step::Key(key) = step {
                node = node.member_mut(key)?;
                node.needed.in_final |= needed.in_final;
                node.needed.in_draft |= needed.in_draft;
            }
        }
        Some(node)
    }

    /// Puts remarks on a member, or under its id on what it would stand in.
    fn say(&mut self, within: &[Step], id: &'s str, remarks: &'s Remarks) {
        let Some(node) = self.needing(within, Needed::default()) else { return };
        match node.member_mut(id) {
            Some(own) => own.said.push(("", remarks)),
            None => node.said.push((id, remarks)),
        }
    }

    fn name(&mut self, path: &[Step], title: Cow<'s, str>) {
        if let Some(node) = self.needing(path, Needed::default()) {
            node.title = title;
        }
    }
}

/// The document of a root, from its cells, blocks and tables.
pub fn document(survey: &Survey, root: Root) -> Node<'_> {
    let mut top = Node::default();
    for (at, cell) in survey.cells.iter().enumerate().filter(|(_, c)| c.home.root == root) {
        if !matches!(cell.source, Source::Constant(_)) {
            add(&mut top, &cell.path, Some(CellId(u32::try_from(at).unwrap_or(u32::MAX))));
        }
    }
    for block in survey.blocks.iter().filter(|b| b.root == root) {
        add(&mut top, &block.path, None);
        top.name(block.array(), block.label.shown(0));
    }
    if root == Root::Return {
        named(survey, &mut top);
        for (within, id, remarks) in said(survey) {
            top.say(&within, id, remarks);
        }
    }
    top
}

fn add<'s>(top: &mut Node<'s>, path: &'s [Step], cell: Option<CellId>) {
    let mut node = top;
    for (at, step) in path.iter().enumerate() {
        match step {
            Step::Rows(block) => {
                if let Kind::Object(members) = &mut node.kind {
                    node.kind = Kind::Rows(*block, std::mem::take(members));
                }
            }
            Step::Key(key) => {
                let last = at + 1 == path.len();
                let found = node.place(key);
                let Some(members) = node.members_mut() else { return };
                let found = found.unwrap_or_else(|| {
                    let kind = cell.filter(|_| last).map_or_else(Kind::default, Kind::Leaf);
                    members.push((key, Node { kind, ..Node::default() }));
                    members.len() - 1
                });
                let Some((_, next)) = members.get_mut(found) else { return };
                node = next;
            }
        }
    }
}

/// Adds tables without cells, and says what tables, sections and rows are called.
fn named<'s>(survey: &'s Survey, top: &mut Node<'s>) {
    let Some(members) = top.members_mut() else { return };
    if !members.iter().any(|(key, _)| *key == "tables") {
        members.push(("tables", Node::default()));
    }
    for table in &survey.tables {
        let Some(tables) = top.member_mut("tables") else { return };
        if tables.place(&table.id).is_none() {
            tables.members_mut().into_iter().for_each(|all| all.push((&table.id, Node::default())));
        }
        titles_of(table, &mut |path, title| {
            let title = match title {
                Title::Of(text) => text.shown(0),
                Title::Both(number, title) => joined(number, title, 0).into(),
            };
            top.name(path, title);
        });
    }
}

/// A path as a JSON pointer, `*` for each row.
pub fn pointer(path: &[Step]) -> String {
    let mut out = String::with_capacity(path.len() * 12);
    for step in path {
        out.push('/');
        match step {
            Step::Key(key) => out.push_str(&escaped(key)),
            Step::Rows(_) => out.push('*'),
        }
    }
    out
}

/// A member as a part of a JSON pointer.
pub fn escaped(key: &str) -> Cow<'_, str> {
    if key.contains(['~', '/']) { key.replace('~', "~0").replace('/', "~1").into() } else { key.into() }
}

/// What a part of a return is called.
pub enum Title<'s> {
    /// By its label.
    Of(&'s Text),
    /// By number and title.
    Both(&'s Text, &'s Text),
}

impl Title<'_> {
    /// In a language.
    pub fn shown(&self, lang: usize) -> String {
        match self {
            Title::Of(text) => text.plain(lang),
            Title::Both(number, title) => crate::ir::text::plain(&joined(number, title, lang)).into_owned(),
        }
    }

    /// Whether it says nothing in any language.
    pub fn is_empty(&self) -> bool {
        match self {
            Title::Of(text) => text.is_empty(),
            Title::Both(number, title) => number.is_empty() && title.is_empty(),
        }
    }
}

/// `表9 12333电话咨询服务情况表`.
fn joined(number: &Text, title: &Text, lang: usize) -> String {
    format!("{} {}", number.get(lang), title.get(lang)).trim().to_owned()
}

/// Calls `f` with the path and the title of each object and array of a return.
pub fn titles<'s>(survey: &'s Survey, f: &mut dyn FnMut(&[Step], Title<'s>)) {
    survey.tables.iter().for_each(|table| titles_of(table, f));
    survey.blocks.iter().for_each(|block| f(block.array(), Title::Of(&block.label)));
}

fn titles_of<'s>(table: &'s crate::ir::Table, f: &mut dyn FnMut(&[Step], Title<'s>)) {
    let base = vec![Step::Key("tables".to_owned()), Step::Key(table.id.clone())];
    f(&base, Title::Both(&table.number, &table.title));
    for section in &table.sections {
        let mut base = base.clone();
        if table.sectioned {
            base.push(Step::Key(section.id.clone()));
            f(&base, Title::Of(&section.label));
        }
        row_titles(section, base, f);
    }
}

fn row_titles<'s>(section: &'s Section, mut path: Path, f: &mut dyn FnMut(&[Step], Title<'s>)) {
    let rows = section.grid.as_ref().map(|g| g.rows.as_slice()).unwrap_or_default();
    let mut open: Vec<(&Row, usize)> = rows.iter().map(|r| (r, 0)).collect();
    while let Some((row, depth)) = open.pop() {
        if matches!(row.kind, RowKind::Repeat(_) | RowKind::GroupRepeat(_)) || depth > DEEPEST {
            continue;
        }
        path.push(Step::Key(row.id.clone()));
        f(&path, Title::Of(&row.label));
        path.pop();
        open.extend(row.rows.iter().map(|r| (r, depth + 1)));
    }
}

/// Help and note of rows, and of groups of columns as if their id were a row's: the path of what they stand in, the id, and
/// what is said.
pub fn said(survey: &Survey) -> Vec<(Path, &str, &Remarks)> {
    let mut out = Vec::new();
    for table in &survey.tables {
        let base = vec![Step::Key("tables".to_owned()), Step::Key(table.id.clone())];
        for section in &table.sections {
            let mut base = base.clone();
            base.extend(table.sectioned.then(|| Step::Key(section.id.clone())));
            let Some(grid) = &section.grid else { continue };
            rows_said(&grid.rows, &base, survey, &mut out);
            heads_said(&grid.heads, &base, &mut out);
        }
    }
    out
}

type Said<'s> = Vec<(Path, &'s str, &'s Remarks)>;

fn is_said(remarks: &Remarks) -> bool {
    remarks.help.is_some() || remarks.note.is_some()
}

fn rows_said<'s>(rows: &'s [Row], base: &Path, survey: &'s Survey, out: &mut Said<'s>) {
    let mut open: Vec<(&Row, usize)> = rows.iter().map(|r| (r, 0)).collect();
    while let Some((row, depth)) = open.pop().filter(|(_, depth)| *depth <= DEEPEST) {
        open.extend(row.rows.iter().map(|r| (r, depth + 1)));
        if !is_said(&row.said) {
            continue;
        }
        let array = match row.kind {
            RowKind::Repeat(b) | RowKind::GroupRepeat(b) => survey.block(b).map(|b| b.array()),
            _ => None,
        };
        out.push(match array.and_then(<[Step]>::split_last) {
            Some((Step::Key(id), within)) => (within.to_vec(), id, &row.said),
            _ => (base.clone(), &row.id, &row.said),
        });
    }
}

fn heads_said<'s>(heads: &'s [Head], base: &Path, out: &mut Said<'s>) {
    let mut open: Vec<(&Head, usize)> = heads.iter().map(|h| (h, 0)).collect();
    while let Some((head, depth)) = open.pop().filter(|(_, depth)| *depth <= DEEPEST) {
        open.extend(head.children.iter().map(|h| (h, depth + 1)));
        if is_said(&head.said) {
            out.push((base.clone(), &head.id, &head.said));
        }
    }
}
