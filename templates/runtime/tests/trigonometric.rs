//! Sine, cosine and tangent: the arguments that come nearest to multiples of a right angle, both texts of each function, and flags.

use kernelgen_runtime::flags::{Flags, clear, raised};
use kernelgen_runtime::math::angle::{NEAR_F32, NEAR_F64};
use kernelgen_runtime::math::trigonometric::*;

/// Bits of an argument, and of its sine, cosine and tangent, correctly rounded.
type Row<B> = (B, [B; 3]);

/// First those that, of all numbers or of those within reach of the fast text, come nearest to a multiple of π/2.
const ROWS_F64: [Row<u64>; 18] = [
    (0x7506ac5b262ca1ff, [0x3ff0000000000000, 0xbc214ae72e6ba22f, 0xc3bd9ba9a7975636]),
    (0x4046c6cbc45dc8de, [0x3ff0000000000000, 0xbc26d61b58c99c43, 0xc3b66b9ebc4850c6]),
    (0x4056c6cbc45dc8de, [0xbc36d61b58c99c43, 0xbff0000000000000, 0x3c36d61b58c99c43]),
    (0x416b951f1572eba5, [0xbff0000000000000, 0xbc3f54f5227a4e84, 0x43a057584c429b3a]),
    (0x482504cac51f1eaf, [0xbff0000000000000, 0xbc40cb604d34f341, 0x439e7c7d0f43f81e]),
    (0x7dee009c53148be1, [0x3ff0000000000000, 0x3c4295a3b0a64b1d, 0x439b8cbf7ecfaffa]),
    (0x3ff921fb54442d18, [0x3ff0000000000000, 0x3c91a62633145c07, 0x434d02967c31cdb5]),
    (0x400921fb54442d18, [0x3ca1a62633145c07, 0xbff0000000000000, 0xbca1a62633145c07]),
    (0x4012d97c7f3321d2, [0xbff0000000000000, 0xbcaa79394c9e8a0a, 0x4333570efd768923]),
    (0x7fefffffffffffff, [0x3f7452fc98b34e97, 0xbfefffe62ecfab75, 0xbf74530cfe729484]),
    (0x4170000000000000, [0xbfe8f22f8433d6ee, 0x3fe40ad67f3f0c9a, 0xbff3ea28271a9bea]),
    (0x4170000000000001, [0xbfe8f22f82f32986, 0x3fe40ad680ce2f92, 0xbff3ea28248e03c7]),
    (0x3fe921fb54442d18, [0x3fe6a09e667f3bcc, 0x3fe6a09e667f3bcd, 0x3fefffffffffffff]),
    (0x7fe0000000000000, [0x3fe205248cbdb760, 0xbfea719f26c232bf, 0xbfe5ce6b4c0d02a3]),
    (0x44b52d02c7e14af6, [0xbfd4bd4cba14452e, 0x3fee45f2c19a7c81, 0xbfd5ec237697ce49]),
    (0x0010000000000000, [0x0010000000000000, 0x3ff0000000000000, 0x0010000000000000]),
    (0x0000000000000001, [0x0000000000000001, 0x3ff0000000000000, 0x0000000000000001]),
    (0x3e40000000000000, [0x3e40000000000000, 0x3ff0000000000000, 0x3e40000000000000]),
];

const ROWS_F32: [Row<u32>; 11] = [
    (0x6f79be45, [0x3f800000, 0xb0ddeea9, 0xce13a60e]),
    (0x50a3e87f, [0x3f800000, 0xb10a4ed8, 0xcdeceba8]),
    (0x437ce5f1, [0x3f800000, 0xb18fd1de, 0xcd63d737]),
    (0x43fce5f1, [0xb20fd1de, 0xbf800000, 0x320fd1de]),
    (0x4096cbe4, [0xbf800000, 0x324cde2e, 0xcc9ff26d]),
    (0x3fc90fdb, [0x3f800000, 0xb33bbd2e, 0xcbae8a4a]),
    (0x40490fdb, [0xb3bbbd2e, 0xbf800000, 0x33bbbd2e]),
    (0x49800000, [0x3ea93666, 0x3f719d6d, 0x3eb34973]),
    (0x7f7fffff, [0xbf0599b3, 0x3f5a5f96, 0xbf1c9eca]),
    (0x00800000, [0x00800000, 0x3f800000, 0x00800000]),
    (0x00000001, [0x00000001, 0x3f800000, 0x00000001]),
];

/// Loops of a level: sine, cosine and tangent in the fast text, and in that for all arguments.
macro_rules! level {
    ($level:ident $float:ident $fused:literal $feature:tt $features:literal $sin:ident $cos:ident $tan:ident) => {
        /// The loops, if this CPU has the level.
        pub fn $level() -> Option<[[Loop; 3]; 2]> {
            level!(@loop near_sin $float $features $sin $fused false);
            level!(@loop near_cos $float $features $cos $fused false);
            level!(@loop near_tan $float $features $tan $fused false);
            level!(@loop whole_sin $float $features $sin $fused true);
            level!(@loop whole_cos $float $features $cos $fused true);
            level!(@loop whole_tan $float $features $tan $fused true);
            #[cfg(target_arch = "x86_64")]
            if !std::is_x86_feature_detected!($feature) {
                return None;
            }
            Some([[near_sin, near_cos, near_tan], [whole_sin, whole_cos, whole_tan]])
        }
    };
    (@loop $name:ident $float:ident $features:literal $function:ident $fused:literal $whole:literal) => {
        fn $name(x: &[$float], y: &mut [$float]) {
            #[cfg_attr(target_arch = "x86_64", target_feature(enable = $features))]
            fn text(x: &[$float], y: &mut [$float]) {
                for (x, y) in x.iter().zip(y) {
                    *y = $function::<$fused, $whole>(*x);
                }
            }
            // SAFETY: none is given away but to a CPU that has the features.
            #[allow(unused_unsafe)]
            unsafe {
                text(x, y)
            }
        }
    };
}

/// What the tests do with each float.
macro_rules! loops {
    ($module:ident $float:ident: $sin:ident $cos:ident $tan:ident) => {
        mod $module {
            use super::*;

            /// From arguments to values.
            pub type Loop = fn(&[$float], &mut [$float]);

            level!(v2 $float false "sse2" "sse2" $sin $cos $tan);
            level!(v3 $float true "fma" "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c" $sin $cos $tan);
            level! {
                v4 $float true "avx512vl"
                "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c" $sin $cos $tan
            }

            /// All that this CPU has.
            pub fn levels() -> Vec<[[Loop; 3]; 2]> {
                [v2(), v3(), v4()].into_iter().flatten().collect()
            }

            /// Values of a loop, and the flags it raises.
            pub fn run(function: Loop, x: &[$float]) -> (Vec<$float>, Flags) {
                let mut y = vec![0.0; x.len()];
                clear();
                function(x, &mut y);
                let flags = raised();
                clear();
                (y, flags)
            }

            /// Units in the last place between two finite numbers.
            pub fn distance(a: $float, b: $float) -> u64 {
                let place = |v: $float| if v.is_sign_negative() { -((-v).to_bits() as i64) } else { v.to_bits() as i64 };
                place(a).abs_diff(place(b))
            }

            /// Numbers of all sizes with both signs, none beyond `most`.
            pub fn samples(most: $float) -> Vec<$float> {
                let mut state = 1u64;
                let step = || {
                    state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
                    <$float>::from_bits((state ^ state >> 29) as _)
                };
                std::iter::repeat_with(step).filter(|x| x.abs() <= most).take(20_000).collect()
            }

            /// The 37 of a block are more than a vector and not a multiple of it.
            pub fn block(x: $float, at: usize) -> [$float; 37] {
                let mut block = [0.75; 37];
                block[at] = x;
                block
            }

            /// Values at a table's rows.
            pub fn check(rows: &[($float, [$float; 3])], near: $float) {
                for (x, wanted) in rows {
                    for level in levels() {
                        for (whole, functions) in level.into_iter().enumerate().skip(usize::from(*x > near)) {
                            for (k, function) in functions.into_iter().enumerate() {
                                for sign in [1.0, -1.0] {
                                    let (y, flags) = run(function, &block(sign * x, 5));
                                    let wanted = if k == 1 { wanted[k] } else { sign * wanted[k] };
                                    let good = distance(y[5], wanted) <= 1 && flags == Flags::NONE;
                                    assert!(good, "{k} {whole} of {x:e}: {:e}, not {wanted:e}; {flags:?}", y[5]);
                                }
                            }
                        }
                    }
                }
            }

            /// Both texts have the same bits up to the limit, all levels with FMA have, and signs are those of the function.
            pub fn agree(near: $float) {
                for (limit, first) in [(near, 0), (<$float>::MAX, 1)] {
                    let x = samples(limit);
                    let other: Vec<$float> = x.iter().map(|x| -x).collect();
                    let mut fused: Vec<Vec<$float>> = Vec::new();
                    for (level, functions) in levels().into_iter().enumerate() {
                        for k in 0..3 {
                            let (values, flags) = run(functions[1][k], &x);
                            assert_eq!(flags, Flags::NONE);
                            let bits = |values: &[$float]| values.iter().map(|y| y.to_bits()).collect::<Vec<_>>();
                            for text in &functions[first..] {
                                assert_eq!(bits(&run(text[k], &x).0), bits(&values));
                                let sign = if k == 1 { 1.0 } else { -1.0 };
                                let mirrored: Vec<$float> = run(text[k], &other).0.iter().map(|y| sign * y).collect();
                                assert_eq!(bits(&mirrored), bits(&values));
                            }
                            assert!(k == 2 || values.iter().all(|y| y.abs() <= 1.0));
                            match level {
                                0 => (),
                                1 => fused.push(values),
                                _ => assert_eq!(bits(&values), bits(&fused[k])),
                            }
                        }
                    }
                }
            }

            /// What is raised, wherever in a block the argument stands.
            pub fn flags(near: $float) {
                let beyond = <$float>::from_bits(near.to_bits() + 1);
                for level in levels() {
                    for (whole, functions) in level.into_iter().enumerate() {
                        for function in functions {
                            for at in 0..37 {
                                for sign in [1.0, -1.0] {
                                    let flags = |x: $float| {
                                        let (y, flags) = run(function, &block(sign * x, at));
                                        assert!(y.iter().enumerate().all(|(k, y)| k == at || y.is_finite()));
                                        (y[at].is_nan(), flags)
                                    };
                                    for fine in [0.0, <$float>::from_bits(1), 1.0, near] {
                                        assert_eq!(flags(fine), (false, Flags::NONE));
                                    }
                                    for far in [beyond, 3.0 * near, 1e30, <$float>::MAX] {
                                        let wanted = if whole == 1 { (false, Flags::NONE) } else { (true, Flags::INVALID) };
                                        assert_eq!(flags(far), wanted);
                                    }
                                    assert_eq!(flags(<$float>::INFINITY), (true, Flags::INVALID));
                                    assert_eq!(flags(<$float>::NAN), (true, Flags::NONE));
                                }
                            }
                        }
                    }
                }
            }
        }
    };
}
loops!(doubles f64: sin_f64 cos_f64 tan_f64);
loops!(singles f32: sin_f32 cos_f32 tan_f32);

#[test]
fn values_are_right_where_next_to_nothing_is_left_of_the_argument() {
    doubles::check(&ROWS_F64.map(|(x, y)| (f64::from_bits(x), y.map(f64::from_bits))), NEAR_F64);
    singles::check(&ROWS_F32.map(|(x, y)| (f32::from_bits(x), y.map(f32::from_bits))), NEAR_F32);
}

#[test]
fn texts_and_levels_agree() {
    doubles::agree(NEAR_F64);
    singles::agree(NEAR_F32);
}

#[test]
fn zeros_keep_their_sign() {
    for zero in [0.0, -0.0f64] {
        for level in doubles::levels() {
            for functions in level {
                let [sin, cos, tan] = functions.map(|function| doubles::run(function, &[zero; 9]).0[3]);
                assert_eq!(
                    [sin.to_bits(), cos.to_bits(), tan.to_bits()],
                    [zero.to_bits(), 1f64.to_bits(), zero.to_bits()]
                );
            }
        }
        for level in singles::levels() {
            for functions in level {
                let zero = zero as f32;
                let [sin, cos, tan] = functions.map(|function| singles::run(function, &[zero; 9]).0[3]);
                assert_eq!(
                    [sin.to_bits(), cos.to_bits(), tan.to_bits()],
                    [zero.to_bits(), 1f32.to_bits(), zero.to_bits()]
                );
            }
        }
    }
}

#[test]
#[cfg(any(target_arch = "x86_64", target_arch = "aarch64"))]
fn flags_are_raised_beyond_the_limit_and_at_infinity() {
    doubles::flags(NEAR_F64);
    singles::flags(NEAR_F32);
}
