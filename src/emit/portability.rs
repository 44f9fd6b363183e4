//! What each artefact checks and what it leaves to validation: the table people read, and `portability.json`.

use super::{Artifact, Carried, Emitter, Reason, Status};
use crate::ir::{Origin, Rule, Survey};
use serde_json::{Value as Json, json};
use unicode_width::UnicodeWidthStr;

/// How every artefact carries every rule.
#[derive(Debug, Clone)]
pub struct Portability {
    /// The artefacts, in order.
    pub targets: Vec<Target>,
}

/// How one artefact carries the rules.
#[derive(Debug, Clone)]
pub struct Target {
    /// The emitter's name.
    pub name: &'static str,
    /// The emitter's title.
    pub title: &'static str,
    /// A row for each rule, in order of rule.
    pub rules: Vec<Carried>,
}

/// How many rules or facts are carried in each way.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Counts {
    /// Exactly.
    pub exact: usize,
    /// In part.
    pub weaker: usize,
    /// Not.
    pub absent: usize,
}

/// A row that `--deny` refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Denied {
    /// The emitter's name.
    pub target: &'static str,
    /// The rule's id.
    pub rule: String,
    /// How it is carried.
    pub status: Status,
    /// Why.
    pub reasons: Vec<Reason>,
}

/// Asks the emitters.
pub fn portability(survey: &Survey, emitters: &[&'static dyn Emitter]) -> Portability {
    let target =
        |e: &&'static dyn Emitter| Target { name: e.name(), title: e.title(), rules: e.carries(survey) };
    Portability { targets: emitters.iter().map(target).collect() }
}

fn is_fact(rule: &Rule) -> bool {
    matches!(rule.origin, Origin::Fact(_))
}

impl Target {
    /// The counts of the rules (`facts` false) or the facts of places (`facts` true).
    pub fn counts(&self, survey: &Survey, facts: bool) -> Counts {
        let mut counts = Counts::default();
        for carried in &self.rules {
            let Some(rule) = survey.rules.get(carried.rule.ix()) else { continue };
            if is_fact(rule) != facts {
                continue;
            }
            match carried.status {
                Status::Exact => counts.exact += 1,
                Status::Weaker => counts.weaker += 1,
                Status::Absent => counts.absent += 1,
            }
        }
        counts
    }
}

/// The rows refused by `weaker:json-schema` (anything not exact) or `absent:json-schema`; without a target, of all.
/// An unknown status or target is the error, with the valid ones.
pub fn denied(survey: &Survey, portability: &Portability, deny: &str) -> Result<Vec<Denied>, String> {
    let (status, name) = deny.split_once(':').map_or((deny, None), |(s, t)| (s, Some(t)));
    let worst = match status {
        "weaker" => Status::Weaker,
        "absent" => Status::Absent,
        _ => return Err(format!("`{status}` is not one of: weaker, absent")),
    };
    let known: Vec<&str> = portability.targets.iter().map(|t| t.name).collect();
    if let Some(name) = name.filter(|n| !known.contains(n)) {
        return Err(format!("`{name}` is not one of: {}", known.join(", ")));
    }
    let wanted = portability.targets.iter().filter(|t| name.is_none_or(|n| n == t.name));
    Ok(wanted.flat_map(|t| denied_of(survey, t, worst)).collect())
}

fn denied_of(survey: &Survey, target: &Target, worst: Status) -> Vec<Denied> {
    let refused = target.rules.iter().filter(|c| c.status >= worst);
    let row = |c: &Carried| {
        let rule = survey.rules.get(c.rule.ix())?.id.clone();
        Some(Denied { target: target.name, rule, status: c.status, reasons: c.reasons.clone() })
    };
    refused.filter_map(row).collect()
}

/// The table for people: the counts of each artefact, then every rule that one of them does not carry exactly.
pub fn table(survey: &Survey, portability: &Portability) -> String {
    let mut out = counts_table(survey, portability);
    let rows = rule_rows(survey, portability);
    if rows.len() > 1 {
        out.push('\n');
        out.push_str(&aligned(&rows));
    }
    out
}

fn counts_table(survey: &Survey, portability: &Portability) -> String {
    let mut rows = vec![["artefact", "", "exact", "weaker", "absent"].map(str::to_owned).to_vec()];
    for target in &portability.targets {
        for (what, facts) in [("rules", false), ("facts", true)] {
            let c = target.counts(survey, facts);
            let numbers = [c.exact, c.weaker, c.absent].map(|n| n.to_string());
            rows.push([vec![target.name.to_owned(), what.to_owned()], numbers.to_vec()].concat());
        }
    }
    aligned(&rows)
}

fn rule_rows(survey: &Survey, portability: &Portability) -> Vec<Vec<String>> {
    let mut head = vec!["rule".to_owned()];
    head.extend(portability.targets.iter().map(|t| t.name.to_owned()));
    let mut rows = vec![head];
    for (at, rule) in survey.rules.iter().enumerate() {
        let ways: Vec<Option<&Carried>> = portability.targets.iter().map(|t| t.rules.get(at)).collect();
        if ways.iter().flatten().any(|c| c.status != Status::Exact) {
            let mut row = vec![rule.id.clone()];
            row.extend(ways.into_iter().map(|c| c.map_or(String::new(), words)));
            rows.push(row);
        }
    }
    rows
}

fn words(carried: &Carried) -> String {
    let reasons: Vec<&str> = carried.reasons.iter().map(|r| r.code()).collect();
    if reasons.is_empty() {
        carried.status.name().to_owned()
    } else {
        format!("{} ({})", carried.status.name(), reasons.join(", "))
    }
}

/// Rows of cells as lines of text, columns aligned by printed width.
fn aligned(rows: &[Vec<String>]) -> String {
    let columns = rows.iter().map(Vec::len).max().unwrap_or(0);
    let width = |c: usize| rows.iter().filter_map(|r| r.get(c)).map(|t| t.width()).max().unwrap_or(0);
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let mut out = String::new();
    for row in rows {
        let mut line = String::new();
        for (text, width) in row.iter().zip(&widths) {
            line.push_str(text);
            line.push_str(&" ".repeat(width - text.width() + 2));
        }
        out.push_str(line.trim_end());
        out.push('\n');
    }
    out
}

/// `portability.json` and its schema.
pub fn artifacts(survey: &Survey, portability: &Portability) -> Vec<Artifact> {
    vec![
        Artifact::text("portability.json", pretty(&document(survey, portability))),
        Artifact::text("portability.schema.json", pretty(&schema())),
    ]
}

/// A JSON document as text: two spaces, a line end at the end.
pub fn pretty(json: &Json) -> String {
    let mut text = serde_json::to_string_pretty(json).unwrap_or_default();
    text.push('\n');
    text
}

fn document(survey: &Survey, portability: &Portability) -> Json {
    let targets: Vec<Json> = portability.targets.iter().map(|t| target_json(survey, t)).collect();
    json!({"survey": survey.id, "version": survey.version, "fingerprint": survey.fingerprint, "targets": targets})
}

fn target_json(survey: &Survey, target: &Target) -> Json {
    let rules: Vec<Json> = target.rules.iter().filter_map(|c| carried_json(survey, c)).collect();
    json!({
        "name": target.name,
        "title": target.title,
        "counts": {"rules": counts_json(target.counts(survey, false)), "facts": counts_json(target.counts(survey, true))},
        "rules": rules,
    })
}

fn counts_json(counts: Counts) -> Json {
    json!({"exact": counts.exact, "weaker": counts.weaker, "absent": counts.absent})
}

fn carried_json(survey: &Survey, carried: &Carried) -> Option<Json> {
    let rule = survey.rules.get(carried.rule.ix())?;
    let reasons: Vec<&str> = carried.reasons.iter().map(|r| r.code()).collect();
    Some(json!({"rule": rule.id, "fact": is_fact(rule), "status": carried.status.name(), "reasons": reasons}))
}

/// The JSON Schema of `portability.json`.
pub fn schema() -> Json {
    let count = json!({"type": "integer", "minimum": 0});
    let counts = json!({
        "type": "object",
        "properties": {"exact": count, "weaker": count, "absent": count},
        "required": ["exact", "weaker", "absent"],
        "additionalProperties": false,
    });
    let text = json!({"type": "string"});
    let statuses: Vec<&str> =
        [Status::Exact, Status::Weaker, Status::Absent].iter().map(|s| s.name()).collect();
    let rule = json!({
        "type": "object",
        "properties": {
            "rule": text, "fact": {"type": "boolean"}, "status": {"type": "string", "enum": statuses},
            "reasons": {"type": "array", "items": {"type": "string", "enum": reason_codes()}},
        },
        "required": ["rule", "fact", "status", "reasons"],
        "additionalProperties": false,
    });
    let target = json!({
        "type": "object",
        "properties": {
            "name": text, "title": text,
            "counts": {
                "type": "object", "properties": {"rules": counts, "facts": counts},
                "required": ["rules", "facts"], "additionalProperties": false,
            },
            "rules": {"type": "array", "items": rule},
        },
        "required": ["name", "title", "counts", "rules"],
        "additionalProperties": false,
    });
    json!({
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "$id": "https://formwright.dev/portability.schema.json",
        "title": "How each artefact of a survey carries its rules",
        "type": "object",
        "properties": {"survey": text, "version": text, "fingerprint": text, "targets": {"type": "array", "items": target}},
        "required": ["survey", "version", "fingerprint", "targets"],
        "additionalProperties": false,
    })
}

fn reason_codes() -> Vec<&'static str> {
    use Reason::*;
    let all = [
        NoArithmetic,
        NoCrossRow,
        NoCrossTable,
        NoRegex,
        LengthLimit,
        CaseInsensitive,
        BeyondBmp,
        OtherPeriod,
        NotBlocking,
        Digits,
        Notation,
        Scale,
    ];
    all.map(Reason::code).to_vec()
}
