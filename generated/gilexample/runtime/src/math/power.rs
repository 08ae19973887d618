//! Powers of two floats.
//!
//! `pow(x, y) = exp(y * log(x))`, where an error of the logarithm counts `y log(x)` times: up to 745 times for `f64`, so that it
//! is needed to 2^-65 of itself. With `|x| = 2^k * m` and `sqrt(1/2) <= m < sqrt(2)` as in `logarithm.rs`, and
//! `s = (m - 1) / (m + 1)`, it is
//!
//! `3/2 * log(|x|) = k * 3/2 * log(2) + s * (3 + s² + s⁴ * P(s²))`
//!
//! in two floats, one for what the other lost. The factor 3/2 is there because 3 and the 1 before `s²` are exact; the
//! exponential takes it off again, as `1 + r * E(r)` with `E(r) = (exp(2/3 * r) - 1) / r`. `f32` has bits enough in an `f64`
//! without any of this. Coefficients: Chebyshev approximations, relative errors below 2^-66 (P, of the logarithm), 2^-54
//! (E, of the power), and 2^-37 and 2^-28 for `f32`; `tests/math/coefficients.py` computes them.
//!
//! Bases without a logarithm divide otherwise: where `x` is zero or infinite, the quotient that is `s` elsewhere is the power.
//! Values and flags are those of C99, Annex F.

use super::double::{ordered_sum, product};
use super::polynomial::{Float, even_odd};
use super::rounding::round_f64;

/// Adding and subtracting it rounds a number of less than 2^51 to the nearest integer, which then stands in its last bits.
const ROUND: f64 = 6755399441055744.0;

/// The bits of an infinity, or of a NaN if more.
const INFINITY: u64 = 0x7ff0_0000_0000_0000;

/// The bits that an `f64` has for its sign.
const SIGN: u64 = 0x8000_0000_0000_0000;

/// From this magnitude on an exponent gives infinity or zero, whatever the base, as infinity does; and is even.
const FAR: f64 = 36893488147419103232.0;

/// What decides upon a power beside its magnitude.
struct Case {
    /// The exponent, NaN or at most `FAR`, and 0 where the base has no logarithm.
    y: f64,
    /// The base is zero, infinite or NaN, the exponent a number other than zero.
    special: bool,
    /// The base is a negative number, the exponent not whole.
    invalid: bool,
    /// The sign of the power, as bits.
    sign: u64,
}

impl Case {
    #[inline(always)]
    fn of<const FUSED: bool>(x: f64, y: f64) -> Self {
        let near = if y < -FAR { -FAR } else { y };
        let near = if near > FAR { FAR } else { near };
        // What an exponent has beside an even number is 0 or 1 if it is whole, and NaN if it is.
        let pairs = round_f64::<FUSED>(0.5 * near);
        let rest = pairs.times_plus::<FUSED>(-2.0, near).abs();
        let odd = rest == 1.0;
        let without = x.abs().to_bits().wrapping_sub(1) >= INFINITY - 1;
        let special = without & ((y < 0.0) | (y > 0.0));
        Self {
            y: if special { 0.0 } else { near },
            special,
            invalid: (x < 0.0) & (x > f64::NEG_INFINITY) & (rest > 0.0) & !odd,
            sign: if odd { x.to_bits() & SIGN } else { 0 },
        }
    }

    /// `numerator / denominator`, but the magnitude of the power where that is special: with the flag of a division by zero if
    /// it is one by the base.
    #[inline(always)]
    fn quotient(&self, x: f64, y: f64, numerator: f64, denominator: f64) -> f64 {
        let (below, size) = (y < 0.0, x.abs());
        let above = if below { 1.0 } else { size };
        let under = if below { size } else { 1.0 };
        (if self.special { above } else { numerator }) / (if self.special { under } else { denominator })
    }
}

/// A positive number other than zero as `m * 2^k`, with `sqrt(1/2) <= m < sqrt(2)`; `k` is too large by 1023.
#[inline(always)]
fn split(x: f64) -> (f64, f64) {
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    const FRACTION: u64 = 0x000f_ffff_ffff_ffff;
    let above = x.to_bits().wrapping_add(0x3ff0_0000_0000_0000 - SQRT_HALF);
    // The exponent as a float, by the bits of 2^52 + k: there is no vector instruction for it before AVX-512.
    let k = f64::from_bits((above >> 52) | 0x4330_0000_0000_0000) - 4503599627370496.0;
    (f64::from_bits((above & FRACTION) + SQRT_HALF), k)
}

/// `x` to the power of `y`, with an error of at most 1.4 ULP as measured. Raises the flags of a division by zero for a zero to a
/// negative power, of an overflow, and of an invalid operation for a negative number to a power that is not whole.
#[inline(always)]
pub fn pow_f64<const FUSED: bool>(x: f64, y: f64) -> f64 {
    const LOGARITHM: [f64; 8] = [
        0.6,
        0.4285714285714405,
        0.3333333333248383,
        0.272727275030892,
        0.23076892443777647,
        0.20002207040770967,
        0.1755935450923681,
        0.17584767935814777,
    ];
    const EXPONENTIAL: [f64; 11] = [
        0.6666666666666666,
        0.22222222222222246,
        0.04938271604938273,
        0.008230452674878616,
        0.001097393689985334,
        0.00012193263260392624,
        1.1612631659714761e-05,
        9.677160639878424e-07,
        7.168274527168254e-08,
        4.790837800593787e-09,
        2.9024203740203333e-10,
    ];
    /// 3/2 log(2) in a part of 42 bits, whose product with k is exact, and the rest; and its inverse.
    const UNIT: [f64; 2] = [1.0397207708397218, 1.961556830022416e-13];
    const INVERSE: f64 = 0.9617966939259756;
    let case = Case::of::<FUSED>(x, y);

    // The logarithm. Subnormals are scaled by 2^1022 first, by their fraction: a product would overflow where it is not needed.
    let size = x.abs();
    let subnormal = size < f64::MIN_POSITIVE;
    let scaled = f64::from_bits(x.to_bits() & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
    let (m, biased) = split(if subnormal { scaled } else { size });
    let k = biased - if subnormal { 2045.0 } else { 1023.0 };
    let half = 0.5 * m - 0.5;
    let s = case.quotient(x, y, half, half + 1.0);
    let power = s;
    let s = if s < 1.0 { s } else { 1.0 };
    // What the division took: 1 / (1 + half) is 1 - s.
    let left = if FUSED {
        (-s).mul_add(half, half - s)
    } else {
        let (high, low) = product::<false>(s, half);
        ((half - s) - high) - low
    };
    let s_low = left * (1.0 - s);
    let (z, z_low) = product::<FUSED>(s, s);
    let (sum, sum_low) = ordered_sum(3.0, z);
    let sum_low = (z * z).times_plus::<FUSED>(even_odd::<FUSED, _, 8>(z, LOGARITHM), sum_low + z_low);
    let (log, log_low) = product::<FUSED>(s, sum);
    // The derivative by s, 3 / (1 - s²), is near enough to this line.
    let slope = z.times_plus::<FUSED>(3.0906453283740394, 2.9996652244747426);
    let log_low = s_low.times_plus::<FUSED>(slope, s.times_plus::<FUSED>(sum_low, log_low));
    let (log, above_low) = ordered_sum(k * UNIT[0], log);
    let log_low = k.times_plus::<FUSED>(UNIT[1], above_low + log_low);

    // The exponential of the product with y; beyond these ends it is infinite or zero.
    let (h, h_low) = product::<FUSED>(case.y, log);
    let h_low = case.y.times_plus::<FUSED>(log_low, h_low);
    let near = if h < -1122.0 { -1122.0 } else { h };
    let near = if near > 1068.0 { 1068.0 } else { near };
    let h_low = if near == h { h_low } else { 0.0 };
    // Infinity less infinity raises the flag.
    let near = if case.invalid { f64::INFINITY } else { near };
    let rounded = (near + h_low).times_plus::<FUSED>(INVERSE, ROUND);
    let n = rounded - ROUND;
    let r = (-n).times_plus::<FUSED>(UNIT[1], (-n).times_plus::<FUSED>(UNIT[0], near) + h_low);
    let exp = r.times_plus::<FUSED>(even_odd::<FUSED, _, 11>(r, EXPONENTIAL), 1.0);
    // 2^n in two steps, of which only the last one can round or overflow.
    let below = near < 0.0;
    let step = f64::from_bits((rounded.to_bits() << 52).wrapping_add(if below { 1151 << 52 } else { 895 << 52 }));
    let last = if below { 2.938735877055719e-39 } else { 3.402823669209385e38 };
    let magnitude = if case.special { power } else { exp * step * last };
    let magnitude = if (x == 1.0) | (y == 1.0) { size } else { magnitude };
    f64::from_bits(magnitude.to_bits() ^ case.sign)
}

/// `x` to the power of `y`, with an error of at most 0.57 ULP as measured; flags as in `pow_f64`.
#[inline(always)]
pub fn pow_f32<const FUSED: bool>(x: f32, y: f32) -> f32 {
    const LOGARITHM: [f64; 5] =
        [2.885390081789987, 0.9617966734515485, 0.5770835660048659, 0.41167376623771057, 0.3407120415619086];
    const EXPONENTIAL: [f64; 6] = [
        0.6931471880352003,
        0.24022650760645808,
        0.05550357071152507,
        0.009618082519990467,
        0.0013390886332106697,
        0.0001545318282995974,
    ];
    let (x, y) = (f64::from(x), f64::from(y));
    let case = Case::of::<FUSED>(x, y);
    let (m, biased) = split(x.abs());
    let s = case.quotient(x, y, m - 1.0, m + 1.0);
    let power = s;
    let s = if s < 1.0 { s } else { 1.0 };
    let log = s.times_plus::<FUSED>(even_odd::<FUSED, _, 5>(s * s, LOGARITHM), biased - 1023.0);
    let h = case.y * log;
    let near = if h < -160.0 { -160.0 } else { h };
    let near = if near > 130.0 { 130.0 } else { near };
    let near = if case.invalid { f64::INFINITY } else { near };
    let rounded = near + (ROUND + 1023.0);
    let r = near - (rounded - (ROUND + 1023.0));
    let exp =
        r.times_plus::<FUSED>(even_odd::<FUSED, _, 6>(r, EXPONENTIAL), 1.0) * f64::from_bits(rounded.to_bits() << 52);
    let magnitude = if case.special { power } else { exp };
    let magnitude = if x == 1.0 { 1.0 } else { magnitude };
    f64::from_bits(magnitude.to_bits() ^ case.sign) as f32
}
