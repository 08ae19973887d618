//! Sums and products of two floats without an error: a rounded number, and what rounding took from it.
//!
//! Knuth's and Dekker's algorithms, as in J.-M. Muller et al., Handbook of Floating-Point Arithmetic (2018), chapter 4.

use super::polynomial::Float;

/// `a + b`, whichever is larger.
#[inline(always)]
pub fn sum<V: Float>(a: V, b: V) -> (V, V) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// `a + b` for `|a| >= |b|`, or `a == 0`.
#[inline(always)]
pub fn ordered_sum<V: Float>(a: V, b: V) -> (V, V) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a * b`, unless a part of it underflows; without FMA, for factors whose 2^28th multiple does not overflow.
#[inline(always)]
pub fn product<const FUSED: bool, V: Float>(a: V, b: V) -> (V, V) {
    let product = a * b;
    if FUSED {
        return (product, a.times_plus::<true>(b, -product));
    }
    let ((a, a_rest), (b, b_rest)) = (halves(a), halves(b));
    (product, ((a * b - product) + a * b_rest + a_rest * b) + a_rest * b_rest)
}

/// A number as the sum of two of half as many bits each.
#[inline(always)]
fn halves<V: Float>(a: V) -> (V, V) {
    let wide = V::SPLITTER * a;
    let high = wide - (wide - a);
    (high, a - high)
}
