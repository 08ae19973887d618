//! How the blocks of an elementwise kernel are computed one after the other: by which of its texts, and which flags there are to report.

use crate::block::{BLOCK, LINE, Map};
use crate::dtype::{DType, Kind};
use crate::flags::{self, Flags};
use crate::scalar::Slot;
use crate::special::borne_out_by_each;

/// The most elements that are computed before somebody looks at flags, which costs as much as some elements do.
const LONG: usize = 8 * BLOCK;

/// The fewest, but where there are no more.
const SHORT: usize = BLOCK / 4;

/// Elements are computed in hope that no flag is raised, many before somebody looks. Where one is, it was in vain: they are hoped for
/// again few by few, and those few that have one are computed with care, by the text for all arguments and with a look at each block. So
/// are some after them, the more the more often hope is in vain; and the more often it is not, the more elements it is for.
pub struct Report {
    /// Those that values bore out so far.
    pub flags: Flags,
    /// Elements that are computed with care from here on.
    careful: usize,
    /// Elements that are computed in hope after these.
    hope: usize,
    /// Elements that are computed with care after the next ones with a flag.
    rest: usize,
}

impl Report {
    /// Nothing yet.
    #[inline(always)]
    pub fn start() -> Report {
        Report { flags: Flags::NONE, careful: 0, hope: LONG, rest: SHORT }
    }

    /// Computes a block, and looks at its values where a flag is raised.
    ///
    /// # Safety
    /// As for [`MapBlock`](crate::block::MapBlock).
    #[inline(always)]
    pub unsafe fn block(&mut self, map: &Map, from: &[*const u8], to: &[*mut u8], n: usize, params: &[Slot]) {
        // SAFETY: passed on; nothing that was written overlaps what is read again.
        unsafe {
            if self.hopes() {
                map.block()(from.as_ptr(), to.as_ptr(), n, params.as_ptr());
                if self.fulfilled(map, n) {
                    return;
                }
            }
            self.with_care(map, from, to, n, params);
        }
    }

    /// Whether the next elements are computed by [`Map::block`], and [`fulfilled`](Report::fulfilled) is asked then; else by
    /// [`with_care`](Report::with_care).
    #[inline(always)]
    pub fn hopes(&self) -> bool {
        self.careful == 0
    }

    /// How many elements the next are, if there are so many.
    #[inline(always)]
    pub fn span(&self) -> usize {
        if self.hopes() { self.hope } else { self.careful.min(LONG) }
    }

    /// Whether no flag was raised for `n` elements, which have to be computed again otherwise: the flag may be an old one, too, and is
    /// lowered.
    #[inline(always)]
    pub fn fulfilled(&mut self, map: &Map, n: usize) -> bool {
        let fulfilled = flags::raised() == Flags::NONE;
        if fulfilled {
            // (By whole cache lines, so that the next rows begin with one, too.)
            self.hope = (self.hope + (self.hope / 8).next_multiple_of(LINE)).min(LONG);
            self.rest = (self.rest / 2).max(SHORT);
        } else {
            self.in_vain(map, n);
        }
        fulfilled
    }

    #[cold]
    fn in_vain(&mut self, map: &Map, n: usize) {
        flags::clear();
        if map.again.is_none() {
            // Of one text, care costs nothing but looks.
            self.careful = usize::MAX;
        } else if n <= SHORT {
            self.careful = n + self.rest;
            self.rest = (2 * self.rest).min(LONG);
        }
        self.hope = SHORT;
    }

    /// Computes a block after a hope in vain, no flag being raised: the values come out that the text has, and flags that are ours.
    ///
    /// # Safety
    /// As for [`block`](Report::block).
    pub unsafe fn with_care(&mut self, map: &Map, from: &[*const u8], to: &[*mut u8], n: usize, params: &[Slot]) {
        // SAFETY: passed on.
        unsafe { map.block_again()(from.as_ptr(), to.as_ptr(), n, params.as_ptr()) };
        self.careful = self.careful.saturating_sub(n);
        let raised = flags::raised();
        if raised != Flags::NONE {
            flags::clear();
            // SAFETY: the rows hold `n` values still.
            unsafe { self.look(raised, map, from, to, n) }
        }
    }

    /// # Safety
    /// As for [`block`](Report::block), after it.
    unsafe fn look(&mut self, raised: Flags, map: &Map, from: &[*const u8], to: &[*mut u8], n: usize) {
        let new = raised.0 & !self.flags.0 != 0;
        let inexact = map.outputs.iter().any(|dtype| dtype.kind() >= Kind::Float);
        self.flags = self.flags.and(if new && inexact {
            let mut report = Flags::NONE;
            for start in (0..n).step_by(BLOCK) {
                let at = |(&dtype, row): (&DType, *const u8)| (dtype, row.wrapping_add(start * dtype.value().size()));
                let inputs = map.inputs.iter().zip(from.iter().copied()).map(at);
                let outputs = map.outputs.iter().zip(to.iter().map(|row| row.cast_const())).map(at);
                // SAFETY: the caller vouches for the rows.
                report = report.and(unsafe { borne_out_by_each(raised, BLOCK.min(n - start), inputs, outputs) });
            }
            report
        } else {
            raised.declared()
        });
    }
}
