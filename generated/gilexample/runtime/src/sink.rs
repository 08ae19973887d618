//! Sinks: where the values of a block go, straight into the array or by way of a small buffer.
//!
//! A block function writes values in a row, aligned, in native byte order. Where an array does not hold them so, they are written
//! to a buffer, converted, swapped and scattered: a [`Tile`](crate::tile::Tile) the other way round.

use crate::convert::{Convert, storer};
use crate::dtype::DType;
use crate::flags::{self, Flags};
use crate::tile::{Buffer, NoMemory, Source, left, runs};
use crate::words::{Scatter, scatter};

/// A writable array as a walk sees it. Strides belong to the walk's loops.
#[derive(Debug, Clone, Copy)]
pub struct Target {
    /// The first element.
    pub data: *mut u8,
    /// The array's dtype.
    pub dtype: DType,
    /// Whether its bytes are in the other order.
    pub swapped: bool,
    /// Whether every element is aligned for its dtype.
    pub aligned: bool,
}

impl Source {
    /// The same to write to.
    pub fn target(&self) -> Target {
        let Source { data, dtype, swapped, aligned } = *self;
        Target { data: data.cast_mut(), dtype, swapped, aligned }
    }
}

/// An output: an array of the shape that the inputs broadcast to.
pub struct Place {
    /// Bytes from one element to the next along each axis.
    pub strides: Vec<isize>,
    /// Where the data are to be and how they are stored.
    pub target: Target,
}

impl Place {
    /// A sink for values of dtype `from`, the first of which goes `offset` bytes further on; `None` if they cannot be converted.
    pub fn sink(&self, offset: isize, from: DType) -> Option<Sink> {
        Sink::new(Target { data: self.target.data.wrapping_offset(offset), ..self.target }, from)
    }
}

/// Takes blocks of values to one operand.
pub struct Sink {
    target: Target,
    from: DType,
    /// `None` where values are stored as they are.
    convert: Option<Convert>,
    scatter: Scatter,
    /// A block of values, then one of elements to scatter.
    buffer: Buffer,
}

impl Sink {
    /// A sink for values of dtype `from`; `None` if they cannot be converted.
    pub fn new(target: Target, from: DType) -> Option<Sink> {
        let as_stored = target.dtype == from && from != DType::F16;
        let convert = if as_stored { None } else { Some(storer(from, target.dtype)?) };
        Some(Sink { target, from, convert, scatter: scatter(target.dtype, target.swapped), buffer: Buffer::default() })
    }

    /// The same for another thread, which stores other values.
    pub fn again(&self) -> Sink {
        Sink { buffer: Buffer::default(), ..*self }
    }

    /// Where the next `n` values are to be written: `position` is an index for each loop, outermost first.
    ///
    /// # Safety
    /// As for [`Tile::values`](crate::tile::Tile::values), the target being writable. The row is good until
    /// [`store`](Sink::store), which must follow.
    pub unsafe fn room(
        &mut self,
        dims: &[usize],
        strides: &[isize],
        position: &[usize],
        n: usize,
    ) -> Result<*mut u8, NoMemory> {
        if self.is_direct(dims, strides, position, n) {
            let offset: isize = position.iter().zip(strides).map(|(&at, step)| at as isize * step).sum();
            return Ok(self.target.data.wrapping_offset(offset));
        }
        self.buffer.room()
    }

    /// Takes the `n` values that were written to [`room`](Sink::room) to their places.
    ///
    /// # Safety
    /// They were, and all arguments are the same.
    pub unsafe fn store(
        &mut self,
        dims: &[usize],
        strides: &[isize],
        position: &[usize],
        n: usize,
    ) -> Result<(), NoMemory> {
        if self.is_direct(dims, strides, position, n) {
            return Ok(());
        }
        let values = self.buffer.room()?;
        let mut elements = values;
        if let Some(convert) = self.convert {
            elements = values.wrapping_add(Buffer::BLOCK);
            // SAFETY: `n` values were written, and the buffer has a second half of the same size.
            unsafe { convert(values, elements, n) };
            // Halves are rounded by integer arithmetic, which raises no flag.
            let by_halves = self.target.dtype == DType::F16 || self.from == DType::F16;
            // SAFETY: `n` values were written, and `n` elements after them.
            if by_halves && unsafe { self.overflows(values, elements, n) } {
                flags::declare(Flags::OVERFLOW);
            }
        }
        let size = self.target.dtype.size();
        let stride = strides.last().copied().unwrap_or(0);
        runs(dims, strides, position, n, |offset, done, len| {
            // SAFETY: the run stays in the innermost loop of the target, and `done + len <= n` elements are there.
            unsafe { (self.scatter)(elements.add(done * size), stride, len, self.target.data.offset(offset)) };
        });
        Ok(())
    }

    /// Whether one of `n` finite values is an infinite half.
    ///
    /// # Safety
    /// There are as many values, and elements made of them.
    unsafe fn overflows(&self, values: *const u8, elements: *const u8, n: usize) -> bool {
        // From here on the nearest half is infinite.
        let too_large = |x: f64| x.is_finite() && x.abs() >= 65520.0;
        (0..n).any(|k| {
            // SAFETY: the caller vouches for both. Integers are stored as halves, or they would not be asked for.
            unsafe {
                match self.from.value() {
                    DType::F32 => too_large(values.cast::<f32>().add(k).read().into()),
                    DType::F64 => too_large(values.cast::<f64>().add(k).read()),
                    _ => elements.cast::<u16>().add(k).read() & 0x7fff == 0x7c00,
                }
            }
        })
    }

    /// Whether the next `n` values can be written to the array itself.
    fn is_direct(&self, dims: &[usize], strides: &[isize], position: &[usize], n: usize) -> bool {
        let size = self.target.dtype.size();
        let dense = n == 1 || strides.last().is_some_and(|&stride| stride == size as isize);
        self.convert.is_none()
            && self.target.aligned
            && (!self.target.swapped || size == 1)
            && dense
            && n <= left(dims, position)
    }
}
