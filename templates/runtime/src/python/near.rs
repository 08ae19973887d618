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
use crate::block::Map;
use crate::dtype::{DType, Kind};
use crate::elementwise::Report;
use crate::flags::Flags;
use crate::kernel::Kernel;
use crate::overlap::meet;
use crate::scalar::{ScalarType, Slot, Value};
use crate::tile::{BLOCK, LINE};

/// The most inputs.
pub const INPUTS: usize = 4;

/// The most outputs.
const OUTPUTS: usize = 4;

/// Bytes for rows of numbers: few enough that the first-level cache is left to the arrays.
const MUCH: usize = 256 * size_of::<f64>();

/// Bytes for rows of numbers in a call on few elements.
const LITTLE: usize = 512;

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

/// Computes a call of a kernel without params if it is one of these; `None` leaves it to the general way. `out` is an array
/// for the only output.
pub fn call<'py>(
    kernel: &Kernel<Map>,
    py: Python<'py>,
    numpy: &NumPy,
    objects: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    // Loops over a number of inputs that the compiler knows are no loops.
    match objects {
        [a] => call_of(kernel, py, numpy, &[*a], out),
        [a, b] => call_of(kernel, py, numpy, &[*a, *b], out),
        [a, b, c] => call_of(kernel, py, numpy, &[*a, *b, *c], out),
        [a, b, c, d] => call_of(kernel, py, numpy, &[*a, *b, *c, *d], out),
        _ => Ok(None),
    }
}

/// The same for `N` inputs.
#[inline(always)]
fn call_of<'py, const N: usize>(
    kernel: &Kernel<Map>,
    py: Python<'py>,
    numpy: &NumPy,
    objects: &[Borrowed<'_, 'py, PyAny>; N],
    out: Option<Borrowed<'_, 'py, PyAny>>,
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
    let mut inputs = [Input { data: ptr::null(), size: 0 }; N];
    let mut numbers = [Slot::ZERO; N];
    let mut size = 0;
    for k in 0..N {
        inputs[k].size = map.inputs[k].size();
        match arguments[k].array() {
            Some(array) => inputs[k].data = array.data,
            None if arguments[k].number(map.inputs[k], &mut numbers[k]).is_none() => return Ok(None),
            None => size += inputs[k].size,
        }
    }
    let mut results = [const { None }; OUTPUTS];
    let mut to = [ptr::null_mut(); OUTPUTS];
    if let Some(out) = out {
        let Some(data) = place(numpy, map, &out, first, &arguments) else { return Ok(None) };
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
    let _owned: Option<[Bound<'py, PyAny>; N]> = release.then(|| objects.map(|object| object.to_owned()));
    let bytes = n.saturating_mul(size);
    let work = || {
        // SAFETY: arrays of `n` values of the loop's dtypes, side by side, kept alive; the outputs overlap nothing.
        unsafe {
            if bytes == 0 {
                compute::<N, 0>(map, &inputs, &numbers, &mut to, n, n)
            } else if bytes <= LITTLE {
                compute::<N, { slots(LITTLE) }>(map, &inputs, &numbers, &mut to, n, n)
            } else {
                compute::<N, { slots(MUCH) }>(map, &inputs, &numbers, &mut to, n, MUCH / size)
            }
        }
    };
    let flags = run::run(py, kernel.name, release, work)?;
    if flags != Flags::NONE {
        numpy.report(py, kernel.name, flags)?;
    }
    if map.outputs.len() == 1 {
        return Ok(results[0].take());
    }
    PyTuple::new(py, results.into_iter().flatten().collect::<Vec<_>>()).map(|tuple| Some(tuple.into_any()))
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

/// An input of a loop: values side by side, or none, and then it is a number.
#[derive(Clone, Copy)]
struct Input {
    data: *const u8,
    /// Bytes of a value.
    size: usize,
}

/// Slots of which rows of numbers with `bytes` in all can be made, each aligned.
const fn slots(bytes: usize) -> usize {
    bytes / size_of::<Slot>() + INPUTS
}

/// Computes `n` elements, at most `step` at once; `ROOM` slots are for rows of numbers. Gives the floating-point flags to report.
///
/// # Safety
/// An input has `n` values of its dtype, or there is a number of it; `to` has room for as many values, which overlaps nothing.
/// `step` is not 0 unless `n` is, and `ROOM` slots are enough for so many values of each number.
unsafe fn compute<const N: usize, const ROOM: usize>(
    map: &Map,
    inputs: &[Input; N],
    numbers: &[Slot; N],
    to: &mut [*mut u8; OUTPUTS],
    n: usize,
    step: usize,
) -> Flags {
    let mut room = [const { MaybeUninit::<Slot>::uninit() }; ROOM];
    let mut free = room.as_mut_ptr().cast::<u8>();
    let mut from = [ptr::null(); N];
    // Bytes from one value to the next, once numbers are rows that are read again and again.
    let mut strides = [0; N];
    for k in 0..N {
        let Input { data, size } = inputs[k];
        (from[k], strides[k]) = (data, size);
        if ROOM > 0 && data.is_null() {
            // SAFETY: `step` values of every number fit into the room, each row rounded up to whole slots.
            unsafe { repeat(&numbers[k], size, step, free) };
            (from[k], strides[k]) = (free, 0);
            free = free.wrapping_add((step * size).next_multiple_of(size_of::<Slot>()));
        }
    }
    let mut report = Report::start();
    let step = step.min(LONG);
    let (mut start, mut len) = (0, until_line(map, to[0], n).min(step));
    while start < n {
        // SAFETY: `len` values are left in the arrays, and there are as many of each number.
        unsafe { report.block(map, &from, to, len, &[]) };
        start += len;
        if start < n {
            (0..N).for_each(|k| from[k] = from[k].wrapping_add(len * strides[k]));
            to.iter_mut().zip(map.outputs).for_each(|(to, dtype)| *to = to.wrapping_add(len * dtype.size()));
            len = step.min(n - start);
        }
    }
    report.flags
}

/// Makes a row of `n` times the value of `size` bytes in a slot.
///
/// # Safety
/// `to` has room for them, aligned for the value.
#[inline(always)]
unsafe fn repeat(number: &Slot, size: usize, n: usize, to: *mut u8) {
    macro_rules! fill {
        ($word:ty) => {
            // SAFETY: a slot holds 16 bytes, whatever they mean, and the caller vouches for the room.
            unsafe {
                let word = number.read::<$word>();
                std::slice::from_raw_parts_mut(to.cast::<MaybeUninit<$word>>(), n).fill(MaybeUninit::new(word));
            }
        };
    }
    match size {
        1 => fill!(u8),
        2 => fill!(u16),
        4 => fill!(u32),
        8 => fill!(u64),
        _ => fill!(u128),
    }
}

/// Elements of a large result until one that begins a cache line: the wide stores after it, and as a rule the loads, then lie
/// within lines. All of a small one.
#[inline(always)]
fn until_line(map: &Map, to: *mut u8, n: usize) -> usize {
    let size = map.outputs.first().map_or(1, |dtype| dtype.size());
    if n < BLOCK {
        return n;
    }
    match to.align_offset(LINE) / size {
        0 => n,
        elements => elements,
    }
}
