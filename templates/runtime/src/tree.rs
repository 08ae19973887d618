//! The tree of a fold: blocks are the leaves, and leaves are combined by aligned powers of two.
//!
//! It depends on the number of elements alone, never on dtype conversion or machine, so that a result has the same bits
//! whichever instruction set computes it, and however many threads.

use std::ops::Range;

use crate::block::{BLOCK, Fold, Index, Row};
use crate::scalar::Slot;
use crate::tile::NoMemory;

/// What a fold begins with.
#[derive(Debug, Clone, Copy)]
pub enum Start<'a> {
    /// The first element: there is no result without one.
    First,
    /// The state of no elements, if the kernel has one. A fold begins with it, as NumPy's do: a sum of negative zeros is zero.
    Identity,
    /// This state.
    State(&'a [Slot]),
}

impl Start<'_> {
    /// Whether there is a state to begin with.
    pub fn exists(self, fold: &Fold) -> bool {
        match self {
            Start::First => false,
            Start::Identity => fold.functions().identity.is_some(),
            Start::State(_) => true,
        }
    }

    /// Writes the state, if there is one to begin with.
    ///
    /// # Safety
    /// `params` are the loop's, the slots of a given state hold one, and `to` has room for one.
    pub unsafe fn write(self, fold: &Fold, params: *const Slot, to: *mut Slot) -> bool {
        match (self, fold.functions().identity) {
            (Start::State(state), _) => {
                // SAFETY: as many slots as a state takes.
                unsafe { std::ptr::copy_nonoverlapping(state.as_ptr(), to, fold.state_slots) };
                true
            }
            (Start::Identity, Some(identity)) => {
                // SAFETY: passed on.
                unsafe { identity(params, to) };
                true
            }
            _ => false,
        }
    }
}

/// States of finished subtrees, widest first: a binary counter over the leaves. A leaf of which nothing was left keeps its place.
pub struct Tree<'a> {
    fold: &'a Fold,
    params: *const Slot,
    slots: *mut Slot,
    leaves: usize,
    /// A bit for each state: whether there is one, or nothing was left of its elements.
    there: u64,
}

impl<'a> Tree<'a> {
    /// No leaves yet; the slots are for the states.
    #[inline(always)]
    pub fn new(fold: &'a Fold, params: &[Slot], slots: *mut Slot) -> Tree<'a> {
        Tree { fold, params: params.as_ptr(), slots, leaves: 0, there: 0 }
    }

    /// The place of the state number `depth`.
    #[inline(always)]
    fn state(&self, depth: usize) -> *mut Slot {
        self.slots.wrapping_add(depth * self.fold.state_slots)
    }

    #[inline(always)]
    fn is_there(&self, depth: usize) -> bool {
        self.there >> depth & 1 == 1
    }

    /// Folds blocks of elements, each a leaf, and says how many elements there were.
    ///
    /// # Safety
    /// As for [`fold`]; the slots have room for the states.
    #[inline(always)]
    pub unsafe fn blocks<const K: usize>(
        &mut self,
        elements: Range<usize>,
        mut next: impl FnMut(usize, usize, &mut [Row; K]) -> Result<(usize, Index), NoMemory>,
    ) -> Result<usize, NoMemory> {
        let mut inputs = [Row::EMPTY; K];
        let mut all = 0;
        for at in elements.clone().step_by(BLOCK) {
            let (len, index) = next(at, BLOCK.min(elements.end - at), &mut inputs)?;
            all += len;
            // SAFETY: `inputs` are good for `len` values, and there is room for the state.
            unsafe {
                if len > 0 {
                    let to = self.state(self.leaves.count_ones() as usize);
                    (self.fold.functions().block)(inputs.as_ptr(), len, index, self.params, to);
                }
                self.took(len > 0);
            }
        }
        Ok(all)
    }

    /// Takes in the state of a leaf that was folded elsewhere, if anything was left of it.
    ///
    /// # Safety
    /// It holds a state; the slots have room for the states.
    pub unsafe fn take(&mut self, leaf: Option<*const Slot>) {
        // SAFETY: passed on.
        unsafe {
            if let Some(leaf) = leaf {
                let to = self.state(self.leaves.count_ones() as usize);
                std::ptr::copy_nonoverlapping(leaf, to, self.fold.state_slots);
            }
            self.took(leaf.is_some());
        }
    }

    /// Counts the leaf that was written, if there is one, and joins every two subtrees of one width.
    ///
    /// # Safety
    /// It was.
    #[inline(always)]
    unsafe fn took(&mut self, there: bool) {
        let mut depth = self.leaves.count_ones() as usize;
        self.there = self.there & !(1 << depth) | u64::from(there) << depth;
        self.leaves += 1;
        for _ in 0..self.leaves.trailing_zeros() {
            depth -= 1;
            // SAFETY: states up to the one after `depth` are written where they are there.
            unsafe { self.join(depth) };
        }
    }

    /// Joins to the state number `depth` the one after it.
    #[inline(always)]
    unsafe fn join(&mut self, depth: usize) {
        let (to, from) = (self.state(depth), self.state(depth + 1));
        match (self.is_there(depth), self.is_there(depth + 1)) {
            // SAFETY: both are written.
            (true, true) => unsafe { (self.fold.functions().combine)(to, from, self.params) },
            (false, true) => {
                // SAFETY: the second is written, and there is room for the first.
                unsafe { std::ptr::copy_nonoverlapping(from, to, self.fold.state_slots) };
                self.there |= 1 << depth;
            }
            (_, false) => {}
        }
    }

    /// Joins what is left, smallest first, and the start with it. `None` for no elements and nothing to begin with.
    ///
    /// # Safety
    /// There is room for one state more than there are subtrees.
    pub unsafe fn root(&mut self, start: Start<'_>) -> Option<*const Slot> {
        for depth in (1..self.leaves.count_ones() as usize).rev() {
            // SAFETY: states up to `depth` are written where they are there.
            unsafe { self.join(depth - 1) };
        }
        let (fold, folded) = (self.fold, self.leaves > 0 && self.is_there(0));
        let first = self.state(1);
        // SAFETY: the second place is free by now, and the one before is written if there was an element.
        unsafe {
            if !start.write(fold, self.params, first) {
                return folded.then_some(self.slots.cast_const());
            }
            if folded {
                // A start that counted as nothing would be left out.
                count(fold, first, 1);
                (fold.functions().combine)(first, self.slots, self.params);
                count(fold, first, -1);
            }
        }
        Some(first)
    }
}

/// Counts `more` elements where a state says how many it is made of.
///
/// # Safety
/// `state` holds a state of the loop's.
#[inline(always)]
unsafe fn count(fold: &Fold, state: *mut Slot, more: i64) {
    if let Some(field) = fold.fields.last().filter(|_| fold.skips) {
        // SAFETY: where elements are left out, the last field is the count.
        unsafe { *state.cast::<u8>().add(field.offset).cast::<i64>() += more };
    }
}
