//! Logarithms.
//!
//! `log(x) = k * log(2) + log(m)` with `x = 2^k * m` and `sqrt(1/2) <= m < sqrt(2)`. For `f64`, `log(m) = 2 * artanh(s)` with
//! `s = (m - 1) / (m + 1)`, as W. Cody and W. Waite have it (Software Manual for the Elementary Functions, 1980); for `f32` a polynomial
//! in `f = m - 1` takes less time than the division. Other bases multiply that. Coefficients: Chebyshev approximation of
//! `(2 * artanh(s) - 2 * s) / s³` in `s²`, relative error of the sum below 2^-58; least squares for `(log(1 + f) - f + f² / 2) / f³`,
//! relative error of the sum below 2^-27; `tests/math/coefficients.py` computes them.
//!
//! `WHOLE = false` is the text for what is usual: all others but NaN, that is zero, subnormal numbers, infinity, of `log1p` the largest
//! numbers, and what has no logarithm, raise the flag of an invalid operation, by which one sees that `WHOLE = true` has to compute them.
//! That one is right for all, and has the same bits where both are right. Where there is no logarithm, a division raises its flag: one
//! by zero at zero, `0 / 0` below.
//!
//! Errors: below 1.3 ULP for `log`, 1.8 for `log1p`, 2 for `log2` and `log10`, with or without FMA.

use super::polynomial::{Float, horner};

/// `(2 * artanh(s) - 2 * s) / s³` in `s²`.
const LOG_F64: [f64; 7] = [
    0.666666666666667,
    0.3999999999989889,
    0.28571428626253836,
    0.22222211089379496,
    0.1818289243253687,
    0.15331611722055008,
    0.14617807153417325,
];

/// `(log(1 + f) - f + f² / 2) / f³`.
const LOG_F32: [f32; 8] =
    [0.33333355, -0.25000852, 0.19999766, -0.16621315, 0.142281, -0.13203458, 0.12615187, -0.07353803];

/// The exponent in the bits of a number as a float: without the conversion of integers that not every CPU has for many at once.
#[inline(always)]
fn exponent_f64(bits: u64, more: f64) -> f64 {
    /// The integer whose bits have a small one last.
    const INTEGERS: f64 = (1_u64 << 52) as f64;
    f64::from_bits(bits >> 52 | INTEGERS.to_bits()) - (INTEGERS + more)
}

/// The same, but for a bias that was taken off.
#[inline(always)]
fn exponent_f32(bits: u32, more: f32) -> f32 {
    (bits as i32 >> 23) as f32 - more
}

/// Whether `x` is zero, negative, subnormal, from the limit on or NaN. A vector's comparison by size raises a flag for NaN; that of
/// integers does not, but the baseline has none of so long ones.
#[inline(always)]
pub(super) fn unusual_f64<const FUSED: bool>(x: f64, limit: f64) -> bool {
    const MORE: u64 = (1 << 63) - f64::MIN_POSITIVE.to_bits();
    let usual = if FUSED {
        (x.to_bits().wrapping_add(MORE) as i64) < limit.to_bits().wrapping_add(MORE) as i64
    } else {
        // (A difference: compilers make one test of both, of integers.)
        (x - f64::MIN_POSITIVE >= 0.0) & (x < limit)
    };
    !usual
}

/// Whether `x` is zero, negative, subnormal, from the limit on or NaN.
#[inline(always)]
pub(super) fn unusual_f32<const FUSED: bool>(x: f32, limit: f32) -> bool {
    const MORE: u32 = (1 << 31) - f32::MIN_POSITIVE.to_bits();
    x.to_bits().wrapping_add(MORE) as i32 >= limit.to_bits().wrapping_add(MORE) as i32
}

/// `f / (f + 2)`; where there is no logarithm, minus infinity or NaN, with a flag.
#[inline(always)]
fn ratio_f64<const WHOLE: bool>(x: f64, f: f64) -> f64 {
    let outside = WHOLE & (x <= 0.0);
    let numerator = if outside { if x == 0.0 { -1.0 } else { 0.0 } } else { f };
    numerator / if outside { 0.0 } else { f + 2.0 }
}

/// 1; at 0 infinity and below it NaN, with a flag; what infinity and NaN are themselves.
#[inline(always)]
fn ratio_f32<const WHOLE: bool>(x: f32, _: f32) -> f32 {
    let above = if x < 0.0 { 0.0 } else { x };
    let under = if x > 0.0 { x } else { 0.0 };
    let under = if under < f32::MAX { under } else { f32::MAX };
    (if x == 0.0 { 1.0 } else { above }) / under
}

/// `log(1 + f) - f + more`, where -0.0 is nothing to add.
///
/// From `2s = f - f² / 2 + s f² / 2`: `f` has no error, and that of `s` counts less.
#[inline(always)]
fn bend_f64<const FUSED: bool>(f: f64, s: f64, more: f64) -> f64 {
    let (z, half) = (s * s, 0.5 * f * f);
    let above = z.times_plus::<FUSED>(horner::<FUSED, _, _>(z, LOG_F64), half);
    s.times_plus::<FUSED>(above, more - half)
}

/// The same, without `s`.
#[inline(always)]
fn bend_f32<const FUSED: bool>(f: f32, _: f32, more: f32) -> f32 {
    let (z, series) = (f * f, horner::<FUSED, _, _>(f, LOG_F32));
    // Without FMA the half of the square, which has one rounding, is taken off by itself.
    if FUSED { z.mul_add(f.mul_add(series, -0.5), more) } else { (z * f * series + more) - 0.5 * z }
}

/// `log(1 + f)`.
#[inline(always)]
fn near_f64<const FUSED: bool>(f: f64, s: f64) -> f64 {
    f + bend_f64::<FUSED>(f, s, -0.0)
}

/// The same, with one rounding less.
#[inline(always)]
fn near_f32<const FUSED: bool>(f: f32, s: f32) -> f32 {
    bend_f32::<FUSED>(f, s, f)
}

/// The logarithm of `x`, which is `log` if `x` has a finite one; `ratio` is that of [`ratio_f64`].
#[inline(always)]
fn choose_f64(x: f64, log: f64, ratio: f64) -> f64 {
    let log = if x < f64::INFINITY { log } else { x };
    if x <= 0.0 { ratio } else { log }
}

/// The same by [`ratio_f32`]. (A product: told where the ratio is a number without one, compilers divide by zero everywhere.)
#[inline(always)]
fn choose_f32(_: f32, log: f32, ratio: f32) -> f32 {
    log * ratio
}

/// Declares the logarithms of a float.
macro_rules! logarithms {
    (
        $float:ident $bits:ident: $size:literal bits, bias $bias:literal, left $left:literal, sqrt $sqrt_half:literal;
        $exponent:ident $unusual:ident $reduce:ident $natural:ident $ratio:ident $choose:ident $bend:ident $near:ident;
        $log:ident $log2:ident $log10:ident $log1p:ident;
        log(2) $log_two:expr;
        1 / log(2) $slope2:expr;
        1 / log(10) $slope10:expr;
        log10(2) $log10_two:expr;
    ) => {
        /// `k` and `m - 1` of a number. `SUM`: it is `1 + x` as rounding left it; `m - 1` is of the sum before that.
        #[inline(always)]
        fn $reduce<const FUSED: bool, const WHOLE: bool, const SUM: bool>(
            number: $float,
            x: $float,
        ) -> ($float, $float) {
            const SQRT_HALF: $bits = $sqrt_half;
            const FRACTION: $bits = (1 << $size) - 1;
            /// From here on, 1 is less than half of the last digit; and there may be no `2^-k`.
            const LARGE: $float = (1u64 << ($size + 2)) as $float;
            let subnormal = WHOLE & !SUM & (number < $float::MIN_POSITIVE);
            // By 2^(bias - 1); a product would overflow where it is not needed.
            let scaled = $float::from_bits(number.to_bits() & FRACTION | ($bias << $size)) - 1.0;
            let bits = (if subnormal { scaled } else { number }).to_bits();
            let above = bits.wrapping_add($bits::wrapping_sub($left << $size, SQRT_HALF));
            let k = $exponent(above, if subnormal { ($left + $bias - 1) as $float } else { $left as $float });
            let f = $float::from_bits((above & FRACTION) + SQRT_HALF) - 1.0;
            // 2^-k * x + (2^-k - 1) has one rounding, and where k is 0 none.
            let inverse = $float::from_bits($bits::wrapping_sub(($left + $bias) << $size, above & !FRACTION));
            let of_sum = x.times_plus::<FUSED>(inverse, inverse - 1.0);
            let f = if SUM && (!WHOLE | (x < LARGE)) { of_sum } else { f };
            // What becomes of infinity has differences without an answer.
            let limit = if SUM { $float::MAX / 4.0 } else { $float::INFINITY };
            (k, if !WHOLE && $unusual::<FUSED>(number, limit) { number + $float::INFINITY } else { f })
        }

        /// The natural logarithm of a number, or of a sum, as [`reduced`]($reduce).
        #[inline(always)]
        fn $natural<const FUSED: bool, const WHOLE: bool>(number: $float, (k, f): ($float, $float)) -> $float {
            /// log(2) in a part whose product with k is exact, and the rest.
            const TWO: [$float; 2] = $log_two;
            let s = $ratio::<WHOLE>(number, f);
            let log = if FUSED {
                k.mul_add(std::$float::consts::LN_2, $near::<FUSED>(f, s))
            } else {
                k * TWO[0] + (f + $bend::<FUSED>(f, s, k * TWO[1]))
            };
            if WHOLE { $choose(number, log, s) } else { log }
        }

        /// The natural logarithm; at 0 minus infinity with the flag of a division by zero, below it NaN with that of an invalid operation.
        #[inline(always)]
        pub fn $log<const FUSED: bool, const WHOLE: bool>(x: $float) -> $float {
            $natural::<FUSED, WHOLE>(x, $reduce::<FUSED, WHOLE, false>(x, x))
        }

        /// The logarithm to base 2, without an error for powers of 2; at 0 and below as the natural one.
        #[inline(always)]
        pub fn $log2<const FUSED: bool, const WHOLE: bool>(x: $float) -> $float {
            /// 1 / log(2) and what rounding took from it.
            const SLOPE: [$float; 2] = $slope2;
            let (k, f) = $reduce::<FUSED, WHOLE, false>(x, x);
            let s = $ratio::<WHOLE>(x, f);
            let rest = $bend::<FUSED>(f, s, -0.0) * SLOPE[0];
            let small = f.times_plus::<FUSED>(SLOPE[1], rest);
            let log = k + f.times_plus::<FUSED>(SLOPE[0], small);
            if WHOLE { $choose(x, log, s) } else { log }
        }

        /// The logarithm to base 10; at 0 and below as the natural one.
        #[inline(always)]
        pub fn $log10<const FUSED: bool, const WHOLE: bool>(x: $float) -> $float {
            /// 1 / log(10) and what rounding took from it.
            const SLOPE: [$float; 2] = $slope10;
            /// log(2) / log(10) in a part whose product with k is exact, and the rest.
            const TWO: [$float; 2] = $log10_two;
            let (k, f) = $reduce::<FUSED, WHOLE, false>(x, x);
            let s = $ratio::<WHOLE>(x, f);
            let small = f.times_plus::<FUSED>(SLOPE[1], k * TWO[1]);
            let rest = $bend::<FUSED>(f, s, -0.0).times_plus::<FUSED>(SLOPE[0], small);
            let log = k.times_plus::<FUSED>(TWO[0], f.times_plus::<FUSED>(SLOPE[0], rest));
            if WHOLE { $choose(x, log, s) } else { log }
        }

        /// `log(1 + x)`, as exact near 0 as elsewhere; at -1 minus infinity with the flag of a division by zero, below it NaN with that
        /// of an invalid operation.
        #[inline(always)]
        pub fn $log1p<const FUSED: bool, const WHOLE: bool>(x: $float) -> $float {
            let sum = 1.0 + x;
            // (0 keeps its sign.)
            $natural::<FUSED, WHOLE>(sum, $reduce::<FUSED, WHOLE, true>(sum, x)).copysign(x)
        }
    };
}
logarithms! {
    f64 u64: 52 bits, bias 1023, left 1023, sqrt 0x3fe6_a09e_667f_3bcd;
    exponent_f64 unusual_f64 reduce_f64 natural_f64 ratio_f64 choose_f64 bend_f64 near_f64;
    log_f64 log2_f64 log10_f64 log1p_f64;
    log(2) [0.6931471806019545, -4.200915072890502e-11];
    1 / log(2) [std::f64::consts::LOG2_E, 2.0355273740931033e-17];
    1 / log(10) [std::f64::consts::LOG10_E, 1.098319650216765e-17];
    log10(2) [0.3010299956658855, -1.9043128467164274e-12];
}
logarithms! {
    f32 u32: 23 bits, bias 127, left 0, sqrt 0x3f35_04f3;
    exponent_f32 unusual_f32 reduce_f32 natural_f32 ratio_f32 choose_f32 bend_f32 near_f32;
    log_f32 log2_f32 log10_f32 log1p_f32;
    log(2) [0.6933594, -0.00021219444];
    1 / log(2) [std::f32::consts::LOG2_E, 1.925963e-8];
    1 / log(10) [std::f32::consts::LOG10_E, -1.010305e-8];
    log10(2) [0.3010254, 4.605039e-6];
}
