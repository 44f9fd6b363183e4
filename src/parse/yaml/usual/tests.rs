use super::*;
use granit_parser::Parser;
use proptest::prelude::*;
use std::sync::LazyLock;

/// The events of the other reader, without those of stream and document; none where it finds a mistake.
fn others(text: &str) -> Option<Vec<Step<'_>>> {
    let mut out = Vec::new();
    let mut documents = 0;
    for step in Parser::new_from_str(text) {
        let (event, span) = step.ok()?;
        match event {
            Event::DocumentStart(..) => documents += 1,
            Event::StreamStart | Event::StreamEnd | Event::DocumentEnd => {}
            event => out.push((event, span.byte_range().unwrap())),
        }
    }
    (documents == 1).then_some(out)
}

fn same(text: &str) -> bool {
    let Some(found) = events(text) else { return false };
    assert_eq!(Some(found), others(text), "{text}");
    true
}

#[test]
fn usual_files_are_read_directly() {
    let usual = [
        "a: 1\n",
        "# c\na: 1  # x\nb:\n  - x: 1\n    y: {k: v, \"q\": 'it''s', e: , f, g: [1, 2, ]}\n\n  # com\n  - z\n  -\n  - - p\n    - q\nc:\n- s\n- t: 1\nd:\n\ne: \"\"\n",
        "- a: 1\n  b:\n- c\n",
        "a:\n  b:\n    c: 1\n\n# x\nd: 2",
        "中文: [一、二, {三: 四}]  # 注\n\"键\": '值'\n",
        "a: {b: 1,\n    c: [x y,\n  z]}\nd: http://x.y:80/#z\n",
        "a: '\\d'\nb: -1\nc: x - y\nd: a:b\n",
    ];
    usual.iter().for_each(|text| assert!(same(text), "{text}"));
}

/// What is left to the other reader, right or wrong.
#[test]
fn unusual_files_are_left() {
    let left = [
        "",
        "# only\n",
        "a",
        "a: \"\\n\"\n",
        "a: x\n  y\n",
        "a: |\n  x\n",
        "a: &x 1\n",
        "a: *x\n",
        "a: !t 1\n",
        "--- \na: 1\n",
        "a: 1\n---\nb: 1\n",
        "a: 1\n...\n",
        "%YAML 1.2\n",
        "a:\t1\n",
        "a: 1\r\n",
        "? a\n: 1\n",
        "a: b: c\n",
        "a: [b\n]\n",
        "a: [b: c]\n",
        "a: {b c: d e: f}\n",
        "a:\n    b: 1\n  c: 2\n",
        "a: 1\n  b: 2\n",
        "a: [x] y\n",
        "a: 'x' y\n",
        "- a\nb: 1\n",
        "a: 'x\ny'\n",
        "{a: 1}: 2\n",
        "a: - b\n",
        "a: \u{85}\n",
        "a: \u{2028}\n",
        "a: \u{feff}\n",
        "a: x #y\n z\n",
        "a: 'b'#c\n",
    ];
    left.iter().for_each(|text| assert_eq!(events(text), None, "{text:?}"));
}

fn files(folder: &str, out: &mut Vec<String>) {
    let Ok(read) = std::fs::read_dir(folder) else { return };
    for path in read.map(|e| e.unwrap().path()) {
        if path.is_dir() {
            files(path.to_str().unwrap(), out);
        } else if path.extension().is_some_and(|x| x == "yaml") {
            out.extend(std::fs::read_to_string(path));
        }
    }
}

/// What stands in the repository.
static WRITTEN: LazyLock<Vec<String>> = LazyLock::new(|| {
    let mut out = Vec::new();
    ["schemas", "examples", "tests/cases", "tests/agreement"]
        .iter()
        .for_each(|folder| files(folder, &mut out));
    assert!(out.len() > 30);
    out
});

#[test]
fn the_files_at_hand_are_read_alike() {
    let all = &*WRITTEN;
    let direct = all.iter().filter(|text| same(text)).count();
    assert!(2 * direct > all.len(), "{direct} of {} are read directly", all.len());
}

/// The files of the survey that speed is measured by are all of the usual forms.
#[test]
fn the_seed_survey_is_read_directly() {
    let mut all = Vec::new();
    files("schemas/planning-2015", &mut all);
    all.iter().for_each(|text| assert!(same(text), "{text}"));
}

/// Pieces that YAML is made of.
fn pieces() -> impl Strategy<Value = String> {
    let piece = prop::sample::select(vec![
        "a", "b: ", "b:\n", "c", ": ", ":", "- ", "-", "\n", "\n  ", "\n    ", "\n", " ", "  ", "{", "}",
        "[", "]", ", ", ",", "'", "\"", "''", "#", " # x\n", "中", "？", "|", ">", "&x ", "*x", "!t ",
        "---\n", "...", "%", "@", "`", "?", "? ", "\\", "\t", "\r\n", "~", "null", "x: y\n", "- x\n",
        "{a: b}", "[a, b]", "'q'", "\"q\"", "<<: ", "1.0", "\u{a0}", "\u{85}", "\u{feff}", "==", "= ",
    ]);
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn chance_texts_are_read_alike(text in pieces()) {
        same(&text);
    }

    #[test]
    fn changed_files_are_read_alike(
        which in 0..1000_usize, at in 0..100_000_usize, cut in 0..4_usize, put in pieces(), keep in 50..400_usize
    ) {
        let all = &*WRITTEN;
        let whole = &all[which % all.len()];
        // A part of it, from the beginning of a line, so that changes meet each other's neighbourhood often.
        let starts: Vec<usize> = whole.match_indices('\n').map(|(n, _)| n + 1).chain([0]).collect();
        let start = starts[at % starts.len()];
        let part: String = whole[start..].chars().take(keep).collect();
        let chars: Vec<char> = part.chars().collect();
        let place = if chars.is_empty() { 0 } else { at % chars.len() };
        let end = (place + cut).min(chars.len());
        let text: String = chars[..place].iter().copied().chain(put.chars()).chain(chars[end..].iter().copied()).collect();
        same(&text);
        same(&part);
    }
}
