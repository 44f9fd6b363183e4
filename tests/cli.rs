//! The command as it is used: every file `tests/cli/*.txt` is a session with the real binary in a folder of its own.
//!
//! A line `== NAME` begins a file, which goes on to the next line that begins with `== ` or `$ `. A line `$ ARGUMENTS`
//! runs `formwright` (`$ ARGUMENTS < NAME` with that file on standard input); behind it stand what it writes (`| ` for
//! standard output, `! ` for standard error) and `exit N`. `FORMWRIGHT_UPDATE=1` writes down what happens.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic)]

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

#[test]
fn check_finds_every_kind_of_drift_and_build_mends_it() {
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries");
    let clean = contents(&made);
    let schema = made.join("json-schema/return.schema.json");
    let original = fs::read(&schema).unwrap();
    let mut flipped = original.clone();
    flipped[10] ^= 1;
    let drifts: [(&str, Vec<u8>); 3] =
        [("a bit", flipped), ("a newline", [original.as_slice(), b"\n"].concat()), ("emptied", Vec::new())];
    for (what, bytes) in drifts {
        fs::write(&schema, bytes).unwrap();
        let output = run(folder, &["build", "--check"], b"");
        assert_eq!(output.status.code(), Some(1), "{what}");
        assert!(text(&output.stderr).contains("return.schema.json (differs)"), "{what}");
        assert!(run(folder, &["build", "--quiet"], b"").status.success());
        assert_eq!(contents(&made), clean, "{what}");
    }
    fs::remove_file(&schema).unwrap();
    let output = run(folder, &["build", "--check"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("(missing)"));
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    fs::write(made.join("mine.txt"), "mine").unwrap();
    let output = run(folder, &["build", "--check", "--lang", "zh"], b"");
    assert_eq!(output.status.code(), Some(1));
    assert!(text(&output.stderr).contains("mine.txt（不是由本源文件生成的）"));
    // Somebody else's file is named and never removed.
    let output = run(folder, &["build", "--quiet"], b"");
    assert!(output.status.success() && text(&output.stderr).contains("mine.txt"));
    assert_eq!(fs::read(made.join("mine.txt")).unwrap(), b"mine");
}

#[test]
fn unchanged_files_are_not_touched_and_files_no_longer_made_are_removed() {
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries");
    let stamp = |name: &str| fs::metadata(made.join(name)).unwrap().modified().unwrap();
    let before = stamp("json-schema/return.schema.json");
    let list = made.join(".formwright");
    let old = fs::read_to_string(&list).unwrap()
        + "json-schema\tjson-schema/gone.json\njson-schema\t../outside.json\n";
    fs::write(&list, old).unwrap();
    fs::write(made.join("json-schema/gone.json"), "{}").unwrap();
    fs::write(folder.join("generated/outside.json"), "{}").unwrap();
    fs::write(made.join("json-schema/.formwright-tmp-1-0"), "half").unwrap();
    let output = run(folder, &["build"], b"");
    assert!(output.status.success(), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains(", 0 changed, 1 removed"), "{}", text(&output.stdout));
    assert!(!made.join("json-schema/gone.json").exists());
    assert!(folder.join("generated/outside.json").exists());
    assert!(!made.join("json-schema/.formwright-tmp-1-0").exists());
    assert_eq!(stamp("json-schema/return.schema.json"), before);
}

#[test]
fn a_folder_of_other_things_is_refused() {
    let folder = workplace();
    let folder = folder.path();
    let before = contents(folder);
    let output = run(folder, &["build", "--out", "schemas"], b"");
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("did not write"), "{}", text(&output.stderr));
    assert_eq!(contents(folder), before);
}

#[cfg(unix)]
#[test]
fn nothing_is_written_through_links() {
    use std::os::unix::fs::symlink;
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries");
    let schema = made.join("json-schema/return.schema.json");
    let original = fs::read(&schema).unwrap();
    fs::rename(&schema, folder.join("elsewhere.json")).unwrap();
    symlink(folder.join("elsewhere.json"), &schema).unwrap();
    assert_eq!(run(folder, &["build", "--check"], b"").status.code(), Some(1));
    fs::write(folder.join("elsewhere.json"), "precious").unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    assert_eq!(fs::read(folder.join("elsewhere.json")).unwrap(), b"precious");
    assert_eq!(fs::read(&schema).unwrap(), original);
    let away = folder.join("away");
    fs::rename(made.join("json-schema"), &away).unwrap();
    symlink(&away, made.join("json-schema")).unwrap();
    let before = contents(&away);
    fs::write(folder.join("schemas/libraries/stock.yaml"), changed()).unwrap();
    let output = run(folder, &["build"], b"");
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(contents(&away), before);
}

/// The table with another label, so that most artefacts change.
fn changed() -> String {
    fs::read_to_string(root().join("schemas/libraries/stock.yaml"))
        .unwrap()
        .replace("en: Books", "en: Volumes")
}

/// Killed at any moment, each file is whole: the old one or the new one; and the next build makes it right.
#[cfg(unix)]
#[test]
fn a_kill_leaves_whole_files() {
    let folder = workplace();
    let folder = folder.path();
    let made = folder.join("generated/libraries");
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let old = contents(&made);
    let source = folder.join("schemas/libraries/stock.yaml");
    let original = fs::read(&source).unwrap();
    fs::write(&source, changed()).unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let new = contents(&made);
    assert_ne!(old, new);
    for delay in 0..25u64 {
        fs::write(&source, if delay % 2 == 0 { original.clone() } else { changed().into_bytes() }).unwrap();
        let mut child = command(folder).args(["build", "--quiet"]).stdin(Stdio::null()).spawn().unwrap();
        std::thread::sleep(std::time::Duration::from_millis(delay * 2));
        child.kill().unwrap();
        child.wait().unwrap();
        let whole = |(path, bytes): &(PathBuf, Vec<u8>)| {
            let name = path.file_name().unwrap().to_string_lossy();
            let temporary = name.starts_with(".formwright-tmp-") || name == ".formwright-journal";
            let is = |set: &[(PathBuf, Vec<u8>)]| set.iter().any(|(p, b)| p == path && b == bytes);
            temporary || is(&old) || is(&new)
        };
        assert!(contents(&made).iter().all(whole), "after {delay}");
        assert!(run(folder, &["build", "--quiet"], b"").status.success());
        assert_eq!(contents(&made), if delay % 2 == 0 { old.clone() } else { new.clone() });
    }
}

/// Killed before its first, second, … rename or removal, a build leaves a set that is old, or new, or marked as of two
/// builds; and the next build says so and completes it, even one of another target.
#[cfg(target_os = "linux")]
#[test]
fn a_build_killed_between_renames_is_found_and_completed() {
    if !Command::new("strace").arg("-V").output().is_ok_and(|o| o.status.success()) {
        eprintln!("skipped: strace is not installed");
        return;
    }
    let folder = workplace();
    let folder = folder.path();
    let made = folder.join("generated/libraries");
    let source = folder.join("schemas/libraries/stock.yaml");
    let original = fs::read_to_string(&source).unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let old = contents(&made);
    fs::write(&source, changed()).unwrap();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let new = contents(&made);
    let journal = made.join(".formwright-journal");
    let mut marked = 0;
    for n in 1.. {
        fs::write(&source, &original).unwrap();
        assert!(run(folder, &["build", "--quiet"], b"").status.success());
        fs::write(&source, changed()).unwrap();
        let inject = format!("inject=rename,renameat,renameat2:signal=KILL:when={n}");
        let killed = Command::new("strace")
            .args([
                "-f",
                "-o",
                "/dev/null",
                "-e",
                &inject,
                env!("CARGO_BIN_EXE_formwright"),
                "build",
                "--quiet",
            ])
            .current_dir(folder)
            .output()
            .unwrap();
        if killed.status.success() {
            break;
        }
        let found: Vec<_> = contents(&made)
            .into_iter()
            .filter(|(path, _)| !path.file_name().unwrap().to_string_lossy().starts_with(".formwright-"))
            .collect();
        if !journal.exists() {
            assert!(found == old, "before rename {n}");
            continue;
        }
        marked += 1;
        let checked = run(folder, &["build", "--check"], b"");
        assert_eq!(checked.status.code(), Some(1));
        assert!(text_of(&checked).contains("a build was interrupted here"), "{}", text_of(&checked));
        let completed = run(folder, &["build", "--quiet"], b"");
        assert!(completed.status.success());
        assert!(text_of(&completed).contains("that has been completed"), "{}", text_of(&completed));
        assert!(contents(&made) == new, "after rename {n}");
    }
    assert!(marked > 3, "{marked}");
}

/// Runs a test that only makes sense for a user whom permissions bind, or for root; says where it is skipped.
#[cfg(unix)]
fn is_root() -> bool {
    let id = Command::new("id").arg("-u").output().unwrap();
    text(&id.stdout).trim() == "0"
}

#[cfg(unix)]
#[test]
fn a_read_only_folder_is_left_as_it_is() {
    use std::os::unix::fs::PermissionsExt;
    if is_root() {
        eprintln!("skipped: root may write everywhere");
        return;
    }
    let folder = workplace();
    let folder = folder.path();
    assert!(run(folder, &["build", "--quiet"], b"").status.success());
    let made = folder.join("generated/libraries/json-schema");
    let before = contents(&made);
    fs::write(folder.join("schemas/libraries/stock.yaml"), changed()).unwrap();
    fs::set_permissions(&made, fs::Permissions::from_mode(0o555)).unwrap();
    let output = run(folder, &["build"], b"");
    fs::set_permissions(&made, fs::Permissions::from_mode(0o755)).unwrap();
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert_eq!(contents(&made), before);
}

/// A file system of 96 KB fills up: the old set stays, nothing is left behind, and the exit code says the disk.
#[cfg(target_os = "linux")]
#[test]
fn a_full_disk_leaves_the_old_set() {
    let folder = workplace();
    let folder = folder.path();
    let disk = folder.join("disk");
    fs::create_dir(&disk).unwrap();
    let mount = Command::new("mount").args(["-t", "tmpfs", "-o", "size=1m", "tmpfs"]).arg(&disk).output();
    if !mount.is_ok_and(|m| m.status.success()) {
        eprintln!("skipped: no file system may be mounted here");
        return;
    }
    let built = run(folder, &["build", "--quiet", "--out", "disk"], b"");
    let before = contents(&disk);
    // All but one page is taken.
    let mut filler = fs::File::create(disk.join("filler")).unwrap();
    while filler.write_all(&[0; 4096]).is_ok() {}
    fs::write(folder.join("schemas/libraries/stock.yaml"), changed()).unwrap();
    let output = run(folder, &["build", "--out", "disk"], b"");
    drop(filler);
    let _ = fs::remove_file(disk.join("filler"));
    let after = contents(&disk);
    let unmounted = Command::new("umount").arg(&disk).status().unwrap();
    assert!(built.status.success() && unmounted.success());
    assert_eq!(output.status.code(), Some(3), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("the disk is full"), "{}", text(&output.stderr));
    assert_eq!(after, before);
}

#[test]
fn the_same_bytes_whatever_the_surroundings() {
    let (one, two) = (workplace(), workplace());
    let (one, two) = (one.path(), two.path());
    assert!(run(one, &["build", "--quiet"], b"").status.success());
    let other = command(two)
        .args(["build", "--quiet", "--lang", "zh", "--out", "generated"])
        .envs([("TZ", "Asia/Shanghai"), ("LC_ALL", "zh_CN.UTF-8"), ("RAYON_NUM_THREADS", "1"), ("HOME", "/")])
        .stdin(Stdio::null())
        .output()
        .unwrap();
    assert!(other.status.success());
    let relative = |root: &Path| -> Vec<(PathBuf, Vec<u8>)> {
        let all = contents(&root.join("generated")).into_iter();
        all.map(|(path, bytes)| (path.strip_prefix(root).unwrap().to_path_buf(), bytes)).collect()
    };
    assert_eq!(relative(one), relative(two));
}

#[test]
fn closed_pipes_are_no_failure() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.jsonl"), format!("{RETURN}\n").repeat(20_000)).unwrap();
    let mut child = command(folder)
        .args(["validate", "r.jsonl", "--format", "jsonl"])
        .stdin(Stdio::null())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert!(matches!(output.status.code(), Some(0 | 1)), "{:?} {}", output.status, text(&output.stderr));
    assert_eq!(text(&output.stderr), "");
}

#[cfg(target_os = "linux")]
#[test]
fn a_full_standard_output_is_a_failure_of_the_disk() {
    let full = fs::OpenOptions::new().write(true).open("/dev/full").unwrap();
    let folder = workplace();
    let mut command = command(folder.path());
    let output = command.args(["explain", "--lang", "zh"]).stdout(full).output().unwrap();
    assert_eq!(output.status.code(), Some(3));
    assert_eq!(text(&output.stderr), "formwright: 标准输出：磁盘已满\n");
}

#[test]
fn json_lines_keep_their_order_on_many_cores() {
    let folder = workplace();
    let folder = folder.path();
    let line = |n: usize| {
        if n.is_multiple_of(97) {
            "{\"survey\": \n".to_owned()
        } else {
            format!("{}\n", RETURN.replace("\"id\": \"1\"", &format!("\"id\": \"{n}\"")))
        }
    };
    fs::write(folder.join("r.jsonl"), (1..=3000).map(line).collect::<String>()).unwrap();
    let output = run(folder, &["validate", "r.jsonl", "--format", "jsonl"], b"");
    assert_eq!(output.status.code(), Some(2));
    let lines: Vec<serde_json::Value> =
        text(&output.stdout).lines().map(|l| serde_json::from_str(l).unwrap()).collect();
    let of = |types: &[&str]| -> Vec<u64> {
        let wanted = lines.iter().filter(|l| types.contains(&l["type"].as_str().unwrap()));
        wanted.map(|l| l["line"].as_u64().unwrap()).collect()
    };
    assert!(of(&["return", "error"]).into_iter().eq(1..=3000));
    assert_eq!(of(&["error"]).len(), 3000 / 97);
    assert_eq!(lines.last().unwrap()["returns"], 3000);
    assert_eq!(text(&output.stderr).lines().count(), 3000 / 97);
}

/// Runs with at most so many kilobytes of data.
#[cfg(target_os = "linux")]
fn within(folder: &Path, kilobytes: u32, args: &str) -> Output {
    let binary = env!("CARGO_BIN_EXE_formwright");
    Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -d {kilobytes}; exec '{binary}' {args}"))
        .env("LANG", "C")
        // What a backtrace needs is not there when memory has run out.
        .env_remove("RUST_BACKTRACE")
        .current_dir(folder)
        .output()
        .unwrap()
}

/// Of 30 000 rows with five findings each the first 10 000 findings are listed, and memory is not that of all.
#[cfg(target_os = "linux")]
#[test]
fn findings_that_are_not_listed_take_no_memory() {
    let folder = workplace();
    let folder = folder.path();
    let row = |n: usize| format!(r#"{{"name": "n{n}", "kind": "city", "books": 1, "lent": 7, "more": 1}}"#);
    let rows: Vec<String> = (0..30_000).map(row).collect();
    let text = format!(
        r#"{{"survey": "libraries", "version": "2.0.0", "respondent": {{"id": "1"}}, "tables": {{"stock": {{"branches": [{}]}}}}}}"#,
        rows.join(",")
    );
    fs::write(folder.join("r.json"), text).unwrap();
    let output = within(folder, 250_000, "validate r.json");
    assert_eq!(output.status.code(), Some(1), "{}", text_of(&output));
    let said = text_of(&output);
    let tail: Vec<&str> = said.lines().rev().take(2).collect();
    assert_eq!(tail[1], "  … the list is cut after 10000 findings; 140001 more are counted and not listed");
    assert_eq!(tail[0], "  not accepted (errors 90001, warnings 0, notices 0, settled 0, undecided 60000)");
}

/// Lines of which each is large: neither the migration nor the previous returns are held in memory.
#[cfg(target_os = "linux")]
#[test]
fn migrated_and_previous_lines_are_not_held_in_memory() {
    let folder = workplace();
    let folder = folder.path();
    let line = |n: usize| {
        let more = "x".repeat(1 << 20);
        RETURN
            .replace("\"id\": \"1\"", &format!("\"id\": \"{n}\""))
            .replace("\"books\"", &format!("\"more\": \"{more}\", \"books\""))
            + "\n"
    };
    let mut file = std::io::BufWriter::new(fs::File::create(folder.join("old.jsonl")).unwrap());
    (0..50).for_each(|n| file.write_all(line(n).as_bytes()).unwrap());
    drop(file);
    let (code, peak) = peak(folder, &["migrate", "old.jsonl", "-o", "new.jsonl"]);
    assert!(code == Some(1) && peak < 80 << 10, "{code:?}, {peak} KB");
    assert!(fs::read(folder.join("new.jsonl")).unwrap() == fs::read(folder.join("old.jsonl")).unwrap());
    fs::write(folder.join("r.jsonl"), RETURN.replace("\"id\": \"1\"", "\"id\": \"49\"").replace("5", "4"))
        .unwrap();
    let (code, peak) = self::peak(
        folder,
        &["validate", "r.jsonl", "--draft", "--previous", "old.jsonl", "--deny", "warnings"],
    );
    assert!(code == Some(1) && peak < 80 << 10, "{code:?}, {peak} KB");
}

/// Runs, and gives the exit code and the most memory that was in use, in kilobytes.
#[cfg(target_os = "linux")]
fn peak(folder: &Path, args: &[&str]) -> (Option<i32>, u64) {
    let mut command = command(folder);
    let mut child = command.args(args).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    loop {
        let status = fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let now = line.and_then(|line| line.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(now.unwrap_or(0));
        if let Some(status) = child.try_wait().unwrap() {
            return (status.code(), most);
        }
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
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

/// A device or pipe named as output is written, not replaced.
#[cfg(target_os = "linux")]
#[test]
fn devices_are_written_and_not_replaced() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.json"), RETURN).unwrap();
    let pipe = folder.join("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let reader = std::thread::spawn({
        let pipe = pipe.clone();
        move || fs::read_to_string(pipe).unwrap()
    });
    let output = run(folder, &["migrate", "r.json", "-o", "pipe"], b"");
    assert!(output.status.success(), "{}", text_of(&output));
    assert!(reader.join().unwrap().contains("libraries"));
    std::os::unix::fs::symlink(folder.join("r.json"), folder.join("link.json")).unwrap();
    for (to, code) in [("/dev/full", 3), ("schemas", 3), ("link.json", 3), ("no/such/r.json", 0)] {
        let output = run(folder, &["migrate", "r.json", "-o", to], b"");
        assert_eq!(output.status.code(), Some(code), "{to}: {}", text_of(&output));
    }
    assert!(!fs::metadata("/dev/full").unwrap().is_file());
}

/// A full disk is told of whatever is printed; a reader that goes away early is no fault.
#[cfg(target_os = "linux")]
#[test]
fn output_that_cannot_be_written_is_told() {
    let folder = workplace();
    let folder = folder.path();
    fs::write(folder.join("r.jsonl"), format!("{RETURN}\n").repeat(2000)).unwrap();
    for args in ["--help", "--version", "check", "validate r.jsonl", "schema", "explain E0101"] {
        for (lang, said) in [("en", "standard output: the disk is full\n"), ("zh", "标准输出：磁盘已满\n")]
        {
            let mut command = command(folder);
            let args = words(&format!("{args} --lang {lang}"));
            command.args(&args).stdin(Stdio::null());
            let full = command.stdout(fs::OpenOptions::new().write(true).open("/dev/full").unwrap());
            let output = full.spawn().unwrap().wait_with_output().unwrap();
            let found = text(&output.stderr);
            assert!(output.status.code() == Some(3) && found.ends_with(said), "{args:?}: {found}");
        }
        let (reader, writer) = std::io::pipe().unwrap();
        drop(reader);
        let mut command = command(folder);
        command.args(words(args)).stdin(Stdio::null()).stdout(writer);
        let output = command.spawn().unwrap().wait_with_output().unwrap();
        assert!(output.status.success() && output.stderr.is_empty(), "{args}: {}", text(&output.stderr));
    }
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
    fs::remove_file(&table).unwrap();
    fs::create_dir(&table).unwrap();
    assert!(text_of(&check("en")).contains("E0114"));
    for (bytes, said) in [
        (b"{\"survey\": \"lib\xe9\"}".to_vec(), "this is not UTF-8"),
        (b"\xff\xfe{\0}\0".to_vec(), "the encoding is UTF-16"),
    ] {
        fs::write(folder.join("r.json"), bytes).unwrap();
        let output = run(folder, &["validate", "r.json", "--lang", "en"], b"");
        assert!(output.status.code() == Some(2) && text_of(&output).contains(said), "{}", text_of(&output));
    }
}

/// A line over the limit and a file far over it: the others are still checked, in little memory.
#[cfg(target_os = "linux")]
#[test]
fn json_lines_need_constant_memory() {
    let folder = workplace();
    let folder = folder.path();
    let mut file = std::io::BufWriter::new(fs::File::create(folder.join("r.jsonl")).unwrap());
    file.write_all(b"{\"a\": \"").unwrap();
    for _ in 0..80 {
        file.write_all(&[b'x'; 1 << 20]).unwrap();
    }
    file.write_all(format!("\"}}\n{RETURN}\n").as_bytes()).unwrap();
    file.into_inner().unwrap().sync_all().unwrap();
    let output = Command::new("sh")
        .arg("-c")
        .arg(format!("ulimit -v 1500000; exec '{}' validate r.jsonl", env!("CARGO_BIN_EXE_formwright")))
        .current_dir(folder)
        .output()
        .unwrap();
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("r.jsonl:1: the line is over the limit of 67108864 bytes"));
    assert!(text(&output.stdout).contains("r.jsonl:2 (final)"));
}
