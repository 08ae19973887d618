//! The loops that NumPy's own driver calls: one dimension, any strides.

use std::ffi::{c_char, c_void};
use std::ptr;

use numpy::npyffi::npy_intp;
use pyo3::exceptions::{PyMemoryError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

use super::run::quietly;
use crate::block::Map;
use crate::dtype::DType;
use crate::elementwise::{Elementwise, Place, Report};
use crate::flags::{self, Flags, Register};
use crate::half::Half;
use crate::overlap::{bounds, meet};
use crate::scalar::{ScalarType, Slot};
use crate::sink::Target;
use crate::tile::{Layout, NoMemory, Source};
use crate::walk::MAX_OPERANDS;

/// What a loop function is given of its kernel.
pub struct Data {
    /// The kernel's name.
    pub name: &'static str,
    /// The loop.
    pub map: &'static Map,
}

/// An operand of a call: its first element, bytes to the next, and its dtype.
#[derive(Clone, Copy)]
struct Operand {
    data: *mut u8,
    step: isize,
    dtype: DType,
}

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
    let operand = |k: usize, dtype| unsafe { Operand { data: (*args.add(k)).cast(), step: *steps.add(k), dtype } };
    // What NumPy's conversions raised so far is NumPy's; what this loop raises goes through our hands.
    let earlier = Register::save();
    // SAFETY: passed on.
    let outcome = quietly(data.name, || unsafe { compute(data.map, n, operand) });
    earlier.restore();
    let error = match outcome {
        Ok(Ok(Flags::NONE)) => return,
        Ok(Ok(report)) => {
            // An earlier call of this loop may have failed: NumPy goes on, and must find no flags beside an exception.
            // SAFETY: attached.
            let failed = attached(|_| unsafe { !ffi::PyErr_Occurred().is_null() });
            if !failed {
                flags::raise(report);
            }
            return;
        }
        Ok(Err(Refusal::NoMemory)) => PyMemoryError::new_err(()),
        Ok(Err(Refusal::Negative)) => PyValueError::new_err(format!("{}(): a size is negative", data.name)),
        Err(panic) => panic,
    };
    attached(|py| error.restore(py));
}

/// Runs `work` with the GIL, whether or not this thread has it: NumPy may have released it without pyo3's knowledge.
fn attached<R>(work: impl FnOnce(Python<'_>) -> R) -> R {
    // SAFETY: any thread may ask for the GIL; it is given back as it was.
    unsafe {
        let state = ffi::PyGILState_Ensure();
        let result = work(Python::assume_attached());
        ffi::PyGILState_Release(state);
        result
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

/// Computes `n` elements and gives the floating-point flags to report.
///
/// # Safety
/// The operands, by number and dtype, are as for [`strided`].
unsafe fn compute(map: &Map, n: usize, operand: impl Fn(usize, DType) -> Operand) -> Result<Flags, Refusal> {
    let (inputs, params) = (map.inputs.len(), map.params.len());
    let mut from = [Operand { data: ptr::null_mut(), step: 0, dtype: DType::Bool }; MAX_OPERANDS];
    let mut to = from;
    from.iter_mut().zip(map.inputs).enumerate().for_each(|(k, (from, &dtype))| *from = operand(k, dtype));
    to.iter_mut().zip(map.outputs).enumerate().for_each(|(k, (to, &dtype))| *to = operand(inputs + params + k, dtype));
    let (from, to) = (&from[..inputs], &to[..map.outputs.len()]);
    let params: Vec<Operand> =
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
    let steady = params.iter().all(|param| param.step == 0);
    // One element needs no look at what overlaps: its values go through slots.
    if n == 1 || !steady || is_serial(n, from, to) {
        let mut report = Report::start();
        for k in 0..n {
            let params = read_params(k)?;
            // SAFETY: k < n.
            unsafe { one_by_one(map, k, from, to, params, &mut report) };
        }
        return Ok(report.flags);
    }
    read_params(0)?;
    if let Some((from, to)) = rows(from, to) {
        let mut report = Report::start();
        // SAFETY: rows of `n` values side by side, and no output overlaps anything.
        unsafe { report.block(map, &from, &to, n, &slots) };
        return Ok(report.flags);
    }
    let layouts: Vec<Layout> = from.iter().map(|operand| operand.layout(n)).collect();
    let places: Vec<Place> = to.iter().map(Operand::place).collect();
    let Some(mut way) = Elementwise::new(map, &[n], &layouts, &places) else {
        unreachable!("operands are of the loop's own dtypes")
    };
    // SAFETY: NumPy's operands; outputs share memory with the very same elements of an input at most.
    Ok(unsafe { way.run(map, &slots) }?)
}

/// Whether results are read again as inputs further on (as `accumulate` and `reduce` have it), or outputs overlap each other.
fn is_serial(n: usize, from: &[Operand], to: &[Operand]) -> bool {
    let disturbs = |output: &Operand, other: &Operand| {
        let same = output.data == other.data && output.step == other.step && output.dtype == other.dtype;
        !same && meet(&output.bounds(n), &other.bounds(n)) && !output.interleaves(other)
    };
    to.iter().enumerate().any(|(k, output)| {
        let too_close = output.step.unsigned_abs() < output.dtype.size();
        too_close
            || from.iter().any(|input| disturbs(output, input))
            || to[..k].iter().any(|other| output.data == other.data || disturbs(output, other))
    })
}

/// Pointers to rows that a block function can work on as they are.
fn rows(from: &[Operand], to: &[Operand]) -> Option<([*const u8; MAX_OPERANDS], [*mut u8; MAX_OPERANDS])> {
    let dense = |operand: &Operand| operand.step == operand.dtype.size() as isize;
    let as_stored = |operand: &Operand| dense(operand) && operand.dtype != DType::F16;
    let apart = |input: &Operand| to.iter().all(|output| output.data != input.data);
    let fit = from.iter().all(|input| as_stored(input) && input.dtype != DType::Bool && apart(input))
        && to.iter().all(as_stored);
    if !fit {
        return None;
    }
    let (mut inputs, mut outputs) = ([ptr::null(); MAX_OPERANDS], [ptr::null_mut(); MAX_OPERANDS]);
    inputs.iter_mut().zip(from).for_each(|(row, operand)| *row = operand.data.cast_const());
    outputs.iter_mut().zip(to).for_each(|(row, operand)| *row = operand.data);
    Some((inputs, outputs))
}

/// Computes element `k` alone, from values in slots to values in slots.
///
/// # Safety
/// As for [`strided`], and `k` is less than the number of elements.
unsafe fn one_by_one(map: &Map, k: usize, from: &[Operand], to: &[Operand], params: *const Slot, report: &mut Report) {
    let mut read = [Slot::ZERO; MAX_OPERANDS];
    let mut written = [Slot::ZERO; MAX_OPERANDS];
    let mut inputs = [ptr::null(); MAX_OPERANDS];
    let mut outputs = [ptr::null_mut(); MAX_OPERANDS];
    for ((operand, slot), row) in from.iter().zip(&mut read).zip(&mut inputs) {
        // SAFETY: passed on.
        unsafe { operand.load(k, slot) };
        *row = ptr::from_ref(slot).cast();
    }
    for (slot, row) in written[..to.len()].iter_mut().zip(&mut outputs) {
        *row = ptr::from_mut(slot).cast();
    }
    // SAFETY: a value of each operand.
    unsafe { report.block(map, &inputs, &outputs, 1, std::slice::from_raw_parts(params, map.params.len())) };
    for (operand, slot) in to.iter().zip(&written) {
        // SAFETY: passed on; the block function wrote a value.
        unsafe { operand.store(k, slot) };
    }
}

impl Operand {
    fn bounds(&self, n: usize) -> std::ops::Range<usize> {
        bounds(self.data, &[n], &[self.step], self.dtype.size())
    }

    /// Whether the elements of two operands lie between each other's.
    fn interleaves(&self, other: &Operand) -> bool {
        let step = self.step.unsigned_abs();
        let apart = (other.data as usize).wrapping_sub(self.data as usize) as isize;
        step == other.step.unsigned_abs() && step > 0 && {
            let apart = apart.rem_euclid(step as isize) as usize;
            apart >= self.dtype.size() && apart + other.dtype.size() <= step
        }
    }

    fn layout(&self, n: usize) -> Layout {
        let source = Source { data: self.data, dtype: self.dtype, swapped: false, aligned: self.is_aligned() };
        Layout { dims: vec![n], strides: vec![self.step], source }
    }

    fn place(&self) -> Place {
        let target = Target { data: self.data, dtype: self.dtype, swapped: false, aligned: self.is_aligned() };
        Place { strides: vec![self.step], target }
    }

    fn is_aligned(&self) -> bool {
        let word = self.dtype.word();
        (self.data as usize).is_multiple_of(word) && self.step.unsigned_abs().is_multiple_of(word)
    }

    /// Reads the value of element `k`.
    ///
    /// # Safety
    /// There is one.
    unsafe fn load(&self, k: usize, slot: &mut Slot) {
        // SAFETY: the caller vouches for the element, and a slot holds one of any dtype.
        unsafe {
            let from = self.data.offset(k as isize * self.step);
            match self.dtype {
                DType::Bool => slot.write(from.read() != 0),
                DType::F16 => slot.write(from.cast::<Half>().read_unaligned().to_f32()),
                dtype => ptr::copy_nonoverlapping(from, ptr::from_mut(slot).cast(), dtype.size()),
            }
        }
    }

    /// Writes a value to element `k`.
    ///
    /// # Safety
    /// There is one, and the slot holds a value of the dtype.
    unsafe fn store(&self, k: usize, slot: &Slot) {
        // SAFETY: the caller vouches for the element and for the value.
        unsafe {
            let to = self.data.offset(k as isize * self.step);
            match self.dtype {
                DType::F16 => to.cast::<Half>().write_unaligned(Half::from_f32(slot.read::<f32>())),
                dtype => ptr::copy_nonoverlapping(ptr::from_ref(slot).cast(), to, dtype.size()),
            }
        }
    }
}
