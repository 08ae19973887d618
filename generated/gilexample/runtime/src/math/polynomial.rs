//! Polynomials, and `a * b + c` with one rounding or two.

use std::ops::{Add, Mul, Neg, Sub};

/// What the formulas need of a float.
pub trait Float: Copy + Add<Output = Self> + Sub<Output = Self> + Mul<Output = Self> + Neg<Output = Self> {
    /// 2^s + 1, where s is half the bits of a number, rounded up: products with it take a number apart.
    const SPLITTER: Self;

    /// `self * b + c`, rounded once if `FUSED`.
    fn times_plus<const FUSED: bool>(self, b: Self, c: Self) -> Self;
}

macro_rules! float {
    ($($float:ident $splitter:literal)*) => {
        $(impl Float for $float {
            const SPLITTER: Self = $splitter;

            #[inline(always)]
            fn times_plus<const FUSED: bool>(self, b: Self, c: Self) -> Self {
                if FUSED { self.mul_add(b, c) } else { self * b + c }
            }
        })*
    };
}
float!(f32 4097.0 f64 134217729.0);

/// The polynomial with these coefficients, that of the lowest power first, by Horner's rule.
#[inline(always)]
pub fn horner<const FUSED: bool, V: Float, const N: usize>(x: V, coefficients: [V; N]) -> V {
    let mut sum = coefficients[N - 1];
    let mut k = N - 1;
    while k > 0 {
        k -= 1;
        sum = sum.times_plus::<FUSED>(x, coefficients[k]);
    }
    sum
}

/// The same, those of even powers beside those of odd ones: half as deep, and with half the roundings one after another.
#[inline(always)]
pub fn halves<const FUSED: bool, V: Float, const N: usize, const M: usize>(
    x: V,
    square: V,
    even: [V; N],
    odd: [V; M],
) -> V {
    horner::<FUSED, V, M>(square, odd).times_plus::<FUSED>(x, horner::<FUSED, V, N>(square, even))
}

/// The same by Estrin's scheme, for at most 16 coefficients: pairs, pairs of pairs and so on. With a few multiplications more
/// it has a third of the steps that wait for one another, which pays in formulas so long that a CPU has only one or two of
/// them in view.
#[inline(always)]
pub fn estrin<const FUSED: bool, V: Float, const N: usize>(x: V, coefficients: [V; N]) -> V {
    const { assert!(N <= 16) };
    let square = x * x;
    let fourth = square * square;
    let one = |k: usize| {
        if k + 1 < N { coefficients[k + 1].times_plus::<FUSED>(x, coefficients[k]) } else { coefficients[k] }
    };
    let two = |k: usize| if k + 2 < N { one(k + 2).times_plus::<FUSED>(square, one(k)) } else { one(k) };
    let four = |k: usize| if k + 4 < N { two(k + 4).times_plus::<FUSED>(fourth, two(k)) } else { two(k) };
    if 8 < N { four(8).times_plus::<FUSED>(fourth * fourth, four(0)) } else { four(0) }
}
