//! An elementwise kernel that is no ufunc: a function with params, rules and defaults, in front of a ufunc that has the params
//! as operands.

use pyo3::exceptions::PyRuntimeError;
use pyo3::ffi;
use pyo3::prelude::*;
use pyo3::types::{PyBool, PyDict, PyFloat, PyInt, PyString, PyTuple};

use super::call::{Call, answered};
use super::elementwise::{Refusal, prepare};
use super::intake::{argument, is_ours};
use super::map::{Elementwise, outs};
use super::numpy::NumPy;
use super::strided::operand;
use super::{error, near, operands, param, params};
use crate::block::Map;
use crate::dtype::{Cast, DType, Kind};
use crate::kernel::Input;
use crate::resolve::{Argument, resolve};
use crate::scalar::{Slot, Value};

impl Elementwise {
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
        let kernel = self.kernel();
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
        let masked = masked.filter(|value| !value.is(PyBool::new(py, true)));
        let outs = match out {
            None => vec![None; kernel.outputs()],
            Some(out) => outs(out, kernel.outputs()).ok_or_else(|| error::out_count(kernel.name, kernel.outputs()))?,
        };
        let objects = &call.arguments[..call.positional];
        operands::count(kernel, objects.len(), 0)?;
        // A short way for arrays that need nothing done to them, if the spec has nothing to say of them either.
        let as_usual = |input: &Input| input.cast == Cast::Safe && !input.has_rules();
        let complete = objects.len() == kernel.inputs.len() && kernel.outputs() == 1;
        // Its arrays are looked into before params are read: no `__float__` or `__index__` of a caller's may run then.
        let inert = given.iter().flatten().all(|value| is_inert(value));
        if complete && inert && out.is_none() && masked.is_none() && kernel.inputs.iter().all(as_usual) {
            let objects: Vec<_> = objects.iter().map(|object| object.as_borrowed()).collect();
            let params = |map| params::slots(kernel, map, &given);
            if let Some(result) = near::call(kernel, py, numpy, &objects, None, params)? {
                return Ok(result);
            }
        }
        // What has a way of its own of computing goes to the ufunc, unless the inputs have rules that NumPy does not know.
        let mut ours = true;
        for object in objects {
            ours = ours && is_ours(numpy, object)?;
        }
        if !ours && !kernel.inputs.iter().any(Input::has_rules) {
            let (params, forced) = self.params_of_others(py, numpy, objects, &given)?;
            return self.hand_over(py, objects, params, forced, out, masked);
        }
        let taken = operands::take(kernel, py, numpy, objects)?;
        let map = operands::resolve(kernel, &taken)?;
        let slots = params::slots(kernel, map, &given)?;
        if masked.is_some() {
            operands::layouts(kernel, &operands::arrays(kernel, numpy, taken, map)?, map)?;
        } else {
            match prepare(kernel, map, py, numpy, taken, &outs) {
                Ok(ready) => return self.class().make(py, ready.run(kernel, py, numpy, &slots)?),
                Err(Refusal::Wrong(error)) => return Err(error),
                Err(Refusal::ForNumPy) => {}
            }
        }
        self.hand_over(py, objects, scalars(py, numpy, map, &slots)?, Some(map), out, masked)
    }

    /// The params of a call with arrays of other classes, and the loop to ask NumPy for. Where the dtypes of all arguments are
    /// known, so is the loop, and params of its dtypes leave the choice to the arguments.
    fn params_of_others<'py>(
        &self,
        py: Python<'py>,
        numpy: &NumPy,
        objects: &[Bound<'py, PyAny>],
        given: &[Option<&Bound<'py, PyAny>>],
    ) -> PyResult<(Vec<Bound<'py, PyAny>>, Option<&'static Map>)> {
        let kernel = self.kernel();
        let known = objects.iter().map(|object| argument(numpy, object));
        let defaults =
            kernel.inputs[objects.len()..].iter().filter_map(|input| input.default).map(|default| match default {
                Value::Bool(_) => Some(Argument::Of(DType::Bool)),
                Value::Int(_) | Value::UInt(_) => Some(Argument::Weak(Kind::Signed)),
                Value::Float(_) => Some(Argument::Weak(Kind::Float)),
            });
        let rules = kernel.inputs.iter().map(|input| input.cast);
        let arguments: Option<Vec<Argument>> = known.chain(defaults).collect();
        let loops = kernel.loops.iter().map(|map| map.inputs);
        if let Some(place) = arguments.and_then(|arguments| resolve(loops, &arguments, rules.clone())) {
            let map = kernel.loops[place];
            let slots = params::slots(kernel, map, given)?;
            let forced = rules.max().is_some_and(|rule| rule > Cast::Safe).then_some(map);
            return Ok((scalars(py, numpy, map, &slots)?, forced));
        }
        let (map, slots) = self.widest(given)?;
        let numbers = map.params.iter().zip(&slots).map(|(&ty, slot)| param::number(py, ty, slot));
        Ok((numbers.collect::<PyResult<_>>()?, None))
    }

    /// The params for the last loop whose types can hold them: nobody knows yet which one it will be.
    fn widest(&self, given: &[Option<&Bound<'_, PyAny>>]) -> PyResult<(&'static Map, Vec<Slot>)> {
        let mut refused = None;
        for &map in self.kernel().loops.iter().rev() {
            match params::slots(self.kernel(), map, given) {
                Ok(slots) => return Ok((map, slots)),
                Err(error) => refused = refused.or(Some(error)),
            }
        }
        Err(refused.unwrap_or_else(|| PyRuntimeError::new_err("a kernel without a loop")))
    }

    /// Leaves a call to the ufunc behind the function, params and all. NumPy takes the loop `forced`, if there is one.
    fn hand_over<'py>(
        &self,
        py: Python<'py>,
        objects: &[Bound<'py, PyAny>],
        params: Vec<Bound<'py, PyAny>>,
        forced: Option<&Map>,
        out: Option<&Bound<'py, PyAny>>,
        masked: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Bound<'py, PyAny>> {
        let kernel = self.kernel();
        let mut arguments = objects.to_vec();
        for default in kernel.inputs[objects.len()..].iter().filter_map(|input| input.default) {
            arguments.push(param::object(py, default)?);
        }
        arguments.extend(params);
        let keywords = PyDict::new(py);
        if let Some(out) = out {
            keywords.set_item("out", out)?;
        }
        if let Some(masked) = masked {
            keywords.set_item("where", masked)?;
        }
        if let Some(map) = forced {
            let loosest = kernel.inputs.iter().map(|input| input.cast).max();
            if let Some(rule) = loosest.filter(|&rule| rule > Cast::SameKind) {
                self.accept_outs(py, map, out)?;
                keywords.set_item("casting", rule.name())?;
            }
            let inputs = map.inputs.iter().map(|dtype| dtype.name());
            let params = map.params.iter().map(|&ty| operand(ty).name());
            let names = inputs.chain(params).chain(map.outputs.iter().map(|dtype| dtype.name()));
            keywords.set_item("signature", PyTuple::new(py, names.collect::<Vec<_>>())?)?;
        }
        let result = self.made(py)?.call(PyTuple::new(py, arguments)?, Some(&keywords))?;
        match result.cast::<PyTuple>() {
            Ok(results) => self.class().make(py, results.iter().collect()),
            Err(_) => Ok(result),
        }
    }

    /// Refuses arrays of an `out` that results are not cast to, by the rule that stands for outputs whatever the inputs' is.
    fn accept_outs(&self, py: Python<'_>, map: &Map, out: Option<&Bound<'_, PyAny>>) -> PyResult<()> {
        let given = out.and_then(|out| outs(out, self.kernel().outputs())).unwrap_or_default();
        let can_cast = py.import("numpy")?.getattr("can_cast")?;
        for (dtype, out) in map.outputs.iter().zip(given) {
            let Some(to) = out.map(|out| out.getattr("dtype")).transpose()? else { continue };
            if !can_cast.call1((dtype.name(), &to, Cast::SameKind.name()))?.is_truthy()? {
                return Err(error::out_dtype(self.kernel().name, dtype.name(), &to.str()?.to_string()));
            }
        }
        Ok(())
    }
}

/// Params as NumPy scalars of the dtypes that the loop `map` of a ufunc wants them in.
fn scalars<'py>(py: Python<'py>, numpy: &NumPy, map: &Map, slots: &[Slot]) -> PyResult<Vec<Bound<'py, PyAny>>> {
    map.params.iter().zip(slots).map(|(&ty, slot)| numpy.scalar(py, slot, operand(ty))).collect()
}

/// Whether reading a param's value runs no code of the caller's.
pub fn is_inert(value: &Bound<'_, PyAny>) -> bool {
    value.is_exact_instance_of::<PyFloat>()
        || value.is_exact_instance_of::<PyInt>()
        || value.is_exact_instance_of::<PyBool>()
        || value.is_exact_instance_of::<PyString>()
}
