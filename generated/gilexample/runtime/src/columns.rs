//! Columns: the states of many results side by side, and the tree over the steps that they are folded from.

use crate::block::{BLOCK, Fold};
use crate::dtype::DType;
use crate::fold::{MAX_FIELDS, Start};
use crate::scalar::Slot;
use crate::tile::{NoMemory, Unit};

/// Steps that are folded one after the other before the tree begins: no more than a lane of a block takes.
pub const LEAF: usize = 32;

/// A row of values for each field of a state: room for a block of states.
pub struct Columns {
    fields: Vec<*mut u8>,
    /// What the fields point into.
    _room: Vec<Unit>,
}

/// Pointers to the fields of columns, from a column on.
pub type Fields = [*mut u8; 2 * MAX_FIELDS + 1];

impl Columns {
    /// Room for [`BLOCK`] states. Nothing is initialised.
    pub fn new(it: &Fold) -> Result<Columns, NoMemory> {
        let sizes = it.fields.iter().map(|field| field.dtype.value().size() * BLOCK);
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
    /// `state` holds a state of the loop's, and `n` is at most [`BLOCK`].
    pub unsafe fn fill(&self, it: &Fold, state: *const Slot, n: usize) {
        for (&to, field) in self.fields.iter().zip(it.fields) {
            let size = field.dtype.value().size();
            let from = state.cast::<u8>().wrapping_add(field.offset);
            // SAFETY: there is room for a block of values of the field.
            (0..n).for_each(|c| unsafe { std::ptr::copy_nonoverlapping(from, to.add(c * size), size) });
        }
    }

    /// Joins to `self`, from column 0 on, `n` columns of `others`, from column `from` on, and puts the result to `to`.
    ///
    /// # Safety
    /// There are states in those columns. `to` may be `self`.
    pub unsafe fn join(&self, it: &Fold, others: &Columns, from: usize, n: usize, params: &[Slot], to: &Columns) {
        let mut inputs = self.fields(it, 0);
        let count = it.fields.len();
        inputs[count..2 * count].copy_from_slice(&others.fields(it, from)[..count]);
        let outputs = to.fields(it, 0);
        // SAFETY: passed on.
        unsafe { (it.functions().join)(inputs.as_ptr().cast(), outputs.as_ptr(), n, params.as_ptr()) };
    }

    /// How many elements each state is made of, where some may be left out.
    pub fn counts(&self, it: &Fold) -> Option<*mut i64> {
        self.fields.last().filter(|_| it.skips).map(|field| field.cast())
    }
}

/// Columns of finished subtrees, widest first: a binary counter over leaves of [`LEAF`] steps.
#[derive(Default)]
pub struct Tree {
    levels: Vec<Columns>,
    leaves: usize,
}

impl Tree {
    /// Begins anew.
    pub fn clear(&mut self) {
        self.leaves = 0;
    }

    /// Whether nothing was folded yet.
    pub fn is_empty(&self) -> bool {
        self.leaves == 0
    }

    /// Where the next leaf goes.
    pub fn next(&mut self, it: &Fold) -> Result<&Columns, NoMemory> {
        let depth = self.leaves.count_ones() as usize;
        if depth == self.levels.len() {
            self.levels.push(Columns::new(it)?);
        }
        Ok(&self.levels[depth])
    }

    /// Takes in the leaf that was written, of `n` columns.
    ///
    /// # Safety
    /// It was.
    pub unsafe fn took(&mut self, it: &Fold, n: usize, params: &[Slot]) {
        let mut depth = self.leaves.count_ones() as usize;
        self.leaves += 1;
        for _ in 0..self.leaves.trailing_zeros() {
            depth -= 1;
            let (left, right) = (&self.levels[depth], &self.levels[depth + 1]);
            // SAFETY: both hold `n` states.
            unsafe { left.join(it, right, 0, n, params, left) };
        }
    }

    /// Joins what is left, smallest first; there is at least one leaf.
    ///
    /// # Safety
    /// All leaves are of `n` columns.
    pub unsafe fn root(&mut self, it: &Fold, n: usize, params: &[Slot]) -> &Columns {
        let subtrees = self.leaves.count_ones() as usize;
        for depth in (1..subtrees).rev() {
            let (left, right) = (&self.levels[depth - 1], &self.levels[depth]);
            // SAFETY: both hold `n` states.
            unsafe { left.join(it, right, 0, n, params, left) };
        }
        &self.levels[0]
    }
}

/// A state that every result begins with, in columns.
pub struct First {
    columns: Columns,
    joined: Columns,
}

impl First {
    /// What `start` says, or `None` where results begin with their first elements.
    ///
    /// # Safety
    /// As for [`Start::write`].
    pub unsafe fn new(it: &Fold, start: Start<'_>, params: &[Slot]) -> Result<Option<First>, NoMemory> {
        let mut state: Vec<Slot> = Vec::new();
        state.try_reserve_exact(it.state_slots).map_err(|_| NoMemory)?;
        // SAFETY: room for a state.
        if !unsafe { start.write(it, params.as_ptr(), state.as_mut_ptr()) } {
            return Ok(None);
        }
        let first = First { columns: Columns::new(it)?, joined: Columns::new(it)? };
        // SAFETY: a state was written.
        unsafe { first.columns.fill(it, state.as_ptr(), BLOCK) };
        // A start that counts as nothing would be left out when it is joined.
        first.add(it, &first.columns, BLOCK, 1);
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
            // SAFETY: both have room for a block of values of the field, and all of `columns` are written.
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

/// Dtypes of a state's fields as values, the count of elements last.
pub fn state_dtypes(it: &Fold) -> Vec<DType> {
    let counted = (!it.skips).then_some(DType::I64);
    it.fields.iter().map(|field| field.dtype.value()).chain(counted).collect()
}
