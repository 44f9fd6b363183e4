//! Starts the engines: each once for a whole batch, with a limit of time that names what it hung on.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]
#![allow(dead_code)]

use formwright::expr::target::JS_RUNTIME;
use serde_json::Value as Json;
use std::collections::hash_map::DefaultHasher;
use std::fs::File;
use std::hash::{Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

/// How long an engine may take over a whole batch. The drivers of databases have a limit for each case, far below.
const LIMIT: Duration = Duration::from_secs(900);

/// Whether an engine is installed; where engines are required, it must be.
pub fn is_here(engine: &str) -> bool {
    let here = match engine {
        "node" => runs("node", &["--version"]),
        "LibreOffice" => runs("soffice", &["--version"]),
        "DuckDB" => runs(&python(), &["-c", "import duckdb"]),
        "PostgreSQL" => runs("python3", &[driver("postgres_eval.py").to_str().unwrap(), "--present"]),
        "rustc" => runs("rustc", &["--version"]),
        other => panic!("no engine {other}"),
    };
    let required = std::env::var("FORMWRIGHT_REQUIRE_ENGINES").is_ok_and(|v| v == "1");
    assert!(here || !required, "{engine} is required and missing");
    if !here {
        eprintln!("SKIPPED: {engine} is not installed (scripts/setup installs it)");
    }
    here
}

fn runs(program: &str, args: &[&str]) -> bool {
    let quiet = Command::new(program).args(args).stdout(Stdio::null()).stderr(Stdio::null()).status();
    quiet.is_ok_and(|s| s.success())
}

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn driver(name: &str) -> PathBuf {
    root().join("tests/engines").join(name)
}

fn python() -> String {
    let own = root().join(".venv/bin/python");
    if own.exists() { own.to_str().unwrap().to_owned() } else { "python3".to_owned() }
}

/// What Node.js says to lines of code over cells, with the functions that printed conditions call.
pub fn node(input: &str) -> Vec<Json> {
    node_within(LIMIT, input).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// The same with a limit of time; else what is wrong.
pub fn node_within(limit: Duration, input: &str) -> Result<Vec<Json>, String> {
    let folder = folder("js");
    let prelude = folder.join("runtime.js");
    std::fs::write(&prelude, JS_RUNTIME).unwrap();
    let out = run_within(limit, Command::new("node").arg(driver("js.mjs")).arg(&prelude), input);
    let _ = std::fs::remove_dir_all(folder);
    out.map(|out| lines(&out))
}

/// What DuckDB says to lines of queries.
pub fn duckdb(input: &str) -> Vec<Json> {
    lines(&run(Command::new(python()).arg(driver("duckdb_eval.py")), input))
}

/// What PostgreSQL says to lines of queries.
pub fn postgres(input: &str) -> Vec<Json> {
    lines(&run(Command::new("python3").arg(driver("postgres_eval.py")), input))
}

/// The formula cells of a workbook, calculated by LibreOffice.
pub fn calc(book: &str) -> Json {
    let folder = folder("calc");
    let path = folder.join("book.json");
    std::fs::write(&path, book).unwrap();
    let out = run(Command::new("python3").arg(driver("calc.py")).arg(&path), "");
    let _ = std::fs::remove_dir_all(folder);
    serde_json::from_str(&out).unwrap()
}

/// What a Rust program says, compiled against the engine crate.
pub fn rust(source: &str, input: &str) -> String {
    run(&mut Command::new(program(source)), input)
}

fn lines(text: &str) -> Vec<Json> {
    text.lines().map(|l| serde_json::from_str(l).unwrap()).collect()
}

/// A folder of our own in the target folder; tests may be threads of one process.
fn folder(name: &str) -> PathBuf {
    static MADE: AtomicUsize = AtomicUsize::new(0);
    let own = format!("expr-{name}-{}-{}", std::process::id(), MADE.fetch_add(1, Ordering::Relaxed));
    let path = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(own);
    std::fs::create_dir_all(&path).unwrap();
    path
}

/// What a program says to an input.
fn run(command: &mut Command, input: &str) -> String {
    run_within(LIMIT, command, input).unwrap_or_else(|wrong| panic!("{wrong}"))
}

/// What a program says to an input in that time; else what is wrong: of a program that hangs, the line of the input
/// behind those it has answered.
fn run_within(limit: Duration, command: &mut Command, input: &str) -> Result<String, String> {
    let folder = folder("run");
    let path = |name: &str| folder.join(name);
    std::fs::write(path("input"), input).unwrap();
    command.stdin(File::open(path("input")).unwrap());
    command.stdout(File::create(path("output")).unwrap()).stderr(File::create(path("errors")).unwrap());
    let mut child = command.spawn().unwrap();
    let end = Instant::now() + limit;
    let status = loop {
        match child.try_wait().unwrap() {
            Some(status) => break Some(status),
            None if Instant::now() > end => {
                child.kill().unwrap();
                child.wait().unwrap();
                break None;
            }
            None => std::thread::sleep(Duration::from_millis(5)),
        }
    };
    let output = String::from_utf8(std::fs::read(path("output")).unwrap()).unwrap();
    let errors = String::from_utf8_lossy(&std::fs::read(path("errors")).unwrap()).into_owned();
    let _ = std::fs::remove_dir_all(&folder);
    match status {
        Some(status) if status.success() => Ok(output),
        Some(_) => Err(format!("{command:?}: {errors}")),
        None => {
            let answered = output.lines().count();
            let next: String =
                input.lines().nth(answered).unwrap_or("its input").chars().take(2000).collect();
            Err(format!("{command:?}: no end after {limit:?}; {answered} answers, the next to\n{next}"))
        }
    }
}

/// The program of a source, compiled against the engine crate; kept in the target folder while neither changes.
fn program(source: &str) -> PathBuf {
    let engine = root().join("engine/src");
    let mut hasher = DefaultHasher::new();
    source.hash(&mut hasher);
    hash_folder(&engine, &mut hasher);
    let kept = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("expr-rust-{:016x}", hasher.finish()));
    let done = kept.join("program");
    if done.exists() {
        return done;
    }
    // Made beside and moved into place: runs at the same time do not meet.
    let work = folder("rustc");
    std::fs::write(work.join("program.rs"), source).unwrap();
    let compile = |args: &[&str], from: &Path| {
        let out = Command::new("rustc")
            .current_dir(&work)
            .args(["--edition", "2024"])
            .args(args)
            .arg(from)
            .output()
            .unwrap();
        assert!(out.status.success(), "{}", String::from_utf8_lossy(&out.stderr));
    };
    compile(&["--crate-type", "rlib", "--crate-name", "formwright_engine"], &engine.join("lib.rs"));
    compile(&["-L", ".", "-o", "program"], &work.join("program.rs"));
    let _ = std::fs::create_dir_all(&kept);
    std::fs::rename(work.join("program"), &done).unwrap();
    let _ = std::fs::remove_dir_all(work);
    done
}

fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    paths.sort();
    for path in paths {
        match path.is_dir() {
            true => hash_folder(&path, hasher),
            false => std::fs::read(path).unwrap().hash(hasher),
        }
    }
}

/// The letters of a column of a sheet, counted from 0: `A`, `B`, … `AA`.
pub fn letters(mut column: usize) -> String {
    let mut out = String::new();
    column += 1;
    while column > 0 {
        out.insert(0, char::from(b'A' + ((column - 1) % 26) as u8));
        column = (column - 1) / 26;
    }
    out
}
