//! Slices: the elements that one result is made of, block by block, mended where a loop cannot read them as they are.

use crate::block::{BLOCK, Fold, Index, Row};
use crate::cut::Cut;
use crate::fold::{FoldError, Start, States, fold, fold_divided};
use crate::scalar::Slot;
use crate::shape::run;
use crate::tile::{Buffer, NoMemory, Rows, Tile, left, runs};
use crate::walk::{Loops, MAX_READ, advance, values};

/// A way through the elements of one result after the other.
pub struct Slices {
    /// The loops over results, then those over the elements of one.
    dims: Vec<usize>,
    /// Strides of each input and of the mask.
    strides: Vec<Vec<isize>>,
    /// A tile for each input, and for the mask.
    tiles: Vec<Tile>,
    /// Of each, the bytes of the array itself that are read one after the other.
    runs: Vec<usize>,
    /// The index of each loop.
    position: Vec<usize>,
    /// How many of the loops are over results.
    kept: usize,
    /// Elements of one result.
    n: usize,
    /// What the index grows by in each loop over elements; empty if nobody looks at it.
    index_strides: Vec<isize>,
    /// Indices that do not follow each other.
    indices: Vec<i64>,
    /// For each input, room for the values that a mask lets through.
    chosen: Vec<Buffer>,
}

impl Slices {
    /// The way for a loop; `None` where complex values would have to become real.
    pub fn new(it: &Fold, loops: &Loops) -> Option<Slices> {
        let read = loops.sources.len();
        let tile = |(&source, dtype)| Tile::new(source, dtype, Rows::Strided);
        let joined = |(kept, folded): (&Vec<isize>, &Vec<isize>)| [&kept[..], folded].concat();
        let masked = read > it.inputs.len();
        let dims = [&loops.kept.dims[..], &loops.folded.dims].concat();
        let strides: Vec<_> = loops.kept.strides.iter().zip(&loops.folded.strides).take(read).map(joined).collect();
        let tiles = loops.sources.iter().zip(values(it, read)).map(tile).collect::<Option<Vec<_>>>()?;
        let run = |(tile, strides): (&Tile, &Vec<isize>)| if tile.is_as_stored() { run(&dims, strides) } else { 0 };
        Some(Slices {
            runs: tiles.iter().zip(&strides).map(run).collect(),
            dims,
            strides,
            tiles,
            position: vec![0; loops.kept.dims.len() + loops.folded.dims.len()],
            kept: loops.kept.dims.len(),
            n: loops.folded.len(),
            index_strides: loops.index_strides(it).to_vec(),
            indices: Vec::new(),
            chosen: it.inputs.iter().filter(|_| masked).map(|_| Buffer::default()).collect(),
        })
    }

    /// Elements of one result, those that a mask leaves out among them.
    pub fn len(&self) -> usize {
        self.n
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.n == 0
    }

    /// Goes to the first element of the result at `position`, an index for each loop over results.
    pub fn seek(&mut self, position: &[usize]) {
        let (kept, folded) = self.position.split_at_mut(self.kept);
        kept.copy_from_slice(position);
        folded.fill(0);
    }

    /// The same for another thread.
    pub fn again(&self) -> Slices {
        Slices {
            dims: self.dims.clone(),
            strides: self.strides.clone(),
            tiles: self.tiles.iter().map(Tile::again).collect(),
            position: self.position.clone(),
            kept: self.kept,
            n: self.n,
            index_strides: self.index_strides.clone(),
            indices: Vec::new(),
            chosen: self.chosen.iter().map(|_| Buffer::default()).collect(),
            runs: self.runs.clone(),
        }
    }

    /// Goes to the element number `k` of the result that was sought.
    pub fn skip_to(&mut self, k: usize) {
        let (dims, position) = (&self.dims[self.kept..], &mut self.position[self.kept..]);
        position.fill(0);
        advance(dims, position, k);
    }

    /// Folds the elements of the result that was sought: their state, or `None` for no elements and nothing to begin with, and how
    /// many there are.
    ///
    /// # Safety
    /// The operands are readable, `it` is the loop that this was made for, and `params` has a slot for each of its params.
    pub unsafe fn fold<'a>(
        &mut self,
        it: &Fold,
        params: &[Slot],
        start: Start<'_>,
        states: &'a mut States,
    ) -> Result<(Option<&'a Slot>, usize), NoMemory> {
        // SAFETY: the rows are of the loop's dtypes, and good until the next block is asked for.
        unsafe { fold::<MAX_READ>(it, self.n, params, start, states, |_, len, rows| self.next(it, len, rows)) }
    }

    /// The same by several threads.
    ///
    /// # Errors
    /// If there is no memory, or if the computation is to end.
    ///
    /// # Safety
    /// As for [`fold`](Slices::fold).
    pub unsafe fn fold_divided<'a>(
        &self,
        it: &Fold,
        params: &[Slot],
        start: Start<'_>,
        states: &'a mut States,
        cut: Cut,
    ) -> Result<(Option<&'a Slot>, usize), FoldError> {
        // A thread that begins a piece seeks its first element; from there on blocks follow each other.
        let worker = || (self.again(), usize::MAX);
        // SAFETY: as for `fold`.
        let next = |(slices, at): &mut (Slices, usize), start: usize, len: usize, rows: &mut [Row; MAX_READ]| unsafe {
            if *at != start {
                slices.skip_to(start);
            }
            *at = start + len;
            slices.next(it, len, rows)
        };
        // SAFETY: the rows are of the loop's dtypes, and good until the next block is asked for.
        unsafe { fold_divided::<_, MAX_READ>(it, cut, params, start, states, worker, next) }
    }

    /// Puts rows of the next `len` values into `rows`, those that the mask lets through, and says how many and which.
    ///
    /// # Safety
    /// As for [`fold`](Slices::fold), and there are as many elements left. The rows are good until the next call.
    pub unsafe fn next(
        &mut self,
        it: &Fold,
        len: usize,
        rows: &mut [Row; MAX_READ],
    ) -> Result<(usize, Index), NoMemory> {
        let operands = self.tiles.iter_mut().zip(&self.strides).zip(&self.runs);
        for (((tile, strides), &run), row) in operands.zip(rows.iter_mut()) {
            // SAFETY: the caller vouches for the operands and for `len`.
            *row = unsafe { tile.values(&self.dims, strides, &self.position, len)? }.of_run(run);
        }
        let index = if self.index_strides.is_empty() { Index::following(0) } else { self.index(len)? };
        let kept = self.kept;
        advance(&self.dims[kept..], &mut self.position[kept..], len);
        if self.chosen.is_empty() {
            return Ok((len, index));
        }
        // SAFETY: rows of `len` values, and the mask's is of bytes that are 0 or 1, side by side.
        unsafe {
            let mask = std::slice::from_raw_parts(rows[it.inputs.len()].data, len);
            self.choose(it, mask, index, rows)
        }
    }

    /// The indices of the next `len` elements.
    fn index(&mut self, len: usize) -> Result<Index, NoMemory> {
        let (dims, position) = (&self.dims[self.kept..], &self.position[self.kept..]);
        let step = self.index_strides.last().map_or(0, |&step| step as i64);
        if len == 1 || step == 1 && len <= left(dims, position) {
            let first: isize = position.iter().zip(&self.index_strides).map(|(&at, step)| at as isize * step).sum();
            return Ok(Index::following(first as i64));
        }
        self.indices.clear();
        self.indices.try_reserve(BLOCK).map_err(|_| NoMemory)?;
        let indices = &mut self.indices;
        runs(dims, &self.index_strides, position, len, |first, _, len| {
            indices.extend((0..len as i64).map(|k| first as i64 + k * step));
        });
        Ok(Index { first: 0, offsets: self.indices.as_ptr() })
    }

    /// Leaves out what a mask does not let through.
    ///
    /// # Safety
    /// There are as many values of every input, and indices, as the mask has bytes.
    unsafe fn choose(
        &mut self,
        it: &Fold,
        mask: &[u8],
        index: Index,
        rows: &mut [Row; MAX_READ],
    ) -> Result<(usize, Index), NoMemory> {
        let chosen = mask.iter().map(|&keep| usize::from(keep)).sum();
        if chosen == mask.len() || chosen == 0 {
            return Ok((chosen, index));
        }
        for ((buffer, row), dtype) in self.chosen.iter_mut().zip(rows.iter_mut()).zip(it.inputs) {
            let to = buffer.room()?;
            let size = dtype.value().size();
            // SAFETY: the row holds a value for each byte of the mask, and the buffer has room for them.
            unsafe {
                match size {
                    1 => choose::<u8>(*row, mask, to),
                    2 => choose::<u16>(*row, mask, to),
                    4 => choose::<u32>(*row, mask, to),
                    8 => choose::<u64>(*row, mask, to),
                    _ => choose::<[u64; 2]>(*row, mask, to),
                }
            }
            *row = Row::new(to, size as isize);
        }
        if self.index_strides.is_empty() {
            return Ok((chosen, index));
        }
        let mut indices = Vec::new();
        indices.try_reserve_exact(BLOCK).map_err(|_| NoMemory)?;
        // SAFETY: there is an index for each byte of the mask.
        indices.extend((0..mask.len()).filter(|&k| mask[k] != 0).map(|k| unsafe { index.get(k) }));
        self.indices = indices;
        Ok((chosen, Index { first: 0, offsets: self.indices.as_ptr() }))
    }
}

/// Copies the values of a row for which the mask's byte is 1.
///
/// # Safety
/// The row holds a value for each byte of `mask`, and there is room for as many at `to`, aligned for them.
unsafe fn choose<W: Copy>(row: Row, mask: &[u8], to: *mut u8) {
    let mut to = to.cast::<W>();
    for (k, &keep) in mask.iter().enumerate() {
        // SAFETY: never more values are written than were looked at. Without a branch: a mask is as good as random.
        unsafe {
            to.write(row.get(k));
            to = to.add(usize::from(keep));
        }
    }
}
