//! The emitted JSON Schemas in three validators.

use crate::engine::{Claim, Engine, Judgement, Return};
use formwright::emit::json_schema::JsonSchema;
use formwright::emit::{Artifact, Emitter};
use formwright::ir::Survey;
use serde_json::{Value as Json, json};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The schemas of a survey, by file name.
pub struct Schemas(BTreeMap<String, Json>);

impl Schemas {
    pub fn of(survey: &Survey) -> Self {
        let name = |file: &Artifact| file.path.rsplit('/').next().unwrap().to_owned();
        let files = JsonSchema.emit(survey).files;
        assert_eq!(formwright::emit::json_schema::files::prove(&files), Vec::<String>::new());
        let schemas = files.iter().filter(|f| f.path.ends_with(".schema.json"));
        Schemas(schemas.map(|f| (name(f), serde_json::from_slice(&f.bytes).unwrap())).collect())
    }

    /// The same with one file changed.
    pub fn changed(&self, file: &str, change: impl FnOnce(&mut Json)) -> Self {
        let mut all = self.0.clone();
        change(all.get_mut(file).unwrap());
        Schemas(all)
    }

    /// The returns of each schema, by their positions.
    fn grouped(survey: &Survey, returns: &[Return]) -> BTreeMap<String, Vec<usize>> {
        let mut groups: BTreeMap<String, Vec<usize>> = BTreeMap::new();
        for (at, one) in returns.iter().enumerate() {
            let what = one.table.map_or("return", |t| survey.tables[t].id.as_str());
            let file = if one.is_final {
                format!("{what}.schema.json")
            } else {
                format!("{what}.draft.schema.json")
            };
            groups.entry(file).or_default().push(at);
        }
        groups
    }
}

fn claims(survey: &Survey) -> Vec<Claim> {
    let carried = JsonSchema.carries(survey).into_iter();
    carried.map(|c| Claim { status: c.status, reasons: c.reasons }).collect()
}

/// The Rust crate.
pub struct Crate<'a>(pub &'a Schemas);

impl Engine for Crate<'_> {
    fn name(&self) -> &str {
        "jsonschema (Rust)"
    }

    fn claims(&self, survey: &Survey) -> Vec<Claim> {
        claims(survey)
    }

    fn judge(&self, survey: &Survey, returns: &[Return]) -> Option<Vec<Judgement>> {
        let mut said = vec![Judgement::Whole(false); returns.len()];
        for (file, group) in Schemas::grouped(survey, returns) {
            let validator = jsonschema::draft202012::new(&self.0.0[&file]).unwrap();
            for at in group {
                let instance: Json = serde_json::from_str(&returns[at].part(survey).to_string()).unwrap();
                said[at] = Judgement::Whole(validator.is_valid(&instance));
            }
        }
        Some(said)
    }
}

/// A validator in another language: a program that reads a manifest and writes a line for each schema.
pub struct Driver<'a> {
    pub schemas: &'a Schemas,
    pub name: &'static str,
    pub program: PathBuf,
    /// What must be there for it to run.
    pub needs: PathBuf,
    pub script: &'static str,
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// ajv, strict.
pub fn ajv(schemas: &Schemas) -> Driver<'_> {
    let needs = root().join("node_modules/ajv");
    Driver { schemas, name: "ajv (strict)", program: "node".into(), needs, script: "schema.mjs" }
}

/// python-jsonschema.
pub fn python(schemas: &Schemas) -> Driver<'_> {
    let program = root().join(".venv/bin/python");
    Driver { schemas, name: "jsonschema (Python)", needs: program.clone(), program, script: "schema.py" }
}

impl Driver<'_> {
    fn is_there(&self) -> bool {
        let there = self.needs.exists();
        let wanted = std::env::var("FORMWRIGHT_REQUIRE_ENGINES").is_ok_and(|v| v == "1");
        assert!(there || !wanted, "{} is not installed", self.needs.display());
        if !there {
            eprintln!("skipped: {} is not installed", self.needs.display());
        }
        there
    }

    /// The manifest, its schemas and instances, in a folder.
    fn prepared(&self, survey: &Survey, returns: &[Return], folder: &Path) -> (PathBuf, Vec<Vec<usize>>) {
        let mut manifest = Vec::new();
        let mut groups = Vec::new();
        let write = |name: &str, text: &str| {
            let path = folder.join(name);
            std::fs::write(&path, text).unwrap();
            path
        };
        for (file, group) in Schemas::grouped(survey, returns) {
            let schema = write(&file, &self.schemas.0[&file].to_string());
            let lines: Vec<String> = group.iter().map(|at| returns[*at].part(survey).to_string()).collect();
            let lines = write(&format!("{file}.jsonl"), &lines.join("\n"));
            manifest.push(json!({"schema": schema, "lines": lines}));
            groups.push(group);
        }
        (write("manifest.json", &json!(manifest).to_string()), groups)
    }
}

impl Engine for Driver<'_> {
    fn name(&self) -> &str {
        self.name
    }

    fn claims(&self, survey: &Survey) -> Vec<Claim> {
        claims(survey)
    }

    fn judge(&self, survey: &Survey, returns: &[Return]) -> Option<Vec<Judgement>> {
        if !self.is_there() {
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let (manifest, groups) = self.prepared(survey, returns, folder.path());
        let script = root().join("tests/engines").join(self.script);
        let out = Command::new(&self.program).arg(script).arg(manifest).current_dir(root()).output().unwrap();
        assert!(out.status.success(), "{}: {}", self.name, String::from_utf8_lossy(&out.stderr));
        let mut said = vec![Judgement::Whole(false); returns.len()];
        let lines: Vec<Json> = String::from_utf8(out.stdout)
            .unwrap()
            .lines()
            .map(|l| serde_json::from_str(l).unwrap())
            .collect();
        assert_eq!(lines.len(), 2 * groups.len(), "{}", self.name);
        for (pair, group) in lines.chunks(2).zip(groups) {
            assert!(
                pair[0]["valid"] == json!(true) && pair[0]["errors"] == json!([]),
                "{}: {}",
                self.name,
                pair[0]
            );
            let passes = pair[1]["passes"].as_array().unwrap();
            assert_eq!(passes.len(), group.len(), "{}", self.name);
            for (at, passes) in group.into_iter().zip(passes) {
                said[at] = Judgement::Whole(passes.as_bool().unwrap());
            }
        }
        Some(said)
    }
}
