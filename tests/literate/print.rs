//! Tables as plain text: heading, sentences, fields, grid with its spans, notes.

use formwright::emit::grid::{BodyCell, CellContent, HeadCell, HeadingItem, Sheet, sheet};
use formwright::ir::cell::Source;
use formwright::ir::table::{Fragment, Layout, Section, Table};
use formwright::ir::{CellId, Field, Notes, Survey};

/// Every table, or one.
pub fn tables(survey: &Survey, only: Option<&str>, lang: Option<&str>) -> String {
    let lang = lang.map_or(0, |l| survey.lang(l));
    let chosen = survey.tables.iter().filter(|t| only.is_none_or(|o| o == t.id));
    let mut lines = Vec::new();
    for t in chosen {
        Printer { survey, lang, lines: &mut lines }.table(t);
    }
    lines.into_iter().map(|l: String| l.trim_end().to_owned() + "\n").collect()
}

struct Printer<'a> {
    survey: &'a Survey,
    lang: usize,
    lines: &'a mut Vec<String>,
}

impl Printer<'_> {
    fn table(&mut self, t: &Table) {
        let number = t.number.get(self.lang);
        let gap = if number.is_empty() { "" } else { "  " };
        self.lines.push(format!("{number}{gap}{}", t.title.get(self.lang)));
        for s in &t.sections {
            self.section(s);
        }
        if let Some(notes) = &t.notes {
            self.notes(notes);
        }
    }

    fn notes(&mut self, notes: &Notes) {
        self.lines.extend(notes.heading.as_ref().map(|h| h.get(self.lang).to_owned()));
        for (i, note) in notes.items.iter().enumerate() {
            self.lines.push(format!("{}. {}", i + 1, note.get(self.lang)));
        }
    }

    fn section(&mut self, s: &Section) {
        if !s.label.is_empty() {
            self.lines.push(format!("§ {}", s.label.get(self.lang)));
        }
        if let Some((_, word)) = &s.none {
            self.lines.push(format!("(or: {})", word.get(self.lang)));
        }
        if let Some(grid) = &s.grid {
            self.grid(&sheet(self.survey, grid));
        }
        for sentence in &s.sentences {
            let part = |f: &Fragment| match f {
                Fragment::Text(t) => t.clone(),
                Fragment::Blank(c) => format!("_{}_", self.id(*c)),
            };
            let line = sentence.0.get(self.lang).map(|s| s.iter().map(part).collect::<String>());
            self.lines.extend(line);
        }
        if s.sentences.is_empty() {
            self.fields(s);
        }
        self.lines.extend(s.closing.as_ref().map(|c| c.get(self.lang).to_owned()));
    }

    fn fields(&mut self, s: &Section) {
        if s.fields.is_empty() {
            return;
        }
        match s.layout {
            Layout::Rows => {}
            Layout::Lines => self.lines.push("(lines)".to_owned()),
            Layout::SideBySide => self.lines.push("(side by side)".to_owned()),
        }
        for f in &s.fields {
            let line = self.field(f);
            self.lines.push(line);
        }
    }

    fn field(&self, f: &Field) -> String {
        let Some(cell) = self.survey.cell(f.cell) else { return String::new() };
        let mut words = Vec::new();
        words.extend(cell.groups.iter().map(|g| g.get(self.lang).to_owned()));
        words.push(cell.label.get(self.lang).to_owned());
        let mut line = format!("{}: {}", words.join(" / "), self.answer(f.cell));
        if f.half {
            line.push_str("  (half)");
        }
        if f.boxes {
            line.push_str("  (boxes)");
        }
        if let Some((of, code)) = &f.under {
            line.push_str(&format!("  (under {}.{code})", self.id(*of)));
        }
        if let Some(stamp) = &f.stamp {
            line.push_str(&format!("  ({})", stamp.get(self.lang)));
        }
        line
    }

    fn id(&self, cell: CellId) -> &str {
        self.survey.cell(cell).map_or("", |c| &c.id)
    }

    /// `_` to fill, `=` calculated, `<` prefilled.
    fn answer(&self, cell: CellId) -> String {
        let Some(cell) = self.survey.cell(cell) else { return String::new() };
        let sign = match &cell.source {
            Source::Calculated(_) => "=",
            Source::Prefilled { .. } => "<",
            _ => "_",
        };
        match &cell.empty {
            Some(empty) => format!("{sign} ({})", empty.get(self.lang)),
            None => sign.to_owned(),
        }
    }

    fn grid(&mut self, sheet: &Sheet) {
        for level in &sheet.head {
            let cells: Vec<String> = level.iter().map(|h| self.head(h)).collect();
            self.lines.push(format!("| {} |", cells.join(" | ")));
        }
        self.lines.push("|---|".to_owned());
        for row in &sheet.body {
            let indent = "· ".repeat(row.level);
            let label = |c: &BodyCell| matches!(c.content, CellContent::Label(_));
            let text =
                |c: &BodyCell| if label(c) { format!("{indent}{}", self.cell(c)) } else { self.cell(c) };
            let cells: Vec<String> = row.cells.iter().map(text).collect();
            self.lines.push(format!("| {} |", cells.join(" | ")));
        }
    }

    fn head(&self, h: &HeadCell) -> String {
        format!("{}{}", h.text.get(self.lang), spans(h.colspan, h.rowspan))
    }

    fn cell(&self, c: &BodyCell) -> String {
        let text = match &c.content {
            CellContent::Label(t) | CellContent::Constant(t) => t.get(self.lang).to_owned(),
            CellContent::Number(n) => n.clone(),
            CellContent::Unit(u) => {
                self.survey.unit(*u).map(|u| u.label.get(self.lang).to_owned()).unwrap_or_default()
            }
            CellContent::NotApplicable => "——".to_owned(),
            CellContent::Answer(cell) => self.answer(*cell),
            CellContent::Empty => String::new(),
            CellContent::GroupHeading(lines) => {
                let part = |p: &HeadingItem| match p {
                    HeadingItem::Text(t) => t.clone(),
                    HeadingItem::Answer(c) => format!("_{}_", self.id(*c)),
                };
                lines.get(self.lang).map(|l| l.iter().map(part).collect()).unwrap_or_default()
            }
        };
        format!("{text}{}", spans(c.colspan, c.rowspan))
    }
}

/// `→3` covers three columns, `↓2` two lines.
fn spans(columns: usize, rows: usize) -> String {
    let of = |sign: &str, n: usize| if n > 1 { format!(" {sign}{n}") } else { String::new() };
    of("→", columns) + &of("↓", rows)
}
