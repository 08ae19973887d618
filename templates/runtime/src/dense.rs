//! Elementwise kernels over arrays whose elements lie in a row, with numbers beside them: no tile, no allocation.

use std::mem::MaybeUninit;

use crate::block::{BLOCK, LINE, Map};
use crate::cut::Cut;
use crate::divide::{Pieces, divide};
use crate::failure::Failure;
use crate::flags::Flags;
use crate::report::Report;
use crate::scalar::Slot;
use crate::stream::{MUCH, fence, stream};
use crate::tile::Buffer;

/// The most inputs.
pub const INPUTS: usize = 4;

/// The most outputs.
pub const OUTPUTS: usize = 4;

/// Bytes for rows of numbers: few enough that the first-level cache is left to the arrays.
const SOME: usize = 256 * size_of::<f64>();

/// Bytes for rows of numbers in a call on few elements.
const LITTLE: usize = 512;

/// Elements of a large result that are computed in one go, and then streamed.
const STREAMED: usize = 2 * BLOCK;

/// Slots of which rows of numbers with `bytes` in all can be made, each aligned.
const fn slots(bytes: usize) -> usize {
    bytes / size_of::<Slot>() + INPUTS
}

/// Computes `n` elements. An input is a pointer to values side by side, or null, and then there is a number for it.
///
/// # Safety
/// The dtypes, at most [`INPUTS`] and [`OUTPUTS`], are the loop's, and so are the params; there is room in `to` for as many values,
/// which overlaps nothing.
#[inline(always)]
pub unsafe fn compute<const N: usize>(
    map: &Map,
    inputs: &[*const u8; N],
    numbers: &[Slot; N],
    to: &[*mut u8; OUTPUTS],
    n: usize,
    params: &[Slot],
    report: &mut Report,
) {
    let mut size = 0;
    for (input, dtype) in inputs.iter().zip(map.inputs) {
        size += if input.is_null() { dtype.size() } else { 0 };
    }
    let bytes = n.saturating_mul(size);
    // SAFETY: passed on; the room is enough for the rows.
    unsafe {
        if bytes == 0 {
            in_rows::<N, 0>(map, inputs, numbers, to, n, n, params, report)
        } else if bytes <= LITTLE {
            in_rows::<N, { slots(LITTLE) }>(map, inputs, numbers, to, n, n, params, report)
        } else {
            in_rows::<N, { slots(SOME) }>(map, inputs, numbers, to, n, SOME / size, params, report)
        }
    }
}

/// The same by several threads. `fresh`: the places were never written to. The system clears their pages when they are first touched,
/// which puts them into the caches, and going past these takes them out again.
///
/// # Errors
/// If the computation is to end.
///
/// # Safety
/// As for [`compute`], `cut` being of the elements.
#[inline(never)]
pub unsafe fn compute_divided<const N: usize>(
    map: &Map,
    inputs: &[*const u8; N],
    numbers: &[Slot; N],
    to: &[*mut u8; OUTPUTS],
    fresh: bool,
    cut: Cut,
    params: &[Slot],
) -> Result<Flags, Failure> {
    // One large result is computed in a room in the caches, and streamed to its place.
    let streams = !fresh && map.outputs.len() == 1 && cut.n.saturating_mul(map.outputs[0].size()) >= MUCH;
    let work = |pieces: &mut Pieces<'_>| {
        let (mut report, mut buffer) = (Report::start(), Buffer::default());
        let room = if streams { Some(buffer.room()?) } else { None };
        while let Some((_, piece)) = pieces.next() {
            let step = if streams { STREAMED } else { piece.len() };
            for start in piece.clone().step_by(step) {
                let len = step.min(piece.end - start);
                let (mut from, mut to) = (*inputs, *to);
                for (from, dtype) in from.iter_mut().zip(map.inputs).filter(|(from, _)| !from.is_null()) {
                    *from = from.wrapping_add(start * dtype.size());
                }
                for (to, dtype) in to.iter_mut().zip(map.outputs) {
                    *to = to.wrapping_add(start * dtype.size());
                }
                let place = to[0];
                to[0] = room.unwrap_or(place);
                // SAFETY: passed on; the room holds as many values.
                unsafe {
                    compute(map, &from, numbers, &to, len, params, &mut report);
                    if streams {
                        stream(to[0], place, len * map.outputs[0].size());
                    }
                }
            }
            fence();
        }
        Ok::<_, Failure>(report.flags)
    };
    // SAFETY: elements have nothing to do with each other.
    Ok(unsafe { divide(cut, work)? }.into_iter().fold(Flags::NONE, Flags::and))
}

/// The same as [`compute`], at most `step` elements at once; `ROOM` slots are for rows of numbers.
///
/// # Safety
/// As for [`compute`]. `step` is not 0 unless `n` is, and `ROOM` slots are enough for so many values of each number.
#[allow(clippy::too_many_arguments)]
unsafe fn in_rows<const N: usize, const ROOM: usize>(
    map: &Map,
    inputs: &[*const u8; N],
    numbers: &[Slot; N],
    to: &[*mut u8; OUTPUTS],
    n: usize,
    step: usize,
    params: &[Slot],
    report: &mut Report,
) {
    let mut room = [const { MaybeUninit::<Slot>::uninit() }; ROOM];
    let mut free = room.as_mut_ptr().cast::<u8>();
    let mut from = *inputs;
    // Bytes from one value to the next, once numbers are rows that are read again and again.
    let mut strides = [0; N];
    for k in 0..N {
        let size = map.inputs[k].size();
        strides[k] = size;
        if ROOM > 0 && from[k].is_null() {
            // SAFETY: `step` values of every number fit into the room, each row rounded up to whole slots.
            unsafe { repeat(&numbers[k], size, step, free) };
            (from[k], strides[k]) = (free, 0);
            free = free.wrapping_add((step * size).next_multiple_of(size_of::<Slot>()));
        }
    }
    if n <= step && n < BLOCK {
        // SAFETY: all values at once.
        unsafe { report.block(map, &from, to, n, params) };
        return;
    }
    let mut way = Way { from, strides, to: *to, sizes: [0; OUTPUTS] };
    way.sizes.iter_mut().zip(map.outputs).for_each(|(size, dtype)| *size = dtype.size());
    let block = map.block();
    let (mut left, mut len) = (n, until_line(map, to[0], n));
    while left > 0 {
        let span = report.span().min(len);
        if report.hopes() {
            let start = way;
            way.rows(span, step, |from, to, len| {
                // SAFETY: `len` values are left in the arrays, and there are as many of each number.
                unsafe { block(from.as_ptr(), to.as_ptr(), len, params.as_ptr()) }
            });
            if !report.fulfilled(map, span) {
                way = start;
                continue;
            }
        } else {
            way.rows(span, step.min(BLOCK), |from, to, len| {
                // SAFETY: likewise.
                unsafe { report.with_care(map, from, to, len, params) }
            });
        }
        left -= span;
        len = if span < len { len - span } else { left };
    }
}

/// Where `N` inputs are read and outputs written next.
#[derive(Clone, Copy)]
struct Way<const N: usize> {
    from: [*const u8; N],
    /// Bytes from one value of an input to the next; 0 for a row that is read again and again.
    strides: [usize; N],
    to: [*mut u8; OUTPUTS],
    /// Bytes from one value of an output to the next.
    sizes: [usize; OUTPUTS],
}

impl<const N: usize> Way<N> {
    /// Goes on by `n` values, in rows of at most `step`.
    #[inline(always)]
    fn rows(&mut self, n: usize, step: usize, mut each: impl FnMut(&[*const u8; N], &[*mut u8; OUTPUTS], usize)) {
        let mut left = n;
        loop {
            let len = step.min(left);
            each(&self.from, &self.to, len);
            left -= len;
            (0..N).for_each(|k| self.from[k] = self.from[k].wrapping_add(len * self.strides[k]));
            (0..OUTPUTS).for_each(|k| self.to[k] = self.to[k].wrapping_add(len * self.sizes[k]));
            if left == 0 {
                return;
            }
        }
    }
}

/// Makes a row of `n` times the value of `size` bytes in a slot.
///
/// # Safety
/// `to` has room for them, aligned for the value.
#[inline(always)]
unsafe fn repeat(number: &Slot, size: usize, n: usize, to: *mut u8) {
    macro_rules! fill {
        ($word:ty) => {
            // SAFETY: a slot holds 16 bytes, whatever they mean, and the caller vouches for the room.
            unsafe {
                let word = number.read::<$word>();
                std::slice::from_raw_parts_mut(to.cast::<MaybeUninit<$word>>(), n).fill(MaybeUninit::new(word));
            }
        };
    }
    match size {
        1 => fill!(u8),
        2 => fill!(u16),
        4 => fill!(u32),
        8 => fill!(u64),
        _ => fill!(u128),
    }
}

/// Elements of a large result until one that begins a cache line: the wide stores after it, and as a rule the loads, then lie
/// within lines. All of a small one.
#[inline(always)]
fn until_line(map: &Map, to: *mut u8, n: usize) -> usize {
    let size = map.outputs.first().map_or(1, |dtype| dtype.size());
    if n < BLOCK {
        return n;
    }
    match to.align_offset(LINE) / size {
        0 => n,
        elements => elements,
    }
}
