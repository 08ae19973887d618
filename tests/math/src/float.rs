//! What is needed of `f32` and `f64` alike: bits, neighbours, units in the last place.

use std::fmt::Debug;

use crate::function::{Function, Of};

/// `f32` or `f64`. Bits stand in the low end of a `u64`.
pub trait Float: Copy + PartialOrd + Debug + Send + Sync + 'static {
    /// The type's name.
    const NAME: &'static str;
    /// Bits in all, and those of the fraction.
    const BITS: u32;
    /// Bits of the fraction.
    const FRACTION: u32;
    /// The bits of infinity.
    const INFINITE: u64;

    fn bits(self) -> u64;
    fn of_bits(bits: u64) -> Self;
    fn wide(self) -> f64;
    /// The nearest number of this type.
    fn narrow(x: f64) -> Self;
    /// A function's face for this type.
    fn of(function: &Function) -> &Of<Self>;

    /// The bit of the sign.
    const SIGN: u64 = 1 << (Self::BITS - 1);
    /// The exponent of the smallest normal number.
    const LEAST: i32 = 2 - (1 << (Self::BITS - Self::FRACTION - 2));

    fn is_nan(self) -> bool {
        self.bits() & !Self::SIGN > Self::INFINITE
    }

    fn is_finite(self) -> bool {
        self.bits() & !Self::SIGN < Self::INFINITE
    }

    fn is_infinite(self) -> bool {
        self.bits() & !Self::SIGN == Self::INFINITE
    }

    fn negative(self) -> bool {
        self.bits() & Self::SIGN != 0
    }

    fn minus(self) -> Self {
        Self::of_bits(self.bits() ^ Self::SIGN)
    }

    /// The same number, and any NaN.
    fn same(self, other: Self) -> bool {
        self.bits() == other.bits() || self.is_nan() && other.is_nan()
    }

    /// The number's place among all numbers: neighbours have neighbouring ones, both zeros have 0.
    fn place(self) -> i64 {
        let size = (self.bits() & !Self::SIGN) as i64;
        if self.negative() { -size } else { size }
    }

    /// The number at a place, at most an infinity.
    fn at(place: i64) -> Self {
        let size = place.unsigned_abs().min(Self::INFINITE);
        Self::of_bits(if place < 0 { size | Self::SIGN } else { size })
    }

    /// The unit in the last place of a finite number.
    fn ulp(self) -> f64 {
        let biased = ((self.bits() & !Self::SIGN) >> Self::FRACTION) as i32;
        let lowest = biased.max(1) - 1 + Self::LEAST - Self::FRACTION as i32;
        // In two steps: a power of two that is subnormal is not to be had in one.
        2f64.powi(lowest.max(-1000)) * 2f64.powi(lowest - lowest.max(-1000))
    }
}

macro_rules! float {
    ($($float:ident $bits:ident $width:literal $fraction:literal;)*) => {
        $(impl Float for $float {
            const NAME: &'static str = stringify!($float);
            const BITS: u32 = $width;
            const FRACTION: u32 = $fraction;
            const INFINITE: u64 = $float::INFINITY.to_bits() as u64;

            fn bits(self) -> u64 {
                self.to_bits().into()
            }
            fn of_bits(bits: u64) -> Self {
                $float::from_bits(bits as $bits)
            }
            fn wide(self) -> f64 {
                self.into()
            }
            fn narrow(x: f64) -> Self {
                x as $float
            }
            fn of(function: &Function) -> &Of<Self> {
                &function.$float
            }
        })*
    };
}
float! {
    f32 u32 32 23;
    f64 u64 64 52;
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Units, places and ends are those of the standard library.
    fn hold<F: Float>(epsilon: F, least: F, most: F) {
        let tiny = F::of_bits(1);
        assert_eq!(F::narrow(1.0).ulp(), epsilon.wide());
        assert_eq!(F::narrow(-1.5).ulp(), epsilon.wide());
        assert_eq!(F::narrow(2.0).ulp(), 2.0 * epsilon.wide());
        assert_eq!([F::narrow(0.0).ulp(), tiny.ulp(), least.ulp()], [tiny.wide(); 3]);
        assert_eq!(most.ulp(), most.wide() - F::at(most.place() - 1).wide());
        assert_eq!(F::narrow(F::LEAST.into()).wide(), least.wide().log2());
        assert!(F::at(most.place() + 1).is_infinite() && F::at(-most.place() - 9).is_infinite());
        assert!(
            most.is_finite() && !most.is_nan() && F::narrow(f64::NAN).is_nan() && !F::narrow(f64::INFINITY).is_nan()
        );
    }

    #[test]
    fn floats_are_as_they_are() {
        hold(f32::EPSILON, f32::MIN_POSITIVE, f32::MAX);
        hold(f64::EPSILON, f64::MIN_POSITIVE, f64::MAX);
    }
}
