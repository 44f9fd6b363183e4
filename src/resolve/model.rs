//! The symbol tables that names are looked up in: what the expanded survey has, by section.

use super::life::Life;
use crate::ir::{BlockId, Cell, CellId, CodeList, Period, Root, Text, Unit};
use crate::source::Span;
use formwright_engine::Value;
use std::collections::{HashMap, HashSet};
use std::sync::OnceLock;

/// A section, by position in [`Model::sections`].
pub type SecIx = usize;

/// Everything names can mean.
#[derive(Debug, Default)]
pub struct Model {
    /// Tables: id, printed label, their sections.
    pub tables: Vec<TableModel>,
    /// All sections: of tables, then respondent, context, signature.
    pub sections: Vec<SectionModel>,
    /// The context's section.
    pub context: Option<SecIx>,
    /// The reference period of the survey's own rules: that of the first table that has one.
    pub life: Life,
    /// Names of previous returns.
    pub previous: Vec<String>,
    /// Periods.
    pub periods: Vec<Period>,
    /// Code lists.
    pub lists: Vec<CodeList>,
    /// Units.
    pub units: Vec<Unit>,
    /// Cells made so far.
    pub cells: Vec<Cell>,
    /// Cells whose type, list, unit or scale is missing or unknown, which is reported: rules take them for anything.
    pub unsure: HashSet<CellId>,
    /// Ids of columns, fields and rows that do not exist in the reference period.
    pub past: HashSet<String>,
    /// Whether a limit has stopped the making of cells.
    pub full: bool,
    /// Parents of blocks.
    pub blocks: Vec<crate::ir::Block>,
}

/// A table.
#[derive(Debug)]
pub struct TableModel {
    /// Its id.
    pub id: String,
    /// Its sections.
    pub sections: Vec<SecIx>,
    /// Number and title.
    pub label: Text,
    /// Its reference period.
    pub life: Life,
}

/// A section.
#[derive(Debug, Default)]
pub struct SectionModel {
    /// Its id; empty for a table without sections.
    pub id: String,
    /// Its table.
    pub table: Option<usize>,
    /// The document.
    pub root: Root,
    /// Its label.
    pub label: Text,
    /// The cell of the word that settles it.
    pub none: Option<CellId>,
    /// Its fields (group fields are in the rows).
    pub fields: Vec<(String, CellId)>,
    /// Leaf columns.
    pub columns: Vec<ColModel>,
    /// Column groups.
    pub groups: Vec<GroupModel>,
    /// Rows that have cells, in form order.
    pub rows: Vec<RowModel>,
    /// Branch ids (trees and fixed groups): id, the rows under it, label.
    pub branches: Vec<BranchModel>,
    /// Blocks: id, block, fields of a group.
    pub blocks: Vec<BlockModel>,
    /// Fields that are spread or stand in groups, by their declared id.
    pub field_sets: Vec<FieldSet>,
    /// Names of places (`names`): name, row, column.
    pub cell_names: Vec<(String, usize, usize)>,
    /// The row of each cell, made when it is first asked for.
    pub(super) row_of_cell: OnceLock<HashMap<CellId, usize>>,
}

/// A leaf column.
#[derive(Debug, Clone)]
pub struct ColModel {
    /// Its id, spread.
    pub id: String,
    /// Its declared id.
    pub declared: String,
    /// The name that rules and findings use for the declared id (`names`).
    pub name: Option<String>,
    /// The period or codes of a spread column.
    pub over: Vec<(String, String)>,
    /// Its label as spoken.
    pub label: Text,
    /// The declared label as spoken, without period or code.
    pub base: Text,
    /// The code list of a constant column.
    pub list: Option<crate::ir::ListId>,
    /// Whether it can hold values (not `show`).
    pub holds: bool,
}

/// A column group.
#[derive(Debug, Clone)]
pub struct GroupModel {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// All leaf columns under it (a total with parts: without its own column).
    pub columns: Vec<usize>,
    /// Its direct children, by id.
    pub children: Vec<String>,
    /// Its own column, where it is a total with parts.
    pub own: Option<usize>,
}

/// Fields that one id means: those of a spread field, or all under a group of fields.
#[derive(Debug, Clone)]
pub struct FieldSet {
    /// The declared id.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// Its fields (a total with parts: without its own).
    pub cells: Vec<CellId>,
    /// The direct children of a group, by id.
    pub children: Vec<String>,
    /// Its own field, where it is a total with parts.
    pub own: Option<CellId>,
    /// Whether it is one field spread over periods or codes.
    pub spread: bool,
    /// The block of groups whose fields they are.
    pub home: Option<BlockId>,
}

/// A row tree node or a fixed group.
#[derive(Debug, Clone)]
pub struct BranchModel {
    /// Its id.
    pub id: String,
    /// Its label.
    pub label: Text,
    /// Rows under it, all levels, without its own.
    pub rows: Vec<usize>,
    /// Direct children, by id.
    pub children: Vec<String>,
    /// Fields of a fixed group.
    pub fields: Vec<(String, CellId)>,
}

/// A block.
#[derive(Debug, Clone)]
pub struct BlockModel {
    /// Its id.
    pub id: String,
    /// The block.
    pub block: BlockId,
    /// Fields of a group.
    pub fields: Vec<(String, CellId)>,
}

/// Where a row meets a column.
#[derive(Debug, Clone, PartialEq)]
pub enum At {
    /// Nothing.
    Empty,
    /// ——, and where that is declared.
    NotApplicable(Span),
    /// A constant.
    Constant(Value),
    /// A cell.
    Cell(CellId),
}

/// A row that has cells: a fixed row, a total, or all rows of a block.
#[derive(Debug, Clone)]
pub struct RowModel {
    /// The id (of the block for repeated rows).
    pub id: String,
    /// The name that rules and findings use for it (`names`).
    pub name: Option<String>,
    /// The label.
    pub label: Text,
    /// The block whose rows they are, if repeated; inside a repeated group, the group's rows' block.
    pub home: Option<BlockId>,
    /// Whether it is the rows of a block itself (not a fixed row inside a repeated group).
    pub repeats: bool,
    /// The fixed group it stands in.
    pub fixed_group: Option<String>,
    /// Ids of the tree nodes above it.
    pub above: Vec<String>,
    /// A total.
    pub total: bool,
    /// A calculated total (left out of open axes), or a row above others with typed parts.
    pub calculated: bool,
    /// By column.
    pub cells: Vec<At>,
    /// The constants' types, by column, for constants of a list.
    pub number: Option<String>,
}

impl Model {
    /// The section `id` of a table.
    pub fn section_of(&self, table: usize, id: &str) -> Option<SecIx> {
        let t = self.tables.get(table)?;
        t.sections.iter().copied().find(|s| self.sections.get(*s).is_some_and(|x| x.id == id))
    }

    /// The section.
    pub fn sec(&self, ix: SecIx) -> Option<&SectionModel> {
        self.sections.get(ix)
    }

    /// The code list of a column of constants.
    pub fn constant_list(&self, sec: SecIx, column: usize) -> Option<crate::ir::ListId> {
        self.sec(sec)?.columns.get(column)?.list
    }

    /// A block and the blocks around it, innermost first.
    pub fn chain(&self, block: Option<BlockId>) -> Vec<BlockId> {
        let mut found = Vec::new();
        let mut next = block;
        while let Some(b) = next {
            found.push(b);
            next = self.blocks.get(b.ix()).and_then(|x| x.parent);
        }
        found
    }
}

impl SectionModel {
    /// The first row in which a cell stands. To be asked only when the section is built.
    pub fn row_of(&self, cell: CellId) -> Option<usize> {
        let all = self.row_of_cell.get_or_init(|| {
            let mut all = HashMap::new();
            for (row, model) in self.rows.iter().enumerate() {
                for at in &model.cells {
                    if let At::Cell(cell) = at {
                        all.entry(*cell).or_insert(row);
                    }
                }
            }
            all
        });
        all.get(&cell).copied()
    }

    /// The leaf columns a name means: one, or all of a spread declared id.
    pub fn columns_named(&self, name: &str) -> Vec<usize> {
        let exact: Vec<usize> = self.positions(|c| c.id == name);
        if !exact.is_empty() {
            return exact;
        }
        self.positions(|c| c.declared == name || c.name.as_deref() == Some(name))
    }

    fn positions(&self, f: impl Fn(&ColModel) -> bool) -> Vec<usize> {
        self.columns.iter().enumerate().filter(|(_, c)| f(c)).map(|(i, _)| i).collect()
    }

    /// A column group.
    pub fn group(&self, name: &str) -> Option<&GroupModel> {
        self.groups.iter().find(|g| g.id == name)
    }

    /// A block.
    pub fn block(&self, name: &str) -> Option<&BlockModel> {
        self.blocks.iter().find(|b| b.id == name)
    }

    /// The position of a row with its own cells.
    pub fn row(&self, name: &str) -> Option<usize> {
        let named = |r: &RowModel| r.id == name || r.name.as_deref() == Some(name);
        self.rows.iter().position(|r| named(r) && !r.repeats)
    }

    /// The place of a name of `names`.
    pub fn named_cell(&self, name: &str) -> Option<(At, usize)> {
        let (_, row, column) = self.cell_names.iter().find(|c| c.0 == name)?;
        Some((self.rows.get(*row)?.cells.get(*column)?.clone(), *column))
    }

    /// A tree node.
    pub fn branch(&self, name: &str) -> Option<&BranchModel> {
        self.branches.iter().find(|b| b.id == name)
    }

    /// A field.
    pub fn field(&self, name: &str) -> Option<CellId> {
        self.fields.iter().find(|(id, _)| id == name).map(|(_, c)| *c)
    }

    /// The position of a spread field or a group of fields.
    pub fn field_set(&self, name: &str) -> Option<usize> {
        self.field_sets.iter().position(|s| s.id == name)
    }

    /// Every name that can stand in a rule here.
    pub fn names(&self) -> Vec<&str> {
        let mut all: Vec<&str> = Vec::new();
        all.extend(self.fields.iter().map(|f| f.0.as_str()));
        all.extend(self.field_sets.iter().map(|s| s.id.as_str()));
        all.extend(self.columns.iter().flat_map(|c| [c.id.as_str(), c.declared.as_str()]));
        all.extend(self.groups.iter().map(|g| g.id.as_str()));
        all.extend(self.rows.iter().map(|r| r.id.as_str()));
        all.extend(self.columns.iter().filter_map(|c| c.name.as_deref()));
        all.extend(self.rows.iter().filter_map(|r| r.name.as_deref()));
        all.extend(self.cell_names.iter().map(|c| c.0.as_str()));
        all.extend(self.branches.iter().map(|b| b.id.as_str()));
        all.extend(self.blocks.iter().map(|b| b.id.as_str()));
        all.extend(self.blocks.iter().flat_map(|b| b.fields.iter().map(|f| f.0.as_str())));
        all.sort_unstable();
        all.dedup();
        all
    }

    /// All cells of the section in form order, specifications left out.
    pub fn all_cells(&self) -> Vec<CellId> {
        let grid = self.rows.iter().flat_map(|r| r.cells.iter()).filter_map(|a| match a {
            At::Cell(c) => Some(*c),
            _ => None,
        });
        let groups = self.blocks.iter().flat_map(|b| b.fields.iter().map(|f| f.1));
        let fixed = self.branches.iter().flat_map(|b| b.fields.iter().map(|f| f.1));
        self.fields.iter().map(|f| f.1).chain(groups).chain(fixed).chain(grid).collect()
    }
}
