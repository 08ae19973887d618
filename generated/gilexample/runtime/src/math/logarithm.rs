//! The natural logarithm.
//!
//! `log(x) = k * log(2) + log(m)` with `x = 2^k * m` and `sqrt(1/2) <= m < sqrt(2)`; `log(m) = 2 * artanh(s)` for
//! `s = (m - 1) / (m + 1)`, summed as W. Cody and W. Waite do (Software Manual for the Elementary Functions, 1980). Coefficients:
//! Chebyshev approximation of `(2 * artanh(s) - 2 * s) / s³` in `s²`, relative error of the sum below 2^-58 and 2^-30;
//! `tests/math/coefficients.py` computes them.

use super::polynomial::{Float, horner};

/// `log(x)`; at 0 minus infinity with the flag of a division by zero, below it NaN with that of an invalid operation.
#[inline(always)]
pub fn log_f64<const FUSED: bool>(x: f64) -> f64 {
    const POLYNOMIAL: [f64; 7] = [
        0.666666666666667,
        0.3999999999989889,
        0.28571428626253836,
        0.22222211089379496,
        0.1818289243253687,
        0.15331611722055008,
        0.14617807153417325,
    ];
    /// log(2) in a part of 32 bits, whose product with k is exact, and the rest.
    const LOG2: [f64; 2] = [0.6931471806019545, -4.200915072890502e-11];
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const EXPONENT: u64 = 0xfff0_0000_0000_0000;
    const FRACTION: u64 = !EXPONENT;
    const ONE: u64 = 1023 << 52;
    // Subnormals are scaled by 2^1022 first, by their fraction: a product would overflow where it is not needed.
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = f64::from_bits(x.to_bits() & FRACTION | ONE) - 1.0;
    let bits = (if subnormal { scaled } else { x }).to_bits();
    let above = bits.wrapping_sub(SQRT_HALF);
    // The exponent as a float, by the bits of 2^52 + 2048 + k: there is no vector instruction for it before AVX-512.
    let biased = f64::from_bits((above.wrapping_add(2048 << 52) >> 52) | 0x4330_0000_0000_0000);
    let k = biased - if subnormal { 4503599627373566.0 } else { 4503599627372544.0 };
    let f = f64::from_bits(bits.wrapping_sub(above & EXPONENT)) - 1.0;
    // Where there is no logarithm, the division raises the flag: -1 / 0 at zero, 0 / 0 below.
    let outside = x <= 0.0;
    let numerator = if outside { if x == 0.0 { -1.0 } else { 0.0 } } else { f };
    let s = numerator / if outside { 0.0 } else { f + 2.0 };
    let z = s * s;
    let half = 0.5 * f * f;
    let rest = s.times_plus::<FUSED>(z.times_plus::<FUSED>(horner::<FUSED, _, 7>(z, POLYNOMIAL), half), k * LOG2[1]);
    let log = k.times_plus::<FUSED>(LOG2[0], f - (half - rest));
    if outside {
        s
    } else if x < f64::INFINITY {
        log
    } else {
        x
    }
}

/// `log(x)`; at 0 minus infinity with the flag of a division by zero, below it NaN with that of an invalid operation.
#[inline(always)]
pub fn log_f32<const FUSED: bool>(x: f32) -> f32 {
    const POLYNOMIAL: [f32; 4] = [0.6666667, 0.40000123, 0.2855078, 0.23331614];
    const LOG2: [f32; 2] = [0.6933594, -0.00021219444];
    const SQRT_HALF: u32 = 0x3f35_04f3;
    const EXPONENT: u32 = 0xff80_0000;
    const FRACTION: u32 = !EXPONENT;
    const ONE: u32 = 127 << 23;
    let subnormal = x < f32::MIN_POSITIVE;
    let scaled = f32::from_bits(x.to_bits() & FRACTION | ONE) - 1.0;
    let bits = (if subnormal { scaled } else { x }).to_bits();
    let above = bits.wrapping_sub(SQRT_HALF);
    let k = (above as i32 >> 23) as f32 - if subnormal { 126.0 } else { 0.0 };
    let f = f32::from_bits(bits.wrapping_sub(above & EXPONENT)) - 1.0;
    let outside = x <= 0.0;
    let numerator = if outside { if x == 0.0 { -1.0 } else { 0.0 } } else { f };
    let s = numerator / if outside { 0.0 } else { f + 2.0 };
    let z = s * s;
    let half = 0.5 * f * f;
    let rest = s.times_plus::<FUSED>(z.times_plus::<FUSED>(horner::<FUSED, _, 4>(z, POLYNOMIAL), half), k * LOG2[1]);
    let log = k.times_plus::<FUSED>(LOG2[0], f - (half - rest));
    if outside {
        s
    } else if x < f32::INFINITY {
        log
    } else {
        x
    }
}
