//! What a compiled table prints, in the lines of a transcription.

use super::Line;
use formwright::emit::grid::{BodyCell, CellContent, HeadingItem, Sheet, sheet};
use formwright::ir::table::{Field, Fragment, Reference, Section, Table};
use formwright::ir::{CellId, ListId, Notes, Survey, Type};

/// What the compiled table prints, in the language at `lang`.
pub fn table(survey: &Survey, table: &Table, lang: usize) -> Vec<Line> {
    let mut out = vec![Line::new("title", [table.number.plain(lang), table.title.plain(lang)])];
    if table.own_page {
        out.push(Line::new("page", ["own"]));
    }
    out.extend(period(table.period.as_ref()));
    for section in &table.sections {
        print_section(survey, section, lang, &mut out);
    }
    notes(table.notes.as_ref(), lang, &mut out);
    out.extend(codes(survey, table, lang));
    out
}

/// What stands above all tables.
pub fn whole(survey: &Survey, lang: usize) -> Vec<Line> {
    let mut out = vec![Line::new("title", [String::new(), survey.title.plain(lang)])];
    notes(survey.instructions.as_ref(), lang, &mut out);
    out
}

fn notes(notes: Option<&Notes>, lang: usize, out: &mut Vec<Line>) {
    let Some(notes) = notes else { return };
    out.extend(notes.heading.as_ref().map(|h| Line::new("heading", [h.plain(lang)])));
    out.extend(notes.items.iter().map(|n| Line::new("note", [n.plain(lang)])));
}

fn period(period: Option<&Reference>) -> Option<Line> {
    let p = period?;
    let days = if p.from == p.to { p.to.to_string() } else { format!("{} {}", p.from, p.to) };
    Some(Line::new("period", [days]))
}

fn print_section(survey: &Survey, section: &Section, lang: usize, out: &mut Vec<Line>) {
    if !section.label.is_empty() {
        out.push(Line::new("section", [section.label.plain(lang)]));
    }
    out.extend(period(section.period.as_ref()));
    out.extend(section.none.as_ref().map(|(_, word)| Line::new("word", [word.plain(lang)])));
    if let Some(grid) = &section.grid {
        print_sheet(survey, &sheet(survey, grid), lang, out);
    }
    for sentence in &section.sentences {
        let part = |f: &Fragment| match f {
            Fragment::Text(text) => text.clone(),
            Fragment::Blank(_) => "_".to_owned(),
        };
        let text = |parts: &Vec<Fragment>| parts.iter().map(part).collect::<String>();
        out.extend(sentence.0.get(lang).map(|parts| Line::new("sentence", [text(parts)])));
    }
    if section.sentences.is_empty() {
        out.extend(section.fields.iter().filter_map(|f| field(survey, f, lang)));
    }
    out.extend(section.closing.as_ref().map(|c| Line::new("closing", [c.plain(lang)])));
}

fn field(survey: &Survey, field: &Field, lang: usize) -> Option<Line> {
    let cell = survey.cell(field.cell)?;
    let boxes = if field.boxes { "□是 □否".to_owned() } else { unit(survey, field.cell, lang) };
    let stamp = field.stamp.as_ref().map(|s| s.plain(lang)).unwrap_or_default();
    let mut cells = vec![cell.label.plain(lang), boxes, stamp];
    while cells.len() > 1 && cells.last().is_some_and(String::is_empty) {
        cells.pop();
    }
    Some(Line::new("field", cells))
}

fn unit(survey: &Survey, cell: CellId, lang: usize) -> String {
    let unit = survey.cell(cell).and_then(|c| c.unit).and_then(|u| survey.unit(u));
    unit.map(|u| u.label.plain(lang)).unwrap_or_default()
}

fn print_sheet(survey: &Survey, sheet: &Sheet, lang: usize, out: &mut Vec<Line>) {
    let head = |c: &formwright::emit::grid::HeadCell| spanned(c.text.plain(lang), c.colspan, c.rowspan);
    out.extend(sheet.head.iter().map(|level| Line::new("head", level.iter().map(head))));
    for row in &sheet.body {
        let heading = row.cells.iter().find_map(|c| match &c.content {
            CellContent::GroupHeading(by_lang) => by_lang.get(lang).or(by_lang.first()),
            _ => None,
        });
        let cell = |c: &BodyCell| spanned(cell_word(survey, &c.content, lang), c.colspan, c.rowspan);
        out.push(match heading {
            Some(items) => Line::new("group", [items.iter().map(heading_word).collect::<String>()]),
            None => Line::new("row", row.cells.iter().map(cell)),
        });
    }
}

/// A text with the columns and lines it covers.
fn spanned(mut text: String, columns: usize, lines: usize) -> String {
    for (sign, n) in [("→", columns), ("↓", lines)] {
        if n > 1 {
            text.push_str(&format!(" {sign}{n}"));
        }
    }
    text
}

fn heading_word(item: &HeadingItem) -> String {
    match item {
        HeadingItem::Text(text) => text.clone(),
        HeadingItem::Answer(_) => "_".to_owned(),
    }
}

fn cell_word(survey: &Survey, content: &CellContent, lang: usize) -> String {
    match content {
        CellContent::Label(text) | CellContent::Constant(text) => text.plain(lang),
        CellContent::Number(number) => number.clone(),
        CellContent::Unit(unit) => survey.unit(*unit).map_or(String::new(), |u| u.label.plain(lang)),
        CellContent::NotApplicable => "——".to_owned(),
        CellContent::Answer(id) => {
            let empty = survey.cell(*id).and_then(|c| c.empty.as_ref());
            format!("{}{}", empty.map_or("_".to_owned(), |e| e.plain(lang)), unit(survey, *id, lang))
        }
        CellContent::Empty | CellContent::GroupHeading(_) => String::new(),
    }
}

/// The code lists a table asks for, each once, in order of their first cell.
fn codes(survey: &Survey, table: &Table, lang: usize) -> Vec<Line> {
    let at = survey.tables.iter().position(|t| std::ptr::eq(t, table));
    let mut lists: Vec<ListId> = Vec::new();
    for cell in survey.cells.iter().filter(|c| at.is_some() && c.table == at) {
        if let Type::Code(list) | Type::Codes(list) = cell.ty
            && !lists.contains(&list)
        {
            lists.push(list);
        }
    }
    let of = |l: &formwright::ir::CodeList| -> Vec<Line> {
        let label = l.label.plain(lang);
        l.codes.iter().map(|c| Line::new("code", [&label, &c.code, &c.label.plain(lang)])).collect()
    };
    lists.iter().filter_map(|l| survey.list(*l)).flat_map(of).collect()
}
