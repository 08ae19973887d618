//! Functions of real numbers alone.

use crate::math::error_function::*;
use crate::math::inverse::{atan2_f32, atan2_f64};
use crate::math::roots::*;

/// Functions of one, two or three real numbers.
pub trait Real: Copy {
    /// The real cube root.
    fn cbrt<const FUSED: bool>(self) -> Self;
    /// The error function.
    fn erf<const FUSED: bool>(self) -> Self;
    /// One minus the error function.
    fn erfc<const FUSED: bool>(self) -> Self;
    /// `sqrt(x² + y²)` without overflow on the way.
    fn hypot<const FUSED: bool>(self, other: Self) -> Self;
    /// The angle of the point (other, self).
    fn atan2<const FUSED: bool>(self, other: Self) -> Self;
    /// The magnitude of `self` with the sign of `other`.
    fn copysign(self, other: Self) -> Self;
    /// `self * b + c`, rounded once.
    fn fma(self, b: Self, c: Self) -> Self;
}

macro_rules! real {
    ($($float:ident $cbrt:ident $erf:ident $erfc:ident $hypot:ident $atan2:ident;)*) => {
        $(impl Real for $float {
            #[inline(always)]
            fn cbrt<const FUSED: bool>(self) -> Self {
                $cbrt::<FUSED>(self)
            }
            #[inline(always)]
            fn erf<const FUSED: bool>(self) -> Self {
                $erf::<FUSED>(self)
            }
            #[inline(always)]
            fn erfc<const FUSED: bool>(self) -> Self {
                $erfc::<FUSED>(self)
            }
            #[inline(always)]
            fn hypot<const FUSED: bool>(self, other: Self) -> Self {
                $hypot::<FUSED>(self, other)
            }
            #[inline(always)]
            fn atan2<const FUSED: bool>(self, other: Self) -> Self {
                $atan2::<FUSED>(self, other)
            }
            #[inline(always)]
            fn copysign(self, other: Self) -> Self {
                self.copysign(other)
            }
            #[inline(always)]
            fn fma(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
        })*
    };
}
real! {
    f32 cbrt_f32 erf_f32 erfc_f32 hypot_f32 atan2_f32;
    f64 cbrt_f64 erf_f64 erfc_f64 hypot_f64 atan2_f64;
}

/// The magnitude of `x` with the sign of `y`.
#[inline(always)]
pub fn copysign<X: Real>(x: X, y: X) -> X {
    x.copysign(y)
}

/// `a * b + c`, rounded once.
#[inline(always)]
pub fn fma<X: Real>(a: X, b: X, c: X) -> X {
    a.fma(b, c)
}
