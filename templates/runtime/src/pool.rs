//! The threads that help: made at the first call that is worth it, kept for each process, asleep soon after there is nothing to do.
//!
//! A forked child has none of its parent's threads, so the pool is known by the process it was made in.

use std::cell::Cell;
use std::iter;
use std::ptr;
use std::thread;
use std::time::{Duration, Instant};

use rayon_core::{ThreadPool, ThreadPoolBuilder, Yield, current_thread_index, yield_now};

use crate::chain::{self, Link};
use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// Bytes of a thread's stack: what a main thread has as a rule, for bodies that were tried there.
const STACK: usize = 8 << 20;

/// How long a thread stays awake that has nothing to do any more: programs call one kernel after the other, and to wake it for the next
/// takes as long as some of these do. Whoever else wants its core gets it.
const LINGER: Duration = Duration::from_micros(50);

/// Threads of one process. Those that were added when more were wanted are in a link of their own.
pub struct Pool {
    threads: usize,
    /// Nothing where the system gave no thread.
    pool: Option<ThreadPool>,
    /// Of the first of a chain: threads that compute, whether they are the pool's or call it.
    busy: AtomicUsize,
    /// Of the first: threads that are awake between calls, or do what came meanwhile.
    lingering: AtomicUsize,
    /// Cores that this process may use.
    cores: usize,
}

/// The first pool of this process, or of the one that it was forked from.
static FIRST: AtomicPtr<Link<Pool>> = AtomicPtr::new(ptr::null_mut());

/// The pool of this process, with at least `threads` threads, or as many as the system gave when they were first wanted.
pub fn pool(threads: usize) -> &'static Link<Pool> {
    chain::find(&FIRST, std::process::id(), threads, Pool::new)
}

impl Pool {
    /// A pool of `threads` threads, or of half as many, and so on: memory for their stacks may be short.
    fn new(threads: usize) -> Pool {
        let fewer = iter::successors(Some(threads), |threads| Some(threads / 2)).take_while(|&threads| threads > 0);
        let build = |threads: usize| {
            let named = ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK);
            let pool = named.thread_name(|k| format!("kernelgen-{k}")).build().ok()?;
            Some((threads, pool))
        };
        let (threads, pool) = fewer.into_iter().find_map(build).unzip();
        let cores = thread::available_parallelism().map_or(1, usize::from);
        Pool { threads: threads.unwrap_or(0), pool, busy: AtomicUsize::new(0), lingering: AtomicUsize::new(0), cores }
    }

    /// Counts this thread among those that compute, and says how many did already.
    pub fn begin(&self) -> (usize, Busy<'_>) {
        (self.busy.fetch_add(1, Ordering::Relaxed), Busy(self))
    }
}

impl Link<Pool> {
    /// Has at most `helpers` threads run `work`, each as soon as it can; it is told the thread's number.
    pub fn spawn<W: FnOnce(usize) + Clone + Send + 'static>(&'static self, helpers: usize, work: W) {
        let (mut link, mut before, mut left) = (Some(self), 0, helpers);
        while let Some(Link { held, .. }) = link.filter(|_| left > 0) {
            let here = left.min(held.threads);
            for pool in iter::repeat_n(held.pool.as_ref(), here).flatten() {
                let work = work.clone();
                pool.spawn(move || {
                    work(before + current_thread_index().unwrap_or(0));
                    linger(&self.held);
                });
            }
            (before, left) = (before + held.threads, left - here);
            link = link.and_then(Link::next);
        }
    }
}

/// Stays awake for a while after work, and does what comes meanwhile; unless as many threads as there are cores would be awake then.
fn linger(first: &Pool) {
    thread_local! {
        static LINGERS: Cell<bool> = const { Cell::new(false) };
    }
    // What comes is work of the same kind, and ends here, too.
    if LINGERS.replace(true) {
        return;
    }
    if first.lingering.fetch_add(1, Ordering::Relaxed) + 1 < first.cores {
        let mut since = Instant::now();
        while since.elapsed() < LINGER {
            match yield_now() {
                Some(Yield::Executed) => since = Instant::now(),
                _ => thread::yield_now(),
            }
        }
    }
    first.lingering.fetch_sub(1, Ordering::Relaxed);
    LINGERS.set(false);
}

/// A thread that computes, until this is dropped.
pub struct Busy<'a>(&'a Pool);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}
