//! Running sums, several side by side: each waits for its own last sum only, and is begun anew often enough to stay exact.

/// Sums that run side by side.
const STREAMS: usize = 8;
/// Results that one sum runs over: no multiple of 512, or all would fall on the same lines of the cache.
const LENGTH: usize = 1016;
/// Results of all of them.
const BLOCK: usize = STREAMS * LENGTH;

fn moving_mean(x: ArrayView1<f64>, mut y: ArrayViewMut1<f64>, window: usize) {
    let (x, y) = (slice(&x), slice_mut(&mut y));
    let scale = 1.0 / f64(window);
    let (blocks, rest) = y.as_chunks_mut::<BLOCK>();
    let done = blocks.len() * BLOCK;
    for (b, means) in blocks.iter_mut().enumerate() {
        let x = &x[b * BLOCK..];
        // What leaves the window, and what comes in.
        let (old, new): (&[f64; BLOCK], &[f64; BLOCK]) = (x[..BLOCK].try_into()?, x[window - 1..][..BLOCK].try_into()?);
        let mut sums = [0.0; STREAMS];
        for s in 0..STREAMS {
            sums[s] = total(&x[s * LENGTH..][..window]);
            means[s * LENGTH] = sums[s] * scale;
        }
        for i in 1..LENGTH {
            for s in 0..STREAMS {
                let at = s * LENGTH + i;
                sums[s] += new[at] - old[at - 1];
                means[at] = sums[s] * scale;
            }
        }
        check!();
    }
    let x = &x[done..];
    let mut sum = 0.0;
    for (i, mean) in rest.iter_mut().enumerate() {
        let window = &x[i..][..window];
        sum = if i % LENGTH == 0 { total(window) } else { sum + (window[window.len() - 1] - x[i - 1]) };
        *mean = sum * scale;
    }
}

/// The sum of a window.
#[inline(always)]
fn total(x: &[f64]) -> f64 {
    let (chunks, rest) = x.as_chunks::<8>();
    let mut sums = [0.0; 8];
    for chunk in chunks {
        for k in 0..8 {
            sums[k] += chunk[k];
        }
    }
    sums.iter().chain(rest).sum()
}
