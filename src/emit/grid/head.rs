//! The header tree as cells.

use super::{ColumnInfo, HeadCell, HeadScope};
use crate::ir::Text;
use crate::ir::table::{Grid, Head, Remarks};

/// Header trees deeper than this are cut off; the reader of sources allows far less.
const DEEPEST: usize = 32;

struct Placing<'a> {
    columns: &'a [ColumnInfo],
    levels: Vec<Vec<HeadCell>>,
}

/// The head of a grid, level by level.
pub fn levels(grid: &Grid, columns: &[ColumnInfo]) -> Vec<Vec<HeadCell>> {
    let height = tallest(&grid.heads, 0);
    let mut placing = Placing { columns, levels: vec![Vec::new(); height] };
    for head in &grid.heads {
        placing.place(head, 0);
    }
    for level in &mut placing.levels {
        level.sort_by_key(|cell| cell.col);
    }
    placing.levels
}

fn tallest(heads: &[Head], depth: usize) -> usize {
    if depth >= DEEPEST {
        return 0;
    }
    heads.iter().map(|h| 1 + if is_leaf(h) { 0 } else { tallest(&h.children, depth + 1) }).max().unwrap_or(0)
}

/// A head without children, or one whose children are all unlabelled columns: they print as one cell.
fn is_leaf(head: &Head) -> bool {
    head.column.is_none() && head.children.iter().all(|c| c.label.is_empty() && c.children.is_empty())
        || head.children.is_empty()
}

impl Placing<'_> {
    fn place(&mut self, head: &Head, row: usize) {
        if row >= self.levels.len() {
            return;
        }
        let down = self.levels.len() - row;
        if is_leaf(head) {
            return self.put(head, &head.label, row, self.range(head, 0), down);
        }
        // Spare levels go to the group, so that its columns stand beside those of taller ones.
        let own = down.saturating_sub(tallest(&head.children, row + 1)).max(1);
        if head.column.is_some() {
            self.place_total(head, row, own);
        } else {
            self.put(head, &head.label, row, self.range(head, 0), own);
        }
        for child in &head.children {
            self.place(child, row + own);
        }
    }

    /// A total prints its own column down to the body, and an unlabelled head beside it over its parts.
    fn place_total(&mut self, head: &Head, row: usize, rowspan: usize) {
        let own = head.column.and_then(|c| self.span_of(c));
        self.put(head, &head.label, row, own, self.levels.len() - row);
        let parts = head.children.iter().filter_map(|c| self.range(c, 0)).reduce(join);
        let unlabelled = Head {
            id: String::new(),
            label: Text::default(),
            column: None,
            children: Vec::new(),
            said: Remarks::default(),
        };
        self.put(&unlabelled, &unlabelled.label, row, parts, rowspan);
    }

    fn put(&mut self, head: &Head, text: &Text, row: usize, range: Option<(usize, usize)>, rowspan: usize) {
        let Some((first, last)) = range else { return };
        let scope = if first == last { HeadScope::Column } else { HeadScope::Group };
        let cell = HeadCell {
            id: head.id.clone(),
            text: text.clone(),
            row,
            col: first,
            rowspan,
            colspan: last + 1 - first,
            scope,
        };
        if let Some(level) = self.levels.get_mut(row) {
            level.push(cell);
        }
    }

    /// First and last printed column of all leaves of a head.
    fn range(&self, head: &Head, depth: usize) -> Option<(usize, usize)> {
        let own = head.column.and_then(|c| self.span_of(c));
        if depth >= DEEPEST {
            return own;
        }
        own.into_iter().chain(head.children.iter().filter_map(|c| self.range(c, depth + 1))).reduce(join)
    }

    fn span_of(&self, column: usize) -> Option<(usize, usize)> {
        let first = self.columns.iter().position(|c| c.column == column)?;
        let last = self.columns.iter().rposition(|c| c.column == column)?;
        Some((first, last))
    }
}

fn join(a: (usize, usize), b: (usize, usize)) -> (usize, usize) {
    (a.0.min(b.0), a.1.max(b.1))
}
