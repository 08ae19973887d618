//! Logarithms.

use num_complex::Complex;

use super::exact::sum;
use super::real;
use super::scaling::scale;
use crate::math::double::product;

/// `log z = log |z| + i arg z`, cut along the negative real axis; minus infinity at zero, with the flag of a division
/// by it.
pub fn log(z: Complex<f64>) -> Complex<f64> {
    Complex::new(log_abs(z), real::atan2(z.im, z.re))
}

/// `log z / log 2`.
pub fn log2(z: Complex<f64>) -> Complex<f64> {
    log(z).scale(std::f64::consts::LOG2_E)
}

/// `log z / log 10`.
pub fn log10(z: Complex<f64>) -> Complex<f64> {
    log(z).scale(std::f64::consts::LOG10_E)
}

/// `log(1 + z)`, without cancellation near zero and where `|1 + z|` is near 1: there
/// `log |1 + z| = log1p(2x + x² + y²) / 2`.
pub fn log1p(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    let next = Complex::new(1.0 + x, y);
    let real = if near_one(next) {
        let ((xx, xx_error), (yy, yy_error)) = (product::<false, _>(x, x), product::<false, _>(y, y));
        0.5 * real::log1p(sum([xx_error, yy_error, xx, yy, 2.0 * x]))
    } else {
        log_abs(next)
    };
    Complex::new(real, real::atan2(y, next.re))
}

/// `log |z|`; near `|z| = 1` it is `log1p(x² + y² - 1) / 2` with an exact sum, as W. Kahan proposes (Branch cuts for
/// complex elementary functions, 1987).
pub(super) fn log_abs(z: Complex<f64>) -> f64 {
    if near_one(z) {
        let ((xx, xx_error), (yy, yy_error)) = (product::<false, _>(z.re, z.re), product::<false, _>(z.im, z.im));
        return 0.5 * real::log1p(sum([xx_error, yy_error, xx, yy, -1.0]));
    }
    let by = scale(z);
    real::log(real::hypot(z.re * by.factor, z.im * by.factor)) + by.log
}

/// Whether `log |z|` is so small that a rounding of `|z|` would show.
fn near_one(z: Complex<f64>) -> bool {
    let size = z.re.abs().max(z.im.abs());
    // Without the square root that |z| would need.
    size < 2.0 && (0.25..4.0).contains(&(z.re * z.re + z.im * z.im))
}
