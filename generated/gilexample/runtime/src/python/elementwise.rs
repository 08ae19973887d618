//! Elementwise calls: from arguments of any kind to results, in the order in which NumPy would lay them out.

use pyo3::prelude::*;

use super::array::Array;
use super::ending::{exception, run_watched};
use super::intake::Intake;
use super::numpy::NumPy;
use super::{error, operands};
use crate::block::Map;
use crate::dtype::Cast;
use crate::elementwise::Elementwise;
use crate::flags::Flags;
use crate::kernel::Kernel;
use crate::overlap::{bounds, is_folded, meet};
use crate::scalar::Slot;
use crate::shape::{broadcast, keep_order};
use crate::sink::Place;
use crate::tile::Layout;

/// A call of which nothing is left but the loop.
pub struct Prepared<'py> {
    map: &'static Map,
    /// The arrays that are read, owned until the loop is done.
    _inputs: Vec<Array<'py>>,
    results: Vec<Result<'py>>,
    way: Elementwise,
}

/// Where one output goes.
enum Result<'py> {
    /// To an array of the caller's.
    Given(Array<'py>),
    /// To a new one.
    New(Array<'py>),
}

/// Why kernelgen's own driver does not take a call.
pub enum Refusal {
    /// It is wrong.
    Wrong(PyErr),
    /// It is for NumPy's driver: an `out` of no dtype of ours, or one that shares memory with something else.
    ForNumPy,
}

impl From<PyErr> for Refusal {
    fn from(error: PyErr) -> Self {
        Refusal::Wrong(error)
    }
}

/// Makes everything ready that the loop `map` needs. `out` has an entry for each output: the caller's array, or none.
pub fn prepare<'py>(
    kernel: &Kernel<Map>,
    map: &'static Map,
    py: Python<'py>,
    numpy: &NumPy,
    taken: Vec<Intake<'py>>,
    out: &[Option<Bound<'py, PyAny>>],
) -> std::result::Result<Prepared<'py>, Refusal> {
    let inputs = operands::arrays(kernel, numpy, taken, map)?;
    let layouts = operands::layouts(kernel, &inputs, map)?;
    let given = given(numpy, map, out).ok_or(Refusal::ForNumPy)?;
    let dims = || layouts.iter().map(|layout| &layout.dims[..]);
    let places = || given.iter().flatten();
    let shapes: Vec<&[usize]> = dims().chain(places().map(|(_, dims, _)| &dims[..])).collect();
    let shape = broadcast(&shapes).map_err(|_| operands::mismatch(kernel.name, shapes.iter().copied()))?;
    if places().any(|(_, dims, _)| *dims != shape) || share(&shape, &layouts, places().map(|(_, _, place)| place)) {
        return Err(Refusal::ForNumPy);
    }
    let steps: Vec<(&[usize], &[isize])> = layouts
        .iter()
        .map(|layout| (&layout.dims[..], &layout.strides[..]))
        .chain(places().map(|(_, dims, place)| (&dims[..], &place.strides[..])))
        .collect();
    let wanted: Vec<isize> = shape.iter().map(|&dim| dim as isize).collect();
    let mut fresh = Vec::new();
    for (&dtype, _) in map.outputs.iter().zip(&given).filter(|(_, given)| given.is_none()) {
        let mut strides = keep_order(&shape, dtype.size(), &steps);
        fresh.push(Array::new(numpy, py, dtype, &wanted, Some(&mut strides))?);
    }
    let mut fresh = fresh.into_iter();
    let mut results = Vec::with_capacity(given.len());
    let mut targets = Vec::with_capacity(given.len());
    for given in given {
        let (result, place) = match given {
            Some((array, _, place)) => (Result::Given(array), place),
            None => {
                let array = fresh.next().ok_or(Refusal::ForNumPy)?;
                let (_, place) = array.place().ok_or(Refusal::ForNumPy)?;
                (Result::New(array), place)
            }
        };
        results.push(result);
        targets.push(place);
    }
    let way = Elementwise::new(map, &shape, &layouts, &targets).ok_or_else(|| error::complex(kernel.name))?;
    Ok(Prepared { map, _inputs: inputs, results, way })
}

/// The arrays that a caller gives for outputs; `None` if one of them is for NumPy to look at.
#[allow(clippy::type_complexity)]
fn given<'py>(
    numpy: &NumPy,
    map: &Map,
    out: &[Option<Bound<'py, PyAny>>],
) -> Option<Vec<Option<(Array<'py>, Vec<usize>, Place)>>> {
    let each = map.outputs.iter().zip(out).map(|(dtype, object)| match object {
        None => Some(None),
        Some(object) => {
            let array = Array::exact(numpy, object)?;
            let (dims, place) = array.place()?;
            dtype.casts(place.target.dtype, Cast::SameKind).then_some(Some((array, dims, place)))
        }
    });
    each.collect()
}

/// Whether an output shares memory with itself, another output, or an input that is not the very same elements.
fn share<'a>(shape: &[usize], inputs: &[Layout], outputs: impl Iterator<Item = &'a Place>) -> bool {
    let mut before = Vec::new();
    for place in outputs {
        let target = place.target;
        let own = bounds(target.data, shape, &place.strides, target.dtype.size());
        let meets_input = inputs.iter().any(|input| {
            let same = input.source.data == target.data.cast_const()
                && input.source.dtype == target.dtype
                && input.dims == shape
                && input.strides == place.strides;
            !same && meet(&own, &bounds(input.source.data, &input.dims, &input.strides, input.source.dtype.size()))
        });
        if meets_input || is_folded(shape, &place.strides, target.dtype.size()) || before.iter().any(|b| meet(b, &own))
        {
            return true;
        }
        before.push(own);
    }
    false
}

impl<'py> Prepared<'py> {
    /// Runs the loop, and gives a result for each output.
    pub fn run(
        self,
        kernel: &Kernel<Map>,
        py: Python<'py>,
        numpy: &NumPy,
        params: &[Slot],
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let Prepared { map, mut way, .. } = self;
        let computed = run_watched(py, kernel, way.len(), || {
            // SAFETY: the arrays are owned by `self`, and outputs share memory only as `share` allows.
            unsafe { way.run(map, params, kernel.means()) }
        })?;
        let report = computed.map_err(|failure| exception(py, kernel.name, failure))?;
        if report != Flags::NONE {
            numpy.report(py, kernel.name, report)?;
        }
        let result = |result| match result {
            Result::Given(array) => Ok(array.into_any()),
            Result::New(array) => array.into_result(),
        };
        self.results.into_iter().map(result).collect()
    }
}
