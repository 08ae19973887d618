//! Running sums, several side by side: each waits for its own last sum only, and is begun anew often enough to stay exact.

/// Sums that run side by side.
const STREAMS: usize = 8;
/// Results that one sum runs over.
const LENGTH: usize = 512;

fn moving_mean(x: ArrayView1<f64>, mut y: ArrayViewMut1<f64>, window: usize) {
    let (x, y) = (slice(&x), slice_mut(&mut y));
    let scale = 1.0 / f64(window);
    let mut start = 0;
    while start + STREAMS * LENGTH <= y.len() {
        let mut sums = [0.0; STREAMS];
        for s in 0..STREAMS {
            sums[s] = total(&x[start + s * LENGTH..][..window]);
        }
        let old = &x[start..start + STREAMS * LENGTH];
        let new = &x[start + window - 1..start + window - 1 + STREAMS * LENGTH];
        let means = &mut y[start..start + STREAMS * LENGTH];
        for s in 0..STREAMS {
            means[s * LENGTH] = sums[s] * scale;
        }
        for i in 1..LENGTH {
            for s in 0..STREAMS {
                let at = s * LENGTH + i;
                sums[s] += new[at] - old[at - 1];
                means[at] = sums[s] * scale;
            }
        }
        start += STREAMS * LENGTH;
        check!();
    }
    let mut sum = 0.0;
    for (i, mean) in y[start..].iter_mut().enumerate() {
        let at = start + i;
        sum = if i % LENGTH == 0 { total(&x[at..][..window]) } else { sum + (x[at + window - 1] - x[at - 1]) };
        *mean = sum * scale;
    }
}

/// The sum of a window.
#[inline(always)]
fn total(x: &[f64]) -> f64 {
    let mut sums = [0.0; 8];
    let mut chunks = x.chunks_exact(8);
    for chunk in chunks.by_ref() {
        for k in 0..8 {
            sums[k] += chunk[k];
        }
    }
    let rest: f64 = chunks.remainder().iter().sum();
    sums.iter().sum::<f64>() + rest
}
