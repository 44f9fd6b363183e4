//! The rows as lines of cells.

use super::{BodyCell, BodyRow, CellContent, ColumnInfo, HeadingItem, LineKind, chinese_number};
use crate::ir::cell::Source;
use crate::ir::table::{Content, Grid, HeadingPart, Row, RowKind, Slot};
use crate::ir::{BlockId, Survey, Text};

/// Row trees deeper than this are cut off; the reader of sources allows far less.
const DEEPEST: usize = 32;

/// A row that prints a line, with the merged branches above it.
struct Line<'a> {
    row: &'a Row,
    /// Branches above without a line of their own, outermost first.
    branches: Vec<&'a Row>,
    level: usize,
}

/// Where lines stand: the group at hand.
#[derive(Clone, Default)]
struct Around {
    group: Option<(String, Option<u32>)>,
    number: String,
    chinese: String,
}

/// Whether a branch prints a line of its own: a total with parts does, a mere heading of rows is merged over them.
fn has_line(row: &Row) -> bool {
    row.kind != RowKind::Branch || row.slots.iter().any(|s| matches!(s, Slot::Cell(_) | Slot::NotApplicable))
}

fn lines_of<'a>(rows: &'a [Row], branches: &[&'a Row], level: usize, out: &mut Vec<Line<'a>>) {
    if level + branches.len() >= DEEPEST {
        return;
    }
    for row in rows {
        if has_line(row) {
            out.push(Line { row, branches: branches.to_vec(), level });
            if matches!(row.kind, RowKind::Fixed | RowKind::Branch | RowKind::Total) {
                lines_of(&row.rows, branches, level + 1, out);
            }
        } else {
            let mut inner = branches.to_vec();
            inner.push(row);
            lines_of(&row.rows, &inner, level, out);
        }
    }
}

fn flat(rows: &[Row]) -> Vec<Line<'_>> {
    let mut out = Vec::new();
    lines_of(rows, &[], 0, &mut out);
    out
}

/// How many columns the labels take: the most labels that stand beside each other.
pub fn label_depth(grid: &Grid) -> usize {
    flat(&grid.rows).iter().map(|line| labels(line).len()).max().unwrap_or(1).max(1)
}

/// The labels of a line from the outermost merged branch to the row, each with the row it belongs to.
fn labels<'a>(line: &Line<'a>) -> Vec<&'a Row> {
    line.branches.iter().copied().chain([line.row]).filter(|r| !r.label.is_empty()).collect()
}

/// What is needed to lay out the rows of a grid.
pub struct Layout<'a> {
    survey: &'a Survey,
    grid: &'a Grid,
    columns: &'a [ColumnInfo],
    depth: usize,
    /// Leaf columns that are keys of repeated rows: there fixed rows print their label.
    keys: Vec<usize>,
    number_column: Option<usize>,
}

impl<'a> Layout<'a> {
    /// The layout of a grid whose printed columns are known.
    pub fn new(survey: &'a Survey, grid: &'a Grid, columns: &'a [ColumnInfo], depth: usize) -> Self {
        let number_column = columns.iter().position(|c| c.content == Content::Number);
        Layout { survey, grid, columns, depth, keys: key_columns(survey, grid), number_column }
    }

    /// All lines.
    pub fn lines(&self) -> Vec<BodyRow> {
        let mut out = Vec::new();
        self.section(&self.grid.rows, &Around::default(), 0, &mut out);
        out
    }

    fn section(&self, rows: &'a [Row], around: &Around, depth: usize, out: &mut Vec<BodyRow>) {
        if depth >= DEEPEST {
            return;
        }
        let lines = flat(rows);
        let mut counted = 0;
        let mut groups = 0;
        let mut open = false;
        for (at, line) in lines.iter().enumerate() {
            match line.row.kind {
                RowKind::Repeat(block) => self.repeated(line.row, block, around, &mut counted, out),
                RowKind::GroupRepeat(block) => {
                    self.groups(line.row, block, &mut groups, depth, out);
                    open = true;
                }
                RowKind::GroupFixed => self.group(line.row, None, &mut groups, open, depth, out),
                _ => out.push(self.fixed(&lines, at, around, &mut counted)),
            }
        }
    }

    fn printed_rows(&self, block: BlockId) -> u32 {
        self.survey.block(block).map_or(1, |b| b.print.max(1))
    }

    fn repeated(
        &self,
        row: &'a Row,
        block: BlockId,
        around: &Around,
        counted: &mut u32,
        out: &mut Vec<BodyRow>,
    ) {
        for index in 0..self.printed_rows(block) {
            *counted += 1;
            let number = numbered(row.number.as_deref(), *counted, index + 1, around);
            let cells =
                self.columns.iter().enumerate().filter_map(|(at, c)| self.repeated_cell(row, at, c, &number));
            let kind = LineKind::Repeated { block, index };
            let group = around.group.clone();
            out.push(BodyRow { kind, id: row.id.clone(), level: 0, group, cells: cells.collect() });
        }
    }

    fn repeated_cell(&self, row: &Row, at: usize, column: &ColumnInfo, number: &str) -> Option<BodyCell> {
        let content = match column.content {
            Content::Number => CellContent::Number(number.to_owned()),
            Content::Label if column.part > 0 => return None,
            Content::Label => CellContent::Label(row.label.clone()),
            Content::Unit => unit(row),
            Content::Constant | Content::Value => self.slot(row, column.column),
        };
        let colspan = if column.content == Content::Label { self.depth } else { 1 };
        Some(BodyCell { content, col: at, colspan, rowspan: 1 })
    }

    fn groups(&self, row: &'a Row, block: BlockId, groups: &mut u32, depth: usize, out: &mut Vec<BodyRow>) {
        for index in 0..self.printed_rows(block) {
            self.group(row, Some((block, index)), groups, false, depth, out);
        }
    }

    /// A group: its heading, then its rows. A fixed group behind repeated ones is the N-th, whatever N will be.
    fn group(
        &self,
        row: &'a Row,
        repeat: Option<(BlockId, u32)>,
        groups: &mut u32,
        open: bool,
        depth: usize,
        out: &mut Vec<BodyRow>,
    ) {
        *groups += 1;
        let (number, chinese) = if open {
            ("n".to_owned(), "N".to_owned())
        } else {
            (groups.to_string(), chinese_number(*groups))
        };
        let around = Around { group: Some((row.id.clone(), repeat.map(|(_, i)| i))), number, chinese };
        let content = CellContent::GroupHeading(self.heading(row, &around));
        let cell = BodyCell { content, col: 0, colspan: self.columns.len(), rowspan: 1 };
        let kind = LineKind::Heading(repeat);
        out.push(BodyRow {
            kind,
            id: row.id.clone(),
            level: 0,
            group: around.group.clone(),
            cells: vec![cell],
        });
        self.section(&row.rows, &around, depth + 1, out);
    }

    fn heading(&self, row: &Row, around: &Around) -> Vec<Vec<HeadingItem>> {
        if row.heading.is_empty() {
            return row.label.0.iter().map(|l| vec![HeadingItem::Text(l.clone())]).collect();
        }
        let item = |part: &HeadingPart| match part {
            HeadingPart::Text(text) => HeadingItem::Text(text.clone()),
            HeadingPart::Number => HeadingItem::Text(around.number.clone()),
            HeadingPart::NumberZh => HeadingItem::Text(around.chinese.clone()),
            HeadingPart::Value(cell) => HeadingItem::Answer(*cell),
        };
        row.heading.iter().map(|parts| parts.iter().map(item).collect()).collect()
    }

    /// A fixed row or total. Cells merged over several lines stand in the first of them.
    fn fixed(&self, lines: &[Line<'a>], at: usize, around: &Around, counted: &mut u32) -> BodyRow {
        let Some(line) = lines.get(at) else { return self.nothing() };
        let number = self.number_cell(lines, at, around, counted);
        let starts_at_number = line.row.kind == RowKind::Total && line.row.number.is_none();
        let mut cells = if starts_at_number { self.total_start(line) } else { Vec::new() };
        let mut col = cells.iter().map(|c| c.col + c.colspan).max().unwrap_or(0);
        while let Some(column) = self.columns.get(col) {
            if column.content == Content::Label && column.part == 0 {
                cells.extend(self.label_cells(lines, at, col));
            } else if column.content != Content::Label {
                cells.extend(self.fixed_cell(lines, at, col, column, number.clone()));
            }
            col += 1;
        }
        let kind = if line.row.kind == RowKind::Total { LineKind::Total } else { LineKind::Fixed };
        BodyRow { kind, id: line.row.id.clone(), level: line.level, group: around.group.clone(), cells }
    }

    fn nothing(&self) -> BodyRow {
        BodyRow { kind: LineKind::Fixed, id: String::new(), level: 0, group: None, cells: Vec::new() }
    }

    /// A total without a number begins in the number column and takes the columns of labels or key beside it, unless a
    /// —— stands there.
    fn total_start(&self, line: &Line<'a>) -> Vec<BodyCell> {
        let Some(first) = self.number_column else { return Vec::new() };
        if first > 0 {
            return Vec::new();
        }
        let takes = |c: &&ColumnInfo| c.content == Content::Label || self.is_label_place(line.row, c);
        let beside = self.columns.iter().skip(first + 1).take_while(takes).count();
        let content = CellContent::Label(line.row.label.clone());
        vec![BodyCell { content, col: first, colspan: 1 + beside, rowspan: 1 }]
    }

    /// Whether a fixed row prints its label in this column of answers: the key column of repeated rows.
    fn is_label_place(&self, row: &Row, column: &ColumnInfo) -> bool {
        let slot = row.slots.get(column.column);
        let free = matches!(slot, None | Some(Slot::Shown | Slot::Empty));
        column.content == Content::Value
            && (slot == Some(&Slot::Shown) || free && self.keys.contains(&column.column))
    }

    /// The number stands beside the rows of the branch that has it, once.
    fn number_cell(
        &self,
        lines: &[Line<'a>],
        at: usize,
        around: &Around,
        counted: &mut u32,
    ) -> Option<BodyCell> {
        let line = lines.get(at)?;
        let owner = number_owner(line);
        let (first, count) = extent(lines, at, owner);
        if first != at || line.row.kind == RowKind::Total && line.row.number.is_none() {
            return None;
        }
        *counted += 1;
        let text = numbered(owner.number.as_deref(), *counted, *counted, around);
        Some(BodyCell { content: CellContent::Number(text), col: 0, colspan: 1, rowspan: count })
    }

    fn label_cells(&self, lines: &[Line<'a>], at: usize, col: usize) -> Vec<BodyCell> {
        let Some(line) = lines.get(at) else { return Vec::new() };
        let owners = labels(line);
        if owners.is_empty() {
            return vec![BodyCell { content: CellContent::Empty, col, colspan: self.depth, rowspan: 1 }];
        }
        let last = owners.len() - 1;
        let cell = |(level, owner): (usize, &&'a Row)| {
            let (first, rowspan) = extent(lines, at, owner);
            let colspan = if level == last { self.depth - level } else { 1 };
            let content = CellContent::Label(owner.label.clone());
            (first == at).then_some(BodyCell { content, col: col + level, colspan, rowspan })
        };
        owners.iter().enumerate().filter_map(cell).collect()
    }

    fn fixed_cell(
        &self,
        lines: &[Line<'a>],
        at: usize,
        col: usize,
        column: &ColumnInfo,
        number: Option<BodyCell>,
    ) -> Option<BodyCell> {
        let line = lines.get(at)?;
        let plain = |content| Some(BodyCell { content, col, colspan: 1, rowspan: 1 });
        match column.content {
            Content::Number if line.row.number.is_none() && line.row.kind == RowKind::Total => {
                plain(CellContent::Empty)
            }
            Content::Number => number.map(|n| BodyCell { col, ..n }),
            Content::Unit => plain(line_unit(line)),
            _ if self.is_label_place(line.row, column) => plain(CellContent::Label(line.row.label.clone())),
            _ => self
                .merged(lines, at, col, column.column)
                .unwrap_or_else(|| plain(self.slot(line.row, column.column))),
        }
    }

    /// A constant given on a branch: one cell over its lines. `Some(None)`: covered by the cell of an earlier line.
    fn merged(&self, lines: &[Line<'a>], at: usize, col: usize, column: usize) -> Option<Option<BodyCell>> {
        let line = lines.get(at)?;
        let branch = line.branches.iter().rev().find(|b| merged_text(lines, b, column).is_some())?;
        if matches!(
            line.row.slots.get(column),
            Some(Slot::Constant(..) | Slot::Cell(_) | Slot::NotApplicable)
        ) {
            return None;
        }
        let (first, rowspan) = extent(lines, at, branch);
        let content = CellContent::Constant(merged_text(lines, branch, column)?.clone());
        Some((first == at).then_some(BodyCell { content, col, colspan: 1, rowspan }))
    }

    fn slot(&self, row: &Row, column: usize) -> CellContent {
        match row.slots.get(column) {
            None | Some(Slot::Empty | Slot::Shown) => CellContent::Empty,
            Some(Slot::NotApplicable) => CellContent::NotApplicable,
            Some(Slot::Constant(_, text) | Slot::Merged(_, text)) => CellContent::Constant(text.clone()),
            Some(Slot::Cell(id)) => match self.survey.cell(*id).map(|c| &c.source) {
                Some(Source::Constant(value)) => CellContent::Constant(Text(vec![value.to_string()])),
                _ => CellContent::Answer(*id),
            },
        }
    }
}

/// The constant that a branch prints over its lines in a column.
fn merged_text<'t>(lines: &'t [Line<'_>], branch: &'t Row, column: usize) -> Option<&'t Text> {
    let own = branch.slots.get(column);
    let below = lines.iter().find(|l| l.branches.iter().any(|b| std::ptr::eq(*b, branch)));
    let inner = below.and_then(|l| l.row.slots.get(column)).filter(|s| matches!(s, Slot::Merged(..)));
    match own.filter(|s| matches!(s, Slot::Constant(..) | Slot::Merged(..))).or(inner) {
        Some(Slot::Constant(_, text) | Slot::Merged(_, text)) => Some(text),
        _ => None,
    }
}

/// The row whose number stands beside a line: its own, else that of the nearest merged branch that has one, else the
/// outermost branch (by position).
fn number_owner<'a>(line: &Line<'a>) -> &'a Row {
    if line.row.number.is_some() {
        return line.row;
    }
    let with_number = line.branches.iter().rev().find(|b| b.number.is_some());
    with_number.or(line.branches.first()).copied().unwrap_or(line.row)
}

/// First line and number of lines that a row, or a merged branch, covers around line `at`.
fn extent(lines: &[Line<'_>], at: usize, owner: &Row) -> (usize, usize) {
    let covered =
        |l: &Line<'_>| std::ptr::eq(l.row, owner) || l.branches.iter().any(|b| std::ptr::eq(*b, owner));
    let first = lines.iter().position(covered).unwrap_or(at);
    (first, lines.iter().filter(|l| covered(l)).count().max(1))
}

fn numbered(pattern: Option<&str>, counted: u32, n: u32, around: &Around) -> String {
    let Some(pattern) = pattern else { return counted.to_string() };
    pattern
        .replace("{group.n.zh}", &around.chinese)
        .replace("{group.n}", &around.number)
        .replace("{n.zh}", &chinese_number(n))
        .replace("{n}", &n.to_string())
}

fn unit(row: &Row) -> CellContent {
    row.unit.map_or(CellContent::Empty, CellContent::Unit)
}

fn line_unit(line: &Line<'_>) -> CellContent {
    let above = line.branches.iter().rev().find_map(|b| b.unit);
    line.row.unit.or(above).map_or(CellContent::Empty, CellContent::Unit)
}

/// The leaf columns whose cells are keys of the grid's blocks.
fn key_columns(survey: &Survey, grid: &Grid) -> Vec<usize> {
    let blocks = grid.rows.iter().filter_map(|r| match r.kind {
        RowKind::Repeat(block) => survey.block(block),
        _ => None,
    });
    let ids: Vec<&str> =
        blocks.flat_map(|b| &b.key).filter_map(|c| survey.cell(*c)).map(|c| c.id.as_str()).collect();
    grid.columns.iter().enumerate().filter(|(_, c)| ids.contains(&c.id.as_str())).map(|(i, _)| i).collect()
}
