//! Columns: the states of many results side by side, and the tree over the steps that they are folded from.

use std::mem::MaybeUninit;

use crate::block::{Fold, LINE};
use crate::dtype::DType;
use crate::fold::{MAX_FIELDS, Start};
use crate::scalar::Slot;
use crate::tile::{NoMemory, Unit};

/// Steps that are folded one after the other before the tree begins: no more than a lane of a block takes.
pub const LEAF: usize = 32;

/// A row of values for each field of a state: room for many states.
pub struct Columns {
    fields: Vec<*mut u8>,
    /// What the fields point into.
    _room: Vec<Unit>,
}

/// Pointers to the fields of columns, from a column on.
pub type Fields = [*mut u8; 2 * MAX_FIELDS + 1];

impl Columns {
    /// Room for `width` states. Nothing is initialised.
    pub fn new(it: &Fold, width: usize) -> Result<Columns, NoMemory> {
        let sizes = it.fields.iter().map(|field| field.dtype.value().size() * width.next_multiple_of(LINE));
        let mut room: Vec<Unit> = Vec::new();
        let units = sizes.clone().sum::<usize>().div_ceil(size_of::<Unit>());
        room.try_reserve_exact(units).map_err(|_| NoMemory)?;
        let mut next = room.as_mut_ptr().cast::<u8>();
        let place = |size| {
            let place = next;
            next = next.wrapping_add(size);
            place
        };
        Ok(Columns { fields: sizes.map(place).collect(), _room: room })
    }

    /// A pointer for each field, to the first column.
    pub fn pointers(&self) -> *const *mut u8 {
        self.fields.as_ptr()
    }

    /// The fields from the column `from` on.
    pub fn fields(&self, it: &Fold, from: usize) -> Fields {
        let mut fields = [std::ptr::null_mut(); 2 * MAX_FIELDS + 1];
        for ((to, &field), each) in fields.iter_mut().zip(&self.fields).zip(it.fields) {
            *to = field.wrapping_add(from * each.dtype.value().size());
        }
        fields
    }

    /// Makes `n` columns of one state.
    ///
    /// # Safety
    /// `state` holds a state of the loop's, and there is room for `n`.
    pub unsafe fn fill(&self, it: &Fold, state: *const Slot, n: usize) {
        for (&to, field) in self.fields.iter().zip(it.fields) {
            let size = field.dtype.value().size();
            let from = state.cast::<u8>().wrapping_add(field.offset);
            // SAFETY: there is room for `n` values of the field, and the state has one.
            unsafe {
                match size {
                    1 => repeat::<u8>(from, to, n),
                    2 => repeat::<u16>(from, to, n),
                    4 => repeat::<u32>(from, to, n),
                    8 => repeat::<u64>(from, to, n),
                    _ => repeat::<[u64; 2]>(from, to, n),
                }
            }
        }
    }

    /// Joins to `self`, from column 0 on, `n` columns of `others`, from column `from` on, and puts the result to `to`.
    ///
    /// # Safety
    /// There are states in those columns, and `to` is none of them.
    unsafe fn join(&self, it: &Fold, others: &Columns, from: usize, n: usize, params: &[Slot], to: &Columns) {
        let mut inputs = self.fields(it, 0);
        let count = it.fields.len();
        inputs[count..2 * count].copy_from_slice(&others.fields(it, from)[..count]);
        // SAFETY: passed on.
        unsafe { (it.functions().join)(inputs.as_ptr().cast(), to.pointers(), n, params.as_ptr()) };
    }

    /// How many elements each state is made of, where some may be left out.
    pub fn counts(&self, it: &Fold) -> Option<*mut i64> {
        self.fields.last().filter(|_| it.skips).map(|field| field.cast())
    }
}

/// Columns of finished subtrees, widest first: a binary counter over leaves of [`LEAF`] steps.
pub struct Tree {
    /// Columns at most.
    width: usize,
    levels: Vec<Columns>,
    /// Where the next join goes; then it changes places with what was joined.
    spare: Option<Columns>,
    leaves: usize,
}

impl Tree {
    /// A tree of no more than `width` columns.
    pub fn new(width: usize) -> Tree {
        Tree { width, levels: Vec::new(), spare: None, leaves: 0 }
    }

    /// Begins anew.
    pub fn clear(&mut self) {
        self.leaves = 0;
    }

    /// Where the next leaf goes.
    pub fn next(&mut self, it: &Fold) -> Result<&Columns, NoMemory> {
        let depth = self.leaves.count_ones() as usize;
        if depth == self.levels.len() {
            self.levels.push(Columns::new(it, self.width)?);
        }
        Ok(&self.levels[depth])
    }

    /// Takes in the root of a subtree that was made elsewhere, of `n` columns.
    ///
    /// # Safety
    /// It was, and all subtrees before were of one width.
    pub unsafe fn take(&mut self, it: &Fold, root: Columns, n: usize, params: &[Slot]) -> Result<(), NoMemory> {
        let depth = self.leaves.count_ones() as usize;
        match self.levels.get_mut(depth) {
            Some(level) => *level = root,
            None => self.levels.push(root),
        }
        // SAFETY: passed on.
        unsafe { self.took(it, n, params) }
    }

    /// The root, for another tree. There is at least one leaf, and all are joined.
    pub fn into_root(mut self) -> Columns {
        self.levels.swap_remove(0)
    }

    /// Takes in the leaf that was written, of `n` columns.
    ///
    /// # Safety
    /// It was.
    pub unsafe fn took(&mut self, it: &Fold, n: usize, params: &[Slot]) -> Result<(), NoMemory> {
        let mut depth = self.leaves.count_ones() as usize;
        self.leaves += 1;
        for _ in 0..self.leaves.trailing_zeros() {
            depth -= 1;
            // SAFETY: both hold `n` states.
            unsafe { self.join(it, depth, depth + 1, 0, n, params)? };
        }
        Ok(())
    }

    /// Joins what is left, smallest first; there is at least one leaf. Then halves the columns until `n` are left, of `together`
    /// times as many.
    ///
    /// # Safety
    /// All leaves are of `together * n` columns; `together` is a power of two.
    pub unsafe fn root(&mut self, it: &Fold, n: usize, together: usize, params: &[Slot]) -> Result<&Columns, NoMemory> {
        let subtrees = self.leaves.count_ones() as usize;
        for depth in (1..subtrees).rev() {
            // SAFETY: both hold as many states.
            unsafe { self.join(it, depth - 1, depth, 0, n * together, params)? };
        }
        let mut half = together / 2;
        while half > 0 {
            // SAFETY: there are twice as many states.
            unsafe { self.join(it, 0, 0, half * n, half * n, params)? };
            half /= 2;
        }
        Ok(&self.levels[0])
    }

    /// Joins `n` columns of the level `other`, from column `from` on, to those of the level `own`.
    unsafe fn join(
        &mut self,
        it: &Fold,
        own: usize,
        other: usize,
        from: usize,
        n: usize,
        params: &[Slot],
    ) -> Result<(), NoMemory> {
        let to = self.room(it)?;
        // SAFETY: passed on; the spare columns are none of the levels'.
        unsafe { self.levels[own].join(it, &self.levels[other], from, n, params, &to) };
        self.spare = Some(std::mem::replace(&mut self.levels[own], to));
        Ok(())
    }

    /// Joins `n` columns of another tree's root to the root of this one.
    ///
    /// # Safety
    /// Both hold as many states.
    pub unsafe fn add(&mut self, it: &Fold, others: &Columns, n: usize, params: &[Slot]) -> Result<&Columns, NoMemory> {
        let to = self.room(it)?;
        // SAFETY: passed on.
        unsafe { self.levels[0].join(it, others, 0, n, params, &to) };
        self.spare = Some(std::mem::replace(&mut self.levels[0], to));
        Ok(&self.levels[0])
    }

    /// Columns for a join to write to.
    fn room(&mut self, it: &Fold) -> Result<Columns, NoMemory> {
        self.spare.take().map_or_else(|| Columns::new(it, self.width), Ok)
    }
}

/// A state that every result begins with, in columns.
pub struct First {
    columns: Columns,
    joined: Columns,
}

impl First {
    /// What `start` says, for at most `width` results, or `None` where results begin with their first elements.
    ///
    /// # Safety
    /// As for [`Start::write`].
    pub unsafe fn new(it: &Fold, start: Start<'_>, params: &[Slot], width: usize) -> Result<Option<First>, NoMemory> {
        let mut state: Vec<Slot> = Vec::new();
        state.try_reserve_exact(it.state_slots).map_err(|_| NoMemory)?;
        // SAFETY: room for a state.
        if !unsafe { start.write(it, params.as_ptr(), state.as_mut_ptr()) } {
            return Ok(None);
        }
        let first = First { columns: Columns::new(it, width)?, joined: Columns::new(it, width)? };
        // SAFETY: a state was written.
        unsafe { first.columns.fill(it, state.as_ptr(), width) };
        // A start that counts as nothing would be left out when it is joined.
        first.add(it, &first.columns, width, 1);
        Ok(Some(first))
    }

    /// The start joined with `n` columns.
    ///
    /// # Safety
    /// There are as many states.
    pub unsafe fn join(&self, it: &Fold, columns: &Columns, n: usize, params: &[Slot]) -> &Columns {
        // SAFETY: passed on.
        unsafe { self.columns.join(it, columns, 0, n, params, &self.joined) };
        self.add(it, &self.joined, n, -1);
        &self.joined
    }

    /// `n` columns of nothing else.
    pub fn alone(&self, it: &Fold, n: usize) -> &Columns {
        for ((&from, &to), field) in self.columns.fields.iter().zip(&self.joined.fields).zip(it.fields) {
            // SAFETY: both have room for as many values of the field, and all of `columns` are written.
            unsafe { std::ptr::copy_nonoverlapping(from, to, n * field.dtype.value().size()) };
        }
        self.add(it, &self.joined, n, -1);
        &self.joined
    }

    fn add(&self, it: &Fold, columns: &Columns, n: usize, more: i64) {
        if let Some(counts) = columns.counts(it) {
            // SAFETY: `n` states are written.
            (0..n).for_each(|c| unsafe { *counts.add(c) += more });
        }
    }
}

/// Writes `n` times the value at `from`.
///
/// # Safety
/// There is one, and room for as many at `to`, aligned for it.
unsafe fn repeat<W: Copy>(from: *const u8, to: *mut u8, n: usize) {
    // SAFETY: passed on.
    unsafe {
        let value = from.cast::<W>().read();
        std::slice::from_raw_parts_mut(to.cast::<MaybeUninit<W>>(), n).fill(MaybeUninit::new(value));
    }
}

/// Dtypes of a state's fields as values, the count of elements last.
pub fn state_dtypes(it: &Fold) -> Vec<DType> {
    let counted = (!it.skips).then_some(DType::I64);
    it.fields.iter().map(|field| field.dtype.value()).chain(counted).collect()
}
