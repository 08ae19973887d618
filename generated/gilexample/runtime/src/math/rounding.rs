//! Rounding to integers: by the instruction where CPUs with FMA have it, else by additions that round.

/// `2^51 + 2^52`: adding it rounds a number of less than 2^51 to the nearest integer, which then stands in the sum's last bits.
pub const ROUND_F64: f64 = 6755399441055744.0;

/// The same for less than 2^22.
pub const ROUND_F32: f32 = 12582912.0;

/// Declares the four directions for a float whose integers are without fractions from `$whole` on.
macro_rules! rounding {
    ($float:ident, $whole:literal: $floor:ident $ceil:ident $trunc:ident $round:ident) => {
        /// The largest integer not above `x`.
        #[inline(always)]
        pub fn $floor<const FUSED: bool>(x: $float) -> $float {
            if FUSED {
                return x.floor();
            }
            let near = $round::<false>(x);
            (if near > x { near - 1.0 } else { near }).copysign(x)
        }

        /// The smallest integer not below `x`.
        #[inline(always)]
        pub fn $ceil<const FUSED: bool>(x: $float) -> $float {
            if FUSED {
                return x.ceil();
            }
            let near = $round::<false>(x);
            // A sum that is zero is -0.0 if `x` is negative.
            (if near < x { near + 1.0 } else { near }).copysign(x)
        }

        /// `x` without its fraction.
        #[inline(always)]
        pub fn $trunc<const FUSED: bool>(x: $float) -> $float {
            if FUSED {
                return x.trunc();
            }
            let (size, near) = (x.abs(), $round::<false>(x).abs());
            (if near > size { near - 1.0 } else { near }).copysign(x)
        }

        /// The nearest integer, halves to the even one.
        #[inline(always)]
        pub fn $round<const FUSED: bool>(x: $float) -> $float {
            if FUSED {
                return x.round_ties_even();
            }
            let size = x.abs();
            let near = (size + $whole) - $whole;
            (if size < $whole { near } else { size }).copysign(x)
        }
    };
}

rounding!(f64, 4503599627370496.0: floor_f64 ceil_f64 trunc_f64 round_f64);
rounding!(f32, 8388608.0: floor_f32 ceil_f32 trunc_f32 round_f32);
