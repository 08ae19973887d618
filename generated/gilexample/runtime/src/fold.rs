//! Folds over the tree: blocks are the leaves, and leaves are combined by aligned powers of two.
//!
//! The tree depends on the number of elements alone, never on dtype conversion or machine, so that a result has the same bits
//! whichever instruction set computes it.

use std::mem::MaybeUninit;

use crate::block::{Fold, FoldFns, Row};
use crate::scalar::Slot;
use crate::tile::{BLOCK, NoMemory};
use crate::walk::{MAX_OPERANDS, Walk};

/// Why a fold has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldError {
    /// There are no elements and the reduction has no identity.
    Empty,
    /// A tile or a state could not be allocated.
    NoMemory,
}

impl From<NoMemory> for FoldError {
    fn from(_: NoMemory) -> Self {
        FoldError::NoMemory
    }
}

/// Slots for states that need no allocation.
const NEAR: usize = 32;

/// Folds `n` elements in blocks and writes the outputs.
///
/// `next(start, n, inputs)` puts a row of `n` values of each input from element `start` on into `inputs`; it is called for
/// consecutive blocks.
///
/// # Safety
/// `fold` is run on values of its dtypes: the rows of `next` are good for `n` values until the next call. `params` and
/// `outputs` have a slot for each of the fold's.
pub unsafe fn fold<const K: usize>(
    fold: &Fold,
    n: usize,
    params: &[Slot],
    outputs: &mut [Slot],
    mut next: impl FnMut(usize, usize, &mut [Row; K]) -> Result<(), NoMemory>,
) -> Result<(), FoldError> {
    debug_assert!(fold.inputs.len() <= K && params.len() == fold.params.len());
    let functions = fold.functions();
    let blocks = n.div_ceil(BLOCK).max(1);
    // The subtrees that wait for a partner are as many as the bits of the number of leaves; there is the next leaf, or
    // the identity.
    let waiting = (usize::BITS - blocks.leading_zeros()) as usize + 1;
    let mut near = [const { MaybeUninit::<Slot>::uninit() }; NEAR];
    let mut far = Vec::new();
    let slots = if waiting * fold.state_slots <= NEAR {
        near.as_mut_ptr()
    } else {
        far.try_reserve_exact(waiting * fold.state_slots).map_err(|_| NoMemory)?;
        far.as_mut_ptr()
    };
    let mut tree =
        Tree { functions, params: params.as_ptr(), stride: fold.state_slots, slots: slots.cast(), leaves: 0 };
    let mut inputs = [Row::EMPTY; K];
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        next(start, len, &mut inputs)?;
        // SAFETY: `inputs` are good for `len` values, and there is room for `waiting` states.
        unsafe { tree.leaf(&inputs, len, start as i64) };
    }
    // SAFETY: there is room for two states at least.
    let root = unsafe { tree.root() }.ok_or(FoldError::Empty)?;
    // SAFETY: `root` is a state, and there is a slot for each output.
    unsafe { (functions.finish)(root, n, tree.params, outputs.as_mut_ptr()) };
    Ok(())
}

/// Folds operands of any layout.
///
/// # Safety
/// `walk` was made for the fold's input dtypes, over sources that are readable. `params` and `outputs` as for [`fold`].
pub unsafe fn fold_walk(it: &Fold, walk: &mut Walk, params: &[Slot], outputs: &mut [Slot]) -> Result<(), FoldError> {
    let n = walk.len();
    // SAFETY: the walk hands out rows of `len` values that are good until it goes on.
    unsafe { fold::<MAX_OPERANDS>(it, n, params, outputs, |_, len, inputs| walk.next(len, inputs)) }
}

/// States of finished subtrees, widest first: a binary counter over the leaves.
struct Tree<'a> {
    functions: &'a FoldFns,
    params: *const Slot,
    /// Slots of a state.
    stride: usize,
    slots: *mut Slot,
    leaves: usize,
}

impl Tree<'_> {
    /// The place of the state number `depth`.
    fn state(&self, depth: usize) -> *mut Slot {
        self.slots.wrapping_add(depth * self.stride)
    }

    /// Folds the next block, then joins every two subtrees of one width.
    ///
    /// # Safety
    /// `inputs` are good for `n` values; the slots have room for the states.
    #[inline(always)]
    unsafe fn leaf<const K: usize>(&mut self, inputs: &[Row; K], n: usize, first: i64) {
        let mut depth = self.leaves.count_ones() as usize;
        // SAFETY: passed on; states below `depth` are written.
        unsafe { (self.functions.block)(inputs.as_ptr(), n, first, self.params, self.state(depth)) };
        self.leaves += 1;
        for _ in 0..self.leaves.trailing_zeros() {
            depth -= 1;
            // SAFETY: as above.
            unsafe { (self.functions.combine)(self.state(depth), self.state(depth + 1), self.params) };
        }
    }

    /// Joins what is left, smallest first. Where there is an identity, the fold begins with it, as NumPy's do: a sum of
    /// negative zeros is zero. `None` for no leaves and no identity.
    ///
    /// # Safety
    /// There is room for one state more than there are subtrees.
    unsafe fn root(&mut self) -> Option<*const Slot> {
        let subtrees = self.leaves.count_ones() as usize;
        for depth in (1..subtrees).rev() {
            // SAFETY: states up to `depth` are written.
            unsafe { (self.functions.combine)(self.state(depth - 1), self.state(depth), self.params) };
        }
        let Some(identity) = self.functions.identity else {
            return (subtrees > 0).then_some(self.slots.cast_const());
        };
        let first = self.state(1);
        // SAFETY: the second place is free by now, and the one before is written if there was a leaf.
        unsafe {
            identity(self.params, first);
            if subtrees > 0 {
                (self.functions.combine)(first, self.slots, self.params);
            }
        }
        Some(first)
    }
}
