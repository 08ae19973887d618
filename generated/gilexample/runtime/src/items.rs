//! Bodies over leading dimensions: item after item, in the order in which they lie.
//!
//! A body sees arrays where they are. What it cannot see as it lies (another dtype or byte order, misaligned, bools that may be
//! neither 0 nor 1, not in C order where that is promised) is copied item by item, and back where it is written to.

use crate::block::{BLOCK, Body, Operand};
use crate::copied::{Copied, Room, elements};
use crate::dims::Lengths;
use crate::dtype::{DType, Kind};
use crate::failure::Failure;
use crate::flags::{self, Flags};
use crate::pace::{CHUNK, Pace};
use crate::scalar::Slot;
use crate::shape::{Nest, c_order};
use crate::special::{Specials, borne_out, look};
use crate::tile::{Layout, NoMemory, Rows, Source, Tile, left};
use crate::walk::advance;

/// An operand of a call.
pub enum Part {
    /// An array.
    Array(Array),
    /// An optional input that is not given.
    Missing,
    /// Room for a body to work in.
    Scratch,
}

/// An array among the operands.
pub struct Array {
    /// Leading axes, which broadcast, then those of an item.
    pub layout: Layout,
    /// What is done to it.
    pub access: Access,
    /// Whether an item must lie side by side, in C order.
    pub in_order: bool,
    /// What each item holds before the body sees it.
    pub fill: Option<Slot>,
}

/// What a body does to an operand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Access {
    /// It reads.
    Read,
    /// It writes every element.
    Write,
    /// It changes what it finds.
    Change,
}

/// A way through all items.
pub struct Items {
    nest: Nest,
    ways: Vec<Way>,
    table: Vec<Operand>,
    /// What the pointers of `table` lead to.
    axes: Vec<Axes>,
    rooms: Vec<Room>,
    fills: Vec<(usize, DType, Slot)>,
    parts: Vec<Part>,
    /// Elements of all operands in one item.
    work: usize,
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

impl Items {
    /// The way for a loop. There is a part and the shape of an item for each operand, in the order of a body's arguments; `outer`
    /// is what the leading axes broadcast to. `Ok(None)` where complex values would have to become real.
    pub fn new(
        body: &Body,
        outer: &[usize],
        shapes: Vec<Vec<usize>>,
        parts: Vec<Part>,
    ) -> Result<Option<Items>, NoMemory> {
        let arrays = || parts.iter().zip(&shapes).filter_map(|(part, shape)| part.array().map(|array| (array, shape)));
        let leading: Vec<(&[usize], &[isize])> = arrays()
            .map(|(array, shape)| {
                let own = array.layout.dims.len() - shape.len();
                (&array.layout.dims[..own], &array.layout.strides[..own])
            })
            .collect();
        let (nest, offsets) = Nest::new(outer, &leading).in_memory_order(leading.len());
        let dtypes = body.inputs.iter().chain(body.scratch).chain(body.outputs);
        let mut items = Items {
            nest,
            ways: Vec::with_capacity(parts.len()),
            table: Vec::with_capacity(parts.len()),
            axes: Vec::with_capacity(parts.len()),
            rooms: Vec::new(),
            fills: Vec::new(),
            work: shapes
                .iter()
                .map(|shape| shape.iter().fold(1usize, |n, &dim| n.saturating_mul(dim)))
                .fold(0, usize::saturating_add),
            parts: Vec::new(),
        };
        let mut offsets = offsets.into_iter().enumerate();
        for (place, ((part, shape), &dtype)) in parts.iter().zip(shapes).zip(dtypes).enumerate() {
            let size = dtype.value().size();
            let elements = elements(&shape, size)?;
            let mut strides = c_order(&shape, size);
            let (way, data) = match part {
                Part::Missing => (Way::Still, std::ptr::null_mut()),
                Part::Scratch => (Way::Still, items.room(elements, size)?),
                Part::Array(array) => {
                    let Some((number, offset)) = offsets.next() else { unreachable!("an offset for each array") };
                    let source = array.layout.source;
                    let data = source.data.wrapping_offset(offset).cast_mut();
                    let core = array.layout.strides.len() - shape.len();
                    let own: Vec<isize> = steps(&shape, &array.layout.strides[core..]);
                    items.fills.extend(array.fill.map(|fill| (place, dtype.value(), fill)));
                    if array.is_seen_as_it_lies(dtype, &shape, &own) {
                        strides = own;
                        (Way::InPlace(number, data), data)
                    } else {
                        let room = items.room(elements, size)?;
                        let source = Source { data: data.cast_const(), ..array.layout.source };
                        let (reads, writes) = (array.access != Access::Write, array.access != Access::Read);
                        let nest = &items.nest;
                        let copied = Copied::new(number, source, reads, writes, dtype, nest, &shape, &own);
                        let Some(copied) = copied else { return Ok(None) };
                        (Way::Copied(Box::new(copied)), room)
                    }
                }
            };
            let axes = Axes { dims: shape.into(), strides: strides.into() };
            items.table.push(Operand { data, step: 0, dims: axes.dims.as_ptr(), strides: axes.strides.as_ptr() });
            items.axes.push(axes);
            items.ways.push(way);
        }
        items.parts = parts;
        Ok(Some(items))
    }

    fn room(&mut self, elements: usize, size: usize) -> Result<*mut u8, NoMemory> {
        let mut room = Room::new(elements, size)?;
        let data = room.data();
        self.rooms.push(room);
        Ok(data)
    }

    /// Elements of all operands in all items: what the work is estimated by.
    pub fn work(&self) -> usize {
        self.nest.len().saturating_mul(self.work.max(1))
    }

    /// Computes every item, and gives the floating-point flags to report.
    ///
    /// # Errors
    /// What the body fails with, or that there is no memory, or that the computation is to end.
    ///
    /// # Safety
    /// What is read is readable, what is written writable and shared with nobody; `body` is the loop that this was made for,
    /// `params` has a slot for each of its params.
    pub unsafe fn run(&mut self, body: &Body, lengths: &Lengths, params: &[Slot]) -> Result<Flags, Failure> {
        let n = self.nest.len();
        let copies = self.ways.iter().any(|way| matches!(way, Way::Copied(_)));
        let most = if copies { 1 } else { (CHUNK / self.work.max(1)).max(1) };
        let mut position = vec![0; self.nest.dims.len()];
        let (mut done, mut pace) = (0, Pace::new(most));
        flags::clear();
        while done < n {
            let len = pace.next(left(&self.nest.dims, &position));
            // SAFETY: the caller vouches for the arrays; `len` items are left in the innermost loop.
            unsafe {
                self.arrive(&position)?;
                self.fill(len);
                (body.items())(self.table.as_ptr(), len, lengths.dims.as_ptr(), params.as_ptr())?;
                self.leave()?;
            }
            advance(&self.nest.dims, &mut position, len);
            done += len;
            if done < n {
                pace.go_on()?;
            }
        }
        let raised = flags::raised();
        flags::clear();
        if raised == Flags::NONE {
            return Ok(raised);
        }
        // SAFETY: passed on.
        unsafe { self.borne_out(raised).map_err(Failure::from) }
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
    /// After [`arrive`](Items::arrive), what is written being writable.
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
    /// After [`arrive`](Items::arrive).
    unsafe fn fill(&self, n: usize) {
        for (place, dtype, value) in &self.fills {
            let operand = &self.table[*place];
            let Axes { dims, strides } = &self.axes[*place];
            // SAFETY: `n` items of these dims and strides are there.
            (0..n).for_each(|k| unsafe { fill(operand.item(k), dims, strides, dtype.size(), value) });
        }
    }

    /// The flags that the values of all arrays bear out.
    ///
    /// # Safety
    /// The arrays are readable.
    unsafe fn borne_out(&self, raised: Flags) -> Result<Flags, NoMemory> {
        let (mut found, mut came) = (Specials::default(), Specials::default());
        for array in self.parts.iter().filter_map(Part::array) {
            let specials = if array.access == Access::Read { &mut came } else { &mut found };
            // SAFETY: passed on.
            unsafe { look_at_all(specials, &array.layout)? };
        }
        Ok(borne_out(raised, found, came))
    }
}

impl Part {
    fn array(&self) -> Option<&Array> {
        match self {
            Part::Array(array) => Some(array),
            Part::Missing | Part::Scratch => None,
        }
    }
}

impl Array {
    /// Whether a body can be shown the array itself, its items having these steps.
    fn is_seen_as_it_lies(&self, dtype: DType, shape: &[usize], steps: &[isize]) -> bool {
        let source = self.layout.source;
        let size = dtype.size();
        let bools = dtype == DType::Bool && self.access != Access::Write;
        let as_stored = source.dtype == dtype && dtype != DType::F16 && !bools;
        let in_order = || c_order(shape, size).iter().zip(steps).zip(shape).all(|((a, b), &dim)| a == b || dim <= 1);
        as_stored
            && source.aligned
            && (!source.swapped || size == 1)
            && steps.iter().all(|step| step.unsigned_abs().is_multiple_of(size))
            && (!self.in_order || shape.contains(&0) || in_order())
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

/// Adds what is special about all elements of an array.
///
/// # Safety
/// It is readable.
unsafe fn look_at_all(specials: &mut Specials, layout: &Layout) -> Result<(), NoMemory> {
    let source = layout.source;
    if source.dtype.kind() < Kind::Float {
        return Ok(());
    }
    let nest = Nest::new(&layout.dims, &[(&layout.dims, &layout.strides)]);
    let Some(mut tile) = Tile::new(source, source.dtype, Rows::Strided) else { return Ok(()) };
    let mut position = vec![0; nest.dims.len()];
    for start in (0..nest.len()).step_by(BLOCK) {
        let n = BLOCK.min(nest.len() - start);
        // SAFETY: `n` elements are left.
        unsafe {
            let row = tile.values(&nest.dims, &nest.strides[0], &position, n)?;
            look(specials, source.dtype, row, n);
        }
        advance(&nest.dims, &mut position, n);
    }
    Ok(())
}
