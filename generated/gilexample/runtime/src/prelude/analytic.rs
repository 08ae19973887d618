//! Functions of one real or complex number.
//!
//! Those of reals are formulas that loops around them vectorize. Each has a text for CPUs with FMA and one for those without; that of
//! some is either for all arguments or for usual ones alone, see [`trigonometric`](crate::math::trigonometric) and
//! [`logarithm`](crate::math::logarithm).

use num_complex::Complex;

use crate::math::complex;
use crate::math::exponential::*;
use crate::math::hyperbolic::*;
use crate::math::inverse::*;
use crate::math::logarithm::*;
use crate::math::trigonometric::*;

/// Declares the functions by name, with the formulas of both floats; those of complex numbers have the same name.
macro_rules! analytic {
    (
        plain { $($(#[$pdoc:meta])* $plain:ident = $p32:ident $p64:ident;)* }
        twice { $($(#[$tdoc:meta])* $twice:ident = $t32:ident $t64:ident;)* }
    ) => {
        /// Functions of one real or complex number.
        pub trait Analytic: Copy {
            /// The square root.
            fn sqrt(self) -> Self;
            $($(#[$pdoc])* fn $plain<const FUSED: bool>(self) -> Self;)*
            $($(#[$tdoc])* fn $twice<const FUSED: bool, const WHOLE: bool>(self) -> Self;)*
        }
        impl Analytic for f32 {
            #[inline(always)] fn sqrt(self) -> Self { self.sqrt() }
            $(#[inline(always)] fn $plain<const FUSED: bool>(self) -> Self { $p32::<FUSED>(self) })*
            $(#[inline(always)] fn $twice<const FUSED: bool, const WHOLE: bool>(self) -> Self { $t32::<FUSED, WHOLE>(self) })*
        }
        impl Analytic for f64 {
            #[inline(always)] fn sqrt(self) -> Self { self.sqrt() }
            $(#[inline(always)] fn $plain<const FUSED: bool>(self) -> Self { $p64::<FUSED>(self) })*
            $(#[inline(always)] fn $twice<const FUSED: bool, const WHOLE: bool>(self) -> Self { $t64::<FUSED, WHOLE>(self) })*
        }
        impl Analytic for Complex<f64> {
            #[inline] fn sqrt(self) -> Self { complex::sqrt(self) }
            $(#[inline] fn $plain<const FUSED: bool>(self) -> Self { complex::$plain(self) })*
            $(#[inline] fn $twice<const FUSED: bool, const WHOLE: bool>(self) -> Self { complex::$twice(self) })*
        }
        // Single precision is computed in double and rounded once.
        impl Analytic for Complex<f32> {
            #[inline] fn sqrt(self) -> Self { narrow(complex::sqrt(widen(self))) }
            $(#[inline] fn $plain<const FUSED: bool>(self) -> Self { narrow(complex::$plain(widen(self))) })*
            $(#[inline] fn $twice<const FUSED: bool, const WHOLE: bool>(self) -> Self { narrow(complex::$twice(widen(self))) })*
        }
    };
}

analytic! {
    plain {
        /// Euler's number to the power of `x`.
        exp = exp_f32 exp_f64;
        /// 2 to the power of `x`.
        exp2 = exp2_f32 exp2_f64;
        /// `exp(x) - 1`, exact near 0.
        expm1 = expm1_f32 expm1_f64;
        /// The inverse sine.
        asin = asin_f32 asin_f64;
        /// The inverse cosine.
        acos = acos_f32 acos_f64;
        /// The inverse tangent.
        atan = atan_f32 atan_f64;
        /// The hyperbolic sine.
        sinh = sinh_f32 sinh_f64;
        /// The hyperbolic cosine.
        cosh = cosh_f32 cosh_f64;
        /// The hyperbolic tangent.
        tanh = tanh_f32 tanh_f64;
    }
    twice {
        /// The natural logarithm.
        log = log_f32 log_f64;
        /// The logarithm to base 2.
        log2 = log2_f32 log2_f64;
        /// The logarithm to base 10.
        log10 = log10_f32 log10_f64;
        /// `log(1 + x)`, exact near 0.
        log1p = log1p_f32 log1p_f64;
        /// The sine.
        sin = sin_f32 sin_f64;
        /// The cosine.
        cos = cos_f32 cos_f64;
        /// The tangent.
        tan = tan_f32 tan_f64;
    }
}

/// The square root.
#[inline(always)]
pub fn sqrt<X: Analytic>(x: X) -> X {
    x.sqrt()
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
