//! What grows without limit is not held in memory.

use super::*;

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

/// A first line over the limit on standard input is told, too, and the next ones are checked.
#[test]
fn a_first_line_over_the_limit_is_told() {
    let folder = workplace();
    let input =
        [vec![b' '; 1], b"\n{".to_vec(), vec![b'x'; 65 << 20], format!("\n{RETURN}\n").into_bytes()].concat();
    let output = run(folder.path(), &["validate", "-", "--lines", "--draft", "--lang", "en"], &input);
    assert_eq!(output.status.code(), Some(2), "{}", text(&output.stderr));
    assert!(text(&output.stderr).contains("-:2: the line is over the limit"), "{}", text(&output.stderr));
    assert!(text(&output.stdout).contains("-:3 (draft)"), "{}", text(&output.stdout));
}
