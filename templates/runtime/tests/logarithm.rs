//! Logarithms: the text for usual arguments beside that for all of them.

use kernelgen_runtime::flags::{Flags, clear, raised};
use kernelgen_runtime::math::logarithm::*;

/// A loop: from arguments to values.
type Loop<F> = fn(&[F], &mut [F]);

/// Loops in the text for usual arguments and in that for all.
macro_rules! texts {
    ($float:ident $fused:literal: $($function:ident)*) => {
        [$({
            fn usual(x: &[$float], y: &mut [$float]) {
                x.iter().zip(y).for_each(|(x, y)| *y = $function::<$fused, false>(*x));
            }
            fn whole(x: &[$float], y: &mut [$float]) {
                x.iter().zip(y).for_each(|(x, y)| *y = $function::<$fused, true>(*x));
            }
            [usual as Loop<$float>, whole as Loop<$float>]
        }),*]
    };
}

macro_rules! tests {
    ($module:ident $float:ident: $($function:ident)*) => {
        mod $module {
            use super::*;

            /// Those of both texts; the last one is of 1 + x.
            fn all() -> [[[Loop<$float>; 2]; 4]; 2] {
                [texts!($float false: $($function)*), texts!($float true: $($function)*)]
            }

            /// The value of an argument among others, and the flags it raises.
            fn among(function: Loop<$float>, x: $float, at: usize) -> ($float, Flags) {
                // More than a vector and not a multiple of it.
                let (mut arguments, mut values) = ([0.75; 37], [0.0; 37]);
                arguments[at] = x;
                clear();
                function(&arguments, &mut values);
                let flags = raised();
                clear();
                assert!(values.iter().enumerate().all(|(k, y)| k == at || *y == values[(at + 1) % 37]));
                (values[at], flags)
            }

            #[test]
            fn both_texts_have_the_same_bits() {
                let mut state = 1_u64;
                for k in 0..20_000 {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    let any = <$float>::from_bits((state ^ state >> 29) as _).abs();
                    let near = 1.0 + (state >> 40) as $float / (1_u64 << 26) as $float;
                    let (x, at) = (if k % 2 == 0 { any } else { near }, k % 37);
                    if !x.is_normal() {
                        continue;
                    }
                    for (k, [usual, whole]) in all().into_iter().flat_map(|functions| functions.into_iter().enumerate()) {
                        let (value, flags) = among(usual, x, at);
                        if k == 3 && x > <$float>::MAX / 4.0 {
                            assert_eq!(flags, Flags::INVALID);
                        } else {
                            assert_eq!((value.to_bits(), flags), (among(whole, x, at).0.to_bits(), Flags::NONE), "{x:e}");
                        }
                    }
                }
            }

            #[test]
            fn other_arguments_are_told() {
                for functions in all() {
                    for (k, [usual, whole]) in functions.into_iter().enumerate() {
                        let one = if k == 3 { 1.0 } else { 0.0 };
                        let outside = [0.0, -0.0, -1e-3, -1e30, <$float>::NEG_INFINITY].map(|x| x - one);
                        for at in 0..37 {
                            for x in outside.into_iter().chain([<$float>::INFINITY]) {
                                let (value, flags) = among(usual, x, at);
                                assert!(value.is_nan() && flags.0 & Flags::INVALID.0 != 0, "{k} of {x}: {value}, {flags:?}");
                            }
                            assert_eq!(among(whole, -one, at), (<$float>::NEG_INFINITY, Flags::DIVIDE));
                            assert_eq!(among(whole, <$float>::INFINITY, at), (<$float>::INFINITY, Flags::NONE));
                            assert!(among(usual, <$float>::NAN, at).0.is_nan());
                            // Of 1 + x, these are usual.
                            for x in [<$float>::from_bits(1), <$float>::MIN_POSITIVE / 2.0].into_iter().filter(|_| k < 3) {
                                assert_eq!(among(usual, x, at).1, Flags::INVALID);
                                assert!(among(whole, x, at).0 < -30.0);
                            }
                        }
                    }
                }
            }
        }
    };
}
tests!(double f64: log_f64 log2_f64 log10_f64 log1p_f64);
tests!(single f32: log_f32 log2_f32 log10_f32 log1p_f32);
