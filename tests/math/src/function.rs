//! A function as it is held against its oracle: its loops for each level, what is known of it, and the macro that declares it.

use kernelgen_runtime::flags::{self, Flags};
use kernelgen_runtime::level::{Level, highest};

use crate::float::Float;

/// One of the runtime's functions.
pub struct Function {
    pub name: &'static str,
    /// How many arguments it has, one or two.
    pub arity: usize,
    /// The error that it may have, in units in the last place.
    pub bound: f64,
    pub laws: &'static [Law],
    pub f32: Of<f32>,
    pub f64: Of<f64>,
}

/// What mathematics says of a function, or C99 does.
pub enum Law {
    /// `f(-x) = -f(x)`, to the bit. Of two arguments, the first.
    Odd,
    /// `f(-x) = f(x)`, to the bit.
    Even,
    /// `f(x, y) = f(y, x)`, to the bit.
    Commutes,
    /// A larger argument between these two has no result that is smaller, by more than so many units in the last place.
    Rises(f64, f64, i64),
    /// A larger argument between these two has no result that is larger, by more than so many units in the last place.
    Falls(f64, f64, i64),
    /// All results are between these two, rounded to the type.
    Results(f64, f64),
    /// The function is for arguments between these two alone.
    Arguments(f64, f64),
    /// Where the first argument is this, an infinite result is a division by zero and no overflow.
    Pole(f64),
    /// Where the result is a float, and shall be that float.
    Exact(fn(f64, f64) -> bool),
}

/// Computes a loop: the results of first and second arguments.
pub type Loop<F> = unsafe fn(&[F], &[F], &mut [F]);

/// A function of one type. Functions of one argument do not look at the second.
pub struct Of<F> {
    /// For each level.
    pub loops: [Loop<F>; 3],
    /// The correctly rounded value.
    pub rounded: fn(F, F) -> F,
    /// What the exact value is more than that, in the given ulp, or NaN where that is not known.
    pub rest: fn(F, F, F, f64) -> f64,
}

/// The levels that this CPU has and that differ.
pub fn levels() -> impl Iterator<Item = Level> {
    let last = if cfg!(target_arch = "x86_64") { highest() } else { Level::V2 };
    Level::ALL.into_iter().take_while(move |&level| level <= last)
}

impl<F: Float> Of<F> {
    /// Computes a loop.
    pub fn run(&self, level: Level, x: &[F], y: &[F], out: &mut [F]) {
        assert!(level <= highest() && x.len() == y.len() && x.len() == out.len());
        // SAFETY: the CPU has what the level asks for.
        unsafe { self.loops[level as usize](x, y, out) }
    }

    /// The same, and which flags it raised.
    pub fn flagged(&self, level: Level, x: &[F], y: &[F], out: &mut [F]) -> Flags {
        flags::clear();
        self.run(level, x, y, out);
        flags::raised()
    }
}

impl Function {
    /// Whether the function is for this argument.
    pub fn takes(&self, x: f64) -> bool {
        self.laws.iter().all(|law| match *law {
            Law::Arguments(low, high) => low <= x && x <= high,
            _ => true,
        })
    }

    /// The flags that an element shall raise, by C99: invalid where there is no answer, divide at a pole, overflow where the
    /// answer is too large.
    pub fn flags<F: Float>(&self, x: F, y: F, result: F) -> Flags {
        let came = &[x, y][..self.arity];
        if result.is_nan() && !came.iter().any(|x| x.is_nan()) {
            Flags::INVALID
        } else if result.is_infinite() && came.iter().all(|x| x.is_finite()) {
            let pole = self.laws.iter().any(|law| matches!(law, Law::Pole(at) if *at == x.wide()));
            if pole { Flags::DIVIDE } else { Flags::OVERFLOW }
        } else {
            Flags::NONE
        }
    }
}

/// Declares the table. `name(arguments): module::{of f32, of f64}, {correctly rounded of f32, of f64, rest}, bound, laws;`
macro_rules! functions {
    ($(
        $name:ident($($x:ident),+): $module:ident::{$f32:ident $(<$($of32:tt),*>)?, $f64:ident $(<$($of64:tt),*>)?},
        {$rounded32:ident, $rounded64:ident, $rest:ident}, $bound:literal, [$($law:expr),* $(,)?];
    )*) => {
        unsafe extern "C" {
            $(safe fn $rest(x: f64, y: f64, rounded: f64, ulp: f64) -> f64;)*
        }

        /// All functions.
        pub static FUNCTIONS: &[Function] = &[$(Function {
            name: stringify!($name),
            arity: [$(stringify!($x)),+].len(),
            bound: $bound,
            laws: &[$($law),*],
            f32: Of {
                loops: functions!(@loops f32 [$($x),+] math::$module::$f32::<FUSED $($(, $of32)*)?>($($x),+)),
                rounded: |x, y| functions!(@call core_math::$rounded32, x, y, $($x),+),
                rest: |x, y, rounded, ulp| {
                    (functions!(@call core_math::$rounded64, f64::from(x), f64::from(y), $($x),+) - f64::from(rounded)) / ulp
                },
            },
            f64: Of {
                loops: functions!(@loops f64 [$($x),+] math::$module::$f64::<FUSED $($(, $of64)*)?>($($x),+)),
                rounded: |x, y| functions!(@call core_math::$rounded64, x, y, $($x),+),
                rest: |x, y, rounded, ulp| $rest(x, y, rounded, ulp),
            },
        }),*];
    };

    // The first, or both.
    (@call $function:path, $first:expr, $second:expr, $x:ident) => {{
        let _ = $second;
        $function($first)
    }};
    (@call $function:path, $first:expr, $second:expr, $x:ident, $y:ident) => {
        $function($first, $second)
    };

    // As `map!` compiles a kernel's loops.
    (@loops $float:ident $x:tt $call:expr) => {{
        functions!(@loop baseline $float $x $call, cfg!(any(target_feature = "fma", target_arch = "aarch64")), []);
        #[cfg(target_arch = "x86_64")]
        functions!(@loop v3 $float $x $call, true, [
            #[target_feature(enable = "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]
        ]);
        #[cfg(target_arch = "x86_64")]
        functions!(@loop v4 $float $x $call, true, [
            #[target_feature(enable = "avx512f,avx512bw,avx512cd,avx512dq,avx512vl,avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]
        ]);
        #[cfg(not(target_arch = "x86_64"))]
        let (v3, v4) = (baseline, baseline);
        [baseline, v3, v4]
    }};
    (@loop $level:ident $float:ident [$x:ident] $call:expr, $fused:expr, [$($attribute:tt)*]) => {
        $($attribute)*
        #[inline(never)]
        fn $level(first: &[$float], _: &[$float], out: &mut [$float]) {
            const FUSED: bool = $fused;
            for (out, &$x) in out.iter_mut().zip(first) {
                *out = $call;
            }
        }
    };
    (@loop $level:ident $float:ident [$x:ident, $y:ident] $call:expr, $fused:expr, [$($attribute:tt)*]) => {
        $($attribute)*
        #[inline(never)]
        fn $level(first: &[$float], second: &[$float], out: &mut [$float]) {
            const FUSED: bool = $fused;
            for (out, (&$x, &$y)) in out.iter_mut().zip(first.iter().zip(second)) {
                *out = $call;
            }
        }
    };
}
pub(crate) use functions;
