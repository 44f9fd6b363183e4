//! `rules.json`: every rule and every fact that can fail. It is the largest file by far, so it is written straight.

use super::recognise::Recognised;
use super::tree;
use crate::emit::{Carried, Status};
use crate::ir::rule::Explain;
use crate::ir::{Instance, Origin, Piece, Place, Rule, Survey, Template, Text};
use formwright_engine::write::{JsonWriter, Style, string};

/// The catalogue as text.
pub fn document(survey: &Survey, recognised: &Recognised) -> String {
    let pointers = survey.cells.iter().map(|c| string(&tree::pointer(&c.path))).collect();
    let mut catalogue = Catalogue { survey, pointers, out: JsonWriter::new(Style::Pretty) };
    catalogue.out.begin_object();
    catalogue.out.key("survey").string(&survey.id);
    catalogue.out.key("version").string(&survey.version);
    catalogue.out.key("fingerprint").string(&survey.fingerprint);
    catalogue.out.key("rules").begin_array();
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
        let fact = match rule.origin {
            Origin::Rule => None,
            Origin::Fact(fact) => Some(fact.name()),
        };
        let explain = match rule.explain {
            Explain::No => "no",
            Explain::Field => "field",
            Explain::Beside => "beside",
        };
        self.out.begin_object().key("id").string(&rule.id);
        self.table(rule.table);
        self.out.key("fact").string_or_null(fact);
        self.out.key("kind").string_or_null(rule.kind.as_deref());
        self.out.key("class").string(rule.class.as_str());
        self.out.key("scope").string(rule.scope.as_str());
        self.out.key("severity").string(rule.severity.as_str());
        self.out.key("by_office").bool(rule.office);
        self.out.key("explain").string(explain);
        self.out.key("final_only").bool(rule.final_only);
        self.out.key("withdrawn").bool(rule.withdrawn);
        self.out.key("expression").string(&rule.source);
        self.out.key("from").string_or_null(rule.from.as_deref());
        self.out.key("since").string_or_null(rule.since.map(|d| d.to_string()).as_deref());
        self.out.key("until").string_or_null(rule.until.map(|d| d.to_string()).as_deref());
        self.message(rule.message.as_ref());
        self.out.key("places").begin_array();
        for instance in &rule.instances {
            self.place(instance);
        }
        self.out.end_array();
        self.portability(carried);
        self.out.end_object();
    }

    fn table(&mut self, table: Option<usize>) {
        let table = table.and_then(|t| self.survey.tables.get(t));
        self.out.key("table").string_or_null(table.map(|t| t.id.as_str()));
    }

    fn place(&mut self, instance: &Instance) {
        let Place { table, section, block, row, group, column, over, label } = &instance.place;
        self.out.begin_object();
        self.table(*table);
        let ids =
            [("section", section), ("block", block), ("row", row), ("group", group), ("column", column)];
        for (key, id) in ids {
            self.out.key(key).string_or_null(id.as_deref());
        }
        self.out.key("over").begin_object();
        for (axis, value) in over {
            self.out.key(axis).string(value);
        }
        self.out.end_object();
        self.texts("label", label);
        let target = instance.target.and_then(|id| self.pointers.get(id.ix()));
        self.out.key("target").raw(target.map_or("null", String::as_str));
        self.out.key("reads").begin_array();
        for pointer in instance.reads.iter().filter_map(|id| self.pointers.get(id.ix())) {
            self.out.raw(pointer);
        }
        self.out.end_array().end_object();
    }

    fn texts(&mut self, key: &str, text: &Text) {
        self.out.key(key).begin_object();
        for (lang, code) in self.survey.languages.iter().enumerate() {
            self.out.key(code).string(&text.plain(lang));
        }
        self.out.end_object();
    }

    /// The sentence by language, its references in braces.
    fn message(&mut self, template: Option<&Template>) {
        self.out.key("message");
        let Some(template) = template else {
            self.out.null();
            return;
        };
        self.out.begin_object();
        for (code, pieces) in self.survey.languages.iter().zip(&template.0) {
            self.out.key(code).string(&pieces.iter().map(piece).collect::<String>());
        }
        self.out.end_object();
    }

    fn portability(&mut self, carried: Option<&Carried>) {
        let status = carried.map_or(Status::Absent, |c| c.status);
        self.out.key("portability").begin_object().key("json-schema").begin_object();
        self.out.key("status").string(status.name()).key("reasons").begin_array();
        for reason in carried.iter().flat_map(|c| &c.reasons) {
            self.out.string(reason.code());
        }
        self.out.end_array().end_object().end_object();
    }
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
