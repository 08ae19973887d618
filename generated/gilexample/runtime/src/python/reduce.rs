//! The face of a reduction: from a call's arguments to its result.

use pyo3::exceptions::PyMemoryError;
use pyo3::ffi;
use pyo3::prelude::*;

use super::call::{Call, answered, guarded, raise};
use super::numpy::NumPy;
use super::results::ResultClass;
use super::{array, error, operands, params, run};
use crate::block::{Fold, Row};
use crate::dtype::DType;
use crate::flags::Flags;
use crate::fold::{FoldError, fold, fold_walk};
use crate::reduce::Kernel;
use crate::scalar::Slot;
use crate::special::{Specials, borne_out, specials, walk_specials};
use crate::tile::Layout;

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
        if positional == 1 && keywords.is_null() && self.kernel.inputs.len() == 1 && self.kernel.params.is_empty() {
            // SAFETY: there is one argument, and CPython keeps it alive until it is owned below.
            let argument = unsafe { Bound::from_borrowed_ptr(py, *arguments) };
            match guarded(|| self.call_contiguous(py, &argument)) {
                Ok(Some(result)) => return result.into_ptr(),
                Ok(None) => {}
                Err(error) => return raise(py, error),
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
        let Some(array) = array::contiguous(numpy, argument) else {
            return Ok(None);
        };
        // Bools are looked at one by one, halves are converted, and an address may be asked for: the general way does it.
        let input = kernel.inputs[0];
        let as_stored = !matches!(array.dtype, DType::Bool | DType::F16) && input.align == 1;
        let Some(it) = kernel.loops.iter().find(|fold| as_stored && fold.inputs[0] == array.dtype) else {
            return Ok(None);
        };
        if it.outputs.len() > NEAR_OUTPUTS || !kernel.require.is_empty() {
            return Ok(None);
        }
        let mut outputs = [Slot::ZERO; NEAR_OUTPUTS];
        let release = kernel.gil.releases(array.len);
        let size = array.dtype.size();
        let (folded, raised) = run::run(py, kernel.name, release, || {
            let next = |start: usize, _: usize, inputs: &mut [Row; 1]| {
                inputs[0] = Row { data: array.data.wrapping_add(start * size), stride: size as isize };
                Ok(())
            };
            // SAFETY: the array holds `len` elements of the loop's dtype, and a reference to it is owned.
            run::flagged(|| unsafe { fold(it, array.len, &[], &mut outputs, next) })
        })?;
        folded.map_err(|error| self.fold_error(error))?;
        if raised != Flags::NONE {
            self.report(py, numpy, it, &outputs, raised, &[array.layout()])?;
        }
        self.result(py, numpy, it, &outputs).map(Some)
    }

    /// The general way.
    fn call<'py>(&self, py: Python<'py>, call: &Call<'py>) -> PyResult<Bound<'py, PyAny>> {
        let kernel = self.kernel;
        let numpy = NumPy::get(py)?;
        let given = params::given(kernel, call, |_, _| false)?;
        let taken = operands::take(kernel, py, numpy, &call.arguments[..call.positional])?;
        let it = operands::resolve(kernel, &taken)?;
        let params = params::slots(kernel, it, &given)?;
        let arrays = operands::arrays(kernel, numpy, taken, it)?;
        let layouts = operands::layouts(kernel, &arrays, it)?;
        let mut walk = operands::walk(kernel, it, &layouts)?;
        let mut outputs = vec![Slot::ZERO; it.outputs.len()];
        let release = kernel.gil.releases(walk.len());
        let (folded, raised) = run::run(py, kernel.name, release, || {
            // SAFETY: the arrays are owned until the end of this call, and the walk is made from their layouts.
            run::flagged(|| unsafe { fold_walk(it, &mut walk, &params, &mut outputs) })
        })?;
        folded.map_err(|error| self.fold_error(error))?;
        if raised != Flags::NONE {
            self.report(py, numpy, it, &outputs, raised, &layouts)?;
        }
        self.result(py, numpy, it, &outputs)
    }

    fn fold_error(&self, error: FoldError) -> PyErr {
        match error {
            FoldError::Empty => error::empty(self.kernel.name),
            FoldError::NoMemory => PyMemoryError::new_err(()),
        }
    }

    /// Reports the flags that the values bear out: flags say whether to look, values decide.
    #[cold]
    fn report(
        &self,
        py: Python<'_>,
        numpy: &NumPy,
        fold: &Fold,
        outputs: &[Slot],
        raised: Flags,
        layouts: &[Layout],
    ) -> PyResult<()> {
        let found = specials(fold.outputs, outputs);
        let mut came = Specials::default();
        if found != Specials::default() {
            let mut walk = operands::walk(self.kernel, fold, layouts)?;
            let release = self.kernel.gil.releases(walk.len());
            // SAFETY: the arrays are still owned, and the layouts are theirs.
            let look = || unsafe { walk_specials(fold.inputs, &mut walk) };
            let looked = run::run(py, self.kernel.name, release, look)?;
            came = looked.map_err(|_| PyMemoryError::new_err(()))?;
        }
        let report = borne_out(raised, found, came);
        if report == Flags::NONE { Ok(()) } else { numpy.report(py, self.kernel.name, report) }
    }

    /// NumPy scalars of the outputs; several in the named tuple.
    #[inline(always)]
    fn result<'py>(
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
