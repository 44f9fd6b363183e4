//! Patterns of texts: the subset that Rust, JavaScript, Python, PostgreSQL and DuckDB read alike.
//!
//! | part | written |
//! | --- | --- |
//! | a character | itself; `\` before a sign; `\n \t \r \f \v` |
//! | one of several | `[a-z_]`, `[^a-z]`; `\d` `\w` `\s`, which are ASCII; `.`, anything but a line feed |
//! | repeated | `?` `*` `+` `{2}` `{2,}` `{2,4}`, at most [`MAX_REPEAT`] times |
//! | together, or | `(ab)`, `(?:ab)`, `a\|b` |
//! | the ends of the text | `^` `$` |
//!
//! [`parse`] reads a pattern into a [`Node`] or names what is outside of the subset; [`Node::print`] spells it so that
//! all of them read it alike; [`Matcher`] searches a text for it in time linear in the text.

mod matcher;

pub use matcher::{Kept, Matcher};

/// Longest pattern, bytes.
pub const MAX_LENGTH: usize = 1 << 10;
/// Most repetitions that can be asked for, those of repetitions within repetitions multiplied.
pub const MAX_REPEAT: u32 = 1000;
/// Most parts of a pattern when its repetitions are written out.
pub const MAX_SIZE: usize = 1 << 14;
/// Most groups within groups.
pub const MAX_DEPTH: usize = 50;

/// A part of a pattern.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Node {
    /// A character of a set.
    Set(Set),
    /// The beginning of the text.
    Start,
    /// The end of the text.
    End,
    /// One after the other; none is the empty text.
    Sequence(Vec<Node>),
    /// One of them.
    Either(Vec<Node>),
    /// So often, or more often without bound.
    Repeat(Box<Node>, u32, Option<u32>),
}

/// A set of characters.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Set {
    /// Whether it is all others.
    pub others: bool,
    /// Ranges, both ends included, in order and apart from each other.
    pub ranges: Vec<(char, char)>,
}

impl Set {
    fn new(others: bool, mut ranges: Vec<(char, char)>) -> Self {
        ranges.sort_unstable();
        let mut apart: Vec<(char, char)> = Vec::new();
        for (low, high) in ranges {
            match apart.last_mut() {
                Some((_, end)) if u32::from(low) <= u32::from(*end) + 1 => *end = high.max(*end),
                _ => apart.push((low, high)),
            }
        }
        Set { others, ranges: apart }
    }

    fn one(c: char) -> Self {
        Set { others: false, ranges: vec![(c, c)] }
    }

    /// Whether it has a character.
    pub fn has(&self, c: char) -> bool {
        self.ranges.iter().any(|(low, high)| (*low..=*high).contains(&c)) != self.others
    }

    /// The character, if it is the only one.
    pub fn single(&self) -> Option<char> {
        match self.ranges.as_slice() {
            [(low, high)] if low == high && !self.others => Some(*low),
            _ => None,
        }
    }

    /// Its characters, if there are at most so many.
    pub fn characters(&self, most: usize) -> Option<String> {
        let all: String =
            self.ranges.iter().flat_map(|(low, high)| *low..=*high).take(most.saturating_add(1)).collect();
        (!self.others && all.chars().count() <= most).then_some(all)
    }

    fn print(&self) -> String {
        if let Some(c) = self.single() {
            return spelt(c, "^$\\.*+?()[]{}|");
        }
        let mut out = String::from(if self.others { "[^" } else { "[" });
        let end = |c: char| spelt(c, "^\\[]-");
        for (low, high) in &self.ranges {
            out.push_str(&end(*low));
            if u32::from(*high) > u32::from(*low) + 1 {
                out.push('-');
            }
            if high > low {
                out.push_str(&end(*high));
            }
        }
        out + "]"
    }
}

/// A character, with `\` before the signs that need it.
fn spelt(c: char, signs: &str) -> String {
    match c {
        '\n' => "\\n".to_owned(),
        '\t' => "\\t".to_owned(),
        '\r' => "\\r".to_owned(),
        '\u{c}' => "\\f".to_owned(),
        '\u{b}' => "\\v".to_owned(),
        c if signs.contains(c) => format!("\\{c}"),
        c => c.to_string(),
    }
}

impl Node {
    /// The pattern as every one of them reads it.
    pub fn print(&self) -> String {
        match self {
            Node::Set(set) => set.print(),
            Node::Start => "^".to_owned(),
            Node::End => "$".to_owned(),
            Node::Sequence(parts) => parts.iter().map(|p| p.grouped(false)).collect(),
            Node::Either(parts) => parts.iter().map(Node::print).collect::<Vec<_>>().join("|"),
            Node::Repeat(part, low, high) => {
                let times = match (low, high) {
                    (0, Some(1)) => "?".to_owned(),
                    (0, None) => "*".to_owned(),
                    (1, None) => "+".to_owned(),
                    (low, None) => format!("{{{low},}}"),
                    (low, Some(high)) if low == high => format!("{{{low}}}"),
                    (low, Some(high)) => format!("{{{low},{high}}}"),
                };
                part.grouped(true) + &times
            }
        }
    }

    /// In brackets where it would fall apart.
    fn grouped(&self, repeated: bool) -> String {
        match self {
            Node::Set(_) => self.print(),
            Node::Start | Node::End | Node::Repeat(..) if !repeated => self.print(),
            _ => format!("(?:{})", self.print()),
        }
    }

    /// Calls `f` for this part and all in it.
    pub fn walk(&self, f: &mut dyn FnMut(&Node)) {
        f(self);
        match self {
            Node::Set(_) | Node::Start | Node::End => {}
            Node::Sequence(parts) | Node::Either(parts) => parts.iter().for_each(|p| p.walk(f)),
            Node::Repeat(part, ..) => part.walk(f),
        }
    }

    /// Whether one of its parts, or itself, is so.
    pub fn any(&self, is: impl Fn(&Node) -> bool) -> bool {
        let mut found = false;
        self.walk(&mut |node| found |= is(node));
        found
    }

    /// Whether it only ever matches a text as a whole: `^…$`.
    pub fn is_whole(&self) -> bool {
        self.begins() && self.ends()
    }

    fn begins(&self) -> bool {
        match self {
            Node::Start => true,
            Node::Sequence(parts) => parts.first().is_some_and(Node::begins),
            Node::Either(parts) => parts.iter().all(Node::begins),
            _ => false,
        }
    }

    fn ends(&self) -> bool {
        match self {
            Node::End => true,
            Node::Sequence(parts) => parts.last().is_some_and(Node::ends),
            Node::Either(parts) => parts.iter().all(Node::ends),
            _ => false,
        }
    }

    /// How many parts it has when its repetitions are written out, and the most times one of them is repeated.
    fn size(&self) -> (usize, u64) {
        match self {
            Node::Set(_) | Node::Start | Node::End => (1, 1),
            Node::Sequence(parts) | Node::Either(parts) => parts
                .iter()
                .map(Node::size)
                .fold((1, 1), |(sum, most), (size, times)| (size.saturating_add(sum), times.max(most))),
            Node::Repeat(part, low, high) => {
                let times = high.unwrap_or(*low).max(*low).max(1);
                let (size, inner) = part.size();
                (size.saturating_mul(times as usize).saturating_add(1), inner.saturating_mul(times.into()))
            }
        }
    }
}

/// Reads a pattern. The error is the first construct that is outside of the subset, or what is wrong with it.
pub fn parse(pattern: &str) -> Result<Node, String> {
    if pattern.len() > MAX_LENGTH {
        return Err(format!("{} bytes, at most {MAX_LENGTH} are allowed", pattern.len()));
    }
    let mut reader = Reader { signs: pattern.chars().collect(), at: 0, groups: vec![Group::default()] };
    let node = reader.read()?;
    let (size, times) = node.size();
    if size > MAX_SIZE || times > MAX_REPEAT.into() {
        return Err(pattern.to_owned());
    }
    Ok(node)
}

/// The parts of a group that is being read.
#[derive(Default)]
struct Group {
    before: Vec<Node>,
    now: Vec<Node>,
    /// Whether something in it repeats without bound.
    unbounded: bool,
}

impl Group {
    fn node(mut self) -> Node {
        let last = sequence(self.now);
        if self.before.is_empty() {
            return last;
        }
        self.before.push(last);
        Node::Either(self.before)
    }
}

fn sequence(mut parts: Vec<Node>) -> Node {
    match (parts.pop(), parts.is_empty()) {
        (Some(only), true) => only,
        (last, _) => {
            parts.extend(last);
            Node::Sequence(parts)
        }
    }
}

struct Reader {
    signs: Vec<char>,
    at: usize,
    groups: Vec<Group>,
}

impl Reader {
    fn peek(&self) -> Option<char> {
        self.signs.get(self.at).copied()
    }

    fn next(&mut self) -> Option<char> {
        let c = self.peek();
        self.at += usize::from(c.is_some());
        c
    }

    fn push(&mut self, node: Node) {
        if let Some(group) = self.groups.last_mut() {
            group.now.push(node);
        }
    }

    fn read(&mut self) -> Result<Node, String> {
        // Whether what stands before may be repeated, and whether it repeats without bound inside.
        let mut before: Option<bool> = None;
        while let Some(c) = self.next() {
            before = match c {
                '(' => self.open()?,
                ')' => Some(self.close()?),
                '*' | '+' | '?' | '{' => self.repeat(c, before)?,
                '|' => self.alternative(),
                '^' | '$' => {
                    self.push(if c == '^' { Node::Start } else { Node::End });
                    None
                }
                ']' | '}' => return Err(c.to_string()),
                c => {
                    let set = self.set(c)?;
                    self.push(Node::Set(set));
                    Some(false)
                }
            };
        }
        match (self.groups.pop(), self.groups.is_empty()) {
            (Some(whole), true) => Ok(whole.node()),
            _ => Err("(".to_owned()),
        }
    }

    fn set(&mut self, c: char) -> Result<Set, String> {
        match c {
            '\\' => Ok(Set::new(false, self.escape(false)?)),
            '[' => self.class(),
            '.' => Ok(Set { others: true, ranges: vec![('\n', '\n')] }),
            c => Ok(Set::one(c)),
        }
    }

    fn open(&mut self) -> Result<Option<bool>, String> {
        if self.groups.len() > MAX_DEPTH {
            return Err("(".repeat(self.groups.len()));
        }
        self.groups.push(Group::default());
        if self.peek() == Some('?') {
            let sign: String = self.signs.iter().skip(self.at).take(3).collect();
            if !sign.starts_with("?:") {
                let taken = if sign.starts_with("?<=") || sign.starts_with("?<!") { 3 } else { 2 };
                return Err(format!("({}", sign.chars().take(taken).collect::<String>()));
            }
            self.at += 2;
        }
        Ok(None)
    }

    /// Ends a group; whether something in it repeats without bound.
    fn close(&mut self) -> Result<bool, String> {
        match self.groups.pop().filter(|_| !self.groups.is_empty()) {
            None => Err(")".to_owned()),
            Some(group) => {
                let unbounded = group.unbounded;
                if let Some(around) = self.groups.last_mut() {
                    around.unbounded |= unbounded;
                    around.now.push(group.node());
                }
                Ok(unbounded)
            }
        }
    }

    fn alternative(&mut self) -> Option<bool> {
        if let Some(group) = self.groups.last_mut() {
            let now = std::mem::take(&mut group.now);
            group.before.push(sequence(now));
        }
        None
    }

    fn repeat(&mut self, sign: char, before: Option<bool>) -> Result<Option<bool>, String> {
        let start = self.at - 1;
        let (low, high) = match sign {
            '*' => (0, None),
            '+' => (1, None),
            '?' => (0, Some(1)),
            _ => self.times()?,
        };
        let shown = |this: &Self| this.signs.iter().take(this.at).skip(start).collect::<String>();
        if matches!(self.peek(), Some('?' | '+' | '*' | '{')) {
            self.at += 1;
            return Err(shown(self));
        }
        if high.is_some_and(|high| high < low) || low.max(high.unwrap_or(0)) > MAX_REPEAT {
            return Err(shown(self));
        }
        let inner = match before {
            None => return Err(shown(self)),
            // A repetition without bound of another one takes some of them for ever.
            Some(true) if high.is_none() => return Err(format!("){}", shown(self))),
            Some(inner) => inner,
        };
        if let Some(group) = self.groups.last_mut()
            && let Some(node) = group.now.pop()
        {
            group.unbounded |= inner || high.is_none();
            group.now.push(Node::Repeat(Box::new(node), low, high));
        }
        Ok(None)
    }

    /// `{m}`, `{m,}` or `{m,n}` behind the opening brace.
    fn times(&mut self) -> Result<(u32, Option<u32>), String> {
        let mut inside = String::new();
        loop {
            match self.next() {
                Some('}') => break,
                Some(c) if c.is_ascii_digit() || c == ',' => inside.push(c),
                _ => return Err("{".to_owned()),
            }
        }
        let (low, high) = inside.split_once(',').unwrap_or((&inside, &inside));
        let number = |text: &str| text.parse::<u32>().map_err(|_| format!("{{{inside}}}"));
        Ok((number(low)?, if high.is_empty() { None } else { Some(number(high)?) }))
    }

    fn escape(&mut self, in_class: bool) -> Result<Vec<(char, char)>, String> {
        let one = |c| Ok(vec![(c, c)]);
        match self.next() {
            Some('d') => Ok(vec![('0', '9')]),
            Some('w') => Ok(vec![('0', '9'), ('A', 'Z'), ('_', '_'), ('a', 'z')]),
            Some('s') => Ok(vec![('\t', '\n'), ('\r', '\r'), (' ', ' ')]),
            Some('n') => one('\n'),
            Some('t') => one('\t'),
            Some('r') => one('\r'),
            Some('f') => one('\u{c}'),
            Some('v') => one('\u{b}'),
            Some('-') if in_class => one('-'),
            Some(c) if c.is_ascii_alphanumeric() => Err(format!("\\{c}")),
            Some(c) => one(c),
            None => Err("\\".to_owned()),
        }
    }

    fn class(&mut self) -> Result<Set, String> {
        let others = self.peek() == Some('^');
        self.at += usize::from(others);
        let (start, mut ranges) = (self.at, Vec::new());
        loop {
            let (at, first) = (self.at, self.next());
            match first {
                None => return Err("[".to_owned()),
                Some(']') if at == start => return Err("[]".to_owned()),
                Some(']') => return Ok(Set::new(others, ranges)),
                Some(c) => ranges.extend(self.member(c)?),
            }
        }
    }

    /// A character, an escape or a range of a class.
    fn member(&mut self, c: char) -> Result<Vec<(char, char)>, String> {
        let at = self.at - 1;
        let low = self.end_of_range(c)?;
        let behind = self.signs.get(self.at + 1).copied();
        if self.peek() != Some('-') || matches!(behind, None | Some(']')) {
            return Ok(low);
        }
        if behind == Some('-') {
            return Err("--".to_owned());
        }
        self.at += 1;
        let next = self.next().unwrap_or('-');
        let high = self.end_of_range(next)?;
        match (low.as_slice(), high.as_slice()) {
            ([(a, b)], [(y, z)]) if a == b && y == z && a <= z => Ok(vec![(*a, *z)]),
            _ => Err(self.signs.iter().take(self.at).skip(at).collect()),
        }
    }

    fn end_of_range(&mut self, c: char) -> Result<Vec<(char, char)>, String> {
        match c {
            '\\' => self.escape(true),
            '[' => Err("[[".to_owned()),
            // Some take these for operations on sets.
            '&' | '~' | '-' if self.peek() == Some(c) => Err(format!("{c}{c}")),
            c => Ok(vec![(c, c)]),
        }
    }
}

#[cfg(test)]
mod tests;
