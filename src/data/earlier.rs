//! A previous return: the place of a row in it is found by the keys of the row, not by its position.

use super::mark;
use super::records::{Record, Records};
use crate::ir::{Block, BlockId, CellId, Survey};
use std::collections::HashMap;
use std::hash::{Hash, Hasher};
use std::sync::OnceLock;

/// A previous return, its rows looked up by key: once for each block that a rule asks for.
#[derive(Debug)]
pub struct Earlier {
    records: Records,
    /// By block.
    rows: Vec<OnceLock<Keyed>>,
}

/// The first row of each key within each row around: the number of the row around and the mark of the key to the row's
/// own number and index. Rows of a block are numbered through all rows around, from 0; the document is number 0.
type Keyed = HashMap<(usize, u128), (usize, usize)>;

impl Earlier {
    /// The records of a return of this survey (see [`super::read_loose`]).
    pub fn new(survey: &Survey, records: Records) -> Self {
        Earlier { records, rows: survey.blocks.iter().map(|_| OnceLock::new()).collect() }
    }

    /// The record of the document itself.
    pub fn top(&self) -> &Record {
        &self.records.top
    }

    /// The record with the same keys as the rows of `chain` (blocks, outermost first), which `at` gives by depth; the
    /// document where the chain is empty. `None` where a key is not filled, or no row has it.
    pub fn same<'r>(
        &self,
        survey: &Survey,
        chain: &[BlockId],
        at: impl Fn(usize) -> Option<&'r Record>,
    ) -> Option<&Record> {
        let (mut record, mut around) = (self.top(), 0);
        for (depth, id) in chain.iter().enumerate() {
            let block = survey.block(*id)?;
            let key = key(survey, block, at(depth)?)?;
            let keyed = || self.keyed(survey, chain.get(..=depth).unwrap_or_default());
            let (number, index) = *self.rows.get(id.ix())?.get_or_init(keyed).get(&(around, key))?;
            record = record.rows(block.index).get(index)?;
            around = number;
        }
        Some(record)
    }

    /// The rows of the last block of a chain.
    fn keyed(&self, survey: &Survey, chain: &[BlockId]) -> Keyed {
        let mut keyed = Keyed::new();
        let mut around = vec![self.top()];
        for block in chain.iter().filter_map(|id| survey.block(*id)) {
            keyed.clear();
            let mut rows = Vec::new();
            for (outer, record) in around.iter().enumerate() {
                for (index, row) in record.rows(block.index).iter().enumerate() {
                    if let Some(key) = key(survey, block, row) {
                        keyed.entry((outer, key)).or_insert((rows.len(), index));
                    }
                    rows.push(row);
                }
            }
            around = rows;
        }
        keyed
    }
}

/// The values of a row's key.
struct Key<'a> {
    survey: &'a Survey,
    cells: &'a [CellId],
    row: &'a Record,
}

impl Key<'_> {
    fn values(&self) -> impl Iterator<Item = &formwright_engine::Value> {
        let cells = self.cells.iter().filter_map(|id| self.survey.cell(*id));
        cells.map(|cell| self.row.value(cell.home.slot))
    }
}

impl Hash for Key<'_> {
    fn hash<H: Hasher>(&self, hasher: &mut H) {
        self.values().for_each(|value| value.hash(hasher));
    }
}

/// The mark of a key that is filled and known.
fn key(survey: &Survey, block: &Block, row: &Record) -> Option<u128> {
    let key = Key { survey, cells: &block.key, row };
    let is_known = !block.key.is_empty() && key.values().all(|v| !v.is_blank() && !v.is_unknown());
    is_known.then(|| mark(&key))
}
