//! Folds along axes: from operands to results, new ones or a caller's arrays.

use pyo3::exceptions::PyMemoryError;
use pyo3::prelude::*;
use pyo3::types::PyDict;

use super::array::Array;
use super::axes::Axes;
use super::intake::Intake;
use super::numpy::NumPy;
use super::{error, operands, run};
use crate::along::{Along, Ending};
use crate::block::Fold;
use crate::dtype::{Cast, DType};
use crate::flags::Flags;
use crate::fold::{FoldError, Start};
use crate::overlap::{bounds, is_folded, meet};
use crate::reduce::Kernel;
use crate::scalar::Slot;
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
    operands: Vec<usize>,
    /// Whether each axis is folded.
    folded: Vec<bool>,
    result: Vec<usize>,
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
        let mask = mask.map(|mask| Array::convert(numpy, mask, DType::Bool, false)).transpose()?;
        Ok(Folding { kernel, it, py, numpy, inputs, mask, axes, keepdims })
    }

    /// Copies the layouts, and tells the shape of the results.
    fn shape(&self) -> PyResult<Shape> {
        let name = self.kernel.name;
        let layouts = operands::layouts(self.kernel, &self.inputs, self.it)?;
        let shape = operands::shape(name, &layouts)?;
        let folded = self.axes.folded(self.py, name, shape.len())?;
        let mask = self.mask.as_ref().and_then(Array::layout);
        if let Some(mask) = &mask
            && broadcast(&[&mask.dims, &shape]).as_ref() != Ok(&shape)
        {
            return Err(error::mask_shape(name, &operands::shown(&mask.dims), &operands::shown(&shape)));
        }
        let axes = shape.iter().zip(&folded);
        let result = axes.filter_map(|(&dim, &folded)| if !folded { Some(dim) } else { self.keepdims.then_some(1) });
        Ok(Shape { result: result.collect(), layouts, mask, operands: shape, folded })
    }

    /// Folds, and gives a result for each output; `outs` has an entry for each: the caller's array, or none.
    pub fn run(
        &self,
        outs: &[Option<Bound<'py, PyAny>>],
        params: &[Slot],
        start: Start<'_>,
        ending: Ending,
    ) -> PyResult<Vec<Bound<'py, PyAny>>> {
        let dtypes = ending.dtypes(self.it);
        let given: Vec<_> =
            outs.iter().zip(&dtypes).map(|(out, &dtype)| self.given(out.as_ref(), dtype)).collect::<PyResult<_>>()?;
        let shape = self.shape()?;
        let mut results = Vec::with_capacity(given.len());
        let mut places: Vec<Place> = Vec::with_capacity(given.len());
        let mut copies = Vec::new();
        for (given, &dtype) in given.into_iter().zip(&dtypes) {
            let place = given.as_ref().map(|array| self.place(array, &shape)).transpose()?;
            let place = place.filter(|place| !shape.meets(place, &places));
            let array = match (&place, &given) {
                (Some(_), Some(array)) => array.clone(),
                _ => self.new_array(dtype, &shape)?,
            };
            places.push(match place {
                Some(place) => place,
                None => self.place(&array, &shape)?,
            });
            if let Some(given) = given.filter(|given| !given.as_any().is(array.as_any())) {
                copies.push((given, array.clone()));
            }
            results.push(array);
        }
        self.fold(&shape, &places, params, start, ending)?;
        // What shares memory with an operand is written when everything is read.
        for (given, array) in &copies {
            let keywords = PyDict::new(self.py);
            keywords.set_item("casting", Cast::SameKind.name())?;
            self.py.import("numpy")?.getattr("copyto")?.call((given.as_any(), array.as_any()), Some(&keywords))?;
        }
        results
            .into_iter()
            .zip(outs)
            .map(|(array, out)| match out {
                Some(out) => Ok(out.clone()),
                None => array.into_result(),
            })
            .collect()
    }

    fn fold(&self, shape: &Shape, places: &[Place], params: &[Slot], start: Start<'_>, ending: Ending) -> PyResult<()> {
        let (kernel, it) = (self.kernel, self.it);
        let Shape { layouts, mask, operands, folded, .. } = shape;
        let way = Along::new(it, operands, folded, layouts, mask.as_ref(), places, ending);
        let mut way = way.ok_or_else(|| error::complex(kernel.name))?;
        let release = kernel.gil.releases(way.len());
        let done = run::run(self.py, kernel.name, release, || {
            // SAFETY: the arrays are owned by `self`, places by the caller, and nothing shares memory with them.
            unsafe { way.run(it, params, start) }
        })?;
        let report = done.map_err(|error| fold_error(kernel.name, error))?;
        if report.nothing {
            error::warn_all_nan(self.py, kernel.name)?;
        }
        if report.flags == Flags::NONE { Ok(()) } else { self.numpy.report(self.py, kernel.name, report.flags) }
    }

    /// The array of a caller's `out`.
    fn given(&self, out: Option<&Bound<'py, PyAny>>, dtype: DType) -> PyResult<Option<Array<'py>>> {
        let name = self.kernel.name;
        let Some(out) = out else { return Ok(None) };
        let Some(array) = Array::of(self.numpy, out) else {
            return Err(error::out_type(name, &super::param::came(out)));
        };
        if out.is_instance(self.numpy.masked.bind(self.py))? {
            return Err(error::masked(name, "out"));
        }
        let casts = array.dtype().is_some_and(|to| dtype.casts(to, Cast::SameKind));
        if casts { Ok(Some(array)) } else { Err(error::out_dtype(name, dtype.name(), &array.dtype_name())) }
    }

    /// Where results go in an array.
    fn place(&self, array: &Array<'py>, shape: &Shape) -> PyResult<Place> {
        let name = self.kernel.name;
        let (dims, mut place) = array.place().ok_or_else(|| error::out_read_only(name))?;
        if dims != shape.result {
            return Err(error::out_shape(name, &operands::shown(&dims), &operands::shown(&shape.result)));
        }
        let kept = shape.kept_of_result(self.keepdims);
        let strides = place.strides.iter().zip(kept).filter(|(_, kept)| *kept).map(|(&stride, _)| stride);
        place.strides = strides.collect();
        Ok(place)
    }

    /// A new array for results, laid out as the operands are.
    fn new_array(&self, dtype: DType, shape: &Shape) -> PyResult<Array<'py>> {
        let dims: Vec<isize> = shape.result.iter().map(|&dim| dim as isize).collect();
        let axes: Vec<(Vec<usize>, Vec<isize>)> =
            shape.layouts.iter().map(|layout| shape.of_result(layout, self.keepdims)).collect();
        let axes: Vec<(&[usize], &[isize])> = axes.iter().map(|(dims, strides)| (&dims[..], &strides[..])).collect();
        let mut strides = keep_order(&shape.result, dtype.size(), &axes);
        Array::new(self.numpy, self.py, dtype, &dims, Some(&mut strides))
    }
}

impl Shape {
    /// Whether each axis of the result is one of the operands' that is not folded.
    fn kept_of_result(&self, keepdims: bool) -> Vec<bool> {
        self.folded.iter().filter(|&&folded| keepdims || !folded).map(|folded| !folded).collect()
    }

    /// Dims and strides of an operand along the axes of the result.
    fn of_result(&self, layout: &Layout, keepdims: bool) -> (Vec<usize>, Vec<isize>) {
        let missing = self.folded.len() - layout.dims.len();
        let axes = (0..layout.dims.len()).filter(|&axis| keepdims || !self.folded[axis + missing]);
        axes.map(|axis| if self.folded[axis + missing] { (1, 0) } else { (layout.dims[axis], layout.strides[axis]) })
            .unzip()
    }

    /// Whether a place shares memory with itself, with an operand, or with one of the places before.
    fn meets(&self, place: &Place, before: &[Place]) -> bool {
        let kept: Vec<usize> =
            self.operands.iter().zip(&self.folded).filter(|(_, folded)| !**folded).map(|(&dim, _)| dim).collect();
        let of = |place: &Place| {
            let target = place.target;
            bounds(target.data, &kept, &place.strides, target.dtype.size())
        };
        let own = of(place);
        is_folded(&kept, &place.strides, place.target.dtype.size())
            || before.iter().any(|other| meet(&of(other), &own))
            || self
                .layouts
                .iter()
                .chain(&self.mask)
                .any(|read| meet(&own, &bounds(read.source.data, &read.dims, &read.strides, read.source.dtype.size())))
    }
}

/// Why a fold has no result, for Python.
pub fn fold_error(kernel: &str, error: FoldError) -> PyErr {
    match error {
        FoldError::Empty => error::empty(kernel),
        FoldError::AllSkipped => error::all_nan(kernel),
        FoldError::Complex => error::complex(kernel),
        FoldError::NoMemory => PyMemoryError::new_err(()),
    }
}
