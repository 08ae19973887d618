//! Sine, cosine and tangent.
//!
//! `WHOLE = false` is the text for arguments up to [`NEAR_F64`] and [`NEAR_F32`](super::angle::NEAR_F32): a finite one beyond
//! gives NaN and raises the flag of an invalid operation, by which one sees that `WHOLE = true` has to compute it. That one is
//! right for all, and has the same bits where both are right. The flag is else raised by infinities only; NaN stays NaN.
//!
//! An angle is brought to `|r| <= π/4` and a number of right angles first. Sine and cosine of r are polynomials, of which
//! one is taken. The tangent is a fraction of two polynomials or its reciprocal for `f64`, and is corrected for what is missing
//! in both and for the rounding of the division; for `f32` it is a polynomial or its reciprocal. Coefficients: interpolation
//! at Chebyshev's points in r² of `(sin(r) - r) / r³`, `(cos(r) - 1 + r²/2) / r⁴`, and `tan(r) / r` or `(tan(r) - r) / r³`;
//! `tests/math/coefficients.py` computes them.
//!
//! The largest errors that were found, in ulps with FMA and without: sin and cos 1.58 and 1.48; tan for `f64` 1.26 and 1.57, for `f32`
//! 2.00 and 1.58. All three are exactly odd or even; `|sin|` and `|cos|` are at most 1; sin(±0) and tan(±0) are ±0.

use super::angle::{Angle, angle_f32, angle_f64};
use super::double::product;
use super::polynomial::{Float, horner};

#[cfg(doc)]
use super::angle::NEAR_F64;

const SIGN_F64: u64 = 1 << 63;
const SIGN_F32: u32 = 1 << 31;

/// `sin(x)`.
#[inline(always)]
pub fn sin_f64<const FUSED: bool, const WHOLE: bool>(x: f64) -> f64 {
    let sine = wave_f64::<FUSED>(angle_f64::<FUSED, WHOLE, false>(x.abs()), 0);
    f64::from_bits(sine.to_bits() ^ (x.to_bits() & SIGN_F64))
}

/// `cos(x)`.
#[inline(always)]
pub fn cos_f64<const FUSED: bool, const WHOLE: bool>(x: f64) -> f64 {
    wave_f64::<FUSED>(angle_f64::<FUSED, WHOLE, false>(x.abs()), 1)
}

/// The sine of an angle and some right angles more.
#[inline(always)]
fn wave_f64<const FUSED: bool>(angle: Angle<u64, f64>, more: u64) -> f64 {
    const SINE: [f64; 6] = [
        -0.16666666666666632,
        0.008333333333322417,
        -0.00019841269829811152,
        2.7557313693305393e-06,
        -2.505075836444089e-08,
        1.5896811778710197e-10,
    ];
    const COSINE: [f64; 6] = [
        0.041666666666666664,
        -0.0013888888888887398,
        2.4801587298765462e-05,
        -2.755731727161287e-07,
        2.0876146244035124e-09,
        -1.1382630669902987e-11,
    ];
    let (r, low, quarters) = (angle.rest, angle.low, angle.quarters.wrapping_add(more));
    let z = r * r;
    let sine = r + (r * z).times_plus::<FUSED>(horner::<FUSED, _, 6>(z, SINE), low);
    let cosine = horner::<FUSED, _, 6>(z, COSINE).times_plus::<FUSED>(z, -0.5).times_plus::<FUSED>(z, 1.0);
    let wave = if quarters & 1 == 0 { sine } else { cosine };
    f64::from_bits(wave.to_bits() ^ (quarters << 62 & SIGN_F64))
}

/// `tan(x)`; no float is a pole.
#[inline(always)]
pub fn tan_f64<const FUSED: bool, const WHOLE: bool>(x: f64) -> f64 {
    const ABOVE: [f64; 3] = [-0.13338238592836907, 0.0034247526026599195, -1.7859439908182503e-05];
    const BELOW: [f64; 4] = [-0.4667157192617024, 0.02566332568989411, -0.0003117927365672746, 4.980854779550193e-07];
    let Angle { quarters, rest: r, low } = angle_f64::<FUSED, WHOLE, true>(x.abs());
    let z = r * r;
    let more = (r * z).times_plus::<FUSED>(horner::<FUSED, _, 3>(z, ABOVE), low);
    let sine = r + more;
    let sine_low = (r - sine) + more;
    let more = horner::<FUSED, _, 4>(z, BELOW);
    let cosine = z.times_plus::<FUSED>(more, 1.0);
    let cosine_low = z.times_plus::<FUSED>(more, 1.0 - cosine);
    let odd = quarters & 1 != 0;
    let (above, above_low) = if odd { (cosine, cosine_low) } else { (sine, sine_low) };
    let (below, below_low) = if odd { (sine, sine_low) } else { (cosine, cosine_low) };
    let inverse = 1.0 / below;
    let quotient = above * inverse;
    let left = if FUSED {
        (-quotient).mul_add(below, above)
    } else {
        let (product, low) = product::<false, _>(quotient, below);
        (above - product) - low
    };
    let left = left + (-quotient).times_plus::<FUSED>(below_low, above_low);
    let tangent = left.times_plus::<FUSED>(inverse, quotient);
    f64::from_bits(tangent.to_bits() ^ (quarters << 63) ^ (x.to_bits() & SIGN_F64))
}

/// `sin(x)`.
#[inline(always)]
pub fn sin_f32<const FUSED: bool, const WHOLE: bool>(x: f32) -> f32 {
    let sine = wave_f32::<FUSED>(angle_f32::<FUSED, WHOLE, false>(x.abs()), 0);
    f32::from_bits(sine.to_bits() ^ (x.to_bits() & SIGN_F32))
}

/// `cos(x)`.
#[inline(always)]
pub fn cos_f32<const FUSED: bool, const WHOLE: bool>(x: f32) -> f32 {
    wave_f32::<FUSED>(angle_f32::<FUSED, WHOLE, false>(x.abs()), 1)
}

/// The sine of an angle and some right angles more.
#[inline(always)]
fn wave_f32<const FUSED: bool>(angle: Angle<u32, f32>, more: u32) -> f32 {
    const SINE: [f32; 3] = [-0.16666651, 0.008331902, -0.00019480869];
    const COSINE: [f32; 3] = [0.041666664, -0.0013888164, 2.451944e-05];
    let (r, low, quarters) = (angle.rest, angle.low, angle.quarters.wrapping_add(more));
    let z = r * r;
    let sine = r + (r * z).times_plus::<FUSED>(horner::<FUSED, _, 3>(z, SINE), low);
    let cosine = horner::<FUSED, _, 3>(z, COSINE).times_plus::<FUSED>(z, -0.5).times_plus::<FUSED>(z, 1.0);
    let wave = if quarters & 1 == 0 { sine } else { cosine };
    f32::from_bits(wave.to_bits() ^ (quarters << 30 & SIGN_F32))
}

/// `tan(x)`; no float is a pole.
#[inline(always)]
pub fn tan_f32<const FUSED: bool, const WHOLE: bool>(x: f32) -> f32 {
    const TANGENT: [f32; 7] =
        [0.33333373, 0.1333189, 0.054145824, 0.020848174, 0.011934413, -0.0012684113, 0.0050286404];
    const TINY: f32 = 8.673617e-19;
    let Angle { quarters, rest: r, low } = angle_f32::<FUSED, WHOLE, true>(x.abs());
    let z = r * r;
    let more = (r * z).times_plus::<FUSED>(horner::<FUSED, _, 7>(z, TANGENT), low);
    let tangent = r + more;
    let tangent_low = (r - tangent) + more;
    // The reciprocal of the sum of both, where it is wanted: there, 2^-60 is too little to change the tangent. It keeps zero
    // from being divided by. (A choice of numbers that says so has the compiler divide by zero all the same.)
    let reciprocal = if FUSED {
        let inverse = 1.0 / (tangent + TINY);
        (-inverse * inverse).mul_add(tangent_low, inverse)
    } else {
        // In f64, since two f32 are half a vector without AVX, and the other half would be divided, too, whatever it is.
        (1.0 / ((tangent + TINY) as f64 + tangent_low as f64)) as f32
    };
    let tangent = if quarters & 1 != 0 { reciprocal } else { tangent };
    f32::from_bits(tangent.to_bits() ^ (quarters << 31) ^ (x.to_bits() & SIGN_F32))
}
