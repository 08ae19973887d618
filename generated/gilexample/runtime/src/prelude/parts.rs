//! The parts of complex numbers; a real number is its own real part.

use num_complex::Complex;

/// What has parts.
pub trait Parts: Copy {
    /// The type of a part.
    type Part;
    /// The real part.
    fn real(self) -> Self::Part;
    /// The imaginary part.
    fn imag(self) -> Self::Part;
    /// The number mirrored at the real axis.
    fn conj(self) -> Self;
}

macro_rules! real {
    ($($real:ident)*) => {
        $(impl Parts for $real {
            type Part = $real;
            #[inline(always)]
            fn real(self) -> $real {
                self
            }
            #[inline(always)]
            fn imag(self) -> $real {
                $real::default()
            }
            #[inline(always)]
            fn conj(self) -> $real {
                self
            }
        })*
    };
}
real!(i8 i16 i32 i64 u8 u16 u32 u64 f32 f64);

macro_rules! complex {
    ($($part:ident)*) => {
        $(impl Parts for Complex<$part> {
            type Part = $part;
            #[inline(always)]
            fn real(self) -> $part {
                self.re
            }
            #[inline(always)]
            fn imag(self) -> $part {
                self.im
            }
            #[inline(always)]
            fn conj(self) -> Self {
                Complex::new(self.re, -self.im)
            }
        })*
    };
}
complex!(f32 f64);

/// The real part of `x`.
#[inline(always)]
pub fn real<X: Parts>(x: X) -> X::Part {
    x.real()
}

/// The imaginary part of `x`.
#[inline(always)]
pub fn imag<X: Parts>(x: X) -> X::Part {
    x.imag()
}

/// `x` mirrored at the real axis.
#[inline(always)]
pub fn conj<X: Parts>(x: X) -> X {
    x.conj()
}
