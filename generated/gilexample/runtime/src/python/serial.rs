//! Loops whose results are read again further on, as the methods of ufuncs have them: `reduce`, `accumulate`, `at`.

use std::mem::MaybeUninit;
use std::ptr;

use super::strip::Strip;
use crate::block::Map;
use crate::report::Report;
use crate::scalar::Slot;
use crate::tile::{NoMemory, Rows, Tile};

/// Lanes in which a fold goes over its elements.
const LANES: usize = 512;

/// Whether results are read again as inputs further on, or outputs overlap each other.
pub fn is_serial(n: usize, from: &[Strip], to: &[Strip]) -> bool {
    to.iter().enumerate().any(|(k, output)| {
        let too_close = output.step.unsigned_abs() < output.dtype.size();
        too_close
            || from.iter().any(|input| output.disturbs(input, n))
            || to[..k].iter().any(|other| output.data == other.data || output.disturbs(other, n))
    })
}

/// Whether this is a fold: of two inputs the first is the result so far, and all are of one dtype.
pub fn is_fold(from: &[Strip], to: &[Strip]) -> bool {
    match (from, to) {
        ([so_far, x], [result]) => result.step == 0 && result.is(so_far) && x.dtype == result.dtype,
        _ => false,
    }
}

/// Computes `n` elements one after the other, from values in slots to values in slots, with the params that are found for each.
///
/// # Safety
/// The operands, at most `M` of each kind, are those of the loop and have `n` elements; inputs are readable, outputs writable.
pub unsafe fn one_by_one<E, const M: usize>(
    map: &Map,
    n: usize,
    from: &[Strip],
    to: &[Strip],
    mut params: impl FnMut(usize) -> Result<*const Slot, E>,
    report: &mut Report,
) -> Result<(), E> {
    let (mut read, mut written) = ([Slot::ZERO; M], [Slot::ZERO; M]);
    let (mut inputs, mut outputs) = ([ptr::null(); M], [ptr::null_mut(); M]);
    let (first_read, first_written) = (read.as_mut_ptr(), written.as_mut_ptr());
    for k in 0..M {
        inputs[k] = first_read.wrapping_add(k).cast_const().cast();
        outputs[k] = first_written.wrapping_add(k).cast();
    }
    for k in 0..n {
        for (place, operand) in from.iter().enumerate() {
            // SAFETY: k < n, and there is a slot for each input.
            unsafe { operand.load(k, &mut *first_read.add(place)) };
        }
        // SAFETY: a value of each input, room for one of each output, and the params of the loop.
        unsafe {
            let params = std::slice::from_raw_parts(params(k)?, map.params.len());
            report.block(map, &inputs, &outputs, 1, params);
        }
        for (place, operand) in to.iter().enumerate() {
            // SAFETY: k < n, and the block function wrote a value to the slot.
            unsafe { operand.store(k, &*first_written.add(place)) };
        }
        report.flags.stored();
    }
    Ok(())
}

/// Folds `n >= 1` elements of `x` and the result so far, in lanes that are joined by halves at the end. The kernel must say that
/// any order will do.
///
/// # Safety
/// As [`is_fold`] has it, for a loop without params; `x` is readable and overlaps nothing that is written.
pub unsafe fn fold(map: &Map, n: usize, x: &Strip, result: &Strip, report: &mut Report) -> Result<(), NoMemory> {
    let mut so_far = [MaybeUninit::<Slot>::uninit(); LANES];
    let mut next = [MaybeUninit::<Slot>::uninit(); LANES];
    let (so_far, next) = (so_far.as_mut_ptr().cast::<u8>(), next.as_mut_ptr().cast::<u8>());
    let size = x.dtype.value().size();
    // Combines `n` values of the lanes with as many others, which may be lanes too.
    let mut combine = |others: *const u8, n: usize| {
        // SAFETY: rows of `n` values of one dtype; `next` overlaps neither.
        unsafe {
            report.block(map, &[so_far.cast_const(), others], &[next], n, &[]);
            ptr::copy_nonoverlapping(next, so_far, n * size);
        }
    };
    let Some(mut tile) = Tile::new(x.source(), x.dtype, Rows::Dense) else { unreachable!("the loop is of this dtype") };
    let mut width = LANES.min(n);
    for start in (0..n).step_by(LANES) {
        let len = LANES.min(n - start);
        // SAFETY: `len` elements are left.
        let values = unsafe { tile.values(&[n], &[x.step], &[start], len)? }.data;
        if start == 0 {
            // SAFETY: `len` values, and as many lanes.
            unsafe { ptr::copy_nonoverlapping(values, so_far, len * size) };
        } else {
            combine(values, len);
        }
    }
    while width > 1 {
        let half = width / 2;
        combine(so_far.wrapping_add((width - half) * size), half);
        width -= half;
    }
    let (mut before, mut after) = (Slot::ZERO, Slot::ZERO);
    // SAFETY: one element of the result, one lane, and a slot for the outcome.
    unsafe {
        result.load(0, &mut before);
        let outcome = ptr::from_mut(&mut after).cast();
        report.block(map, &[ptr::from_ref(&before).cast(), so_far.cast_const()], &[outcome], 1, &[]);
        result.store(0, &after);
    }
    report.flags.stored();
    Ok(())
}
