//! NaN and infinity among numbers: what decides whether a raised flag is worth a warning.

use std::ptr;

use crate::block::Row;
use crate::dtype::DType;
use crate::flags::Flags;
use crate::scalar::Slot;
use crate::tile::{BLOCK, NoMemory};
use crate::walk::{MAX_INPUTS, Walk};

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
    let mut inputs = [Row::EMPTY; MAX_INPUTS];
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

/// The flags that values bear out: invalid where there is a NaN out of none, divide and overflow where there is an
/// infinity out of finite numbers. Integers (`whole`) have neither, and raise the divide flag only on purpose.
pub fn borne_out(raised: Flags, whole: bool, found: Specials, came: Specials) -> Flags {
    let mut believed = if whole { Flags::DIVIDE } else { Flags::NONE };
    if found.nan && !came.nan {
        believed = believed.and(Flags::INVALID).and(Flags::DIVIDE);
    }
    if found.infinite && !came.infinite {
        believed = believed.and(Flags::DIVIDE).and(Flags::OVERFLOW);
    }
    Flags(raised.0 & believed.0)
}
