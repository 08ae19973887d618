//! Angles as a number of right angles and a rest: what the trigonometric functions do first.
//!
//! Near zero by W. Cody and W. Waite (Software Manual for the Elementary Functions, 1980): multiples of π/2 are taken off in
//! parts, so that nothing is lost where they cancel. Far from it by M. Payne and R. Hanek (Radian Reduction for Trigonometric
//! Functions, 1983): the product with 2 / π is computed to some 190 bits, of which those that count whole turns never
//! appear. No `f64` comes nearer to a multiple of π/2 than 2^-60.9, no `f32` nearer than 2^-29.2.

mod two_over_pi;

use super::double::{ordered_sum, product};
use super::polynomial::Float;
use super::rounding::{ROUND_F32, ROUND_F64};
use std::f64::consts::{FRAC_2_PI, FRAC_PI_2};
use two_over_pi::{DIGITS, DIGITS_F32, SCALE, STEP};

/// The largest argument that the fast text of an `f64` function takes.
pub const NEAR_F64: f64 = 16777216.0;

/// The largest argument that the fast text of an `f32` function takes.
pub const NEAR_F32: f32 = 1048576.0;

/// What is missing in the `f64` nearest to π/2.
const RIGHT_ANGLE_LOW: f64 = 6.123233995736766e-17;

/// `quarters * π/2 + rest + low`, with `low` below half of an ulp of `rest` unless that is tiny. Not `FINE`: what rounding takes from a
/// `rest` that is not tiny may be missing.
#[derive(Clone, Copy)]
pub struct Angle<B, F> {
    /// An integer, of which only the last two bits count.
    pub quarters: B,
    /// Not much more than π/4.
    pub rest: F,
    /// What is missing in `rest`.
    pub low: F,
}

/// The angle `x >= 0`. Not `WHOLE`: NaN with the flag of an invalid operation beyond [`NEAR_F64`].
#[inline(always)]
pub fn angle_f64<const FUSED: bool, const WHOLE: bool, const FINE: bool>(x: f64) -> Angle<u64, f64> {
    // A vector's comparison by size raises a flag for NaN; that of integers does not, nor does that of equality. The baseline
    // has none of such integers, but up to the limit a number is lost in 2^77.
    const LARGE: f64 = 151115727451828646838272.0;
    let far = if FUSED { x.to_bits() as i64 > NEAR_F64.to_bits() as i64 } else { x + LARGE != LARGE };
    if WHOLE {
        let (near, whole) =
            (near_f64::<FUSED, FINE>(if far { 0.0 } else { x }), far_f64::<FUSED>(if far { x } else { 0.0 }));
        return Angle {
            quarters: if far { whole.quarters } else { near.quarters },
            rest: if far { whole.rest } else { near.rest },
            low: if far { whole.low } else { near.low },
        };
    }
    near_f64::<FUSED, FINE>(if far { x + f64::INFINITY } else { x })
}

#[inline(always)]
fn near_f64<const FUSED: bool, const FINE: bool>(x: f64) -> Angle<u64, f64> {
    // Products of the first three with 24 bits are exact, and so is what the first two leave.
    const PARTS: [f64; 4] = [1.570796325802803, 9.92093629470503e-10, -4.978996252159425e-17, 1.6446256936324258e-26];
    // What is missing in the nearest number to π/2, whose multiples leave an exact `first`. Products of the first with 24 bits
    // are exact, and so is the difference of `first` and `rest` where that is small.
    const PARTS_FUSED: [f64; 2] = [6.12323399409214e-17, 1.6446256936324258e-26];
    let counted = x.times_plus::<FUSED>(FRAC_2_PI, ROUND_F64);
    let k = counted - ROUND_F64;
    let (rest, low) = if FUSED {
        let first = (-k).mul_add(FRAC_PI_2, x);
        let rest = (-k).mul_add(PARTS_FUSED[0], first);
        let taken = if FINE { (-k).mul_add(PARTS_FUSED[0], first - rest) } else { 0.0 };
        (rest, (-k).mul_add(PARTS_FUSED[1], taken))
    } else {
        let first = (x - k * PARTS[0]) - k * PARTS[1];
        let third = k * PARTS[2];
        let rest = first - third;
        (rest, ((first - rest) - third) - k * PARTS[3])
    };
    Angle { quarters: counted.to_bits(), rest, low }
}

/// For 0, and all from 2 on; infinity raises the flag of an invalid operation.
#[inline(always)]
fn far_f64<const FUSED: bool>(x: f64) -> Angle<u64, f64> {
    /// Rounds to a multiple of 8 what is below 2^54.
    const ROUND_TURNS: f64 = 54043195528445952.0;
    let digits = |k: usize| DIGITS[(x.to_bits() >> 52 & 1023) as usize + k * STEP];
    let x = x * const { f64::from_bits((1023 - SCALE as u64) << 52) };
    // The first product is exact but for whole turns, and a multiple of 2^-46; the second is below 2^6.
    let first = if FUSED {
        let turns = x.mul_add(digits(0), ROUND_TURNS) - ROUND_TURNS;
        x.mul_add(digits(0), -turns)
    } else {
        let (product, rest) = product::<false, _>(x, digits(0));
        (product - ((product + ROUND_TURNS) - ROUND_TURNS)) + rest
    };
    let (second, second_low) = product::<FUSED, _>(x, digits(1));
    let (third, third_low) = product::<FUSED, _>(x, digits(2));
    let counted = (first + second) + ROUND_F64;
    let first = first - (counted - ROUND_F64);
    // In each of these sums either the first number is the larger one, or it is a multiple of 2^-52 of the most that the second
    // can be, and then nothing is lost either.
    let (sum, low_a) = ordered_sum(first, second);
    let (sum, low_b) = ordered_sum(sum, second_low);
    let (sum, low_c) = ordered_sum(sum, third);
    let low = (low_a + low_b) + (low_c + x.times_plus::<FUSED>(digits(3), third_low));
    // Times π/2.
    let more = sum.times_plus::<FUSED>(RIGHT_ANGLE_LOW, low * FRAC_PI_2);
    let (rest, low) = if FUSED {
        let rest = sum.mul_add(FRAC_PI_2, more);
        (rest, sum.mul_add(FRAC_PI_2, -rest) + more)
    } else {
        let (rest, low) = product::<false, _>(sum, FRAC_PI_2);
        ordered_sum(rest, low + more)
    };
    Angle { quarters: counted.to_bits(), rest, low }
}

/// The angle `x >= 0`. Not `WHOLE`: NaN with the flag of an invalid operation beyond [`NEAR_F32`].
#[inline(always)]
pub fn angle_f32<const FUSED: bool, const WHOLE: bool, const FINE: bool>(x: f32) -> Angle<u32, f32> {
    // A vector's comparison of floats by size raises a flag for NaN.
    let far = x.to_bits() as i32 > NEAR_F32.to_bits() as i32;
    if WHOLE {
        let (near, whole) =
            (near_f32::<FUSED, FINE>(if far { 0.0 } else { x }), far_f32::<FUSED>(if far { x } else { 0.0 }));
        return Angle {
            quarters: if far { whole.quarters } else { near.quarters },
            rest: if far { whole.rest } else { near.rest },
            low: if far { whole.low } else { near.low },
        };
    }
    near_f32::<FUSED, FINE>(if far { x + f32::INFINITY } else { x })
}

#[inline(always)]
fn near_f32<const FUSED: bool, const FINE: bool>(x: f32) -> Angle<u32, f32> {
    const PARTS: [f32; 2] = [-4.371139e-08, -1.7151245e-15];
    // With the first of these, products are exact.
    const PARTS_F64: [f64; 2] = [1.570796325802803, 9.920935796805404e-10];
    if FUSED {
        let counted = x.mul_add(std::f32::consts::FRAC_2_PI, ROUND_F32);
        let k = counted - ROUND_F32;
        let first = (-k).mul_add(std::f32::consts::FRAC_PI_2, x);
        let second = k * PARTS[0];
        let second_low = k.mul_add(PARTS[0], -second);
        let rest = first - second;
        let taken = if FINE { ((first - rest) - second) - second_low } else { -second_low };
        let low = (-k).mul_add(PARTS[1], taken);
        return Angle { quarters: counted.to_bits(), rest, low };
    }
    let x = x as f64;
    let counted = x * FRAC_2_PI + ROUND_F64;
    let k = counted - ROUND_F64;
    in_halves(counted, (x - k * PARTS_F64[0]) - k * PARTS_F64[1])
}

/// For 0, and all from 2 on; infinity raises the flag of an invalid operation.
#[inline(always)]
fn far_f32<const FUSED: bool>(x: f32) -> Angle<u32, f32> {
    let digits = |k: usize| DIGITS_F32[k][(x.to_bits() >> 23 & 127) as usize];
    let x = x as f64;
    // Exact: 24 bits by 29.
    let first = x * digits(0);
    let counted = x.times_plus::<FUSED>(digits(1), first) + ROUND_F64;
    let k = counted - ROUND_F64;
    in_halves(counted, x.times_plus::<FUSED>(digits(1), first - k) * FRAC_PI_2)
}

/// An angle in `f32` out of one in `f64`.
#[inline(always)]
fn in_halves(counted: f64, angle: f64) -> Angle<u32, f32> {
    let rest = angle as f32;
    Angle { quarters: counted.to_bits() as u32, rest, low: (angle - rest as f64) as f32 }
}
