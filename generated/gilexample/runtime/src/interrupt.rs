//! Whether somebody wants a long computation to end: asked now and then by the threads that compute.

use std::cell::Cell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crate::failure::{Failure, Kind};

/// How often is asked. Ctrl-C is to arrive within 100 ms, and an answer may cost a switch of threads.
pub const EVERY: Duration = Duration::from_millis(20);

/// Asks whether to go on.
pub type Ask = fn() -> Answer;

/// What there is to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Go on, and ask again.
    GoOn,
    /// Go on: nobody will ever say otherwise.
    NeverAsk,
    /// End.
    Stop,
}

/// Whom a thread asks.
#[derive(Clone, Copy)]
enum Watch {
    /// Nobody.
    Nobody,
    /// This function, and when next. A short computation does not even look at the clock.
    Ask(Ask, Option<Instant>),
    /// Nobody any more: it was told to end.
    Stopped,
    /// The thread that it helps, which sets this.
    Follow(*const AtomicBool),
}

thread_local! {
    static WATCH: Cell<Watch> = const { Cell::new(Watch::Nobody) };
}

/// Runs `work` under a watch, and gives way to the former one, on a panic too.
#[inline]
fn under<R>(watch: Watch, work: impl FnOnce() -> R) -> R {
    struct Former(Watch);
    impl Drop for Former {
        fn drop(&mut self) {
            WATCH.set(self.0);
        }
    }
    let _former = Former(WATCH.replace(watch));
    work()
}

/// Runs `work`, which may be ended by what `ask` says.
#[inline]
pub fn watched<R>(ask: Ask, work: impl FnOnce() -> R) -> R {
    under(Watch::Ask(ask, None), work)
}

/// Runs `work`, which is to end once `stop` is set.
pub fn following<R>(stop: &AtomicBool, work: impl FnOnce() -> R) -> R {
    under(Watch::Follow(stop), work)
}

/// Why this thread is to end, if it was told to.
pub fn stopped() -> Option<Failure> {
    matches!(WATCH.get(), Watch::Stopped).then(interrupted)
}

/// Asks, if it is time to.
///
/// # Errors
/// If the computation is to end.
#[inline]
pub fn check() -> Result<(), Failure> {
    match WATCH.get() {
        Watch::Nobody => Ok(()),
        Watch::Ask(ask, next) => {
            let now = Instant::now();
            match next {
                None => WATCH.set(Watch::Ask(ask, Some(now + EVERY))),
                Some(next) if now < next => {}
                Some(_) => return ask_now(ask, now),
            }
            Ok(())
        }
        // SAFETY: `following` borrows it for as long as this is the watch.
        Watch::Follow(stop) if !unsafe { &*stop }.load(Ordering::Relaxed) => Ok(()),
        Watch::Follow(_) | Watch::Stopped => Err(interrupted()),
    }
}

#[cold]
fn ask_now(ask: Ask, now: Instant) -> Result<(), Failure> {
    match ask() {
        Answer::GoOn => WATCH.set(Watch::Ask(ask, Some(now + EVERY))),
        Answer::NeverAsk => WATCH.set(Watch::Nobody),
        Answer::Stop => {
            WATCH.set(Watch::Stopped);
            return Err(interrupted());
        }
    }
    Ok(())
}

#[cold]
fn interrupted() -> Failure {
    Failure::new(Kind::Interrupted, "interrupted")
}

/// A place where Ctrl-C may end a long loop of a body. Costs as much as a look at the clock.
#[macro_export]
macro_rules! check {
    () => {
        $crate::interrupt::check()?
    };
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_watched_computation_ends_when_it_is_told_to() {
        let until_stopped = || {
            let start = Instant::now();
            while start.elapsed() < Duration::from_secs(5) {
                if check().is_err() {
                    return stopped().is_some() && check().is_err();
                }
            }
            false
        };
        assert!(watched(|| Answer::Stop, until_stopped));
        assert!(check().is_ok() && stopped().is_none());
        let briefly = || {
            check()?;
            std::thread::sleep(2 * EVERY);
            let first = check();
            std::thread::sleep(2 * EVERY);
            first.and(check())
        };
        assert!(watched(|| Answer::GoOn, briefly).is_ok());
        assert!(watched(|| Answer::NeverAsk, briefly).is_ok());
    }

    #[test]
    fn a_thread_that_helps_ends_with_the_one_it_helps() {
        let stop = AtomicBool::new(false);
        following(&stop, || {
            assert!(check().is_ok());
            stop.store(true, Ordering::Relaxed);
            assert!(check().is_err());
        });
        assert!(check().is_ok());
    }
}
