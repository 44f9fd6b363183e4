//! Every character of a scalar is found where it was written, in all five styles of YAML.
#![allow(clippy::unwrap_used, clippy::indexing_slicing, clippy::panic)]

use formwright::diag::Problems;
use formwright::parse::yaml::{Node, NodeKind, Scalar, parse};
use formwright::source::SourceMap;
use proptest::prelude::*;
use std::ops::Range;

/// A decoded character and the bytes that may stand for it: exact, or any part of a gap of white space.
type Written = (char, Range<usize>, bool);

/// A source, and what its scalar decodes to, character by character.
struct Sample {
    source: String,
    written: Vec<Written>,
}

impl Sample {
    fn push(&mut self, c: char, spelt: &str) {
        let start = self.source.len();
        self.source.push_str(spelt);
        self.written.push((c, start..self.source.len(), false));
    }
}

fn scalar(node: &Node) -> &Scalar {
    match &node.kind {
        NodeKind::Map(entries) => entries[0].1.scalar().unwrap(),
        _ => panic!("a mapping is expected"),
    }
}

fn check(sample: &Sample) -> Result<(), TestCaseError> {
    let mut sources = SourceMap::default();
    let file = sources.add("t.yaml", sample.source.clone());
    let mut problems = Problems::default();
    let node = parse(file, &sample.source, &mut problems);
    prop_assert!(!problems.has_errors(), "{:?}\n{}", problems, sample.source);
    let node = node.unwrap();
    let scalar = scalar(&node);
    let wanted: String = sample.written.iter().map(|w| w.0).collect();
    prop_assert_eq!(&*scalar.text, wanted.as_str(), "the sample is spelt wrongly: {:?}", sample.source);
    let mut at = 0;
    for (c, bytes, soft) in &sample.written {
        let found = scalar.locate(&sample.source, at..at + c.len_utf8());
        let found = found.start as usize..found.end as usize;
        let right =
            if *soft { found.start >= bytes.start && found.end <= bytes.end } else { found == *bytes };
        prop_assert!(
            right,
            "{c:?} at {at} of {:?} is located at {found:?} ({:?}), written at {bytes:?} in\n{}",
            scalar.text,
            sample.source.get(found.clone()),
            sample.source
        );
        at += c.len_utf8();
    }
    Ok(())
}

/// A word without signs that a plain scalar cannot hold.
fn word() -> impl Strategy<Value = String> {
    prop_oneof![
        "[a-z0-9<=>(]{1,6}",
        "[来电总量人工接听（）＝]{1,4}",
        Just("😀".to_owned()),
        Just("é".to_owned()),
        Just("a\u{3000}b".to_owned()),
        Just("e\u{301}".to_owned()),
        Just("👨\u{200d}👩".to_owned()),
        Just("it's".to_owned()),
        Just("a\"b".to_owned()),
        Just("a\\b".to_owned()),
    ]
    .prop_filter("a word that begins a plain scalar", |w| {
        w.starts_with(|c: char| c.is_alphanumeric() || c as u32 > 127)
    })
}

/// Lines of words, and white space between them.
fn lines(most: usize) -> impl Strategy<Value = Vec<Vec<(String, usize)>>> {
    prop::collection::vec(prop::collection::vec((word(), 1usize..3), 1..4), 1..most)
}

#[derive(Debug, Clone)]
struct Layout {
    end: &'static str,
    indent: usize,
    /// Empty lines behind each line.
    empty: Vec<usize>,
    trailing: bool,
    chomp: usize,
    first: &'static str,
}

fn layout() -> impl Strategy<Value = Layout> {
    (
        prop_oneof![Just("\n"), Just("\r\n")],
        1usize..5,
        prop::collection::vec(0usize..3, 8),
        any::<bool>(),
        0usize..3,
        prop_oneof![Just("key: "), Just("来电:  "), Just("'quoted': ")],
    )
        .prop_map(|(end, indent, empty, trailing, chomp, first)| Layout {
            end,
            indent,
            empty,
            trailing,
            chomp,
            first,
        })
}

fn spell(sample: &mut Sample, style: char, c: char) {
    match (style, c) {
        ('\'', '\'') => sample.push(c, "''"),
        ('"', '"') => sample.push(c, "\\\""),
        ('"', '\\') => sample.push(c, "\\\\"),
        ('"', '😀') => sample.push(c, "\\U0001F600"),
        ('"', 'é') => sample.push(c, "\\xe9"),
        ('"', '工') => sample.push(c, "\\u5de5"),
        ('"', '\u{3000}') => sample.push(c, "\u{3000}"),
        _ => sample.push(c, c.encode_utf8(&mut [0; 4])),
    }
}

fn words(sample: &mut Sample, style: char, line: &[(String, usize)]) {
    for (i, (word, space)) in line.iter().enumerate() {
        if i > 0 {
            (0..*space).for_each(|_| sample.push(' ', " "));
        }
        word.chars().for_each(|c| spell(sample, style, c));
    }
}

/// Plain and quoted scalars: one line break folds to a space, further ones stay.
fn flow(style: char, lines: &[Vec<(String, usize)>], l: &Layout) -> Sample {
    let mut sample = Sample { source: l.first.to_owned(), written: Vec::new() };
    let quote = if style == ' ' { String::new() } else { style.to_string() };
    sample.source.push_str(&quote);
    for (i, line) in lines.iter().enumerate() {
        words(&mut sample, style, line);
        if i + 1 == lines.len() {
            break;
        }
        let empty = l.empty[i % l.empty.len()];
        let start = sample.source.len();
        if l.trailing {
            sample.source.push_str("  ");
        }
        (0..=empty).for_each(|_| sample.source.push_str(l.end));
        sample.source.push_str(&" ".repeat(l.indent));
        let gap = start..sample.source.len();
        match empty {
            0 => sample.written.push((' ', gap, true)),
            n => (0..n).for_each(|_| sample.written.push(('\n', gap.clone(), true))),
        }
    }
    sample.source.push_str(&quote);
    sample.source.push_str(l.end);
    sample
}

/// Block scalars.
fn block(folded: bool, lines: &[Vec<(String, usize)>], l: &Layout) -> Sample {
    let mut sample = Sample { source: l.first.to_owned(), written: Vec::new() };
    sample.source.push(if folded { '>' } else { '|' });
    sample.source.push_str(["", "-", "+"][l.chomp]);
    sample.source.push_str(l.end);
    for (i, line) in lines.iter().enumerate() {
        sample.source.push_str(&" ".repeat(l.indent));
        words(&mut sample, '|', line);
        let last = i + 1 == lines.len();
        let empty = l.empty[i % l.empty.len()];
        let start = sample.source.len();
        (0..=empty).for_each(|_| sample.source.push_str(l.end));
        let next = if last { 0 } else { l.indent };
        let gap = start..sample.source.len() + next;
        let breaks = match (last, l.chomp, folded) {
            (true, 0, _) => 1,
            (true, 1, _) => 0,
            (true, _, _) => empty + 1,
            (false, _, true) if empty == 0 => {
                sample.written.push((' ', gap.clone(), true));
                0
            }
            (false, _, true) => empty,
            (false, _, false) => empty + 1,
        };
        (0..breaks).for_each(|_| sample.written.push(('\n', gap.clone(), true)));
    }
    sample
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 300, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn plain(lines in lines(4), l in layout()) {
        check(&flow(' ', &lines, &l))?;
    }

    #[test]
    fn single_quoted(lines in lines(4), l in layout()) {
        check(&flow('\'', &lines, &l))?;
    }

    #[test]
    fn double_quoted(lines in lines(4), l in layout()) {
        check(&flow('"', &lines, &l))?;
    }

    #[test]
    fn literal(lines in lines(5), l in layout()) {
        check(&block(false, &lines, &l))?;
    }

    #[test]
    fn folded(lines in lines(5), l in layout()) {
        check(&block(true, &lines, &l))?;
    }
}
