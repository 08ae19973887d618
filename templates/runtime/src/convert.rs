//! Conversion between dtypes, value by value and block by block, with the meaning of NumPy's `astype`.
//!
//! Floats become integers by Rust's `as`: towards zero, saturating, NaN to 0. There is no way from complex to real here.

use num_complex::Complex;

use crate::dtype::DType;
use crate::half::Half;

/// A bool as an array stores it: any byte but 0 is true (`x.view(bool)` can hold a 2).
#[derive(Debug, Clone, Copy)]
#[repr(transparent)]
pub struct StoredBool(u8);

/// The same value in another dtype.
pub trait To<D> {
    /// Converts one value.
    fn to(self) -> D;
}

macro_rules! real_to_real {
    ($from:ident => $($to:ident)*) => {
        $(impl To<$to> for $from {
            #[inline(always)]
            fn to(self) -> $to {
                self as $to
            }
        })*
    };
}

/// From a number: to every number, to bool, to complex, to a half.
macro_rules! from_real {
    ($($from:ident)*) => {
        $(
            real_to_real!($from => i8 i16 i32 i64 u8 u16 u32 u64 usize f32 f64);
            impl To<bool> for $from {
                #[inline(always)]
                fn to(self) -> bool {
                    self != 0 as $from
                }
            }
            impl To<Complex<f32>> for $from {
                #[inline(always)]
                fn to(self) -> Complex<f32> {
                    Complex::new(self as f32, 0.0)
                }
            }
            impl To<Complex<f64>> for $from {
                #[inline(always)]
                fn to(self) -> Complex<f64> {
                    Complex::new(self as f64, 0.0)
                }
            }
        )*
    };
}
from_real!(i8 i16 i32 i64 u8 u16 u32 u64 usize f32 f64);

/// To a half: as NumPy does, integers by way of single precision.
macro_rules! to_half {
    ($($from:ident by $round:ident $by:ident),*) => {
        $(impl To<Half> for $from {
            #[inline(always)]
            fn to(self) -> Half {
                Half::$round(self as $by)
            }
        })*
    };
}
to_half!(i8 by from_f32 f32, i16 by from_f32 f32, i32 by from_f32 f32, i64 by from_f32 f32);
to_half!(u8 by from_f32 f32, u16 by from_f32 f32, u32 by from_f32 f32, u64 by from_f32 f32, usize by from_f32 f32);
to_half!(f32 by from_f32 f32, f64 by from_f64 f64);

/// From what is converted by way of a number: bools, stored bools, halves.
macro_rules! by_way_of {
    ($from:ty, $number:ident, $value:ident => $by:expr) => {
        impl<D> To<D> for $from
        where
            $number: To<D>,
        {
            #[inline(always)]
            fn to(self) -> D {
                let $value = self;
                $by.to()
            }
        }
    };
}
by_way_of!(bool, u8, value => (value as u8));
by_way_of!(StoredBool, u8, value => u8::from(value.0 != 0));
by_way_of!(Half, f32, value => value.to_f32());

macro_rules! from_complex {
    ($($from:ident => $($to:ident)*),*) => {
        $($(impl To<Complex<$to>> for Complex<$from> {
            #[inline(always)]
            fn to(self) -> Complex<$to> {
                Complex::new(self.re as $to, self.im as $to)
            }
        })*)*
    };
}
from_complex!(f32 => f32 f64, f64 => f32 f64);

/// Converts `n` elements at `from`, contiguous, aligned, in native byte order, to values at `to`.
///
/// # Safety
/// `from` holds `n` elements of the source dtype and `to` has room for `n` values of the target dtype
/// ([`DType::value`]), both aligned for their words; the two do not overlap.
pub type Convert = unsafe fn(from: *const u8, to: *mut u8, n: usize);

/// The loop behind a [`Convert`]; `V` is the target's dtype as stored, `D` its values.
///
/// # Safety
/// As for [`Convert`].
#[inline(always)]
unsafe fn convert<S, V, D>(from: *const u8, to: *mut u8, n: usize)
where
    S: To<V> + Copy,
    V: To<D>,
{
    let (from, to) = (from.cast::<S>(), to.cast::<D>());
    for k in 0..n {
        // SAFETY: k < n, and the caller vouches for n elements on both sides.
        unsafe { to.add(k).write(from.add(k).read().to().to()) }
    }
}

/// One conversion, compiled for the baseline and for AVX2.
struct Pair<S, V, D>(std::marker::PhantomData<(S, V, D)>);

impl<S: To<V> + Copy, V: To<D>, D> Pair<S, V, D> {
    const BASE: Convert = Self::base;
    #[cfg(target_arch = "x86_64")]
    const WIDE: Convert = Self::wide;
    #[cfg(not(target_arch = "x86_64"))]
    const WIDE: Convert = Self::base;

    /// # Safety
    /// As for [`Convert`].
    unsafe fn base(from: *const u8, to: *mut u8, n: usize) {
        // SAFETY: passed on.
        unsafe { convert::<S, V, D>(from, to, n) }
    }

    /// # Safety
    /// As for [`Convert`], on a CPU of level v3 or higher.
    #[cfg(target_arch = "x86_64")]
    #[target_feature(enable = "avx,avx2,fma,bmi1,bmi2,lzcnt,movbe,popcnt,f16c")]
    unsafe fn wide(from: *const u8, to: *mut u8, n: usize) {
        // SAFETY: passed on.
        unsafe { convert::<S, V, D>(from, to, n) }
    }

    fn at(level: crate::level::Level) -> Option<Convert> {
        Some(if level >= crate::level::Level::V3 { Self::WIDE } else { Self::BASE })
    }
}

/// The way from elements of `from` to values of `to`, or `None` where there is none (complex to real).
pub fn converter(from: DType, to: DType) -> Option<Convert> {
    let level = crate::level::level();
    macro_rules! to {
        ($s:ty) => {
            match to {
                DType::Bool => Pair::<$s, bool, bool>::at(level),
                DType::I8 => Pair::<$s, i8, i8>::at(level),
                DType::U8 => Pair::<$s, u8, u8>::at(level),
                DType::I16 => Pair::<$s, i16, i16>::at(level),
                DType::U16 => Pair::<$s, u16, u16>::at(level),
                DType::I32 => Pair::<$s, i32, i32>::at(level),
                DType::U32 => Pair::<$s, u32, u32>::at(level),
                DType::I64 => Pair::<$s, i64, i64>::at(level),
                DType::U64 => Pair::<$s, u64, u64>::at(level),
                DType::F16 => Pair::<$s, Half, f32>::at(level),
                DType::F32 => Pair::<$s, f32, f32>::at(level),
                DType::F64 => Pair::<$s, f64, f64>::at(level),
                DType::C64 => Pair::<$s, Complex<f32>, Complex<f32>>::at(level),
                DType::C128 => Pair::<$s, Complex<f64>, Complex<f64>>::at(level),
            }
        };
    }
    macro_rules! to_complex {
        ($s:ty) => {
            match to {
                DType::C64 => Pair::<$s, Complex<f32>, Complex<f32>>::at(level),
                DType::C128 => Pair::<$s, Complex<f64>, Complex<f64>>::at(level),
                _ => None,
            }
        };
    }
    match from {
        DType::Bool => to!(StoredBool),
        DType::I8 => to!(i8),
        DType::U8 => to!(u8),
        DType::I16 => to!(i16),
        DType::U16 => to!(u16),
        DType::I32 => to!(i32),
        DType::U32 => to!(u32),
        DType::I64 => to!(i64),
        DType::U64 => to!(u64),
        DType::F16 => to!(Half),
        DType::F32 => to!(f32),
        DType::F64 => to!(f64),
        DType::C64 => to_complex!(Complex<f32>),
        DType::C128 => to_complex!(Complex<f64>),
    }
}

/// The way from values of `from` ([`DType::value`]) to elements of `to`, or `None` where there is none (complex to real).
pub fn storer(from: DType, to: DType) -> Option<Convert> {
    let level = crate::level::level();
    macro_rules! from_half {
        ($($dtype:ident = $stored:ty),*) => {
            match to {
                $(DType::$dtype => Pair::<f32, Half, $stored>::at(level),)*
            }
        };
    }
    macro_rules! to_half {
        ($($dtype:ident = $value:ty),*) => {
            match from {
                $(DType::$dtype => Pair::<$value, $value, Half>::at(level),)*
                DType::F16 | DType::C64 | DType::C128 => None,
            }
        };
    }
    match (from, to) {
        (DType::F16, _) => from_half!(
            Bool = bool, I8 = i8, U8 = u8, I16 = i16, U16 = u16, I32 = i32, U32 = u32, I64 = i64, U64 = u64,
            F16 = Half, F32 = f32, F64 = f64, C64 = Complex<f32>, C128 = Complex<f64>
        ),
        (_, DType::F16) => to_half!(
            Bool = u8,
            I8 = i8,
            U8 = u8,
            I16 = i16,
            U16 = u16,
            I32 = i32,
            U32 = u32,
            I64 = i64,
            U64 = u64,
            F32 = f32,
            F64 = f64
        ),
        // Everything else is stored as it is computed.
        _ => converter(from, to),
    }
}
