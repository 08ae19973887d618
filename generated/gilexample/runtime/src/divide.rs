//! Dividing: a computation cut into pieces, which threads take one after the other.
//!
//! The calling thread works, too, and waits for nobody who has not begun. Which thread computes a piece changes no bit of it. Each has a
//! share of pieces that lie beside each other, the same in every call on as much, and takes from those of others when its own is done:
//! what it worked on is in its caches when the next call comes, and a page that the system clears at its first touch is touched by one.

use std::ops::Range;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crate::cut::Cut;
use crate::door::Door;
use crate::failure::{Failure, Kind};
use crate::flags::{self, Flags, Register};
use crate::interrupt;
use crate::pool::pool;
use crate::quiet::{Payload, quietly};

/// What a child is told that comes back to its parent's computation.
pub const FORKED: &str = "a signal handler forked this process while several threads computed";

/// Pieces beside each other. It has lines of its own: threads that take from different shares do not wait for each other.
#[repr(align(128))]
struct Share {
    next: AtomicUsize,
    end: usize,
}

/// Which pieces are left, for all threads that take them.
struct Left {
    /// The share of the caller.
    first: Share,
    /// Those of the threads that may help.
    others: Vec<Share>,
    /// Pieces from here on are not wanted: an earlier one failed.
    end: AtomicUsize,
    /// Nothing is wanted any more.
    stop: AtomicBool,
}

impl Left {
    fn new(cut: Cut) -> Left {
        let (count, shares) = (cut.count(), cut.workers());
        let start = |k: usize| count / shares * k + (count % shares).min(k);
        let share = |k: usize| Share { next: AtomicUsize::new(start(k)), end: start(k + 1) };
        let others = (1..shares).map(share).collect();
        Left { first: share(0), others, end: AtomicUsize::new(count), stop: AtomicBool::new(false) }
    }

    fn share(&self, k: usize) -> &Share {
        if k == 0 { &self.first } else { &self.others[k - 1] }
    }
}

/// Gives a thread one piece after the other.
pub struct Pieces<'a> {
    cut: Cut,
    left: &'a Left,
    /// The share that pieces are taken from.
    share: usize,
    /// How many shares nothing is left of.
    done: usize,
    /// The piece that was given last.
    at: usize,
    /// Why none is given any more.
    failure: Option<Failure>,
}

impl Pieces<'_> {
    /// The elements of the next piece, and its number.
    #[allow(clippy::should_implement_trait)]
    pub fn next(&mut self) -> Option<(usize, Range<usize>)> {
        // One piece has nothing between: a short computation does not look at the clock.
        if !self.cut.is_whole() {
            self.failure = interrupt::check().err();
            if self.failure.is_some() {
                return None;
            }
        }
        let shares = self.left.others.len() + 1;
        while self.done < shares {
            let share = self.left.share(self.share);
            let k = share.next.fetch_add(1, Ordering::Relaxed);
            if k < share.end.min(self.left.end.load(Ordering::Relaxed)) {
                self.at = k;
                return Some((k, self.cut.piece(k)));
            }
            self.share = (self.share + 1) % shares;
            self.done += 1;
        }
        None
    }
}

/// What threads have come to.
struct Ledger<R, E> {
    results: Vec<R>,
    /// The first piece that failed, and how.
    failed: Option<(usize, E)>,
    panic: Option<Payload>,
    /// Floating-point flags that helping threads have raised.
    flags: Flags,
}

impl<R, E> Ledger<R, E> {
    fn enter(&mut self, part: Part<R, E>) {
        match part.outcome {
            Ok(Ok(result)) => self.results.push(result),
            Ok(Err(error)) => {
                if self.failed.as_ref().is_none_or(|(at, _)| part.at < *at) {
                    self.failed = Some((part.at, error));
                }
            }
            Err(payload) => drop(self.panic.get_or_insert(payload)),
        }
    }
}

/// What one thread has come to.
struct Part<R, E> {
    /// The piece that it was given last.
    at: usize,
    outcome: Result<Result<R, E>, Payload>,
}

/// What a thread does that helps. The pointer is good while it is inside the door.
struct Job {
    door: Door,
    help: *const (dyn Fn(usize) + 'static),
}

// SAFETY: what the pointer leads to is used inside the door alone; `divide` asks its caller that several threads may do so.
unsafe impl Send for Job {}
// SAFETY: as above.
unsafe impl Sync for Job {}

/// Runs `work` on this thread, and on others at the same time if there is enough for them; each run takes pieces until none is
/// left, and gives what it came to. If pieces fail, the error is that of the first of them. Floating-point flags that others raise are
/// raised here, too.
///
/// # Errors
/// What `work` fails with, or that the computation is to end.
///
/// # Panics
/// If `work` does, on whichever thread.
///
/// # Safety
/// `work` may be run by several threads at once, what it uses and what it gives be handed from one to another: what is written for
/// different pieces is not shared.
pub unsafe fn divide<R, E: From<Failure>>(
    cut: Cut,
    work: impl Fn(&mut Pieces<'_>) -> Result<R, E>,
) -> Result<Vec<R>, E> {
    let left = Left::new(cut);
    let ledger = Mutex::new(Ledger { results: Vec::new(), failed: None, panic: None, flags: Flags::NONE });
    let take_part = |share| {
        let mut pieces = Pieces { cut, left: &left, share, done: 0, at: 0, failure: None };
        let outcome = quietly(|| work(&mut pieces));
        match outcome {
            Ok(Ok(_)) => {}
            Ok(Err(_)) => drop(left.end.fetch_min(pieces.at, Ordering::Relaxed)),
            Err(_) => left.stop.store(true, Ordering::Relaxed),
        }
        (Part { at: pieces.at, outcome }, pieces.failure)
    };
    let control = Register::save();
    let help = |number: usize| {
        control.restore();
        flags::clear();
        let (part, _) = interrupt::following(&left.stop, || take_part(1 + number % left.others.len()));
        let mut ledger = open(&ledger);
        ledger.enter(part);
        ledger.flags = ledger.flags.and(flags::raised());
    };
    let mut own = None;
    let work = || {
        let (part, failure) = take_part(0);
        own = Some(part);
        failure
    };
    // SAFETY: passed on.
    match unsafe { with_help(cut, &left.stop, &help, work) } {
        // What its parent's threads have written may be half done, and locked for ever.
        Err(Elsewhere(failure)) => {
            std::mem::forget(ledger);
            return Err(failure.into());
        }
        // That there is an exception already comes before everything else.
        Ok(Some(failure)) => return Err(failure.into()),
        Ok(None) => {}
    }
    let mut ledger = ledger.into_inner().unwrap_or_else(PoisonError::into_inner);
    own.into_iter().for_each(|part| ledger.enter(part));
    flags::take_over(ledger.flags);
    match (ledger.panic, ledger.failed) {
        (Some(payload), _) => std::panic::resume_unwind(payload),
        (_, Some((_, error))) => Err(error),
        _ => Ok(ledger.results),
    }
}

/// This process was forked in the middle, and has none of the threads that helped.
struct Elsewhere(Failure);

/// Runs `own` here, and `help` on as many other threads as there is work and room for, each of which tells it its number, then waits
/// until nobody runs it any more. Gives why the computation was ended, if it was.
///
/// # Errors
/// If this is another process than before.
///
/// # Safety
/// Any thread may run `help`.
unsafe fn with_help(
    cut: Cut,
    stop: &AtomicBool,
    help: &dyn Fn(usize),
    own: impl FnOnce() -> Option<Failure>,
) -> Result<Option<Failure>, Elsewhere> {
    // What `own` was told in the middle of a piece, it need not have said.
    let own = || own().or_else(interrupt::stopped);
    let wanted = cut.workers() - 1;
    if wanted == 0 {
        return Ok(own());
    }
    let pool = pool(cut.threads - 1);
    let (others, _busy) = pool.held.begin();
    let helpers = wanted.min(cut.threads.saturating_sub(1 + others));
    if helpers == 0 {
        return Ok(own());
    }
    let help = |number| {
        let _busy = pool.held.begin();
        help(number);
    };
    let help: *const (dyn Fn(usize) + '_) = &help;
    // SAFETY: only the lifetime changes. Nobody is inside the door, where it is used, once this function is left.
    let help = unsafe { std::mem::transmute::<*const (dyn Fn(usize) + '_), *const (dyn Fn(usize) + 'static)>(help) };
    let job = Arc::new(Job { door: Door::new(), help });
    let closing = Closing(&job.door);
    let theirs = job.clone();
    pool.spawn(helpers, move |number| {
        let job = &theirs;
        // SAFETY: inside the door.
        job.door.enter(|| unsafe { (*job.help)(number) });
    });
    let mut failure = own();
    stop.fetch_or(failure.is_some(), Ordering::Relaxed);
    closing.0.close(interrupt::EVERY, || {
        if let (None, Err(found)) = (&failure, interrupt::check()) {
            stop.store(true, Ordering::Relaxed);
            failure = Some(found);
        }
    });
    // A signal handler forked, and returned or raised in the child too.
    if closing.0.is_elsewhere() {
        return Err(Elsewhere(failure.unwrap_or_else(|| Failure::new(Kind::Runtime, FORKED))));
    }
    Ok(failure)
}

/// Closes a door when it is dropped.
struct Closing<'a>(&'a Door);

impl Drop for Closing<'_> {
    fn drop(&mut self) {
        self.0.close(interrupt::EVERY, || ());
    }
}

/// The ledger, which no panic leaves half written.
fn open<T>(ledger: &Mutex<T>) -> MutexGuard<'_, T> {
    ledger.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::AtomicU64;
    use std::time::{Duration, Instant};

    use super::*;

    const CUT: Cut = Cut { n: 1000, len: 7, threads: 4 };

    fn sum(cut: Cut, of: impl Fn(usize) -> Result<u64, Failure>) -> Result<u64, Failure> {
        let work = |pieces: &mut Pieces<'_>| {
            let mut sum = 0;
            while let Some((_, piece)) = pieces.next() {
                sum += piece.map(&of).sum::<Result<u64, _>>()?;
            }
            Ok::<_, Failure>(sum)
        };
        // SAFETY: numbers may go from thread to thread.
        Ok(unsafe { divide(cut, work)? }.into_iter().sum())
    }

    #[test]
    fn every_piece_is_computed_once() {
        for threads in [1, 2, 4, 9] {
            for _ in 0..200 {
                assert_eq!(sum(Cut { threads, ..CUT }, |k| Ok(k as u64)), Ok(999 * 500));
            }
        }
    }

    #[test]
    fn what_ends_the_caller_comes_before_errors_of_others() {
        let caller = std::thread::current().id();
        let of = |_| {
            // The body of the caller asks by itself, and says something else then.
            while std::thread::current().id() == caller && interrupt::check().is_ok() {}
            Err(Failure::new(Kind::Value, "wrong"))
        };
        let ended = interrupt::watched(|| interrupt::Answer::Stop, || sum(CUT, of));
        assert_eq!(ended.map_err(|failure| failure.kind), Err(Kind::Interrupted));
    }

    #[test]
    fn a_thread_begins_with_its_share_and_takes_the_others_then() {
        for (n, threads) in [(1, 4), (3, 4), (4, 4), (1000, 3), (1000, 1)] {
            let cut = Cut { n, len: 7, threads };
            for share in 0..cut.workers() {
                let left = Left::new(cut);
                let first = left.share(share).next.load(Ordering::Relaxed);
                let mut pieces = Pieces { cut, left: &left, share, done: 0, at: 0, failure: None };
                let taken: Vec<usize> = std::iter::from_fn(|| pieces.next()).map(|(k, _)| k).collect();
                assert_eq!(taken, [first..cut.count(), 0..first].into_iter().flatten().collect::<Vec<_>>());
                let (least, most) = (cut.count() / cut.workers(), cut.count().div_ceil(cut.workers()));
                assert!((least * share..=most * share).contains(&first), "{n} {threads} {share}");
            }
        }
    }

    #[test]
    fn the_error_is_that_of_the_first_piece_that_fails() {
        let fails = |k: usize| {
            std::thread::sleep(Duration::from_micros(if k == 70 { 500 } else { 1 }));
            if k == 70 || k > 80 { Err(Failure::new(Kind::Value, k.to_string())) } else { Ok(0) }
        };
        for _ in 0..20 {
            assert_eq!(sum(CUT, fails), Err(Failure::new(Kind::Value, "70")));
        }
    }

    #[test]
    fn a_panic_is_that_of_the_caller_and_all_goes_on_after_it() {
        for _ in 0..50 {
            let panicked = quietly(|| sum(CUT, |k| if k == 500 { panic!("at 500") } else { Ok(0) }));
            assert_eq!(panicked.err().and_then(|payload| payload.downcast_ref::<&str>().copied()), Some("at 500"));
        }
        assert_eq!(sum(CUT, |_| Ok(1)), Ok(1000));
    }

    #[test]
    fn all_threads_end_soon_when_the_caller_is_told_to() {
        let slow = |_| {
            std::thread::sleep(Duration::from_millis(1));
            Ok(interrupt::check().map_or(0, |()| 1))
        };
        let start = Instant::now();
        let cut = Cut { n: 100_000, len: 1, threads: 4 };
        let ended = interrupt::watched(|| interrupt::Answer::Stop, || sum(cut, slow));
        assert_eq!(ended.err().map(|failure| failure.kind), Some(Kind::Interrupted));
        assert!(start.elapsed() < Duration::from_secs(5));
        assert_eq!(sum(CUT, |_| Ok(1)), Ok(1000));
    }

    #[cfg(target_arch = "x86_64")]
    #[test]
    fn helpers_round_as_the_caller_does() {
        let third = |_| {
            std::thread::sleep(Duration::from_micros(50));
            Ok(std::hint::black_box(std::hint::black_box(1.0f64) / std::hint::black_box(3.0)).to_bits() & 0xff)
        };
        let nearest = sum(CUT, third).unwrap() / 1000;
        let control = Register::save();
        let up: u32 = 0x1f80 | 2 << 13;
        // SAFETY: all exceptions are masked; what rounds is divided behind `black_box`, and the register is restored.
        unsafe { std::arch::asm!("ldmxcsr [{}]", in(reg) &up, options(nostack, readonly)) };
        let total = sum(CUT, third);
        control.restore();
        assert_eq!(total, Ok(1000 * (nearest + 1)));
        assert_eq!(sum(CUT, third), Ok(1000 * nearest));
    }

    #[test]
    fn several_callers_share_the_threads() {
        let total = AtomicU64::new(0);
        std::thread::scope(|scope| {
            for _ in 0..8 {
                scope.spawn(|| {
                    for _ in 0..100 {
                        total.fetch_add(sum(CUT, |k| Ok(k as u64)).unwrap_or(0), Ordering::Relaxed);
                    }
                });
            }
        });
        assert_eq!(total.into_inner(), 8 * 100 * 999 * 500);
    }
}
