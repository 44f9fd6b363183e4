//! Work side by side, with the results in order: what comes out never depends on the number of threads.
//!
//! The threads are started once and kept: a piece of work of a tenth of a millisecond is worth sharing, and starting a
//! thread for it takes as long.

use crate::stack;
use rayon_core::{ThreadPool, ThreadPoolBuilder};
use std::cmp::Reverse;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};

/// The results of `f`, in the order of `items`: on as many threads as there are processors where the work is worth
/// sharing, else on this one. The heaviest items are begun first, so that no thread waits long for another at the end.
pub fn side_by_side<I: Sync, T: Send>(
    items: &[I],
    worth: bool,
    weight: impl Fn(&I) -> usize,
    f: impl Fn(&I) -> T + Sync,
) -> Vec<T> {
    let alone = || items.iter().map(&f).collect();
    let Some(pool) = pool().filter(|_| worth && items.len() > 1) else { return alone() };
    let mut order: Vec<(usize, &I)> = items.iter().enumerate().collect();
    order.sort_by_cached_key(|one| Reverse(weight(one.1)));
    let next = AtomicUsize::new(0);
    let all = Mutex::new(Vec::with_capacity(items.len()));
    let work = || {
        let mut done = Vec::new();
        while let Some((at, item)) = order.get(next.fetch_add(1, Ordering::Relaxed)) {
            done.push((*at, f(item)));
        }
        all.lock().unwrap_or_else(PoisonError::into_inner).extend(done);
    };
    pool.scope(|scope| {
        (1..pool.current_num_threads().min(items.len())).for_each(|_| scope.spawn(|_| work()));
        work();
    });
    let mut all = all.into_inner().unwrap_or_else(PoisonError::into_inner);
    all.sort_by_key(|one| one.0);
    all.into_iter().map(|one| one.1).collect()
}

/// The results of both, side by side where the work is worth sharing.
pub fn both<A: Send, B: Send>(
    worth: bool,
    first: impl FnOnce() -> A + Send,
    second: impl FnOnce() -> B + Send,
) -> (A, B) {
    match pool().filter(|_| worth) {
        Some(pool) => pool.install(|| rayon_core::join(first, second)),
        None => {
            let first = first();
            (first, second())
        }
    }
}

/// The result of `f`, which shares its work: on a thread of those that work side by side, where waiting for the others
/// is least.
pub fn sharing<T: Send>(f: impl FnOnce() -> T + Send) -> T {
    match pool() {
        Some(pool) => pool.install(|| stack::enough(f)),
        None => stack::enough(f),
    }
}

/// A thread for each processor, with stack for the deepest expression; none where there is one processor only.
fn pool() -> Option<&'static ThreadPool> {
    static POOL: OnceLock<Option<ThreadPool>> = OnceLock::new();
    let start = || {
        let processors = std::thread::available_parallelism().map_or(1, usize::from);
        let threads = ThreadPoolBuilder::new().num_threads(processors).stack_size(stack::WHOLE);
        if processors < 2 { None } else { threads.build().ok() }
    };
    POOL.get_or_init(start).as_ref()
}

#[cfg(test)]
mod tests {
    use super::{both, sharing, side_by_side};

    #[test]
    fn results_keep_the_order() {
        let items: Vec<usize> = (0..1000).collect();
        assert_eq!(
            side_by_side(&items, true, |i| *i, |i| i * 2),
            side_by_side(&items, false, |i| *i, |i| i * 2)
        );
        assert_eq!(both(true, || 1, || 2), both(false, || 1, || 2));
    }

    #[test]
    fn work_may_share_its_own_work() {
        let items: Vec<usize> = (0..10).collect();
        let squares = |i: &usize| side_by_side(&items, true, |_| 1, |j| i * j).len();
        assert_eq!(sharing(|| side_by_side(&items, true, |_| 1, squares)), [10; 10]);
    }

    /// A program may use the library on several threads, and on those of a pool of its own.
    #[test]
    fn work_may_come_from_many_threads() {
        let items: Vec<usize> = (0..50).collect();
        let all = || sharing(|| side_by_side(&items, true, |i| *i, |i| both(true, || *i, || 1)).len());
        std::thread::scope(|scope| {
            let threads: Vec<_> = (0..8).map(|_| scope.spawn(all)).collect();
            threads.into_iter().for_each(|thread| assert_eq!(thread.join().unwrap(), 50));
        });
        let own = rayon_core::ThreadPoolBuilder::new().num_threads(2).build().unwrap();
        own.scope(|scope| (0..8).for_each(|_| scope.spawn(|_| assert_eq!(all(), 50))));
    }

    /// The panic of one item is the panic of the caller; the threads go on working.
    #[test]
    fn a_panic_reaches_the_caller() {
        let items: Vec<usize> = (0..50).collect();
        let fails = |i: &usize| if *i == 20 { panic!("item {i}") } else { *i };
        let found = std::panic::catch_unwind(|| sharing(|| side_by_side(&items, true, |_| 1, fails)));
        assert!(found.is_err());
        assert_eq!(sharing(|| side_by_side(&items, true, |_| 1, |i| *i)), items);
    }

    #[test]
    fn nothing_and_one_need_no_other_thread() {
        let none: [usize; 0] = [];
        assert_eq!(side_by_side(&none, true, |_| 1, |i| *i), none);
        assert_eq!(side_by_side(&[7], true, |_| 1, |i| *i), [7]);
    }
}
