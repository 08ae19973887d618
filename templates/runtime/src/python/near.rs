//! The calls that are made most often, without an allocation but the result's: arrays of one shape that a loop can read as they
//! are, and numbers beside them.

use std::mem::MaybeUninit;
use std::ops::Range;
use std::ptr;

use pyo3::Borrowed;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyFloat, PyInt, PyTuple};

use super::array::{Array, Contiguous, contiguous};
use super::numpy::NumPy;
use super::{param, run};
use crate::block::{Map, Row};
use crate::dtype::{DType, Kind};
use crate::elementwise::Report;
use crate::flags::Flags;
use crate::kernel::Kernel;
use crate::overlap::meet;
use crate::scalar::{ScalarType, Slot, Value};
use crate::tile::{BLOCK, LINE};
use crate::words::gather;

/// The most inputs.
pub const INPUTS: usize = 6;

/// The most outputs.
const OUTPUTS: usize = 4;

/// Slots for rows of numbers: half a block of floats for each of two, which leaves the first-level cache to the arrays.
const ROOM: usize = BLOCK / 4 * size_of::<f64>() / size_of::<Slot>();

/// Slots for rows of numbers in a call on few elements.
const LITTLE_ROOM: usize = 64;

/// Elements that are computed at once where no number has to be made a row.
const LONG: usize = 8 * BLOCK;

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

    /// The value of a number in a loop that wants `dtype`; `None` where NumPy has a word to say, as for one that is too large.
    #[inline(always)]
    fn number(&self, dtype: DType) -> Option<Slot> {
        let value = match *self {
            Argument::Array(_) => return None,
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
        Some(param::write(value, ScalarType::Number(dtype)))
    }

    fn array(&self) -> Option<&Contiguous<'a>> {
        match self {
            Argument::Array(array) => Some(array),
            _ => None,
        }
    }
}

/// Computes a call of a kernel without params if it is one of these; `None` leaves it to the general way. `out` is an array for the only output.
#[inline(always)]
pub fn call<'py>(
    kernel: &Kernel<Map>,
    py: Python<'py>,
    numpy: &NumPy,
    objects: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    if objects.len() > INPUTS || objects.len() != kernel.inputs.len() {
        return Ok(None);
    }
    let mut arguments = [Argument::Int(0); INPUTS];
    for (argument, object) in arguments.iter_mut().zip(objects) {
        let Some(near) = Argument::new(numpy, object) else { return Ok(None) };
        *argument = near;
    }
    let arguments = &arguments[..objects.len()];
    let mut arrays = arguments.iter().filter_map(Argument::array);
    let Some(first) = arrays.next() else { return Ok(None) };
    if arrays.any(|array| array.dims != first.dims) {
        return Ok(None);
    }
    let ranks = arguments.iter().map(Argument::ranks);
    let (strong, weak) = ranks.fold((0, 0), |(a, b), (c, d)| (a.max(c), b.max(d)));
    if weak > strong {
        return Ok(None);
    }
    let fits = |map: &&&'static Map| arguments.iter().zip(map.inputs).all(|(argument, &dtype)| argument.fits(dtype));
    let Some(&map) = kernel.loops.iter().find(fits) else { return Ok(None) };
    // Bools are looked at one by one, and halves are converted.
    let as_stored = |dtype: &DType| !matches!(dtype, DType::Bool | DType::F16);
    if map.outputs.len() > OUTPUTS || map.outputs.contains(&DType::F16) || !map.inputs.iter().all(as_stored) {
        return Ok(None);
    }
    let mut from = [Row::EMPTY; INPUTS];
    let mut numbers = [Slot::ZERO; INPUTS];
    let mut size = 0;
    for (((row, number), argument), &dtype) in from.iter_mut().zip(&mut numbers).zip(arguments).zip(map.inputs) {
        if let Argument::Array(array) = argument {
            *row = Row { data: array.data, stride: dtype.size() as isize };
        } else {
            let Some(value) = argument.number(dtype) else { return Ok(None) };
            *number = value;
            size += dtype.size();
        }
    }
    let mut results = [const { None }; OUTPUTS];
    let mut to = [ptr::null_mut(); OUTPUTS];
    if let Some(out) = out {
        let Some(data) = place(numpy, map, &out, first, arguments) else { return Ok(None) };
        (to[0], results[0]) = (data, Some(out.to_owned()));
    } else {
        for ((result, to), &dtype) in results.iter_mut().zip(&mut to).zip(map.outputs) {
            let array = Array::new(numpy, py, dtype, first.dims, None)?;
            *to = array.data();
            *result = Some(array.into_any());
        }
    }
    let n = first.len;
    let release = kernel.gil.releases(n);
    // References of our own for as long as other threads run.
    let _owned: Option<Vec<_>> = release.then(|| objects.iter().map(|object| object.to_owned()).collect());
    let compute = match n.saturating_mul(size) {
        0 => compute::<0>,
        bytes if bytes <= LITTLE_ROOM * size_of::<Slot>() => compute::<LITTLE_ROOM>,
        _ => compute::<ROOM>,
    };
    // SAFETY: arrays of `n` values of the loop's dtypes, side by side, kept alive; the outputs overlap nothing.
    let work = || unsafe { compute(map, &mut from, &numbers, to, n) };
    let flags = run::run(py, kernel.name, release, work)?;
    if flags != Flags::NONE {
        numpy.report(py, kernel.name, flags)?;
    }
    let mut results = results.into_iter().flatten();
    if map.outputs.len() == 1 {
        return Ok(results.next());
    }
    PyTuple::new(py, results.collect::<Vec<_>>()).map(|tuple| Some(tuple.into_any()))
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
    let fits = array.writeable && array.dtype == map.outputs[0] && array.dims == first.dims;
    let shares = arguments.iter().filter_map(Argument::array).any(|input| meet(&bytes(input), &own));
    (fits && !shares).then_some(array.data.cast_mut())
}

/// Where the elements of an array lie.
fn bytes(array: &Contiguous<'_>) -> Range<usize> {
    let start = array.data as usize;
    start..start + array.len * array.dtype.size()
}

/// Computes `n` elements; `ROOM` slots are for rows of numbers. Gives the floating-point flags to report.
///
/// # Safety
/// A row of `from` is empty, and then there is a number of the input's dtype, or of `n` values; `to` has room for as many, which
/// overlaps nothing. `ROOM` is 0 only if there is no number or no element.
unsafe fn compute<const ROOM: usize>(
    map: &Map,
    from: &mut [Row; INPUTS],
    numbers: &[Slot; INPUTS],
    mut to: [*mut u8; OUTPUTS],
    n: usize,
) -> Flags {
    let mut room = [const { MaybeUninit::<Slot>::uninit() }; ROOM];
    let is_number = |row: &Row| row.data.is_null();
    let mut sizes = 0;
    for (row, dtype) in from.iter().zip(map.inputs) {
        sizes += if is_number(row) { dtype.size() } else { 0 };
    }
    // A slot for each number goes into aligning its row.
    let step = if ROOM == 0 { LONG } else { (ROOM - INPUTS) * size_of::<Slot>() / sizes.max(1) }.min(n.max(1));
    let mut free = room.as_mut_ptr().cast::<u8>();
    for ((row, number), &dtype) in from.iter_mut().zip(numbers).zip(map.inputs) {
        if ROOM > 0 && is_number(row) {
            // SAFETY: `step` values of every number fit into the room, each row rounded up to whole slots.
            unsafe { gather(dtype, false)(ptr::from_ref(number).cast(), 0, step, free) };
            *row = Row { data: free, stride: 0 };
            free = free.wrapping_add((step * dtype.size()).next_multiple_of(size_of::<Slot>()));
        }
    }
    let mut inputs = from.map(|row| row.data);
    let mut report = Report::start();
    let mut start = 0;
    let mut len = until_line(map, to[0], n).min(step);
    while start < n {
        // SAFETY: `len` values are left in the arrays, and there are as many of each number.
        unsafe { report.block(map, &inputs, &to, len, &[]) };
        for (input, row) in inputs.iter_mut().zip(&*from) {
            *input = input.wrapping_offset(len as isize * row.stride);
        }
        for (output, dtype) in to.iter_mut().zip(map.outputs) {
            *output = output.wrapping_add(len * dtype.size());
        }
        start += len;
        len = step.min(n - start);
    }
    report.flags
}

/// Elements of a large result until one that begins a cache line: the wide stores after it, and as a rule the loads, then lie
/// within lines. All of a small one.
#[inline(always)]
fn until_line(map: &Map, to: *mut u8, n: usize) -> usize {
    let size = map.outputs.first().map_or(1, |dtype| dtype.size());
    match to.align_offset(LINE) / size {
        0 => n,
        _ if n < BLOCK => n,
        elements => elements,
    }
}
