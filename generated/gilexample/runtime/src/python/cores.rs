//! The core axes of a call, as NumPy's gufuncs have them: `axis=`, `axes=`, `keepdims=`; the last ones unless it says otherwise.

use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyList, PyTuple};

use super::axes::index;
use super::error;
use crate::body::Kernel;
use crate::dims::Dim;

/// What a call says of its core axes.
pub enum Cores {
    /// They are the last ones.
    Last,
    /// It is this one of every operand.
    Axis(i64),
    /// They are these, operand by operand: inputs, inouts, outputs; the last ones of those without.
    Axes(Vec<Option<Vec<i64>>>),
}

impl Cores {
    /// Reads `axis` and `axes`; at most one of them may be there. `scratch` operands are none of the caller's, and outputs have `kept`
    /// axes more than the spec says.
    pub fn read<'py>(
        kernel: &Kernel,
        scratch: usize,
        kept: usize,
        axis: Option<&Bound<'py, PyAny>>,
        axes: Option<&Bound<'py, PyAny>>,
    ) -> PyResult<Cores> {
        let name = kernel.name;
        match (axis, axes) {
            (None, None) => Ok(Cores::Last),
            (Some(_), Some(_)) => Err(PyTypeError::new_err(format!("{name}(): cannot specify both 'axis' and 'axes'"))),
            (Some(axis), None) => {
                shares_one(kernel, scratch)?;
                index(name, axis).map(Cores::Axis)
            }
            (None, Some(axes)) => by_operand(kernel, scratch, kept, axes),
        }
    }

    /// The `count` core axes of an array of `ndim` axes, the operand at `place` among inputs, inouts and outputs.
    pub fn of(&self, py: Python<'_>, kernel: &str, place: usize, count: usize, ndim: usize) -> PyResult<Vec<usize>> {
        let given: &[i64] = match self {
            Cores::Last => return Ok((ndim - count..ndim).collect()),
            Cores::Axis(_) if count == 0 => &[],
            Cores::Axis(axis) => std::slice::from_ref(axis),
            Cores::Axes(axes) => match &axes[place] {
                Some(axes) => axes,
                None => return Ok((ndim - count..ndim).collect()),
            },
        };
        let mut found = Vec::with_capacity(count);
        for &axis in given {
            let from_start = if axis < 0 { axis.saturating_add(ndim as i64) } else { axis };
            let axis = usize::try_from(from_start).ok().filter(|&place| place < ndim);
            let axis = axis.ok_or_else(|| error::axis(py, kernel, given[found.len()], ndim))?;
            if found.contains(&axis) {
                return Err(PyValueError::new_err(format!("{kernel}(): axes item {place} has value {axis} repeated")));
            }
            found.push(axis);
        }
        Ok(found)
    }
}

/// Refuses `axis` unless every operand has at most one core axis, and those of the inputs are of one dimension.
fn shares_one(kernel: &Kernel, scratch: usize) -> PyResult<()> {
    let mut shared: Vec<&Dim> = Vec::new();
    let mut single = true;
    for (place, (dims, _)) in operands(kernel, scratch).enumerate() {
        single &= dims.len() <= 1;
        for dim in dims.iter().filter(|_| place < kernel.inputs.len()) {
            let same = |other: &&Dim| match (*other, dim) {
                (Dim::Named(a), Dim::Named(b)) | (Dim::Fixed(a), Dim::Fixed(b)) => a == b,
                // What follows from other dimensions is no dimension of its own.
                (_, Dim::Computed(_)) => true,
                _ => false,
            };
            if !shared.iter().any(same) {
                shared.push(dim);
            }
        }
    }
    if single && shared.len() == 1 {
        return Ok(());
    }
    let (name, signature) = (kernel.name, kernel.core.signature);
    Err(PyTypeError::new_err(format!(
        "{name}(): axis can only be used with a single shared core dimension, not with those of the signature \
         {signature}: give axes"
    )))
}

/// The axes of items that a call can say something of, and the name of each operand.
pub fn operands(kernel: &Kernel, scratch: usize) -> impl Iterator<Item = (&'static [Dim], &'static str)> {
    let core = kernel.core.operands;
    let inputs = core.iter().zip(kernel.inputs.iter().map(|input| input.name));
    let outputs = core[kernel.inputs.len() + scratch..].iter().zip(kernel.outputs.names.iter().copied());
    inputs.chain(outputs).map(|(dims, name)| (*dims, name))
}

/// Reads `axes`: an entry for each operand; those of the outputs may be left out where they have no core axes.
fn by_operand(kernel: &Kernel, scratch: usize, kept: usize, axes: &Bound<'_, PyAny>) -> PyResult<Cores> {
    let name = kernel.name;
    let Ok(list) = axes.cast::<PyList>() else {
        return Err(PyTypeError::new_err(format!("{name}(): axes should be a list, got {}", super::param::came(axes))));
    };
    let all = operands(kernel, scratch).count();
    let needed = operands(kernel, scratch).enumerate();
    let needed = needed.filter(|(place, (dims, _))| *place < kernel.inputs.len() || !dims.is_empty());
    let needed = needed.map(|(place, _)| place + 1).max().unwrap_or(0);
    if list.len() != all && list.len() != needed {
        return Err(PyValueError::new_err(format!(
            "{name}(): axes should be a list with an entry for all {all} inputs and outputs; entries for outputs can only be \
             omitted if none of them has core axes"
        )));
    }
    let mut read = Vec::with_capacity(all);
    for (place, (dims, _)) in operands(kernel, scratch).enumerate() {
        let Ok(entry) = list.get_item(place) else {
            read.push(None);
            continue;
        };
        let wanted = dims.len() + if place < kernel.inputs.len() { 0 } else { kept };
        let given = match entry.cast::<PyTuple>() {
            Ok(tuple) => tuple.iter().map(|axis| index(name, &axis)).collect::<PyResult<Vec<_>>>()?,
            Err(_) if wanted == 1 => vec![index(name, &entry)?],
            Err(_) => {
                let came = super::param::came(&entry);
                return Err(PyTypeError::new_err(format!("{name}(): axes item {place} should be a tuple, got {came}")));
            }
        };
        if given.len() != wanted {
            let found = given.len();
            return Err(PyValueError::new_err(format!(
                "{name}(): axes item {place} should be a tuple with {wanted} elements, got {found}"
            )));
        }
        read.push(Some(given));
    }
    Ok(Cores::Axes(read))
}

/// Refuses `keepdims` unless all inputs have as many core axes and the outputs have none; says how many.
pub fn kept(kernel: &Kernel, scratch: usize) -> PyResult<usize> {
    let mut operands = operands(kernel, scratch);
    let inputs: Vec<usize> = operands.by_ref().take(kernel.inputs.len()).map(|(dims, _)| dims.len()).collect();
    match inputs.first() {
        Some(&count) if inputs.iter().all(|&n| n == count) && operands.all(|(dims, _)| dims.is_empty()) => Ok(count),
        _ => Err(PyTypeError::new_err(format!(
            "{}() does not support keepdims: its signature {} requires different numbers of core dimensions for inputs, or an \
             output with core dimensions",
            kernel.name, kernel.core.signature
        ))),
    }
}
