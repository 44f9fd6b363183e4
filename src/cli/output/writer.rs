//! One file, written piece by piece.

use super::{Staged, commit, no_link};
use crate::cli::{Failure, files, out, stdio};
use std::fs::{self, File, OpenOptions};
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Where the result of a command goes: what is written appears under its name all at once, or not at all.
pub struct Writer(To);

enum To {
    /// Standard output.
    Standard,
    /// A pipe or device, which is written as it is.
    Device(PathBuf, File),
    /// A file.
    File(Staged, BufWriter<File>),
}

impl Writer {
    /// A file; `None` and `-` are standard output.
    pub fn new(path: Option<&Path>) -> Result<Writer, Failure> {
        let Some(path) = path.filter(|path| *path != Path::new("-")) else { return Ok(Writer(To::Standard)) };
        no_link(path)?;
        let is_device = fs::metadata(path).is_ok_and(|m| !m.is_file() && !m.is_dir());
        if is_device {
            let file = OpenOptions::new().write(true).open(path).map_err(|e| files::failed(path, &e))?;
            return Ok(Writer(To::Device(path.to_owned(), file)));
        }
        let (staged, file) = Staged::open(path)?;
        Ok(Writer(To::File(staged, BufWriter::new(file))))
    }

    /// Writes a piece.
    pub fn write(&mut self, text: &str) -> Result<(), Failure> {
        match &mut self.0 {
            To::Standard => {
                out(text);
                Ok(())
            }
            To::Device(path, file) => file.write_all(text.as_bytes()).map_err(|e| files::failed(path, &e)),
            To::File(staged, file) => {
                file.write_all(text.as_bytes()).map_err(|e| files::failed(&staged.path, &e))
            }
        }
    }

    /// Whether nobody reads it any more.
    pub fn is_closed(&self) -> bool {
        matches!(self.0, To::Standard) && stdio::closed()
    }

    /// Puts the file in its place; without this it is dropped.
    pub fn keep(self) -> Result<(), Failure> {
        let To::File(staged, file) = self.0 else { return Ok(()) };
        let failed = |e: &std::io::Error| files::failed(&staged.path, e);
        let file = file.into_inner().map_err(|e| failed(e.error()))?;
        file.sync_all().map_err(|e| failed(&e))?;
        commit(vec![staged])
    }
}
