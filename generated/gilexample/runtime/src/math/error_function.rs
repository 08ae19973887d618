//! The error function and its complement.
//!
//! Those of `f64` go from the nearest multiple `r` of 1/128, whose value and slope a table has, to `x = r + d`: P. Tang's method of
//! tables (Table-driven implementation of the exponential function, ACM TOMS 15, 1989), as Arm's optimized routines have it for these
//! functions. The lookups cost less than an exponential on all CPUs tried. For `erf` that is a Taylor series. For `erfc`, which
//! has to be as exact where it is small, `s = r + v d` makes of the integral of `exp(-s²)` from `r` to `x`, with `u = x² - r²`,
//!
//! `d exp(-r²) * integral from 0 to 1 of exp(-u v) * exp(d² v (1 - v)) dv`
//!
//! and of that a series in `d²`, whose coefficients depend on `u` alone and are polynomials of it.
//!
//! `erf(x)` of `f32` is a polynomial up to 1, and from there `1 - 2^p(x)` with another. `erfc(x)` of `f32` from 0 up is
//! `exp(-x²) * (1 + g(x)) / (1 + x * sqrt(pi))`, with a `g` that is 0 at 0 and at infinity and below a fifth
//! between them: a quotient of polynomials, whose errors hardly matter beside the 1. (Such a factor is that of M. Shepherd and
//! J. Laframboise, Chebyshev approximation of (1 + 2x) exp(x²) erfc(x), Math. Comp. 36, 1981.) One division serves both quotients. The
//! inverse of the line `1 + x * sqrt(pi)` is taken as it comes out; what its product with the line leaves of 1 joins `g` and what the
//! exponential is more than 1, and one addition, the last, puts all these small terms to it. An error of `x²` would be one of the
//! exponent: the square is had in two parts, of which the low one goes into the remainder of the exponential's reduction.
//!
//! Coefficients: interpolation or least squares at Chebyshev points, relative errors below 2^-56 and 2^-26; `tests/math/coefficients.py`
//! computes them.

mod tables;

use self::tables::{ERF, ERF_UNITS, ERFC, ERFC_UNITS, STEPS};
use super::exponential::EXP_F32;
use super::polynomial::{Float, halves, horner};
use super::rounding::{ROUND_F32, ROUND_F64};

/// Close to the root of pi, and of so few bits that half of those of a float times it is exact.
const SLOPE: f32 = 1815.0 / 1024.0;

/// Adding it rounds to a multiple of 1/128, which stands in the sum's last bits.
const ROUND: f64 = ROUND_F64 / STEPS as f64;

/// `erf(x)`. Error below 1.8 ULP; zeros keep their sign, and from 5.93 on it is 1.
#[inline(always)]
pub fn erf_f64<const FUSED: bool>(x: f64) -> f64 {
    let a = x.abs();
    let a = if a > ERF_UNITS as f64 { ERF_UNITS as f64 } else { a };
    let shifted = a + ROUND;
    let [value, slope] = ERF[(shifted.to_bits() & 1023) as usize];
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

/// `erfc(x)`. Error below 2 ULP; through the subnormals to 0 from 27.3 on, and 2 up to -5.9.
#[inline(always)]
pub fn erfc_f64<const FUSED: bool>(x: f64) -> f64 {
    const FIRST: [f64; 10] = [
        1.0,
        -0.5,
        0.16666666666665383,
        -0.041666666666665596,
        0.008333333335479379,
        -0.0013888888890677075,
        0.00019841257284727753,
        -2.480157683878472e-05,
        2.7587303730265137e-06,
        -2.758230453321108e-07,
    ];
    const SECOND: [f64; 7] = [
        0.16666666666666666,
        -0.08333333335977433,
        0.02500000000270382,
        -0.005555551135303324,
        0.0009920630400497084,
        -0.00014899424092456264,
        1.930901313241586e-05,
    ];
    const THIRD: [f64; 3] = [0.016666666666666666, -0.008351150168226481, 0.002383921175336731];
    /// What the table's values are too large by: with a product after all else, a subnormal result is rounded once.
    const LESS: f64 = f64::from_bits((1023 - 128) << 52);
    // From here on the result is zero, or 2.
    let a = x.abs();
    let a = if a > ERFC_UNITS as f64 { ERFC_UNITS as f64 } else { a };
    let shifted = a + ROUND;
    let [value, slope] = ERFC[(shifted.to_bits() & 4095) as usize];
    let r = shifted - ROUND;
    let d = a - r;
    let (u, square) = (d * (a + r), d * d);
    let more = square.times_plus::<FUSED>(horner::<FUSED, _, 3>(u, THIRD), horner::<FUSED, _, 7>(u, SECOND));
    let mean = square.times_plus::<FUSED>(more, horner::<FUSED, _, 10>(u, FIRST));
    let value = (-slope * d).times_plus::<FUSED>(mean, value) * LESS;
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
