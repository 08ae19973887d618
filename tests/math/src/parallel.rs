//! A survey by all cores.

use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use crate::arguments;
use crate::float::Float;
use crate::function::Function;
use crate::survey::Survey;

/// Does `work` for each number below `count`.
pub fn survey<F: Float>(function: &Function, count: u64, work: impl Fn(&mut Survey<F>, u64) + Sync) -> Survey<'_, F> {
    let (next, whole) = (AtomicU64::new(0), Mutex::new(Survey::new(function)));
    let help = || {
        let mut part = Survey::new(function);
        loop {
            let k = next.fetch_add(1, Ordering::Relaxed);
            if k >= count {
                break;
            }
            work(&mut part, k);
        }
        whole.lock().expect("no panic").join(part);
    };
    thread::scope(|scope| {
        let threads = thread::available_parallelism().map_or(1, |cores| cores.get());
        (0..threads).for_each(|_| {
            scope.spawn(help);
        });
    });
    whole.into_inner().expect("no panic")
}

/// What there is in any case, and chunks of random arguments.
pub fn sampled<F: Float>(function: &Function, chunks: u64) -> Survey<'_, F> {
    let specials = arguments::specials::<F>();
    survey(function, chunks + 1, |survey, k| if k == 0 { survey.fixed() } else { survey.random(k, &specials) })
}

/// Every `f32`, for functions of one argument, in order.
pub fn every(function: &Function) -> Survey<'_, f32> {
    const CHUNK: i64 = 1 << 16;
    let end = i64::from(f32::INFINITY.to_bits());
    let chunks = (end / CHUNK + 1) as u64;
    survey(function, 2 * chunks + 1, move |survey: &mut Survey<f32>, k| {
        if k == 2 * chunks {
            // What has no place: -0.0, NaNs.
            let others = [-0.0, f32::NAN, -f32::NAN];
            return survey.look(&others, &others);
        }
        let first = (k as i64 - chunks as i64) * CHUNK;
        let places = first.max(-end)..=(first + CHUNK).min(end);
        let mut x: Vec<f32> = places.map(f32::at).collect();
        // The last one begins the next chunk, too.
        survey.order(&x);
        x.pop_if(|_| first + CHUNK < end);
        survey.look(&x, &x);
    })
}
