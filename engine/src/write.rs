//! Writing JSON: strings and an ordered writer.

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// On one line, with a blank after `:` and `,`.
    Compact,
    /// Two spaces for each level, LF, and an LF at the end.
    Pretty,
    /// As `Pretty`, but an object or array of no more than 160 bytes stands on one line.
    Fit,
}

/// Most bytes of an object or array on one line ([`Style::Fit`]).
const LINE: usize = 160;

/// Room for the first bytes of a document or a part of one.
const PART: usize = 512;

/// Appends text as a JSON string with its quotes.
pub fn push_string(out: &mut String, text: &str) {
    push_quoted(out, text, "");
}

/// Appends text as a JSON string, and what follows it.
fn push_quoted(out: &mut String, text: &str, then: &str) {
    out.reserve(text.len() + then.len() + 2);
    out.push('"');
    if is_plain(text.as_bytes()) {
        out.push_str(text)
    } else {
        push_escaped(out, text)
    }
    out.push('"');
    out.push_str(then);
}

/// Whether no character needs an escape. Where the length is no multiple of what is looked at in one step, the last step
/// overlaps the one before.
fn is_plain(bytes: &[u8]) -> bool {
    let found = match (bytes.last_chunk(), bytes.first_chunk(), bytes.last_chunk()) {
        (Some(last), ..) => {
            let (chunks, _) = bytes.as_chunks();
            let words = chunks.iter().map(|chunk| u64::from_le_bytes(*chunk));
            words
                .fold(may_need_escape(u64::from_le_bytes(*last)), |found, word| found | may_need_escape(word))
        }
        (_, Some(first), Some(last)) => {
            let [first, last] = [first, last].map(|chunk| u64::from(u32::from_le_bytes(*chunk)));
            may_need_escape(first | last << 32)
        }
        _ => u64::from(first(bytes, may_need_escape).is_some()),
    };
    found == 0
}

/// Appends the inside of a JSON string: what is plain in runs.
fn push_escaped(out: &mut String, text: &str) {
    let mut rest = text;
    let place = |rest: &str| first(rest.as_bytes(), may_need_escape);
    while let Some((plain, other)) = place(rest).and_then(|at| rest.split_at_checked(at)) {
        out.push_str(plain);
        let mut chars = other.chars();
        chars.next().iter().for_each(|char| push_char(out, *char));
        rest = chars.as_str();
    }
    out.push_str(rest);
}

/// Eight bytes, each of the value.
const fn eight(byte: u8) -> u64 {
    0x0101_0101_0101_0101 * byte as u64
}

/// The high bit of each of eight bytes that is below a limit of at most 128. (The bit of a byte behind such a one may be
/// wrong: subtracting borrows from it.)
fn below(word: u64, limit: u8) -> u64 {
    word.wrapping_sub(eight(limit)) & !word & eight(0x80)
}

/// The same of each that equals a byte.
fn equal(word: u64, byte: u8) -> u64 {
    below(word ^ eight(byte), 1)
}

/// The bytes that are, or begin, a character that may not stand as it is: 0xC2 begins U+0080 to U+00BF.
fn may_need_escape(word: u64) -> u64 {
    below(word, 0x20) | equal(word, b'"') | equal(word, b'\\') | equal(word, 0x7f) | equal(word, 0xc2)
}

/// Where the first byte stands whose high bit `is_found` sets; eight are looked at in one step.
fn first(bytes: &[u8], is_found: impl Fn(u64) -> u64) -> Option<usize> {
    let (chunks, rest) = bytes.as_chunks();
    let place = |found: u64| found.trailing_zeros() as usize / 8;
    for (at, chunk) in chunks.iter().enumerate() {
        let found = is_found(u64::from_le_bytes(*chunk));
        if found != 0 {
            return Some(8 * at + place(found));
        }
    }
    let last = rest.iter().rev().fold(0, |word, byte| word << 8 | u64::from(*byte));
    let at = place(is_found(last));
    (at < rest.len()).then_some(8 * chunks.len() + at)
}

/// Text as a JSON string with its quotes.
pub fn string(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    push_string(&mut out, text);
    out
}

/// A JSON document made safe to stand inside an HTML `script` element: `<`, `>`, `&` and the two line
/// separators are written as escapes. They can only occur within its strings.
pub fn inert(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for char in json.chars() {
        match char {
            '<' | '>' | '&' | '\u{2028}' | '\u{2029}' => push_escape(&mut out, char),
            other => out.push(other),
        }
    }
    out
}

fn push_char(out: &mut String, char: char) {
    match char {
        '"' => out.push_str("\\\""),
        '\\' => out.push_str("\\\\"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\0'..='\u{1f}' | '\u{7f}'..='\u{9f}' => push_escape(out, char),
        other => out.push(other),
    }
}

fn push_escape(out: &mut String, char: char) {
    out.push_str(&format!("\\u{:04x}", u32::from(char)));
}

/// Writes a document in the order of its calls.
///
/// Each value follows a [`key`](Self::key) in an object and stands by itself in an array. The caller
/// closes what it opens; what is left open is closed by [`finish`](Self::finish).
pub struct JsonWriter {
    out: String,
    style: Style,
    /// How far the whole is indented: for a part of a larger document.
    level: usize,
    open: Vec<Open>,
    /// How many of the open containers, from the outermost, have a line for each member.
    tall: usize,
    /// Where the members of the other open containers begin: the position and how many containers are around it.
    starts: Vec<(usize, usize)>,
    after_key: bool,
    /// Room for a line that is spread.
    line: String,
}

/// Members of an object, as text to be put into documents.
#[derive(Clone, Debug)]
pub struct Members {
    text: String,
    /// How many containers are around them.
    depth: usize,
    /// Of each line: where it begins behind its indentation, how many blanks that is, and where it ends.
    lines: Vec<[u32; 3]>,
    /// The length of all lines without indentation; none where a member has several, and so is too long for one.
    length: Option<usize>,
}

impl Members {
    /// Each member begins a line of the text.
    fn new(text: String, depth: usize) -> Self {
        let short = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let (mut lines, mut length, mut at) = (Vec::<[u32; 3]>::new(), 0, 0);
        let bytes = |at: usize| text.as_bytes().get(at..).unwrap_or_default();
        while at < text.len() {
            let start = at + 1;
            at = first(bytes(start), |word| equal(word, b'\n')).map_or(text.len(), |n| start + n);
            let indent = bytes(start).iter().take_while(|byte| **byte == b' ').count();
            lines.push([short(start + indent), short(indent), short(at)]);
            length += at - start - indent;
        }
        let indent = |[_, indent, _]: &[u32; 3]| *indent;
        let is_flat = lines.iter().all(|line| lines.first().map(indent) == Some(indent(line)));
        Members { text, depth, lines, length: is_flat.then_some(length) }
    }

    /// Each line: its indentation and what stands behind it.
    fn lines(&self) -> impl Iterator<Item = (usize, &str)> {
        let line = |[start, indent, end]: &[u32; 3]| {
            (*indent as usize, self.text.get(*start as usize..*end as usize).unwrap_or_default())
        };
        self.lines.iter().map(line)
    }
}

/// An open container.
struct Open {
    /// Its other bracket; none around members that stand by themselves.
    closing: Option<char>,
    filled: bool,
    /// The position behind its bracket.
    inside: usize,
}

impl JsonWriter {
    /// An empty document.
    pub fn new(style: Style) -> Self {
        Self::part(style, 0)
    }

    /// A value to be put into a document of the same style, so many levels deep: see [`raw`](Self::raw) and
    /// [`into_part`](Self::into_part).
    pub fn part(style: Style, level: usize) -> Self {
        Self {
            out: String::with_capacity(PART),
            style,
            level,
            open: Vec::with_capacity(8),
            tall: 0,
            starts: Vec::new(),
            after_key: false,
            line: String::new(),
        }
    }

    /// The members of an object, to be put into documents; the object has so many containers around it.
    /// See [`raw_members`](Self::raw_members).
    pub fn members(style: Style, level: usize) -> Self {
        let mut out = Self::part(style, level);
        out.open.push(Open { closing: None, filled: false, inside: 0 });
        out.tall = 1;
        out
    }

    /// How many containers are open here, those around a part included.
    pub fn depth(&self) -> usize {
        self.level + self.open.len()
    }

    /// With room for so many bytes.
    pub fn with_capacity(mut self, bytes: usize) -> Self {
        self.reserve(bytes);
        self
    }

    /// Makes room for so many more bytes.
    pub fn reserve(&mut self, bytes: usize) {
        self.out.reserve(bytes);
    }

    /// The name of the next value.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        push_quoted(&mut self.out, name, ": ");
        self.after_key = true;
        self
    }

    /// The name of the next value, one that needs no escape.
    pub fn name(&mut self, name: &'static str) -> &mut Self {
        debug_assert!(is_plain(name.as_bytes()), "the name {name} needs an escape");
        self.separate();
        self.out.reserve(name.len() + 4);
        self.out.push('"');
        self.out.push_str(name);
        self.out.push_str("\": ");
        self.after_key = true;
        self
    }

    /// A string.
    pub fn string(&mut self, text: &str) -> &mut Self {
        self.separate();
        push_string(&mut self.out, text);
        self.written()
    }

    /// A string, or null for none.
    pub fn string_or_null(&mut self, text: Option<&str>) -> &mut Self {
        match text {
            Some(text) => self.string(text),
            None => self.null(),
        }
    }

    /// A number by its digits, which are written as they are.
    pub fn number(&mut self, digits: &str) -> &mut Self {
        self.raw(digits)
    }

    /// True or false.
    pub fn bool(&mut self, bool: bool) -> &mut Self {
        self.raw(if bool { "true" } else { "false" })
    }

    /// Null.
    pub fn null(&mut self) -> &mut Self {
        self.raw("null")
    }

    /// A value that is JSON already.
    pub fn raw(&mut self, json: &str) -> &mut Self {
        self.separate();
        self.out.push_str(json);
        self.written()
    }

    /// Members written by themselves, into the object that is open.
    pub fn raw_members(&mut self, members: &Members) -> &mut Self {
        if members.lines.is_empty() {
            return self;
        }
        let may_fit = members.length.is_some_and(|length| length <= LINE);
        if self.style == Style::Fit && self.tall < self.open.len() && may_fit {
            return self.short_members(members);
        }
        while self.tall < self.open.len() {
            self.tall += 1;
            self.spread();
        }
        if let Some(Open { filled, .. }) = self.open.last_mut()
            && std::mem::replace(filled, true)
        {
            self.out.push(',');
        }
        let (own, here) = (members.depth, self.depth());
        if own == here {
            self.out.push_str(&members.text);
        } else {
            self.out.reserve(members.text.len() + 2 * members.lines.len() * here.saturating_sub(own));
            for (indent, line) in members.lines() {
                push_break(&mut self.out, (indent / 2 + here).saturating_sub(own));
                self.out.push_str(line);
            }
        }
        self
    }

    /// Members that may fit on one line, one after the other.
    fn short_members(&mut self, members: &Members) -> &mut Self {
        for (_, line) in members.lines() {
            self.separate();
            self.out.push_str(line.strip_suffix(',').unwrap_or(line));
            self.written();
        }
        self
    }

    /// Opens an object.
    pub fn begin_object(&mut self) -> &mut Self {
        self.begin('{', '}')
    }

    /// Closes the innermost container, an object.
    pub fn end_object(&mut self) -> &mut Self {
        self.end()
    }

    /// Opens an array.
    pub fn begin_array(&mut self) -> &mut Self {
        self.begin('[', ']')
    }

    /// Closes the innermost container, an array.
    pub fn end_array(&mut self) -> &mut Self {
        self.end()
    }

    /// The document; those of more than one line end with a newline.
    pub fn finish(self) -> String {
        let style = self.style;
        let mut out = self.into_part();
        if style != Style::Compact {
            out.push('\n');
        }
        out
    }

    /// The members that were written: see [`members`](Self::members).
    pub fn into_members(self) -> Members {
        let depth = self.depth();
        Members::new(self.into_part(), depth)
    }

    /// What was written, without a newline at the end.
    pub fn into_part(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        self.out
    }

    fn begin(&mut self, bracket: char, closing: char) -> &mut Self {
        self.separate();
        self.out.push(bracket);
        self.open.push(Open { closing: Some(closing), filled: false, inside: self.out.len() });
        if self.style == Style::Pretty {
            self.tall = self.open.len();
        }
        self
    }

    fn end(&mut self) -> &mut Self {
        let is_tall = self.tall == self.open.len();
        let Some(Open { closing, filled, .. }) = self.open.pop() else { return self };
        let left = self.open.len();
        if is_tall {
            self.tall = left;
            if filled && closing.is_some() {
                self.break_line();
            }
        }
        while self.starts.pop_if(|(_, around)| *around > left).is_some() {}
        self.out.extend(closing);
        self.written()
    }

    /// What stands before a key or value: nothing after a key, otherwise comma and line break or blank.
    fn separate(&mut self) {
        if std::mem::take(&mut self.after_key) {
            return;
        }
        let around = self.open.len();
        let Some(Open { filled, .. }) = self.open.last_mut() else { return };
        if std::mem::replace(filled, true) {
            self.out.push(',');
            if around != self.tall {
                self.out.push(' ');
            }
        }
        if around == self.tall {
            self.break_line();
        } else if self.style == Style::Fit {
            self.starts.push((self.out.len(), around));
        }
    }

    /// Gives the members of a container that has grown too long a line each, the outermost first.
    fn written(&mut self) -> &mut Self {
        while self.style == Style::Fit
            && self.open.get(self.tall).is_some_and(|o| self.out.len() - o.inside > LINE)
        {
            self.tall += 1;
            self.spread();
        }
        self
    }

    /// Puts line breaks before the members of the innermost tall container, which have stood on one line so far.
    fn spread(&mut self) {
        let around = self.tall;
        let Some(inside) = self.open.get(around - 1).map(|o| o.inside) else { return };
        let mut line = std::mem::take(&mut self.line);
        line.clear();
        line.push_str(self.out.get(inside..).unwrap_or_default());
        self.out.truncate(inside);
        let (mut done, mut shift) = (0, 0_usize);
        for (start, _) in self.starts.iter().filter(|(_, a)| *a == around) {
            let at = start - inside;
            self.out.push_str(line.get(done..at).unwrap_or_default().trim_end_matches(' '));
            push_break(&mut self.out, self.level + around);
            (done, shift) = (at, (self.out.len() - inside).saturating_sub(at));
        }
        self.out.push_str(line.get(done..).unwrap_or_default());
        self.line = line;
        self.starts.retain(|(_, a)| *a != around);
        self.starts.iter_mut().for_each(|(start, _)| *start += shift);
        self.open.iter_mut().skip(around).for_each(|o| o.inside += shift);
    }

    fn break_line(&mut self) {
        push_break(&mut self.out, self.level + self.open.len());
    }
}

/// A line break and the indentation of a level.
fn push_break(out: &mut String, level: usize) {
    const BLANKS: &str = "                                ";
    out.push('\n');
    let mut left = 2 * level;
    while left > 0 {
        let now = left.min(BLANKS.len());
        out.push_str(BLANKS.get(..now).unwrap_or_default());
        left -= now;
    }
}

#[cfg(test)]
mod tests;
