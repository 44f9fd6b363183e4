//! Standard input and output, pipes and devices.

use super::*;

/// Runs with standard output closed from the first byte.
fn run_unread(folder: &Path, args: &[&str]) -> Output {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    command(folder)
        .args(args)
        .stdin(Stdio::null())
        .stdout(writer)
        .spawn()
        .unwrap()
        .wait_with_output()
        .unwrap()
}

#[test]
fn a_reader_that_goes_away_leaves_the_verdict() {
    let folder = workplace();
    let folder = folder.path();
    let wrong = RETURN.replace("\"lent\": 2", "\"lent\": 9");
    fs::write(folder.join("good.jsonl"), format!("{RETURN}\n").repeat(2_000)).unwrap();
    fs::write(folder.join("bad.jsonl"), format!("{}{wrong}\n", format!("{RETURN}\n").repeat(2_000))).unwrap();
    fs::write(folder.join("odd.jsonl"), format!("{}{{\n", format!("{RETURN}\n").repeat(2_000))).unwrap();
    for format in ["text", "jsonl", "json", "sarif"] {
        let files = [("bad.jsonl", 1), ("odd.jsonl", 2), ("good.jsonl", 0)];
        for (file, code) in files.into_iter().take(if format.starts_with('j') { 1 } else { 3 }) {
            let output = run_unread(folder, &["validate", "--draft", file, "--format", format]);
            assert_eq!(output.status.code(), Some(code), "{file} {format}");
            assert_eq!(output.stderr.is_empty(), code < 2, "{file} {format}: {}", text(&output.stderr));
        }
    }
    let table = folder.join("schemas/libraries/stock.yaml");
    let wrong = fs::read_to_string(&table).unwrap().replace("type: count", "type: cuont");
    fs::write(table, wrong).unwrap();
    for format in ["text", "json", "sarif", "github"] {
        let output = run_unread(folder, &["check", "--format", format]);
        assert!(output.status.code() == Some(1) && output.stderr.is_empty(), "{format}");
    }
}

/// A stream that may have no end is not read on for nobody.
#[test]
fn standard_input_is_not_read_on_for_nobody() {
    let folder = workplace();
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    let mut command = command(folder.path());
    let mut child =
        command.args(["validate", "-", "--lines"]).stdin(Stdio::piped()).stdout(writer).spawn().unwrap();
    let mut stdin = child.stdin.take().unwrap();
    let line = format!("{RETURN}\n").repeat(1000);
    while stdin.write_all(line.as_bytes()).is_ok() {}
    let output = child.wait_with_output().unwrap();
    assert!(output.status.success() && output.stderr.is_empty(), "{}", text(&output.stderr));
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

/// Blank lines before the first return count, and the place of a finding is counted in characters.
#[test]
fn places_are_those_of_the_input() {
    let folder = workplace();
    let folder = folder.path();
    let wrong = RETURN.replace("\"lent\": 2", "\"lent\": 9").replace("\"A\"", "\"城市\"");
    let report = |args: &[&str], input: &str| {
        let args = [&["validate", "--draft", "--format", "sarif"], args].concat();
        let output = run(folder, &args, input.as_bytes());
        let log: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
        let result = &log["runs"][0]["results"][0];
        let region = &result["locations"][0]["physicalLocation"]["region"];
        let at = (region["startLine"].as_u64().unwrap(), region["startColumn"].as_u64().unwrap());
        (at, result["message"]["text"].as_str().unwrap().to_owned())
    };
    let column = wrong.chars().collect::<String>().find("9").map(|at| wrong[..at].chars().count() as u64 + 1);
    let column = column.unwrap();
    assert_eq!(report(&["-"], &format!("\n \n{wrong}\n")).0, (3, column));
    assert_eq!(report(&["-", "--lines"], &format!("\n{wrong}\n{wrong}\n")).0, (2, column));
    let spread = wrong.replace("\"tables\"", "\n\"tables\"");
    assert_eq!(report(&["-"], &format!("\n\n{spread}\n")).0.0, 4);
    fs::write(folder.join("r.json"), &spread).unwrap();
    assert_eq!(report(&["r.json"], "").0.0, 2);
    let (at, said) = report(&["-", "--lang", "zh"], "\n\n{\n  x}");
    assert!(at == (4, 3) && said.contains("不是可读的 JSON"), "{at:?} {said}");
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
