//! How many items are computed at once, and whether anybody wants to be asked in between.

use std::time::{Duration, Instant};

use crate::failure::Failure;
use crate::interrupt;

/// Elements that are computed at most before somebody is asked whether to go on.
pub const CHUNK: usize = 1 << 16;

/// How long that may take: as long as it takes less, more items are computed at once.
const BRIEF: Duration = Duration::from_millis(1);

/// How many of the items that are left are computed next.
pub struct Pace {
    len: usize,
    most: usize,
    begun: Option<Instant>,
}

impl Pace {
    /// At most `most` at once; fewer, until they are known to take little time.
    pub fn new(most: usize) -> Pace {
        Pace { len: 1.min(most), most, begun: None }
    }

    /// How many of the next `left` items are computed now.
    #[inline(always)]
    pub fn next(&mut self, left: usize) -> usize {
        self.begun = (self.len < self.most && self.len < left).then(Instant::now);
        left.min(self.len)
    }

    /// Asks whether to go on with others.
    ///
    /// # Errors
    /// If the computation is to end.
    pub fn go_on(&mut self) -> Result<(), Failure> {
        if self.begun.is_some_and(|begun| begun.elapsed() < BRIEF) {
            self.len = self.most.min(2 * self.len);
        }
        interrupt::check()
    }
}
