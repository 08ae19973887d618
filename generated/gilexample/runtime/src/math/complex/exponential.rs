//! Exponential functions.

use num_complex::Complex;

use super::real;
use super::scaling::times_power;
use crate::math::double::product;

/// `e^z = e^x (cos y + i sin y)`.
pub fn exp(z: Complex<f64>) -> Complex<f64> {
    power(z.re, z.im, 0.0, real::exp)
}

/// `2^z = 2^x (cos(y log 2) + i sin(y log 2))`.
///
/// `y log 2` has 106 bits, so the angle's error is below an epsilon up to `|y| = 2^54`, and grows with `|y|` from
/// there.
pub fn exp2(z: Complex<f64>) -> Complex<f64> {
    // log(2) - LN_2.
    const LN_2_LOW: f64 = 2.3190468138462996e-17;
    let angle = z.im * std::f64::consts::LN_2;
    let (_, error) = product::<false, _>(z.im, std::f64::consts::LN_2);
    // Beyond this the angle is anything anyway, and the halves of still larger factors would overflow.
    let rest = if z.im.abs() < 1e30 { error + z.im * LN_2_LOW } else { 0.0 };
    power(z.re, angle, rest, real::exp2)
}

/// `cos(angle) + i sin(angle)`.
fn cis(angle: f64) -> Complex<f64> {
    let (sin, cos) = real::sin_cos(angle);
    Complex::new(cos, sin)
}

/// `base^x (cos(angle + rest) + i sin(angle + rest))`.
fn power(x: f64, angle: f64, rest: f64, real: fn(f64) -> f64) -> Complex<f64> {
    if angle == 0.0 {
        return Complex::new(real(x), angle);
    }
    if !angle.is_finite() {
        if x == f64::NEG_INFINITY {
            return Complex::new(0.0, 0.0f64.copysign(angle));
        }
        // Raises the flag at an infinity.
        let nan = 0.0 * angle;
        return Complex::new(if x == f64::INFINITY { x } else { nan }, nan);
    }
    let direction = if rest == 0.0 { cis(angle) } else { cis(angle) * cis(rest) };
    times_power(direction, x, real)
}

/// `e^z - 1`, without cancellation near zero; at infinities those of [`exp`], as in the Python array API standard.
///
/// `e^x cos y - 1 = (e^x - 1) cos y - 2 sin²(y / 2)`.
pub fn expm1(z: Complex<f64>) -> Complex<f64> {
    // Further up `e^x` may overflow before it is multiplied, and 1 is nothing.
    if !(z.re < 700.0 && z.im.is_finite()) || z.re == f64::NEG_INFINITY {
        let power = exp(z);
        return Complex::new(power.re - 1.0, power.im);
    }
    let (sin, cos) = real::sin_cos(z.im);
    let half = real::sin(0.5 * z.im);
    Complex::new(real::expm1(z.re) * cos - 2.0 * half * half, real::exp(z.re) * sin)
}
