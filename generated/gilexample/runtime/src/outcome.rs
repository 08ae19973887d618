//! What a fold along axes comes to besides its results: flags to report, and results that stand for nothing.

use crate::dtype::DType;
use crate::flags::Flags;
use crate::fold::FoldError;

/// What there is to report of a fold or a scan.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Outcome {
    /// Floating-point flags that the values bear out.
    pub flags: Flags,
    /// Whether for some result every element was left out, and nothing stands for none.
    pub nothing: bool,
}

impl Outcome {
    /// Nothing to report.
    pub const NONE: Outcome = Outcome { flags: Flags::NONE, nothing: false };

    /// What there is to report of two parts.
    pub fn and(self, other: Outcome) -> Outcome {
        Outcome { flags: self.flags.and(other.flags), nothing: self.nothing || other.nothing }
    }
}

/// Results that say that there is nothing.
pub trait NaN {
    /// Writes NaN to some places of rows of these dtypes.
    ///
    /// # Safety
    /// The rows have those places.
    unsafe fn write_nan(&self, rows: &[*mut u8], places: std::ops::Range<usize>) -> Result<(), FoldError>;
}

impl NaN for [DType] {
    unsafe fn write_nan(&self, rows: &[*mut u8], places: std::ops::Range<usize>) -> Result<(), FoldError> {
        for (dtype, row) in self.iter().zip(rows) {
            for k in places.clone() {
                // SAFETY: the caller vouches for the places.
                unsafe {
                    match dtype.value() {
                        DType::F32 => row.cast::<f32>().add(k).write(f32::NAN),
                        DType::F64 => row.cast::<f64>().add(k).write(f64::NAN),
                        DType::C64 => row.cast::<[f32; 2]>().add(k).write([f32::NAN; 2]),
                        DType::C128 => row.cast::<[f64; 2]>().add(k).write([f64::NAN; 2]),
                        _ => return Err(FoldError::AllSkipped),
                    }
                }
            }
        }
        Ok(())
    }
}
