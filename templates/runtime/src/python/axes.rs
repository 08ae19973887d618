//! The axes of a call: which ones are folded.

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyTuple};

use super::error;

/// What a call says of its axes.
pub enum Axes {
    /// All of them.
    All,
    /// One.
    One(i64),
    /// Several, or none.
    Some(Vec<i64>),
}

impl Axes {
    /// The one axis of `ndim` along which a scan goes; `None` for all elements in a row.
    pub fn single(&self, py: Python<'_>, kernel: &str, ndim: usize) -> PyResult<Option<usize>> {
        match self {
            Axes::All | Axes::One(0 | -1) if ndim == 0 => Ok(None),
            Axes::All => Ok(None),
            Axes::One(_) => Ok(self.folded(py, kernel, ndim)?.iter().position(|&folded| folded)),
            Axes::Some(_) => Err(error::axis_single(kernel, "a tuple")),
        }
    }

    /// Reads `axis`: None, an integer, or a tuple of integers.
    pub fn read(kernel: &str, object: Option<&Bound<'_, PyAny>>) -> PyResult<Axes> {
        let Some(object) = object.filter(|object| !object.is_none()) else { return Ok(Axes::All) };
        match object.cast::<PyTuple>() {
            Ok(tuple) => tuple.iter().map(|axis| index(kernel, &axis)).collect::<PyResult<_>>().map(Axes::Some),
            Err(_) => index(kernel, object).map(Axes::One),
        }
    }

    /// Whether each axis of `ndim` is folded.
    pub fn folded(&self, py: Python<'_>, kernel: &str, ndim: usize) -> PyResult<Vec<bool>> {
        let given = match self {
            Axes::All => return Ok(vec![true; ndim]),
            // NumPy lets a number have a first axis, and a last one.
            Axes::One(0 | -1) if ndim == 0 => return Ok(Vec::new()),
            Axes::One(axis) => std::slice::from_ref(axis),
            Axes::Some(axes) => axes,
        };
        let mut folded = vec![false; ndim];
        for &axis in given {
            let from_start = if axis < 0 { axis.saturating_add(ndim as i64) } else { axis };
            let place = usize::try_from(from_start).ok().and_then(|place| folded.get_mut(place));
            let place = place.ok_or_else(|| error::axis(py, kernel, axis, ndim))?;
            if std::mem::replace(place, true) {
                return Err(error::duplicate_axis(kernel));
            }
        }
        Ok(folded)
    }
}

/// An axis that is given as an integer.
pub fn index(kernel: &str, object: &Bound<'_, PyAny>) -> PyResult<i64> {
    let py = object.py();
    let wrong = || error::axis_type(kernel, &super::param::came(object));
    // A bool is a number to Python, but no axis to NumPy.
    if object.is_instance_of::<PyBool>() {
        return Err(wrong());
    }
    let number = py.import("operator")?.call_method1("index", (object,));
    let number = number.map_err(|error| if error.is_instance_of::<PyTypeError>(py) { wrong() } else { error })?;
    // What does not fit is out of bounds of every array.
    match number.extract() {
        Ok(axis) => Ok(axis),
        Err(_) => Ok(if number.lt(0)? { i64::MIN } else { i64::MAX }),
    }
}
