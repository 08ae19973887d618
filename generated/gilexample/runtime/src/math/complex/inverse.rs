//! Inverse trigonometric functions.
//!
//! The formulas are those of W. Kahan (Branch cuts for complex elementary functions, or much ado about nothing's sign
//! bit, 1987), in which nothing cancels.

use std::f64::consts::{FRAC_PI_2, LN_2};

use num_complex::Complex;

use super::logarithm::log_abs;
use super::power::sqrt;
use super::real;

/// From here on `1 - z²` rounds to `-z²`: 2^28.
const LARGE: f64 = 268435456.0;

/// The inverse of [`sin`](super::sin), cut along the real axis beyond -1 and 1.
pub fn asin(z: Complex<f64>) -> Complex<f64> {
    let Cosine { real, height } = Cosine::new(z);
    Complex::new(real::atan2(z.re, real), height.copysign(z.im))
}

/// The inverse of [`cos`](super::cos), cut along the real axis beyond -1 and 1.
pub fn acos(z: Complex<f64>) -> Complex<f64> {
    let Cosine { real, height } = Cosine::new(z);
    Complex::new(real::atan2(real, z.re), height.copysign(-z.im))
}

/// What [`asin`] and [`acos`] have in common.
struct Cosine {
    /// The real part of `sqrt(1 - z²) = sqrt(1 - z) sqrt(1 + z)`, the cosine of the arcsine. Its ratio to `x` is the
    /// cotangent of the arcsine's real part.
    real: f64,
    /// The size of the imaginary part of both functions: asinh of that of `conj(sqrt(1 - z)) sqrt(1 + z)`.
    height: f64,
}

impl Cosine {
    fn new(z: Complex<f64>) -> Self {
        let (x, y) = (z.re.abs(), z.im.abs());
        if !(x < LARGE && y < LARGE) {
            // At `x = 0` the arcsine is known to be imaginary even if `y` is NaN.
            return Cosine { real: if x == 0.0 { 1.0 } else { y }, height: log_abs(z) + LN_2 };
        }
        // Roots in the first quadrant: that of 1 - z is mirrored.
        let plus = sqrt(Complex::new(1.0 + x, y));
        let minus = sqrt(Complex::new(1.0 - x, y));
        let (large, small) = if x < 1.0 { (minus.re, minus.im) } else { (minus.im, minus.re) };
        let same = plus.re * large + plus.im * small;
        // The small parts are `y / 2` through the large ones. They would lose digits if `y` is tiny.
        let mixed = if y == 0.0 { 0.0 } else { y * (0.5 * (plus.re / large + large / plus.re)) };
        let (real, sine) = if x < 1.0 { (same, mixed) } else { (mixed, same) };
        // asinh; the standard library's divides by zero at zero.
        Cosine { real, height: real::log1p(sine + sine * sine / (1.0 + real::hypot(1.0, sine))) }
    }
}

/// The inverse of [`tan`](super::tan), cut along the imaginary axis beyond -i and i; infinite at these, with the flag
/// of a division by zero.
///
/// `atan z = arg(1 - x² - y² + 2xi) / 2 + i log1p(4y / (x² + (1 - y)²)) / 4`.
pub fn atan(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re.abs(), z.im.abs());
    // Further out than this the squares might overflow.
    let far = x.max(y) > 1e30 && !x.is_nan() && !y.is_nan() || x.is_infinite();
    let real = if far {
        FRAC_PI_2
    } else {
        // Where the difference cancels, x counts.
        0.5 * real::atan2(2.0 * x, (1.0 - y) * (1.0 + y) - x * x)
    };
    Complex::new(real.copysign(z.re), atan_height(x, y).copysign(z.im))
}

/// The imaginary part of [`atan`] in the first quadrant.
fn atan_height(x: f64, y: f64) -> f64 {
    if x.is_infinite() || y.is_infinite() || y == 0.0 {
        return 0.0;
    }
    if x.max(y) > 1e30 {
        // That of -1 / z; a quarter of z has a size that does not overflow.
        let size = real::hypot(0.25 * x, 0.25 * y);
        return 0.0625 * (y / size) / size;
    }
    if y == 1.0 && x < 1.0 {
        // The square of a tiny x would be zero.
        return 0.5 * (real::log(real::hypot(x, 2.0)) - real::log(x));
    }
    0.25 * real::log1p(4.0 * y / (x * x + (1.0 - y) * (1.0 - y)))
}
