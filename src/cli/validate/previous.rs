//! Previous returns: one in memory, or many in JSON Lines, of which only the places are kept.

use super::feed::{MAX_RETURN, position};
use crate::cli::lines::{self, Line};
use crate::cli::say::{self, Words};
use crate::cli::{Failure, files};
use crate::data::{self, Earlier, Layout, Parsed, ReadError, Submission};
use crate::ir::Survey;
use formwright_engine::write::Style;
use std::collections::HashMap;
use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// Previous returns by respondent; one that names no respondent is everybody's.
pub enum Previous {
    /// A single return.
    One(Option<String>, Arc<Earlier>),
    /// A line each.
    Lines(Box<Lines>),
}

/// A file of lines, with the place of each respondent's.
pub struct Lines {
    path: PathBuf,
    file: Mutex<File>,
    at: HashMap<Option<String>, Place>,
}

/// Where a line stands.
#[derive(Debug, Clone, Copy)]
struct Place {
    line: u64,
    offset: u64,
    length: usize,
}

impl Previous {
    /// Reads all of it once: what cannot be read ends the run before any return is judged by it.
    pub fn open(survey: &Survey, layout: &Layout, path: &Path) -> Result<Previous, Failure> {
        if files::is_lines(path) {
            return Ok(Previous::Lines(Box::new(Lines::open(survey, layout, path)?)));
        }
        let bytes = files::read_input(path, MAX_RETURN as u64)?;
        let read = read(survey, layout, &bytes).map_err(|e| unreadable(path, None, &bytes, &e))?;
        Ok(Previous::One(read.respondent, Arc::new(Earlier::new(survey, read.records))))
    }

    /// That of a respondent.
    pub fn of(
        &self,
        survey: &Survey,
        layout: &Layout,
        respondent: Option<&str>,
    ) -> Result<Option<Arc<Earlier>>, Failure> {
        match self {
            Previous::One(None, earlier) => Ok(Some(earlier.clone())),
            Previous::One(of, earlier) => Ok((of.as_deref() == respondent).then(|| earlier.clone())),
            Previous::Lines(lines) => lines.of(survey, layout, respondent),
        }
    }
}

impl Lines {
    fn open(survey: &Survey, layout: &Layout, path: &Path) -> Result<Lines, Failure> {
        let failed = |e: std::io::Error| files::unread(path, &e);
        let mut input = BufReader::with_capacity(1 << 16, seekable(path).map_err(failed)?);
        let (mut at, mut line, mut offset) = (HashMap::new(), 0, 0);
        while let Some((text, taken)) = lines::next(&mut input, MAX_RETURN).map_err(failed)? {
            line += 1;
            let Line::Text(text) = text else {
                let words = say::LINE_SIZE.with(&[("limit", &MAX_RETURN.to_string())]);
                return Err(Failure::unusable(words.at(&format!("{}:{line}", path.display()))));
            };
            if !text.trim_ascii().is_empty() {
                let read =
                    read(survey, layout, &text).map_err(|e| unreadable(path, Some(line), &text, &e))?;
                let place = Place { line, offset, length: text.len() };
                if let Some(first) = at.insert(read.respondent.clone(), place) {
                    return Err(twice(path, read.respondent, first, place));
                }
            }
            offset += taken;
        }
        Ok(Lines { path: path.to_owned(), file: Mutex::new(input.into_inner()), at })
    }

    fn of(
        &self,
        survey: &Survey,
        layout: &Layout,
        respondent: Option<&str>,
    ) -> Result<Option<Arc<Earlier>>, Failure> {
        let place = self.at.get(&respondent.map(str::to_owned)).or_else(|| self.at.get(&None));
        let Some(place) = place else { return Ok(None) };
        let bytes = self.bytes(*place).map_err(|e| files::unread(&self.path, &e))?;
        let read = read(survey, layout, &bytes);
        let read = read.map_err(|e| unreadable(&self.path, Some(place.line), &bytes, &e))?;
        Ok(Some(Arc::new(Earlier::new(survey, read.records))))
    }

    fn bytes(&self, place: Place) -> std::io::Result<Vec<u8>> {
        let mut file = self.file.lock().unwrap_or_else(PoisonError::into_inner);
        file.seek(SeekFrom::Start(place.offset))?;
        let mut bytes = vec![0; place.length];
        file.read_exact(&mut bytes)?;
        Ok(bytes)
    }
}

/// Which of two lines of one respondent is meant would be chance.
fn twice(path: &Path, respondent: Option<String>, first: Place, second: Place) -> Failure {
    let line = first.line.to_string();
    let words = match respondent {
        Some(id) => say::PREVIOUS_TWICE.with(&[("id", &id), ("line", &line)]),
        None => say::PREVIOUS_TWICE_ALL.with(&[("line", &line)]),
    };
    Failure::unusable(words.at(&format!("{}:{}", path.display(), second.line)))
}

/// The file, or a copy of what comes through a pipe.
fn seekable(path: &Path) -> std::io::Result<File> {
    let mut file = File::open(path)?;
    let found = file.metadata()?;
    if found.is_dir() {
        return Err(std::io::ErrorKind::IsADirectory.into());
    }
    if found.is_file() {
        return Ok(file);
    }
    let mut copy = tempfile::tempfile()?;
    std::io::copy(&mut file, &mut copy)?;
    copy.flush()?;
    copy.rewind()?;
    Ok(copy)
}

/// Carried over the renames; what else is wrong with it is not this run's business.
fn read(survey: &Survey, layout: &Layout, bytes: &[u8]) -> Result<Submission, ReadError> {
    let migrated = data::migrate(survey, layout, bytes, Style::Compact)?;
    Parsed::new(migrated.text.as_bytes())?.read_loose(survey, layout)
}

fn unreadable(path: &Path, line: Option<u64>, bytes: &[u8], error: &ReadError) -> Failure {
    let (in_it, column) = position(bytes, error.offset);
    let words = Words { en: error.message("en"), zh: error.message("zh") };
    Failure::unusable(words.at(&format!("{}:{}:{column}", path.display(), line.unwrap_or(in_it))))
}
