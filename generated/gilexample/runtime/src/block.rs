//! Block functions: all that depends on a kernel, behind pointers of one type.
//!
//! A macro of this crate writes them around the text of a spec, once for each dtype and instruction-set level. Everything else
//! in the runtime is compiled once and calls them through the tables declared here.

use crate::dtype::DType;
use crate::level::{Level, level};
use crate::scalar::{ScalarType, Slot};

/// Values of one input, `stride` bytes apart, aligned and in native byte order.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Row {
    /// The first value.
    pub data: *const u8,
    /// Bytes from one value to the next.
    pub stride: isize,
}

impl Row {
    /// A row without values.
    pub const EMPTY: Row = Row { data: std::ptr::null(), stride: 0 };

    /// Whether values of type `T` lie side by side.
    #[inline(always)]
    pub fn is_dense<T>(self) -> bool {
        self.stride == const { size_of::<T>() as isize }
    }

    /// The value number `k`.
    ///
    /// # Safety
    /// There is one, of type `T`.
    #[inline(always)]
    pub unsafe fn get<T: Copy>(self, k: usize) -> T {
        // SAFETY: the caller vouches for the value.
        unsafe { self.data.offset(k as isize * self.stride).cast::<T>().read() }
    }

    /// The same row, its stride known to the compiler.
    #[inline(always)]
    pub fn dense<T>(self) -> Row {
        Row { stride: const { size_of::<T>() as isize }, ..self }
    }
}

/// One loop of a kernel, of whatever form.
pub trait Loop: Sync + 'static {
    /// The dtype of each input.
    fn inputs(&self) -> &'static [DType];
    /// The type of each param.
    fn params(&self) -> &'static [ScalarType];
}

/// One loop of an elementwise kernel: its dtypes and its block functions.
pub struct Map {
    /// The dtype of each input.
    pub inputs: &'static [DType],
    /// The dtype of each output.
    pub outputs: &'static [DType],
    /// The type of each param.
    pub params: &'static [ScalarType],
    /// The block function for each [`Level`].
    pub levels: [MapBlock; 3],
}

/// Computes `n` values of each output.
///
/// `inputs` and `outputs` point at a pointer for each operand, to `n` values side by side, aligned, in native byte order, a bool
/// being 0 or 1. What is written overlaps nothing else. `params` points at a slot for each param, written by its [`ScalarType`].
pub type MapBlock = unsafe fn(inputs: *const *const u8, outputs: *const *mut u8, n: usize, params: *const Slot);

impl Map {
    /// The block function for the level in use.
    #[inline(always)]
    pub fn block(&self) -> MapBlock {
        self.levels[level() as usize]
    }
}

impl Loop for Map {
    fn inputs(&self) -> &'static [DType] {
        self.inputs
    }

    fn params(&self) -> &'static [ScalarType] {
        self.params
    }
}

impl Loop for Fold {
    fn inputs(&self) -> &'static [DType] {
        self.inputs
    }

    fn params(&self) -> &'static [ScalarType] {
        self.params
    }
}

/// One loop of a reduction: its dtypes and its block functions.
pub struct Fold {
    /// The dtype of each input.
    pub inputs: &'static [DType],
    /// The dtype of each output.
    pub outputs: &'static [DType],
    /// The type of each param.
    pub params: &'static [ScalarType],
    /// Whether the elements may be taken in any order: neither their index nor their order is looked at.
    pub any_order: bool,
    /// Slots that a state takes.
    pub state_slots: usize,
    /// The block functions for each [`Level`].
    pub levels: [FoldFns; 3],
}

/// The block functions of a [`Fold`] for one level.
///
/// `params` points at a slot for each param, written by its [`ScalarType`]. A state is the loop's own struct.
#[derive(Clone, Copy)]
pub struct FoldFns {
    /// Folds `n >= 1` elements into `state`. `inputs` points at a row of `n` values for each input; `first` is the
    /// index of the first element.
    pub block: unsafe fn(inputs: *const Row, n: usize, first: i64, params: *const Slot, state: *mut Slot),
    /// Puts the combination of `a` and `b` into `a`.
    pub combine: unsafe fn(a: *mut Slot, b: *const Slot, params: *const Slot),
    /// Writes the state of no elements.
    pub identity: Option<unsafe fn(params: *const Slot, state: *mut Slot)>,
    /// Writes a slot for each output from the state of `n` elements.
    pub finish: unsafe fn(state: *const Slot, n: usize, params: *const Slot, outputs: *mut Slot),
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
