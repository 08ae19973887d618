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
    ($($type:ty: $is_nan:expr, $not_above:expr;)*) => {
        $(impl Extremes for $type {
            #[inline(always)]
            fn minimum(self, other: Self) -> Self {
                if $not_above(self, other) | $is_nan(self) { self } else { other }
            }
            #[inline(always)]
            fn maximum(self, other: Self) -> Self {
                if $not_above(other, self) | $is_nan(self) { self } else { other }
            }
            #[inline(always)]
            fn fmin(self, other: Self) -> Self {
                if $not_above(self, other) | $is_nan(other) { self } else { other }
            }
            #[inline(always)]
            fn fmax(self, other: Self) -> Self {
                if $not_above(other, self) | $is_nan(other) { self } else { other }
            }
        })*
    };
}

#[inline(always)]
fn not_above<V: PartialOrd>(a: V, b: V) -> bool {
    a <= b
}

#[inline(always)]
fn never<V>(_: V) -> bool {
    false
}

/// NumPy orders complex numbers by their real, then by their imaginary parts; one with a NaN has no place.
#[inline(always)]
fn complex_not_above<V: PartialOrd>(a: Complex<V>, b: Complex<V>) -> bool {
    let not_above = a.im <= b.im;
    (a.re < b.re) & (not_above | (a.im > b.im)) | (a.re == b.re) & not_above
}

extremes! {
    bool: never, not_above;
    i8: never, not_above;
    i16: never, not_above;
    i32: never, not_above;
    i64: never, not_above;
    u8: never, not_above;
    u16: never, not_above;
    u32: never, not_above;
    u64: never, not_above;
    f32: f32::is_nan, not_above;
    f64: f64::is_nan, not_above;
    Complex<f32>: Complex::is_nan, complex_not_above;
    Complex<f64>: Complex::is_nan, complex_not_above;
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
