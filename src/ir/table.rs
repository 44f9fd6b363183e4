//! Tables as they are printed: sections, field blocks, grids with a header tree and a row tree.

use super::{BlockId, CellId, Notes, PeriodId, Text};
use crate::source::Span;
use formwright_engine::{Date, Value};

/// A table.
#[derive(Debug, Clone)]
pub struct Table {
    /// The id.
    pub id: String,
    /// The number as printed, as 表9.
    pub number: Text,
    /// The title.
    pub title: Text,
    /// Whether it stands on a page of its own.
    pub own_page: bool,
    /// The reference period.
    pub period: Option<Reference>,
    /// The notes.
    pub notes: Option<Notes>,
    /// Whether its JSON has a section level.
    pub sectioned: bool,
    /// The sections (one for a table without).
    pub sections: Vec<Section>,
    /// Where it is declared.
    pub span: Span,
}

/// A reference period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reference {
    /// The named period, if it is one.
    pub named: Option<PeriodId>,
    /// First day.
    pub from: Date,
    /// Last day.
    pub to: Date,
}

/// A section.
#[derive(Debug, Clone, Default)]
pub struct Section {
    /// The id; empty for a table without sections.
    pub id: String,
    /// The printed heading.
    pub label: Text,
    /// The sentences; `{field}` blanks as parts.
    pub sentences: Vec<Sentence>,
    /// The last line.
    pub closing: Option<Text>,
    /// How fields stand.
    pub layout: Layout,
    /// The reference period, if it has one of its own.
    pub period: Option<Reference>,
    /// The cell of the word that settles the section, and the word.
    pub none: Option<(CellId, Text)>,
    /// Fields in order.
    pub fields: Vec<Field>,
    /// The grid.
    pub grid: Option<Grid>,
}

/// One sentence by language: text and blanks in turn.
#[derive(Debug, Clone, Default)]
pub struct Sentence(pub Vec<Vec<Fragment>>);

/// A part of a sentence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fragment {
    /// Printed text.
    Text(String),
    /// A blank to be filled.
    Blank(CellId),
}

/// How fields stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Layout {
    /// One under the other, ruled.
    #[default]
    Rows,
    /// Lines without a frame.
    Lines,
    /// Beside each other.
    SideBySide,
}

/// A field outside a grid.
#[derive(Debug, Clone)]
pub struct Field {
    /// Its cell.
    pub cell: CellId,
    /// Whether it takes half the width.
    pub half: bool,
    /// Whether its answers print as boxes to tick.
    pub boxes: bool,
    /// The field and code (`no`, `yes` or a code) under whose box it stands.
    pub under: Option<(CellId, String)>,
    /// The stamp area's text.
    pub stamp: Option<Text>,
}

/// A grid.
#[derive(Debug, Clone, Default)]
pub struct Grid {
    /// The header tree.
    pub heads: Vec<Head>,
    /// The leaf columns, in printed order.
    pub columns: Vec<Column>,
    /// The rows, in printed order (groups contain rows).
    pub rows: Vec<Row>,
}

/// A node of the header tree.
#[derive(Debug, Clone)]
pub struct Head {
    /// The id of the group, column or spread column.
    pub id: String,
    /// The printed label.
    pub label: Text,
    /// The leaf column that is this head itself: a plain column, or the total of a group with parts.
    pub column: Option<usize>,
    /// What stands under it (a total with parts: under an unlabelled head beside the total's own column).
    pub children: Vec<Head>,
    /// Help and note of a group, or of a spread column.
    pub said: Remarks,
}

/// What a leaf column prints or asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Content {
    /// The row's number.
    Number,
    /// The row's label; a tree takes as many columns as it is deep.
    Label,
    /// The row's unit.
    Unit,
    /// A printed constant of the row.
    Constant,
    /// An answer or a calculated figure.
    Value,
}

/// A leaf column.
#[derive(Debug, Clone)]
pub struct Column {
    /// Its id, spread (`done_june`).
    pub id: String,
    /// The declared id.
    pub declared: String,
    /// The printed label.
    pub label: Text,
    /// What it prints.
    pub content: Content,
    /// The period or codes it is spread over.
    pub over: Vec<(String, String)>,
    /// The unit all its cells share, for the line above the table.
    pub unit: Option<super::UnitId>,
}

/// What kind of row it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowKind {
    /// One row with cells.
    Fixed,
    /// A row above others; has cells only as a total.
    Branch,
    /// Calculated sums.
    Total,
    /// Any number of rows.
    Repeat(BlockId),
    /// A group of repeated rows, once for each row of the block.
    GroupRepeat(BlockId),
    /// A group like a repeated one, once.
    GroupFixed,
}

/// What stands where a row meets a column.
#[derive(Debug, Clone, PartialEq)]
pub enum Slot {
    /// Nothing to print or fill.
    Empty,
    /// ——
    NotApplicable,
    /// The row's number, label or unit.
    Shown,
    /// A printed constant.
    Constant(Value, Text),
    /// A constant given once for the rows of a branch: printed merged, at the branch's first row.
    Merged(Value, Text),
    /// An answer or calculated cell.
    Cell(CellId),
}

/// A row, a block of rows, or a group.
#[derive(Debug, Clone)]
pub struct Row {
    /// The id.
    pub id: String,
    /// The kind.
    pub kind: RowKind,
    /// The printed number, or its pattern (`{group.n}-{n}`); `None`: its position.
    pub number: Option<String>,
    /// Where the number stands.
    pub number_span: Option<Span>,
    /// The printed label.
    pub label: Text,
    /// The sentence that heads a group, by language: text, and names of cells or `n`, `n.zh`.
    pub heading: Vec<Vec<HeadingPart>>,
    /// By leaf column.
    pub slots: Vec<Slot>,
    /// Fields of a group.
    pub fields: Vec<Field>,
    /// Rows under it.
    pub rows: Vec<Row>,
    /// The unit of its cells (`show: unit`).
    pub unit: Option<super::UnitId>,
    /// Help and note.
    pub said: Remarks,
    /// Where it is declared.
    pub span: Span,
}

/// What is said about a row or a group of columns beside its label.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Remarks {
    /// What is said about it beside the fields.
    pub help: Option<Text>,
    /// A note that reaches every rendition.
    pub note: Option<Text>,
}

/// A part of a group's heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadingPart {
    /// Printed text.
    Text(String),
    /// The group's position, as 1.
    Number,
    /// The group's position, as 一.
    NumberZh,
    /// A field of the group.
    Value(CellId),
}
