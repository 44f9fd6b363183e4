//! What an expression sees: the records around the row at hand, the context, previous returns.

use crate::data::{Earlier, Layout, Record};
use crate::ir::expr::Time;
use crate::ir::{BlockId, Cell, CellId, Root, Survey};
use formwright_engine::Value;

/// Levels of rows within rows that are looked through.
pub const MAX_DEPTH: usize = 6;

static UNKNOWN: Value = Value::Unknown;

/// A row at hand and the rows around it.
#[derive(Debug, Clone, Copy, Default)]
pub struct Frame<'a> {
    /// The block of the innermost row; `None`: the document.
    pub block: Option<BlockId>,
    /// The rows, outermost first, with their indexes.
    rows: [Option<(&'a Record, usize)>; MAX_DEPTH],
}

impl<'a> Frame<'a> {
    /// The frame of a row of `block`, which lies directly in this frame's record, at `depth` (0: in the document).
    pub fn inner(mut self, block: BlockId, depth: usize, row: &'a Record, index: usize) -> Self {
        self.block = Some(block);
        if let Some(place) = self.rows.get_mut(depth) {
            *place = Some((row, index));
        }
        self
    }

    /// The row at a depth.
    pub fn row(&self, depth: usize) -> Option<&'a Record> {
        self.rows.get(depth).copied().flatten().map(|(row, _)| row)
    }

    /// The index of the row at a depth.
    pub fn index(&self, depth: usize) -> Option<usize> {
        self.rows.get(depth).copied().flatten().map(|(_, index)| index)
    }
}

/// The documents a check reads.
#[derive(Debug, Clone, Copy)]
pub struct View<'a> {
    /// The survey.
    pub survey: &'a Survey,
    /// Its lookups.
    pub layout: &'a Layout,
    /// The return, its calculated cells computed.
    pub now: &'a Record,
    /// The context, if given.
    pub context: Option<&'a Record>,
    /// The previous returns, by position in [`Survey::previous`].
    pub previous: &'a [Option<&'a Earlier>],
}

impl<'a> View<'a> {
    /// The root record of a document.
    pub fn top(&self, root: Root) -> Option<&'a Record> {
        match root {
            Root::Return => Some(self.now),
            Root::Context => self.context,
        }
    }

    /// The frame of a row given by its indexes, outermost first.
    pub fn frame_of(&self, block: Option<BlockId>, rows: &[usize]) -> Frame<'a> {
        let mut frame = Frame::default();
        let Some(root) = block.and_then(|b| self.survey.block(b)).map(|b| b.root) else { return frame };
        let Some(mut record) = self.top(root) else { return frame };
        for (depth, (block, index)) in self.layout.chain(block).iter().zip(rows).enumerate() {
            let position = self.survey.block(*block).map_or(u32::MAX, |b| b.index);
            let Some(row) = record.rows(position).get(*index) else { return frame };
            frame = frame.inner(*block, depth, row, *index);
            record = row;
        }
        frame
    }

    /// The depth of a block's rows: 0 for those that lie in the document.
    pub fn depth(&self, block: BlockId) -> usize {
        self.layout.chain(Some(block)).len().saturating_sub(1)
    }

    /// Whether the rows of `block` are at hand in a frame.
    pub fn holds(&self, frame: &Frame<'a>, block: BlockId) -> bool {
        frame.block == Some(block) || self.layout.chain(frame.block).contains(&block)
    }

    /// The value of a cell in a frame. Unknown where its document is absent or its row not at hand.
    pub fn value(&self, cell: CellId, frame: &Frame<'a>, time: Time) -> &'a Value {
        let Some(cell) = self.survey.cell(cell) else { return &UNKNOWN };
        match time {
            Time::Now => self.record(cell, frame).map_or(&UNKNOWN, |record| record.value(cell.home.slot)),
            Time::Previous(at) => self.earlier(cell, frame, at).map_or(&UNKNOWN, |r| r.value(cell.home.slot)),
        }
    }

    /// The mark that stands in a cell: the text that was delivered, if it is one of the cell's marks.
    pub fn mark(&self, cell: CellId, frame: &Frame<'a>, time: Time) -> Value {
        let Some(cell) = self.survey.cell(cell) else { return Value::Unknown };
        let record = match time {
            Time::Now => self.record(cell, frame),
            Time::Previous(at) => self.earlier(cell, frame, at),
        };
        let Some(record) = record else { return Value::Unknown };
        let raw = record.raw(cell.home.slot).map(|raw| raw.trim_matches('"'));
        let marks = cell.marks.iter().filter_map(|m| self.survey.marks.get(m.ix()));
        let found = raw.and_then(|raw| marks.map(|m| m.id.as_str()).find(|id| *id == raw));
        found.map_or(Value::Null, |id| Value::Text(id.into()))
    }

    /// The record that holds a cell.
    pub fn record(&self, cell: &Cell, frame: &Frame<'a>) -> Option<&'a Record> {
        match cell.home.block {
            None => self.top(cell.home.root),
            Some(block) if self.holds(frame, block) => frame.row(self.depth(block)),
            Some(_) => None,
        }
    }

    /// The same place in a previous return: rows are found again by their key.
    pub fn earlier(&self, cell: &Cell, frame: &Frame<'a>, at: u8) -> Option<&'a Record> {
        if cell.home.root == Root::Context {
            return self.record(cell, frame);
        }
        let previous = self.previous.get(usize::from(at)).copied().flatten()?;
        previous.same(self.survey, self.layout.chain(cell.home.block), |depth| frame.row(depth))
    }

    /// The rows of a block that count, inside the innermost record at hand that holds them.
    pub fn each_row(&self, block: BlockId, frame: &Frame<'a>, f: &mut dyn FnMut(Frame<'a>)) {
        let chain = self.layout.chain(Some(block));
        let Some(root) = self.survey.block(block).map(|b| b.root) else { return };
        let Some(top) = self.top(root) else { return };
        let outer = self.layout.chain(frame.block);
        let shared =
            chain.iter().zip(outer).take_while(|(a, b)| a == b).count().min(chain.len().saturating_sub(1));
        let start = match shared {
            0 => Some(top),
            n => frame.row(n - 1),
        };
        if let Some(start) = start {
            self.descend(chain, shared, start, *frame, f);
        }
    }

    /// As deep as blocks are declared within each other.
    fn descend(
        &self,
        chain: &[BlockId],
        depth: usize,
        record: &'a Record,
        frame: Frame<'a>,
        f: &mut dyn FnMut(Frame<'a>),
    ) {
        let (Some(block), true) = (chain.get(depth), depth < MAX_DEPTH) else { return };
        let Some(index) = self.survey.block(*block).map(|b| b.index) else { return };
        for (ix, row) in record.rows(index).iter().enumerate().filter(|(_, row)| !row.empty) {
            let inner = frame.inner(*block, depth, row, ix);
            match depth + 1 == chain.len() {
                true => f(inner),
                false => self.descend(chain, depth + 1, row, inner, f),
            }
        }
    }

    /// The indexes of the rows around a cell of `block` as far as they are at hand.
    pub fn indexes(&self, frame: &Frame<'a>, block: Option<BlockId>) -> Vec<usize> {
        let chain = self.layout.chain(block).iter().zip(self.layout.chain(frame.block));
        chain
            .enumerate()
            .take_while(|(_, (a, b))| a == b)
            .map_while(|(depth, _)| frame.index(depth))
            .collect()
    }

    /// The places of a cell that a check in this frame reads, with the record of each; at most `most`.
    pub fn places(&self, cell: CellId, frame: &Frame<'a>, most: usize) -> Vec<(String, &'a Record)> {
        let mut out = Vec::new();
        let Some(cell) = self.survey.cell(cell) else { return out };
        match cell.home.block {
            Some(block) if !self.holds(frame, block) => self.each_row(block, frame, &mut |inner| {
                if let Some(row) = inner.row(self.depth(block))
                    && out.len() < most
                {
                    out.push((self.layout.pointer(cell, &self.indexes(&inner, Some(block))), row));
                }
            }),
            block => {
                if let Some(record) = self.record(cell, frame) {
                    out.push((self.layout.pointer(cell, &self.indexes(frame, block)), record));
                }
            }
        }
        out
    }
}
