//! Why a rule is undecided, in a sentence: what is blank here, what the previous return lacks, what is not given.

use super::message::{Occasion, is_chinese};
use super::sentence::{cells, names};
use super::view::{Frame, View};
use crate::ir::cell::Root;
use crate::ir::expr::{Expr, Kind, Time};
use crate::ir::{Cell, CellId, Instance, LangIx};
use formwright_engine::Finding;

/// What an undecided rule wanted to compare, and what stands in the way.
pub fn sentence(view: &View<'_>, occasion: &Occasion<'_, '_>, finding: &Finding, lang: LangIx) -> String {
    let blank = |id: &CellId| {
        view.places(*id, occasion.frame, 1_000).into_iter().any(|(at, _)| finding.cells.blank.contains(&at))
    };
    let read = in_order(view, occasion);
    let blanks: Vec<CellId> = read.iter().copied().filter(blank).collect();
    let of = names(view, read.iter().copied(), false, lang);
    let why = match blanks.is_empty() {
        false => Lacks::Blank(blanks),
        true if wants_context(view, &read) => Lacks::Context,
        true => previous(view, occasion),
    };
    let (en, zh) = why.words(view, lang);
    if is_chinese(view.survey, lang) {
        format!("{zh}，无法核对{of}")
    } else {
        format!("{of} cannot be checked: {en}")
    }
}

/// Whether a cell of the context is among those, and there is no context.
fn wants_context(view: &View<'_>, read: &[CellId]) -> bool {
    let outside = |id: &CellId| view.survey.cell(*id).is_some_and(|c| c.home.root == Root::Context);
    view.context.is_none() && read.iter().any(outside)
}

/// What stands in the way.
enum Lacks {
    /// These cells of this return are blank.
    Blank(Vec<CellId>),
    /// The previous return of this name is not given.
    Previous(u8),
    /// It has no such row.
    Row(u8),
    /// It does not have all rows that are compared.
    Rows(u8),
    /// These cells of it are blank.
    BlankBefore(u8, Vec<CellId>),
    /// These cells of it cannot be read.
    UnreadableBefore(u8, Vec<CellId>),
    /// The context is not given.
    Context,
    /// Something else.
    Other,
}

impl Lacks {
    /// In English and Chinese; the cells by their names in a language.
    fn words(self, view: &View<'_>, lang: LangIx) -> (String, String) {
        let named = |ids: &[CellId]| names(view, ids.iter().copied(), false, lang);
        let are = |ids: &[CellId]| if ids.len() > 1 { "are" } else { "is" };
        let the = |at: u8| called(view, at);
        match self {
            Lacks::Blank(ids) => {
                let named = named(&ids);
                (format!("{named} {} blank", are(&ids)), format!("{named}未填"))
            }
            Lacks::Previous(at) => {
                let (en, zh) = the(at);
                (format!("{en} is not given"), format!("未提供{zh}"))
            }
            Lacks::Row(at) => {
                let (en, zh) = the(at);
                (format!("{en} does not have this row"), format!("{zh}中没有这一行"))
            }
            Lacks::Rows(at) => {
                let (en, zh) = the(at);
                (format!("{en} does not have all of these rows"), format!("{zh}中没有全部这些行"))
            }
            Lacks::BlankBefore(at, ids) => {
                let ((en, zh), named) = (the(at), named(&ids));
                (format!("{named} {} blank in {en}", are(&ids)), format!("{zh}中{named}未填"))
            }
            Lacks::UnreadableBefore(at, ids) => {
                let ((en, zh), named) = (the(at), named(&ids));
                (format!("{named} cannot be read in {en}"), format!("{zh}中{named}无法读取"))
            }
            Lacks::Context => ("the context is not given".to_owned(), "未提供外部数据".to_owned()),
            Lacks::Other => ("what it needs is not available".to_owned(), "缺少所需的资料".to_owned()),
        }
    }
}

/// A previous return in words; by its name where there are several.
fn called(view: &View<'_>, at: u8) -> (String, String) {
    match view.survey.previous.get(usize::from(at)) {
        Some((name, _)) if !name.is_empty() => {
            (format!("the previous return “{name}”"), format!("上期报表“{name}”"))
        }
        _ => ("the previous return".to_owned(), "上期报表".to_owned()),
    }
}

/// What the previous returns lack of that which a rule reads in them; [`Lacks::Other`] where something else is missing.
fn previous(view: &View<'_>, occasion: &Occasion<'_, '_>) -> Lacks {
    let frame = occasion.frame;
    let (mut blank, mut unreadable) = (Vec::new(), Vec::new());
    for (id, at) in read_before(occasion.instance) {
        let Some(cell) = view.survey.cell(id).filter(|c| c.home.root == Root::Return) else { continue };
        if view.previous.get(usize::from(at)).copied().flatten().is_none() {
            return Lacks::Previous(at);
        }
        for inner in frames(view, cell, frame) {
            let Some(record) = view.earlier(cell, &inner, at) else {
                return if inner.block == frame.block { Lacks::Row(at) } else { Lacks::Rows(at) };
            };
            let value = record.value(cell.home.slot);
            let list = match value.is_blank() {
                true => &mut blank,
                false if value.is_unknown() && view.mark(id, &inner, Time::Previous(at)).is_blank() => {
                    &mut unreadable
                }
                false => continue,
            };
            if !list.contains(&(at, id)) {
                list.push((at, id));
            }
        }
    }
    let of_first = |all: &[(u8, CellId)]| {
        let at = all.first()?.0;
        Some((at, all.iter().filter(|one| one.0 == at).map(|one| one.1).collect()))
    };
    let blank = of_first(&blank).map(|(at, ids)| Lacks::BlankBefore(at, ids));
    let unreadable = || of_first(&unreadable).map(|(at, ids)| Lacks::UnreadableBefore(at, ids));
    blank.or_else(unreadable).unwrap_or(Lacks::Other)
}

/// The rows whose cell a rule reads: the one at hand, or all those of a block.
fn frames<'a>(view: &View<'a>, cell: &Cell, frame: &Frame<'a>) -> Vec<Frame<'a>> {
    let mut all = Vec::new();
    match cell.home.block {
        Some(block) if !view.holds(frame, block) => view.each_row(block, frame, &mut |inner| all.push(inner)),
        _ => all.push(*frame),
    }
    all
}

/// The cells that a rule reads in previous returns, each with the return.
fn read_before(instance: &Instance) -> Vec<(CellId, u8)> {
    let mut found = Vec::new();
    each_read(instance, &mut |cell, time| {
        if let Time::Previous(at) = time
            && !found.contains(&(cell, at))
        {
            found.push((cell, at));
        }
    });
    found
}

/// Whether a rule reads a cell in previous returns only.
pub fn only_before(instance: &Instance, cell: CellId) -> bool {
    let (mut before, mut now) = (false, instance.target == Some(cell));
    each_read(instance, &mut |read, time| {
        before |= read == cell && time != Time::Now;
        now |= read == cell && time == Time::Now;
    });
    before && !now
}

fn each_read(instance: &Instance, f: &mut dyn FnMut(CellId, Time)) {
    for e in instance.condition().into_iter().chain(&instance.when) {
        e.walk(&mut |e: &Expr| {
            if let Kind::Cell { cell, time, .. } = e.kind {
                f(cell, time);
            }
        });
    }
}

/// The cells a check reads, in the order of the rule; not the word that would settle its section.
fn in_order(view: &View<'_>, occasion: &Occasion<'_, '_>) -> Vec<CellId> {
    let mut all = occasion.instance.condition().map(Expr::cells).unwrap_or_default();
    let settles = |id: &CellId| view.survey.cell(*id).is_some_and(|c| c.id == "none");
    for cell in cells(occasion).filter(|c| !settles(c)) {
        if !all.contains(&cell) {
            all.push(cell);
        }
    }
    all
}
