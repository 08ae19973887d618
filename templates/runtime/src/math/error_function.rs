//! The error function and its complement.
//!
//! `erfc(x)` from 0 up is `exp(-x²) * (1 + g(x)) / (1 + x * sqrt(pi))`, with a `g` that is 0 at 0 and at infinity and below a fifth
//! between them: a quotient of polynomials, whose errors hardly matter beside the 1. (Such a factor is that of M. Shepherd and
//! J. Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc(x), Math. Comp. 36, 1981.) One division serves both quotients. The
//! inverse of the line `1 + x * sqrt(pi)` is taken as it comes out; what its product with the line leaves of 1 joins `g` and what the
//! exponential is more than 1, and one addition, the last, puts all these small terms to it. An error of `x²` would be one of the
//! exponent: the square is had in two parts, of which the low one goes into the remainder of the exponential's reduction.
//!
//! `erf(x)` of `f64` is a Taylor series about the nearest multiple of 1/128, whose value and slope a table has: P. Tang's method of
//! tables (Table-driven implementation of the exponential function, ACM TOMS 15, 1989), as Arm's optimized routines have it for this
//! function. The lookups cost less than an exponential on all CPUs tried. That of `f32` is a polynomial up to 1, and from there
//! `1 - 2^p(x)` with another.
//!
//! Coefficients: least squares at Chebyshev points, relative errors below 2^-57 and 2^-26; `tests/math/coefficients.py` computes them.

use super::exponential::{EXP_F32, EXP_F64};
use super::polynomial::{Float, halves, horner};
use super::rounding::{ROUND_F32, ROUND_F64};

/// Close to the root of pi, and of so few bits that half of those of a float times it is exact.
const SLOPE: f32 = 1815.0 / 1024.0;

/// Steps of the table of `erf_f64` to the unit, and of units it spans.
const STEPS: i128 = 128;
const UNITS: i128 = 6;

/// `erf(k / 128)` and its derivative there; the last ones are those of infinity.
static TABLE: [[f64; 2]; 1024] = table();

/// From one step to the next by the Taylor series of the derivative about the former, `r`. Its terms are `t_k` with
/// `(k + 1) t_(k+1) = -2 r h t_k - 2 h² t_(k-1)`, and `r` and `h` are multiples of 1/128: integers of 2^-110 do for them.
const fn table() -> [[f64; 2]; 1024] {
    const UNIT: f64 = 1.0 / (1_u128 << 110) as f64;
    /// `2 / sqrt(pi)`.
    const FIRST: i128 = 1464719901136543819340357084100095;
    let mut table = [[1.0, 0.0]; 1024];
    let (mut value, mut slope) = (0, FIRST);
    let mut step = 0;
    while step <= UNITS * STEPS {
        table[step as usize] = [value as f64 * UNIT, slope as f64 * UNIT];
        let (mut before, mut term, mut k) = (0, slope, 0);
        slope = 0;
        while k < 20 {
            slope += term;
            k += 1;
            value += term / (STEPS * k);
            (before, term) = (term, -2 * (step * term + before) / (STEPS * STEPS * k));
        }
        step += 1;
    }
    table
}

/// `erf(x)`. Error below 1.8 ULP; zeros keep their sign, and from 5.93 on it is 1.
#[inline(always)]
pub fn erf_f64<const FUSED: bool>(x: f64) -> f64 {
    /// Adding it rounds to multiples of 1/128.
    const ROUND: f64 = ROUND_F64 / STEPS as f64;
    let a = x.abs();
    let a = if a > UNITS as f64 { UNITS as f64 } else { a };
    let shifted = a + ROUND;
    let [value, slope] = TABLE[(shifted.to_bits() & 1023) as usize];
    let r = shifted - ROUND;
    let d = a - r;
    // slope * exp(-2rd - d²), integrated over d: Hermite's polynomials in r. The last one is that of r = 0, where alone it matters.
    let square = r * r;
    let third = square.times_plus::<FUSED>(2.0 / 3.0, -1.0 / 3.0);
    let fourth = r * square.times_plus::<FUSED>(-1.0 / 3.0, 0.5);
    let fifth = square.times_plus::<FUSED>(square.times_plus::<FUSED>(2.0 / 15.0, -0.4), 0.1);
    let sixth = r * square.times_plus::<FUSED>(square.times_plus::<FUSED>(-2.0 / 45.0, 2.0 / 9.0), -1.0 / 6.0);
    let rest = d * horner::<FUSED, _, 6>(d, [-r, third, fourth, fifth, sixth, -1.0 / 42.0]);
    let step = slope * d;
    (value + step.times_plus::<FUSED>(rest, step)).copysign(x)
}

/// `erf(x)`. Error below 1.3 ULP, without FMA 1.5; zeros keep their sign, and from 3.92 on it is 1.
#[inline(always)]
pub fn erf_f32<const FUSED: bool>(x: f32) -> f32 {
    const SMALL: [f32; 7] =
        [0.12837917, -0.37612626, 0.112835966, -0.026854286, 0.0051892195, -0.0008017952, 7.879215e-05];
    const LOG: [f32; 7] =
        [-0.00049569097, -1.6260358, -0.92066187, -0.14874324, 0.031503413, -0.004252485, 0.0002689317];
    const EXP2: [f32; 6] = [std::f32::consts::LN_2, 0.2402265, 0.05550327, 0.0096180355, 0.0013400486, 0.00015467416];
    let a = x.abs();
    let a = if a > 3.925 { 3.925 } else { a };
    let small = a.times_plus::<FUSED>(horner::<FUSED, _, 7>(a * a, SMALL), a);
    let log = horner::<FUSED, _, 7>(a, LOG);
    let shifted = log + (ROUND_F32 + 127.0);
    let r = log - (shifted - (ROUND_F32 + 127.0));
    let power = r.times_plus::<FUSED>(horner::<FUSED, _, 6>(r, EXP2), 1.0);
    let large = (-power).times_plus::<FUSED>(f32::from_bits(shifted.to_bits() << 23), 1.0);
    (if a < 1.0 { small } else { large }).copysign(x)
}

/// `erfc(x)`. Error below 1.8 ULP; through the subnormals to 0 from 27.3 on, and 2 up to -5.9.
#[inline(always)]
pub fn erfc_f64<const FUSED: bool>(x: f64) -> f64 {
    const ABOVE: ([f64; 6], [f64; 5]) = (
        [
            0.6440817704044876,
            1.2080046056476808,
            0.32064030585410547,
            0.022143272162814403,
            0.00033945665759957573,
            1.1692737209653302e-10,
        ],
        [1.2509596480575733, 0.7453049602018927, 0.09932320126264303, 0.003436729928501607, 1.6502305763459476e-05],
    );
    const BELOW: ([f64; 6], [f64; 6]) = (
        [1.0, 5.71770881381168, 4.047814817471375, 0.7756714327904005, 0.045425243910852446, 0.0006275419734958922],
        [
            3.4948476231667596,
            5.792628000736034,
            2.0545586090177252,
            0.21877232399774582,
            0.006661892671254525,
            2.9245128264832554e-05,
        ],
    );
    const EVEN: [f64; 5] = [EXP_F64[0], EXP_F64[2], EXP_F64[4], EXP_F64[6], EXP_F64[8]];
    const ODD: [f64; 5] = [EXP_F64[1], EXP_F64[3], EXP_F64[5], EXP_F64[7], EXP_F64[9]];
    // log(2) in a part of 32 bits, whose product with k is exact, and the rest.
    const LOG2: [f64; 2] = [0.6931471806019545, -4.200915072890502e-11];
    /// Keeps 26 bits.
    const HALF: u64 = 0xffff_ffff_f800_0000;
    /// The line is larger by this, and what is divided by it smaller, until the exponent of the result makes up for it.
    const SCALE: f64 = f64::from_bits((1023 + 200) << 52);
    const STEEP: f64 = SLOPE as f64 * SCALE;
    // From here on the result is zero, or 2.
    let a = x.abs();
    let a = if a > 28.0 { 28.0 } else { a };
    let square = a * a;
    // The last bits are the exponent of 2^(k + 200), which no k makes subnormal.
    let shifted = square.times_plus::<FUSED>(-std::f64::consts::LOG2_E, ROUND_F64 + 1223.0);
    let k = shifted - (ROUND_F64 + 1223.0);
    let high = f64::from_bits(a.to_bits() & HALF);
    // -a² - k * log(2), with one rounding of what the square and the first product leave of each other.
    let r = if FUSED {
        (-k).mul_add(LOG2[1], (-a).mul_add(a, -k * LOG2[0]))
    } else {
        (-(high * high) - k * LOG2[0]) - (k * LOG2[1] + (a - high) * (a + high))
    };
    let rest = (r * r).times_plus::<FUSED>(halves::<FUSED, _, 5, 5>(r, r * r, EVEN, ODD), r);
    // Both quotients by one division, and what the inverse of the line leaves of 1.
    let line = a.times_plus::<FUSED>(STEEP, SCALE);
    let above = a * halves::<FUSED, _, 6, 5>(a, square, ABOVE.0, ABOVE.1);
    let below = halves::<FUSED, _, 6, 6>(a, square, BELOW.0, BELOW.1);
    let reciprocal = 1.0 / (below * line);
    let inverse = below * reciprocal;
    let (quotient, left) = if FUSED {
        let line_rest = a.mul_add(STEEP, SCALE - line);
        (inverse, (-inverse).mul_add(line_rest, (-inverse).mul_add(line, 1.0)))
    } else {
        let quotient = f64::from_bits(inverse.to_bits() & HALF);
        let line_high = f64::from_bits(line.to_bits() & HALF);
        let line_rest = ((SCALE - line_high) + high * STEEP) + (a - high) * STEEP;
        (quotient, (1.0 - quotient * line_high) - quotient * line_rest)
    };
    let more = inverse.times_plus::<FUSED>(left, above * reciprocal);
    let value = quotient + quotient.times_plus::<FUSED>(rest, more.times_plus::<FUSED>(rest, more));
    // Nothing before this is subnormal, so that such a result is rounded once.
    let value = value * f64::from_bits(shifted.to_bits() << 52);
    if x < 0.0 { 2.0 - value } else { value }
}

/// `erfc(x)`. Error below 2.1 ULP; through the subnormals to 0 from 10.06 on, and 2 up to -3.9.
#[inline(always)]
pub fn erfc_f32<const FUSED: bool>(x: f32) -> f32 {
    const ABOVE: ([f32; 2], [f32; 2]) = ([0.64408284, 0.26313025], [0.61675245, 0.05182092]);
    const BELOW: ([f32; 3], [f32; 3]) = ([1.0, 2.7216237, 0.54785335], [2.5102189, 1.6251675, 0.09183083]);
    const LOG2: [f32; 2] = [0.6933594, -0.00021219444];
    /// Keeps 12 bits.
    const HALF: u32 = 0xffff_f000;
    const SCALE: f32 = f32::from_bits((127 + 64) << 23);
    const STEEP: f32 = SLOPE * SCALE;
    let a = x.abs();
    let a = if a > 10.5 { 10.5 } else { a };
    let square = a * a;
    // The last bits are the exponent of 2^(k + 64), which no k makes subnormal.
    let shifted = square.times_plus::<FUSED>(-std::f32::consts::LOG2_E, ROUND_F32 + 191.0);
    let k = shifted - (ROUND_F32 + 191.0);
    let high = f32::from_bits(a.to_bits() & HALF);
    let r = if FUSED {
        (-k).mul_add(LOG2[1], (-a).mul_add(a, -k * LOG2[0]))
    } else {
        (-(high * high) - k * LOG2[0]) - (k * LOG2[1] + (a - high) * (a + high))
    };
    let rest = (r * r).times_plus::<FUSED>(horner::<FUSED, _, 5>(r, EXP_F32), r);
    let line = a.times_plus::<FUSED>(STEEP, SCALE);
    let above = a * halves::<FUSED, _, 2, 2>(a, square, ABOVE.0, ABOVE.1);
    let below = halves::<FUSED, _, 3, 3>(a, square, BELOW.0, BELOW.1);
    let reciprocal = 1.0 / (below * line);
    let inverse = below * reciprocal;
    let (quotient, left) = if FUSED {
        let line_rest = a.mul_add(STEEP, SCALE - line);
        (inverse, (-inverse).mul_add(line_rest, (-inverse).mul_add(line, 1.0)))
    } else {
        let quotient = f32::from_bits(inverse.to_bits() & HALF);
        let line_high = f32::from_bits(line.to_bits() & HALF);
        let line_rest = ((SCALE - line_high) + high * STEEP) + (a - high) * STEEP;
        (quotient, (1.0 - quotient * line_high) - quotient * line_rest)
    };
    let more = inverse.times_plus::<FUSED>(left, above * reciprocal);
    let value = quotient + quotient.times_plus::<FUSED>(rest, more.times_plus::<FUSED>(rest, more));
    let value = value * f32::from_bits(shifted.to_bits() << 23);
    if x < 0.0 { 2.0 - value } else { value }
}
