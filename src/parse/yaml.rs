//! YAML text to nodes with places: here and in `usual` alone is the YAML crate known.

mod usual;

use crate::diag::{Diagnostic, Problems, codes, is_unseen, over_limit};
use crate::source::{FileId, Span};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;
use std::ops::Range;
use std::sync::Arc;

/// Deepest nesting.
pub const MAX_DEPTH: usize = 64;
/// Most nodes of a file, those repeated by aliases included.
pub const MAX_NODES: usize = 500_000;
/// Largest file, bytes.
pub const MAX_FILE: usize = 16 << 20;
/// Longest scalar, bytes.
pub const MAX_SCALAR: usize = 64 << 10;
/// Most nodes that aliases may repeat.
pub const MAX_ALIASED: usize = 10_000;

/// How a scalar was written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Style {
    /// Without quotes.
    Plain,
    /// `'…'`
    Single,
    /// `"…"`
    Double,
    /// `|`
    Literal,
    /// `>`
    Folded,
}

/// A scalar.
#[derive(Debug, Clone)]
pub struct Scalar {
    /// The decoded text, shared by all that is made of it.
    pub text: Arc<str>,
    /// How it was written.
    pub style: Style,
    /// Where, quotes and block header included.
    pub span: Span,
}

/// A node.
#[derive(Debug, Clone)]
pub struct Node {
    /// What it is.
    pub kind: NodeKind,
    /// Where.
    pub span: Span,
}

/// What a node is.
#[derive(Debug, Clone)]
pub enum NodeKind {
    /// Nothing, `~` or `null`.
    Null,
    /// A scalar.
    Scalar(Scalar),
    /// A list.
    Seq(Vec<Node>),
    /// A mapping, in order; keys are scalars.
    Map(Vec<(Scalar, Node)>),
}

impl Node {
    /// The scalar, if it is one.
    pub fn scalar(&self) -> Option<&Scalar> {
        match &self.kind {
            NodeKind::Scalar(s) => Some(s),
            _ => None,
        }
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        match &self.kind {
            NodeKind::Map(entries) => entries.iter().find(|(k, _)| &*k.text == key).map(|(_, v)| v),
            _ => None,
        }
    }
}

impl Scalar {
    /// The place of decoded bytes `range` in the source, for all five styles.
    pub fn locate(&self, source: &str, range: Range<usize>) -> Span {
        if let Some(start) = self.verbatim(source) {
            let at = |byte: usize| start + u32::try_from(byte.min(self.text.len())).unwrap_or(u32::MAX);
            return Span { start: at(range.start), end: at(range.end), ..self.span };
        }
        let map = self.map(source);
        let covered =
            |c: &&Unit| c.decoded < range.end.max(range.start + 1) && c.decoded + c.len > range.start;
        let mut found = map.iter().filter(covered);
        let Some(first) = found.next() else {
            let end = map.last().map_or(self.span.start, |c| c.source.end);
            return Span { start: end, end, ..self.span };
        };
        let last = found.next_back().unwrap_or(first);
        Span {
            start: first.source.start,
            end: if range.is_empty() { first.source.start } else { last.source.end },
            ..self.span
        }
    }

    /// Where the text begins in the source, if it stands there as it is.
    fn verbatim(&self, source: &str) -> Option<u32> {
        let quote = match self.style {
            Style::Plain => 0,
            Style::Single | Style::Double => 1,
            Style::Literal | Style::Folded => return None,
        };
        let (start, end) = (self.span.start + quote, self.span.end.checked_sub(quote)?);
        let body = source.get(start as usize..end as usize)?;
        (!body.is_empty() && body == &*self.text).then_some(start)
    }

    /// Each decoded character with its source bytes.
    fn map(&self, source: &str) -> Vec<Unit> {
        let raw = source.get(self.span.start as usize..self.span.end as usize).unwrap_or("");
        align(&self.text, &tokens(raw, self.style, self.span.start))
    }
}

/// A decoded character: its decoded byte offset and length, and its source bytes.
#[derive(Debug, Clone)]
struct Unit {
    decoded: usize,
    len: usize,
    source: Range<u32>,
}

/// A character the source stands for; soft ones are white space that folding may change.
struct Token {
    c: char,
    source: Range<u32>,
    soft: bool,
}

fn tokens(raw: &str, style: Style, base: u32) -> Vec<Token> {
    let (skip, body) = match style {
        Style::Single | Style::Double => (1, raw.get(1..raw.len().saturating_sub(1)).unwrap_or("")),
        Style::Literal | Style::Folded if raw.starts_with(['|', '>']) => {
            let line = raw.find('\n').map_or(raw.len(), |i| i + 1);
            (line, raw.get(line..).unwrap_or(""))
        }
        _ => (0, raw),
    };
    let at = |i: usize| base.saturating_add(u32::try_from(skip + i).unwrap_or(u32::MAX));
    let mut out = Vec::new();
    let mut chars = body.char_indices().peekable();
    while let Some((i, c)) = chars.next() {
        let mut end = i + c.len_utf8();
        let (mut decoded, mut soft) = (c, matches!(c, ' ' | '\t' | '\n' | '\r'));
        if style == Style::Single && c == '\'' {
            end += chars.next_if(|x| x.1 == '\'').map_or(0, |_| 1);
        } else if style == Style::Double && c == '\\' {
            let (value, stop) = escape(body, i);
            while chars.next_if(|x| x.0 < stop).is_some() {}
            end = stop;
            match value {
                Some(v) => (decoded, soft) = (v, false),
                None => continue,
            }
        }
        out.push(Token { c: decoded, source: at(i)..at(end), soft });
    }
    out
}

/// An escape of a double-quoted scalar at `i`: its character (none for an escaped line break) and where it ends.
fn escape(body: &str, i: usize) -> (Option<char>, usize) {
    let rest = body.get(i + 1..).unwrap_or("");
    let Some(kind) = rest.chars().next() else { return (None, i + 1) };
    let hex = |digits: usize| {
        let code =
            rest.get(1..1 + digits).and_then(|h| u32::from_str_radix(h, 16).ok()).and_then(char::from_u32);
        (code, i + 2 + digits)
    };
    let simple = |c: char| (Some(c), i + 1 + kind.len_utf8());
    match kind {
        'x' => hex(2),
        'u' => hex(4),
        'U' => hex(8),
        '\n' | '\r' => (None, i + 1 + kind.len_utf8()),
        'n' => simple('\n'),
        't' | '\t' => simple('\t'),
        'r' => simple('\r'),
        '0' => simple('\0'),
        'a' => simple('\u{7}'),
        'b' => simple('\u{8}'),
        'v' => simple('\u{b}'),
        'f' => simple('\u{c}'),
        'e' => simple('\u{1b}'),
        'N' => simple('\u{85}'),
        '_' => simple('\u{a0}'),
        'L' => simple('\u{2028}'),
        'P' => simple('\u{2029}'),
        other => simple(other),
    }
}

/// Aligns decoded text with source tokens: everything but folded white space stands in the same order in both.
fn align(decoded: &str, tokens: &[Token]) -> Vec<Unit> {
    let mut out = Vec::new();
    let mut next = 0;
    let mut in_gap = false;
    for (i, c) in decoded.char_indices() {
        let white = matches!(c, ' ' | '\t' | '\n' | '\r');
        let here = tokens.get(next);
        if white && here.is_none_or(|t| t.soft || t.c != c) {
            let source = here
                .filter(|t| t.soft)
                .or(tokens.get(next.saturating_sub(1)))
                .map_or(0..0, |t| t.source.clone());
            out.push(Unit { decoded: i, len: c.len_utf8(), source });
            let more = tokens.get(next + 1).is_some_and(|t| t.soft);
            if here.is_some_and(|t| t.soft) && (more || !in_gap) {
                next += 1;
            }
            in_gap = true;
            continue;
        }
        while tokens.get(next).is_some_and(|t| t.soft) {
            next += 1;
        }
        in_gap = false;
        let source = tokens.get(next).map_or(0..0, |t| t.source.clone());
        out.push(Unit { decoded: i, len: c.len_utf8(), source });
        next += 1;
    }
    out
}

/// Parses the one document of a file. What can be kept after a problem is kept.
pub fn parse(file: FileId, text: &str, problems: &mut Problems) -> Option<Node> {
    Reader { file, text, problems, nodes: 0, aliased: 0, anchors: HashMap::new(), depth: 0 }.document()
}

struct Reader<'a> {
    file: FileId,
    text: &'a str,
    problems: &'a mut Problems,
    nodes: usize,
    aliased: usize,
    anchors: HashMap<usize, Node>,
    depth: usize,
}

/// The events of a file.
enum Events<'i> {
    /// Of the usual forms, read already.
    Usual(std::vec::IntoIter<usual::Step<'i>>),
    /// Of any form.
    All(Box<Parser<'i, granit_parser::StrInput<'i>>>),
}

impl<'i> Events<'i> {
    fn of(text: &'i str) -> Self {
        match usual::events(text) {
            Some(events) => Events::Usual(events.into_iter()),
            None => Events::All(Box::new(Parser::new_from_str(text))),
        }
    }
}

impl Reader<'_> {
    fn span(&self, span: &granit_parser::Span) -> Span {
        let range = span.byte_range().unwrap_or(0..0);
        Span::new(self.file, range.start, range.end)
    }

    fn document(mut self) -> Option<Node> {
        let text = self.text;
        let mut events = Events::of(text);
        let mut found = None;
        loop {
            match self.next(&mut events)? {
                (Event::StreamEnd, _) => return found,
                (Event::DocumentStart(..), span) if found.is_some() => {
                    self.problems.push(Diagnostic::new(&codes::SECOND_DOCUMENT, span));
                    return found;
                }
                (Event::StreamStart | Event::DocumentStart(..) | Event::DocumentEnd, _) => {}
                (event, span) => found = Some(self.node(event, span, &mut events)?),
            }
        }
    }

    /// The next event; a syntax error is reported and ends the file.
    fn next<'i>(&mut self, events: &mut Events<'i>) -> Option<(Event<'i>, Span)> {
        let all = match events {
            Events::Usual(events) => {
                let end = || (Event::StreamEnd, Span::default());
                let placed =
                    |(event, range): usual::Step<'i>| (event, Span::new(self.file, range.start, range.end));
                return Some(events.next().map_or_else(end, placed));
            }
            Events::All(events) => events,
        };
        match all.next_event() {
            Some(Ok((event, span))) => Some((event, self.span(&span))),
            Some(Err(error)) => {
                let at = error.marker().byte_offset().unwrap_or(0).min(self.text.len());
                let wide = super::syntax::full_width_sign(self.text, at);
                let span = wide
                    .clone()
                    .map_or(Span::new(self.file, at, at), |w| Span::new(self.file, w.start, w.end));
                let (en, zh) = match wide {
                    Some(_) => super::syntax::full_width(),
                    None => super::syntax::words(&error.info()),
                };
                let d = Diagnostic::new(&codes::YAML_SYNTAX, span);
                self.problems.push(d.arg("detail", en).arg("detail_zh", zh));
                None
            }
            None => Some((Event::StreamEnd, Span::default())),
        }
    }

    fn node(&mut self, event: Event, span: Span, events: &mut Events) -> Option<Node> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return self.limit(span, "nodes", self.nodes, MAX_NODES);
        }
        if self.depth > MAX_DEPTH {
            return self.limit(span, "nesting depth", self.depth, MAX_DEPTH);
        }
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                self.tag(tag.is_some(), span);
                let node = self.scalar(text.into(), style, span)?;
                Some(self.anchored(anchor, node))
            }
            Event::SequenceStart(_, anchor, tag) => {
                self.tag(tag.is_some(), span);
                let node = self.sequence(span, events)?;
                Some(self.anchored(anchor, node))
            }
            Event::MappingStart(_, anchor, tag) => {
                self.tag(tag.is_some(), span);
                let node = self.mapping(span, events)?;
                Some(self.anchored(anchor, node))
            }
            Event::Alias(id) => self.alias(id, span),
            _ => Some(Node { kind: NodeKind::Null, span }),
        }
    }

    fn limit(&mut self, span: Span, what: &'static str, value: usize, limit: usize) -> Option<Node> {
        self.problems.push(over_limit(span, what, value, limit));
        None
    }

    /// A tag stands before its value: `!name value`.
    fn tag(&mut self, has: bool, span: Span) {
        if has {
            let before = self.text.get(..span.start as usize).unwrap_or("").trim_end();
            let start = before.rfind([' ', '\n', ',', '[', '{']).map_or(0, |i| i + 1);
            let found = before.get(start..).is_some_and(|t| t.starts_with('!'));
            let at = if found { Span::new(self.file, start, before.len()) } else { span };
            self.problems.push(Diagnostic::new(&codes::UNKNOWN_TAG, at));
        }
    }

    /// Reports characters that cannot be seen: direction marks in any text, others in keys and ids.
    fn unseen(&mut self, scalar: &Scalar, is_key: bool) {
        let direction = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
        let wrong = |c: char| direction(c) || (is_key && is_unseen(c));
        let Some((at, c)) = scalar.text.char_indices().find(|(_, c)| wrong(*c)) else { return };
        let span = scalar.locate(self.text, at..at + c.len_utf8());
        let name = format!("U+{:04X}", u32::from(c));
        let mut d = Diagnostic::new(&codes::UNSEEN_CHARACTER, span).arg("character", name);
        if self.text.get(span.start as usize..span.end as usize).is_some_and(|t| t.chars().eq([c])) {
            d = d.fix(span, "");
        }
        self.problems.push(d);
    }

    fn anchored(&mut self, anchor: usize, node: Node) -> Node {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        node
    }

    fn alias(&mut self, id: usize, span: Span) -> Option<Node> {
        let Some(node) = self.anchors.get(&id) else {
            return Some(Node { kind: NodeKind::Null, span });
        };
        let size = count(node);
        self.aliased += size;
        if self.aliased > MAX_ALIASED {
            return self.limit(span, "nodes repeated by aliases", self.aliased, MAX_ALIASED);
        }
        self.nodes += size;
        self.anchors.get(&id).cloned()
    }

    fn scalar(&mut self, text: Arc<str>, style: ScalarStyle, span: Span) -> Option<Node> {
        if text.len() > MAX_SCALAR {
            return self.limit(span, "bytes of one text", text.len(), MAX_SCALAR);
        }
        let style = match style {
            ScalarStyle::SingleQuoted => Style::Single,
            ScalarStyle::DoubleQuoted => Style::Double,
            ScalarStyle::Literal => Style::Literal,
            ScalarStyle::Folded => Style::Folded,
            _ => Style::Plain,
        };
        if style == Style::Plain && is_null(&text) {
            return Some(Node { kind: NodeKind::Null, span });
        }
        let scalar = Scalar { text, style, span };
        if !scalar.text.is_ascii() && scalar.text.chars().any(is_unseen) {
            self.unseen(&scalar, false);
        }
        Some(Node { kind: NodeKind::Scalar(scalar), span })
    }

    fn sequence(&mut self, start: Span, events: &mut Events) -> Option<Node> {
        let mut items = Vec::new();
        self.depth += 1;
        loop {
            let (event, span) = self.next(events)?;
            if matches!(event, Event::SequenceEnd) {
                self.depth -= 1;
                return Some(Node { kind: NodeKind::Seq(items), span: start.to(span) });
            }
            items.push(self.node(event, span, events)?);
        }
    }

    fn mapping(&mut self, start: Span, events: &mut Events) -> Option<Node> {
        let mut entries: Vec<(Scalar, Node)> = Vec::new();
        let mut seen = Keys::default();
        let mut merged = Vec::new();
        self.depth += 1;
        loop {
            let (event, span) = self.next(events)?;
            if matches!(event, Event::MappingEnd) {
                self.depth -= 1;
                for node in merged {
                    merge(&mut entries, node);
                }
                return Some(Node { kind: NodeKind::Map(entries), span: start.to(span) });
            }
            let key = self.key(event, span, events)?;
            let (event, span) = self.next(events)?;
            let value = self.node(event, span, events)?;
            match key {
                Some(key) if &*key.text == "<<" && key.style == Style::Plain => {
                    self.problems.push(Diagnostic::new(&codes::MERGE_KEY, key.span));
                    merged.push(value);
                }
                Some(key) => {
                    entries.extend(self.new_key(key, &entries, &mut seen).map(|key| (key, value)));
                }
                None => {}
            }
        }
    }

    /// A key as a scalar; other keys are reported and passed over. The outer option is the end of the file.
    #[allow(clippy::option_option)]
    fn key(&mut self, event: Event, span: Span, events: &mut Events) -> Option<Option<Scalar>> {
        let null = match &event {
            Event::Scalar(text, ..) if is_null(text) => Some(Arc::from(&**text)),
            _ => None,
        };
        let node = self.node(event, span, events)?;
        Some(match (node.kind, null) {
            (NodeKind::Scalar(s), _) => {
                if !s.text.is_ascii() && s.text.chars().any(is_unseen) {
                    self.unseen(&s, true);
                }
                Some(s)
            }
            (NodeKind::Null, Some(text)) => Some(Scalar { text, style: Style::Plain, span }),
            _ => {
                self.problems.push(Diagnostic::new(&codes::BAD_KEY, node.span));
                None
            }
        })
    }

    fn new_key(&mut self, key: Scalar, before: &[(Scalar, Node)], seen: &mut Keys) -> Option<Scalar> {
        if let Some(first) = seen.first(&key, before) {
            let d = Diagnostic::new(&codes::DUPLICATE_KEY, key.span).arg("key", &key.text);
            self.problems.push(d.related(first, "first"));
            return None;
        }
        Some(key)
    }
}

/// Most keys of a mapping that are compared one by one with a further one.
const FEW_KEYS: usize = 16;

/// The keys of a mapping, by text; none while they are few.
#[derive(Default)]
struct Keys(HashMap<Arc<str>, Span>);

impl Keys {
    /// Where the key stands already, `before` it in the same mapping.
    fn first(&mut self, key: &Scalar, before: &[(Scalar, Node)]) -> Option<Span> {
        if before.len() < FEW_KEYS {
            return before.iter().find(|(k, _)| k.text == key.text).map(|(k, _)| k.span);
        }
        let known = self.0.len();
        self.0.extend(before.iter().skip(known).map(|(k, _)| (k.text.clone(), k.span)));
        self.0.get(&key.text).copied()
    }
}

/// Whether a plain scalar is nothing.
fn is_null(text: &str) -> bool {
    matches!(text, "" | "~" | "null")
}

/// Takes what a refused merge key would have given, so that nothing else is reported as missing.
fn merge(entries: &mut Vec<(Scalar, Node)>, node: Node) {
    if let NodeKind::Map(more) = node.kind {
        for (key, value) in more {
            if !entries.iter().any(|(k, _)| k.text == key.text) {
                entries.push((key, value));
            }
        }
    }
}

fn count(node: &Node) -> usize {
    1 + match &node.kind {
        NodeKind::Seq(items) => items.iter().map(count).sum(),
        NodeKind::Map(entries) => entries.iter().map(|(_, v)| 1 + count(v)).sum::<usize>(),
        _ => 0,
    }
}
