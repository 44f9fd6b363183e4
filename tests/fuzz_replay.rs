//! The fuzz targets without a fuzzer: every seed, and changes of each by a fixed seed (`tests/fuzz/README.md`).

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::indexing_slicing, clippy::panic, missing_docs)]

#[path = "fuzz/bodies.rs"]
mod bodies;

use std::path::Path;

/// Changes of each seed, unless `FORMWRIGHT_FUZZ` says otherwise.
const CHANGES: u64 = 60;

/// Pieces put in: what the languages are made of, and what breaks readers.
const PIECES: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    "(",
    ")",
    ": ",
    "- ",
    "\n",
    "\n  ",
    "'",
    "\"",
    "#",
    " # ",
    "|",
    "&a ",
    "*a",
    "!!x ",
    "---\n",
    "\\",
    "\t",
    "\r\n",
    "、",
    "：",
    "（",
    "“",
    "甲",
    "\u{0}",
    "\u{feff}",
    "\u{202e}",
    "😀",
    "9999999999999999999",
    "-0.001",
    "1e9",
    "null",
    "true",
    " and ",
    " or ",
    "not ",
    "if ",
    " then ",
    " else ",
    "sum(",
    "count(",
    "prev.",
    "rows",
    "..",
    "<=",
    "=",
    "<<: ",
    "x: y\n",
    "\u{2028}",
];

/// Numbers by a seed (SplitMix64).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        mixed ^ (mixed >> 31)
    }

    fn below(&mut self, n: usize) -> usize {
        usize::try_from(self.next() % u64::try_from(n.max(1)).unwrap()).unwrap()
    }
}

fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name)
        .map_or(otherwise, |text| text.parse().unwrap_or_else(|_| panic!("{name} is no number: {text}")))
}

/// One to four changes: a piece put in, some bytes taken out, moved or turned.
fn changed(seed: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seed.to_vec();
    for _ in 0..=chance.below(4) {
        let (at, length) = (chance.below(bytes.len() + 1), chance.below(12));
        let end = (at + length).min(bytes.len());
        match chance.below(5) {
            0 | 1 => drop(bytes.splice(at..at, PIECES[chance.below(PIECES.len())].bytes())),
            2 => drop(bytes.drain(at..end)),
            3 => {
                let piece = bytes[at..end].to_vec();
                let to = chance.below(bytes.len() + 1);
                drop(bytes.splice(to..to, piece));
            }
            _ => bytes[at..end].iter_mut().take(1).for_each(|byte| *byte ^= 1 << (length % 8)),
        }
    }
    bytes
}

/// Runs a target on its seeds and their changes; each input that fails is shown.
fn replay(target: &str, body: fn(&[u8])) {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/fuzz/seeds").join(target);
    let mut seeds: Vec<_> = std::fs::read_dir(folder).unwrap().map(|e| e.unwrap().path()).collect();
    seeds.sort();
    assert!(!seeds.is_empty());
    let (first, times) = (number("FORMWRIGHT_SEED", 1), number("FORMWRIGHT_FUZZ", CHANGES));
    println!("{target}: seed {first}, {times} changes of each of {} files", seeds.len());
    for path in seeds {
        let seed = std::fs::read(&path).unwrap();
        let mut chance = Chance(first);
        for n in 0..=times {
            let input = if n == 0 { seed.clone() } else { changed(&seed, &mut chance) };
            let fails = std::panic::catch_unwind(|| body(&input)).is_err();
            assert!(!fails, "{}, change {n}: {:?}", path.display(), String::from_utf8_lossy(&input));
        }
    }
}

#[test]
fn tables() {
    replay("table", bodies::table);
}

#[test]
fn expressions() {
    replay("expression", bodies::expression);
}

#[test]
fn submissions() {
    replay("submission", bodies::submission);
}

/// The seeds reach what they are for, and an input that fails is told.
#[test]
fn the_seeds_reach_the_rules() {
    assert_eq!(bodies::findings(include_bytes!("fuzz/seeds/submission/plausible.json")), Some(0));
    assert!(bodies::findings(include_bytes!("fuzz/seeds/submission/wrong.json")).is_none_or(|n| n > 3));
    assert!(std::panic::catch_unwind(|| replay("table", |_| panic!("seen"))).is_err());
}
