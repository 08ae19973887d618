//! The cube root, and the length of a vector in the plane.
//!
//! `cbrt` finds `y = 1 / cbrt(x)` without a division: the bits of a float are nearly its logarithm, so that a third of them,
//! taken from a constant that makes the error least, are those of `y` to 4 %. A step by `e = 1 - x * y³` and the start of the series of `1 / cbrt(1 - e)`
//! triples its bits or doubles them. The last step is Newton's for `cbrt(x) = x * y²`, with an exact remainder. Coefficients:
//! Chebyshev approximation of that series for the errors that the bits have, below 2^-17 of `y`; `tests/math/coefficients.py`
//! computes them.
//!
//! Errors measured: 0.74 ULP, with FMA or without. No flags: there are no poles.
//!
//! `hypot` scales its arguments by the power of two below the larger one. Errors measured: 0.99 ULP with FMA,
//! 1.17 without.

use super::double::product;
use super::polynomial::{Float, horner};

/// The cube root; exact where it is a whole number.
#[inline(always)]
pub fn cbrt_f64<const FUSED: bool>(x: f64) -> f64 {
    const SERIES: [f64; 3] = [0.3333333333333333, 0.22335961250047834, 0.17382550748272718];
    const THIRD: u64 = 0x5555_5556;
    const START: u64 = 0x553e_e961_0000_0000;
    const UP: f64 = 1329227995784915872903807060280344576.0;
    const ROOT: f64 = 1099511627776.0;
    let size = x.abs();
    // Subnormals have no such bits, and large numbers no cube that is a little larger. Infinity and NaN are left to the end.
    let (finite, small) = (size < f64::INFINITY, size < 1e-100);
    let (scale, inverse) = if small { (UP, 1.0 / ROOT) } else { (1.0 / UP, ROOT) };
    let a = if finite { size } else { 1.0 } * scale;
    let y = f64::from_bits(START.wrapping_sub((a.to_bits() >> 32) * THIRD));
    let error = |y: f64| (-(a * y)).times_plus::<FUSED>(y * y, 1.0);
    let e = error(y);
    let y = (y * e).times_plus::<FUSED>(horner::<FUSED, _, 3>(e, SERIES), y);
    let y = (y * (1.0 / 3.0)).times_plus::<FUSED>(error(y), y);
    let square = y * y;
    let root = a * square;
    let remainder = if FUSED {
        (-root).mul_add(root * root, a)
    } else {
        let (high, low) = product::<false, _>(root, root * root);
        (a - high) - low
    };
    let root = (square * (1.0 / 3.0)).times_plus::<FUSED>(remainder, root);
    let root = root * inverse;
    (if finite { root } else { size }).copysign(x)
}

/// The cube root; exact where it is a whole number.
#[inline(always)]
pub fn cbrt_f32<const FUSED: bool>(x: f32) -> f32 {
    const SERIES: [f32; 3] = [0.33333334, 0.22335961, 0.1738255];
    const START: f32 = 13935094.0;
    const UP: f32 = 1073741824.0;
    const ROOT: f32 = 1024.0;
    let size = x.abs();
    let (finite, small) = (size < f32::INFINITY, size < 1e-10);
    let (scale, inverse) = if small { (UP, 1.0 / ROOT) } else { (1.0 / UP, ROOT) };
    let a = if finite { size } else { 1.0 } * scale;
    // The sum is that of the bits, without the last 8, and 2^23, beyond which a float has no fraction.
    let y = (a.to_bits() as i32 as f32).times_plus::<FUSED>(-1.0 / 768.0, START);
    let y = f32::from_bits(y.to_bits() << 8);
    let e = (-(a * y)).times_plus::<FUSED>(y * y, 1.0);
    let y = (y * e).times_plus::<FUSED>(horner::<FUSED, _, 3>(e, SERIES), y);
    let square = y * y;
    let root = a * square;
    let remainder = if FUSED {
        (-root).mul_add(root * root, a)
    } else {
        let wide = f64::from(root);
        (f64::from(a) - wide * wide * wide) as f32
    };
    let root = (square * (1.0 / 3.0)).times_plus::<FUSED>(remainder, root);
    let root = root * inverse;
    (if finite { root } else { size }).copysign(x)
}

/// Declares the function for a float: the bits of its exponent, and the ends between which a power of two has an inverse.
macro_rules! hypot {
    ($name:ident $float:ident, $exponent:literal $low:literal $high:literal $one:literal) => {
        /// `sqrt(x² + y²)`, infinite where either is; overflows only where the result does, with the flag.
        #[inline(always)]
        pub fn $name<const FUSED: bool>(x: $float, y: $float) -> $float {
            let (x, y) = (x.abs(), y.abs());
            let first = x > y;
            let (long, short) = (if first { x } else { y }, if first { y } else { x });
            let scale = $float::from_bits(long.to_bits() & $exponent);
            let scale = if scale < $low { $low } else { scale };
            let scale = if scale > $high { $high } else { scale };
            let inverse = $float::from_bits($one - scale.to_bits());
            let (long, short) = (long * inverse, short * inverse);
            let length = long.times_plus::<FUSED>(long, short * short).sqrt() * scale;
            if (x == $float::INFINITY) | (y == $float::INFINITY) { $float::INFINITY } else { length }
        }
    };
}
hypot!(hypot_f64 f64, 0x7ff0_0000_0000_0000 2.2250738585072014e-308 4.49423283715579e307 0x7fe0_0000_0000_0000);
hypot!(hypot_f32 f32, 0x7f80_0000 1.1754944e-38 8.507059e37 0x7f00_0000);
