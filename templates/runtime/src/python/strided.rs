//! The loops that NumPy's own driver calls: one dimension, any strides.

use std::ffi::{c_char, c_void};
use std::mem::MaybeUninit;
use std::ptr;

use numpy::npyffi::npy_intp;
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::ffi;

use super::gil::attached;
use super::run::quietly;
use super::serial::{fold, is_fold, is_serial, one_by_one};
use super::strip::Strip;
use crate::block::Map;
use crate::cut::Means;
use crate::dtype::DType;
use crate::elementwise::Elementwise;
use crate::failure::Failure;
use crate::flags::{self, Flags, Register};
use crate::report::Report;
use crate::scalar::{ScalarType, Slot};
use crate::sink::Place;
use crate::tile::{Layout, NoMemory};
use crate::walk::MAX_OPERANDS;
use crate::words::{gather, scatter};

/// What a loop function is given of its kernel.
pub struct Data {
    /// The kernel's name.
    pub name: &'static str,
    /// The loop.
    pub map: &'static Map,
    /// Whether a fold may take its elements in any order.
    pub any_order: bool,
}

/// Inputs, and outputs, for which a call needs little room: NumPy calls loops for single elements, too.
const FEW: usize = 4;

/// Elements that are copied to the stack and back where they do not lie as block functions want them.
const LITTLE: usize = 64;

/// The dtype in which a param is handed to a loop of NumPy's, as an operand behind the inputs.
pub fn operand(param: ScalarType) -> DType {
    match param {
        ScalarType::Number(dtype) => dtype,
        ScalarType::Size | ScalarType::Choice(_) => DType::I64,
    }
}

/// A loop as NumPy calls it: operands are the inputs, the params, the outputs. With or without the GIL.
///
/// # Safety
/// As NumPy has it: `args` and `steps` have an entry for each operand, of `*dims` elements, aligned and in native byte order;
/// `data` is a [`Data`] that lives for ever.
pub unsafe extern "C" fn strided(args: *mut *mut c_char, dims: *mut npy_intp, steps: *mut npy_intp, data: *mut c_void) {
    // SAFETY: NumPy hands on what it was given with the loop, and the length.
    let (data, n) = unsafe { (&*data.cast::<Data>(), *dims as usize) };
    // SAFETY: there is a pointer and a step for each operand.
    let operand = |k: usize, dtype| unsafe { Strip { data: (*args.add(k)).cast(), step: *steps.add(k), dtype } };
    // What NumPy's conversions raised so far is NumPy's; what this loop raises goes through our hands.
    let earlier = Register::save();
    // SAFETY: passed on.
    let outcome = quietly(data.name, || unsafe {
        if data.map.inputs.len().max(data.map.outputs.len()) <= FEW {
            compute::<FEW>(data, n, operand)
        } else {
            compute::<MAX_OPERANDS>(data, n, operand)
        }
    });
    earlier.restore();
    let error = match outcome {
        Ok(Ok(flags)) => return report(flags),
        Ok(Err(Refusal::NoMemory)) => PyMemoryError::new_err(()),
        Ok(Err(Refusal::Negative)) => PyValueError::new_err(format!("{}(): a size is negative", data.name)),
        Err(panic) => panic,
    };
    attached(|py| error.restore(py));
}

/// Raises flags for NumPy, which looks at the CPU's when its loops are done.
pub fn report(found: Flags) {
    if found == Flags::NONE {
        return;
    }
    // An earlier call of a loop may have failed: NumPy goes on, and must find no flags beside an exception.
    // SAFETY: attached.
    let failed = attached(|_| unsafe { !ffi::PyErr_Occurred().is_null() });
    if !failed {
        flags::raise(found);
    }
}

/// Why a loop computed nothing.
enum Refusal {
    /// A tile could not be allocated.
    NoMemory,
    /// A param that is a size was negative.
    Negative,
}

impl From<NoMemory> for Refusal {
    fn from(_: NoMemory) -> Self {
        Refusal::NoMemory
    }
}

impl From<Failure> for Refusal {
    /// Of one thread that asks nobody.
    fn from(_: Failure) -> Self {
        Refusal::NoMemory
    }
}

/// Computes `n` elements and gives the floating-point flags to report. There are at most `M` inputs, and as many outputs.
///
/// # Safety
/// The operands, by number and dtype, are as for [`strided`].
unsafe fn compute<const M: usize>(
    data: &Data,
    n: usize,
    operand: impl Fn(usize, DType) -> Strip,
) -> Result<Flags, Refusal> {
    let map = data.map;
    let (inputs, params) = (map.inputs.len(), map.params.len());
    let (mut from, mut to) = ([Strip::EMPTY; M], [Strip::EMPTY; M]);
    from.iter_mut().zip(map.inputs).enumerate().for_each(|(k, (from, &dtype))| *from = operand(k, dtype));
    to.iter_mut().zip(map.outputs).enumerate().for_each(|(k, (to, &dtype))| *to = operand(inputs + params + k, dtype));
    let (from, to) = (&from[..inputs], &to[..map.outputs.len()]);
    let params: Vec<Strip> =
        map.params.iter().enumerate().map(|(k, &ty)| operand(inputs + k, self::operand(ty))).collect();
    let mut slots = vec![Slot::ZERO; params.len()];
    let mut read_params = |k: usize| {
        for ((slot, param), &ty) in slots.iter_mut().zip(&params).zip(map.params) {
            // SAFETY: element `k` of the param's operand.
            unsafe { param.load(k, slot) };
            if ty != ScalarType::Number(param.dtype) {
                // SAFETY: sizes and choices come as i64.
                let whole = unsafe { slot.read::<i64>() };
                slot.write(usize::try_from(whole).map_err(|_| Refusal::Negative)?);
            }
        }
        Ok::<_, Refusal>(slots.as_ptr())
    };
    if n == 0 {
        return Ok(Flags::NONE);
    }
    let mut report = Report::start();
    if n > 1 && data.any_order && is_fold(from, to) && !to[0].disturbs(&from[1], n) {
        // SAFETY: a fold of NumPy's, whose result is apart from its elements.
        unsafe { fold(map, n, &from[1], &to[0], &mut report)? };
        return Ok(report.flags);
    }
    let steady = params.iter().all(|param| param.step == 0);
    // One element needs no look at what overlaps: its values go through slots.
    if n == 1 || !steady || is_serial(n, from, to) {
        // SAFETY: NumPy's operands.
        unsafe { one_by_one::<_, M>(map, n, from, to, read_params, &mut report)? };
        return Ok(report.flags);
    }
    read_params(0)?;
    if let Some((from, to)) = rows::<M>(from, to) {
        // SAFETY: rows of `n` values side by side, and no output overlaps anything.
        unsafe { report.block(map, &from, &to, n, &slots) };
        return Ok(report.flags);
    }
    let as_stored = |strip: &Strip| !matches!(strip.dtype, DType::Bool | DType::F16);
    if n <= LITTLE && M <= FEW && from.iter().chain(to).all(as_stored) {
        // SAFETY: NumPy's operands, which hold what they are stored as.
        unsafe { copied::<M>(map, n, from, to, &slots, &mut report) };
        return Ok(report.flags);
    }
    let layouts: Vec<Layout> = from.iter().map(|operand| operand.layout(n)).collect();
    let places: Vec<Place> = to.iter().map(Strip::place).collect();
    let Some(mut way) = Elementwise::new(map, &[n], &layouts, &places) else {
        unreachable!("operands are of the loop's own dtypes")
    };
    // SAFETY: NumPy's operands; outputs share memory with the very same elements of an input at most.
    Ok(unsafe { way.run(map, &slots, Means::ONE) }?)
}

/// Computes a few elements from copies of the inputs to copies of the outputs.
///
/// # Safety
/// The operands, at most `M` of each kind, have `n` elements, at most [`LITTLE`], and hold values as they are stored.
unsafe fn copied<const M: usize>(
    map: &Map,
    n: usize,
    from: &[Strip],
    to: &[Strip],
    params: &[Slot],
    report: &mut Report,
) {
    let mut room = [[const { MaybeUninit::<Slot>::uninit() }; LITTLE]; FEW];
    let mut results = [[const { MaybeUninit::<Slot>::uninit() }; LITTLE]; FEW];
    let (mut inputs, mut outputs) = ([ptr::null(); M], [ptr::null_mut(); M]);
    for ((strip, row), input) in from.iter().zip(&mut room).zip(&mut inputs) {
        let row = row.as_mut_ptr().cast::<u8>();
        // SAFETY: `n` elements of at most a slot's size.
        unsafe { gather(strip.dtype, false)(strip.data, strip.step, n, row) };
        *input = row.cast_const();
    }
    results.iter_mut().zip(&mut outputs).for_each(|(row, output)| *output = row.as_mut_ptr().cast());
    // SAFETY: rows of `n` values, each in a place of its own.
    unsafe { report.block(map, &inputs, &outputs, n, params) };
    for (strip, row) in to.iter().zip(&outputs) {
        // SAFETY: `n` values were written.
        unsafe { scatter(strip.dtype, false)(row.cast_const(), strip.step, n, strip.data) };
    }
}

/// Pointers to rows that a block function can work on as they are.
fn rows<const M: usize>(from: &[Strip], to: &[Strip]) -> Option<([*const u8; M], [*mut u8; M])> {
    let as_stored = |operand: &Strip| operand.is_dense() && operand.dtype != DType::F16;
    let apart = |input: &Strip| to.iter().all(|output| output.data != input.data);
    let fit = from.iter().all(|input| as_stored(input) && input.dtype != DType::Bool && apart(input))
        && to.iter().all(as_stored);
    if !fit {
        return None;
    }
    let (mut inputs, mut outputs) = ([ptr::null(); M], [ptr::null_mut(); M]);
    inputs.iter_mut().zip(from).for_each(|(row, operand)| *row = operand.data.cast_const());
    outputs.iter_mut().zip(to).for_each(|(row, operand)| *row = operand.data);
    Some((inputs, outputs))
}
