//! Block functions: all that depends on a kernel, behind pointers of one type.
//!
//! A macro of this crate writes them around the text of a spec, once for each dtype and instruction-set level. Everything else
//! in the runtime is compiled once and calls them through the tables declared here.

mod fold;
mod item;

pub use fold::{Every, Field, Fold, FoldFns, Index, Plane, Scan, ScanFn, Steps, Tally, WIDEST, lanes, widest};
pub use item::{Body, ItemsFn, Operand};

use crate::dtype::DType;
use crate::level::level;
use crate::scalar::{ScalarType, Slot};

/// Elements of a block: the most that a block function is given at once.
pub const BLOCK: usize = 1024;

/// Bytes of a cache line.
pub const LINE: usize = 64;

/// Values of one input, `stride` bytes apart, aligned and in native byte order.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Row {
    /// The first value.
    pub data: *const u8,
    /// Bytes from one value to the next.
    pub stride: isize,
    /// Bytes from each value to the one that a loop asks for when it reads this one; 0 for none.
    pub ahead: isize,
}

impl Row {
    /// A row without values.
    pub const EMPTY: Row = Row::new(std::ptr::null(), 0);

    /// The values from `data` on, `stride` bytes apart.
    #[inline(always)]
    pub const fn new(data: *const u8, stride: isize) -> Row {
        Row { data, stride, ahead: 0 }
    }

    /// The same row, of values that are read one row after the other over `run` bytes.
    ///
    /// What is read later is asked for where there is enough of it: the CPU by itself looks no further than to the end of a page.
    #[inline(always)]
    pub fn of_run(self, run: usize) -> Row {
        /// Lines between what is read and what is asked for: not too few for the time that memory takes, nor too many for the cache.
        const LINES: usize = 256;
        let ahead = LINES.saturating_mul(LINE.max(self.stride.unsigned_abs()));
        // What is asked for at the end of a run is not needed.
        Row { ahead: if ahead <= run / 8 { ahead as isize } else { 0 }, ..self }
    }

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

    /// Asks for what lies ahead of `N` values from the value number `k` on.
    #[inline(always)]
    pub fn look_ahead<const N: usize>(self, k: usize) {
        if self.ahead != 0 {
            Row { data: self.data.wrapping_offset(self.ahead), ..self }.foresee::<N>(k);
        }
    }

    /// Asks for `N` values from the value number `k` on, which are read before long.
    #[inline(always)]
    pub fn foresee<const N: usize>(self, k: usize) {
        #[cfg(target_arch = "x86_64")]
        {
            use std::arch::x86_64::{_MM_HINT_T0, _mm_prefetch};
            let bytes = N as isize * self.stride;
            let mut at = 0;
            while at < bytes {
                let address = self.data.wrapping_offset(k as isize * self.stride + at).cast();
                // SAFETY: a hint; no address is wrong.
                unsafe { _mm_prefetch::<_MM_HINT_T0>(address) };
                at += self.stride.max(LINE as isize);
            }
        }
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
    /// The block function for each [`Level`](crate::level::Level).
    pub levels: [MapBlock; 3],
    /// Those that compute a block once more where a flag is raised, if they are others: functions for arguments of usual size
    /// raise one at others.
    pub again: Option<[MapBlock; 3]>,
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

    /// The block function for a block that raised a flag.
    #[inline(always)]
    pub fn block_again(&self) -> MapBlock {
        self.again.as_ref().unwrap_or(&self.levels)[level() as usize]
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
