//! Whether results of slices bear out the floating-point flags that their computation has raised.

use crate::block::{BLOCK, Fold, Row};
use crate::dtype::{DType, Kind};
use crate::flags::{self, Flags};
use crate::slices::Slices;
use crate::special::{Specials, borne_out, look};
use crate::tile::NoMemory;
use crate::walk::{MAX_READ, advance};

/// The flags that are ever reported.
const REPORTED: u32 = Flags::DIVIDE.0 | Flags::OVERFLOW.0 | Flags::INVALID.0;

/// What there is to report once `len` results are made, which stand at `position` of `dims` and in `rows` of `dtypes`: what was
/// `reported` before, and those of the `raised` flags that a result and its slice bear out. Clears the flags.
///
/// # Errors
/// If there is no memory.
///
/// # Safety
/// The rows hold as many values, and what `slices` leads to is readable.
#[cold]
#[allow(clippy::too_many_arguments)]
pub unsafe fn report(
    raised: Flags,
    reported: Flags,
    it: &Fold,
    slices: &mut Slices,
    dims: &[usize],
    position: &[usize],
    dtypes: &[DType],
    rows: &[*mut u8],
    len: usize,
) -> Result<Flags, NoMemory> {
    let mut reported = reported.and(raised.declared());
    let inexact = dtypes.iter().any(|dtype| dtype.kind() >= Kind::Float);
    let mut position = position.to_vec();
    for k in 0..len {
        if !inexact || raised.0 & !reported.0 & REPORTED == 0 {
            break;
        }
        let mut found = Specials::default();
        for (dtype, row) in dtypes.iter().zip(rows) {
            let size = dtype.value().size();
            let value = Row::new(row.wrapping_add(k * size).cast_const(), 0);
            // SAFETY: there is a value for each result.
            unsafe { look(&mut found, *dtype, value, 1) };
        }
        if found != Specials::default() {
            slices.seek(&position);
            // SAFETY: the operands are readable.
            let came = unsafe { slice_specials(it, slices, found)? };
            reported = reported.and(borne_out(raised, found, came));
        }
        advance(dims, &mut position, 1);
    }
    flags::clear();
    Ok(reported)
}

/// What is special about the elements of the result that was sought: as far as it takes to know about `found`.
unsafe fn slice_specials(it: &Fold, slices: &mut Slices, found: Specials) -> Result<Specials, NoMemory> {
    let mut came = Specials::default();
    let mut rows = [Row::EMPTY; MAX_READ];
    let n = slices.len();
    for start in (0..n).step_by(BLOCK) {
        // SAFETY: passed on; as many elements are left.
        unsafe {
            let (len, _) = slices.next(it, BLOCK.min(n - start), &mut rows)?;
            for (&dtype, row) in it.inputs.iter().zip(rows) {
                look(&mut came, dtype, row, len);
            }
        }
        if (came.nan || !found.nan) && (came.infinite || !found.infinite) {
            break;
        }
    }
    Ok(came)
}
