//! From declared columns, rows and fields to cells: spreads, trees, blocks, groups and totals expanded.

use super::facts::{by_row, overlay, passed, row_applies};
use super::model::{At, BlockModel, BranchModel, ColModel, GroupModel, Model, RowModel, SectionModel};
use super::texts::Texts;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::cell::Path;
use crate::ir::table::{Head, Row, RowKind, Slot};
use crate::ir::{
    Block, BlockId, Bounds, Cell, CellId, Column, Content, Home, Root, Source, Step, Text, Type,
};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::{Named, NamedList, Str};
use crate::source::Span;
use formwright_engine::Value;

/// A cell before its facts have meanings.
#[derive(Debug, Clone)]
pub struct Proto {
    /// Facts in force.
    pub facts: Facts,
    /// Facts laid over by `cells`: the node they are named after, and the facts.
    pub over: Vec<(String, Facts)>,
    /// Whether it is a cell of a total row that sums.
    pub total: Option<Vec<TotalPart>>,
    /// The section.
    pub sec: usize,
}

/// What a total adds: rows, by position in the section.
pub type TotalPart = usize;

/// A leaf of declared columns or fields.
#[derive(Debug, Clone)]
pub struct Leaf {
    /// Column.
    pub model: ColModel,
    /// Facts in force.
    pub facts: Facts,
    /// Printed label.
    pub label: Text,
    /// Labels of the groups above.
    pub groups: Vec<Text>,
    /// What it prints.
    pub content: Content,
    /// Where it is declared.
    pub span: Span,
}

/// Builds the sections of a survey.
pub struct Builder<'a> {
    /// The symbol tables.
    pub model: &'a mut Model,
    /// By cell.
    pub protos: &'a mut Vec<Proto>,
    /// Texts.
    pub texts: Texts<'a>,
    /// Where problems go.
    pub problems: &'a mut Problems,
    /// Root slots.
    pub root_slots: &'a mut [u32; 2],
    /// Root blocks.
    pub root_blocks: &'a mut [Vec<BlockId>; 2],
}

/// Where rows are being built.
#[derive(Clone)]
struct Spot {
    home: Option<BlockId>,
    path: Path,
    fixed_group: Option<String>,
    above: Vec<String>,
    row_facts: Facts,
    constants: Vec<(usize, Value, Text)>,
}

/// What a section is built from.
pub struct SectionInput<'s> {
    /// Its table.
    pub table: Option<usize>,
    /// Its id.
    pub id: String,
    /// Its declaration.
    pub node: &'s ast::Section,
    /// Facts from the table around it.
    pub column_defaults: Facts,
    /// The same for rows.
    pub row_defaults: Facts,
    /// The document.
    pub root: Root,
    /// The JSON path.
    pub path: Path,
}

/// A built section: what prints of it.
#[derive(Debug, Default)]
pub struct Built {
    /// Fields: cell, and the declared node.
    pub fields: Vec<(CellId, Facts)>,
    /// Header tree.
    pub heads: Vec<Head>,
    /// Columns.
    pub columns: Vec<Column>,
    /// Rows.
    pub rows: Vec<Row>,
}

impl Builder<'_> {
    fn text(&mut self, t: Option<&crate::parse::shapes::Text>) -> Text {
        self.texts.text(t, self.problems)
    }

    /// Builds a section; returns what prints of it. Its symbol table is pushed to the model.
    pub fn section(&mut self, input: &SectionInput) -> Built {
        let sec = self.model.sections.len();
        let label = self.text(input.node.label.as_ref());
        let mut s = SectionModel {
            id: input.id.clone(),
            table: input.table,
            root: input.root,
            label,
            none: None,
            fields: Vec::new(),
            columns: Vec::new(),
            groups: Vec::new(),
            rows: Vec::new(),
            branches: Vec::new(),
            blocks: Vec::new(),
        };
        let mut built = Built::default();
        let spot = Spot {
            home: None,
            path: input.path.clone(),
            fixed_group: None,
            above: Vec::new(),
            row_facts: overlay(&input.row_defaults, &input.node.row_defaults.clone().unwrap_or_default()),
            constants: Vec::new(),
        };
        if let Some(none) = input.node.none.as_ref().and_then(|n| n.0.first()) {
            s.none = Some(self.none_cell(input, sec, none.span));
        }
        let defaults =
            overlay(&input.column_defaults, &input.node.column_defaults.clone().unwrap_or_default());
        let (mut leaves, mut heads) = (Vec::new(), Vec::new());
        if let Some(columns) = &input.node.columns {
            heads = self.columns(columns, &passed_defaults(&defaults), &[], &mut s, &mut leaves);
        }
        s.columns = leaves.iter().map(|l| l.model.clone()).collect();
        if let Some(rows) = &input.node.rows {
            built.rows = self.rows(rows, &leaves, &spot, &mut s, sec, input);
        }
        if let Some(fields) = &input.node.fields {
            built.fields = self.fields(fields, &defaults, &spot, &mut s.fields, sec, input);
        }
        built.heads = heads;
        built.columns = leaves.iter().map(printed_column).collect();
        self.unique_names(&s, input);
        self.model.sections.push(s);
        built
    }

    fn unique_names(&mut self, s: &SectionModel, input: &SectionInput) {
        let mut seen: Vec<(&str, Span)> = Vec::new();
        let ids = declared_ids(input.node);
        for (id, span) in &ids {
            if let Some((_, first)) = seen.iter().find(|x| x.0 == *id) {
                let d = Diagnostic::new(&codes::DUPLICATE_ID, *span).arg("id", id).related(*first, "first");
                self.problems.push(d);
            }
            seen.push((id, *span));
        }
        let _ = s;
    }

    fn none_cell(&mut self, input: &SectionInput, sec: usize, span: Span) -> CellId {
        let mut path = input.path.clone();
        path.push(Step::Key("none".into()));
        let facts = Facts { ty: Some(plain_str("tick", span)), ..Facts::default() };
        let at = NewCell {
            sec,
            id: "none",
            declared: "none",
            over: &[],
            row: None,
            home: None,
            path,
            label: Text::default(),
            groups: &[],
            facts,
            span,
        };
        self.cell(at, input)
    }

    /// The header tree of columns; leaves are added in printed order.
    fn columns(
        &mut self,
        list: &NamedList<ast::Field>,
        passed_down: &Facts,
        groups: &[Text],
        s: &mut SectionModel,
        leaves: &mut Vec<Leaf>,
    ) -> Vec<Head> {
        list.0
            .iter()
            .map(|f| self.column(f, passed_down, groups, s, leaves))
            .collect::<Vec<_>>()
            .into_iter()
            .flatten()
            .collect()
    }

    fn column(
        &mut self,
        f: &Named<ast::Field>,
        from_above: &Facts,
        groups: &[Text],
        s: &mut SectionModel,
        leaves: &mut Vec<Leaf>,
    ) -> Vec<Head> {
        let facts = overlay(from_above, &f.node.facts);
        let label = self.text(f.node.label.as_ref());
        let Some(children) = &f.node.columns else {
            return self.leaf_columns(f, facts, label, groups, leaves);
        };
        let own = f.node.facts.parts.is_some().then(|| {
            let mut one = facts.clone();
            one.parts = None;
            self.push_leaf(f, one, label.clone(), groups, Vec::new(), leaves)
        });
        let first = leaves.len();
        let mut under = groups.to_vec();
        under.push(label.clone());
        let head_children = self.columns(children, &passed(&facts), &under, s, leaves);
        let ids = children.0.iter().map(|c| c.id.text().to_owned()).collect();
        let model = GroupModel {
            id: f.id.text().into(),
            label: label.clone(),
            columns: (first..leaves.len()).collect(),
            children: ids,
            own,
        };
        s.groups.push(model);
        vec![Head { id: f.id.text().into(), label, column: own, children: head_children }]
    }

    fn leaf_columns(
        &mut self,
        f: &Named<ast::Field>,
        facts: Facts,
        label: Text,
        groups: &[Text],
        leaves: &mut Vec<Leaf>,
    ) -> Vec<Head> {
        let Some(over) = &f.node.over else {
            let ix = self.push_leaf(f, facts, label.clone(), groups, Vec::new(), leaves);
            return vec![Head { id: f.id.text().into(), label, column: Some(ix), children: Vec::new() }];
        };
        let mut under = groups.to_vec();
        under.push(label.clone());
        let spread = self.spread(&over.0);
        let mut children = Vec::new();
        for (axes, text) in spread {
            let ix = self.push_leaf(f, facts.clone(), text.clone(), &under, axes, leaves);
            let id = leaves.get(ix).map(|l| l.model.id.clone()).unwrap_or_default();
            children.push(Head { id, label: text, column: Some(ix), children: Vec::new() });
        }
        vec![Head { id: f.id.text().into(), label, column: None, children }]
    }

    /// The axes of a spread: periods, or the product of code lists; with the label of each.
    fn spread(&mut self, over: &[Str]) -> Vec<(Vec<(String, String)>, Text)> {
        let mut out: Vec<(Vec<(String, String)>, Text)> = Vec::new();
        for name in over {
            if let Some(p) = self.model.periods.iter().find(|p| p.id == name.text()) {
                out.push((vec![("period".to_owned(), p.id.clone())], p.label.clone()));
                continue;
            }
            let Some(list) = self.model.lists.iter().find(|l| l.id == name.text()) else {
                let periods = self.model.periods.iter().map(|p| p.id.as_str());
                let known = periods.chain(self.model.lists.iter().map(|l| l.id.as_str()));
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
                self.problems.push(d.suggest(name.text(), known));
                continue;
            };
            let codes: Vec<(String, Text)> =
                list.codes.iter().map(|c| (c.code.clone(), c.label.clone())).collect();
            let id = list.id.clone();
            if out.is_empty() {
                out = codes.into_iter().map(|(c, l)| (vec![(id.clone(), c)], l)).collect();
            } else {
                let before = std::mem::take(&mut out);
                for (axes, label) in before {
                    for (c, l) in &codes {
                        let mut axes = axes.clone();
                        axes.push((id.clone(), c.clone()));
                        out.push((axes, join_text(&label, l)));
                    }
                }
            }
        }
        out
    }

    fn push_leaf(
        &mut self,
        f: &Named<ast::Field>,
        facts: Facts,
        label: Text,
        groups: &[Text],
        over: Vec<(String, String)>,
        leaves: &mut Vec<Leaf>,
    ) -> usize {
        let declared = f.id.text().to_owned();
        let id = over.iter().fold(declared.clone(), |id, (_, code)| format!("{id}_{code}"));
        let content = self.content(f, &facts);
        let short = f.node.short.as_ref().map(|s| self.text(Some(s)));
        let base = short.unwrap_or_else(|| {
            if over.is_empty() { label.clone() } else { self.text(f.node.label.as_ref()) }
        });
        let spoken = if over.is_empty() { base.clone() } else { join_text(&label, &base) };
        let named = facts.list.as_ref().and_then(|l| self.model.lists.iter().position(|x| x.id == l.text()));
        let list = named.map(|i| crate::ir::ListId(u32::try_from(i).unwrap_or(u32::MAX)));
        let holds = matches!(content, Content::Value | Content::Constant);
        let model = ColModel { id, declared, over, label: spoken, base, list, holds };
        leaves.push(Leaf { model, facts, label, groups: groups.to_vec(), content, span: f.id.span() });
        leaves.len() - 1
    }

    fn content(&mut self, f: &Named<ast::Field>, facts: &Facts) -> Content {
        match f.node.show.as_ref().map(|s| (s.text(), s.span())) {
            Some(("number", _)) => Content::Number,
            Some(("label", _)) => Content::Label,
            Some(("unit", _)) => Content::Unit,
            Some((other, span)) => {
                let d = Diagnostic::new(&codes::BAD_WORD, span)
                    .arg("word", other)
                    .arg("known", "number, label, unit");
                self.problems.push(d.suggest(other, ["number", "label", "unit"]));
                Content::Label
            }
            None if facts.constant.is_some_and(|c| c.0) => Content::Constant,
            None => Content::Value,
        }
    }

    fn fields(
        &mut self,
        list: &NamedList<ast::Field>,
        defaults: &Facts,
        spot: &Spot,
        names: &mut Vec<(String, CellId)>,
        sec: usize,
        input: &SectionInput,
    ) -> Vec<(CellId, Facts)> {
        let mut scratch = SectionModel { columns: Vec::new(), ..empty_section() };
        let mut leaves = Vec::new();
        self.columns(list, &passed_defaults(defaults), &[], &mut scratch, &mut leaves);
        let mut out = Vec::new();
        for leaf in leaves {
            let mut path = spot.path.clone();
            path.push(Step::Key(leaf.model.id.clone()));
            let at = NewCell {
                sec,
                id: &leaf.model.id,
                declared: &leaf.model.declared,
                over: &leaf.model.over,
                row: None,
                home: spot.home,
                path,
                label: leaf.label.clone(),
                groups: &leaf.groups,
                facts: leaf.facts.clone(),
                span: leaf.span,
            };
            let cell = self.cell(at, input);
            self.speak(cell, &leaf.model.label);
            names.push((leaf.model.id.clone(), cell));
            out.push((cell, leaf.facts));
        }
        out
    }

    fn speak(&mut self, cell: CellId, spoken: &Text) {
        if let Some(c) = self.model.cells.get_mut(cell.ix()) {
            c.spoken = spoken.clone();
        }
    }

    fn cell(&mut self, at: NewCell, input: &SectionInput) -> CellId {
        let id = CellId(u32::try_from(self.model.cells.len()).unwrap_or(u32::MAX));
        let slot = match at.home {
            Some(b) => match self.model.blocks.get_mut(b.ix()) {
                Some(block) => {
                    block.slots += 1;
                    block.cells.push(id);
                    block.slots - 1
                }
                None => 0,
            },
            None => {
                let n = self.root_slots.get_mut(input.root as usize);
                n.map_or(0, |n| {
                    *n += 1;
                    *n - 1
                })
            }
        };
        let section = self.section_position(input);
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
            source: Source::Answer,
            empty: None,
            required: None,
            specify: Vec::new(),
            specifies: None,
            spoken: at.label.clone(),
            label: at.label,
            groups: at.groups.to_vec(),
            help: None,
            read_by: Vec::new(),
            span: at.span,
        });
        self.protos.push(Proto { facts: at.facts, over: Vec::new(), total: None, sec: at.sec });
        id
    }

    fn section_position(&self, input: &SectionInput) -> usize {
        input.table.and_then(|t| self.model.tables.get(t)).map_or(0, |t| t.sections.len())
    }

    /// A cell for the specification of codes.
    pub fn specify_cell(
        &mut self,
        of: CellId,
        key: &str,
        code: Option<&str>,
        label: Text,
        required: &Facts,
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
            facts: required.clone(),
            span: base.span,
        };
        let cell = self.cell(at, input);
        if let Some(c) = self.model.cells.get_mut(cell.ix()) {
            c.specifies = Some(of);
            c.section = base.section;
        }
        Some(cell)
    }

    fn rows(
        &mut self,
        list: &NamedList<ast::Row>,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
    ) -> Vec<Row> {
        let first = s.rows.len();
        let mut out = Vec::new();
        for r in &list.0 {
            if let Some(over) = &r.node.over {
                out.extend(self.rows_over(r, over, leaves, spot, s, sec, input));
            } else {
                let row = self.row(r, list, leaves, spot, s, sec, input, first);
                out.push(row);
            }
        }
        out
    }

    #[allow(clippy::too_many_arguments)]
    fn row(
        &mut self,
        r: &Named<ast::Row>,
        among: &NamedList<ast::Row>,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
        first: usize,
    ) -> Row {
        let inner = r.node.fields.is_some() || (r.node.rows.is_some() && r.node.repeat.is_some_and(|x| x.0));
        if r.node.repeat.is_some_and(|x| x.0) {
            return if inner {
                self.group(r, leaves, spot, s, sec, input)
            } else {
                self.repeated(r, leaves, spot, s, sec, input)
            };
        }
        if let Some(like) = &r.node.like {
            return self.fixed_group(r, like, among, leaves, spot, s, sec, input);
        }
        self.fixed(r, leaves, spot, s, sec, input, first)
    }

    fn block(&mut self, r: &Named<ast::Row>, spot: &Spot, input: &SectionInput) -> BlockId {
        let id = BlockId(u32::try_from(self.model.blocks.len()).unwrap_or(u32::MAX));
        let mut path = spot.path.clone();
        path.push(Step::Key(r.id.text().to_owned()));
        path.push(Step::Rows(id));
        let index = match spot.home {
            Some(b) => self.model.blocks.get(b.ix()).map_or(0, |b| b.blocks.len()),
            None => self.root_blocks.get(input.root as usize).map_or(0, Vec::len),
        };
        let limit = |f: &Option<crate::parse::shapes::Fact<Str>>| {
            f.as_ref().and_then(|f| f.0.first()).and_then(|u| u.value.text().parse().ok())
        };
        let label = self.text(r.node.label.as_ref());
        self.model.blocks.push(Block {
            id: r.id.text().to_owned(),
            table: input.table,
            root: input.root,
            parent: spot.home,
            index: u32::try_from(index).unwrap_or(0),
            slots: 0,
            cells: Vec::new(),
            blocks: Vec::new(),
            path,
            print: r.node.print.map_or(1, |p| p.0),
            min_rows: limit(&r.node.min_rows).unwrap_or(0),
            max_rows: limit(&r.node.max_rows).unwrap_or(1000),
            key: Vec::new(),
            from: None,
            label,
            span: r.id.span(),
        });
        match spot.home {
            Some(b) => {
                if let Some(b) = self.model.blocks.get_mut(b.ix()) {
                    b.blocks.push(id);
                }
            }
            None => {
                if let Some(v) = self.root_blocks.get_mut(input.root as usize) {
                    v.push(id);
                }
            }
        }
        id
    }

    fn inside(&self, block: BlockId, spot: &Spot) -> Spot {
        let path = self.model.blocks.get(block.ix()).map(|b| b.path.clone()).unwrap_or_default();
        Spot { home: Some(block), path, ..spot.clone() }
    }

    fn repeated(
        &mut self,
        r: &Named<ast::Row>,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
    ) -> Row {
        let block = self.block(r, spot, input);
        let inside = self.inside(block, spot);
        let facts = overlay(&spot.row_facts, &r.node.facts);
        let (slots, cells) = self.cells_of_row(r, leaves, &inside, &facts, sec, input, None);
        let mut row = self.row_model(r, &inside, cells);
        row.repeats = true;
        s.rows.push(row);
        s.blocks.push(BlockModel { id: r.id.text().into(), block, fields: Vec::new() });
        self.key(r, block, s);
        self.printed(r, RowKind::Repeat(block), slots, Vec::new())
    }

    fn key(&mut self, r: &Named<ast::Row>, block: BlockId, s: &SectionModel) {
        let Some(key) = r.node.key.as_ref().and_then(|k| k.0.first()) else { return };
        let mut found = Vec::new();
        for name in &key.value.0.0 {
            let column = s.columns.iter().position(|c| c.id == name.text());
            let row = s.rows.iter().rev().find(|x| x.home == Some(block));
            let at = column.and_then(|c| row.and_then(|r| r.cells.get(c))).cloned();
            let field = s
                .blocks
                .iter()
                .find(|b| b.block == block)
                .and_then(|b| b.fields.iter().find(|f| f.0 == name.text()))
                .map(|f| f.1);
            match (at, field) {
                (_, Some(c)) | (Some(At::Cell(c)), None) => found.push(c),
                _ => {
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
                    self.problems.push(d.suggest(name.text(), s.columns.iter().map(|c| c.id.as_str())));
                }
            }
        }
        if let Some(b) = self.model.blocks.get_mut(block.ix()) {
            b.key = found;
        }
    }

    fn row_model(&mut self, r: &Named<ast::Row>, spot: &Spot, cells: Vec<At>) -> RowModel {
        let short = r.node.short.as_ref().or(r.node.label.as_ref());
        let label = self.text(short);
        RowModel {
            id: r.id.text().to_owned(),
            label,
            home: spot.home,
            repeats: false,
            fixed_group: spot.fixed_group.clone(),
            above: spot.above.clone(),
            total: false,
            calculated: false,
            cells,
            number: r.node.number.as_ref().map(|n| n.text().to_owned()),
        }
    }

    fn printed(&mut self, r: &Named<ast::Row>, kind: RowKind, slots: Vec<Slot>, rows: Vec<Row>) -> Row {
        Row {
            id: r.id.text().to_owned(),
            kind,
            number: r.node.number.as_ref().map(|n| n.text().to_owned()),
            label: self.text(r.node.label.as_ref()),
            heading: Vec::new(),
            slots,
            fields: Vec::new(),
            rows,
            unit: None,
            span: r.id.span(),
        }
    }

    fn group(
        &mut self,
        r: &Named<ast::Row>,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
    ) -> Row {
        let block = self.block(r, spot, input);
        let inside = self.inside(block, spot);
        let mut names = Vec::new();
        let fields = r
            .node
            .fields
            .as_ref()
            .map(|f| self.fields(f, &Facts::default(), &inside, &mut names, sec, input));
        s.blocks.push(BlockModel { id: r.id.text().into(), block, fields: names });
        let rows = r
            .node
            .rows
            .as_ref()
            .map(|rows| self.rows(rows, leaves, &inside, s, sec, input))
            .unwrap_or_default();
        self.key(r, block, s);
        let mut row = self.printed(r, RowKind::GroupRepeat(block), Vec::new(), rows);
        row.fields = fields.unwrap_or_default().into_iter().map(|f| plain_field(f.0)).collect();
        row.heading = self.heading(r.node.heading.as_ref(), s, block);
        row
    }

    #[allow(clippy::too_many_arguments)]
    fn fixed_group(
        &mut self,
        r: &Named<ast::Row>,
        like: &Str,
        among: &NamedList<ast::Row>,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
    ) -> Row {
        let Some(model) = among.0.iter().find(|x| x.id.text() == like.text()) else {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, like.span()).arg("name", like.text());
            self.problems.push(d.suggest(like.text(), among.0.iter().map(|x| x.id.text())));
            return self.printed(r, RowKind::GroupFixed, Vec::new(), Vec::new());
        };
        let mut inside = spot.clone();
        inside.path.push(Step::Key(r.id.text().to_owned()));
        inside.fixed_group = Some(r.id.text().to_owned());
        let keys: Vec<String> = model
            .node
            .key
            .iter()
            .flat_map(|k| &k.0)
            .flat_map(|k| &k.value.0.0)
            .map(|k| k.text().to_owned())
            .collect();
        let mut names = Vec::new();
        let mut fields = Vec::new();
        if let Some(list) = &model.node.fields {
            let rest = NamedList(
                list.0.iter().filter(|f| !keys.contains(&f.id.text().to_owned())).cloned().collect(),
            );
            fields = self.fields(&rest, &Facts::default(), &inside, &mut names, sec, input);
        }
        let first = s.rows.len();
        let rows = model
            .node
            .rows
            .as_ref()
            .map(|rows| self.rows(rows, leaves, &inside, s, sec, input))
            .unwrap_or_default();
        let label = self.text(r.node.label.as_ref());
        let under: Vec<usize> = (first..s.rows.len()).collect();
        s.branches.push(BranchModel {
            id: r.id.text().into(),
            label,
            rows: under,
            children: Vec::new(),
            fields: names,
        });
        let mut row = self.printed(r, RowKind::GroupFixed, Vec::new(), rows);
        row.fields = fields.into_iter().map(|f| plain_field(f.0)).collect();
        row
    }

    #[allow(clippy::too_many_arguments)]
    fn fixed(
        &mut self,
        r: &Named<ast::Row>,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
        first: usize,
    ) -> Row {
        let facts = overlay(&spot.row_facts, &r.node.facts);
        let total = r.node.total.is_some_and(|t| t.0);
        let has_cells = r.node.rows.is_none() || r.node.facts.parts.is_some() || total;
        let mut inside = spot.clone();
        inside.path.push(Step::Key(r.id.text().to_owned()));
        let mut slots = Vec::new();
        if has_cells {
            let sum_of: Option<Vec<usize>> = total.then(|| {
                (first..s.rows.len())
                    .filter(|i| s.rows.get(*i).is_some_and(|r| !r.total && !r.calculated))
                    .collect()
            });
            let (made, cells) = self.cells_of_row(r, leaves, &inside, &facts, sec, input, sum_of.as_deref());
            slots = made;
            let mut row = self.row_model(r, spot, cells);
            row.total = total;
            row.calculated = total;
            s.rows.push(row);
        }
        let mut below = spot.clone();
        below.row_facts = overlay(&spot.row_facts, &passed(&r.node.facts));
        below.above.push(r.id.text().to_owned());
        below.constants = self.constants(r, leaves, &spot.constants);
        let start = s.rows.len();
        let rows = r
            .node
            .rows
            .as_ref()
            .map(|rows| self.rows(rows, leaves, &below, s, sec, input))
            .unwrap_or_default();
        if r.node.rows.is_some() {
            let label = self.text(r.node.label.as_ref());
            let children = r.node.rows.iter().flat_map(|x| &x.0).map(|x| x.id.text().to_owned()).collect();
            s.branches.push(BranchModel {
                id: r.id.text().into(),
                label,
                rows: (start..s.rows.len()).collect(),
                children,
                fields: Vec::new(),
            });
        }
        let kind = if total {
            RowKind::Total
        } else if has_cells && r.node.rows.is_none() {
            RowKind::Fixed
        } else {
            RowKind::Branch
        };
        let slots = if has_cells { slots } else { branch_slots(leaves, &self.constants(r, leaves, &[])) };
        self.printed(r, kind, slots, rows)
    }

    /// Constants by column of a row, those of the rows above included.
    fn constants(
        &mut self,
        r: &Named<ast::Row>,
        leaves: &[Leaf],
        above: &[(usize, Value, Text)],
    ) -> Vec<(usize, Value, Text)> {
        let mut all = above.to_vec();
        let values: Vec<(Str, crate::parse::shapes::Text)> =
            r.node.values.iter().flat_map(|v| v.0.clone()).collect();
        for (column, text) in values {
            let Some(ix) = leaves.iter().position(|l| l.model.id == column.text()) else {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, column.span()).arg("name", column.text());
                self.problems.push(d.suggest(column.text(), leaves.iter().map(|l| l.model.id.as_str())));
                continue;
            };
            let raw = text.entries.first().map(|e| e.1.text().to_owned()).unwrap_or_default();
            let printed = self.constant_label(leaves.get(ix), &raw, &text);
            all.retain(|c| c.0 != ix);
            all.push((ix, Value::Text(raw.as_str().into()), printed));
        }
        all
    }

    fn constant_label(&mut self, leaf: Option<&Leaf>, raw: &str, text: &crate::parse::shapes::Text) -> Text {
        let list = leaf
            .and_then(|l| l.facts.list.as_ref())
            .and_then(|l| self.model.lists.iter().find(|x| x.id == l.text()));
        match list {
            Some(list) => match list.find(raw) {
                Some(code) => code.label.clone(),
                None => {
                    let d = Diagnostic::new(&codes::UNLISTED_CODE, text.span)
                        .arg("code", raw)
                        .arg("list", &list.id);
                    let near: Vec<String> = list.codes.iter().map(|c| c.code.clone()).collect();
                    self.problems.push(d.suggest(raw, near.iter().map(String::as_str)));
                    Text::default()
                }
            },
            None => self.text(Some(text)),
        }
    }

    #[allow(clippy::too_many_arguments)]
    fn cells_of_row(
        &mut self,
        r: &Named<ast::Row>,
        leaves: &[Leaf],
        inside: &Spot,
        row_facts: &Facts,
        sec: usize,
        input: &SectionInput,
        sums: Option<&[usize]>,
    ) -> (Vec<Slot>, Vec<At>) {
        let na: Vec<&Str> = r.node.na.iter().flat_map(|n| &n.0).collect();
        let own = self.constants(r, leaves, &[]);
        let constants = self.constants(r, leaves, &inside.constants);
        let key_column = self.key_label_column(leaves, inside, r);
        let mut out = (Vec::new(), Vec::new());
        for name in &na {
            if !leaves.iter().any(|l| {
                l.model.id == name.text() || l.model.declared == name.text() || in_group(l, name.text())
            }) {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
                self.problems.push(d.suggest(name.text(), leaves.iter().map(|l| l.model.id.as_str())));
            }
        }
        for (ix, leaf) in leaves.iter().enumerate() {
            let is_na = na.iter().any(|n| n.text() == leaf.model.id || n.text() == leaf.model.declared);
            let constant = constants.iter().find(|c| c.0 == ix).cloned();
            let (slot, at) = match (leaf.content, constant) {
                (Content::Number | Content::Label | Content::Unit, _) => (Slot::Shown, At::Empty),
                _ if is_na => (Slot::NotApplicable, At::NotApplicable),
                (Content::Constant, Some((_, v, label))) => {
                    let merged = !own.iter().any(|c| c.0 == ix);
                    (
                        if merged {
                            Slot::Merged(v.clone(), label)
                        } else {
                            Slot::Constant(v.clone(), label)
                        },
                        At::Constant(v),
                    )
                }
                (Content::Constant, None) => (Slot::Empty, At::Empty),
                _ if Some(ix) == key_column => (Slot::Shown, At::Empty),
                (Content::Value, _) => self.value_cell(leaf, r, inside, row_facts, sec, input, sums),
            };
            out.0.push(slot);
            out.1.push(at);
        }
        out
    }

    /// The key column, in which the label of a fixed row or total stands.
    fn key_label_column(&self, leaves: &[Leaf], inside: &Spot, r: &Named<ast::Row>) -> Option<usize> {
        if r.node.repeat.is_some_and(|x| x.0) || leaves.iter().any(|l| l.content == Content::Label) {
            return None;
        }
        let block =
            self.model.blocks.iter().rev().find(|b| {
                b.parent == inside.home && !b.key.is_empty() && same_parent(&b.path, &inside.path)
            })?;
        let key = block.key.first()?;
        let id = &self.model.cells.get(key.ix())?.id;
        leaves.iter().position(|l| l.model.id == *id)
    }

    #[allow(clippy::too_many_arguments)]
    fn value_cell(
        &mut self,
        leaf: &Leaf,
        r: &Named<ast::Row>,
        inside: &Spot,
        row_facts: &Facts,
        sec: usize,
        input: &SectionInput,
        sums: Option<&[usize]>,
    ) -> (Slot, At) {
        let is_by_row = leaf.facts.ty.as_ref().is_some_and(|t| t.text() == "by_row");
        let facts =
            if is_by_row { by_row(&leaf.facts, row_facts) } else { row_applies(&leaf.facts, row_facts) };
        if sums.is_some() && facts.calculated.is_none() && !addable(&facts) {
            return (Slot::Empty, At::Empty);
        }
        let mut path = inside.path.clone();
        path.push(Step::Key(leaf.model.id.clone()));
        let fixed = !r.node.repeat.is_some_and(|x| x.0);
        let at = NewCell {
            sec,
            id: &leaf.model.id,
            declared: &leaf.model.declared,
            over: &leaf.model.over,
            row: fixed.then(|| r.id.text().to_owned()),
            home: inside.home,
            path,
            label: leaf.label.clone(),
            groups: &leaf.groups,
            facts,
            span: leaf.span,
        };
        let cell = self.cell(at, input);
        self.speak(cell, &leaf.model.label);
        let empty = r.node.facts.empty.as_ref().map(|e| self.text(Some(e)));
        if let Some(c) = self.model.cells.get_mut(cell.ix()) {
            c.empty = empty;
        }
        if let (Some(sums), Some(p)) = (sums, self.protos.get_mut(cell.ix())) {
            p.total = Some(sums.to_vec());
        }
        (Slot::Cell(cell), At::Cell(cell))
    }

    #[allow(clippy::too_many_arguments)]
    fn rows_over(
        &mut self,
        r: &Named<ast::Row>,
        over: &Str,
        leaves: &[Leaf],
        spot: &Spot,
        s: &mut SectionModel,
        sec: usize,
        input: &SectionInput,
    ) -> Vec<Row> {
        let Some(list) = self.model.lists.iter().find(|l| l.id == over.text()).cloned() else {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, over.span()).arg("name", over.text());
            let known: Vec<String> = self.model.lists.iter().map(|l| l.id.clone()).collect();
            self.problems.push(d.suggest(over.text(), known.iter().map(String::as_str)));
            return Vec::new();
        };
        let mut out = Vec::new();
        for code in &list.codes {
            let mut one = r.clone();
            one.id.0.text = code.code.clone();
            one.node.over = None;
            one.node.label = None;
            let mut row = self.fixed(&one, leaves, spot, s, sec, input, 0);
            row.label = code.label.clone();
            if let Some(m) = s.rows.last_mut() {
                m.label = code.label.clone();
                m.above = hierarchy(&list, code);
            }
            out.push(row);
        }
        let rows: Vec<usize> = (s.rows.len() - out.len()..s.rows.len()).collect();
        let label = self.text(r.node.label.as_ref());
        s.branches.push(BranchModel {
            id: r.id.text().into(),
            label,
            rows,
            children: list.codes.iter().map(|c| c.code.clone()).collect(),
            fields: Vec::new(),
        });
        for code in
            list.codes.iter().filter(|c| list.codes.iter().any(|x| x.under.as_deref() == Some(&c.code)))
        {
            let under = s
                .rows
                .iter()
                .enumerate()
                .filter(|(_, x)| x.above.contains(&code.code))
                .map(|(i, _)| i)
                .collect();
            let children = list
                .codes
                .iter()
                .filter(|x| x.under.as_deref() == Some(&code.code))
                .map(|x| x.code.clone())
                .collect();
            s.branches.push(BranchModel {
                id: code.code.clone(),
                label: code.label.clone(),
                rows: under,
                children,
                fields: Vec::new(),
            });
        }
        out
    }

    /// The heading of a group: text, the group's number, its fields.
    fn heading(
        &mut self,
        text: Option<&crate::parse::shapes::Text>,
        s: &SectionModel,
        block: BlockId,
    ) -> Vec<Vec<crate::ir::table::HeadingPart>> {
        let printed = self.text(text);
        let fields = s.blocks.iter().find(|b| b.block == block).map(|b| b.fields.clone()).unwrap_or_default();
        (0..self.texts.languages.len()).map(|l| super::template::heading(printed.get(l), &fields)).collect()
    }
}

/// What a new cell is made of.
struct NewCell<'n> {
    sec: usize,
    id: &'n str,
    declared: &'n str,
    over: &'n [(String, String)],
    row: Option<String>,
    home: Option<BlockId>,
    path: Path,
    label: Text,
    groups: &'n [Text],
    facts: Facts,
    span: Span,
}

fn hierarchy(list: &crate::ir::CodeList, code: &crate::ir::CodeItem) -> Vec<String> {
    let mut above = Vec::new();
    let mut next = code.under.clone();
    while let Some(id) = next.filter(|id| !above.contains(id)) {
        next = list.find(&id).and_then(|c| c.under.clone());
        above.insert(0, id);
    }
    above
}

fn same_parent(block: &Path, row: &Path) -> bool {
    let outer = block.len().saturating_sub(2);
    block.get(..outer) == row.get(..outer)
}

fn in_group(_: &Leaf, _: &str) -> bool {
    false
}

fn addable(facts: &Facts) -> bool {
    facts.ty.as_ref().is_some_and(|t| matches!(t.text(), "count" | "decimal" | "money"))
}

fn plain_field(cell: CellId) -> crate::ir::Field {
    crate::ir::Field { cell, half: false, boxes: false, under: None, stamp: None }
}

fn branch_slots(leaves: &[Leaf], constants: &[(usize, Value, Text)]) -> Vec<Slot> {
    let slot = |(ix, leaf): (usize, &Leaf)| match leaf.content {
        Content::Number | Content::Label | Content::Unit => Slot::Shown,
        _ => match constants.iter().find(|c| c.0 == ix) {
            Some((_, v, l)) => Slot::Merged(v.clone(), l.clone()),
            None => Slot::Empty,
        },
    };
    leaves.iter().enumerate().map(slot).collect()
}

fn printed_column(leaf: &Leaf) -> Column {
    Column {
        id: leaf.model.id.clone(),
        declared: leaf.model.declared.clone(),
        label: leaf.label.clone(),
        content: leaf.content,
        over: leaf.model.over.clone(),
        unit: None,
    }
}

/// Defaults, which pass to every column and field unless it says otherwise.
fn passed_defaults(defaults: &Facts) -> Facts {
    defaults.clone()
}

/// A text as if it were written at a place.
pub fn plain_str(text: &str, span: Span) -> Str {
    Str(crate::parse::yaml::Scalar { text: text.to_owned(), style: crate::parse::yaml::Style::Plain, span })
}

/// Two labels, the second behind the first.
pub fn join_text(a: &Text, b: &Text) -> Text {
    let n = a.0.len().max(b.0.len());
    Text(
        (0..n)
            .map(|l| {
                if b.get(l).is_empty() {
                    a.get(l).to_owned()
                } else {
                    format!("{}{}{}", a.get(l), gap(a.get(l), b.get(l)), b.get(l))
                }
            })
            .collect(),
    )
}

fn gap(a: &str, b: &str) -> &'static str {
    let latin = |c: Option<char>| c.is_some_and(|c| c.is_ascii_alphanumeric());
    if latin(a.chars().last()) && latin(b.chars().next()) { " " } else { "" }
}

fn empty_section() -> SectionModel {
    SectionModel {
        id: String::new(),
        table: None,
        root: Root::Return,
        label: Text::default(),
        none: None,
        fields: Vec::new(),
        columns: Vec::new(),
        groups: Vec::new(),
        rows: Vec::new(),
        branches: Vec::new(),
        blocks: Vec::new(),
    }
}

/// Every id declared in a section, with its place.
fn declared_ids(node: &ast::Section) -> Vec<(&str, Span)> {
    let mut out = Vec::new();
    for f in node.fields.iter().chain(&node.columns) {
        field_ids(f, &mut out);
    }
    if let Some(rows) = &node.rows {
        row_ids(rows, &mut out);
    }
    out
}

fn field_ids<'a>(list: &'a NamedList<ast::Field>, out: &mut Vec<(&'a str, Span)>) {
    for f in &list.0 {
        out.push((f.id.text(), f.id.span()));
        f.node.columns.iter().for_each(|c| field_ids(c, out));
    }
}

fn row_ids<'a>(list: &'a NamedList<ast::Row>, out: &mut Vec<(&'a str, Span)>) {
    for r in &list.0 {
        out.push((r.id.text(), r.id.span()));
        r.node.fields.iter().for_each(|f| field_ids(f, out));
        r.node.rows.iter().for_each(|x| row_ids(x, out));
    }
}
