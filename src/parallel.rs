//! Work side by side, with the results in order: what comes out never depends on the number of threads.

use crate::stack;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The results of `f`, in the order of `items`: on as many threads as there are processors where the work is worth their
/// start (some tens of microseconds each), else on this one.
pub fn side_by_side<I: Sync, T: Send>(items: &[I], worth: bool, f: impl Fn(&I) -> T + Sync) -> Vec<T> {
    let threads = if worth { processors().min(items.len()) } else { 1 };
    if threads < 2 {
        return items.iter().map(f).collect();
    }
    let next = AtomicUsize::new(0);
    let work = || {
        let mut done = Vec::new();
        loop {
            let at = next.fetch_add(1, Ordering::Relaxed);
            let Some(item) = items.get(at) else { return done };
            done.push((at, f(item)));
        }
    };
    let mut all = std::thread::scope(|scope| {
        let start = |_| {
            let thread = std::thread::Builder::new().stack_size(stack::WHOLE);
            thread.spawn_scoped(scope, work).ok()
        };
        let helpers: Vec<_> = (1..threads).filter_map(start).collect();
        let mut all = stack::enough(work);
        for helper in helpers {
            all.extend(helper.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic)));
        }
        all
    });
    all.sort_by_key(|one| one.0);
    all.into_iter().map(|one| one.1).collect()
}

/// The result of `f`. Where there is a processor for it and it is worth a thread, `ahead` runs beside it: what is wanted
/// later, and is done then where it was not done ahead.
pub fn with_ahead<T>(worth: bool, ahead: impl FnOnce() + Send, f: impl FnOnce() -> T) -> T {
    if !worth || processors() < 2 {
        return f();
    }
    std::thread::scope(|scope| {
        let thread = std::thread::Builder::new().stack_size(stack::WHOLE);
        let _helper = thread.spawn_scoped(scope, ahead).ok();
        f()
    })
}

/// How many threads run at a time: asked once, for the answer takes files of the system.
fn processors() -> usize {
    static FOUND: OnceLock<usize> = OnceLock::new();
    *FOUND.get_or_init(|| std::thread::available_parallelism().map_or(1, usize::from))
}

#[cfg(test)]
mod tests {
    use super::side_by_side;

    #[test]
    fn results_keep_the_order() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(side_by_side(&items, true, |i| i * 2), side_by_side(&items, false, |i| i * 2));
    }
}
