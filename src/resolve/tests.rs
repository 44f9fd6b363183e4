//! The designer's tests: parts of returns completed to whole ones.

use super::Input;
use crate::diag::{Diagnostic, Problems, codes};
use crate::ir::{Expect, Test};
use crate::parse::ast;
use crate::parse::shapes::{Raw, Str};
use crate::parse::yaml::{Node, NodeKind, Style};
use formwright_engine::write::push_string;
use std::collections::HashSet;

/// The tests of all tables and of the survey.
pub fn tests(input: &Input, problems: &mut Problems) -> Vec<Test> {
    let mut out = Vec::new();
    let ids = input.tables.iter().filter_map(|t| t.table.as_ref()).map(Str::text);
    let known: HashSet<&str> = ids.collect();
    let mut one = |table, test| one(input, &known, table, test, problems);
    for (ix, t) in input.tables.iter().enumerate() {
        let sections =
            t.sections.iter().flat_map(|s| &s.0).flat_map(|s| s.node.tests.iter().flat_map(|t| &t.0));
        for test in t.section.tests.iter().flat_map(|t| &t.0).chain(sections) {
            out.push(one(Some(ix), test));
        }
    }
    for test in input.survey.tests.iter().flat_map(|t| &t.0) {
        out.push(one(None, test));
    }
    out
}

fn one(
    input: &Input,
    known: &HashSet<&str>,
    table: Option<usize>,
    t: &ast::Test,
    problems: &mut Problems,
) -> Test {
    let own = table.and_then(|t| input.tables.get(t)).and_then(|t| t.table.as_ref()).map(Str::text);
    let mut members = Vec::new();
    match (own, &t.given) {
        (Some(id), Some(given)) => members.push((id.to_owned(), given.0.span, json(&given.0))),
        (None, Some(Raw(Node { kind: NodeKind::Map(entries), .. }))) => {
            members.extend(entries.iter().map(|(k, v)| (k.text.to_string(), k.span, json(v))));
        }
        _ => {}
    }
    if let Some(Raw(Node { kind: NodeKind::Map(entries), .. })) = &t.tables {
        members.extend(entries.iter().map(|(k, v)| (k.text.to_string(), k.span, json(v))));
    }
    for (name, span, _) in members.iter().filter(|m| !known.contains(m.0.as_str())) {
        let d = Diagnostic::new(&codes::UNKNOWN_NAME, *span).arg("name", name);
        problems.push(d.suggest(name, known.iter().copied()));
    }
    let text = |s: &Option<Str>| s.as_ref().map(|s| s.text().to_owned()).unwrap_or_default();
    let mut submission = String::from("{\"survey\":");
    push_string(&mut submission, &text(&input.survey.survey));
    submission.push_str(",\"version\":");
    push_string(&mut submission, &text(&input.survey.version));
    submission.push_str(",\"state\":\"final\",\"tables\":{");
    for (i, (name, _, body)) in members.iter().enumerate() {
        if i > 0 {
            submission.push(',');
        }
        push_string(&mut submission, name);
        submission.push(':');
        submission.push_str(body);
    }
    submission.push_str("}}");
    Test {
        table,
        name: text(&t.name),
        submission,
        context: t.context.as_ref().map(|c| json(&c.0)),
        previous: t.previous.as_ref().map(|c| json(&c.0)),
        expect: t.expect.iter().flat_map(|e| &e.0).map(expect).collect(),
        span: t.name.as_ref().map(Str::span).unwrap_or_default(),
    }
}

fn expect(e: &ast::Expect) -> Expect {
    let text = |s: &Option<Str>| s.as_ref().map(|s| s.text().to_owned());
    Expect {
        rule: text(&e.rule).unwrap_or_default(),
        state: text(&e.state),
        section: text(&e.section),
        group: text(&e.group),
        row: text(&e.row),
        column: text(&e.column),
        over: text(&e.over),
        span: e.rule.as_ref().map(Str::span).unwrap_or_default(),
    }
}

/// A node as JSON text: plain numbers and booleans are such, everything else is text. Depth is bounded by the YAML reader.
pub fn json(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.kind {
        NodeKind::Null => out.push_str("null"),
        NodeKind::Scalar(s) if s.style == Style::Plain && literal(&s.text) => out.push_str(&s.text),
        NodeKind::Scalar(s) => push_string(out, &s.text),
        NodeKind::Seq(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        NodeKind::Map(entries) => {
            out.push('{');
            for (i, (key, value)) in entries.iter().enumerate() {
                if i > 0 {
                    out.push(',');
                }
                push_string(out, &key.text);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

/// Whether a plain scalar is a JSON number or boolean.
fn literal(text: &str) -> bool {
    if matches!(text, "true" | "false") {
        return true;
    }
    let digits = text.strip_prefix('-').unwrap_or(text);
    let (whole, part) = digits.split_once('.').map_or((digits, None), |(w, p)| (w, Some(p)));
    let all = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    all(whole) && (whole == "0" || !whole.starts_with('0')) && part.is_none_or(all)
}
