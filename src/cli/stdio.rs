//! Standard output and standard error: closed pipes are fine, a full disk is not; progress on a terminal.

use super::say::{self, Words};
use crate::diag::Lang;
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::Mutex;
use std::time::{Duration, Instant};

/// What has gone wrong with standard output so far.
static FAULT: Mutex<Option<ErrorKind>> = Mutex::new(None);

/// Writes to standard output. Once that has failed nothing more is written; see `fault` and `closed`.
pub fn out(text: &str) {
    let Ok(mut fault) = FAULT.lock() else { return };
    if fault.is_none() {
        let mut stdout = std::io::stdout().lock();
        *fault = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).err().map(|e| e.kind());
    }
}

/// Whether nobody reads standard output any more, so that going on is in vain.
pub fn closed() -> bool {
    FAULT.lock().is_ok_and(|fault| fault.is_some())
}

/// Why standard output could not be written; a reader that has gone away is no fault.
pub fn fault() -> Option<Words> {
    let kind = (*FAULT.lock().ok()?)?;
    let reason = super::files::reason(&std::io::Error::from(kind));
    let both = |text: &str, say: &say::Say| say.with(&[("reason", text)]);
    (kind != ErrorKind::BrokenPipe)
        .then(|| Words { en: both(&reason.en, &say::STDOUT).en, zh: both(&reason.zh, &say::STDOUT).zh })
}

/// Writes to standard error, where nothing can be done about a failure.
pub fn err(text: &str) {
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether a stream takes colours: a terminal, and the user has not said `NO_COLOR`.
pub fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// A line on standard error that says how far long work is; silent for short work and without a terminal.
pub struct Progress {
    lang: Lang,
    next: Option<Instant>,
    shown: bool,
}

impl Progress {
    /// Nothing is shown for the first second.
    pub fn new(lang: Lang) -> Self {
        let next = std::io::stderr().is_terminal().then(|| Instant::now() + Duration::from_secs(1));
        Progress { lang, next, shown: false }
    }

    /// Shows it, ten times a second at most. `total` 0: not known.
    pub fn show(&mut self, returns: u64, bytes: u64, total: u64) {
        let now = Instant::now();
        if self.next.is_none_or(|next| now < next) {
            return;
        }
        let percent = match (bytes * 100).checked_div(total) {
            Some(percent) => format!(" · {}%", percent.min(100)),
            None => format!(" · {} MB", bytes >> 20),
        };
        let text = say::PROGRESS.text(self.lang, &[("done", &returns.to_string()), ("percent", &percent)]);
        err(&format!("\r\x1b[K{text}"));
        self.shown = true;
        self.next = Some(now + Duration::from_millis(100));
    }

    /// Takes it away, before something else is said.
    pub fn clear(&mut self) {
        if std::mem::take(&mut self.shown) {
            err("\r\x1b[K");
        }
    }
}
