//! Logarithms.
//!
//! `log(x) = k * log(2) + log(m)` with `x = 2^k * m` and `sqrt(1/2) <= m < sqrt(2)`; `log(m) = 2 * artanh(s)` for
//! `s = (m - 1) / (m + 1)`, as W. Cody and W. Waite have it (Software Manual for the Elementary Functions, 1980). Other bases
//! multiply that. Coefficients: Chebyshev approximation of `(2 * artanh(s) - 2 * s) / s³` in `s²`,
//! relative error of the sum below 2^-58 and 2^-30; `tests/math/coefficients.py` computes them.
//!
//! Where there is no logarithm, the division that gives `s` raises the flag: `-1 / 0` at zero, `0 / 0` below.

use super::polynomial::{Float, horner};

/// A number as `2^k * m`.
struct Reduced<X> {
    k: X,
    /// `2^-k`, for numbers that are neither subnormal nor among the largest.
    inverse: X,
    /// `m - 1`.
    f: X,
    /// `f / (m + 1)`; where there is no logarithm, minus infinity or NaN.
    s: X,
}

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

/// `(2 * artanh(s) - 2 * s) / s³` in `s²`.
const LOG_F32: [f32; 4] = [0.6666667, 0.40000123, 0.2855078, 0.23331614];

/// Declares the logarithms of a float.
macro_rules! logarithms {
    (
        $float:ident $bits:ident: $size:literal bits, bias $bias:literal, sqrt $sqrt_half:literal;
        $reduce:ident $choose:ident $bend:ident $polynomial:ident;
        $log:ident $log2:ident $log10:ident $log1p:ident;
        log(2) $log_two:expr;
        1 / log(2) $slope2:expr;
        1 / log(10) $slope10:expr;
        log10(2) $log10_two:expr;
    ) => {
        /// Takes a number apart. `NORMAL`: it is not subnormal.
        #[inline(always)]
        fn $reduce<const NORMAL: bool>(x: $float) -> Reduced<$float> {
            const SQRT_HALF: $bits = $sqrt_half;
            const FRACTION: $bits = (1 << $size) - 1;
            /// The integer whose bits have a small one last.
            const INTEGERS: $float = (FRACTION + 1) as $float;
            const TWICE_BIAS: $bits = 2 * $bias;
            let subnormal = !NORMAL & (x < $float::MIN_POSITIVE);
            // By 2^(bias - 1); a product would overflow where it is not needed.
            let scaled = $float::from_bits(x.to_bits() & FRACTION | ($bias << $size)) - 1.0;
            let bits = (if subnormal { scaled } else { x }).to_bits();
            let above = bits.wrapping_add(($bias << $size) - SQRT_HALF);
            // As a float, without the conversion of integers that not every CPU has for many at once.
            let biased = $float::from_bits(above >> $size | INTEGERS.to_bits());
            let k = biased - if subnormal { INTEGERS + (TWICE_BIAS - 1) as $float } else { INTEGERS + $bias as $float };
            let inverse = $float::from_bits((TWICE_BIAS << $size).wrapping_sub(above & !FRACTION));
            let f = $float::from_bits((above & FRACTION) + SQRT_HALF) - 1.0;
            let outside = x <= 0.0;
            let numerator = if outside { if x == 0.0 { -1.0 } else { 0.0 } } else { f };
            Reduced { k, inverse, f, s: numerator / if outside { 0.0 } else { f + 2.0 } }
        }

        /// The logarithm of `x`, which is `log` if `x` has a finite one.
        #[inline(always)]
        fn $choose(x: $float, log: $float, s: $float) -> $float {
            let log = if x < $float::INFINITY { log } else { x };
            if x <= 0.0 { s } else { log }
        }

        /// `f - log(1 + f) - small`.
        ///
        /// From `2s = f - f² / 2 + s f² / 2`: `f` has no error, and that of `s` counts less.
        #[inline(always)]
        fn $bend<const FUSED: bool>(f: $float, s: $float, small: $float) -> $float {
            let (z, half) = (s * s, 0.5 * f * f);
            let above = z.times_plus::<FUSED>(horner::<FUSED, _, _>(z, $polynomial), half);
            half - s.times_plus::<FUSED>(above, small)
        }

        /// The natural logarithm; at 0 minus infinity with the flag of a division by zero, below it NaN with that of an invalid operation.
        #[inline(always)]
        pub fn $log<const FUSED: bool>(x: $float) -> $float {
            /// log(2) in a part whose product with k is exact, and the rest.
            const TWO: [$float; 2] = $log_two;
            let Reduced { k, f, s, .. } = $reduce::<false>(x);
            let rest = $bend::<FUSED>(f, s, k * TWO[1]);
            $choose(x, k.times_plus::<FUSED>(TWO[0], f - rest), s)
        }

        /// The logarithm to base 2, without an error for powers of 2; at 0 and below as the natural one.
        #[inline(always)]
        pub fn $log2<const FUSED: bool>(x: $float) -> $float {
            /// 1 / log(2) and what rounding took from it.
            const SLOPE: [$float; 2] = $slope2;
            let Reduced { k, f, s, .. } = $reduce::<false>(x);
            let rest = $bend::<FUSED>(f, s, 0.0) * SLOPE[0];
            let small = f.times_plus::<FUSED>(SLOPE[1], -rest);
            $choose(x, k + f.times_plus::<FUSED>(SLOPE[0], small), s)
        }

        /// The logarithm to base 10; at 0 and below as the natural one.
        #[inline(always)]
        pub fn $log10<const FUSED: bool>(x: $float) -> $float {
            /// 1 / log(10) and what rounding took from it.
            const SLOPE: [$float; 2] = $slope10;
            /// log(2) / log(10) in a part whose product with k is exact, and the rest.
            const TWO: [$float; 2] = $log10_two;
            let Reduced { k, f, s, .. } = $reduce::<false>(x);
            let small = f.times_plus::<FUSED>(SLOPE[1], k * TWO[1]);
            let rest = (-$bend::<FUSED>(f, s, 0.0)).times_plus::<FUSED>(SLOPE[0], small);
            $choose(x, k.times_plus::<FUSED>(TWO[0], f.times_plus::<FUSED>(SLOPE[0], rest)), s)
        }

        /// `log(1 + x)`, as exact near 0 as elsewhere; at -1 minus infinity with the flag of a division by zero, below it NaN with that
        /// of an invalid operation.
        ///
        /// What rounding takes from `1 + x` counts by `log(m + rest) = log(m) + rest / m`, with `1 - (m - 1)` for `1 / m`: `rest` is
        /// half of the last digit of `m` at most.
        #[inline(always)]
        pub fn $log1p<const FUSED: bool>(x: $float) -> $float {
            const TWO: [$float; 2] = $log_two;
            /// From here on, 1 is less than half of the last digit.
            const LARGE: $float = (1u64 << ($size + 2)) as $float;
            let sum = 1.0 + x;
            let rest = if x < 1.0 { x - (sum - 1.0) } else { 1.0 - (sum - if x > LARGE { LARGE } else { x }) };
            let Reduced { k, inverse, f, s } = $reduce::<true>(sum);
            let rest = if x < LARGE { rest * inverse } else { 0.0 };
            let small = k.times_plus::<FUSED>(TWO[1], (-rest).times_plus::<FUSED>(f, rest));
            let log = k.times_plus::<FUSED>(TWO[0], f - $bend::<FUSED>(f, s, small)).copysign(x);
            let log = if x < $float::INFINITY { log } else { x };
            if x <= -1.0 { s } else { log }
        }
    };
}
logarithms! {
    f64 u64: 52 bits, bias 1023, sqrt 0x3fe6_a09e_667f_3bcd;
    reduce_f64 choose_f64 bend_f64 LOG_F64;
    log_f64 log2_f64 log10_f64 log1p_f64;
    log(2) [0.6931471806019545, -4.200915072890502e-11];
    1 / log(2) [std::f64::consts::LOG2_E, 2.0355273740931033e-17];
    1 / log(10) [std::f64::consts::LOG10_E, 1.098319650216765e-17];
    log10(2) [0.3010299956658855, -1.9043128467164274e-12];
}
logarithms! {
    f32 u32: 23 bits, bias 127, sqrt 0x3f35_04f3;
    reduce_f32 choose_f32 bend_f32 LOG_F32;
    log_f32 log2_f32 log10_f32 log1p_f32;
    log(2) [0.6933594, -0.00021219444];
    1 / log(2) [std::f32::consts::LOG2_E, 1.925963e-8];
    1 / log(10) [std::f32::consts::LOG10_E, -1.010305e-8];
    log10(2) [0.3010254, 4.605039e-6];
}
