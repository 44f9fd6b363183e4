//! The files, each whole.

use super::document::{self, Builder, Common, Definitions, Mode, Out, Part};
use super::recognise::Recognised;
use super::tree::{self, Kind, Node};
use super::{catalogue, meta, names, ui};
use crate::diag::fill::counted;
use crate::emit::closed::DIALECT;
use crate::emit::json::{Json, json};
use crate::emit::{Artifact, Status, text};
use crate::ir::cell::Root;
use crate::ir::{Origin, Rule, Survey};
use crate::parallel::side_by_side;
use formwright_engine::finding::Answer;
use serde_json::Value;
use std::collections::HashMap;

/// Where they stand below the output folder.
const FOLDER: &str = "json-schema";

/// What is made side by side.
#[derive(Clone, Copy)]
enum Job {
    Rules,
    Meta,
    /// The schemas of a table, in every mode.
    Table(usize),
    Ui,
    Context,
}

/// What a job makes.
#[derive(Default)]
struct Made {
    files: Vec<Artifact>,
    /// The definition of a table by mode, and those it needs.
    tables: Vec<(Mode, Definitions)>,
}

/// Every mode, those with the same conditions one after the other.
const MODES: &[Mode] = &[Mode::Final, Mode::Annotated, Mode::Draft];

/// What several files are made of.
struct Parts<'s> {
    survey: &'s Survey,
    recognised: &'s Recognised<'s>,
    common: &'s Common<'s>,
    /// The return.
    returned: Node<'s>,
    /// The tables, by position.
    tables: Vec<Share<'s>>,
}

/// What belongs to a table.
#[derive(Clone, Default)]
struct Share<'s> {
    cells: usize,
    rules: Vec<(&'s Rule, Status)>,
}

/// What belongs to each table.
fn shares<'s>(survey: &'s Survey, recognised: &Recognised<'_>) -> Vec<Share<'s>> {
    let mut shares = vec![Share::default(); survey.tables.len()];
    for table in survey.cells.iter().filter_map(|cell| cell.table) {
        shares.get_mut(table).into_iter().for_each(|share| share.cells += 1);
    }
    for one in written(survey, recognised) {
        one.0.table.and_then(|at| shares.get_mut(at)).into_iter().for_each(|share| share.rules.push(one));
    }
    shares
}

/// The rules that are no facts, and how each is carried.
fn written<'s>(survey: &'s Survey, recognised: &Recognised<'_>) -> impl Iterator<Item = (&'s Rule, Status)> {
    let rules =
        recognised.carried.iter().filter_map(|c| survey.rules.get(c.rule.ix()).map(|r| (r, c.status)));
    rules.filter(|(rule, _)| rule.origin == Origin::Rule)
}

/// All files, in order of path, from what they share and the tree of a return.
pub fn all<'s>(common: &'s Common<'s>, mut returned: Node<'s>) -> Vec<Artifact> {
    let (survey, recognised) = (common.survey, common.recognised);
    returned.ask(&recognised.placed);
    let parts = Parts { survey, recognised, common, returned, tables: shares(survey, recognised) };
    let tables = (0..survey.tables.len()).map(Job::Table);
    let jobs: Vec<Job> =
        [Job::Rules, Job::Meta].into_iter().chain(tables).chain([Job::Ui, Job::Context]).collect();
    let mut files = Vec::new();
    let mut defined: Vec<(Mode, Definitions)> = Vec::new();
    for made in side_by_side(&jobs, true, |job| weight(&parts, *job), |job| make(&parts, *job)) {
        files.extend(made.files);
        defined.extend(made.tables);
    }
    files.extend(side_by_side(
        MODES,
        true,
        |mode| usize::from(*mode == Mode::Annotated),
        |mode| {
            let tables: Vec<_> = defined.iter().filter(|(m, _)| m == mode).map(|(_, defs)| defs).collect();
            file(&file_name("return", *mode), whole(&parts, *mode, &tables))
        },
    ));
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

/// About how much there is to do, in cells of a table.
fn weight(parts: &Parts<'_>, job: Job) -> usize {
    let survey = parts.survey;
    match job {
        Job::Rules => survey.rules.len(),
        Job::Meta => survey.cells.len() / 2,
        Job::Table(at) => parts.tables.get(at).map_or(0, |share| share.cells),
        Job::Ui => survey.cells.len() / 8,
        Job::Context => 1,
    }
}

fn make(parts: &Parts<'_>, job: Job) -> Made {
    let (survey, recognised) = (parts.survey, parts.recognised);
    let files = match job {
        Job::Table(at) => return table(parts, at),
        Job::Rules => vec![
            file("rules.json", catalogue::document(survey, recognised)),
            file("rules.schema.json", text(&catalogue::schema())),
        ],
        Job::Meta => vec![
            file("return.meta.json", meta::document(survey, recognised)),
            file("meta.schema.json", text(&meta::schema())),
        ],
        Job::Ui => vec![
            file("ui.schema.json", text(&ui::document(survey))),
            file("layout.schema.json", text(&ui::schema())),
        ],
        Job::Context => context(parts).map(|s| file("context.schema.json", s)).into_iter().collect(),
    };
    Made { files, tables: Vec::new() }
}

fn file(name: &str, text: String) -> Artifact {
    Artifact::text(format!("{FOLDER}/{name}"), text)
}

/// `t09.schema.json`, `t09.draft.schema.json`.
pub fn file_name(of: &str, mode: Mode) -> String {
    match mode {
        Mode::Final => format!("{of}.schema.json"),
        Mode::Draft => format!("{of}.draft.schema.json"),
        Mode::Annotated => format!("{of}.annotated.schema.json"),
    }
}

/// A schema file with its head.
fn head(survey: &Survey, file: &str, title: &str, comment: Option<String>) -> Out {
    let mut out = Out::at(0);
    out.json.begin_object();
    out.json.name("$schema").string(DIALECT);
    out.json.name("$id").string(&format!("{}{file}", names::base_uri(survey)));
    out.json.name("title").string(title);
    out.json
        .name("description")
        .string(&format!("{} {} ({})", survey.id, survey.version, survey.fingerprint));
    if let Some(comment) = comment {
        out.json.name("$comment").string(&comment);
    }
    out
}

/// What a reader must know: which of some rules are checked elsewhere only.
fn comment(rules: &[(&Rule, Status)]) -> String {
    let left: Vec<&str> =
        rules.iter().filter(|(_, s)| *s != Status::Exact).map(|(r, _)| r.id.as_str()).collect();
    match (left.len(), rules.len()) {
        (0, 1) => "The rule is checked here.".to_owned(),
        (0, all) => format!("All {all} rules are checked here."),
        (some, all) => {
            let (all, are) = (counted(all, "rule|rules"), if some == 1 { "is" } else { "are" });
            format!("{some} of {all} {are} checked only after upload: {}.", left.join(", "))
        }
    }
}

/// The schema of a whole return, from the definitions of its tables.
fn whole(parts: &Parts<'_>, mode: Mode, tables: &[&Definitions]) -> String {
    let survey = parts.survey;
    let mut builder = Builder::new(parts.common, mode);
    let comment = Some(comment(&written(survey, parts.recognised).collect::<Vec<_>>()));
    let mut out = head(survey, &file_name("return", mode), &survey.title.shown(0), comment);
    if mode == Mode::Annotated {
        out.json.name("x-fingerprint").string(&survey.fingerprint);
        out.json.name("x-languages");
        out.value(&Json::from(survey.languages.iter().collect::<Vec<_>>()));
        survey
            .filled_by
            .iter()
            .for_each(|who| super::meta::write_texts(survey, who, out.json.name("x-filled-by")));
    }
    out.json.name("type").string("object").name("properties").begin_object();
    envelope(survey, &mut out);
    let mut required = vec!["survey", "version"];
    for (key, node) in parts.returned.members() {
        if builder.is_needed(node) {
            required.push(key);
        }
        out.json.key(key);
        match node.kind {
            Kind::Object(_) if *key == "tables" => all_tables(&builder, node, &mut out),
            _ => builder.part(node, 0, &mut out),
        }
    }
    out.json.name("responses");
    out.value(&responses());
    out.json.end_object().name("required");
    out.value(&Json::from(required));
    out.json.name("additionalProperties").bool(false);
    let own = builder.switch(mode);
    let of_tables: HashMap<&str, (&String, &Part)> =
        tables.iter().rev().flat_map(|all| all.iter()).map(|one| (one.0.as_str(), one)).collect();
    let find =
        |name: &str| known(&own, parts.common.shared(mode), name).or_else(|| of_tables.get(name).copied());
    document::definitions(find, &mut out);
    out.json.finish()
}

/// A definition by its name: one of a part's own, or one that all files share.
fn known<'d>(own: &'d Definitions, shared: &'d Definitions, name: &str) -> Option<(&'d String, &'d Part)> {
    own.get_key_value(name).or_else(|| shared.get_key_value(name))
}

/// What says which return it is; the first two must stand there.
fn envelope(survey: &Survey, out: &mut Out) {
    let members = [
        ("survey", json!({"type": "string", "const": (&survey.id)})),
        ("version", json!({"type": "string", "const": (&survey.version)})),
        ("state", json!({"type": "string", "enum": ["draft", "final"]})),
    ];
    for (key, schema) in members {
        out.json.key(key);
        out.value(&schema);
    }
}

/// Answers to findings.
fn responses() -> Json<'static> {
    let text = || json!({"type": ["string", "null"]});
    let object = || json!({"type": ["object", "null"]});
    let answers: Vec<&str> = Answer::ALL.iter().map(|a| a.as_str()).collect();
    json!({
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "properties": {
                "rule": {"type": "string"}, "place": (object()), "response": {"type": "string", "enum": answers},
                "text": (text()), "values": (object()),
            },
            "required": ["rule", "response"],
        },
    })
}

fn all_tables(builder: &Builder<'_>, tables: &Node<'_>, out: &mut Out) {
    out.json.begin_object().name("type");
    out.value(&if builder.is_needed(tables) { json!("object") } else { json!(["object", "null"]) });
    out.json.name("properties").begin_object();
    let mut required = Vec::new();
    for (id, node) in tables.members() {
        if builder.is_needed(node) {
            required.push(*id);
        }
        out.json.key(id);
        out.reference(&names::table_name(id));
    }
    out.json.end_object().name("additionalProperties").bool(false);
    if !required.is_empty() {
        out.json.name("required");
        out.value(&Json::from(required));
    }
    out.json.end_object();
}

/// The schemas of one table's part of a return, and its definition for the schemas of whole returns.
fn table(parts: &Parts<'_>, at: usize) -> Made {
    let mut made = Made::default();
    let found = parts.survey.tables.get(at);
    let Some((table, node)) = found.and_then(|t| Some((t, parts.returned.member("tables")?.member(&t.id)?)))
    else {
        return made;
    };
    let title = format!("{} {}", table.number.shown(0), table.title.shown(0));
    let comment = comment(parts.tables.get(at).map_or(&[], |share| share.rules.as_slice()));
    let mut builder = Builder::new(parts.common, Mode::Final);
    for mode in MODES {
        builder.switch(*mode);
        let body = builder.body(node);
        let object = builder.object(node, &body);
        let mut own = builder.switch(*mode);
        if *mode != Mode::Annotated {
            let name = file_name(&names::file(&table.id), *mode);
            let mut out = head(parts.survey, &name, title.trim(), Some(comment.clone()));
            document::object_type(false, &mut out);
            out.keywords(&body);
            document::definitions(|name| known(&own, parts.common.shared(*mode), name), &mut out);
            made.files.push(file(&name, out.json.finish()));
        }
        own.insert(names::table_name(&table.id), object);
        made.tables.push((*mode, own));
    }
    made
}

/// The schema of the inputs from outside, if there are any.
fn context(parts: &Parts<'_>) -> Option<String> {
    let survey = parts.survey;
    survey.context.as_ref()?;
    let mut builder = Builder::new(parts.common, Mode::Draft);
    let node = tree::document(survey, Root::Context);
    let mut out = head(survey, "context.schema.json", &survey.title.shown(0), None);
    document::object_type(false, &mut out);
    let body = builder.body(&node);
    out.keywords(&body);
    let own = builder.switch(Mode::Draft);
    document::definitions(|name| known(&own, parts.common.shared(Mode::Draft), name), &mut out);
    Some(out.json.finish())
}

/// Proves the emitted schemas against the meta-schema; the problems as `path: problem`.
pub fn prove(files: &[Artifact]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in
        files.iter().filter(|f| f.path.ends_with(".schema.json") && !f.path.ends_with("/ui.schema.json"))
    {
        match serde_json::from_slice::<Value>(&file.bytes) {
            Ok(schema) => {
                if let Err(e) = jsonschema::draft202012::meta::validate(&schema) {
                    problems.push(format!("{}: {e}", file.path));
                } else if let Err(e) = jsonschema::draft202012::new(&schema) {
                    problems.push(format!("{}: {e}", file.path));
                }
            }
            Err(e) => problems.push(format!("{}: {e}", file.path)),
        }
    }
    problems
}
