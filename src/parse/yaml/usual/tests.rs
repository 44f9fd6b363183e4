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

/// A file of nothing but small parts is not kept as events: sixteen megabytes would be more than a gigabyte of them.
#[test]
fn files_of_many_events_are_left() {
    for part in ["- a\n", "-\n", "- []\n", "- {a}\n"] {
        assert!(events(&part.repeat(MOST_EVENTS / 10)).is_some());
        assert!(events(&part.repeat(MOST_EVENTS + 1)).is_none());
    }
    let list = |n: usize| format!("a: [{}]\n", "a,".repeat(n));
    assert!(events(&list(MOST_EVENTS - 10)).is_some());
    assert!(events(&list(MOST_EVENTS + 10)).is_none());
}

/// The lengths and depths at which either reader gives up.
#[test]
fn long_and_deep_texts_are_read_alike() {
    for length in [999, 1000, 1001, 1022, 1023, 1024, 1025, 1026, 5000] {
        for letter in ["k", "中", "😀"] {
            let long = letter.repeat(length);
            same(&format!("{long}: 1\n"));
            same(&format!("- '{long}': 1\n"));
            same(&format!("- \"{long}\": 1\n"));
            same(&format!("a: {{{long}: 1}}\n"));
            same(&format!("a: {{\"{long}\"}}\n"));
            assert!(same(&format!("a: {long}\nb: '{long}'\nc:\n- {long}\nd: [{long}, \"{long}\"]\n")));
            assert!(same(&format!("- [{long}]\n- {{a: {long}}}\n- - {long}\n-\n  [{long}]\n")));
            assert!(same(&format!("[{long},\n {long}]")));
        }
    }
    for depth in 50..70 {
        let close = |open: &str, close: &str| format!("{}{}", open.repeat(depth), close.repeat(depth));
        assert_eq!(same(&format!("a: {}\n", close("[", "]"))), depth < DEEPEST);
        assert_eq!(same(&close("[", "]")), depth <= DEEPEST);
        assert_eq!(same(&format!("a: {}\n", close("{a: ", "}"))), depth < DEEPEST);
        assert_eq!(same(&format!("{}x\n", "- ".repeat(depth))), depth <= DEEPEST);
        let mapping: String = (0..depth).map(|n| format!("{}a:\n", " ".repeat(n))).collect();
        assert_eq!(same(&mapping), depth <= DEEPEST);
    }
}

/// Writes a text of collections within each other, with odd blanks, comments and line breaks, as some bytes have it; now
/// and then with something that does not belong there.
struct Whim {
    bytes: std::vec::IntoIter<u8>,
    out: String,
}

impl Whim {
    fn text(bytes: Vec<u8>) -> String {
        let mut whim = Whim { bytes: bytes.into_iter(), out: String::new() };
        whim.push(&["", "", "", "# 注\n", "\n", "  \n"], &["---\n", "...\n", "%A\n"]);
        let indent = whim.one(&[0, 0, 0, 1, 2]);
        whim.blanks(indent);
        whim.block(indent, 0);
        whim.push(
            &["", "\n", "\n", " ", "\n  ", "\n# c", "\n\n"],
            &["\n...", "\n---\n", "\n\u{a0}\n", "\n x"],
        );
        whim.out
    }

    /// One of some, the first where no byte is left.
    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[usize::from(self.bytes.next().unwrap_or(0)) % of.len()]
    }

    /// Writes one of the usual pieces, now and then one of the odd.
    fn push(&mut self, usual: &[&str], odd: &[&str]) {
        let is_odd = !odd.is_empty() && self.bytes.next().is_some_and(|byte| byte > 250);
        let text = self.one(if is_odd { odd } else { usual });
        self.out.push_str(text);
    }

    fn blanks(&mut self, n: usize) {
        self.out.extend(std::iter::repeat_n(' ', n));
    }

    /// A line end, what may stand after it, and the indentation of the next line.
    fn line(&mut self, indent: usize) {
        self.push(
            &["", "", "", "", " ", "  ", " # c", "  # 注 'x", " #"],
            &["#", "\u{3000}", "\u{a0}", "\t"],
        );
        self.push(&["\n", "\n", "\n", "\n\n", "\n  \n", "\n# c\n", "\n   # c: d\n\n", "\n#\n"], &["\r\n"]);
        let wrong = self.bytes.next().filter(|byte| *byte > 250);
        self.blanks(wrong.map_or(indent, |byte| (indent + usize::from(byte)).saturating_sub(253)));
    }

    fn block(&mut self, indent: usize, depth: usize) {
        let is_list = self.one(&[false, true]);
        for n in 0..self.one(&[1, 2, 3]) {
            if n > 0 {
                self.line(indent);
            }
            if is_list {
                self.out.push('-');
                self.item(indent, depth);
            } else {
                self.key();
                self.push(&[":"], &[" :", "", "::"]);
                self.value(indent, depth);
            }
        }
    }

    fn key(&mut self) {
        let usual =
            ["a", "b c", "'q'", "\"q\"", "中", "'it''s'", "a-b", "x:y", "-1", "<<", "''", "?x", "a#", "a'b"];
        self.push(&usual, &["- a", "? a", "a: b", "&a b", "\"\\x\"", "---", "[a]", ""]);
    }

    fn value(&mut self, indent: usize, depth: usize) {
        match self.one(&[0, 1, 1, 2, 3, 4, 5]) {
            0 => {}
            1 if depth < 4 => {
                let inner = indent + self.one(&[2, 2, 1, 4, 0]);
                self.line(inner);
                self.block(inner, depth + 1);
            }
            2 => {
                let inner = indent + self.one(&[2, 1, 3]);
                self.line(inner);
                self.flow(indent, depth, false);
            }
            3 | 4 => {
                self.push(&[" ", " ", "   "], &[""]);
                self.flow(indent, depth, false);
            }
            _ => {
                self.push(&[" ", " ", "  "], &[""]);
                self.scalar();
            }
        }
    }

    fn item(&mut self, indent: usize, depth: usize) {
        let blanks = self.one(&[1, 1, 1, 3]);
        if depth < 4 && self.one(&[false, true]) {
            self.blanks(blanks);
            self.block(indent + 1 + blanks, depth + 1);
        } else {
            self.value(indent, depth);
        }
    }

    fn scalar(&mut self) {
        let usual = [
            "x",
            "x y",
            "'q'",
            "\"q\"",
            "''",
            "'it''s'",
            "http://x",
            "中，文",
            "1.5",
            "a#b",
            "x'",
            "-x",
            "~",
        ];
        self.push(&usual, &["-", "- x", "a: b", "*x", "|", "? x", "\"\\n\"", "x\n y", "#", "---"]);
        self.push(&[""], &[" #", "#", ":", ",", "\"", "\u{a0}", "\u{3000}", "'", "\\", "]", "}", "\t"]);
    }

    /// What may stand between the parts of a flow collection.
    fn gap(&mut self, indent: usize) {
        match self.one(&[0, 0, 0, 1, 2, 3]) {
            0 => {}
            1 => self.out.push(' '),
            more => {
                let further = if self.bytes.next().is_some_and(|byte| byte > 240) { 0 } else { more - 1 };
                self.line(indent + further);
            }
        }
    }

    fn flow(&mut self, indent: usize, depth: usize, may_be_scalar: bool) {
        if depth > 5 || may_be_scalar && self.one(&[true, true, false]) {
            return self.scalar();
        }
        let is_list = self.one(&[false, true]);
        self.out.push_str(if is_list { "[" } else { "{" });
        let parts = self.one(&[0, 1, 2, 3]);
        for n in 0..parts {
            if n > 0 {
                self.push(&[",", ", ", " ,"], &["", ",,"]);
            }
            self.gap(indent);
            if is_list || !self.entry() {
                self.flow(indent, depth + 1, true);
            }
            self.gap(indent);
        }
        self.push(if parts > 0 { &["", "", "", ",", ", ", " "] } else { &["", " "] }, &[","]);
        self.gap(indent);
        self.push(if is_list { &["]"] } else { &["}"] }, &["", "]", "}"]);
    }

    /// The key of an entry, with what stands between it and its value; whether the entry ends there.
    fn entry(&mut self) -> bool {
        self.key();
        let ends = self.one(&[false, false, false, true]);
        if ends {
            self.push(&["", ":", ": "], &[" ", " :"]);
        } else {
            self.push(&[": ", ": ", ":  "], &[":", " : ", "", " "]);
        }
        ends
    }
}

/// A good part of them is read directly: else they would say nothing.
#[test]
fn whims_are_often_of_the_usual_forms() {
    let mut state = 1_u32;
    let mut byte = || {
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        state.to_be_bytes()[0]
    };
    let texts: Vec<String> = (0..1000).map(|_| Whim::text((0..60).map(|_| byte()).collect())).collect();
    let direct = texts.iter().filter(|text| same(text)).count();
    assert!(direct > 250, "{direct} of 1000");
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
    fn whims_are_read_alike(bytes in prop::collection::vec(any::<u8>(), 0..120)) {
        same(&Whim::text(bytes));
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
