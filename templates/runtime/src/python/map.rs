//! The face of an elementwise kernel as a ufunc: the faster ways into it.

use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::PyTuple;

use super::array;
use super::call::{Given, guarded, raise};
use super::elementwise::prepare;
use super::gil::known;
use super::intake::is_plain;
use super::numpy::NumPy;
use super::results::ResultClass;
use super::ufunc::{self, Ufunc, Vectorcall};
use super::{near, operands};
use crate::block::Map;
use crate::dense::INPUTS;
use crate::kernel::Kernel;

/// Elements from which on the general way is faster than NumPy's.
const FEW: usize = 4096;

/// An elementwise kernel that Python can call.
pub struct Elementwise {
    kernel: &'static Kernel<Map>,
    ufunc: Ufunc,
    class: ResultClass,
}

impl Elementwise {
    /// The face of `kernel`.
    pub const fn new(kernel: &'static Kernel<Map>) -> Elementwise {
        Elementwise { kernel, ufunc: Ufunc::none(), class: ResultClass::none() }
    }

    /// The table that this is the face of.
    pub fn kernel(&self) -> &'static Kernel<Map> {
        self.kernel
    }

    /// The ufunc, once it is made.
    pub fn made<'py>(&self, py: Python<'py>) -> PyResult<&Bound<'py, PyAny>> {
        self.ufunc.get(py)
    }

    /// The class of several results.
    pub fn class(&self) -> &ResultClass {
        &self.class
    }

    /// The ufunc that computes the kernel, as `module.name`, made at the first call. Calls of it come by `faster`.
    pub fn ufunc<'py>(
        &self,
        py: Python<'py>,
        module: &str,
        name: &str,
        faster: Vectorcall,
    ) -> PyResult<&Bound<'py, PyAny>> {
        // The ufunc behind a function has its params among the operands: the function is the faster way.
        let faster = self.kernel.is_ufunc().then_some(faster);
        self.ufunc.get_or_make(py, faster, || ufunc::new(py, NumPy::get(py)?, self.kernel, module, name))
    }

    /// What stands in the slot of a ufunc: the nearest way first, then the general one, then NumPy's.
    ///
    /// # Safety
    /// Called as CPython calls a vectorcall function, attached.
    #[inline(always)]
    pub unsafe fn vectorcall(
        &self,
        ufunc: *mut ffi::PyObject,
        arguments: *const *mut ffi::PyObject,
        count: usize,
        keywords: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject {
        // SAFETY: CPython calls attached, with as many arguments as it says.
        let (py, given) = unsafe {
            let py = Python::assume_attached();
            (py, Given::new(py, arguments, count, keywords))
        };
        match guarded(|| self.near(py, &given)) {
            Ok(Some(result)) => return result.into_ptr(),
            Ok(None) => {}
            Err(error) => return raise(error),
        }
        let worth_it = !self.is_small(py, &given);
        let far = worth_it.then(|| {
            known(|py| match guarded(|| self.far(py, &given)) {
                Ok(result) => result.map(Bound::into_ptr),
                Err(error) => Some(raise(error)),
            })
        });
        if let Some(result) = far.flatten() {
            return result;
        }
        // SAFETY: the call as it came, attached.
        unsafe { self.ufunc.former(ufunc, arguments, count, keywords) }
    }

    #[inline(always)]
    fn near<'py>(&self, py: Python<'py>, given: &Given<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let inputs = self.kernel.inputs.len();
        if inputs > INPUTS || given.positional < inputs {
            return Ok(None);
        }
        let Some(out) = given.out(inputs, self.kernel.outputs()) else { return Ok(None) };
        near::call(self.kernel, py, NumPy::get(py)?, given.first(inputs), out, |_| Ok([]))
    }

    /// Whether a call is of a few elements only, which NumPy's driver reaches sooner than the general way does.
    fn is_small(&self, py: Python<'_>, given: &Given<'_, '_>) -> bool {
        let Ok(numpy) = NumPy::get(py) else { return true };
        let elements = (0..given.positional.min(self.kernel.inputs.len())).try_fold(1usize, |elements, k| {
            let size = array::elements(numpy, &given.argument(k))?;
            elements.checked_mul(size)
        });
        elements.is_some_and(|elements| elements < FEW)
    }

    /// The general way of a ufunc; `None` for what NumPy is to answer, errors in its own words among it.
    #[inline(never)]
    fn far<'py>(&self, py: Python<'py>, given: &Given<'_, '_>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (kernel, numpy) = (self.kernel, NumPy::get(py)?);
        let (inputs, outputs) = (kernel.inputs.len(), kernel.outputs());
        let object = |k: usize| given.argument(k).to_owned().into_any().unbind().into_bound(py);
        if given.positional < inputs || given.positional > inputs + outputs {
            return Ok(None);
        }
        let out = match given.keywords {
            None => {
                let given = (inputs..given.positional).map(|k| Some(object(k)).filter(|out| !out.is_none()));
                Some(given.chain(std::iter::repeat_n(None, outputs)).take(outputs).collect())
            }
            Some(_) if given.positional == inputs && given.is_out() => outs(&object(inputs), outputs),
            Some(_) => None,
        };
        let Some(out) = out else { return Ok(None) };
        let objects: Vec<Bound<'py, PyAny>> = (0..inputs).map(object).collect();
        for object in &objects {
            if !is_plain(numpy, object)? {
                return Ok(None);
            }
        }
        let ready = operands::take(kernel, py, numpy, &objects).ok().and_then(|taken| {
            let map = operands::resolve(kernel, &taken).ok()?;
            prepare(kernel, map, py, numpy, taken, &out).ok()
        });
        let Some(ready) = ready else { return Ok(None) };
        let results = ready.run(kernel, py, numpy, &[])?;
        self.class.make(py, results).map(Some)
    }
}

/// The arrays of an `out`: one, or a tuple with one for each output; `None` if it is neither.
pub fn outs<'py>(out: &Bound<'py, PyAny>, outputs: usize) -> Option<Vec<Option<Bound<'py, PyAny>>>> {
    let given = match out.cast::<PyTuple>() {
        Ok(tuple) => tuple.iter().collect(),
        Err(_) => vec![out.clone()],
    };
    (given.len() == outputs).then(|| given.into_iter().map(|out| Some(out).filter(|out| !out.is_none())).collect())
}
