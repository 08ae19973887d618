//! A door: who is inside works with what belongs to somebody else, who closes it and waits until nobody is.
//!
//! The one who opens it may go as soon as nobody is inside any more, even though others still hold the door's handle: those find
//! it closed. So a computation never waits for a thread that has not begun to help.

use std::time::Duration;

use crate::sync::{AtomicUsize, Ordering, ROUNDS, Thread, current, park_timeout, spin_loop};

/// Whether the door is closed, beside the number of those who are inside.
const CLOSED: usize = 1 << (usize::BITS - 1);

/// A door that starts open.
pub struct Door {
    state: AtomicUsize,
    /// Who will wait for it to be empty.
    owner: Thread,
    process: u32,
}

impl Door {
    /// A door that this thread will close.
    pub fn new() -> Door {
        Door { state: AtomicUsize::new(0), owner: current(), process: std::process::id() }
    }

    /// Runs `work` inside, unless the door is closed.
    pub fn enter(&self, work: impl FnOnce()) {
        /// Leaves, on a panic too.
        struct Inside<'a>(&'a Door);
        impl Drop for Inside<'_> {
            fn drop(&mut self) {
                // What was done inside is seen by the owner, who reads the number.
                if self.0.state.fetch_sub(1, Ordering::Release) == CLOSED | 1 {
                    self.0.owner.unpark();
                }
            }
        }
        let step = |state: usize| (state & CLOSED == 0).then_some(state + 1);
        if self.state.fetch_update(Ordering::Acquire, Ordering::Relaxed, step).is_ok() {
            let _inside = Inside(self);
            work();
        }
    }

    /// Whether this is a child of the process in which the door was opened: nobody who was inside is here.
    pub fn is_elsewhere(&self) -> bool {
        self.process != std::process::id()
    }

    /// Closes the door, and waits until nobody is inside, or [elsewhere](Door::is_elsewhere). `meanwhile` is called from time to time,
    /// at least once in `every`.
    pub fn close(&self, every: Duration, mut meanwhile: impl FnMut()) {
        self.state.fetch_or(CLOSED, Ordering::AcqRel);
        let is_empty = || self.state.load(Ordering::Acquire) == CLOSED;
        for _ in 0..ROUNDS {
            if is_empty() {
                return;
            }
            spin_loop();
        }
        while !is_empty() && !self.is_elsewhere() {
            park_timeout(every);
            meanwhile();
        }
    }
}

impl Default for Door {
    fn default() -> Self {
        Door::new()
    }
}
