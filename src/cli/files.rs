//! Files: finding surveys, reading them, writing whole sets atomically.

use super::{Context, Failure};
use crate::diag::render;
use crate::emit::Artifact;
use crate::{Compiled, SourceFileInput};
use std::fs;
use std::io::{ErrorKind, Read, Write};
use std::path::{Path, PathBuf};

/// Largest source file, bytes.
const MAX_SOURCE: u64 = 16 << 20;

/// The folders of the surveys that `named` means: itself, or every survey under `schemas/`.
pub fn surveys(named: Option<&Path>) -> Result<Vec<PathBuf>, Failure> {
    if let Some(path) = named {
        let folder = if path.is_file() {
            path.parent().map(Path::to_path_buf).unwrap_or_default()
        } else {
            path.to_path_buf()
        };
        if folder.join("survey.yaml").is_file() {
            return Ok(vec![folder]);
        }
        let under = Path::new("schemas").join(path);
        if under.join("survey.yaml").is_file() {
            return Ok(vec![under]);
        }
        return Err(Failure::unusable(format!("there is no survey.yaml in {}", path.display())));
    }
    let mut found: Vec<PathBuf> =
        entries(Path::new("schemas"))?.into_iter().filter(|p| p.join("survey.yaml").is_file()).collect();
    found.sort();
    if found.is_empty() {
        return Err(Failure::unusable("there is no survey under schemas/ (a folder with a survey.yaml)"));
    }
    Ok(found)
}

fn entries(folder: &Path) -> Result<Vec<PathBuf>, Failure> {
    let read = match fs::read_dir(folder) {
        Ok(read) => read,
        Err(e) if e.kind() == ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(Failure::environment(format!("{}: {e}", folder.display()))),
    };
    Ok(read.filter_map(|e| e.ok().map(|e| e.path())).collect())
}

/// The YAML files of a survey's folder, and the shared ones of the folder above; CSV code lists beside them.
pub fn sources(folder: &Path) -> Result<Vec<SourceFileInput>, Failure> {
    let mut files = Vec::new();
    for (place, prefix) in [(folder.to_path_buf(), ""), (folder.join(".."), "../")] {
        let mut paths: Vec<PathBuf> =
            entries(&place)?.into_iter().filter(|p| p.is_file() && is_source(p)).collect();
        paths.sort();
        for path in paths {
            let name = path.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
            let shown = folder.join(format!("{prefix}{name}"));
            files.push(SourceFileInput {
                name: format!("{prefix}{name}"),
                shown,
                bytes: read_source(&path)?,
            });
        }
    }
    Ok(files)
}

fn is_source(path: &Path) -> bool {
    path.extension().is_some_and(|e| e == "yaml" || e == "yml" || e == "csv")
}

fn read_source(path: &Path) -> Result<Vec<u8>, Failure> {
    let size =
        fs::metadata(path).map_err(|e| Failure::environment(format!("{}: {e}", path.display())))?.len();
    if size > MAX_SOURCE {
        return Err(Failure::unusable(format!(
            "{}: {size} bytes, at most {MAX_SOURCE} are read",
            path.display()
        )));
    }
    fs::read(path).map_err(|e| Failure::environment(format!("{}: {e}", path.display())))
}

/// Reads and compiles a survey.
pub fn compile(folder: &Path) -> Result<Compiled, Failure> {
    Ok(crate::compile(sources(folder)?))
}

/// Compiles a survey for a command that needs it: diagnostics are said, errors end the command.
pub fn compiled(context: &Context, folder: &Path) -> Result<Compiled, Failure> {
    let compiled = compile(folder)?;
    let errors: Vec<_> = compiled
        .diagnostics
        .iter()
        .filter(|d| d.code.severity == crate::diag::Severity::Error)
        .cloned()
        .collect();
    if !errors.is_empty() {
        eprint!("{}", render::text(&compiled.sources, &errors, context.lang, context.colour));
        return Err(Failure {
            message: format!("{} has {} errors; nothing was done", folder.display(), errors.len()),
            code: if crate::diag::unusable(&errors) { super::UNUSABLE } else { super::FOUND },
        });
    }
    Ok(compiled)
}

/// Reads a submission, context or previous return; `-` is standard input.
pub fn read_input(path: &Path, limit: u64) -> Result<Vec<u8>, Failure> {
    let mut bytes = Vec::new();
    let result = if path == Path::new("-") {
        std::io::stdin().lock().take(limit + 1).read_to_end(&mut bytes)
    } else {
        fs::File::open(path).and_then(|f| f.take(limit + 1).read_to_end(&mut bytes))
    };
    match result {
        Ok(_) if bytes.len() as u64 > limit => Err(Failure::unusable(format!(
            "{}: more than {limit} bytes, the limit of one return",
            path.display()
        ))),
        Ok(_) => Ok(bytes),
        Err(e) => Err(Failure {
            message: format!("{}: {e}", path.display()),
            code: if e.kind() == ErrorKind::NotFound { super::UNUSABLE } else { super::ENVIRONMENT },
        }),
    }
}

/// The artefacts below `out` that differ from what is there, and files there that are none of them.
pub fn stale(out: &Path, artefacts: &[Artifact]) -> Vec<PathBuf> {
    let mut stale: Vec<PathBuf> = artefacts
        .iter()
        .map(|a| (out.join(&a.path), a))
        .filter(|(path, a)| fs::read(path).ok().as_deref() != Some(a.bytes.as_slice()))
        .map(|(path, _)| path)
        .collect();
    let known: Vec<PathBuf> = artefacts.iter().map(|a| out.join(&a.path)).collect();
    stale.extend(all_files(out).into_iter().filter(|p| !known.contains(p)));
    stale.sort();
    stale
}

fn all_files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_path_buf()];
    while let Some(next) = folders.pop() {
        for path in entries(&next).unwrap_or_default() {
            let link = fs::symlink_metadata(&path).is_ok_and(|m| m.file_type().is_symlink());
            if path.is_dir() && !link { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// Writes the whole set: every file to a temporary neighbour first, then all renamed; files that are no longer made are
/// removed. Unchanged files are left alone. Returns the number of files changed.
pub fn write_set(out: &Path, artefacts: &[Artifact]) -> Result<usize, Failure> {
    let said = |path: &Path, e: std::io::Error| Failure::environment(format!("{}: {e}", path.display()));
    let _lock = Lock::take(out)?;
    let changed = stale(out, artefacts);
    let mut ready = Vec::new();
    for a in artefacts.iter().filter(|a| changed.contains(&out.join(&a.path))) {
        let path = out.join(&a.path);
        let folder = path.parent().unwrap_or(out);
        fs::create_dir_all(folder).map_err(|e| said(folder, e))?;
        let mut file = tempfile::Builder::new()
            .prefix(".formwright-")
            .tempfile_in(folder)
            .map_err(|e| said(folder, e))?;
        file.write_all(&a.bytes).and_then(|()| file.as_file().sync_all()).map_err(|e| said(&path, e))?;
        ready.push((file, path));
    }
    let known: Vec<PathBuf> = artefacts.iter().map(|a| out.join(&a.path)).collect();
    for (file, path) in ready {
        set_mode(file.path());
        file.persist(&path).map_err(|e| said(&path, e.error))?;
    }
    for path in changed.iter().filter(|p| !known.contains(p)) {
        fs::remove_file(path).map_err(|e| said(path, e))?;
    }
    Ok(changed.len())
}

#[cfg(unix)]
fn set_mode(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o644));
}

#[cfg(not(unix))]
fn set_mode(_: &Path) {}

/// A lock file beside an output folder, gone when dropped.
struct Lock(PathBuf);

impl Lock {
    fn take(out: &Path) -> Result<Lock, Failure> {
        let folder = out.parent().filter(|p| !p.as_os_str().is_empty()).unwrap_or(Path::new("."));
        fs::create_dir_all(folder).map_err(|e| Failure::environment(format!("{}: {e}", folder.display())))?;
        let name = out.file_name().map(|n| n.to_string_lossy().into_owned()).unwrap_or_default();
        let path = folder.join(format!(".{name}.lock"));
        for attempt in 0..2 {
            match fs::OpenOptions::new().write(true).create_new(true).open(&path) {
                Ok(mut file) => {
                    let _ = write!(file, "{}", std::process::id());
                    return Ok(Lock(path));
                }
                Err(e) if e.kind() == ErrorKind::AlreadyExists && attempt == 0 && abandoned(&path) => {
                    let _ = fs::remove_file(&path);
                }
                Err(e) => {
                    return Err(Failure::environment(format!(
                        "{}: {e} (is another build running?)",
                        path.display()
                    )));
                }
            }
        }
        Err(Failure::environment(format!("{} cannot be taken", path.display())))
    }
}

/// Whether the process that took a lock is gone.
fn abandoned(path: &Path) -> bool {
    let pid = fs::read_to_string(path).ok().and_then(|s| s.trim().parse::<u32>().ok());
    pid.is_none_or(|pid| cfg!(target_os = "linux") && !Path::new(&format!("/proc/{pid}")).exists())
}

impl Drop for Lock {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.0);
    }
}
