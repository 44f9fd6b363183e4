//! Facts that can have no effect where they stand: of another type, of another kind of row, of a table in parts.

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

fn section(s: &ast::Section, problems: &mut Problems) {
    s.fields.iter().chain(&s.columns).for_each(|f| fields(f, None, problems));
    if let Some(list) = &s.rows {
        rows(list, problems);
        if s.columns.is_none() {
            report(problems, list.0.first().map(|r| r.span), "rows", GRIDLESS);
        }
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

/// Facts that do not fit the type beside them, or handed down to them.
fn typed(facts: &Facts, ty: Option<&Str>, problems: &mut Problems) {
    let Some(ty) = ty.filter(|t| super::types::TYPES.contains(&t.text())) else { return };
    let is = |types: &[&str]| types.contains(&ty.text()) || matches!(ty.text(), "by_row" | "target");
    let numeric = is(&["count", "decimal", "percent", "money"]);
    if !numeric {
        report(problems, facts.unit.as_ref().map(|u| u.span()), "unit", NUMBERS);
        report(problems, facts.scale.map(|s| s.1), "scale", NUMBERS);
        report(problems, facts.digits.map(|d| d.1), "digits", NUMBERS);
        let mark = facts.marks.iter().flat_map(|m| &m.0).next();
        report(problems, mark.map(Str::span), "marks", NUMBERS);
    }
    if !is(&["text", "long_text", "url", "phone", "email"]) {
        report(problems, stated(&facts.min_length), "min_length", TEXTS);
        report(problems, stated(&facts.max_length), "max_length", TEXTS);
        report(problems, stated(&facts.pattern), "pattern", TEXTS);
        report(problems, facts.normalize.as_ref().map(|n| n.span()), "normalize", TEXTS);
    }
    if !is(&["code", "codes"]) {
        report(problems, facts.list.as_ref().map(|l| l.span()), "list", CODED);
    }
    if !is(&["codes"]) {
        report(problems, stated(&facts.min_choices), "min_choices", CHOICES);
        report(problems, stated(&facts.max_choices), "max_choices", CHOICES);
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
