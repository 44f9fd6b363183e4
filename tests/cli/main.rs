//! The command as it is used: every file `tests/cli/*.txt` is a session with the real binary in a folder of its own.
//!
//! A line `== NAME` begins a file, which goes on to the next line that begins with `== ` or `$ `. A line `$ ARGUMENTS`
//! runs `formwright` (`$ ARGUMENTS < NAME` with that file on standard input); behind it stand what it writes (`| ` for
//! standard output, `! ` for standard error) and `exit N`. `FORMWRIGHT_UPDATE=1` writes down what happens.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

mod memory;
mod streams;
mod writing;

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Output, Stdio};

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/cli")
}

/// A folder with the survey of these tests under `schemas/`.
fn workplace() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let to = folder.path().join("schemas/libraries");
    fs::create_dir_all(&to).unwrap();
    for entry in fs::read_dir(root().join("schemas/libraries")).unwrap() {
        let path = entry.unwrap().path();
        fs::copy(&path, to.join(path.file_name().unwrap())).unwrap();
    }
    folder
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_formwright"));
    command.current_dir(folder).env_remove("LANG").env_remove("LC_ALL").env_remove("LC_MESSAGES");
    command.env("COLUMNS", "100").stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

fn feed(mut child: Child, input: &[u8]) -> Output {
    let mut stdin = child.stdin.take().unwrap();
    // A command that does not read is no fault of the test.
    let _ = stdin.write_all(input);
    drop(stdin);
    child.wait_with_output().unwrap()
}

fn run(folder: &Path, args: &[&str], input: &[u8]) -> Output {
    feed(command(folder).args(args).stdin(Stdio::piped()).spawn().unwrap(), input)
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8(bytes.to_vec()).unwrap()
}

/// Words as a shell takes them, with single quotes.
fn words(line: &str) -> Vec<String> {
    let mut out = Vec::new();
    let (mut word, mut quoted, mut begun) = (String::new(), false, false);
    for c in line.chars() {
        match c {
            '\'' => (quoted, begun) = (!quoted, true),
            ' ' if !quoted => {
                if std::mem::take(&mut begun) {
                    out.push(std::mem::take(&mut word));
                }
            }
            c => {
                word.push(c);
                begun = true;
            }
        }
    }
    if begun {
        out.push(word);
    }
    out
}

/// What a command answers, as a case file has it; the fingerprint of the source is no part of what is tested.
fn answer(folder: &Path, line: &str) -> String {
    let (line, input) = line.split_once(" < ").unwrap_or((line, ""));
    let input = if input.is_empty() { Vec::new() } else { fs::read(folder.join(input)).unwrap() };
    let args = words(line);
    let output = run(folder, &args.iter().map(String::as_str).collect::<Vec<_>>(), &input);
    let mut out = String::new();
    for (sign, bytes) in [("|", &output.stdout), ("!", &output.stderr)] {
        for line in text(bytes).lines() {
            out.push_str(format!("{sign} {line}").trim_end());
            out.push('\n');
        }
    }
    out.push_str(&format!("exit {}\n", output.status.code().expect("no signal")));
    without_fingerprint(&out)
}

fn without_fingerprint(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    let is_hex = |c: char| c.is_ascii_digit() || ('a'..='f').contains(&c);
    while let Some(at) = rest.find(is_hex) {
        let run: String = rest[at..].chars().take_while(|c| is_hex(*c)).collect();
        out.push_str(&rest[..at]);
        out.push_str(if run.len() == 16 && run.contains(char::is_alphabetic) { "SOURCE" } else { &run });
        rest = &rest[at + run.len()..];
    }
    out + rest
}

/// Plays a case and gives it back with what happened.
fn play(case: &str) -> String {
    let folder = workplace();
    let mut out = String::new();
    let mut lines = case.lines().peekable();
    while let Some(line) = lines.next() {
        out.push_str(&format!("{line}\n"));
        if let Some(name) = line.strip_prefix("== ") {
            let mut content = String::new();
            while let Some(next) = lines.next_if(|l| !l.starts_with("== ") && !l.starts_with("$ ")) {
                content.push_str(&format!("{next}\n"));
            }
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, &content).unwrap();
            out.push_str(&content);
        } else if let Some(run) = line.strip_prefix("$ ") {
            while lines.next_if(|l| ["|", "!", "exit "].iter().any(|sign| l.starts_with(sign))).is_some() {}
            out.push_str(&answer(folder.path(), run));
        }
    }
    out
}

#[test]
fn sessions() {
    let mut cases: Vec<PathBuf> = fs::read_dir(root()).unwrap().map(|e| e.unwrap().path()).collect();
    cases.retain(|path| path.extension().is_some_and(|e| e == "txt"));
    cases.sort();
    assert!(cases.len() > 5);
    let mut wrong = Vec::new();
    for path in cases {
        let case = fs::read_to_string(&path).unwrap();
        let played = play(&case);
        if played != case && std::env::var_os("FORMWRIGHT_UPDATE").is_some() {
            fs::write(&path, played).unwrap();
        } else if played != case {
            let (expected, found) =
                case.lines().zip(played.lines()).find(|(a, b)| a != b).unwrap_or_default();
            wrong.push(format!("{}:\n  expected {expected}\n  found    {found}", path.display()));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// The examples of the reference of submissions: files, sessions, findings and answers.
#[test]
fn the_reference_of_submissions_is_as_it_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/submission.md");
    let text = fs::read_to_string(&path).unwrap();
    let folder = workplace();
    let folder = folder.path();
    let planning = folder.join("schemas/planning-2015");
    fs::create_dir_all(&planning).unwrap();
    for entry in fs::read_dir(Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015")).unwrap() {
        let source = entry.unwrap().path();
        fs::copy(&source, planning.join(source.file_name().unwrap())).unwrap();
    }
    let mut out = String::new();
    let (mut rest, mut last, mut seen) = (text.as_str(), String::new(), Vec::new());
    while let Some((before, block)) = rest.split_once("\n```") {
        let (info, body) = block.split_once('\n').unwrap();
        let (body, after) = body.split_once("```").unwrap();
        out.push_str(&format!("{before}\n```{info}\n"));
        let words: Vec<&str> = info.split(' ').collect();
        seen.push(words[0].to_owned() + words.get(1).map_or("", |w| w.split('=').next().unwrap()));
        match words.as_slice() {
            ["json", file] if file.starts_with("file=") => {
                file["file=".len()..].clone_into(&mut last);
                fs::write(folder.join(&last), body).unwrap();
                out.push_str(body);
            }
            ["json", "finding"] => {
                let output = run(folder, &["validate", &last, "--format", "json"], b"");
                let reports: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
                let wanted: serde_json::Value = serde_json::from_str(body).unwrap();
                let found = reports["reports"][0]["findings"].as_array().unwrap();
                assert!(found.contains(&wanted), "{found:#?}");
                out.push_str(body);
            }
            ["json", "response"] => {
                let whole =
                    format!(r#"{{"survey": "planning-2015", "version": "1.0.0", "responses": [{body}]}}"#);
                let output = run(
                    folder,
                    &["validate", "--draft", "-", "--lines"],
                    whole.replace('\n', " ").as_bytes(),
                );
                let said = text_of(&output);
                assert!(said.contains("answer 1") && !said.contains("/responses"), "{said}");
                out.push_str(body);
            }
            ["console"] => {
                for line in body.lines().filter_map(|l| l.strip_prefix("$ formwright ")) {
                    out.push_str(&format!("$ formwright {line}\n{}", answer(folder, line)));
                }
            }
            _ => out.push_str(body),
        }
        out.push_str("```");
        rest = after;
    }
    out.push_str(rest);
    for kind in ["jsonfile", "jsonfinding", "jsonresponse", "console"] {
        assert!(seen.iter().any(|s| s == kind), "no {kind} block is left");
    }
    if out != text && std::env::var_os("FORMWRIGHT_UPDATE").is_some() {
        fs::write(&path, &out).unwrap();
    } else {
        let differs = text.lines().zip(out.lines()).find(|(a, b)| a != b);
        assert!(out == text, "FORMWRIGHT_UPDATE=1 writes it anew: {differs:?}");
    }
}

fn text_of(output: &Output) -> String {
    text(&output.stdout) + &text(&output.stderr)
}

const RETURN: &str = r#"{"survey": "libraries", "version": "2.0.0", "respondent": {"id": "1"}, "tables": {"stock": {"branches": [{"name": "A", "books": 5, "lent": 2}]}}}"#;

/// Every file of a folder with its content, links as they are.
fn contents(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for entry in fs::read_dir(next).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path)
            } else {
                found.push((path.clone(), fs::read(&path).unwrap()))
            }
        }
    }
    found.sort();
    found
}

/// The table with another label, so that most artefacts change.
fn changed() -> String {
    fs::read_to_string(root().join("schemas/libraries/stock.yaml"))
        .unwrap()
        .replace("en: Books", "en: Volumes")
}

/// The place of what is wrong in previous returns is that in their file.
#[test]
fn a_wrong_previous_line_is_named() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    fs::write(folder.join("old.jsonl"), format!("{RETURN}\n\n{{\"survey\": 1}}\n")).unwrap();
    let output = run(folder, &["validate", "r.json", "--previous", "old.jsonl"], b"");
    assert_eq!(output.status.code(), Some(2));
    assert!(text(&output.stderr).starts_with("formwright: old.jsonl:3:"), "{}", text(&output.stderr));
}

/// Two previous returns of one respondent, or of nobody: which is meant would be chance.
#[test]
fn previous_returns_of_one_respondent_are_refused() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    let of_all = r#"{"survey": "libraries", "version": "1.2.0"}"#;
    let all = "a previous return without a respondent, which is that of all, stands in line 1 already";
    for (line, lang, said) in [
        (RETURN, "en", "formwright: old.jsonl:3: the previous return of “1” stands in line 1 already\n"),
        (RETURN, "zh", "formwright: old.jsonl:3：“1”的上期报送已在第 1 行\n"),
        (of_all, "en", &format!("formwright: old.jsonl:3: {all}\n")),
        (of_all, "zh", "formwright: old.jsonl:3：第 1 行已有一份未写填报单位、供全体使用的上期报送\n"),
    ] {
        fs::write(folder.join("old.jsonl"), format!("{line}\n\n{line}\n")).unwrap();
        let output = run(folder, &["validate", "r.json", "--previous", "old.jsonl", "--lang", lang], b"");
        assert!(output.status.code() == Some(2) && text(&output.stderr) == said, "{}", text(&output.stderr));
    }
}

/// What can be given once only is refused a second time, before anything is read.
#[test]
fn what_is_given_twice_is_refused() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    let given = |args: &str, input: &str| {
        let output =
            run(folder, &words(args).iter().map(String::as_str).collect::<Vec<_>>(), input.as_bytes());
        assert_eq!(output.status.code(), Some(2), "{args}");
        text(&output.stderr)
    };
    for args in [
        "validate - --context - --lang en",
        "validate - --previous - --lang en",
        "validate r.json --context - --previous - --lang en",
    ] {
        let said = given(args, RETURN);
        assert!(
            said == "formwright: standard input can be read once only; it is named twice\n",
            "{args}: {said}"
        );
    }
    let said = given("validate r.json --previous r.json --previous r.json --lang en", "");
    assert_eq!(said, "formwright: --previous r.json: this previous return has been given already\n");
}

/// Several returns in one output are JSON Lines, which can be read again; one is laid out.
#[test]
fn several_migrated_returns_are_lines() {
    let folder = workplace();
    let folder = folder.path();
    fs::create_dir(folder.join("returns")).unwrap();
    for name in ["a.json", "b.json"] {
        fs::write(folder.join("returns").join(name), RETURN).unwrap();
    }
    assert!(run(folder, &["migrate", "returns", "-o", "all.jsonl"], b"").status.success());
    assert_eq!(fs::read_to_string(folder.join("all.jsonl")).unwrap().lines().count(), 2);
    let read = run(folder, &["validate", "all.jsonl", "--draft", "--lang", "en"], b"");
    assert!(text(&read.stdout).ends_with("2 returns: accepted 2, not accepted 0, unreadable 0\n"));
    assert!(run(folder, &["migrate", "returns/a.json", "-o", "one.json"], b"").status.success());
    assert!(fs::read_to_string(folder.join("one.json")).unwrap().lines().count() > 2);
}

/// A survey that cannot be read has no tree to show; why is told.
#[test]
fn a_tree_that_is_not_there_is_told() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("schemas/libraries/survey.yaml"), "survey: [\n").unwrap();
    let output = run(folder, &["dump", "ast", "--lang", "en"], b"");
    assert!(output.status.code() == Some(1) && output.stdout.is_empty(), "{}", text_of(&output));
    assert!(text(&output.stderr).contains("survey.yaml:"), "{}", text(&output.stderr));
}

/// The targets are those of the program: where there is no survey, they are listed all the same.
#[test]
fn targets_are_listed_without_a_survey() {
    let folder = tempfile::tempdir().unwrap();
    let output = run(folder.path(), &["targets", "--lang", "en"], b"");
    assert!(output.status.code() == Some(0) && output.stderr.is_empty(), "{}", text_of(&output));
    assert!(text(&output.stdout).starts_with("json-schema "), "{}", text(&output.stdout));
    let output = run(folder.path(), &["targets", "elsewhere", "--lang", "en"], b"");
    assert!(output.status.code() == Some(2) && output.stdout.is_empty(), "{}", text_of(&output));
    assert_eq!(text(&output.stderr), "formwright: there is no survey.yaml in elsewhere\n");
}

/// Names end in capitals on some systems.
#[test]
fn endings_are_read_in_any_case() {
    let folder = workplace();
    let folder = folder.path();
    fs::create_dir(folder.join("returns")).unwrap();
    fs::write(folder.join("returns/A.JSON"), RETURN).unwrap();
    fs::write(folder.join("returns/B.JSONL"), format!("{RETURN}\n{RETURN}\n")).unwrap();
    let output = run(folder, &["validate", "returns", "--draft", "--lang", "en"], b"");
    assert!(text(&output.stdout).ends_with("3 returns: accepted 3, not accepted 0, unreadable 0\n"));
}

/// Files of other systems: Windows line ends, byte order marks, encodings that are not UTF-8, folders for files.
#[test]
fn files_of_other_systems_are_read_or_named() {
    let folder = workplace();
    let folder = folder.path();
    let table = folder.join("schemas/libraries/stock.yaml");
    let original = fs::read_to_string(&table).unwrap();
    let check = |lang: &str| run(folder, &["check", "--lang", lang], b"");
    for good in [original.replace('\n', "\r\n"), format!("\u{feff}{original}"), original.replace('\n', "\r")]
    {
        fs::write(&table, good).unwrap();
        assert!(check("en").status.success(), "{}", text_of(&check("en")));
    }
    let wide: Vec<u8> = original.encode_utf16().flat_map(u16::to_le_bytes).collect();
    for (bad, en, zh) in [
        (wide, "not UTF-8 but UTF-16;", "不是 UTF-8，而是 UTF-16；"),
        (
            b"table: stock\ntitle: {en: \xe9}\n".to_vec(),
            "in an unknown encoding;",
            "不是 UTF-8，而是未知编码；",
        ),
    ] {
        fs::write(&table, bad).unwrap();
        for (lang, said) in [("en", en), ("zh", zh)] {
            let output = check(lang);
            assert!(
                output.status.code() == Some(2) && text_of(&output).contains(said),
                "{}",
                text_of(&output)
            );
        }
    }
    for (bytes, said) in [
        (b"{\"survey\": \"lib\xe9\"}".to_vec(), "this is not UTF-8"),
        (b"\xff\xfe{\0}\0".to_vec(), "the encoding is UTF-16"),
    ] {
        fs::write(folder.join("r.json"), bytes).unwrap();
        let output = run(folder, &["validate", "r.json", "--lang", "en"], b"");
        assert!(output.status.code() == Some(2) && text_of(&output).contains(said), "{}", text_of(&output));
    }
}

/// Something else than a file stands under the name of a source: it is said what.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_named() {
    use std::os::unix::fs::symlink;
    let folder = |path: &Path| fs::create_dir(path).unwrap();
    let nowhere = |path: &Path| symlink("nowhere", path).unwrap();
    let itself = |path: &Path| symlink(path, path).unwrap();
    let pipe = |path: &Path| assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
    type Make<'a> = &'a dyn Fn(&Path);
    let kinds: [(Make<'_>, &str, &str); 4] = [
        (&folder, "it is a folder", "它是文件夹"),
        (&nowhere, "it is a link that leads nowhere", "它是无处可通的链接"),
        (&itself, "it is a link that leads nowhere", "它是无处可通的链接"),
        (&pipe, "it is a device or pipe, not a file", "它是设备或管道，不是文件"),
    ];
    for (make, en, zh) in kinds {
        for (name, code) in [("stock.yaml", 1), ("lists.yaml", 1), ("survey.yaml", 2)] {
            let place = workplace();
            let path = place.path().join("schemas/libraries").join(name);
            fs::remove_file(&path).unwrap();
            make(&path);
            for (lang, said) in [("en", format!("{name}: {en}\n")), ("zh", format!("{name}：{zh}\n"))] {
                let output = run(place.path(), &["check", "--lang", lang], b"");
                assert_eq!(output.status.code(), Some(code), "{name}: {}", text_of(&output));
                assert!(text_of(&output).contains(&said), "{name}: {}", text_of(&output));
            }
        }
    }
}
