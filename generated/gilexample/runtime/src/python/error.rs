//! The wording of every refusal: kernel and argument, what was wanted, what came, and the way around.

use pyo3::exceptions::{PyOverflowError, PyRuntimeError, PyRuntimeWarning, PyTypeError, PyValueError};
use pyo3::prelude::*;

use crate::dtype::Cast;

/// A masked array, whose mask a kernel would ignore.
pub fn masked(kernel: &str, name: &str) -> PyErr {
    let instead = match name {
        "out" => "out.data".to_owned(),
        _ => format!("{name}.compressed() or {name}.filled(value)"),
    };
    PyTypeError::new_err(format!("{kernel}(): {name} is a masked array, and its mask would be ignored: pass {instead}"))
}

/// An object of a library that has its own way of computing with NumPy functions.
pub fn foreign(kernel: &str, name: &str, class: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "{kernel}(): {name} is a {class}, which handles NumPy functions itself and is not made a plain array \
         unasked: pass numpy.asarray({name}) if that is what you want"
    ))
}

/// A dtype that no kernel computes with, or none that casts to a loop's.
pub fn dtype(kernel: &str, name: &str, wanted: &str, rule: Cast, came: &str) -> PyErr {
    let way = match came {
        "complex64" | "complex128" | "clongdouble" | "complex256" if !wanted.contains("complex") => {
            format!("; its imaginary part would be lost, pass {name}.real if that is meant")
        }
        "clongdouble" | "complex256" => format!("; convert it first, {name}.astype(complex)"),
        _ if came.starts_with("datetime64") || came.starts_with("timedelta64") => {
            format!("; pass its ticks, {name}.view(\"int64\")")
        }
        _ if came.starts_with("void") => format!("; pass one field, {name}[\"field\"], or a view of it as numbers"),
        "object" | "longdouble" | "float128" | "float96" => format!("; convert it first, {name}.astype(float)"),
        _ if came.starts_with("str") || came.starts_with("bytes") => {
            format!("; convert it first, {name}.astype(float)")
        }
        _ => String::new(),
    };
    PyTypeError::new_err(format!(
        "{kernel}(): {name} must be {wanted}, or cast to it by the rule '{}'; got {came}{way}",
        rule.name()
    ))
}

/// Dtypes for which no loop of a kernel is taken.
pub fn no_loop(kernel: &str, came: &[String], loops: &[String]) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): no loop for ({}); the loops are {}", came.join(", "), loops.join(", ")))
}

/// An input that a spec lets be converted, from complex to real.
pub fn complex(kernel: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "{kernel}(): a complex argument is not made real, its imaginary part would be lost: pass x.real"
    ))
}

/// A dtype that `copy = "never"` does not allow to convert.
pub fn never_converts(kernel: &str, name: &str, wanted: &str, came: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "{kernel}(): {name} is of dtype {came}, and this kernel never copies: pass an array of {wanted}"
    ))
}

/// Something that is no array, where `copy = "never"` allows nothing to be made of it.
pub fn never_makes(kernel: &str, name: &str, came: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): {name} is a {came}, and this kernel never copies: pass an array"))
}

/// A list of rows of different lengths, of which NumPy makes no array.
pub fn ragged(kernel: &str, name: &str, error: PyErr) -> PyErr {
    let what = "has rows of different lengths: join them, with where each begins beside them";
    PyValueError::new_err(format!("{kernel}(): {name} {what} (np.concatenate, np.cumsum); {error}"))
}

/// A property of an array that `copy = "never"` does not allow to mend, and the one that is wanted.
pub fn never_mends(kernel: &str, name: &str, property: &str, wanted: &str) -> PyErr {
    PyValueError::new_err(format!(
        "{kernel}(): {name} is {property}, and this kernel never copies: pass an array that is {wanted}"
    ))
}

/// Data at an address that the spec does not allow.
pub fn align(kernel: &str, name: &str, align: usize) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): {name} must be aligned to {align} bytes, and its data are not"))
}

/// Something that is no array, where one is changed in place.
pub fn not_changeable(kernel: &str, name: &str, came: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): {name} is changed in place and must be an ndarray, got {came}"))
}

/// An array that is changed in place and cannot be.
pub fn read_only(kernel: &str, name: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): {name} is changed in place, and the array is read-only"))
}

/// An array that is changed in place and shares memory with another, or with itself.
pub fn shared(kernel: &str, name: &str, other: &str) -> PyErr {
    PyValueError::new_err(format!(
        "{kernel}(): {name} is changed in place, and shares memory with {other}: pass {name}.copy() or {other}.copy()"
    ))
}

/// An array with fewer axes than an item has.
pub fn too_few_axes(kernel: &str, name: &str, found: usize, wanted: usize) -> PyErr {
    PyValueError::new_err(format!(
        "{kernel}(): {name} does not have enough dimensions (has {found}, its core dimensions are {wanted})"
    ))
}

/// An output whose core axes have other lengths than its items.
pub fn core_shape(kernel: &str, name: &str, wanted: &str, found: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): {name} must have core dimensions {wanted}, got {found}"))
}

/// An array that is written to, and has not the leading axes of the others.
pub fn not_broadcast(kernel: &str, name: &str, found: &str, wanted: &str) -> PyErr {
    PyValueError::new_err(format!(
        "{kernel}(): {name} has leading dimensions {found}, and those of all operands are {wanted}: what is written is not broadcast"
    ))
}

/// An array that is changed in place, of a dtype to which the results are not cast.
pub fn not_written_back(kernel: &str, name: &str, from: &str, to: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "{kernel}(): {name} is changed in place in {from}, which is not cast back to {to} by the rule 'same_kind'"
    ))
}

/// Shapes that do not broadcast.
pub fn shapes(kernel: &str, shapes: &[String]) -> PyErr {
    PyValueError::new_err(format!(
        "{kernel}(): operands could not be broadcast together with shapes {}",
        shapes.join(" ")
    ))
}

/// More elements than an array can have, by broadcasting.
pub fn too_large(kernel: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): the broadcast operands are too big for an array"))
}

/// An `out` that is not one array for each output.
pub fn out_count(kernel: &str, outputs: usize) -> PyErr {
    let wanted =
        if outputs == 1 { "an array".to_owned() } else { format!("a tuple of {outputs} arrays, or None for new ones") };
    PyValueError::new_err(format!("{kernel}(): out must be {wanted}"))
}

/// An `out` to which a result is not cast, in NumPy's words.
pub fn out_dtype(kernel: &str, from: &str, to: &str) -> PyErr {
    PyTypeError::new_err(format!(
        "Cannot cast ufunc '{kernel}' output from dtype('{from}') to dtype('{to}') with casting rule 'same_kind'"
    ))
}

/// An `out` of a dtype that no kernel computes with.
pub fn out_unknown(kernel: &str, to: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): out is of dtype {to}, in which no kernel can store results"))
}

/// An axis that the operands do not have: NumPy's own AxisError.
pub fn axis(py: Python<'_>, kernel: &str, axis: i64, ndim: usize) -> PyErr {
    let made = || py.import("numpy.exceptions")?.getattr("AxisError")?.call1((axis, ndim, format!("{kernel}()")));
    made().map_or_else(|error| error, PyErr::from_value)
}

/// An axis of a scan that is no integer.
pub fn axis_single(kernel: &str, came: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): axis must be None or an integer, got {came}"))
}

/// An axis that is no integer.
pub fn axis_type(kernel: &str, came: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): axis must be None, an integer or a tuple of integers, got {came}"))
}

/// An axis that is there twice.
pub fn duplicate_axis(kernel: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): duplicate value in 'axis'"))
}

/// An `out` of another shape than the result's.
pub fn out_shape(kernel: &str, found: &str, wanted: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): out has the shape {found}, and the result has {wanted}"))
}

/// An `out` that cannot be written to.
pub fn out_read_only(kernel: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): out is read-only"))
}

/// An `out` that is no array.
pub fn out_type(kernel: &str, came: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): out must be an array, got {came}"))
}

/// A `where` that Python code made something else after it was read.
pub fn mask_dtype(kernel: &str, came: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}(): where must be of dtype bool, got {came}"))
}

/// A `where` that has more elements than the operands.
pub fn mask_shape(kernel: &str, found: &str, shape: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): where has the shape {found}, which does not broadcast to {shape}"))
}

/// An `initial` for a kernel whose state is not its output.
pub fn no_initial(kernel: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}() has no initial: its state is not the result"))
}

/// A slice of which everything is left out, and a result that cannot be NaN.
pub fn all_nan(kernel: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): All-NaN slice encountered"))
}

/// Tells that a result is NaN because everything was left out.
pub fn warn_all_nan(py: Python<'_>, kernel: &str) -> PyResult<()> {
    let text = std::ffi::CString::new(format!("{kernel}(): All-NaN slice encountered")).unwrap_or_default();
    PyErr::warn(py, &py.get_type::<PyRuntimeWarning>(), &text, 1)
}

/// A fold of nothing without an identity, in NumPy's words.
pub fn empty(kernel: &str) -> PyErr {
    PyValueError::new_err(format!("zero-size array to reduction operation {kernel} which has no identity"))
}

/// The wrong number of positional arguments, in CPython's words.
pub fn count(kernel: &str, required: usize, most: usize, came: usize) -> PyErr {
    let range = if required == most { most.to_string() } else { format!("from {required} to {most}") };
    let s = if most == 1 { "" } else { "s" };
    let were = if came == 1 { "was" } else { "were" };
    PyTypeError::new_err(format!("{kernel}() takes {range} positional argument{s} but {came} {were} given"))
}

/// A keyword that the kernel does not have.
pub fn keyword(kernel: &str, keyword: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}() got an unexpected keyword argument '{keyword}'"))
}

/// An argument that is given by position and by name, in CPython's words.
pub fn twice(kernel: &str, name: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}() got multiple values for argument '{name}'"))
}

/// A param without a value.
pub fn missing(kernel: &str, param: &str) -> PyErr {
    PyTypeError::new_err(format!("{kernel}() missing required keyword argument: '{param}'"))
}

/// A default that is made of dimensions and params, and is no value of its type.
pub fn computed(kernel: &str, param: &str, text: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): {param} is {text} by default, which is no value here: give one"))
}

/// A condition that does not hold, with the values that it names.
pub fn condition(kernel: &str, text: &str, values: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}() requires {text}, got {values}"))
}

/// A condition whose arithmetic leaves 64 bits or divides by zero.
pub fn undefined(kernel: &str, text: &str, values: &str) -> PyErr {
    PyValueError::new_err(format!("{kernel}(): the condition {text} has no value for {values}"))
}

/// A param of the wrong type.
pub fn param_type(kernel: &str, name: &str, wanted: &str, came: &str) -> PyErr {
    PyTypeError::new_err(param(kernel, name, wanted, came))
}

/// A param of the right type whose value is not allowed.
pub fn param_value(kernel: &str, name: &str, wanted: &str, came: &str) -> PyErr {
    PyValueError::new_err(param(kernel, name, wanted, came))
}

/// A whole number that its dtype cannot hold.
pub fn param_overflow(kernel: &str, name: &str, wanted: &str, came: &str) -> PyErr {
    PyOverflowError::new_err(param(kernel, name, wanted, came))
}

fn param(kernel: &str, name: &str, wanted: &str, came: &str) -> String {
    format!("{kernel}(): {name} must be {wanted}, got {came}")
}

/// What a body's panic said.
pub fn panic(kernel: &str, message: &str) -> PyErr {
    PyRuntimeError::new_err(format!("{kernel}() panicked: {message}"))
}
