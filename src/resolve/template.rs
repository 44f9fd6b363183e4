//! References inside texts: labels and code lists in notes, blanks in sentences, values in messages.

use super::model::Model;
use super::scope::{Ctx, Sym};
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::table::{Fragment, HeadingPart, Sentence};
use crate::ir::{CellId, Piece, Template, Text};
use crate::parse::shapes;
use crate::parse::template::{self, Piece as Written};
use crate::source::{SourceMap, Span};

/// The parts of a group's heading in one language.
pub fn heading(
    text: &str,
    fields: &[(String, CellId)],
    locate: &dyn Fn(std::ops::Range<usize>) -> Span,
    problems: &mut Problems,
) -> Vec<HeadingPart> {
    let mut part = |p: Written| match p {
        Written::Text(t) => HeadingPart::Text(t),
        Written::Ref(name, range) => match name.as_str() {
            "n" => HeadingPart::Number,
            "n.zh" => HeadingPart::NumberZh,
            other => match fields.iter().find(|f| f.0 == other) {
                Some((_, cell)) => HeadingPart::Value(*cell),
                None => {
                    let d = Diagnostic::new(&codes::UNKNOWN_NAME, locate(range)).arg("name", other);
                    let known = fields.iter().map(|f| f.0.as_str()).chain(["n", "n.zh"]);
                    problems.push(d.suggest(other, known));
                    HeadingPart::Text(String::new())
                }
            },
        },
    };
    template::parse(text).0.into_iter().map(&mut part).collect()
}

/// Stands for a blank of a sentence whose name means nothing.
pub const UNKNOWN: CellId = CellId(u32::MAX);

/// Pieces of a text with the place of each.
type Placed = Vec<(Written, Span)>;

/// Replaces references by what they print.
pub struct Filler<'a> {
    /// The symbol tables.
    pub model: &'a Model,
    /// The sources, for places inside texts.
    pub sources: &'a SourceMap,
    /// The languages.
    pub languages: &'a [String],
    /// Where problems go.
    pub problems: &'a mut Problems,
}

impl Filler<'_> {
    /// Each language's pieces and the place of each reference.
    fn written(&mut self, text: &shapes::Text) -> Vec<(Option<usize>, Placed)> {
        let mut out = Vec::new();
        for (lang, string) in text.entries.iter() {
            let source = self.sources.get(string.span().file).map_or("", |f| f.text.as_str());
            let (pieces, problems) = template::parse(string.text());
            for p in problems {
                self.problems.push(Diagnostic::new(p.code, string.0.locate(source, p.range)));
            }
            let placed = pieces.into_iter().map(|p| {
                let span = match &p {
                    Written::Ref(_, range) => string.0.locate(source, range.clone()),
                    Written::Text(_) => string.span(),
                };
                (p, span)
            });
            let lang = lang.as_ref().and_then(|l| self.languages.iter().position(|x| x == l.text()));
            out.push((lang, placed.collect()));
        }
        out
    }

    fn per_language<T: Clone + Default>(
        &mut self,
        text: &shapes::Text,
        f: &mut dyn FnMut(&mut Self, usize, Placed) -> T,
    ) -> Vec<T> {
        super::texts::Texts { languages: self.languages }.complete(text, self.problems);
        let mut out = vec![T::default(); self.languages.len()];
        for (lang, pieces) in self.written(text) {
            match lang {
                Some(l) => {
                    let made = f(self, l, pieces);
                    if let Some(slot) = out.get_mut(l) {
                        *slot = made;
                    }
                }
                None if text.entries.iter().all(|e| e.0.is_none()) => {
                    for l in 0..self.languages.len() {
                        let made = f(self, l, pieces.clone());
                        if let Some(slot) = out.get_mut(l) {
                            *slot = made;
                        }
                    }
                }
                // No language of the survey: what it refers to must exist all the same.
                None => drop(f(self, usize::MAX, pieces)),
            }
        }
        out
    }

    /// The names in quotation marks of a note in the first language, without references.
    pub fn quoted(&self, text: &shapes::Text) -> Vec<(String, Span)> {
        let first = self.languages.first().map(String::as_str);
        let is_first = |l: &Option<shapes::Str>| l.as_ref().is_none_or(|l| Some(l.text()) == first);
        let Some((_, note)) = text.entries.iter().find(|e| is_first(&e.0)) else { return Vec::new() };
        let source = self.sources.get(note.span().file).map_or("", |f| f.text.as_str());
        let mut found = Vec::new();
        let mut at = 0;
        while let Some(start) =
            note.text().get(at..).and_then(|r| r.find('“')).map(|i| at + i + '“'.len_utf8())
        {
            let Some(len) = note.text().get(start..).and_then(|r| r.find('”')) else { break };
            let name = note.text().get(start..start + len).unwrap_or("");
            if !name.contains('{') {
                found.push((name.to_owned(), note.0.locate(source, start..start + len)));
            }
            at = start + len;
        }
        found
    }

    /// A note: labels and lists put in.
    pub fn note(&mut self, ctx: &Ctx, text: &shapes::Text) -> Text {
        let ctx = ctx.clone();
        Text(self.per_language(text, &mut |this, lang, pieces| {
            pieces.into_iter().map(|(p, span)| this.printed(&ctx, lang, p, span)).collect::<String>()
        }))
    }

    fn printed(&mut self, ctx: &Ctx, lang: usize, piece: Written, span: Span) -> String {
        match piece {
            Written::Text(t) => t,
            Written::Ref(name, _) => match name.strip_prefix("codes ") {
                Some(list) => self.codes(list.trim(), lang, last(span, list.trim())),
                None => self.label(ctx, name.strip_suffix(".label").unwrap_or(&name), span).plain(lang),
            },
        }
    }

    fn codes(&mut self, list: &str, lang: usize, span: Span) -> String {
        let Some(found) = self.model.lists.iter().find(|l| l.id == list) else {
            let d = Diagnostic::new(&codes::UNKNOWN_NAME, span).arg("name", list);
            self.problems.push(d.suggest(list, self.model.lists.iter().map(|l| l.id.as_str())));
            return String::new();
        };
        let chinese = self.languages.get(lang).is_some_and(|l| l.starts_with("zh"));
        let one = |c: &crate::ir::CodeItem| {
            let gap = if chinese { "" } else { " " };
            format!("{}.{gap}{}", c.code, c.label.plain(lang))
        };
        found.codes.iter().map(one).collect::<Vec<_>>().join(if chinese { "；" } else { "; " })
    }

    /// The label of what a dotted name means.
    pub fn label(&mut self, ctx: &Ctx, name: &str, span: Span) -> Text {
        match self.named(ctx, name) {
            Some(sym) => self.label_of(&sym),
            None => {
                self.unknown(ctx, name, span);
                Text::default()
            }
        }
    }

    /// Reports the first part of a dotted name that means nothing where it stands.
    fn unknown(&mut self, ctx: &Ctx, name: &str, span: Span) {
        let mut before: Option<Sym> = None;
        let mut at = 0;
        for part in name.split('.') {
            let found = match &before {
                None => self.model.lookup(ctx, part).ok().flatten(),
                Some(of) => self.model.member(ctx, of, part),
            };
            let Some(found) = found else {
                let d = Diagnostic::new(&codes::UNKNOWN_NAME, within(span, at, part.len())).arg("name", part);
                self.problems.push(d.suggest(part, self.model.suggestions(ctx)));
                return;
            };
            before = Some(found);
            at += part.len() + 1;
        }
    }

    /// What a dotted name means.
    pub fn named(&self, ctx: &Ctx, name: &str) -> Option<Sym> {
        let mut parts = name.split('.');
        let mut sym = self.model.lookup(ctx, parts.next()?).ok().flatten()?;
        for part in parts {
            sym = self.model.member(ctx, &sym, part)?;
        }
        Some(sym)
    }

    /// The label of a thing.
    pub fn label_of(&self, sym: &Sym) -> Text {
        label_of(self.model, sym)
    }

    /// A sentence with blanks.
    pub fn sentence(
        &mut self,
        ctx: &Ctx,
        text: &shapes::Text,
        used: &mut Vec<(usize, CellId, Span)>,
    ) -> Sentence {
        let ctx = ctx.clone();
        Sentence(self.per_language(text, &mut |this, lang, pieces| {
            pieces.into_iter().filter_map(|(p, span)| this.fragment(&ctx, lang, p, span, used)).collect()
        }))
    }

    fn fragment(
        &mut self,
        ctx: &Ctx,
        lang: usize,
        piece: Written,
        span: Span,
        used: &mut Vec<(usize, CellId, Span)>,
    ) -> Option<Fragment> {
        match piece {
            Written::Text(t) => Some(Fragment::Text(t)),
            Written::Ref(name, _) => {
                let cell = ctx.section.and_then(|s| self.model.sec(s)).and_then(|s| s.field(&name));
                if let Some(cell) = cell {
                    used.push((lang, cell, span));
                    return Some(Fragment::Blank(cell));
                }
                self.label(ctx, &name, span);
                used.push((lang, UNKNOWN, span));
                None
            }
        }
    }

    /// A message; the names it uses are collected, to be bound at each place.
    pub fn message(&mut self, text: &shapes::Text, names: &mut Vec<(String, Span)>) -> Template {
        Template(self.per_language(text, &mut |_, _, pieces| {
            pieces.into_iter().map(|(p, span)| piece(p, span, names)).collect()
        }))
    }
}

/// `length` bytes of a span from a byte of it on; all of it where it is written otherwise (with escapes).
fn within(span: Span, from: usize, length: usize) -> Span {
    let start = span.start as usize + from;
    let end = start + length;
    if end > span.end as usize { span } else { Span::new(span.file, start, end) }
}

/// The last bytes of a span.
fn last(span: Span, text: &str) -> Span {
    within(span, (span.end.saturating_sub(span.start) as usize).saturating_sub(text.len()), text.len())
}

fn piece(written: Written, span: Span, names: &mut Vec<(String, Span)>) -> Piece {
    let Written::Ref(name, _) = written else {
        let Written::Text(text) = written else { return Piece::Text(String::new()) };
        return Piece::Text(text);
    };
    match name.as_str() {
        "left" => Piece::Left,
        "right" => Piece::Right,
        "diff" => Piece::Diff,
        "row.label" => Piece::RowLabel,
        "n" => Piece::RowNumber,
        _ => {
            let base = name.strip_suffix(".label").unwrap_or(&name).to_owned();
            if !names.iter().any(|n| n.0 == base) {
                names.push((base.clone(), within(span, 0, base.len())));
            }
            if name.ends_with(".label") { Piece::EachLabel(base) } else { Piece::EachValue(base) }
        }
    }
}

/// The label of a thing.
pub fn label_of(model: &Model, sym: &Sym) -> Text {
    let found = match sym {
        Sym::Columns(sec, columns) => model.sec(*sec).and_then(|s| {
            let c = s.columns.get(*columns.first()?)?;
            Some(if columns.len() > 1 { c.base.clone() } else { c.label.clone() })
        }),
        Sym::Group(sec, id) => model.sec(*sec).and_then(|s| s.group(id)).map(|g| g.label.clone()),
        Sym::Fields(sec, set) => {
            model.sec(*sec).and_then(|s| s.field_sets.get(*set)).map(|s| s.label.clone())
        }
        Sym::Row(sec, row) => model.sec(*sec).and_then(|s| s.rows.get(*row)).map(|r| r.label.clone()),
        Sym::Branch(sec, id) => model.sec(*sec).and_then(|s| s.branch(id)).map(|b| b.label.clone()),
        Sym::Block(sec, id) => {
            let block = model.sec(*sec).and_then(|s| s.block(id)).map(|b| b.block);
            block.and_then(|b| model.blocks.get(b.ix())).map(|b| b.label.clone())
        }
        Sym::Section(sec) => model.sec(*sec).map(|s| s.label.clone()),
        Sym::Table(t) => model.tables.get(*t).map(|t| t.label.clone()),
        Sym::At(super::model::At::Cell(cell), _) => model.cells.get(cell.ix()).map(|c| cell_label(model, c)),
        _ => None,
    };
    found.unwrap_or_default()
}

/// The label of a cell: a fixed row's where the column's says little, otherwise the column's or field's.
pub fn cell_label(model: &Model, cell: &crate::ir::Cell) -> Text {
    let row = cell.row.as_ref().and_then(|id| {
        let rows = model.sections.iter().filter(|s| s.table == cell.table).flat_map(|s| &s.rows);
        rows.filter(|r| !r.total).find(|r| r.id == *id && r.cells.iter().any(|a| matches!(a, super::model::At::Cell(c) if model.cells.get(c.ix()).is_some_and(|x| x.id == cell.id))))
    });
    match row {
        Some(r) if !r.label.is_empty() => r.label.clone(),
        _ => cell.spoken.clone(),
    }
}
