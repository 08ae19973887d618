//! What threads agree by: atomics, and sleep until somebody wakes them. A model checker puts its own in their place: `tests/model`.

pub use std::hint::spin_loop;
pub use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
pub use std::thread::{Thread, current, park_timeout};

/// Rounds of waiting before a waiting thread sleeps: about two microseconds.
pub const ROUNDS: usize = 100;
