//! Every goal measured: `cargo bench` prints one table. Figures are of this machine; nothing here decides a test.
//!
//! Each measurement is run until it has taken long enough, and the best round counts: what the machine does beside it
//! can only make a round slower.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use formwright::data::{Earlier, Layout, Parsed};
use formwright::expr::verdict::Verdict;
use formwright::solve::Solver;
use formwright::validate::{Beside, Options, validate};
use formwright::{SourceFileInput, compile};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::{Duration, Instant};

/// The allocator of the command.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

/// A line of the table: what, how much, the goal, and how it compares.
fn line(what: &str, figure: &str, goal: &str) {
    println!("| {what:<58} | {figure:>22} | {goal:>16} |");
}

/// The best time of one round. What a round makes is freed behind the clock.
fn best<T>(mut round: impl FnMut() -> T) -> Duration {
    let (begun, mut best) = (Instant::now(), Duration::MAX);
    for n in 0.. {
        let start = Instant::now();
        let made = round();
        best = best.min(start.elapsed());
        drop(made);
        if n >= 4 && begun.elapsed() > Duration::from_millis(1500) {
            break;
        }
    }
    best
}

fn ms(time: Duration) -> String {
    format!("{:.2} ms", time.as_secs_f64() * 1e3)
}

fn rate(bytes: usize, time: Duration) -> String {
    format!("{:.0} MB/s", bytes as f64 / 1e6 / time.as_secs_f64())
}

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn sources() -> Vec<SourceFileInput> {
    formwright::cli::files::sources(&root().join("schemas/planning-2015")).unwrap()
}

/// A survey of `n` tables, each a copy of one table of the seed survey.
fn generated(n: usize) -> Vec<SourceFileInput> {
    let seed = sources();
    let table = seed.iter().find(|f| f.name == "t06.yaml").unwrap();
    let text = String::from_utf8(table.bytes.clone()).unwrap();
    let file = |name: String, text: String| SourceFileInput {
        shown: PathBuf::from(&name),
        name,
        bytes: text.into_bytes(),
    };
    let ids: Vec<String> = (1..=n).map(|i| format!("g{i:04}")).collect();
    let head = seed.iter().find(|f| f.name == "survey.yaml").unwrap();
    let head = String::from_utf8(head.bytes.clone()).unwrap();
    let listed = head.lines().find(|l| l.starts_with("tables: ")).unwrap();
    let head = head.replacen(listed, &format!("tables: [{}]", ids.join(", ")), 1);
    let mut files: Vec<SourceFileInput> =
        seed.into_iter().filter(|f| f.name == "units.yaml" || f.name == "codes.yaml").collect();
    files.push(file("survey.yaml".into(), head));
    let one = |(at, id): (usize, &String)| {
        let text = text.replacen("table: t06", &format!("table: {id}"), 1);
        let text = text.replacen("附表6", &format!("附表{}", at + 1), 1);
        file(format!("{id}.yaml"), text.replacen("Annex Table 6", &format!("Annex Table {}", at + 1), 1))
    };
    files.extend(ids.iter().enumerate().map(one));
    files
}

fn building() {
    let read = best(sources);
    let files = sources();
    let compiled = best(|| compile(files.clone()));
    let survey = compile(files).survey.unwrap();
    let emitted = best(|| formwright::emit::all(&survey));
    line("14 tables: read the sources", &ms(read), "");
    line("14 tables: compile", &ms(compiled), "");
    line("14 tables: emit JSON Schema and portability", &ms(emitted), "");
    line("14 tables: all three", &ms(read + compiled + emitted), "8 ms");
    let out = tempfile::tempdir().unwrap();
    let whole = best(|| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_formwright"));
        command.args(["build", "schemas/planning-2015", "--quiet", "--out"]).arg(out.path());
        assert!(command.current_dir(root()).status().unwrap().success());
    });
    line("14 tables: the whole process (schemas proved, unchanged)", &ms(whole), "");
    let mut times = Vec::new();
    for n in [200, 1000] {
        let files = generated(n);
        let compiled = compile(files.clone());
        let error =
            compiled.diagnostics.iter().find(|d| d.code.severity == formwright::diag::Severity::Error);
        assert!(compiled.survey.is_some(), "{error:?}");
        times.push(best(|| compile(files.clone())));
    }
    line("check of 200 tables", &ms(times[0]), "150 ms");
    line("check of 1 000 tables", &ms(times[1]), "5 times that");
    line(
        "  per table, against 200",
        &format!("{:.2} times", times[1].as_secs_f64() / times[0].as_secs_f64() / 5.0),
        "1.00",
    );
}

fn rules() {
    let survey = compile(sources()).survey.unwrap();
    let texts: Vec<&str> = survey
        .rules
        .iter()
        .filter(|r| r.origin == formwright::ir::Origin::Rule)
        .map(|r| r.source.as_str())
        .collect();
    let parsed = best(|| {
        for text in &texts {
            std::hint::black_box(formwright::parse::expr::parse(text));
        }
    });
    let each = parsed.as_secs_f64() * 1e6 / texts.len() as f64;
    let solved = best(|| {
        let solver = Solver::new(&survey);
        let written = || survey.rules.iter().filter(|r| r.origin == formwright::ir::Origin::Rule);
        for instance in written().filter_map(|r| r.instances.first()) {
            for wanted in [Verdict::Pass, Verdict::Fail, Verdict::Unknown] {
                std::hint::black_box(solver.find(instance, wanted));
            }
        }
    });
    line("solver: three returns for each rule of the 14 tables", &ms(solved), "50 ms");
    line(&format!("parse a rule (mean of {})", texts.len()), &format!("{each:.1} µs"), "50 µs");
}

/// A return of the seed survey on one line.
fn one_return() -> String {
    let text = std::fs::read_to_string(root().join("tests/validate_seed/final.json")).unwrap();
    text.lines().map(str::trim).collect()
}

fn validating() {
    let survey = compile(sources()).survey.unwrap();
    let layout = Layout::new(&survey);
    let text = one_return();
    let bytes = text.as_bytes();
    let parsed = best(|| Parsed::new(bytes).unwrap());
    let read = best(|| Parsed::new(bytes).unwrap().read(&survey, &layout).unwrap());
    let submission = Parsed::new(bytes).unwrap().read(&survey, &layout).unwrap();
    let check = || validate(&survey, &layout, &submission, &Beside::default(), &Options::default());
    let evaluated: u64 = check().counts.all().map(|c| c.2).sum();
    let checked = best(check);
    let per_second = evaluated as f64 / checked.as_secs_f64() / 1e6;
    line("rule evaluations of the interpreter", &format!("{per_second:.2} M/s"), "1 M/s");
    line("one return: parse JSON", &rate(bytes.len(), parsed), "");
    line("one return: parse and read into records", &rate(bytes.len(), read), "");
    line("one return: read and judge by every rule", &rate(bytes.len(), read + checked), "");
    let syntax = best(|| {
        std::hint::black_box(serde_json::from_slice::<serde::de::IgnoredAny>(bytes).unwrap());
    });
    line("  beside: serde_json, syntax only", &rate(bytes.len(), syntax), "");
    let schema =
        std::fs::read(root().join("generated/planning-2015/json-schema/return.schema.json")).unwrap();
    let schema: serde_json::Value = serde_json::from_slice(&schema).unwrap();
    let validator = jsonschema::validator_for(&schema).unwrap();
    let structure = best(|| {
        let value: serde_json::Value = serde_json::from_slice(bytes).unwrap();
        std::hint::black_box(validator.is_valid(&value));
    });
    line("  beside: jsonschema crate on the emitted schema (no sums)", &rate(bytes.len(), structure), "");
    file(&text);
    previous();
}

/// Returns of more and more rows against a previous return of as many, whose rows are found again by their keys.
fn previous() {
    let file = |name: &str, text: &str| SourceFileInput {
        name: name.into(),
        shown: name.into(),
        bytes: text.into(),
    };
    let survey = compile(vec![
        file(
            "survey.yaml",
            "survey: a\nversion: '1'\ntitle: A\nlanguages: [en]\ncontext: {return: -1 year}\ntables: [t]\n",
        ),
        file(
            "t.yaml",
            "table: t\ntitle: T\nperiod: {from: '2020-01-01', to: '2020-12-31'}\nrows:\n  - rows: {repeat: true, print: 2, max_rows: 100000, key: name}\ncolumns:\n  - name: {label: N, type: text}\n  - n: {label: N, type: count}\nrules:\n  - steady: {check: n >= prev(n)}\n",
        ),
    ]);
    let survey = survey.survey.unwrap();
    let layout = Layout::new(&survey);
    for rows in [10_000, 80_000] {
        let all: Vec<String> = (0..rows).map(|n| format!(r#"{{"name": "n{n}", "n": {n}}}"#)).collect();
        let text = format!(
            r#"{{"survey": "a", "version": "1", "tables": {{"t": {{"rows": [{}]}}}}}}"#,
            all.join(",")
        );
        let read = Parsed::new(text.as_bytes()).unwrap().read(&survey, &layout).unwrap();
        let judged = best(|| {
            let earlier = Earlier::new(&survey, read.records.clone());
            let beside = Beside { context: None, previous: &[Some(&earlier)] };
            let report = validate(&survey, &layout, &read, &beside, &Options::default());
            assert!(std::hint::black_box(report).findings.is_empty());
        });
        line(
            &format!("{rows} rows against as many of a previous return, a row"),
            &format!("{:.2} µs", judged.as_secs_f64() * 1e6 / f64::from(rows)),
            "constant",
        );
    }
}

/// The whole command over a file of JSON Lines, with the memory it needs.
fn file(text: &str) {
    let folder = tempfile::tempdir().unwrap();
    for (name, copies) in [("2 000 returns", 2_000), ("8 000 returns", 8_000)] {
        let path = folder.path().join("returns.jsonl");
        std::fs::write(&path, format!("{text}\n").repeat(copies)).unwrap();
        let start = Instant::now();
        let mut child = Command::new(env!("CARGO_BIN_EXE_formwright"))
            .args(["validate", "--format", "jsonl"])
            .arg(&path)
            .current_dir(root())
            .stdout(std::process::Stdio::null())
            .spawn()
            .unwrap();
        let peak = peak_of(&mut child);
        line(
            &format!("validate a file of {name} (process)"),
            &rate((text.len() + 1) * copies, start.elapsed()),
            "",
        );
        line(
            "  its peak memory",
            &peak.map_or("not known".into(), |kb| format!("{:.0} MB", kb as f64 / 1e3)),
            "constant",
        );
    }
}

/// The largest resident size seen while a process runs, kB.
fn peak_of(child: &mut std::process::Child) -> Option<u64> {
    let mut peak = None;
    while child.try_wait().unwrap().is_none() {
        let status = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let high = status.lines().find_map(|l| l.strip_prefix("VmHWM:"));
        let kb = high.and_then(|l| l.trim().trim_end_matches(" kB").parse().ok());
        peak = peak.max(kb);
        std::thread::sleep(Duration::from_millis(2));
    }
    peak
}

fn main() {
    if std::env::args().any(|a| a == "--test") {
        return;
    }
    line("what", "measured", "goal");
    line(&"-".repeat(58), &"-".repeat(22), &"-".repeat(16));
    building();
    rules();
    validating();
}
