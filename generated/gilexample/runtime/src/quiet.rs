//! Panics of kernels, which become errors with the kernel's name: the panic hook is not to print them.

use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind, set_hook, take_hook};
use std::sync::Once;

/// What a panic leaves.
pub type Payload = Box<dyn std::any::Any + Send>;

thread_local! {
    /// Whether this thread runs a kernel, so that a panic is ours to report.
    static IN_KERNEL: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panic hook quiet within [`quietly`]; all other panics go to the former hook.
pub fn quiet_panics() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let former = take_hook();
        set_hook(Box::new(move |info| {
            if !IN_KERNEL.get() {
                former(info);
            }
        }));
    });
}

/// Runs `work`, and gives what a panic leaves instead of going on with it.
#[inline(always)]
pub fn quietly<R>(work: impl FnOnce() -> R) -> Result<R, Payload> {
    let outer = IN_KERNEL.replace(true);
    let outcome = catch_unwind(AssertUnwindSafe(work));
    IN_KERNEL.set(outer);
    outcome
}
