//! The face of an elementwise kernel: a ufunc with a faster way in, or a function in front of one.

use pyo3::exceptions::PyRuntimeError;
use pyo3::prelude::*;
use pyo3::sync::PyOnceLock;
use pyo3::types::{PyDict, PyString, PyTuple};
use pyo3::{Borrowed, ffi, intern};

use super::array::{self, is_plain};
use super::call::{Call, answered, guarded, raise};
use super::elementwise::{Refusal, prepare};
use super::numpy::NumPy;
use super::results::ResultClass;
use super::ufunc::{self, Vectorcall};
use super::{error, near, operands, param, params};
use crate::block::Map;
use crate::dense::INPUTS;
use crate::dtype::Cast;
use crate::kernel::{Input, Kernel};
use crate::scalar::Slot;

/// `PY_VECTORCALL_ARGUMENTS_OFFSET`: a bit that CPython adds to the count of positional arguments.
const ARGUMENTS_OFFSET: usize = 1 << (usize::BITS - 1);

/// Elements from which on the general way is faster than NumPy's.
const FEW: usize = 4096;

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

    /// The ufunc that computes the kernel, as `module.name`, made at the first call. Calls of it come by `faster`.
    pub fn ufunc<'py>(
        &self,
        py: Python<'py>,
        module: &str,
        name: &str,
        faster: Vectorcall,
    ) -> PyResult<&Bound<'py, PyAny>> {
        let made = self.ufunc.get_or_try_init(py, || {
            let object = ufunc::new(py, NumPy::get(py)?, self.kernel, module, name)?;
            // The ufunc behind a function has its params among the operands: the function is the faster way.
            let former = if self.kernel.is_ufunc() { ufunc::put_before(&object, faster) } else { None };
            PyResult::Ok(Ufunc { object: object.unbind(), former })
        })?;
        Ok(made.object.bind(py))
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
            (py, Given::new(py, arguments, count & !ARGUMENTS_OFFSET, keywords))
        };
        match guarded(|| self.near(py, &given)) {
            Ok(Some(result)) => return result.into_ptr(),
            Ok(None) => {}
            Err(error) => return raise(py, error),
        }
        // In the way that pyo3 knows of: see `answered`.
        let worth_it = !self.is_small(py, &given);
        let far = worth_it.then(|| {
            Python::attach(|py| match guarded(|| self.far(py, &given)) {
                Ok(result) => result.map(Bound::into_ptr),
                Err(error) => Some(raise(py, error)),
            })
        });
        if let Some(result) = far.flatten() {
            return result;
        }
        match self.ufunc.get(py).and_then(|ufunc| ufunc.former) {
            // SAFETY: the call as it came, to the function that it was for.
            Some(former) => unsafe { former(ufunc, arguments, count, keywords) },
            None => raise(py, PyRuntimeError::new_err("a ufunc was called before it was made")),
        }
    }

    #[inline(always)]
    fn near<'py>(&self, py: Python<'py>, given: &Given<'_, 'py>) -> PyResult<Option<Bound<'py, PyAny>>> {
        let inputs = self.kernel.inputs.len();
        if inputs > INPUTS || given.positional < inputs {
            return Ok(None);
        }
        let out = match given.keywords {
            None if given.positional == inputs => None,
            None if given.positional == inputs + 1 && self.kernel.outputs() == 1 => Some(given.argument(inputs)),
            Some(names) if given.positional == inputs && self.kernel.outputs() == 1 && is_out(names) => {
                Some(given.argument(inputs))
            }
            _ => return Ok(None),
        };
        near::call(self.kernel, py, NumPy::get(py)?, given.first(inputs), out.filter(|out| !out.is_none()), |_| Ok([]))
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
            Some(names) if given.positional == inputs && is_out(names) => outs(&object(inputs), outputs),
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
        answered(|py| self.call(py, &unsafe { Call::new(py, arguments, positional, keywords) }))
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
        let outs = match out {
            None => vec![None; kernel.outputs()],
            Some(out) => outs(out, kernel.outputs()).ok_or_else(|| error::out_count(kernel.name, kernel.outputs()))?,
        };
        let objects = &call.arguments[..call.positional];
        operands::count(kernel, objects.len())?;
        // A short way for arrays that need nothing done to them, if the spec has nothing to say of them either.
        let as_usual = |input: &Input| input.cast == Cast::Safe && !input.has_rules();
        let complete = objects.len() == kernel.inputs.len() && kernel.outputs() == 1;
        if complete && out.is_none() && masked.is_none() && kernel.inputs.iter().all(as_usual) {
            let objects: Vec<_> = objects.iter().map(|object| object.as_borrowed()).collect();
            let params = |map| params::slots(kernel, map, &given);
            if let Some(result) = near::call(kernel, py, numpy, &objects, None, params)? {
                return Ok(result);
            }
        }
        // What NumPy has a way of its own for goes to the ufunc, unless the inputs have rules that it does not know.
        let mut plain = kernel.inputs.iter().any(Input::has_rules);
        if !plain {
            plain = true;
            for object in objects {
                plain = plain && is_plain(numpy, object)?;
            }
        }
        if !plain {
            let (map, slots) = self.widest(&given)?;
            return self.hand_over(py, objects, map, &slots, out, masked, false);
        }
        let taken = operands::take(kernel, py, numpy, objects)?;
        let map = operands::resolve(kernel, &taken)?;
        let slots = params::slots(kernel, map, &given)?;
        if masked.is_some() {
            operands::layouts(kernel, &operands::arrays(kernel, numpy, taken, map)?, map)?;
        } else {
            match prepare(kernel, map, py, numpy, taken, &outs) {
                Ok(ready) => return self.class.make(py, ready.run(kernel, py, numpy, &slots)?),
                Err(Refusal::Wrong(error)) => return Err(error),
                Err(Refusal::ForNumPy) => {}
            }
        }
        self.hand_over(py, objects, map, &slots, out, masked, true)
    }

    /// The params for the last loop whose types can hold them: nobody knows yet which one it will be.
    fn widest(&self, given: &[Option<&Bound<'_, PyAny>>]) -> PyResult<(&'static Map, Vec<Slot>)> {
        let mut refused = None;
        for &map in self.kernel.loops.iter().rev() {
            match params::slots(self.kernel, map, given) {
                Ok(slots) => return Ok((map, slots)),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(|| PyRuntimeError::new_err("a kernel without a loop")))
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
        if resolved {
            // Params would take part in NumPy's choice of a loop.
            let loosest = kernel.inputs.iter().map(|input| input.cast).max();
            if let Some(rule) = loosest.filter(|&rule| rule > Cast::SameKind) {
                self.accept_outs(py, map, out)?;
                keywords.set_item("casting", rule.name())?;
            }
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

    /// Refuses arrays of an `out` that results are not cast to, by the rule that stands for outputs whatever the inputs' is.
    fn accept_outs(&self, py: Python<'_>, map: &Map, out: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let given = out.and_then(|out| outs(out, self.kernel.outputs())).unwrap_or_default();
        let can_cast = py.import("numpy")?.getattr("can_cast")?;
        for (dtype, out) in map.outputs.iter().zip(given) {
            let Some(to) = out.map(|out| out.getattr("dtype")).transpose()? else { continue };
            if !can_cast.call1((dtype.name(), &to, Cast::SameKind.name()))?.is_truthy()? {
                return Err(error::out_dtype(self.kernel.name, dtype.name(), &to.str()?.to_string()));
            }
        }
        Ok(())
    }
}

/// The arguments of a call as CPython hands them over; it keeps them alive until the call is answered.
struct Given<'a, 'py> {
    arguments: *const Borrowed<'a, 'py, PyAny>,
    positional: usize,
    keywords: Option<Borrowed<'a, 'py, PyTuple>>,
}

impl<'a, 'py> Given<'a, 'py> {
    /// # Safety
    /// There are `positional` arguments and one for each of `keywords`, a tuple of strings or null.
    #[inline(always)]
    unsafe fn new(
        py: Python<'py>,
        arguments: *const *mut ffi::PyObject,
        positional: usize,
        keywords: *mut ffi::PyObject,
    ) -> Self {
        // SAFETY: the caller vouches for the tuple; a borrowed reference is a pointer that is not null.
        let keywords =
            unsafe { Borrowed::from_ptr_or_opt(py, keywords).map(|names| names.cast_unchecked::<PyTuple>()) };
        Given { arguments: arguments.cast(), positional, keywords }
    }

    /// The first `count` positional arguments, of which there are as many.
    #[inline(always)]
    fn first(&self, count: usize) -> &[Borrowed<'a, 'py, PyAny>] {
        debug_assert!(count <= self.positional);
        // SAFETY: there are `positional`, alive during the call.
        unsafe { std::slice::from_raw_parts(self.arguments, count) }
    }

    /// The argument number `k`: less than `positional`, or that plus the place of a keyword.
    #[inline(always)]
    fn argument(&self, k: usize) -> Borrowed<'a, 'py, PyAny> {
        debug_assert!(k < self.positional + self.keywords.map_or(0, |names| names.len()));
        // SAFETY: there is one, and it is alive during the call.
        unsafe { *self.arguments.add(k) }
    }
}

/// Whether keywords are `out` and nothing else.
#[inline(always)]
fn is_out(names: Borrowed<'_, '_, PyTuple>) -> bool {
    // SAFETY: a tuple, whose first item is looked at only if there is one.
    let name = unsafe {
        match ffi::PyTuple_Size(names.as_ptr()) {
            1 => Borrowed::from_ptr(names.py(), ffi::PyTuple_GetItem(names.as_ptr(), 0)),
            _ => return false,
        }
    };
    // Names of keywords are interned, as a rule.
    name.is(intern!(names.py(), "out")) || name.cast::<PyString>().is_ok_and(|name| *name == "out")
}

/// The arrays of an `out`: one, or a tuple with one for each output; `None` if it is neither.
fn outs<'py>(out: &Bound<'py, PyAny>, outputs: usize) -> Option<Vec<Option<Bound<'py, PyAny>>>> {
    let given = match out.cast::<PyTuple>() {
        Ok(tuple) => tuple.iter().collect(),
        Err(_) => vec![out.clone()],
    };
    (given.len() == outputs).then(|| given.into_iter().map(|out| Some(out).filter(|out| !out.is_none())).collect())
}
