//! The reader: one pass over the bytes, with a depth counter of its own.

use super::{Document, Expected, Json, JsonError, Kind, Limits, Member, Problem, pointer_step};
use std::collections::HashSet;
use std::ops::Range;

/// Reads a document.
///
/// A BOM is not accepted, as no other JSON reader need accept it. The first thing that is no JSON, or is over a limit, is the error; duplicate
/// keys are collected beside the document.
pub fn parse(bytes: &[u8], limits: &Limits) -> Result<Document, JsonError> {
    let mut reader =
        Reader { bytes, text: "", at: 0, nodes: 0, limits, path: Vec::new(), duplicates: Vec::new() };
    match reader.document() {
        Ok(root) => Ok(Document { root, duplicates: reader.duplicates }),
        Err(problem) => Err(reader.error(problem, reader.at)),
    }
}

type Parsed<T> = Result<T, Problem>;

/// A step of the path to the value at hand; names are resolved only where an error needs them.
enum Step {
    Key(Range<usize>),
    Index(usize),
}

struct Reader<'a> {
    bytes: &'a [u8],
    /// The same bytes once they are known to be UTF-8.
    text: &'a str,
    at: usize,
    nodes: usize,
    limits: &'a Limits,
    path: Vec<Step>,
    duplicates: Vec<JsonError>,
}

impl<'a> Reader<'a> {
    fn document(&mut self) -> Parsed<Json> {
        if self.bytes.len() > self.limits.bytes {
            self.at = self.limits.bytes;
            return Err(Problem::OverLimit("bytes", self.limits.bytes));
        }
        if let Some(name) = encoding(self.bytes) {
            return Err(Problem::Encoding(name));
        }
        let bytes = self.bytes;
        self.text = std::str::from_utf8(bytes).map_err(|error| {
            self.at = error.valid_up_to();
            Problem::InvalidUtf8
        })?;
        if self.text.trim_ascii().is_empty() {
            return Err(Problem::Empty);
        }
        let root = self.value()?;
        self.blanks();
        if self.at < self.bytes.len() { Err(Problem::TrailingText) } else { Ok(root) }
    }

    fn value(&mut self) -> Parsed<Json> {
        self.blanks();
        self.count_node()?;
        let start = self.at;
        let kind = match self.peek() {
            None => return Err(Problem::UnexpectedEnd),
            Some(b'{') => self.nested(Self::object)?,
            Some(b'[') => self.nested(Self::array)?,
            Some(b'"') => Kind::Text(self.string()?),
            Some(b'-' | b'0'..=b'9') => Kind::Number(self.number()?),
            Some(_) => self.word()?,
        };
        Ok(Json { kind, span: (start, self.at) })
    }

    fn count_node(&mut self) -> Parsed<()> {
        self.nodes += 1;
        over("values", self.nodes, self.limits.nodes)
    }

    /// Steps over the opening bracket, unless that is one level too deep.
    fn nested(&mut self, read: fn(&mut Self) -> Parsed<Kind>) -> Parsed<Kind> {
        over("levels", self.path.len() + 1, self.limits.depth)?;
        self.at += 1;
        read(self)
    }

    fn array(&mut self) -> Parsed<Kind> {
        let mut values = Vec::new();
        if self.closes(b']') {
            return Ok(Kind::Array(values));
        }
        loop {
            self.path.push(Step::Index(values.len()));
            self.no_end(b']')?;
            values.push(self.value()?);
            self.path.pop();
            if self.ends(b']', Expected::CommaOrBracket)? {
                return Ok(Kind::Array(values));
            }
        }
    }

    fn object(&mut self) -> Parsed<Kind> {
        let mut members = Vec::new();
        if !self.closes(b'}') {
            loop {
                self.no_end(b'}')?;
                members.push(self.member()?);
                if self.ends(b'}', Expected::CommaOrBrace)? {
                    break;
                }
            }
        }
        self.note_duplicates(&members)?;
        Ok(Kind::Object(members))
    }

    fn member(&mut self) -> Parsed<Member> {
        self.blanks();
        let start = self.at;
        self.require(b'"', Expected::Name)?;
        let key = self.string()?;
        let key_span = start..self.at;
        self.blanks();
        self.require(b':', Expected::Colon)?;
        self.at += 1;
        self.path.push(Step::Key(key_span.clone()));
        let value = self.value()?;
        self.path.pop();
        Ok(Member { key, key_span, value })
    }

    fn note_duplicates(&mut self, members: &[Member]) -> Parsed<()> {
        let mut seen = HashSet::with_capacity(members.len());
        for member in members {
            if seen.insert(member.key.as_str()) {
                continue;
            }
            over("duplicate keys", self.duplicates.len() + 1, self.limits.duplicates)?;
            let mut error = self.error(Problem::DuplicateKey(member.key.clone()), member.key_span.start);
            error.pointer.push_str(&pointer_step(&member.key));
            self.duplicates.push(error);
        }
        Ok(())
    }

    /// Whether the container closes here, without a member.
    fn closes(&mut self, bracket: u8) -> bool {
        self.blanks();
        let closes = self.peek() == Some(bracket);
        self.at += usize::from(closes);
        closes
    }

    /// Steps over a comma (false) or the closing bracket (true).
    fn ends(&mut self, bracket: u8, expected: Expected) -> Parsed<bool> {
        self.blanks();
        match self.peek() {
            None => Err(Problem::UnexpectedEnd),
            Some(byte) if byte == bracket || byte == b',' => {
                self.at += 1;
                Ok(byte == bracket)
            }
            Some(found) => Err(instead(found, expected)),
        }
    }

    /// After a comma the container must not close.
    fn no_end(&mut self, bracket: u8) -> Parsed<()> {
        self.blanks();
        if self.peek() == Some(bracket) { Err(Problem::TrailingComma) } else { Ok(()) }
    }

    fn require(&self, byte: u8, expected: Expected) -> Parsed<()> {
        match self.peek() {
            Some(found) if found == byte => Ok(()),
            Some(found) => Err(instead(found, expected)),
            None => Err(Problem::UnexpectedEnd),
        }
    }

    fn word(&mut self) -> Parsed<Kind> {
        let words = [("null", Kind::Null), ("true", Kind::Bool(true)), ("false", Kind::Bool(false))];
        let rest = self.bytes.get(self.at..).unwrap_or_default();
        for (word, kind) in words {
            if rest.starts_with(word.as_bytes()) {
                self.at += word.len();
                return Ok(kind);
            }
        }
        Err(self.peek().map_or(Problem::UnexpectedEnd, |found| instead(found, Expected::Value)))
    }

    /// `-`, digits without a leading zero, decimals, exponent.
    fn number(&mut self) -> Parsed<String> {
        let start = self.at;
        self.at += usize::from(self.peek() == Some(b'-'));
        let leading_zero = self.peek() == Some(b'0');
        let whole = self.digits()?;
        if leading_zero && whole > 1 {
            return Err(Problem::InvalidNumber);
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            self.at += usize::from(matches!(self.peek(), Some(b'+' | b'-')));
            self.digits()?;
        }
        Ok(self.slice(start..self.at).to_owned())
    }

    /// Steps over digits, of which there must be one, and counts them.
    fn digits(&mut self) -> Parsed<usize> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at > start { Ok(self.at - start) } else { Err(Problem::InvalidNumber) }
    }

    fn string(&mut self) -> Parsed<String> {
        self.at += 1;
        let mut out = String::new();
        loop {
            let start = self.at;
            while matches!(self.peek(), Some(byte) if byte >= 0x20 && byte != b'"' && byte != b'\\') {
                self.at += 1;
            }
            out.push_str(self.slice(start..self.at));
            match self.peek() {
                None => return Err(Problem::UnexpectedEnd),
                Some(b'"') => break,
                Some(b'\\') => out.push(self.escape()?),
                Some(control) => return Err(Problem::ControlCharacter(control)),
            }
        }
        self.at += 1;
        Ok(out)
    }

    /// The character of an escape; on an error the position stays at its backslash.
    fn escape(&mut self) -> Parsed<char> {
        let letter = self.bytes.get(self.at + 1).copied().ok_or(Problem::UnexpectedEnd)?;
        let plain = match letter {
            b'"' | b'\\' | b'/' => char::from(letter),
            b'b' => '\u{8}',
            b'f' => '\u{c}',
            b'n' => '\n',
            b'r' => '\r',
            b't' => '\t',
            b'u' => return self.unicode(),
            _ => return Err(Problem::InvalidEscape),
        };
        self.at += 2;
        Ok(plain)
    }

    fn unicode(&mut self) -> Parsed<char> {
        let first = self.hex(self.at)?;
        let (code, length) = match first {
            0xD800..=0xDBFF => (self.pair(first)?, 12),
            _ => (first, 6),
        };
        let char = char::from_u32(code).ok_or(Problem::LoneSurrogate)?;
        self.at += length;
        Ok(char)
    }

    fn pair(&self, high: u32) -> Parsed<u32> {
        match self.hex(self.at + 6) {
            Ok(low @ 0xDC00..=0xDFFF) => Ok(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)),
            _ => Err(Problem::LoneSurrogate),
        }
    }

    /// The four hexadecimal digits of the `\u` at that byte.
    fn hex(&self, at: usize) -> Parsed<u32> {
        let escape = self.bytes.get(at..at + 6).ok_or(Problem::InvalidEscape)?;
        let digits = escape.strip_prefix(b"\\u").ok_or(Problem::InvalidEscape)?;
        digits.iter().try_fold(0, |code, byte| {
            let digit = char::from(*byte).to_digit(16).ok_or(Problem::InvalidEscape)?;
            Ok(code * 16 + digit)
        })
    }

    fn blanks(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    /// Text between two positions that are always at ASCII characters, hence never within a character.
    fn slice(&self, range: Range<usize>) -> &'a str {
        self.text.get(range).unwrap_or_default()
    }

    fn error(&self, problem: Problem, offset: usize) -> JsonError {
        let pointer = self.path.iter().map(|step| self.pointer_of(step)).collect();
        JsonError { problem, offset, pointer }
    }

    fn pointer_of(&self, step: &Step) -> String {
        match step {
            Step::Index(index) => format!("/{index}"),
            Step::Key(span) => pointer_step(&self.key_at(span.start)),
        }
    }

    /// Reads a name again that has been read before.
    fn key_at(&self, at: usize) -> String {
        let mut again = Reader { at, path: Vec::new(), duplicates: Vec::new(), ..*self };
        again.string().unwrap_or_default()
    }
}

/// What is wrong where something else stands.
fn instead(found: u8, expected: Expected) -> Problem {
    if matches!(found, b'/' | b'#') { Problem::Comment } else { Problem::Expected(expected) }
}

/// The name of an encoding other than plain UTF-8, by its first bytes.
fn encoding(bytes: &[u8]) -> Option<&'static str> {
    match bytes {
        [0xEF, 0xBB, 0xBF, ..] => Some("UTF-8 + BOM"),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] | [0, 0, 0, _, ..] => Some("UTF-32"),
        [0xFF, 0xFE, ..] | [0xFE, 0xFF, ..] | [0, _, ..] | [_, 0, ..] => Some("UTF-16"),
        _ => None,
    }
}

fn over(name: &'static str, count: usize, limit: usize) -> Parsed<()> {
    if count > limit { Err(Problem::OverLimit(name, limit)) } else { Ok(()) }
}
