//! The events of files in the usual forms of YAML, read directly: block and flow collections of plain and quoted texts that
//! each stand on one line, with comments.
//!
//! Such files are nearly all that people write, and reading them here takes a fraction of the time. Whatever else a file
//! holds (anchors, tags, escapes, texts of several lines, directives, odd characters, any mistake) is left to
//! [`granit_parser`]: then there are no events, and the whole file is read by it. Where there are events, they are those
//! that it would give, with the same places; a test holds the two against each other.

use granit_parser::{Event, ScalarStyle, StructureStyle};
use std::borrow::Cow;
use std::ops::Range;

/// An event and its bytes.
pub type Step<'i> = (Event<'i>, Range<usize>);

/// Collections deeper than this are left to the other reader, and its limit.
const DEEPEST: usize = 60;

/// Longest key, bytes: YAML allows 1 024 characters.
const LONGEST_KEY: usize = 1000;

/// Most events: they are all kept at once, where the other reader gives one after the other.
const MOST_EVENTS: usize = 1 << 18;

/// The events of the one document of a text, if it is of the usual forms.
pub fn events(text: &str) -> Option<Vec<Step<'_>>> {
    if !is_usual(text) {
        return None;
    }
    let out = Vec::with_capacity((text.len() / 8).min(MOST_EVENTS));
    let mut scan = Scan { text, at: 0, line: 0, depth: 0, out };
    scan.skip()?;
    scan.block(None)?;
    (scan.at == text.len()).then_some(scan.out)
}

/// Whether no character is of those that YAML forbids or takes for a line break or mark, but for LF.
fn is_usual(text: &str) -> bool {
    let bytes = text.as_bytes();
    let control = bytes.iter().fold(false, |any, b| any | (*b < 0x20 && *b != b'\n') | (*b == 0x7f));
    // U+0080 to U+009F, U+2028 and U+2029, U+FEFF, U+FFFE and U+FFFF.
    let after = |n: usize| bytes.iter().skip(n);
    let odd = bytes.iter().zip(after(1)).zip(after(2).chain([&0, &0])).fold(false, |any, ((a, b), c)| {
        any | (*a == 0xc2 && *b < 0xa0)
            | (*a == 0xe2 && *b == 0x80 && (*c == 0xa8 || *c == 0xa9))
            | (*a == 0xef && *b == 0xbb && *c == 0xbf)
            | (*a == 0xef && *b == 0xbf && *c >= 0xbe)
    });
    !control && !odd
}

/// A scalar that stands on one line.
struct Token<'i> {
    text: Cow<'i, str>,
    style: ScalarStyle,
    range: Range<usize>,
}

/// Every step gives `None` where the text is not of the usual forms.
struct Scan<'i> {
    text: &'i str,
    at: usize,
    /// Where the line at hand begins.
    line: usize,
    depth: usize,
    out: Vec<Step<'i>>,
}

impl<'i> Scan<'i> {
    fn byte(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at).copied()
    }

    fn byte_behind(&self) -> Option<u8> {
        self.text.as_bytes().get(self.at + 1).copied()
    }

    fn column(&self) -> usize {
        self.at - self.line
    }

    fn push(&mut self, event: Event<'i>, range: Range<usize>) {
        self.out.push((event, range));
    }

    fn here(&mut self, event: Event<'i>) {
        self.push(event, self.at..self.at);
    }

    /// A bracket of a flow collection.
    fn bracket(&mut self, event: Event<'i>) {
        self.push(event, self.at..self.at + 1);
        self.at += 1;
    }

    fn null(&mut self, at: usize) {
        self.push(Event::Scalar("~".into(), ScalarStyle::Plain, 0, None), at..at);
    }

    fn scalar(&mut self, token: Token<'i>) {
        self.push(Event::Scalar(token.text, token.style, 0, None), token.range);
    }

    fn deeper(&mut self) -> Option<()> {
        self.depth += 1;
        (self.depth <= DEEPEST).then_some(())
    }

    /// Passes over blanks, comments and line ends; whether a line ended. It is called for every few events.
    fn skip(&mut self) -> Option<bool> {
        if self.out.len() > MOST_EVENTS {
            return None;
        }
        let (start, before) = (self.at, self.line);
        let is_first = start == 0;
        loop {
            match self.byte() {
                Some(b' ') => self.at += 1,
                Some(b'\n') => {
                    self.at += 1;
                    self.line = self.at;
                }
                Some(b'#')
                    if self.at == self.line || self.text.as_bytes().get(self.at - 1) == Some(&b' ') =>
                {
                    let rest = self.text.get(self.at..)?;
                    self.at += rest.find('\n').unwrap_or(rest.len());
                }
                Some(b'#') => return None,
                _ => return Some(self.line != before || is_first),
            }
        }
    }

    /// The rest of a line behind a value: nothing but blanks and a comment.
    fn line_end(&mut self) -> Option<()> {
        (self.skip()? || self.at == self.text.len()).then_some(())
    }

    /// A node whose first character is the next one, inside a block collection of this column.
    fn block(&mut self, outer: Option<usize>) -> Option<()> {
        let column = self.column();
        match self.byte()? {
            _ if self.is_mark() => None,
            b'{' | b'[' => {
                self.flow(outer)?;
                self.line_end()
            }
            b'-' if self.is_dash() => self.sequence(column, false),
            _ => {
                let key = self.token(false)?;
                if self.is_colon() { self.mapping(column, key) } else { None }
            }
        }
    }

    /// Whether an item of a block sequence begins here.
    fn is_dash(&self) -> bool {
        self.byte() == Some(b'-') && matches!(self.byte_behind(), None | Some(b' ' | b'\n'))
    }

    /// Whether what stands before is a key.
    fn is_colon(&self) -> bool {
        self.byte() == Some(b':') && matches!(self.byte_behind(), None | Some(b' ' | b'\n'))
    }

    /// A block mapping, its first key read.
    fn mapping(&mut self, column: usize, first: Token<'i>) -> Option<()> {
        self.deeper()?;
        let start = first.range.start;
        self.push(Event::MappingStart(StructureStyle::Block, 0, None), start..start);
        let mut key = first;
        loop {
            if !self.is_colon() || key.range.len() > LONGEST_KEY {
                return None;
            }
            self.scalar(key);
            self.value(column)?;
            if self.at == self.text.len() || self.column() < column {
                self.here(Event::MappingEnd);
                self.depth -= 1;
                return Some(());
            }
            if self.column() > column || self.is_mark() {
                return None;
            }
            key = self.token(false)?;
        }
    }

    /// What stands behind the colon of a block mapping.
    fn value(&mut self, column: usize) -> Option<()> {
        let colon = self.at;
        self.at += 1;
        if !self.skip()? && self.at < self.text.len() {
            return self.inline(column);
        }
        let is_below = self.at < self.text.len();
        match self.column() {
            inner if is_below && inner > column => self.block(Some(column)),
            same if is_below && same == column && self.is_dash() => self.sequence(column, true),
            _ => {
                self.null(colon);
                Some(())
            }
        }
    }

    /// A value that begins on the line of its key or dash.
    fn inline(&mut self, column: usize) -> Option<()> {
        match self.byte()? {
            b'{' | b'[' => self.flow(Some(column))?,
            _ => {
                let token = self.token(false)?;
                self.scalar(token);
            }
        }
        self.line_end()
    }

    /// A block sequence. One that is indented no further than the key before it begins, for the other reader, with the
    /// text of its first item.
    fn sequence(&mut self, column: usize, as_key: bool) -> Option<()> {
        self.deeper()?;
        let start = if as_key { self.first_item()? } else { self.at };
        self.push(Event::SequenceStart(StructureStyle::Block, 0, None), start..start);
        loop {
            self.item(column)?;
            let within = self.at < self.text.len() && self.column() >= column;
            if within && self.column() == column && self.is_dash() && !self.is_mark() {
                continue;
            }
            if within && !(as_key && self.column() == column) {
                return None;
            }
            self.here(Event::SequenceEnd);
            self.depth -= 1;
            return Some(());
        }
    }

    /// Where the first item has its text, on the line of its dash.
    fn first_item(&self) -> Option<usize> {
        let rest = self.text.get(self.at + 1..)?;
        let blanks = rest.len() - rest.trim_start_matches(' ').len();
        let begins = rest.get(blanks..)?.bytes().next();
        begins.filter(|b| !matches!(b, b'\n' | b'#')).map(|_| self.at + 1 + blanks)
    }

    /// An item of a block sequence, from its dash.
    fn item(&mut self, column: usize) -> Option<()> {
        self.at += 1;
        let dash = self.at;
        let line_ended = self.skip()?;
        if self.at == self.text.len() || (line_ended && self.column() <= column) {
            self.null(dash);
            return (self.text.as_bytes().get(dash) == Some(&b'\n')).then_some(());
        }
        if line_ended || self.is_dash() {
            return self.block(Some(column));
        }
        if matches!(self.byte(), Some(b'{' | b'[')) {
            return self.inline(column);
        }
        let inner = self.column();
        let token = self.token(false)?;
        if self.is_colon() {
            return self.mapping(inner, token);
        }
        self.scalar(token);
        self.line_end()
    }

    /// Whether a line begins with a mark of documents.
    fn is_mark(&self) -> bool {
        let rest = self.text.get(self.line..).unwrap_or_default();
        rest.starts_with("---") || rest.starts_with("...")
    }

    /// A flow collection inside a block collection of this column, from its bracket.
    fn flow(&mut self, outer: Option<usize>) -> Option<()> {
        self.deeper()?;
        if self.byte() == Some(b'{') {
            self.bracket(Event::MappingStart(StructureStyle::Flow, 0, None));
            while self.flow_gap(outer)? != b'}' {
                self.entry(outer)?;
                self.separator(outer, b'}')?;
            }
            self.bracket(Event::MappingEnd);
        } else {
            self.bracket(Event::SequenceStart(StructureStyle::Flow, 0, None));
            while self.flow_gap(outer)? != b']' {
                self.flow_value(outer)?;
                self.separator(outer, b']')?;
            }
            self.bracket(Event::SequenceEnd);
        }
        self.depth -= 1;
        Some(())
    }

    /// What stands between the parts of a flow collection; the byte behind it.
    fn flow_gap(&mut self, outer: Option<usize>) -> Option<u8> {
        let line_ended = self.skip()?;
        if line_ended && self.column() <= outer.unwrap_or(0) {
            return None;
        }
        self.byte()
    }

    /// The comma behind a part of a flow collection, or its end.
    fn separator(&mut self, outer: Option<usize>, closing: u8) -> Option<()> {
        match self.flow_gap(outer)? {
            b',' => self.at += 1,
            byte if byte == closing => {}
            _ => return None,
        }
        Some(())
    }

    /// An entry of a flow mapping.
    fn entry(&mut self, outer: Option<usize>) -> Option<()> {
        let key = self.token(true)?;
        if key.range.len() > LONGEST_KEY {
            return None;
        }
        self.scalar(key);
        match self.byte()? {
            b':' if matches!(self.byte_behind()?, b' ' | b'\n' | b',' | b'}') => {}
            b',' | b'}' => {
                self.null(self.at);
                return Some(());
            }
            _ => return None,
        }
        let colon = self.at;
        self.at += 1;
        if matches!(self.flow_gap(outer)?, b',' | b'}') {
            self.null(colon);
            return Some(());
        }
        self.flow_value(outer)
    }

    fn flow_value(&mut self, outer: Option<usize>) -> Option<()> {
        if matches!(self.byte()?, b'{' | b'[') {
            return self.flow(outer);
        }
        let token = self.token(true)?;
        self.scalar(token);
        Some(())
    }

    /// A scalar on this line.
    fn token(&mut self, in_flow: bool) -> Option<Token<'i>> {
        match self.byte()? {
            b'"' => self.quoted('"', ScalarStyle::DoubleQuoted),
            b'\'' => self.quoted('\'', ScalarStyle::SingleQuoted),
            _ => self.plain(in_flow),
        }
    }

    fn quoted(&mut self, quote: char, style: ScalarStyle) -> Option<Token<'i>> {
        let start = self.at;
        let body = self.text.get(start + 1..)?;
        let mut end = 0;
        let mut doubled = false;
        loop {
            end += body.get(end..)?.find([quote, '\n', '\\'])?;
            let rest = body.get(end..)?;
            match rest.strip_prefix(quote) {
                Some(more) if quote == '\'' && more.starts_with(quote) => {
                    doubled = true;
                    end += 2;
                }
                Some(_) => break,
                None if quote == '\'' && rest.starts_with('\\') => end += 1,
                None => return None,
            }
        }
        let inside = body.get(..end)?;
        self.at = start + end + 2;
        let text = if doubled { inside.replace("''", "'").into() } else { inside.into() };
        Some(Token { text, style, range: start..self.at })
    }

    fn plain(&mut self, in_flow: bool) -> Option<Token<'i>> {
        let start = self.at;
        let rest = self.text.as_bytes().get(start..)?;
        let next = |at: usize| rest.get(at + 1).copied().unwrap_or(b'\n');
        let flow_sign = |byte: u8| in_flow && matches!(byte, b',' | b'[' | b']' | b'{' | b'}');
        let ends = |byte: u8| matches!(byte, b' ' | b'\n') || flow_sign(byte);
        match *rest.first()? {
            b'-' | b'?' | b':' if ends(next(0)) => return None,
            b',' | b'[' | b']' | b'{' | b'}' | b'#' | b'&' | b'*' | b'!' | b'|' | b'>' | b'%' | b'@'
            | b'`' => return None,
            _ => {}
        }
        let mut before = b'x';
        let end = rest.iter().enumerate().position(|(at, byte)| {
            let stop = match byte {
                b'\n' => true,
                b':' => ends(next(at)),
                b'#' => before == b' ',
                byte => flow_sign(*byte),
            };
            before = *byte;
            stop
        });
        let text = self.text.get(start..start + end.unwrap_or(rest.len()))?.trim_end_matches(' ');
        self.at = start + text.len();
        Some(Token { text: text.into(), style: ScalarStyle::Plain, range: start..self.at })
    }
}

#[cfg(test)]
mod tests;
