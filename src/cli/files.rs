//! Reading files: finding surveys, their sources, and what a command is given.

use super::say::{self, Words};
use super::{Context, Failure, err};
use crate::diag::{Diagnostic, Problems, Severity, codes, render};
use crate::parse::{encoding, yaml};
use crate::source::FileId;
use crate::{Compiled, SourceFileInput};
use std::collections::HashMap;
use std::fs;
use std::io::{Error, ErrorKind, Read};
use std::path::{Path, PathBuf};

/// Largest source file, bytes.
const MAX_SOURCE: u64 = 16 << 20;

/// Folders within each other that are looked through for returns.
const MAX_FOLDERS: usize = 64;

/// What is wrong with a file, in words.
pub fn reason(error: &Error) -> Words {
    let said = match error.kind() {
        ErrorKind::NotFound => say::NOT_FOUND,
        ErrorKind::PermissionDenied => say::DENIED,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => say::FULL,
        ErrorKind::ReadOnlyFilesystem => say::READ_ONLY,
        ErrorKind::IsADirectory => say::IS_FOLDER,
        ErrorKind::NotADirectory => say::NOT_FOLDER,
        ErrorKind::InvalidFilename => say::LONG_NAME,
        _ => return say::SYSTEM.with(&[("reason", &error.to_string())]),
    };
    said.with(&[])
}

/// The failure of a path that cannot be read or written.
pub fn failed(path: &Path, error: &Error) -> Failure {
    match path.ancestors().find(|path| is_dead_link(path)) {
        Some(link) => Failure::environment(say::DEAD_LINK.with(&[]).at(&link.display().to_string())),
        None => Failure::environment(reason(error).at(&path.display().to_string())),
    }
}

/// Whether it is a link to what does not exist, or to itself.
fn is_dead_link(path: &Path) -> bool {
    fs::symlink_metadata(path).is_ok_and(|found| found.is_symlink())
        && fs::metadata(path).is_err_and(|error| error.kind() != ErrorKind::PermissionDenied)
}

/// What stands in the place of a file and is none; `None` where a file or nothing stands there.
fn instead_of_file(path: &Path) -> Option<&'static say::Say> {
    match fs::metadata(path) {
        Ok(found) if found.is_file() => None,
        Ok(found) if found.is_dir() => Some(&say::IS_FOLDER),
        Ok(_) => Some(&say::NO_PLAIN_FILE),
        Err(_) => is_dead_link(path).then_some(&say::DEAD_LINK),
    }
}

/// The failure of a path that the user has named: that it is not there is a wrong use, not a fault of the disk.
pub fn unread(path: &Path, error: &Error) -> Failure {
    use ErrorKind::{InvalidFilename, IsADirectory, NotADirectory, NotFound};
    let named = matches!(error.kind(), NotFound | IsADirectory | NotADirectory | InvalidFilename);
    let named = named || path.ancestors().any(is_dead_link);
    let code = if named { super::UNUSABLE } else { super::ENVIRONMENT };
    Failure { code, ..failed(path, error) }
}

/// The folders of the surveys that `named` means: itself, or every survey under `schemas/`.
pub fn surveys(named: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    if let Some(path) = named {
        let folder = if path.is_file() { path.parent().unwrap_or(Path::new("")) } else { path };
        let folder = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
        let under = Path::new("schemas").join(path);
        for folder in [folder, &under] {
            if has_survey(folder)? {
                return Ok(vec![folder.to_path_buf()]);
            }
        }
        return Err(Failure::unusable(say::NO_SURVEY_IN.with(&[("path", &path.display().to_string())])));
    }
    let found = surveys_here()?;
    if found.is_empty() {
        return Err(Failure::unusable(say::NO_SURVEYS.with(&[])));
    }
    Ok(found)
}

/// The folders of the surveys under `schemas/`, in order; there may be none.
pub fn surveys_here() -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for folder in entries(Path::new("schemas"))? {
        if has_survey(&folder)? {
            found.push(folder);
        }
    }
    found.sort();
    Ok(found)
}

/// Whether there is a survey.yaml in a folder.
///
/// # Errors
/// Something stands there that is no file.
fn has_survey(folder: &Path) -> Result<bool, Failure> {
    let path = folder.join("survey.yaml");
    match instead_of_file(&path) {
        Some(what) => Err(Failure::unusable(what.with(&[]).at(&path.display().to_string()))),
        None => Ok(path.is_file()),
    }
}

/// The id that a survey's folder declares; empty where it cannot be read.
pub fn survey_id(folder: &Path) -> String {
    let mut problems = Problems::default();
    let text = fs::read(folder.join("survey.yaml"))
        .ok()
        .and_then(|bytes| encoding::text_of(&bytes).ok().map(str::to_owned));
    let node = text.and_then(|text| yaml::parse(FileId::default(), &text, &mut problems));
    let Some(yaml::NodeKind::Map(entries)) = node.map(|n| n.kind) else { return String::new() };
    let id = entries.into_iter().find(|(key, _)| &*key.text == "survey");
    match id.map(|(_, node)| node.kind) {
        Some(yaml::NodeKind::Scalar(id)) => id.text.to_string(),
        _ => String::new(),
    }
}

/// Refuses two folders with surveys of one id: which of them is meant would be chance.
///
/// # Errors
/// The first two such folders.
pub fn distinct<'a>(surveys: impl IntoIterator<Item = (&'a Path, &'a str)>) -> Result<(), Failure> {
    let mut known = HashMap::new();
    for (folder, id) in surveys.into_iter().filter(|(_, id)| !id.is_empty()) {
        if let Some(first) = known.insert(id, folder) {
            let (first, second) = (first.display().to_string(), folder.display().to_string());
            let args = [("first", first.as_str()), ("second", &second), ("id", id)];
            return Err(Failure::unusable(say::SAME_ID.with(&args)));
        }
    }
    Ok(())
}

/// What stands in a folder; nothing where there is no such folder.
pub fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    match fs::read_dir(folder) {
        Ok(read) => Ok(read.filter_map(|e| e.ok().map(|e| e.path())).collect()),
        Err(e) if e.kind() == ErrorKind::NotFound => Ok(Vec::new()),
        Err(e) => Err(failed(folder, &e)),
    }
}

/// The sources of a survey: the YAML and CSV files of its folder, and the files of other folders that survey.yaml or a
/// file of lists names (`../shared.yaml`, `../other/codes.yaml`).
///
/// # Errors
/// A file that cannot be read, is too large, or is a link that leads out of the folder above.
pub fn sources(folder: &Path) -> Result<Vec<SourceFileInput>, Failure> {
    let root = fs::canonicalize(folder.join("..")).map_err(|e| failed(folder, &e))?;
    let mut files = Vec::new();
    for path in source_paths(folder)? {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        files.push(source(&path, name, folder, &root)?);
    }
    let mut wanted: Vec<String> = files.iter().flat_map(|f| named(&f.name, &f.bytes)).collect();
    while let Some(name) = wanted.pop() {
        let path = folder.join(&name);
        if files.iter().any(|f| f.name == name) || !path.is_file() {
            continue;
        }
        let file = source(&path, name, folder, &root)?;
        wanted.extend(named(&file.name, &file.bytes));
        files.push(file);
    }
    Ok(files)
}

/// The files of other folders that a file names: what ends in `.yaml` in survey.yaml, in `.csv` in any. They are read in
/// case they are meant; what they are for is seen when the files are read for good.
fn named(name: &str, bytes: &[u8]) -> Vec<String> {
    let folder = name.rsplit_once('/').map_or("", |(folder, _)| folder);
    let of_survey = [".yaml", ".yml", ".csv"];
    let endings = if name == "survey.yaml" { &of_survey[..] } else { &of_survey[2..] };
    let text = String::from_utf8_lossy(bytes);
    if !endings.iter().any(|ending| text.contains(ending)) {
        return Vec::new();
    }
    let plain = text.split(|c: char| c.is_whitespace() || ",[]{}".contains(c));
    let quoted = ['"', '\''].into_iter().flat_map(|quote| text.split(quote));
    let is_name = |word: &&str| endings.iter().any(|e| word.len() > e.len() && word.ends_with(e));
    let elsewhere = |written: &str| {
        let whole = if folder.is_empty() { written.to_owned() } else { format!("{folder}/{written}") };
        let tidied = crate::load::tidy(&whole);
        let found = tidied.contains('/') && crate::load::is_inside(&tidied) && !written.starts_with('/');
        found.then_some(tidied)
    };
    plain.chain(quoted).filter(is_name).filter_map(elsewhere).collect()
}

fn source_paths(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let is_source = |p: &PathBuf| p.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "csv");
    let mut paths: Vec<PathBuf> =
        entries(folder)?.into_iter().filter(|p| is_source(p) && p.is_file()).collect();
    paths.sort();
    Ok(paths)
}

fn source(path: &Path, name: String, folder: &Path, root: &Path) -> Result<SourceFileInput, Failure> {
    let shown = path.display().to_string();
    let real = fs::canonicalize(path).map_err(|e| failed(path, &e))?;
    if !real.starts_with(root) {
        let args = [("path", shown.as_str()), ("root", &root.display().to_string())];
        return Err(Failure::unusable(say::OUTSIDE.with(&args)));
    }
    let bytes = read_limited(path, MAX_SOURCE).map_err(|e| failed(path, &e))?;
    if bytes.len() as u64 > MAX_SOURCE {
        let size = fs::metadata(path).map_or(bytes.len() as u64, |m| m.len()).to_string();
        let args = [("path", shown.as_str()), ("size", &size), ("limit", &MAX_SOURCE.to_string())];
        return Err(Failure::unusable(say::SOURCE_SIZE.with(&args)));
    }
    Ok(SourceFileInput { shown: folder.join(&name), name, bytes })
}

/// At most one byte more than the limit.
fn read_limited(path: &Path, limit: u64) -> std::io::Result<Vec<u8>> {
    let mut bytes = Vec::new();
    fs::File::open(path)?.take(limit + 1).read_to_end(&mut bytes)?;
    Ok(bytes)
}

/// What is being done with a survey's folder, the how manieth of how many.
pub fn step(context: &Context, say: &say::Say, folder: &Path, ix: usize, all: usize) -> String {
    let (path, n) = (folder.display().to_string(), (ix + 1).to_string());
    say.text(context.lang, &[("path", &path), ("n", &n), ("all", &all.to_string())])
}

/// Reads and compiles a survey.
pub fn compile(folder: &Path) -> Result<Compiled, Failure> {
    let mut compiled = crate::compile(sources(folder)?);
    let missing = |d: &&mut Diagnostic| d.code.code == codes::FILE_MISSING.code;
    for diagnostic in compiled.diagnostics.iter_mut().filter(missing) {
        say_instead(folder, diagnostic);
    }
    Ok(compiled)
}

/// That a file is not missing: something else has its name.
fn say_instead(folder: &Path, missing: &mut Diagnostic) {
    let name = missing.args.iter().find(|(arg, _)| *arg == "file").map_or("", |(_, name)| name);
    let Some(what) = instead_of_file(&folder.join(name)) else { return };
    let words = what.with(&[]);
    for (arg, value) in &mut missing.args {
        match *arg {
            "instead" => *value = format!(": {}", words.en),
            "instead_zh" => *value = format!("：{}", words.zh),
            _ => {}
        }
    }
    missing.suggestions.clear();
}

/// Compiles a survey for a command that needs it: errors are said and end the command.
pub fn compiled(context: &Context, folder: &Path) -> Result<Compiled, Failure> {
    let compiled = compile(folder)?;
    let is_error = |d: &&Diagnostic| d.code.severity == Severity::Error;
    let errors: Vec<_> = compiled.diagnostics.iter().filter(is_error).cloned().collect();
    if errors.is_empty() {
        return Ok(compiled);
    }
    err(&render::text(&compiled.sources, &errors, context.lang, context.colour));
    let args = [("path", folder.display().to_string()), ("count", errors.len().to_string())];
    let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
    let code = if crate::diag::unusable(&errors) { super::UNUSABLE } else { super::FOUND };
    Err(Failure { words: say::SURVEY_ERRORS.with(&args), code })
}

/// Reads a submission, context or previous return; `-` is standard input.
pub fn read_input(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes).map(|_| ())
    } else {
        read_limited(path, limit).map(|read| bytes = read)
    };
    match result {
        Ok(()) if bytes.len() as u64 > limit => {
            let words = say::RETURN_SIZE.with(&[("limit", &limit.to_string())]);
            Err(Failure::unusable(words.at(&path.display().to_string())))
        }
        Ok(()) => Ok(bytes),
        Err(e) => Err(unread(path, &e)),
    }
}

/// The returns in a folder and the folders in it, sorted; links and hidden files are passed over.
pub fn returns_in(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 1)];
    while let Some((folder, depth)) = folders.pop() {
        if depth > MAX_FOLDERS {
            let words = say::TOO_DEEP.with(&[("limit", &MAX_FOLDERS.to_string())]);
            return Err(Failure::unusable(words.at(&folder.display().to_string())));
        }
        for path in entries(&folder)? {
            let hidden = path.file_name().is_some_and(|n| n.to_string_lossy().starts_with('.'));
            match fs::symlink_metadata(&path).map(|m| m.file_type()) {
                Ok(kind) if kind.is_dir() && !hidden => folders.push((path, depth + 1)),
                Ok(kind) if kind.is_file() && !hidden && is_return(&path) => found.push(path),
                _ => {}
            }
        }
    }
    found.sort();
    if found.is_empty() {
        return Err(Failure::unusable(say::NO_RETURNS.with(&[]).at(&folder.display().to_string())));
    }
    Ok(found)
}

/// Whether a file is JSON Lines by its name.
pub fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|e| e.eq_ignore_ascii_case("jsonl") || e.eq_ignore_ascii_case("ndjson"))
}

fn is_return(path: &Path) -> bool {
    is_lines(path) || path.extension().is_some_and(|e| e.eq_ignore_ascii_case("json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_of_other_folders_are_found_by_name() {
        let text = "imports: [../shared.yaml, codes.yaml, \"../two words.yaml\"]\ncsv: ../x/a.csv\nx: ../../out.yaml\n";
        let mut found = named("survey.yaml", text.as_bytes());
        found.sort();
        assert_eq!(found, ["../shared.yaml", "../two words.yaml", "../x/a.csv"]);
        assert_eq!(named("../x/lists.yaml", b"csv: a.csv\nimports: [b.yaml]"), ["../x/a.csv"]);
    }

    #[test]
    fn a_text_of_nothing_but_endings_is_gone_through_once() {
        assert!(named("survey.yaml", ".csv".repeat(1 << 18).as_bytes()).is_empty());
        assert!(named("survey.yaml", "\".csv\"".repeat(1 << 16).as_bytes()).is_empty());
    }
}
