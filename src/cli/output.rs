//! Writing: single files and whole sets, so that a reader sees the old content or the new, never a part.
//!
//! Every file is written beside its place under a temporary name, flushed, and renamed over it. Of a set, nothing is
//! renamed before all is written; if a rename then fails, those before it are undone. What a kill leaves half done is
//! known from a [journal] and done by the next build. A folder that holds a set has a list of the files written into it
//! ([`LIST`]), so that files no longer made can be removed without ever removing anybody else's.

mod journal;
mod writer;

use super::say::{self, Say};
use super::{Context, Failure, files};
use crate::emit::Artifact;
use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io::{ErrorKind, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};
pub use writer::Writer;

/// The list of the files of a set, in its folder: a line each, target and path with a tab between.
pub const LIST: &str = ".formwright";

const LIST_HEAD: &str = "# What `formwright build` wrote here. It removes files of this list when they are no longer made, and no others.\n";

/// How temporary files begin.
const TEMPORARY: &str = ".formwright-tmp-";

/// How long another build is waited for.
const PATIENCE: Duration = Duration::from_secs(30);

/// The files of a set, each with the target that it is of.
pub type Set = BTreeMap<String, (&'static str, Vec<u8>)>;

/// The set of a survey's artefacts by target.
pub fn set(of: Vec<(&'static str, Vec<Artifact>)>) -> Set {
    let each = |(target, artefacts): (&'static str, Vec<Artifact>)| {
        artefacts.into_iter().map(move |a| (a.path, (target, a.bytes)))
    };
    of.into_iter().flat_map(each).collect()
}

/// What a write has done.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Written {
    /// Files that are new or differ.
    pub changed: usize,
    /// Files that are no longer made.
    pub removed: usize,
}

/// How a folder differs from the set that belongs there, in order of path. `whole`: the set is all there is; else
/// files of other targets are left alone.
pub fn stale(out: &Path, set: &Set, whole: bool) -> Vec<(&'static Say, PathBuf)> {
    let listed = listed(out);
    let mut found = strange(out, set, &listed, whole);
    let text = list(set, &listed, whole);
    let mut one = |path: &str, bytes: &[u8]| {
        let path = out.join(path);
        if !is_same(&path, bytes) {
            let missing = fs::symlink_metadata(&path).is_err();
            found.push((if missing { &say::STALE_MISSING } else { &say::STALE_CHANGED }, path));
        }
    };
    set.iter().for_each(|(path, (_, bytes))| one(path, bytes));
    one(LIST, text.as_bytes());
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

/// The files of a folder that are not of the set, in order of path; see [`stale`].
pub fn extra(out: &Path, set: &Set, whole: bool) -> Vec<(&'static Say, PathBuf)> {
    let mut found = strange(out, set, &listed(out), whole);
    found.sort_by(|a, b| a.1.cmp(&b.1));
    found
}

fn strange(
    out: &Path,
    set: &Set,
    listed: &BTreeMap<String, String>,
    whole: bool,
) -> Vec<(&'static Say, PathBuf)> {
    let kept = kept(set, listed, whole);
    let is_cut = fs::symlink_metadata(out.join(journal::NAME)).is_ok();
    let known = |path: &PathBuf| {
        let temporary = is_cut && is_temporary(path);
        let path = relative(out, path);
        let ours = path == LIST || path == journal::NAME || temporary;
        ours || set.contains_key(&path) || kept.contains_key(&path)
    };
    let extra = all_files(out).into_iter().filter(|p| !known(p));
    let cut = is_cut.then(|| (&say::STALE_CUT, out.join(journal::NAME)));
    extra.map(|path| (&say::STALE_EXTRA, path)).chain(cut).collect()
}

/// Writes a set into its folder. Files that are the same already are not touched.
pub fn write_set(context: &Context, out: &Path, set: &Set, whole: bool) -> Result<Written, Failure> {
    no_link(out)?;
    make_folder(out)?;
    let lock = File::open(out).map_err(|e| files::failed(out, &e))?;
    take(context, &lock, out)?;
    let completed = journal::complete(out)?;
    if let Some((done, all)) = completed {
        let (path, done, all) = (out.display().to_string(), done.to_string(), all.to_string());
        context.say(&say::COMPLETED.with(&[("path", &path), ("done", &done), ("all", &all)]));
    }
    let result = write_locked(out, set, whole);
    if result.is_err() {
        // Only if it was made for this and nothing has come into it.
        let _ = fs::remove_dir(out);
    }
    result
}

fn write_locked(out: &Path, set: &Set, whole: bool) -> Result<Written, Failure> {
    let listed = listed(out);
    let present = all_files(out);
    let (leftovers, present): (Vec<_>, Vec<_>) = present.into_iter().partition(|p| is_temporary(p));
    leftovers.iter().for_each(|p| drop(fs::remove_file(p)));
    own_folder(out, set, &listed, &present)?;
    let kept = kept(set, &listed, whole);
    let gone: Vec<String> =
        listed.keys().filter(|p| !set.contains_key(*p) && !kept.contains_key(*p)).cloned().collect();
    let mut staged = Vec::new();
    for (path, (_, bytes)) in set {
        let path = out.join(path);
        if !is_same(&path, bytes) {
            no_link_between(out, &path)?;
            staged.push(Staged::new(&path, bytes)?);
        }
    }
    let changed = staged.len();
    let text = list(set, &listed, whole);
    if !is_same(&out.join(LIST), text.as_bytes()) {
        staged.push(Staged::new(&out.join(LIST), text.as_bytes())?);
    }
    if staged.is_empty() && gone.is_empty() {
        return Ok(Written::default());
    }
    journal::write(out, &staged, &gone)?;
    if let Err(failure) = commit(staged) {
        journal::remove(out)?;
        return Err(failure);
    }
    let mut removed = 0;
    for path in &gone {
        removed += usize::from(remove(out, path)?);
    }
    journal::remove(out)?;
    Ok(Written { changed, removed })
}

/// Removes a file of the set, and the folders that are empty without it; whether there was one.
fn remove(out: &Path, path: &str) -> Result<bool, Failure> {
    let path = out.join(path);
    no_link_between(out, &path)?;
    let removed = match fs::remove_file(&path) {
        Ok(()) => true,
        Err(e) if e.kind() == ErrorKind::NotFound => false,
        Err(e) => return Err(files::failed(&path, &e)),
    };
    remove_empty(out, &path);
    Ok(removed)
}

/// A folder is ours when it is empty, has our list, or holds nothing but files that are made now.
fn own_folder(
    out: &Path,
    set: &Set,
    listed: &BTreeMap<String, String>,
    present: &[PathBuf],
) -> Result<(), Failure> {
    let strange = present.iter().find(|p| !set.contains_key(&relative(out, p)) && relative(out, p) != LIST);
    match strange {
        Some(file) if listed.is_empty() => {
            let args = [("path", out.display().to_string()), ("file", relative(out, file))];
            let args: Vec<(&str, &str)> = args.iter().map(|(n, v)| (*n, v.as_str())).collect();
            Err(Failure::unusable(say::FOREIGN.with(&args)))
        }
        _ => Ok(()),
    }
}

/// The files of the list, each with its target. Lines that could lead out of the folder count for nothing.
fn listed(out: &Path) -> BTreeMap<String, String> {
    let text = fs::read_to_string(out.join(LIST)).unwrap_or_default();
    let lines = text.lines().filter(|l| !l.starts_with('#')).filter_map(|l| l.split_once('\t'));
    lines
        .filter(|(_, path)| is_inside(path))
        .map(|(target, path)| (path.to_owned(), target.to_owned()))
        .collect()
}

/// Whether a path of a list stays in its folder.
fn is_inside(path: &str) -> bool {
    path.split('/').all(|part| !part.is_empty() && part != ".." && part != ".")
}

/// Listed files that this set says nothing about: of other targets, where it is not the whole.
fn kept(set: &Set, listed: &BTreeMap<String, String>, whole: bool) -> BTreeMap<String, String> {
    let targets: BTreeSet<&str> = set.values().map(|(target, _)| *target).collect();
    let other =
        |(path, target): &(&String, &String)| !set.contains_key(*path) && !targets.contains(target.as_str());
    let all = listed.iter().filter(other).map(|(path, target)| (path.clone(), target.clone()));
    if whole { BTreeMap::new() } else { all.collect() }
}

fn list(set: &Set, listed: &BTreeMap<String, String>, whole: bool) -> String {
    let mut all = kept(set, listed, whole);
    all.extend(set.iter().map(|(path, (target, _))| (path.clone(), (*target).to_owned())));
    let lines: String = all.iter().map(|(path, target)| format!("{target}\t{path}\n")).collect();
    format!("{LIST_HEAD}{lines}")
}

fn relative(out: &Path, path: &Path) -> String {
    path.strip_prefix(out).unwrap_or(path).to_string_lossy().replace('\\', "/")
}

/// Whether a plain file holds exactly these bytes.
fn is_same(path: &Path, bytes: &[u8]) -> bool {
    let plain = fs::symlink_metadata(path).is_ok_and(|m| m.is_file() && m.len() == bytes.len() as u64);
    plain && fs::read(path).is_ok_and(|found| found == bytes)
}

/// Every file below a folder; links are files, not ways.
fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for path in files::entries(&next).unwrap_or_default() {
            match fs::symlink_metadata(&path) {
                Ok(m) if m.is_dir() => folders.push(path),
                _ => found.push(path),
            }
        }
    }
    found
}

fn is_temporary(path: &Path) -> bool {
    path.file_name().is_some_and(|n| n.to_string_lossy().starts_with(TEMPORARY))
}

fn no_link(path: &Path) -> Result<(), Failure> {
    match fs::symlink_metadata(path) {
        Ok(m) if m.is_symlink() => {
            Err(Failure::environment(say::LINK.with(&[("path", &path.display().to_string())])))
        }
        _ => Ok(()),
    }
}

/// No folder between the set's own and a file of it is a link.
fn no_link_between(out: &Path, path: &Path) -> Result<(), Failure> {
    path.ancestors().skip(1).take_while(|folder| *folder != out).try_for_each(no_link)
}

fn remove_empty(out: &Path, path: &Path) {
    let inside = path.ancestors().skip(1).take_while(|folder| *folder != out);
    for folder in inside {
        if fs::remove_dir(folder).is_err() {
            return;
        }
    }
}

/// Locks the folder itself, so that no lock file can be left behind.
fn take(context: &Context, lock: &File, out: &Path) -> Result<(), Failure> {
    let place = out.display().to_string();
    let begun = Instant::now();
    let mut said = false;
    loop {
        match lock.try_lock() {
            Ok(()) => return Ok(()),
            Err(TryLockError::WouldBlock) if begun.elapsed() < PATIENCE => {
                if !std::mem::replace(&mut said, true) {
                    context.say(&say::WAITING.with(&[("path", &place)]));
                }
                std::thread::sleep(Duration::from_millis(20));
            }
            Err(TryLockError::WouldBlock) => {
                return Err(Failure::environment(say::LOCKED.with(&[("path", &place)])));
            }
            // A file system without locks: then there is none, as with most tools.
            Err(TryLockError::Error(e)) if e.kind() == ErrorKind::Unsupported => return Ok(()),
            Err(TryLockError::Error(e)) => return Err(files::failed(out, &e)),
        }
    }
}

/// A file under its temporary name, removed unless it is renamed.
struct Staged {
    temporary: PathBuf,
    path: PathBuf,
    done: bool,
}

impl Staged {
    fn new(path: &Path, bytes: &[u8]) -> Result<Staged, Failure> {
        let (staged, mut file) = Staged::open(path)?;
        file.write_all(bytes).and_then(|()| file.sync_all()).map_err(|e| files::failed(path, &e))?;
        Ok(staged)
    }

    /// An empty one, with the rights of the file it will replace.
    fn open(path: &Path) -> Result<(Staged, File), Failure> {
        let folder = match path.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        make_folder(folder)?;
        let old = fs::symlink_metadata(path).ok().filter(|old| !old.is_symlink());
        if old.as_ref().is_some_and(|old| !old.is_file()) {
            return Err(Failure::environment(say::NOT_FILE.with(&[("path", &path.display().to_string())])));
        }
        let rights = old.map(|old| old.permissions());
        if rights.as_ref().is_some_and(fs::Permissions::readonly) {
            let words = say::WRITE_PROTECTED.with(&[]).at(&path.display().to_string());
            return Err(Failure::environment(words));
        }
        let (temporary, file) = fresh(folder).map_err(|e| nothing_made(folder, &e))?;
        let staged = Staged { temporary, path: path.to_path_buf(), done: false };
        if let Some(rights) = rights {
            fs::set_permissions(&staged.temporary, rights).map_err(|e| files::failed(path, &e))?;
        }
        Ok((staged, file))
    }

    /// The old file beside its place, under a temporary name; `None` where there is none.
    fn back_up(&self) -> std::io::Result<Option<PathBuf>> {
        if fs::symlink_metadata(&self.path).is_err() {
            return Ok(None);
        }
        let name = self.temporary.with_extension("old");
        match fs::hard_link(&self.path, &name) {
            Ok(()) => Ok(Some(name)),
            Err(_) => fs::copy(&self.path, &name).map(|_| Some(name)),
        }
    }
}

impl Drop for Staged {
    fn drop(&mut self) {
        if !self.done {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

/// A folder, and those it is in.
fn make_folder(folder: &Path) -> Result<(), Failure> {
    fs::create_dir_all(folder).map_err(|error| match error.kind() {
        ErrorKind::AlreadyExists | ErrorKind::NotADirectory => not_folder(folder, &error),
        _ => nothing_made(folder, &error),
    })
}

/// Why nothing can be made in a folder: some that are there take no files (`/proc`).
fn nothing_made(folder: &Path, error: &std::io::Error) -> Failure {
    let there = folder.ancestors().find(|path| path.is_dir());
    match there.filter(|_| error.kind() == ErrorKind::NotFound) {
        Some(there) => Failure::environment(say::NO_NEW_FILE.with(&[]).at(&there.display().to_string())),
        None => files::failed(folder, error),
    }
}

/// What stands where a folder is needed.
fn not_folder(folder: &Path, error: &std::io::Error) -> Failure {
    let is_other = |path: &&Path| fs::metadata(path).is_ok_and(|found| !found.is_dir());
    match folder.ancestors().find(is_other) {
        Some(path) => Failure::environment(say::NO_FOLDER.with(&[]).at(&path.display().to_string())),
        None => files::failed(folder, error),
    }
}

/// A new file with a name of ours; its rights are those the user's umask gives.
fn fresh(folder: &Path) -> std::io::Result<(PathBuf, File)> {
    static MADE: AtomicU64 = AtomicU64::new(0);
    let process = std::process::id();
    // A name is taken where a killed process of the same number has left it.
    for _ in 0..10_000 {
        let path = folder.join(format!("{TEMPORARY}{process}-{}", MADE.fetch_add(1, Ordering::Relaxed)));
        match OpenOptions::new().write(true).create_new(true).open(&path) {
            Err(e) if e.kind() == ErrorKind::AlreadyExists => {}
            made => return made.map(|file| (path, file)),
        }
    }
    Err(ErrorKind::AlreadyExists.into())
}

/// Renames everything; if one fails, the others get their old content back.
fn commit(mut staged: Vec<Staged>) -> Result<(), Failure> {
    let mut backups = Vec::with_capacity(staged.len());
    let mut fault = None;
    for one in &staged {
        match one.back_up() {
            Ok(backup) => backups.push(backup),
            Err(e) => fault = Some(files::failed(&one.path, &e)),
        }
    }
    for one in &mut staged {
        if fault.is_some() {
            break;
        }
        match fs::rename(&one.temporary, &one.path) {
            Ok(()) => one.done = true,
            Err(e) => fault = Some(files::failed(&one.path, &e)),
        }
    }
    for (one, backup) in staged.iter().zip(&backups) {
        match backup {
            Some(old) if fault.is_some() && one.done => drop(fs::rename(old, &one.path)),
            Some(old) => drop(fs::remove_file(old)),
            None if fault.is_some() && one.done => drop(fs::remove_file(&one.path)),
            None => {}
        }
    }
    let folders: BTreeSet<&Path> = staged.iter().filter_map(|s| s.path.parent()).collect();
    // The renames reach the disk with their folders; where folders cannot be flushed there is nothing to do.
    folders.iter().filter_map(|f| File::open(f).ok()).for_each(|f| drop(f.sync_all()));
    fault.map_or(Ok(()), Err)
}
