//! `rules.json`: every rule and every fact that can fail. What would be null, false or empty is left out.

use super::recognise::Recognised;
use super::tree;
use crate::emit::closed::{closed, file, flag, list_of, one_of, reference, said, some, text, texts};
use crate::emit::json::{Json, json};
use crate::emit::{Carried, Reason, Status};
use crate::ir::rule::Explain;
use crate::ir::{Fact, Instance, Origin, Piece, Place, Rule, Survey, Template};
use formwright_engine::write::{JsonWriter, Style, string};
use formwright_engine::{Class, Scope, Severity};

/// The catalogue as text.
pub fn document(survey: &Survey, recognised: &Recognised<'_>) -> String {
    let pointers = survey.cells.iter().map(|c| string(&tree::pointer(&c.path))).collect();
    let out = JsonWriter::new(Style::Fit).with_capacity(512 * survey.rules.len());
    let mut catalogue = Catalogue { survey, pointers, out };
    catalogue.out.begin_object();
    catalogue.out.name("survey").string(&survey.id);
    catalogue.out.name("version").string(&survey.version);
    catalogue.out.name("fingerprint").string(&survey.fingerprint);
    catalogue.out.name("rules").begin_array();
    for (at, rule) in survey.rules.iter().enumerate() {
        catalogue.entry(rule, recognised.carried.get(at));
    }
    catalogue.out.finish()
}

struct Catalogue<'a> {
    survey: &'a Survey,
    /// The pointer of each cell, as JSON.
    pointers: Vec<String>,
    out: JsonWriter,
}

impl Catalogue<'_> {
    fn entry(&mut self, rule: &Rule, carried: Option<&Carried>) {
        self.out.begin_object().name("id").string(&rule.id);
        self.text("table", table_id(self.survey, rule.table));
        match rule.origin {
            Origin::Rule => {}
            Origin::Fact(fact) => self.text("fact", Some(fact.name())),
        }
        self.text("kind", rule.kind.as_deref());
        self.out.name("class").string(rule.class.as_str());
        self.out.name("scope").string(rule.scope.as_str());
        self.out.name("severity").string(rule.severity.as_str());
        self.flag("by_office", rule.office);
        match rule.explain {
            Explain::No => {}
            Explain::Field => self.text("explain", Some("field")),
            Explain::Beside => self.text("explain", Some("beside")),
        }
        self.flag("final_only", rule.final_only);
        self.flag("withdrawn", rule.withdrawn);
        self.out.name("expression").string(&rule.source);
        self.text("from", rule.from.as_deref());
        self.text("since", rule.since.map(|d| d.to_string()).as_deref());
        self.text("until", rule.until.map(|d| d.to_string()).as_deref());
        self.message(rule.message.as_ref());
        self.out.name("places").begin_array();
        for instance in &rule.instances {
            self.place(rule, instance);
        }
        self.out.end_array();
        self.portability(carried);
        self.out.end_object();
    }

    fn text(&mut self, key: &'static str, text: Option<&str>) {
        if let Some(text) = text {
            self.out.name(key).string(text);
        }
    }

    fn flag(&mut self, key: &'static str, flag: bool) {
        if flag {
            self.out.name(key).bool(true);
        }
    }

    /// A place; one in the rule's own table does not name it again, and its label stands in `return.meta.json`. That of a
    /// fact of a cell is the cell.
    fn place(&mut self, rule: &Rule, instance: &Instance) {
        let Place { table, section, block, row, group, column, over, .. } = &instance.place;
        self.out.begin_object();
        if *table != rule.table {
            self.text("table", table_id(self.survey, *table));
        }
        let of_cell = rule.origin != Origin::Rule && instance.target.is_some();
        let ids =
            [("section", section), ("block", block), ("row", row), ("group", group), ("column", column)];
        for (key, id) in ids.iter().filter(|_| !of_cell) {
            self.text(key, id.as_deref());
        }
        if !over.is_empty() && !of_cell {
            self.out.name("over").begin_object();
            over.iter().for_each(|(axis, value)| {
                self.out.key(axis).string(value);
            });
            self.out.end_object();
        }
        if let Some(target) = instance.target.and_then(|id| self.pointers.get(id.ix())) {
            self.out.name("target").raw(target);
        }
        if !instance.reads.is_empty() {
            self.out.name("reads").begin_array();
            for pointer in instance.reads.iter().filter_map(|id| self.pointers.get(id.ix())) {
                self.out.raw(pointer);
            }
            self.out.end_array();
        }
        if !instance.lost.is_empty() {
            self.out.key("without").begin_array();
            for term in &instance.lost {
                self.out.string(term);
            }
            self.out.end_array();
        }
        self.out.end_object();
    }

    /// The sentence by language, its references in braces.
    fn message(&mut self, template: Option<&Template>) {
        let Some(template) = template else { return };
        self.out.name("message").begin_object();
        for (code, pieces) in self.survey.languages.iter().zip(&template.0) {
            self.out.key(code).string(&pieces.iter().map(piece).collect::<String>());
        }
        self.out.end_object();
    }

    fn portability(&mut self, carried: Option<&Carried>) {
        let status = carried.map_or(Status::Absent, |c| c.status);
        self.out.name("portability").begin_object().name("json-schema").begin_object();
        self.out.name("status").string(status.name());
        let reasons = carried.map(|c| c.reasons.as_slice()).unwrap_or_default();
        if !reasons.is_empty() {
            self.out.name("reasons").begin_array();
            reasons.iter().for_each(|reason| {
                self.out.string(reason.code());
            });
            self.out.end_array();
        }
        self.out.end_object().end_object();
    }
}

fn table_id(survey: &Survey, table: Option<usize>) -> Option<&str> {
    table.and_then(|t| survey.tables.get(t)).map(|t| t.id.as_str())
}

fn piece(piece: &Piece) -> String {
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

/// The schema of `rules.json`.
pub fn schema() -> Json<'static> {
    let root = closed(
        json!({
            "survey": (text()), "version": (text()), "fingerprint": (text()),
            "rules": (said(list_of("rule"), "Every rule and every fact that can fail.")),
        }),
        &[],
    );
    let defs = json!({"texts": (texts()), "rule": (rule_schema()), "place": (place_schema()), "carried": (carried_schema())});
    let title = "The rules of a survey; what would be null, false or empty is left out";
    file(root, "rules.schema.json", title, defs)
}

fn rule_schema() -> Json<'static> {
    let day = || json!({"type": "string", "pattern": "^[0-9]{4}-[0-9]{2}-[0-9]{2}$"});
    let facts = one_of(Fact::ALL.iter().map(|f| f.name()));
    let rule = json!({
        "id": (text()), "table": (said(text(), "Left out of what belongs to no table.")),
        "fact": (said(facts, "The fact of a place that it checks; left out of what is written under rules.")),
        "kind": (said(text(), "The kind whose presets the rule takes.")),
        "class": (said(one_of(Class::ALL.iter().map(|c| c.as_str())), "What kind of property it checks.")),
        "scope": (said(one_of(Scope::ALL.iter().map(|s| s.as_str())), "How much of the data it reads.")),
        "severity": (one_of(Severity::ALL.iter().map(|s| s.as_str()))),
        "by_office": (said(flag(), "It is left to the office and does not keep a return back.")),
        "explain": (said(
            one_of(["field", "beside"]),
            "A breach may be explained: in a field of the return, or in an answer beside it.",
        )),
        "final_only": (said(flag(), "A draft need not fulfil it.")),
        "withdrawn": (said(flag(), "It is kept and never checked.")),
        "expression": (said(text(), "The condition as written; of a fact, the fact and its value.")),
        "from": (said(text(), "The clause of the form that it implements.")),
        "since": (said(day(), "The first day on which it holds.")),
        "until": (said(day(), "The last day on which it holds.")),
        "message": (said(
            reference("texts"),
            "The sentence as written, references in braces; left out where class and labels make it.",
        )),
        "places": (said(list_of("place"), "Where it is checked; of a fact of a cell, the target alone.")),
        "portability": (said(
            closed(json!({"json-schema": (reference("carried"))}), &[]),
            "How exactly each artefact checks it.",
        )),
    });
    let optional = [
        "table",
        "fact",
        "kind",
        "by_office",
        "explain",
        "final_only",
        "withdrawn",
        "from",
        "since",
        "until",
        "message",
    ];
    closed(rule, &optional)
}

fn place_schema() -> Json<'static> {
    let pointer = || {
        said(
            json!({"type": "string", "pattern": "^(/[^/]*)+$"}),
            "A pointer into a return; * stands for each row.",
        )
    };
    let place = json!({
        "table": (said(text(), "Left out where it is the table of the rule.")), "section": (text()),
        "block": (said(text(), "The block of repeated rows.")), "row": (text()), "group": (text()), "column": (text()),
        "over": {
            "type": "object", "additionalProperties": (text()), "minProperties": 1_i64,
            "description": "The period or code of each axis that the field is repeated over.",
        },
        "target": (said(pointer(), "The cell that a finding is shown at; its label stands in return.meta.json.")),
        "reads": (said(some(pointer()), "The other cells that are read.")),
        "without": (said(some(text()), "Terms that have no cell there (——) and drop out.")),
    });
    closed(
        place,
        &["table", "section", "block", "row", "group", "column", "over", "target", "reads", "without"],
    )
}

fn carried_schema() -> Json<'static> {
    let reasons = some(one_of(Reason::ALL.iter().map(|r| r.code())));
    let carried = json!({
        "status": (one_of(Status::ALL.iter().map(|s| s.name()))),
        "reasons": (said(reasons, "Why not exactly.")),
    });
    closed(carried, &["reasons"])
}
