//! A call of a body, computed by one thread or several: cut between items, or along a dimension of each.

use crate::block::Body;
use crate::cut::Means;
use crate::dims::{Core, Lengths};
use crate::divide::{Pieces, divide};
use crate::failure::Failure;
use crate::flags::{self, Flags};
use crate::items::Items;
use crate::scalar::Slot;
use crate::worker::Worker;

/// Computes every item, and gives the floating-point flags to report.
///
/// # Errors
/// What the body fails with, or that there is no memory, or that the computation is to end.
///
/// # Safety
/// What is read is readable, what is written writable and shared with nobody; `body` is the loop that this was made for, `core`
/// its kernel's, and `params` has a slot for each of its params.
pub unsafe fn compute(
    items: &Items,
    body: &Body,
    core: &Core,
    lengths: &Lengths,
    params: &[Slot],
    means: Means,
) -> Result<Flags, Failure> {
    flags::clear();
    // SAFETY: passed on.
    unsafe {
        match core.over.filter(|&dim| is_cut(items, lengths.dims[dim], means)) {
            Some(dim) => along(items, dim, body, core, lengths, params, means)?,
            None => over_items(items, body, lengths, params, means)?,
        }
    }
    let raised = flags::raised();
    flags::clear();
    if raised == Flags::NONE {
        return Ok(raised);
    }
    // SAFETY: passed on.
    unsafe { items.borne_out(raised).map_err(Failure::from) }
}

/// Whether items are so few, and so long, that each is cut along a dimension of length `n`.
fn is_cut(items: &Items, n: usize, means: Means) -> bool {
    n > 1 && items.len() < 2 * means.threads && means.is_long(items.work())
}

/// Cuts between items.
///
/// # Safety
/// As for [`compute`].
unsafe fn over_items(
    items: &Items,
    body: &Body,
    lengths: &Lengths,
    params: &[Slot],
    means: Means,
) -> Result<(), Failure> {
    let cut = means.cut_units(items.len(), items.size());
    let work = |pieces: &mut Pieces<'_>| {
        let mut worker = Worker::new(body, items)?;
        while let Some((_, piece)) = pieces.next() {
            // SAFETY: passed on.
            unsafe { worker.compute(body, lengths, params, piece)? };
        }
        Ok(())
    };
    // SAFETY: what is written belongs to an item.
    unsafe { divide(cut, work) }.map(drop)
}

/// Cuts each item along a dimension: a piece is a call on shorter arrays.
///
/// # Safety
/// As for [`compute`].
unsafe fn along(
    items: &Items,
    dim: usize,
    body: &Body,
    core: &Core,
    lengths: &Lengths,
    params: &[Slot],
    means: Means,
) -> Result<(), Failure> {
    let n = lengths.dims[dim];
    let cut = means.cut_units(n, items.work() / n.max(1));
    let work = |pieces: &mut Pieces<'_>| {
        while let Some((_, piece)) = pieces.next() {
            let mut lengths = lengths.clone();
            lengths.dims[dim] = piece.len();
            lengths.dims[core.dims.len()] = piece.start;
            let shorter = items.piece(core, dim, piece);
            let mut worker = Worker::new(body, &shorter)?;
            // SAFETY: passed on; a piece of each array is within it.
            unsafe { worker.compute(body, &lengths, params, 0..shorter.len())? };
        }
        Ok(())
    };
    // SAFETY: everything that is written has the dimension.
    unsafe { divide(cut, work) }.map(drop)
}
