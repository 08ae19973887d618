//! How bodies end before their end: signals that Python has for them, and failures as exceptions.

use pyo3::exceptions::{
    PyArithmeticError, PyIndexError, PyKeyboardInterrupt, PyMemoryError, PyRuntimeError, PyValueError,
};
use pyo3::prelude::*;

use super::strided::attached;
use crate::failure::{Failure, Kind};
use crate::interrupt::{Answer, Ask};
use crate::kernel::Gil;

/// What asks whether a signal came, for a loop that runs without the GIL or with it.
pub fn asking(gil: Gil, released: bool) -> Ask {
    match (released, gil) {
        (true, _) => || attached(signals),
        (false, Gil::Hold) => || attached(signals),
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
        Ok(true) => Answer::GoOn,
        // Signals are the main thread's.
        Ok(false) => Answer::NeverAsk,
        Err(error) => {
            error.restore(py);
            Answer::Stop
        }
    }
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
        Kind::Interrupted => PyErr::take(py).unwrap_or_else(|| PyKeyboardInterrupt::new_err(())),
        Kind::LinAlg => {
            let made = || py.import("numpy.linalg")?.getattr("LinAlgError")?.call1((text,));
            made().map_or_else(|error| error, PyErr::from_value)
        }
    }
}
