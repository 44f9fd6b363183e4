//! The compiled survey against the printed document, transcribed by hand into `tests/transcription/<table>.txt`.
//!
//! A transcription has one printed thing a line, in printed order: `word: cell | cell | …`. Empty lines and lines that
//! begin with `#` are passed over. Line breaks of the paper inside a text are left out; white space of sentences and
//! notes does not count, all else is exact.
//!
//! ```text
//! title:    number | title of the table
//! page:     own, where it is to be printed on a page of its own
//! period:   first and last day that the table or section refers to; one day for a point in time
//! section:  heading of a section
//! word:     the word that settles a section
//! head:     the cells that begin in a level of the head, by column; an unlabelled head is empty
//! row:      the cells that begin in a line: number, label, constant, ——, empty; `_` for a place to fill, with its unit
//!           (`_万人`), or what it prints while it is empty (`0万人`); `…` stands for what goes on like that
//! group:    heading of a group of rows, `_` for a place to fill
//! field:    label of a field outside a grid | unit, or its boxes | what is printed in the space for the stamp
//! sentence: a sentence, `_` for a place to fill
//! closing:  last line of a section
//! heading:  what stands above the notes
//! note:     a note, without its number
//! code:     what the code is for | code | label
//! ```
//! Behind a cell of a head or row stand the columns (`→2`) and lines (`↓3`) it covers.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "transcription/printed.rs"]
mod printed;

use formwright::ir::table::{Row, Slot};
use formwright::ir::{Survey, Text};
use formwright::parse::yaml::{self, Node, NodeKind, Scalar};
use formwright::{SourceFileInput, compile, diag::Problems, source::FileId};
use std::path::Path;

/// Words of a transcription, and those of them in which white space does not count.
const WORDS: [&str; 14] = [
    "title", "page", "period", "section", "word", "head", "row", "group", "field", "sentence", "closing",
    "heading", "note", "code",
];
const LOOSE: [&str; 2] = ["sentence", "note"];

/// Where the schema departs from the paper on purpose: table, word, the paper's text, the schema's.
const DEPARTURES: [(&str, &str, &str, &str); 2] = [
    // The paper gives the letter h twice; the second one takes the free letter l.
    ("t08", "code", "服务内容 | h | 其他（请说明）", "服务内容 | l | 其他（请说明）"),
    ("t08", "note", "k.投诉举报；h.其他（请说明）", "k.投诉举报；l.其他（请说明）"),
];

/// A line of a transcription.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    word: String,
    cells: Vec<String>,
}

impl Line {
    fn new(word: &str, cells: impl IntoIterator<Item = impl AsRef<str>>) -> Line {
        let tidy = |c: &str| match LOOSE.contains(&word) {
            true => c.chars().filter(|c| !c.is_whitespace()).collect(),
            false => c.trim().to_owned(),
        };
        Line { word: word.to_owned(), cells: cells.into_iter().map(|c| tidy(c.as_ref())).collect() }
    }

    /// Whether the paper says what is printed. The colon that paper puts behind a label is no part of it.
    fn says(&self, compiled: &Line) -> bool {
        let same = |(paper, cell): (&String, &String)| {
            let bare =
                paper.strip_suffix('：').filter(|_| ["field", "heading"].contains(&self.word.as_str()));
            paper == "…" || bare.unwrap_or(paper) == cell
        };
        self.cells.len() == compiled.cells.len() && self.cells.iter().zip(&compiled.cells).all(same)
    }
}

fn parse(text: &str) -> Result<Vec<Line>, String> {
    let mut lines = Vec::new();
    for (at, raw) in text.lines().enumerate() {
        if raw.trim().is_empty() || raw.starts_with('#') {
            continue;
        }
        let (word, rest) = raw.split_once(':').ok_or_else(|| format!("line {}: no `word:`", at + 1))?;
        if !WORDS.contains(&word) {
            return Err(format!("line {}: unknown word `{word}`", at + 1));
        }
        lines.push(if LOOSE.contains(&word) {
            Line::new(word, [rest])
        } else {
            Line::new(word, rest.split('|'))
        });
    }
    Ok(lines)
}

/// The transcriptions by table (`survey`: the whole), with the departures put in.
fn paper() -> Vec<(String, Vec<Line>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/transcription");
    let mut out = Vec::new();
    for entry in std::fs::read_dir(&folder).unwrap() {
        let path = entry.unwrap().path();
        if path.extension().is_some_and(|e| e == "txt") {
            let name = path.file_stem().unwrap().to_string_lossy().into_owned();
            let mut text = std::fs::read_to_string(&path).unwrap();
            for (_, _, from, to) in DEPARTURES.iter().filter(|d| d.0 == name) {
                assert!(text.contains(from), "{name}: {from}");
                text = text.replace(from, to);
            }
            out.push((name, parse(&text).unwrap_or_else(|e| panic!("{}: {e}", path.display()))));
        }
    }
    out.sort_by(|a, b| a.0.cmp(&b.0));
    out
}

fn sources() -> Vec<SourceFileInput> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("schemas/planning-2015");
    formwright::cli::files::sources(&folder).unwrap()
}

fn survey() -> Survey {
    compile(sources()).survey.unwrap()
}

/// The differences, word by word, since kinds of lines may stand in another order on paper.
fn differences(paper: &[Line], compiled: &[Line]) -> Vec<String> {
    let mut out = Vec::new();
    for word in WORDS {
        let of = |lines: &[Line]| lines.iter().filter(|l| l.word == word).cloned().collect::<Vec<_>>();
        let (paper, compiled) = (of(paper), of(compiled));
        for at in 0..paper.len().max(compiled.len()) {
            let (p, c) = (paper.get(at), compiled.get(at));
            if !p.zip(c).is_some_and(|(p, c)| p.says(c)) {
                let show = |l: Option<&Line>| l.map_or("(nothing)".to_owned(), |l| l.cells.join(" | "));
                out.push(format!("{word} {}: paper {}; compiled {}", at + 1, show(p), show(c)));
            }
        }
    }
    out
}

/// Whether there is any difference, without finding them all.
fn differs(paper: &[(String, Vec<Line>)], survey: &Survey) -> bool {
    paper
        .iter()
        .any(|one| !compared(std::slice::from_ref(one), survey).iter().all(|d| d.starts_with("tables:")))
        || paper.len() != survey.tables.len() + 1
}

/// All differences between the paper and a compiled survey.
fn compared(paper: &[(String, Vec<Line>)], survey: &Survey) -> Vec<String> {
    let mut out = Vec::new();
    let ids: Vec<&str> = survey.tables.iter().map(|t| t.id.as_str()).collect();
    let expected: Vec<&str> = paper.iter().map(|p| p.0.as_str()).filter(|p| *p != "survey").collect();
    if ids != expected {
        out.push(format!("tables: paper {expected:?}; compiled {ids:?}"));
    }
    for (name, lines) in paper {
        let compiled = match survey.tables.iter().find(|t| t.id == *name) {
            Some(table) => printed::table(survey, table, 0),
            None => printed::whole(survey, 0),
        };
        out.extend(differences(lines, &compiled).into_iter().map(|d| format!("{name}: {d}")));
    }
    out
}

#[test]
fn the_survey_prints_what_the_paper_prints() {
    let wrong = compared(&paper(), &survey());
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_line_that_is_none_is_refused() {
    assert_eq!(parse("title: a\nrows: 1"), Err("line 2: unknown word `rows`".to_owned()));
    assert_eq!(parse("title"), Err("line 1: no `word:`".to_owned()));
}

/// Keys of the source below which nothing of the paper stands.
const NOT_PRINTED: [&str; 9] =
    ["message", "short", "accept", "tests", "kinds", "note", "filled_by", "rules", "parts"];
/// Labels that are spoken in messages but not printed: fields inside sentences and headings, the list behind constants,
/// a base unit.
const SPOKEN: [&str; 10] = [
    "codes.yaml: 属性",
    "units.yaml: 元",
    "t07.yaml: 地市",
    "t12.yaml: 负责信息化工作的机构（信息中心）名称",
    "t12.yaml: 该机构的性质",
    "t12.yaml: 编制",
    "t12.yaml: 实有人数",
    "t12.yaml: 是否加挂其他牌子",
    "t12.yaml: 加挂的牌子",
    "t12.yaml: 主要职责描述",
];

/// The scalars of a source file that are printed in Chinese: what a text says for `zh`, and printed numbers.
fn printed_scalars<'n>(node: &'n Node, key: &str, out: &mut Vec<&'n Scalar>) {
    match &node.kind {
        NodeKind::Scalar(s) if ["zh", "number"].contains(&key) && !s.text.starts_with('{') => out.push(s),
        NodeKind::Map(entries) => {
            for (k, v) in entries.iter().filter(|(k, _)| !NOT_PRINTED.contains(&&*k.text)) {
                printed_scalars(v, &k.text, out);
            }
        }
        NodeKind::Seq(items) => items.iter().for_each(|item| printed_scalars(item, key, out)),
        _ => {}
    }
}

/// Every printed text of every source file with one of its characters replaced, each by another sign of its own; the
/// compiled survey must differ from the paper at each.
#[test]
fn every_printed_text_is_compared() {
    let paper = paper();
    let mut files = sources();
    let mut texts: Vec<(char, String)> = Vec::new();
    for file in &mut files {
        let text = String::from_utf8(file.bytes.clone()).unwrap();
        let tree = yaml::parse(FileId(0), &text, &mut Problems::default()).unwrap();
        let mut scalars = Vec::new();
        printed_scalars(&tree, "", &mut scalars);
        scalars.sort_by_key(|s| std::cmp::Reverse(s.span.start));
        let mut changed = text.clone();
        for scalar in scalars {
            let sign = char::from_u32(0xE000 + texts.len() as u32).unwrap();
            let Some(at) = character(&scalar.text) else { continue };
            let place = scalar.locate(&text, at.clone());
            changed.replace_range(place.start as usize..place.end as usize, &sign.to_string());
            texts.push((sign, format!("{}: {}", file.name, scalar.text)));
        }
        file.bytes = changed.into_bytes();
    }
    assert!(texts.len() > 400, "{}", texts.len());
    let compiled = compile(files);
    let survey = compiled.survey.unwrap_or_else(|| panic!("{:?}", compiled.diagnostics));
    let found = compared(&paper, &survey).join("\n");
    let unseen = texts.iter().filter(|(sign, _)| !found.contains(*sign)).map(|(_, t)| t.as_str());
    let (mut unseen, mut spoken) = (unseen.collect::<Vec<_>>(), SPOKEN.to_vec());
    unseen.sort_unstable();
    spoken.sort_unstable();
    assert_eq!(unseen, spoken);
}

/// A character of a text outside references, soft breaks and white space: the last one that qualifies.
fn character(text: &str) -> Option<std::ops::Range<usize>> {
    let mut depth = 0;
    let mut found = None;
    for (at, c) in text.char_indices() {
        match c {
            '{' => depth += 1,
            '}' => depth -= 1,
            '|' => {}
            c if depth == 0 && !c.is_whitespace() => found = Some(at..at + c.len_utf8()),
            _ => {}
        }
    }
    found
}

/// One change to a compiled survey.
type Change = (String, Box<dyn Fn(&mut Survey)>);

/// Codes, units, constants, —— cells, numbers of printed rows, stamps, pages, periods, words and closing lines that are
/// no texts of their own or are shared: each changed in the compiled survey.
#[test]
fn every_code_cell_and_constant_is_compared() {
    let paper = paper();
    let survey = survey();
    let changes = changes(&survey);
    assert!(changes.len() > 200, "{}", changes.len());
    let unseen: Vec<&String> = changes
        .iter()
        .filter(|(_, change)| {
            let mut changed = survey.clone();
            change(&mut changed);
            !differs(&paper, &changed)
        })
        .map(|(name, _)| name)
        .collect();
    assert!(unseen.is_empty(), "{unseen:#?}");
}

fn changes(survey: &Survey) -> Vec<Change> {
    let mut out: Vec<Change> = Vec::new();
    for (l, list) in survey.lists.iter().enumerate().filter(|(_, l)| l.id != "attribute") {
        for (c, code) in list.codes.iter().enumerate() {
            let change = move |s: &mut Survey| s.lists[l].codes[c].code.push('x');
            out.push((format!("code {} of {}", code.code, list.id), Box::new(change)));
        }
    }
    for (u, unit) in survey.units.iter().enumerate().filter(|(_, u)| u.id != "元") {
        let change = move |s: &mut Survey| s.units[u].label = Text(vec!["x".into()]);
        out.push((format!("unit {}", unit.id), Box::new(change)));
    }
    for (b, block) in survey.blocks.iter().enumerate() {
        out.push((format!("printed rows of {}", block.id), Box::new(move |s| s.blocks[b].print += 1)));
    }
    for (t, table) in survey.tables.iter().enumerate() {
        out.push((format!("page of {}", table.id), Box::new(move |s| s.tables[t].own_page ^= true)));
        out.push((format!("{} left out", table.id), Box::new(move |s| drop(s.tables.remove(t)))));
        for (n, section) in table.sections.iter().enumerate() {
            let rows = section.grid.iter().flat_map(|g| slots(&g.rows));
            for (path, column) in rows {
                let name = format!("{} {:?} column {column}", table.id, path);
                let change = move |s: &mut Survey| {
                    let grid = s.tables[t].sections[n].grid.as_mut().unwrap();
                    turn(&mut row_at(&mut grid.rows, &path).slots[column]);
                };
                out.push((name, Box::new(change)));
            }
        }
    }
    out
}

/// The constants, —— cells, empty places and answers of fixed rows and totals: path of the row, and column.
fn slots(rows: &[Row]) -> Vec<(Vec<usize>, usize)> {
    let mut out = Vec::new();
    for (r, row) in rows.iter().enumerate() {
        let changeable = |s: &Slot| !matches!(s, Slot::Shown | Slot::Empty | Slot::Merged(..));
        out.extend(row.slots.iter().enumerate().filter(|(_, s)| changeable(s)).map(|(c, _)| (vec![r], c)));
        for (mut path, column) in slots(&row.rows) {
            path.insert(0, r);
            out.push((path, column));
        }
    }
    out
}

fn row_at<'s>(rows: &'s mut [Row], path: &[usize]) -> &'s mut Row {
    match path {
        [last] => &mut rows[*last],
        [first, rest @ ..] => row_at(&mut rows[*first].rows, rest),
        [] => panic!("a path without a row"),
    }
}

/// Something else in the place: —— for an answer, nothing for ——, another constant for a constant.
fn turn(slot: &mut Slot) {
    *slot = match slot {
        Slot::NotApplicable => Slot::Empty,
        Slot::Constant(value, _) => Slot::Constant(value.clone(), Text(vec!["x".into()])),
        _ => Slot::NotApplicable,
    };
}
