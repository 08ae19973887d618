//! Exponential functions.
//!
//! `b^x = 2^k * b^r` with `k` an integer and `r` so small that a polynomial gives `b^r`: `|r| <= log(2) / 2` for e, `1/2` for 2.
//! The ends need no branch: beyond them the argument is that of the end, and `2^k` is a product of two powers of two, of which
//! only the second can overflow or make a result subnormal.
//!
//! Coefficients: Chebyshev approximation of `(exp(r) - 1 - r) / r²`, and of `(2^r - 1) / r`, relative error of `b^r` below 2^-54
//! and 2^-26; `tests/math/coefficients.py` computes them.

use super::polynomial::{Float, halves, horner};
use super::rounding::{ROUND_F32, ROUND_F64};

/// Twice the bias of a float's exponent: `k` with it is two exponents as their bits have them.
pub(super) const BIASES_F64: f64 = 2046.0;

/// Twice the bias of a float's exponent.
pub(super) const BIASES_F32: f32 = 254.0;

/// `(exp(r) - 1 - r) / r²`.
const EXP_F64: [f64; 10] = [
    0.5000000000000001,
    0.16666666666666669,
    0.041666666666624094,
    0.00833333333333006,
    0.0013888888917230724,
    0.00019841269863066696,
    2.4801521269532122e-05,
    2.7557268439678e-06,
    2.7620101012098e-07,
    2.5100395159429243e-08,
];

/// `(exp(r) - 1 - r) / r²`.
pub(super) const EXP_F32: [f32; 5] = [0.5, 0.16666576, 0.041666556, 0.008363185, 0.0013926191];

/// `x`, or the bound that it is beyond; NaN stays. (The upper one first: compilers see where there is no need of it.)
#[inline(always)]
pub(super) fn between<X: PartialOrd + Copy>(x: X, low: X, high: X) -> X {
    let x = if x > high { high } else { x };
    if x < low { low } else { x }
}

/// `x - k * log(2)`, and what rounding took from it.
#[inline(always)]
pub(super) fn rest_f64<const FUSED: bool>(x: f64, k: f64) -> (f64, f64) {
    // log(2) in parts of 32 bits, whose products with k are exact, and the rest; and in two whole parts.
    const LOG2: [f64; 3] = [0.6931471806019545, -4.200915072890502e-11, 2.0941744292700725e-21];
    const LOG2_FUSED: [f64; 2] = [std::f64::consts::LN_2, 2.3190468138462996e-17];
    if FUSED {
        let first = (-k).mul_add(LOG2_FUSED[0], x);
        let rest = (-k).mul_add(LOG2_FUSED[1], first);
        (rest, (-k).mul_add(LOG2_FUSED[1], first - rest))
    } else {
        let (first, second) = (x - k * LOG2[0], k * LOG2[1]);
        let rest = first - second;
        (rest, ((first - rest) - second) - k * LOG2[2])
    }
}

/// `x - k * log(2)`.
#[inline(always)]
pub(super) fn rest_f32<const FUSED: bool>(x: f32, k: f32) -> (f32, f32) {
    const LOG2: [f32; 2] = [0.6933594, -0.00021219444];
    let first = (-k).times_plus::<FUSED>(LOG2[0], x);
    let rest = (-k).times_plus::<FUSED>(LOG2[1], first);
    (rest, (-k).times_plus::<FUSED>(LOG2[1], first - rest))
}

/// `(exp(r) - 1 - r) / r²`, with half of Horner's steps one after another.
#[inline(always)]
pub(super) fn series_f64<const FUSED: bool>(r: f64) -> f64 {
    const EVEN: [f64; 5] = [EXP_F64[0], EXP_F64[2], EXP_F64[4], EXP_F64[6], EXP_F64[8]];
    const ODD: [f64; 5] = [EXP_F64[1], EXP_F64[3], EXP_F64[5], EXP_F64[7], EXP_F64[9]];
    halves::<FUSED, _, 5, 5>(r, r * r, EVEN, ODD)
}

/// `power * 2^k`, given `k` with [`ROUND_F64`] and [`BIASES_F64`].
#[inline(always)]
pub(super) fn scaled_f64(power: f64, rounded: f64) -> f64 {
    let exponents = rounded.to_bits();
    let half = exponents >> 1 << 52;
    let other = (exponents << 52).wrapping_sub(half);
    power * f64::from_bits(half) * f64::from_bits(other)
}

/// `power * 2^k`, given `k` with [`ROUND_F32`] and [`BIASES_F32`].
#[inline(always)]
pub(super) fn scaled_f32(power: f32, rounded: f32) -> f32 {
    let exponents = rounded.to_bits();
    let half = exponents >> 1 << 23;
    let other = (exponents << 23).wrapping_sub(half);
    power * f32::from_bits(half) * f32::from_bits(other)
}

/// `exp(x)`; overflows to infinity with the flag, and to zero through the subnormals.
#[inline(always)]
pub fn exp_f64<const FUSED: bool>(x: f64) -> f64 {
    shifted_exp_f64::<FUSED, 0>(between(x, -746.0, 710.0))
}

/// `2^SHIFT * exp(x)` for x from -746 to 711.
#[inline(always)]
pub(super) fn shifted_exp_f64<const FUSED: bool, const SHIFT: i32>(x: f64) -> f64 {
    let round = const { ROUND_F64 + BIASES_F64 + SHIFT as f64 };
    let rounded = x.times_plus::<FUSED>(std::f64::consts::LOG2_E, round);
    let (r, _) = rest_f64::<FUSED>(x, rounded - round);
    // A sum of two fewer roundings than Horner's rule: the function rises everywhere.
    let power = (r * r).times_plus::<FUSED>(series_f64::<FUSED>(r), r) + 1.0;
    scaled_f64(power, rounded)
}

/// `exp(x)`; overflows to infinity with the flag, and to zero through the subnormals.
#[inline(always)]
pub fn exp_f32<const FUSED: bool>(x: f32) -> f32 {
    shifted_exp_f32::<FUSED, 0>(between(x, -104.0, 89.0))
}

/// `2^SHIFT * exp(x)` for x from -104 to 90.
#[inline(always)]
pub(super) fn shifted_exp_f32<const FUSED: bool, const SHIFT: i32>(x: f32) -> f32 {
    let round = const { ROUND_F32 + BIASES_F32 + SHIFT as f32 };
    let rounded = x.times_plus::<FUSED>(std::f32::consts::LOG2_E, round);
    let (r, _) = rest_f32::<FUSED>(x, rounded - round);
    let series = horner::<FUSED, _, 5>(r, EXP_F32);
    // A sum of two fewer roundings than Horner's rule: the function rises everywhere.
    let power = (r * r).times_plus::<FUSED>(series, r) + 1.0;
    scaled_f32(power, rounded)
}

/// `2^x`, without an error for integers; overflows to infinity with the flag, and to zero through the subnormals.
#[inline(always)]
pub fn exp2_f64<const FUSED: bool>(x: f64) -> f64 {
    const POLYNOMIAL: [f64; 11] = [
        std::f64::consts::LN_2,
        0.24022650695910097,
        0.0555041086648216,
        0.009618129107606854,
        0.0013333558146416916,
        0.00015403530441794136,
        1.525273382986708e-05,
        1.3215442552522291e-06,
        1.0178062426976924e-07,
        7.072593027878997e-09,
        4.4549643712692967e-10,
    ];
    let x = between(x, -1076.0, 1025.0);
    let rounded = x + (ROUND_F64 + BIASES_F64);
    let r = x - (rounded - (ROUND_F64 + BIASES_F64));
    scaled_f64(horner::<FUSED, _, 11>(r, POLYNOMIAL).times_plus::<FUSED>(r, 1.0), rounded)
}

/// `2^x`, without an error for integers; overflows to infinity with the flag, and to zero through the subnormals.
#[inline(always)]
pub fn exp2_f32<const FUSED: bool>(x: f32) -> f32 {
    const POLYNOMIAL: [f32; 6] =
        [std::f32::consts::LN_2, 0.2402265, 0.05550357, 0.009618082, 0.0013390887, 0.00015453182];
    let x = between(x, -151.0, 129.0);
    let rounded = x + (ROUND_F32 + BIASES_F32);
    let r = x - (rounded - (ROUND_F32 + BIASES_F32));
    scaled_f32(horner::<FUSED, _, 6>(r, POLYNOMIAL).times_plus::<FUSED>(r, 1.0), rounded)
}

/// `exp(x) - 1`, as exact near 0 as elsewhere; overflows to infinity with the flag.
///
/// `2^k * exp(r) - 1 = 2^k * (exp(r) - 1 - r) + (2^k * r + (2^k - 1))`, and half of that all the way, for `2^k` may be too large.
#[inline(always)]
pub fn expm1_f64<const FUSED: bool>(x: f64) -> f64 {
    // The exponent of 2^(k - 1).
    const ROUND: f64 = ROUND_F64 + 1022.0;
    let bounded = between(x, -50.0, 710.0);
    let rounded = bounded.times_plus::<FUSED>(std::f64::consts::LOG2_E, ROUND);
    let (r, _) = rest_f64::<FUSED>(bounded, rounded - ROUND);
    let beyond = r * r * horner::<FUSED, _, 10>(r, EXP_F64);
    let scale = f64::from_bits(rounded.to_bits() << 52);
    let half = scale.times_plus::<FUSED>(beyond, scale.times_plus::<FUSED>(r, scale - 0.5));
    (half + half).copysign(x)
}

/// `exp(x) - 1`, as exact near 0 as elsewhere; overflows to infinity with the flag.
#[inline(always)]
pub fn expm1_f32<const FUSED: bool>(x: f32) -> f32 {
    const ROUND: f32 = ROUND_F32 + 126.0;
    let bounded = between(x, -30.0, 89.0);
    let rounded = bounded.times_plus::<FUSED>(std::f32::consts::LOG2_E, ROUND);
    let (r, _) = rest_f32::<FUSED>(bounded, rounded - ROUND);
    let beyond = r * r * horner::<FUSED, _, 5>(r, EXP_F32);
    let scale = f32::from_bits(rounded.to_bits() << 23);
    let half = scale.times_plus::<FUSED>(beyond, scale.times_plus::<FUSED>(r, scale - 0.5));
    (half + half).copysign(x)
}
