//! A strict JSON reader that keeps numbers as text and knows where everything stands.

mod read;

use std::fmt;
use std::ops::Range;

pub use read::parse;

/// What the reader accepts at most; over a limit it stops with an error that names it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of a document.
    pub bytes: usize,
    /// Levels of arrays and objects within each other.
    pub depth: usize,
    /// Values of a document, all levels together.
    pub nodes: usize,
    /// Duplicate keys that are collected before the reader gives up.
    pub duplicates: usize,
}

impl Default for Limits {
    /// 64 MB, 64 levels, 8 000 000 values, 1 000 duplicate keys.
    fn default() -> Self {
        Self { bytes: 64 * 1024 * 1024, depth: 64, nodes: 8_000_000, duplicates: 1_000 }
    }
}

/// A JSON value and the bytes it stands on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Json {
    /// The value.
    pub kind: Kind,
    /// Its first byte and the one after its last.
    pub span: (usize, usize),
}

/// The kinds of JSON value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number as it is written, exponent included.
    Number(String),
    /// A string, its escapes resolved.
    Text(String),
    /// The members in order.
    Array(Vec<Json>),
    /// The members in order, duplicates included.
    Object(Vec<Member>),
}

/// A member of an object.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Member {
    /// The name, its escapes resolved.
    pub key: String,
    /// The bytes of the name, quotes included.
    pub key_span: Range<usize>,
    /// The value.
    pub value: Json,
}

/// A document that was read, and what it repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// The outermost value.
    pub root: Json,
    /// One error for each repetition of a key, in the order of the objects' ends.
    pub duplicates: Vec<JsonError>,
}

/// Why a document cannot be read, or what it repeats.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct JsonError {
    /// What is wrong.
    pub problem: Problem,
    /// The byte at which it is seen.
    pub offset: usize,
    /// The JSON pointer of the value at hand.
    pub pointer: String,
}

/// What can be wrong with a document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is nothing in the document.
    Empty,
    /// The document ends too early.
    UnexpectedEnd,
    /// Something else was expected here.
    Expected(Expected),
    /// A comment, which JSON does not have.
    Comment,
    /// A comma with nothing behind it.
    TrailingComma,
    /// An encoding that is not UTF-8, or a byte order mark: its name.
    Encoding(&'static str),
    /// Something follows the document.
    TrailingText,
    /// A byte that is not UTF-8.
    InvalidUtf8,
    /// A raw control character within a string.
    ControlCharacter(u8),
    /// A backslash with what JSON does not know.
    InvalidEscape,
    /// Half of a surrogate pair.
    LoneSurrogate,
    /// A number that JSON does not allow, such as `01`, `.5` or `1.`.
    InvalidNumber,
    /// The key stands in the object before.
    DuplicateKey(String),
    /// A limit and its value.
    OverLimit(&'static str, usize),
}

/// What a document lacks at a place.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expected {
    /// A value.
    Value,
    /// A comma or `]`.
    CommaOrBracket,
    /// A comma or `}`.
    CommaOrBrace,
    /// A colon.
    Colon,
    /// A name in quotes.
    Name,
}

impl Expected {
    /// In English and in Chinese.
    const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::Value => ("a value", "一个值"),
            Self::CommaOrBracket => ("a comma or `]`", "逗号或 `]`"),
            Self::CommaOrBrace => ("a comma or `}`", "逗号或 `}`"),
            Self::Colon => ("a colon", "冒号"),
            Self::Name => ("a name in double quotes", "双引号中的名称"),
        }
    }
}

impl Problem {
    /// The sentence in Chinese; in English it is what [`Display`](fmt::Display) writes.
    pub fn chinese(&self) -> String {
        match self {
            Self::Empty => "内容为空".into(),
            Self::UnexpectedEnd => "文件不完整，过早结束".into(),
            Self::Expected(what) => format!("此处应为{}", what.words().1),
            Self::Comment => "JSON 中不能有注释".into(),
            Self::TrailingComma => "最后一项之后不能有逗号".into(),
            Self::Encoding(name) => format!("文件编码为 {name}，请另存为不带 BOM 的 UTF-8"),
            Self::TrailingText => "文档结束之后还有内容".into(),
            Self::InvalidUtf8 => "不是 UTF-8 编码".into(),
            Self::ControlCharacter(byte) => format!("字符串中有控制字符 U+{byte:04X}"),
            Self::InvalidEscape => "JSON 不认识这个转义符".into(),
            Self::LoneSurrogate => "这个转义符只是代理对的一半".into(),
            Self::InvalidNumber => "不是 JSON 的数字写法".into(),
            Self::DuplicateKey(key) => format!("名称“{key}”在此处重复"),
            Self::OverLimit(name, value) => {
                let known = LIMITS.iter().find(|limit| limit.0 == *name);
                format!("超出限制：{}最多 {value}", known.map_or(*name, |limit| limit.1))
            }
        }
    }
}

/// What limits count, in English and in Chinese.
const LIMITS: [(&str, &str); 5] = [
    ("bytes", "字节"),
    ("levels", "嵌套层数"),
    ("values", "值的个数"),
    ("duplicate keys", "重复的名称"),
    ("rows", "行数"),
];

impl fmt::Display for Problem {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Empty => out.write_str("there is nothing in it"),
            Self::UnexpectedEnd => out.write_str("the document ends too early"),
            Self::Expected(what) => write!(out, "{} is expected here", what.words().0),
            Self::Comment => out.write_str("JSON has no comments"),
            Self::TrailingComma => out.write_str("there is a comma behind the last item"),
            Self::Encoding(name) => write!(out, "the encoding is {name}; save it as UTF-8 without a BOM"),
            Self::TrailingText => out.write_str("something follows the document"),
            Self::InvalidUtf8 => out.write_str("this is not UTF-8"),
            Self::ControlCharacter(byte) => write!(out, "control character U+{byte:04X} in a string"),
            Self::InvalidEscape => out.write_str("this escape is not known to JSON"),
            Self::LoneSurrogate => out.write_str("this escape is half of a surrogate pair"),
            Self::InvalidNumber => out.write_str("this is not a JSON number"),
            Self::DuplicateKey(key) => write!(out, "the key {key:?} stands here twice"),
            Self::OverLimit(name, value) => write!(out, "over the limit of {value} {name}"),
        }
    }
}

impl fmt::Display for JsonError {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "byte {}", self.offset)?;
        if !self.pointer.is_empty() {
            write!(out, " ({})", self.pointer)?;
        }
        write!(out, ": {}", self.problem)
    }
}

impl std::error::Error for JsonError {}

impl Json {
    /// The value of a key, the first where it is repeated; `None` if this is no object or has no such.
    pub fn get(&self, key: &str) -> Option<&Self> {
        self.members()?.iter().find(|member| member.key == key).map(|member| &member.value)
    }

    /// The value a JSON pointer leads to.
    pub fn pointer(&self, pointer: &str) -> Option<&Self> {
        if pointer.is_empty() {
            return Some(self);
        }
        pointer.strip_prefix('/')?.split('/').try_fold(self, |at, token| match &at.kind {
            Kind::Array(values) => values.get(array_index(token)?),
            _ => at.get(&token.replace("~1", "/").replace("~0", "~")),
        })
    }

    /// The members, if this is an object.
    pub fn members(&self) -> Option<&[Member]> {
        if let Kind::Object(members) = &self.kind { Some(members) } else { None }
    }

    /// The members, if this is an array.
    pub fn items(&self) -> Option<&[Self]> {
        if let Kind::Array(values) = &self.kind { Some(values) } else { None }
    }

    /// The text, if this is a string.
    pub fn as_text(&self) -> Option<&str> {
        if let Kind::Text(text) = &self.kind { Some(text) } else { None }
    }

    /// The digits as written, if this is a number.
    pub fn as_number(&self) -> Option<&str> {
        if let Kind::Number(digits) = &self.kind { Some(digits) } else { None }
    }

    /// The boolean, if this is one.
    pub fn as_bool(&self) -> Option<bool> {
        if let Kind::Bool(bool) = self.kind { Some(bool) } else { None }
    }

    /// Whether this is `null`.
    pub fn is_null(&self) -> bool {
        self.kind == Kind::Null
    }
}

/// One step of a JSON pointer with its slash, escaped.
pub fn pointer_step(key: &str) -> String {
    format!("/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn array_index(token: &str) -> Option<usize> {
    let plain = token == "0" || (!token.starts_with('0') && token.bytes().all(|byte| byte.is_ascii_digit()));
    if plain { token.parse().ok() } else { None }
}

#[cfg(test)]
mod tests;
