//! Powers: the text for usual arguments beside that for all of them.

use kernelgen_runtime::flags::{Flags, clear, raised};
use kernelgen_runtime::math::power::*;

/// More than a vector and not a multiple of it.
const LENGTH: usize = 37;

/// A loop: from arguments to values.
type Loop<F> = fn(&[F], &[F], &mut [F]);

macro_rules! tests {
    ($module:ident $float:ident $function:ident, whole numbers up to $limit:literal) => {
        mod $module {
            use super::*;

            /// The text for usual arguments and that for all, without FMA and with it.
            fn texts() -> [[Loop<$float>; 2]; 2] {
                macro_rules! text {
                    ($fused:literal $whole:literal) => {
                        |x, y, out| {
                            let arguments = x.iter().zip(y);
                            arguments.zip(out).for_each(|((x, y), out)| *out = $function::<$fused, $whole>(*x, *y));
                        }
                    };
                }
                [[text!(false false), text!(false true)], [text!(true false), text!(true true)]]
            }

            /// The value of arguments among others, and the flags they raise.
            fn among(function: Loop<$float>, x: $float, y: $float, at: usize) -> ($float, Flags) {
                let (mut bases, mut exponents, mut values) = ([0.75; LENGTH], [1.5; LENGTH], [0.0; LENGTH]);
                (bases[at], exponents[at]) = (x, y);
                clear();
                function(&bases, &exponents, &mut values);
                let flags = raised();
                clear();
                assert!(values.iter().enumerate().all(|(k, y)| k == at || *y == values[(at + 1) % LENGTH]));
                (values[at], flags)
            }

            #[test]
            fn both_texts_have_the_same_bits() {
                let mut state = 1_u64;
                let mut draw = || {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    state ^ state >> 29
                };
                for k in 0..40_000 {
                    let any = <$float>::from_bits(draw() as _);
                    let near = 1.0 + (draw() >> 40) as $float / (1_u64 << 26) as $float;
                    let whole = (draw() % 64) as $float - 32.0;
                    let (x, y) = match k % 6 {
                        0 => (any.abs(), 1000.0 * (near - 1.125) / any.abs().log2()),
                        1 => (near, 1.0 / (near - 1.0)),
                        2 => (any, whole),
                        3 => (-near, whole),
                        4 => (0.0, near),
                        _ => (-0.0, whole.abs() + 1.0),
                    };
                    if !(x == 0.0 || x.is_normal()) || !y.is_finite() {
                        continue;
                    }
                    for [usual, whole] in texts() {
                        let ((value, flags), (wanted, others)) = (among(usual, x, y, k % LENGTH), among(whole, x, y, k % LENGTH));
                        assert_eq!((value.to_bits(), flags), (wanted.to_bits(), others), "{x:e} to the power of {y:e}");
                    }
                }
            }

            #[test]
            fn other_arguments_are_told() {
                let (tiny, infinity) = (<$float>::from_bits(3), <$float>::INFINITY);
                let unusual = [
                    (0.0, -2.0), (0.0, 0.0), (-0.0, -3.0), (-0.0, 0.5), (tiny, 0.5), (-tiny, 3.0), (infinity, 0.5), (infinity, 0.0),
                    (-infinity, 3.0), (<$float>::NAN, 0.0), (<$float>::NAN, 2.0), (-2.0, 0.5), (-1.0, $limit + 2.0), (-1.0, -$limit - 1.0),
                    (2.0, infinity), (0.5, -infinity), (1.0, infinity), (-1.0, -infinity),
                ];
                for [usual, whole] in texts() {
                    for (x, y) in unusual {
                        for at in 0..LENGTH {
                            let (_, flags) = among(usual, x, y, at);
                            assert!(flags.0 & Flags::INVALID.0 != 0, "{x:e} to {y:e}: {flags:?}");
                            let exact = x.powf(y);
                            let (value, _) = among(whole, x, y, at);
                            let near = (value - exact).abs() <= 1e-6 * exact.abs() || value == exact;
                            assert!(near || value.is_nan() && exact.is_nan(), "{x:e} to {y:e}: {value}");
                        }
                    }
                    // A missing exponent is none, unless it does not matter.
                    assert!(among(usual, 2.0, <$float>::NAN, 5).0.is_nan());
                    assert_eq!(among(whole, 1.0, <$float>::NAN, 5).0, 1.0);
                }
            }

            #[test]
            fn signs_are_those_of_odd_exponents() {
                for [usual, whole] in texts() {
                    for distance in 0..1000 {
                        for y in [$limit - distance as $float, distance as $float - $limit] {
                            let wanted = if y % 2.0 == 0.0 { 1.0 } else { -1.0 };
                            assert_eq!([usual, whole].map(|text| among(text, -1.0, y, 3)), [(wanted, Flags::NONE); 2], "{y}");
                        }
                    }
                }
            }
        }
    };
}
tests!(double f64 pow_f64, whole numbers up to 2251799813685248.0);
tests!(single f32 pow_f32, whole numbers up to 4194304.0);
