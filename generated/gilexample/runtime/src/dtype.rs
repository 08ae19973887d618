//! The table of dtypes: names, sizes, NumPy's kinds, and which casts to which.

/// A dtype that kernels compute with.
///
/// The order is the one in which loops are tried: bool, integers by width with the signed one first, floats, complex.
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

/// What NumPy calls the kind of a dtype, ordered as `same_kind` casts go up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Kind {
    Bool,
    Unsigned,
    Signed,
    Float,
    Complex,
}

/// Which conversions of dtype an input allows, with NumPy's names and meaning.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[allow(missing_docs)]
pub enum Cast {
    No,
    Equiv,
    Safe,
    SameKind,
    Unsafe,
}

impl Cast {
    /// NumPy's name of the rule, for errors.
    pub fn name(self) -> &'static str {
        match self {
            Cast::No => "no",
            Cast::Equiv => "equiv",
            Cast::Safe => "safe",
            Cast::SameKind => "same_kind",
            Cast::Unsafe => "unsafe",
        }
    }
}

impl DType {
    /// Bytes of the widest element.
    pub const WIDEST: usize = 16;

    /// Every dtype, in order.
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

    /// In the same order NumPy's name, bytes an element, kind, and the bits of precision that decide what casts to it safely:
    /// those of the significand for floats, those of the magnitude for integers.
    const ROWS: [(&'static str, usize, Kind, u32); 14] = [
        ("bool", 1, Kind::Bool, 1),
        ("int8", 1, Kind::Signed, 7),
        ("uint8", 1, Kind::Unsigned, 8),
        ("int16", 2, Kind::Signed, 15),
        ("uint16", 2, Kind::Unsigned, 16),
        ("int32", 4, Kind::Signed, 31),
        ("uint32", 4, Kind::Unsigned, 32),
        ("int64", 8, Kind::Signed, 63),
        ("uint64", 8, Kind::Unsigned, 64),
        ("float16", 2, Kind::Float, 11),
        ("float32", 4, Kind::Float, 24),
        ("float64", 8, Kind::Float, 53),
        ("complex64", 8, Kind::Complex, 24),
        ("complex128", 16, Kind::Complex, 53),
    ];

    #[inline(always)]
    const fn row(self) -> &'static (&'static str, usize, Kind, u32) {
        const ROWS: &[(&str, usize, Kind, u32); 14] = &DType::ROWS;
        &ROWS[self as usize]
    }

    /// NumPy's name, `float64`.
    pub const fn name(self) -> &'static str {
        self.row().0
    }

    /// Bytes an element in an array.
    pub const fn size(self) -> usize {
        self.row().1
    }

    /// NumPy's kind.
    pub const fn kind(self) -> Kind {
        self.row().2
    }

    /// The dtype of the values that block functions see: half precision is computed in `float32`.
    pub const fn value(self) -> DType {
        match self {
            DType::F16 => DType::F32,
            other => other,
        }
    }

    /// Bytes and alignment of the whole swapped or loaded at once: half a complex, else the element.
    pub const fn word(self) -> usize {
        match self.kind() {
            Kind::Complex => self.size() / 2,
            _ => self.size(),
        }
    }

    /// Whether a whole number is exact in this dtype.
    pub const fn holds(self, value: i64) -> bool {
        match self.kind() {
            Kind::Bool => value == 0 || value == 1,
            Kind::Unsigned => value >= 0 && (self.size() == 8 || value >> (8 * self.size()) == 0),
            Kind::Signed => value >> (8 * self.size() - 1) == value >> 63,
            Kind::Float | Kind::Complex => value.unsigned_abs() <= 1 << self.row().3,
        }
    }

    /// Whether every value of `self` is exact in `to`, as `np.can_cast(self, to, "safe")` has it. (NumPy counts 64-bit integers
    /// as safe in `float64`, and so do we.)
    pub const fn casts_safely(self, to: DType) -> bool {
        let (from_bits, to_bits) = (self.row().3, to.row().3);
        match (self.kind(), to.kind()) {
            (Kind::Bool, _) => true,
            (Kind::Unsigned, Kind::Unsigned | Kind::Signed) => from_bits <= to_bits,
            (Kind::Signed, Kind::Signed) => from_bits <= to_bits,
            (Kind::Unsigned | Kind::Signed, Kind::Float | Kind::Complex) => from_bits <= to_bits || to_bits == 53,
            (Kind::Float, Kind::Float | Kind::Complex) => from_bits <= to_bits,
            (Kind::Complex, Kind::Complex) => from_bits <= to_bits,
            _ => false,
        }
    }

    /// Whether an array of `self` may be converted to `to` under `rule`. Byte order is not looked at. A complex number is
    /// never made real, whatever the rule: that would drop its imaginary part.
    pub fn casts(self, to: DType, rule: Cast) -> bool {
        match rule {
            Cast::No | Cast::Equiv => self == to,
            Cast::Safe => self.casts_safely(to),
            Cast::SameKind => self.casts_safely(to) || (self.kind() <= to.kind()),
            Cast::Unsafe => self.kind() != Kind::Complex || to.kind() == Kind::Complex,
        }
    }
}
