//! The files, each whole.

use super::document::{Builder, Mode, Out};
use super::recognise::Recognised;
use super::tree::{self, Kind, Node};
use super::{catalogue, leaf, meta, names, ui};
use crate::emit::json::{Json, json};
use crate::emit::{Artifact, Status, text};
use crate::ir::cell::Root;
use crate::ir::{Origin, Survey};
use crate::parallel::side_by_side;
use formwright_engine::finding::Answer;
use serde_json::Value;

/// Where they stand below the output folder.
const FOLDER: &str = "json-schema";

/// The dialect of every schema.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Files that are made together.
#[derive(Clone, Copy)]
enum Job {
    Schemas(Mode),
    Rules,
    Meta,
    Ui,
    Context,
}

/// The jobs, the largest first.
const JOBS: &[Job] = &[
    Job::Schemas(Mode::Final),
    Job::Schemas(Mode::Annotated),
    Job::Schemas(Mode::Draft),
    Job::Rules,
    Job::Meta,
    Job::Ui,
    Job::Context,
];

/// What several files are made of.
struct Parts<'s> {
    survey: &'s Survey,
    recognised: &'s Recognised<'s>,
    /// The return.
    returned: Node<'s>,
    about: Vec<leaf::About>,
}

/// All files, in order of path; the jobs run side by side.
pub fn all<'s>(survey: &'s Survey, recognised: &'s Recognised<'s>) -> Vec<Artifact> {
    let mut returned = tree::document(survey, Root::Return);
    returned.ask(&recognised.placed);
    let parts = Parts { survey, recognised, returned, about: leaf::about(survey) };
    let made = side_by_side(JOBS, true, |job| make(&parts, *job));
    let mut files: Vec<Artifact> = made.into_iter().flatten().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn make(parts: &Parts<'_>, job: Job) -> Vec<Artifact> {
    let (survey, recognised) = (parts.survey, parts.recognised);
    match job {
        Job::Rules => vec![file("rules.json", catalogue::document(survey, recognised))],
        Job::Schemas(mode) => schemas(parts, mode),
        Job::Meta => vec![
            file("return.meta.json", meta::document(survey, recognised)),
            file("meta.schema.json", text(&meta::schema())),
        ],
        Job::Ui => vec![file("ui.schema.json", text(&ui::document(survey)))],
        Job::Context => context(parts).map(|s| file("context.schema.json", s)).into_iter().collect(),
    }
}

/// The schema of the whole return and of each table.
fn schemas(parts: &Parts<'_>, mode: Mode) -> Vec<Artifact> {
    let mut builder = Builder::new(parts.survey, parts.recognised, &parts.about, mode);
    let mut files = vec![file(&file_name("return", mode), whole(parts, &mut builder))];
    if mode != Mode::Annotated {
        for at in 0..parts.survey.tables.len() {
            files.extend(table(parts, &mut builder, at));
        }
    }
    files
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
    out.json.key("$schema").string(DIALECT);
    out.json.key("$id").string(&format!("{}{file}", names::base_uri(survey)));
    out.json.key("title").string(title);
    out.json.key("description").string(&format!("{} {} ({})", survey.id, survey.version, survey.fingerprint));
    if let Some(comment) = comment {
        out.json.key("$comment").string(&comment);
    }
    out
}

/// What a reader must know: which rules are checked elsewhere only.
fn comment(survey: &Survey, recognised: &Recognised<'_>, table: Option<usize>) -> String {
    let rules =
        recognised.carried.iter().filter_map(|c| survey.rules.get(c.rule.ix()).map(|r| (r, c.status)));
    let here = rules.filter(|(r, _)| r.origin == Origin::Rule && (table.is_none() || r.table == table));
    let rules: Vec<_> = here.collect();
    let left: Vec<&str> =
        rules.iter().filter(|(_, s)| *s != Status::Exact).map(|(r, _)| r.id.as_str()).collect();
    if left.is_empty() {
        return format!("All {} rules are checked here.", rules.len());
    }
    format!("{} of {} rules are checked only after upload: {}.", left.len(), rules.len(), left.join(", "))
}

/// The schema of a whole return.
fn whole(parts: &Parts<'_>, builder: &mut Builder<'_>) -> String {
    let (survey, mode) = (parts.survey, builder.mode());
    let comment = Some(comment(survey, parts.recognised, None));
    let mut out = head(survey, &file_name("return", mode), &survey.title.shown(0), comment);
    if mode == Mode::Annotated {
        out.json.key("x-fingerprint").string(&survey.fingerprint);
        out.json.key("x-languages");
        out.value(&Json::from(survey.languages.iter().collect::<Vec<_>>()));
    }
    out.json.key("type").string("object").key("properties").begin_object();
    envelope(survey, &mut out);
    let mut required = vec!["survey", "version"];
    for (key, node) in parts.returned.members() {
        if builder.is_needed(node) {
            required.push(key);
        }
        out.json.key(key);
        match node.kind {
            Kind::Object(_) if *key == "tables" => all_tables(builder, node, &mut out),
            _ => builder.part(node, 0, &mut out),
        }
    }
    out.json.key("responses");
    out.value(&responses());
    out.json.end_object().key("required");
    out.value(&Json::from(required));
    out.json.key("additionalProperties").bool(false);
    builder.definitions(&mut out);
    out.json.finish()
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

fn all_tables(builder: &mut Builder<'_>, tables: &Node<'_>, out: &mut Out) {
    out.json.begin_object().key("type");
    out.value(&if builder.is_needed(tables) { json!("object") } else { json!(["object", "null"]) });
    out.json.key("properties").begin_object();
    let mut required = Vec::new();
    for (id, node) in tables.members() {
        if builder.is_needed(node) {
            required.push(*id);
        }
        out.json.key(id);
        builder.table(id, node, out);
    }
    out.json.end_object().key("additionalProperties").bool(false);
    if !required.is_empty() {
        out.json.key("required");
        out.value(&Json::from(required));
    }
    out.json.end_object();
}

/// The schema of one table's part of a return.
fn table(parts: &Parts<'_>, builder: &mut Builder<'_>, at: usize) -> Option<Artifact> {
    let (survey, mode) = (parts.survey, builder.mode());
    let table = survey.tables.get(at)?;
    let node = parts.returned.member("tables")?.member(&table.id)?;
    let title = format!("{} {}", table.number.shown(0), table.title.shown(0));
    let comment = comment(survey, parts.recognised, Some(at));
    let name = file_name(&names::ascii(&table.id), mode);
    let mut out = head(survey, &name, title.trim(), Some(comment));
    builder.alone(&table.id, node, &mut out);
    builder.definitions(&mut out);
    Some(file(&name, out.json.finish()))
}

/// The schema of the inputs from outside, if there are any.
fn context(parts: &Parts<'_>) -> Option<String> {
    let survey = parts.survey;
    survey.context.as_ref()?;
    let nothing = Recognised::default();
    let mut builder = Builder::new(survey, &nothing, &parts.about, Mode::Draft);
    let node = tree::document(survey, Root::Context);
    let mut out = head(survey, "context.schema.json", &survey.title.shown(0), None);
    builder.alone("", &node, &mut out);
    builder.definitions(&mut out);
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
