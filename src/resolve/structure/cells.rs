//! New cells, with their slot in a record and their JSON path.

use super::columns::Header;
use super::{Builder, Proto, SectionInput, Work};
use crate::ir::cell::Path;
use crate::ir::{BlockId, Bounds, Cell, CellId, Home, Source, Step, Text, Type};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::NamedList;
use crate::resolve::model::FieldSet;
use crate::source::Span;
use std::sync::Arc;

/// What a new cell is made of.
pub struct NewCell<'n> {
    pub sec: usize,
    pub id: &'n str,
    pub declared: &'n str,
    pub over: &'n [(String, String)],
    pub row: Option<String>,
    pub home: Option<BlockId>,
    pub path: Path,
    pub label: Text,
    pub groups: &'n [Text],
    pub facts: Arc<Facts>,
    pub span: Span,
}

impl Builder<'_> {
    /// Adds a cell; what its facts mean is filled in later.
    pub(super) fn cell(&mut self, at: NewCell, input: &SectionInput) -> CellId {
        let id = CellId(u32::try_from(self.model.cells.len()).unwrap_or(u32::MAX));
        let slot = self.slot(id, at.home, input);
        let section = input.table.and_then(|t| self.model.tables.get(t)).map_or(0, |t| t.sections.len());
        self.model.cells.push(Cell {
            table: input.table,
            section,
            id: at.id.to_owned(),
            declared: at.declared.to_owned(),
            over: at.over.to_vec(),
            row: at.row,
            home: Home { root: input.root, block: at.home, slot },
            path: at.path,
            ty: Type::Text,
            unit: None,
            scale: 0,
            digits: 12,
            bounds: Bounds::default(),
            marks: Vec::new(),
            trim: true,
            lenient: false,
            source: Source::Answer,
            empty: None,
            required: None,
            specify: Vec::new(),
            specifies: None,
            spoken: at.label.clone(),
            label: at.label,
            groups: at.groups.to_vec(),
            help: None,
            note: None,
            read_by: Vec::new(),
            span: at.span,
        });
        self.protos.push(Proto { facts: at.facts, over: Vec::new(), total: None, sec: at.sec });
        id
    }

    /// The next slot of the record that holds a cell.
    fn slot(&mut self, id: CellId, home: Option<BlockId>, input: &SectionInput) -> u32 {
        let next = |n: &mut u32| {
            *n += 1;
            *n - 1
        };
        match home {
            Some(b) => self.model.blocks.get_mut(b.ix()).map_or(0, |block| {
                block.cells.push(id);
                next(&mut block.slots)
            }),
            None => self.root_slots.get_mut(input.root as usize).map_or(0, next),
        }
    }

    /// How a cell is spoken of in messages.
    pub(super) fn speak(&mut self, cell: CellId, spoken: &Text) {
        if let Some(c) = self.model.cells.get_mut(cell.ix()) {
            c.spoken = spoken.clone();
        }
    }

    /// A cell for the specification of codes; of one code for a multiple choice.
    pub fn specify_cell(
        &mut self,
        of: CellId,
        key: &str,
        code: Option<&str>,
        label: Text,
        required: &Arc<Facts>,
        input: &SectionInput,
    ) -> Option<CellId> {
        let base = self.model.cells.get(of.ix())?.clone();
        let sec = self.protos.get(of.ix())?.sec;
        let mut path = base.path.clone();
        path.pop();
        path.push(Step::Key(key.to_owned()));
        path.extend(code.map(|c| Step::Key(c.to_owned())));
        let at = NewCell {
            sec,
            id: key,
            declared: &format!("{}_specify", base.declared),
            over: &base.over,
            row: base.row.clone(),
            home: base.home.block,
            path,
            label,
            groups: &base.groups,
            facts: Arc::clone(required),
            span: base.span,
        };
        let cell = self.cell(at, input);
        if let Some(c) = self.model.cells.get_mut(cell.ix()) {
            c.specifies = Some(of);
            c.section = base.section;
        }
        Some(cell)
    }
}

impl Work<'_, '_> {
    /// The cells of fields; their names are added in form order.
    pub(super) fn fields(
        &mut self,
        list: &NamedList<ast::Field>,
        defaults: &Facts,
        spot: &super::Spot,
        names: &mut Vec<(String, CellId)>,
    ) -> Vec<(CellId, Arc<Facts>)> {
        let mut header = Header::default();
        self.columns(list, defaults, &[], &mut header);
        let mut out = Vec::new();
        let mut cells = Vec::new();
        for leaf in &header.leaves {
            let mut path = spot.path.clone();
            path.push(Step::Key(leaf.model.id.clone()));
            let at = NewCell {
                sec: self.sec,
                id: &leaf.model.id,
                declared: &leaf.model.declared,
                over: &leaf.model.over,
                row: None,
                home: spot.home,
                path,
                label: leaf.label.clone(),
                groups: &leaf.groups,
                facts: Arc::clone(&leaf.facts),
                span: leaf.span,
            };
            let cell = self.b.cell(at, self.input);
            self.b.speak(cell, &leaf.model.label);
            names.push((leaf.model.id.clone(), cell));
            out.push((cell, leaf.facts.clone()));
            cells.push(cell);
        }
        if spot.fixed_group.is_none() {
            self.s.field_sets.extend(field_sets(&header, &cells, spot.home));
        }
        out
    }
}

/// What the ids of spread fields and of groups of fields mean.
fn field_sets(header: &Header, cells: &[CellId], home: Option<BlockId>) -> Vec<FieldSet> {
    let mut sets: Vec<FieldSet> = Vec::new();
    for (leaf, cell) in header.leaves.iter().zip(cells).filter(|(l, _)| !l.model.over.is_empty()) {
        match sets.iter_mut().find(|s| s.id == leaf.model.declared) {
            Some(set) => set.cells.push(*cell),
            None => sets.push(FieldSet {
                id: leaf.model.declared.clone(),
                label: leaf.model.base.clone(),
                cells: vec![*cell],
                children: Vec::new(),
                own: None,
                spread: true,
                home,
            }),
        }
    }
    let groups = header.groups.iter().map(|g| FieldSet {
        id: g.id.clone(),
        label: g.label.clone(),
        cells: g.columns.iter().filter_map(|c| cells.get(*c).copied()).collect(),
        children: g.children.clone(),
        own: g.own.and_then(|c| cells.get(c).copied()),
        spread: false,
        home,
    });
    sets.extend(groups);
    sets
}
