//! How long computations end before their end: signals that Python has for them, and failures as exceptions.

use pyo3::exceptions::{
    PyArithmeticError, PyImportError, PyIndexError, PyKeyboardInterrupt, PyMemoryError, PyRuntimeError, PyValueError,
};
use pyo3::prelude::*;

use super::gil::attached;
use super::run;
use crate::block::Loop;
use crate::failure::{Failure, Kind};
use crate::interrupt::{self, Answer, Ask};
use crate::kernel::{Gil, Kernel};

/// Runs `work` on `n` elements with or without the GIL, under a watch for signals.
#[inline(always)]
pub fn run_watched<L: Loop, R>(py: Python<'_>, kernel: &Kernel<L>, n: usize, work: impl FnOnce() -> R) -> PyResult<R> {
    let release = kernel.releases(n);
    run::run(py, kernel.name, release, || interrupt::watched(asking(kernel.gil, release), work))
}

/// What asks whether a signal came, for a loop that runs without the GIL or with it.
fn asking(gil: Gil, released: bool) -> Ask {
    match (released, gil) {
        (true, _) => || attached(signals),
        // Python code would let others run.
        (false, Gil::Hold) => || attached(|py| handled(py, py.check_signals())),
        // So little work takes so long: others may run for a moment.
        (false, _) => || {
            attached(|py| {
                py.detach(|| ());
                signals(py)
            })
        },
    }
}

/// Asks Python whether a signal came. Its exception is left in place.
fn signals(py: Python<'_>) -> Answer {
    let here = || {
        let threading = py.import("threading")?;
        let main = threading.call_method0("main_thread")?.getattr("ident")?;
        main.eq(threading.call_method0("get_ident")?)
    };
    // Handlers run in `here`, too, which is Python code.
    match py.check_signals().and_then(|()| here()) {
        // Signals are the main thread's.
        Ok(false) => Answer::NeverAsk,
        // Nothing can be imported while the interpreter ends, and a destructor's call is to come to its end.
        Err(error) if error.is_instance_of::<PyImportError>(py) => Answer::NeverAsk,
        asked => handled(py, asked.map(drop)),
    }
}

/// What there is to do when handlers have run.
fn handled(py: Python<'_>, outcome: PyResult<()>) -> Answer {
    match outcome {
        Ok(()) => Answer::GoOn,
        Err(error) => {
            error.restore(py);
            Answer::Stop
        }
    }
}

/// What a signal handler raised.
pub fn interrupted(py: Python<'_>) -> PyErr {
    PyErr::take(py).unwrap_or_else(|| PyKeyboardInterrupt::new_err(()))
}

/// The exception of a failure.
pub fn exception(py: Python<'_>, kernel: &str, failure: Failure) -> PyErr {
    let text = format!("{kernel}(): {}", failure.message);
    match failure.kind {
        Kind::Value => PyValueError::new_err(text),
        Kind::Index => PyIndexError::new_err(text),
        Kind::Arithmetic => PyArithmeticError::new_err(text),
        Kind::Runtime => PyRuntimeError::new_err(text),
        Kind::Memory => PyMemoryError::new_err(text),
        Kind::Interrupted => interrupted(py),
        Kind::LinAlg => {
            let made = || py.import("numpy.linalg")?.getattr("LinAlgError")?.call1((text,));
            made().map_or_else(|error| error, PyErr::from_value)
        }
    }
}
