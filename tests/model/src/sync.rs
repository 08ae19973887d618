//! The model checker's atomics and sleep, in the place of the runtime's own.

use std::time::Duration;

pub use loom::hint::spin_loop;
pub use loom::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
pub use loom::thread::{Thread, current};

/// One round shows all that many do.
pub const ROUNDS: usize = 1;

/// Sleeps until it is woken, however long: a wake-up that got lost is a deadlock, which no timeout hides.
pub fn park_timeout(_: Duration) {
    loom::thread::park();
}
