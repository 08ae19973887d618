//! Hyperbolic functions.
//!
//! By the size of `x`, with the sign put on in the end: `tanh(x) = e / (e + 2)` for `e = exp(2x) - 1`; of `f32` a polynomial up to
//! 0.55, and from there `1 - 2 / (exp(2x) + 1)`; `cosh(x) = t + 1 / (4t)` for `t = exp(x) / 2`. `sinh(x)` would lose digits like that.
//! With `x = k * log(2) + r` it is `sinh(k log(2)) cosh(r) + cosh(k log(2)) sinh(r)`, of which the first factors are sums of powers of
//! two.
//!
//! Coefficients: Chebyshev approximation of `(cosh(r) - 1) / r²` and `(sinh(r) - r) / r³` in `r²`, for `|r| <= log(2) / 2`, relative
//! error of their sum below 2^-54 and 2^-26. Least squares for those of the tangent of `f32`: `(tanh(x) / x - 1) / x²` in `x²`, and
//! `(exp(2r) - 1) / r` for `|r|` up to a quarter of log(2), relative errors below 2^-27; `tests/math/coefficients.py` computes them.

use super::exponential::{rest_f32, rest_f64, series_f64, shifted_exp_f32, shifted_exp_f64};
use super::polynomial::{Float, horner};
use super::rounding::{ROUND_F32, ROUND_F64};

/// `(cosh(r) - 1) / r²` in `r²`.
const COSH_F64: [f64; 5] =
    [0.5000000000000001, 0.041666666666624094, 0.0013888888917230724, 2.4801521269532122e-05, 2.7620101012098e-07];

/// `(sinh(r) - r) / r³` in `r²`.
const SINH_F64: [f64; 5] =
    [0.16666666666666669, 0.00833333333333006, 0.00019841269863066696, 2.7557268439678e-06, 2.5100395159429243e-08];

/// `(cosh(r) - 1) / r²` in `r²`.
const COSH_F32: [f32; 3] = [0.5, 0.041666463, 0.0013933659];

/// `(sinh(r) - r) / r³` in `r²`.
const SINH_F32: [f32; 3] = [0.16666667, 0.0083333105, 0.00019891001];

/// Declares the functions of a float.
macro_rules! hyperbolic {
    (
        $float:ident $bits:ident: $size:literal bits, bias $bias:literal, sinh to $largest:literal, cosh to $end:literal;
        $round:ident $rest:ident $shifted_exp:ident $cosh_polynomial:ident $sinh_polynomial:ident;
        $sinh:ident $cosh:ident
    ) => {
        /// The hyperbolic sine; overflows to infinity with the flag.
        #[inline(always)]
        pub fn $sinh<const FUSED: bool>(x: $float) -> $float {
            /// `k` with it is the exponent of `2^(k - 2)`: a quarter, which is never too large.
            const ROUND: $float = $round + ($bias - 2) as $float;
            /// The sum of the exponents of `2^(k - 2)` and `2^(-k - 2)`.
            const EXPONENTS: $bits = 2 * ($bias - 2);
            /// From here on, `2^-k` is nothing beside `2^k`.
            const MANY: $float = ROUND + 4.0 * $size as $float;
            /// Up to here, `x³ / 6` is less than half of the last digit.
            const TINY: $float = 1.0 / (1u64 << ($size / 2 + 1)) as $float;
            let size = x.abs();
            let size = if size > $largest { $largest } else { size };
            let rounded = size.times_plus::<FUSED>(std::$float::consts::LOG2_E, ROUND);
            let (r, _) = $rest::<FUSED>(size, rounded - ROUND);
            let z = r * r;
            let cosh_less_one = z * horner::<FUSED, _, _>(z, $cosh_polynomial);
            let sinh_less_r = r * z * horner::<FUSED, _, _>(z, $sinh_polynomial);
            let up = $float::from_bits(rounded.to_bits() << $size);
            let few = if rounded > MANY { MANY } else { rounded };
            let down = $float::from_bits((EXPONENTS << $size).wrapping_sub(few.to_bits() << $size));
            // Half of cosh(k log(2)) and of sinh(k log(2)).
            let (even, odd) = (up + down, up - down);
            let small = even.times_plus::<FUSED>(sinh_less_r, odd * cosh_less_one);
            let half = even.times_plus::<FUSED>(r, odd) + small;
            (if x.abs() < TINY { x } else { half + half }).copysign(x)
        }

        /// The hyperbolic cosine; overflows to infinity with the flag.
        #[inline(always)]
        pub fn $cosh<const FUSED: bool>(x: $float) -> $float {
            let size = x.abs();
            let half = $shifted_exp::<FUSED, -1>(if size > $end { $end } else { size });
            half + 0.25 / half
        }
    };
}
hyperbolic! {
    f64 u64: 52 bits, bias 1023, sinh to 710.5, cosh to 711.0;
    ROUND_F64 rest_f64 shifted_exp_f64 COSH_F64 SINH_F64;
    sinh_f64 cosh_f64
}
hyperbolic! {
    f32 u32: 23 bits, bias 127, sinh to 89.5, cosh to 90.0;
    ROUND_F32 rest_f32 shifted_exp_f32 COSH_F32 SINH_F32;
    sinh_f32 cosh_f32
}

/// The hyperbolic tangent. Error below 1.6 ULP.
#[inline(always)]
pub fn tanh_f64<const FUSED: bool>(x: f64) -> f64 {
    const ROUND: f64 = ROUND_F64 + 1023.0;
    let size = x.abs();
    let twice = 2.0 * if size > 20.0 { 20.0 } else { size };
    let rounded = twice.times_plus::<FUSED>(std::f64::consts::LOG2_E, ROUND);
    let (r, r_rest) = rest_f64::<FUSED>(twice, rounded - ROUND);
    let small = (r * r).times_plus::<FUSED>(series_f64::<FUSED>(r), r_rest);
    let less_one = small + r;
    let scale = f64::from_bits(rounded.to_bits() << 52);
    // e + 2, and what it and rounding leave out of e, which counts by the slope, (1 - tanh)² / 2.
    let above = scale + 1.0;
    let sum = scale.times_plus::<FUSED>(less_one, above);
    let rest = scale.times_plus::<FUSED>(less_one, above - sum);
    let rest = scale.times_plus::<FUSED>(small - (less_one - r), rest);
    let first = sum - 2.0;
    let tanh = first / sum;
    let beside = 1.0 - tanh;
    (0.5 * rest * beside).times_plus::<FUSED>(beside, tanh).copysign(x)
}

/// The hyperbolic tangent. Error below 1.6 ULP.
#[inline(always)]
pub fn tanh_f32<const FUSED: bool>(x: f32) -> f32 {
    const SMALL: [f32; 5] = [-0.33333316, 0.13332555, -0.05384939, 0.02106069, -0.0062597343];
    const EXP: [f32; 6] = [2.0, 1.9999995, 1.3333215, 0.66671443, 0.26780635, 0.08796807];
    const ROUND: f32 = ROUND_F32 + 127.0;
    /// Half of log(2); in a part whose product with k is exact, and the rest.
    const HALF: [f32; 2] = [0.3466797, -0.00010609722];
    let size = x.abs();
    let size = if size > 10.0 { 10.0 } else { size };
    let rounded = size.times_plus::<FUSED>(2.0 * std::f32::consts::LOG2_E, ROUND);
    let k = rounded - ROUND;
    // One part does with FMA: where k is large, 2 / (exp(2x) + 1) is small.
    let r = if FUSED { (-k).mul_add(0.5 * std::f32::consts::LN_2, size) } else { (size - k * HALF[0]) - k * HALF[1] };
    let power = horner::<FUSED, _, _>(r, EXP).times_plus::<FUSED>(r, 1.0);
    let large = 1.0 - 2.0 / f32::from_bits(rounded.to_bits() << 23).times_plus::<FUSED>(power, 1.0);
    let z = size * size;
    let small = (size * z).times_plus::<FUSED>(horner::<FUSED, _, _>(z, SMALL), size);
    (if size < 0.55 { small } else { large }).copysign(x)
}
