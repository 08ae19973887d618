//! Block functions of reductions: states, folded along a row or down the rows of many results at once.

use std::ptr;

use super::{BLOCK, Loop, MapBlock, Row};
use crate::dtype::DType;
use crate::level::{Level, level};
use crate::scalar::{ScalarType, Slot};

/// One loop of a reduction: its dtypes and its block functions.
pub struct Fold {
    /// The dtype of each input.
    pub inputs: &'static [DType],
    /// The dtype of each output.
    pub outputs: &'static [DType],
    /// The type of each param.
    pub params: &'static [ScalarType],
    /// The fields of a state. Where elements may be left out, the last one is how many were not.
    pub fields: &'static [Field],
    /// Whether pieces are to be joined left to right.
    pub ordered: bool,
    /// Whether the index of an element is looked at.
    pub indexed: bool,
    /// Whether elements with a NaN are left out.
    pub skips: bool,
    /// Whether there is a result for each element, of all elements up to it.
    pub scans: bool,
    /// Whether a state is a value of the only output, to which nothing is done at the end.
    pub bare: bool,
    /// Slots that a state takes.
    pub state_slots: usize,
    /// The block functions for each [`Level`].
    pub levels: [FoldFns; 3],
}

/// A field of a state: where it is in the loop's own struct, and what it holds.
#[derive(Debug, Clone, Copy)]
pub struct Field {
    /// Its name; empty for a state that is a bare value, and for the count of elements.
    pub name: &'static str,
    /// Its dtype.
    pub dtype: DType,
    /// Bytes from the start of the struct.
    pub offset: usize,
}

/// The index of each element of a row: `first` and the offset of each.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Index {
    /// What is added to every offset.
    pub first: i64,
    /// An offset for each element.
    pub offsets: *const i64,
}

/// The indices of a row whose elements follow each other, known to the compiler as such.
#[derive(Debug, Clone, Copy)]
pub struct Following {
    first: i64,
}

/// Results that are folded at once, at most.
pub const WIDEST: usize = 4 * BLOCK;

/// The offsets of elements that follow each other.
static FOLLOWING: [i64; BLOCK] = {
    let mut offsets = [0; BLOCK];
    let mut k = 0;
    while k < BLOCK {
        offsets[k] = k as i64;
        k += 1;
    }
    offsets
};

impl Index {
    /// Elements that follow each other, at most a block of them.
    pub const fn following(first: i64) -> Index {
        Index { first, offsets: (&raw const FOLLOWING).cast() }
    }

    /// The same indices without a table, if the elements are [`following`](Index::following) each other.
    #[inline(always)]
    pub fn without_table(self) -> Option<Following> {
        ptr::eq(self.offsets, (&raw const FOLLOWING).cast()).then_some(Following { first: self.first })
    }

    /// One index for a whole row, at most [`WIDEST`] elements.
    pub const fn same(first: i64) -> Index {
        static OFFSETS: [i64; WIDEST] = [0; WIDEST];
        Index { first, offsets: (&raw const OFFSETS).cast() }
    }

    /// The index of the element number `k`.
    ///
    /// # Safety
    /// There is one.
    #[inline(always)]
    pub unsafe fn get(self, k: usize) -> i64 {
        // SAFETY: the caller vouches for the element.
        self.first.wrapping_add(unsafe { self.offsets.add(k).read() })
    }
}

impl Following {
    /// The index of the element number `k`.
    #[inline(always)]
    pub fn get(self, k: usize) -> i64 {
        self.first.wrapping_add(k as i64)
    }
}

/// Rows of one input, one for each step: `advance` bytes apart.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Plane {
    /// The row of the first step.
    pub row: Row,
    /// Bytes from a row to that of the next step.
    pub advance: isize,
}

impl Plane {
    /// No rows.
    pub const EMPTY: Plane = Plane { row: Row::EMPTY, advance: 0 };

    /// The row of the step number `k`.
    #[inline(always)]
    pub fn at(self, k: usize) -> Row {
        Row { data: self.row.data.wrapping_offset(k as isize * self.advance), ..self.row }
    }

    /// The same rows, their stride known to the compiler.
    #[inline(always)]
    pub fn dense<T>(self) -> Plane {
        Plane { row: self.row.dense::<T>(), ..self }
    }
}

/// Steps along an axis that is folded for many results at once: in every step a row of `n` elements, one for each of them.
#[derive(Debug)]
#[repr(C)]
pub struct Steps {
    /// The rows of each input.
    pub inputs: *const Plane,
    /// How many steps; at least one.
    pub steps: usize,
    /// Elements of a row.
    pub n: usize,
    /// The indices of the first row.
    pub index: Index,
    /// What the indices grow by from one step to the next.
    pub index_step: i64,
    /// Whether the states begin with the first step, rather than going on.
    pub begins: bool,
    /// Whether the elements of every step are known to come after those of the steps before, here and in the states that go on.
    pub in_order: bool,
}

impl Steps {
    /// What is asked for when the column `c` of `whole` is read: a column of the same steps, or of as many later ones, and how many
    /// steps later. It comes into the nearest cache, which has no room for whole rows of all steps.
    #[inline(always)]
    pub fn ahead(&self, c: usize, whole: usize) -> (usize, usize) {
        /// Columns between what is read and what is asked for: some kilobytes, over all rows.
        const COLUMNS: usize = 128;
        match c + COLUMNS {
            later if later < whole => (0, later),
            later if later - whole < whole => (self.steps, later - whole),
            _ => (self.steps, c),
        }
    }
}

/// The block functions of a [`Fold`] for one level.
///
/// `params` points at a slot for each param, written by its [`ScalarType`]. A state is the loop's own struct. States of many results
/// are *columns*: for each of the [`fields`](Fold::fields) a row of values side by side.
#[derive(Clone, Copy)]
pub struct FoldFns {
    /// Folds `n >= 1` elements into `state`. `inputs` points at a row of `n` values for each input.
    pub block: unsafe fn(inputs: *const Row, n: usize, index: Index, params: *const Slot, state: *mut Slot),
    /// Folds steps, in order, into the columns that `columns` points at, with one pointer for each field.
    pub steps: unsafe fn(steps: &Steps, params: *const Slot, columns: *const *mut u8),
    /// Puts the combination of `a` and `b` into `a`.
    pub combine: unsafe fn(a: *mut Slot, b: *const Slot, params: *const Slot),
    /// The same for columns: those of `a`, then those of `b`, to those of the combination.
    pub join: MapBlock,
    /// Writes the state of no elements.
    pub identity: Option<unsafe fn(params: *const Slot, state: *mut Slot)>,
    /// Makes outputs of columns, the last of which says of how many elements each state is.
    pub finish: MapBlock,
    /// Makes outputs of each element and all before it, for a kernel that does that.
    pub scan: Option<ScanFn>,
}

/// Takes a row of elements into the state that is carried along, and makes outputs after each. Gives the number of those for which no
/// element had counted yet.
pub type ScanFn = unsafe fn(scan: &Scan, params: *const Slot, carry: *mut Slot, outputs: *const *mut u8) -> usize;

/// A row of elements that are scanned.
#[derive(Debug)]
#[repr(C)]
pub struct Scan {
    /// The row of each input.
    pub inputs: *const Row,
    /// Elements of the row.
    pub n: usize,
    /// Their indices.
    pub index: Index,
    /// Elements before this row.
    pub seen: usize,
    /// Whether the state begins with the first of them, rather than going on.
    pub begins: bool,
}

impl Loop for Fold {
    fn inputs(&self) -> &'static [DType] {
        self.inputs
    }

    fn params(&self) -> &'static [ScalarType] {
        self.params
    }
}

impl Fold {
    /// The block functions for the level in use.
    #[inline(always)]
    pub fn functions(&self) -> &FoldFns {
        self.at(level())
    }

    /// The block functions for `level`, which the CPU must have.
    #[inline(always)]
    pub fn at(&self, level: Level) -> &FoldFns {
        &self.levels[level as usize]
    }
}

/// How many elements a state is made of: nobody asks, or some may have been left out.
pub trait Tally: Copy {
    /// Of one element that counts if `keep`.
    fn one(keep: bool) -> Self;
    /// Whether none counted.
    fn is_none(self) -> bool;
    /// Of two states together.
    fn and(self, other: Self) -> Self;
    /// How many counted of those that were `seen`.
    fn of(self, seen: usize) -> usize;
}

/// Every element counts.
#[derive(Debug, Clone, Copy)]
pub struct Every;

impl Tally for Every {
    #[inline(always)]
    fn one(_: bool) -> Self {
        Every
    }

    #[inline(always)]
    fn is_none(self) -> bool {
        false
    }

    #[inline(always)]
    fn and(self, _: Self) -> Self {
        Every
    }

    #[inline(always)]
    fn of(self, seen: usize) -> usize {
        seen
    }
}

/// So many elements counted.
impl Tally for i64 {
    #[inline(always)]
    fn one(keep: bool) -> Self {
        keep.into()
    }

    #[inline(always)]
    fn is_none(self) -> bool {
        self == 0
    }

    #[inline(always)]
    fn and(self, other: Self) -> Self {
        self + other
    }

    #[inline(always)]
    fn of(self, _: usize) -> usize {
        self as usize
    }
}

/// Lanes of a fold whose state is `S` and whose widest field has `widest` bytes: 256 bytes for each field, less where the
/// state has so many fields that the lanes of all would not stay in registers or close to them.
pub const fn lanes(state: usize, widest: usize) -> usize {
    let mut lanes = 64;
    while lanes > 8 && (lanes * widest > 256 || lanes * state > 1024) {
        lanes /= 2;
    }
    lanes
}

/// The largest of `sizes`.
pub const fn widest(sizes: &[usize]) -> usize {
    let mut widest = 1;
    let mut k = 0;
    while k < sizes.len() {
        if sizes[k] > widest {
            widest = sizes[k];
        }
        k += 1;
    }
    widest
}
