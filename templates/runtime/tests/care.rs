//! Unusual arguments among usual ones: whatever their pattern, values and flags are those of each element by itself.

use std::ptr;

use kernelgen_runtime::dense::{OUTPUTS, compute};
use kernelgen_runtime::flags::{self, Flags};
use kernelgen_runtime::level::{Level, level};
use kernelgen_runtime::math::logarithm::{log_f32, log_f64};
use kernelgen_runtime::report::Report;
use kernelgen_runtime::scalar::Slot;

mod twice {
    kernelgen_runtime::map! {
        /// A text that is compiled twice.
        fn twice(x: T, y: T) -> (out: T);
        for f32 { T = f32 }
        for f64 { T = f64 }
        usual;
        map { log(x) + y }
    }
}

mod once {
    kernelgen_runtime::map! {
        /// A text that is not.
        fn once(x: T, y: T) -> (out: T);
        for f32 { T = f32 }
        for f64 { T = f64 }
        map { y / x }
    }
}

/// Positions in so many pieces: none, one here and there, runs, all.
fn patterns(n: usize) -> Vec<Vec<usize>> {
    let some = |step: usize| (0..n).skip(step / 3).step_by(step).collect();
    let mut state = 1_u64;
    let mut drawn = |one_in: u64| {
        let mut chance = || {
            state = state.wrapping_mul(6364136223846793005).wrapping_add(1442695040888963407);
            (state >> 33).is_multiple_of(one_in)
        };
        (0..n).filter(|_| chance()).collect()
    };
    let mut found = vec![vec![], vec![0], vec![n - 1], (n / 2..n * 3 / 4).collect(), (0..n).collect()];
    found.extend([3, 500, 1024, 8192, 20_000].map(some));
    found.extend([7, 300, 3000, 10_000].map(&mut drawn));
    found
}

macro_rules! tests {
    ($module:ident $float:ident $log:ident) => {
        mod $module {
            use super::*;
            use kernelgen_runtime::block::Map;

            /// Values and flags of `n` elements; `y` is a row or a number.
            fn computed(map: &Map, x: &[$float], y: &[$float]) -> (Vec<$float>, Flags) {
                let mut values = vec![0.0; x.len()];
                let (mut numbers, mut to) = ([Slot::ZERO; 2], [ptr::null_mut(); OUTPUTS]);
                let row = if y.len() == 1 { ptr::null() } else { y.as_ptr().cast() };
                numbers[1].write(y[0]);
                to[0] = values.as_mut_ptr().cast();
                let mut report = Report::start();
                // SAFETY: rows of the loop's dtype, as long as each other, and a number beside them.
                unsafe { compute(map, &[x.as_ptr().cast(), row], &numbers, &to, x.len(), &[], &mut report) };
                (values, report.flags)
            }

            fn holds(map: &Map, one: fn($float, $float) -> $float, unusual: &[($float, Flags)]) {
                for n in [1, 700, 1024, 1025, 30_000] {
                    for positions in patterns(n) {
                        for row in [false, true] {
                            let (mut x, y) = (vec![0.75; n], vec![1.25; if row { n } else { 1 }]);
                            let mut wanted = Flags::NONE;
                            for (&k, &(value, flags)) in positions.iter().zip(unusual.iter().cycle()) {
                                x[k] = value;
                                wanted = wanted.and(flags);
                            }
                            for old in [Flags::NONE, Flags::INVALID, Flags::DIVIDE] {
                                flags::raise(old);
                                let (values, flags) = computed(map, &x, &y);
                                assert_eq!(flags::raised(), Flags::NONE);
                                assert_eq!(flags, wanted, "{n}, {positions:?}, {old:?}");
                                let same = |(x, z): (&$float, &$float)| {
                                    one(*x, 1.25).to_bits() == z.to_bits() || z.is_nan() && one(*x, 1.25).is_nan()
                                };
                                assert!(x.iter().zip(&values).all(same), "{n}, {positions:?}");
                                flags::clear();
                            }
                        }
                    }
                }
            }

            #[test]
            fn logarithms() {
                // The bits of a text with FMA, or of one without.
                let fused = cfg!(target_arch = "aarch64") | (level() > Level::V2);
                let one = if fused { |x, y| $log::<true, true>(x) + y } else { |x, y| $log::<false, true>(x) + y };
                let tiny = $float::MIN_POSITIVE / 2.0;
                let silent = [(tiny, Flags::NONE), ($float::INFINITY, Flags::NONE), ($float::NAN, Flags::NONE)];
                let loud = [(0.0, Flags::DIVIDE), (-1.0, Flags::INVALID)];
                holds(&twice::$module::LOOP, one, &silent);
                holds(&twice::$module::LOOP, one, &loud);
                holds(&twice::$module::LOOP, one, &[silent.as_slice(), loud.as_slice()].concat());
            }

            #[test]
            fn quotients() {
                holds(
                    &once::$module::LOOP,
                    |x, y| y / x,
                    &[(0.0, Flags::DIVIDE), ($float::NAN, Flags::NONE), ($float::from_bits(1), Flags::OVERFLOW)],
                );
            }
        }
    };
}
tests!(f32 f32 log_f32);
tests!(f64 f64 log_f64);
