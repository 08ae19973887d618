//! The face of an elementwise kernel: a ufunc with a faster way in, or a function in front of one.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use pyo3::{Borrowed, ffi, intern};

use super::array::is_plain;
use super::call::{Call, guarded, raise};
use super::elementwise::{Refusal, prepare};
use super::numpy::NumPy;
use super::results::ResultClass;
use super::ufunc::{self, Vectorcall};
use super::{error, near, operands, param, params};
use crate::block::Map;
use crate::dtype::Cast;
use crate::kernel::Kernel;
use crate::scalar::Slot;

/// `PY_VECTORCALL_ARGUMENTS_OFFSET`: a bit that CPython adds to the count of positional arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// An elementwise kernel that Python can call.
pub struct Elementwise {
    kernel: &'static Kernel<Map>,
    ufunc: PyOnceLock<Ufunc>,
    class: ResultClass,
}

/// A ufunc and what its slot held.
struct Ufunc {
    object: Py<PyAny>,
    former: Option<Vectorcall>,
}

impl Elementwise {
    /// The face of `kernel`.
    pub const fn new(kernel: &'static Kernel<Map>) -> Elementwise {
        Elementwise { kernel, ufunc: PyOnceLock::new(), class: ResultClass::none() }
    }

    /// The table that this is the face of.
    pub fn kernel(&self) -> &'static Kernel<Map> {
        self.kernel
    }

    /// The class of several results.
    pub fn class(&self) -> &ResultClass {
        &self.class
    }

    /// The ufunc that computes the kernel, of `module`, made at the first call. Calls of it come by `faster`.
    pub fn ufunc<'py>(&self, py: Python<'py>, module: &str, faster: Vectorcall) -> PyResult<&Bound<'py, PyAny>> {
        let made = self.ufunc.get_or_try_init(py, || {
            let object = ufunc::new(py, NumPy::get(py)?, self.kernel, module)?;
            // The ufunc behind a function has its params among the operands: the function is the faster way.
            let former = if self.kernel.is_ufunc() { ufunc::put_before(&object, faster) } else { None };
            PyResult::Ok(Ufunc { object: object.unbind(), former })
        })?;
        Ok(made.object.bind(py))
    }

    /// What stands in the slot of a ufunc.
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
        // SAFETY: CPython calls attached.
        let py = unsafe { Python::assume_attached() };
        // SAFETY: passed on.
        let result = guarded(|| unsafe { self.faster(py, arguments, count & !ARGUMENTS_OFFSET, keywords) });
        match result {
            Ok(Some(result)) => result.into_ptr(),
            Ok(None) => match self.ufunc.get(py).and_then(|ufunc| ufunc.former) {
                // SAFETY: the call as it came, to the function that it was for.
                Some(former) => unsafe { former(ufunc, arguments, count, keywords) },
                None => raise(py, PyRuntimeError::new_err("a ufunc was called before it was made")),
            },
            Err(error) => raise(py, error),
        }
    }

    /// The calls that kernelgen's own driver takes: inputs by position, outputs by position or as `out`.
    ///
    /// # Safety
    /// As for [`vectorcall`](Elementwise::vectorcall).
    #[inline(always)]
    unsafe fn faster<'py>(
        &self,
        py: Python<'py>,
        arguments: *const *mut ffi::PyObject,
        positional: usize,
        keywords: *mut ffi::PyObject,
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let numpy = NumPy::get(py)?;
        let inputs = self.kernel.inputs.len();
        let outputs = self.kernel.loops.first().map_or(0, |map| map.outputs.len());
        // SAFETY: there are `positional` arguments, and one for each keyword, which CPython keeps alive during the call.
        let argument = |k: usize| unsafe { Borrowed::from_ptr(py, *arguments.add(k)) };
        // SAFETY: null or a tuple of strings.
        let keywords = unsafe { Borrowed::from_ptr_or_opt(py, keywords) };
        let out = match keywords {
            None if positional == inputs => None,
            None if outputs == 1 && positional == inputs + 1 => Some(argument(inputs)),
            Some(names) if positional == inputs && is_out(&names)? => Some(argument(positional)),
            None if positional > inputs && positional <= inputs + outputs => None,
            _ => return Ok(None),
        };
        let out = out.filter(|out| !out.is_none());
        if inputs <= near::INPUTS && (out.is_none() && positional == inputs || outputs == 1) {
            let mut objects = [argument(0); near::INPUTS];
            (1..inputs).for_each(|k| objects[k] = argument(k));
            if let Some(result) = near::call(self.kernel, py, numpy, &objects[..inputs], out, |_| Ok(Vec::new()))? {
                return Ok(Some(result));
            }
        }
        let objects: Vec<Bound<'py, PyAny>> = (0..inputs).map(|k| argument(k).to_owned()).collect();
        let out = match out {
            Some(out) => self.out(&out, outputs),
            None => {
                let given = (inputs..positional).map(|k| Some(argument(k).to_owned()).filter(|out| !out.is_none()));
                Some(given.chain(std::iter::repeat_n(None, inputs + outputs - positional)).take(outputs).collect())
            }
        };
        match out {
            Some(out) => self.far(py, numpy, &objects, &out),
            None => Ok(None),
        }
    }

    /// The general way of a ufunc; `None` for what NumPy is to answer, errors in its own words among it.
    #[inline(never)]
    fn far<'py>(
        &self,
        py: Python<'py>,
        numpy: &NumPy,
        objects: &[Bound<'py, PyAny>],
        out: &[Option<Bound<'py, PyAny>>],
    ) -> PyResult<Option<Bound<'py, PyAny>>> {
        let kernel = self.kernel;
        for object in objects {
            if !is_plain(numpy, object)? {
                return Ok(None);
            }
        }
        let ready = operands::take(kernel, py, numpy, objects).ok().and_then(|taken| {
            let map = operands::resolve(kernel, &taken).ok()?;
            prepare(kernel, map, py, numpy, taken, out).ok()
        });
        let Some(ready) = ready else { return Ok(None) };
        let results = ready.run(kernel, py, numpy, &[])?;
        self.class.make(py, results).map(Some)
    }

    /// The arrays of an `out`: one, or a tuple with one for each output; `None` if it is neither.
    fn out<'py>(&self, out: &Bound<'py, PyAny>, outputs: usize) -> Option<Vec<Option<Bound<'py, PyAny>>>> {
        let given = match out.cast::<PyTuple>() {
            Ok(tuple) => tuple.iter().collect(),
            Err(_) => vec![out.clone()],
        };
        (given.len() == outputs).then(|| given.into_iter().map(|out| Some(out).filter(|out| !out.is_none())).collect())
    }

    /// The function behind the builtin of a kernel that is none of NumPy's ufuncs.
    ///
    /// # Safety
    /// Called as CPython calls a `METH_FASTCALL | METH_KEYWORDS` function, attached.
    pub unsafe fn function(
        &self,
        arguments: *const *mut ffi::PyObject,
        positional: ffi::Py_ssize_t,
        keywords: *mut ffi::PyObject,
    ) -> *mut ffi::PyObject {
        // SAFETY: CPython calls attached, with as many arguments as it says.
        let (py, call) = unsafe {
            let py = Python::assume_attached();
            (py, Call::new(py, arguments, positional, keywords))
        };
        match guarded(|| self.call(py, &call)) {
            Ok(result) => result.into_ptr(),
            Err(error) => raise(py, error),
        }
    }

    fn call<'py>(&self, py: Python<'py>, call: &Call<'py>) -> PyResult<Bound<'py, PyAny>> {
        let kernel = self.kernel;
        let numpy = NumPy::get(py)?;
        let (mut out, mut masked) = (None, None);
        let given = params::given(kernel, call, |name, value| {
            let place = match name {
                "out" => &mut out,
                "where" => &mut masked,
                _ => return false,
            };
            *place = Some(value).filter(|value| !value.is_none());
            true
        })?;
        let masked = masked.filter(|value| !value.is(pyo3::types::PyBool::new(py, true)));
        let outputs = kernel.loops.first().map_or(0, |map| map.outputs.len());
        let outs = match out {
            None => vec![None; outputs],
            Some(out) => self.out(out, outputs).ok_or_else(|| error::out_count(kernel.name, outputs))?,
        };
        let objects = &call.arguments[..call.positional];
        let mut plain = true;
        for object in objects {
            plain = plain && is_plain(numpy, object)?;
        }
        if !plain {
            let map = kernel.loops.last().ok_or_else(|| PyRuntimeError::new_err("a kernel without a loop"))?;
            let slots = params::slots(kernel, map, &given)?;
            return self.hand_over(py, objects, map, &slots, out, masked, false);
        }
        let taken = operands::take(kernel, py, numpy, objects)?;
        let map = operands::resolve(kernel, &taken)?;
        let slots = params::slots(kernel, map, &given)?;
        if masked.is_none() {
            match prepare(kernel, map, py, numpy, taken, &outs) {
                Ok(ready) => return self.class.make(py, ready.run(kernel, py, numpy, &slots)?),
                Err(Refusal::Wrong(error)) => return Err(error),
                Err(Refusal::ForNumPy) => {}
            }
        }
        self.hand_over(py, objects, map, &slots, out, masked, true)
    }

    /// Leaves a call to the ufunc behind the function, params and all. `resolved` says that `map` is the loop to take.
    #[allow(clippy::too_many_arguments)]
    fn hand_over<'py>(
        &self,
        py: Python<'py>,
        objects: &[Bound<'py, PyAny>],
        map: &Map,
        slots: &[Slot],
        out: Option<&Bound<'py, PyAny>>,
        masked: Option<&Bound<'py, PyAny>>,
        resolved: bool,
    ) -> PyResult<Bound<'py, PyAny>> {
        let kernel = self.kernel;
        let ufunc =
            self.ufunc.get(py).ok_or_else(|| PyRuntimeError::new_err("a kernel was called before its module"))?;
        let mut arguments = objects.to_vec();
        for default in kernel.inputs[objects.len().min(kernel.inputs.len())..].iter().filter_map(|input| input.default)
        {
            arguments.push(param::object(py, default)?);
        }
        for (&ty, slot) in map.params.iter().zip(slots) {
            arguments.push(param::number(py, ty, slot)?);
        }
        let keywords = PyDict::new(py);
        if let Some(out) = out {
            keywords.set_item("out", out)?;
        }
        if let Some(masked) = masked {
            keywords.set_item("where", masked)?;
        }
        let loosest = kernel.inputs.iter().map(|input| input.cast).max();
        if resolved && let Some(rule) = loosest.filter(|&rule| rule > Cast::Safe) {
            keywords.set_item("casting", rule.name())?;
            let inputs = map.inputs.iter().map(|dtype| dtype.name());
            let params = map.params.iter().map(|&ty| super::strided::operand(ty).name());
            let names = inputs.chain(params).chain(map.outputs.iter().map(|dtype| dtype.name()));
            keywords.set_item("signature", PyTuple::new(py, names.collect::<Vec<_>>())?)?;
        }
        let result = ufunc.object.bind(py).call(PyTuple::new(py, arguments)?, Some(&keywords))?;
        match result.cast::<PyTuple>() {
            Ok(results) => self.class.make(py, results.iter().collect()),
            Err(_) => Ok(result),
        }
    }
}

/// Whether keywords are `out` and nothing else.
#[inline(always)]
fn is_out(names: &Bound<'_, PyAny>) -> PyResult<bool> {
    let py = names.py();
    let names = names.cast::<PyTuple>()?;
    if names.len() != 1 {
        return Ok(false);
    }
    let name = names.get_item(0)?;
    Ok(name.is(intern!(py, "out")) || name.cast::<PyString>()? == "out")
}
