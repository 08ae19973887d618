//! Several maxima and sums side by side: in one, each step would wait for the one before.

/// Elements that are taken at once.
const LANES: usize = 32;

fn softmax(x: ArrayView1<T>, mut y: ArrayViewMut1<T>) {
    let (x, y) = (slice(&x), slice_mut(&mut y));
    let largest = folded(x, T::LOWEST, |a, b| if b > a { b } else { a });
    for i in 0..n {
        y[i] = exp(x[i] - largest);
    }
    let scale = T(1.0) / folded(y, T(0.0), |a, b| a + b);
    for y in y {
        *y *= scale;
    }
}

/// All elements and `start`, put together by `f` in lanes.
#[inline(always)]
fn folded(x: &[T], start: T, f: impl Fn(T, T) -> T + Copy) -> T {
    let (chunks, rest) = x.as_chunks::<LANES>();
    let all = chunks.iter().fold([start; LANES], |all, x| lanes(all, x, f));
    all.iter().chain(rest).fold(start, |a, b| f(a, *b))
}

/// What `f` makes of each pair. New lanes, not the old ones changed: the compiler keeps them in registers.
#[inline(always)]
fn lanes(a: [T; LANES], b: &[T; LANES], f: impl Fn(T, T) -> T) -> [T; LANES] {
    let mut new = [T(0.0); LANES];
    for j in 0..LANES {
        new[j] = f(a[j], b[j]);
    }
    new
}
