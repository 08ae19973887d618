//! Intake: what an argument is to a kernel. Arrays are taken as they are, Python numbers as such, everything else through NumPy;
//! what would lose a mask, a unit, or a chunked array's laziness is refused.

use pyo3::exceptions::PyValueError;
use pyo3::intern;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyComplex, PyFloat, PyInt, PyList, PyString, PyTuple};

use super::array::Array;
use super::error;
use super::numpy::{NumPy, dtype_of};
use crate::dtype::{DType, Kind};
use crate::kernel::{Copying, Input};
use crate::resolve::Argument;
use crate::scalar::Value;

/// Lists within lists that NumPy makes axes of.
const MOST_DIMS: usize = 64;

/// What an argument turned out to be.
pub enum Intake<'py> {
    /// An array: the caller's own, or made from a list, a buffer, a NumPy scalar.
    Array(Array<'py>),
    /// A Python number, which becomes an array when its dtype is known.
    Number(Bound<'py, PyAny>, Kind),
    /// Nothing, for an input that a body can do without.
    Nothing,
}

impl<'py> Intake<'py> {
    /// The default of an input: a Python number, which takes the dtype of the arguments.
    pub fn default(numpy: &NumPy, py: Python<'py>, value: Value) -> PyResult<Intake<'py>> {
        Ok(match value {
            Value::Bool(b) => {
                let b = PyBool::new(py, b).to_owned().into_any();
                Intake::Array(Array::convert(numpy, &b, DType::Bool, false)?)
            }
            Value::Int(i) => Intake::Number(i.into_pyobject(py)?.into_any(), Kind::Signed),
            Value::UInt(u) => Intake::Number(u.into_pyobject(py)?.into_any(), Kind::Signed),
            Value::Float(f) => Intake::Number(PyFloat::new(py, f).into_any(), Kind::Float),
        })
    }
}

impl Intake<'_> {
    /// What decides about the loop; `None` for a dtype that no kernel computes with.
    pub fn argument(&self) -> Option<Argument> {
        match self {
            Intake::Array(array) => array.dtype().map(Argument::Of),
            Intake::Number(_, kind) => Some(Argument::Weak(*kind)),
            Intake::Nothing => Some(Argument::Nothing),
        }
    }

    /// What came, for errors: NumPy's name of the dtype, or Python's of the number.
    pub fn dtype_name(&self) -> String {
        match self {
            Intake::Array(array) => array.dtype_name(),
            Intake::Number(_, Kind::Complex) => "complex".to_string(),
            Intake::Number(_, Kind::Float) => "float".to_string(),
            Intake::Number(..) => "int".to_string(),
            Intake::Nothing => "None".to_string(),
        }
    }
}

/// Takes an argument: arrays as they are, Python numbers as such, everything else through NumPy. What would lose a mask, a
/// unit, or a chunked array's laziness is refused.
pub fn take<'py>(numpy: &NumPy, kernel: &str, input: &Input, object: &Bound<'py, PyAny>) -> PyResult<Intake<'py>> {
    if let Some(array) = Array::exact(numpy, object) {
        return Ok(Intake::Array(array));
    }
    let never = input.copying == Copying::Never;
    if let Some(kind) = number(object) {
        return if never { Err(copied(kernel, input.name, object)) } else { Ok(Intake::Number(object.clone(), kind)) };
    }
    if let Some(array) = Array::of(numpy, object) {
        refuse_meaningful(numpy, kernel, input.name, object)?;
        return Ok(Intake::Array(array));
    }
    refuse_foreign(numpy, kernel, input.name, object)?;
    refuse_within(numpy, kernel, input.name, object, MOST_DIMS)?;
    let made = Array::from_any(object, never);
    let made = made.map_err(|error| match error {
        _ if never => copied(kernel, input.name, object),
        error if is_ragged(object, &error) => error::ragged(kernel, input.name, error),
        error => error,
    })?;
    refuse_meaningful(numpy, kernel, input.name, made.as_any())?;
    Ok(Intake::Array(made))
}

/// Takes an array that is changed in place: one of the caller's own, which can be written to.
pub fn changed<'py>(numpy: &NumPy, kernel: &str, input: &Input, object: &Bound<'py, PyAny>) -> PyResult<Intake<'py>> {
    let Some(array) = Array::of(numpy, object) else {
        return Err(error::not_changeable(kernel, input.name, &super::param::came(object)));
    };
    refuse_meaningful(numpy, kernel, input.name, object)?;
    if !array.is_writeable() {
        return Err(error::read_only(kernel, input.name));
    }
    Ok(Intake::Array(array))
}

/// Whether NumPy, too, would make no more of `object` than an array of numbers: exact ndarrays, numbers, NumPy's own scalars,
/// lists and tuples. Everything else may have a way of its own.
pub fn is_plain(numpy: &NumPy, object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = object.py();
    Ok(numpy.is_exact_array(object)
        || number(object).is_some()
        || object.is_exact_instance_of::<PyBool>()
        || object.is_exact_instance_of::<PyList>()
        || object.is_exact_instance_of::<PyTuple>()
        || object.is_instance(numpy.generic.bind(py))? && !object.get_type().hasattr(intern!(py, "__array_ufunc__"))?)
}

/// Whether a function of ours computes with `object` by itself: what is plain, and what has no way of its own of computing.
pub fn is_ours(numpy: &NumPy, object: &Bound<'_, PyAny>) -> PyResult<bool> {
    let (py, class) = (object.py(), object.get_type());
    let own_way = || {
        let ufunc = class.hasattr(intern!(py, "__array_ufunc__"))?;
        PyResult::Ok(ufunc || class.hasattr(intern!(py, "__array_function__"))?)
    };
    Ok(is_plain(numpy, object)? || !own_way()?)
}

/// What decides about the loop of an argument of any class; `None` where only its library knows, or no kernel has the dtype.
pub fn argument(numpy: &NumPy, object: &Bound<'_, PyAny>) -> Option<Argument> {
    if let Some(kind) = number(object) {
        return Some(Argument::Weak(kind));
    }
    if is_ours(numpy, object).ok()? {
        return Array::from_any(object, false).ok()?.dtype().map(Argument::Of);
    }
    let dtype = object.getattr(intern!(object.py(), "dtype")).ok()?;
    dtype_of(dtype.getattr(intern!(object.py(), "num")).ok()?.extract().ok()?).map(Argument::Of)
}

/// The kind of a Python number; `None` for everything else, NumPy's scalars and bools among it.
pub fn number(object: &Bound<'_, PyAny>) -> Option<Kind> {
    if object.is_exact_instance_of::<PyFloat>() {
        Some(Kind::Float)
    } else if object.is_exact_instance_of::<PyInt>() {
        Some(Kind::Signed)
    } else if object.is_exact_instance_of::<PyComplex>() {
        Some(Kind::Complex)
    } else {
        None
    }
}

/// Whether NumPy makes no array of a list because its rows have different lengths.
fn is_ragged(object: &Bound<'_, PyAny>, error: &PyErr) -> bool {
    let list = object.is_instance_of::<PyList>() || object.is_instance_of::<PyTuple>();
    list && error.is_instance_of::<PyValueError>(object.py())
}

fn copied(kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let class = object.get_type().name().map(|name| name.to_string()).unwrap_or_default();
    error::never_makes(kernel, name, &class)
}

/// Refuses arrays of classes that mean more than their data: masks, units.
pub fn refuse_meaningful(numpy: &NumPy, kernel: &str, name: &str, array: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = array.py();
    if array.is_instance(numpy.masked.bind(py))? {
        return Err(error::masked(kernel, name));
    }
    let own = array.get_type().getattr(intern!(py, "__array_ufunc__"))?;
    if own.is(&numpy.array_ufunc) { Ok(()) } else { Err(foreign(kernel, name, array)) }
}

/// Refuses objects of other libraries that compute with NumPy functions in their own way. A pandas Series or Index is
/// in memory and is let through; its values decide.
fn refuse_foreign(numpy: &NumPy, kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyResult<()> {
    let py = object.py();
    let class = object.get_type();
    if object.is_instance_of::<PyString>()
        || object.is_instance_of::<PyBool>()
        || object.is_instance(numpy.generic.bind(py))?
    {
        return Ok(());
    }
    let has = |attribute| class.hasattr(attribute);
    let overrides = has(intern!(py, "__array_ufunc__"))? || has(intern!(py, "__array_function__"))?;
    let is_pandas = |class: Bound<'_, PyAny>| match class.getattr(intern!(py, "__module__"))?.extract::<String>() {
        Ok(module) => PyResult::Ok(module.split('.').next() == Some("pandas")),
        Err(_) => Ok(false),
    };
    // Classes that are made of theirs are theirs.
    if !overrides || class.mro().iter().map(is_pandas).collect::<PyResult<Vec<_>>>()?.contains(&true) {
        return Ok(());
    }
    Err(foreign(kernel, name, object))
}

/// Refuses what lists and tuples hold, and lists in them, where it would be refused by itself.
fn refuse_within(numpy: &NumPy, kernel: &str, name: &str, object: &Bound<'_, PyAny>, dims: usize) -> PyResult<()> {
    let look = |(place, item): (usize, Bound<'_, PyAny>)| {
        if number(&item).is_some() || numpy.is_exact_array(&item) {
            return Ok(());
        }
        let name = format!("{name}[{place}]");
        let list = item.is_exact_instance_of::<PyList>() || item.is_exact_instance_of::<PyTuple>();
        match numpy.is_array(&item) {
            true => refuse_meaningful(numpy, kernel, &name, &item)?,
            false if list => {}
            false => refuse_foreign(numpy, kernel, &name, &item)?,
        }
        refuse_within(numpy, kernel, &name, &item, dims - 1)
    };
    match (object.cast::<PyList>(), object.cast::<PyTuple>()) {
        (Ok(list), _) if dims > 0 => list.iter().enumerate().try_for_each(look),
        (_, Ok(tuple)) if dims > 0 => tuple.iter().enumerate().try_for_each(look),
        _ => Ok(()),
    }
}

fn foreign(kernel: &str, name: &str, object: &Bound<'_, PyAny>) -> PyErr {
    let class = object.get_type();
    let class = class.fully_qualified_name().map(|name| name.to_string()).unwrap_or_default();
    error::foreign(kernel, name, &class)
}
