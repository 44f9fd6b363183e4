//! Reports as SARIF 2.1.0, for tools that show findings in files.

use super::feed::{Fault, positions};
use super::format::{Checked, Format, Totals, no_header};
use crate::diag::Lang;
use crate::diag::render::uri;
use formwright_engine::{Finding, Severity, State};
use serde_json::{Value, json};

/// One log with one run.
pub const FORMAT: Format = Format {
    name: "sarif",
    streams: false,
    between: ",\n",
    report: |one| {
        let findings = &one.report.findings;
        let offsets: Vec<usize> = findings.iter().map(|f| one.parsed.offset(pointer(f))).collect();
        let places = positions(one.item.bytes().unwrap_or_default(), &offsets);
        let results = findings.iter().zip(places).map(|(f, at)| result(one, f, at).to_string());
        results.collect::<Vec<_>>().join(",\n")
    },
    fault: |f, lang| unreadable(f, lang).to_string(),
    header: no_header,
    open,
    close: |_, _| "\n]}]}\n".to_owned(),
};

fn open(totals: &Totals, _: Lang) -> String {
    let rule = |r: &crate::ir::Rule| json!({"id": r.id, "shortDescription": {"text": r.source}, "properties": {"class": r.class.as_str(), "scope": r.scope.as_str()}});
    let rules: Vec<Value> = totals.surveys.iter().flat_map(|l| &l.survey.rules).map(rule).collect();
    let driver = json!({"name": "formwright", "version": env!("CARGO_PKG_VERSION"), "rules": rules});
    let sources: Vec<Value> = totals
        .surveys
        .iter()
        .map(|l| json!({"survey": l.survey.id, "version": l.survey.version, "fingerprint": l.survey.fingerprint}))
        .collect();
    format!(
        "{{\"$schema\": \"https://json.schemastore.org/sarif-2.1.0.json\", \"version\": \"2.1.0\", \"runs\": [{{\"tool\": {}, \"columnKind\": \"unicodeCodePoints\", \"properties\": {}, \"results\": [\n",
        json!({ "driver": driver }),
        json!({"surveys": sources, "returns": totals.returns(), "accepted": totals.accepted, "refused": totals.refused, "unreadable": totals.unreadable, "findings_not_listed": totals.unlisted}),
    )
}

fn level(f: &Finding) -> &'static str {
    match (f.state, f.severity) {
        (State::Fail, Severity::Error) => "error",
        (State::Fail, Severity::Warning) => "warning",
        _ => "note",
    }
}

/// Where a finding is shown: its first cell.
fn pointer(f: &Finding) -> &str {
    f.cells.target.first().map_or("", String::as_str)
}

fn result(one: &Checked<'_>, f: &Finding, (line, column): (u64, u64)) -> Value {
    let code = if one.lang == Lang::Zh { "zh" } else { "en" };
    let message = f.message.iter().find(|m| m.0 == code).or(f.message.first());
    let pointer = pointer(f);
    let line = one.item.line.unwrap_or(line);
    json!({
        "ruleId": f.rule, "level": level(f), "kind": if f.state == State::Fail { "fail" } else { "review" },
        "message": {"text": message.map_or("", |m| m.1.as_str())},
        "locations": [{
            "physicalLocation": {"artifactLocation": {"uri": uri(&one.item.file)}, "region": {"startLine": line, "startColumn": column}},
            "logicalLocations": [{"fullyQualifiedName": pointer}],
        }],
        "properties": {"state": f.state.as_str(), "blocks": f.blocks, "respondent": one.report.respondent},
    })
}

fn unreadable(f: &Fault, lang: Lang) -> Value {
    let region = json!({"startLine": f.line.unwrap_or(1), "startColumn": f.column.unwrap_or(1)});
    json!({
        "ruleId": "unreadable", "level": "error", "message": {"text": f.words.text(lang)},
        "locations": [{"physicalLocation": {"artifactLocation": {"uri": uri(&f.file)}, "region": region}}],
    })
}
