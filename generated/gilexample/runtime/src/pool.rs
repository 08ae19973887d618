//! The threads that help: made at the first call that is worth it, kept for each process, asleep while there is nothing to do.
//!
//! A forked child has none of its parent's threads, so the pool is known by the process it was made in. There is no lock that a
//! fork could leave taken: a pool is put in place by one atomic exchange, and never freed.

use std::ptr;
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};

use rayon_core::{ThreadPool, ThreadPoolBuilder};

/// Bytes of a thread's stack: what a main thread has as a rule, for bodies that were tried there.
const STACK: usize = 8 << 20;

/// Threads of one process, and a link to those that were added when more were wanted.
pub struct Pool {
    process: u32,
    threads: usize,
    pool: ThreadPool,
    more: AtomicPtr<Pool>,
    /// Of the first of a chain: threads that compute, whether they are the pool's or call it.
    busy: AtomicUsize,
}

/// The first pool of this process, or of the one that it was forked from.
static FIRST: AtomicPtr<Pool> = AtomicPtr::new(ptr::null_mut());

/// The pool of this process, with at least `threads` threads, or as many as the system gives.
pub fn pool(threads: usize) -> Option<&'static Pool> {
    let process = std::process::id();
    let mut link = &FIRST;
    let mut first = None;
    let mut have = 0;
    loop {
        // SAFETY: pools are never freed.
        let found = unsafe { link.load(Ordering::Acquire).as_ref() };
        let stale = found.filter(|found| found.process != process);
        match found.filter(|_| stale.is_none()) {
            Some(found) => {
                let first = *first.get_or_insert(found);
                have += found.threads;
                if have >= threads {
                    return Some(first);
                }
                link = &found.more;
            }
            None => {
                let Some(new) = Pool::new(process, threads - have) else { return first };
                let old = stale.map_or(ptr::null_mut(), |stale| ptr::from_ref(stale).cast_mut());
                let new = Box::into_raw(Box::new(new));
                if link.compare_exchange(old, new, Ordering::AcqRel, Ordering::Relaxed).is_err() {
                    // Another thread was faster. Nobody has seen this one: its threads end.
                    // SAFETY: made just now, by `Box`.
                    drop(unsafe { Box::from_raw(new) });
                }
            }
        }
    }
}

impl Pool {
    fn new(process: u32, threads: usize) -> Option<Pool> {
        let named =
            ThreadPoolBuilder::new().num_threads(threads).stack_size(STACK).thread_name(|k| format!("kernelgen-{k}"));
        let pool = named.build().ok()?;
        Some(Pool { process, threads, pool, more: AtomicPtr::new(ptr::null_mut()), busy: AtomicUsize::new(0) })
    }

    /// Has `helpers` threads run `work`, each as soon as it can.
    pub fn spawn<W: FnOnce() + Clone + Send + 'static>(&self, helpers: usize, work: W) {
        let here = helpers.min(self.threads);
        for _ in 0..here {
            self.pool.spawn(work.clone());
        }
        // SAFETY: pools are never freed.
        if let Some(more) = unsafe { self.more.load(Ordering::Acquire).as_ref() }.filter(|_| helpers > here) {
            more.spawn(helpers - here, work);
        }
    }

    /// Counts this thread among those that compute, and says how many did already.
    pub fn begin(&self) -> (usize, Busy<'_>) {
        (self.busy.fetch_add(1, Ordering::Relaxed), Busy(self))
    }
}

/// A thread that computes, until this is dropped.
pub struct Busy<'a>(&'a Pool);

impl Drop for Busy<'_> {
    fn drop(&mut self) {
        self.0.busy.fetch_sub(1, Ordering::Relaxed);
    }
}
