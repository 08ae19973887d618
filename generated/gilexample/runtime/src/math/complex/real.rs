//! The real functions that complex ones are made of: those of CPUs without FMA, for all, so that results have the same bits everywhere.

use crate::math::{exponential, hyperbolic, inverse, logarithm, roots, trigonometric};

/// Declares functions of one and of two numbers.
macro_rules! functions {
    ($($name:ident($($x:ident),+) = $module:ident::$function:ident $(<$whole:literal>)?;)*) => {
        $(
            /// See the module of the same function. Not inlined: who knows an argument would compute it away, with its flags.
            #[inline(never)]
            pub fn $name($($x: f64),+) -> f64 {
                $module::$function::<false $(, $whole)?>($($x),+)
            }
        )*
    };
}
functions! {
    exp2(x) = exponential::exp2_f64;
    expm1(x) = exponential::expm1_f64;
    log(x) = logarithm::log_f64<true>;
    log1p(x) = logarithm::log1p_f64<true>;
    sin(x) = trigonometric::sin_f64<true>;
    cos(x) = trigonometric::cos_f64<true>;
    sinh(x) = hyperbolic::sinh_f64;
    cosh(x) = hyperbolic::cosh_f64;
    tanh(x) = hyperbolic::tanh_f64;
    atan2(y, x) = inverse::atan2_f64;
    hypot(x, y) = roots::hypot_f64;
}

/// The exponential function, of infinity without the flag of an overflow.
pub fn exp(x: f64) -> f64 {
    if x == f64::INFINITY { x } else { exponential::exp_f64::<false>(x) }
}

/// Sine and cosine.
pub fn sin_cos(x: f64) -> (f64, f64) {
    (sin(x), cos(x))
}
