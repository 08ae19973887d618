//! Hyperbolic and trigonometric functions.

use num_complex::Complex;

use super::real;
use super::scaling::{times_half_exp, times_power};

/// From here on `sinh(x)` and `cosh(x)` are computed as `e^x / 2`, which does not overflow before the product with a
/// sine does.
const LARGE: f64 = 700.0;

/// `sinh z = sinh x cos y + i cosh x sin y`.
pub fn sinh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if y == 0.0 {
        return Complex::new(real::sinh(x), y);
    }
    if !y.is_finite() {
        // Raises the flag at an infinity.
        let nan = 0.0 * y;
        return Complex::new(if x == 0.0 || x.is_infinite() { x } else { nan }, nan);
    }
    let (sin, cos) = real::sin_cos(y);
    if x.abs() > LARGE {
        return times_half_exp(Complex::new(cos * x.signum(), sin), x.abs());
    }
    Complex::new(real::sinh(x) * cos, real::cosh(x) * sin)
}

/// `cosh z = cosh x cos y + i sinh x sin y`.
pub fn cosh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if y == 0.0 {
        return Complex::new(real::cosh(x), y * 1.0f64.copysign(x));
    }
    if !y.is_finite() {
        let nan = 0.0 * y;
        return Complex::new(if x.is_infinite() { x.abs() } else { nan }, if x == 0.0 { 0.0 } else { nan });
    }
    let (sin, cos) = real::sin_cos(y);
    if x.abs() > LARGE {
        return times_half_exp(Complex::new(cos, sin * x.signum()), x.abs());
    }
    Complex::new(real::cosh(x) * cos, real::sinh(x) * sin)
}

/// `tanh z = (sinh x cosh x + i sin y cos y) / (sinh² x + cos² y)`.
pub fn tanh(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if y == 0.0 {
        return Complex::new(real::tanh(x), y);
    }
    if !y.is_finite() {
        if x.is_infinite() {
            return Complex::new(x.signum(), 0.0f64.copysign(y));
        }
        // Raises the flag at an infinity. At x = 0 the real part is a zero since the correction of C11 (DR 471).
        let nan = 0.0 * y;
        return Complex::new(if x == 0.0 { x } else { nan }, nan);
    }
    let (sin, cos) = real::sin_cos(y);
    // From here on the real part rounds to 1, and the divisor to `e^2x / 4`.
    if x.abs() > 20.0 {
        // It is zero long before the bound, above which doubling may overflow.
        let decay = -2.0 * x.abs().min(1000.0);
        return Complex::new(x.signum(), times_power(Complex::new(4.0 * sin * cos, 0.0), decay, real::exp).re);
    }
    let (sinh, cosh) = (real::sinh(x), real::cosh(x));
    let divisor = sinh * sinh + cos * cos;
    Complex::new(sinh * cosh / divisor, sin * cos / divisor)
}

/// `sin z = -i sinh(iz)`.
pub fn sin(z: Complex<f64>) -> Complex<f64> {
    by_hyperbolic(sinh, z)
}

/// `cos z = cosh(iz)`.
pub fn cos(z: Complex<f64>) -> Complex<f64> {
    cosh(Complex::new(-z.im, z.re))
}

/// `tan z = -i tanh(iz)`.
pub fn tan(z: Complex<f64>) -> Complex<f64> {
    by_hyperbolic(tanh, z)
}

/// `-i f(iz)`.
fn by_hyperbolic(f: fn(Complex<f64>) -> Complex<f64>, z: Complex<f64>) -> Complex<f64> {
    let turned = f(Complex::new(-z.im, z.re));
    Complex::new(turned.im, -turned.re)
}
