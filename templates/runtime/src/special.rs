//! NaN and infinity among numbers: what decides whether a raised flag is worth a warning.

use std::ptr;

use crate::block::Row;
use crate::dtype::DType;
use crate::flags::Flags;
use crate::scalar::Slot;
use crate::tile::{BLOCK, NoMemory};
use crate::walk::{MAX_OPERANDS, Walk};

/// Which values that arithmetic cannot go on from are among some numbers.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Specials {
    /// A NaN.
    pub nan: bool,
    /// An infinity.
    pub infinite: bool,
}

impl Specials {
    /// Looks at the `n` values of a row of `dtype`.
    ///
    /// # Safety
    /// The row holds them.
    unsafe fn look(&mut self, dtype: DType, row: Row, n: usize) {
        // SAFETY: the caller vouches for the values.
        unsafe {
            match dtype.value() {
                DType::F32 => (0..n).for_each(|k| self.add(row.get::<f32>(k).into())),
                DType::F64 => (0..n).for_each(|k| self.add(row.get(k))),
                DType::C64 => {
                    (0..n).for_each(|k| row.get::<[f32; 2]>(k).into_iter().for_each(|part| self.add(part.into())))
                }
                DType::C128 => (0..n).for_each(|k| row.get::<[f64; 2]>(k).into_iter().for_each(|part| self.add(part))),
                _ => {}
            }
        }
    }

    fn add(&mut self, value: f64) {
        self.nan |= value.is_nan();
        self.infinite |= value.is_infinite();
    }
}

/// What is special about a fold's outputs.
pub fn specials(dtypes: &[DType], outputs: &[Slot]) -> Specials {
    let mut found = Specials::default();
    for (&dtype, slot) in dtypes.iter().zip(outputs) {
        // SAFETY: the slot holds a value of the dtype.
        unsafe { found.look(dtype, Row { data: ptr::from_ref(slot).cast(), stride: 0 }, 1) };
    }
    found
}

/// What is special about the operands of a new walk whose values are of `dtypes`.
///
/// # Safety
/// The operands are readable.
pub unsafe fn walk_specials(dtypes: &[DType], walk: &mut Walk) -> Result<Specials, NoMemory> {
    let mut found = Specials::default();
    let mut inputs = [Row::EMPTY; MAX_OPERANDS];
    let n = walk.len();
    for start in (0..n).step_by(BLOCK) {
        let len = BLOCK.min(n - start);
        // SAFETY: passed on; `len` elements are left.
        unsafe {
            walk.next(len, &mut inputs)?;
            for (&dtype, values) in dtypes.iter().zip(inputs) {
                found.look(dtype, values, len);
            }
        }
    }
    Ok(found)
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
