//! Fixed rows, trees of rows and totals: what stands where a row meets a column.

use super::cells::NewCell;
use super::columns::MAX_COLUMNS;
use super::{Constant, Leaf, Spot, Work};
use crate::diag::{Diagnostic, codes, over_limit};
use crate::ir::table::{Row, RowKind, Slot};
use crate::ir::{CellId, Content, Step, Text};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::{Named, NamedList, Str};
use crate::resolve::facts::{by_row, fitted, overlay, passed, row_applies};
use crate::resolve::model::{At, BranchModel, RowModel};
use crate::resolve::types::meant_type;
use crate::source::Span;
use formwright_engine::{Date, Decimal, Value};
use std::rc::Rc;
use std::sync::Arc;

/// Most rows of a table.
const MAX_ROWS: usize = 1_048_576;
/// Most cells of a survey: each takes some kilobytes while it is compiled.
const MAX_CELLS: usize = 200_000;

impl Work<'_, '_> {
    /// Rows of one level, in order.
    pub(super) fn rows(&mut self, list: &NamedList<ast::Row>, spot: &Spot) -> Vec<Row> {
        let mut spot = spot.clone();
        spot.key_column = self.key_column(list).or(spot.key_column);
        let first = self.s.rows.len();
        let mut out = Vec::new();
        for r in &list.0 {
            let Some(r) = self.input.life.row(r, self.b.problems) else {
                self.b.model.past.extend(rows_of(r));
                continue;
            };
            match &r.node.over {
                Some(over) => out.extend(self.rows_over(&r, over, &spot)),
                None => out.push(self.row(&r, list, &spot, first)),
            }
        }
        out
    }

    fn row(&mut self, r: &Named<ast::Row>, among: &NamedList<ast::Row>, spot: &Spot, first: usize) -> Row {
        if !self.built.declared_rows.iter().any(|x| x.id.text() == r.id.text() && x.span == r.span) {
            self.built.declared_rows.push(r.clone());
        }
        let repeats = r.node.repeat.is_some_and(|x| x.0);
        match (repeats, &r.node.like) {
            (true, _) if r.node.fields.is_some() || r.node.rows.is_some() => self.group(r, spot),
            (true, _) => self.repeated(r, spot),
            (false, Some(like)) => self.fixed_group(r, like, among, spot),
            (false, None) => self.fixed(r, spot, first),
        }
    }

    /// The key column of repeated rows in a list, in which the labels of the rows beside them stand.
    fn key_column(&self, list: &NamedList<ast::Row>) -> Option<usize> {
        if self.leaves.iter().any(|l| l.content == Content::Label) {
            return None;
        }
        let keyed = list.0.iter().find(|r| r.node.repeat.is_some_and(|x| x.0) && r.node.fields.is_none())?;
        let key = keyed.node.key.as_ref()?.0.first()?.value.0.0.first()?;
        self.leaves.iter().position(|l| l.model.id == key.text())
    }

    pub(super) fn row_model(&mut self, r: &Named<ast::Row>, spot: &Spot, cells: Vec<At>) -> RowModel {
        let label = self.text(r.node.short.as_ref().or(r.node.label.as_ref()));
        let pattern = self.input.node.names.as_ref().and_then(|n| n.row.as_ref());
        RowModel {
            id: r.id.text().to_owned(),
            name: pattern.map(|p| super::names::filled(p, r.id.text())),
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

    pub(super) fn printed(
        &mut self,
        r: &Named<ast::Row>,
        kind: RowKind,
        slots: Vec<Slot>,
        rows: Vec<Row>,
    ) -> Row {
        self.number_pattern(r.node.number.as_ref());
        Row {
            id: r.id.text().to_owned(),
            kind,
            number: r.node.number.as_ref().map(|n| n.text().to_owned()),
            number_span: r.node.number.as_ref().map(Str::span),
            label: self.text(r.node.label.as_ref()),
            heading: Vec::new(),
            slots,
            fields: Vec::new(),
            rows,
            unit: None,
            said: self.said(&r.node.facts),
            span: r.id.span(),
        }
    }

    /// `{n} {n.zh} {group.n} {group.n.zh}` are all that a number may name.
    fn number_pattern(&mut self, number: Option<&Str>) {
        let Some(number) = number else { return };
        let known = ["n", "n.zh", "group.n", "group.n.zh"];
        for piece in crate::parse::template::parse(number.text()).0 {
            if let crate::parse::template::Piece::Ref(name, _) = piece
                && !known.contains(&name.as_str())
            {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, number.span()).arg("name", &name);
                self.b.problems.push(d.suggest(&name, known));
            }
        }
    }

    /// A row that is no block: with cells of its own unless it only heads others.
    fn fixed(&mut self, r: &Named<ast::Row>, spot: &Spot, first: usize) -> Row {
        let total = r.node.total.is_some_and(|t| t.0);
        let has_cells = r.node.rows.is_none() || r.node.facts.parts.is_some() || total;
        let mut inside = spot.clone();
        inside.path.push(Step::Key(r.id.text().to_owned()));
        let at = self.s.rows.len();
        if let Some(number) = &r.node.number {
            crate::parse::ids::check_text(&number.0, self.b.problems);
        }
        let constants = self.constants(r, &[]);
        let slots = if has_cells {
            let facts = overlay(&spot.row_facts, &r.node.facts);
            let (slots, cells) = self.cells_of_row(r, &inside, &facts, total);
            let row = self.row_model(r, spot, cells);
            self.s.rows.push(RowModel { total, calculated: total, ..row });
            slots
        } else {
            branch_slots(&self.leaves, &constants)
        };
        let below = self.below(r, spot);
        let start = self.s.rows.len();
        let rows = r.node.rows.as_ref().map(|rows| self.rows(rows, &below)).unwrap_or_default();
        if let Some(declared) = &r.node.rows {
            self.branch(r, declared.0.iter().map(|x| x.id.text().to_owned()).collect(), start);
        }
        if total {
            let summed = if r.node.rows.is_some() { start..self.s.rows.len() } else { first..at };
            self.sum(at, summed);
        }
        let kind = match (total, has_cells && r.node.rows.is_none()) {
            (true, _) => RowKind::Total,
            (false, true) => RowKind::Fixed,
            (false, false) => RowKind::Branch,
        };
        self.printed(r, kind, slots, rows)
    }

    /// Where the rows under a row are built.
    fn below(&mut self, r: &Named<ast::Row>, spot: &Spot) -> Spot {
        let mut below = spot.clone();
        below.row_facts = Arc::new(overlay(&spot.row_facts, &passed(&r.node.facts)));
        below.above.push(r.id.text().to_owned());
        below.constants = self.constants(r, &spot.constants);
        below
    }

    /// A node of the tree over the rows built since `start`.
    pub(super) fn branch(&mut self, r: &Named<ast::Row>, children: Vec<String>, start: usize) {
        let label = self.text(r.node.label.as_ref());
        self.s.branches.push(BranchModel {
            id: r.id.text().into(),
            label,
            rows: (start..self.s.rows.len()).collect(),
            children,
            fields: Vec::new(),
        });
    }

    /// A total adds the data rows of a range: no totals, and no rows under a row that is their whole.
    fn sum(&mut self, total: usize, range: std::ops::Range<usize>) {
        let rows = &self.s.rows;
        let whole = |id: &String, of: &RowModel| {
            range
                .clone()
                .filter_map(|i| rows.get(i))
                .any(|w| w.id == *id && !w.calculated && w.home == of.home && w.fixed_group == of.fixed_group)
        };
        let data =
            |i: &usize| rows.get(*i).is_some_and(|r| !r.calculated && !r.above.iter().any(|a| whole(a, r)));
        let summed: Vec<usize> = range.clone().filter(data).collect();
        let cells = rows.get(total).map(|r| r.cells.clone()).unwrap_or_default();
        for at in cells {
            if let At::Cell(cell) = at
                && let Some(proto) = self.b.protos.get_mut(cell.ix())
            {
                proto.total = Some(summed.clone());
            }
        }
    }

    /// Constants by column of a row, those of the rows above included.
    fn constants(&mut self, r: &Named<ast::Row>, above: &[Constant]) -> Vec<Constant> {
        let mut all = above.to_vec();
        let leaves = Rc::clone(&self.leaves);
        let values: Vec<(Str, crate::parse::shapes::Text)> =
            r.node.values.iter().flat_map(|v| v.0.clone()).collect();
        for (column, text) in values {
            let Some((ix, leaf)) = leaves.iter().enumerate().find(|(_, l)| l.model.id == column.text())
            else {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, column.span()).arg("name", column.text());
                self.b.problems.push(d.suggest(column.text(), leaves.iter().map(|l| l.model.id.as_str())));
                continue;
            };
            if leaf.content != Content::Constant {
                self.b.problems.push(
                    Diagnostic::new(&codes::VALUE_NOT_CONSTANT, column.span()).arg("column", column.text()),
                );
                continue;
            }
            let raw = text.entries.first().map(|e| e.1.text().to_owned()).unwrap_or_default();
            let printed = self.constant_label(leaf, &raw, &text);
            let value = self.constant_value(leaf, &raw, &text);
            all.retain(|c| c.0 != ix);
            all.push((ix, value, printed));
        }
        all
    }

    /// A constant as rules read it.
    fn constant_value(&mut self, leaf: &Leaf, raw: &str, text: &crate::parse::shapes::Text) -> Value {
        let ty = leaf.facts.ty.as_ref().map_or("", Str::text);
        let value = match ty {
            "count" | "decimal" | "percent" | "money" => Decimal::parse(raw).map(Value::Num),
            "date" => Date::parse(raw).map(Value::Date),
            "yes_no" | "tick" => raw.parse().ok().map(Value::Bool),
            _ => Some(Value::Text(raw.into())),
        };
        value.unwrap_or_else(|| {
            let d = Diagnostic::new(&codes::WRONG_BOUND, text.span).arg("fact", "values").arg("value", raw);
            self.b.problems.push(d);
            Value::Null
        })
    }

    fn constant_label(&mut self, leaf: &Leaf, raw: &str, text: &crate::parse::shapes::Text) -> Text {
        let named = leaf.facts.list.as_ref();
        let list = named.and_then(|l| self.b.model.lists.iter().find(|x| x.id == l.text()));
        let Some(list) = list else { return self.text(Some(text)) };
        if let Some(code) = list.find(raw) {
            return code.label.clone();
        }
        let d = Diagnostic::new(&codes::UNLISTED_CODE, text.span).arg("code", raw).arg("list", &list.id);
        self.b.problems.push(d.suggest(raw, list.codes.iter().map(|c| c.code.as_str())));
        Text::default()
    }

    /// Whether the cells of one more row would be too many; said once.
    fn is_full(&mut self, r: &Named<ast::Row>) -> bool {
        let cells = self.b.model.cells.len().saturating_add(self.leaves.len());
        let limits = [
            ("columns of a table", self.leaves.len(), MAX_COLUMNS),
            ("rows of a table", self.s.rows.len() + 1, MAX_ROWS),
            ("cells of a survey", cells, MAX_CELLS),
        ];
        let over = limits.iter().find(|(_, value, limit)| value > limit);
        if let Some((what, value, limit)) = over.filter(|_| !self.b.model.full) {
            self.b.problems.push(over_limit(r.id.span(), what, *value, *limit));
            self.b.model.full = true;
        }
        over.is_some()
    }

    /// The cells of a row: what prints, and what rules read.
    pub(super) fn cells_of_row(
        &mut self,
        r: &Named<ast::Row>,
        inside: &Spot,
        row_facts: &Facts,
        total: bool,
    ) -> (Vec<Slot>, Vec<At>) {
        if let Some(number) = &r.node.number {
            crate::parse::ids::check_text(&number.0, self.b.problems);
        }
        let na = self.not_applicable(r);
        let own = self.constants(r, &[]);
        let constants = self.constants(r, &inside.constants);
        let repeats = r.node.repeat.is_some_and(|x| x.0);
        let key_column = inside.key_column.filter(|_| !repeats);
        let here = self.s.rows.len();
        let mut out = (Vec::new(), Vec::new());
        if self.is_full(r) {
            return (vec![Slot::Empty; self.leaves.len()], vec![At::Empty; self.leaves.len()]);
        }
        for (ix, leaf) in Rc::clone(&self.leaves).iter().enumerate() {
            let of_row = na.iter().find(|n| n.0 == ix).map(|n| n.1);
            let is_na = of_row.or_else(|| self.input.gone.get(&(here, ix)).copied());
            let constant = constants.iter().find(|c| c.0 == ix).cloned();
            let (slot, at) = match (leaf.content, constant, is_na) {
                (Content::Number | Content::Label | Content::Unit, ..) => (Slot::Shown, At::Empty),
                (.., Some(said)) => (Slot::NotApplicable, At::NotApplicable(said)),
                (Content::Constant, Some((_, v, label)), _) => {
                    let merged = !own.iter().any(|c| c.0 == ix);
                    let slot = if merged { Slot::Merged } else { Slot::Constant };
                    (slot(v.clone(), label), At::Constant(v))
                }
                (Content::Constant, None, _) => (Slot::Empty, At::Empty),
                _ if Some(ix) == key_column => (Slot::Shown, At::Empty),
                (Content::Value, ..) => self.value_cell(leaf, r, inside, row_facts, total),
            };
            out.0.push(slot);
            out.1.push(at);
        }
        out
    }

    /// The columns that print —— in a row (by column, by declared id of a spread one, by group), and where that is said.
    fn not_applicable(&mut self, r: &Named<ast::Row>) -> Vec<(usize, Span)> {
        let mut out = Vec::new();
        for name in r.node.na.iter().flat_map(|n| &n.0) {
            let mut found = self.s.columns_named(name.text());
            if let Some(group) = self.s.group(name.text()) {
                found.extend(group.own.iter().chain(&group.columns));
            }
            if found.is_empty() {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, name.span()).arg("name", name.text());
                self.b.problems.push(d.suggest(name.text(), self.s.names()));
            }
            out.extend(found.into_iter().map(|column| (column, name.span())));
        }
        out
    }

    fn value_cell(
        &mut self,
        leaf: &Leaf,
        r: &Named<ast::Row>,
        inside: &Spot,
        row_facts: &Facts,
        total: bool,
    ) -> (Slot, At) {
        let is_by_row = leaf.facts.ty.as_ref().is_some_and(|t| meant_type(t.text()) == "by_row");
        let facts = if is_by_row {
            let fit = fitted(&leaf.facts, &Facts { ty: row_facts.ty.clone(), ..Facts::default() });
            Arc::new(by_row(&fit, row_facts))
        } else if row_facts.applies.is_some() {
            Arc::new(row_applies(&leaf.facts, row_facts))
        } else {
            Arc::clone(&leaf.facts)
        };
        if total && facts.calculated.is_none() && !addable(&facts) {
            return (Slot::Empty, At::Empty);
        }
        let mut path = inside.path.clone();
        path.push(Step::Key(leaf.model.id.clone()));
        let fixed = !r.node.repeat.is_some_and(|x| x.0);
        let empty = r.node.facts.empty.as_ref().or(facts.empty.as_ref()).cloned();
        let at = NewCell {
            sec: self.sec,
            id: &leaf.model.id,
            declared: leaf.model.name.as_ref().unwrap_or(&leaf.model.declared),
            over: &leaf.model.over,
            row: fixed.then(|| r.id.text().to_owned()),
            home: inside.home,
            path,
            label: leaf.label.clone(),
            groups: &leaf.groups,
            facts,
            span: leaf.span,
        };
        let cell = self.b.cell(at, self.input);
        self.b.speak(cell, &leaf.model.label);
        self.print_blank(cell, empty.as_ref());
        (Slot::Cell(cell), At::Cell(cell))
    }

    fn print_blank(&mut self, cell: CellId, empty: Option<&crate::parse::shapes::Text>) {
        let empty = empty.map(|e| self.text(Some(e)));
        if let Some(c) = self.b.model.cells.get_mut(cell.ix()) {
            c.empty = empty;
        }
    }
}

fn addable(facts: &Facts) -> bool {
    let unknown = |word: &str| !crate::resolve::types::TYPES.contains(&word);
    let numeric = |word: &str| matches!(word, "count" | "decimal" | "money");
    // A type that is reported as unknown is not reported once more for lack of a total.
    facts.ty.as_ref().is_some_and(|t| numeric(t.text()) || unknown(t.text()))
}

fn branch_slots(leaves: &[Leaf], constants: &[Constant]) -> Vec<Slot> {
    let slot = |(ix, leaf): (usize, &Leaf)| match leaf.content {
        Content::Number | Content::Label | Content::Unit => Slot::Shown,
        _ => match constants.iter().find(|c| c.0 == ix) {
            Some((_, v, l)) => Slot::Merged(v.clone(), l.clone()),
            None => Slot::Empty,
        },
    };
    leaves.iter().enumerate().map(slot).collect()
}

/// The ids of a row and of all below it.
fn rows_of(row: &Named<ast::Row>) -> Vec<String> {
    let (mut out, mut open) = (Vec::new(), vec![row]);
    while let Some(r) = open.pop() {
        out.push(r.id.text().to_owned());
        out.extend(r.node.fields.iter().flat_map(|f| &f.0).map(|f| f.id.text().to_owned()));
        open.extend(r.node.rows.iter().flat_map(|r| &r.0));
    }
    out
}
