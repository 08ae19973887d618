//! The exponential function.
//!
//! `exp(x) = 2^k * exp(r)` with `k` the integer nearest to `x / log(2)`, so that `|r| <= log(2) / 2`, and a polynomial for `exp(r)`.
//! Coefficients: Chebyshev approximation of `(exp(r) - 1 - r) / r²` on that interval, relative error of `exp(r)` below 2^-60 and
//! 2^-26; `tests/math/coefficients.py` computes them.

use super::polynomial::{Float, horner};

/// Adding and subtracting it rounds a number of less than 2^51 to the nearest integer, which then stands in its last bits.
const ROUND_F64: f64 = 6755399441055744.0;

/// The same for less than 2^22.
const ROUND_F32: f32 = 12582912.0;

/// `exp(x)`; overflows to infinity with the flag, and to zero through the subnormals.
#[inline(always)]
pub fn exp_f64<const FUSED: bool>(x: f64) -> f64 {
    const POLYNOMIAL: [f64; 10] = [
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
    // log(2) in a part of 32 bits, whose product with k is exact, and the rest; and in two whole parts.
    const LOG2: [f64; 3] = [0.6931471806019545, -4.200915072890502e-11, 2.0941744292700725e-21];
    const LOG2_FUSED: [f64; 2] = [std::f64::consts::LN_2, 2.3190468138462996e-17];
    // Beyond these the result is infinite or zero; a NaN goes through.
    let x = if x < -746.0 { -746.0 } else { x };
    let x = if x > 710.0 { 710.0 } else { x };
    let k = x.times_plus::<FUSED>(std::f64::consts::LOG2_E, ROUND_F64) - ROUND_F64;
    let r = if FUSED {
        (-k).mul_add(LOG2_FUSED[1], (-k).mul_add(LOG2_FUSED[0], x))
    } else {
        ((x - k * LOG2[0]) - k * LOG2[1]) - k * LOG2[2]
    };
    let power = (r * r).times_plus::<FUSED>(horner::<FUSED, _, 10>(r, POLYNOMIAL), r) + 1.0;
    // In two steps, of which only the last one can round or overflow.
    let half = (0.5 * k + ROUND_F64) - ROUND_F64;
    let scale = |k: f64| f64::from_bits((k + ROUND_F64).to_bits().wrapping_add(1023) << 52);
    power * scale(half) * scale(k - half)
}

/// `exp(x)`; overflows to infinity with the flag, and to zero through the subnormals.
#[inline(always)]
pub fn exp_f32<const FUSED: bool>(x: f32) -> f32 {
    const POLYNOMIAL: [f32; 5] = [0.5, 0.16666576, 0.041666556, 0.008363185, 0.0013926191];
    const LOG2: [f32; 2] = [0.6933594, -0.00021219444];
    let x = if x < -104.0 { -104.0 } else { x };
    let x = if x > 89.0 { 89.0 } else { x };
    let k = x.times_plus::<FUSED>(std::f32::consts::LOG2_E, ROUND_F32) - ROUND_F32;
    let r = (-k).times_plus::<FUSED>(LOG2[1], (-k).times_plus::<FUSED>(LOG2[0], x));
    let power = (r * r).times_plus::<FUSED>(horner::<FUSED, _, 5>(r, POLYNOMIAL), r) + 1.0;
    let half = (0.5 * k + ROUND_F32) - ROUND_F32;
    let scale = |k: f32| f32::from_bits((k + ROUND_F32).to_bits().wrapping_add(127) << 23);
    power * scale(half) * scale(k - half)
}
