//! Division and shifts with NumPy's signs and NumPy's answers at the edges.

use super::arithmetic::{Divide, Modulo};

/// Division that rounds down, and what it leaves.
pub trait FloorDivide: Copy {
    /// The quotient rounded down, `//` in Python.
    fn floor_divide(self, other: Self) -> Self;
    /// What is left with the sign of `other`, `%` in Python.
    fn remainder(self, other: Self) -> Self;
}

macro_rules! floor_divide_integer {
    ($($type:ident)*) => {
        $(impl FloorDivide for $type {
            #[inline(always)]
            fn floor_divide(self, other: Self) -> Self {
                let quotient = self.quotient(other);
                #[allow(unused_comparisons)]
                let down = other != 0 && self.modulo(other) != 0 && ((self < 0) != (other < 0));
                if down { quotient - 1 } else { quotient }
            }
            #[inline(always)]
            fn remainder(self, other: Self) -> Self {
                let left = self.modulo(other);
                #[allow(unused_comparisons)]
                let other_sign = left != 0 && ((left < 0) != (other < 0));
                if other_sign { left.wrapping_add(other) } else { left }
            }
        })*
    };
}
floor_divide_integer!(i8 i16 i32 i64 u8 u16 u32 u64);

macro_rules! floor_divide_float {
    ($($type:ident)*) => {
        $(impl FloorDivide for $type {
            /// By way of the exact remainder, as Python's own: `(x - x % y) / y`, mended to the nearest integer.
            #[inline(always)]
            fn floor_divide(self, other: Self) -> Self {
                if other == 0.0 {
                    return self / other;
                }
                let left = self % other;
                let mut quotient = (self - left) / other;
                if left != 0.0 && ((other < 0.0) != (left < 0.0)) {
                    quotient -= 1.0;
                }
                if quotient == 0.0 {
                    return (0.0 as $type).copysign(self / other);
                }
                let floor = quotient.floor();
                if quotient - floor > 0.5 { floor + 1.0 } else { floor }
            }
            #[inline(always)]
            fn remainder(self, other: Self) -> Self {
                let left = self % other;
                if left == 0.0 {
                    return (0.0 as $type).copysign(other);
                }
                if (other < 0.0) != (left < 0.0) { left + other } else { left }
            }
        })*
    };
}
floor_divide_float!(f32 f64);

/// The quotient rounded down.
#[inline(always)]
pub fn floor_divide<X: FloorDivide>(x: X, y: X) -> X {
    x.floor_divide(y)
}

/// What a division that rounds down leaves; it has the sign of `y`.
#[inline(always)]
pub fn remainder<X: FloorDivide>(x: X, y: X) -> X {
    x.remainder(y)
}

/// What a division towards zero leaves; it has the sign of `x`.
#[inline(always)]
pub fn fmod<X: Modulo>(x: X, y: X) -> X {
    x.modulo(y)
}

/// Shifts by any number of bits.
pub trait Shift: Copy {
    /// `self * 2^other`, wrapped; 0 where `other` has all the bits or more.
    fn left_shift(self, other: Self) -> Self;
    /// `self / 2^other`, rounded down; 0 or -1 where `other` has all the bits or more.
    fn right_shift(self, other: Self) -> Self;
}

macro_rules! shift {
    ($($type:ident)*) => {
        $(impl Shift for $type {
            #[inline(always)]
            fn left_shift(self, other: Self) -> Self {
                u32::try_from(other).ok().and_then(|bits| self.checked_shl(bits)).unwrap_or(0)
            }
            #[inline(always)]
            fn right_shift(self, other: Self) -> Self {
                let all = if $type::MIN == 0 { 0 } else { self >> ($type::BITS - 1) };
                u32::try_from(other).ok().and_then(|bits| self.checked_shr(bits)).unwrap_or(all)
            }
        })*
    };
}
shift!(i8 i16 i32 i64 u8 u16 u32 u64);

/// `x * 2^bits`.
#[inline(always)]
pub fn left_shift<X: Shift>(x: X, bits: X) -> X {
    x.left_shift(bits)
}

/// `x / 2^bits`, rounded down.
#[inline(always)]
pub fn right_shift<X: Shift>(x: X, bits: X) -> X {
    x.right_shift(bits)
}
