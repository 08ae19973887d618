//! Walks: the loops over the elements of several operands side by side, broadcast.

use crate::block::{BLOCK, Fold};
use crate::dtype::DType;
use crate::shape::{Nest, broadcast, c_order};
use crate::sink::Place;
use crate::tile::{Layout, Source};

/// The most inputs that a kernel may have, and the most outputs.
pub const MAX_OPERANDS: usize = 32;

/// The most operands that a fold reads: its inputs, and a mask.
pub const MAX_READ: usize = MAX_OPERANDS + 1;

/// Operands that cannot be walked together.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum WalkError {
    /// Their shapes do not broadcast.
    Shapes,
    /// Broadcast, they have more elements than an array can.
    TooLarge,
}

/// The shape that operands broadcast to.
pub fn common_shape(operands: &[&Layout]) -> Result<Vec<usize>, WalkError> {
    let shapes: Vec<&[usize]> = operands.iter().map(|operand| &operand.dims[..]).collect();
    let shape = broadcast(&shapes).map_err(|_| WalkError::Shapes)?;
    let elements = shape.iter().try_fold(1isize, |n, &dim| n.checked_mul(isize::try_from(dim).ok()?));
    if elements.is_none() && !shape.contains(&0) {
        return Err(WalkError::TooLarge);
    }
    Ok(shape)
}

/// The loops of a fold along some axes: over the results, and for each of them over the elements that it is made of.
pub struct Loops {
    /// Over the results. Strides of the inputs, of the mask if there is one, and of the outputs.
    pub kept: Nest,
    /// Over the elements of one result. Strides of the inputs, of the mask if there is one, what the index grows by if it is looked
    /// at, and of the outputs if there is a result for each element.
    pub folded: Nest,
    /// Where the first element of each input is, then of the mask.
    pub sources: Vec<Source>,
    /// Bytes from the first element of each output, as it was given, to the first in the order of the loops.
    pub offsets: Vec<isize>,
}

impl Loops {
    /// The loops over operands that broadcast to `shape`, of which `folded` says whether each axis is folded. An output has the
    /// axes that are not; `each` has the strides of the others where there is a result for each element.
    ///
    /// Results are visited in the order of memory. So are the elements of each, if the kernel allows it and there is more than one
    /// block of them: then the bits of a fold belong to the layout too.
    pub fn new(
        fold: &Fold,
        shape: &[usize],
        folded: &[bool],
        inputs: &[Layout],
        mask: Option<&Layout>,
        outputs: &[Place],
        each: &[Vec<isize>],
    ) -> Loops {
        let axes = |of: bool| (0..shape.len()).filter(move |&axis| folded[axis] == of);
        let read: Vec<&Layout> = inputs.iter().chain(mask).collect();
        let nest = |of: bool, others: &mut dyn Iterator<Item = Vec<isize>>| {
            let dims: Vec<usize> = axes(of).map(|axis| shape[axis]).collect();
            let step = |operand: &Layout, axis: usize| match (axis + operand.dims.len()).checked_sub(shape.len()) {
                Some(own) if operand.dims[own] != 1 => operand.strides[own],
                _ => 0,
            };
            let own = read.iter().map(|operand| axes(of).map(|axis| step(operand, axis)).collect());
            let strides: Vec<Vec<isize>> = own.chain(others).collect();
            Nest::new(&dims, &strides.iter().map(|strides| (&dims[..], &strides[..])).collect::<Vec<_>>())
        };
        let (kept, mut starts) =
            nest(false, &mut outputs.iter().map(|output| output.strides.clone())).in_memory_order(inputs.len());
        let index = fold.indexed.then(|| {
            let dims: Vec<usize> = axes(true).map(|axis| shape[axis]).collect();
            c_order(&dims, 1)
        });
        let mut folded = nest(true, &mut index.into_iter().chain(each.iter().cloned()));
        if !fold.ordered && !fold.scans && folded.len() > BLOCK {
            let (ordered, offsets) = folded.in_memory_order(inputs.len());
            folded = ordered;
            starts.iter_mut().zip(offsets).take(read.len()).for_each(|(start, offset)| *start += offset);
        }
        let source = |(operand, &offset): (&&Layout, &isize)| {
            let data = operand.source.data.wrapping_offset(offset);
            Source { data, ..operand.source }
        };
        let sources = read.iter().zip(&starts).map(source).collect();
        Loops { kept, folded, sources, offsets: starts.split_off(read.len()) }
    }

    /// What the index grows by in each loop over the elements of a result; nothing if nobody looks at it.
    pub fn index_strides(&self, fold: &Fold) -> &[isize] {
        self.folded.strides.get(self.sources.len()).filter(|_| fold.indexed).map_or(&[], |strides| strides)
    }
}

/// The dtypes that the values of sources are to have: those of the inputs, and bools of a mask.
pub fn values(fold: &Fold, sources: usize) -> impl Iterator<Item = DType> {
    fold.inputs.iter().copied().chain(std::iter::repeat(DType::Bool)).take(sources)
}

/// Moves `position` by `n` elements in C order; past the end it wraps.
pub fn advance(dims: &[usize], position: &mut [usize], n: usize) {
    let mut carry = n;
    for (at, &dim) in position.iter_mut().zip(dims).rev() {
        // An axis without elements goes nowhere.
        if carry == 0 {
            break;
        }
        let sum = *at + carry;
        if sum < dim {
            *at = sum;
            break;
        }
        *at = sum % dim;
        carry = sum / dim;
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
