//! Constants, division without panics, and what every number has.

use num_complex::Complex;

use super::analytic::{narrow, widen};
use crate::flags::{Flags, declare};
use crate::math::complex;

/// `a` where `c`, else `b`; both are evaluated, as `np.where` does.
#[inline(always)]
pub fn select<V>(c: bool, a: V, b: V) -> V {
    if c { a } else { b }
}

/// Constants of a floating dtype, read as `T::PI`. `NAN` is Rust's own.
pub trait FloatConstants {
    /// The ratio of a circle's circumference to its diameter.
    const PI: Self;
    /// Twice [`Self::PI`].
    const TAU: Self;
    /// Euler's number.
    const E: Self;
    /// Infinity.
    const INF: Self;
    /// The distance from 1 to the next larger number, `np.finfo(T).eps`.
    const EPS: Self;
}

/// The identities of maximum and minimum, read as `T::LOWEST` and `T::HIGHEST`.
pub trait Bounds {
    /// Less than or equal to every number.
    const LOWEST: Self;
    /// Greater than or equal to every number.
    const HIGHEST: Self;
}

/// Division by `B` that never panics: the value that NumPy gives, and its warning.
pub trait Divide<B = Self>: Copy {
    /// What it gives.
    type Quotient;
    /// `self / other`; for integers 0 where `other` is 0, and the wrapped quotient of `MIN / -1`.
    fn quotient(self, other: B) -> Self::Quotient;
}

/// What a division leaves, without a panic.
pub trait Modulo: Copy {
    /// `self % other`; for integers 0 where `other` is 0.
    fn modulo(self, other: Self) -> Self;
}

/// `a / b`, for any dtype, without a panic.
#[inline(always)]
pub fn quotient<A: Divide<B>, B>(a: A, b: B) -> A::Quotient {
    a.quotient(b)
}

/// `a % b`, for any dtype, without a panic; the sign is Rust's, that of `a`.
#[inline(always)]
pub fn modulo<A: Modulo>(a: A, b: A) -> A {
    a.modulo(b)
}

/// Arithmetic that every number has, with NumPy's values.
pub trait Number: Copy {
    /// What `abs` gives: the number's own type, or a complex number's parts'.
    type Magnitude;
    /// The distance from zero; the smallest integer is its own.
    fn abs(self) -> Self::Magnitude;
    /// -1, 0 or 1 as the number is negative, zero or positive; a NaN stays; `x / |x|` for complex numbers.
    fn sign(self) -> Self;
    /// Whether a part of it is a NaN.
    fn isnan(self) -> bool;
    /// Whether a part of it is infinite.
    fn isinf(self) -> bool;
    /// Whether all of it is finite.
    fn isfinite(self) -> bool;
}

macro_rules! integer {
    ($($type:ident)*: $abs:expr, $sign:expr) => {
        $(
            impl Bounds for $type {
                const LOWEST: Self = $type::MIN;
                const HIGHEST: Self = $type::MAX;
            }
            impl Divide for $type {
                type Quotient = $type;
                #[inline(always)]
                fn quotient(self, other: Self) -> Self {
                    if other == 0 {
                        return divided_by_zero();
                    }
                    self.checked_div(other).unwrap_or_else(|| too_large(self))
                }
            }
            impl Modulo for $type {
                #[inline(always)]
                fn modulo(self, other: Self) -> Self {
                    if other == 0 { divided_by_zero() } else { self.wrapping_rem(other) }
                }
            }
            impl Number for $type {
                type Magnitude = $type;
                #[inline(always)]
                fn abs(self) -> $type {
                    let abs: fn($type) -> $type = $abs;
                    abs(self)
                }
                #[inline(always)]
                fn sign(self) -> $type {
                    let sign: fn($type) -> $type = $sign;
                    sign(self)
                }
                #[inline(always)]
                fn isnan(self) -> bool {
                    false
                }
                #[inline(always)]
                fn isinf(self) -> bool {
                    false
                }
                #[inline(always)]
                fn isfinite(self) -> bool {
                    true
                }
            }
        )*
    };
}
integer!(u8 u16 u32 u64 usize: |x| x, |x| x.min(1));
integer!(i8 i16 i32 i64: |x| x.wrapping_abs(), |x| x.signum());

impl Bounds for bool {
    const LOWEST: Self = false;
    const HIGHEST: Self = true;
}

/// The value of an integer divided by zero: 0, and NumPy's warning.
#[cold]
fn divided_by_zero<V: Default>() -> V {
    declare(Flags::DIVIDE);
    V::default()
}

/// The wrapped value of a quotient that its type cannot hold, and NumPy's warning.
#[cold]
fn too_large<V>(wrapped: V) -> V {
    declare(Flags::OVERFLOW);
    wrapped
}

macro_rules! float {
    ($($type:ident)*) => {
        $(
            impl FloatConstants for $type {
                const PI: Self = std::$type::consts::PI;
                const TAU: Self = std::$type::consts::TAU;
                const E: Self = std::$type::consts::E;
                const INF: Self = $type::INFINITY;
                const EPS: Self = $type::EPSILON;
            }
            impl Bounds for $type {
                const LOWEST: Self = $type::NEG_INFINITY;
                const HIGHEST: Self = $type::INFINITY;
            }
            impl Divide for $type {
                type Quotient = $type;
                #[inline(always)]
                fn quotient(self, other: Self) -> Self {
                    self / other
                }
            }
            impl Modulo for $type {
                #[inline(always)]
                fn modulo(self, other: Self) -> Self {
                    self % other
                }
            }
            impl Number for $type {
                type Magnitude = $type;
                #[inline(always)]
                fn abs(self) -> $type {
                    self.abs()
                }
                #[inline(always)]
                fn sign(self) -> $type {
                    // NumPy's sign of both zeros is 0; a NaN stays.
                    let zero_or_nan = self + 0.0;
                    let positive = if self > 0.0 { 1.0 } else { zero_or_nan };
                    if self < 0.0 { -1.0 } else { positive }
                }
                #[inline(always)]
                fn isnan(self) -> bool {
                    self.is_nan()
                }
                #[inline(always)]
                fn isinf(self) -> bool {
                    self.is_infinite()
                }
                #[inline(always)]
                fn isfinite(self) -> bool {
                    self.is_finite()
                }
            }
        )*
    };
}
float!(f32 f64);

/// The numbers of one width: `$widen` and `$narrow` lead to double precision, in which they are computed, and back.
macro_rules! complex {
    ($($part:ident: $widen:expr, $narrow:expr;)*) => {
        $(
            impl Divide for Complex<$part> {
                type Quotient = Self;
                #[inline]
                fn quotient(self, other: Self) -> Self {
                    $narrow(complex::divide($widen(self), $widen(other)))
                }
            }
            impl Divide<$part> for Complex<$part> {
                type Quotient = Self;
                #[inline]
                fn quotient(self, other: $part) -> Self {
                    self.quotient(Complex::new(other, 0.0))
                }
            }
            impl Divide<Complex<$part>> for $part {
                type Quotient = Complex<$part>;
                #[inline]
                fn quotient(self, other: Complex<$part>) -> Complex<$part> {
                    Complex::new(self, 0.0).quotient(other)
                }
            }
            impl Number for Complex<$part> {
                type Magnitude = $part;
                #[inline(always)]
                fn abs(self) -> $part {
                    self.re.hypot(self.im)
                }
                #[inline]
                fn sign(self) -> Self {
                    $narrow(complex::sign($widen(self)))
                }
                #[inline(always)]
                fn isnan(self) -> bool {
                    self.is_nan()
                }
                #[inline(always)]
                fn isinf(self) -> bool {
                    self.re.is_infinite() | self.im.is_infinite()
                }
                #[inline(always)]
                fn isfinite(self) -> bool {
                    self.re.is_finite() & self.im.is_finite()
                }
            }
        )*
    };
}
complex! {
    f32: widen, narrow;
    f64: std::convert::identity, std::convert::identity;
}

/// The distance from zero.
#[inline(always)]
pub fn abs<V: Number>(x: V) -> V::Magnitude {
    x.abs()
}

/// -1, 0 or 1 as `x` is negative, zero or positive.
#[inline(always)]
pub fn sign<V: Number>(x: V) -> V {
    x.sign()
}

/// Whether a part of `x` is a NaN.
#[inline(always)]
pub fn isnan<V: Number>(x: V) -> bool {
    x.isnan()
}

/// Whether a part of `x` is infinite.
#[inline(always)]
pub fn isinf<V: Number>(x: V) -> bool {
    x.isinf()
}

/// Whether all of `x` is finite.
#[inline(always)]
pub fn isfinite<V: Number>(x: V) -> bool {
    x.isfinite()
}
