//! Scalars that are handed to block functions and back: slots, and the params of a kernel.

use num_complex::Complex;

use crate::dtype::DType;

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

/// A default of a param, converted to its type when the module is made.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum Value {
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A whole number too large for an `Int`.
    UInt(u64),
    /// A float.
    Float(f64),
}

/// A keyword-only scalar of a kernel.
#[derive(Debug, Clone, Copy)]
pub struct Param {
    /// Its name in calls and errors.
    pub name: &'static str,
    /// Its value where a call gives none.
    pub default: Option<Value>,
}

impl Param {
    /// A param with a default.
    pub const fn new(name: &'static str, default: Value) -> Param {
        Param { name, default: Some(default) }
    }

    /// A param that every call gives.
    pub const fn required(name: &'static str) -> Param {
        Param { name, default: None }
    }

    /// A param that is one of `values`, the one at `default` if a call gives none.
    pub const fn choice(name: &'static str, _values: &'static [&'static str], default: Option<usize>) -> Param {
        let default = match default {
            Some(index) => Some(Value::Int(index as i64)),
            None => None,
        };
        Param { name, default }
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
}

macro_rules! scalar {
    ($($type:ty = $name:expr;)*) => {
        $(impl Scalar for $type {
            const TYPE: ScalarType = $name;

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
    bool = ScalarType::Number(DType::Bool);
    i8 = ScalarType::Number(DType::I8);
    i16 = ScalarType::Number(DType::I16);
    i32 = ScalarType::Number(DType::I32);
    i64 = ScalarType::Number(DType::I64);
    u8 = ScalarType::Number(DType::U8);
    u16 = ScalarType::Number(DType::U16);
    u32 = ScalarType::Number(DType::U32);
    u64 = ScalarType::Number(DType::U64);
    f32 = ScalarType::Number(DType::F32);
    f64 = ScalarType::Number(DType::F64);
    Complex<f32> = ScalarType::Number(DType::C64);
    Complex<f64> = ScalarType::Number(DType::C128);
    usize = ScalarType::Size;
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

            fn slot(self) -> $crate::scalar::Slot {
                let mut slot = $crate::scalar::Slot::ZERO;
                slot.write(self as usize);
                slot
            }
        }
    };
}
