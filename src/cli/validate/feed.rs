//! The returns of a run, one after the other, from files, folders and standard input.

use crate::cli::lines::{self, Line};
use crate::cli::say::{self, Words};
use crate::cli::{FINE, Failure, files};
use crate::data::ReadError;
use std::collections::VecDeque;
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Most bytes of one return.
pub const MAX_RETURN: usize = 64 << 20;

/// A batch of lines is handed on once it holds that many bytes.
const BATCH: usize = 1 << 18;

/// One return, not yet parsed.
pub struct Item {
    /// The file, as named.
    pub file: Arc<str>,
    /// Its line, of JSON Lines, from 1.
    pub line: Option<u64>,
    content: Result<Vec<u8>, Failure>,
}

/// Why a return could not be checked.
#[derive(Debug, Clone)]
pub struct Fault {
    /// The file.
    pub file: Arc<str>,
    /// Line and column, from 1, as far as there is a place.
    pub line: Option<u64>,
    /// The column, counted in characters.
    pub column: Option<u64>,
    /// The JSON pointer; empty: the whole.
    pub pointer: String,
    /// What is wrong.
    pub words: Words,
    /// The exit code.
    pub code: u8,
}

impl Fault {
    /// The sentence with its place.
    pub fn said(&self) -> Words {
        let place = [self.line, self.column].into_iter().flatten().map(|n| format!(":{n}"));
        let place: String = std::iter::once(self.file.to_string()).chain(place).collect();
        let pointer = if self.pointer.is_empty() { String::new() } else { format!(" ({})", self.pointer) };
        let words =
            Words { en: format!("{}{pointer}", self.words.en), zh: format!("{}{pointer}", self.words.zh) };
        words.at(&place)
    }
}

impl Item {
    /// The bytes, or why there are none.
    pub fn bytes(&self) -> Result<&[u8], Box<Fault>> {
        match &self.content {
            Ok(bytes) => Ok(bytes),
            Err(failure) => Err(self.failed(failure.clone())),
        }
    }

    /// The file, and the line if it has one.
    pub fn name(&self) -> String {
        match self.line {
            Some(line) => format!("{}:{line}", self.file),
            None => self.file.to_string(),
        }
    }

    /// A fault of the return as a whole.
    pub fn failed(&self, failure: Failure) -> Box<Fault> {
        Box::new(Fault {
            file: self.file.clone(),
            line: self.line,
            column: None,
            pointer: String::new(),
            words: failure.words,
            code: failure.code,
        })
    }

    /// A fault at a byte.
    pub fn unreadable(&self, error: &ReadError) -> Box<Fault> {
        let (line, column) = position(self.content.as_deref().unwrap_or_default(), error.offset);
        let words = Words { en: error.message("en"), zh: error.message("zh") };
        Box::new(Fault {
            file: self.file.clone(),
            line: Some(self.line.unwrap_or(line)),
            column: Some(column),
            pointer: error.pointer.clone(),
            words,
            code: crate::cli::UNUSABLE,
        })
    }
}

/// Line and column of a byte, from 1, columns in characters.
pub fn position(bytes: &[u8], offset: usize) -> (u64, u64) {
    positions(bytes, &[offset]).first().copied().unwrap_or((1, 1))
}

/// Lines and columns of some bytes, in one walk.
pub fn positions(bytes: &[u8], offsets: &[usize]) -> Vec<(u64, u64)> {
    let mut order: Vec<(usize, usize)> =
        offsets.iter().enumerate().map(|(ix, offset)| ((*offset).min(bytes.len()), ix)).collect();
    order.sort_unstable();
    let mut found = vec![(1, 1); offsets.len()];
    let (mut at, mut line, mut column) = (0, 1, 1);
    for (offset, ix) in order {
        for byte in bytes.get(at..offset).unwrap_or_default() {
            match byte {
                b'\n' => (line, column) = (line + 1, 1),
                // A byte that goes on with a character begins none.
                byte => column += u64::from(byte & 0xC0 != 0x80),
            }
        }
        at = offset;
        if let Some(place) = found.get_mut(ix) {
            *place = (line, column);
        }
    }
    found
}

/// Where the next return comes from.
enum Source {
    /// A file with one return.
    Document(PathBuf),
    /// Standard input, which may be either.
    Standard,
    /// A file that cannot be used.
    Fault(PathBuf, Failure),
    /// JSON Lines, not yet opened.
    Lines(PathBuf),
    /// JSON Lines, being read: name, number of the last line.
    Open(Arc<str>, Box<dyn BufRead + Send>, u64),
}

/// All returns of a run, in batches.
pub struct Feed {
    sources: VecDeque<Source>,
    lines: bool,
    /// Bytes read so far.
    pub done: u64,
    /// Bytes there are; 0 where standard input is among them.
    pub total: u64,
}

impl Feed {
    /// Folders stand for the returns in them. `lines`: every file is JSON Lines.
    pub fn new(named: &[PathBuf], lines: bool) -> Feed {
        let mut feed = Feed { sources: VecDeque::new(), lines, done: 0, total: 0 };
        for path in named {
            let is_standard = |s: &Source| matches!(s, Source::Standard);
            if path == Path::new("-") && feed.sources.iter().any(is_standard) {
                let failure = Failure::unusable(say::STDIN_TWICE.with(&[]));
                feed.sources.push_back(Source::Fault(path.clone(), failure));
            } else if path == Path::new("-") {
                feed.sources.push_back(Source::Standard);
            } else if path.is_dir() {
                match files::returns_in(path) {
                    Ok(found) => found.into_iter().for_each(|path| feed.file(path)),
                    Err(failure) => feed.sources.push_back(Source::Fault(path.clone(), failure)),
                }
            } else {
                feed.file(path.clone());
            }
        }
        let standard = |s: &Source| matches!(s, Source::Standard);
        if feed.sources.iter().any(standard) {
            feed.total = 0;
        }
        feed
    }

    fn file(&mut self, path: PathBuf) {
        self.total += std::fs::metadata(&path).map_or(0, |m| m.len());
        let foreign = path.extension().is_some_and(|e| {
            ["xlsx", "xls", "ods", "csv", "yaml", "yml", "html", "zip", "gz"]
                .iter()
                .any(|x| e.eq_ignore_ascii_case(x))
        });
        self.sources.push_back(match path {
            path if self.lines || files::is_lines(&path) => Source::Lines(path),
            path if foreign => Source::Fault(path, Failure::unusable(say::NOT_HERE.with(&[]))),
            path => Source::Document(path),
        });
    }

    /// Whether there is one return at the most, unless it is JSON Lines.
    pub fn is_single(&self) -> bool {
        let single = |s: &Source| matches!(s, Source::Document(_) | Source::Standard);
        self.sources.len() == 1 && self.sources.front().is_some_and(single)
    }

    /// The next batch: one document, or some lines.
    pub fn next(&mut self) -> Option<Vec<Item>> {
        loop {
            let batch = match self.sources.pop_front()? {
                Source::Document(path) => vec![self.document(&path)],
                Source::Standard => self.standard(),
                Source::Fault(path, failure) => vec![whole(&path, Err(failure))],
                Source::Lines(path) => self.open(&path),
                Source::Open(name, input, number) => self.some_lines(&name, input, number),
            };
            if !batch.is_empty() {
                return Some(batch);
            }
        }
    }

    fn document(&mut self, path: &Path) -> Item {
        let content = files::read_input(path, MAX_RETURN as u64);
        self.done += content.as_ref().map_or(0, |bytes| bytes.len() as u64);
        let content = content.map_err(|f| Failure { words: stripped(f.words, path), code: f.code });
        whole(path, content)
    }

    fn open(&mut self, path: &Path) -> Vec<Item> {
        match File::open(path).and_then(|f| f.metadata().map(|m| (f, m.is_dir()))) {
            Ok((file, false)) => {
                let input = Box::new(BufReader::with_capacity(1 << 16, file));
                self.sources.push_front(Source::Open(name(path), input, 0));
                Vec::new()
            }
            Ok(_) => vec![whole(path, Err(Failure::unusable(say::IS_FOLDER.with(&[]))))],
            Err(e) => {
                let failure = files::unread(path, &e);
                vec![whole(path, Err(Failure { words: stripped(failure.words, path), code: failure.code }))]
            }
        }
    }

    /// Standard input is JSON Lines where its first line is a whole object, or where it was said so.
    fn standard(&mut self) -> Vec<Item> {
        let path = Path::new("-");
        let mut input = BufReader::with_capacity(1 << 16, std::io::stdin());
        let (blank, first) = match self.first_line(&mut input) {
            Ok(found) => found,
            Err(e) => return vec![whole(path, Err(Failure::environment(files::reason(&e))))],
        };
        let line = match first {
            None => return vec![whole(path, Ok(Vec::new()))],
            Some(Line::Text(line)) => line,
            Some(Line::TooLong) if self.lines => {
                self.sources.push_front(Source::Open(name(path), Box::new(input), blank + 1));
                return vec![Item {
                    file: name(path),
                    line: Some(blank + 1),
                    content: Err(over(&say::LINE_SIZE)),
                }];
            }
            Some(Line::TooLong) => return vec![whole(path, Err(over(&say::RETURN_SIZE)))],
        };
        let is_object = line.trim_ascii().starts_with(b"{") && line.trim_ascii().ends_with(b"}");
        if self.lines || is_object {
            let rest = std::io::Cursor::new([line, b"\n".to_vec()].concat());
            let input: Box<dyn BufRead + Send> = Box::new(rest.chain(input));
            self.sources.push_front(Source::Open(name(path), input, blank));
            return Vec::new();
        }
        let content = document(blank, line, input);
        self.done += content.as_ref().map_or(0, |bytes| bytes.len() as u64);
        vec![whole(path, content)]
    }

    /// The first line that is not blank, and how many are before it.
    fn first_line(&mut self, input: &mut impl BufRead) -> std::io::Result<(u64, Option<Line>)> {
        let mut blank = 0;
        loop {
            match lines::next(input, MAX_RETURN)? {
                Some((Line::Text(line), taken)) if line.trim_ascii().is_empty() => {
                    blank += 1;
                    self.done += taken;
                }
                found => return Ok((blank, found.map(|(line, _)| line))),
            }
        }
    }

    fn some_lines(
        &mut self,
        file: &Arc<str>,
        mut input: Box<dyn BufRead + Send>,
        mut number: u64,
    ) -> Vec<Item> {
        let (mut batch, mut size) = (Vec::new(), 0);
        while size < BATCH {
            let read = lines::next(&mut input, MAX_RETURN);
            number += 1;
            let content = match read {
                Ok(None) => return batch,
                Ok(Some((Line::Text(line), taken))) => {
                    self.done += taken;
                    size += line.len();
                    if line.trim_ascii().is_empty() {
                        continue;
                    }
                    Ok(line)
                }
                Ok(Some((Line::TooLong, taken))) => {
                    self.done += taken;
                    Err(over(&say::LINE_SIZE))
                }
                Err(e) => {
                    let failure = Failure::environment(files::reason(&e));
                    batch.push(Item { file: file.clone(), line: Some(number), content: Err(failure) });
                    return batch;
                }
            };
            batch.push(Item { file: file.clone(), line: Some(number), content });
        }
        self.sources.push_front(Source::Open(file.clone(), input, number));
        batch
    }
}

/// A document that begins with a line, with the blank lines before it, so that its lines are those of the input.
fn document(blank: u64, line: Vec<u8>, input: impl Read) -> Result<Vec<u8>, Failure> {
    let before = vec![b'\n'; usize::try_from(blank).unwrap_or(usize::MAX).min(MAX_RETURN)];
    let mut bytes = [before, line, b"\n".to_vec()].concat();
    let room = (MAX_RETURN + 1).saturating_sub(bytes.len()) as u64;
    let read = input.take(room).read_to_end(&mut bytes);
    read.map_err(|e| Failure::environment(files::reason(&e)))?;
    if bytes.len() > MAX_RETURN { Err(over(&say::RETURN_SIZE)) } else { Ok(bytes) }
}

/// Over the limit of a return.
fn over(say: &say::Say) -> Failure {
    Failure::unusable(say.with(&[("limit", &MAX_RETURN.to_string())]))
}

fn name(path: &Path) -> Arc<str> {
    path.display().to_string().into()
}

fn whole(path: &Path, content: Result<Vec<u8>, Failure>) -> Item {
    debug_assert!(content.as_ref().err().is_none_or(|f| f.code != FINE));
    let content = content.map_err(|f| Failure { words: stripped(f.words, path), code: f.code });
    Item { file: name(path), line: None, content }
}

/// A sentence without the path it begins with: a fault names its file itself.
fn stripped(words: Words, path: &Path) -> Words {
    let path = path.display().to_string();
    let one = |text: &str, sign: &str| text.strip_prefix(&format!("{path}{sign}")).unwrap_or(text).to_owned();
    Words { en: one(&words.en, ": "), zh: one(&words.zh, "：") }
}
