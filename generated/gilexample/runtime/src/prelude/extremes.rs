//! Minima and maxima, with NaN as NumPy has it.

use num_complex::Complex;

/// Order with NaN: what minima and maxima need.
pub trait Extremes: Copy {
    /// The smaller; a NaN wins.
    fn minimum(self, other: Self) -> Self;
    /// The larger; a NaN wins.
    fn maximum(self, other: Self) -> Self;
    /// The smaller; a NaN loses.
    fn fmin(self, other: Self) -> Self;
    /// The larger; a NaN loses.
    fn fmax(self, other: Self) -> Self;
}

macro_rules! extremes {
    ($($type:ty: $is_nan:expr, $less:expr;)*) => {
        $(impl Extremes for $type {
            #[inline(always)]
            fn minimum(self, other: Self) -> Self {
                if $is_nan(self) | !$less(other, self) & !$is_nan(other) { self } else { other }
            }
            #[inline(always)]
            fn maximum(self, other: Self) -> Self {
                if $is_nan(self) | !$less(self, other) & !$is_nan(other) { self } else { other }
            }
            #[inline(always)]
            fn fmin(self, other: Self) -> Self {
                if $is_nan(other) | !$less(other, self) & !$is_nan(self) { self } else { other }
            }
            #[inline(always)]
            fn fmax(self, other: Self) -> Self {
                if $is_nan(other) | !$less(self, other) & !$is_nan(self) { self } else { other }
            }
        })*
    };
}

#[inline(always)]
fn less<V: PartialOrd>(a: V, b: V) -> bool {
    a < b
}

#[inline(always)]
fn never<V>(_: V) -> bool {
    false
}

/// NumPy orders complex numbers by their real, then by their imaginary parts.
#[inline(always)]
fn complex_less<V: PartialOrd>(a: Complex<V>, b: Complex<V>) -> bool {
    a.re < b.re || a.re == b.re && a.im < b.im
}

extremes! {
    bool: never, less;
    i8: never, less;
    i16: never, less;
    i32: never, less;
    i64: never, less;
    u8: never, less;
    u16: never, less;
    u32: never, less;
    u64: never, less;
    f32: f32::is_nan, less;
    f64: f64::is_nan, less;
    Complex<f32>: Complex::is_nan, complex_less;
    Complex<f64>: Complex::is_nan, complex_less;
}

/// The smaller of two; a NaN wins.
#[inline(always)]
pub fn minimum<V: Extremes>(a: V, b: V) -> V {
    a.minimum(b)
}

/// The larger of two; a NaN wins.
#[inline(always)]
pub fn maximum<V: Extremes>(a: V, b: V) -> V {
    a.maximum(b)
}

/// The smaller of two; a NaN loses.
#[inline(always)]
pub fn fmin<V: Extremes>(a: V, b: V) -> V {
    a.fmin(b)
}

/// The larger of two; a NaN loses.
#[inline(always)]
pub fn fmax<V: Extremes>(a: V, b: V) -> V {
    a.fmax(b)
}

/// `low` where `x` is smaller, `high` where it is larger; a NaN stays.
#[inline(always)]
pub fn clamp<V: Extremes>(x: V, low: V, high: V) -> V {
    x.maximum(low).minimum(high)
}
