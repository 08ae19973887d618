//! Tiles: a block of an operand, gathered, swapped and converted into a small buffer.
//!
//! A block function wants values in a row, aligned, in native byte order. Where an array already holds them so, it reads the
//! array itself; else the next [`BLOCK`] elements are mended here, so that no array is ever copied whole.

use crate::block::{BLOCK, Row};
use crate::convert::{Convert, converter};
use crate::dtype::DType;
use crate::failure::{Failure, Kind};
use crate::overlap::Elements;
use crate::shape::MAX_DIMS;
use crate::words::{Gather, gather};

/// Memory that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMemory;

impl From<NoMemory> for Failure {
    fn from(_: NoMemory) -> Failure {
        Failure::new(Kind::Memory, "no memory for a block or an item")
    }
}

/// A read-only array as a walk sees it. Strides belong to the walk's loops.
#[derive(Debug, Clone, Copy)]
pub struct Source {
    /// The first element.
    pub data: *const u8,
    /// The array's dtype.
    pub dtype: DType,
    /// Whether its bytes are in the other order.
    pub swapped: bool,
    /// Whether every element is aligned for its dtype.
    pub aligned: bool,
}

/// The layout of an array at one moment, and its data.
#[derive(Clone)]
pub struct Layout {
    /// Length of each axis.
    pub dims: Vec<usize>,
    /// Bytes from one element to the next along each axis.
    pub strides: Vec<isize>,
    /// Where the data are and how they are stored.
    pub source: Source,
}

impl<'a> Elements<'a> {
    /// The elements of an array of this layout.
    pub fn of(layout: &'a Layout) -> Elements<'a> {
        let Layout { dims, strides, source } = layout;
        Elements { data: source.data, dims, strides, size: source.dtype.size() }
    }
}

impl Layout {
    /// Whether elements lie in a row in C order.
    pub fn is_contiguous(&self) -> bool {
        let mut expected = self.source.dtype.size() as isize;
        self.dims.contains(&0)
            || self.dims.iter().zip(&self.strides).rev().all(|(&dim, &stride)| {
                let fits = dim == 1 || stride == expected;
                expected *= dim as isize;
                fits
            })
    }
}

/// Brings blocks of one operand into the shape that block functions want.
pub struct Tile {
    source: Source,
    to: DType,
    /// `None` where stored elements are already the values.
    convert: Option<Convert>,
    gather: Gather,
    /// A block of values, then one of elements as gathered.
    buffer: Buffer,
    /// What the rows must be.
    rows: Rows,
    /// The byte offset of a broadcast element of which a block of values was made, and how many values.
    filled: Option<(isize, usize)>,
}

/// What a tile's rows must be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Rows {
    /// Any distance apart, in the array itself where nothing else need be mended.
    Strided,
    /// Side by side.
    Dense,
    /// Side by side, and never in the array itself: somebody writes to it meanwhile.
    Apart,
}

/// Room for two blocks of any dtype, aligned for it; allocated when first asked for.
#[derive(Default)]
pub struct Buffer(Vec<Unit>);

/// A unit of a buffer: aligned for every dtype and for vectors.
#[derive(Clone, Copy)]
#[repr(C, align(64))]
pub struct Unit([u8; 64]);

impl Unit {
    /// Zeros.
    pub const ZERO: Unit = Unit([0; 64]);
}

impl Buffer {
    /// Bytes of a block of the widest elements: the second block starts there.
    pub const BLOCK: usize = BLOCK * DType::WIDEST;

    /// The first block. Nothing is initialised.
    pub fn room(&mut self) -> Result<*mut u8, NoMemory> {
        if self.0.capacity() == 0 {
            let units = const { 2 * Buffer::BLOCK / size_of::<Unit>() };
            self.0.try_reserve_exact(units).map_err(|_| NoMemory)?;
        }
        Ok(self.0.as_mut_ptr().cast())
    }
}

impl Tile {
    /// A tile for `source` whose values are of dtype `to`; `None` if it cannot be converted.
    pub fn new(source: Source, to: DType, rows: Rows) -> Option<Tile> {
        // Bools are always looked at one by one: a stored byte may be neither 0 nor 1.
        let as_stored = source.dtype == to && !matches!(to, DType::Bool | DType::F16);
        let convert = if as_stored { None } else { Some(converter(source.dtype, to)?) };
        Some(Tile {
            source,
            to,
            convert,
            gather: gather(source.dtype, source.swapped),
            buffer: Buffer::default(),
            rows,
            filled: None,
        })
    }

    /// The same for another thread.
    pub fn again(&self) -> Tile {
        Tile { buffer: Buffer::default(), filled: None, ..*self }
    }

    /// The `n` values from `position` (an index for each loop, outermost first) on; `n` is at most [`BLOCK`].
    ///
    /// # Safety
    /// The source, walked by `dims` and `strides` (bytes), is readable, and `position` is inside with at least
    /// `n` elements from there on. The row is good until the next call and while the source is.
    pub unsafe fn values(
        &mut self,
        dims: &[usize],
        strides: &[isize],
        position: &[usize],
        n: usize,
    ) -> Result<Row, NoMemory> {
        let size = self.source.dtype.size();
        let inner_stride = strides.last().copied().unwrap_or(0);
        let left = left(dims, position);
        let offset: isize = position.iter().zip(strides).map(|(&at, step)| at as isize * step).sum();
        let dense = inner_stride == size as isize || n == 1;
        let repeated = (inner_stride == 0 && n <= left).then_some((offset, n));
        if repeated.is_some() && self.filled.is_some_and(|(at, len)| at == offset && n <= len) {
            let to = self.buffer.room()?;
            return Ok(self.dense(to.wrapping_add(self.values_at())));
        }
        if n <= left && self.source.aligned && (!self.source.swapped || size == 1) {
            // SAFETY: `position` is inside the source.
            let from = unsafe { self.source.data.offset(offset) };
            match self.convert {
                // Values in the array itself, any distance apart.
                None if self.rows == Rows::Apart => {}
                None if n == 1 => return Ok(Row::new(from, size as isize)),
                None if dense || self.rows == Rows::Strided => return Ok(Row::new(from, inner_stride)),
                None => {}
                Some(convert) if dense => {
                    let to = self.buffer.room()?;
                    self.filled = repeated;
                    // SAFETY: n elements side by side, aligned and native, and room for a block of the widest values.
                    unsafe { convert(from, to, n) };
                    return Ok(self.dense(to));
                }
                Some(_) => {}
            }
        }
        let to = self.buffer.room()?;
        self.filled = repeated;
        let gathered = to.wrapping_add(Buffer::BLOCK);
        runs(dims, strides, position, n, |offset, done, len| {
            // SAFETY: the run stays in the innermost loop, and `done + len <= n <= BLOCK` elements fit.
            unsafe { (self.gather)(self.source.data.offset(offset), inner_stride, len, gathered.add(done * size)) };
        });
        match self.convert {
            None => Ok(self.dense(gathered)),
            Some(convert) => {
                // SAFETY: n gathered elements, aligned and native, and room for as many values.
                unsafe { convert(gathered, to, n) };
                Ok(self.dense(to))
            }
        }
    }

    /// The `n` values from `position` on in the array itself, if a loop can read them there.
    ///
    /// # Safety
    /// As for [`values`](Tile::values).
    pub unsafe fn in_place(&self, dims: &[usize], strides: &[isize], position: &[usize], n: usize) -> Option<Row> {
        let size = self.source.dtype.size();
        if !self.is_as_stored() {
            return None;
        }
        let stride = strides.last().copied().unwrap_or(0);
        if self.rows != Rows::Strided && stride != size as isize && n > 1 {
            return None;
        }
        let mut reach = left(dims, position);
        // A row may go on in the loop around, where that is a whole number of inner loops further on.
        if let ([.., outer, inner], [.., around, within], [.., at, 0]) = (dims, strides, position)
            && *around == within.wrapping_mul(*inner as isize)
        {
            reach = inner * (outer - at);
        }
        let offset: isize = position.iter().zip(strides).map(|(&at, step)| at as isize * step).sum();
        // SAFETY: `position` is inside the source.
        let data = unsafe { self.source.data.offset(offset) };
        (n <= reach).then_some(Row::new(data, if n == 1 { size as isize } else { stride }))
    }

    /// Whether rows in which elements are `stride` bytes apart lie [in place](Tile::in_place) side by side, however long they are.
    pub fn is_in_place(&self, stride: Option<isize>) -> bool {
        self.is_as_stored() && stride == Some(self.source.dtype.size() as isize)
    }

    /// Whether stored elements are already the values, so that what keeps them from a loop can only be where they lie.
    pub fn is_as_stored(&self) -> bool {
        self.convert.is_none() && self.source.aligned && (!self.source.swapped || self.source.dtype.size() == 1)
    }

    /// Where in the buffer the values end up.
    fn values_at(&self) -> usize {
        if self.convert.is_some() { 0 } else { Buffer::BLOCK }
    }

    /// A row of values in the buffer.
    fn dense(&self, data: *const u8) -> Row {
        Row::new(data, self.to.value().size() as isize)
    }
}

/// Calls `run` for each run of the innermost loop among the `n` elements from `position` on: with its byte offset, the number of
/// elements before it, and its own.
#[inline(always)]
pub fn runs(dims: &[usize], strides: &[isize], position: &[usize], n: usize, mut run: impl FnMut(isize, usize, usize)) {
    let mut offset = position.iter().zip(strides).map(|(&at, step)| at as isize * step).sum();
    let mut len = left(dims, position);
    if n <= len {
        return run(offset, 0, n);
    }
    let mut at = [0; MAX_DIMS];
    let at = &mut at[..position.len()];
    at.copy_from_slice(position);
    let mut done = 0;
    loop {
        run(offset, done, len);
        done += len;
        if done == n {
            return;
        }
        offset = next_row(dims, strides, at);
        len = dims[dims.len() - 1].min(n - done);
    }
}

/// Elements left in the innermost loop.
#[inline(always)]
pub fn left(dims: &[usize], position: &[usize]) -> usize {
    match (dims.last(), position.last()) {
        (Some(dim), Some(at)) => dim - at,
        _ => 1,
    }
}

/// Moves `at` to the start of the next innermost row and returns its byte offset.
fn next_row(dims: &[usize], strides: &[isize], at: &mut [usize]) -> isize {
    let last = dims.len() - 1;
    at[last] = 0;
    for axis in (0..last).rev() {
        at[axis] += 1;
        if at[axis] < dims[axis] {
            break;
        }
        at[axis] = 0;
    }
    at.iter().zip(strides).map(|(&i, step)| i as isize * step).sum()
}
