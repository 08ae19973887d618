//! NaN and infinity among numbers: what decides whether a raised flag is worth a warning.

use crate::block::{BLOCK, Row};
use crate::dtype::DType;
use crate::flags::Flags;

/// Which values that arithmetic cannot go on from are among some numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Specials {
    /// A NaN.
    pub nan: bool,
    /// An infinity.
    pub infinite: bool,
}

/// Adds what is special about the `n` values of a row of `dtype`.
///
/// # Safety
/// The row holds them.
pub unsafe fn look(found: &mut Specials, dtype: DType, row: Row, n: usize) {
    // SAFETY: the caller vouches for the values.
    unsafe {
        match dtype.value() {
            DType::F32 => (0..n).for_each(|k| found.add(row.get::<f32>(k).into())),
            DType::F64 => (0..n).for_each(|k| found.add(row.get(k))),
            DType::C64 => {
                (0..n).for_each(|k| row.get::<[f32; 2]>(k).into_iter().for_each(|part| found.add(part.into())))
            }
            DType::C128 => (0..n).for_each(|k| row.get::<[f64; 2]>(k).into_iter().for_each(|part| found.add(part))),
            _ => {}
        }
    }
}

impl Specials {
    fn add(&mut self, value: f64) {
        self.nan |= value.is_nan();
        self.infinite |= value.is_infinite();
    }
}

/// The flags to report: those that were declared, and those that values bear out. Invalid where there is a NaN out of none,
/// divide and overflow where there is an infinity out of finite numbers.
pub fn borne_out(raised: Flags, found: Specials, came: Specials) -> Flags {
    let mut believed = Flags::NONE;
    if found.nan && !came.nan {
        believed = believed.and(Flags::INVALID).and(Flags::DIVIDE);
    }
    if found.infinite && !came.infinite {
        believed = believed.and(Flags::DIVIDE).and(Flags::OVERFLOW);
    }
    Flags(raised.0 & believed.0).and(raised.declared())
}

/// The same for elementwise values, each held against those that it was made of.
///
/// # Safety
/// Each row holds `n` values of its dtype, at most [`BLOCK`].
pub unsafe fn borne_out_by_each(
    raised: Flags,
    n: usize,
    inputs: impl Iterator<Item = (DType, *const u8)>,
    outputs: impl Iterator<Item = (DType, *const u8)>,
) -> Flags {
    let (mut came, mut found) = ([0; BLOCK], [0; BLOCK]);
    // SAFETY: the caller vouches for the rows.
    unsafe {
        inputs.for_each(|(dtype, row)| mark(dtype, row, &mut came[..n]));
        outputs.for_each(|(dtype, row)| mark(dtype, row, &mut found[..n]));
    }
    let new = found.iter().zip(came).fold(0, |new, (&found, came)| new | found & !came);
    let found = Specials { nan: new & NAN != 0, infinite: new & INFINITE != 0 };
    borne_out(raised, found, Specials::default())
}

/// The mark of a NaN.
const NAN: u8 = 1;

/// The mark of an infinity.
const INFINITE: u8 = 2;

/// Marks the values of a row that are special.
///
/// # Safety
/// The row holds as many values of `dtype` as there are marks.
unsafe fn mark(dtype: DType, row: *const u8, marks: &mut [u8]) {
    macro_rules! parts {
        ($float:ident, $parts:literal) => {
            for (k, mark) in marks.iter_mut().enumerate() {
                // SAFETY: there is a value for each mark.
                let value = unsafe { row.cast::<[$float; $parts]>().add(k).read() };
                for part in value {
                    *mark |= u8::from(part.is_nan()) * NAN | u8::from(part.is_infinite()) * INFINITE;
                }
            }
        };
    }
    match dtype.value() {
        DType::F32 => parts!(f32, 1),
        DType::F64 => parts!(f64, 1),
        DType::C64 => parts!(f32, 2),
        DType::C128 => parts!(f64, 2),
        _ => {}
    }
}
