//! What a finding says: its place, the cells and values it names, and its sentence.

use super::sentence;
use super::verdict::Failing;
use super::view::{Frame, View};
use crate::data::write::printed;
use crate::ir::expr::Time;
use crate::ir::func::Role;
use crate::ir::{self, BlockId, Cell, CellId, Instance, LangIx, ListId, Piece, Rule, Survey, Type};
use formwright_engine::finding::{Cells, Texts, Values};
use formwright_engine::{Place, State, Value};

/// Places that a finding names of one cell at most.
pub const MOST_PLACES: usize = 1_000;

/// What a message is about.
pub struct Occasion<'r, 'a> {
    /// The rule.
    pub rule: &'r Rule,
    /// The kind of place.
    pub instance: &'r Instance,
    /// The row.
    pub frame: &'r Frame<'a>,
    /// The comparison that fails.
    pub side: Option<&'r Failing<'r, 'a>>,
    /// What came of it.
    pub state: State,
}

/// Whether a language is read in Chinese; any other gets the English sentences.
pub fn is_chinese(survey: &Survey, lang: LangIx) -> bool {
    survey.languages.get(lang).is_none_or(|code| code.starts_with("zh"))
}

/// A text made for each language of the survey.
pub fn texts(survey: &Survey, make: impl Fn(LangIx) -> String) -> Texts {
    survey.languages.iter().enumerate().map(|(lang, code)| (code.clone(), make(lang))).collect()
}

/// The JSON pointer of a cell in a frame.
pub fn pointer(view: &View<'_>, cell: &Cell, frame: &Frame<'_>) -> String {
    view.layout.pointer(cell, &view.indexes(frame, cell.home.block))
}

/// The place of a cell that no rule names.
pub fn place_of(view: &View<'_>, cell: &Cell) -> ir::Place {
    let table = cell.table.and_then(|t| view.survey.tables.get(t));
    let section = table.filter(|t| t.sectioned).and_then(|t| t.sections.get(cell.section));
    ir::Place {
        table: cell.table,
        section: section.map(|s| s.id.clone()),
        block: cell.home.block.and_then(|b| view.survey.block(b)).map(|b| b.id.clone()),
        row: cell.row.clone(),
        group: None,
        column: Some(cell.declared.clone()),
        over: cell.over.clone(),
        label: cell.label.clone(),
    }
}

/// The place with its row: the key of a repeated row, its index, the group around it.
pub fn place(view: &View<'_>, place: &ir::Place, home: Option<BlockId>, frame: &Frame<'_>) -> Place {
    let survey = view.survey;
    let home = home.filter(|b| view.holds(frame, *b));
    let mut out = Place {
        table: place.table.and_then(|t| survey.tables.get(t)).map(|t| t.id.clone()),
        section: place.section.clone(),
        block: place.block.clone(),
        row: place.row.clone(),
        index: None,
        group: place.group.clone(),
        column: place.column.clone(),
        over: place.over.clone(),
        label: Texts::new(),
        cell: None,
    };
    if let Some(home) = home {
        rows(view, home, frame, &mut out);
    }
    let labels = texts(survey, |lang| label(view, place, home, frame, lang));
    out.label = labels;
    out
}

fn rows(view: &View<'_>, home: BlockId, frame: &Frame<'_>, out: &mut Place) {
    let chain = view.layout.chain(Some(home));
    let is_group = view.survey.block(home).is_some_and(|b| !b.blocks.is_empty());
    out.index = view.indexes(frame, Some(home)).last().copied();
    if out.block.is_none() {
        out.block = view.survey.block(home).map(|b| b.id.clone());
    }
    let own = row_key(view, home, frame);
    let outer = chain.len().checked_sub(2).and_then(|at| chain.get(at));
    match (&out.row, outer) {
        // A fixed row stands in the innermost group itself.
        (Some(_), _) => out.group = own,
        (None, None) if is_group => out.group = own,
        (None, outer) => {
            out.row = own;
            out.group = outer.and_then(|outer| row_key(view, *outer, frame)).or(out.group.take());
        }
    }
}

/// The key of the row of a block at hand: its key cells, joined by a blank; `None` without key or value.
pub fn row_key(view: &View<'_>, block: BlockId, frame: &Frame<'_>) -> Option<String> {
    let keys = &view.survey.block(block)?.key;
    let texts: Vec<String> = keys
        .iter()
        .map(|key| view.value(*key, frame, Time::Now))
        .filter(|value| !value.is_blank() && !value.is_unknown())
        .map(Value::to_string)
        .collect();
    (!texts.is_empty()).then(|| texts.join(" "))
}

fn label(
    view: &View<'_>,
    place: &ir::Place,
    home: Option<BlockId>,
    frame: &Frame<'_>,
    lang: LangIx,
) -> String {
    let Some(home) = home else { return place.label.plain(lang) };
    if place.row.is_some() && !place.label.is_empty() {
        return place.label.plain(lang);
    }
    row_label(view, home, frame, lang)
}

/// What the row of a block is called: by its key, else by its number.
pub fn row_label(view: &View<'_>, home: BlockId, frame: &Frame<'_>, lang: LangIx) -> String {
    if let Some(key) = row_key(view, home, frame) {
        return key;
    }
    let number = view.indexes(frame, Some(home)).last().map_or(1, |ix| ix + 1);
    if is_chinese(view.survey, lang) { format!("第{number}行") } else { format!("row {number}") }
}

/// The cells an instance reads at a place; the blank ones where they left it undecided.
pub fn cells(view: &View<'_>, instance: &Instance, frame: &Frame<'_>, undecided: bool) -> Cells {
    let mut out = Cells::default();
    for (cell, is_target) in
        instance.target.iter().map(|c| (c, true)).chain(instance.reads.iter().map(|c| (c, false)))
    {
        let Some(slot) = view.survey.cell(*cell).map(|c| c.home.slot) else { continue };
        let undecided = undecided && !super::undecided::only_before(instance, *cell);
        for (pointer, record) in view.places(*cell, frame, MOST_PLACES) {
            if undecided && record.value(slot).is_blank() {
                out.blank.push(pointer.clone());
            }
            let list = if is_target { &mut out.target } else { &mut out.source };
            list.push(pointer);
        }
    }
    out
}

/// The sides of a comparison that fails.
pub fn values(side: &Failing<'_, '_>) -> Values {
    let of = &side.comparison;
    let (left, right) = (&of.left.1, &of.right.1);
    let numeric = left.as_num().is_some() && right.as_num().is_some();
    let tolerance = of.tolerance.as_ref().map(Value::to_string);
    Values {
        diff: of.diff.map(|d| d.to_string()),
        left: Some(left.to_string()),
        right: Some(right.to_string()),
        tolerance: tolerance.or_else(|| (numeric && of.role != Role::Meets).then(|| "0".to_owned())),
    }
}

/// The sentence in each language: as written, else made from class and labels.
pub fn message(view: &View<'_>, occasion: &Occasion<'_, '_>, finding: &formwright_engine::Finding) -> Texts {
    let written = occasion.rule.message.as_ref().filter(|_| occasion.state != State::Unknown);
    texts(view.survey, |lang| {
        let pieces = written.and_then(|t| {
            let own = t.0.get(lang).filter(|p| !p.is_empty());
            own.or_else(|| t.0.iter().find(|p| !p.is_empty()))
        });
        match pieces {
            Some(pieces) => pieces.iter().map(|piece| fill(view, occasion, finding, piece, lang)).collect(),
            None => sentence::generated(view, occasion, finding, lang),
        }
    })
}

fn fill(
    view: &View<'_>,
    occasion: &Occasion<'_, '_>,
    finding: &formwright_engine::Finding,
    piece: &Piece,
    lang: LangIx,
) -> String {
    let side = |text: &Option<String>| text.clone().unwrap_or_default();
    match piece {
        Piece::Text(text) => text.clone(),
        Piece::Left => side(&finding.values.left),
        Piece::Right => side(&finding.values.right),
        Piece::Diff => unsigned(finding.values.diff.as_deref().unwrap_or_default()).to_owned(),
        Piece::RowLabel => place_label(finding, view.survey, lang),
        Piece::RowNumber => finding.place.index.map_or_else(String::new, |ix| (ix + 1).to_string()),
        Piece::EachLabel(name) => {
            binding(occasion.instance, name).map_or_else(String::new, |b| b.2.plain(lang))
        }
        Piece::EachValue(name) => match binding(occasion.instance, name) {
            Some((_, Some(cell), _)) => value_text(view, *cell, occasion.frame, lang),
            Some((_, None, label)) => label.plain(lang),
            None => String::new(),
        },
    }
}

/// A difference without its sign.
pub fn unsigned(diff: &str) -> &str {
    diff.strip_prefix('-').unwrap_or(diff)
}

fn place_label(finding: &formwright_engine::Finding, survey: &Survey, lang: LangIx) -> String {
    let code = survey.languages.get(lang);
    finding
        .place
        .label
        .iter()
        .find(|(l, _)| Some(l) == code)
        .map(|(_, text)| text.clone())
        .unwrap_or_default()
}

fn binding<'i>(instance: &'i Instance, name: &str) -> Option<&'i (String, Option<CellId>, ir::Text)> {
    instance.bindings.iter().find(|(n, _, _)| n == name)
}

/// The value of a cell as it is spoken.
pub fn value_text(view: &View<'_>, id: CellId, frame: &Frame<'_>, lang: LangIx) -> String {
    let Some(cell) = view.survey.cell(id) else { return String::new() };
    let slot = cell.home.slot;
    match view.record(cell, frame) {
        Some(record) => match record.raw(slot) {
            Some(raw) => raw.trim_matches('"').to_owned(),
            None => spoken_value(view.survey, cell, record.value(slot), lang),
        },
        None => String::new(),
    }
}

/// A value of a cell as it is spoken: codes by their labels, 是 and 否, numbers with the decimals of the cell.
pub fn spoken_value(survey: &Survey, cell: &Cell, value: &Value, lang: LangIx) -> String {
    let zh = is_chinese(survey, lang);
    match (value, cell.ty) {
        (Value::Null | Value::Unknown, _) if zh => "空".to_owned(),
        (Value::Null | Value::Unknown, _) => "blank".to_owned(),
        (Value::Bool(yes), Type::Tick) => if *yes { "√" } else { "×" }.to_owned(),
        (Value::Bool(yes), _) => match (yes, zh) {
            (true, true) => "是",
            (false, true) => "否",
            (true, false) => "yes",
            (false, false) => "no",
        }
        .to_owned(),
        (Value::Num(number), _) => printed(cell, *number),
        (Value::Text(code), Type::Code(list)) => code_label(survey, list, code, lang),
        (Value::List(codes), Type::Codes(list)) => {
            let labels: Vec<String> =
                codes.iter().map(|code| code_label(survey, list, &code.to_string(), lang)).collect();
            labels.join(if zh { "、" } else { ", " })
        }
        (other, _) => other.to_string(),
    }
}

/// The label of a code; the code itself where the list does not know it.
pub fn code_label(survey: &Survey, list: ListId, code: &str, lang: LangIx) -> String {
    let found = survey.list(list).and_then(|list| list.find(code));
    found.map_or_else(|| code.to_owned(), |item| item.label.plain(lang))
}
