//! Scaling by powers, where a result is in range and what leads to it is not.

use num_complex::Complex;

use super::real;

/// Up to here `e^x` and `2^x` are far from both ends of the range.
const STEP: f64 = 704.0;

/// `v * power(x)` for a `power` of a base of at most e, whose value alone may be out of range.
pub fn times_power(v: Complex<f64>, x: f64, power: fn(f64) -> f64) -> Complex<f64> {
    let (mut v, mut x) = (v, x);
    if x.is_finite() {
        // From three steps on every number becomes infinite or zero. The differences are exact.
        x = x.clamp(-3.0 * STEP, 3.0 * STEP);
        while x.abs() > STEP {
            let step = STEP.copysign(x);
            v = v.scale(power(step));
            x -= step;
        }
    }
    v.scale(power(x))
}

/// `v * e^x / 2` for an `x` that is so large that `sinh(x)` and `cosh(x)` are that.
pub fn times_half_exp(v: Complex<f64>, x: f64) -> Complex<f64> {
    // Halving `v` would round if it is subnormal, and `e^x` may overflow.
    times_power(v.scale(0.5 * real::exp(STEP)), x - STEP, real::exp)
}

/// A power of two, and how squares and square roots turn out with it.
pub struct Scale {
    /// What to multiply by.
    pub factor: f64,
    /// By what to multiply the square root of the product.
    pub root: f64,
    /// What to add to the natural logarithm of the product.
    pub log: f64,
}

/// By what to multiply a complex number so that the sum of its squares neither overflows nor loses digits to
/// subnormals.
pub fn scale(z: Complex<f64>) -> Scale {
    const SHIFT: f64 = 200.0 * std::f64::consts::LN_2;
    // 2^200 and 2^100, and their reciprocals.
    const UP: (f64, f64) = (1.6069380442589903e60, 1.2676506002282294e30);
    const DOWN: (f64, f64) = (6.223015277861142e-61, 7.888609052210118e-31);
    let size = z.re.abs().max(z.im.abs());
    if size > 1e300 {
        Scale { factor: DOWN.0, root: UP.1, log: SHIFT }
    } else if size < 1e-270 {
        Scale { factor: UP.0, root: DOWN.1, log: -SHIFT }
    } else {
        Scale { factor: 1.0, root: 1.0, log: 0.0 }
    }
}
