//! The journal of a write: what is renamed and removed, so that a build that was killed in between can be completed.
//!
//! It is there from when everything is written under temporary names until everything is in its place. Whoever finds it
//! knows that the files beside it may be of two builds.

use super::{Staged, commit, is_inside, is_temporary, no_link_between, relative, remove as remove_file};
use crate::cli::{Failure, files};
use std::fs;
use std::io::ErrorKind;
use std::path::Path;

/// Its name, in the folder of the set.
pub const NAME: &str = ".formwright-journal";

const HEAD: &str =
    "# `formwright build` is putting these files in place. If none is running, the next one completes it.\n";

/// What stands behind everything else.
const END: &str = "end\n";

/// Writes down what is to be done.
pub fn write(out: &Path, staged: &[Staged], gone: &[String]) -> Result<(), Failure> {
    let put = |s: &Staged| format!("put\t{}\t{}\n", relative(out, &s.temporary), relative(out, &s.path));
    let puts: String = staged.iter().map(put).collect();
    let removals: String = gone.iter().map(|path| format!("remove\t\t{path}\n")).collect();
    let text = format!("{HEAD}{puts}{removals}{END}");
    commit(vec![Staged::new(&out.join(NAME), text.as_bytes())?])
}

/// Takes the journal away.
pub fn remove(out: &Path) -> Result<(), Failure> {
    let path = out.join(NAME);
    match fs::remove_file(&path) {
        Err(e) if e.kind() != ErrorKind::NotFound => Err(files::failed(&path, &e)),
        _ => Ok(()),
    }
}

/// Does what a killed build has left; how many of how many files were in place already. `None`: nothing was left.
pub fn complete(out: &Path) -> Result<Option<(usize, usize)>, Failure> {
    let path = out.join(NAME);
    let text = match fs::symlink_metadata(&path) {
        Ok(found) if found.is_file() => fs::read_to_string(&path).map_err(|e| files::failed(&path, &e))?,
        _ => return Ok(None),
    };
    let (mut done, mut all) = (0, 0);
    for line in text.lines() {
        let mut parts = line.splitn(3, '\t');
        let (what, from, to) =
            (parts.next(), parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        all += usize::from(matches!(what, Some("put" | "remove")));
        done += match what {
            Some("put") if is_inside(from) && is_inside(to) => usize::from(!put(out, from, to)?),
            Some("remove") if is_inside(to) => usize::from(!remove_file(out, to)?),
            _ => 0,
        };
    }
    remove(out)?;
    Ok(Some((done, all)))
}

/// Puts a file in its place, if that has not been done.
fn put(out: &Path, from: &str, to: &str) -> Result<bool, Failure> {
    let (from, to) = (out.join(from), out.join(to));
    if !is_temporary(&from) || !fs::symlink_metadata(&from).is_ok_and(|m| m.is_file()) {
        return Ok(false);
    }
    no_link_between(out, &from)?;
    no_link_between(out, &to)?;
    fs::rename(&from, &to).map_err(|e| files::failed(&to, &e))?;
    Ok(true)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The state after `n` of the steps of a write that puts two files and removes one.
    fn killed(out: &Path, n: usize) {
        for (name, text) in [("a", "old a"), ("sub/b", "old b"), ("c", "old c")] {
            fs::create_dir_all(out.join(name).parent().unwrap()).unwrap();
            fs::write(out.join(name), text).unwrap();
        }
        let new = |name: &str| Staged::new(&out.join(name), format!("new {name}").as_bytes()).unwrap();
        let mut staged = vec![new("a"), new("sub/b")];
        write(out, &staged, &["c".to_owned()]).unwrap();
        for one in staged.iter().take(n) {
            fs::rename(&one.temporary, &one.path).unwrap();
        }
        if n > 2 {
            fs::remove_file(out.join("c")).unwrap();
        }
        // A killed process cleans nothing up.
        staged.iter_mut().for_each(|one| one.done = true);
    }

    #[test]
    fn a_write_is_completed_from_wherever_it_was_killed() {
        for n in 0..=3 {
            let folder = tempfile::tempdir().unwrap();
            let out = folder.path();
            killed(out, n);
            assert_eq!(complete(out).unwrap(), Some((n, 3)));
            assert_eq!(fs::read(out.join("a")).unwrap(), b"new a");
            assert_eq!(fs::read(out.join("sub/b")).unwrap(), b"new sub/b");
            assert!(!out.join("c").exists() && !out.join(NAME).exists());
            assert_eq!(fs::read_dir(out).unwrap().count(), 2, "nothing is left over");
            assert_eq!(complete(out).unwrap(), None);
        }
    }

    #[test]
    fn a_journal_leads_nowhere_else() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        fs::create_dir(&out).unwrap();
        fs::write(folder.path().join("mine"), "mine").unwrap();
        fs::write(out.join("also-mine"), "mine").unwrap();
        let lines =
            "remove\t\t../mine\nput\t../mine\tx\nput\talso-mine\ty\nput\t\t\nremove\t\t/etc/none\nend\n";
        fs::write(out.join(NAME), lines).unwrap();
        complete(&out).unwrap();
        assert!(folder.path().join("mine").exists() && out.join("also-mine").exists());
    }
}
