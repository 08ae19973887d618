//! Quotients, products, size.

use num_complex::Complex;

use super::real;
use super::scaling::scale;

/// The quotient (R. Smith, Algorithm 116: Complex division, 1962). A zero divisor divides the parts, as in NumPy.
pub fn divide(a: Complex<f64>, b: Complex<f64>) -> Complex<f64> {
    let (width, height) = (b.re.abs(), b.im.abs());
    if width == 0.0 && height == 0.0 {
        // Its sign does not matter: `(1 + 1j) / -0.0` is `inf + inf j`.
        return Complex::new(a.re / width, a.im / width);
    }
    if width >= height {
        let ratio = b.im / b.re;
        let factor = 1.0 / (b.re + b.im * ratio);
        Complex::new((a.re + a.im * ratio) * factor, (a.im - a.re * ratio) * factor)
    } else {
        let ratio = b.re / b.im;
        let factor = 1.0 / (b.im + b.re * ratio);
        Complex::new((a.re * ratio + a.im) * factor, (a.im * ratio - a.re) * factor)
    }
}

/// The product as C99, G.5.1 has it: where the formula has only NaNs, an infinite part makes it infinite.
pub(super) fn c99_product(a: Complex<f64>, b: Complex<f64>) -> Complex<f64> {
    let product = a * b;
    if !(product.re.is_nan() && product.im.is_nan()) {
        return product;
    }
    let infinite = |z: Complex<f64>| z.re.is_infinite() || z.im.is_infinite();
    let overflows = infinite(b.scale(a.re)) || infinite(b.scale(a.im));
    if !(infinite(a) || infinite(b) || overflows) {
        return product;
    }
    // An infinite factor stands for its direction, and a NaN in the company of infinities for zero.
    let direction = |z: Complex<f64>| {
        let part = |part: f64| {
            let size = match infinite(z) {
                true => f64::from(part.is_infinite()),
                false if part.is_nan() => 0.0,
                false => part,
            };
            size.copysign(part)
        };
        Complex::new(part(z.re), part(z.im))
    };
    (direction(a) * direction(b)).scale(f64::INFINITY)
}

/// The distance from zero. Infinite if a part is, even if the other is NaN.
pub fn abs(z: Complex<f64>) -> f64 {
    real::hypot(z.re, z.im)
}

/// `z / |z|`; zero for zero. NaN if both parts are infinite; one that is infinite outweighs a NaN, as in NumPy 2.
pub fn sign(z: Complex<f64>) -> Complex<f64> {
    if z.re == 0.0 && z.im == 0.0 {
        return Complex::ZERO;
    }
    match (z.re.is_infinite(), z.im.is_infinite()) {
        (true, true) => Complex::new(f64::NAN, f64::NAN),
        (true, false) => Complex::new(1.0f64.copysign(z.re), 0.0),
        (false, true) => Complex::new(0.0, 1.0f64.copysign(z.im)),
        (false, false) => {
            // NaN spreads from one part to the other by the size.
            let z = z.scale(scale(z).factor);
            z.unscale(abs(z))
        }
    }
}
