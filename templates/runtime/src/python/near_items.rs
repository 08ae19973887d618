//! The nearest way into a body: a few items in arrays in a row, of a loop's own dtypes, one output, no keyword but `out` and params.

use std::mem::MaybeUninit;

use pyo3::prelude::*;
use pyo3::{Borrowed, ffi};

use super::array::{self, Array, Contiguous};
use super::body::WEIGHT;
use super::ending::{exception, run_watched};
use super::numpy::NumPy;
use super::params::{self, Read};
use super::places::fill;
use crate::block::{Body, Operand};
use crate::body::Kernel;
use crate::copied::Room;
use crate::dims::Dim;
use crate::dtype::DType;
use crate::flags::{self, Flags};
use crate::formula::Scope;
use crate::overlap::meet;
use crate::pace::{CHUNK, Pace};
use crate::worker;

/// The most operands of a call.
const OPERANDS: usize = 6;
/// The most axes of an array, and dimensions of a kernel.
const AXES: usize = 8;
/// The most axes of an item.
const ITEM: usize = 4;

/// How an item of an operand lies: in C order.
struct Axes {
    dims: [usize; ITEM],
    strides: [isize; ITEM],
}

/// Whether calls of a kernel may be so near.
pub const fn is_near(kernel: &Kernel) -> bool {
    let core = &kernel.core;
    let mut near = kernel.outputs.names.len() == 1 && core.operands.len() <= OPERANDS && core.dims.len() < AXES;
    let mut place = 0;
    while place < core.operands.len() {
        near = near && core.operands[place].len() <= ITEM;
        place += 1;
    }
    let mut input = 0;
    while input < kernel.inputs.len() {
        near = near && kernel.inputs[input].is_plain();
        input += 1;
    }
    near
}

/// Computes a call of a kernel that [`is_near`]; `None` where another way has to be taken. `params` reads what was given for the
/// params of a loop, without running Python code.
#[inline(always)]
pub fn call<'py>(
    kernel: &'static Kernel,
    py: Python<'py>,
    arguments: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
    params: impl FnOnce(&'static Body) -> PyResult<Vec<Read>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let core = &kernel.core;
    let inputs = kernel.inputs.len();
    if arguments.len() != inputs {
        return Ok(None);
    }
    let numpy = NumPy::get(py)?;
    let to = match &out {
        None => None,
        Some(out) => match array::contiguous(numpy, out) {
            Some(to) if to.writeable => Some(to),
            _ => return Ok(None),
        },
    };
    let mut axes = [const { MaybeUninit::uninit() }; OPERANDS];
    let mut operands = [Operand::NOTHING; OPERANDS];
    let mut dtypes = [DType::Bool; OPERANDS];
    // The leading axes: those of one array, which all others have, too, or have none.
    let mut outer: &[isize] = &[];
    let mut lengths = [usize::MAX; AXES];
    let mut work = 0;
    for (place, (object, dims)) in arguments.iter().zip(core.operands).enumerate() {
        let Some(array) = array::contiguous(numpy, object) else { return Ok(None) };
        let Some(own) = array.dims.len().checked_sub(dims.len()) else { return Ok(None) };
        let shares = to.is_some_and(|to| meet(&reach(&array), &reach(&to)));
        if shares || matches!(array.dtype, DType::Bool | DType::F16) {
            return Ok(None);
        }
        let (leading, item) = array.dims.split_at(own);
        if !leading.is_empty() {
            if !outer.is_empty() && outer != leading {
                return Ok(None);
            }
            outer = leading;
        }
        for (dim, &found) in dims.iter().zip(item) {
            let found = found as usize;
            match dim {
                Dim::Named(place) if lengths[*place] == usize::MAX => lengths[*place] = found,
                Dim::Named(place) if lengths[*place] == found => {}
                Dim::Fixed(length) if *length == found => {}
                _ => return Ok(None),
            }
        }
        let axes = axes[place].write(Axes::NONE);
        let item = item.iter().map(|&found| Some(found as usize));
        let Some(elements) = axes.lay(item, array.dtype.size()) else { return Ok(None) };
        let step = if leading.is_empty() { 0 } else { elements * array.dtype.size() };
        operands[place] = axes.operand(array.data.cast_mut(), step);
        dtypes[place] = array.dtype;
        work += elements;
    }
    let fits = |body: &&&Body| body.inputs.iter().zip(&dtypes).all(|(wanted, found)| wanted == found);
    let Some(&body) = kernel.loops.iter().find(fits) else { return Ok(None) };
    let dims = &mut lengths[..=core.dims.len()];
    if outer.len() + ITEM > 2 * AXES || dims[..core.dims.len()].contains(&usize::MAX) || body.outputs[0] == DType::F16 {
        return Ok(None);
    }
    dims[core.dims.len()] = 0;
    let (mut slots, mut values) = (Vec::new(), Vec::new());
    if !kernel.params.is_empty() {
        (slots, values) = params::complete(kernel, body, params(body)?, &dims[..core.dims.len()])?;
    }
    let scope = Scope { params: &values, dims: &dims[..core.dims.len()] };
    if !kernel.require.iter().all(|condition| condition.holds(scope) == Ok(true)) {
        return Ok(None);
    }
    let last = inputs + body.scratch.len();
    let mut rooms: Vec<Room> = Vec::new();
    for (place, &dtype) in (inputs..).zip(body.scratch) {
        let (axes, size) = (axes[place].write(Axes::NONE), dtype.value().size());
        let Some(elements) = axes.lay(computed(core.operands[place], scope), size) else { return Ok(None) };
        let Ok(mut room) = Room::new(elements, size) else { return Ok(None) };
        operands[place] = axes.operand(room.data(), 0);
        rooms.push(room);
    }
    let (axes, size) = (axes[last].write(Axes::NONE), body.outputs[0].size());
    let Some(elements) = axes.lay(computed(core.operands[last], scope), size) else { return Ok(None) };
    let step = elements * size;
    if core.operands.iter().all(|dims| dims.is_empty()) {
        work = 1;
    } else {
        work += elements;
    }
    let items: usize = outer.iter().map(|&dim| dim as usize).product();
    work = work.saturating_mul(items);
    if work > CHUNK || kernel.is_long(work) {
        return Ok(None);
    }
    let item = &axes.dims[..core.operands[last].len()];
    let result = match to {
        None => {
            let mut dims = [0isize; 2 * AXES];
            let ndim = outer.len() + item.len();
            dims[..outer.len()].copy_from_slice(outer);
            for (to, &from) in dims[outer.len()..ndim].iter_mut().zip(item) {
                *to = from as isize;
            }
            Some(Array::new(numpy, py, body.outputs[0], &dims[..ndim], None)?)
        }
        Some(to) => {
            // One by one: there are few, and `memcmp` of none at no place is slow.
            let mut wanted = outer.iter().copied().chain(item.iter().map(|&dim| dim as isize));
            let fits = to.dtype == body.outputs[0] && to.dims.len() == outer.len() + item.len();
            if !fits || !to.dims.iter().all(|&found| wanted.next() == Some(found)) {
                return Ok(None);
            }
            None
        }
    };
    let Some(data) = result.as_ref().map(Array::data).or(to.map(|to| to.data.cast_mut())) else { return Ok(None) };
    operands[last] = axes.operand(data, step);
    let filled = fill(core.output(0).fill, body.outputs[0]);
    let (_held, out) = (Held::new(arguments), out.as_deref().cloned());
    let compute = || {
        if let Some(value) = &filled {
            let (dims, strides) = (item, &axes.strides[..item.len()]);
            // SAFETY: there are so many items of the output, and it is writable.
            (0..items).for_each(|k| unsafe { worker::fill(data.add(k * step), dims, strides, size, value) });
        }
        let (mut done, mut pace) = (0, Pace::new(items));
        while done < items {
            let len = pace.next(items - done);
            // SAFETY: an operand for each argument, in a row, of the loop's dtypes, owned here until this returns; what is
            // written is shared with nobody.
            let computed = unsafe { (body.items())(operands.as_ptr(), len, lengths.as_ptr(), slots.as_ptr()) };
            done += len;
            let next = computed.and_then(|()| if done < items { pace.go_on() } else { Ok(()) });
            if next.is_err() {
                return (next, flags::raised());
            }
            for operand in &mut operands {
                operand.data = operand.item(len);
            }
        }
        (Ok(()), flags::raised())
    };
    let (done, raised) = run_watched(py, kernel, work * WEIGHT, compute)?;
    done.map_err(|failure| exception(py, kernel.name, failure))?;
    // The general way lowers the flags, which may be old, and looks whether values bear them out.
    if raised != Flags::NONE {
        return Ok(None);
    }
    match result {
        Some(result) => result.into_result().map(Some),
        None => Ok(out),
    }
}

impl Axes {
    /// Those of nothing yet.
    const NONE: Axes = Axes { dims: [0; ITEM], strides: [0; ITEM] };

    /// Takes the lengths of an item of elements of `size` bytes, and says how many they are; `None` where a length has no value, or
    /// there are too many.
    #[inline(always)]
    fn lay(&mut self, lengths: impl ExactSizeIterator<Item = Option<usize>>, size: usize) -> Option<usize> {
        let axes = lengths.len();
        for (dim, length) in self.dims.iter_mut().zip(lengths) {
            *dim = length?;
        }
        let mut elements = 1usize;
        for axis in (0..axes).rev() {
            let length = self.dims[axis];
            // Of an axis with no second element it means nothing.
            self.strides[axis] = if length > 1 { (elements * size) as isize } else { 0 };
            elements = elements.checked_mul(length).filter(|&elements| elements <= CHUNK)?;
        }
        Some(elements)
    }

    /// An operand whose items lie so, `step` bytes apart.
    #[inline(always)]
    fn operand(&self, data: *mut u8, step: usize) -> Operand {
        Operand { data, step: step as isize, dims: self.dims.as_ptr(), strides: self.strides.as_ptr() }
    }
}

/// The lengths of an item's axes.
#[inline(always)]
fn computed(dims: &[Dim], scope: Scope<'_>) -> impl ExactSizeIterator<Item = Option<usize>> {
    dims.iter().map(move |dim| match dim {
        Dim::Named(place) => Some(scope.dims[*place]),
        Dim::Fixed(length) => Some(*length),
        Dim::Computed(formula) | Dim::Solved(_, formula) => usize::try_from(formula.size(scope).ok()?).ok(),
    })
}

/// References to arguments of our own: one that is only borrowed may look unshared to `ndarray.resize` meanwhile.
struct Held<'a, 'py>(&'a [Borrowed<'a, 'py, PyAny>]);

impl<'a, 'py> Held<'a, 'py> {
    #[inline(always)]
    fn new(objects: &'a [Borrowed<'a, 'py, PyAny>]) -> Self {
        for object in objects {
            // SAFETY: attached, as who has a `Borrowed` is, and the object is alive.
            unsafe { ffi::Py_INCREF(object.as_ptr()) };
        }
        Held(objects)
    }
}

impl Drop for Held<'_, '_> {
    #[inline(always)]
    fn drop(&mut self) {
        for object in self.0 {
            // SAFETY: attached; the reference that `new` added.
            unsafe { ffi::Py_DECREF(object.as_ptr()) };
        }
    }
}

/// The bytes of an array in a row.
#[inline(always)]
fn reach(array: &Contiguous<'_>) -> std::ops::Range<usize> {
    let start = array.data as usize;
    start..start + array.len * array.dtype.size()
}
