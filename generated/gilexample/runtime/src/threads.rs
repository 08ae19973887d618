//! How many threads compute: what the program says, what the environment says, what the machine has.

use std::cell::Cell;
use std::num::NonZero;
use std::sync::atomic::{AtomicUsize, Ordering};

/// The most threads that compute a call: more of them have never been of use to anybody.
pub const MOST: usize = 1024;

/// What [`set`] was told; 0 for nothing.
static SAID: AtomicUsize = AtomicUsize::new(0);

/// What was found in the environment and in the machine; 0 until somebody looks.
static FOUND: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// What holds in this thread alone; 0 for nothing.
    static HERE: Cell<usize> = const { Cell::new(0) };
}

/// How many threads may compute a call that this thread makes.
pub fn count() -> usize {
    match (HERE.get(), SAID.load(Ordering::Relaxed), FOUND.load(Ordering::Relaxed)) {
        (0, 0, 0) => look(None),
        (0, 0, found) => found,
        (0, said, _) => said,
        (here, ..) => here,
    }
}

/// Says how many threads may compute a call, whichever thread makes it; 0 takes that back.
pub fn set(threads: usize) {
    SAID.store(threads.min(MOST), Ordering::Relaxed);
}

/// Says how many threads may compute a call that this thread makes, and gives what held before; 0 is for nothing.
pub fn replace_here(threads: usize) -> usize {
    HERE.replace(threads.min(MOST))
}

/// Looks into the environment, for variables of `package` first, and at the cores that this process may use.
pub fn look(package: Option<&str>) -> usize {
    let own = package.map(|package| format!("{}_NUM_THREADS", package.to_uppercase().replace('.', "_")));
    let others = ["KERNELGEN_NUM_THREADS", "RAYON_NUM_THREADS", "OMP_NUM_THREADS"];
    let said = own.as_deref().into_iter().chain(others).find_map(|name| number(&std::env::var(name).ok()?));
    let found = said.unwrap_or_else(|| std::thread::available_parallelism().map_or(1, NonZero::get)).min(MOST);
    FOUND.store(found, Ordering::Relaxed);
    found
}

/// A number of threads as the environment has it: OpenMP's lists begin with the outermost level. 0 says nothing, as for rayon.
fn number(text: &str) -> Option<usize> {
    let first = text.split(',').next()?;
    first.trim().parse().ok().filter(|&threads| threads > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_the_environment() {
        for (text, wanted) in
            [("4", Some(4)), (" 2 ", Some(2)), ("4,2", Some(4)), ("0", None), ("", None), ("-1", None), ("many", None)]
        {
            assert_eq!(number(text), wanted, "{text:?}");
        }
    }

    #[test]
    fn what_is_said_last_and_nearest_holds() {
        let found = look(None);
        assert!(found > 0);
        // Other threads of this test are not asked: what is said for all is put back before anybody could see it.
        let outer = replace_here(3);
        assert_eq!((outer, count()), (0, 3));
        assert_eq!((replace_here(outer), HERE.get()), (3, 0));
    }
}
