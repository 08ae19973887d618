//! Folds along axes: from operands to results, new ones or a caller's arrays.

use pyo3::exceptions::{PyMemoryError, PyRuntimeError};
use pyo3::prelude::*;

use super::array::Array;
use super::axes::Axes;
use super::ending::{interrupted, run_watched};
use super::intake::{self, Intake};
use super::numpy::NumPy;
use super::outputs::{self, Output};
use super::{error, operands};
use crate::along::{Along, Ending};
use crate::block::Fold;
use crate::divide::FORKED;
use crate::dtype::DType;
use crate::flags::Flags;
use crate::fold::{FoldError, Start};
use crate::outcome::Outcome;
use crate::overlap::{Elements, is_folded};
use crate::reduce::{Input, Kernel};
use crate::scalar::Slot;
use crate::scan::Scans;
use crate::shape::{broadcast, keep_order};
use crate::sink::Place;
use crate::tile::Layout;

/// A call whose operands are ready.
pub struct Folding<'a, 'py> {
    kernel: &'static Kernel,
    it: &'static Fold,
    py: Python<'py>,
    numpy: &'a NumPy,
    /// The arrays that are read, owned until the fold is done.
    inputs: Vec<Array<'py>>,
    mask: Option<Array<'py>>,
    axes: &'a Axes,
    keepdims: bool,
}

/// The shape of a call, read when nothing can run Python code any more.
struct Shape {
    layouts: Vec<Layout>,
    mask: Option<Layout>,
    /// What the operands broadcast to.
    operands: Vec<usize>,
    /// Whether each of their axes is folded.
    folded: Vec<bool>,
    result: Vec<usize>,
    /// Which of the operands' axes each axis of a result is.
    own: Vec<Option<usize>>,
    /// Of a scan, the axis along which it goes.
    scan: Option<Option<usize>>,
}

impl<'a, 'py> Folding<'a, 'py> {
    /// Makes arrays of the operands.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        kernel: &'static Kernel,
        it: &'static Fold,
        py: Python<'py>,
        numpy: &'a NumPy,
        taken: Vec<Intake<'py>>,
        axes: &'a Axes,
        mask: Option<&Bound<'py, PyAny>>,
        keepdims: bool,
    ) -> PyResult<Self> {
        let inputs = operands::arrays(kernel, numpy, taken, it)?;
        let mask = mask.map(|mask| {
            // Masks and chunked arrays are refused as they are for inputs; what is no bool, in NumPy's words.
            let taken = intake::take(numpy, kernel.name, &Input::new("where"), mask)?;
            let object = match &taken {
                Intake::Array(array) if !intake::is_plain(numpy, mask)? => array.as_any(),
                _ => mask,
            };
            Array::convert(numpy, object, DType::Bool, false)
        });
        let mask = mask.transpose()?;
        Ok(Folding { kernel, it, py, numpy, inputs, mask, axes, keepdims })
    }

    /// Copies the layouts, and tells the shape of the results.
    fn shape(&self) -> PyResult<Shape> {
        let name = self.kernel.name;
        let layouts = operands::layouts(self.kernel, &self.inputs, self.it)?;
        let shape = operands::shape(name, &layouts)?;
        let folded = self.axes.folded(self.py, name, shape.len())?;
        let mask = self.mask.as_ref().map(|mask| {
            let layout = mask.layout().filter(|layout| layout.source.dtype == DType::Bool);
            layout.ok_or_else(|| error::mask_dtype(name, &mask.dtype_name()))
        });
        let mask = mask.transpose()?;
        if let Some(mask) = &mask
            && broadcast(&[&mask.dims, &shape]).as_ref() != Ok(&shape)
        {
            return Err(error::mask_shape(name, &operands::shown(&mask.dims), &operands::shown(&shape)));
        }
        let own = (0..shape.len()).filter(|&axis| self.keepdims || !folded[axis]);
        let own: Vec<Option<usize>> = own.map(|axis| Some(axis).filter(|&axis| !folded[axis])).collect();
        let result = own.iter().map(|own| own.map_or(1, |axis| shape[axis])).collect();
        Ok(Shape { layouts, mask, operands: shape, folded, result, own, scan: None })
    }

    /// The same for a result for each element: along one axis, or of all elements in a row.
    fn scan_shape(&self) -> PyResult<Shape> {
        let name = self.kernel.name;
        let layouts = operands::layouts(self.kernel, &self.inputs, self.it)?;
        let operands = operands::shape(name, &layouts)?;
        let axis = self.axes.single(self.py, name, operands.len())?;
        let (result, own) = match axis {
            Some(_) => (operands.clone(), (0..operands.len()).map(Some).collect()),
            None => (vec![operands.iter().product()], vec![None]),
        };
        let folded = (0..operands.len()).map(|each| axis.is_none_or(|axis| axis == each)).collect();
        Ok(Shape { layouts, mask: None, operands, folded, result, own, scan: Some(axis) })
    }

    /// The shape of the results.
    pub fn result_shape(&self) -> PyResult<Vec<usize>> {
        Ok(self.shape()?.result)
    }

    /// Folds, and gives a result for each output; `outs` has an entry for each: the caller's array, or none.
    pub fn run(
        &self,
        outs: &[Option<Bound<'py, PyAny>>],
        params: &[Slot],
        start: Start<'_>,
        ending: Ending,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        self.results(outs, &ending.dtypes(self.it), Self::shape, |shape, places| {
            self.fold(shape, places, params, start, ending)
        })
    }

    /// Scans, and gives a result for each output.
    pub fn scan(&self, outs: &[Option<Bound<'py, PyAny>>], params: &[Slot]) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let (kernel, it) = (self.kernel, self.it);
        self.results(outs, it.outputs, Self::scan_shape, |shape, places| {
            let way = Scans::new(it, &shape.operands, shape.scan.flatten(), &shape.layouts, places);
            let way = way.ok_or_else(|| error::complex(kernel.name))?;
            let done = run_watched(self.py, kernel, way.len(), || {
                // SAFETY: the arrays are owned by `self`, places by the caller, and nothing shares memory with them.
                unsafe { way.run(it, params, kernel.means()) }
            })?;
            self.report(done.map_err(|error| fold_error(self.py, kernel.name, error))?)
        })
    }

    /// Makes results in the arrays of `outs`, and in new ones. What shares memory with an operand is made apart, and copied when
    /// everything is read.
    fn results(
        &self,
        outs: &[Option<Bound<'py, PyAny>>],
        dtypes: &[DType],
        shape: impl FnOnce(&Self) -> PyResult<Shape>,
        make: impl FnOnce(&Shape, &[Place]) -> PyResult<()>,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let accept = |out, dtype| outputs::accept(self.numpy, self.kernel.name, out, dtype);
        let given = outs.iter().zip(dtypes).map(|(out, &dtype)| out.as_ref().map(|out| accept(out, dtype)).transpose());
        let given = given.collect::<PyResult<Vec<_>>>()?;
        let shape = shape(self)?;
        let mut arrays = Vec::with_capacity(given.len());
        let mut places: Vec<Place> = Vec::with_capacity(given.len());
        for (given, &dtype) in given.iter().zip(dtypes) {
            let place = given.as_ref().map(|array| self.place(array, &shape)).transpose()?;
            let (array, place) = match (given, place.filter(|place| !shape.meets(place, &places))) {
                (Some(array), Some(place)) => (array.clone(), place),
                _ => {
                    let array = self.new_array(dtype, &shape)?;
                    let place = self.place(&array, &shape)?;
                    (array, place)
                }
            };
            arrays.push(array);
            places.push(place);
        }
        make(&shape, &places)?;
        let each = arrays.into_iter().zip(given).map(|(array, given)| match given {
            None => Output::New(array),
            Some(given) if given.as_any().is(array.as_any()) => Output::Given(given),
            Some(given) => Output::Apart(given, array),
        });
        each.map(|output| output.finish(self.py)).collect()
    }

    fn fold(&self, shape: &Shape, places: &[Place], params: &[Slot], start: Start<'_>, ending: Ending) -> PyResult<()> {
        let (kernel, it) = (self.kernel, self.it);
        let Shape { layouts, mask, operands, folded, .. } = shape;
        let way = Along::new(it, operands, folded, layouts, mask.as_ref(), places, ending);
        let way = way.ok_or_else(|| error::complex(kernel.name))?;
        let done = run_watched(self.py, kernel, way.len(), || {
            // SAFETY: the arrays are owned by `self`, places by the caller, and nothing shares memory with them.
            unsafe { way.run(it, params, start, kernel.means()) }
        })?;
        self.report(done.map_err(|error| fold_error(self.py, kernel.name, error))?)
    }

    /// Warns of what there is to warn of.
    fn report(&self, outcome: Outcome) -> PyResult<()> {
        let kernel = self.kernel;
        if outcome.nothing {
            error::warn_all_nan(self.py, kernel.name)?;
        }
        if outcome.flags == Flags::NONE { Ok(()) } else { self.numpy.report(self.py, kernel.name, outcome.flags) }
    }

    /// Where results go in an array.
    fn place(&self, array: &Array<'py>, shape: &Shape) -> PyResult<Place> {
        let name = self.kernel.name;
        let (dims, mut place) = array.place().ok_or_else(|| error::out_read_only(name))?;
        if dims != shape.result {
            return Err(error::out_shape(name, &operands::shown(&dims), &operands::shown(&shape.result)));
        }
        place.strides = shape.own(&place.strides);
        Ok(place)
    }

    /// A new array for results, laid out as the operands are.
    fn new_array(&self, dtype: DType, shape: &Shape) -> PyResult<Array<'py>> {
        let dims: Vec<isize> = shape.result.iter().map(|&dim| dim as isize).collect();
        let axes: Vec<(Vec<usize>, Vec<isize>)> = shape.layouts.iter().map(|layout| shape.of_result(layout)).collect();
        let axes: Vec<(&[usize], &[isize])> = axes.iter().map(|(dims, strides)| (&dims[..], &strides[..])).collect();
        let mut strides = keep_order(&shape.result, dtype.size(), &axes);
        Array::new(self.numpy, self.py, dtype, &dims, Some(&mut strides))
    }
}

impl Shape {
    /// What is said of the axes of a result, without those that stand for folded ones.
    fn own<T: Copy>(&self, axes: &[T]) -> Vec<T> {
        let each = axes.iter().zip(&self.own).filter(|(_, own)| own.is_some() || self.scan.is_some());
        each.map(|(&axis, _)| axis).collect()
    }

    /// Dims and strides of an operand along the axes of the result.
    fn of_result(&self, layout: &Layout) -> (Vec<usize>, Vec<isize>) {
        let missing = self.operands.len() - layout.dims.len();
        let axis = |own: &Option<usize>| match own.and_then(|axis| axis.checked_sub(missing)) {
            Some(axis) => (layout.dims[axis], layout.strides[axis]),
            None => (1, 0),
        };
        self.own.iter().map(axis).unzip()
    }

    /// Whether a place shares memory with itself, with an operand, or with one of the places before.
    fn meets(&self, place: &Place, before: &[Place]) -> bool {
        let dims = self.own(&self.result);
        let (dims, size) = (&dims, place.target.dtype.size());
        let written = |place: &'_ Place| (place.target.data.cast_const(), place.target.dtype.size());
        let of = |(data, size), strides| Elements { data, dims, strides, size };
        let own = of(written(place), &place.strides);
        is_folded(dims, &place.strides, size)
            || before.iter().any(|other| own.meet(&of(written(other), &other.strides)))
            || self.layouts.iter().chain(&self.mask).any(|layout| own.meet(&Elements::of(layout)))
    }
}

/// Why a fold has no result, for Python.
pub fn fold_error(py: Python<'_>, kernel: &str, error: FoldError) -> PyErr {
    match error {
        FoldError::Empty => error::empty(kernel),
        FoldError::AllSkipped => error::all_nan(kernel),
        FoldError::Complex => error::complex(kernel),
        FoldError::NoMemory => PyMemoryError::new_err(()),
        FoldError::Interrupted => interrupted(py),
        FoldError::Forked => PyRuntimeError::new_err(format!("{kernel}(): {FORKED}")),
    }
}
