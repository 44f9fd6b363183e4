//! What holds of the repository as a whole: who may use whom, no IO outside the command line, everything has its case.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use formwright::diag::codes;
use formwright::ir::func;
use std::path::{Path, PathBuf};
use std::process::Command;

/// What each folder of `src` may use besides itself (docs/architecture.md).
const MAY_USE: &[(&str, &[&str])] = &[
    ("stack", &[]),
    ("parallel", &[]),
    ("source", &[]),
    ("diag", &["source"]),
    ("parse", &["source", "diag"]),
    ("ir", &["source"]),
    ("expr", &["source", "ir"]),
    ("resolve", &["source", "diag", "parse", "ir", "expr"]),
    ("solve", &["ir", "expr"]),
    ("check", &["source", "diag", "ir", "expr", "solve"]),
    ("emit", &["source", "diag", "ir", "expr"]),
    ("data", &["source", "diag", "ir"]),
    ("validate", &["source", "diag", "ir", "expr", "data", "solve"]),
    ("load", &["source", "diag", "parse", "resolve"]),
];

/// What every module may use.
const AT_HAND: &[&str] = &["stack", "parallel"];

/// The longest file that needs no reason, in lines.
const LONG: usize = 700;

/// Files that are longer, each with its reason.
const LONG_FILES: &[(&str, &str)] =
    &[("src/diag/codes/meaning.rs", "a table: a dozen lines for each diagnostic")];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(next) = folders.pop() {
        for entry in std::fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|e| e == extension) {
                found.push(path);
            }
        }
    }
    found.sort();
    found
}

fn shown(path: &Path) -> String {
    path.strip_prefix(root()).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// The program text of a source file with line numbers: without comments, and without what is only for tests.
fn program(path: &Path) -> Vec<(usize, String)> {
    let text = std::fs::read_to_string(path).unwrap();
    if text.contains("#![cfg(test)]")
        || shown(path).ends_with("tests.rs")
        || shown(path).ends_with("support.rs")
    {
        return Vec::new();
    }
    let before_tests = text.split("#[cfg(test)]\nmod tests {").next().unwrap_or("");
    let lines = before_tests.lines().enumerate().map(|(i, l)| (i + 1, l.to_owned()));
    lines.filter(|(_, l)| !l.trim_start().starts_with("//")).collect()
}

fn none(found: Vec<String>, what: &str) {
    assert!(found.is_empty(), "{what}:\n  {}", found.join("\n  "));
}

#[test]
fn the_direction_of_dependency_holds() {
    let mut wrong = Vec::new();
    for path in files("src", "rs") {
        let name = shown(&path);
        let own = name.trim_start_matches("src/").split(['/', '.']).next().unwrap_or("").to_owned();
        let Some((_, allowed)) = MAY_USE.iter().find(|m| m.0 == own) else {
            assert!(matches!(own.as_str(), "cli" | "lib" | "main"), "{name}: add {own} to MAY_USE");
            continue;
        };
        for (number, line) in program(&path) {
            for used in line.split("crate::").skip(1) {
                let used: String = used.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
                let folder = root().join("src").join(&used);
                let is_module = folder.is_dir() || folder.with_extension("rs").is_file();
                if is_module
                    && used != own
                    && !AT_HAND.contains(&used.as_str())
                    && !allowed.contains(&used.as_str())
                {
                    wrong.push(format!("{name}:{number}: {own} uses {used}"));
                }
            }
        }
    }
    none(wrong, "dependencies against the direction");
}

#[test]
fn only_the_command_line_touches_the_world() {
    let world = [
        "std::fs",
        "std::env",
        "std::net",
        "std::process",
        "std::io",
        "println!",
        "print!",
        "eprintln!",
        "eprint!",
        "dbg!",
    ];
    let mut wrong = Vec::new();
    let all = files("src", "rs").into_iter().chain(files("engine/src", "rs"));
    for path in all.filter(|p| !shown(p).starts_with("src/cli/") && shown(p) != "src/main.rs") {
        for (number, line) in program(&path) {
            for word in world.iter().filter(|w| line.contains(**w)) {
                wrong.push(format!("{}:{number}: {word}", shown(&path)));
            }
        }
    }
    none(wrong, "input and output outside src/cli");
}

#[test]
fn every_diagnostic_has_a_case() {
    let cases: String =
        files("tests/cases", "yaml").iter().map(|p| std::fs::read_to_string(p).unwrap()).collect();
    // Diagnostics of `eval` alone have their example, which a test runs.
    let elsewhere = |c: &&codes::Code| c.wrong.starts_with("eval ");
    let without = codes::all().filter(|c| !elsewhere(c) && !cases.contains(&format!("[{}]", c.code)));
    none(
        without.map(|c| format!("{} {}", c.code, c.name)).collect(),
        "diagnostics without a case in tests/cases",
    );
}

/// Functions whose cases stand elsewhere: the table's own examples, the public cases of FEEL, and tests/surveys.
const OTHER_CASES: &[&str] = &["any", "round half down", "substring", "label", "mark"];

#[test]
fn every_function_has_a_case() {
    let corpus: String =
        files("tests/expr", "txt").iter().map(|p| std::fs::read_to_string(p).unwrap()).collect();
    let mut without: Vec<&str> =
        func::names().filter(|name| !corpus.contains(name) && !OTHER_CASES.contains(name)).collect();
    without.sort_unstable();
    without.dedup();
    none(without.into_iter().map(str::to_owned).collect(), "functions without a case in tests/expr");
}

#[test]
fn what_is_generated_is_up_to_date() {
    let check = Command::new(env!("CARGO_BIN_EXE_formwright"))
        .args(["build", "--check"])
        .current_dir(root())
        .output();
    let check = check.unwrap();
    assert!(check.status.success(), "run `cargo run -- build`:\n{}", String::from_utf8_lossy(&check.stderr));
}

#[test]
fn files_are_not_longer_than_they_must_be() {
    let mut wrong = Vec::new();
    for path in files("src", "rs").into_iter().chain(files("engine/src", "rs")) {
        let lines = std::fs::read_to_string(&path).unwrap().lines().count();
        if lines > LONG && !LONG_FILES.iter().any(|f| f.0 == shown(&path)) {
            wrong.push(format!("{}: {lines} lines", shown(&path)));
        }
    }
    none(wrong, "files that should be divided, or need a reason in LONG_FILES");
}

#[test]
fn nothing_names_a_place_of_one_machine() {
    let listed = Command::new("git").args(["ls-files", "-z"]).current_dir(root()).output();
    let Some(listed) = listed.ok().filter(|o| o.status.success()) else {
        eprintln!("skipped: not a git checkout");
        return;
    };
    let places: Vec<String> =
        ["work", "home", "root", "Users", "tmp"].iter().map(|p| format!("/{p}/")).collect();
    let mut wrong = Vec::new();
    for name in String::from_utf8(listed.stdout).unwrap().split('\0').filter(|n| !n.is_empty()) {
        let Ok(text) = std::fs::read_to_string(root().join(name)) else { continue };
        for (i, line) in text.lines().enumerate() {
            let found = places.iter().find(|p| {
                line.match_indices(p.as_str()).any(|(at, _)| {
                    let before = line[..at].chars().next_back();
                    before.is_none_or(|c| !(c.is_alphanumeric() || "./_-}$)".contains(c)))
                })
            });
            if let Some(place) = found {
                wrong.push(format!("{name}:{}: {place}", i + 1));
            }
        }
    }
    none(wrong, "absolute places of one machine");
}
