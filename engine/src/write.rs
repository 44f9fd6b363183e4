//! Writing JSON: strings and an ordered writer.

/// How a document is laid out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Style {
    /// On one line, with a blank after `:` and `,`.
    Compact,
    /// Two spaces for each level, LF, and an LF at the end.
    Pretty,
}

/// Appends text as a JSON string with its quotes.
pub fn push_string(out: &mut String, text: &str) {
    out.push('"');
    if text.bytes().any(may_need_escape) {
        text.chars().for_each(|char| push_char(out, char));
    } else {
        out.push_str(text);
    }
    out.push('"');
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

/// Whether a byte is, or begins, a character that may not stand as it is: 0xC2 begins U+0080 to U+00BF.
fn may_need_escape(byte: u8) -> bool {
    matches!(byte, 0..=0x1f | b'"' | b'\\' | 0x7f | 0xc2)
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
    /// For each open container: its closing bracket and whether it has a member yet.
    open: Vec<(char, bool)>,
    after_key: bool,
}

impl JsonWriter {
    /// An empty document.
    pub fn new(style: Style) -> Self {
        Self { out: String::new(), style, open: Vec::new(), after_key: false }
    }

    /// The name of the next value.
    pub fn key(&mut self, name: &str) -> &mut Self {
        self.separate();
        push_string(&mut self.out, name);
        self.out.push_str(": ");
        self.after_key = true;
        self
    }

    /// A string.
    pub fn string(&mut self, text: &str) -> &mut Self {
        self.separate();
        push_string(&mut self.out, text);
        self
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

    /// The document; pretty ones end with a newline.
    pub fn finish(mut self) -> String {
        while !self.open.is_empty() {
            self.end();
        }
        if self.style == Style::Pretty {
            self.out.push('\n');
        }
        self.out
    }

    fn begin(&mut self, bracket: char, closing: char) -> &mut Self {
        self.separate();
        self.out.push(bracket);
        self.open.push((closing, false));
        self
    }

    fn end(&mut self) -> &mut Self {
        if let Some((closing, filled)) = self.open.pop() {
            if filled {
                self.break_line();
            }
            self.out.push(closing);
        }
        self
    }

    /// What stands before a key or value: nothing after a key, otherwise comma and line break.
    fn separate(&mut self) {
        if std::mem::take(&mut self.after_key) {
            return;
        }
        let Some((_, filled)) = self.open.last_mut() else { return };
        if std::mem::replace(filled, true) {
            self.out.push_str(if self.style == Style::Pretty { "," } else { ", " });
        }
        self.break_line();
    }

    fn break_line(&mut self) {
        if self.style == Style::Pretty {
            self.out.push('\n');
            self.out.extend(std::iter::repeat_n("  ", self.open.len()));
        }
    }
}

#[cfg(test)]
mod tests;
