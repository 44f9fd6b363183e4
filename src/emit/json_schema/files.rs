//! The files, each whole.

use super::document::{Builder, Mode};
use super::json::set;
use super::recognise::Recognised;
use super::tree::{self, Members, Node};
use super::{annotated, catalogue, meta, names, ui};
use crate::emit::portability::pretty;
use crate::emit::{Artifact, Status};
use crate::ir::cell::Root;
use crate::ir::{Origin, Path, Step, Survey};
use crate::parallel::side_by_side;
use formwright_engine::finding::Answer;
use serde_json::{Map, Value as Json, json};

/// Where they stand below the output folder.
const FOLDER: &str = "json-schema";

/// The dialect of every schema.
pub const DIALECT: &str = "https://json-schema.org/draft/2020-12/schema";

/// Files that are made together.
#[derive(Clone, Copy)]
enum Job {
    Rules,
    Schemas(Mode),
    Meta,
    Ui,
    Context,
}

/// The jobs, the largest first.
const JOBS: &[Job] =
    &[Job::Rules, Job::Schemas(Mode::Final), Job::Schemas(Mode::Draft), Job::Meta, Job::Ui, Job::Context];

/// All files, in order of path; the jobs run side by side.
pub fn all(survey: &Survey, recognised: &Recognised) -> Vec<Artifact> {
    let made = side_by_side(JOBS, true, |job| make(survey, recognised, *job));
    let mut files: Vec<Artifact> = made.into_iter().flatten().collect();
    files.sort_by(|a, b| a.path.cmp(&b.path));
    files
}

fn make(survey: &Survey, recognised: &Recognised, job: Job) -> Vec<Artifact> {
    match job {
        Job::Rules => {
            vec![Artifact::text(format!("{FOLDER}/rules.json"), catalogue::document(survey, recognised))]
        }
        Job::Schemas(mode) => schemas(survey, recognised, mode),
        Job::Meta => vec![
            file("return.meta.json", &meta::document(survey, recognised)),
            file("meta.schema.json", &meta::schema()),
        ],
        Job::Ui => vec![file("ui.schema.json", &ui::document(survey))],
        Job::Context => context(survey).map(|s| file("context.schema.json", &s)).into_iter().collect(),
    }
}

/// The schema of the whole return and of each table.
fn schemas(survey: &Survey, recognised: &Recognised, mode: Mode) -> Vec<Artifact> {
    let returned = tree::document(survey, Root::Return);
    let builder = Builder::new(survey, recognised, mode);
    let schema = whole(survey, recognised, &builder, &returned);
    let mut files = vec![file(&file_name("return", mode), &schema)];
    if mode == Mode::Final {
        files.push(file("return.annotated.schema.json", &annotated::annotated(survey, schema)));
    }
    for (at, one) in survey.tables.iter().enumerate() {
        let comment = comment(survey, recognised, Some(at));
        let schema = table(survey, &builder, &returned, one, comment);
        files.push(file(&file_name(&names::ascii(&one.id), mode), &schema));
    }
    files
}

fn file(name: &str, json: &Json) -> Artifact {
    Artifact::text(format!("{FOLDER}/{name}"), pretty(json))
}

/// `t09.schema.json`, `t09.draft.schema.json`.
pub fn file_name(of: &str, mode: Mode) -> String {
    match mode {
        Mode::Final => format!("{of}.schema.json"),
        Mode::Draft => format!("{of}.draft.schema.json"),
    }
}

fn head(survey: &Survey, file: &str, title: &str, comment: Option<String>) -> Map<String, Json> {
    let mut out = Map::new();
    out.insert("$schema".to_owned(), json!(DIALECT));
    out.insert("$id".to_owned(), json!(format!("{}{file}", names::base_uri(survey))));
    out.insert("title".to_owned(), json!(title));
    let about = format!("{} {} ({})", survey.id, survey.version, survey.fingerprint);
    out.insert("description".to_owned(), json!(about));
    if let Some(comment) = comment {
        out.insert("$comment".to_owned(), json!(comment));
    }
    out
}

/// What a reader must know: which rules are checked elsewhere only.
fn comment(survey: &Survey, recognised: &Recognised, table: Option<usize>) -> String {
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
fn whole(survey: &Survey, recognised: &Recognised, builder: &Builder<'_>, returned: &Node) -> Json {
    let Node::Object(members) = returned else { return json!({}) };
    let comment = Some(comment(survey, recognised, None));
    let mut out = head(survey, &file_name("return", builder.mode()), &survey.title.plain(0), comment);
    let mut properties = envelope(survey);
    let mut required = vec!["survey".to_owned(), "version".to_owned()];
    for (key, node) in members {
        let path = vec![Step::Key(key.clone())];
        if builder.is_needed(&path) {
            required.push(key.clone());
        }
        let schema = match node {
            Node::Object(tables) if key == "tables" => all_tables(builder, tables, &path),
            node => builder.part(node, &path),
        };
        properties.insert(key.clone(), schema);
    }
    properties.insert("responses".to_owned(), responses());
    out.insert("type".to_owned(), json!("object"));
    out.insert("properties".to_owned(), Json::Object(properties));
    out.insert("required".to_owned(), json!(required));
    out.insert("additionalProperties".to_owned(), json!(false));
    with_definitions(out, builder)
}

/// What says which return it is; the first two must stand there.
fn envelope(survey: &Survey) -> Map<String, Json> {
    let Json::Object(members) = json!({
        "survey": {"type": "string", "const": survey.id},
        "version": {"type": "string", "const": survey.version},
        "state": {"type": "string", "enum": ["draft", "final"]},
    }) else {
        return Map::new();
    };
    members
}

/// Answers to findings.
fn responses() -> Json {
    let text = json!({"type": ["string", "null"]});
    let object = json!({"type": ["object", "null"]});
    let answers: Vec<&str> = Answer::ALL.iter().map(|a| a.as_str()).collect();
    json!({
        "type": ["array", "null"],
        "items": {
            "type": "object",
            "properties": {
                "rule": {"type": "string"}, "place": object, "response": {"type": "string", "enum": answers},
                "text": text, "values": object,
            },
            "required": ["rule", "response"],
        },
    })
}

fn all_tables(builder: &Builder<'_>, tables: &Members, path: &Path) -> Json {
    let mut properties = Map::new();
    let mut required = Vec::new();
    for (id, node) in tables {
        let mut inner = path.clone();
        inner.push(Step::Key(id.clone()));
        let Node::Object(members) = node else { continue };
        let needed = builder.is_needed(&inner);
        if needed {
            required.push(id.clone());
        }
        let table = builder.object(members, &inner, !needed);
        properties.insert(id.clone(), builder.reference(&names::table_name(id), table));
    }
    let ty = if builder.is_needed(path) { json!("object") } else { json!(["object", "null"]) };
    let mut out = json!({"type": ty, "properties": properties, "additionalProperties": false});
    if !required.is_empty() {
        set(&mut out, "required", json!(required));
    }
    out
}

/// The schema of one table's part of a return.
fn table(
    survey: &Survey,
    builder: &Builder<'_>,
    returned: &Node,
    table: &crate::ir::Table,
    comment: String,
) -> Json {
    let path = vec![Step::Key("tables".to_owned()), Step::Key(table.id.clone())];
    let Some(Node::Object(members)) = tree::at(returned, &["tables", &table.id]) else { return json!({}) };
    let title = format!("{} {}", table.number.plain(0), table.title.plain(0));
    let mut out =
        head(survey, &file_name(&names::ascii(&table.id), builder.mode()), title.trim(), Some(comment));
    let Json::Object(object) = builder.object(members, &path, false) else { return json!({}) };
    out.extend(object.into_iter().filter(|(key, _)| key != "title"));
    with_definitions(out, builder)
}

/// The schema of the inputs from outside, if there are any.
fn context(survey: &Survey) -> Option<Json> {
    survey.context.as_ref()?;
    let nothing = Recognised::default();
    let builder = Builder::new(survey, &nothing, Mode::Draft);
    let Node::Object(members) = tree::document(survey, Root::Context) else { return None };
    let mut out = head(survey, "context.schema.json", &survey.title.plain(0), None);
    let Json::Object(object) = builder.object(&members, &Vec::new(), false) else { return None };
    out.extend(object.into_iter().filter(|(key, _)| key != "title"));
    Some(with_definitions(out, &builder))
}

fn with_definitions(mut schema: Map<String, Json>, builder: &Builder<'_>) -> Json {
    let definitions = builder.definitions(&schema);
    if !definitions.is_empty() {
        schema.insert("$defs".to_owned(), Json::Object(definitions));
    }
    Json::Object(schema)
}

/// Proves the emitted schemas against the meta-schema; the problems as `path: problem`.
pub fn prove(files: &[Artifact]) -> Vec<String> {
    let mut problems = Vec::new();
    for file in
        files.iter().filter(|f| f.path.ends_with(".schema.json") && !f.path.ends_with("/ui.schema.json"))
    {
        match serde_json::from_slice::<Json>(&file.bytes) {
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
