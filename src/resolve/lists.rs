//! What stands in survey.yaml and the files of lists: languages, periods, code lists, units, marks.

use super::Input;
use super::periods::dates;
use super::texts::Texts;
use crate::diag::{Diagnostic, Problems, codes, over_limit, plain};
use crate::ir::{Accept, CodeItem, CodeList, Mark, MarkReads, Period, Survey, Unit, UnitId};
use crate::parse::ast;
use crate::parse::shapes::{Named, NamedList, Str};
use crate::source::Span;
use formwright_engine::Decimal;
use std::collections::HashMap;

/// Most codes of a list.
const MAX_CODES: usize = 100_000;

/// The survey without its tables.
pub fn begin(input: &Input, languages: &[String], problems: &mut Problems) -> Survey {
    let texts = Texts { languages };
    let s = &input.survey;
    let string = |x: &Option<Str>| x.as_ref().map(|x| x.text().to_owned()).unwrap_or_default();
    let mut survey = Survey {
        id: string(&s.survey),
        version: string(&s.version),
        title: texts.text(s.title.as_ref(), problems),
        languages: languages.to_vec(),
        filled_by: s.filled_by.as_ref().map(|t| texts.text(Some(t), problems)),
        ..Survey::default()
    };
    let ids = s.periods.iter().flat_map(|p| &p.0).map(|p| (p.id.text(), p.id.span()));
    super::rule_ids::unique(ids, problems);
    survey.periods =
        s.periods.iter().flat_map(|p| &p.0).filter_map(|p| period(p, &texts, problems)).collect();
    survey.marks = s.marks.iter().flat_map(|m| &m.0).map(|(id, m)| mark(id, m, &texts, problems)).collect();
    survey.previous = previous(s.context.as_ref());
    for file in &input.lists {
        for list in file.lists.iter().flat_map(|l| &l.0) {
            code_list(list, input, &mut survey, &texts, problems);
        }
        units(file, &mut survey, &texts, problems);
    }
    survey
}

fn previous(context: Option<&ast::Context>) -> Vec<(String, String)> {
    match context.and_then(|c| c.previous.as_ref()) {
        None => Vec::new(),
        Some(ast::PreviousReturns::One(d)) => vec![(String::new(), d.text().to_owned())],
        Some(ast::PreviousReturns::Named(map)) => {
            map.0.iter().map(|(n, d)| (n.text().to_owned(), d.text().to_owned())).collect()
        }
    }
}

fn period(p: &Named<ast::Period>, texts: &Texts, problems: &mut Problems) -> Option<Period> {
    let (from, to) =
        dates([p.node.at.as_ref(), p.node.from.as_ref(), p.node.to.as_ref()], p.id.span(), problems)?;
    Some(Period {
        id: p.id.text().to_owned(),
        label: texts.text(p.node.label.as_ref(), problems),
        from,
        to,
        forecast: p.node.forecast.is_some_and(|f| f.0),
    })
}

fn mark(id: &Str, m: &ast::Mark, texts: &Texts, problems: &mut Problems) -> Mark {
    let reads = match m.reads.as_ref().map(|r| (r.text(), r.span())) {
        None | Some(("unknown", _)) => MarkReads::Unknown,
        Some(("zero", _)) => MarkReads::Zero,
        Some(("blank", _)) => MarkReads::Blank,
        Some((word, span)) => {
            let known = ["unknown", "zero", "blank"];
            let d = Diagnostic::new(&codes::BAD_WORD, span).arg("word", word).arg("known", known.join(", "));
            problems.push(d.suggest(word, known));
            MarkReads::Unknown
        }
    };
    Mark { id: id.text().to_owned(), label: texts.text(m.label.as_ref(), problems), reads }
}

/// Every `under` names a code of the list, and no code stands under itself.
fn hierarchy(list: &Named<ast::CodeList>, made: &[CodeItem], problems: &mut Problems) {
    let above: HashMap<&str, &str> =
        made.iter().filter_map(|c| Some((c.code.as_str(), c.under.as_deref()?))).collect();
    let known: std::collections::HashSet<&str> = made.iter().map(|c| c.code.as_str()).collect();
    for c in list.node.codes.iter().flat_map(|c| &c.0) {
        let Some(under) = &c.node.under else { continue };
        let mut next = Some(under.text());
        let mut steps = 0;
        while let Some(code) = next.filter(|n| *n != c.id.text() && steps < DEEPEST_HIERARCHY) {
            steps += 1;
            next = above.get(code).copied();
        }
        if next.is_some() || !known.contains(under.text()) {
            let d = Diagnostic::new(&codes::UNDER_UNKNOWN, under.span()).arg("code", c.id.text());
            problems.push(d.arg("under", under.text()).suggest(under.text(), known.iter().copied()));
        }
    }
}

/// Codes under codes, at most.
const DEEPEST_HIERARCHY: usize = 16;

fn code_list(
    list: &Named<ast::CodeList>,
    input: &Input,
    survey: &mut Survey,
    texts: &Texts,
    problems: &mut Problems,
) {
    if let Some(before) = survey.lists.iter().find(|l| plain(&l.id) == plain(list.id.text())) {
        let d = Diagnostic::new(&codes::DUPLICATE_ID, list.id.span()).arg("id", list.id.text());
        problems.push(d.related(before.span, "first"));
        return;
    }
    let mut codes_of: Vec<CodeItem> = Vec::new();
    let mut seen = HashMap::new();
    let declared: Vec<&Named<ast::Code>> = list.node.codes.iter().flat_map(|c| &c.0).collect();
    if declared.len() > MAX_CODES {
        problems.push(over_limit(list.id.span(), "codes of a list", declared.len(), MAX_CODES));
    }
    for c in declared.into_iter().take(MAX_CODES) {
        if let Some(first) = seen.insert(plain(c.id.text()), c.id.span()) {
            let d = Diagnostic::new(&codes::DUPLICATE_CODE, c.id.span())
                .arg("code", c.id.text())
                .arg("list", list.id.text());
            problems.push(d.related(first, "first"));
            continue;
        }
        codes_of.push(code(c, texts, problems));
    }
    hierarchy(list, &codes_of, problems);
    survey.lists.push(CodeList {
        id: list.id.text().to_owned(),
        label: texts.text(list.node.label.as_ref(), problems),
        version: list.node.version.as_ref().map(|v| v.text().to_owned()),
        codes: codes_of,
        spread: input.tables.iter().any(|t| names(t, list.id.text())),
        span: list.id.span(),
    });
}

fn code(c: &Named<ast::Code>, texts: &Texts, problems: &mut Problems) -> CodeItem {
    CodeItem {
        code: c.id.text().to_owned(),
        label: texts.text(c.node.label.as_ref(), problems),
        specify: c.node.specify.is_some_and(|f| f.0),
        exclusive: c.node.exclusive.is_some_and(|f| f.0),
        retired: c.node.retired.is_some_and(|f| f.0),
        under: c.node.under.as_ref().map(|u| u.text().to_owned()),
        note: c.node.note.as_ref().map(|n| texts.text(Some(n), problems)),
        span: c.id.span(),
    }
}

fn units(file: &ast::Lists, survey: &mut Survey, texts: &Texts, problems: &mut Problems) {
    for u in file.units.iter().flat_map(|u| &u.0) {
        if let Some(first) = survey.units.iter().find(|x| x.id == u.id.text()) {
            let d = Diagnostic::new(&codes::DUPLICATE_ID, u.id.span()).arg("id", u.id.text());
            problems.push(d.related(first.span, "first"));
            continue;
        }
        let own = UnitId(u32::try_from(survey.units.len()).unwrap_or(0));
        let label = texts.text(u.node.label.as_ref(), problems);
        survey.units.push(Unit {
            id: u.id.text().to_owned(),
            label,
            base: Some(own),
            factor: Decimal::ONE,
            span: u.id.span(),
        });
    }
    for u in file.units.iter().flat_map(|u| &u.0) {
        let Some(is) = &u.node.is else { continue };
        let mut parts = is.text().split_whitespace();
        let factor = parts.next().and_then(Decimal::parse);
        let base = parts.next();
        let found = base.and_then(|b| survey.units.iter().find(|x| x.id == b)).map(|x| (x.base, x.factor));
        let Some(factor) = factor.filter(|f| !f.is_zero() && (base.is_none() || found.is_some())) else {
            let d = Diagnostic::new(&codes::BAD_UNIT, is.span()).arg("is", is.text());
            problems.push(d.suggest(base.unwrap_or(""), survey.units.iter().map(|x| x.id.as_str())));
            continue;
        };
        if let Some(own) = survey.units.iter_mut().find(|x| x.id == u.id.text()) {
            let (base, of) = found.unwrap_or((None, Decimal::ONE));
            own.base = base;
            own.factor = factor.checked_mul(of).unwrap_or(factor);
        }
    }
}

/// A unit that no file of units declares.
pub fn unknown_unit(name: &str, span: Span, units: &[Unit]) -> Diagnostic {
    let d = Diagnostic::new(&codes::UNKNOWN_UNIT, span).arg("name", name);
    d.suggest(name, units.iter().map(|u| u.id.as_str()))
}

/// The irregularities that nodes keep.
pub fn accepts(input: &Input, languages: &[String], problems: &mut Problems) -> Vec<Accept> {
    let texts = Texts { languages };
    let mut out = Vec::new();
    for accepted in &input.accepts {
        for (name, reason) in &accepted.entries {
            out.push(Accept {
                name: name.text().to_owned(),
                span: name.span(),
                node: accepted.node,
                reason: texts.text(Some(reason), problems),
            });
        }
    }
    out
}

/// Whether a table names a list for constants (`list`) or spreads (`over`).
fn names(table: &ast::Table, id: &str) -> bool {
    let sections = table.sections.iter().flat_map(|s| &s.0).map(|s| &s.node);
    sections.chain([&table.section]).any(|s| {
        s.columns.iter().chain(&s.fields).any(|f| in_fields(f, id)) || s.rows.iter().any(|r| in_rows(r, id))
    })
}

fn in_fields(list: &NamedList<ast::Field>, id: &str) -> bool {
    list.0.iter().any(|f| {
        let spread = f.node.over.iter().flat_map(|o| &o.0).any(|o| o.text() == id);
        let own = f.node.facts.list.as_ref().is_some_and(|l| l.text() == id);
        spread || own || f.node.columns.iter().any(|c| in_fields(c, id))
    })
}

fn in_rows(list: &NamedList<ast::Row>, id: &str) -> bool {
    list.0.iter().any(|r| {
        let over = r.node.over.as_ref().is_some_and(|o| o.text() == id);
        over || r.node.fields.iter().any(|f| in_fields(f, id)) || r.node.rows.iter().any(|x| in_rows(x, id))
    })
}
