//! The face of a body kernel: a call from end to end.

use pyo3::exceptions::{PyRuntimeError, PyValueError};
use pyo3::ffi;
use pyo3::prelude::*;

use super::call::{Call, Given, answered, guarded, raise};
use super::cores::{self, Cores};
use super::ending::{exception, run_watched};
use super::function::is_inert;
use super::gil::known;
use super::intake::is_plain;
use super::map::outs;
use super::numpy::NumPy;
use super::places::{Placing, Request};
use super::results::ResultClass;
use super::ufunc::{Ufunc, Vectorcall};
use super::{error, gufunc, near_items, operands, params};
use crate::block::Body;
use crate::body::Kernel;
use crate::dims::{Lengths, Misfit, Why};
use crate::flags::Flags;
use crate::kernel::Role;
use crate::team;

/// How many elements of an elementwise kernel an element of a body is taken for, when the GIL is to be released.
pub const WEIGHT: usize = 16;

/// A body kernel that Python can call.
pub struct Bodied {
    kernel: &'static Kernel,
    ufunc: Ufunc,
    class: ResultClass,
    /// Whether calls may take the nearest way.
    near: bool,
}

/// The keywords that every call has.
#[derive(Default)]
struct Keywords<'a, 'py> {
    out: Option<&'a Bound<'py, PyAny>>,
    axis: Option<&'a Bound<'py, PyAny>>,
    axes: Option<&'a Bound<'py, PyAny>>,
    keepdims: Option<&'a Bound<'py, PyAny>>,
    /// Whether there are others, which only NumPy knows.
    others: bool,
}

impl Bodied {
    /// The face of `kernel`.
    pub const fn new(kernel: &'static Kernel) -> Bodied {
        Bodied { kernel, ufunc: Ufunc::none(), class: ResultClass::none(), near: near_items::is_near(kernel) }
    }

    /// The table that this is the face of.
    pub fn kernel(&self) -> &'static Kernel {
        self.kernel
    }

    /// The class of several results.
    pub fn class(&self) -> &ResultClass {
        &self.class
    }

    /// The gufunc of the kernel, as `module.name`, made at the first call. Calls of it come by `faster`.
    pub fn gufunc<'py>(&self, py: Python<'py>, module: &str, faster: Vectorcall) -> PyResult<&Bound<'py, PyAny>> {
        self.ufunc.get_or_make(py, Some(faster), || gufunc::new(py, NumPy::get(py)?, self.kernel, module))
    }

    /// What stands in the slot of a gufunc.
    ///
    /// # Safety
    /// Called as CPython calls a vectorcall function, attached.
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
        let positional = given.positional as ffi::Py_ssize_t;
        let answer = known(|py| {
            // SAFETY: CPython calls attached, with as many arguments as it says.
            let call = unsafe { Call::new(py, arguments, positional, keywords) };
            match guarded(|| self.answer(py, &call, true)) {
                Ok(result) => result.map(Bound::into_ptr),
                Err(error) => Some(raise(error)),
            }
        });
        // SAFETY: the call as it came, attached.
        answer.unwrap_or_else(|| unsafe { self.ufunc.former(ufunc, arguments, count, keywords) })
    }

    /// The nearest way into a gufunc.
    #[inline(always)]
    fn near<'py>(&self, py: Python<'py>, given: &Given<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let inputs = self.kernel.inputs.len();
        if !self.near {
            return Ok(None);
        }
        match given.out(inputs, self.kernel.outputs.names.len()) {
            Some(out) => near_items::call(self.kernel, py, given.first(inputs), out, |_| Ok(Vec::new())),
            None => Ok(None),
        }
    }

    /// The function behind the builtin of a kernel that is none of NumPy's gufuncs.
    ///
    /// # Safety
    /// Called as CPython calls a `METH_FASTCALL | METH_KEYWORDS` function, attached.
    pub unsafe fn function(
        &self,
        arguments: *const *mut ffi::PyObject,
        positional: ffi::Py_ssize_t,
        keywords: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject {
        answered(|py| {
            // SAFETY: CPython calls attached, with as many arguments as it says.
            let call = unsafe { Call::new(py, arguments, positional, keywords) };
            let result = self.answer(py, &call, false)?;
            result.ok_or_else(|| PyRuntimeError::new_err("a function has nobody to leave a call to"))
        })
    }

    /// Computes a call; `None` where NumPy is to answer, which only a `gufunc` does.
    fn answer<'py>(&self, py: Python<'py>, call: &Call<'py>, gufunc: bool) -> PyResult<Option<Bound<'py, PyAny>>> {
        let (kernel, numpy) = (self.kernel, NumPy::get(py)?);
        let mut keywords = Keywords::default();
        let given = params::given(kernel, call, |name, value| keywords.take(name, value, gufunc))?;
        let inputs = kernel.inputs.len().min(call.positional);
        let (objects, more) = call.arguments[..call.positional].split_at(inputs);
        let outputs = kernel.outputs.names.len();
        if gufunc && self.is_for_numpy(numpy, objects, more, &keywords)? {
            return Ok(None);
        }
        let complete = call.positional == kernel.inputs.len();
        let near = self.near && !gufunc && complete;
        if near && keywords.say_nothing_of_items() && given.iter().flatten().all(|value| is_inert(value)) {
            let arguments: Vec<_> = objects.iter().map(|object| object.as_borrowed()).collect();
            let out = keywords.out.map(|out| out.as_borrowed()).filter(|out| !out.is_none());
            let read = |body| params::read(kernel, body, &given);
            if let Some(result) = near_items::call(kernel, py, &arguments, out, read)? {
                return Ok(Some(result));
            }
        }
        operands::count(kernel, call.positional, if gufunc { outputs } else { 0 })?;
        let out: Vec<Option<Bound<'py, PyAny>>> = match keywords.out.filter(|out| !out.is_none()) {
            Some(_) if !more.is_empty() => return Err(error::twice(kernel.name, "out")),
            Some(out) => outs(out, outputs).ok_or_else(|| error::out_count(kernel.name, outputs))?,
            None => {
                let more = more.iter().map(|out| Some(out.clone()).filter(|out| !out.is_none()));
                more.chain(std::iter::repeat_n(None, outputs)).take(outputs).collect()
            }
        };
        let taken = operands::take(kernel, py, numpy, objects)?;
        let body = operands::resolve(kernel, &taken)?;
        let scratch = body.scratch.len();
        let kept = match keywords.keepdims {
            Some(keep) if keep.is_truthy()? => cores::kept(kernel, scratch)?,
            _ => 0,
        };
        let cores = Cores::read(kernel, scratch, kept, keywords.axis, keywords.axes)?;
        let read = params::read(kernel, body, &given)?;
        let mut arrays = Vec::with_capacity(taken.len());
        for ((taken, input), &wanted) in taken.into_iter().zip(kernel.inputs).zip(body.inputs) {
            arrays.push(operands::array(numpy, taken, input, wanted)?);
        }
        let request = Request { kernel, body, numpy, py, cores, kept };
        // No Python code runs from here until the loop is done.
        let mut placing = Placing::new(&request, arrays)?;
        let misfit = |misfit| describe(kernel, body, misfit);
        let mut lengths = Lengths::named(&kernel.core, &placing.items(kernel)).map_err(misfit)?;
        lengths.tell(&kernel.core, &placing.items(kernel), None).map_err(misfit)?;
        let (slots, values) = params::complete(kernel, body, read, &lengths.dims)?;
        lengths.solve(&kernel.core, &placing.items(kernel), &values).map_err(misfit)?;
        params::require(kernel, body, &values, &lengths.dims)?;
        let shapes = (0..kernel.core.operands.len()).map(|operand| lengths.item(&kernel.core, operand, &values));
        let shapes = shapes.collect::<Result<Vec<_>, _>>().map_err(misfit)?;
        placing.outputs(&request, out, &shapes)?;
        let (results, items) = placing.ready(&request, shapes)?;
        let items = items.ok_or_else(|| error::complex(kernel.name))?;
        let computed = run_watched(py, kernel, items.work().saturating_mul(WEIGHT), || {
            // SAFETY: the arrays are owned by `results`; what is written is shared with nobody.
            unsafe { team::compute(&items, body, &kernel.core, &lengths, &slots, kernel.means()) }
        })?;
        let report = computed.map_err(|failure| exception(py, kernel.name, failure))?;
        if report != Flags::NONE {
            numpy.report(py, kernel.name, report)?;
        }
        let results = results.finish(py)?;
        if results.is_empty() {
            return Ok(Some(py.None().into_bound(py)));
        }
        self.class.make(py, results).map(Some)
    }

    /// Whether a call of a gufunc has something that only NumPy knows. Masks are refused.
    fn is_for_numpy(
        &self,
        numpy: &NumPy,
        inputs: &[Bound<'_, PyAny>],
        outputs: &[Bound<'_, PyAny>],
        keywords: &Keywords<'_, '_>,
    ) -> PyResult<bool> {
        let mut others = keywords.others;
        for (object, input) in inputs.iter().zip(self.kernel.inputs) {
            if object.is_instance(numpy.masked.bind(object.py()))? {
                return Err(error::masked(self.kernel.name, input.name));
            }
            others |= !is_plain(numpy, object)?;
        }
        let plain = |out: &Bound<'_, PyAny>| out.is_none() || numpy.is_exact_array(out);
        let given = keywords.out.and_then(|out| outs(out, self.kernel.outputs.names.len()));
        let given = given.iter().flatten().flatten();
        Ok(others || outputs.iter().any(|out| !plain(out)) || given.into_iter().any(|out| !plain(out)))
    }
}

impl<'a, 'py> Keywords<'a, 'py> {
    /// Whether the last axes make an item.
    fn say_nothing_of_items(&self) -> bool {
        self.axis.is_none() && self.axes.is_none() && self.keepdims.is_none()
    }

    /// Takes a keyword, and says whether it is one. A `gufunc` may have more than are known here.
    fn take(&mut self, name: &str, value: &'a Bound<'py, PyAny>, gufunc: bool) -> bool {
        match name {
            "out" => self.out = Some(value),
            "axis" => self.axis = Some(value),
            "axes" => self.axes = Some(value),
            "keepdims" => self.keepdims = Some(value),
            _ if gufunc => self.others = true,
            _ => return false,
        }
        true
    }
}

/// What does not fit, in the words of a spec.
pub fn describe(kernel: &Kernel, body: &Body, misfit: Misfit) -> PyErr {
    let Misfit { operand, axis, why } = misfit;
    let (inputs, scratch) = (kernel.inputs.len(), body.scratch.len());
    let name = match operand.checked_sub(inputs) {
        None => kernel.inputs[operand].name,
        Some(place) if place < scratch => "a scratch array",
        Some(place) => kernel.outputs.names[place - scratch],
    };
    let said = kernel.core.operands[operand][axis].said(&kernel.core);
    let count = kernel.core.operands[operand].len();
    let place = if count == 1 { String::new() } else { format!(" (core axis {axis})") };
    let kernel = kernel.name;
    PyValueError::new_err(match why {
        Why::Wanted { found, wanted } if said == wanted.to_string() => {
            format!("{kernel}(): {name} must have length {wanted}{place}, got {found}")
        }
        Why::Wanted { found, wanted } => {
            format!("{kernel}(): {name} must have length {said} = {wanted}{place}, got {found}")
        }
        Why::Unsolved { found } => format!("{kernel}(): {name} must have length {said}{place}, which {found} never is"),
        Why::Negative(length) => format!("{kernel}(): {name} would have length {said} = {length}{place}"),
        Why::Undefined => format!("{kernel}(): the length {said} of {name}{place} has no value"),
    })
}

/// Whether an array is changed in place.
pub fn is_changed(kernel: &Kernel, place: usize) -> bool {
    kernel.inputs.get(place).is_some_and(|input| input.role == Role::Change)
}
