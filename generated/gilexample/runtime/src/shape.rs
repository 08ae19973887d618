//! Shapes and strides: broadcasting, and the fewest loops that visit every element in C order.

/// The most dimensions that NumPy gives an array.
pub const MAX_DIMS: usize = 64;

/// Shapes that do not broadcast against each other.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch;

/// The shape that all of `shapes` broadcast to.
pub fn broadcast(shapes: &[&[usize]]) -> Result<Vec<usize>, Mismatch> {
    let ndim = shapes.iter().map(|s| s.len()).max().unwrap_or(0);
    let mut result = vec![1; ndim];
    for shape in shapes {
        let missing = ndim - shape.len();
        for (wanted, &found) in result[missing..].iter_mut().zip(*shape) {
            match (*wanted, found) {
                (_, 1) => {}
                (1, _) => *wanted = found,
                (a, b) if a == b => {}
                _ => return Err(Mismatch),
            }
        }
    }
    Ok(result)
}

/// Byte strides of an array of `shape` in C order.
pub fn c_order(shape: &[usize], size: usize) -> Vec<isize> {
    keep_order(shape, size, &[])
}

/// Byte strides of a new array of `shape` and elements of `size` bytes, in the order in which NumPy's ufuncs lay out a result
/// (`order="K"`): the axes in the order of the operands' strides, C order where they do not say or contradict each other.
///
/// `operands` are dims and byte strides, at most as many as `shape` has. The rule is that of `numpy.nditer`.
pub fn keep_order(shape: &[usize], size: usize, operands: &[(&[usize], &[isize])]) -> Vec<isize> {
    let step = |operand: &(&[usize], &[isize]), axis: usize| match (axis + operand.0.len()).checked_sub(shape.len()) {
        Some(own) if operand.0[own] != 1 => operand.1[own].unsigned_abs(),
        _ => 0,
    };
    // Whether `inner` is to stay within `outer`; None where no operand moves along both.
    let stays = |inner: usize, outer: usize| {
        let both = operands.iter().map(|operand| (step(operand, inner), step(operand, outer)));
        both.filter(|&(a, b)| a != 0 && b != 0).fold(None, |stays, (a, b)| match stays {
            Some(true) => Some(true),
            _ => Some(a <= b),
        })
    };
    // Axes from the innermost out; each new one, from outside, sinks below those that it has smaller steps than.
    let mut order: Vec<usize> = Vec::with_capacity(shape.len());
    for axis in (0..shape.len()).rev() {
        let mut place = order.len();
        for at in (0..order.len()).rev() {
            match stays(order[at], axis) {
                Some(true) => break,
                Some(false) => place = at,
                None => {}
            }
        }
        order.insert(place, axis);
    }
    let mut strides = vec![0; shape.len()];
    let mut stride = size as isize;
    for axis in order {
        strides[axis] = stride;
        stride = stride.wrapping_mul(shape[axis] as isize);
    }
    strides
}

/// How far steps are in all.
pub fn distance(steps: &[isize]) -> usize {
    steps.iter().fold(0usize, |sum, step| sum.saturating_add(step.unsigned_abs()))
}

/// Bytes that loops over an operand, outermost first, go forward in even steps before they turn.
pub fn run(dims: &[usize], strides: &[isize]) -> usize {
    let mut loops = dims.iter().zip(strides).rev();
    let length = |(&dim, &step): (&usize, &isize)| usize::try_from(step).unwrap_or(0).saturating_mul(dim);
    let mut run = loops.next().map_or(0, length);
    for (dim, step) in loops {
        if usize::try_from(*step) != Ok(run) {
            break;
        }
        run = run.saturating_mul(*dim);
    }
    run
}

/// Loops over several operands at once, outermost first.
///
/// A stride is in bytes, 0 where the operand is broadcast. The size-1 axes are gone (their strides mean nothing), and
/// neighbouring axes that step alike in every operand are one.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Nest {
    /// Length of each loop; never 1.
    pub dims: Vec<usize>,
    /// For each operand, a stride for each loop.
    pub strides: Vec<Vec<isize>>,
}

impl Nest {
    /// The loops of `operands` (dims, byte strides) broadcast to `shape`, in C order.
    pub fn new(shape: &[usize], operands: &[(&[usize], &[isize])]) -> Nest {
        let mut nest = Nest { dims: Vec::new(), strides: vec![Vec::new(); operands.len()] };
        for (axis, &dim) in shape.iter().enumerate() {
            if dim == 1 {
                continue;
            }
            let steps: Vec<isize> = operands
                .iter()
                .map(|(dims, strides)| match (axis + dims.len()).checked_sub(shape.len()) {
                    Some(own) if dims[own] != 1 => strides[own],
                    _ => 0,
                })
                .collect();
            nest.push(dim, &steps);
        }
        nest
    }

    /// The same elements in the order in which they lie in memory: loops with the widest steps outermost, none of them backwards.
    /// The order is that of the first `weighed` operands. Also the byte offset of each operand's new first element.
    pub fn in_memory_order(&self, weighed: usize) -> (Nest, Vec<isize>) {
        let mut offsets = vec![0; self.strides.len()];
        let mut loops: Vec<(usize, Vec<isize>)> = Vec::with_capacity(self.dims.len());
        for (axis, &dim) in self.dims.iter().enumerate() {
            let mut steps: Vec<isize> = self.strides.iter().map(|strides| strides[axis]).collect();
            if dim > 0 && steps.iter().all(|&step| step <= 0) {
                for (offset, step) in offsets.iter_mut().zip(&mut steps) {
                    *offset += *step * (dim as isize - 1);
                    *step = -*step;
                }
            }
            loops.push((dim, steps));
        }
        loops.sort_by_key(|(_, steps)| std::cmp::Reverse(distance(&steps[..weighed])));
        let mut nest = Nest { dims: Vec::new(), strides: vec![Vec::new(); self.strides.len()] };
        for (dim, steps) in loops {
            nest.push(dim, &steps);
        }
        (nest, offsets)
    }

    /// Adds an inner loop, joined with the one around it where that changes nothing.
    fn push(&mut self, dim: usize, steps: &[isize]) {
        let joins = self.dims.last().is_some_and(|_| {
            self.strides.iter().zip(steps).all(|(outer, &inner)| {
                // A product that overflows is no byte distance inside an array.
                outer.last().copied() == inner.checked_mul(dim as isize)
            })
        });
        if joins {
            if let Some(last) = self.dims.last_mut() {
                *last *= dim;
            }
            for (outer, &inner) in self.strides.iter_mut().zip(steps) {
                outer.pop();
                outer.push(inner);
            }
        } else {
            self.dims.push(dim);
            for (outer, &inner) in self.strides.iter_mut().zip(steps) {
                outer.push(inner);
            }
        }
    }

    /// Elements in all.
    pub fn len(&self) -> usize {
        if self.is_empty() { 0 } else { self.dims.iter().product() }
    }

    /// Whether there is nothing to visit.
    pub fn is_empty(&self) -> bool {
        self.dims.contains(&0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_broadcast_as_numpy_has_it() {
        for (shapes, expected) in [
            (vec![&[][..]], Ok(vec![])),
            (vec![&[3][..], &[][..]], Ok(vec![3])),
            (vec![&[4, 1][..], &[3][..]], Ok(vec![4, 3])),
            (vec![&[0][..], &[1][..]], Ok(vec![0])),
            (vec![&[2, 1, 5][..], &[7, 1][..]], Ok(vec![2, 7, 5])),
            (vec![&[2][..], &[3][..]], Err(Mismatch)),
            (vec![&[0][..], &[2][..]], Err(Mismatch)),
        ] {
            assert_eq!(broadcast(&shapes), expected, "{shapes:?}");
        }
    }

    #[test]
    fn axes_that_step_alike_are_one_loop() {
        let nest = |dims: &[usize], strides: &[isize]| Nest::new(dims, &[(dims, strides)]);
        assert_eq!(nest(&[4, 6], &[48, 8]).dims, [24]);
        assert_eq!(nest(&[4, 6], &[96, 16]).dims, [24]);
        assert_eq!(nest(&[4, 6], &[8, 32]).dims, [4, 6]);
        assert_eq!(nest(&[4, 6], &[-48, -8]).dims, [24]);
        assert_eq!(nest(&[4, 1, 6], &[48, 12345, 8]).dims, [24]);
        assert_eq!(nest(&[], &[]).len(), 1);
        assert!(nest(&[3, 0], &[8, 8]).is_empty());
    }

    #[test]
    fn memory_order_undoes_transposing_and_reversing() {
        let nest = |dims: &[usize], strides: &[isize]| Nest::new(dims, &[(dims, strides)]).in_memory_order(1);
        let row = |n: usize| Nest { dims: vec![n], strides: vec![vec![8]] };
        assert_eq!(nest(&[4, 6], &[8, 32]), (row(24), vec![0]));
        assert_eq!(nest(&[4, 6], &[-48, -8]), (row(24), vec![-48 * 3 - 8 * 5]));
        assert_eq!(nest(&[2, 3, 4], &[8, -64, 16]), (row(24), vec![-128]));
        let two = Nest::new(&[4, 6], &[(&[4, 6], &[8, 32]), (&[6], &[-8])]);
        assert_eq!(two.in_memory_order(2).0.strides, [vec![32, 8], vec![-8, 0]]);
    }

    #[test]
    fn a_run_ends_where_steps_are_not_even() {
        assert_eq!(run(&[4, 6], &[48, 8]), 192);
        assert_eq!(run(&[4, 6], &[96, 16]), 384);
        assert_eq!(run(&[5, 4, 6], &[1000, 48, 8]), 192);
        assert_eq!(run(&[4, 6], &[48, -8]), 0);
        assert_eq!(run(&[4, 6], &[8, 0]), 0);
        assert_eq!(run(&[], &[]), 0);
    }

    #[test]
    fn broadcast_operands_have_stride_zero() {
        let nest = Nest::new(&[4, 6], &[(&[4, 6], &[48, 8]), (&[6], &[8]), (&[1, 1], &[7, 7])]);
        assert_eq!(nest.dims, [4, 6]);
        assert_eq!(nest.strides, [vec![48, 8], vec![0, 8], vec![0, 0]]);
    }
}
