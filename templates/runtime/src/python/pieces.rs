//! A reduction in pieces: states of parts, put together and finished. A state is a structured scalar of NumPy's.

use std::ops::Range;

use pyo3::exceptions::PyTypeError;
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyList};

use super::array::Array;
use super::call::Call;
use super::error;
use super::folding::Folding;
use super::numpy::NumPy;
use super::reduce::Reduction;
use super::{operands, params, run};
use crate::along::Ending;
use crate::block::{BLOCK, Fold, MapBlock};
use crate::columns::state_dtypes;
use crate::dtype::DType;
use crate::flags::Flags;
use crate::fold::Start;
use crate::outcome::NaN;
use crate::scalar::Slot;
use crate::special::borne_out_by_each;

/// The name of the field that says how many elements a state is made of.
const COUNT: &str = "_count";

/// The names of a state's fields, the count of elements last.
fn names(it: &Fold) -> Vec<&'static str> {
    let fields = it.fields.iter().map(|field| if field.name.is_empty() { COUNT } else { field.name });
    fields.chain((!it.skips).then_some(COUNT)).collect()
}

/// NumPy's dtype of a state.
fn dtype<'py>(py: Python<'py>, it: &Fold) -> PyResult<Bound<'py, PyAny>> {
    let fields: Vec<(&str, &str)> =
        names(it).into_iter().zip(state_dtypes(it)).map(|(name, dtype)| (name, dtype.name())).collect();
    let options = PyDict::new(py);
    options.set_item("align", true)?;
    py.import("numpy")?.getattr("dtype")?.call((PyList::new(py, fields)?,), Some(&options))
}

/// The state of some of the elements.
pub fn partial<'py>(face: &Reduction, py: Python<'py>, call: &Call<'py>) -> PyResult<Bound<'py, PyAny>> {
    let (given, params) = face.keywords(py, call)?;
    let (kernel, numpy) = (face.kernel(), NumPy::get(py)?);
    for (name, given) in [("out", given.out.is_some()), ("initial", given.initial.is_some())] {
        if given {
            return Err(error::keyword(&format!("{}.partial", kernel.name), name));
        }
    }
    let taken = operands::take(kernel, py, numpy, &given.inputs)?;
    let it = operands::resolve(kernel, &taken)?;
    let params = params::slots(kernel, it, &params)?;
    let folding = Folding::new(kernel, it, py, numpy, taken, &given.axes, given.mask.as_ref(), given.keepdims)?;
    let states = py.import("numpy")?.call_method1("empty", (folding.result_shape()?, dtype(py, it)?))?;
    let fields: Vec<_> = names(it).iter().map(|name| states.get_item(name).map(Some)).collect::<PyResult<_>>()?;
    folding.run(&fields, &params, Start::Identity, Ending::State)?;
    scalar(&states)
}

/// The state of the elements of two parts.
pub fn combine<'py>(face: &Reduction, py: Python<'py>, call: &Call<'py>) -> PyResult<Bound<'py, PyAny>> {
    let params = params::given(face.kernel(), call, |_, _| false)?;
    let [a, b] = &call.arguments[..call.positional] else {
        return Err(error::count(&format!("{}.combine", face.kernel().name), 2, 2, call.positional));
    };
    let (it, a) = states(face, py, a, None)?;
    let (_, b) = states(face, py, b, Some(it))?;
    let params = params::slots(face.kernel(), it, &params)?;
    let numpy = py.import("numpy")?;
    let shape = numpy.call_method1("broadcast_shapes", (a.getattr("shape")?, b.getattr("shape")?))?;
    let made = numpy.call_method1("empty", (&shape, dtype(py, it)?))?;
    let fields = names(it);
    let joined = &fields[..it.fields.len()];
    let mut inputs = columns(&a, joined, it, &shape)?;
    inputs.extend(columns(&b, joined, it, &shape)?);
    let outputs = it.fields.iter().map(|field| new(py, &shape, field.dtype.value())).collect::<PyResult<Vec<_>>>()?;
    let raised = apply(face, py, it.functions().join, &inputs, &outputs, &params)?;
    report(face, py, raised, 0..len(&outputs), &inputs, &outputs)?;
    for (name, column) in joined.iter().zip(&outputs) {
        made.set_item(name, column.as_any())?;
    }
    if !it.skips {
        made.set_item(COUNT, numpy.call_method1("add", (a.get_item(COUNT)?, b.get_item(COUNT)?))?)?;
    }
    scalar(&made)
}

/// What states come to.
pub fn finish<'py>(face: &Reduction, py: Python<'py>, call: &Call<'py>) -> PyResult<Bound<'py, PyAny>> {
    let params = params::given(face.kernel(), call, |_, _| false)?;
    let [state] = &call.arguments[..call.positional] else {
        return Err(error::count(&format!("{}.finish", face.kernel().name), 1, 1, call.positional));
    };
    let (it, states) = states(face, py, state, None)?;
    let params = params::slots(face.kernel(), it, &params)?;
    let shape = states.getattr("shape")?;
    let mut fields = names(it);
    if it.skips {
        // The count is a field, and once more what `finish` is told.
        fields.push(COUNT);
    }
    let inputs = columns(&states, &fields, it, &shape)?;
    // Halves are computed as single precision, and stored as halves.
    let outputs = it.outputs.iter().map(|dtype| new(py, &shape, dtype.value())).collect::<PyResult<Vec<_>>>()?;
    let raised = apply(face, py, it.functions().finish, &inputs, &outputs, &params)?;
    let nothing =
        if it.skips && it.functions().identity.is_none() { empty(&inputs, len(&outputs)) } else { Vec::new() };
    let rows: Vec<*mut u8> = outputs.iter().map(Array::data).collect();
    for &k in &nothing {
        // SAFETY: the outputs are new, and have a value for each state.
        unsafe { it.outputs.write_nan(&rows, k..k + 1) }.map_err(|_| error::all_nan(face.kernel().name))?;
    }
    let mut from = 0;
    for to in nothing.iter().copied().chain([len(&outputs)]) {
        report(face, py, raised, from..to, &inputs, &outputs)?;
        from = to + 1;
    }
    if !nothing.is_empty() {
        error::warn_all_nan(py, face.kernel().name)?;
    }
    let results = outputs.into_iter().zip(it.outputs).map(|(column, dtype)| {
        let column = column.into_any();
        scalar(&if *dtype == DType::F16 { column.call_method1("astype", ("float16",))? } else { column })
    });
    face.class().make(py, results.collect::<PyResult<_>>()?)
}

/// States as an array, and the widest loop that has such states: no result is rounded that its own loop would not round.
fn states<'py>(
    face: &Reduction,
    py: Python<'py>,
    object: &Bound<'py, PyAny>,
    of: Option<&'static Fold>,
) -> PyResult<(&'static Fold, Bound<'py, PyAny>)> {
    let array = py.import("numpy")?.call_method1("asarray", (object,))?;
    let came = array.getattr("dtype")?;
    let loops = || of.into_iter().chain(face.kernel().loops.iter().copied().filter(|_| of.is_none()));
    let mut found: Option<&Fold> = None;
    for it in loops() {
        let wanted = dtype(py, it)?;
        let same = wanted.getattr("names")?.eq(came.getattr("names")?)?;
        if same
            && py.import("numpy")?.call_method1("can_cast", (&came, &wanted, "equiv"))?.is_truthy()?
            && found.is_none_or(|narrower| widens(narrower, it))
        {
            found = Some(it);
        }
    }
    if let Some(it) = found {
        return Ok((it, array));
    }
    let wanted: Vec<String> = loops().map(|it| dtype(py, it)?.str().map(|s| s.to_string())).collect::<PyResult<_>>()?;
    let name = face.kernel().name;
    Err(PyTypeError::new_err(format!("{name}: a state must be of dtype {}, got {came}", wanted.join(" or "))))
}

/// Whether `to` computes with all values that `from` computes with.
fn widens(from: &Fold, to: &Fold) -> bool {
    let pairs = from.inputs.iter().zip(to.inputs).chain(from.outputs.iter().zip(to.outputs));
    pairs.into_iter().all(|(from, &to)| from.casts_safely(to))
}

/// Fields of states as rows of values side by side.
fn columns<'py>(
    states: &Bound<'py, PyAny>,
    names: &[&str],
    it: &Fold,
    shape: &Bound<'py, PyAny>,
) -> PyResult<Vec<Array<'py>>> {
    let py = states.py();
    let (numpy, wide) = (NumPy::get(py)?, py.import("numpy")?);
    let mut dtypes = state_dtypes(it);
    dtypes.push(DType::I64);
    let each = names.iter().zip(dtypes).map(|(name, dtype)| {
        let field = wide.call_method1("broadcast_to", (states.get_item(name)?, shape))?;
        // A byte that was put there as something else may be neither 0 nor 1.
        let field = if dtype == DType::Bool {
            field.call_method1("view", ("u1",))?.call_method1("astype", ("bool",))?
        } else {
            field
        };
        Array::convert(numpy, &field, dtype, false)
    });
    each.collect()
}

fn new<'py>(py: Python<'py>, shape: &Bound<'py, PyAny>, dtype: DType) -> PyResult<Array<'py>> {
    let dims: Vec<isize> = shape.extract()?;
    Array::new(NumPy::get(py)?, py, dtype, &dims, None)
}

/// How many values each of some new arrays has.
fn len(arrays: &[Array<'_>]) -> usize {
    arrays.first().and_then(Array::layout).map_or(0, |layout| layout.dims.iter().product())
}

/// Which of `n` states are of no elements, by their counts, the last of `inputs`.
fn empty(inputs: &[Array<'_>], n: usize) -> Vec<usize> {
    let counts = inputs.last().map_or(std::ptr::null_mut(), Array::data).cast::<i64>();
    // SAFETY: contiguous 64-bit integers, one for each state.
    (0..n).filter(|&k| unsafe { counts.add(k).read() } == 0).collect()
}

/// Runs a block function over rows of one length. Gives the floating-point flags that it raised.
fn apply(
    face: &Reduction,
    py: Python<'_>,
    function: MapBlock,
    inputs: &[Array<'_>],
    outputs: &[Array<'_>],
    params: &[Slot],
) -> PyResult<Flags> {
    let n = len(outputs);
    let from: Vec<*const u8> = inputs.iter().map(|array| array.data().cast_const()).collect();
    let to: Vec<*mut u8> = outputs.iter().map(Array::data).collect();
    let ((), raised) = run::run(py, face.kernel().name, false, || {
        // SAFETY: contiguous arrays of `n` elements of the loop's dtypes; the outputs are new.
        run::flagged(|| unsafe { function(from.as_ptr(), to.as_ptr(), n, params.as_ptr()) })
    })?;
    Ok(raised)
}

/// Warns of those of the raised flags that the values at some places bear out.
fn report(
    face: &Reduction,
    py: Python<'_>,
    raised: Flags,
    places: Range<usize>,
    inputs: &[Array<'_>],
    outputs: &[Array<'_>],
) -> PyResult<()> {
    let mut flags = Flags::NONE;
    for at in places.clone().step_by(BLOCK).take_while(|_| raised != Flags::NONE) {
        let rows = |arrays: &[Array<'_>]| -> Vec<(DType, *const u8)> {
            let dtyped = arrays.iter().filter_map(|array| Some((array.dtype()?, array.data().cast_const())));
            dtyped.map(|(dtype, data)| (dtype, data.wrapping_add(at * dtype.size()))).collect()
        };
        let (came, found) = (rows(inputs).into_iter(), rows(outputs).into_iter());
        // SAFETY: contiguous arrays, which have as many values from `at` on.
        flags = flags.and(unsafe { borne_out_by_each(raised, BLOCK.min(places.end - at), came, found) });
    }
    if flags == Flags::NONE { Ok(()) } else { NumPy::get(py)?.report(py, face.kernel().name, flags) }
}

/// An array of no dimensions as the scalar that it holds.
fn scalar<'py>(array: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyAny>> {
    array.get_item(pyo3::types::PyTuple::empty(array.py()))
}
