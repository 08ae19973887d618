//! An operand of a loop that NumPy calls: elements of one dimension, aligned and in native byte order.

use std::ops::Range;
use std::ptr;

use crate::dtype::DType;
use crate::flags::{self, Flags};
use crate::half::Half;
use crate::overlap::{bounds, meet};
use crate::scalar::Slot;
use crate::sink::{Place, Target};
use crate::tile::{Layout, Source};

/// The first element, bytes to the next, and what they are.
#[derive(Clone, Copy)]
pub struct Strip {
    /// The first element.
    pub data: *mut u8,
    /// Bytes from one element to the next.
    pub step: isize,
    /// What they are.
    pub dtype: DType,
}

impl Strip {
    /// None.
    pub const EMPTY: Strip = Strip { data: ptr::null_mut(), step: 0, dtype: DType::Bool };

    /// Whether elements lie side by side.
    pub fn is_dense(&self) -> bool {
        self.step == self.dtype.size() as isize
    }

    /// Whether an input is the very same elements.
    pub fn is(&self, other: &Strip) -> bool {
        self.data == other.data && self.step == other.step && self.dtype == other.dtype
    }

    /// Whether results written to `n` elements of `self` would change elements of `other` that are read or written elsewhere.
    pub fn disturbs(&self, other: &Strip, n: usize) -> bool {
        !self.is(other) && meet(&self.bounds(n), &other.bounds(n)) && !self.interleaves(other)
    }

    fn bounds(&self, n: usize) -> Range<usize> {
        bounds(self.data, &[n], &[self.step], self.dtype.size())
    }

    /// Whether the elements of two operands lie between each other's.
    fn interleaves(&self, other: &Strip) -> bool {
        let step = self.step.unsigned_abs();
        let apart = (other.data as usize).wrapping_sub(self.data as usize) as isize;
        step == other.step.unsigned_abs() && step > 0 && {
            let apart = apart.rem_euclid(step as isize) as usize;
            apart >= self.dtype.size() && apart + other.dtype.size() <= step
        }
    }

    /// The layout of `n` elements.
    pub fn layout(&self, n: usize) -> Layout {
        Layout { dims: vec![n], strides: vec![self.step], source: self.source() }
    }

    /// Where the elements are and how they are stored.
    pub fn source(&self) -> Source {
        Source { data: self.data, dtype: self.dtype, swapped: false, aligned: self.is_aligned() }
    }

    /// Where results are to be written.
    pub fn place(&self) -> Place {
        let target = Target { data: self.data, dtype: self.dtype, swapped: false, aligned: self.is_aligned() };
        Place { strides: vec![self.step], target }
    }

    fn is_aligned(&self) -> bool {
        let word = self.dtype.word();
        (self.data as usize).is_multiple_of(word) && self.step.unsigned_abs().is_multiple_of(word)
    }

    /// Reads the value of element `k`.
    ///
    /// # Safety
    /// There is one.
    pub unsafe fn load(&self, k: usize, slot: &mut Slot) {
        // SAFETY: the caller vouches for the element, and a slot holds one of any dtype.
        unsafe {
            let from = self.data.offset(k as isize * self.step);
            match self.dtype {
                DType::Bool => slot.write(from.read() != 0),
                DType::F16 => slot.write(from.cast::<Half>().read_unaligned().to_f32()),
                dtype => ptr::copy_nonoverlapping(from, ptr::from_mut(slot).cast(), dtype.size()),
            }
        }
    }

    /// Writes a value to element `k`.
    ///
    /// # Safety
    /// There is one, and the slot holds a value of the dtype.
    pub unsafe fn store(&self, k: usize, slot: &Slot) {
        // SAFETY: the caller vouches for the element and for the value.
        unsafe {
            let to = self.data.offset(k as isize * self.step);
            if self.dtype == DType::F16 {
                let value = slot.read::<f32>();
                let half = Half::from_f32(value);
                if value.is_finite() && half.to_f32().is_infinite() {
                    // Halves are rounded by integer arithmetic, which raises no flag.
                    flags::declare(Flags::OVERFLOW);
                }
                to.cast::<Half>().write_unaligned(half);
            } else {
                ptr::copy_nonoverlapping(ptr::from_ref(slot).cast(), to, self.dtype.size());
            }
        }
    }
}
