//! A few points of `y` at a time, their coordinates side by side: these stay in the first-level cache while all points of `x` go
//! by, and the sums stay in registers.

/// Points of `y` that are taken at once.
const WIDTH: usize = 32;

fn pairwise_distance(
    x: ArrayView2<f64>,
    y: ArrayView2<f64>,
    mut columns: ArrayViewMut2<f64>,
    mut dist: ArrayViewMut2<f64>,
) {
    columns.assign(&y.t());
    let columns = slice(&columns);
    let whole = n - n % WIDTH;
    for start in (0..whole).step_by(WIDTH) {
        for i in 0..m {
            let mut sums = [0.0; WIDTH];
            for k in 0..d {
                let b = &columns[k * n + start..];
                sums = added(sums, x[[i, k]], b[..WIDTH].try_into()?);
            }
            for j in 0..WIDTH {
                dist[[i, start + j]] = sqrt(sums[j]);
            }
        }
        check!();
    }
    for i in 0..m {
        for j in whole..n {
            let sum = (0..d).fold(0.0, |sum, k| fma(x[[i, k]] - y[[j, k]], x[[i, k]] - y[[j, k]], sum));
            dist[[i, j]] = sqrt(sum);
        }
    }
}

/// The sums with one coordinate more. New ones, not the old ones changed: the compiler keeps them in registers.
#[inline(always)]
fn added(sums: [f64; WIDTH], a: f64, b: &[f64; WIDTH]) -> [f64; WIDTH] {
    let mut more = [0.0; WIDTH];
    for j in 0..WIDTH {
        more[j] = fma(a - b[j], a - b[j], sums[j]);
    }
    more
}
