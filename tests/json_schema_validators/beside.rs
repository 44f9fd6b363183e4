//! The files beside the schemas of a return, each against its own schema: as they are written, and spoilt.

use super::*;
use formwright::ir::Survey;
use formwright::ir::rule::Fact;
use std::collections::BTreeSet;

/// The files and their schemas.
const PAIRS: &[(&str, &str)] = &[
    ("json-schema/return.meta.json", "json-schema/meta.schema.json"),
    ("json-schema/rules.json", "json-schema/rules.schema.json"),
    ("json-schema/ui.schema.json", "json-schema/layout.schema.json"),
    ("portability.json", "portability.schema.json"),
];

/// Surveys whose files are large are validated as they are; the small ones are also spoilt.
const LARGE: &[&str] = &["schemas/planning-2015"];
const SMALL: &[&str] = &[
    "examples/surveys/clubs",
    "examples/surveys/libraries",
    "tests/agreement/surveys/shapes",
    "tests/cli/schemas/libraries",
];

/// Members with a word of a complete table.
const WORDS: &[&str] = &["type", "class", "scope", "severity", "fact", "status", "explain", "source"];

/// A survey whose rules have every member of the catalogue.
fn made() -> Survey {
    let more = "  - all: {check: filled(note), kind: k, from: note 1, explain: true, since: '2015-01-01', until: '2015-12-31'}
  - office: {check: filled(day), severity: warning, by: office, withdrawn: true}
period: {at: '2015-06-30'}
notes: [One note]
";
    made::hotline(&format!("{}{more}", made::SHAPES))
}

#[test]
fn every_member_of_the_catalogue_is_there() {
    let (rules, schema) = files(&made()).remove(1);
    let members = schema["$defs"]["rule"]["properties"].as_object().unwrap();
    let has = |member: &&String| rules["rules"].as_array().unwrap().iter().any(|r| r.get(member).is_some());
    let missing: Vec<&String> = members.keys().filter(|member| !has(member)).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

fn files(survey: &Survey) -> Vec<(Json, Json)> {
    let all = formwright::emit::all(survey);
    let read = |path: &str| {
        let file = all.iter().find(|f| f.path == path).unwrap_or_else(|| panic!("no {path}"));
        serde_json::from_slice(&file.bytes).unwrap()
    };
    PAIRS.iter().map(|(file, schema)| (read(file), read(schema))).collect()
}

fn compiled(folder: &str) -> Survey {
    let at = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder);
    let compiled = formwright::compile(formwright::cli::files::sources(&at).unwrap());
    compiled.survey.unwrap_or_else(|| panic!("{folder}: {:?}", compiled.diagnostics))
}

/// The pointers of all values; of values alike but for numbers and `skip` the first only.
fn pointers(value: &Json, at: &str, shape: &str, seen: &mut BTreeSet<String>, out: &mut Vec<String>) {
    if !seen.insert(format!("{shape} {}", value.is_object())) {
        return;
    }
    out.push(at.to_owned());
    let escaped = |key: &str| key.replace('~', "~0").replace('/', "~1");
    for (key, item) in value.as_object().into_iter().flatten() {
        pointers(item, &format!("{at}/{}", escaped(key)), &format!("{shape}/{key}"), seen, out);
    }
    for (n, item) in value.as_array().into_iter().flatten().enumerate() {
        pointers(item, &format!("{at}/{n}"), &format!("{shape}/*"), seen, out);
    }
}

/// The file with one mistake, each in turn: an object with an unknown member, a word of no table, a flag that is false.
fn spoilt(file: &Json) -> Vec<(String, Json)> {
    let mut places = Vec::new();
    pointers(file, "", "", &mut BTreeSet::new(), &mut places);
    let mut out = Vec::new();
    for place in places {
        let mut copy = file.clone();
        let key = place.rsplit('/').next().unwrap_or_default();
        let what = match copy.pointer_mut(&place).unwrap() {
            Json::Object(members) => {
                members.insert("unknown".to_owned(), json!(1));
                "an unknown member"
            }
            // In the meta data `false` is written.
            Json::Bool(flag) if *flag && key != "fact" && file.get("cells").is_none() => {
                *flag = false;
                "false"
            }
            Json::String(word) if WORDS.contains(&key) || place.contains("/reasons/") => {
                "wrong".clone_into(word);
                "an unknown word"
            }
            _ => continue,
        };
        out.push((format!("{what} at {place}"), copy));
    }
    out
}

#[test]
fn the_files_beside_are_as_their_schemas_say() {
    for folder in LARGE.iter().chain(SMALL) {
        for ((file, schema), (name, _)) in files(&compiled(folder)).iter().zip(PAIRS) {
            let schema = jsonschema::draft202012::new(schema).unwrap();
            let problems: Vec<String> =
                schema.iter_errors(file).map(|e| format!("{}: {e}", e.instance_path())).collect();
            assert_eq!(problems, Vec::<String>::new(), "{folder}: {name}");
        }
    }
}

#[test]
fn a_fact_has_its_own_name() {
    let names: BTreeSet<&str> = Fact::ALL.iter().map(|f| f.name()).collect();
    assert_eq!(names.len(), Fact::ALL.len());
}

/// The manifest of the files as written and spoilt, and what is to come of each.
fn manifest(folder: &Path) -> (PathBuf, Vec<(String, Vec<bool>)>) {
    std::fs::create_dir_all(folder).unwrap();
    let (mut manifest, mut verdicts) = (Vec::new(), Vec::new());
    let surveys = SMALL.iter().map(|f| compiled(f)).chain([made()]);
    for (n, survey) in surveys.enumerate() {
        for (of, (file, schema)) in files(&survey).into_iter().enumerate() {
            let path = write(folder, &format!("{n}-{of}.schema.json"), schema.to_string().as_bytes());
            let compiled = jsonschema::draft202012::new(&schema).unwrap();
            let mut lines = format!("{file}\n");
            let mut expected = vec![true];
            assert!(compiled.is_valid(&file), "{n} {of}");
            for (what, bad) in spoilt(&file) {
                assert!(!compiled.is_valid(&bad), "{n}, {}: {what} passes", PAIRS[of].0);
                lines.push_str(&format!("{bad}\n"));
                expected.push(false);
            }
            assert!(expected.len() > 5, "{n} {of}");
            let lines = write(folder, &format!("{n}-{of}.jsonl"), lines.as_bytes());
            manifest.push(json!({"schema": path, "lines": lines}));
            verdicts.push((path.display().to_string(), expected));
        }
    }
    (write(folder, "manifest.json", json!(manifest).to_string().as_bytes()), verdicts)
}

#[test]
fn ajv_refuses_what_is_spoilt() {
    let (manifest, verdicts) = manifest(&Path::new(env!("CARGO_TARGET_TMPDIR")).join("beside"));
    let Some(lines) = run("node", "node_modules/ajv", "schema.mjs", &manifest) else { return };
    for (schema, expected) in verdicts {
        let own: Vec<&Json> = lines.iter().filter(|l| l["schema"] == json!(schema)).collect();
        assert!(own[0]["valid"] == json!(true) && own[0]["errors"] == json!([]), "{}", own[0]);
        assert_eq!(own[1]["passes"], json!(expected), "{schema}");
    }
}
