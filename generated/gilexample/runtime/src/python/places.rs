//! Where the operands of a body are: inputs with their core axes last, outputs new or the caller's, nothing shared with what is
//! written.

use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

use super::array::Array;
use super::body::is_changed;
use super::cores::Cores;
use super::numpy::NumPy;
use super::outputs::{self, Output, Outputs};
use super::{error, operands, param};
use crate::block::Body;
use crate::body::Kernel;
use crate::dims;
use crate::dtype::{Cast, DType};
use crate::items::{self, Access, Items, Part};
use crate::kernel::Value;
use crate::overlap::{Elements, is_folded};
use crate::scalar::{ScalarType, Slot};
use crate::shape::broadcast;
use crate::tile::Layout;

/// A call, as far as it is known when the arrays are looked into.
pub struct Request<'a, 'py> {
    /// The kernel.
    pub kernel: &'static Kernel,
    /// The loop.
    pub body: &'static Body,
    /// NumPy.
    pub numpy: &'a NumPy,
    /// The token.
    pub py: Python<'py>,
    /// Which axes are core axes.
    pub cores: Cores,
    /// How many axes of length one stand in the outputs for core axes of the inputs.
    pub kept: usize,
}

/// The operands of a call.
pub struct Placing<'py> {
    /// The arrays of inputs and inouts, owned until the loop is done.
    arrays: Vec<Option<Array<'py>>>,
    /// Their layouts, core axes last.
    layouts: Vec<Option<Layout>>,
    /// Whether an input's own shape decides about dimensions: not that of a number for every element.
    decides: Vec<bool>,
    /// What the leading axes broadcast to.
    outer: Vec<usize>,
    outputs: Vec<(Output<'py>, Layout)>,
}

impl<'py> Placing<'py> {
    /// Looks into the arrays.
    pub fn new(request: &Request<'_, 'py>, arrays: Vec<Option<Array<'py>>>) -> PyResult<Self> {
        let (kernel, body) = (request.kernel, request.body);
        let mut layouts = Vec::with_capacity(arrays.len());
        let mut decides = Vec::with_capacity(arrays.len());
        for (place, (array, input)) in arrays.iter().zip(kernel.inputs).enumerate() {
            let Some(array) = array else {
                layouts.push(None);
                decides.push(false);
                continue;
            };
            let layout = operands::layout(kernel.name, array, input, body.inputs[place])?;
            let dims = kernel.core.operands[place];
            // A number in the place of a default, as that itself, is as long as it should be along every axis.
            if input.default.is_some() && layout.dims.is_empty() {
                layouts.push(Some(layout));
                decides.push(dims.is_empty());
                continue;
            }
            decides.push(true);
            if layout.dims.len() < dims.len() {
                return Err(error::too_few_axes(kernel.name, input.name, layout.dims.len(), dims.len()));
            }
            if is_changed(kernel, place) && !body.inputs[place].value().casts(layout.source.dtype, Cast::SameKind) {
                let came = layout.source.dtype.name();
                return Err(error::not_written_back(kernel.name, input.name, body.inputs[place].name(), came));
            }
            let axes = request.cores.of(request.py, kernel.name, place, dims.len(), layout.dims.len())?;
            layouts.push(Some(with_last(layout, &axes)));
        }
        Ok(Placing { arrays, layouts, decides, outer: Vec::new(), outputs: Vec::new() })
    }

    /// The shape of an item of each input and inout that decides about dimensions.
    pub fn items(&self, kernel: &Kernel) -> Vec<Option<&[usize]>> {
        let each = self.layouts.iter().zip(&self.decides).zip(kernel.core.operands);
        each.map(|((layout, &decides), dims)| {
            let layout = layout.as_ref().filter(|_| decides)?;
            Some(&layout.dims[layout.dims.len() - dims.len()..])
        })
        .collect()
    }

    /// Makes or accepts an array for each output. `shapes` are those of an item of each operand.
    pub fn outputs(
        &mut self,
        request: &Request<'_, 'py>,
        out: Vec<Option<Bound<'py, PyAny>>>,
        shapes: &[Vec<usize>],
    ) -> PyResult<()> {
        let (kernel, body) = (request.kernel, request.body);
        for (layout, shape) in self
            .layouts
            .iter_mut()
            .zip(shapes)
            .zip(&self.decides)
            .filter_map(|((layout, shape), decides)| Some((layout.as_mut().filter(|_| !decides)?, shape)))
        {
            *layout = Layout { dims: shape.clone(), strides: vec![0; shape.len()], source: layout.source };
        }
        let inputs = kernel.inputs.len();
        let shapes = &shapes[inputs + body.scratch.len()..];
        let given: Vec<Option<Array<'py>>> = (out.iter().zip(body.outputs))
            .map(|(out, &dtype)| {
                out.as_ref().map(|out| outputs::accept(request.numpy, kernel.name, out, dtype)).transpose()
            })
            .collect::<PyResult<_>>()?;
        let mut leading: Vec<&[usize]> = Vec::new();
        let lead = |layout: &'_ Layout, core: usize| layout.dims.len() - core;
        for (layout, dims) in self.layouts.iter().zip(kernel.core.operands) {
            leading.extend(layout.as_ref().map(|layout| &layout.dims[..lead(layout, dims.len())]));
        }
        let mut places = Vec::with_capacity(given.len());
        for (number, (given, shape)) in given.iter().zip(shapes).enumerate() {
            let place = given.as_ref().map(|array| self.place(request, number, array, shape));
            places.push(place.transpose()?);
        }
        for (place, shape) in places.iter().zip(shapes) {
            leading.extend(place.as_ref().map(|place| &place.dims[..lead(place, shape.len())]));
        }
        let outer = broadcast(&leading);
        let outer = outer.map_err(|_| operands::mismatch(kernel.name, leading.iter().copied()))?;
        for (place, layout) in self.layouts.iter().enumerate().filter(|(place, _)| is_changed(kernel, *place)) {
            let Some(layout) = layout else { continue };
            let own = &layout.dims[..lead(layout, kernel.core.operands[place].len())];
            if own != outer {
                let name = kernel.inputs[place].name;
                return Err(error::not_broadcast(kernel.name, name, &operands::shown(own), &operands::shown(&outer)));
            }
        }
        self.outer = outer;
        self.refuse_shared(kernel)?;
        for (number, ((given, place), shape)) in given.into_iter().zip(places).zip(shapes).enumerate() {
            let wanted = place.as_ref().map(|place| &place.dims[..lead(place, shape.len())]);
            if let Some(found) = wanted.filter(|found| *found != self.outer) {
                let (found, wanted) = (operands::shown(found), operands::shown(&self.outer));
                return Err(error::not_broadcast(kernel.name, kernel.outputs.names[number], &found, &wanted));
            }
            let changed = self.layouts.iter().enumerate().filter(|(place, _)| is_changed(kernel, *place));
            for (changed, layout) in changed.filter_map(|(place, layout)| Some((place, layout.as_ref()?))) {
                if place.as_ref().is_some_and(|place| meet(layout, place)) {
                    return Err(error::shared(kernel.name, kernel.inputs[changed].name, "out"));
                }
            }
            let placed = match (given, place) {
                (Some(array), Some(place)) if !self.shares(&place) => (Output::Given(array), place),
                (given, _) => {
                    let array = self.new_array(request, number, body.outputs[number], shape)?;
                    let place = self.place(request, number, &array, shape)?;
                    (
                        given.map_or_else(|| Output::New(array.clone()), |given| Output::Apart(given, array.clone())),
                        place,
                    )
                }
            };
            self.outputs.push(placed);
        }
        Ok(())
    }

    /// The layout of an output, core axes last, without those that are kept.
    fn place(
        &self,
        request: &Request<'_, 'py>,
        number: usize,
        array: &Array<'py>,
        shape: &[usize],
    ) -> PyResult<Layout> {
        let (kernel, kept) = (request.kernel, request.kept);
        let name = kernel.outputs.names[number];
        let layout =
            array.layout().filter(|_| array.is_writeable()).ok_or_else(|| error::out_read_only(kernel.name))?;
        let count = shape.len() + kept;
        if layout.dims.len() < count {
            return Err(error::too_few_axes(kernel.name, name, layout.dims.len(), count));
        }
        let axes = request.axes_of_output(number, count, layout.dims.len())?;
        let mut layout = with_last(layout, &axes);
        let wanted = if kept > 0 { vec![1; kept] } else { shape.to_vec() };
        let found = &layout.dims[layout.dims.len() - count..];
        if *found != wanted {
            return Err(error::core_shape(kernel.name, name, &operands::shown(&wanted), &operands::shown(found)));
        }
        if kept > 0 {
            let own = layout.dims.len() - kept;
            layout.dims.truncate(own);
            layout.strides.truncate(own);
        }
        Ok(layout)
    }

    /// A new array for an output: in C order, with its core axes where they are wanted.
    fn new_array(
        &self,
        request: &Request<'_, 'py>,
        number: usize,
        dtype: DType,
        shape: &[usize],
    ) -> PyResult<Array<'py>> {
        let item = if request.kept > 0 { vec![1; request.kept] } else { shape.to_vec() };
        let ndim = self.outer.len() + item.len();
        let axes = request.axes_of_output(number, item.len(), ndim)?;
        let mut outer = self.outer.iter();
        let dims = (0..ndim).map(|axis| match axes.iter().position(|&core| core == axis) {
            Some(core) => item[core] as isize,
            None => outer.next().map_or(1, |&dim| dim as isize),
        });
        Array::new(request.numpy, request.py, dtype, &dims.collect::<Vec<_>>(), None)
    }

    /// Refuses arrays that are changed in place and share memory with another operand, or with themselves.
    fn refuse_shared(&self, kernel: &Kernel) -> PyResult<()> {
        for (place, layout) in self.layouts.iter().enumerate().filter(|(place, _)| is_changed(kernel, *place)) {
            let Some(layout) = layout else { continue };
            let name = kernel.inputs[place].name;
            if is_folded(&layout.dims, &layout.strides, layout.source.dtype.size()) {
                return Err(PyValueError::new_err(format!(
                    "{}(): {name} is changed in place, and some of its elements are one in memory: pass {name}.copy()",
                    kernel.name
                )));
            }
            for (other, read) in self.layouts.iter().enumerate().filter(|(other, _)| *other != place) {
                if read.as_ref().is_some_and(|read| meet(layout, read)) {
                    return Err(error::shared(kernel.name, name, kernel.inputs[other].name));
                }
            }
        }
        Ok(())
    }

    /// Whether an output shares memory with itself, with an operand, or with an output before.
    fn shares(&self, place: &Layout) -> bool {
        is_folded(&place.dims, &place.strides, place.source.dtype.size())
            || self.layouts.iter().flatten().any(|read| meet(place, read))
            || self.outputs.iter().any(|(_, other)| meet(place, other))
    }

    /// The results to be, and the way through all items; none where complex values would have to become real.
    pub fn ready(self, request: &Request<'_, 'py>, shapes: Vec<Vec<usize>>) -> PyResult<(Outputs<'py>, Option<Items>)> {
        let (kernel, body) = (request.kernel, request.body);
        let mut parts = Vec::with_capacity(shapes.len());
        for (place, layout) in self.layouts.into_iter().enumerate() {
            let access = if is_changed(kernel, place) { Access::Change } else { Access::Read };
            let in_order = kernel.inputs[place].in_order;
            parts
                .push(layout.map_or(Part::Missing, |layout| {
                    Part::Array(items::Array { layout, access, in_order, fill: None })
                }));
        }
        parts.extend(body.scratch.iter().map(|_| Part::Scratch));
        let mut outputs = Vec::with_capacity(self.outputs.len());
        for (number, (output, layout)) in self.outputs.into_iter().enumerate() {
            let dims::Output { fill, in_order } = kernel.core.output(number);
            let fill = self::fill(fill, body.outputs[number]);
            parts.push(Part::Array(items::Array { layout, access: Access::Write, in_order, fill }));
            outputs.push(output);
        }
        let way = Items::new(body, &self.outer, shapes, parts);
        Ok((Outputs::new(outputs, self.arrays), way))
    }
}

impl Request<'_, '_> {
    /// The core axes of an output, with those that are kept.
    fn axes_of_output(&self, number: usize, count: usize, ndim: usize) -> PyResult<Vec<usize>> {
        let (kernel, place) = (self.kernel, self.kernel.inputs.len() + number);
        self.cores.of(self.py, kernel.name, place, count, ndim)
    }
}

/// What an output holds before a body sees it. A bool that nobody wrote may be neither 0 nor 1.
pub fn fill(declared: Option<Value>, dtype: DType) -> Option<Slot> {
    let value = declared.or((dtype == DType::Bool).then_some(Value::Bool(false)))?;
    Some(param::write(value, ScalarType::Number(dtype)))
}

/// The same array with these axes last, in their order.
fn with_last(layout: Layout, axes: &[usize]) -> Layout {
    let order: Vec<usize> =
        (0..layout.dims.len()).filter(|axis| !axes.contains(axis)).chain(axes.iter().copied()).collect();
    Layout {
        dims: order.iter().map(|&axis| layout.dims[axis]).collect(),
        strides: order.iter().map(|&axis| layout.strides[axis]).collect(),
        source: layout.source,
    }
}

/// Whether two arrays may share memory.
fn meet(a: &Layout, b: &Layout) -> bool {
    Elements::of(a).meet(&Elements::of(b))
}
