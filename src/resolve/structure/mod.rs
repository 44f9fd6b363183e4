//! From declared columns, rows and fields to cells: spreads, trees, blocks, groups and totals expanded.

mod blocks;
mod cells;
mod columns;
mod names;
mod over;
mod rows;

use super::facts::overlay;
use super::life::Life;
use super::model::{ColModel, Model, SectionModel};
use super::texts::Texts;
use crate::diag::Problems;
use crate::ir::cell::Path;
use crate::ir::table::{Head, Remarks, Row};
use crate::ir::{BlockId, CellId, Column, Content, Root, Step, Text};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::{Named, Str};
use crate::parse::yaml::{Scalar, Style};
use crate::source::{SourceMap, Span};
use columns::Header;
use formwright_engine::Value;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::Arc;

pub use names::join_text;

/// A cell before its facts have meanings.
#[derive(Debug, Clone)]
pub struct Proto {
    /// Facts in force, shared by the cells of a column.
    pub facts: Arc<Facts>,
    /// Facts laid over by `cells`: the node they are named after, and the facts.
    pub over: Vec<(String, Facts)>,
    /// Of a cell of a total row: the rows it adds, by position in the section.
    pub total: Option<Vec<usize>>,
    /// The section.
    pub sec: usize,
}

/// A leaf of declared columns or fields.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Column.
    pub model: ColModel,
    /// Facts in force.
    pub facts: Arc<Facts>,
    /// Printed label.
    pub label: Text,
    /// Labels of the groups above.
    pub groups: Vec<Text>,
    /// What it prints.
    pub content: Content,
    /// Where it is declared.
    pub span: Span,
}

/// Builds the sections of a survey.
pub struct Builder<'a> {
    /// The symbol tables.
    pub model: &'a mut Model,
    /// By cell.
    pub protos: &'a mut Vec<Proto>,
    /// Texts.
    pub texts: Texts<'a>,
    /// The sources, for places inside texts.
    pub sources: &'a SourceMap,
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// Root slots.
    pub root_slots: &'a mut [u32; 2],
    /// Root blocks.
    pub root_blocks: &'a mut [Vec<BlockId>; 2],
}

/// How much was built before a section, to undo it.
pub struct Mark {
    cells: usize,
    blocks: usize,
    sections: usize,
    root_slots: [u32; 2],
    root_blocks: [usize; 2],
}

/// Where a row meets a column and nothing is asked (row and column of the section, by position), and where that is said.
pub type Gone = BTreeMap<(usize, usize), Span>;

/// What a section is built from.
pub struct SectionInput<'s> {
    /// Its table.
    pub table: Option<usize>,
    /// Its id.
    pub id: String,
    /// Its declaration.
    pub node: &'s ast::Section,
    /// Facts from the table around it.
    pub column_defaults: Facts,
    /// The same for rows.
    pub row_defaults: Facts,
    /// The document.
    pub root: Root,
    /// The JSON path.
    pub path: Path,
    /// What exists in its reference period.
    pub life: Life,
    /// Places that `cells` makes ——.
    pub gone: Gone,
}

/// A built section: what prints of it, and the declarations in force.
#[derive(Debug, Default)]
pub struct Built {
    /// Fields: cell, and the declared node.
    pub fields: Vec<(CellId, Arc<Facts>)>,
    /// Header tree.
    pub heads: Vec<Head>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
    /// Every group of columns as it stands in this edition.
    pub declared_groups: Vec<Named<ast::Field>>,
    /// Every row as it stands in this edition; rows over a list are expanded.
    pub declared_rows: Vec<Named<ast::Row>>,
    /// The boxes under which fields of groups stand: as written, and the field that has them.
    pub boxes: Vec<(Str, CellId)>,
}

/// Where rows are being built.
#[derive(Clone)]
struct Spot {
    home: Option<BlockId>,
    path: Path,
    fixed_group: Option<String>,
    above: Vec<String>,
    row_facts: Arc<Facts>,
    constants: Vec<Constant>,
    /// The key column of repeated rows beside these, in which fixed rows print their label.
    key_column: Option<usize>,
}

/// A constant of a row: column, value, what is printed.
type Constant = (usize, Value, Text);

impl Builder<'_> {
    fn text(&mut self, t: Option<&crate::parse::shapes::Text>) -> Text {
        self.texts.text(t, self.problems)
    }

    /// Builds a section; returns what prints of it. Its symbol table is pushed to the model.
    pub fn section(&mut self, input: &SectionInput) -> Built {
        let sec = self.model.sections.len();
        let s = SectionModel {
            id: input.id.clone(),
            table: input.table,
            root: input.root,
            label: self.text(input.node.label.as_ref()),
            ..SectionModel::default()
        };
        let work = Work { b: self, input, sec, s, leaves: Rc::default(), built: Built::default() };
        let (built, s) = work.build();
        self.model.sections.push(s);
        built
    }

    /// How much is built so far.
    pub fn mark(&self) -> Mark {
        Mark {
            cells: self.model.cells.len(),
            blocks: self.model.blocks.len(),
            sections: self.model.sections.len(),
            root_slots: *self.root_slots,
            root_blocks: [0, 1].map(|i| self.root_blocks.get(i).map_or(0, Vec::len)),
        }
    }

    /// Undoes what was built since.
    pub fn undo(&mut self, mark: &Mark) {
        self.model.cells.truncate(mark.cells);
        self.protos.truncate(mark.cells);
        self.model.blocks.truncate(mark.blocks);
        self.model.sections.truncate(mark.sections);
        *self.root_slots = mark.root_slots;
        for (blocks, n) in self.root_blocks.iter_mut().zip(mark.root_blocks) {
            blocks.truncate(n);
        }
    }
}

/// A section on its way.
struct Work<'w, 'a> {
    b: &'w mut Builder<'a>,
    input: &'w SectionInput<'w>,
    sec: usize,
    s: SectionModel,
    leaves: Rc<[Leaf]>,
    built: Built,
}

impl Work<'_, '_> {
    fn build(mut self) -> (Built, SectionModel) {
        let node = self.input.node;
        if let Some(none) = node.none.as_ref().and_then(|n| n.0.first()) {
            let word = self.text(Some(&none.value));
            self.s.none = Some(self.none_cell(none.span, word));
        }
        let over = |outer: &Facts, own: &Option<Facts>| overlay(outer, &own.clone().unwrap_or_default());
        let defaults = over(&self.input.column_defaults, &node.column_defaults);
        if let Some(columns) = &node.columns {
            let mut header = Header::default();
            self.built.heads = self.columns(columns, &defaults, &[], &mut header);
            self.s.columns = header.leaves.iter().map(|l| l.model.clone()).collect();
            self.s.groups = header.groups;
            self.leaves = header.leaves.into();
        }
        let spot = Spot {
            home: None,
            path: self.input.path.clone(),
            fixed_group: None,
            above: Vec::new(),
            row_facts: Arc::new(over(&self.input.row_defaults, &node.row_defaults)),
            constants: Vec::new(),
            key_column: None,
        };
        if let Some(rows) = &node.rows {
            self.built.rows = self.rows(rows, &spot);
        }
        if let Some(fields) = &node.fields {
            let mut names = Vec::new();
            // Below a grid the defaults of its columns say nothing about the fields.
            let defaults = if node.columns.is_some() { Facts::default() } else { defaults };
            self.built.fields = self.fields(fields, &defaults, &spot, &mut names);
            self.s.fields = names;
        }
        self.built.columns = self.leaves.iter().map(printed_column).collect();
        self.names();
        (self.built, self.s)
    }

    fn text(&mut self, t: Option<&crate::parse::shapes::Text>) -> Text {
        self.b.text(t)
    }

    /// Help and note of a row or a group of columns.
    fn said(&mut self, facts: &Facts) -> Remarks {
        let mut text = |t: &Option<crate::parse::shapes::Text>| t.as_ref().map(|t| self.text(Some(t)));
        Remarks { help: text(&facts.help), note: text(&facts.note) }
    }

    fn none_cell(&mut self, span: Span, label: Text) -> CellId {
        let mut path = self.input.path.clone();
        path.push(Step::Key("none".into()));
        let facts = Facts { ty: Some(plain_str("tick", span)), ..Facts::default() };
        let at = cells::NewCell {
            sec: self.sec,
            id: "none",
            declared: "none",
            over: &[],
            row: None,
            home: None,
            path,
            label,
            groups: &[],
            facts: Arc::new(facts),
            span,
        };
        self.b.cell(at, self.input)
    }
}

fn printed_column(leaf: &Leaf) -> Column {
    Column {
        id: leaf.model.id.clone(),
        declared: leaf.model.declared.clone(),
        label: leaf.label.clone(),
        content: leaf.content,
        over: leaf.model.over.clone(),
        unit: None,
    }
}

/// A text as if it were written at a place.
pub fn plain_str(text: &str, span: Span) -> Str {
    Str(Scalar { text: text.into(), style: Style::Plain, span })
}
