//! Choices made by a list of numbers, so that what shrinks is that list. When it is used up, every choice is the simplest one.

pub struct Dice<'a> {
    rolls: std::slice::Iter<'a, u16>,
}

impl<'a> Dice<'a> {
    pub fn new(rolls: &'a [u16]) -> Self {
        Dice { rolls: rolls.iter() }
    }

    /// A number below `n`.
    pub fn below(&mut self, n: usize) -> usize {
        self.rolls.next().map_or(0, |roll| usize::from(*roll) % n)
    }

    /// One of these.
    pub fn of<'b, T>(&mut self, items: &'b [T]) -> &'b T {
        &items[self.below(items.len())]
    }

    /// True about once in `n` times, never when the numbers are used up.
    pub fn once_in(&mut self, n: usize) -> bool {
        self.below(n) == n - 1
    }

    /// Some of these, at least one, in their order.
    pub fn some<T: Clone>(&mut self, items: &[T]) -> Vec<T> {
        let some: Vec<_> = items.iter().filter(|_| self.once_in(3)).cloned().collect();
        if some.is_empty() { vec![self.of(items).clone()] } else { some }
    }
}
