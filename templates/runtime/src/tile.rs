//! Tiles: a block of an operand, gathered, swapped and converted into a small buffer.
//!
//! A block function wants values in a row, aligned, in native byte order. Where an array already holds them so, it reads the
//! array itself; else the next [`BLOCK`] elements are mended here, so that no array is ever copied whole.

use crate::block::Row;
use crate::convert::{Convert, converter};
use crate::dtype::DType;
use crate::level::{Level, level};

/// Elements of a block: the most that a block function is given at once.
pub const BLOCK: usize = 1024;

/// Bytes of the largest element.
const WIDEST: usize = 16;

/// Memory that could not be had.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NoMemory;

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
pub struct Layout {
    /// Length of each axis.
    pub dims: Vec<usize>,
    /// Bytes from one element to the next along each axis.
    pub strides: Vec<isize>,
    /// Where the data are and how they are stored.
    pub source: Source,
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

/// Bytes of a cache line.
const LINE: isize = 64;

/// Cache lines that are asked for ahead of the next tile.
const AHEAD: isize = 32;

/// Brings blocks of one operand into the shape that block functions want.
pub struct Tile {
    source: Source,
    to: DType,
    /// `None` where stored elements are already the values.
    convert: Option<Convert>,
    gather: Gather,
    /// Spare capacity for a block of values and one of gathered elements; none until needed. Its length stays 0.
    buffer: Vec<Unit>,
}

/// A unit of a tile's buffer: aligned for every dtype.
#[repr(C, align(64))]
struct Unit([u8; 64]);

/// Units that a block of the widest elements takes.
const UNITS: usize = BLOCK * WIDEST / size_of::<Unit>();

/// Copies `n` elements, `stride` bytes apart from `from` on, to a row at `to`, in native byte order.
///
/// # Safety
/// The elements are readable, whatever their alignment, and `to` has room for them, aligned for their words.
type Gather = unsafe fn(from: *const u8, stride: isize, n: usize, to: *mut u8);

impl Tile {
    /// A tile for `source` whose values are of dtype `to`; `None` if it cannot be converted.
    pub fn new(source: Source, to: DType) -> Option<Tile> {
        // Bools are always looked at one by one: a stored byte may be neither 0 nor 1.
        let as_stored = source.dtype == to && !matches!(to, DType::Bool | DType::F16);
        let convert = if as_stored { None } else { Some(converter(source.dtype, to)?) };
        Some(Tile { source, to, convert, gather: gather(source.dtype, source.swapped), buffer: Vec::new() })
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
        let left = match (dims.last(), position.last()) {
            (Some(dim), Some(at)) => dim - at,
            _ => 1,
        };
        let offset: isize = position.iter().zip(strides).map(|(&at, step)| at as isize * step).sum();
        let dense = inner_stride == size as isize || n == 1;
        if n <= left && self.source.aligned && (!self.source.swapped || size == 1) {
            // SAFETY: `position` is inside the source.
            let from = unsafe { self.source.data.offset(offset) };
            match self.convert {
                // Values in the array itself, any distance apart.
                None if n == 1 => return Ok(Row { data: from, stride: size as isize }),
                None => return Ok(Row { data: from, stride: inner_stride }),
                Some(convert) if dense => {
                    let to = self.room()?;
                    // SAFETY: n elements side by side, aligned and native, and room for a block of the widest values.
                    unsafe { convert(from, to, n) };
                    return Ok(self.dense(to));
                }
                Some(_) => {}
            }
        }
        let to = self.room()?;
        // SAFETY: the buffer has a second half of the same size.
        let gathered = unsafe { to.add(UNITS * size_of::<Unit>()) };
        let mut at: [usize; crate::shape::MAX_DIMS] = [0; crate::shape::MAX_DIMS];
        let at = &mut at[..position.len()];
        at.copy_from_slice(position);
        let mut done = 0;
        let (mut offset, mut run) = (offset, left.min(n));
        loop {
            // SAFETY: the run stays in the innermost loop, and `done + run <= n <= BLOCK` elements fit.
            unsafe {
                let from = self.source.data.offset(offset);
                (self.gather)(from, inner_stride, run, gathered.add(done * size));
            }
            done += run;
            if done == n {
                break;
            }
            offset = next_row(dims, strides, at);
            run = dims[dims.len() - 1].min(n - done);
        }
        // While the block function works on this tile, the memory can bring the start of the next.
        let next = self.source.data.wrapping_offset(offset + run as isize * inner_stride);
        let step = inner_stride.signum() * inner_stride.abs().max(LINE);
        (0..AHEAD).for_each(|line| prefetch(next.wrapping_offset(line * step)));
        match self.convert {
            None => Ok(self.dense(gathered)),
            Some(convert) => {
                // SAFETY: n gathered elements, aligned and native, and room for as many values.
                unsafe { convert(gathered, to, n) };
                Ok(self.dense(to))
            }
        }
    }

    /// A row of values in the buffer.
    fn dense(&self, data: *const u8) -> Row {
        Row { data, stride: self.to.value().size() as isize }
    }

    /// The buffer: a block of values, then a block of elements as gathered.
    fn room(&mut self) -> Result<*mut u8, NoMemory> {
        if self.buffer.capacity() == 0 {
            self.buffer.try_reserve_exact(2 * UNITS).map_err(|_| NoMemory)?;
        }
        Ok(self.buffer.as_mut_ptr().cast())
    }
}

/// Asks for the cache line at `address`, which may be anything.
#[inline(always)]
fn prefetch(address: *const u8) {
    #[cfg(target_arch = "x86_64")]
    // SAFETY: a hint; no address makes it fault.
    unsafe {
        std::arch::x86_64::_mm_prefetch::<{ std::arch::x86_64::_MM_HINT_T0 }>(address.cast())
    }
    #[cfg(not(target_arch = "x86_64"))]
    let _ = address;
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

/// The gathering loop for elements of `C` words `U`.
///
/// # Safety
/// `n` elements of `C` words lie `stride` bytes apart from `from` on, and `to` has room for them, aligned for a word.
#[inline(always)]
unsafe fn gather_words<U: Word, const C: usize, const SWAP: bool>(
    from: *const u8,
    stride: isize,
    n: usize,
    to: *mut u8,
) {
    let size = const { size_of::<[U; C]>() as isize };
    // SAFETY: passed on. A stride that the compiler knows is vectorized.
    unsafe {
        if stride == size {
            gather_apart::<U, C, SWAP>(from, size, n, to)
        } else if stride == 2 * size {
            gather_apart::<U, C, SWAP>(from, 2 * size, n, to)
        } else if stride == -size {
            gather_apart::<U, C, SWAP>(from, -size, n, to)
        } else {
            gather_apart::<U, C, SWAP>(from, stride, n, to)
        }
    }
}

/// The loop itself.
///
/// # Safety
/// As for [`gather_words`].
#[inline(always)]
unsafe fn gather_apart<U: Word, const C: usize, const SWAP: bool>(
    from: *const u8,
    stride: isize,
    n: usize,
    to: *mut u8,
) {
    let load = |k: usize| {
        // SAFETY: k < n elements, `stride` bytes apart; no alignment is asked of them.
        let words = unsafe { from.offset(k as isize * stride).cast::<[U; C]>().read_unaligned() };
        if SWAP { words.map(U::swap) } else { words }
    };
    let to = to.cast::<[U; C]>();
    for k in 0..n {
        // SAFETY: room for n elements.
        unsafe { to.add(k).write(load(k)) };
    }
}

/// One gathering loop, compiled for the baseline and for AVX2.
struct Words<U, const C: usize, const SWAP: bool>(std::marker::PhantomData<U>);

impl<U: Word, const C: usize, const SWAP: bool> Words<U, C, SWAP> {
    /// # Safety
    /// As for [`Gather`].
    unsafe fn base(from: *const u8, stride: isize, n: usize, to: *mut u8) {
        // SAFETY: passed on.
        unsafe { gather_words::<U, C, SWAP>(from, stride, n, to) }
    }

    /// # Safety
    /// As for [`Gather`], on a CPU of level v3 or higher.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]
    unsafe fn wide(from: *const u8, stride: isize, n: usize, to: *mut u8) {
        // SAFETY: passed on.
        unsafe { gather_words::<U, C, SWAP>(from, stride, n, to) }
    }

    fn at(level: Level) -> Gather {
        #[cfg(target_arch = "x86_64")]
        if level >= Level::V3 {
            return Self::wide;
        }
        let _ = level;
        Self::base
    }
}

/// An unsigned integer of a word's size.
trait Word: Copy {
    fn swap(self) -> Self;
}

macro_rules! word {
    ($($word:ident)*) => {
        $(impl Word for $word {
            #[inline(always)]
            fn swap(self) -> Self {
                self.swap_bytes()
            }
        })*
    };
}
word!(u8 u16 u32 u64);

/// The gathering loop for a dtype and byte order.
fn gather(dtype: DType, swapped: bool) -> Gather {
    let level = level();
    match (dtype.word(), dtype.size() / dtype.word(), swapped) {
        (1, ..) => Words::<u8, 1, false>::at(level),
        (2, _, false) => Words::<u16, 1, false>::at(level),
        (2, _, true) => Words::<u16, 1, true>::at(level),
        (4, 1, false) => Words::<u32, 1, false>::at(level),
        (4, 1, true) => Words::<u32, 1, true>::at(level),
        (4, _, false) => Words::<u32, 2, false>::at(level),
        (4, _, true) => Words::<u32, 2, true>::at(level),
        (_, 1, false) => Words::<u64, 1, false>::at(level),
        (_, 1, true) => Words::<u64, 1, true>::at(level),
        (_, _, false) => Words::<u64, 2, false>::at(level),
        (_, _, true) => Words::<u64, 2, true>::at(level),
    }
}
