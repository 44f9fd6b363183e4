//! Standard output and standard error: closed pipes are fine, a full disk is not; progress on a terminal.

use super::say::{self, Words};
use std::io::{ErrorKind, IsTerminal, Write};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::Duration;

/// What has gone wrong with standard output so far.
static FAULT: Mutex<Option<ErrorKind>> = Mutex::new(None);

/// Writes to standard output. Once that has failed nothing more is written; see `fault` and `closed`.
pub fn out(text: &str) {
    let Ok(mut fault) = FAULT.lock() else { return };
    hide();
    if fault.is_none() {
        let mut stdout = std::io::stdout().lock();
        *fault = stdout.write_all(text.as_bytes()).and_then(|()| stdout.flush()).err().map(|e| e.kind());
    }
}

/// Notes how a write to standard output ended that was not made by `out`.
pub fn printed(result: std::io::Result<()>) {
    if let (Err(error), Ok(mut fault)) = (result, FAULT.lock()) {
        fault.get_or_insert(error.kind());
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
    hide();
    let _ = std::io::stderr().lock().write_all(text.as_bytes());
}

/// Whether a stream takes colours: a terminal, and the user has not said `NO_COLOR`.
pub fn colour(stream: &impl IsTerminal) -> bool {
    stream.is_terminal() && std::env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// What long work says of itself on a line of standard error that is taken away again; silent for short work, where
/// nobody looks (no terminal), and where a program reads the result.
pub struct Progress(Option<(Arc<Shown>, JoinHandle<()>)>);

#[derive(Default)]
struct Shown {
    now: Mutex<Now>,
    changed: Condvar,
}

#[derive(Default)]
struct Now {
    text: String,
    ended: bool,
}

impl Progress {
    /// Nothing is shown for half a second.
    pub fn new(wanted: bool) -> Self {
        let dumb = std::env::var_os("TERM").is_none_or(|term| term == "dumb");
        if !wanted || dumb || !std::io::stderr().is_terminal() {
            return Progress(None);
        }
        let shown = Arc::new(Shown::default());
        let drawn = shown.clone();
        let drawer = std::thread::Builder::new().spawn(move || drawn.draw());
        Progress(drawer.ok().map(|drawer| (shown, drawer)))
    }

    /// What is being done now.
    pub fn say(&self, text: &str) {
        if let Some((shown, _)) = &self.0
            && let Ok(mut now) = shown.now.lock()
        {
            text.clone_into(&mut now.text);
        }
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        let Some((shown, drawer)) = self.0.take() else { return };
        if let Ok(mut now) = shown.now.lock() {
            now.ended = true;
        }
        shown.changed.notify_all();
        let _ = drawer.join();
        hide();
    }
}

impl Shown {
    fn draw(&self) {
        let Ok(mut now) = self.now.lock() else { return };
        let mut pause = Duration::from_millis(500);
        while !now.ended {
            let Ok((next, timeout)) = self.changed.wait_timeout(now, pause) else { return };
            now = next;
            if timeout.timed_out() && !now.ended && !now.text.is_empty() {
                show(&now.text);
                pause = Duration::from_millis(100);
            }
        }
    }
}

/// Whether a line of progress stands on the terminal.
static LINE: Mutex<bool> = Mutex::new(false);

fn show(text: &str) {
    let Ok(mut shown) = LINE.lock() else { return };
    let line: String = text.chars().take(60).collect();
    let _ = write!(std::io::stderr().lock(), "\r\x1b[K{line}");
    *shown = true;
}

/// Takes the line of progress away, before something else is said.
fn hide() {
    let Ok(mut shown) = LINE.lock() else { return };
    if std::mem::take(&mut *shown) {
        let _ = write!(std::io::stderr().lock(), "\r\x1b[K");
    }
}
