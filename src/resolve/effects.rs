//! Facts that can have no effect where they stand: of another type, of another kind of row, of a table in parts.

use super::facts::written;
use crate::diag::{Diagnostic, Problems, codes};
use crate::parse::ast::{self, Facts};
use crate::parse::shapes::{Fact, Named, NamedList, Str};
use crate::source::Span;

/// Why a fact has no effect, in English and Chinese.
type Why = (&'static str, &'static str);

const NUMBERS: Why = ("it is a fact of numbers", "它只用于数值");
const TEXTS: Why = ("it is a fact of text", "它只用于文字");
const CODED: Why = ("it is a fact of `code` and `codes`", "它只用于 code 和 codes");
const CHOICES: Why = ("it is a fact of `codes`", "它只用于 codes");
const REPEATED: Why = ("it is a fact of repeated rows (`repeat: true`)", "它只用于重复行（repeat: true）");
const GIVEN: Why = ("it goes with `from`", "它与 from 同用");
const GROUPS: Why = ("it is a fact of groups of rows", "它只用于行组");
const PREFILLED: Why = ("it goes with `prefill`", "它与 prefill 同用");
const SHOWN: Why = ("a column with `show` holds no value", "带 show 的列不填值");
const SPREAD: Why =
    ("a group of columns is not spread; write it at the columns", "列组不能按 over 展开，请写在各列上");
const PARTS: Why =
    ("the table has `sections`; write it in one of them", "本表分为几部分（sections），请写在其中一部分");
const CALLED: Why = ("a rule is called by its key", "规则以键名为标识");
const GONE: Why = ("these places print —— and hold nothing", "这些位置印“——”，不填内容");
const OF_NODES: Why = ("it is a fact of a field, a column or a row", "它只用于字段、列或行");
const OF_FIELDS: Why = ("it is a fact of fields outside a grid", "它只用于表格以外的字段");
const UNCONDITIONAL: Why = (
    "under a condition there are bounds, `required` and `applies` only",
    "带条件（when）的版本只能写取值限制、required 和 applies",
);
const GRIDLESS: Why =
    ("there are no `columns` that rows could have cells in", "没有 columns，行中没有单元格");

/// Reports the facts of a survey's tables that can have no effect.
pub fn effects(input: &super::Input, problems: &mut Problems) {
    for t in &input.tables {
        section(&t.section, problems);
        if let Some(sections) = &t.sections {
            let s = &t.section;
            let span = |n: Option<Span>, key| report(problems, n, key, PARTS);
            parts(s, span);
            sections.0.iter().for_each(|s| section(&s.node, problems));
        }
    }
    rules(input.survey.rules.as_ref(), problems);
    for s in [&input.survey.respondent, &input.survey.signature].into_iter().flatten() {
        section(s, problems);
    }
}

fn parts(s: &ast::Section, mut report: impl FnMut(Option<Span>, &'static str)) {
    let first = |l: &Option<NamedList<ast::Field>>| l.as_ref().and_then(|l| l.0.first()).map(|f| f.span);
    report(first(&s.fields), "fields");
    report(first(&s.columns), "columns");
    report(s.rows.as_ref().and_then(|l| l.0.first()).map(|r| r.span), "rows");
    report(s.text.as_ref().and_then(|t| t.0.first()).map(|t| t.span), "text");
    report(s.closing.as_ref().map(|t| t.span), "closing");
    report(s.layout.as_ref().map(|l| l.span()), "layout");
    report(s.none.as_ref().and_then(|n| n.0.first()).map(|n| n.span), "none");
    let at = s.cells.iter().flat_map(|c| &c.0).flat_map(|c| &c.at).flat_map(|a| &a.0).next();
    report(at.map(Str::span), "cells");
}

fn report(problems: &mut Problems, at: Option<Span>, key: &'static str, why: Why) {
    if let Some(span) = at {
        let d = Diagnostic::new(&codes::NO_EFFECT, span).arg("key", key);
        problems.push(d.arg("why", why.0).arg("why_zh", why.1));
    }
}

fn rules(list: Option<&ast::Rules>, problems: &mut Problems) {
    for rule in list.iter().flat_map(|l| &l.0) {
        let editions = rule.node.editions.iter().flat_map(|e| &e.0).map(|e| &e.rule);
        for facts in editions.chain([&rule.node.rule]) {
            report(problems, facts.id.as_ref().map(|i| i.span()), "id", CALLED);
        }
    }
}

fn section(s: &ast::Section, problems: &mut Problems) {
    rules(s.rules.as_ref(), problems);
    s.fields.iter().chain(&s.columns).for_each(|f| fields(f, None, problems));
    s.columns.iter().for_each(|c| unprinted(c, problems));
    s.cells.iter().flat_map(|c| &c.0).for_each(|item| places(item, problems));
    if let Some(list) = &s.rows {
        rows(list, problems);
        if s.columns.is_none() {
            report(problems, list.0.first().map(|r| r.span), "rows", GRIDLESS);
        }
    }
}

/// Facts of an item of `cells`: none beside `na: true`, and none of how a node prints or is called.
fn places(item: &ast::CellsItem, problems: &mut Problems) {
    let all = written(&item.facts);
    conditional(&item.facts, problems);
    if item.na.is_some_and(|n| n.0) {
        let text = |key, fact: &Option<Str>| fact.as_ref().map(|f| (key, f.span()));
        let rule = [
            text("id", &item.id),
            text("severity", &item.severity),
            text("kind", &item.kind),
            item.message.as_ref().map(|m| ("message", m.span)),
            text("explain", &item.explain),
            text("by", &item.by),
            text("blank", &item.blank),
            text("from", &item.from),
            text("tolerance", &item.tolerance),
        ];
        let said = rule.into_iter().flatten().chain(all);
        return said.for_each(|(key, span)| report(problems, Some(span), key, GONE));
    }
    let of_nodes = ["parts", "constant", "was", "width", "layout", "under", "stamp", "empty"];
    for (key, span) in all.into_iter().filter(|f| of_nodes.contains(&f.0)) {
        report(problems, Some(span), key, OF_NODES);
    }
}

/// How fields print says nothing of columns.
fn unprinted(list: &NamedList<ast::Field>, problems: &mut Problems) {
    for f in &list.0 {
        let facts = &f.node.facts;
        for (key, word) in [("width", &facts.width), ("layout", &facts.layout), ("under", &facts.under)] {
            report(problems, word.as_ref().map(Str::span), key, OF_FIELDS);
        }
        report(problems, facts.stamp.as_ref().map(|s| s.span), "stamp", OF_FIELDS);
        f.node.columns.iter().for_each(|c| unprinted(c, problems));
    }
}

/// Facts of fields; `above` is the type that a group hands down.
fn fields(list: &NamedList<ast::Field>, above: Option<&Str>, problems: &mut Problems) {
    for f in &list.0 {
        let facts = &f.node.facts;
        let ty = facts.ty.as_ref().or(above);
        typed(facts, ty, problems);
        if f.node.show.is_some() {
            report(problems, facts.ty.as_ref().map(|t| t.span()), "type", SHOWN);
            report(problems, stated(&facts.required), "required", SHOWN);
        }
        if facts.prefill.is_none() {
            report(problems, facts.locked.map(|l| l.1), "locked", PREFILLED);
        }
        if let Some(columns) = &f.node.columns {
            let over = f.node.over.iter().flat_map(|o| &o.0).next();
            report(problems, over.map(Str::span), "over", SPREAD);
            fields(columns, ty, problems);
        }
    }
}

fn stated<T>(fact: &Option<Fact<T>>) -> Option<Span> {
    fact.as_ref().and_then(|f| f.0.first()).map(|f| f.span)
}

/// Facts of one kind of type: the types, and why they have no effect elsewhere.
const OF_TYPES: &[(&[&str], &[&str], Why)] = &[
    (&["unit", "scale", "digits", "marks"], &["count", "decimal", "percent", "money"], NUMBERS),
    (
        &["min_length", "max_length", "pattern", "normalize"],
        &["text", "long_text", "url", "phone", "email"],
        TEXTS,
    ),
    (&["list"], &["code", "codes"], CODED),
    (&["min_choices", "max_choices"], &["codes"], CHOICES),
];

/// The written facts that not every type has.
pub type Typed = Vec<(&'static str, Span, &'static [&'static str], Why)>;

/// Of facts that are written, those that not every type has.
pub fn typed_keys(facts: &Facts) -> Typed {
    let of = |(key, span): (&'static str, Span)| {
        let (_, types, why) = OF_TYPES.iter().find(|(keys, ..)| keys.contains(&key))?;
        Some((key, span, *types, *why))
    };
    written(facts).into_iter().filter_map(of).collect()
}

/// The keys of those that a type has.
pub fn suiting<'t>(typed: &'t Typed, ty: &'t str) -> impl Iterator<Item = &'static str> + 't {
    let any = matches!(ty, "by_row" | "target");
    typed.iter().filter(move |(_, _, types, _)| any || types.contains(&ty)).map(|t| t.0)
}

/// Reports facts that suit none of the places they are written for.
pub fn unfit(typed: &Typed, fit: &[&str], problems: &mut Problems) {
    for (key, span, _, why) in typed.iter().filter(|t| !fit.contains(&t.0)) {
        report(problems, Some(*span), key, *why);
    }
}

/// Facts that do not fit the type beside them, or handed down to them.
fn typed(facts: &Facts, ty: Option<&Str>, problems: &mut Problems) {
    conditional(facts, problems);
    let Some(ty) = ty.filter(|t| super::types::TYPES.contains(&t.text())) else { return };
    let all = typed_keys(facts);
    let fit: Vec<&str> = suiting(&all, ty.text()).collect();
    unfit(&all, &fit, problems);
}

/// What a node is cannot hang on an answer: an edition with `when` has facts that can fail only.
fn conditional(facts: &Facts, problems: &mut Problems) {
    const HANGS: &[&str] = &[
        "min",
        "max",
        "min_length",
        "max_length",
        "pattern",
        "min_choices",
        "max_choices",
        "required",
        "applies",
    ];
    for e in super::life::conditional(facts) {
        report(problems, e.label.as_ref().map(|l| l.span), "label", UNCONDITIONAL);
        let other = written(&e.facts).into_iter().filter(|f| !HANGS.contains(&f.0));
        for (key, span) in other.filter(|f| !matches!(f.0, "since" | "until")) {
            report(problems, Some(span), key, UNCONDITIONAL);
        }
    }
}

fn rows(list: &NamedList<ast::Row>, problems: &mut Problems) {
    for r in &list.0 {
        row(r, problems);
        typed(&r.node.facts, r.node.facts.ty.as_ref(), problems);
        r.node.fields.iter().for_each(|f| fields(f, None, problems));
        r.node.rows.iter().for_each(|x| rows(x, problems));
    }
}

fn row(r: &Named<ast::Row>, problems: &mut Problems) {
    let n = &r.node;
    if !n.repeat.is_some_and(|x| x.0) {
        report(problems, n.print.map(|p| p.1), "print", REPEATED);
        report(problems, stated(&n.min_rows), "min_rows", REPEATED);
        report(problems, stated(&n.max_rows), "max_rows", REPEATED);
        report(problems, stated(&n.key), "key", REPEATED);
        report(problems, n.from.as_ref().map(|f| f.span()), "from", REPEATED);
        report(problems, n.fields.as_ref().and_then(|f| f.0.first()).map(|f| f.span), "fields", REPEATED);
    }
    if n.from.is_none() {
        report(problems, n.open.map(|o| o.1), "open", GIVEN);
    }
    if n.heading.is_some() && n.like.is_none() && n.rows.is_none() {
        report(problems, n.heading.as_ref().map(|h| h.span), "heading", GROUPS);
    }
}
