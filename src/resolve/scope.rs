//! What a name means at a place: lookups in the symbol tables, in the order of the language reference.

use super::model::{At, Model, SecIx, SectionModel};
use crate::ir::{BlockId, CellId};

/// A row that expressions read from: which rows of the section, and the scope number its cells have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowAt {
    /// The section.
    pub sec: SecIx,
    /// The row, by position.
    pub row: usize,
    /// The scope (0: the place at hand).
    pub scope: u8,
}

/// The groups of a block of groups, and the scope number their fields have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRow {
    /// The section.
    pub sec: SecIx,
    /// The block of groups.
    pub block: BlockId,
    /// The scope (0: the place at hand).
    pub scope: u8,
}

/// A group of repeated rows that is at hand.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum GroupAt {
    /// A row of a group block.
    Repeated(BlockId),
    /// A fixed group, by id.
    Fixed(String),
}

/// The place an expression is resolved at.
#[derive(Debug, Clone, Default)]
pub struct Ctx {
    /// The table.
    pub table: Option<usize>,
    /// The section.
    pub section: Option<SecIx>,
    /// The row at hand.
    pub row: Option<RowAt>,
    /// The group at hand (of the row, or of a rule about groups).
    pub group: Option<(SecIx, GroupAt)>,
    /// The scope of that group (0: the place at hand).
    pub group_scope: u8,
    /// The column at hand (rules that name rows).
    pub column: Option<(SecIx, usize)>,
    /// The period or codes at hand.
    pub over: Vec<(String, String)>,
    /// Names of `each`: what they stand for.
    pub binds: Vec<(String, crate::parse::expr::Expr)>,
    /// `this`.
    pub this: Option<CellId>,
    /// Rows bound by quantifiers.
    pub rows: Vec<(String, RowAt)>,
    /// Groups bound by quantifiers.
    pub groups: Vec<(String, GroupRow)>,
    /// Values bound by quantifiers: what each name stands for.
    pub values: Vec<(String, crate::ir::expr::Expr)>,
    /// Number of iterations around.
    pub depth: u8,
}

/// What a name means.
#[derive(Debug, Clone, PartialEq)]
pub enum Sym {
    /// A column, or all of a spread one.
    Columns(SecIx, Vec<usize>),
    /// A column group.
    Group(SecIx, String),
    /// What specifies the codes of a column; of a multiple choice, those of one code if it is named.
    Specify(SecIx, Vec<usize>, Option<String>),
    /// What specifies the codes of one cell: a text for each of several codes.
    Specifications(CellId),
    /// A spread field, or a group of fields: by position in the section's sets.
    Fields(SecIx, usize),
    /// A row with cells.
    Row(SecIx, usize),
    /// A tree node or fixed group.
    Branch(SecIx, String),
    /// The rows of a block.
    Block(SecIx, String),
    /// `rows` of a section.
    Rows(SecIx),
    /// `columns` of a section.
    ColumnsOf(SecIx),
    /// A section.
    Section(SecIx),
    /// A table.
    Table(usize),
    /// One place.
    At(At, Option<CellKey>),
    /// The group at hand.
    GroupHere,
    /// `periods`.
    Periods,
    /// A row bound by a quantifier.
    RowVar(RowAt),
    /// A group bound by a quantifier.
    GroupVar(GroupRow),
}

/// The section and column of a fixed place, for constants.
pub type CellKey = (SecIx, usize);

impl Model {
    /// What `name` means at a place: same section, same table, unique in the survey. `Err`: several meanings, qualified.
    pub fn lookup(&self, ctx: &Ctx, name: &str) -> Result<Option<Sym>, Vec<String>> {
        if let Some(found) = self.keyword(ctx, name) {
            return Ok(Some(found));
        }
        if let Some(sec) = ctx.section
            && let Some(found) = self.in_section(sec, name)
        {
            return Ok(Some(found));
        }
        if let Some(table) = ctx.table
            && let Some(found) = self.in_table(table, name)?
        {
            return Ok(Some(found));
        }
        self.in_survey(name)
    }

    fn keyword(&self, ctx: &Ctx, name: &str) -> Option<Sym> {
        if let Some((_, row)) = ctx.rows.iter().rev().find(|(n, _)| n == name) {
            return Some(Sym::RowVar(*row));
        }
        if let Some((_, group)) = ctx.groups.iter().rev().find(|(n, _)| n == name) {
            return Some(Sym::GroupVar(*group));
        }
        match name {
            "rows" => ctx.section.filter(|s| self.sec(*s).is_some_and(|x| !x.rows.is_empty())).map(Sym::Rows),
            "columns" => ctx.section.map(Sym::ColumnsOf),
            "section" => ctx.section.map(Sym::Section),
            "group" => (ctx.group.is_some() || self.has_groups(ctx)).then_some(Sym::GroupHere),
            "context" => self.context.map(Sym::Section),
            "periods" => Some(Sym::Periods),
            "this" => ctx.this.map(|c| Sym::At(At::Cell(c), None)),
            _ => None,
        }
    }

    /// What `name` means inside a section.
    pub fn in_section(&self, sec: SecIx, name: &str) -> Option<Sym> {
        let s = self.sec(sec)?;
        let columns = s.columns_named(name);
        if !columns.is_empty() {
            return Some(Sym::Columns(sec, columns));
        }
        if let Some(cell) = s.field(name) {
            return Some(Sym::At(At::Cell(cell), None));
        }
        if let Some(set) = s.field_set(name) {
            return Some(Sym::Fields(sec, set));
        }
        if s.group(name).is_some() {
            return Some(Sym::Group(sec, name.to_owned()));
        }
        if s.block(name).is_some() {
            return Some(Sym::Block(sec, name.to_owned()));
        }
        if let Some(row) = s.row(name) {
            return Some(Sym::Row(sec, row));
        }
        if s.branch(name).is_some() {
            return Some(Sym::Branch(sec, name.to_owned()));
        }
        self.special(s, sec, name)
    }

    fn special(&self, s: &SectionModel, sec: SecIx, name: &str) -> Option<Sym> {
        if name == "none" {
            return s.none.map(|c| Sym::At(At::Cell(c), None));
        }
        let group_field = s.blocks.iter().any(|b| b.fields.iter().any(|f| f.0 == name));
        if group_field {
            return s
                .blocks
                .iter()
                .find_map(|b| b.fields.iter().find(|f| f.0 == name))
                .map(|f| Sym::At(At::Cell(f.1), None));
        }
        if let Some((at, column)) = s.named_cell(name) {
            return Some(Sym::At(at, Some((sec, column))));
        }
        let specified = self.specification(s, sec, name);
        (specified.is_some()).then_some(specified).flatten()
    }

    /// `x_specify` of a field or a column.
    fn specification(&self, s: &SectionModel, sec: SecIx, name: &str) -> Option<Sym> {
        let base = name.strip_suffix("_specify")?;
        let Some(cell) = s.field(base) else {
            let columns = s.columns_named(base);
            return (!columns.is_empty()).then_some(Sym::Specify(sec, columns, None));
        };
        self.specified(cell)
    }

    /// What `x_specify` of a cell means: its text, or texts by code.
    fn specified(&self, cell: CellId) -> Option<Sym> {
        match self.specifies(cell, None) {
            Some(one) => Some(Sym::At(At::Cell(one), None)),
            None => {
                let any = self.cells.get(cell.ix()).is_some_and(|c| !c.specify.is_empty());
                any.then_some(Sym::Specifications(cell))
            }
        }
    }

    /// The cell that specifies a code of a cell; the one of all its codes where none is named.
    pub fn specifies(&self, cell: CellId, code: Option<&str>) -> Option<CellId> {
        let all = &self.cells.get(cell.ix())?.specify;
        if let Some(code) = code {
            return all.iter().find(|s| s.0 == code).map(|s| s.1);
        }
        let (_, first) = all.first()?;
        all.iter().all(|(_, other)| other == first).then_some(*first)
    }

    /// The codes of columns that ask for a text of their own.
    pub fn specified_codes(&self, sec: SecIx, columns: &[usize]) -> Vec<&str> {
        let rows = self.sec(sec).map(|s| s.rows.as_slice()).unwrap_or_default();
        let first = rows.iter().find_map(|row| match row.cells.get(*columns.first()?)? {
            At::Cell(cell) => self.cells.get(cell.ix()),
            _ => None,
        });
        first.iter().flat_map(|cell| &cell.specify).map(|s| s.0.as_str()).collect()
    }

    /// What `name` means in a table: a section, or a name that is unique among its sections.
    pub fn in_table(&self, table: usize, name: &str) -> Result<Option<Sym>, Vec<String>> {
        if let Some(sec) = self.section_of(table, name).filter(|_| !name.is_empty()) {
            return Ok(Some(Sym::Section(sec)));
        }
        let sections = self.tables.get(table).map(|t| t.sections.clone()).unwrap_or_default();
        self.unique(sections, name)
    }

    fn unique(&self, sections: Vec<SecIx>, name: &str) -> Result<Option<Sym>, Vec<String>> {
        let mut found: Vec<(SecIx, Sym)> =
            sections.into_iter().filter_map(|s| self.in_section(s, name).map(|x| (s, x))).collect();
        if found.len() > 1 {
            return Err(found.iter().map(|(s, _)| self.qualified(*s, name)).collect());
        }
        Ok(found.pop().map(|x| x.1))
    }

    fn qualified(&self, sec: SecIx, name: &str) -> String {
        let Some(s) = self.sec(sec) else { return name.to_owned() };
        let table = s.table.and_then(|t| self.tables.get(t)).map_or("context", |t| t.id.as_str());
        if s.id.is_empty() { format!("{table}.{name}") } else { format!("{table}.{}.{name}", s.id) }
    }

    /// What a name stands for, in words: English, Chinese.
    pub fn described(&self, sym: &Sym) -> (String, String) {
        let (en, zh) = match sym {
            Sym::Columns(..) | Sym::Group(..) | Sym::Specify(..) => ("a column", "列"),
            Sym::Specifications(..) => ("a field", "栏目"),
            Sym::Row(..) | Sym::Branch(..) | Sym::Block(..) | Sym::RowVar(_) | Sym::GroupVar(_) => {
                ("a row", "行")
            }
            Sym::Section(_) => ("a section", "部分"),
            Sym::Table(_) => ("a table", "表"),
            Sym::At(..) | Sym::Fields(..) => ("a field", "栏目"),
            _ => ("a word of the language", "语言中的词"),
        };
        (en.to_owned(), zh.to_owned())
    }

    fn in_survey(&self, name: &str) -> Result<Option<Sym>, Vec<String>> {
        if let Some(table) = self.tables.iter().position(|t| t.id == name) {
            return Ok(Some(Sym::Table(table)));
        }
        if let Some(sec) = self.sections.iter().position(|s| s.table.is_none() && s.id == name) {
            return Ok(Some(Sym::Section(sec)));
        }
        let all = (0..self.sections.len()).filter(|s| Some(*s) != self.context).collect();
        self.unique(all, name)
    }

    /// Every name that is worth suggesting at a place.
    pub fn suggestions<'s>(&'s self, ctx: &'s Ctx) -> Vec<&'s str> {
        let mut names: Vec<&str> = self.tables.iter().map(|t| t.id.as_str()).collect();
        let table =
            ctx.table.and_then(|t| self.tables.get(t)).map(|t| t.sections.clone()).unwrap_or_default();
        for s in table.iter().chain(ctx.section.iter()).filter_map(|s| self.sec(*s)) {
            names.push(&s.id);
            names.extend(s.names());
        }
        names.extend(ctx.binds.iter().map(|b| b.0.as_str()));
        names.retain(|n| !n.is_empty());
        names
    }

    /// The ids whose label in some language is `text`: a rule names ids, and designers write what is printed.
    pub fn labelled(&self, ctx: &Ctx, text: &str) -> Vec<String> {
        let table =
            ctx.table.and_then(|t| self.tables.get(t)).map(|t| t.sections.as_slice()).unwrap_or_default();
        let mut ids = Vec::new();
        for s in table.iter().chain(ctx.section.iter()).filter_map(|s| self.sec(*s)) {
            let columns = s.columns.iter().map(|c| (&c.declared, &c.base));
            let rows = s.rows.iter().map(|r| (&r.id, &r.label));
            let fields = s.fields.iter().filter_map(|(id, c)| Some((id, &self.cells.get(c.ix())?.label)));
            let named = columns.chain(rows).chain(fields).filter(|(_, label)| says(label, text));
            ids.extend(named.map(|(id, _)| id.clone()));
        }
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// The member `name` of what `sym` means.
    pub fn member(&self, ctx: &Ctx, sym: &Sym, name: &str) -> Option<Sym> {
        match sym {
            Sym::Table(t) if name == "rows" => self.only_grid(*t).map(Sym::Rows),
            Sym::Table(t) if name == "columns" => self.only_grid(*t).map(Sym::ColumnsOf),
            Sym::Table(t) => self.in_table(*t, name).ok().flatten(),
            Sym::Section(s) if name == "rows" => Some(Sym::Rows(*s)),
            Sym::Section(s) if name == "columns" => Some(Sym::ColumnsOf(*s)),
            Sym::Section(s) => self.in_section(*s, name),
            Sym::Row(sec, row) => self.row_member(ctx, *sec, *row, name),
            Sym::RowVar(at) => self.row_member(ctx, at.sec, at.row, name),
            Sym::Branch(sec, id) => self.branch_member(*sec, id, name),
            Sym::Specify(sec, columns, None) => {
                let known = self.specified_codes(*sec, columns).contains(&name);
                known.then(|| Sym::Specify(*sec, columns.clone(), Some(name.to_owned())))
            }
            Sym::Specifications(cell) => {
                self.specifies(*cell, Some(name)).map(|c| Sym::At(At::Cell(c), None))
            }
            Sym::GroupVar(at) => self.group_member(at.sec, at.block, name),
            Sym::GroupHere => {
                let field = self.group_field(ctx, name).map(|c| Sym::At(At::Cell(c), None));
                field.or_else(|| self.group_set(ctx, name))
            }
            _ => None,
        }
    }

    fn only_grid(&self, table: usize) -> Option<SecIx> {
        let sections = &self.tables.get(table)?.sections;
        sections.iter().copied().find(|s| self.sec(*s).is_some_and(|x| !x.columns.is_empty()))
    }

    fn row_member(&self, ctx: &Ctx, sec: SecIx, row: usize, name: &str) -> Option<Sym> {
        let s = self.sec(sec)?;
        if let Some(base) = name.strip_suffix("_specify")
            && let Some(column) = self.column_here(ctx, sec, base)
            && let At::Cell(cell) = s.rows.get(row)?.cells.get(column)?
        {
            return self.specified(*cell);
        }
        let Some(column) = self.column_here(ctx, sec, name) else {
            let around = self.chain(s.rows.get(row)?.home);
            return around.into_iter().find_map(|b| self.group_member(sec, b, name));
        };
        let at = s.rows.get(row)?.cells.get(column)?;
        Some(Sym::At(at.clone(), Some((sec, column))))
    }

    /// A field, or fields, of the repeated groups of a block.
    fn group_member(&self, sec: SecIx, block: BlockId, name: &str) -> Option<Sym> {
        let field = self.field_of_groups(sec, block, name).map(|c| Sym::At(At::Cell(c), None));
        field.or_else(|| {
            let sets = &self.sec(sec)?.field_sets;
            let at = sets.iter().position(|s| s.id == name && s.home == Some(block))?;
            Some(Sym::Fields(sec, at))
        })
    }

    /// Spread fields or a group of fields of the group at hand, or of the groups around it.
    fn group_set(&self, ctx: &Ctx, name: &str) -> Option<Sym> {
        match ctx.group.as_ref() {
            Some((sec, GroupAt::Repeated(b))) => {
                self.chain(Some(*b)).into_iter().find_map(|b| self.group_member(*sec, b, name))
            }
            Some((_, GroupAt::Fixed(_))) => None,
            None => {
                let sec = ctx.section?;
                let sets = &self.sec(sec)?.field_sets;
                let at = sets.iter().position(|s| s.id == name && s.home.is_some())?;
                Some(Sym::Fields(sec, at))
            }
        }
    }

    /// The field that a set means at a place: of a spread one, that of the period or codes at hand; of a total, its own.
    pub fn field_here(&self, ctx: &Ctx, sec: SecIx, set: usize) -> Option<CellId> {
        let set = self.sec(sec)?.field_sets.get(set)?;
        if !set.spread {
            return set.own;
        }
        if let [one] = set.cells.as_slice() {
            return Some(*one);
        }
        let over = |c: &CellId| self.cells.get(c.ix()).map(|c| c.over.as_slice()).unwrap_or_default();
        set.cells.iter().copied().find(|c| over(c).iter().all(|o| ctx.over.contains(o)))
    }

    /// A field of the repeated groups of a block.
    pub fn field_of_groups(&self, sec: SecIx, block: BlockId, name: &str) -> Option<CellId> {
        let block = self.sec(sec)?.blocks.iter().find(|b| b.block == block)?;
        block.fields.iter().find(|f| f.0 == name).map(|f| f.1)
    }

    fn branch_member(&self, sec: SecIx, branch: &str, name: &str) -> Option<Sym> {
        let s = self.sec(sec)?;
        if let Some(row) = s.rows.iter().position(|r| r.id == branch) {
            let column = s.columns_named(name).first().copied()?;
            return Some(Sym::At(s.rows.get(row)?.cells.get(column)?.clone(), Some((sec, column))));
        }
        let b = s.branch(branch)?;
        if let Some((_, c)) = b.fields.iter().find(|f| f.0 == name) {
            return Some(Sym::At(At::Cell(*c), None));
        }
        let row = b.rows.iter().copied().find(|r| s.rows.get(*r).is_some_and(|x| x.id == name))?;
        if s.rows.get(row)?.repeats {
            Some(Sym::Block(sec, format!("{branch}.{name}")))
        } else {
            Some(Sym::Row(sec, row))
        }
    }

    /// The column a name means at a place: itself, or the one of a spread with the period or codes at hand.
    pub fn column_here(&self, ctx: &Ctx, sec: SecIx, name: &str) -> Option<usize> {
        let columns = self.sec(sec)?.columns_named(name);
        self.pick(ctx, sec, &columns)
    }

    /// Of spread columns, the one with the period or codes at hand.
    pub fn pick(&self, ctx: &Ctx, sec: SecIx, columns: &[usize]) -> Option<usize> {
        if let [one] = columns {
            return Some(*one);
        }
        let s = self.sec(sec)?;
        let fits = |c: &usize| s.columns.get(*c).is_some_and(|c| c.over.iter().all(|o| ctx.over.contains(o)));
        columns.iter().copied().find(fits)
    }

    fn has_groups(&self, ctx: &Ctx) -> bool {
        ctx.section.and_then(|s| self.sec(s)).is_some_and(|s| s.blocks.iter().any(|b| !b.fields.is_empty()))
    }

    /// A field of the group at hand, or of the groups around it; where none is at hand, of the section's groups.
    pub fn group_field(&self, ctx: &Ctx, name: &str) -> Option<CellId> {
        let named = |fields: &[(String, CellId)]| fields.iter().find(|f| f.0 == name).map(|f| f.1);
        let Some((sec, group)) = ctx.group.as_ref() else {
            return self.sec(ctx.section?)?.blocks.iter().find_map(|b| named(&b.fields));
        };
        match group {
            GroupAt::Repeated(b) => {
                self.chain(Some(*b)).into_iter().find_map(|b| self.field_of_groups(*sec, b, name))
            }
            GroupAt::Fixed(id) => named(&self.sec(*sec)?.branch(id)?.fields),
        }
    }
}

/// Whether a label is `text` in one of its languages.
pub fn says(label: &crate::ir::Text, text: &str) -> bool {
    (0..label.0.len()).any(|lang| label.plain(lang) == text)
}
