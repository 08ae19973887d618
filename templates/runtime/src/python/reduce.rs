//! The face of a reduction: from a call's arguments to its result.

use std::ptr;

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyEllipsis;

use super::axes::Axes;
use super::call::{Call, answered, guarded, raise};
use super::ending::run_watched;
use super::folding::{Folding, fold_error};
use super::map::outs;
use super::numpy::NumPy;
use super::results::ResultClass;
use super::{array, error, operands, param, params, run};
use crate::along::Ending;
use crate::block::{BLOCK, Fold, Index, Row};
use crate::dtype::DType;
use crate::flags::Flags;
use crate::fold::{FoldError, Start, States, finish, fold, fold_divided, outputs_in};
use crate::reduce::Kernel;
use crate::scalar::{ScalarType, Slot};

/// Outputs for which a call needs no allocation.
const NEAR_OUTPUTS: usize = 4;

/// A reduction that Python can call.
pub struct Reduction {
    kernel: &'static Kernel,
    class: ResultClass,
}

impl Reduction {
    /// The face of `kernel`.
    pub const fn new(kernel: &'static Kernel) -> Reduction {
        Reduction { kernel, class: ResultClass::none() }
    }

    /// The table that this is the face of.
    pub fn kernel(&self) -> &'static Kernel {
        self.kernel
    }

    /// The class of several results.
    pub fn class(&self) -> &ResultClass {
        &self.class
    }

    /// The function behind the builtin: a result as a new reference, or null with an exception set.
    ///
    /// # Safety
    /// Called as CPython calls a `METH_FASTCALL | METH_KEYWORDS` function, attached.
    #[inline(always)]
    pub unsafe fn vectorcall(
        &self,
        arguments: *const *mut ffi::PyObject,
        positional: ffi::Py_ssize_t,
        keywords: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject {
        // SAFETY: CPython calls attached.
        let py = unsafe { Python::assume_attached() };
        if positional == 1 && keywords.is_null() && self.kernel.params.is_empty() && !self.scans() {
            // SAFETY: there is one argument, and CPython keeps it alive until it is owned below.
            let argument = unsafe { Bound::from_borrowed_ptr(py, *arguments) };
            match guarded(|| self.call_contiguous(py, &argument)) {
                Ok(Some(result)) => return result.into_ptr(),
                Ok(None) => {}
                Err(error) => return raise(error),
            }
        }
        // SAFETY: CPython calls with as many arguments as it says.
        answered(|py| self.call(py, &unsafe { Call::new(py, arguments, positional, keywords) }))
    }

    /// The short way: one input, an array that a loop reads as it is. `None` for everything else.
    #[inline(always)]
    fn call_contiguous<'py>(
        &self,
        py: Python<'py>,
        argument: &Bound<'py, PyAny>,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let kernel = self.kernel;
        let numpy = NumPy::get(py)?;
        if kernel.inputs.len() != 1 {
            return Ok(None);
        }
        let Some(array) = array::contiguous(numpy, argument) else {
            return Ok(None);
        };
        // Bools are looked at one by one, halves are converted, and an address may be asked for: the general way does it.
        let input = kernel.inputs[0];
        let as_stored = !matches!(array.dtype, DType::Bool | DType::F16) && input.align == 1;
        let Some(it) = kernel.loops.iter().find(|fold| as_stored && fold.inputs[0] == array.dtype) else {
            return Ok(None);
        };
        // Where all elements may be left out, the general way knows what to say.
        let stands_for_none = !it.skips || it.functions().identity.is_some();
        if it.outputs.len() > NEAR_OUTPUTS || !kernel.require.is_empty() || !stands_for_none {
            return Ok(None);
        }
        let mut outputs = [Slot::ZERO; NEAR_OUTPUTS];
        let mut states = States::new();
        let size = array.dtype.size();
        let next = |start: usize, len: usize, inputs: &mut [Row; 1]| {
            inputs[0] = Row::new(array.data.wrapping_add(start * size), size as isize).of_run(array.len * size);
            Ok((len, Index::following(start as i64)))
        };
        let mut end = |(state, elements): (Option<&Slot>, usize)| {
            let state = state.ok_or(FoldError::Empty)?;
            // SAFETY: a state of the loop's, and a slot for each output.
            unsafe { finish(it, state, elements, &[], &outputs_in::<NEAR_OUTPUTS>(&mut outputs)) };
            Ok(())
        };
        // SAFETY: the array holds `len` elements of the loop's dtype, and a reference to it is owned.
        let (folded, raised) = unsafe {
            if kernel.is_long(array.len) {
                let cut = kernel.means().cut(array.len, BLOCK).to_subtrees();
                let next = |(): &mut (), start: usize, len: usize, inputs: &mut _| next(start, len, inputs);
                run_watched(py, kernel, array.len, || {
                    run::flagged(|| end(fold_divided(it, cut, &[], Start::Identity, &mut states, || (), next)?))
                })?
            } else {
                run::run(py, kernel.name, kernel.gil.releases(array.len), || {
                    run::flagged(|| end(fold(it, array.len, &[], Start::Identity, &mut states, next)?))
                })?
            }
        };
        folded.map_err(|error| fold_error(py, kernel.name, error))?;
        // The general way looks whether values bear the flags out.
        if raised != Flags::NONE {
            return Ok(None);
        }
        self.scalars(py, numpy, it, &outputs).map(Some)
    }

    /// The general way.
    fn call<'py>(&self, py: Python<'py>, call: &Call<'py>) -> PyResult<Bound<'py, PyAny>> {
        let (given, params) = self.keywords(py, call)?;
        let (kernel, numpy) = (self.kernel, NumPy::get(py)?);
        if let ([argument], [], true) = (&given.inputs[..], &params[..], given.is_plain() && !self.scans())
            && let Some(result) = self.call_contiguous(py, argument)?
        {
            return Ok(result);
        }
        let taken = operands::take(kernel, py, numpy, &given.inputs)?;
        let it = operands::resolve(kernel, &taken)?;
        let params = params::slots(kernel, it, &params)?;
        let initial = match &given.initial {
            Some(object) if !object.is_none() => Some(self.initial(it, object)?),
            _ => None,
        };
        let start = match (&given.initial, &initial) {
            (None, _) => Start::Identity,
            (_, Some(state)) => Start::State(state),
            _ => Start::First,
        };
        let outs = match &given.out {
            None => vec![None; it.outputs.len()],
            Some(out) => outs(out, it.outputs.len()).ok_or_else(|| error::out_count(kernel.name, it.outputs.len()))?,
        };
        let folding = Folding::new(kernel, it, py, numpy, taken, &given.axes, given.mask.as_ref(), given.keepdims)?;
        let results = match self.scans() {
            true => folding.scan(&outs, &params)?,
            false => folding.run(&outs, &params, start, Ending::Outputs)?,
        };
        self.class.make(py, results)
    }

    /// What a call gives besides its params, and those by their places.
    #[allow(clippy::type_complexity)]
    pub fn keywords<'a, 'py>(
        &self,
        py: Python<'py>,
        call: &'a Call<'py>,
    ) -> PyResult<(Given<'py>, Vec<Option<&'a Bound<'py, PyAny>>>)> {
        let kernel = self.kernel;
        let (mut axis, mut out, mut mask, mut keepdims, mut initial) = (None, None, None, None, None);
        let params = params::given(kernel, call, |name, value| {
            let place = match name {
                "axis" => &mut axis,
                "out" => &mut out,
                _ if self.scans() => return false,
                "where" => &mut mask,
                "keepdims" => &mut keepdims,
                "initial" => &mut initial,
                _ => return false,
            };
            *place = Some(value);
            true
        })?;
        // The axis may follow the inputs.
        let mut positional = &call.arguments[..call.positional];
        operands::count(kernel, positional.len(), 1)?;
        if let Some((last, inputs)) = positional.split_last()
            && inputs.len() == kernel.inputs.len()
        {
            if axis.is_some() {
                return Err(error::twice(kernel.name, "axis"));
            }
            (axis, positional) = (Some(last), inputs);
        }
        let initial = initial.filter(|value| !value.is(PyEllipsis::get(py)));
        if initial.is_some() && !kernel.loops.iter().all(|it| it.bare) {
            return Err(error::no_initial(kernel.name));
        }
        let given = Given {
            inputs: positional.to_vec(),
            axes: Axes::read(kernel.name, axis)?,
            out: out.filter(|out| !out.is_none()).cloned(),
            mask: mask.filter(|mask| !mask.is(pyo3::types::PyBool::new(py, true))).cloned(),
            keepdims: keepdims.map_or(Ok(false), |value| value.is_truthy())?,
            initial: initial.cloned(),
        };
        Ok((given, params))
    }

    /// Whether there is a result for each element.
    #[inline(always)]
    pub fn scans(&self) -> bool {
        self.kernel.loops.iter().any(|it| it.scans)
    }

    /// The state of an `initial` value.
    fn initial(&self, it: &Fold, object: &Bound<'_, PyAny>) -> PyResult<Vec<Slot>> {
        let mut state = vec![Slot::ZERO; it.state_slots];
        let (value, _) = param::read(self.kernel.name, "initial", ScalarType::Number(it.outputs[0]), object)?;
        // A bare value is the first field, which may lie behind the count of elements.
        let field = &it.fields[0];
        let place = state.as_mut_ptr().cast::<u8>().wrapping_add(field.offset);
        // SAFETY: the state has the field, of the output's dtype; the slot holds a value of it.
        unsafe { ptr::copy_nonoverlapping((&raw const value).cast(), place, field.dtype.value().size()) };
        Ok(state)
    }

    /// NumPy scalars of the outputs; several in the named tuple.
    #[inline(always)]
    fn scalars<'py>(
        &self,
        py: Python<'py>,
        numpy: &NumPy,
        fold: &Fold,
        outputs: &[Slot],
    ) -> PyResult<Bound<'py, PyAny>> {
        if let ([dtype], [slot, ..]) = (fold.outputs, outputs) {
            return numpy.scalar(py, slot, *dtype);
        }
        let scalars = fold
            .outputs
            .iter()
            .zip(outputs)
            .map(|(&dtype, slot)| numpy.scalar(py, slot, dtype))
            .collect::<PyResult<Vec<_>>>()?;
        self.class.make(py, scalars)
    }
}

/// What a call of a reduction gives besides its params.
pub struct Given<'py> {
    /// The inputs; those with defaults may be missing.
    pub inputs: Vec<Bound<'py, PyAny>>,
    /// `axis`.
    pub axes: Axes,
    /// `out`, if there is one.
    pub out: Option<Bound<'py, PyAny>>,
    /// `where`, unless it is `True`.
    pub mask: Option<Bound<'py, PyAny>>,
    /// `keepdims`.
    pub keepdims: bool,
    /// `initial`, if it is given; None means that there is nothing to begin with.
    pub initial: Option<Bound<'py, PyAny>>,
}

impl Given<'_> {
    /// Whether nothing is said but what is so anyway.
    fn is_plain(&self) -> bool {
        let all = matches!(self.axes, Axes::All) && !self.keepdims;
        all && self.out.is_none() && self.mask.is_none() && self.initial.is_none()
    }
}
