//! Folds of the elements of one result, by one thread or several.

use std::mem::MaybeUninit;

use crate::block::{BLOCK, Fold, Index, Row};
use crate::cut::Cut;
use crate::divide::{Pieces, divide};
use crate::failure::{Failure, Kind};
use crate::scalar::Slot;
use crate::tile::NoMemory;
pub use crate::tree::Start;
use crate::tree::Tree;

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
    /// It is to end.
    Interrupted,
    /// Some of it went on in the process from which this one was forked meanwhile.
    Forked,
}

impl From<Failure> for FoldError {
    fn from(failure: Failure) -> Self {
        match failure.kind {
            Kind::Memory => FoldError::NoMemory,
            Kind::Interrupted => FoldError::Interrupted,
            _ => FoldError::Forked,
        }
    }
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
    next: impl FnMut(usize, usize, &mut [Row; K]) -> Result<(usize, Index), NoMemory>,
) -> Result<(Option<&'a Slot>, usize), NoMemory> {
    debug_assert!(fold.inputs.len() <= K && params.len() == fold.params.len());
    let mut tree = Tree::new(fold, params, states.room(fold, n)?);
    // SAFETY: passed on; there is room for the states.
    let elements = unsafe { tree.blocks(0..n, next)? };
    // SAFETY: there is room for two states at least.
    let root = unsafe { tree.root(start) };
    // SAFETY: a state in the slots, which are borrowed.
    Ok((root.map(|root| unsafe { &*root }), elements))
}

/// The same by several threads, to the same bits: each piece of `cut` is a subtree, whose blocks are an aligned power of two. Every
/// thread has a `worker`, which is told when it begins a piece.
///
/// # Errors
/// If there is no memory, or if the computation is to end.
///
/// # Safety
/// As for [`fold`], on whichever thread.
pub unsafe fn fold_divided<'a, W, const K: usize>(
    fold: &Fold,
    cut: Cut,
    params: &[Slot],
    start: Start<'_>,
    states: &'a mut States,
    worker: impl Fn() -> W,
    next: impl Fn(&mut W, usize, usize, &mut [Row; K]) -> Result<(usize, Index), NoMemory>,
) -> Result<(Option<&'a Slot>, usize), FoldError> {
    debug_assert!(cut.is_whole() || cut.len.is_power_of_two() && cut.len >= BLOCK);
    let mut subtrees: Vec<Slot> = Vec::new();
    subtrees.try_reserve_exact(cut.count() * fold.state_slots).map_err(|_| NoMemory)?;
    let room = subtrees.as_mut_ptr();
    let work = |pieces: &mut Pieces<'_>| {
        let (mut worker, mut states, mut done) = (worker(), States::new(), Vec::new());
        while let Some((k, piece)) = pieces.next() {
            let mut tree = Tree::new(fold, params, states.room(fold, piece.len())?);
            // SAFETY: passed on; there is room for the states of a piece, and for the state of each piece.
            unsafe {
                let elements = tree.blocks(piece, |start, n, inputs| next(&mut worker, start, n, inputs))?;
                if let Some(root) = tree.root(Start::First) {
                    std::ptr::copy_nonoverlapping(root, room.add(k * fold.state_slots), fold.state_slots);
                }
                done.push((k, elements));
            }
        }
        Ok::<_, FoldError>(done)
    };
    // SAFETY: each piece writes a state of its own; the caller vouches for the rest.
    let mut done: Vec<(usize, usize)> = unsafe { divide(cut, work)? }.into_iter().flatten().collect();
    done.sort_unstable();
    let mut tree = Tree::new(fold, params, states.room(fold, cut.n)?);
    let mut all = 0;
    for (k, elements) in done {
        all += elements;
        // SAFETY: the state of a piece that had elements was written; there are fewer pieces than blocks.
        unsafe { tree.take((elements > 0).then(|| room.add(k * fold.state_slots).cast_const())) };
    }
    // SAFETY: there is room for two states at least.
    let root = unsafe { tree.root(start) };
    // SAFETY: a state in the slots, which are borrowed.
    Ok((root.map(|root| unsafe { &*root }), all))
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

/// Where to write one value of each output: into slots.
#[inline(always)]
pub fn outputs_in<const N: usize>(slots: &mut [Slot]) -> [*mut u8; N] {
    let mut outputs = [std::ptr::null_mut(); N];
    for (output, slot) in outputs.iter_mut().zip(slots) {
        *output = std::ptr::from_mut(slot).cast();
    }
    outputs
}
