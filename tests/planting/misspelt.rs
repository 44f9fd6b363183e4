//! Misspelt names: every place of the survey where a name of some kind is used, each with slips of the kinds people make.

use super::chinese::homophone;
use super::garden::{Plant, Survey};
use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

/// Most plantings in a file.
const IN_A_FILE: usize = 42;

/// Shortest name that is misspelt, in letters; of Chinese names, in characters.
const SHORTEST: usize = 4;
const SHORTEST_CHINESE: usize = 2;

/// Kinds of places where a name is used: the context up to it (group 1 is what is searched for names), and the code of a
/// wrong one.
const KINDS: &[(&str, &str, &str)] = &[
    ("a type", r"[{ ]type: (\w+)", "E0422"),
    ("a list", r"[{ ]list: (\w+)", "E0401"),
    ("a list in a text", r"\{codes (\w+)\}", "E0401"),
    ("a unit", r"[{ ]unit: (\w+)", "E0443"),
    ("a preset", r"[{ ]kind: (\w+)", "E0401"),
    ("a severity", r"[{ ]severity: (\w+)", "E0422"),
    ("a key column", r"[{ ]key: (\w+)", "E0401"),
    ("a period", r"period: (\w+)\n", "E0401"),
    ("periods of a column", r"[{ ]over: \[([^\]]*)\]", "E0401"),
    ("columns without a cell", r"[{ ]na: \[([^\]]*)\]", "E0401"),
    ("parts of a total", r"is: (?:sum|overlapping), of: \[?([\w., ]+)[\]}]", "E0401"),
    ("places", r"\{at: ([\w.]+)", "E0401"),
    ("a reference in a text", r"\{([a-z_]\w*|[\p{Han}]\w*)(?:\.label)?\}", "E0401"),
    ("a rule in a test", r"\{rule: (\w+)[,}]", "E0706"),
    ("a row in a test", r"rule: [\w.]+, row: (\w+)[,}]", "E0401"),
    ("a section in a test", r"rule: [\w.]+, section: (\w+)[,}]", "E0401"),
    ("a name in a test", r"(?m)^    (?:given|tables): (.*)$", "E0401"),
    (
        "a name in a condition",
        r"(?m)[{ ](?:check|when|calculated|applies|required): ([a-z\p{Han}][^'{}\n]*?)(?:,? [a-z]+: .*|\}.*| +#.*)?$",
        "E0401",
    ),
    ("a function", r"(?m)[{ ](?:check|calculated): '?(.*)$", "E0301"),
];

/// The words of our own that keys are.
const KEYS: &str = "label short type list unit scale required applies columns rows rules check when kind message explain \
    from tests given expect notes heading items sections fields title period calculated parts number print min_rows \
    column_defaults row_defaults values cells layout each tolerance repeat width total constant forecast specify severity \
    imports languages kinds tables periods instructions survey version";

/// The functions that are used.
const FUNCTIONS: &[&str] =
    &["filled", "blank", "count", "tally", "convert", "percent", "same_row", "matches", "meets"];

/// Words that are no names.
const WORDS: &[&str] = &["true", "false", "null", "rows", "except", "label", "codes", "group", "zh"];

/// Slips of the pen, by a seed.
struct Slips(u64);

impl Slips {
    fn next(&mut self, below: usize) -> usize {
        // SplitMix64: small, and the same everywhere.
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % below as u64) as usize
    }

    /// Two letters the wrong way round, one left out, one twice, or in Chinese one that sounds the same.
    fn slip(&mut self, name: &str) -> String {
        let mut letters: Vec<char> = name.chars().collect();
        let at = self.next(letters.len() - 1);
        let chinese = !name.is_ascii();
        match self.next(if chinese { 5 } else { 3 }) {
            0 => letters.swap(at, at + 1),
            1 => drop(letters.remove(at + 1)),
            2 => letters.insert(at, letters[at]),
            _ => {
                let n = self.next(100);
                letters[at] = homophone(letters[at], n).unwrap_or(letters[at]);
            }
        }
        letters.into_iter().collect()
    }

    fn shuffle<T>(&mut self, list: &mut [T]) {
        for at in (1..list.len()).rev() {
            list.swap(at, self.next(at + 1));
        }
    }
}

/// A place where a name is used.
struct Site {
    kind: &'static str,
    code: &'static str,
    place: Range<usize>,
}

/// Misspelt names in every file, as many of each kind as there are, up to [`IN_A_FILE`].
pub fn plants(survey: &Survey) -> Vec<Plant> {
    let seed = std::env::var("PLANTING_SEED").ok().and_then(|s| s.parse().ok()).unwrap_or(2015);
    let mut slips = Slips(seed);
    let declared = declared(survey);
    let mut plants = Vec::new();
    for (file, text) in &survey.files {
        for site in chosen(sites(text, &declared), &mut slips) {
            plants.extend(misspelt(file, text, site, &declared, &mut slips));
        }
    }
    plants
}

/// One after the other of each kind, so that each kind has its share.
fn chosen(mut sites: Vec<Site>, slips: &mut Slips) -> Vec<Site> {
    slips.shuffle(&mut sites);
    let mut by_kind: BTreeMap<&str, Vec<Site>> = BTreeMap::new();
    for site in sites {
        by_kind.entry(site.kind).or_default().push(site);
    }
    let mut chosen = Vec::new();
    while chosen.len() < IN_A_FILE && by_kind.values().any(|v| !v.is_empty()) {
        chosen.extend(by_kind.values_mut().filter_map(Vec::pop));
    }
    chosen.truncate(IN_A_FILE);
    chosen
}

fn misspelt(
    file: &str,
    text: &str,
    site: Site,
    declared: &BTreeSet<String>,
    slips: &mut Slips,
) -> Option<Plant> {
    let name = &text[site.place.clone()];
    let wrong = slips.slip(name);
    let is_short = wrong.chars().count() < SHORTEST_CHINESE;
    if is_short || wrong == name || declared.contains(&wrong) || KEYS.split_whitespace().any(|k| k == wrong) {
        return None; // no slip, or another name
    }
    let start = site.place.start;
    Some(Plant {
        class: site.kind.to_owned(),
        file: file.to_owned(),
        written: format!("{name} → {wrong}"),
        text: format!("{}{wrong}{}", &text[..start], &text[site.place.end..]),
        place: start..start + wrong.len(),
        code: site.code,
        near: Some(name.to_owned()),
    })
}

/// Every id that is declared, in whatever sense.
fn declared(survey: &Survey) -> BTreeSet<String> {
    let declares = Regex::new(r"- '?([\w%]+)'?:|[{ ]id: (\w+)").unwrap();
    let words = "left right diff row rows periods rule june year_end text long_text count decimal percent money yes_no tick \
        code codes date month year url phone email by_row target warning error information";
    let all = survey.files.values().flat_map(|text| declares.captures_iter(text));
    let ids = all.filter_map(|c| c.get(1).or(c.get(2))).map(|m| m.as_str().to_owned());
    ids.chain(words.split_whitespace().map(str::to_owned)).collect()
}

/// The places of a file where names are used.
fn sites(text: &str, declared: &BTreeSet<String>) -> Vec<Site> {
    let mut found = Vec::new();
    let is_long = |name: &str| {
        let letters = name.chars().count();
        letters >= if name.is_ascii() { SHORTEST } else { SHORTEST_CHINESE }
    };
    let word = Regex::new(r#"("[^"]*"|'[^']*')|([\w]+)"#).unwrap();
    for (kind, context, code) in KINDS {
        let context = Regex::new(context).unwrap();
        let searched = context.captures_iter(text).filter_map(|c| c.get(1));
        for part in searched {
            for m in word.captures_iter(part.as_str()).filter_map(|c| c.get(2)) {
                let place = part.start() + m.start()..part.start() + m.end();
                let name = m.as_str();
                let behind = &text[place.end..];
                let is_call = behind.starts_with('(');
                let fits = match *kind {
                    "a function" => is_call && FUNCTIONS.contains(&name),
                    "a name in a test" => behind.starts_with(": ") && declared.contains(name),
                    "a type" => declared.contains(name),
                    _ => !is_call && (declared.contains(name) || *kind == "a unit"),
                };
                if fits && is_long(name) && !WORDS.contains(&name) {
                    found.push(Site { kind, code, place });
                }
            }
        }
    }
    found.extend(keys(text).into_iter().filter(|s| is_long(&text[s.place.clone()])));
    found
}

/// The keys of our own; what stands in tests is names.
fn keys(text: &str) -> Vec<Site> {
    let key = Regex::new(r"(?m)(?:^ *|[{,] ?)(\w+):(?: |$)").unwrap();
    let names = Regex::new(r"(?m)^    (?:given|tables): .*$").unwrap();
    let in_test = |at: usize| names.find_iter(text).any(|m| m.range().contains(&at));
    let is_key = |m: &regex::Match<'_>| KEYS.split_whitespace().any(|k| k == m.as_str());
    let all = key.captures_iter(text).filter_map(|c| c.get(1)).filter(is_key);
    // The first key of a file says what kind of file it is.
    all.filter(|m| m.start() > 0 && !in_test(m.start()))
        .map(|m| Site { kind: "a key", code: "E0102", place: m.range() })
        .collect()
}
