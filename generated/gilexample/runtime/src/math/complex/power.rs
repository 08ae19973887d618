//! Square roots and powers.

use num_complex::Complex;

use super::arithmetic::{c99_product, divide};
use super::exponential::exp;
use super::logarithm::log;
use super::real;
use super::scaling::scale;

/// The square root with the real part that is not negative, cut along the negative real axis.
///
/// Its larger part is `sqrt((|x| + |z|) / 2)`, and the product of both is `y / 2`, so nothing cancels.
pub fn sqrt(z: Complex<f64>) -> Complex<f64> {
    let (x, y) = (z.re, z.im);
    if x == 0.0 && y == 0.0 {
        return Complex::new(0.0, y);
    }
    if y.is_infinite() {
        return Complex::new(f64::INFINITY, y);
    }
    if x.is_infinite() {
        // NaN stays; a finite `y` becomes a zero.
        let rest = if y.is_nan() { y } else { 0.0 };
        return if x > 0.0 { Complex::new(x, rest.copysign(y)) } else { Complex::new(rest, f64::INFINITY.copysign(y)) };
    }
    let by = scale(z);
    let (x, y) = (x * by.factor, y * by.factor);
    let large = (0.5 * (x.abs() + real::hypot(x, y))).sqrt();
    let small = y / (2.0 * large);
    let root = if x >= 0.0 { Complex::new(large, small) } else { Complex::new(small.abs(), large.copysign(y)) };
    root.scale(by.root)
}

/// `z^w` as NumPy has it: a product for integers `|w| < 100`, else `exp(w log z)`.
///
/// 1 for `w = 0`; for `z = 0` it is 0 if the real part of `w` is positive, otherwise NaN with the flag of an invalid
/// operation. The error grows with `|w log z|` as the angle's does.
pub fn pow(z: Complex<f64>, w: Complex<f64>) -> Complex<f64> {
    if w.re == 0.0 && w.im == 0.0 {
        return Complex::ONE;
    }
    if z.re == 0.0 && z.im == 0.0 {
        if w.re > 0.0 {
            return Complex::ZERO;
        }
        // 0 / 0 raises the flag.
        let nan = 0.0 / z.re;
        return Complex::new(nan, nan);
    }
    if w.im == 0.0 && w.re.abs() < 100.0 && w.re.trunc() == w.re {
        return integer_power(z, w.re as i32);
    }
    exp(c99_product(w, log(z)))
}

/// `z^n` by squaring, in NumPy's order of factors, so that signs of zeros and what infinities become are the same.
fn integer_power(z: Complex<f64>, n: i32) -> Complex<f64> {
    match n {
        1 => return z,
        2 => return z * z,
        3 => return z * (z * z),
        _ => {}
    }
    let (mut power, mut square, mut left) = (Complex::ONE, z, n.unsigned_abs());
    loop {
        if left % 2 == 1 {
            power *= square;
        }
        left /= 2;
        if left == 0 {
            break;
        }
        square = square * square;
    }
    if n < 0 { divide(Complex::ONE, power) } else { power }
}
