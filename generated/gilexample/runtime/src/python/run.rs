//! Around the loop: the GIL, panics, floating-point flags.

use pyo3::ffi;
use pyo3::prelude::*;

use super::error;
use crate::block::Loop;
use crate::flags::{self, Flags};
use crate::kernel::{Gil, Kernel};
use crate::quiet;

/// Elements from which on `gil = "auto"` releases. A sum of so many takes about two microseconds; releasing and taking
/// back costs 40 ns where nobody waits, and up to a switch interval where somebody does.
const WORTH_IT: usize = 16_384;

impl Gil {
    /// Whether a loop over `n` elements runs without the GIL.
    #[inline(always)]
    pub fn releases(self, n: usize) -> bool {
        match self {
            Gil::Auto => n >= WORTH_IT,
            Gil::Release => true,
            Gil::Hold => false,
        }
    }
}

impl<L: Loop> Kernel<L> {
    /// Whether a loop over `n` elements runs without the GIL: many of them, or such that take long.
    #[inline(always)]
    pub fn releases(&self, n: usize) -> bool {
        self.gil.releases(n) || self.gil == Gil::Auto && self.is_long(n)
    }
}

/// The thread state while detached; attaches again when dropped.
struct Detached(*mut ffi::PyThreadState);

impl Drop for Detached {
    fn drop(&mut self) {
        // SAFETY: the state that `PyEval_SaveThread` gave to this thread.
        unsafe { ffi::PyEval_RestoreThread(self.0) }
    }
}

/// Runs `work` with or without the GIL. A panic is a RuntimeError with the kernel's name. `work` must not touch Python objects.
#[inline(always)]
pub fn run<R>(_py: Python<'_>, kernel: &str, release: bool, work: impl FnOnce() -> R) -> PyResult<R> {
    quietly(kernel, || {
        // SAFETY: attached, and attached again when the guard is dropped, on a panic too.
        let _detached = release.then(|| Detached(unsafe { ffi::PyEval_SaveThread() }));
        work()
    })
}

/// Runs `work` and gives its result with the floating-point flags that it raised.
#[inline(always)]
pub fn flagged<R>(work: impl FnOnce() -> R) -> (R, Flags) {
    flags::clear();
    let result = work();
    (result, flags::raised())
}

/// Runs `work` and makes a panic a RuntimeError with the kernel's name.
#[inline(always)]
pub fn quietly<R>(kernel: &str, work: impl FnOnce() -> R) -> PyResult<R> {
    quiet::quietly(work).map_err(|payload| panicked(kernel, &*payload))
}

#[cold]
fn panicked(kernel: &str, payload: &(dyn std::any::Any + Send)) -> PyErr {
    let message = match (payload.downcast_ref::<&str>(), payload.downcast_ref::<String>()) {
        (Some(text), _) => text,
        (_, Some(text)) => text.as_str(),
        _ => "no message",
    };
    error::panic(kernel, message)
}
