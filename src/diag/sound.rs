//! Chinese names that sound alike: what a homophone, the wrong character of an input method or pinyin was meant for.

use pinyin::{ToPinyin as _, ToPinyinMulti as _};

/// Whether two different names are read alike, at least one of them in Chinese. Readings are compared without tones, and
/// without what southern speakers do not tell apart (z and zh, n and ng at the end).
pub fn alike(a: &str, b: &str) -> bool {
    match (is_chinese(a), is_chinese(b)) {
        (true, true) => pairwise(a, b),
        (true, false) => spelt(a) == letters(b),
        (false, true) => letters(a) == spelt(b),
        (false, false) => false,
    }
}

fn is_chinese(text: &str) -> bool {
    text.chars().any(|c| c.to_pinyin().is_some())
}

/// Character by character, each the same or with a reading in common.
fn pairwise(a: &str, b: &str) -> bool {
    a.chars().count() == b.chars().count()
        && a.chars()
            .zip(b.chars())
            .all(|(x, y)| x == y || readings(x).iter().any(|r| readings(y).contains(r)))
}

fn readings(c: char) -> Vec<String> {
    let all = c.to_pinyin_multi();
    all.into_iter().flatten().map(|p| simplified(p.plain())).collect()
}

fn simplified(syllable: &str) -> String {
    let begun = match syllable.split_at_checked(2) {
        Some(("zh", rest)) => format!("z{rest}"),
        Some(("ch", rest)) => format!("c{rest}"),
        Some(("sh", rest)) => format!("s{rest}"),
        _ => syllable.to_owned(),
    };
    begun.strip_suffix("ng").map_or(begun.clone(), |rest| format!("{rest}n"))
}

/// A name in pinyin, other letters kept.
fn spelt(text: &str) -> String {
    let one = |c: char| c.to_pinyin().map_or_else(|| letters(&c.to_string()), |p| p.plain().to_owned());
    text.chars().map(one).collect()
}

fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_ascii_alphanumeric()).collect()
}
