//! The threads that help: made at the first call that is worth it, kept for each process, asleep while there is nothing to do.
//!
//! A forked child has none of its parent's threads, so the pool is known by the process it was made in.

use std::iter;
use std::ptr;

use rayon_core::{ThreadPool, ThreadPoolBuilder};

use crate::chain::{self, Link};
use crate::sync::{AtomicPtr, AtomicUsize, Ordering};

/// Bytes of a thread's stack: what a main thread has as a rule, for bodies that were tried there.
const STACK: usize = 8 << 20;

/// Threads of one process. Those that were added when more were wanted are in a link of their own.
pub struct Pool {
    threads: usize,
    /// Nothing where the system gave no thread.
    pool: Option<ThreadPool>,
    /// Of the first of a chain: threads that compute, whether they are the pool's or call it.
    busy: AtomicUsize,
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
        Pool { threads: threads.unwrap_or(0), pool, busy: AtomicUsize::new(0) }
    }

    /// Counts this thread among those that compute, and says how many did already.
    pub fn begin(&self) -> (usize, Busy<'_>) {
        (self.busy.fetch_add(1, Ordering::Relaxed), Busy(self))
    }
}

impl Link<Pool> {
    /// Has at most `helpers` threads run `work`, each as soon as it can.
    pub fn spawn<W: FnOnce() + Clone + Send + 'static>(&self, helpers: usize, work: W) {
        let here = helpers.min(self.held.threads);
        for pool in iter::repeat_n(self.held.pool.as_ref(), here).flatten() {
            pool.spawn(work.clone());
        }
        if let Some(more) = self.next().filter(|_| helpers > here) {
            more.spawn(helpers - here, work);
        }
    }
}

/// A thread that computes, until this is dropped.
pub struct Busy<'a>(&'a Pool);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}
