//! Facts of places: what passes down, what is laid over what.

use super::types::meant_type;
use crate::ir::Fact as Kind;
use crate::parse::ast::{CellsItem, Facts, Was};
use crate::parse::shapes::{Fact, FactUse, OneOrMany, Str, Text};
use crate::source::Span;
use std::sync::Arc;

/// A fact that can fail, as it stands at a place: which, the node it is named after, and its statement.
#[derive(Debug, Clone)]
pub struct Use {
    /// Which fact.
    pub kind: Kind,
    /// The node of its id.
    pub node: String,
    /// Its statement.
    pub stated: FactUse<Str>,
    /// The condition of the edition it stands in.
    pub when: Option<Str>,
    /// The conditions of later editions that say otherwise.
    pub unless: Vec<Str>,
}

impl Use {
    /// A statement that holds in every edition.
    pub fn new(kind: Kind, node: &str, stated: &FactUse<Str>) -> Self {
        Use { kind, node: node.to_owned(), stated: stated.clone(), when: None, unless: Vec::new() }
    }
}

/// Calls `f` for every fact that can fail.
pub fn each_use(facts: &Facts, f: &mut dyn FnMut(Kind, &FactUse<Str>)) {
    let all: [(Kind, &Option<Fact<Str>>); 10] = [
        (Kind::Min, &facts.min),
        (Kind::Max, &facts.max),
        (Kind::MinLength, &facts.min_length),
        (Kind::MaxLength, &facts.max_length),
        (Kind::Pattern, &facts.pattern),
        (Kind::MinChoices, &facts.min_choices),
        (Kind::MaxChoices, &facts.max_choices),
        (Kind::Required, &facts.required),
        (Kind::Applies, &facts.applies),
        (Kind::Calculated, &facts.calculated),
    ];
    for (kind, fact) in all {
        for stated in fact.iter().flat_map(|f| f.0.iter()) {
            f(kind, stated);
        }
    }
}

macro_rules! overlaid {
    ($base:ident, $over:ident, $($field:ident)*) => {
        Facts { $($field: $over.$field.clone().or_else(|| $base.$field.clone()),)* applies: joined(&$base.applies, &$over.applies) }
    };
}

/// `over` laid over `base`; conditions of `applies` add up.
pub fn overlay(base: &Facts, over: &Facts) -> Facts {
    overlaid!(base, over, ty list unit scale digits min max min_length max_length pattern min_choices max_choices required parts
        constant calculated prefill locked marks normalize was accept since until editions help note width layout under stamp empty)
}

fn joined(a: &Option<Fact<Str>>, b: &Option<Fact<Str>>) -> Option<Fact<Str>> {
    match (a, b) {
        (Some(a), Some(b)) => Some(Fact(a.0.iter().chain(b.0.iter()).cloned().collect())),
        (a, b) => a.clone().or_else(|| b.clone()),
    }
}

/// The facts of a group or row that pass to what stands below it.
pub fn passed(facts: &Facts) -> Facts {
    Facts {
        ty: facts.ty.clone(),
        list: facts.list.clone(),
        unit: facts.unit.clone(),
        scale: facts.scale,
        digits: facts.digits,
        min: facts.min.clone(),
        max: facts.max.clone(),
        required: facts.required.clone(),
        applies: facts.applies.clone(),
        marks: facts.marks.clone(),
        ..Facts::default()
    }
}

/// Of facts that are passed down, those that fit the type below: its own, or the one passed.
pub fn fitted(passed: &Facts, own: &Facts) -> Facts {
    let ty = meant_type(own.ty.as_ref().or(passed.ty.as_ref()).map_or("by_row", Str::text));
    let ty = &*ty;
    let any = matches!(ty, "by_row" | "target");
    let numeric = any || matches!(ty, "count" | "decimal" | "percent" | "money");
    let text = any || matches!(ty, "text" | "long_text" | "url" | "phone" | "email");
    let coded = any || matches!(ty, "code" | "codes");
    let ordered = numeric || matches!(ty, "date" | "month" | "year");
    let mut fit = passed.clone();
    let drop = |keep: bool, facts: &mut [&mut Option<Fact<Str>>]| {
        facts.iter_mut().filter(|_| !keep).for_each(|f| **f = None);
    };
    drop(ordered, &mut [&mut fit.min, &mut fit.max]);
    drop(text, &mut [&mut fit.min_length, &mut fit.max_length, &mut fit.pattern]);
    drop(any || ty == "codes", &mut [&mut fit.min_choices, &mut fit.max_choices]);
    fit.list = fit.list.filter(|_| coded);
    fit.unit = fit.unit.filter(|_| numeric);
    fit.scale = fit.scale.filter(|_| numeric);
    fit.digits = fit.digits.filter(|_| numeric);
    fit.marks = fit.marks.filter(|_| numeric);
    fit.normalize = fit.normalize.filter(|_| text);
    fit
}

/// A row's facts at a column that takes its type from rows: the column's own win, but for the type.
pub fn by_row(column: &Facts, row: &Facts) -> Facts {
    let mut column = column.clone();
    column.ty = None;
    overlay(row, &column)
}

/// A row's `applies`, which concerns every column of it.
pub fn row_applies(column: &Facts, row: &Facts) -> Facts {
    let mut facts = column.clone();
    facts.applies = joined(&row.applies, &column.applies);
    facts
}

/// The facts of an item of `cells`, its own rule facts put on every statement that has none.
pub fn of_item(item: &CellsItem) -> Facts {
    let mut facts = item.facts.clone();
    let lists = [
        &mut facts.min,
        &mut facts.max,
        &mut facts.min_length,
        &mut facts.max_length,
        &mut facts.pattern,
        &mut facts.min_choices,
        &mut facts.max_choices,
        &mut facts.required,
        &mut facts.applies,
        &mut facts.calculated,
    ];
    for stated in lists.into_iter().flatten().flat_map(|f| Arc::make_mut(&mut f.0)) {
        let r = &mut stated.rule;
        fill(&mut r.id, &item.id);
        fill(&mut r.severity, &item.severity);
        fill(&mut r.kind, &item.kind);
        fill(&mut r.message, &item.message);
        fill(&mut r.explain, &item.explain);
        fill(&mut r.by, &item.by);
        fill(&mut r.blank, &item.blank);
        fill(&mut r.from, &item.from);
        fill(&mut r.tolerance, &item.tolerance);
        fill(&mut r.since, &item.facts.since);
        fill(&mut r.until, &item.facts.until);
    }
    facts
}

fn fill<T: Clone>(to: &mut Option<T>, from: &Option<T>) {
    if to.is_none() {
        *to = from.clone();
    }
}

/// The facts that are written, by key, with the place of each.
pub fn written(facts: &Facts) -> Vec<(&'static str, Span)> {
    let word = |fact: &Option<Str>| fact.as_ref().map(Str::span);
    let stated = |fact: &Option<Fact<Str>>| fact.as_ref().and_then(|f| f.0.first()).map(|f| f.span);
    let text = |fact: &Option<Text>| fact.as_ref().map(|t| t.span);
    let first = |marks: &Option<OneOrMany<Str>>| marks.iter().flat_map(|m| &m.0).next().map(Str::span);
    let was = facts.was.iter().flat_map(|w| &w.0).find_map(|w| match w {
        Was::Id(id) => Some(id.span()),
        Was::Long(long) => long.id.as_ref().map(Str::span),
    });
    let all = [
        ("type", word(&facts.ty)),
        ("list", word(&facts.list)),
        ("unit", word(&facts.unit)),
        ("scale", facts.scale.map(|s| s.1)),
        ("digits", facts.digits.map(|d| d.1)),
        ("min", stated(&facts.min)),
        ("max", stated(&facts.max)),
        ("min_length", stated(&facts.min_length)),
        ("max_length", stated(&facts.max_length)),
        ("pattern", stated(&facts.pattern)),
        ("min_choices", stated(&facts.min_choices)),
        ("max_choices", stated(&facts.max_choices)),
        ("required", stated(&facts.required)),
        ("applies", stated(&facts.applies)),
        ("parts", stated(&facts.parts)),
        ("constant", facts.constant.map(|c| c.1)),
        ("calculated", stated(&facts.calculated)),
        ("prefill", word(&facts.prefill)),
        ("locked", facts.locked.map(|l| l.1)),
        ("marks", first(&facts.marks)),
        ("normalize", word(&facts.normalize)),
        ("was", was),
        ("since", word(&facts.since)),
        ("until", word(&facts.until)),
        ("help", text(&facts.help)),
        ("note", text(&facts.note)),
        ("width", word(&facts.width)),
        ("layout", word(&facts.layout)),
        ("under", word(&facts.under)),
        ("stamp", text(&facts.stamp)),
        ("empty", text(&facts.empty)),
    ];
    all.into_iter().filter_map(|(key, span)| Some((key, span?))).collect()
}
