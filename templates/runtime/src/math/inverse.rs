//! Inverse trigonometric functions.
//!
//! `asin` and `acos` are, for `|x|` up to 1/2, a polynomial in `x²`, and above it that of `sqrt((1 - |x|) / 2)`, the sine of half the angle
//! to a right one, as in W. Cody and W. Waite (Software Manual for the Elementary Functions, 1980). `atan` is a polynomial in the square
//! of the smaller of `x` and `1 / x`; `atan2` is one of the quotient of the smaller by the larger argument. What is added to a multiple
//! of a right angle is added with its rounding error.
//!
//! Coefficients: least squares at Chebyshev points for `(asin(s) - s) / s³` and `(atan(s) - s) / s³` in `s²`, relative error of the sums below
//! 2^-57 and 2^-27; `tests/math/coefficients.py` computes them.

use super::polynomial::{Float, halves};

const ASIN_F64: ([f64; 7], [f64; 6]) = (
    [
        0.1666666666666676,
        0.044642857174112135,
        0.02237221412861531,
        0.013980620480784398,
        0.01077086315672477,
        0.021621309496905414,
        0.03255350820524457,
    ],
    [
        0.07499999999971174,
        0.03038194273578786,
        0.017351628227432116,
        0.011400575398670357,
        0.003741919380549942,
        -0.020877916868953638,
    ],
);
const ATAN_F64: ([f64; 4], [f64; 8], [f64; 8]) = (
    [-0.3333333333333302, 0.19999999999944268, -0.14285714282181675, 0.11111110995908832],
    [
        -0.09090906812665642,
        -0.06666386806559987,
        -0.052530783065543436,
        -0.04215367849911121,
        -0.02978335206593911,
        -0.013763346705652345,
        -0.0028355190990207095,
        -0.00014841831625624026,
    ],
    [
        0.07692277677819165,
        0.058804272191223445,
        0.047208494315127504,
        0.03656514353516968,
        0.021838074673802617,
        0.007099985521128468,
        0.000813964717957847,
        1.2851805242397334e-05,
    ],
);
const ASIN_F32: ([f32; 3], [f32; 2]) = ([0.16666752, 0.045465168, 0.042116746], [0.07495331, 0.024207627]);
const ATAN_F32: ([f32; 4], [f32; 3], [f32; 2]) = (
    [-0.33333293, 0.1999836, -0.1426229, 0.1094222],
    [-0.08374951, -0.030709004, -0.0017389732],
    [0.057478942, 0.01066674],
);

/// The polynomial of the first coefficients by Horner's rule, around that of the others in two parts.
#[inline(always)]
fn outer<const FUSED: bool, V: Float, const K: usize, const N: usize, const M: usize>(
    x: V,
    square: V,
    first: [V; K],
    even: [V; N],
    odd: [V; M],
) -> V {
    let mut sum = halves::<FUSED, _, _, _>(x, square, even, odd);
    let mut k = K;
    while k > 0 {
        k -= 1;
        sum = sum.times_plus::<FUSED>(x, first[k]);
    }
    sum
}

/// Declares the functions of a float: its integer, the bits whose difference from those of a number are about those of the number's
/// reciprocal, the polynomials, and what a right angle has beyond its float.
macro_rules! inverse {
    ($float:ident $bits:ident, $reciprocal:literal, $asin_table:ident $atan_table:ident, $right_low:literal:
     $half_angle:ident $arc:ident $asin:ident $acos:ident $atan:ident $atan2:ident) => {
        /// For `|x|` above 1/2 the root of `(1 - |x|) / 2` doubled and its rounding error, NaN with the flag above 1; up to 1/2 nothing
        /// of use. Then whether `|x|` is not above 1/2, and `asin(s) / s - 1` for `s` of the root or of `x`.
        #[inline(always)]
        fn $half_angle<const FUSED: bool>(x: $float) -> ($float, $float, bool, $float) {
            let a = x.abs();
            // No argument is so large that the polynomial overflows.
            let a = if a > 2.0 { 2.0 } else { a };
            let near = a <= 0.5;
            let square = if near { a * a } else { 0.5 - 0.5 * a };
            let root = square.sqrt();
            let low = if FUSED {
                // An eighth off at most, of which an error below half an ulp takes no notice; finite at 0.
                let reciprocal = $float::from_bits(($reciprocal as $bits).wrapping_sub(root.to_bits()));
                (-root).mul_add(root, square) * reciprocal
            } else {
                0.0
            };
            let rest = square * halves::<FUSED, _, _, _>(square, square * square, $asin_table.0, $asin_table.1);
            (2.0 * root, low, near, rest)
        }

        /// `base + v + low`, where `base` is zero or not below `|v|`, and far larger than `low`.
        #[inline(always)]
        fn $arc(base: $float, v: $float, low: $float) -> $float {
            let sum = base + v;
            sum + ((base - sum + v) + low)
        }

        /// `asin(x)`; beyond 1 NaN with the flag of an invalid operation. Error below 0.8 ULP, without FMA 1.2.
        #[inline(always)]
        pub fn $asin<const FUSED: bool>(x: $float) -> $float {
            use std::$float::consts::FRAC_PI_2;
            let (root, low, near, rest) = $half_angle::<FUSED>(x);
            let a = x.abs();
            let small = a.times_plus::<FUSED>(rest, a);
            let large = $arc(FRAC_PI_2, -root, $right_low - root.times_plus::<FUSED>(rest, low));
            (if near { small } else { large }).copysign(x)
        }

        /// `acos(x)`, from 0 to pi; beyond 1 NaN with the flag of an invalid operation. Error below 0.8 ULP, without FMA 1.2.
        #[inline(always)]
        pub fn $acos<const FUSED: bool>(x: $float) -> $float {
            use std::$float::consts::{FRAC_PI_2, PI};
            let (root, low, near, rest) = $half_angle::<FUSED>(x);
            let positive = x > 0.0;
            let v = if near {
                -x
            } else if positive {
                root
            } else {
                -root
            };
            let low = if near {
                0.0
            } else if positive {
                low
            } else {
                -low
            };
            let base = if near {
                FRAC_PI_2
            } else if positive {
                0.0
            } else {
                PI
            };
            let base_low = if near {
                $right_low
            } else if positive {
                0.0
            } else {
                2.0 * $right_low
            };
            $arc(base, v, base_low + v.times_plus::<FUSED>(rest, low))
        }

        /// `atan(x)`; a right angle at infinities. Error below 2 ULP, of `f32` 1.4.
        #[inline(always)]
        pub fn $atan<const FUSED: bool>(x: $float) -> $float {
            use std::$float::consts::FRAC_PI_2;
            let a = x.abs();
            let large = a > 1.0;
            // One division for both, which does not see a zero.
            let s = if large { -1.0 } else { a } / if large { a } else { 1.0 };
            let square = s * s;
            let rest = square
                * outer::<FUSED, _, 4, _, _>(square, square * square, $atan_table.0, $atan_table.1, $atan_table.2);
            let base = if large { FRAC_PI_2 } else { 0.0 };
            let base_low = if large { $right_low } else { 0.0 };
            $arc(base, s, s.times_plus::<FUSED>(rest, base_low)).copysign(x)
        }

        /// The angle of the point `(x, y)`, with C99's values at zeros and infinities. Error below 2 ULP; no quotient overflows, and
        /// one that underflows is rounded once.
        #[inline(always)]
        pub fn $atan2<const FUSED: bool>(y: $float, x: $float) -> $float {
            use std::$float::consts::{FRAC_PI_2, PI};
            let (a, b) = (x.abs(), y.abs());
            let steep = b > a;
            let left = x.is_sign_negative();
            // A NaN is in one of the two, whichever it is in.
            let (above, below) = (if steep { a } else { b }, if steep { b } else { a });
            // Zeros and infinities are as good as 0 / 2 and 2 / 2. (With 1 the compiler would divide first and choose then.)
            let infinite = (above == $float::INFINITY) & (below == $float::INFINITY);
            let below = if infinite | (below == 0.0) { 2.0 } else { below };
            let above = if infinite { 2.0 } else { above };
            let s = if steep ^ left { -above } else { above } / below;
            let square = s * s;
            let rest = square
                * outer::<FUSED, _, 4, _, _>(square, square * square, $atan_table.0, $atan_table.1, $atan_table.2);
            let base = if steep {
                FRAC_PI_2
            } else if left {
                PI
            } else {
                0.0
            };
            let base_low = if steep {
                $right_low
            } else if left {
                2.0 * $right_low
            } else {
                0.0
            };
            $arc(base, s, s.times_plus::<FUSED>(rest, base_low)).copysign(y)
        }
    };
}

inverse!(f64 u64, 0x7fde_6238_5024_84ba, ASIN_F64 ATAN_F64, 6.123233995736766e-17:
    half_angle_f64 arc_f64 asin_f64 acos_f64 atan_f64 atan2_f64);
inverse!(f32 u32, 0x7ef3_11c3, ASIN_F32 ATAN_F32, -4.371139e-8:
    half_angle_f32 arc_f32 asin_f32 acos_f32 atan_f32 atan2_f32);
