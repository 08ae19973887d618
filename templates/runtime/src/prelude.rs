//! What fragments see: dtype names as types and as conversion functions, constants, and functions.
//!
//! The macros import these modules around the user's text; nothing here is meant to be named from elsewhere.

pub mod analytic;
pub mod arithmetic;
pub mod extremes;
pub mod integer;
pub mod parts;
pub mod power;
pub mod real;
pub mod round;
pub mod views;

/// Every function and constant, as the macros import them: those of `$name` are computed with FMA if `$fused`, and those of
/// angles, logarithms and powers are right for all arguments if `$whole`.
macro_rules! functions {
    ($(#[$doc:meta])* $name:ident, $fused:expr, $whole:expr) => {
        $(#[$doc])*
        pub mod $name {
            pub use super::analytic::*;
            pub use super::arithmetic::*;
            pub use super::extremes::*;
            pub use super::integer::*;
            pub use super::parts::*;
            pub use super::power::*;
            pub use super::real::*;
            pub use super::round::*;

            /// Whether the CPU rounds `a * b + c` once.
            const FUSED: bool = $fused;
            /// Whether all arguments are taken, not usual ones alone; without flags to look at they have to be.
            const WHOLE: bool = $whole;

            functions! { @leveled [FUSED]
                /// Euler's number to the power of `x`.
                exp: Analytic(x);
                /// 2 to the power of `x`.
                exp2: Analytic(x);
                /// `exp(x) - 1`, exact near 0.
                expm1: Analytic(x);
                /// The inverse sine.
                asin: Analytic(x);
                /// The inverse cosine.
                acos: Analytic(x);
                /// The inverse tangent.
                atan: Analytic(x);
                /// The hyperbolic sine.
                sinh: Analytic(x);
                /// The hyperbolic cosine.
                cosh: Analytic(x);
                /// The hyperbolic tangent.
                tanh: Analytic(x);
                /// The real cube root.
                cbrt: Real(x);
                /// The error function.
                erf: Real(x);
                /// One minus the error function.
                erfc: Real(x);
                /// `sqrt(x² + y²)` without overflow on the way.
                hypot: Real(x, y);
                /// The angle of the point (x, y).
                atan2: Real(y, x);
                /// The largest integer not above `x`.
                floor: Directed(x);
                /// The smallest integer not below `x`.
                ceil: Directed(x);
                /// `x` without its fraction.
                trunc: Directed(x);
                /// The nearest integer, halves to the even one.
                round: Round(x);
            }
            functions! { @leveled [FUSED WHOLE]
                /// The natural logarithm.
                log: Analytic(x);
                /// The logarithm to base 2.
                log2: Analytic(x);
                /// The logarithm to base 10.
                log10: Analytic(x);
                /// `log(1 + x)`, exact near 0.
                log1p: Analytic(x);
                /// The sine.
                sin: Analytic(x);
                /// The cosine.
                cos: Analytic(x);
                /// The tangent.
                tan: Analytic(x);
                /// `x` to the power of `y`.
                pow: Power(x, y);
            }
        }
    };
    (@leveled $consts:tt $($(#[$doc:meta])* $name:ident: $trait:ident $arguments:tt;)*) => {
        $(functions! { @one $consts [$(#[$doc])*] $name $trait $arguments })*
    };
    (@one [$($const:ident)+] [$($doc:tt)*] $name:ident $trait:ident ($($x:ident),+)) => {
        $($doc)*
        #[inline(always)]
        pub fn $name<X: $trait>($($x: X),+) -> X {
            $trait::$name::<$($const),+>($($x),+)
        }
    };
}
functions! {
    /// For what the compilation target guarantees.
    baseline, cfg!(any(target_feature = "fma", target_arch = "aarch64")), true
}
functions! {
    /// For CPUs with FMA, from the level v3 on.
    fused, true, true
}
functions! {
    /// For what the compilation target guarantees, and usual arguments: others raise the flag of an invalid operation.
    baseline_usual, cfg!(any(target_feature = "fma", target_arch = "aarch64")), !cfg!(any(target_arch = "x86_64", target_arch = "aarch64"))
}
functions! {
    /// For CPUs with FMA, and usual arguments.
    fused_usual, true, !cfg!(any(target_arch = "x86_64", target_arch = "aarch64"))
}

/// Dtype names that Rust has no primitive of.
pub mod types {
    use num_complex::Complex;

    /// Half precision is computed in single precision and rounded when it is stored.
    #[allow(non_camel_case_types)]
    pub type f16 = f32;
    /// Complex of two `f32`.
    #[allow(non_camel_case_types)]
    pub type c64 = Complex<f32>;
    /// Complex of two `f64`.
    #[allow(non_camel_case_types)]
    pub type c128 = Complex<f64>;
}

/// Dtype names as arrays store them, for the tables of a loop.
#[allow(non_camel_case_types)]
pub mod stored {
    use num_complex::Complex;

    use crate::dtype::DType;

    /// A dtype by name.
    pub trait Stored {
        /// The row of the table.
        const DTYPE: DType;
        /// What arrays hold.
        type Element: crate::element::Element;
        /// What fragments compute with.
        type Value: Copy;
    }

    macro_rules! stored {
        ($($name:ident = $dtype:ident of $element:ty as $value:ty;)*) => {
            $(
                #[doc = concat!("`", stringify!($name), "`.")]
                pub struct $name;
                impl Stored for $name {
                    const DTYPE: DType = DType::$dtype;
                    type Element = $element;
                    type Value = $value;
                }
            )*
        };
    }
    stored! {
        bool = Bool of core::primitive::bool as core::primitive::bool;
        i8 = I8 of core::primitive::i8 as core::primitive::i8;
        i16 = I16 of core::primitive::i16 as core::primitive::i16;
        i32 = I32 of core::primitive::i32 as core::primitive::i32;
        i64 = I64 of core::primitive::i64 as core::primitive::i64;
        u8 = U8 of core::primitive::u8 as core::primitive::u8;
        u16 = U16 of core::primitive::u16 as core::primitive::u16;
        u32 = U32 of core::primitive::u32 as core::primitive::u32;
        u64 = U64 of core::primitive::u64 as core::primitive::u64;
        f16 = F16 of crate::half::Half as core::primitive::f32;
        f32 = F32 of core::primitive::f32 as core::primitive::f32;
        f64 = F64 of core::primitive::f64 as core::primitive::f64;
        c64 = C64 of Complex<core::primitive::f32> as Complex<core::primitive::f32>;
        c128 = C128 of Complex<core::primitive::f64> as Complex<core::primitive::f64>;
    }
}

/// Dtype names as functions: NumPy's `astype` of one value.
pub mod conversions {
    use num_complex::Complex;

    use crate::convert::To;
    use crate::half::Half;

    macro_rules! conversion {
        ($($name:ident -> $value:ty),*) => {
            $(
                #[doc = concat!("`x` as `", stringify!($name), "`.")]
                #[inline(always)]
                pub fn $name<X: To<$value>>(x: X) -> $value {
                    x.to()
                }
            )*
        };
    }
    conversion!(bool -> bool, i8 -> i8, i16 -> i16, i32 -> i32, i64 -> i64, u8 -> u8, u16 -> u16, u32 -> u32, u64 -> u64);
    conversion!(f32 -> f32, f64 -> f64, c64 -> Complex<f32>, c128 -> Complex<f64>);

    /// `x` rounded to half precision.
    #[inline(always)]
    pub fn f16<X: To<Half>>(x: X) -> f32 {
        x.to().to_f32()
    }
}
