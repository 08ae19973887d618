//! The runtime's files with atomics of a model checker, which tries every order in which threads may come, and every value that
//! they may see. `cargo test --release --manifest-path tests/model/Cargo.toml`.
#![cfg(test)]
#![allow(dead_code)]

mod sync;

#[path = "../../../templates/runtime/src/door.rs"]
mod door;

#[path = "../../../templates/runtime/src/chain.rs"]
mod chain;

use std::ptr;
use std::time::Duration;

use loom::cell::UnsafeCell;
use loom::sync::Arc;
use loom::thread;

use door::Door;
use sync::{AtomicPtr, Ordering};

/// What an owner lends to those who are inside its door. Two accesses at once, or without an order, are an error of the model.
struct Lent {
    door: Door,
    cells: Vec<UnsafeCell<u32>>,
}

// SAFETY: what is lent is used inside the door, a cell by each helper.
unsafe impl Send for Lent {}
// SAFETY: as above.
unsafe impl Sync for Lent {}

impl Lent {
    fn add(&self, k: usize) {
        // SAFETY: the model looks whether anybody else does.
        self.cells[k].with_mut(|cell| unsafe { *cell += 1 });
    }
}

fn open_and_close(helpers: usize, preemptions: Option<usize>) {
    let mut model = loom::model::Builder::new();
    model.preemption_bound = preemptions;
    model.check(move || {
        let cells = (0..helpers).map(|_| UnsafeCell::new(0)).collect();
        let lent = Arc::new(Lent { door: Door::new(), cells });
        for k in 0..helpers {
            let lent = lent.clone();
            thread::spawn(move || lent.door.enter(|| lent.add(k)));
        }
        lent.door.close(Duration::ZERO, || ());
        // From here on what was lent is the owner's again, as a frame of the stack is that goes.
        (0..helpers).for_each(|k| lent.add(k));
        // A panic of the owner's closes once more.
        lent.door.close(Duration::ZERO, || ());
    });
}

#[test]
fn nobody_is_inside_a_door_that_was_closed() {
    open_and_close(1, None);
    open_and_close(2, None);
}

#[test]
fn nor_of_three_helpers() {
    open_and_close(3, Some(3));
}

/// An owner opens a second door while a helper may still be on its way out of the first: its wake-up comes late, to the second.
#[test]
fn a_late_wake_up_does_no_harm() {
    loom::model(|| {
        for _ in 0..2 {
            let lent = Arc::new(Lent { door: Door::new(), cells: vec![UnsafeCell::new(0)] });
            let theirs = lent.clone();
            thread::spawn(move || theirs.door.enter(|| theirs.add(0)));
            lent.door.close(Duration::ZERO, || ());
            lent.add(0);
        }
    });
}

/// Something that counts how much of it there is. That is no part of the model: links are never freed.
struct Made {
    size: usize,
    alive: std::sync::Arc<std::sync::atomic::AtomicUsize>,
}

impl Drop for Made {
    fn drop(&mut self) {
        self.alive.fetch_sub(self.size, Ordering::Relaxed);
    }
}

#[test]
fn a_chain_covers_what_any_thread_wants_and_keeps_nothing_twice() {
    loom::model(|| {
        let alive = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let first = Arc::new(AtomicPtr::new(ptr::null_mut()));
        let find = |process: u32, wanted: usize| {
            let (alive, first) = (alive.clone(), first.clone());
            move || {
                let make = |size: usize| {
                    alive.fetch_add(size, Ordering::Relaxed);
                    Made { size, alive: alive.clone() }
                };
                let link = chain::find(&first, process, wanted, make);
                let sizes = std::iter::successors(Some(link), |link| link.next()).map(|link| link.held.size);
                assert!(sizes.sum::<usize>() >= wanted);
                ptr::from_ref(link).addr()
            }
        };
        // What a parent left.
        find(1, 1)();
        let other = thread::spawn(find(2, 1));
        let here = find(2, 2)();
        let other = other.join().unwrap();
        assert_eq!(here, other, "a process has one chain");
        // The parent's, which is never freed, and two of this process.
        assert_eq!(alive.load(Ordering::Relaxed), 3);
    });
}
