//! Patterns as formulas: what can be told by length, place and characters.
//!
//! A pattern is written out into alternatives, each a line of runs of characters. A line that is bound to both ends of
//! the text may have one run of no fixed length; one that is bound to one end, or to none, only fixed ones. The sets of
//! its runs are small. `FIND` and `SUBSTITUTE` tell cases apart and know no wild cards; both work on ranges.

use super::quoted;
use crate::expr::print::{COMPARES, Printer, Text};
use formwright_engine::pattern::{Node, Set};

/// Most alternatives.
const MOST_LINES: usize = 24;
/// Most runs of a line.
const MOST_RUNS: usize = 48;
/// Most characters of a set: a function stands at most 64 times within itself.
const MOST_CHARACTERS: usize = 40;

/// A run of characters of a set: how many at least, and at most.
type Run = (Set, u32, Option<u32>);

#[derive(Clone)]
enum Unit {
    Start,
    End,
    Run(Run),
}

/// The test of a text; `None` where formulas cannot tell.
pub fn test(p: &Printer<'_>, pattern: &Node, text: &str) -> Option<Text> {
    let tests = lines(pattern)?.iter().map(|line| line_test(p, line, text)).collect::<Option<Vec<_>>>()?;
    Some(p.join(&tests, p.words().or))
}

/// The alternatives, repetitions of anything but sets written out.
fn lines(node: &Node) -> Option<Vec<Vec<Unit>>> {
    let all = match node {
        Node::Set(set) => vec![vec![Unit::Run((set.clone(), 1, Some(1)))]],
        Node::Start => vec![vec![Unit::Start]],
        Node::End => vec![vec![Unit::End]],
        Node::Sequence(parts) => {
            parts.iter().try_fold(vec![Vec::new()], |done, part| product(&done, part))?
        }
        Node::Either(parts) => parts.iter().map(lines).collect::<Option<Vec<_>>>()?.concat(),
        Node::Repeat(part, low, high) => match part.as_ref() {
            Node::Set(set) => vec![vec![Unit::Run((set.clone(), *low, *high))]],
            part => {
                let high = (*high).filter(|high| *high <= 8)?;
                let mut all = Vec::new();
                for times in *low..=high {
                    all.extend((0..times).try_fold(vec![Vec::new()], |done, _| product(&done, part))?);
                }
                all
            }
        },
    };
    (all.len() <= MOST_LINES && all.iter().all(|line| line.len() <= MOST_RUNS)).then_some(all)
}

fn product(done: &[Vec<Unit>], part: &Node) -> Option<Vec<Vec<Unit>>> {
    let behind = lines(part)?;
    let both = done.iter().flat_map(|line| behind.iter().map(|more| [line.as_slice(), more].concat()));
    Some(both.take(MOST_LINES + 1).collect())
}

fn line_test(p: &Printer<'_>, line: &[Unit], text: &str) -> Option<Text> {
    let start = line.iter().take_while(|u| matches!(u, Unit::Start)).count();
    let end = line.iter().rev().take_while(|u| matches!(u, Unit::End)).count();
    let inner = line.get(start..line.len().checked_sub(end)?)?;
    let mut runs = Vec::new();
    for unit in inner {
        let Unit::Run(run) = unit else { return None };
        runs.push(run.clone());
    }
    let (start, end) = (start > 0, end > 0);
    // What may go on for ever towards an open end need only begin.
    if let (false, Some((_, low, high))) = (end, runs.last_mut()) {
        *high = Some(*low);
    }
    if let (false, Some((_, low, high))) = (start, runs.first_mut()) {
        *high = Some(*low);
    }
    runs.retain(|(_, _, high)| *high != Some(0));
    let tests = match (start, end) {
        (false, false) => return anywhere(p, &runs, text),
        (true, true) => whole(&runs, text)?,
        (from_start, _) => {
            let size = fixed(&runs)?;
            let mut tests = vec![Text::new(format!("LEN({text})>={size}"), COMPARES)];
            let at = if from_start { text.to_owned() } else { format!("RIGHT({text},{size})") };
            tests.extend(in_place(&runs, &at)?);
            tests
        }
    };
    Some(p.join(&tests, p.words().and))
}

/// The characters of runs of fixed length.
fn fixed(runs: &[Run]) -> Option<u32> {
    runs.iter().map(|(_, low, high)| (*high == Some(*low)).then_some(*low)).sum()
}

fn whole(runs: &[Run], text: &str) -> Option<Vec<Text>> {
    if let Some(size) = fixed(runs) {
        let tests = in_place(runs, text)?;
        let literal = literal(runs).map(|l| exact(text, &l));
        return Some(literal.map_or_else(
            || [vec![Text::new(format!("LEN({text})={size}"), COMPARES)], tests].concat(),
            |test| vec![test],
        ));
    }
    let at = runs.iter().position(|(_, low, high)| *high != Some(*low))?;
    let (before, rest) = runs.split_at(at);
    let ((set, low, high), behind) = rest.split_first()?;
    let (left, right) = (fixed(before)?, fixed(behind)?);
    let least = left + low + right;
    let mut tests = vec![Text::new(format!("LEN({text})>={least}"), COMPARES)];
    if let Some(high) = high {
        tests.push(Text::new(format!("LEN({text})<={}", left + high + right), COMPARES));
    }
    tests.extend(in_place(before, text)?);
    let middle = match (left, right) {
        (0, 0) => text.to_owned(),
        (_, 0) => format!("MID({text},{},32767)", left + 1),
        // A length below zero is an error; where it would be, the text is too short anyway.
        _ => format!("MID({text},{},ABS(LEN({text})-{}))", left + 1, left + right),
    };
    tests.push(of_set(&middle, set)?);
    tests.extend(in_place(behind, &format!("RIGHT({text},{right})"))?);
    Some(tests)
}

/// The tests of runs of fixed length at the beginning of a text.
fn in_place(runs: &[Run], text: &str) -> Option<Vec<Text>> {
    let (mut tests, mut at, mut rest) = (Vec::new(), 1, runs);
    while let Some(((set, count, _), behind)) = rest.split_first() {
        let plain = rest.iter().take_while(|(set, ..)| set.single().is_some()).count();
        if plain > 0 {
            let (now, behind) = rest.split_at(plain);
            let letters = literal(now)?;
            let size = fixed(now)?;
            tests.push(exact(&format!("MID({text},{at},{size})"), &letters));
            (at, rest) = (at + size, behind);
            continue;
        }
        let part = format!("MID({text},{at},{count})");
        tests.push(match count {
            1 => Text::tight(format!("ISNUMBER(FIND({part},{}))", quoted(&characters(set)?, '"'))),
            _ => of_set(&part, set)?,
        });
        (at, rest) = (at + count, behind);
    }
    Some(tests)
}

fn exact(text: &str, letters: &str) -> Text {
    Text::tight(format!("EXACT({text},{})", quoted(letters, '"')))
}

/// Nothing is left of a text when the characters of a set are taken away.
fn of_set(text: &str, set: &Set) -> Option<Text> {
    let taken = characters(set)?
        .chars()
        .fold(text.to_owned(), |text, c| format!("SUBSTITUTE({text},{},\"\")", quoted(&c.to_string(), '"')));
    Some(Text::new(format!("{taken}=\"\""), COMPARES))
}

fn anywhere(p: &Printer<'_>, runs: &[Run], text: &str) -> Option<Text> {
    if runs.is_empty() {
        return Some(p.truth(true));
    }
    let found = |letters: &str| Text::tight(format!("ISNUMBER(FIND({},{text}))", quoted(letters, '"')));
    if let Some(letters) = literal(runs) {
        return Some(found(&letters));
    }
    let [(set, 1, Some(1))] = runs else { return None };
    let tests: Vec<Text> = characters(set)?.chars().map(|c| found(&c.to_string())).collect();
    Some(p.join(&tests, p.words().or))
}

/// The text that runs are the only one to match.
fn literal(runs: &[Run]) -> Option<String> {
    let mut out = String::new();
    for (set, low, high) in runs {
        let c = set.single().filter(|c| in_one_unit(*c) && *high == Some(*low))?;
        out.extend(std::iter::repeat_n(c, *low as usize));
    }
    (out.chars().count() <= 200).then_some(out)
}

fn characters(set: &Set) -> Option<String> {
    set.characters(MOST_CHARACTERS).filter(|all| all.chars().all(in_one_unit))
}

/// Sheets count characters above U+FFFF twice, and cannot hold most control characters.
fn in_one_unit(c: char) -> bool {
    c <= '\u{FFFF}' && !c.is_control()
}
