//! Cuts: how a computation is divided into pieces, by what it costs and how many threads there are.

use std::ops::Range;

/// Nanoseconds that a computation takes at least if it is divided: what it costs to wake a thread that sleeps is little of it.
const WORTH_IT: f64 = 80e3;

/// Nanoseconds that a piece takes at least, and at most.
const PIECE: (f64, f64) = (8e3, 2e6);

/// Pieces for each thread, if they are not too small: a thread that is late or kept busy leaves its share to others.
const SHARE: usize = 16;

/// What a call may spend.
#[derive(Debug, Clone, Copy)]
pub struct Means {
    /// How many threads may compute.
    pub threads: usize,
    /// What an element costs on one thread, in nanoseconds.
    pub cost: f64,
}

impl Means {
    /// One thread, which is not asked what elements cost, nor whether to go on.
    pub const ONE: Means = Means { threads: 1, cost: 0.0 };

    /// Whether `n` elements take long enough to be divided.
    #[inline(always)]
    pub fn is_long(self, n: usize) -> bool {
        n as f64 * self.cost >= WORTH_IT
    }

    /// Whether `n` elements take as long as a piece may at most.
    pub fn is_a_piece(self, n: usize) -> bool {
        n as f64 * self.cost >= PIECE.1
    }

    /// How `n` elements are cut: at multiples of `grain`, or not at all.
    pub fn cut(self, n: usize, grain: usize) -> Cut {
        let whole = n as f64 * self.cost;
        if !self.is_long(n) || n <= grain {
            return Cut { n, len: n.max(1), threads: 1 };
        }
        let piece = (whole / (SHARE * self.threads) as f64).clamp(PIECE.0, PIECE.1);
        let grains = (piece / self.cost / grain as f64).ceil().max(1.0) as usize;
        Cut { n, len: grains.saturating_mul(grain), threads: self.threads }
    }

    /// The same of a computation whose `units` have `elements` each.
    pub fn cut_units(self, units: usize, elements: usize) -> Cut {
        Means { cost: self.cost * elements.max(1) as f64, ..self }.cut(units, 1)
    }
}

/// How a computation is cut: pieces of one length, the last of which may be shorter.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Cut {
    /// Elements in all.
    pub n: usize,
    /// Elements of a piece, at least one.
    pub len: usize,
    /// How many threads may compute.
    pub threads: usize,
}

impl Cut {
    /// How many pieces there are.
    pub fn count(&self) -> usize {
        self.n.div_ceil(self.len)
    }

    /// How many threads can have a piece at once.
    pub fn workers(&self) -> usize {
        self.threads.min(self.count()).max(1)
    }

    /// Whether there is one piece at most.
    pub fn is_whole(&self) -> bool {
        self.n <= self.len
    }

    /// The same with pieces whose length is a power of two, as that of `grain` is: they are subtrees of a tree over grains.
    pub fn to_subtrees(self) -> Cut {
        Cut { len: if self.is_whole() { self.len } else { self.len.next_power_of_two() }, ..self }
    }

    /// The elements of the piece number `k`.
    pub fn piece(&self, k: usize) -> Range<usize> {
        let start = k * self.len;
        start..(start + self.len).min(self.n)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cuts_cover_everything_once() {
        let means = Means { threads: 2, cost: 1.0 };
        for (n, grain) in [(0, 1), (1, 1), (100, 256), (100_000, 256), (1_000_003, 1024), (10_000_000, 1)] {
            let cut = means.cut(n, grain);
            let pieces: Vec<_> = (0..cut.count()).map(|k| cut.piece(k)).collect();
            assert_eq!(pieces.iter().map(ExactSizeIterator::len).sum::<usize>(), n);
            assert!(pieces.windows(2).all(|pair| pair[0].end == pair[1].start && pair[0].end % grain == 0));
            assert_eq!(cut.is_whole(), n < 80_000, "{cut:?}");
        }
        assert!(Means::ONE.cut(usize::MAX, 1).is_whole());
    }
}
