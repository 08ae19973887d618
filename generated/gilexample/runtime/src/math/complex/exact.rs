//! Sums of more than two floats as if computed with more digits.

use crate::math::double;

/// The sum of `parts` as if computed with thrice the digits and rounded then (T. Ogita, S. Rump, S. Oishi, Accurate sum
/// and dot product, 2005).
pub fn sum<const N: usize>(mut parts: [f64; N]) -> f64 {
    for _ in 0..2 {
        for k in 1..N {
            (parts[k], parts[k - 1]) = double::sum(parts[k], parts[k - 1]);
        }
    }
    parts.iter().sum()
}
