//! Powers of two floats.
//!
//! `pow(x, y) = 2^(y * log2(x))`, where an error of the logarithm counts `y log2(x)` times: up to 1075 times for `f64` and 150 times
//! for `f32`, so that it is needed to 2^-64 or 2^-30 of itself. With `|x| = 2^k * m` and `sqrt(1/2) <= m < sqrt(2)` as in `logarithm.rs`,
//! and `s = (m - 1) / (m + 1)`, it is `k + c * (s + s³ / 3 + s⁵ / 5 + ...)` with `c = 2 / log(2)`, in two floats, one for what the other
//! lost. `s³` is a hundredth of `s` at most: for `f32` it is added to the second float as it is. For `f64` that would be 60 bits; there,
//! the series is `c / 3 * s * (3 + s² + s⁴ * P(s²))`, where 3 and the 1 before `s²` are exact. Coefficients: Chebyshev approximations
//! and least squares, relative errors of the logarithm below 2^-66 and 2^-36, of the power below 2^-54 and 2^-25;
//! `tests/math/coefficients.py` computes them.
//!
//! The formula is so long that a CPU has hardly two of them in view, and waits for results rather than for its units. So
//! nothing on the way from `s` to `r` waits for the small parts: the whole number `n` in `2^(y * log2(x)) = 2^n * 2^r` is that of a
//! logarithm without `s⁵`, and `r` may be a little beyond 1/2.
//!
//! `WHOLE = false` is the text for what is usual: a subnormal number, infinity or NaN to any power, zero to one that is not positive, and
//! a negative number to one that is not whole, or beyond 2^22 (`f64`: 2^51), raise the flag of an invalid operation, by which one sees
//! that `WHOLE = true` has to compute them. That one is right for all, and has the same bits where both are right. Bases without a
//! logarithm divide otherwise there: where `x` is zero or infinite, the power is `|x|` or its inverse, which is the quotient that is `s`
//! elsewhere. Values and flags are those of C99, Annex F, with that of a division by zero for a zero to the power of minus infinity too,
//! as NumPy has it.

use super::double::product;
use super::exponential::{BIASES_F32, BIASES_F64, between, scaled_f32, scaled_f64};
use super::logarithm::{unusual_f32, unusual_f64};
use super::polynomial::{Float, estrin};
use super::rounding::{ROUND_F32, ROUND_F64, round_f32, round_f64};

/// A positive number other than zero as `m` and `k`, where it is `m * 2^k` and `sqrt(1/2) <= m < sqrt(2)`. `NORMAL`: it is not subnormal.
#[inline(always)]
fn split_f64<const NORMAL: bool>(x: f64) -> (f64, f64) {
    /// The bits of sqrt(1/2).
    const SQRT_HALF: u64 = 0x3fe6_a09e_667f_3bcd;
    // By 2^1022, and their fraction: a product would overflow where it is not needed.
    let subnormal = !NORMAL & (x < f64::MIN_POSITIVE);
    let scaled = f64::from_bits(x.to_bits() & ((1 << 52) - 1) | 1.0f64.to_bits()) - 1.0;
    let above = (if subnormal { scaled } else { x }).to_bits().wrapping_add(1.0f64.to_bits() - SQRT_HALF);
    // The exponent as a float, by the bits of 2^52 + 1023 + k: there is no vector instruction for it before AVX-512.
    let biased = f64::from_bits((above >> 52) | 0x4330_0000_0000_0000);
    let k = biased - if subnormal { 4503599627372541.0 } else { 4503599627371519.0 };
    (f64::from_bits((above & 0x000f_ffff_ffff_ffff) + SQRT_HALF), k)
}

/// The same in single precision.
#[inline(always)]
fn split_f32<const NORMAL: bool>(x: f32) -> (f32, f32) {
    const SQRT_HALF: u32 = 0x3f35_04f3;
    let subnormal = !NORMAL & (x < f32::MIN_POSITIVE);
    let scaled = f32::from_bits(x.to_bits() & ((1 << 23) - 1) | 1.0f32.to_bits()) - 1.0;
    let above = (if subnormal { scaled } else { x }).to_bits().wrapping_sub(SQRT_HALF);
    let k = (above as i32 >> 23) as f32 - if subnormal { 126.0 } else { 0.0 };
    (f32::from_bits((above & 0x007f_ffff) + SQRT_HALF), k)
}

/// What the division took from `s = half / (1 + half)`, whose inverse of the divisor is 1 - s.
#[inline(always)]
fn taken<const FUSED: bool, V: Float>(half: V, s: V) -> V {
    let left = if FUSED {
        (-s).times_plus::<true>(half, half - s)
    } else {
        let (high, low) = product::<false, _>(s, half);
        ((half - s) - high) - low
    };
    (-left).times_plus::<FUSED>(s, left)
}

/// `k + a * b` and what rounding took from it, for a product of at most 1/2 and a whole number `k`.
#[inline(always)]
fn whole_plus_product<const FUSED: bool, V: Float>(k: V, a: V, b: V) -> (V, V) {
    if FUSED {
        let sum = a.times_plus::<true>(b, k);
        return (sum, a.times_plus::<true>(b, k - sum));
    }
    let (product, low) = product::<false, _>(a, b);
    let sum = k + product;
    (sum, (product + (k - sum)) + low)
}

/// A logarithm to base 2.
struct Logarithm<V> {
    /// Near enough to find the whole number next to a multiple of it.
    near: V,
    /// Less than that, but with `low` all of it.
    high: V,
    low: V,
}

/// Of the derivative of `2 / log(2) * artanh(s)`, a line in s².
const SLOPE: [f32; 2] = [2.885068, 2.9725814];

/// The logarithm of `2^k * m`, of `half = (m - 1) / 2` and `s = (m - 1) / (m + 1)`.
#[inline(always)]
fn log_f64<const FUSED: bool>(k: f64, half: f64, s: f64) -> Logarithm<f64> {
    /// 2/3 / log(2), and what rounding took from it.
    const THIRD: [f64; 2] = [0.9617966939259756, 5.0577616648125907e-17];
    const SERIES: [f64; 8] = [
        0.6,
        0.4285714285714405,
        0.3333333333248383,
        0.272727275030892,
        0.23076892443777647,
        0.20002207040770967,
        0.1755935450923681,
        0.17584767935814777,
    ];
    let z = s * s;
    let sum = 3.0 + z;
    let sum_low = if FUSED { s.mul_add(s, 3.0 - sum) } else { (z + (3.0 - sum)) + product::<false, _>(s, s).1 };
    let (factor, factor_low) = product::<FUSED, _>(s, THIRD[0]);
    let factor_low = s.times_plus::<FUSED>(THIRD[1], factor_low);
    let (high, low) = whole_plus_product::<FUSED, _>(k, factor, sum);
    let slope = z.times_plus::<FUSED>(f64::from(SLOPE[1]), f64::from(SLOPE[0]));
    // What takes longest is added last.
    let low = taken::<FUSED, _>(half, s).times_plus::<FUSED>(slope, factor_low.times_plus::<FUSED>(sum, low));
    let series = estrin::<FUSED, _, 8>(z, SERIES);
    let low = factor.times_plus::<FUSED>((z * z).times_plus::<FUSED>(series, sum_low), low);
    Logarithm { near: high, high, low }
}

/// The same in single precision.
#[inline(always)]
fn log_f32<const FUSED: bool>(k: f32, half: f32, s: f32) -> Logarithm<f32> {
    /// Something more than 2 / log(2), so that the rest of the series is half as large at most, and what is too much.
    const MORE: [f32; 2] = [2.9, -0.014610014];
    const SERIES: [f32; 4] = [0.9617967, 0.57707906, 0.4119066, 0.3369229];
    if !FUSED {
        // In f64, without the roundings that FMA spares.
        let half = half as f64;
        let s = half / (half + 1.0);
        let z = s * s;
        let series = estrin::<false, _, 4>(z, SERIES.map(f64::from));
        let log = k as f64 + s * (z * series + 2.0 * std::f64::consts::LOG2_E);
        let high = log as f32;
        return Logarithm { near: high, high, low: (log - high as f64) as f32 };
    }
    let z = s * s;
    let near = s.mul_add(z.mul_add(SERIES[0], 2.0 * std::f32::consts::LOG2_E), k);
    let (high, low) = whole_plus_product::<true, _>(k, s, MORE[0]);
    let series = z.mul_add(estrin::<true, _, 4>(z, SERIES), MORE[1]);
    let slope = z.mul_add(SLOPE[1], SLOPE[0]);
    let low = s.mul_add(series, taken::<true, _>(half, s).mul_add(slope, low));
    Logarithm { near, high, low }
}

/// Declares the function for a float. `POWER` is `(2^r - 1) / r`. `FAR`: from this magnitude on an exponent gives infinity or zero for all
/// bases but 1, as infinity does, and is even. `WHOLE`: up to this one adding `ROUND` finds out whether it is whole, and it is no whole
/// number itself. Below or above `ENDS` a power of two is zero or infinity.
macro_rules! power {
    (
        $(#[$doc:meta])*
        $name:ident $float:ident $bits:literal bits;
        $raise:ident $usual:ident $whole:ident $split:ident $log:ident $unusual:ident $round:ident $scaled:ident;
        POWER: [$count:literal] = $power:tt;
        FAR: $far:literal;
        WHOLE: $limit:literal;
        ROUND: $rounding:ident + $biases:ident;
        ENDS: $low:literal, $high:literal;
    ) => {
        $(#[$doc])*
        #[inline(always)]
        pub fn $name<const FUSED: bool, const WHOLE: bool>(x: $float, y: $float) -> $float {
            if WHOLE { $whole::<FUSED>(x, y) } else { $usual::<FUSED>(x, y) }
        }

        /// `(2^k * m)^y`, of `half = (m - 1) / 2` and `s = (m - 1) / (m + 1)`; `invalid` says that `y` is infinity, and there is no answer.
        #[inline(always)]
        fn $raise<const FUSED: bool>(k: $float, half: $float, s: $float, y: $float, invalid: bool) -> $float {
            const POWER: [$float; $count] = $power;
            const ROUND: $float = $rounding + $biases;
            let Logarithm { near, high, low } = $log::<FUSED>(k, half, s);
            let rounded = y.times_plus::<FUSED>(near, ROUND);
            let n = rounded - ROUND;
            // Infinity less the same is NaN with the flag.
            let rest = if FUSED {
                y.mul_add(high, -n)
            } else {
                let (high, low) = product::<false, _>(y, high);
                (high - n) + low
            };
            let r = y.times_plus::<FUSED>(low, rest);
            let r = if (n.abs() > -$low) & !invalid { 0.0 } else { r };
            let power = r.times_plus::<FUSED>(estrin::<FUSED, _, $count>(r, POWER), 1.0);
            $scaled(power, between(rounded, ROUND + $low, ROUND + $high))
        }

        #[inline(always)]
        fn $usual<const FUSED: bool>(x: $float, y: $float) -> $float {
            let size = x.abs();
            let distance = y.abs();
            let distance = if distance < $limit { distance } else { $limit };
            let rounded = distance + $rounding;
            // Below zero where the exponent is not whole and the base negative.
            let fraction = (distance - (rounded - $rounding)).copysign(x);
            let zero = (x == 0.0) & (y > 0.0);
            let invalid = ($unusual::<FUSED>(size, $float::INFINITY) & !zero) | (fraction < 0.0);
            let y_near = if invalid { $float::INFINITY } else { y };
            let (m, k) = $split::<true>(size);
            let half = m.times_plus::<FUSED>(0.5, -0.5);
            let s = half / m.times_plus::<FUSED>(0.5, 0.5);
            let power = $raise::<FUSED>(k, half, s, y_near, invalid);
            let power = if (x != 1.0) & (y != 1.0) & !zero { power } else { size };
            $float::from_bits(power.to_bits() ^ (rounded.to_bits() << ($bits - 1) & x.to_bits()))
        }

        #[inline(always)]
        fn $whole<const FUSED: bool>(x: $float, y: $float) -> $float {
            let size = x.abs();
            // An exponent has beside an even number 0 or 1 if it is whole, and NaN if it is.
            let y_near = between(y, -$far, $far);
            let rest = $round::<FUSED>(0.5 * y_near).times_plus::<FUSED>(-2.0, y_near).abs();
            let odd = rest == 1.0;
            let invalid = x.is_sign_negative() & (rest > 0.0) & !odd;
            let without = size.to_bits().wrapping_sub(1) >= $float::INFINITY.to_bits() - 1;
            let (inverse, itself) = (without & (y < 0.0), without & (y > 0.0));
            let y_near = if invalid { $float::INFINITY } else { y_near };
            let y_near = if inverse | itself { 0.0 } else { y_near };

            let (m, k) = $split::<false>(size);
            let half = m.times_plus::<FUSED>(0.5, -0.5);
            // The division raises the flag of one by zero.
            let above = if inverse { 1.0 } else { half };
            let under = if inverse { size } else { m.times_plus::<FUSED>(0.5, 0.5) };
            let quotient = above / under;
            // Infinity has no differences. (By its size: told that it is special, compilers divide twice.)
            let s = if quotient < 1.0 { quotient } else { 1.0 };
            let power = $raise::<FUSED>(k, half, s, y_near, invalid);
            let power = if inverse { quotient } else { power };
            let power = if (x != 1.0) & (y != 1.0) & !itself { power } else { size };
            if odd { $float::from_bits(power.to_bits() ^ (x.to_bits() & $float::to_bits(-0.0))) } else { power }
        }
    };
}

power! {
    /// `x` to the power of `y`, with an error of at most 1.6 ULP as measured, 2.1 without FMA. Raises the flags of a division by
    /// zero for a zero to a negative power, of an overflow, and of an invalid operation for a negative number to a power that
    /// is not whole.
    pow_f64 f64 64 bits;
    raise_f64 usual_f64 whole_f64 split_f64 log_f64 unusual_f64 round_f64 scaled_f64;
    POWER: [12] = [
        std::f64::consts::LN_2,
        0.24022650695910072,
        0.055504108664822735,
        0.009618129107628534,
        0.0013333558146143545,
        0.0001540353039324061,
        1.5252734060348097e-05,
        1.3215486916986365e-06,
        1.0177981813086661e-07,
        7.054860050109495e-09,
        4.465056239014349e-10,
        2.5775045871830833e-11,
    ];
    FAR: 36893488147419103232.0;
    WHOLE: 2251799813685248.5;
    ROUND: ROUND_F64 + BIASES_F64;
    ENDS: -1080.0, 1030.0;
}

power! {
    /// `x` to the power of `y`, with an error of at most 2 ULP as measured, 1.6 without FMA; flags as in double precision.
    pow_f32 f32 32 bits;
    raise_f32 usual_f32 whole_f32 split_f32 log_f32 unusual_f32 round_f32 scaled_f32;
    POWER: [6] =
        [std::f32::consts::LN_2, 0.2402265, 0.055503447, 0.009618072, 0.001339711, 0.00015458571];
    FAR: 1099511627776.0;
    WHOLE: 4194304.5;
    ROUND: ROUND_F32 + BIASES_F32;
    ENDS: -154.0, 132.0;
}
