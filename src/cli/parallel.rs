//! Work on several cores, its results in the order of what came in, with a bounded number under way.

use std::collections::BTreeMap;
use std::num::NonZero;
use std::ops::ControlFlow;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::Mutex;
use std::sync::mpsc::{Receiver, Sender, channel};

/// Calls `take` with the result of `work` for each input, in order; stops early where `take` breaks.
///
/// Inputs are drawn on this thread, no more than a few ahead of what has been taken, so an endless input needs no
/// more memory than a short one.
pub fn ordered<I: Send, O: Send>(
    mut inputs: impl Iterator<Item = I>,
    work: impl Fn(I) -> O + Sync,
    mut take: impl FnMut(O) -> ControlFlow<()>,
) {
    let threads = std::thread::available_parallelism().map_or(1, NonZero::get);
    let (jobs, next_job) = channel::<(u64, I)>();
    let (results, next_result) = channel::<(u64, std::thread::Result<O>)>();
    let next_job = Mutex::new(next_job);
    std::thread::scope(|scope| {
        let jobs = jobs;
        for _ in 0..threads {
            let (results, work, next_job) = (results.clone(), &work, &next_job);
            scope.spawn(move || worker(next_job, &results, work));
        }
        drop(results);
        let (mut sent, mut taken) = (0u64, 0u64);
        let mut waiting = BTreeMap::new();
        loop {
            while sent - taken < 3 * threads as u64 {
                let Some(input) = inputs.next() else { break };
                if jobs.send((sent, input)).is_err() {
                    return;
                }
                sent += 1;
            }
            if sent == taken {
                return;
            }
            let Ok((number, result)) = next_result.recv() else { return };
            // A worker that fails ends the run; the others would be waited for without end.
            waiting.insert(number, result.unwrap_or_else(|failure| resume_unwind(failure)));
            while let Some(result) = waiting.remove(&taken) {
                taken += 1;
                if take(result).is_break() {
                    return;
                }
            }
        }
    });
}

fn worker<I, O>(
    jobs: &Mutex<Receiver<(u64, I)>>,
    results: &Sender<(u64, std::thread::Result<O>)>,
    work: impl Fn(I) -> O,
) {
    loop {
        let job = match jobs.lock() {
            Ok(jobs) => jobs.recv(),
            Err(_) => return,
        };
        let Ok((number, input)) = job else { return };
        let result = catch_unwind(AssertUnwindSafe(|| work(input)));
        if results.send((number, result)).is_err() {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_worker_that_fails_ends_the_run() {
        let run = || ordered(0..1000, |n| assert_ne!(n, 500), |()| ControlFlow::Continue(()));
        assert!(catch_unwind(run).is_err());
    }

    #[test]
    fn results_come_in_order_and_nothing_runs_far_ahead() {
        let drawn = std::cell::Cell::new(0u64);
        let inputs = std::iter::from_fn(|| {
            drawn.set(drawn.get() + 1);
            Some(drawn.get())
        });
        let mut seen = Vec::new();
        let slow = |n: u64| {
            std::thread::sleep(std::time::Duration::from_micros(n * 7919 % 300));
            n
        };
        ordered(inputs, slow, |n| {
            seen.push(n);
            if n == 200 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        });
        assert!(seen.iter().copied().eq(1..=200));
        let threads = std::thread::available_parallelism().map_or(1, NonZero::get) as u64;
        assert!(drawn.get() <= 200 + 3 * threads, "{}", drawn.get());
    }
}
