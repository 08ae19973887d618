//! Scalars that are handed to block functions and back: slots, and the params of a kernel.

use num_complex::Complex;

use crate::dtype::DType;
use crate::formula::Formula;
pub use crate::formula::Value;

/// Room for one scalar of any dtype: a param, an output, a piece of a state.
#[derive(Debug, Clone, Copy)]
#[repr(C, align(16))]
pub struct Slot([u8; 16]);

impl Slot {
    /// A slot of zeros.
    pub const ZERO: Slot = Slot([0; 16]);

    /// Writes a value of at most 16 bytes.
    #[inline(always)]
    pub fn write<V: Copy>(&mut self, value: V) {
        const { assert!(size_of::<V>() <= 16 && align_of::<V>() <= 16) };
        // SAFETY: the slot is large enough and aligned for V.
        unsafe { std::ptr::from_mut(self).cast::<V>().write(value) }
    }

    /// Reads a value of at most 16 bytes.
    ///
    /// # Safety
    /// A value of this type was written last.
    #[inline(always)]
    pub unsafe fn read<V: Copy>(&self) -> V {
        const { assert!(size_of::<V>() <= 16 && align_of::<V>() <= 16) };
        // SAFETY: the caller vouches for the type.
        unsafe { std::ptr::from_ref(self).cast::<V>().read() }
    }
}

/// The type of a param.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ScalarType {
    /// A scalar of this dtype; half precision is read as `float32`.
    Number(DType),
    /// A size: whole and not negative.
    Size,
    /// One of these strings, handed on by its index.
    Choice(&'static [&'static str]),
}

/// A keyword-only scalar of a kernel.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name in calls and errors.
    pub name: &'static str,
    /// Its value where a call gives none.
    pub default: Option<Value>,
    /// The same where it is made of the dimensions of a call and the params before.
    pub formula: Option<Formula>,
}

impl Param {
    /// A param whose default is made of dimensions and params.
    pub const fn computed(name: &'static str, formula: Formula) -> Param {
        Param { name, default: None, formula: Some(formula) }
    }

    /// A param with a default.
    pub const fn new(name: &'static str, default: Value) -> Param {
        Param { name, default: Some(default), formula: None }
    }

    /// A param that every call gives.
    pub const fn required(name: &'static str) -> Param {
        Param { name, default: None, formula: None }
    }

    /// A param that is one of `values`, the one at `default` if a call gives none.
    pub const fn choice(name: &'static str, _values: &'static [&'static str], default: Option<usize>) -> Param {
        let default = match default {
            Some(index) => Some(Value::Int(index as i64)),
            None => None,
        };
        Param { name, default, formula: None }
    }
}

/// A Rust type that a param can have.
pub trait Scalar: Copy {
    /// The type that Python's value is checked against.
    const TYPE: ScalarType;

    /// Reads a slot that was written for [`Self::TYPE`].
    ///
    /// # Safety
    /// It was.
    unsafe fn read(slot: &Slot) -> Self;

    /// Writes it to a slot.
    fn slot(self) -> Slot;

    /// The same as formulas see it: of a complex number, the real part.
    fn value(self) -> Value;
}

macro_rules! scalar {
    ($($type:ty = $name:expr, |$x:ident| $value:expr;)*) => {
        $(impl Scalar for $type {
            const TYPE: ScalarType = $name;

            #[allow(clippy::useless_conversion)]
            fn value(self) -> Value {
                let $x = self;
                $value
            }

            #[inline(always)]
            unsafe fn read(slot: &Slot) -> Self {
                // SAFETY: the caller vouches for the type.
                unsafe { slot.read() }
            }

            #[inline(always)]
            fn slot(self) -> Slot {
                let mut slot = Slot::ZERO;
                slot.write(self);
                slot
            }
        })*
    };
}
scalar! {
    bool = ScalarType::Number(DType::Bool), |x| Value::Bool(x);
    i8 = ScalarType::Number(DType::I8), |x| Value::Int(x.into());
    i16 = ScalarType::Number(DType::I16), |x| Value::Int(x.into());
    i32 = ScalarType::Number(DType::I32), |x| Value::Int(x.into());
    i64 = ScalarType::Number(DType::I64), |x| Value::Int(x.into());
    u8 = ScalarType::Number(DType::U8), |x| Value::Int(x.into());
    u16 = ScalarType::Number(DType::U16), |x| Value::Int(x.into());
    u32 = ScalarType::Number(DType::U32), |x| Value::Int(x.into());
    u64 = ScalarType::Number(DType::U64), |x| Value::UInt(x as u64);
    f32 = ScalarType::Number(DType::F32), |x| Value::Float(x.into());
    f64 = ScalarType::Number(DType::F64), |x| Value::Float(x.into());
    Complex<f32> = ScalarType::Number(DType::C64), |x| Value::Float(x.re.into());
    Complex<f64> = ScalarType::Number(DType::C128), |x| Value::Float(x.re.into());
    usize = ScalarType::Size, |x| Value::UInt(x as u64);
}

/// Declares the enum of a param that is one of several strings.
#[macro_export]
macro_rules! choice {
    ($(#[$doc:meta])* pub enum $name:ident { $($variant:ident = $text:literal),+ $(,)? }) => {
        $(#[$doc])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[allow(missing_docs)]
        pub enum $name {
            $($variant),+
        }

        impl $crate::scalar::Scalar for $name {
            const TYPE: $crate::scalar::ScalarType = $crate::scalar::ScalarType::Choice(&[$($text),+]);

            #[inline(always)]
            unsafe fn read(slot: &$crate::scalar::Slot) -> Self {
                // SAFETY: a choice is written as its index, a usize.
                let index = unsafe { slot.read::<usize>() };
                [$(Self::$variant),+][index]
            }

            fn value(self) -> $crate::scalar::Value {
                $crate::scalar::Value::Int(self as i64)
            }

            fn slot(self) -> $crate::scalar::Slot {
                let mut slot = $crate::scalar::Slot::ZERO;
                slot.write(self as usize);
                slot
            }
        }
    };
}
