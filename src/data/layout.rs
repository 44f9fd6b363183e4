//! What is derived once from a survey for reading, writing and checking its submissions.

use crate::ir::cell::Source;
use crate::ir::{BlockId, Cell, CellId, Fact, Path, Root, RuleId, Step, Survey};
use crate::ir::{Check, Origin};
use formwright_engine::json::pointer_step;
use std::collections::HashMap;

/// A position in [`Tree::nodes`].
pub type NodeId = usize;

/// What a JSON member is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Target {
    /// An object with members of its own.
    Object(NodeId),
    /// The array of a block; each row is an object.
    Rows(BlockId, NodeId),
    /// A cell.
    Cell(CellId),
}

/// The members of an object, in declaration order.
#[derive(Debug, Clone, Default)]
pub struct Node {
    /// Names and what they are.
    pub members: Vec<(String, Target)>,
    by_name: HashMap<String, usize>,
}

impl Node {
    /// What the member of that name is.
    pub fn get(&self, name: &str) -> Option<Target> {
        self.by_name.get(name).and_then(|ix| self.members.get(*ix)).map(|(_, target)| *target)
    }

    fn add(&mut self, name: &str, target: Target) {
        if !self.by_name.contains_key(name) {
            self.by_name.insert(name.to_owned(), self.members.len());
            self.members.push((name.to_owned(), target));
        }
    }
}

/// The shape of a document.
#[derive(Debug, Clone)]
pub struct Tree {
    /// All objects; the first is the document.
    pub nodes: Vec<Node>,
}

impl Tree {
    /// The members of an object.
    pub fn node(&self, id: NodeId) -> Option<&Node> {
        self.nodes.get(id)
    }

    fn child(&mut self, at: NodeId, name: &str, block: Option<BlockId>) -> Option<NodeId> {
        match self.nodes.get(at)?.get(name) {
            Some(Target::Object(id) | Target::Rows(_, id)) => Some(id),
            Some(Target::Cell(_)) => None,
            None => {
                let id = self.nodes.len();
                self.nodes.push(Node::default());
                let target = block.map_or(Target::Object(id), |block| Target::Rows(block, id));
                self.nodes.get_mut(at)?.add(name, target);
                Some(id)
            }
        }
    }

    /// Walks a path, adding what is missing; the last member is left to the caller.
    fn open<'p>(&mut self, path: &'p [Step]) -> Option<(NodeId, Option<&'p str>)> {
        let mut at = 0;
        let mut steps = path.iter().peekable();
        while let Some(step) = steps.next() {
            let Step::Key(name) = step else { return None };
            match steps.peek() {
                None => return Some((at, Some(name))),
                Some(Step::Rows(block)) => {
                    at = self.child(at, name, Some(*block))?;
                    steps.next();
                }
                Some(Step::Key(_)) => at = self.child(at, name, None)?,
            }
        }
        Some((at, None))
    }

    fn add_cell(&mut self, id: CellId, path: &Path) {
        if let Some((at, Some(name))) = self.open(path)
            && let Some(node) = self.nodes.get_mut(at)
        {
            node.add(name, Target::Cell(id));
        }
    }

    /// A block's path may end with its name or with its rows.
    fn add_block(&mut self, id: BlockId, path: &Path) {
        let mut whole = path.clone();
        if !matches!(whole.last(), Some(Step::Rows(_))) {
            whole.push(Step::Rows(id));
        }
        self.open(&whole);
    }
}

/// Lookups derived once from a survey.
#[derive(Debug, Clone)]
pub struct Layout {
    trees: [Tree; 2],
    chains: Vec<Vec<BlockId>>,
    facts: HashMap<(CellId, Fact), RuleId>,
    block_facts: HashMap<(BlockId, Fact), RuleId>,
}

impl Layout {
    /// Derives the lookups of a survey.
    pub fn new(survey: &Survey) -> Self {
        let mut layout = Layout {
            trees: [tree(survey, Root::Return), tree(survey, Root::Context)],
            chains: (0..survey.blocks.len()).map(|ix| chain(survey, ix)).collect(),
            facts: HashMap::new(),
            block_facts: HashMap::new(),
        };
        layout.index_facts(survey);
        layout
    }

    fn index_facts(&mut self, survey: &Survey) {
        let mut blocks = HashMap::new();
        for (ix, block) in survey.blocks.iter().enumerate() {
            let id = BlockId(u32::try_from(ix).unwrap_or(u32::MAX));
            blocks.entry((block.table, block.id.as_str())).or_insert(id);
        }
        for (ix, rule) in survey.rules.iter().enumerate() {
            let Origin::Fact(fact) = rule.origin else { continue };
            let id = RuleId(u32::try_from(ix).unwrap_or(u32::MAX));
            for instance in &rule.instances {
                if let Some(cell) = instance.target {
                    self.facts.entry((cell, fact)).or_insert(id);
                }
                let block = match instance.check {
                    Check::Key(block) | Check::Rows { block, .. } => Some(block),
                    _ => {
                        let named = instance.place.block.as_deref();
                        named.and_then(|id| blocks.get(&(rule.table, id)).copied())
                    }
                };
                if let Some(block) = block {
                    self.block_facts.entry((block, fact)).or_insert(id);
                }
            }
        }
    }

    /// The shape of a document.
    pub fn tree(&self, root: Root) -> &Tree {
        let [of_return, of_context] = &self.trees;
        match root {
            Root::Return => of_return,
            Root::Context => of_context,
        }
    }

    /// The blocks around a row of `block`, outermost first, itself last.
    pub fn chain(&self, block: Option<BlockId>) -> &[BlockId] {
        block.and_then(|b| self.chains.get(b.ix())).map_or(&[], Vec::as_slice)
    }

    /// The rule of a cell's fact.
    pub fn fact(&self, cell: CellId, fact: Fact) -> Option<RuleId> {
        self.facts.get(&(cell, fact)).copied()
    }

    /// The rule of a block's fact.
    pub fn block_fact(&self, block: BlockId, fact: Fact) -> Option<RuleId> {
        self.block_facts.get(&(block, fact)).copied()
    }

    /// The JSON pointer of a cell, with the indexes of the rows it is in, outermost first.
    pub fn pointer(&self, cell: &Cell, rows: &[usize]) -> String {
        pointer(&cell.path, rows)
    }
}

/// The JSON pointer of a path; rows beyond the indexes given are left out.
pub fn pointer(path: &[Step], rows: &[usize]) -> String {
    let mut out = String::new();
    let mut rows = rows.iter();
    for step in path {
        match step {
            Step::Key(name) => out.push_str(&pointer_step(name)),
            Step::Rows(_) => match rows.next() {
                Some(index) => out.push_str(&format!("/{index}")),
                None => return out,
            },
        }
    }
    out
}

fn chain(survey: &Survey, ix: usize) -> Vec<BlockId> {
    let mut at = Some(BlockId(u32::try_from(ix).unwrap_or(u32::MAX)));
    let mut out = Vec::new();
    while let Some(block) = at
        && out.len() <= survey.blocks.len()
    {
        out.push(block);
        at = survey.block(block).and_then(|b| b.parent);
    }
    out.reverse();
    out
}

/// The return's document begins with the respondent, then come the tables and the signature.
fn tree(survey: &Survey, root: Root) -> Tree {
    let mut tree = Tree { nodes: vec![Node::default()] };
    if root == Root::Return {
        for name in ["respondent", "tables", "signature"] {
            if starts_any(survey, name) {
                tree.child(0, name, None);
            }
        }
    }
    for (ix, cell) in survey.cells.iter().enumerate() {
        if cell.home.root == root && !matches!(cell.source, Source::Constant(_)) {
            tree.add_cell(CellId(u32::try_from(ix).unwrap_or(u32::MAX)), &cell.path);
        }
    }
    for (ix, block) in survey.blocks.iter().enumerate() {
        if block.root == root {
            tree.add_block(BlockId(u32::try_from(ix).unwrap_or(u32::MAX)), &block.path);
        }
    }
    tree
}

fn starts_any(survey: &Survey, name: &str) -> bool {
    let starts = |path: &Path| matches!(path.first(), Some(Step::Key(first)) if first == name);
    survey.cells.iter().any(|c| c.home.root == Root::Return && starts(&c.path))
        || survey.blocks.iter().any(|b| b.root == Root::Return && starts(&b.path))
}
