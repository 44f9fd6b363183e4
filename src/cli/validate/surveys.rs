//! The surveys of a run, each compiled once, with what is given beside the returns.

use super::feed::MAX_RETURN;
use super::previous::Previous;
use crate::cli::say::{self, Words};
use crate::cli::{Context, Failure, files};
use crate::data::{self, Earlier, Layout, Parsed, ReadError, Records};
use crate::ir::{Root, Survey};
use crate::validate::{sentence, view};
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// A survey and what is given beside its returns.
pub struct Loaded {
    /// The survey.
    pub survey: Survey,
    /// Its lookups.
    pub layout: Layout,
    /// The context.
    pub context: Option<Records>,
    /// Previous returns by position in [`Survey::previous`].
    previous: Vec<Option<Previous>>,
}

impl Loaded {
    /// The previous returns of a respondent; one that names no respondent is everybody's.
    ///
    /// # Errors
    /// When the file they stand in can no longer be read.
    pub fn previous(&self, respondent: Option<&str>) -> Result<Vec<Option<Arc<Earlier>>>, Failure> {
        let of = |one: &Option<Previous>| match one {
            Some(previous) => previous.of(&self.survey, &self.layout, respondent),
            None => Ok(None),
        };
        self.previous.iter().map(of).collect()
    }
}

/// The surveys of a run.
pub struct Surveys {
    given: Option<PathBuf>,
    context: Option<PathBuf>,
    previous: Vec<String>,
    known: Mutex<Known>,
}

#[derive(Default)]
struct Known {
    /// Folders and the ids they declare.
    folders: Option<Vec<(PathBuf, String)>>,
    loaded: HashMap<PathBuf, Result<Arc<Loaded>, Failure>>,
}

impl Surveys {
    /// The survey at a path, or the one that each return names.
    pub fn new(given: Option<PathBuf>) -> Surveys {
        Surveys { given, context: None, previous: Vec::new(), known: Mutex::default() }
    }

    /// With a context and previous returns (`FILE`, or `NAME=FILE`).
    pub fn with(self, context: Option<PathBuf>, previous: Vec<String>) -> Surveys {
        Surveys { context, previous, ..self }
    }

    /// The survey of a return.
    pub fn of(&self, context: &Context, parsed: &Parsed<'_>) -> Result<Arc<Loaded>, Failure> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let folder = self.folder(&mut known, parsed.survey().unwrap_or_default())?;
        if let Some(loaded) = known.loaded.get(&folder) {
            return loaded.clone();
        }
        let loaded = self.open(context, &folder).map(Arc::new);
        known.loaded.insert(folder, loaded.clone());
        loaded
    }

    /// The first failure to make a survey ready: it is the run's, not that of one return.
    pub fn failure(&self) -> Option<Failure> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        known.loaded.values().find_map(|loaded| loaded.as_ref().err().cloned())
    }

    fn folder(&self, known: &mut Known, id: &str) -> Result<PathBuf, Failure> {
        if known.folders.is_none() {
            let folders = files::surveys(self.given.as_deref())?;
            let with_id = |folder: PathBuf| (folder.clone(), files::survey_id(&folder));
            let folders: Vec<_> = folders.into_iter().map(with_id).collect();
            files::distinct(folders.iter().map(|(folder, id)| (folder.as_path(), id.as_str())))?;
            known.folders = Some(folders);
        }
        let folders = known.folders.as_deref().unwrap_or_default();
        match (folders.iter().find(|(_, of)| of == id), folders) {
            (Some((folder, _)), _) | (None, [(folder, _)]) => Ok(folder.clone()),
            _ => {
                let names: Vec<&str> = folders.iter().map(|(_, id)| id.as_str()).collect();
                Err(Failure::unusable(say::WHICH_SURVEY.with(&[("known", &names.join(", "))])))
            }
        }
    }

    fn open(&self, context: &Context, folder: &Path) -> Result<Loaded, Failure> {
        let compiled = files::compiled(context, folder)?;
        let Some(survey) = compiled.survey else {
            return Err(Failure::unusable(say::SURVEY_ERRORS.with(&[])));
        };
        let layout = Layout::new(&survey);
        let given = match &self.context {
            Some(path) => Some(read_context(&survey, &layout, path)?),
            None => None,
        };
        let mut previous: Vec<Option<Previous>> = survey.previous.iter().map(|_| None).collect();
        for given in &self.previous {
            let (name, path) = given.split_once('=').unwrap_or(("", given));
            let at = survey.previous.iter().position(|p| p.0 == name);
            let Some(slot) = at.and_then(|at| previous.get_mut(at)) else {
                return Err(Failure::unusable(say::NO_PREVIOUS.with(&[("name", name)])));
            };
            if slot.is_some() {
                return Err(Failure::unusable(say::PREVIOUS_GIVEN.with(&[("name", given)])));
            }
            *slot = Some(Previous::open(&survey, &layout, Path::new(path))?);
        }
        Ok(Loaded { survey, layout, context: given, previous })
    }
}

fn unreadable(path: &Path, bytes: &[u8], error: &ReadError) -> Failure {
    let (line, column) = super::feed::position(bytes, error.offset);
    let words = Words { en: error.message("en"), zh: error.message("zh") };
    Failure::unusable(words.at(&format!("{}:{line}:{column}", path.display())))
}

/// The context decides verdicts, so nothing in it may be wrong.
fn read_context(survey: &Survey, layout: &Layout, path: &Path) -> Result<Records, Failure> {
    let bytes = files::read_input(path, MAX_RETURN as u64)?;
    let (records, problems) =
        data::read_context(survey, layout, &bytes).map_err(|e| unreadable(path, &bytes, &e))?;
    let Some(first) = problems.first() else { return Ok(records) };
    let blank = Records::blank(survey, Root::Return);
    let view = view::View { survey, layout, now: &blank.top, context: Some(&records.top), previous: &[] };
    let cell = first.cell.and_then(|id| survey.cell(id));
    let texts = sentence::raw(&view, cell, first);
    let of = |code: &str| {
        let text = texts.iter().find(|t| t.0.starts_with(code)).or(texts.first());
        text.map(|t| t.1.clone()).unwrap_or_default()
    };
    let (place, pointer) = (path.display().to_string(), format!(" ({})", first.pointer));
    let said = |problem: &str| {
        say::CONTEXT_WRONG.with(&[("path", &place), ("pointer", &pointer), ("problem", problem)])
    };
    Err(Failure::unusable(Words { en: said(&of("en")).en, zh: said(&of("zh")).zh }))
}
