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
    ($($type:ty: $is_nan:expr, $below:expr, $nan:expr;)*) => {
        $(impl Extremes for $type {
            // The comparison is what CPUs have an instruction for. A NaN of our own keeps the compiler from joining both choices to
            // one, which would put the test for NaN into the chain of a fold's states.
            #[inline(always)]
            fn minimum(self, other: Self) -> Self {
                let least = if $below(other, self) { other } else { self };
                if $is_nan(self, other) { $nan(other) } else { least }
            }
            #[inline(always)]
            fn maximum(self, other: Self) -> Self {
                let most = if $below(self, other) { other } else { self };
                if $is_nan(self, other) { $nan(other) } else { most }
            }
            #[inline(always)]
            fn fmin(self, other: Self) -> Self {
                let least = if $below(other, self) { other } else { self };
                if $is_nan(other, self) { other } else { least }
            }
            #[inline(always)]
            fn fmax(self, other: Self) -> Self {
                let most = if $below(self, other) { other } else { self };
                if $is_nan(other, self) { other } else { most }
            }
        })*
    };
}

#[inline(always)]
fn below<V: PartialOrd>(a: V, b: V) -> bool {
    a < b
}

#[inline(always)]
fn never<V>(_: V, _: V) -> bool {
    false
}

/// NumPy orders complex numbers by their real, then by their imaginary parts; one with a NaN has no place.
#[inline(always)]
fn complex_below<V: Copy + PartialOrd>(a: Complex<V>, b: Complex<V>) -> bool {
    (a.re < b.re) & !(differs(a.im) | differs(b.im)) | (a.re == b.re) & (a.im < b.im)
}

/// Whether `b` is a NaN.
#[inline(always)]
fn is_nan<V: Copy + PartialOrd>(_: V, b: V) -> bool {
    differs(b)
}

/// The same of complex numbers, of which the first NaN stays: one part of it may be a number.
#[inline(always)]
fn complex_is_nan<V: Copy + PartialOrd>(a: Complex<V>, b: Complex<V>) -> bool {
    (differs(b.re) | differs(b.im)) & !(differs(a.re) | differs(a.im))
}

/// Whether `v` differs from itself, as a NaN does.
#[inline(always)]
#[allow(clippy::eq_op)]
fn differs<V: Copy + PartialEq>(v: V) -> bool {
    v != v
}

/// The NaN that stands for all of them.
#[inline(always)]
fn a_nan<V: From<f32>>(_: V) -> V {
    f32::NAN.into()
}

#[inline(always)]
fn same<V>(v: V) -> V {
    v
}

extremes! {
    bool: never, below, same;
    i8: never, below, same;
    i16: never, below, same;
    i32: never, below, same;
    i64: never, below, same;
    u8: never, below, same;
    u16: never, below, same;
    u32: never, below, same;
    u64: never, below, same;
    f32: is_nan, below, a_nan;
    f64: is_nan, below, a_nan;
    Complex<f32>: complex_is_nan, complex_below, same;
    Complex<f64>: complex_is_nan, complex_below, same;
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
