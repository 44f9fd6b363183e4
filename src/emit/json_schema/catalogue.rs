//! `rules.json`: every rule and every fact that can fail.

use super::meta::texts;
use super::recognise::Recognised;
use super::tree;
use crate::emit::Status;
use crate::ir::rule::Explain;
use crate::ir::{Instance, Origin, Piece, Place, Rule, Survey, Template};
use serde_json::{Map, Value as Json, json};

/// The catalogue.
pub fn document(survey: &Survey, recognised: &Recognised) -> Json {
    let rules = survey.rules.iter().enumerate().map(|(at, rule)| {
        let carried = recognised.carried.get(at);
        let status = carried.map_or(Status::Absent, |c| c.status);
        let reasons: Vec<&str> =
            carried.map(|c| c.reasons.iter().map(|r| r.code()).collect()).unwrap_or_default();
        entry(survey, rule, &json!({"json-schema": {"status": status.name(), "reasons": reasons}}))
    });
    let rules: Vec<Json> = rules.collect();
    json!({"survey": survey.id, "version": survey.version, "fingerprint": survey.fingerprint, "rules": rules})
}

fn entry(survey: &Survey, rule: &Rule, portability: &Json) -> Json {
    let origin = match rule.origin {
        Origin::Rule => Json::Null,
        Origin::Fact(fact) => json!(fact.name()),
    };
    let explain = match rule.explain {
        Explain::No => "no",
        Explain::Field => "field",
        Explain::Beside => "beside",
    };
    let places: Vec<Json> = rule.instances.iter().map(|i| place(survey, i)).collect();
    json!({
        "id": rule.id, "table": rule.table.and_then(|t| survey.tables.get(t)).map(|t| t.id.as_str()), "fact": origin,
        "kind": rule.kind, "class": rule.class.as_str(), "scope": rule.scope.as_str(),
        "severity": rule.severity.as_str(), "by_office": rule.office, "explain": explain, "final_only": rule.final_only,
        "withdrawn": rule.withdrawn, "expression": rule.source, "from": rule.from,
        "since": rule.since.map(|d| d.to_string()), "until": rule.until.map(|d| d.to_string()),
        "message": rule.message.as_ref().map(|m| message(survey, m)), "places": places, "portability": portability,
    })
}

fn place(survey: &Survey, instance: &Instance) -> Json {
    let Place { table, section, block, row, group, column, over, label } = &instance.place;
    let over: Map<String, Json> = over.iter().map(|(axis, value)| (axis.clone(), json!(value))).collect();
    let pointer = |id: &crate::ir::CellId| survey.cell(*id).map(|c| tree::pointer(&c.path));
    json!({
        "table": table.and_then(|t| survey.tables.get(t)).map(|t| t.id.as_str()), "section": section, "block": block,
        "row": row, "group": group, "column": column, "over": over, "label": texts(survey, label),
        "target": instance.target.as_ref().and_then(pointer),
        "reads": instance.reads.iter().filter_map(pointer).collect::<Vec<_>>(),
    })
}

/// The sentence by language, its references in braces.
fn message(survey: &Survey, template: &Template) -> Json {
    let sentence = |pieces: &Vec<Piece>| json!(pieces.iter().map(|p| piece(survey, p)).collect::<String>());
    let named =
        survey.languages.iter().zip(&template.0).map(|(lang, pieces)| (lang.clone(), sentence(pieces)));
    Json::Object(named.collect())
}

fn piece(_: &Survey, piece: &Piece) -> String {
    match piece {
        Piece::Text(text) => text.clone(),
        Piece::Left => "{left}".to_owned(),
        Piece::Right => "{right}".to_owned(),
        Piece::Diff => "{diff}".to_owned(),
        Piece::RowLabel => "{row.label}".to_owned(),
        Piece::RowNumber => "{n}".to_owned(),
        Piece::EachLabel(name) => format!("{{{name}.label}}"),
        Piece::EachValue(name) => format!("{{{name}}}"),
    }
}
