//! The shape of a document: its members, rows and cells as a tree, and what each part is called.

use crate::ir::cell::{Root, Source};
use crate::ir::table::{Row, RowKind};
use crate::ir::{BlockId, CellId, Path, Section, Step, Survey, Text};
use std::collections::BTreeMap;

/// Row trees deeper than this are cut off; the reader of sources allows far less.
const DEEPEST: usize = 32;

/// The members of an object, in order of declaration.
pub type Members = Vec<(String, Node)>;

/// A part of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum Node {
    /// A value.
    Leaf(CellId),
    /// An object.
    Object(Members),
    /// The rows of a block.
    Rows(BlockId, Members),
}

impl Node {
    fn members(&mut self) -> Option<&mut Members> {
        match self {
            Node::Leaf(_) => None,
            Node::Object(members) | Node::Rows(_, members) => Some(members),
        }
    }
}

/// The document of a root, from its cells, blocks and tables.
pub fn document(survey: &Survey, root: Root) -> Node {
    let mut top = Node::Object(Vec::new());
    for (at, cell) in survey.cells.iter().enumerate().filter(|(_, c)| c.home.root == root) {
        if !matches!(cell.source, Source::Constant(_)) {
            add(&mut top, &cell.path, Some(CellId(u32::try_from(at).unwrap_or(u32::MAX))));
        }
    }
    for block in survey.blocks.iter().filter(|b| b.root == root) {
        add(&mut top, &block.path, None);
    }
    if root == Root::Return {
        for table in &survey.tables {
            add(&mut top, &[Step::Key("tables".to_owned()), Step::Key(table.id.clone())], None);
        }
    }
    top
}

fn add(top: &mut Node, path: &[Step], cell: Option<CellId>) {
    let mut node = top;
    for (at, step) in path.iter().enumerate() {
        match step {
            Step::Rows(block) => {
                if let Node::Object(members) = node {
                    *node = Node::Rows(*block, std::mem::take(members));
                }
            }
            Step::Key(key) => {
                let last = at + 1 == path.len();
                let Some(members) = node.members() else { return };
                let found = members.iter().rposition(|(k, _)| k == key).unwrap_or_else(|| {
                    let new = cell.filter(|_| last).map_or(Node::Object(Vec::new()), Node::Leaf);
                    members.push((key.clone(), new));
                    members.len() - 1
                });
                let Some((_, next)) = members.get_mut(found) else { return };
                node = next;
            }
        }
    }
}

/// The part of a document at a path of members.
pub fn at<'t>(node: &'t Node, keys: &[&str]) -> Option<&'t Node> {
    keys.iter().try_fold(node, |node, key| match node {
        Node::Object(members) | Node::Rows(_, members) => {
            members.iter().find(|(k, _)| k == key).map(|(_, n)| n)
        }
        Node::Leaf(_) => None,
    })
}

/// A path as a JSON pointer, `*` for each row.
pub fn pointer(path: &[Step]) -> String {
    let part = |s: &Step| match s {
        Step::Key(key) => format!("/{}", key.replace('~', "~0").replace('/', "~1")),
        Step::Rows(_) => "/*".to_owned(),
    };
    path.iter().map(part).collect()
}

/// What objects and arrays are called, by pointer.
pub fn titles(survey: &Survey) -> BTreeMap<String, Text> {
    let mut titles = BTreeMap::new();
    for table in &survey.tables {
        let base = vec![Step::Key("tables".to_owned()), Step::Key(table.id.clone())];
        titles.insert(pointer(&base), joined(&table.number, &table.title));
        for section in &table.sections {
            let mut base = base.clone();
            if table.sectioned {
                base.push(Step::Key(section.id.clone()));
                titles.insert(pointer(&base), section.label.clone());
            }
            row_titles(section, &base, &mut titles);
        }
    }
    for block in &survey.blocks {
        titles.insert(pointer(block.array()), block.label.clone());
    }
    titles
}

fn row_titles(section: &Section, base: &Path, titles: &mut BTreeMap<String, Text>) {
    let rows = section.grid.as_ref().map(|g| g.rows.as_slice()).unwrap_or_default();
    let mut open: Vec<(&Row, usize)> = rows.iter().map(|r| (r, 0)).collect();
    while let Some((row, depth)) = open.pop() {
        if matches!(row.kind, RowKind::Repeat(_) | RowKind::GroupRepeat(_)) || depth > DEEPEST {
            continue;
        }
        let mut path = base.clone();
        path.push(Step::Key(row.id.clone()));
        titles.insert(pointer(&path), row.label.clone());
        open.extend(row.rows.iter().map(|r| (r, depth + 1)));
    }
}

/// `表9 12333电话咨询服务情况表`, in each language.
fn joined(number: &Text, title: &Text) -> Text {
    let count = number.0.len().max(title.0.len());
    Text((0..count).map(|l| format!("{} {}", number.get(l), title.get(l)).trim().to_owned()).collect())
}
