//! What a thread needs to compute items: where they are, copies of those that a body cannot see as they lie, rooms to work in.
//!
//! A body sees arrays where they are. What it cannot see as it lies (another dtype or byte order, misaligned, bools that may be
//! neither 0 nor 1, not in C order where that is promised) is copied item by item, and back where it is written to.

use std::ops::Range;

use crate::block::{Body, Operand};
use crate::copied::{Copied, Room, elements};
use crate::dims::Lengths;
use crate::dtype::DType;
use crate::failure::Failure;
use crate::items::{Access, Items, Part};
use crate::pace::{CHUNK, Pace};
use crate::scalar::Slot;
use crate::shape::{Nest, c_order};
use crate::tile::{NoMemory, Source, left};
use crate::walk::advance;

/// A way through items.
pub struct Worker {
    nest: Nest,
    ways: Vec<Way>,
    table: Vec<Operand>,
    /// What the pointers of `table` lead to.
    axes: Vec<Axes>,
    rooms: Vec<Room>,
    fills: Vec<(usize, DType, Slot)>,
    pace: Pace,
}

/// The axes of an item as a body sees it. They stay where they are when this is moved.
struct Axes {
    dims: Box<[usize]>,
    strides: Box<[isize]>,
}

/// How a body comes to the items of an operand.
enum Way {
    /// It has them already.
    Still,
    /// Where they lie; the number of the array among those of the nest.
    InPlace(usize, *mut u8),
    /// By a copy.
    Copied(Box<Copied>),
}

impl Worker {
    /// The way of one thread through `items`.
    pub fn new(body: &Body, items: &Items) -> Result<Worker, NoMemory> {
        let Items { outer, shapes, parts } = items;
        let arrays = || parts.iter().zip(shapes).filter_map(|(part, shape)| part.array().map(|array| (array, shape)));
        let leading: Vec<(&[usize], &[isize])> = arrays()
            .map(|(array, shape)| {
                let own = array.layout.dims.len() - shape.len();
                (&array.layout.dims[..own], &array.layout.strides[..own])
            })
            .collect();
        let (nest, offsets) = Nest::new(outer, &leading).in_memory_order(leading.len());
        let mut worker = Worker {
            nest,
            ways: Vec::with_capacity(parts.len()),
            table: Vec::new(),
            axes: Vec::with_capacity(parts.len()),
            rooms: Vec::new(),
            fills: Vec::new(),
            pace: Pace::new(1),
        };
        let mut offsets = offsets.into_iter().enumerate();
        let mut data_of = Vec::with_capacity(parts.len());
        for (place, ((part, shape), &dtype)) in parts.iter().zip(shapes).zip(body.operands()).enumerate() {
            let size = dtype.value().size();
            let elements = elements(shape, size)?;
            let mut strides = c_order(shape, size);
            let (way, data) = match part {
                Part::Missing => (Way::Still, std::ptr::null_mut()),
                Part::Scratch => (Way::Still, worker.room(elements, size)?),
                Part::Array(array) => {
                    let Some((number, offset)) = offsets.next() else { unreachable!("an offset for each array") };
                    let source = array.layout.source;
                    let data = source.data.wrapping_offset(offset).cast_mut();
                    let core = array.layout.strides.len() - shape.len();
                    let own: Vec<isize> = steps(shape, &array.layout.strides[core..]);
                    worker.fills.extend(array.fill.map(|fill| (place, dtype.value(), fill)));
                    if array.is_seen_as_it_lies(dtype, shape, &own) {
                        strides = own;
                        (Way::InPlace(number, data), data)
                    } else {
                        let room = worker.room(elements, size)?;
                        let source = Source { data: data.cast_const(), ..array.layout.source };
                        let (reads, writes) = (array.access != Access::Write, array.access != Access::Read);
                        let copied = Copied::new(number, source, reads, writes, dtype, &worker.nest, shape, &own);
                        let Some(copied) = copied else { unreachable!("`Items::new` looked whether it converts") };
                        (Way::Copied(Box::new(copied)), room)
                    }
                }
            };
            let axes = Axes { dims: shape.clone().into(), strides: strides.into() };
            worker.axes.push(axes);
            worker.ways.push(way);
            data_of.push(data);
        }
        // Pointers into the axes, which stay where they are from now on.
        let operand = |(data, axes): (_, &Axes)| Operand {
            data,
            step: 0,
            dims: axes.dims.as_ptr(),
            strides: axes.strides.as_ptr(),
        };
        worker.table = data_of.into_iter().zip(&worker.axes).map(operand).collect();
        let copies = worker.ways.iter().any(|way| matches!(way, Way::Copied(_)));
        worker.pace = Pace::new(if copies { 1 } else { (CHUNK / items.size()).max(1) });
        Ok(worker)
    }

    fn room(&mut self, elements: usize, size: usize) -> Result<*mut u8, NoMemory> {
        let mut room = Room::new(elements, size)?;
        let data = room.data();
        self.rooms.push(room);
        Ok(data)
    }

    /// Computes some of the items.
    ///
    /// # Errors
    /// What the body fails with, or that there is no memory, or that the computation is to end.
    ///
    /// # Safety
    /// What is read is readable, what is written writable and shared with nobody; `body` is the loop that this was made for, `params` has
    /// a slot for each of its params, and there are such items.
    pub unsafe fn compute(
        &mut self,
        body: &Body,
        lengths: &Lengths,
        params: &[Slot],
        items: Range<usize>,
    ) -> Result<(), Failure> {
        let mut position = vec![0; self.nest.dims.len()];
        advance(&self.nest.dims, &mut position, items.start);
        let mut at = items.start;
        while at < items.end {
            let len = self.pace.next(left(&self.nest.dims, &position).min(items.end - at));
            // SAFETY: the caller vouches for the arrays; `len` items are left in the innermost loop.
            unsafe {
                self.arrive(&position)?;
                self.fill(len);
                (body.items())(self.table.as_ptr(), len, lengths.dims.as_ptr(), params.as_ptr())?;
                self.leave()?;
            }
            advance(&self.nest.dims, &mut position, len);
            at += len;
            if at < items.end {
                self.pace.go_on()?;
            }
        }
        Ok(())
    }

    /// Points at the items at `position`, and copies those that have to be.
    ///
    /// # Safety
    /// What is read is readable, and `position` is inside.
    unsafe fn arrive(&mut self, position: &[usize]) -> Result<(), NoMemory> {
        let (nest, table) = (&self.nest, &mut self.table);
        for (way, operand) in self.ways.iter_mut().zip(table) {
            match way {
                Way::Still => {}
                Way::InPlace(array, data) => {
                    let strides = &nest.strides[*array];
                    operand.data = data.wrapping_offset(offset(position, strides));
                    operand.step = strides.last().copied().unwrap_or(0);
                }
                // SAFETY: passed on; the room holds an item.
                Way::Copied(copied) => unsafe {
                    copied.gather(offset(position, &nest.strides[copied.array]), position, operand.data)?
                },
            }
        }
        Ok(())
    }

    /// Takes what was computed to where it belongs.
    ///
    /// # Safety
    /// After [`arrive`](Worker::arrive), what is written being writable.
    unsafe fn leave(&mut self) -> Result<(), NoMemory> {
        for (way, operand) in self.ways.iter_mut().zip(&self.table) {
            if let Way::Copied(copied) = way {
                // SAFETY: passed on.
                unsafe { copied.scatter(operand.data)? }
            }
        }
        Ok(())
    }

    /// Fills the next `n` items of the outputs that begin with a value.
    ///
    /// # Safety
    /// After [`arrive`](Worker::arrive).
    unsafe fn fill(&self, n: usize) {
        for (place, dtype, value) in &self.fills {
            let operand = &self.table[*place];
            let Axes { dims, strides } = &self.axes[*place];
            // SAFETY: `n` items of these dims and strides are there.
            (0..n).for_each(|k| unsafe { fill(operand.item(k), dims, strides, dtype.size(), value) });
        }
    }
}

/// Strides of an item; of an axis with no second element they mean nothing.
fn steps(shape: &[usize], strides: &[isize]) -> Vec<isize> {
    shape.iter().zip(strides).map(|(&dim, &stride)| if dim > 1 { stride } else { 0 }).collect()
}

/// Bytes from the first item to that at `position`.
fn offset(position: &[usize], strides: &[isize]) -> isize {
    position.iter().zip(strides).map(|(&at, step)| at as isize * step).sum()
}

/// Fills an item of elements of `size` bytes.
///
/// # Safety
/// It is writable.
pub unsafe fn fill(data: *mut u8, dims: &[usize], strides: &[isize], size: usize, value: &Slot) {
    let (Some((&dim, dims)), Some((&stride, strides))) = (dims.split_first(), strides.split_first()) else {
        // SAFETY: an element of `size` bytes, and a slot that holds one.
        return unsafe { std::ptr::copy_nonoverlapping(std::ptr::from_ref(value).cast(), data, size) };
    };
    // SAFETY: passed on.
    (0..dim as isize).for_each(|k| unsafe { fill(data.offset(k * stride), dims, strides, size, value) });
}
