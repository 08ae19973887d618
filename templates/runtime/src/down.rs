//! The way down the rows: a step at a time for many results at once.

use std::mem::MaybeUninit;
use std::ops::Range;

use crate::block::{BLOCK, Fold, Index, Plane, Steps, WIDEST};
use crate::columns::{Columns, LEAF, Tree};
use crate::cut::{Cut, Means};
use crate::divide::{Pieces, divide};
use crate::fold::FoldError;
use crate::scalar::Slot;
use crate::tile::{NoMemory, Rows, Tile, left};
use crate::walk::{Loops, MAX_OPERANDS, advance, values};

/// Results beside each other that make rows long enough by themselves.
pub const WIDE: usize = 32;

/// Elements of a row that is made of several steps.
const TOGETHER: usize = 512;

/// Steps whose rows are read at the same time: more of them are too many streams for the CPU to foresee.
const STREAMS: usize = 8;

/// Results that a thread goes for at once where there are others: long rows are read faster.
const GRAIN: usize = 512;

/// Pieces whose roots of a block of results are kept at the same time; more for many threads.
const AT_ONCE: usize = 128;

/// Operands step by step: the loops over elements outside, those over results inside.
pub struct Down {
    dims: Vec<usize>,
    strides: Vec<Vec<isize>>,
    tiles: Vec<Tile>,
    /// The index of each loop.
    position: Vec<usize>,
    /// Results that are folded at once, at most.
    widest: usize,
    /// Steps that make one row where there are few results beside each other: a power of two, or 1.
    together: usize,
    /// What the index grows by in each loop over elements.
    index_strides: Vec<isize>,
    /// How far into its steps each column of a row begins.
    offsets: Vec<i64>,
    /// Whether steps are known to come in the order of their indices.
    in_order: bool,
    tree: Tree,
    rest: Tree,
}

impl Down {
    /// The way for a loop; `None` where complex values would have to become real.
    pub fn new(it: &Fold, loops: &Loops) -> Option<Down> {
        let Loops { kept, folded, sources, .. } = loops;
        let inner = kept.dims.last().copied().unwrap_or(1);
        let steps = folded.dims.last().copied().unwrap_or(1);
        let stride =
            |strides: &[Vec<isize>]| strides.first().and_then(|s| s.last().copied()).unwrap_or(0).unsigned_abs();
        let few = !kept.dims.is_empty()
            && inner <= WIDE
            && steps >= 2 * WIDE
            && !it.ordered
            && stride(&kept.strides) < stride(&folded.strides);
        // As many as fit, but for an eighth of the steps at most: what is left over goes row by row.
        let together = if few { power_of_two(TOGETHER / inner.max(1)).min(power_of_two(steps / 8)) } else { 1 };
        // Only the innermost results are beside each other then.
        let outer = if together > 1 { kept.dims.len() - 1 } else { 0 };
        let order = |kept: &[usize], folded: &[usize]| [&kept[..outer], folded, &kept[outer..]].concat();
        let strides = |(kept, folded): (&Vec<isize>, &Vec<isize>)| [&kept[..outer], folded, &kept[outer..]].concat();
        let dims = order(&kept.dims, &folded.dims);
        let tile = |(&source, dtype)| Tile::new(source, dtype, Rows::Dense);
        let tiles: Vec<Tile> = sources.iter().zip(values(it, sources.len())).map(tile).collect::<Option<_>>()?;
        // Where a state is one number and rows lie in the array itself, long rows are read from end to end, or in few parts: that
        // leaves room in the nearest cache.
        let in_place = |(tile, strides): (&Tile, &Vec<isize>)| tile.is_in_place(strides.last().copied());
        let one = it.fields.len() == 1 && !it.indexed && tiles.iter().zip(&kept.strides).all(in_place);
        let widest = if one { inner.clamp(BLOCK, WIDEST) } else { BLOCK };
        let index_strides = loops.index_strides(it).to_vec();
        let grows = index_strides.last().map_or(0, |&step| step as i64);
        Some(Down {
            position: vec![0; dims.len()],
            dims,
            strides: kept.strides.iter().zip(&folded.strides).take(sources.len()).map(strides).collect(),
            tiles,
            widest,
            together,
            in_order: it.indexed && in_order(&folded.dims, &index_strides),
            index_strides,
            offsets: (0..if few { inner * together } else { 0 }).map(|c| (c / inner) as i64 * grows).collect(),
            tree: Tree::new(widest),
            rest: Tree::new(widest),
        })
    }

    /// How many results to go for at once, of `results` from `position` on.
    pub fn width(&self, loops: &Loops, position: &[usize], results: usize) -> usize {
        let inner = left(&loops.kept.dims, position);
        if self.together > 1 {
            return inner;
        }
        // Rows that lie in the array itself, where they are long enough.
        let long = loops.kept.dims.last().is_some_and(|&dim| dim >= 2 * WIDE);
        let most = self.widest.min(results);
        if long { most.min(inner) } else { most }
    }

    /// The same for another thread.
    fn again(&self) -> Down {
        Down {
            dims: self.dims.clone(),
            strides: self.strides.clone(),
            tiles: self.tiles.iter().map(Tile::again).collect(),
            position: self.position.clone(),
            index_strides: self.index_strides.clone(),
            offsets: self.offsets.clone(),
            tree: Tree::new(self.widest),
            rest: Tree::new(self.widest),
            ..*self
        }
    }

    /// How many results are folded at once, at most.
    pub fn widest(&self) -> usize {
        self.widest
    }

    /// How many results a thread goes for at once at least, of which `each` costs so much: a block of them begins at a multiple of
    /// this.
    pub fn grain(&self, loops: &Loops, each: Means) -> usize {
        let inner = loops.kept.dims.last().copied().unwrap_or(1);
        let (least, fast) = match (self.together, each.threads) {
            (1, 1) => (1, self.widest),
            (1, _) => (1, GRAIN),
            _ => (inner, inner),
        };
        if each.is_a_piece(fast) && !self.can_be_cut(loops) { least } else { fast }
    }

    /// Whether results have steps enough for several threads to fold them together.
    pub fn can_be_cut(&self, loops: &Loops) -> bool {
        self.count(loops, false) > LEAF
    }

    /// Folds all steps of `n` results from `position` on; by several threads, if there are enough steps.
    ///
    /// # Errors
    /// If there is no memory, or if the computation is to end.
    ///
    /// # Safety
    /// The operands are readable, there are as many results in one row, `it` is the loop that this was made for, and `params` has a
    /// slot for each of its params.
    pub unsafe fn fold(
        &mut self,
        it: &Fold,
        loops: &Loops,
        position: &[usize],
        n: usize,
        params: &[Slot],
        means: Means,
    ) -> Result<&Columns, FoldError> {
        let outer = self.outer(loops);
        self.position[..outer].copy_from_slice(&position[..outer]);
        self.position[outer + loops.folded.dims.len()..].copy_from_slice(&position[outer..]);
        self.tree.clear();
        self.rest.clear();
        // Many steps as one row, then those that are left over, one by one.
        let (together, wide) = (self.together, n * self.together);
        let (steps, rest) = (self.count(loops, false), self.count(loops, true));
        let cut = Means { cost: means.cost * wide as f64, ..means }.cut(steps, LEAF).to_subtrees();
        // SAFETY: passed on.
        unsafe {
            if cut.is_whole() {
                self.steps(it, loops, 0..steps, n, params, false)?;
            } else {
                // Roots wait for each other: of a few pieces at a time.
                let at_once = (AT_ONCE * BLOCK / self.widest).max(2 * cut.threads) * cut.len;
                for start in (0..steps).step_by(at_once) {
                    let cut = Cut { n: at_once.min(steps - start), ..cut };
                    for root in self.subtrees(it, loops, start, cut, n, params)? {
                        self.tree.take(it, root, wide, params)?;
                    }
                }
            }
            if rest == 0 {
                return Ok(self.tree.root(it, n, together, params)?);
            }
            self.steps(it, loops, 0..rest, n, params, true)?;
            self.tree.root(it, n, together, params)?;
            let rest = self.rest.root(it, n, 1, params)?;
            Ok(self.tree.add(it, rest, n, params)?)
        }
    }

    /// The roots of the pieces of `cut`, of steps from `start` on, each of whole leaves, in order.
    ///
    /// # Safety
    /// As for [`fold`](Down::fold).
    unsafe fn subtrees(
        &self,
        it: &Fold,
        loops: &Loops,
        start: usize,
        cut: Cut,
        n: usize,
        params: &[Slot],
    ) -> Result<Vec<Columns>, FoldError> {
        let work = |pieces: &mut Pieces<'_>| {
            let (mut own, mut roots) = (self.again(), Vec::new());
            while let Some((k, piece)) = pieces.next() {
                let steps = start + piece.start..start + piece.end;
                // SAFETY: passed on.
                unsafe {
                    own.steps(it, loops, steps, n, params, false)?;
                    own.tree.root(it, n * self.together, 1, params)?;
                }
                roots.push((k, std::mem::replace(&mut own.tree, Tree::new(self.widest)).into_root()));
            }
            Ok::<_, FoldError>(roots)
        };
        // SAFETY: what is written belongs to a piece; the caller vouches for the rest.
        let mut roots: Vec<_> = unsafe { divide(cut, work)? }.into_iter().flatten().collect();
        roots.sort_unstable_by_key(|(k, _)| *k);
        Ok(roots.into_iter().map(|(_, root)| root).collect())
    }

    /// How many loops over results stand outside those over elements.
    fn outer(&self, loops: &Loops) -> usize {
        // Only the innermost results are beside each other then.
        if self.together > 1 { loops.kept.dims.len() - 1 } else { 0 }
    }

    /// How many rows of several steps there are in each round of the innermost loop over elements, or how many steps are left over.
    fn in_a_round(&self, loops: &Loops, rest: bool) -> usize {
        let inner = loops.folded.dims.last().copied().unwrap_or(1);
        if rest { inner % self.together } else { inner / self.together }
    }

    /// How many in all.
    fn count(&self, loops: &Loops, rest: bool) -> usize {
        let inner = loops.folded.dims.last().copied().unwrap_or(1);
        loops.folded.len() / inner.max(1) * self.in_a_round(loops, rest)
    }

    /// Folds some of the rows, or of the steps that are left over, into the tree of either.
    ///
    /// # Safety
    /// As for [`fold`](Down::fold); there are such rows.
    unsafe fn steps(
        &mut self,
        it: &Fold,
        loops: &Loops,
        rows: Range<usize>,
        n: usize,
        params: &[Slot],
        rest: bool,
    ) -> Result<(), NoMemory> {
        let outer = self.outer(loops);
        let folded = outer..outer + loops.folded.dims.len();
        let round = self.in_a_round(loops, rest);
        let (wide, first) =
            if rest { (1, loops.folded.dims.last().map_or(0, |inner| inner - round)) } else { (self.together, 0) };
        let (last, mut at) = (folded.end.wrapping_sub(1), rows.start);
        let mut leaf = 0;
        while at < rows.end {
            self.position[folded.clone()].fill(0);
            if !folded.is_empty() {
                advance(&self.dims[outer..last], &mut self.position[outer..last], at / round);
                self.position[last] = first + at % round * wide;
            }
            let left = (round - at % round).min(rows.end - at);
            // SAFETY: passed on; so many rows are left in this round.
            at += unsafe { self.step(it, folded.clone(), left, n * wide, params, &mut leaf, rest)? };
        }
        // SAFETY: the leaf was written as far as it was begun.
        unsafe { self.close(it, &mut leaf, n * wide, params, rest) }
    }

    /// Folds some of the next `left` steps of `n` columns, and says how many. `leaf` counts those of the leaf that is not full yet.
    #[allow(clippy::too_many_arguments)]
    unsafe fn step(
        &mut self,
        it: &Fold,
        folded: std::ops::Range<usize>,
        left: usize,
        n: usize,
        params: &[Slot],
        leaf: &mut usize,
        rest: bool,
    ) -> Result<usize, NoMemory> {
        let Down { dims, strides, tiles, position, together, index_strides, offsets, in_order, .. } = self;
        let wide = if rest { 1 } else { *together };
        let mut planes = [const { MaybeUninit::<Plane>::uninit() }; MAX_OPERANDS];
        let mut direct = true;
        for ((tile, strides), plane) in tiles.iter_mut().zip(&*strides).zip(&mut planes) {
            let advance =
                strides[..folded.end].last().filter(|_| !folded.is_empty()).map_or(0, |&step| step * wide as isize);
            // SAFETY: the operands are readable, and `n` elements are left in the loops that a row goes over.
            let (row, in_place) = unsafe {
                match tile.in_place(dims, strides, position, n) {
                    Some(row) => (row, true),
                    None => (tile.values(dims, strides, position, n)?, false),
                }
            };
            direct &= in_place;
            plane.write(Plane { row, advance });
        }
        let steps = if direct { left.min(LEAF - *leaf).min(STREAMS) } else { 1 };
        let at = &position[folded];
        let first: isize = at.iter().zip(&*index_strides).map(|(&at, step)| at as isize * step).sum();
        let grows = index_strides.last().map_or(0, |&step| step as i64);
        let index = match wide {
            1 => Index::same(first as i64),
            _ => Index { first: first as i64, offsets: offsets.as_ptr() },
        };
        let tree = if rest { &mut self.rest } else { &mut self.tree };
        let columns = tree.next(it)?.pointers();
        let steps = Steps {
            inputs: planes.as_ptr().cast(),
            steps,
            n,
            index,
            index_step: grows * wide as i64,
            begins: *leaf == 0,
            in_order: *in_order,
        };
        // SAFETY: the rows of all steps are in place or, if there is one step, in tiles; the columns have room for `n`.
        unsafe { (it.functions().steps)(&steps, params.as_ptr(), columns) };
        *leaf += steps.steps;
        if *leaf == LEAF {
            // SAFETY: the leaf was written.
            unsafe { self.close(it, leaf, n, params, rest)? };
        }
        Ok(steps.steps)
    }

    /// Takes in the leaf that was begun, if there is one.
    unsafe fn close(
        &mut self,
        it: &Fold,
        leaf: &mut usize,
        n: usize,
        params: &[Slot],
        rest: bool,
    ) -> Result<(), NoMemory> {
        if std::mem::take(leaf) == 0 {
            return Ok(());
        }
        let tree = if rest { &mut self.rest } else { &mut self.tree };
        // SAFETY: passed on.
        unsafe { tree.took(it, n, params) }
    }
}

/// Whether the loops go over their elements in the order of the indices: each moves by more than all loops inside it span.
fn in_order(dims: &[usize], index_strides: &[isize]) -> bool {
    let mut span = 0;
    dims.iter().zip(index_strides).rev().all(|(&dim, &step)| {
        let after = step > span;
        span += step * dim.saturating_sub(1) as isize;
        after
    })
}

/// The largest power of two that is not above `n`, at least 1.
fn power_of_two(n: usize) -> usize {
    1 << n.max(1).ilog2()
}
