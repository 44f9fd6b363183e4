//! Sections and tables: building them, the facts of their cells, and what prints of them.

use super::facts::Use;
use super::model::{At, Model};
use super::places::{self, Places};
use super::rules::Rules;
use super::scope::Ctx;
use super::structure::{Builder, Built, Proto, SectionInput, join_text, plain_str};
use super::template::Filler;
use super::texts::Texts;
use super::{json_path, notes, section_input, table_label, table_model, text_of};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::table::{Layout, Row, Sentence, Slot};
use crate::ir::{CellId, Fact, Field, Grid, Root, Section, Step, Survey, Table, Text, Type};
use crate::parse::ast::{self, Facts};
use crate::source::SourceMap;
use std::collections::BTreeMap;

/// A built section and its declaration.
pub struct Entry<'i> {
    /// Its table.
    pub table: Option<usize>,
    /// The section.
    pub sec: usize,
    /// Its declaration.
    pub node: &'i ast::Section,
    /// Whether it is a table without sections.
    pub of_table: bool,
    /// What prints.
    pub built: Built,
    /// What it was built from.
    pub input: SectionInput<'i>,
}

/// Builds every section, in order.
pub fn build<'i>(input: &'i super::Input, b: &mut Builder) -> Vec<Entry<'i>> {
    let mut out = Vec::new();
    if let Some(r) = &input.survey.respondent {
        push(
            &mut out,
            b,
            section_input(None, "respondent", r, None, Root::Return, vec![Step::Key("respondent".into())]),
            false,
        );
    }
    if let Some(c) = &input.survey.context {
        b.model.context = Some(b.model.sections.len());
        push(&mut out, b, section_input(None, "context", &c.section, None, Root::Context, Vec::new()), false);
    }
    for (ix, t) in input.tables.iter().enumerate() {
        let label = table_label(&b.texts, t, b.problems);
        b.model.tables.push(table_model(t, label));
        let id = text_of(t.table.as_ref());
        match &t.sections {
            None => push(
                &mut out,
                b,
                section_input(Some(ix), "", &t.section, None, Root::Return, json_path(id, "")),
                true,
            ),
            Some(list) => {
                for s in &list.0 {
                    let path = json_path(id, s.id.text());
                    push(
                        &mut out,
                        b,
                        section_input(Some(ix), s.id.text(), &s.node, Some(&t.section), Root::Return, path),
                        false,
                    );
                }
            }
        }
    }
    if let Some(s) = &input.survey.signature {
        push(
            &mut out,
            b,
            section_input(None, "signature", s, None, Root::Return, vec![Step::Key("signature".into())]),
            false,
        );
    }
    out
}

fn push<'i>(out: &mut Vec<Entry<'i>>, b: &mut Builder, input: SectionInput<'i>, of_table: bool) {
    let sec = b.model.sections.len();
    let built = b.section(&input);
    if let Some(t) = input.table.and_then(|t| b.model.tables.get_mut(t)) {
        t.sections.push(sec);
    }
    out.push(Entry { table: input.table, sec, node: input.node, of_table, built, input });
}

/// Places that `cells` makes —— are no cells any more.
pub fn na_by_cells(
    entries: &[Entry],
    model: &mut Model,
    sources: &SourceMap,
    problems: &mut Problems,
    languages: &[String],
) {
    let (kinds, guards) = (BTreeMap::new(), BTreeMap::new());
    for e in entries {
        let items: Vec<ast::CellsItem> =
            e.node.cells.iter().flat_map(|c| &c.0).filter(|i| i.na.is_some_and(|n| n.0)).cloned().collect();
        if items.is_empty() {
            continue;
        }
        let mut protos = Vec::new();
        let cells: Vec<(usize, usize)> = {
            let mut scratch = Problems::default();
            let mut rules = Rules {
                model,
                sources,
                languages,
                problems: &mut scratch,
                kinds: &kinds,
                notes: &[],
                guards: &guards,
                out: Vec::new(),
            };
            places::lay_over(&mut rules, &mut protos, e.sec, &items)
        };
        if let Some(s) = model.sections.get_mut(e.sec) {
            for at in s.rows.iter_mut().flat_map(|r| &mut r.cells) {
                if let At::Cell(c) = at
                    && cells.iter().any(|x| x.1 == c.ix())
                {
                    *at = At::NotApplicable;
                }
            }
        }
    }
    let _ = problems;
}

/// Every cell of a section, those of specifications included.
pub fn cells_of(model: &Model, sec: usize) -> Vec<CellId> {
    let Some(s) = model.sec(sec) else { return Vec::new() };
    let mut out: Vec<CellId> = s.none.into_iter().collect();
    for cell in s.all_cells() {
        out.push(cell);
        for (_, c) in model.cells.get(cell.ix()).map(|c| c.specify.as_slice()).unwrap_or_default() {
            if !out.contains(c) {
                out.push(*c);
            }
        }
    }
    out
}

/// Adds a text cell for each code (or list) that needs a specification.
pub fn specifications(
    entries: &[Entry],
    model: &mut Model,
    protos: &mut Vec<Proto>,
    uses: &mut Vec<Vec<Use>>,
    survey: &mut Survey,
    languages: &[String],
    problems: &mut Problems,
) {
    for e in entries {
        for cell in cells_of(model, e.sec) {
            let Some(c) = model.cells.get(cell.ix()).cloned() else { continue };
            let (list, many) = match c.ty {
                Type::Code(l) => (l, false),
                Type::Codes(l) => (l, true),
                _ => continue,
            };
            let codes: Vec<(String, Text)> = survey
                .lists
                .get(list.ix())
                .map(|l| &l.codes)
                .into_iter()
                .flatten()
                .filter(|c| c.specify)
                .map(|c| (c.code.clone(), c.label.clone()))
                .collect();
            let key = format!("{}_specify", c.id);
            let facts = Facts { ty: Some(plain_str("text", c.span)), ..Facts::default() };
            let mut made: Vec<(String, CellId)> = Vec::new();
            for (code, label) in &codes {
                if !many && let Some((_, first)) = made.first().cloned() {
                    made.push((code.clone(), first));
                    continue;
                }
                let spoken = join_text(&c.spoken, &bracketed(label, many));
                let mut b = Builder {
                    model,
                    protos,
                    texts: Texts { languages },
                    problems,
                    root_slots: &mut survey.root_slots,
                    root_blocks: &mut survey.root_blocks,
                };
                if let Some(id) =
                    b.specify_cell(cell, &key, many.then_some(code.as_str()), spoken, &facts, &e.input)
                {
                    made.push((code.clone(), id));
                    uses.push(Vec::new());
                }
            }
            if let Some(c) = model.cells.get_mut(cell.ix()) {
                c.specify = made;
            }
        }
    }
}

fn bracketed(label: &Text, many: bool) -> Text {
    let suffix = |l: usize| {
        if many {
            format!("（{}）", label.plain(l))
        } else if l == 0 {
            "（说明）".to_owned()
        } else {
            " (specification)".to_owned()
        }
    };
    Text((0..label.0.len()).map(suffix).collect())
}

/// The rules of every fact of a section.
pub fn facts(places: &mut Places, e: &Entry, protos: &[Proto], uses: &[Vec<Use>]) {
    let kind = e.node.kind.as_ref();
    for cell in cells_of(places.rules.model, e.sec) {
        let no_uses = Vec::new();
        let mut own: Vec<Use> = uses.get(cell.ix()).unwrap_or(&no_uses).clone();
        own.extend(section_applies(e));
        let total = protos.get(cell.ix()).and_then(|p| p.total.clone());
        let is_calculated = own.iter().any(|u| u.kind == Fact::Calculated);
        if total.is_some() || is_calculated {
            own.retain(|u| u.kind != Fact::Required);
        }
        places.cell(e.sec, cell, &own, kind);
        if let Some(rows) = total.filter(|_| !is_calculated) {
            places.total(e.sec, cell, &rows);
        }
        super::parts::specification(places, e.sec, cell);
    }
    super::parts::section(places, e);
}

fn section_applies(e: &Entry) -> Vec<Use> {
    let stated = e.node.applies.iter().flat_map(|f| &f.0);
    stated.map(|u| Use { kind: Fact::Applies, node: e.input.id.clone(), stated: u.clone() }).collect()
}

/// Tables as they print.
pub fn tables(
    input: &super::Input,
    entries: &[Entry],
    model: &mut Model,
    sources: &SourceMap,
    languages: &[String],
    problems: &mut Problems,
) -> Vec<Table> {
    let mut out = Vec::new();
    for (ix, t) in input.tables.iter().enumerate() {
        let of: Vec<&Entry> = entries.iter().filter(|e| e.table == Some(ix)).collect();
        let sections = of.iter().map(|e| printed(e, model, sources, languages, problems)).collect();
        let texts = Texts { languages };
        let periods = model.periods.clone();
        let mut filler = Filler { model, sources, languages, problems };
        let ctx = Ctx {
            table: Some(ix),
            section: of.first().filter(|e| e.of_table).map(|e| e.sec),
            ..Ctx::default()
        };
        let notes = notes(t.notes.as_ref(), &ctx, &mut filler);
        out.push(Table {
            id: text_of(t.table.as_ref()).to_owned(),
            number: texts.text(t.number.as_ref(), problems),
            title: texts.text(t.title.as_ref(), problems),
            own_page: t.page.as_ref().is_some_and(|p| p.text() == "own"),
            period: places::reference(t.section.period.as_ref(), &periods, problems),
            notes,
            sectioned: t.sections.is_some(),
            sections,
            span: t.table.as_ref().map(|t| t.span()).unwrap_or_default(),
        });
    }
    out
}

/// The survey's own sections and instructions.
pub fn others(
    input: &super::Input,
    entries: &[Entry],
    survey: &mut Survey,
    model: &Model,
    sources: &SourceMap,
    languages: &[String],
    problems: &mut Problems,
) {
    for e in entries.iter().filter(|e| e.table.is_none()) {
        let section = printed(e, model, sources, languages, problems);
        match e.input.id.as_str() {
            "respondent" => survey.respondent = Some(section),
            "context" => survey.context = Some(section),
            _ => survey.signature = Some(section),
        }
    }
    let mut filler = Filler { model, sources, languages, problems };
    survey.instructions = notes(input.survey.instructions.as_ref(), &Ctx::default(), &mut filler);
}

fn printed(
    e: &Entry,
    model: &Model,
    sources: &SourceMap,
    languages: &[String],
    problems: &mut Problems,
) -> Section {
    let texts = Texts { languages };
    let s = model.sec(e.sec);
    let none = s.and_then(|s| s.none).zip(e.node.none.as_ref().and_then(|n| n.0.first()));
    let none = none.map(|(cell, n)| (cell, texts.text(Some(&n.value), problems)));
    let label = texts.text(e.node.label.as_ref(), problems);
    let closing = e.node.closing.as_ref().map(|c| texts.text(Some(c), problems));
    let sentences = sentences(e, model, sources, languages, problems);
    let grid = (!e.built.columns.is_empty()).then(|| grid(e, model));
    Section {
        id: e.input.id.clone(),
        label,
        sentences,
        closing,
        layout: layout(e.node.layout.as_ref(), problems),
        period: places::reference(e.node.period.as_ref().filter(|_| !e.of_table), &model.periods, problems),
        none,
        fields: e.built.fields.iter().map(|f| field(f, e, model, &texts, problems)).collect(),
        grid,
    }
}

fn sentences(
    e: &Entry,
    model: &Model,
    sources: &SourceMap,
    languages: &[String],
    problems: &mut Problems,
) -> Vec<Sentence> {
    let Some(list) = &e.node.text else { return Vec::new() };
    let ctx = Ctx { table: e.table, section: Some(e.sec), ..Ctx::default() };
    let mut used = Vec::new();
    let mut filler = Filler { model, sources, languages, problems };
    let out = list.0.iter().map(|t| filler.sentence(&ctx, t, &mut used)).collect();
    let span = list.0.first().map(|t| t.span).unwrap_or_default();
    for (cell, _) in &e.built.fields {
        for (l, language) in languages.iter().enumerate() {
            let times = used.iter().filter(|u| u.0 == l && u.1 == *cell).count();
            let name = model.cells.get(cell.ix()).map_or("", |c| c.id.as_str());
            if times != 1 {
                let d = Diagnostic::new(&codes::BLANK_ONCE, span)
                    .arg("field", name)
                    .arg("times", times)
                    .arg("lang", language);
                problems.push(d);
            }
        }
    }
    out
}

fn layout(word: Option<&crate::parse::shapes::Str>, problems: &mut Problems) -> Layout {
    match word.map(|w| (w.text(), w.span())) {
        None | Some(("rows", _)) => Layout::Rows,
        Some(("lines", _)) => Layout::Lines,
        Some(("side_by_side", _)) => Layout::SideBySide,
        Some((other, span)) => {
            let known = ["rows", "lines", "side_by_side"];
            let d = Diagnostic::new(&codes::BAD_WORD, span).arg("word", other).arg("known", known.join(", "));
            problems.push(d.suggest(other, known));
            Layout::Rows
        }
    }
}

fn field(f: &(CellId, Facts), e: &Entry, model: &Model, texts: &Texts, problems: &mut Problems) -> Field {
    let under = f.1.under.as_ref().and_then(|u| {
        let (name, code) = u.text().split_once('.')?;
        let cell = model.sec(e.sec)?.field(name);
        if cell.is_none() {
            let names = model.sec(e.sec).map(|s| s.names()).unwrap_or_default();
            problems
                .push(Diagnostic::new(&codes::UNKNOWN_NAME, u.span()).arg("name", name).suggest(name, names));
        }
        Some((cell?, code.to_owned()))
    });
    Field {
        cell: f.0,
        half: f.1.width.as_ref().is_some_and(|w| w.text() == "half"),
        boxes: f.1.layout.as_ref().is_some_and(|l| l.text() == "boxes"),
        under,
        stamp: f.1.stamp.as_ref().map(|s| texts.text(Some(s), problems)),
    }
}

fn grid(e: &Entry, model: &Model) -> Grid {
    let mut rows = e.built.rows.clone();
    for row in &mut rows {
        settle(row, e, model);
    }
    let mut columns = e.built.columns.clone();
    for (ix, column) in columns.iter_mut().enumerate() {
        let s = model.sec(e.sec);
        let cells =
            s.map(|s| s.rows.as_slice()).unwrap_or_default().iter().filter_map(|r| match r.cells.get(ix) {
                Some(At::Cell(c)) => model.cells.get(c.ix()).map(|c| c.unit),
                _ => None,
            });
        let mut units: Vec<_> = cells.collect();
        units.dedup();
        column.unit = if let [one] = units.as_slice() { *one } else { None };
    }
    Grid { heads: e.built.heads.clone(), columns, rows }
}

/// Units of rows, and —— that `cells` has put.
fn settle(row: &mut Row, e: &Entry, model: &Model) {
    for slot in &mut row.slots {
        if let Slot::Cell(c) = slot {
            let cell = model.cells.get(c.ix());
            row.unit = row.unit.or_else(|| cell.and_then(|c| c.unit));
            let there =
                model.sec(e.sec).is_some_and(|s| s.rows.iter().any(|r| r.cells.contains(&At::Cell(*c))));
            if !there {
                *slot = Slot::NotApplicable;
            }
        }
    }
    for below in &mut row.rows {
        settle(below, e, model);
    }
}
