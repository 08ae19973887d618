//! Polynomials, and `a * b + c` with one rounding or two.

/// What the formulas need of a float.
pub trait Float: Copy + std::ops::Mul<Output = Self> {
    /// `self * b + c`, rounded once if `FUSED`.
    fn times_plus<const FUSED: bool>(self, b: Self, c: Self) -> Self;
}

macro_rules! float {
    ($($float:ident)*) => {
        $(impl Float for $float {
            #[inline(always)]
            fn times_plus<const FUSED: bool>(self, b: Self, c: Self) -> Self {
                if FUSED { self.mul_add(b, c) } else { self * b + c }
            }
        })*
    };
}
float!(f32 f64);

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

/// The same as two polynomials in `x²`, of the even powers and of the odd ones, which need not wait for each other. It pays in
/// long formulas, of which a CPU has not enough at a time in view to fill the waits.
#[inline(always)]
pub fn even_odd<const FUSED: bool, V: Float, const N: usize>(x: V, coefficients: [V; N]) -> V {
    let square = x * x;
    let (mut first, mut second) = (coefficients[N - 1], coefficients[N - 2]);
    let mut k = N - 2;
    while k > 1 {
        k -= 2;
        first = first.times_plus::<FUSED>(square, coefficients[k + 1]);
        second = second.times_plus::<FUSED>(square, coefficients[k]);
    }
    let sum = first.times_plus::<FUSED>(x, second);
    if k == 1 { sum.times_plus::<FUSED>(x, coefficients[0]) } else { sum }
}
