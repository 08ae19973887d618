//! The table of dtypes.

/// A dtype that kernels compute with.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
#[allow(missing_docs)]
pub enum DType {
    Bool,
    I8,
    U8,
    I16,
    U16,
    I32,
    U32,
    I64,
    U64,
    F16,
    F32,
    F64,
    C64,
    C128,
}

impl DType {
    /// Every dtype, in the order in which NumPy's type resolution tries loops.
    pub const ALL: [DType; 14] = [
        DType::Bool,
        DType::I8,
        DType::U8,
        DType::I16,
        DType::U16,
        DType::I32,
        DType::U32,
        DType::I64,
        DType::U64,
        DType::F16,
        DType::F32,
        DType::F64,
        DType::C64,
        DType::C128,
    ];

    /// The name in specs and in generated Rust, `f64`, and NumPy's long name, `float64`.
    const fn names(self) -> (&'static str, &'static str) {
        match self {
            DType::Bool => ("bool", "bool"),
            DType::I8 => ("i8", "int8"),
            DType::U8 => ("u8", "uint8"),
            DType::I16 => ("i16", "int16"),
            DType::U16 => ("u16", "uint16"),
            DType::I32 => ("i32", "int32"),
            DType::U32 => ("u32", "uint32"),
            DType::I64 => ("i64", "int64"),
            DType::U64 => ("u64", "uint64"),
            DType::F16 => ("f16", "float16"),
            DType::F32 => ("f32", "float32"),
            DType::F64 => ("f64", "float64"),
            DType::C64 => ("c64", "complex64"),
            DType::C128 => ("c128", "complex128"),
        }
    }

    /// The name in specs and in generated Rust, `f64`.
    pub const fn name(self) -> &'static str {
        self.names().0
    }

    /// NumPy's name, `float64`.
    pub const fn numpy_name(self) -> &'static str {
        self.names().1
    }

    /// The dtype of a name in specs: its own, NumPy's long one, or NumPy's name for the size of a pointer.
    pub fn from_name(name: &str) -> Option<DType> {
        match name {
            "intp" => Some(DType::I64),
            "uintp" => Some(DType::U64),
            _ => Self::ALL.into_iter().find(|dtype| dtype.name() == name || dtype.numpy_name() == name),
        }
    }

    /// Whether it is an integer of either sign; `bool` is none.
    pub const fn is_integer(self) -> bool {
        !matches!(self, DType::Bool) && !self.is_inexact()
    }

    /// Whether Rust's `/` differs from NumPy's: integers panic by zero, complex numbers overflow on the way.
    pub const fn divides_apart(self) -> bool {
        self.is_integer() || self.is_complex()
    }

    /// Whether it is an integer without a sign.
    pub const fn is_unsigned(self) -> bool {
        matches!(self, DType::U8 | DType::U16 | DType::U32 | DType::U64)
    }

    /// Whether it is a float or complex.
    pub const fn is_inexact(self) -> bool {
        matches!(self, DType::F16 | DType::F32 | DType::F64 | DType::C64 | DType::C128)
    }

    /// Whether it is complex.
    pub const fn is_complex(self) -> bool {
        matches!(self, DType::C64 | DType::C128)
    }

    /// Bytes of an element.
    pub const fn size(self) -> usize {
        match self {
            DType::Bool | DType::I8 | DType::U8 => 1,
            DType::I16 | DType::U16 | DType::F16 => 2,
            DType::I32 | DType::U32 | DType::F32 => 4,
            DType::I64 | DType::U64 | DType::F64 | DType::C64 => 8,
            DType::C128 => 16,
        }
    }

    /// Whether every value survives the conversion, by NumPy's "safe" rule (where int64 to float64 is safe).
    pub fn casts_safely_to(self, to: DType) -> bool {
        let float = |dtype: DType| if dtype.is_complex() { dtype.size() / 2 } else { dtype.size() };
        match (self, to) {
            _ if self == to || self == DType::Bool => true,
            (_, DType::Bool) => false,
            _ if self.is_complex() => to.is_complex() && to.size() >= self.size(),
            _ if self.is_inexact() => to.is_inexact() && float(to) >= self.size(),
            _ if to.is_inexact() => float(to) > self.size() || float(to) == 8,
            _ if self.is_unsigned() && to.is_unsigned() => to.size() >= self.size(),
            _ if self.is_unsigned() => to.size() > self.size(),
            _ => !to.is_unsigned() && to.size() >= self.size(),
        }
    }
}
