//! What the readers' pages show is what the program says: every `console` block of them is run.
//!
//! A block holds commands behind `$ ` and, below each, what it prints (standard output, then standard error). A line
//! `…` stands for any number of lines. `formwright` is the binary under test, run from the top folder; a line
//! `$ cargo …` or any other command is shown only. A fingerprint (16 hexadecimal digits) may be any.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

use std::path::Path;
use std::process::Command;

const PAGES: &[&str] = &["README.md", "README.zh.md", "examples/README.md", "docs/side-by-side.md"];

/// A shown command and the lines below it.
struct Shown {
    page: &'static str,
    line: usize,
    command: String,
    output: Vec<String>,
}

fn shown(page: &'static str, text: &str) -> Vec<Shown> {
    let mut out: Vec<Shown> = Vec::new();
    let mut inside = false;
    for (at, line) in text.lines().enumerate() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if !inside => {}
            _ => match line.strip_prefix("$ ") {
                Some(command) => {
                    out.push(Shown { page, line: at + 1, command: command.to_owned(), output: Vec::new() })
                }
                None => out.last_mut().expect("a block begins with `$ `").output.push(line.to_owned()),
            },
        }
    }
    out
}

/// The words of a command; single quotes keep what is between them together.
fn words(command: &str) -> Vec<String> {
    let (mut out, mut word, mut quoted, mut any) = (Vec::new(), String::new(), false, false);
    for c in command.chars() {
        match c {
            '\'' => (quoted, any) = (!quoted, true),
            ' ' if !quoted => {
                if any {
                    out.push(std::mem::take(&mut word));
                }
                any = false;
            }
            c => {
                word.push(c);
                any = true;
            }
        }
    }
    if any {
        out.push(word);
    }
    out
}

fn run(command: &str) -> Option<Vec<String>> {
    let mut words = words(command);
    if words.first()? != "formwright" {
        return None;
    }
    let top = Path::new(env!("CARGO_MANIFEST_DIR"));
    let out = Command::new(env!("CARGO_BIN_EXE_formwright"))
        .args(words.split_off(1))
        .current_dir(top)
        .env_remove("LC_ALL")
        .env_remove("LC_MESSAGES")
        .env("LANG", "C")
        .output()
        .unwrap();
    let text = [out.stdout, out.stderr].concat();
    Some(String::from_utf8(text).unwrap().lines().map(|l| l.trim_end().to_owned()).collect())
}

/// Whether lines are as shown, `…` standing for any.
fn same(shown: &[String], said: &[String]) -> bool {
    match shown.split_first() {
        None => said.is_empty(),
        Some((first, rest)) if first == "…" => (0..=said.len()).any(|n| same(rest, &said[n..])),
        Some((first, rest)) => {
            said.first().is_some_and(|s| masked(s) == masked(first.trim_end()) && same(rest, &said[1..]))
        }
    }
}

/// A line with its fingerprint made the same in all.
fn masked(line: &str) -> String {
    let hex = |w: &str| w.len() == 16 && w.bytes().all(|b| b.is_ascii_hexdigit());
    let mask = |w: &str| {
        if hex(w.trim_end_matches([')', ',', '，', '）'])) { "…".to_owned() } else { w.to_owned() }
    };
    line.split(' ').map(mask).collect::<Vec<_>>().join(" ")
}

/// The lines a command prints, without empty ones at the end.
fn said(command: &str) -> Option<Vec<String>> {
    let mut lines = run(command)?;
    while lines.last().is_some_and(String::is_empty) {
        lines.pop();
    }
    Some(lines)
}

/// The page with what the commands print today; blocks that leave lines out with `…` stay as they are.
fn rewritten(page: &'static str, text: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in text.lines() {
        match line {
            "```console" => inside = true,
            "```" => inside = false,
            _ if inside && !line.starts_with("$ ") => continue,
            _ => {}
        }
        out.push_str(line);
        out.push('\n');
        let Some(command) = line.strip_prefix("$ ").filter(|_| inside) else { continue };
        let here = shown(page, text).into_iter().find(|s| s.command == command).unwrap();
        let lines = said(command).filter(|_| !here.output.iter().any(|l| l == "…")).unwrap_or(here.output);
        lines.iter().for_each(|l| out.push_str(&format!("{l}\n")));
    }
    out
}

/// With `UPDATE=1` the pages are rewritten; the review says whether rightly.
#[test]
fn every_shown_command_says_what_is_shown() {
    let mut ran = 0;
    let mut wrong = Vec::new();
    for page in PAGES {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(page);
        let text = std::fs::read_to_string(&path).unwrap_or_else(|e| panic!("{page}: {e}"));
        if std::env::var_os("UPDATE").is_some() {
            std::fs::write(&path, rewritten(page, &text)).unwrap();
            continue;
        }
        for one in shown(page, &text) {
            let Some(said) = said(&one.command) else { continue };
            ran += 1;
            let mut expected = one.output.clone();
            while expected.last().is_some_and(String::is_empty) {
                expected.pop();
            }
            if !same(&expected, &said) {
                wrong.push(format!("{}:{}: {}\n{}\n", one.page, one.line, one.command, said.join("\n")));
            }
        }
    }
    assert!(
        wrong.is_empty(),
        "these say something else (UPDATE=1 rewrites the pages; look at the difference):\n{}",
        wrong.join("\n")
    );
    assert!(ran > 4 || std::env::var_os("UPDATE").is_some(), "{ran} commands are shown");
}
