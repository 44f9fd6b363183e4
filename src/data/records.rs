//! The values of a document, by record and slot.

use crate::ir::{BlockId, Root, Survey};
use formwright_engine::Value;
use std::collections::BTreeMap;

/// The values of one record: the document itself, or one repeated row.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Record {
    /// The values by slot. [`Value::Unknown`] where a cell cannot be read or holds a mark that reads so.
    pub values: Vec<Value>,
    /// The rows of each block inside, by the block's position in this record; indexes as delivered.
    pub blocks: Vec<Vec<Record>>,
    /// What was delivered where it is not what the value says (unreadable cells, marks): its JSON text by slot.
    pub raw: BTreeMap<u32, String>,
    /// Whether nothing in it is filled: an empty repeated row is no row.
    pub empty: bool,
}

/// A document: the return, or the context.
#[derive(Debug, Clone, PartialEq)]
pub struct Records {
    /// Which document.
    pub root: Root,
    /// Its root record.
    pub top: Record,
}

static BLANK: Value = Value::Null;

impl Record {
    /// A record with that many blank slots and empty blocks.
    pub fn blank(slots: u32, blocks: usize) -> Self {
        Record {
            values: vec![Value::Null; slots as usize],
            blocks: vec![Vec::new(); blocks],
            raw: BTreeMap::new(),
            empty: true,
        }
    }

    /// A blank row of a block.
    pub fn of_block(survey: &Survey, block: BlockId) -> Self {
        survey.block(block).map_or_else(Record::default, |b| Record::blank(b.slots, b.blocks.len()))
    }

    /// The value of a slot; blank where there is none.
    pub fn value(&self, slot: u32) -> &Value {
        self.values.get(slot as usize).unwrap_or(&BLANK)
    }

    /// Puts a value into a slot that exists.
    pub fn set(&mut self, slot: u32, value: Value) {
        if let Some(place) = self.values.get_mut(slot as usize) {
            *place = value;
        }
    }

    /// What was delivered, where it differs from what the value says.
    pub fn raw(&self, slot: u32) -> Option<&str> {
        self.raw.get(&slot).map(String::as_str)
    }

    /// The rows of the block at that position.
    pub fn rows(&self, index: u32) -> &[Record] {
        self.blocks.get(index as usize).map_or(&[], Vec::as_slice)
    }

    /// Settles [`Record::empty`] from the values and the rows inside, whose own flag is settled already.
    pub fn settle(&mut self) {
        let rows = self.blocks.iter().flatten().any(|row| !row.empty);
        self.empty = !rows && self.raw.is_empty() && self.values.iter().all(Value::is_blank);
    }
}

impl Records {
    /// An empty document.
    pub fn blank(survey: &Survey, root: Root) -> Self {
        let ix = root as usize;
        let slots = survey.root_slots.get(ix).copied().unwrap_or(0);
        let blocks = survey.root_blocks.get(ix).map_or(0, Vec::len);
        Records { root, top: Record::blank(slots, blocks) }
    }

    /// The row reached by the blocks of `chain` (outermost first) and one index for each.
    pub fn row(&self, survey: &Survey, chain: &[BlockId], rows: &[usize]) -> Option<&Record> {
        chain.iter().zip(rows).try_fold(&self.top, |record, (block, index)| {
            record.rows(survey.block(*block)?.index).get(*index)
        })
    }
}
