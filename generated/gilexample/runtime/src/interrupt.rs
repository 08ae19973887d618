//! Whether somebody wants a long computation to end: asked now and then by the thread that computes.

use std::cell::Cell;
use std::time::{Duration, Instant};

use crate::failure::{Failure, Kind};

/// How often is asked. Ctrl-C is to arrive within 100 ms, and an answer may cost a switch of threads.
const EVERY: Duration = Duration::from_millis(20);

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

thread_local! {
    /// Whom this thread asks, and when next. A short computation does not even look at the clock.
    static WATCH: Cell<Option<(Ask, Option<Instant>)>> = const { Cell::new(None) };
}

/// Runs `work`, which may be ended by what `ask` says.
pub fn watched<R>(ask: Ask, work: impl FnOnce() -> R) -> R {
    /// Gives way to the former watch, on a panic too.
    struct Former(Option<(Ask, Option<Instant>)>);
    impl Drop for Former {
        fn drop(&mut self) {
            WATCH.set(self.0);
        }
    }
    let _former = Former(WATCH.replace(Some((ask, None))));
    work()
}

/// Asks, if it is time to.
///
/// # Errors
/// If the computation is to end.
#[inline]
pub fn check() -> Result<(), Failure> {
    let Some((ask, next)) = WATCH.get() else { return Ok(()) };
    let now = Instant::now();
    match next {
        None => WATCH.set(Some((ask, Some(now + EVERY)))),
        Some(next) if now < next => {}
        Some(_) => return ask_now(ask, now),
    }
    Ok(())
}

#[cold]
fn ask_now(ask: Ask, now: Instant) -> Result<(), Failure> {
    match ask() {
        Answer::GoOn => WATCH.set(Some((ask, Some(now + EVERY)))),
        Answer::NeverAsk => WATCH.set(None),
        Answer::Stop => return Err(Failure::new(Kind::Interrupted, "interrupted")),
    }
    Ok(())
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
                    return true;
                }
            }
            false
        };
        assert!(watched(|| Answer::Stop, until_stopped));
        assert!(check().is_ok());
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
}
