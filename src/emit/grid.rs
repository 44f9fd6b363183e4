//! A grid as it is printed: the header tree and the rows laid out as cells with row and column spans.
//!
//! [`sheet`] does it once for every target that shows tables. The layout does not depend on the language; texts carry
//! all of them.

mod body;
mod head;

use crate::ir::table::{Content, Grid};
use crate::ir::{BlockId, CellId, Survey, Text, UnitId};

/// A grid laid out.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sheet {
    /// The printed columns, from left to right.
    pub columns: Vec<ColumnInfo>,
    /// The head, level by level; cells in order of column.
    pub head: Vec<Vec<HeadCell>>,
    /// The lines below the head.
    pub body: Vec<BodyRow>,
}

/// A printed column.
#[derive(Debug, Clone, PartialEq)]
pub struct ColumnInfo {
    /// Position of the leaf column in [`Grid::columns`].
    pub column: usize,
    /// Which of the columns that a tree of labels takes, from 0.
    pub part: usize,
    /// The column's id.
    pub id: String,
    /// What it prints.
    pub content: Content,
}

/// What a head cell is the head of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadScope {
    /// One column.
    Column,
    /// Several columns.
    Group,
}

/// A cell of the head.
#[derive(Debug, Clone, PartialEq)]
pub struct HeadCell {
    /// The id of the group or column; empty for the unlabelled head over the parts of a total.
    pub id: String,
    /// The printed label; empty over the parts of a total.
    pub text: Text,
    /// Level, from 0.
    pub row: usize,
    /// First printed column.
    pub col: usize,
    /// Levels it covers.
    pub rowspan: usize,
    /// Columns it covers.
    pub colspan: usize,
    /// What it is the head of.
    pub scope: HeadScope,
}

/// What kind of line it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LineKind {
    /// A fixed row.
    Fixed,
    /// A calculated total.
    Total,
    /// A row of a block, by position in it (as printed).
    Repeated {
        /// The block.
        block: BlockId,
        /// The position, from 0.
        index: u32,
    },
    /// The heading of a group of rows; of a repeated one with its block and position.
    Heading(Option<(BlockId, u32)>),
}

/// A line of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyRow {
    /// What it is.
    pub kind: LineKind,
    /// The id of the row, block or group.
    pub id: String,
    /// How many printed rows stand above it in the tree.
    pub level: usize,
    /// The group it stands in: the id, and the position of a repeated one.
    pub group: Option<(String, Option<u32>)>,
    /// The cells that begin in this line, in order of column.
    pub cells: Vec<BodyCell>,
}

/// A cell of the body.
#[derive(Debug, Clone, PartialEq)]
pub struct BodyCell {
    /// What stands in it.
    pub content: CellContent,
    /// First printed column.
    pub col: usize,
    /// Columns it covers.
    pub colspan: usize,
    /// Lines it covers.
    pub rowspan: usize,
}

/// What stands in a cell of the body.
#[derive(Debug, Clone, PartialEq)]
pub enum CellContent {
    /// A label.
    Label(Text),
    /// The row's number.
    Number(String),
    /// The row's unit.
    Unit(UnitId),
    /// A printed constant.
    Constant(Text),
    /// ——
    NotApplicable,
    /// An answer or a calculated figure.
    Answer(CellId),
    /// Nothing.
    Empty,
    /// The sentence of a group, by language.
    GroupHeading(Vec<Vec<HeadingItem>>),
}

/// A part of a group's printed heading.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum HeadingItem {
    /// Printed text, the group's number included.
    Text(String),
    /// A field of the group.
    Answer(CellId),
}

/// Lays a grid out.
pub fn sheet(survey: &Survey, grid: &Grid) -> Sheet {
    let depth = body::label_depth(grid);
    let columns = printed_columns(grid, depth);
    let head = head::levels(grid, &columns);
    let body = body::Layout::new(survey, grid, &columns, depth).lines();
    Sheet { columns, head, body }
}

/// The leaf columns in order; that of the labels as often as the tree of rows is deep.
fn printed_columns(grid: &Grid, depth: usize) -> Vec<ColumnInfo> {
    let mut printed = Vec::new();
    for (column, leaf) in grid.columns.iter().enumerate() {
        let parts = if leaf.content == Content::Label { depth } else { 1 };
        for part in 0..parts {
            printed.push(ColumnInfo { column, part, id: leaf.id.clone(), content: leaf.content });
        }
    }
    printed
}

/// The number `n` as 一, 二 … 九十九 (as digits beyond).
pub fn chinese_number(n: u32) -> String {
    const DIGITS: [&str; 10] = ["", "一", "二", "三", "四", "五", "六", "七", "八", "九"];
    let digit = |d: u32| DIGITS.get(d as usize).copied().unwrap_or("");
    match (n / 10, n % 10) {
        (0, 0) => "〇".to_owned(),
        (0, d) => digit(d).to_owned(),
        (1, d) => format!("十{}", digit(d)),
        (t, d) if t < 10 => format!("{}十{}", digit(t), digit(d)),
        _ => n.to_string(),
    }
}
