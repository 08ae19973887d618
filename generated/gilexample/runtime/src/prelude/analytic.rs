//! Functions of one real or complex number.
//!
//! `exp` and `log` are the runtime's own, so that loops around them vectorize; the other real ones are the platform's scalar
//! library, accurate but called element by element.

use num_complex::Complex;

use crate::math::complex;
use crate::math::exponential::{exp_f32, exp_f64};
use crate::math::logarithm::{log_f32, log_f64};

/// Declares the functions: `LEVELED` have a text of their own for CPUs with FMA, `SCALAR` have not. Reals take them from
/// `$method`s, complex numbers from functions of this name.
macro_rules! analytic {
    (
        leveled { $($(#[$ldoc:meta])* $leveled:ident = $f32:ident $f64:ident;)* }
        scalar { $($(#[$doc:meta])* $name:ident = $method:ident;)* }
    ) => {
        /// Functions of one real or complex number.
        pub trait Analytic: Copy {
            $($(#[$ldoc])* fn $leveled<const FUSED: bool>(self) -> Self;)*
            $($(#[$doc])* fn $name(self) -> Self;)*
        }
        impl Analytic for f32 {
            $(#[inline(always)] fn $leveled<const FUSED: bool>(self) -> Self { $f32::<FUSED>(self) })*
            $(#[inline(always)] fn $name(self) -> Self { self.$method() })*
        }
        impl Analytic for f64 {
            $(#[inline(always)] fn $leveled<const FUSED: bool>(self) -> Self { $f64::<FUSED>(self) })*
            $(#[inline(always)] fn $name(self) -> Self { self.$method() })*
        }
        impl Analytic for Complex<f64> {
            $(#[inline] fn $leveled<const FUSED: bool>(self) -> Self { complex::$leveled(self) })*
            $(#[inline] fn $name(self) -> Self { complex::$name(self) })*
        }
        // Single precision is computed in double and rounded once.
        impl Analytic for Complex<f32> {
            $(#[inline] fn $leveled<const FUSED: bool>(self) -> Self { narrow(complex::$leveled(widen(self))) })*
            $(#[inline] fn $name(self) -> Self { narrow(complex::$name(widen(self))) })*
        }
        $($(#[$doc])*
        #[inline(always)]
        pub fn $name<X: Analytic>(x: X) -> X {
            Analytic::$name(x)
        })*
    };
}

analytic! {
    leveled {
        /// Euler's number to the power of `x`.
        exp = exp_f32 exp_f64;
        /// The natural logarithm.
        log = log_f32 log_f64;
    }
    scalar {
        /// 2 to the power of `x`.
        exp2 = exp2;
        /// `exp(x) - 1`, exact near 0.
        expm1 = exp_m1;
        /// The logarithm to base 2.
        log2 = log2;
        /// The logarithm to base 10.
        log10 = log10;
        /// `log(1 + x)`, exact near 0.
        log1p = ln_1p;
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
}

/// The same number in double precision.
#[inline(always)]
pub fn widen(z: Complex<f32>) -> Complex<f64> {
    Complex::new(z.re.into(), z.im.into())
}

/// The nearest number in single precision.
#[inline(always)]
pub fn narrow(z: Complex<f64>) -> Complex<f32> {
    Complex::new(z.re as f32, z.im as f32)
}
