//! Repeated rows, repeated groups of rows, and the fixed group that is like them.

use super::{Spot, Work};
use crate::diag::{Diagnostic, codes};
use crate::ir::table::{HeadingPart, Row, RowKind};
use crate::ir::{Block, BlockId, CellId, Field, Step};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::{Fact, Named, NamedList, Str};
use crate::resolve::facts::{overlay, passed};
use crate::resolve::model::{At, BlockModel, BranchModel, RowModel};
use crate::resolve::print::FieldPrint;
use crate::source::Span;
use std::sync::Arc;

/// Rows of a block when the source does not say.
const MOST_ROWS: u32 = 1000;

impl Work<'_, '_> {
    fn block(&mut self, r: &Named<ast::Row>, spot: &Spot) -> BlockId {
        let id = BlockId(u32::try_from(self.b.model.blocks.len()).unwrap_or(u32::MAX));
        let mut path = spot.path.clone();
        path.push(Step::Key(r.id.text().to_owned()));
        path.push(Step::Rows(id));
        let index = self.enter(id, spot);
        let (min_rows, max_rows) =
            (self.limit(r.node.min_rows.as_ref()), self.limit(r.node.max_rows.as_ref()));
        let label = self.text(r.node.label.as_ref());
        let from = self.given(r);
        self.b.model.blocks.push(Block {
            id: r.id.text().to_owned(),
            table: self.input.table,
            root: self.input.root,
            parent: spot.home,
            index: u32::try_from(index).unwrap_or(0),
            slots: 0,
            cells: Vec::new(),
            blocks: Vec::new(),
            path,
            print: r.node.print.map_or(1, |p| p.0),
            min_rows: min_rows.unwrap_or(0),
            max_rows: max_rows.unwrap_or(MOST_ROWS),
            key: Vec::new(),
            from,
            label,
            span: r.id.span(),
        });
        id
    }

    /// Enters a block in the record that holds it; its position there.
    fn enter(&mut self, id: BlockId, spot: &Spot) -> usize {
        let blocks = match spot.home {
            Some(b) => self.b.model.blocks.get_mut(b.ix()).map(|b| &mut b.blocks),
            None => self.b.root_blocks.get_mut(self.input.root as usize),
        };
        let Some(blocks) = blocks else { return 0 };
        blocks.push(id);
        blocks.len() - 1
    }

    /// A number of rows.
    fn limit(&mut self, fact: Option<&Fact<Str>>) -> Option<u32> {
        let stated = fact?.0.first()?;
        let number = stated.value.text().parse().ok();
        if number.is_none() {
            let d = Diagnostic::new(&codes::BAD_NUMBER, stated.value.span()).arg("text", stated.value.text());
            self.b.problems.push(d);
        }
        number
    }

    /// `from: context.x`: the block of the context whose rows these are, and whether more may be added.
    fn given(&mut self, r: &Named<ast::Row>) -> Option<(BlockId, bool)> {
        let from = r.node.from.as_ref()?;
        let context = self.b.model.context.and_then(|c| self.b.model.sec(c));
        let blocks: Vec<(String, BlockId)> = context
            .map(|s| s.blocks.iter().map(|b| (format!("context.{}", b.id), b.block)).collect())
            .unwrap_or_default();
        let found = blocks.iter().find(|b| b.0 == from.text());
        if found.is_none() {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, from.span()).arg("name", from.text());
            self.b.problems.push(d.suggest(from.text(), blocks.iter().map(|b| b.0.as_str())));
        }
        found.map(|b| (b.1, r.node.open.is_some_and(|o| o.0)))
    }

    fn inside(&self, block: BlockId, spot: &Spot) -> Spot {
        let path = self.b.model.blocks.get(block.ix()).map(|b| b.path.clone()).unwrap_or_default();
        Spot { home: Some(block), path, ..spot.clone() }
    }

    /// Repeated rows.
    pub(super) fn repeated(&mut self, r: &Named<ast::Row>, spot: &Spot) -> Row {
        let block = self.block(r, spot);
        let inside = self.inside(block, spot);
        let facts = overlay(&spot.row_facts, &r.node.facts);
        let (slots, cells) = self.cells_of_row(r, &inside, &facts, false);
        let row = self.row_model(r, &inside, cells);
        self.s.rows.push(RowModel { repeats: true, ..row });
        self.s.blocks.push(BlockModel { id: r.id.text().into(), block, fields: Vec::new() });
        self.key(r, block);
        self.printed(r, RowKind::Repeat(block), slots, Vec::new())
    }

    /// The cells that identify a row of a block.
    fn key(&mut self, r: &Named<ast::Row>, block: BlockId) {
        let mut found = Vec::new();
        for name in r.node.key.iter().flat_map(|k| k.0.first()).flat_map(|k| &k.value.0.0) {
            match self.key_cell(name, block) {
                Some(cell) => found.push(cell),
                None => {
                    let fields = self.s.blocks.iter().filter(|b| b.block == block).flat_map(|b| &b.fields);
                    let known = self.s.columns.iter().map(|c| &c.id).chain(fields.map(|f| &f.0));
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
                    self.b.problems.push(d.suggest(name.text(), known.map(String::as_str)));
                }
            }
        }
        if let Some(b) = self.b.model.blocks.get_mut(block.ix()) {
            b.key = found;
        }
    }

    fn key_cell(&self, name: &Str, block: BlockId) -> Option<CellId> {
        let own = self.s.blocks.iter().find(|b| b.block == block)?;
        if let Some(field) = own.fields.iter().find(|f| f.0 == name.text()) {
            return Some(field.1);
        }
        let column = self.s.columns.iter().position(|c| c.id == name.text())?;
        let row = self.s.rows.iter().rev().find(|x| x.home == Some(block) && x.repeats)?;
        match row.cells.get(column) {
            Some(At::Cell(c)) => Some(*c),
            _ => None,
        }
    }

    /// A repeated group of rows.
    pub(super) fn group(&mut self, r: &Named<ast::Row>, spot: &Spot) -> Row {
        let block = self.block(r, spot);
        let mut inside = self.inside(block, spot);
        inside.row_facts = Arc::new(overlay(&spot.row_facts, &passed(&r.node.facts)));
        let mut names = Vec::new();
        let fields = r.node.fields.as_ref().map(|f| self.fields(f, &Facts::default(), &inside, &mut names));
        self.s.blocks.push(BlockModel { id: r.id.text().into(), block, fields: names.clone() });
        let rows = r.node.rows.as_ref().map(|rows| self.rows(rows, &inside)).unwrap_or_default();
        self.key(r, block);
        let mut row = self.printed(r, RowKind::GroupRepeat(block), Vec::new(), rows);
        row.fields = self.group_fields(&fields.unwrap_or_default(), &names);
        row.heading = self.heading(r.node.heading.as_ref(), &names);
        row
    }

    /// A group like a repeated one, once: its label stands for the key.
    pub(super) fn fixed_group(
        &mut self,
        r: &Named<ast::Row>,
        like: &Str,
        among: &NamedList<ast::Row>,
        spot: &Spot,
    ) -> Row {
        let groups =
            || among.0.iter().filter(|x| x.node.repeat.is_some_and(|f| f.0) && x.node.rows.is_some());
        let Some(model) = groups().find(|x| x.id.text() == like.text()) else {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, like.span()).arg("name", like.text());
            self.b.problems.push(d.suggest(like.text(), groups().map(|x| x.id.text())));
            return self.printed(r, RowKind::GroupFixed, Vec::new(), Vec::new());
        };
        let mut inside = spot.clone();
        inside.path.push(Step::Key(r.id.text().to_owned()));
        inside.fixed_group = Some(r.id.text().to_owned());
        let like = overlay(&spot.row_facts, &passed(&model.node.facts));
        inside.row_facts = Arc::new(overlay(&like, &passed(&r.node.facts)));
        let keys: Vec<&str> = model
            .node
            .key
            .iter()
            .flat_map(|k| k.0.iter())
            .flat_map(|k| &k.value.0.0)
            .map(Str::text)
            .collect();
        let mut names = Vec::new();
        let mut fields = Vec::new();
        if let Some(list) = &model.node.fields {
            let rest = list.0.iter().filter(|f| !keys.contains(&f.id.text())).cloned().collect();
            fields = self.fields(&NamedList(rest), &Facts::default(), &inside, &mut names);
        }
        let start = self.s.rows.len();
        let rows = model.node.rows.as_ref().map(|rows| self.rows(rows, &inside)).unwrap_or_default();
        let label = self.text(r.node.label.as_ref());
        self.s.branches.push(BranchModel {
            id: r.id.text().into(),
            label,
            rows: (start..self.s.rows.len()).collect(),
            children: Vec::new(),
            fields: names.clone(),
        });
        let mut row = self.printed(r, RowKind::GroupFixed, Vec::new(), rows);
        row.fields = self.group_fields(&fields, &names);
        row.heading = self.like_heading(r, model, &keys, &names);
        row
    }

    fn group_fields(&mut self, fields: &[(CellId, Arc<Facts>)], names: &[(String, CellId)]) -> Vec<Field> {
        let find = |name: &str| names.iter().find(|n| n.0 == name).map(|n| n.1);
        let known: Vec<&str> = names.iter().map(|n| n.0.as_str()).collect();
        let unders = fields.iter().filter_map(|(_, facts)| facts.under.as_ref());
        let boxes = unders.filter_map(|u| Some((u.clone(), find(FieldPrint::named(u).0)?)));
        self.built.boxes.extend(boxes);
        // The types of the fields are not known yet.
        let (texts, problems) = (&self.b.texts, &mut *self.b.problems);
        let mut print = FieldPrint { texts, cells: &[], lists: &[], problems };
        fields.iter().map(|(cell, facts)| print.field(*cell, facts, &find, &known)).collect()
    }

    /// The heading of a group: text, the group's number, its fields.
    fn heading(
        &mut self,
        text: Option<&crate::parse::shapes::Text>,
        fields: &[(String, CellId)],
    ) -> Vec<Vec<HeadingPart>> {
        if text.is_none() {
            return Vec::new();
        }
        let printed = self.text(text);
        let entries = text.map(|t| &*t.entries).unwrap_or_default();
        let languages = self.b.texts.languages.iter().enumerate();
        languages
            .map(|(l, language)| {
                let own = entries.iter().find(|e| e.0.as_ref().is_none_or(|of| of.text() == language));
                let source = |span: Span| self.b.sources.get(span.file).map_or("", |f| f.text.as_str());
                let locate = |range| {
                    own.map_or_else(Span::default, |(_, text)| text.0.locate(source(text.span()), range))
                };
                crate::resolve::template::heading(printed.get(l), fields, &locate, self.b.problems)
            })
            .collect()
    }

    /// The heading of a fixed group: its own, or that of its model with the label where the key stands.
    fn like_heading(
        &mut self,
        r: &Named<ast::Row>,
        model: &Named<ast::Row>,
        keys: &[&str],
        own: &[(String, CellId)],
    ) -> Vec<Vec<HeadingPart>> {
        if r.node.heading.is_some() {
            return self.heading(r.node.heading.as_ref(), own);
        }
        let label = self.text(r.node.label.as_ref());
        let key = CellId(u32::MAX);
        let names: Vec<(String, CellId)> =
            own.iter().cloned().chain(keys.iter().map(|k| ((*k).to_owned(), key))).collect();
        let mut lines = self.heading(model.node.heading.as_ref(), &names);
        for (lang, line) in lines.iter_mut().enumerate() {
            for part in line.iter_mut().filter(|p| **p == HeadingPart::Value(key)) {
                *part = HeadingPart::Text(label.get(lang).to_owned());
            }
        }
        lines
    }
}
