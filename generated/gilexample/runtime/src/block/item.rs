//! Bodies: functions of whole items.

use std::ptr;

use super::Loop;
use crate::dtype::DType;
use crate::failure::Failure;
use crate::level::level;
use crate::scalar::{ScalarType, Slot};

/// Items of one operand, `step` bytes apart; aligned, in native byte order, a bool being 0 or 1.
#[derive(Debug, Clone, Copy)]
#[repr(C)]
pub struct Operand {
    /// The first item; null for an optional input that is not given.
    pub data: *mut u8,
    /// Bytes from one item to the next.
    pub step: isize,
    /// Length of each axis of an item.
    pub dims: *const usize,
    /// Bytes from one element to the next along each axis, multiples of the element's size.
    pub strides: *const isize,
}

impl Operand {
    /// An operand that is not there.
    pub const NOTHING: Operand = Operand { data: ptr::null_mut(), step: 0, dims: ptr::null(), strides: ptr::null() };

    /// Where the item number `k` is.
    #[inline(always)]
    pub fn item(&self, k: usize) -> *mut u8 {
        self.data.wrapping_offset(k as isize * self.step)
    }
}

/// One loop of a body kernel: its dtypes and its functions.
pub struct Body {
    /// The dtype of each input, then of each inout.
    pub inputs: &'static [DType],
    /// The dtype of each scratch array.
    pub scratch: &'static [DType],
    /// The dtype of each output.
    pub outputs: &'static [DType],
    /// The type of each param.
    pub params: &'static [ScalarType],
    /// The function for each [`Level`](crate::level::Level).
    pub levels: [ItemsFn; 3],
}

/// Computes `n` items, one after the other.
///
/// `operands` points at one for each input, inout, scratch array and output, `dims` at the core dimensions and the start of the
/// piece, `params` at a slot for each param. What is written is shared with nobody.
pub type ItemsFn =
    unsafe fn(operands: *const Operand, n: usize, dims: *const usize, params: *const Slot) -> Result<(), Failure>;

impl Body {
    /// The dtype of each operand, in the order of a body's arguments.
    pub fn operands(&self) -> impl Iterator<Item = &'static DType> {
        self.inputs.iter().chain(self.scratch).chain(self.outputs)
    }

    /// The function for the level in use.
    #[inline(always)]
    pub fn items(&self) -> ItemsFn {
        self.levels[level() as usize]
    }
}

impl Loop for Body {
    fn inputs(&self) -> &'static [DType] {
        self.inputs
    }

    fn params(&self) -> &'static [ScalarType] {
        self.params
    }
}
