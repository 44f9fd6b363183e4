//! "Did you mean": the valid names nearest to a wrong one.

use super::sound;
use std::cmp::Reverse;
use unicode_normalization::UnicodeNormalization as _;

/// Most names that are suggested.
const MOST: usize = 3;

/// Longest name that is compared letter by letter, in characters.
const LONGEST: usize = 100;

/// Up to three of `known` that may have been meant, best first: those that read the same (full-width letters, case,
/// look-alikes), those that sound the same (培训, 陪训, peixun), then by edit distance, at most a third of the characters
/// and at least one.
pub fn nearest<'a>(wrong: &str, known: impl IntoIterator<Item = &'a str>) -> Vec<String> {
    let (folded, bare) = (fold(wrong), unpadded(wrong));
    let mut found: Vec<_> = known
        .into_iter()
        .filter(|name| *name != wrong)
        .filter_map(|name| {
            // `t1` and `t01` read the same.
            let is_same = wrong.contains(|c: char| c.is_ascii_digit()) && bare == unpadded(name);
            Some((rank(&folded, &if is_same { folded.clone() } else { fold(name) })?, name))
        })
        .collect();
    found.sort();
    found.dedup();
    found.into_iter().take(MOST).map(|(_, name)| name.to_owned()).collect()
}

/// How far a name is: whether it reads or sounds the same, distance, the kind of slip, then the longer common beginning,
/// then the smaller difference in length.
fn rank(wrong: &str, name: &str) -> Option<(bool, usize, Slip, Reverse<usize>, usize)> {
    let (a, b) = (wrong.chars().count(), name.chars().count());
    if wrong == name || sound::alike(wrong, name) {
        return Some((false, usize::from(wrong != name), Slip::Turned, Reverse(0), 0));
    }
    if a.max(b) > LONGEST {
        return None;
    }
    let limit = if a.min(b) < 2 { 0 } else { (a.max(b) / 3).max(1) };
    if a.abs_diff(b) > limit {
        return None;
    }
    let distance = strsim::damerau_levenshtein(wrong, name);
    let common = wrong.chars().zip(name.chars()).take_while(|(x, y)| x == y).count();
    (distance <= limit).then(|| (true, distance, slip(wrong, name), Reverse(common), a.abs_diff(b)))
}

/// What was done to a name, the likelier slip first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Slip {
    /// Letters stand the wrong way round.
    Turned,
    /// Letters are left out or stand twice.
    Length,
    /// There are other letters.
    Other,
}

fn slip(wrong: &str, name: &str) -> Slip {
    let sorted = |text: &str| {
        let mut letters: Vec<char> = text.chars().collect();
        letters.sort_unstable();
        letters
    };
    let within = |short: &str, long: &str| {
        let mut rest = long.chars();
        short.chars().all(|c| rest.any(|r| r == c))
    };
    match () {
        () if sorted(wrong) == sorted(name) => Slip::Turned,
        () if within(wrong, name) || within(name, wrong) => Slip::Length,
        () => Slip::Other,
    }
}

/// A name without zeros before its numbers: `t1` for `t01`.
fn unpadded(name: &str) -> String {
    let mut out = String::with_capacity(name.len());
    let mut rest = name.chars().peekable();
    let mut in_number = false;
    while let Some(c) = rest.next() {
        let pads = c == '0' && !in_number && rest.peek().is_some_and(char::is_ascii_digit);
        if !pads {
            in_number = c.is_ascii_digit();
            out.push(c);
        }
    }
    out
}

/// A name with everything folded that people read alike.
pub fn fold(name: &str) -> String {
    // Nothing in these has another form; most names are made of them.
    let is_plain = |c: char| c.is_ascii() || matches!(c, '\u{4e00}'..='\u{9fff}');
    if name.chars().all(is_plain) {
        return name.chars().map(|c| look_alike(c.to_ascii_lowercase())).collect();
    }
    name.nfkc().flat_map(char::to_lowercase).filter(|c| !is_unseen(*c)).map(look_alike).collect()
}

/// Characters without a shape of their own: zero width, soft hyphen, direction marks.
pub fn is_unseen(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{206f}' | '\u{feff}')
}

/// Letters of other scripts and characters that are mistaken for each other, as the one that is meant more often.
fn look_alike(c: char) -> char {
    match c {
        'а' | 'α' => 'a',
        'с' => 'c',
        'е' => 'e',
        'і' | 'ı' | 'l' | '1' | '|' => 'i',
        'о' | 'ο' | '0' | '〇' | '零' => 'o',
        'р' | 'ρ' => 'p',
        'х' => 'x',
        'у' => 'y',
        '‐'..='―' | '−' | '-' => '_',
        '账' => '帐',
        '它' => '他',
        '箇' => '个',
        '做' => '作',
        _ => c,
    }
}

#[cfg(test)]
mod tests {
    use super::nearest;

    #[test]
    fn one_slip_is_found() {
        assert_eq!(nearest("人工接听", ["来电总量", "人工接听量", "自动语音量"]), ["人工接听量"]);
        assert_eq!(nearest("来电总数", ["来电总量", "人工接听量"]), ["来电总量"]);
        assert_eq!(nearest("staf", ["staff", "stage", "size"]), ["staff"]);
        assert_eq!(nearest("manul", ["annual", "manual"]), ["manual"]);
    }

    #[test]
    fn the_likelier_slip_comes_first() {
        assert_eq!(nearest("shot", ["show", "short"]), ["short", "show"], "a letter left out");
        assert_eq!(nearest("t41", ["t11", "t14"]), ["t14", "t11"], "the wrong way round");
    }

    #[test]
    fn what_reads_the_same_comes_first() {
        assert_eq!(nearest("ｃａｌｌｓ", ["calls", "cells"]), ["calls", "cells"]);
        assert_eq!(nearest("Calls", ["calls"]), ["calls"]);
        assert_eq!(nearest("саlls", ["calls"]), ["calls"], "Cyrillic letters");
        assert_eq!(nearest("done-june", ["done_june"]), ["done_june"]);
        assert_eq!(nearest("al", ["a1"]), ["a1"]);
        assert_eq!(nearest("t1", ["t10", "t11", "t01"])[0], "t01");
        assert_eq!(nearest("其它", ["其他"]), ["其他"]);
        assert_eq!(nearest("ca\u{200b}lls", ["calls"]), ["calls"]);
    }

    #[test]
    fn what_sounds_the_same_comes_before_what_is_only_near() {
        assert_eq!(nearest("陪训人述", ["来电人数", "培训人数"]), ["培训人数"], "two characters of four");
        assert_eq!(nearest("人述", ["人口", "人数", "人次"]), ["人数", "人口", "人次"]);
        assert_eq!(nearest("量", ["人", "辆"]), ["辆"], "one character");
        assert_eq!(nearest("renshu", ["人数", "renting"]), ["人数"]);
        assert_eq!(nearest("人数", ["ren_shu"]), ["ren_shu"]);
        assert_eq!(nearest("从庆", ["重庆"]), ["重庆"], "a character with two readings");
        assert_eq!(nearest("狮子", ["四子"]), ["四子"], "sh and s");
    }

    #[test]
    fn what_is_very_long_is_not_compared() {
        let long = "x".repeat(60_000);
        assert!(nearest(&format!("{long}y"), [format!("{long}z").as_str()]).is_empty());
        assert_eq!(nearest(&long, [long.to_uppercase().as_str()]).len(), 1, "it reads the same");
    }

    #[test]
    fn what_is_only_short_is_not_suggested() {
        assert!(nearest("x", ["a", "b"]).is_empty());
        assert!(nearest("zh", ["en"]).is_empty());
    }
}
