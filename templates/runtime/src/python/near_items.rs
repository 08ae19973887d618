//! The nearest way into a body: a few items in arrays in a row, of a loop's own dtypes, one output, no keyword but `out` and params.

use pyo3::Borrowed;
use pyo3::prelude::*;

use super::array::{self, Array, Contiguous};
use super::body::WEIGHT;
use super::ending::{exception, run_watched};
use super::numpy::NumPy;
use super::params::{self, Read};
use super::places::fill;
use crate::block::{Body, Operand};
use crate::body::Kernel;
use crate::copied::Room;
use crate::dims::{Core, Dim};
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

/// The operands of a call: how their items look, and where they are.
struct Table {
    dims: [[usize; ITEM]; OPERANDS],
    strides: [[isize; ITEM]; OPERANDS],
    operands: [Operand; OPERANDS],
}

/// Computes a call; `None` where another way has to be taken. `params` reads what was given for the params of a loop, without
/// running Python code.
#[inline(always)]
pub fn call<'py>(
    kernel: &'static Kernel,
    py: Python<'py>,
    arguments: &[Borrowed<'_, 'py, PyAny>],
    out: Option<Borrowed<'_, 'py, PyAny>>,
    params: impl FnOnce(&'static Body) -> PyResult<Vec<Read>>,
) -> PyResult<Option<Bound<'py, PyAny>>> {
    let core = &kernel.core;
    let (inputs, outputs) = (kernel.inputs.len(), kernel.outputs.names.len());
    let small = core.operands.len() <= OPERANDS && core.dims.len() < AXES;
    let fits = small && outputs == 1 && core.operands.iter().all(|dims| dims.len() <= ITEM);
    if !fits || arguments.len() != inputs {
        return Ok(None);
    }
    let numpy = NumPy::get(py)?;
    let mut arrays: [Option<Contiguous<'_>>; OPERANDS] = [None; OPERANDS];
    for ((array, object), input) in arrays.iter_mut().zip(arguments).zip(kernel.inputs) {
        let found = array::contiguous(numpy, object);
        *array = found.filter(|array| input.is_plain() && !matches!(array.dtype, DType::Bool | DType::F16));
        if array.is_none() {
            return Ok(None);
        }
    }
    let arrays = &arrays[..inputs];
    let dtypes = |body: &&&Body| arrays.iter().flatten().map(|array| array.dtype).eq(body.inputs.iter().copied());
    let Some(&body) = kernel.loops.iter().find(dtypes) else { return Ok(None) };
    let scratch = body.scratch.len();
    let mut table =
        Table { dims: [[0; ITEM]; OPERANDS], strides: [[0; ITEM]; OPERANDS], operands: [Operand::NOTHING; OPERANDS] };
    // The leading axes: those of one array, which all others have, too, or have none.
    let mut lengths = [usize::MAX; AXES];
    let mut outer: &[isize] = &[];
    for (array, dims) in arrays.iter().flatten().zip(core.operands) {
        let Some(own) = array.dims.len().checked_sub(dims.len()) else { return Ok(None) };
        let (leading, item) = array.dims.split_at(own);
        if !leading.is_empty() {
            if !outer.is_empty() && outer != leading {
                return Ok(None);
            }
            outer = leading;
        }
        for (dim, &found) in dims.iter().zip(item) {
            let known = match dim {
                Dim::Named(place) => &mut lengths[*place],
                Dim::Fixed(length) if *length == found as usize => continue,
                _ => return Ok(None),
            };
            if *known == usize::MAX {
                *known = found as usize;
            } else if *known != found as usize {
                return Ok(None);
            }
        }
    }
    if outer.len() + ITEM > 2 * AXES || lengths[..core.dims.len()].contains(&usize::MAX) {
        return Ok(None);
    }
    lengths[core.dims.len()] = 0;
    let (mut slots, mut values) = (Vec::new(), Vec::new());
    if !kernel.params.is_empty() {
        (slots, values) = params::complete(kernel, body, params(body)?, &lengths[..core.dims.len()])?;
    }
    let scope = Scope { params: &values, dims: &lengths[..core.dims.len()] };
    if !kernel.require.iter().all(|condition| condition.holds(scope) == Ok(true)) {
        return Ok(None);
    }
    let mut work = 0usize;
    for (place, dims) in core.operands.iter().enumerate() {
        let size = dtype(body, place).value().size();
        let Some(elements) = table.shape(place, dims, scope, size) else { return Ok(None) };
        let scratch = (inputs..inputs + scratch).contains(&place);
        work += if scratch { 0 } else { elements };
    }
    if core.operands.iter().all(|dims| dims.is_empty()) {
        work = 1;
    }
    let items: usize = outer.iter().map(|&dim| dim as usize).product();
    work = work.saturating_mul(items);
    if work > CHUNK || kernel.is_long(work) || body.outputs[0] == DType::F16 {
        return Ok(None);
    }
    let step = |place: usize, own: bool| if own { table.bytes(place, dtype(body, place), core) } else { 0 };
    let last = inputs + scratch;
    let made;
    let data = match out {
        None => {
            let mut dims = [0isize; 2 * AXES];
            let ndim = outer.len() + core.operands[last].len();
            dims[..outer.len()].copy_from_slice(outer);
            for (to, &from) in dims[outer.len()..ndim].iter_mut().zip(&table.dims[last]) {
                *to = from as isize;
            }
            let array = Array::new(numpy, py, body.outputs[0], &dims[..ndim], None)?;
            let data = array.data().cast_const();
            made = Some(array);
            Some(data)
        }
        Some(ref out) => {
            made = None;
            let found = array::contiguous(numpy, out).filter(|found| found.writeable && found.dtype == body.outputs[0]);
            let item = &table.dims[last][..core.operands[last].len()];
            let wanted = outer.iter().copied().chain(item.iter().map(|&dim| dim as isize));
            let found = found.filter(|found| found.dims.iter().copied().eq(wanted));
            let apart = |found: &Contiguous<'_>| arrays.iter().flatten().all(|read| !meet(&reach(read), &reach(found)));
            found.filter(apart).map(|found| found.data)
        }
    };
    let Some(data) = data else { return Ok(None) };
    let steps: [isize; OPERANDS] = std::array::from_fn(|place| match arrays.get(place) {
        Some(Some(array)) => step(place, array.dims.len() > core.operands[place].len()),
        _ => step(place, place == last),
    });
    let mut rooms: Vec<Room> = Vec::new();
    for (place, &step) in steps[..core.operands.len()].iter().enumerate() {
        let data = match arrays.get(place) {
            Some(Some(array)) => array.data.cast_mut(),
            _ if place == last => data.cast_mut(),
            _ => {
                let elements = table.dims[place][..core.operands[place].len()].iter().product();
                let Ok(mut room) = Room::new(elements, dtype(body, place).value().size()) else { return Ok(None) };
                let data = room.data();
                rooms.push(room);
                data
            }
        };
        let (dims, strides) = (table.dims[place].as_ptr(), table.strides[place].as_ptr());
        table.operands[place] = Operand { data, step, dims, strides };
    }
    let filled = fill(core.output(0).fill, body.outputs[0]);
    // References of our own: one that is only borrowed may look unshared to `ndarray.resize` meanwhile.
    let mut owned: [Option<Bound<'_, PyAny>>; OPERANDS] = [const { None }; OPERANDS];
    for (owned, object) in owned.iter_mut().zip(arguments.iter().chain(&out)) {
        *owned = Some((*object).to_owned());
    }
    let operands = core.operands.len();
    let compute = || {
        if let Some(value) = &filled {
            let (dims, strides) = (&table.dims[last], &table.strides[last]);
            let n = core.operands[last].len();
            let size = body.outputs[0].value().size();
            // SAFETY: there are so many items of the output, and it is writable.
            (0..items as isize).for_each(|k| unsafe {
                worker::fill(data.cast_mut().offset(k * steps[last]), &dims[..n], &strides[..n], size, value);
            });
        }
        let (mut done, mut pace) = (0, Pace::new(items));
        while done < items {
            let len = pace.next(items - done);
            // SAFETY: an operand for each argument, in a row, of the loop's dtypes, owned by the caller until this returns; what
            // is written is shared with nobody.
            let computed = unsafe { (body.items())(table.operands.as_ptr(), len, lengths.as_ptr(), slots.as_ptr()) };
            done += len;
            for (operand, step) in table.operands[..operands].iter_mut().zip(&steps) {
                operand.data = operand.data.wrapping_offset(step * len as isize);
            }
            let next = computed.and_then(|()| if done < items { pace.go_on() } else { Ok(()) });
            if next.is_err() {
                return (next, flags::raised());
            }
        }
        (Ok(()), flags::raised())
    };
    let (done, raised) = run_watched(py, kernel, work * WEIGHT, compute)?;
    done.map_err(|failure| exception(py, kernel.name, failure))?;
    drop(owned);
    // The general way lowers the flags, which may be old, and looks whether values bear them out.
    if raised != Flags::NONE {
        return Ok(None);
    }
    match (made, out) {
        (Some(made), _) => made.into_result().map(Some),
        (None, Some(out)) => Ok(Some(out.to_owned())),
        (None, None) => Ok(None),
    }
}

impl Table {
    /// Sets shape and strides of an operand's item, in C order, and gives its number of elements.
    #[inline(always)]
    fn shape(&mut self, place: usize, dims: &[Dim], scope: Scope<'_>, size: usize) -> Option<usize> {
        for (length, dim) in self.dims[place].iter_mut().zip(dims) {
            *length = match dim {
                Dim::Named(place) => scope.dims[*place],
                Dim::Fixed(length) => *length,
                Dim::Computed(formula) | Dim::Solved(_, formula) => usize::try_from(formula.size(scope).ok()?).ok()?,
            };
        }
        let mut elements = 1usize;
        for axis in (0..dims.len()).rev() {
            let length = self.dims[place][axis];
            self.strides[place][axis] = if length > 1 { (elements * size) as isize } else { 0 };
            elements = elements.checked_mul(length).filter(|&elements| elements <= CHUNK)?;
        }
        Some(elements)
    }

    /// Bytes from one item of an operand to the next.
    #[inline(always)]
    fn bytes(&self, place: usize, dtype: DType, core: &Core) -> isize {
        let elements: usize = self.dims[place][..core.operands[place].len()].iter().product();
        (elements * dtype.value().size()) as isize
    }
}

/// The dtype of an operand: input, scratch or output.
#[inline(always)]
fn dtype(body: &Body, place: usize) -> DType {
    let all = [body.inputs, body.scratch, body.outputs];
    let mut place = place;
    for dtypes in all {
        if let Some(&dtype) = dtypes.get(place) {
            return dtype;
        }
        place -= dtypes.len();
    }
    DType::F64
}

/// The bytes of an array in a row.
fn reach(array: &Contiguous<'_>) -> std::ops::Range<usize> {
    let start = array.data as usize;
    start..start + array.len * array.dtype.size()
}
