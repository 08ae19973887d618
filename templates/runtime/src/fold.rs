//! Folds over the tree: blocks are the leaves, and leaves are combined by aligned powers of two.
//!
//! The tree depends on the number of elements alone, never on dtype conversion or machine, so that a result has the same bits
//! whichever instruction set computes it.

use std::mem::MaybeUninit;

use crate::block::{BLOCK, Fold, FoldFns, Index, Row};
use crate::scalar::Slot;
use crate::tile::NoMemory;

/// Why a fold has no result.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FoldError {
    /// There are no elements and nothing stands for none.
    Empty,
    /// All elements are left out, and a result has no NaN to say so.
    AllSkipped,
    /// Complex values would have to become real.
    Complex,
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

/// The most fields of a state, the count of elements among them.
pub const MAX_FIELDS: usize = 31;

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

/// Room for states of one slice: those of finished subtrees that wait for a partner, widest first.
pub struct States {
    near: [MaybeUninit<Slot>; NEAR],
    far: Vec<Slot>,
}

impl States {
    /// None yet.
    #[inline(always)]
    pub fn new() -> States {
        States { near: [const { MaybeUninit::uninit() }; NEAR], far: Vec::new() }
    }

    /// Room for the states of a fold of `n` elements.
    #[inline(always)]
    fn room(&mut self, fold: &Fold, n: usize) -> Result<*mut Slot, NoMemory> {
        let blocks = n.div_ceil(BLOCK).max(1);
        // The subtrees that wait for a partner are as many as the bits of the number of leaves; there is the next leaf, or
        // the start.
        let waiting = (usize::BITS - blocks.leading_zeros()) as usize + 1;
        let slots = waiting * fold.state_slots;
        if slots <= NEAR {
            return Ok(self.near.as_mut_ptr().cast());
        }
        if self.far.capacity() < slots {
            self.far.try_reserve_exact(slots).map_err(|_| NoMemory)?;
        }
        Ok(self.far.as_mut_ptr())
    }
}

impl Default for States {
    fn default() -> Self {
        States::new()
    }
}

/// Folds up to `n` elements in blocks. Gives the state, or `None` for no elements and nothing to begin with, and how many elements
/// there were.
///
/// `next(start, n, inputs)` puts a row of values of each input into `inputs`, of at most `n` elements from element `start` on, and
/// says how many and which; it is called for consecutive blocks.
///
/// # Safety
/// `fold` is run on values of its dtypes: the rows of `next` are good until the next call. `params` has a slot for each of the
/// fold's.
#[inline(always)]
pub unsafe fn fold<'a, const K: usize>(
    fold: &Fold,
    n: usize,
    params: &[Slot],
    start: Start<'_>,
    states: &'a mut States,
    mut next: impl FnMut(usize, usize, &mut [Row; K]) -> Result<(usize, Index), NoMemory>,
) -> Result<(Option<&'a Slot>, usize), NoMemory> {
    debug_assert!(fold.inputs.len() <= K && params.len() == fold.params.len());
    let slots = states.room(fold, n)?;
    let functions = fold.functions();
    let mut tree = Tree { functions, params: params.as_ptr(), stride: fold.state_slots, slots, leaves: 0 };
    let mut inputs = [Row::EMPTY; K];
    let mut elements = 0;
    for at in (0..n).step_by(BLOCK) {
        let (len, index) = next(at, BLOCK.min(n - at), &mut inputs)?;
        elements += len;
        if len > 0 {
            // SAFETY: `inputs` are good for `len` values, and there is room for the states.
            unsafe { tree.leaf(&inputs, len, index) };
        }
    }
    // SAFETY: there is room for two states at least.
    let root = unsafe { tree.root(fold, start) };
    // SAFETY: a state in the slots, which are borrowed.
    Ok((root.map(|root| unsafe { &*root }), elements))
}

/// Makes outputs of a state of `elements`: a value at each of `outputs`.
///
/// # Safety
/// `state` holds a state of the loop's, `params` has a slot for each of its params, and there is room at `outputs` for a value of
/// each output.
#[inline(always)]
pub unsafe fn finish(fold: &Fold, state: *const Slot, elements: usize, params: &[Slot], outputs: &[*mut u8]) {
    let mut columns = [const { MaybeUninit::<*const u8>::uninit() }; MAX_FIELDS + 1];
    for (column, field) in columns.iter_mut().zip(fold.fields) {
        column.write(state.cast::<u8>().wrapping_add(field.offset));
    }
    // SAFETY: passed on.
    let elements = unsafe { kept(fold, state, elements) } as i64;
    columns[fold.fields.len()].write((&raw const elements).cast());
    // SAFETY: one state, and its fields; the caller vouches for the rest.
    unsafe { (fold.functions().finish)(columns.as_ptr().cast(), outputs.as_ptr(), 1, params.as_ptr()) };
}

/// How many elements a state is made of, of those that were `seen`.
///
/// # Safety
/// `state` holds a state of the loop's.
#[inline(always)]
pub unsafe fn kept(fold: &Fold, state: *const Slot, seen: usize) -> usize {
    match fold.fields.last() {
        // SAFETY: where elements are left out, the last field is the count.
        Some(field) if fold.skips => unsafe { state.cast::<u8>().add(field.offset).cast::<i64>().read() as usize },
        _ => seen,
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

/// Where to write one value of each output: into slots.
#[inline(always)]
pub fn outputs_in<const N: usize>(slots: &mut [Slot]) -> [*mut u8; N] {
    let mut outputs = [std::ptr::null_mut(); N];
    for (output, slot) in outputs.iter_mut().zip(slots) {
        *output = std::ptr::from_mut(slot).cast();
    }
    outputs
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
    unsafe fn leaf<const K: usize>(&mut self, inputs: &[Row; K], n: usize, index: Index) {
        let mut depth = self.leaves.count_ones() as usize;
        // SAFETY: passed on; states below `depth` are written.
        unsafe { (self.functions.block)(inputs.as_ptr(), n, index, self.params, self.state(depth)) };
        self.leaves += 1;
        for _ in 0..self.leaves.trailing_zeros() {
            depth -= 1;
            // SAFETY: as above.
            unsafe { (self.functions.combine)(self.state(depth), self.state(depth + 1), self.params) };
        }
    }

    /// Joins what is left, smallest first, and the start with it. `None` for no leaves and nothing to begin with.
    ///
    /// # Safety
    /// There is room for one state more than there are subtrees.
    unsafe fn root(&mut self, fold: &Fold, start: Start<'_>) -> Option<*const Slot> {
        let subtrees = self.leaves.count_ones() as usize;
        for depth in (1..subtrees).rev() {
            // SAFETY: states up to `depth` are written.
            unsafe { (self.functions.combine)(self.state(depth - 1), self.state(depth), self.params) };
        }
        let first = self.state(1);
        // SAFETY: the second place is free by now, and the one before is written if there was a leaf.
        unsafe {
            if !start.write(fold, self.params, first) {
                return (subtrees > 0).then_some(self.slots.cast_const());
            }
            if subtrees > 0 {
                // A start that counted as nothing would be left out.
                count(fold, first, 1);
                (self.functions.combine)(first, self.slots, self.params);
                count(fold, first, -1);
            }
        }
        Some(first)
    }
}
