//! Functions of real and complex numbers that need more than arithmetic, by the platform's correct scalar library.

use num_complex::Complex;

/// Declares functions of one float, by a method of `f32` and `f64`.
macro_rules! of_one_float {
    ($trait:ident: $($(#[$doc:meta])* $name:ident = $method:ident;)*) => {
        /// Functions of one real number.
        pub trait $trait: Copy {
            $($(#[$doc])* fn $name(self) -> Self;)*
        }
        of_one_float!(@impl f32 $trait $($name = $method;)*);
        of_one_float!(@impl f64 $trait $($name = $method;)*);
        $($(#[$doc])*
        #[inline(always)]
        pub fn $name<X: $trait>(x: X) -> X {
            x.$name()
        })*
    };
    (@impl $type:ident $trait:ident $($name:ident = $method:ident;)*) => {
        impl $trait for $type {
            $(#[inline(always)]
            fn $name(self) -> Self {
                <$type>::$method(self)
            })*
        }
    };
}

of_one_float! {
    Real:
    /// 2 to the power of `x`.
    exp2 = exp2;
    /// `exp(x) - 1`, exact near 0.
    expm1 = exp_m1;
    /// `log(1 + x)`, exact near 0.
    log1p = ln_1p;
    /// The real cube root.
    cbrt = cbrt;
    /// The largest integer not above `x`.
    floor = floor;
    /// The smallest integer not below `x`.
    ceil = ceil;
    /// `x` without its fraction.
    trunc = trunc;
    /// The nearest integer, halves to the even one.
    round = round_ties_even;
}

/// Declares functions of one float or complex number.
macro_rules! of_one_number {
    ($trait:ident: $($(#[$doc:meta])* $name:ident = $method:ident;)*) => {
        /// Functions of one real or complex number.
        pub trait $trait: Copy {
            $($(#[$doc])* fn $name(self) -> Self;)*
        }
        of_one_float!(@impl f32 $trait $($name = $method;)*);
        of_one_float!(@impl f64 $trait $($name = $method;)*);
        impl $trait for Complex<f32> {
            $(#[inline(always)]
            fn $name(self) -> Self {
                Complex::$method(self)
            })*
        }
        impl $trait for Complex<f64> {
            $(#[inline(always)]
            fn $name(self) -> Self {
                Complex::$method(self)
            })*
        }
        $($(#[$doc])*
        #[inline(always)]
        pub fn $name<X: $trait>(x: X) -> X {
            x.$name()
        })*
    };
}

of_one_number! {
    Analytic:
    /// Euler's number to the power of `x`.
    exp = exp;
    /// The natural logarithm.
    log = ln;
    /// The logarithm to base 2.
    log2 = log2;
    /// The logarithm to base 10.
    log10 = log10;
    /// The square root.
    sqrt = sqrt;
    /// The sine.
    sin = sin;
    /// The cosine.
    cos = cos;
    /// The tangent.
    tan = tan;
    /// The inverse sine.
    asin = asin;
    /// The inverse cosine.
    acos = acos;
    /// The inverse tangent.
    atan = atan;
    /// The hyperbolic sine.
    sinh = sinh;
    /// The hyperbolic cosine.
    cosh = cosh;
    /// The hyperbolic tangent.
    tanh = tanh;
}

/// Functions of two real numbers.
pub trait RealPair: Copy {
    /// `sqrt(x² + y²)` without overflow on the way.
    fn hypot(self, other: Self) -> Self;
    /// The angle of the point (other, self).
    fn atan2(self, other: Self) -> Self;
    /// The magnitude of `self` with the sign of `other`.
    fn copysign(self, other: Self) -> Self;
    /// The error function.
    fn erf(self) -> Self;
    /// One minus the error function.
    fn erfc(self) -> Self;
    /// `self * b + c`, rounded once.
    fn fma(self, b: Self, c: Self) -> Self;
}

macro_rules! real_pair {
    ($($type:ident erf $erf:ident erfc $erfc:ident;)*) => {
        $(impl RealPair for $type {
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
            fn erf(self) -> Self {
                libm::$erf(self)
            }
            #[inline(always)]
            fn erfc(self) -> Self {
                libm::$erfc(self)
            }
            #[inline(always)]
            fn fma(self, b: Self, c: Self) -> Self {
                self.mul_add(b, c)
            }
        })*
    };
}
real_pair! {
    f32 erf erff erfc erfcf;
    f64 erf erf erfc erfc;
}

/// `sqrt(x² + y²)` without overflow on the way.
#[inline(always)]
pub fn hypot<X: RealPair>(x: X, y: X) -> X {
    x.hypot(y)
}

/// The angle of the point (x, y).
#[inline(always)]
pub fn atan2<X: RealPair>(y: X, x: X) -> X {
    y.atan2(x)
}

/// The magnitude of `x` with the sign of `y`.
#[inline(always)]
pub fn copysign<X: RealPair>(x: X, y: X) -> X {
    x.copysign(y)
}

/// The error function.
#[inline(always)]
pub fn erf<X: RealPair>(x: X) -> X {
    x.erf()
}

/// One minus the error function.
#[inline(always)]
pub fn erfc<X: RealPair>(x: X) -> X {
    x.erfc()
}

/// `a * b + c`, rounded once.
#[inline(always)]
pub fn fma<X: RealPair>(a: X, b: X, c: X) -> X {
    a.fma(b, c)
}

/// What has a power.
pub trait Power: Copy {
    /// `self` to the power of `other`. For integers the wrapped product; 0 where the exponent is negative and the base
    /// is neither 1 nor -1.
    fn pow(self, other: Self) -> Self;
}

macro_rules! power {
    ($($type:ty: $method:ident;)*) => {
        $(impl Power for $type {
            #[inline(always)]
            fn pow(self, other: Self) -> Self {
                self.$method(other)
            }
        })*
    };
}
power! {
    f32: powf;
    f64: powf;
    Complex<f32>: powc;
    Complex<f64>: powc;
}

/// Powers of integers by squaring.
macro_rules! integer_power {
    ($($type:ident)*) => {
        $(impl Power for $type {
            #[inline(always)]
            fn pow(self, other: Self) -> Self {
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
                        power = $type::wrapping_mul(power, base);
                    }
                    base = base.wrapping_mul(base);
                    exponent >>= 1;
                }
                power
            }
        })*
    };
}
integer_power!(i8 i16 i32 i64 u8 u16 u32 u64);

/// `x` to the power of `y`.
#[inline(always)]
pub fn pow<X: Power>(x: X, y: X) -> X {
    x.pow(y)
}

/// Parts of a number; a real number is its own real part.
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

macro_rules! parts {
    ($($type:ident)*) => {
        $(
            impl Parts for $type {
                type Part = $type;
                #[inline(always)]
                fn real(self) -> $type {
                    self
                }
                #[inline(always)]
                fn imag(self) -> $type {
                    0.0
                }
                #[inline(always)]
                fn conj(self) -> $type {
                    self
                }
            }
            impl Parts for Complex<$type> {
                type Part = $type;
                #[inline(always)]
                fn real(self) -> $type {
                    self.re
                }
                #[inline(always)]
                fn imag(self) -> $type {
                    self.im
                }
                #[inline(always)]
                fn conj(self) -> Self {
                    Complex::conj(&self)
                }
            }
        )*
    };
}
parts!(f32 f64);

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
