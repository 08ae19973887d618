//! Whether two arrays may share memory, told from their bounds: too often rather than too seldom.

use std::ops::Range;

/// The bytes from the first to the last of an array's elements of `size` bytes, as addresses; none for no elements.
pub fn bounds(data: *const u8, dims: &[usize], strides: &[isize], size: usize) -> Range<usize> {
    let start = data as usize;
    if dims.contains(&0) {
        return start..start;
    }
    let mut bounds = start..start.wrapping_add(size);
    for (&dim, &stride) in dims.iter().zip(strides) {
        let reach = stride.unsigned_abs().wrapping_mul(dim - 1);
        if stride < 0 {
            bounds.start = bounds.start.wrapping_sub(reach);
        } else {
            bounds.end = bounds.end.wrapping_add(reach);
        }
    }
    bounds
}

/// Whether two ranges of addresses have a byte in common.
pub fn meet(a: &Range<usize>, b: &Range<usize>) -> bool {
    !a.is_empty() && !b.is_empty() && a.start < b.end && b.start < a.end
}

/// The elements of an array, wherever they lie.
#[derive(Clone, Copy)]
pub struct Elements<'a> {
    /// The first one.
    pub data: *const u8,
    /// Length of each axis.
    pub dims: &'a [usize],
    /// Bytes from one element to the next along each axis.
    pub strides: &'a [isize],
    /// Bytes of an element.
    pub size: usize,
}

impl Elements<'_> {
    /// Whether two arrays may have a byte in common. Fields of records and columns of a table lie among each other, and do not.
    pub fn meet(&self, other: &Elements<'_>) -> bool {
        let bounds = |elements: &Elements<'_>| bounds(elements.data, elements.dims, elements.strides, elements.size);
        if !meet(&bounds(self), &bounds(other)) {
            return false;
        }
        // All elements of both lie a multiple of this apart from their first ones.
        let steps = |elements: &Elements<'_>| {
            let axes = elements.dims.iter().zip(elements.strides).filter(|(dim, _)| **dim > 1);
            axes.fold(0, |step, (_, stride)| greatest_common_divisor(step, stride.unsigned_abs()))
        };
        let step = greatest_common_divisor(steps(self), steps(other));
        if step == 0 {
            return true;
        }
        let distance = (other.data as usize).wrapping_sub(self.data as usize) as isize;
        let distance = distance.rem_euclid(step as isize) as usize;
        distance < self.size || distance + other.size > step
    }
}

fn greatest_common_divisor(a: usize, b: usize) -> usize {
    if b == 0 { a } else { greatest_common_divisor(b, a % b) }
}

/// Whether two elements of one array may share a byte.
pub fn is_folded(dims: &[usize], strides: &[isize], size: usize) -> bool {
    if dims.contains(&0) {
        return false;
    }
    let mut axes: Vec<(usize, usize)> = dims
        .iter()
        .zip(strides)
        .filter(|(dim, _)| **dim > 1)
        .map(|(&dim, stride)| (stride.unsigned_abs(), dim))
        .collect();
    axes.sort_unstable();
    let mut within = size;
    for (stride, dim) in axes {
        if stride < within {
            return true;
        }
        within = within.saturating_add(stride.saturating_mul(dim - 1));
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bounds_take_negative_strides_in() {
        let at = |dims: &[usize], strides: &[isize]| bounds(1000 as *const u8, dims, strides, 8);
        assert_eq!(at(&[], &[]), 1000..1008);
        assert_eq!(at(&[3, 4], &[-32, 8]), 936..1032);
        assert_eq!(at(&[3, 0], &[8, 8]), 1000..1000);
        assert!(!meet(&at(&[3], &[8]), &(1024..1032)) && meet(&at(&[4], &[8]), &(1024..1032)));
        assert!(!meet(&at(&[0], &[8]), &(0..2000)));
    }

    #[test]
    fn fields_of_records_do_not_meet() {
        let field = |at: usize, stride: &'static [isize]| Elements {
            data: at as *const u8,
            dims: &[5],
            strides: stride,
            size: 8,
        };
        assert!(!field(1000, &[16]).meet(&field(1008, &[16])) && !field(1008, &[-16]).meet(&field(1000, &[32])));
        assert!(field(1000, &[16]).meet(&field(1016, &[16])) && field(1000, &[16]).meet(&field(1004, &[16])));
        assert!(field(1000, &[9]).meet(&field(1001, &[9])) && field(1000, &[16]).meet(&field(1008, &[8])));
    }

    #[test]
    fn elements_of_one_array_that_share_memory() {
        assert!(!is_folded(&[3, 4], &[32, 8], 8) && !is_folded(&[3, 4], &[8, -24], 8));
        assert!(!is_folded(&[1, 4], &[0, 9], 8) && !is_folded(&[], &[], 8) && !is_folded(&[2, 0, 3], &[0, 8, 8], 8));
        assert!(is_folded(&[3], &[0], 8) && is_folded(&[3, 3], &[8, 8], 8) && is_folded(&[2], &[4], 8));
    }
}
