//! Walks: blocks of several operands side by side, broadcast, with a tile for each.

use crate::block::Row;
use crate::dtype::DType;
use crate::shape::{Nest, broadcast};
use crate::tile::{BLOCK, Layout, NoMemory, Rows, Source, Tile};

/// The most inputs that a kernel may have, and the most outputs.
pub const MAX_OPERANDS: usize = 32;

/// Operands that cannot be walked together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkError {
    /// Their shapes do not broadcast.
    Shapes,
    /// Broadcast, they have more elements than an array can.
    TooLarge,
    /// One would have to be converted from complex to real.
    Complex,
}

/// A way through operands of any layout, block by block.
pub struct Walk {
    nest: Nest,
    tiles: Vec<Tile>,
    /// The index of each loop, outermost first.
    position: Vec<usize>,
}

impl Walk {
    /// A walk over `operands` whose values are to be of `dtypes`.
    ///
    /// In C order, or with `any_order` and more than one block in the order of memory: then the bits of a fold belong to
    /// the layout too.
    pub fn new(dtypes: &[DType], any_order: bool, operands: &[Layout]) -> Result<Walk, WalkError> {
        debug_assert!(operands.len() == dtypes.len() && operands.len() <= MAX_OPERANDS);
        let shapes: Vec<&[usize]> = operands.iter().map(|operand| &operand.dims[..]).collect();
        let shape = broadcast(&shapes).map_err(|_| WalkError::Shapes)?;
        let elements = shape.iter().try_fold(1isize, |n, &dim| n.checked_mul(isize::try_from(dim).ok()?));
        if elements.is_none() && !shape.contains(&0) {
            return Err(WalkError::TooLarge);
        }
        let axes: Vec<(&[usize], &[isize])> =
            operands.iter().map(|operand| (&operand.dims[..], &operand.strides[..])).collect();
        let mut nest = Nest::new(&shape, &axes);
        let mut offsets = vec![0; operands.len()];
        if any_order && nest.len() > BLOCK {
            (nest, offsets) = nest.in_memory_order();
        }
        let tile = |((operand, offset), &dtype): ((&Layout, isize), &DType)| {
            let data = operand.source.data.wrapping_offset(offset);
            Tile::new(Source { data, ..operand.source }, dtype, Rows::Strided)
        };
        let tiles = operands.iter().zip(offsets).zip(dtypes).map(tile).collect::<Option<Vec<_>>>();
        let position = vec![0; nest.dims.len()];
        Ok(Walk { nest, tiles: tiles.ok_or(WalkError::Complex)?, position })
    }

    /// Elements in all.
    pub fn len(&self) -> usize {
        self.nest.len()
    }

    /// Whether there is nothing to visit.
    pub fn is_empty(&self) -> bool {
        self.nest.is_empty()
    }

    /// Puts rows of the next `len` values into `inputs`, at most [`BLOCK`], and goes on.
    ///
    /// # Safety
    /// The operands are readable, and there are as many elements left. The rows are good until the next call.
    pub unsafe fn next(&mut self, len: usize, inputs: &mut [Row; MAX_OPERANDS]) -> Result<(), NoMemory> {
        for ((tile, strides), values) in self.tiles.iter_mut().zip(&self.nest.strides).zip(inputs) {
            // SAFETY: the caller vouches for the operands and for `len`.
            *values = unsafe { tile.values(&self.nest.dims, strides, &self.position, len)? };
        }
        advance(&self.nest.dims, &mut self.position, len);
        Ok(())
    }
}

/// Moves `position` by `n` elements in C order; past the end it wraps.
pub fn advance(dims: &[usize], position: &mut [usize], n: usize) {
    let mut carry = n;
    for (at, &dim) in position.iter_mut().zip(dims).rev() {
        let sum = *at + carry;
        *at = sum % dim;
        carry = sum / dim;
        if carry == 0 {
            break;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::advance;

    #[test]
    fn a_position_moves_in_c_order() {
        let mut position = [0, 0, 0];
        for (n, expected) in [(1, [0, 0, 1]), (5, [0, 1, 2]), (7, [1, 0, 1]), (11, [0, 0, 0])] {
            advance(&[2, 3, 4], &mut position, n);
            assert_eq!(position, expected);
        }
    }
}
