//! Sums and products of floats together with what their rounding loses.

/// `a + b` rounded, and the error (D. Knuth, The Art of Computer Programming, volume 2, 4.2.2).
pub fn two_sum(a: f64, b: f64) -> (f64, f64) {
    let sum = a + b;
    let from_b = sum - a;
    (sum, (a - (sum - from_b)) + (b - from_b))
}

/// `a * b` rounded, and the error (T. Dekker, A floating-point technique for extending the available precision, 1971).
///
/// Not for factors beyond 2^990: their halves overflow.
pub fn two_product(a: f64, b: f64) -> (f64, f64) {
    let product = a * b;
    let (a_high, a_low) = halves(a);
    let (b_high, b_low) = halves(b);
    (product, a_low * b_low - (((product - a_high * b_high) - a_low * b_high) - a_high * b_low))
}

/// `a` as a sum of two floats of 26 bits, products of which are exact.
fn halves(a: f64) -> (f64, f64) {
    let shifted = a * 134217729.0;
    let high = shifted - (shifted - a);
    (high, a - high)
}

/// The sum of `parts` as if computed with thrice the digits and rounded then (T. Ogita, S. Rump, S. Oishi, Accurate sum
/// and dot product, 2005).
pub fn sum<const N: usize>(mut parts: [f64; N]) -> f64 {
    for _ in 0..2 {
        for k in 1..N {
            (parts[k], parts[k - 1]) = two_sum(parts[k], parts[k - 1]);
        }
    }
    parts.iter().sum()
}
