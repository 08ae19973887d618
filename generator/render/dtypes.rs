//! Which dtypes an operand has over all loops, and how they are named.

use crate::model::{DType, Kernel, Type};

/// The dtypes of `ty` over all loops, each once, in the order of the loops.
pub(super) fn over_loops(ty: &Type, kernel: &Kernel) -> Vec<DType> {
    let mut dtypes = Vec::new();
    match ty {
        Type::Fixed(dtype) => dtypes.push(*dtype),
        Type::Variable(place) => {
            for dtype in kernel.loops.iter().filter_map(|each| each.types.get(*place)) {
                if !dtypes.contains(dtype) {
                    dtypes.push(*dtype);
                }
            }
        }
    }
    dtypes
}

/// Whether `ty` is one float or complex dtype.
pub(super) fn is_always_inexact(ty: &Type) -> bool {
    matches!(ty, Type::Fixed(dtype) if is_float(*dtype) || is_complex(*dtype))
}

/// Whether a dtype holds floats.
pub(super) fn is_float(dtype: DType) -> bool {
    matches!(dtype, DType::F16 | DType::F32 | DType::F64)
}

/// Whether a dtype holds complex numbers.
pub(super) fn is_complex(dtype: DType) -> bool {
    matches!(dtype, DType::C64 | DType::C128)
}

/// `float32 or float64`.
pub(super) fn words(dtypes: &[DType]) -> String {
    match dtypes {
        [] => String::new(),
        [only] => only.numpy_name().to_owned(),
        [others @ .., last] => {
            let others: Vec<_> = others.iter().map(|dtype| dtype.numpy_name()).collect();
            format!("{} or {}", others.join(", "), last.numpy_name())
        }
    }
}
