//! Sections and tables: building them, the facts of their cells, and what prints of them.

use super::expressions::Expressions;
use super::facts::Use;
use super::life::Life;
use super::model::{At, Model};
use super::places::Places;
use super::print::FieldPrint;
use super::rules::{Common, Rules};
use super::scope::Ctx;
use super::structure::{Builder, Built, Gone, Proto, SectionInput, join_text, plain_str};
use super::template::{Filler, UNKNOWN};
use super::texts::Texts;
use super::{cells, periods};
use super::{json_path, notes, only, section_input, table_label, table_model, text_of};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::table::{Layout, Row, Sentence, Slot};
use crate::ir::{CellId, Fact, Field, Grid, Root, Section, Step, Survey, Table, Text, Type};
use crate::parse::ast::{self, Facts};
use crate::source::{SourceMap, Span};
use formwright_engine::Date;
use std::collections::BTreeMap;
use std::sync::Arc;

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
    /// The table around it, if it has several sections.
    pub outer: Option<&'i ast::Section>,
    /// What prints.
    pub built: Built,
    /// What it was built from.
    pub input: SectionInput<'i>,
}

impl<'i> Entry<'i> {
    /// The preset of its rules: its own, else that of the table around it.
    pub fn kind(&self) -> Option<&'i crate::parse::shapes::Str> {
        self.node.kind.as_ref().or_else(|| self.outer.and_then(|o| o.kind.as_ref()))
    }
}

/// Builds every section, in order, as of its reference period or of `day`.
pub fn build<'i>(
    input: &'i super::Input,
    sources: &SourceMap,
    b: &mut Builder,
    day: Option<Date>,
) -> Vec<Entry<'i>> {
    let mut out = Vec::new();
    let first_day = |period: Option<&ast::PeriodRef>, b: &mut Builder| day.or_else(|| first_day(period, b));
    let whole = input.tables.iter().find_map(|t| first_day(t.section.period.as_ref(), b));
    let of_survey = Life(whole);
    b.model.life = of_survey;
    let mut push = |b: &mut Builder, section: SectionInput<'i>, outer: Option<&'i ast::Section>, of_table| {
        out.push(entry(sources, b, section, outer, of_table));
    };
    let named = |name: &str| vec![Step::Key(name.to_owned())];
    if let Some(r) = &input.survey.respondent {
        let section =
            section_input(None, "respondent", r, None, Root::Return, named("respondent"), of_survey);
        push(b, section, None, false);
    }
    if let Some(c) = &input.survey.context {
        b.model.context = Some(b.model.sections.len());
        let section = section_input(None, "context", &c.section, None, Root::Context, Vec::new(), of_survey);
        push(b, section, None, false);
    }
    for (ix, t) in input.tables.iter().enumerate() {
        let label = table_label(&b.texts, t, b.problems);
        b.model.tables.push(table_model(t, label));
        let id = text_of(t.table.as_ref());
        let life = Life(first_day(t.section.period.as_ref(), b).or(whole));
        b.model.tables.iter_mut().last().into_iter().for_each(|t| t.life = life);
        let Some(list) = &t.sections else {
            let path = json_path(id, "");
            push(b, section_input(Some(ix), "", &t.section, None, Root::Return, path, life), None, true);
            continue;
        };
        for s in &list.0 {
            let (name, path) = (s.id.text(), json_path(id, s.id.text()));
            let life = Life(first_day(s.node.period.as_ref(), b).or(life.0));
            push(
                b,
                section_input(Some(ix), name, &s.node, Some(&t.section), Root::Return, path, life),
                Some(&t.section),
                false,
            );
        }
    }
    if let Some(s) = &input.survey.signature {
        let section = section_input(None, "signature", s, None, Root::Return, named("signature"), of_survey);
        push(b, section, None, false);
    }
    out
}

/// The first day of a reference period.
fn first_day(period: Option<&ast::PeriodRef>, b: &mut Builder) -> Option<Date> {
    let mut scratch = Problems::default();
    periods::reference(period, Span::default(), &b.model.periods, &mut scratch).map(|r| r.from)
}

/// Builds a section. Where `cells` makes places ——, they are found in a first build and left out of the second.
fn entry<'i>(
    sources: &SourceMap,
    b: &mut Builder,
    mut input: SectionInput<'i>,
    outer: Option<&'i ast::Section>,
    of_table: bool,
) -> Entry<'i> {
    let items = input.node.cells.as_ref().map(|c| c.0.as_slice()).unwrap_or_default();
    if items.iter().any(|i| i.na.is_some_and(|n| n.0)) {
        input.gone = gone(sources, b, &input, items);
    }
    let sec = b.model.sections.len();
    let built = b.section(&input);
    if let Some(t) = input.table.and_then(|t| b.model.tables.get_mut(t)) {
        t.sections.push(sec);
    }
    Entry { table: input.table, sec, node: input.node, of_table, outer, built, input }
}

fn gone(sources: &SourceMap, b: &mut Builder, input: &SectionInput, items: &[ast::CellsItem]) -> Gone {
    let mark = b.mark();
    let mut scratch = Problems::default();
    let sec = b.model.sections.len();
    {
        let (root_slots, root_blocks) = (&mut *b.root_slots, &mut *b.root_blocks);
        let texts = Texts { languages: b.texts.languages };
        let (model, protos) = (&mut *b.model, &mut *b.protos);
        Builder { model, protos, texts, sources, problems: &mut scratch, root_slots, root_blocks }
            .section(input);
    }
    let (kinds, guards, no_sections) = (BTreeMap::new(), BTreeMap::new(), BTreeMap::new());
    let expressions = Expressions::new(sources);
    let common = Common {
        model: b.model,
        sources,
        languages: b.texts.languages,
        expressions: &expressions,
        kinds: &kinds,
        notes: &[],
        guards: &guards,
        section_guards: &no_sections,
    };
    let mut rules = Rules::new(common, &mut scratch);
    let gone = cells::gone(&mut rules, sec, items);
    b.undo(&mark);
    gone
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
            let Some(c) = model.cells.get(cell.ix()) else { continue };
            let (list, many) = match c.ty {
                Type::Code(l) => (l, false),
                Type::Codes(l) => (l, true),
                _ => continue,
            };
            let c = c.clone();
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
            let facts = Arc::new(Facts { ty: Some(plain_str("text", c.span)), ..Facts::default() });
            let mut made: Vec<(String, CellId)> = Vec::new();
            for (code, label) in &codes {
                if !many && let Some((_, first)) = made.first().cloned() {
                    made.push((code.clone(), first));
                    continue;
                }
                let spoken = join_text(&c.spoken, &bracketed(label, many, languages));
                // Made from labels: nothing in it has a place.
                let no_sources = SourceMap::default();
                let mut b = Builder {
                    model,
                    protos,
                    texts: Texts { languages },
                    sources: &no_sources,
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

fn bracketed(label: &Text, many: bool, languages: &[String]) -> Text {
    let suffix = |l: usize| match (many, languages.get(l).is_some_and(|l| l.starts_with("zh"))) {
        (true, true) => format!("（{}）", label.plain(l)),
        (true, false) => format!(" ({})", label.plain(l)),
        (false, true) => "（说明）".to_owned(),
        (false, false) => " (specification)".to_owned(),
    };
    Text((0..label.0.len()).map(suffix).collect())
}

/// The rules of every fact of a section.
pub fn facts(places: &mut Places, e: &Entry, protos: &[Proto], uses: &[Vec<Use>]) {
    let kind = e.kind();
    let handed_down = section_applies(e);
    for cell in cells_of(places.rules.model, e.sec) {
        let mut own: Vec<&Use> = uses.get(cell.ix()).into_iter().flatten().chain(&handed_down).collect();
        let total = protos.get(cell.ix()).and_then(|p| p.total.clone());
        let is_calculated = own.iter().any(|u| u.kind == Fact::Calculated);
        if total.is_some() || is_calculated {
            own.retain(|u| u.kind != Fact::Required);
        }
        places.cell(e.sec, cell, &own, kind);
        if let Some(rows) = total.filter(|_| !is_calculated) {
            places.total(e.sec, cell, &rows, kind);
        }
        super::parts::specification(places, e.sec, cell, kind);
    }
    super::parts::section(places, e);
}

/// The conditions that a section and the table around it hand down.
pub fn section_applies(e: &Entry) -> Vec<Use> {
    let of = |node: &ast::Section, id: &str| -> Vec<Use> {
        node.applies.iter().flat_map(|f| f.0.iter()).map(|u| Use::new(Fact::Applies, id, u)).collect()
    };
    let outer = e.outer.map(|o| of(o, "table")).unwrap_or_default();
    let id = if e.input.id.is_empty() { "table" } else { &e.input.id };
    outer.into_iter().chain(of(e.node, id)).collect()
}

/// A table as it prints.
pub fn table(
    (ix, t): (usize, &ast::Table),
    of: &[Entry],
    model: &Model,
    sources: &SourceMap,
    languages: &[String],
    problems: &mut Problems,
) -> Table {
    let sections = of.iter().map(|e| printed(e, model, sources, languages, problems)).collect();
    let texts = Texts { languages };
    let mut filler = Filler { model, sources, languages, problems };
    let ctx =
        Ctx { table: Some(ix), section: of.first().filter(|e| e.of_table).map(|e| e.sec), ..Ctx::default() };
    let notes = notes(t.notes.as_ref(), &ctx, &mut filler);
    let span = t.table.as_ref().map(|t| t.span()).unwrap_or_default();
    Table {
        id: text_of(t.table.as_ref()).to_owned(),
        number: texts.text(t.number.as_ref(), problems),
        title: texts.text(t.title.as_ref(), problems),
        own_page: only(t.page.as_ref(), "own", problems),
        period: periods::reference(t.section.period.as_ref(), span, &model.periods, problems),
        notes,
        sectioned: t.sections.is_some(),
        sections,
        span,
    }
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
        period: periods::reference(
            e.node.period.as_ref().filter(|_| !e.of_table),
            label_span(e),
            &model.periods,
            problems,
        ),
        none,
        fields: printed_fields(e, model, &texts, problems),
        grid,
    }
}

/// Where a section is reported that says nothing of what it should.
fn label_span(e: &Entry) -> Span {
    e.node.label.as_ref().map(|l| l.span).unwrap_or_default()
}

fn printed_fields(e: &Entry, model: &Model, texts: &Texts, problems: &mut Problems) -> Vec<Field> {
    let Some(s) = model.sec(e.sec) else { return Vec::new() };
    let find = |name: &str| s.field(name);
    let known: Vec<&str> = s.fields.iter().map(|f| f.0.as_str()).collect();
    let mut print = FieldPrint { texts, cells: &model.cells, lists: &model.lists, problems };
    e.built.boxes.iter().for_each(|(under, cell)| print.has_box(under, *cell));
    e.built.fields.iter().map(|(cell, facts)| print.field(*cell, facts, &find, &known)).collect()
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
    let times = |l: usize, cell: CellId| used.iter().filter(|u| u.0 == l && u.1 == cell).count();
    for (l, language) in languages.iter().enumerate() {
        // A misspelt blank is reported as an unknown name; the field it was meant for is not reported as missing.
        let missing = e.built.fields.iter().filter(|f| times(l, f.0) == 0).count();
        let misspelt = missing <= times(l, UNKNOWN);
        for (cell, _) in &e.built.fields {
            let times = times(l, *cell);
            if times == 0 && misspelt {
                continue;
            }
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
            let there = model.sec(e.sec).is_some_and(|s| s.row_of(*c).is_some());
            if !there {
                *slot = Slot::NotApplicable;
            }
        }
    }
    for below in &mut row.rows {
        settle(below, e, model);
    }
}
