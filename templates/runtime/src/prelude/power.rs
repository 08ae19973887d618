//! Powers; those of floats by a text for all arguments or for usual ones alone, see [`power`](crate::math::power).

use num_complex::Complex;

use super::analytic::{narrow, widen};
use crate::math::complex;
use crate::math::power::{pow_f32, pow_f64};

/// What has a power.
pub trait Power: Copy {
    /// `self` to the power of `other`. For integers the wrapped product; 0 where the exponent is negative and the base
    /// is neither 1 nor -1.
    fn pow<const FUSED: bool, const WHOLE: bool>(self, other: Self) -> Self;
}

impl Power for f32 {
    #[inline(always)]
    fn pow<const FUSED: bool, const WHOLE: bool>(self, other: Self) -> Self {
        pow_f32::<FUSED, WHOLE>(self, other)
    }
}

impl Power for f64 {
    #[inline(always)]
    fn pow<const FUSED: bool, const WHOLE: bool>(self, other: Self) -> Self {
        pow_f64::<FUSED, WHOLE>(self, other)
    }
}

impl Power for Complex<f64> {
    #[inline]
    fn pow<const FUSED: bool, const WHOLE: bool>(self, other: Self) -> Self {
        complex::pow(self, other)
    }
}

impl Power for Complex<f32> {
    #[inline]
    fn pow<const FUSED: bool, const WHOLE: bool>(self, other: Self) -> Self {
        narrow(complex::pow(widen(self), widen(other)))
    }
}

/// Powers of integers by squaring.
macro_rules! integer {
    ($($integer:ident)*) => {
        $(impl Power for $integer {
            #[inline(always)]
            fn pow<const FUSED: bool, const WHOLE: bool>(self, other: Self) -> Self {
                let (mut base, mut exponent, mut power) = (self, other, 1);
                #[allow(unused_comparisons)]
                if exponent < 0 {
                    return match self {
                        1 => 1,
                        _ if self.wrapping_add(1) == 0 => if other & 1 == 0 { 1 } else { self },
                        _ => 0,
                    };
                }
                while exponent > 0 {
                    if exponent & 1 == 1 {
                        power = $integer::wrapping_mul(power, base);
                    }
                    base = base.wrapping_mul(base);
                    exponent >>= 1;
                }
                power
            }
        })*
    };
}
integer!(i8 i16 i32 i64 u8 u16 u32 u64);
