//! Sums and products of two `f64` without an error: a rounded number, and what rounding took from it.
//!
//! Knuth's and Dekker's algorithms, as in J.-M. Muller et al., Handbook of Floating-Point Arithmetic (2018), chapter 4.

/// `a + b`, whichever is larger.
#[inline(always)]
pub fn sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let of_b = sum - a;
    (sum, (a - (sum - of_b)) + (b - of_b))
}

/// `a + b` for `|a| >= |b|`, or `a == 0`.
#[inline(always)]
pub fn ordered_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    (sum, b - (sum - a))
}

/// `a * b`, unless a part of it underflows; without FMA, for factors below 2^996.
#[inline(always)]
pub fn product<const FUSED: bool>(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    if FUSED {
        return (product, a.mul_add(b, -product));
    }
    let ((a, a_rest), (b, b_rest)) = (halves(a), halves(b));
    (product, ((a * b - product) + a * b_rest + a_rest * b) + a_rest * b_rest)
}

/// A number as the sum of two of 26 bits each.
#[inline(always)]
fn halves(a: f64) -> (f64, f64) {
    let wide = 134217729.0 * a;
    let high = wide - (wide - a);
    (high, a - high)
}
