//! A chain of what a process has made, each link put in place by one exchange. There is no lock that a fork could leave taken.

use std::ptr;

use crate::sync::{AtomicPtr, Ordering};

/// A link, which is never freed.
pub struct Link<T> {
    process: u32,
    /// How much was wanted when it was made.
    covers: usize,
    /// What was made.
    pub held: T,
    more: AtomicPtr<Link<T>>,
}

impl<T: 'static> Link<T> {
    /// The next link, if there is one.
    pub fn next(&self) -> Option<&'static Link<T>> {
        // SAFETY: links are never freed.
        unsafe { self.more.load(Ordering::Acquire).as_ref() }
    }
}

/// The first link of `process`, of so many that they cover `wanted`. Links of another process, from which this one was forked, are
/// replaced. `make` is asked for what is missing; what it made is dropped where another thread was faster.
pub fn find<T: 'static>(
    first: &AtomicPtr<Link<T>>,
    process: u32,
    wanted: usize,
    make: impl Fn(usize) -> T,
) -> &'static Link<T> {
    let (mut place, mut found, mut covered) = (first, None, 0);
    loop {
        let here = place.load(Ordering::Acquire);
        // SAFETY: links are never freed.
        match unsafe { here.as_ref() } {
            Some(link) if link.process == process => {
                let first = *found.get_or_insert(link);
                covered += link.covers;
                if covered >= wanted {
                    return first;
                }
                place = &link.more;
            }
            _ => {
                let missing = wanted - covered;
                let more = AtomicPtr::new(ptr::null_mut());
                let new = Box::into_raw(Box::new(Link { process, covers: missing, held: make(missing), more }));
                if place.compare_exchange(here, new, Ordering::AcqRel, Ordering::Relaxed).is_err() {
                    // SAFETY: made just now, by `Box`, and nobody has seen it.
                    drop(unsafe { Box::from_raw(new) });
                }
            }
        }
    }
}
