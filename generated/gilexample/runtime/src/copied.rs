//! Items that a body cannot see where they lie: copied to a room of their own, and back.

use crate::block::BLOCK;
use crate::dtype::DType;
use crate::shape::Nest;
use crate::sink::Sink;
use crate::tile::{NoMemory, Rows, Source, Tile, Unit};
use crate::walk::advance;

/// An operand that is copied item by item.
pub struct Copied {
    /// The number of the array among those of the nest.
    pub array: usize,
    tile: Option<Tile>,
    sink: Option<Sink>,
    size: usize,
    /// Loops over items, then axes of an item.
    dims: Vec<usize>,
    strides: Vec<isize>,
    position: Vec<usize>,
    /// How many of them are loops over items.
    outer: usize,
    /// Where the item in the copy comes from.
    held: Option<isize>,
}

/// Memory for an item.
pub struct Room(Vec<Unit>);

impl Room {
    /// Room for so many elements of `size` bytes, zeros.
    pub fn new(elements: usize, size: usize) -> Result<Room, NoMemory> {
        let bytes = elements.checked_mul(size).ok_or(NoMemory)?;
        let units = bytes.div_ceil(size_of::<Unit>()).max(1);
        let mut room = Vec::new();
        room.try_reserve_exact(units).map_err(|_| NoMemory)?;
        room.resize(units, Unit::ZERO);
        Ok(Room(room))
    }

    /// Where it is.
    pub fn data(&mut self) -> *mut u8 {
        self.0.as_mut_ptr().cast()
    }
}

/// Elements of an item of `shape`, if so many can be in memory, were none of its lengths 0.
pub fn elements(shape: &[usize], size: usize) -> Result<usize, NoMemory> {
    let bytes = shape.iter().filter(|&&dim| dim > 0).try_fold(size, |bytes, &dim| bytes.checked_mul(dim));
    bytes.filter(|&bytes| isize::try_from(bytes).is_ok()).ok_or(NoMemory)?;
    Ok(shape.iter().product())
}

impl Copied {
    /// The way of the array at `number` of `nest` to items of `dtype`; `None` if it cannot be converted. `source` begins with
    /// its first item, `shape` and `steps` are those of an item.
    #[allow(clippy::too_many_arguments)]
    pub fn new(
        number: usize,
        source: Source,
        reads: bool,
        writes: bool,
        dtype: DType,
        nest: &Nest,
        shape: &[usize],
        steps: &[isize],
    ) -> Option<Copied> {
        let (mut tile, mut sink) = (None, None);
        if reads {
            tile = Some(Tile::new(source, dtype, Rows::Dense)?);
        }
        if writes {
            sink = Some(Sink::new(source.target(), dtype)?);
        }
        let dims = [&nest.dims[..], shape].concat();
        let strides = [&nest.strides[number][..], steps].concat();
        let (position, outer) = (vec![0; dims.len()], nest.dims.len());
        let size = dtype.value().size();
        Some(Copied { array: number, tile, sink, size, dims, strides, position, outer, held: None })
    }

    /// Elements of an item.
    fn len(&self) -> usize {
        self.dims[self.outer..].iter().product()
    }

    /// Brings the item at `position` to `room`, unless it is there.
    ///
    /// # Safety
    /// It is readable, and the room large enough.
    pub unsafe fn gather(&mut self, offset: isize, position: &[usize], room: *mut u8) -> Result<(), NoMemory> {
        self.position[..self.outer].copy_from_slice(position);
        let len = self.len();
        let Some(tile) = &mut self.tile else { return Ok(()) };
        if self.held == Some(offset) && self.sink.is_none() {
            return Ok(());
        }
        self.held = Some(offset);
        for start in (0..len).step_by(BLOCK) {
            let n = BLOCK.min(len - start);
            // SAFETY: the item has `n` elements from there on.
            unsafe {
                let row = tile.values(&self.dims, &self.strides, &self.position, n)?;
                let to = room.add(start * self.size);
                std::ptr::copy_nonoverlapping(row.data, to, n * self.size);
            }
            advance(&self.dims[self.outer..], &mut self.position[self.outer..], n);
        }
        Ok(())
    }

    /// Takes the item in `room` to where it belongs.
    ///
    /// # Safety
    /// It is writable there, and `room` holds it.
    pub unsafe fn scatter(&mut self, room: *mut u8) -> Result<(), NoMemory> {
        let len = self.len();
        let Some(sink) = &mut self.sink else { return Ok(()) };
        for start in (0..len).step_by(BLOCK) {
            let n = BLOCK.min(len - start);
            // SAFETY: the item has `n` elements from there on, here and there.
            unsafe {
                let to = sink.room(&self.dims, &self.strides, &self.position, n)?;
                let from = room.cast_const().add(start * self.size);
                std::ptr::copy_nonoverlapping(from, to, n * self.size);
                sink.store(&self.dims, &self.strides, &self.position, n)?;
            }
            advance(&self.dims[self.outer..], &mut self.position[self.outer..], n);
        }
        Ok(())
    }
}
