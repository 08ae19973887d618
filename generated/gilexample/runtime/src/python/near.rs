//! The calls that are made most often, without an allocation but the result's: arrays of one shape that a loop can read as they
//! are, and numbers beside them.

use std::ops::Range;
use std::ptr;

use pyo3::Borrowed;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};

use super::array::{Array, Contiguous, contiguous};
use super::ending::{exception, run_watched};
use super::numpy::NumPy;
use super::{param, run};
use crate::block::{BLOCK, Map};
use crate::dense::{self, OUTPUTS};
use crate::dtype::{DType, Kind};
use crate::flags::Flags;
use crate::kernel::Kernel;
use crate::overlap::meet;
use crate::report::Report;
use crate::scalar::{ScalarType, Slot, Value};

/// An argument.
#[derive(Clone, Copy)]
enum Argument<'a> {
    /// An array.
    Array(Contiguous<'a>),
    /// A `float`, which takes the dtype of the arrays.
    Float(f64),
    /// A `numpy.float64`.
    Float64(f64),
    /// An `int`, which takes the dtype of the arrays.
    Int(i64),
}

impl<'a> Argument<'a> {
    #[inline(always)]
    fn new(numpy: &NumPy, object: &'a Bound<'_, PyAny>) -> Option<Argument<'a>> {
        if let Some(array) = contiguous(numpy, object) {
            // An array of no dimensions is a number, of a dtype.
            return (!array.dims.is_empty()).then_some(Argument::Array(array));
        }
        // SAFETY: a float; the value of one is read.
        let float = || unsafe { ffi::PyFloat_AsDouble(object.as_ptr()) };
        if object.is_exact_instance_of::<PyFloat>() {
            Some(Argument::Float(float()))
        } else if numpy.is_float64(object) {
            Some(Argument::Float64(float()))
        } else if object.is_exact_instance_of::<PyInt>() {
            let mut overflow = 0;
            // SAFETY: an int; one that is too large is told by `overflow` and raises nothing.
            let value = unsafe { ffi::PyLong_AsLongLongAndOverflow(object.as_ptr(), &mut overflow) };
            (overflow == 0).then_some(Argument::Int(value))
        } else {
            None
        }
    }

    /// Whether it fits a loop that wants `dtype` exactly.
    #[inline(always)]
    fn fits(&self, dtype: DType) -> bool {
        match self {
            Argument::Array(array) => array.dtype == dtype,
            Argument::Float(_) => dtype.kind() >= Kind::Float,
            Argument::Float64(_) => dtype == DType::F64,
            Argument::Int(_) => dtype != DType::Bool,
        }
    }

    /// What it weighs among arrays, and among Python numbers: see [`resolve`](crate::resolve::resolve).
    #[inline(always)]
    fn ranks(&self) -> (u8, u8) {
        match self {
            Argument::Array(array) => (array.dtype.kind().rank(), 0),
            Argument::Float64(_) => (Kind::Float.rank(), 0),
            Argument::Float(_) => (0, Kind::Float.rank()),
            Argument::Int(_) => (0, Kind::Signed.rank()),
        }
    }

    /// Writes a number for a loop that wants `dtype`; `None` where NumPy has a word to say, as for one that is too large.
    #[inline(always)]
    fn number(&self, dtype: DType, slot: &mut Slot) -> Option<()> {
        let value = match *self {
            Argument::Array(_) => return None,
            Argument::Float(x) | Argument::Float64(x) if dtype == DType::F64 => {
                slot.write(x);
                return Some(());
            }
            Argument::Float(x) | Argument::Float64(x) => {
                let single = matches!(dtype, DType::F32 | DType::C64);
                if single && x.is_finite() && (x as f32).is_infinite() {
                    return None;
                }
                Value::Float(x)
            }
            Argument::Int(i) => {
                if !dtype.holds(i) {
                    return None;
                }
                Value::Int(i)
            }
        };
        *slot = param::write(value, ScalarType::Number(dtype));
        Some(())
    }

    fn array(&self) -> Option<&Contiguous<'a>> {
        match self {
            Argument::Array(array) => Some(array),
            _ => None,
        }
    }
}

/// Computes a call if it is one of these; `None` leaves it to the general way. `out` is an array for the only output, and
/// `params` gives a slot for each param of the loop.
pub fn call<'py, P: AsRef<[Slot]>>(
    kernel: &Kernel<Map>,
    py: Python<'py>,
    numpy: &NumPy,
    objects: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
    params: impl FnOnce(&'static Map) -> PyResult<P>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // Loops over a number of inputs that the compiler knows are no loops.
    match objects {
        [a] => call_of(kernel, py, numpy, &[*a], out, params),
        [a, b] => call_of(kernel, py, numpy, &[*a, *b], out, params),
        [a, b, c] => call_of(kernel, py, numpy, &[*a, *b, *c], out, params),
        [a, b, c, d] => call_of(kernel, py, numpy, &[*a, *b, *c, *d], out, params),
        _ => Ok(None),
    }
}

/// The same for `N` inputs.
#[inline(always)]
fn call_of<'py, const N: usize, P: AsRef<[Slot]>>(
    kernel: &Kernel<Map>,
    py: Python<'py>,
    numpy: &NumPy,
    objects: &[Borrowed<'_, 'py, PyAny>; N],
    out: Option<Borrowed<'_, 'py, PyAny>>,
    params: impl FnOnce(&'static Map) -> PyResult<P>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let mut arguments = [Argument::Int(0); N];
    for k in 0..N {
        let Some(near) = Argument::new(numpy, &objects[k]) else { return Ok(None) };
        arguments[k] = near;
    }
    let Some(first) = arguments.iter().find_map(Argument::array) else { return Ok(None) };
    let (mut strong, mut weak) = (0, 0);
    for argument in &arguments {
        if argument.array().is_some_and(|array| !array.has_shape_of(first)) {
            return Ok(None);
        }
        let ranks = argument.ranks();
        (strong, weak) = (strong.max(ranks.0), weak.max(ranks.1));
    }
    if weak > strong {
        return Ok(None);
    }
    let Some(map) = fitting(kernel, &arguments) else { return Ok(None) };
    // Bools are looked at one by one, and halves are converted.
    let as_stored = |dtype: &DType| !matches!(dtype, DType::Bool | DType::F16);
    if map.outputs.len() > OUTPUTS || map.outputs.contains(&DType::F16) || !map.inputs.iter().all(as_stored) {
        return Ok(None);
    }
    let params = params(map)?;
    let (mut inputs, mut numbers) = ([ptr::null(); N], [Slot::ZERO; N]);
    for k in 0..N {
        match arguments[k].array() {
            Some(array) => inputs[k] = array.data,
            None if arguments[k].number(map.inputs[k], &mut numbers[k]).is_none() => return Ok(None),
            None => {}
        }
    }
    let mut to = [ptr::null_mut(); OUTPUTS];
    let (mut result, mut more) = (None, Vec::new());
    let fresh = out.is_none();
    if let Some(out) = out {
        let Some(data) = place(numpy, map, &out, first, &arguments) else { return Ok(None) };
        (to[0], result) = (data, Some(out.to_owned()));
    } else {
        for (to, &dtype) in to.iter_mut().zip(map.outputs) {
            let array = Array::new(numpy, py, dtype, first.dims, None)?;
            *to = array.data();
            match result {
                None => result = Some(array.into_any()),
                Some(_) => more.push(array.into_any()),
            }
        }
    }
    let n = first.len;
    let release = kernel.releases(n);
    // References of our own for as long as other threads run.
    let _owned: Option<[Bound<'py, PyAny>; N]> = release.then(|| objects.map(|object| object.to_owned()));
    let params = params.as_ref();
    // SAFETY: arrays of `n` values of the loop's dtypes, side by side, kept alive; the outputs overlap nothing.
    let flags = unsafe {
        if kernel.is_long(n) {
            let cut = kernel.means().cut(n, BLOCK);
            let work = || dense::compute_divided(map, &inputs, &numbers, &to, fresh, cut, params);
            run_watched(py, kernel, n, work)?.map_err(|failure| exception(py, kernel.name, failure))?
        } else {
            let work = || {
                let mut report = Report::start();
                dense::compute(map, &inputs, &numbers, &to, n, params, &mut report);
                report.flags
            };
            run::run(py, kernel.name, release, work)?
        }
    };
    if flags != Flags::NONE {
        numpy.report(py, kernel.name, flags)?;
    }
    if more.is_empty() {
        return Ok(result);
    }
    let results: Vec<_> = result.into_iter().chain(more).collect();
    PyTuple::new(py, results).map(|tuple| Some(tuple.into_any()))
}

/// The first loop that all arguments fit exactly.
#[inline(always)]
fn fitting<const N: usize>(kernel: &Kernel<Map>, arguments: &[Argument<'_>; N]) -> Option<&'static Map> {
    for &map in kernel.loops {
        let mut fits = true;
        for (argument, &dtype) in arguments.iter().zip(map.inputs) {
            fits &= argument.fits(dtype);
        }
        if fits {
            return Some(map);
        }
    }
    None
}

/// The data of an `out` to which results can be written as they are computed.
#[inline(always)]
fn place(
    numpy: &NumPy,
    map: &Map,
    out: &Bound<'_, PyAny>,
    first: &Contiguous<'_>,
    arguments: &[Argument<'_>],
) -> Option<*mut u8> {
    let array = contiguous(numpy, out)?;
    let own = bytes(&array);
    let fits = array.writeable && array.dtype == map.outputs[0] && array.has_shape_of(first);
    let shares = arguments.iter().filter_map(Argument::array).any(|input| meet(&bytes(input), &own));
    (fits && !shares).then_some(array.data.cast_mut())
}

/// Where the elements of an array lie.
#[inline(always)]
fn bytes(array: &Contiguous<'_>) -> Range<usize> {
    let start = array.data as usize;
    start..start + array.len * array.dtype.size()
}
