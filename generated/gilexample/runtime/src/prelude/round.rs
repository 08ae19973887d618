//! Rounding to integers, which integers need not.

use num_complex::Complex;

use crate::math::rounding::*;

/// What can be rounded to the nearest integer.
pub trait Round: Copy {
    /// The nearest integer, halves to the even one; of a complex number, each part's.
    fn round<const FUSED: bool>(self) -> Self;
}

/// What can be rounded in a direction.
pub trait Directed: Round {
    /// The largest integer not above `self`.
    fn floor<const FUSED: bool>(self) -> Self;
    /// The smallest integer not below `self`.
    fn ceil<const FUSED: bool>(self) -> Self;
    /// `self` without its fraction.
    fn trunc<const FUSED: bool>(self) -> Self;
}

macro_rules! float {
    ($($float:ident $floor:ident $ceil:ident $trunc:ident $round:ident;)*) => {
        $(
            impl Round for $float {
                #[inline(always)]
                fn round<const FUSED: bool>(self) -> Self {
                    $round::<FUSED>(self)
                }
            }
            impl Directed for $float {
                #[inline(always)]
                fn floor<const FUSED: bool>(self) -> Self {
                    $floor::<FUSED>(self)
                }
                #[inline(always)]
                fn ceil<const FUSED: bool>(self) -> Self {
                    $ceil::<FUSED>(self)
                }
                #[inline(always)]
                fn trunc<const FUSED: bool>(self) -> Self {
                    $trunc::<FUSED>(self)
                }
            }
            impl Round for Complex<$float> {
                #[inline(always)]
                fn round<const FUSED: bool>(self) -> Self {
                    Complex::new($round::<FUSED>(self.re), $round::<FUSED>(self.im))
                }
            }
        )*
    };
}
float! {
    f32 floor_f32 ceil_f32 trunc_f32 round_f32;
    f64 floor_f64 ceil_f64 trunc_f64 round_f64;
}

macro_rules! integer {
    ($($integer:ident)*) => {
        $(
            impl Round for $integer {
                #[inline(always)]
                fn round<const FUSED: bool>(self) -> Self {
                    self
                }
            }
            impl Directed for $integer {
                #[inline(always)]
                fn floor<const FUSED: bool>(self) -> Self {
                    self
                }
                #[inline(always)]
                fn ceil<const FUSED: bool>(self) -> Self {
                    self
                }
                #[inline(always)]
                fn trunc<const FUSED: bool>(self) -> Self {
                    self
                }
            }
        )*
    };
}
integer!(i8 i16 i32 i64 u8 u16 u32 u64);
