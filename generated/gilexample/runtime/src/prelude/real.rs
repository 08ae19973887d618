//! Functions of real numbers alone, by the platform's scalar library.

/// Functions of one, two or three real numbers.
pub trait Real: Copy {
    /// The real cube root.
    fn cbrt(self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// One minus the error function.
    fn erfc(self) -> Self;
    /// `sqrt(x² + y²)` without overflow on the way.
    fn hypot(self, other: Self) -> Self;
    /// The angle of the point (other, self).
    fn atan2(self, other: Self) -> Self;
    /// The magnitude of `self` with the sign of `other`.
    fn copysign(self, other: Self) -> Self;
    /// `self * b + c`, rounded once.
    fn fma(self, b: Self, c: Self) -> Self;
}

macro_rules! real {
    ($($float:ident $erf:ident $erfc:ident;)*) => {
        $(impl Real for $float {
            #[inline(always)]
            fn cbrt(self) -> Self {
                self.cbrt()
            }
            #[inline(always)]
            fn erf(self) -> Self {
                libm::$erf(self)
            }
            #[inline(always)]
            fn erfc(self) -> Self {
                libm::$erfc(self)
            }
            #[inline(always)]
            fn hypot(self, other: Self) -> Self {
                self.hypot(other)
            }
            #[inline(always)]
            fn atan2(self, other: Self) -> Self {
                self.atan2(other)
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
    f32 erff erfcf;
    f64 erf erfc;
}

/// The real cube root.
#[inline(always)]
pub fn cbrt<X: Real>(x: X) -> X {
    x.cbrt()
}

/// The error function.
#[inline(always)]
pub fn erf<X: Real>(x: X) -> X {
    x.erf()
}

/// One minus the error function.
#[inline(always)]
pub fn erfc<X: Real>(x: X) -> X {
    x.erfc()
}

/// `sqrt(x² + y²)` without overflow on the way.
#[inline(always)]
pub fn hypot<X: Real>(x: X, y: X) -> X {
    x.hypot(y)
}

/// The angle of the point (x, y).
#[inline(always)]
pub fn atan2<X: Real>(y: X, x: X) -> X {
    y.atan2(x)
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
