//! Folds along some axes: for each result its slice, or a step at a time for many results at once, whichever lies better in memory.

use std::ops::Range;
use std::ptr;

use crate::block::{BLOCK, Fold};
use crate::columns::{Columns, First, state_dtypes};
use crate::cut::Means;
use crate::divide::{Pieces, divide};
use crate::down::{Down, WIDE};
use crate::dtype::DType;
use crate::flags::{self, Flags};
use crate::fold::{FoldError, Start, States, finish, kept};
use crate::outcome::{NaN, Outcome};
use crate::scalar::Slot;
use crate::shape::distance;
use crate::sink::{Place, Sink};
use crate::slice_flags;
use crate::slices::Slices;
use crate::tile::{Layout, NoMemory};
use crate::walk::{Loops, MAX_OPERANDS, advance};

/// Elements of an axis that are folded in order whatever the way, and for many results at once even where they lie side by side.
const SHORT: usize = 16;

/// What is made of each state.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// The outputs.
    Outputs,
    /// The fields of the state itself, and how many elements it is made of.
    State,
}

impl Ending {
    /// The dtype of each result.
    pub fn dtypes(self, it: &Fold) -> Vec<DType> {
        match self {
            Ending::Outputs => it.outputs.to_vec(),
            Ending::State => state_dtypes(it),
        }
    }
}

/// A way through the operands of a fold.
pub struct Along {
    loops: Loops,
    outputs: Vec<Sink>,
    ending: Ending,
}

/// What a way is run with.
struct Run<'a> {
    it: &'a Fold,
    params: &'a [Slot],
    start: Start<'a>,
    /// What one result may spend.
    means: Means,
    outcome: Outcome,
    slices: Slices,
    states: States,
    outputs: Vec<Sink>,
}

impl Along {
    /// The way over operands that broadcast to `shape`, of which `folded` says whether each axis is folded. Each place has the other
    /// axes.
    pub fn new(
        it: &Fold,
        shape: &[usize],
        folded: &[bool],
        inputs: &[Layout],
        mask: Option<&Layout>,
        places: &[Place],
        ending: Ending,
    ) -> Option<Along> {
        let loops = Loops::new(it, shape, folded, inputs, mask, places, &[]);
        let sink = |((place, &offset), dtype): ((&Place, &isize), DType)| place.sink(offset, dtype);
        let outputs = places.iter().zip(&loops.offsets).zip(ending.dtypes(it)).map(sink).collect::<Option<_>>()?;
        Some(Along { loops, outputs, ending })
    }

    /// Elements in all.
    pub fn len(&self) -> usize {
        self.loops.kept.len().saturating_mul(self.loops.folded.len())
    }

    /// Whether there are no elements.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Computes every result.
    ///
    /// # Safety
    /// The inputs are readable and the places writable, and nothing that is written overlaps anything else. `it` is the loop that this
    /// was made for, and `params` has a slot for each of its params.
    pub unsafe fn run(&self, it: &Fold, params: &[Slot], start: Start<'_>, means: Means) -> Result<Outcome, FoldError> {
        let Loops { kept, folded, .. } = &self.loops;
        if folded.is_empty() && !start.exists(it) {
            return Err(FoldError::Empty);
        }
        if kept.is_empty() {
            return Ok(Outcome::NONE);
        }
        let columns = self.columns(it);
        let down = if columns { Some(self.down(it)?) } else { None };
        let each = Means { cost: means.cost * folded.len().max(1) as f64, ..means };
        let grain = down.as_ref().map_or(1, |down| down.grain(&self.loops, each));
        let at_once = down.as_ref().map_or(means.threads, |down| down.widest().max(grain));
        let can_be_cut = down.as_ref().map_or(folded.len() > BLOCK, |down| down.can_be_cut(&self.loops));
        // Few results, and such that take long, are computed one after the other, each by all threads.
        let few = can_be_cut && (kept.len() <= at_once || each.is_a_piece(grain));
        let cut = if few { Means::ONE.cut(kept.len(), 1) } else { each.cut(kept.len(), grain) };
        let work = |pieces: &mut Pieces<'_>| {
            let mut run = Run {
                it,
                params,
                start,
                means: if few { means } else { Means::ONE },
                outcome: Outcome::NONE,
                slices: Slices::new(it, &self.loops).ok_or(FoldError::Complex)?,
                states: States::new(),
                outputs: self.outputs.iter().map(Sink::again).collect(),
            };
            flags::clear();
            // SAFETY: passed on.
            unsafe {
                if columns {
                    let mut down = self.down(it)?;
                    let first = First::new(it, start, params, down.widest())?;
                    while let Some((_, results)) = pieces.next() {
                        self.by_columns(&mut run, first.as_ref(), &mut down, results)?;
                    }
                } else {
                    while let Some((_, results)) = pieces.next() {
                        self.by_slices(&mut run, results)?;
                    }
                }
            }
            Ok::<_, FoldError>(run.outcome)
        };
        // SAFETY: each result is of one piece.
        Ok(unsafe { divide(cut, work)? }.into_iter().fold(Outcome::NONE, Outcome::and))
    }

    fn down(&self, it: &Fold) -> Result<Down, FoldError> {
        Down::new(it, &self.loops).ok_or(FoldError::Complex)
    }

    /// Whether to go step by step for many results at once.
    fn columns(&self, it: &Fold) -> bool {
        let Loops { kept, folded, sources, .. } = &self.loops;
        let masked = sources.len() > it.inputs.len();
        let step = |strides: &[Vec<isize>]| {
            let inner: Vec<isize> = strides.iter().take(it.inputs.len()).filter_map(|s| s.last().copied()).collect();
            distance(&inner)
        };
        if masked || kept.len() == 1 || folded.is_empty() {
            return !masked && folded.is_empty();
        }
        let inner = kept.dims.last().copied().unwrap_or(1);
        // Few results beside each other cannot be folded by lanes if the order counts.
        let narrow = it.ordered && inner < WIDE;
        folded.len() <= SHORT || step(&kept.strides) < step(&folded.strides) && !narrow
    }

    /// Result by result.
    unsafe fn by_slices(&self, run: &mut Run<'_>, results: Range<usize>) -> Result<(), FoldError> {
        /// Results that are stored at once.
        const AT_ONCE: usize = 256;
        let mut position = self.position(results.start);
        let sizes: Vec<usize> = self.ending.dtypes(run.it).iter().map(|dtype| dtype.value().size()).collect();
        let cut = run.means.cut(run.slices.len(), BLOCK).to_subtrees();
        for at in results.clone().step_by(AT_ONCE) {
            let len = AT_ONCE.min(results.end - at);
            let first = position.clone();
            // SAFETY: the places are writable.
            let mut to = unsafe { self.rooms(run, &first, len)? };
            let rows = to;
            for k in 0..len {
                run.slices.seek(&position);
                // SAFETY: the operands are readable.
                let (state, seen) = unsafe {
                    match cut.is_whole() {
                        true => run.slices.fold(run.it, run.params, run.start, &mut run.states)?,
                        false => run.slices.fold_divided(run.it, run.params, run.start, &mut run.states, cut)?,
                    }
                };
                let state = state.ok_or(FoldError::Empty)?;
                // SAFETY: a state of the loop's, and room for a value of each result.
                unsafe {
                    match self.ending {
                        Ending::Outputs => finish(run.it, state, seen, run.params, &to),
                        Ending::State => self.state(run.it, state, seen, &to),
                    }
                    if kept(run.it, state, seen) == 0 && run.it.skips && seen > 0 {
                        self.nothing(run, &rows, k)?;
                    }
                }
                to.iter_mut().zip(&sizes).for_each(|(to, size)| *to = to.wrapping_add(*size));
                advance(&self.loops.kept.dims, &mut position, 1);
            }
            // SAFETY: `len` values of each result were written.
            unsafe {
                self.look(run, &first, &rows, len)?;
                self.store(run, &first, len)?;
            }
        }
        Ok(())
    }

    /// Copies the fields of a state, and the count of its elements.
    unsafe fn state(&self, it: &Fold, state: *const Slot, seen: usize, to: &[*mut u8]) {
        for (field, &to) in it.fields.iter().zip(to) {
            // SAFETY: the state has the field, and there is room for it.
            unsafe {
                ptr::copy_nonoverlapping(state.cast::<u8>().add(field.offset), to, field.dtype.value().size());
            }
        }
        if !it.skips {
            // SAFETY: there is room for the count.
            unsafe { to[it.fields.len()].cast::<i64>().write(seen as i64) }
        }
    }

    /// Step by step, for many results at once.
    unsafe fn by_columns(
        &self,
        run: &mut Run<'_>,
        first: Option<&First>,
        down: &mut Down,
        results: Range<usize>,
    ) -> Result<(), FoldError> {
        let (it, params) = (run.it, run.params);
        let n = self.loops.folded.len();
        let mut counts: Vec<i64> = Vec::new();
        counts.try_reserve_exact(BLOCK).map_err(|_| NoMemory)?;
        counts.resize(BLOCK, n as i64);
        let mut position = self.position(results.start);
        let mut at = results.start;
        while at < results.end {
            let len = down.width(&self.loops, &position, results.end - at);
            // SAFETY: passed on; as many results are left.
            unsafe {
                let columns = match first {
                    Some(first) if n == 0 => first.alone(it, len),
                    Some(first) => {
                        let root = down.fold(it, &self.loops, &position, len, params, run.means)?;
                        first.join(it, root, len, params)
                    }
                    None => down.fold(it, &self.loops, &position, len, params, run.means)?,
                };
                // Values that have to be converted on their way out have room for a block. Each looks for what bears out the flags.
                let raised = flags::raised();
                for from in (0..len).step_by(BLOCK) {
                    let part = BLOCK.min(len - from);
                    flags::take_over(raised);
                    self.end(run, columns, from, part, &counts, &position)?;
                    advance(&self.loops.kept.dims, &mut position, part);
                }
            }
            at += len;
        }
        Ok(())
    }

    /// Makes results of `len` columns from column `from` on, which belong at `position`. `counts` are of what has all its elements.
    ///
    /// # Safety
    /// There are such columns and such results, at most a block of them.
    unsafe fn end(
        &self,
        run: &mut Run<'_>,
        columns: &Columns,
        from: usize,
        len: usize,
        counts: &[i64],
        position: &[usize],
    ) -> Result<(), FoldError> {
        let (it, params) = (run.it, run.params);
        // SAFETY: passed on.
        unsafe {
            let rows = self.rooms(run, position, len)?;
            let mut fields = columns.fields(it, from);
            let own = columns.counts(it).map(|counts| counts.wrapping_add(from).cast_const());
            fields[it.fields.len()] = own.unwrap_or(counts.as_ptr()).cast_mut().cast();
            match self.ending {
                Ending::Outputs => {
                    (it.functions().finish)(fields.as_ptr().cast(), rows.as_ptr(), len, params.as_ptr());
                }
                Ending::State => {
                    for ((dtype, &from), &to) in state_dtypes(it).iter().zip(&fields).zip(&rows) {
                        ptr::copy_nonoverlapping(from.cast_const(), to, len * dtype.size());
                    }
                }
            }
            if let Some(counts) = own.filter(|_| !self.loops.folded.is_empty()) {
                let counts = std::slice::from_raw_parts(counts, len);
                // To look at all of them is vectorized, to look for one is not.
                if counts.iter().fold(false, |found, &count| found | (count == 0)) {
                    for k in (0..len).filter(|&k| counts[k] == 0) {
                        self.nothing(run, &rows, k)?;
                    }
                }
            }
            self.look(run, position, &rows, len)?;
            self.store(run, position, len)?;
        }
        Ok(())
    }

    /// The indices of the result number `k`.
    fn position(&self, k: usize) -> Vec<usize> {
        let mut position = vec![0; self.loops.kept.dims.len()];
        advance(&self.loops.kept.dims, &mut position, k);
        position
    }

    /// Where the next `len` values of each result go.
    unsafe fn rooms(
        &self,
        run: &mut Run<'_>,
        position: &[usize],
        len: usize,
    ) -> Result<[*mut u8; MAX_OPERANDS], NoMemory> {
        let mut rooms = [ptr::null_mut(); MAX_OPERANDS];
        let (kept, read) = (&self.loops.kept, self.loops.sources.len());
        for ((sink, strides), room) in run.outputs.iter_mut().zip(&kept.strides[read..]).zip(&mut rooms) {
            // SAFETY: the place is writable, and as many results are left.
            *room = unsafe { sink.room(&kept.dims, strides, position, len)? };
        }
        Ok(rooms)
    }

    /// Takes the values to their places.
    unsafe fn store(&self, run: &mut Run<'_>, position: &[usize], len: usize) -> Result<(), NoMemory> {
        let (kept, read) = (&self.loops.kept, self.loops.sources.len());
        for (sink, strides) in run.outputs.iter_mut().zip(&kept.strides[read..]) {
            // SAFETY: the values were written just now.
            unsafe { sink.store(&kept.dims, strides, position, len)? };
        }
        run.outcome.flags.stored();
        Ok(())
    }

    /// The result number `k` of `rows` for a slice of which everything was left out: NaN, if there is one.
    unsafe fn nothing(&self, run: &mut Run<'_>, rows: &[*mut u8], k: usize) -> Result<(), FoldError> {
        if self.ending == Ending::State || run.start.exists(run.it) {
            return Ok(());
        }
        run.outcome.nothing = true;
        // SAFETY: there is a value for the result.
        unsafe { run.it.outputs.write_nan(rows, k..k + 1) }
    }

    /// Looks whether `len` results from `position` on bear out the flags that are raised.
    #[inline(always)]
    unsafe fn look(&self, run: &mut Run<'_>, position: &[usize], rows: &[*mut u8], len: usize) -> Result<(), NoMemory> {
        let raised = flags::raised();
        if raised != Flags::NONE {
            let Run { it, slices, outcome, .. } = run;
            let (dims, dtypes) = (&self.loops.kept.dims, self.ending.dtypes(it));
            // SAFETY: passed on.
            outcome.flags =
                unsafe { slice_flags::report(raised, outcome.flags, it, slices, dims, position, &dtypes, rows, len)? };
        }
        Ok(())
    }
}
