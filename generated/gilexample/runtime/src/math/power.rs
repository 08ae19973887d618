//! Powers of two floats.
//!
//! `pow(x, y) = exp(y * log(x))`, where an error of the logarithm counts `y log(x)` times: up to 745 times for `f64`, so that it
//! is needed to 2^-65 of itself. With `|x| = 2^k * m` and `sqrt(1/2) <= m < sqrt(2)` as in `logarithm.rs`, and
//! `s = (m - 1) / (m + 1)`, it is
//!
//! `3/2 * log(|x|) = k * 3/2 * log(2) + s * (3 + s² + s⁴ * P(s²))`
//!
//! in two floats, one for what the other lost: 65 bits of 53, or 34 of 24. The factor 3/2 is there because 3 and the 1 before
//! `s²` are exact; the exponential takes it off again, as `1 + r * E(r)` with `E(r) = (exp(2/3 * r) - 1) / r`. Coefficients:
//! Chebyshev approximations, relative errors of the logarithm below 2^-66 and 2^-33, of the power below 2^-54 and 2^-25;
//! `tests/math/coefficients.py` computes them.
//!
//! The formula is so long that a CPU has hardly two of them in view, and waits for results rather than for its units. So
//! nothing on the way from `s` to `r` waits for the small parts: the whole number `n` in `exp(2/3 * h) = 2^n * exp(2/3 * r)` is
//! that of the large part, which lacks `s⁵ * P`, and `r` may be a little beyond 1/2 of its unit.
//!
//! Bases without a logarithm divide otherwise: where `x` is zero or infinite, the quotient that is `s` elsewhere is the power.
//! Values and flags are those of C99, Annex F, with that of a division by zero for a zero to the power of minus infinity too, as
//! NumPy has it.

use super::double::product;
use super::polynomial::{Float, estrin};
use super::rounding::{ROUND_F32, ROUND_F64, round_f32, round_f64};

/// The bits of sqrt(1/2).
const SQRT_HALF_F64: u64 = 0x3fe6_a09e_667f_3bcd;

/// The same as a float of single precision.
const SQRT_HALF_F32: u32 = 0x3f35_04f3;

/// A positive number other than zero as `m` and `k`, where it is `m * 2^k` and `sqrt(1/2) <= m < sqrt(2)`.
#[inline(always)]
fn split_f64(x: f64) -> (f64, f64) {
    // Subnormals are scaled by 2^1022 first, by their fraction: a product would overflow where it is not needed.
    let subnormal = x < f64::MIN_POSITIVE;
    let scaled = f64::from_bits(x.to_bits() & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
    let above = (if subnormal { scaled } else { x }).to_bits().wrapping_add(1.0f64.to_bits() - SQRT_HALF_F64);
    // The exponent as a float, by the bits of 2^52 + 1023 + k: there is no vector instruction for it before AVX-512.
    let biased = f64::from_bits((above >> 52) | 0x4330_0000_0000_0000);
    let k = biased - if subnormal { 4503599627372541.0 } else { 4503599627371519.0 };
    (f64::from_bits((above & 0x000f_ffff_ffff_ffff) + SQRT_HALF_F64), k)
}

/// The same in single precision.
#[inline(always)]
fn split_f32(x: f32) -> (f32, f32) {
    let subnormal = x < f32::MIN_POSITIVE;
    let scaled = f32::from_bits(x.to_bits() & ((1 << 23) - 1) | 1.0f32.to_bits()) - 1.0;
    let above = (if subnormal { scaled } else { x }).to_bits().wrapping_sub(SQRT_HALF_F32);
    let k = (above as i32 >> 23) as f32 - if subnormal { 126.0 } else { 0.0 };
    (f32::from_bits((above & 0x007f_ffff) + SQRT_HALF_F32), k)
}

/// Declares the function for a float. `UNIT` is followed by its inverse. `ROUND` is what rounds a number to a whole one, which
/// then stands in its last bits, when it is added and subtracted, and how far the exponent is from these. `FAR`: from the first
/// magnitude on an exponent gives infinity or zero for all bases but 1, as infinity does, and is even; from the second on the
/// exponential does, with these last powers of two. `STEP` is 2^s and 2^-s, and the bits of both for half of the way.
macro_rules! power {
    (
        $(#[$doc:meta])*
        $name:ident $float:ident, $split:ident $round:ident;
        LOGARITHM: [$logarithms:literal] = $logarithm:tt;
        EXPONENTIAL: $first:literal, [$exponentials:literal] = $exponential:tt;
        $(#[$unit_doc:meta])* UNIT: $unit:tt, $inverse:literal;
        ROUND: $whole:ident, $fraction:literal;
        FAR: $far:literal, $beyond:literal $low:literal $high:literal;
        STEP: $up:literal $down:literal, $bits_up:literal $bits_down:literal;
    ) => {
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<const FUSED: bool>(x: $float, y: $float) -> $float {
            const LOGARITHM: [$float; $logarithms] = $logarithm;
            const EXPONENTIAL: [$float; $exponentials] = $exponential;
            $(#[$unit_doc])*
            const UNIT: [$float; 2] = $unit;
            let size = x.abs();

            // What decides upon a power beside its magnitude. An exponent has beside an even number 0 or 1 if it is whole, and NaN
            // if it is.
            let y_near = if y < -$far { -$far } else { y };
            let y_near = if y_near > $far { $far } else { y_near };
            let rest = $round::<FUSED>(0.5 * y_near).times_plus::<FUSED>(-2.0, y_near).abs();
            let odd = rest == 1.0;
            let without = size.to_bits().wrapping_sub(1) >= $float::INFINITY.to_bits() - 1;
            let special = without & ((y < 0.0) | (y > 0.0));
            let invalid = x.is_sign_negative() & (rest > 0.0) & !odd;
            // Infinity times a logarithm, less the same, is NaN with the flag.
            let y_near = if invalid { $float::INFINITY } else { y_near };
            let y_near = if special { 0.0 } else { y_near };

            // The logarithm, but for special powers themselves: the division raises the flag of one by zero.
            let (m, k) = $split(size);
            let half = m.times_plus::<FUSED>(0.5, -0.5);
            let (above, under) = if y.is_sign_negative() { (1.0, size) } else { (size, 1.0) };
            let above = if special { above } else { half };
            let under = if special { under } else { m.times_plus::<FUSED>(0.5, 0.5) };
            let quotient = above / under;
            // Infinity has no differences. (By its size: told that it is special, compilers divide twice.)
            let s = if quotient < 1.0 { quotient } else { 1.0 };
            // What the division took, 1 / (1 + half) being 1 - s, and what the sum 3 + s² has taken.
            let z = s * s;
            let sum = 3.0 + z;
            let (left, sum_low) = if FUSED {
                ((-s).mul_add(half, half - s), s.mul_add(s, 3.0 - sum))
            } else {
                let ((high, low), (z, z_low)) = (product::<false, _>(s, half), product::<false, _>(s, s));
                (((half - s) - high) - low, (z + (3.0 - sum)) + z_low)
            };
            let s_low = (-left).times_plus::<FUSED>(s, left);
            let (high, low) = product::<FUSED, _>(s, sum);
            let log = k.times_plus::<FUSED>(UNIT[0], high);
            let log_rest = high - (-k).times_plus::<FUSED>(UNIT[0], log);
            // The derivative by s, 3 / (1 - s²), is near enough to this line. What takes longest is added last.
            let slope = z.times_plus::<FUSED>(3.0906453, 2.9996653);
            let low = s_low.times_plus::<FUSED>(slope, k.times_plus::<FUSED>(UNIT[1], low));
            let polynomial = estrin::<FUSED, _, $logarithms>(z, LOGARITHM);
            let sum_low = (z * z).times_plus::<FUSED>(polynomial, sum_low);
            let log_low = s.times_plus::<FUSED>(sum_low, low);

            // The exponential of the product with y; beyond these ends it is infinite or zero.
            let (h, h_low) = product::<FUSED, _>(y_near, log);
            let h_low = y_near.times_plus::<FUSED>(log_low, y_near.times_plus::<FUSED>(log_rest, h_low));
            let rounded = h.times_plus::<FUSED>($inverse, $whole);
            let n = rounded - $whole;
            let r = (-n).times_plus::<FUSED>(UNIT[0], h) + (-n).times_plus::<FUSED>(UNIT[1], h_low);
            let r = if (h.abs() > $beyond) & !invalid { 0.0 } else { r };
            let rounded = if rounded < $whole + $low { $whole + $low } else { rounded };
            let rounded = if rounded > $whole + $high { $whole + $high } else { rounded };
            // 2^n in two steps, of which only the last one can round or overflow.
            let below = h.is_sign_negative();
            let step = (rounded.to_bits() << $fraction).wrapping_add(if below { $bits_up } else { $bits_down });
            let step = $float::from_bits(step);
            let tail = estrin::<FUSED, _, $exponentials>(r, EXPONENTIAL);
            let power = (step * r).times_plus::<FUSED>(r.times_plus::<FUSED>(tail, $first), step);
            let power = power * if below { $down } else { $up };

            let power = if special { quotient } else { power };
            let power = if (x == 1.0) | (y == 1.0) { size } else { power };
            if odd { $float::from_bits(power.to_bits() ^ (x.to_bits() & $float::to_bits(-0.0))) } else { power }
        }
    };
}

power! {
    /// `x` to the power of `y`, with an error of at most 1.2 ULP as measured, 1.5 without FMA. Raises the flags of a division by
    /// zero for a zero to a negative power, of an overflow, and of an invalid operation for a negative number to a power that
    /// is not whole.
    pow_f64 f64, split_f64 round_f64;
    LOGARITHM: [8] = [
        0.6,
        0.4285714285714405,
        0.3333333333248383,
        0.272727275030892,
        0.23076892443777647,
        0.20002207040770967,
        0.1755935450923681,
        0.17584767935814777,
    ];
    EXPONENTIAL: 0.6666666666666666, [11] = [
        0.2222222222222222,
        0.049382716049383754,
        0.008230452674897169,
        0.001097393689962691,
        0.00012193263221957511,
        1.1612631836086032e-05,
        9.677193126696325e-07,
        7.168217527540255e-08,
        4.7788257174680395e-09,
        2.9090146857842434e-10,
        1.6151069759550585e-11,
    ];
    /// 3/2 log(2) in a part of 42 bits, whose product with k is exact, and the rest.
    UNIT: [1.0397207708397218, 1.961556830022416e-13], 0.9617966939259756;
    ROUND: ROUND_F64, 52;
    FAR: 36893488147419103232.0, 1122.0 -1079.0 1028.0;
    STEP: 3.402823669209385e38 2.938735877055719e-39, 0x47f0_0000_0000_0000 0x37f0_0000_0000_0000;
}

power! {
    /// `x` to the power of `y`, with an error of at most 1.2 ULP as measured, 1.4 without FMA; flags as in double precision.
    pow_f32 f32, split_f32 round_f32;
    LOGARITHM: [3] = [0.6000002, 0.42843354, 0.34572357];
    EXPONENTIAL: 0.6666667, [5] = [0.22222222, 0.049382124, 0.008230403, 0.0011026338, 0.00012236912];
    /// 3/2 log(2) in a part of 16 bits, whose product with k is exact, and the rest.
    UNIT: [1.0397339, -1.3115879e-05], 0.9617967;
    ROUND: ROUND_F32, 23;
    FAR: 1099511627776.0, 160.0 -154.0 132.0;
    STEP: 18446744073709551616.0 5.421011e-20, 0x5f80_0000 0x1f80_0000;
}
