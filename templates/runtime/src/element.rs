//! Rust types that are elements of arrays.

use num_complex::Complex;

use crate::dtype::DType;
use crate::half::Half;

/// A Rust type that is an element of some dtype.
///
/// # Safety
/// The type has the size and the layout of an element of [`Self::DTYPE`].
pub unsafe trait Element: Copy {
    /// The row of the table.
    const DTYPE: DType;
}

macro_rules! element {
    ($($type:ty = $dtype:ident),*) => {
        // SAFETY: each is what NumPy stores for the dtype.
        $(unsafe impl Element for $type {
            const DTYPE: DType = DType::$dtype;
        })*
    };
}
element!(bool = Bool, i8 = I8, u8 = U8, i16 = I16, u16 = U16, i32 = I32, u32 = U32, i64 = I64, u64 = U64);
element!(Half = F16, f32 = F32, f64 = F64, Complex<f32> = C64, Complex<f64> = C128);
